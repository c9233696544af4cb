// Unpacks geometry, each line of which comes as letters for the numbers of its arcs. What several lines run along is
// one arc: letters for whole steps from corner to corner.
const Geometry = (() => {
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", VALUES = new Uint8Array(128);
  [...LETTERS].forEach((letter, value) => { VALUES[letter.charCodeAt(0)] = value; });

  // Five bits a letter, the lowest first; the second half of the alphabet says that more follows.
  function steps(letters) {
    const found = [];
    for (let i = 0, number = 0, weight = 1; i < letters.length; i++) {
      const value = VALUES[letters.charCodeAt(i)];
      number += (value & 31) * weight;
      weight *= 32;
      if (value >= 32) continue;
      found.push(number % 2 ? -(number + 1) / 2 : number / 2);
      number = 0;
      weight = 1;
    }
    return found;
  }

  // `grid`: steps to a degree. Of each arc its corners in turn, longitude first, and the box around them.
  let arcs = [];
  function take(written, grid) {
    arcs = written.map((letters) => {
      const moves = steps(letters), corners = new Float64Array(moves.length), box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0, x = 0, y = 0; i < moves.length; i += 2) {
        const lon = (corners[i] = (x += moves[i]) / grid), lat = (corners[i + 1] = (y += moves[i + 1]) / grid);
        if (lon < box[0]) box[0] = lon;
        if (lat < box[1]) box[1] = lat;
        if (lon > box[2]) box[2] = lon;
        if (lat > box[3]) box[3] = lat;
      }
      return { corners, box };
    });
  }

  // An arc that is run through backwards has a negative number; each begins where the one before it ended.
  const unpack = (letters) => steps(letters).map((n) => (n < 0 ? { arc: arcs[-n - 1], back: true } : { arc: arcs[n], back: false }));

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
        else shapes.push(Object.assign(Shapes.make([coordinates].flat(Infinity).map(unpack), type.endsWith("Polygon"), { ...this.options, ...this.options.style(feature) }), { feature }));
      }
      const looks = GROUND.includes(this.options.pane) ? [...new Set(shapes.map(look))].map((one) => Shapes.joined(shapes.filter((shape) => look(shape) === one), {})) : shapes;
      for (const shape of looks) this.addLayer(shape);
      return this;
    },
  });

  // folium would have the map somewhere at once; where it opens is known later, and all is projected then for the first time.
  const make = L.map;
  L.map = (id, { center, zoom, ...options }) => make(id, options);

  // Takes a picture out of the document, where it stands by itself as it is compressed already. Seen there it would
  // take room from the map, which is measured.
  function picture(name) {
    const image = document.getElementById(`picture-${name}`);
    image.remove();
    image.hidden = false;
    return image;
  }
  const lay = L.imageOverlay;
  L.imageOverlay = (address, ...rest) => lay(address === "data:relief" ? picture("relief") : address, ...rest);

  return { take, picture };
})();
