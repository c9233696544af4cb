// A reader's own gazetteer on the map: drawn on a canvas, so that tens of thousands of places stay quick.
// A canvas over the map would take every click, so these let all through and are found again by arithmetic.
const OwnPlaces = (() => {
  const NEAR = 9;                            // pixels from a point or line that still touch it
  const MOST = 120, CELL = [120, 40];        // labels tried at a time, one in each cell of so many pixels
  const LONGEST = 40;                        // letters of a label
  const DOT = 4.5, SPECK = 1, RIM = 2;       // pixels: the radius of a point, the least where they crowd, the least that has a rim
  const latLng = ([lon, lat]) => [lat, lon];
  const deep = (at, turn) => (typeof at[0] === "number" ? turn(at) : at.map((part) => deep(part, turn)));

  // The name in a language, else in the same language in another script of its own, else the first: [form, tag].
  function nameIn(place, lang) {
    const plain = (tag) => tag.split("-")[0] === lang.split("-")[0] && !tag.includes("-Latn");
    return place.forms.find(([, tag]) => tag === lang) ?? place.forms.find(([, tag]) => plain(tag)) ?? place.forms[0];
  }

  // Whether a point in pixels is in a ring, by the rule of odd crossings.
  function within(ring, { x, y }) {
    let odd = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const a = ring[i], b = ring[j];
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
    }
    return odd;
  }

  // How far from point to point, in pixels of zoom 0, as a point has it by the others in its pixel; endless where they are alone.
  function spacing(points) {
    const cells = new Map();
    let all = 0, near = 0;
    for (const { layers } of points) for (const layer of layers) { const { x, y } = L.CRS.EPSG3857.latLngToPoint(layer.getLatLng(), 0), cell = `${Math.floor(x)} ${Math.floor(y)}`; cells.set(cell, (cells.get(cell) ?? 0) + 1); }
    for (const count of cells.values()) { all += count; near += count * (count - 1); }
    return Math.sqrt(all / near);
  }

  // on: {select(ids)}
  function create(content, map, on) {
    const container = map.getContainer();
    for (const [name, height] of [["own-areas", 365], ["own-points", 440], ["own-selected", 585]]) Object.assign(map.createPane(name).style, { zIndex: String(height), pointerEvents: "none" });
    const ground = L.canvas({ pane: "own-areas" }), renderers = { area: ground, line: ground, point: L.canvas({ pane: "own-points" }) };
    // A canvas knows no variables of the style sheet: they are read from an element that has them.
    const ink = Dom.make("span", { class: "own-ink", hidden: true });
    container.append(ink);
    const styles = () => {
      const { color, backgroundColor } = getComputedStyle(ink);
      return { point: { radius: DOT, weight: 1.2, color: backgroundColor, opacity: 1, fillColor: color, fillOpacity: 1 }, line: { color, weight: 2.5, opacity: 0.9, fill: false }, area: { color, weight: 1.8, opacity: 0.9, fillColor: color, fillOpacity: 0.16 } };
    };

    const looks = styles();
    const items = content.own.places.filter((place) => place.at && !place.outside).map((place) => {
      const options = { ...looks[place.shape], renderer: renderers[place.shape], pane: renderers[place.shape].options.pane, interactive: false };
      const at = deep(place.at, latLng);
      const layers = place.shape === "point" ? at.map((spot) => L.circleMarker(spot, options)) : [place.shape === "line" ? L.polyline(at, options) : L.polygon(at, options)];
      const bounds = L.latLngBounds([]);
      deep(at, (spot) => bounds.extend(spot));
      return { place, layers, bounds, drawn: false, world: null };
    });
    const byId = new Map(items.map((item) => [item.place.id, item]));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { const now = styles(); for (const { place, layers } of items) for (const layer of layers) layer.setStyle(now[place.shape]); });

    // Where points crowd they are drawn smaller, so that an eighth of the ground is theirs and the map shows between them.
    const points = items.filter(({ place }) => place.shape === "point"), apart = spacing(points);
    function crowd() {
      const radius = Math.max(SPECK, Math.min(DOT, 0.2 * apart * map.getZoomScale(map.getZoom(), 0)));
      if (points.length && Math.abs(radius - points[0].layers[0].getRadius()) > 0.1) for (const { layers } of points) for (const layer of layers) layer.setStyle({ radius, stroke: radius >= RIM });
    }
    map.whenReady(crowd).on("zoomend", crowd);

    let view = null, selected = new Set();
    // In a group: of each layer of its own, a map without a view would ask all others whether it waits already.
    const drawing = L.layerGroup().addTo(map), halo = L.layerGroup().addTo(map);

    // Those that were there on the date, where the layer is on.
    function show(next) {
      view = next;
      const visible = next.layers.includes("own");
      for (const item of items) {
        const drawn = visible && (!next.date || Chronicle.within(item.place.span, next.date));
        if (drawn === item.drawn) continue;
        item.drawn = drawn;
        for (const layer of item.layers) drawn ? drawing.addLayer(layer) : drawing.removeLayer(layer);
      }
      ring();
    }

    function highlight(ids) {
      selected = ids;
      ring();
    }

    function ring() {
      halo.clearLayers();
      const options = { pane: "own-selected", interactive: false, className: "own-selected" };
      for (const item of [...selected].map((id) => byId.get(id)).filter((item) => item?.drawn)) {
        const { shape } = item.place, at = deep(item.place.at, latLng);
        if (shape === "point") at.forEach((spot) => halo.addLayer(L.circleMarker(spot, { ...options, radius: 9 })));
        else halo.addLayer(shape === "line" ? L.polyline(at, { ...options, fill: false }) : L.polygon(at, options));
      }
    }

    // The place at a spot: a point before a line before the smallest area; positions in pixels of zoom 0.
    function hit(spot) {
      const here = map.project(spot, 0), reach = NEAR / map.getZoomScale(map.getZoom(), 0);
      const margin = (360 * reach) / 256, room = L.latLngBounds([spot.lat - margin, spot.lng - margin], [spot.lat + margin, spot.lng + margin]);
      let best = null, rank = Infinity;
      for (const item of items) {
        if (!item.drawn || !item.bounds.intersects(room)) continue;
        const { shape } = item.place, found = distance(item, here);
        const order = shape === "area" ? 2 + item.bounds.getNorthEast().distanceTo(item.bounds.getSouthWest()) : (shape === "line" ? 1 : 0) + found / reach;
        if ((shape === "area" ? found === 0 : found <= reach) && order < rank) [best, rank] = [item.place.id, order];
      }
      return best;
    }

    function distance(item, here) {
      item.world ??= deep(item.place.at, (spot) => map.project(latLng(spot), 0));
      if (item.place.shape === "point") return Math.min(...item.world.map((point) => point.distanceTo(here)));
      if (item.place.shape === "line") return Math.min(...item.world.map((line) => Math.min(...line.slice(1).map((point, n) => L.LineUtil.pointToSegmentDistance(here, line[n], point)))));
      return item.world.some(([ring, ...holes]) => within(ring, here) && !holes.some((hole) => within(hole, here))) ? 0 : Infinity;
    }

    // A badge of ours, or a button of the map, goes first.
    const free = (event) => view?.layers.includes("own") && !event.target.closest(".leaflet-marker-icon, .leaflet-control");
    container.addEventListener("click", (event) => {
      const id = free(event) && !map.dragging.moved() ? hit(map.mouseEventToLatLng(event)) : null;
      if (!id) return;
      event.stopPropagation();
      on.select([id]);
    }, true);

    const tip = L.tooltip({ direction: "top", offset: [0, -8], className: "own-tip", interactive: false });
    let frame = 0;
    container.addEventListener("mousemove", (event) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => hover(event));
    });
    container.addEventListener("mouseleave", () => { cancelAnimationFrame(frame); hover(null); });
    function hover(event) {
      const spot = event && free(event) ? map.mouseEventToLatLng(event) : null, id = spot && hit(spot);
      container.classList.toggle("over-own", Boolean(id));
      if (!id) return tip.remove();
      const { place } = byId.get(id), [form, lang] = nameIn(place, Names.tongue(view));
      return tip.setLatLng(place.shape === "point" ? latLng(place.at[0]) : spot).setContent(Dom.make("span", { lang }, form)).addTo(map);
    }

    // Labels of what is in sight, the selected first, spread over it where there are too many; ours have had their room by then.
    function labels() {
      const size = map.getSize(), seen = [];
      for (const { place, drawn } of items) {
        if (!drawn || (place.twin && view.layers.includes("places"))) continue;
        const { x, y } = map.latLngToContainerPoint(latLng(place.label ?? place.at[0]));
        if (x >= 0 && y >= 0 && x <= size.x && y <= size.y) seen.push({ place, cell: selected.has(place.id) ? place.id : `${Math.floor(x / CELL[0])} ${Math.floor(y / CELL[1])}` });
      }
      // The first of each cell: of what is met from the end, the first overwrites the others.
      const spread = seen.length > MOST ? [...new Map(seen.toReversed().map((one) => [one.cell, one])).values()] : seen;
      const first = spread.map((one) => one.place).sort((a, b) => selected.has(b.id) - selected.has(a.id)).slice(0, MOST);
      return first.map((place) => {
        const [form, lang] = nameIn(place, Names.tongue(view)), text = [...form].length > LONGEST ? [...form].slice(0, LONGEST - 1).join("") + "…" : form;
        return { id: place.id, kind: "own", text, lang, at: [place.label ?? place.at[0]], gap: place.shape === "point" ? 9 : 0 };
      });
    }

    return { show, highlight, labels, bounds: (id) => byId.get(id)?.bounds, shown: () => items.filter((item) => item.drawn).length };
  }

  // Gives each place its names by the languages of the map, as places of ours have them.
  function prepare(content) {
    const twins = new Map();
    for (const place of content.own.places) {
      place.names = Object.fromEntries(Object.keys(content.langs).map((lang) => [lang, nameIn(place, lang)[0]]));
      if (place.twin) twins.set(place.twin, [...(twins.get(place.twin) ?? []), place.id]);
    }
    content.ownOf = (id) => twins.get(id) ?? [];
  }

  return { prepare, create, nameIn };
})();
