// Areas and lines on the screen. Leaflet would project, thin out and cut each by itself. Ours run along arcs that others
// run along too: each arc is projected and thinned out once at a zoom, and whatever has the same outline is cut once.
const Shapes = (() => {
  const THIN = 0.5;                          // pixels by which a line may miss a corner
  const EDGE = 5;                            // pixels beyond what is drawn, so that no stroke is seen where a ring was cut

  // Where the corners of an arc lie in the world: its square is 0 to 1 wide and high, in EPSG:3857.
  function placed({ corners }) {
    const found = new Float64Array(corners.length);
    for (let i = 0; i < corners.length; i += 2) {
      const sine = Math.sin((corners[i + 1] * Math.PI) / 180);
      found[i] = 0.5 + corners[i] / 360;
      found[i + 1] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }
    return found;
  }

  // The corners in whole pixels of the world at a zoom, but for those that nobody would miss (Douglas and Peucker).
  function thinned(arc, zoom) {
    if (arc.zoom === zoom) return arc.pixels;
    const world = (arc.world ??= placed(arc)), scale = L.CRS.EPSG3857.scale(zoom), all = new Float64Array(world.length);
    let n = 0;
    for (let i = 0; i < world.length; i += 2) {
      const x = Math.round(world[i] * scale), y = Math.round(world[i + 1] * scale);
      if (n && x === all[n - 2] && y === all[n - 1] && i < world.length - 2) continue;
      all[n++] = x;
      all[n++] = y;
    }
    const keep = new Uint8Array(n), open = [0, n - 2];
    keep[0] = keep[n - 2] = 1;
    while (open.length) {
      const to = open.pop(), from = open.pop(), x = all[from], y = all[from + 1], dx = all[to] - x, dy = all[to + 1] - y, length = dx * dx + dy * dy;
      let most = THIN * THIN, farthest = 0;
      for (let i = from + 2; i < to; i += 2) {
        const px = all[i] - x, py = all[i + 1] - y, share = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0, ax = px - share * dx, ay = py - share * dy, away = ax * ax + ay * ay;
        if (away > most) { most = away; farthest = i; }
      }
      if (!farthest) continue;
      keep[farthest] = 1;
      open.push(from, farthest, farthest, to);
    }
    let kept = 0;
    for (let i = 0; i < n; i += 2) {
      if (!keep[i]) continue;
      all[kept++] = all[i];
      all[kept++] = all[i + 1];
    }
    return Object.assign(arc, { zoom, pixels: all.subarray(0, kept) }).pixels;
  }

  // What of a closed ring lies within a box (Sutherland and Hodgman).
  function cut(ring, { min, max }) {
    let left = ring;
    for (const [axis, side, edge] of [[0, 1, min.x - EDGE], [0, -1, max.x + EDGE], [1, 1, min.y - EDGE], [1, -1, max.y + EDGE]]) {
      const whole = left;
      left = [];
      for (let i = 0, before = whole.length - 2; i < whole.length; before = i, i += 2) {
        const was = (whole[before + axis] - edge) * side, is = (whole[i + axis] - edge) * side;
        if (was < 0 !== is < 0) for (const along of [0, 1]) left.push(Math.round(whole[before + along] + (was / (was - is)) * (whole[i + along] - whole[before + along])));
        if (is >= 0) left.push(whole[i], whole[i + 1]);
      }
    }
    return left;
  }

  const ringPath = (ring) => (ring.length ? `M${ring.join(" ")}z` : "");

  // A line but for the steps that run along outside of a box.
  function linePath(line, { min, max }) {
    let path = "", on = false;
    for (let i = 2; i < line.length; i += 2) {
      const x = line[i - 2], y = line[i - 1], toX = line[i], toY = line[i + 1];
      const off = (x < min.x && toX < min.x) || (x > max.x && toX > max.x) || (y < min.y && toY < min.y) || (y > max.y && toY > max.y);
      if (!off) path += on ? ` ${toX} ${toY}` : `M${x} ${y} ${toX} ${toY}`;
      on = !off;
    }
    return path;
  }

  // `rings`: of each the arcs that it runs along, {arc, back}; the last ends where the first begins if it is closed.
  function outline(rings, closed) {
    let bounds = null, latLngs = null, seen = "", path = "";
    const boundsOf = () => (bounds ??= L.latLngBounds(rings.flat().flatMap(({ arc: { box: [west, south, east, north] } }) => [[south, west], [north, east]])));

    // In pixels of the map's layers.
    function along(ring, zoom, { x, y }) {
      const found = [];
      ring.forEach(({ arc, back }, n) => {
        const pixels = thinned(arc, zoom), last = pixels.length - 2;
        for (let i = n ? 2 : 0; i <= last; i += 2) {
          const at = back ? last - i : i;
          found.push(pixels[at] - x, pixels[at + 1] - y);
        }
      });
      return found;
    }

    // As an SVG path, of what lies within a box that is drawn.
    function drawn(map, box) {
      const zoom = map.getZoom(), origin = map.getPixelOrigin(), now = [zoom, origin.x, origin.y, box.min.x, box.min.y, box.max.x, box.max.y].join();
      if (now === seen) return path;
      seen = now;
      const [south, west, north, east] = [boundsOf().getSouthWest(), boundsOf().getNorthEast()].flatMap(({ lat, lng }) => [lat, lng]);
      const whole = L.bounds(map.latLngToLayerPoint([south, west]), map.latLngToLayerPoint([north, east]));
      if (!box.intersects(whole)) return (path = "M0 0");
      const inside = box.contains(whole);
      return (path = rings.map((ring) => { const line = along(ring, zoom, origin); return closed ? ringPath(inside ? line : cut(line, box)) : linePath(line, box); }).join("") || "M0 0");
    }

    function corners() {
      const pairs = ({ arc, back }, n) => { const found = []; for (let i = 0; i < arc.corners.length; i += 2) found.push(L.latLng(arc.corners[i + 1], arc.corners[i])); return (back ? found.reverse() : found).slice(n ? 1 : 0); };
      return (latLngs ??= rings.map((ring) => ring.flatMap(pairs)));
    }

    return { drawn, corners, bounds: boundsOf };
  }

  const Shape = L.Path.extend({
    initialize(own, options) {
      L.setOptions(this, options);
      this.outline = own;
    },
    getBounds() { return this.outline.bounds(); },
    getLatLngs() { return this.outline.corners(); },
    _project() {},
    _update() { if (this._map) this._renderer._setPath(this, this.outline.drawn(this._map, this._renderer._bounds)); },
  });

  const make = (rings, closed, options) => new Shape(outline(rings, closed), { ...options, fill: closed });

  // One shape of several that look the same and are not touched one by one: a path costs the browser more than its corners.
  function joined(shapes, options) {
    const outlines = shapes.map((shape) => shape.outline);
    const drawn = (map, box) => outlines.map((one) => one.drawn(map, box)).join(""), bounds = () => outlines.reduce((all, one) => all.extend(one.bounds()), L.latLngBounds([]));
    return new Shape({ drawn, bounds, corners: () => outlines.flatMap((one) => one.corners()) }, { ...shapes[0].options, ...options });
  }

  // The same shape drawn once more, in another pane or style.
  const again = (shape, options) => Object.assign(new Shape(shape.outline, { ...shape.options, ...options }), { feature: shape.feature });

  return { make, joined, again };
})();
