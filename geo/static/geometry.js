// Unpacks geometry, each line of which comes as the numbers of its arcs. What several lines run along is one arc:
// letters for whole steps from corner to corner.
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
  // `grid`: steps to a degree. Of each arc its corners in turn, longitude first, and the box around them.
  let arcs = [];
  function take(written, grid) {
    let x = 0, y = 0;
    arcs = written.map((letters) => {
      const moves = steps(letters), corners = new Float64Array(moves.length), box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0, dx = 0, dy = 0; i < moves.length; i += 2) {
        dx = moves[i] + (i > 2 ? dx >> 1 : 0);  // where it begins is no step
        dy = moves[i + 1] + (i > 2 ? dy >> 1 : 0);
        const lon = (corners[i] = (x += dx) / grid), lat = (corners[i + 1] = (y += dy) / grid);
        if (lon < box[0]) box[0] = lon;
        if (lat < box[1]) box[1] = lat;
        if (lon > box[2]) box[2] = lon;
        if (lat > box[3]) box[3] = lat;
      }
      return { corners, box };
    });
  }

  // An arc that is run through backwards has a negative number; each begins where the one before it ended.
  const unpack = (line) => line.map((n) => (n < 0 ? { arc: arcs[-n - 1], back: true } : { arc: arcs[n], back: false }));
  const linesOf = (part) => (Array.isArray(part[0]) ? part.flatMap(linesOf) : [part]);

  const GROUND = ["rivers", "borders", "graticule"];   // nothing in them is touched or named
  const look = ({ options }) => options.className;
  const addData = L.GeoJSON.prototype.addData;
  L.GeoJSON.include({
    addData(data) {
      if (!data.packed) return addData.call(this, data);
      const shapes = [];
      for (const feature of data.features) {
        const { type, coordinates } = feature.geometry;
        if (type === "Point") addData.call(this, feature);
        else shapes.push(Object.assign(Shapes.make(linesOf(coordinates).map(unpack), type.endsWith("Polygon"), { ...this.options, ...this.options.style(feature) }), { feature }));
      }
      const looks = GROUND.includes(this.options.pane) ? [...new Set(shapes.map(look))].map((one) => Shapes.joined(shapes.filter((shape) => look(shape) === one), {})) : shapes;
      for (const shape of looks) this.addLayer(shape);
      return this;
    },
  });

  // folium would have the map somewhere at once; where it opens is known later, and all is projected then for the first time.
  // Where its box stands Leaflet would else ask the browser, which would style the whole page for that.
  const make = L.map;
  L.map = (id, { center, zoom, ...options }) => {
    const { style } = document.getElementById(id);
    style.position = "absolute";
    const map = make(id, options);
    style.position = "";                     // on paper it stands elsewhere
    return map;
  };

  // Takes a picture out of the document, where it stands by itself as it is compressed already: there it would take room
  // from the map, which is measured.
  function picture(name) {
    const found = document.getElementById(`picture-${name}`);
    found.remove();
    found.hidden = false;
    return found;
  }
  const lay = L.imageOverlay;
  L.imageOverlay = (address, ...rest) => lay(address === "data:relief" ? picture("relief") : address, ...rest);

  return { take, picture };
})();
