// Unpacks geometry, each line of which comes as the numbers of its arcs; and spares Leaflet what it would do twice.
// What several lines run along is one arc: letters for whole steps from corner to corner.
const Geometry = (() => {
  const FIRST = 35, HALF = 1 << 13;  // the letter of nothing, and how many letters there are in half of the alphabet

  // Thirteen bits a letter, the lowest first; the second half of the alphabet says that more follows.
  function steps(letters) {
    const found = [];
    for (let i = 0, number = 0, weight = 1; i < letters.length; i++) {
      const value = letters.charCodeAt(i) - FIRST;
      number += (value % HALF) * weight;
      weight *= HALF;
      if (value >= HALF) continue;
      found.push(number % 2 ? -(number + 1) / 2 : number / 2);
      number = 0;
      weight = 1;
    }
    return found;
  }

  // An arc begins as far as it says from the end of the one before; each step is written without half of that before it.
  // `grid`: steps to a degree.
  let arcs = [];
  function take(written, grid) {
    let x = 0, y = 0;
    arcs = written.map((letters) => {
      const moves = steps(letters), corners = [[(x += moves[0]) / grid, (y += moves[1]) / grid]];
      for (let i = 2, dx = 0, dy = 0; i < moves.length; i += 2) {
        dx = moves[i] + (dx >> 1);
        dy = moves[i + 1] + (dy >> 1);
        corners.push([(x += dx) / grid, (y += dy) / grid]);
      }
      return corners;
    });
  }

  // An arc that is run through backwards has a negative number; each begins where the one before it ended.
  function unpack(line) {
    if (Array.isArray(line[0])) return line.map(unpack);
    return line.flatMap((n, i) => { const arc = n < 0 ? [...arcs[-n - 1]].reverse() : arcs[n]; return i ? arc.slice(1) : arc; });
  }

  const addData = L.GeoJSON.prototype.addData;
  L.GeoJSON.include({
    addData(data) {
      if (!data.packed) return addData.call(this, data);
      const features = data.features.map((feature) => feature.geometry.type === "Point" ? feature
        : { ...feature, geometry: { ...feature.geometry, coordinates: unpack(feature.geometry.coordinates) } });
      return addData.call(this, { type: data.type, features });
    },
  });

  // folium would have the map somewhere at once; where it opens is known later, and all is projected then for the first time.
  const make = L.map;
  L.map = (id, { center, zoom, ...options }) => make(id, options);

  // Takes a picture out of the document, where it stands by itself as it is compressed already.
  function picture(name) {
    const image = document.getElementById(`picture-${name}`);
    image.remove();
    image.hidden = false;
    return image;
  }
  const lay = L.imageOverlay;
  L.imageOverlay = (address, ...rest) => lay(address === "data:relief" ? picture("relief") : address, ...rest);

  // Shapes with the same corners share their outline on the screen: whichever needs it first finds it for all.
  const sharing = (own) => ({
    _project() {
      const { outline, _map: map } = this, where = [map.getZoom(), map.getPixelOrigin()].join();
      if (outline.where === where) {
        Object.assign(this, { _rings: outline.rings, _rawPxBounds: outline.raw });
        this._updateBounds();
      } else {
        own._project.call(this);
        Object.assign(outline, { where, rings: this._rings, raw: this._rawPxBounds, seen: "" });
      }
    },
    _update() {
      if (!this._map) return;
      const { outline } = this, { min, max } = this._renderer._bounds, seen = [outline.where, min, max].join();
      if (outline.seen === seen) this._parts = outline.parts;
      else {
        this._clipPoints();
        this._simplifyPoints();
        Object.assign(outline, { seen, parts: this._parts });
      }
      this._updatePath();
    },
  });

  // The same shape drawn once more, in another pane or style.
  function again(shape, options) {
    const own = shape.constructor.prototype, twin = new shape.constructor([], { ...shape.options, ...options });
    if (!shape.outline) Object.assign(shape, { outline: {} }, sharing(own));
    return Object.assign(twin, { feature: shape.feature, outline: shape.outline, _latlngs: shape._latlngs, _bounds: shape._bounds }, sharing(own));
  }

  return { again, take, picture };
})();
