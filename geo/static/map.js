// The map that folium drew, brought to life: layers on and off, selection, flight, labels.
// Leaflet counts latitude first; everything that comes from the content counts longitude first.
const Chart = (() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const APART = 26;                          // pixels from badge to badge, a little more than their width
  const latLng = ([lon, lat]) => [lat, lon];
  const corners = ([west, south, east, north]) => [[south, west], [north, east]];

  // on: {select(ids), clear(), moved(position)}
  function create(content, on) {
    const { map, layers } = Drawn;
    const shapes = {}, badges = {};          // Leaflet layers by the id of their record
    let selected = new Set(), flying = true, position = null, view = null, later = null, settled = 0;

    for (const name of ["areas", "lines"]) {
      layers[name].eachLayer((shape) => {
        shapes[shape.feature.id] = shape;
        shape.on("click", (event) => { L.DomEvent.stopPropagation(event); on.select([shape.feature.id]); });
        shape.on("add", () => mark(shape.feature.id));
      });
    }
    layers.places.eachLayer((badge) => { badges[badge.feature.id] = badge; });
    for (const place of content.places) {
      badges[place.id].on("click", () => on.select([place.id]));
      badges[place.id].on("add", () => { dress(place); stepApart(); });
      dress(place);
    }
    map.on("click", () => on.clear());

    // Land and coast come from the areas, so that they agree with them to the pixel.
    const [[south, west], [north, east]] = corners(content.frame);
    const window_ = [[south, west], [south, east], [north, east], [north, west]];
    L.polygon(window_, { pane: "land", interactive: false, className: "sea" }).addTo(map);
    const ground = layers.areas.toGeoJSON();
    for (const name of ["coast", "land"]) L.geoJSON(ground, { pane: "land", interactive: false, smoothFactor: 0.5, style: { className: name } }).addTo(map);
    L.polygon([[[-85, -400], [-85, 400], [85, 400], [85, -400]], window_], { pane: "mask", interactive: false, className: "mask" }).addTo(map);
    L.polygon(window_, { pane: "mask", interactive: false, className: "neatline" }).addTo(map);

    L.control.zoom({ position: "topright" }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 120 }).addTo(map);
    const labels = Labels.create(map, map.getPane("labels"));

    function dress(place) {
      const element = badges[place.id].getElement();
      if (!element) return;
      element.textContent = String(place.number);
      element.classList.add(place.kind, content.styles[place.act] ?? "other");
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", `${place.number}: ${place.labels.en}`);
      element.dataset.place = place.id;
      element.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); on.select([place.id], true); } };
      mark(place.id);
    }

    function mark(id) {
      const element = (badges[id] ?? shapes[id])?.getElement?.();
      if (!element) return;
      element.classList.toggle("selected", selected.has(id));
      if (badges[id]) element.setAttribute("aria-pressed", String(selected.has(id)));
    }

    function show(id, visible) {
      const layer = layers[id];
      if (layer && visible !== map.hasLayer(layer)) visible ? map.addLayer(layer) : map.removeLayer(layer);
    }

    // Badges that would lie on one another step apart, so that each can be seen and touched.
    function stepApart() {
      const shown = content.places.map((place) => ({ element: badges[place.id].getElement(), at: map.latLngToLayerPoint(latLng(place.at)), by: L.point(0, 0) })).filter(({ element }) => element);
      shown.forEach((one, n) => shown.slice(n + 1).forEach((two) => {
        const apart = two.at.distanceTo(one.at) || 0.1;
        if (apart >= APART) return;
        const push = two.at.subtract(one.at).multiplyBy((APART - apart) / 2 / apart);
        one.by = one.by.subtract(push);
        two.by = two.by.add(push);
      }));
      for (const { element, by } of shown) Object.assign(element.style, { marginLeft: `${by.x - 12}px`, marginTop: `${by.y - 12}px` });
    }

    // Shows a view but for its selection and position.
    function display(next) {
      for (const { id } of content.layers) show(id, next.layers.includes(id));
      show("basemap", next.basemap !== "");
      map.getContainer().classList.toggle("online", next.basemap !== "");
      map.getPane("areas").style.opacity = String(next.opacity);
      const dirty = !view || view.lang !== next.lang || view.layers.join() !== next.layers.join();
      view = next;
      if (dirty) labels.set(labelsOf(content, next, shapes), next.lang);
    }

    function highlight(ids) {
      const before = selected;
      selected = new Set(ids);
      for (const id of new Set([...before, ...selected])) mark(id);
      for (const id of selected) if (shapes[id] && map.hasLayer(shapes[id])) shapes[id].bringToFront();
    }

    function extent(ids) {
      const bounds = L.latLngBounds([]);
      for (const id of ids) {
        const place = content.places.find((one) => one.id === id);
        if (shapes[id]) bounds.extend(shapes[id].getBounds());
        else if (place && !place.features.length) bounds.extend(latLng(place.at));
      }
      return bounds;
    }

    // Goes where the records are; `covered` says how many pixels another box hides: [left, bottom].
    function fly(ids, [left, bottom]) {
      const bounds = extent(ids);
      if (!bounds.isValid()) return;
      later = map.getSize().x && map.getSize().y ? null : [ids, [left, bottom]];
      if (later) return;                     // a hidden frame has no size: when it is shown
      const point = bounds.getNorthEast().equals(bounds.getSouthWest());
      const most = point ? Math.max(6.5, Math.min(map.getZoom(), 8)) : 7;
      const fit = map.getBoundsZoom(bounds, false, L.point(left + 90, bottom + 90));
      const zoom = Math.max(Math.min(fit, most), map.getBoundsZoom(corners(content.home)));
      // Into what the card leaves free where it fits there, else only as far as all stays in sight.
      const spread = L.bounds([map.project(bounds.getNorthWest(), zoom), map.project(bounds.getSouthEast(), zoom)]).getSize();
      const size = map.getSize(), room = size.subtract(spread).divideBy(2).subtract([30, 30]);
      const away = (box, axis) => (spread[axis] <= size[axis] - box ? box / 2 : Math.max(0, Math.min(box / 2, room[axis])));
      const centre = kept(map.project(bounds.getCenter(), zoom).subtract([away(left, "x"), -away(bottom, "y")]), zoom, [left, bottom]);
      flying = true;
      map.stop();
      flying = false;
      position = { zoom, lat: centre.lat, lon: centre.lng };
      if (calm.matches || document.hidden) map.setView(centre, zoom, { animate: false });
      else map.flyTo(centre, zoom, { duration: 0.7 });
    }

    // Moves just so far that what was touched on the map comes out from under the card.
    function reveal(ids, [left, bottom]) {
      const bounds = extent(ids);
      if (!bounds.isValid()) return;
      const at = map.latLngToContainerPoint(bounds.getCenter()), size = map.getSize();
      if (bottom && at.y > size.y - bottom - 24) fly(ids, [left, bottom]);
      else if (left && at.x < left + 40 && at.y > size.y * 0.3) map.panBy([at.x - left - 60, 0], { animate: !calm.matches });
    }

    // A centre, in projected pixels, moved so that the view stays within the frame where it can.
    function kept(point, zoom, [left, bottom] = [0, 0]) {
      const half = map.getSize().divideBy(2), frame = L.bounds(corners(content.frame).map((corner) => map.project(corner, zoom)));
      const clamp = (value, from, to) => (from > to ? (from + to) / 2 : Math.min(Math.max(value, from), to));
      return map.unproject(L.point(clamp(point.x, frame.min.x + half.x - left, frame.max.x - half.x), clamp(point.y, frame.min.y + half.y, frame.max.y - half.y + bottom)), zoom);
    }

    // The opening view; a little closer where that lets the map fill its box.
    function home() {
      const fit = map.getBoundsZoom(corners(content.home)), cover = map.getBoundsZoom(corners(content.frame), true);
      const zoom = cover - fit < 0.2 ? Math.max(fit, cover) : fit;
      map.setView(kept(map.project(L.latLngBounds(corners(content.home)).getCenter(), zoom), zoom), zoom, { animate: false });
    }

    function go(next) {
      flying = true;
      map.stop();
      position = next;
      map.invalidateSize({ pan: false });
      if (next) map.setView([next.lat, next.lon], next.zoom, { animate: false });
      else home();
      flying = false;
    }

    function limit() {
      map.options.minZoom = Math.max(3, map.getBoundsZoom(corners(content.frame)));
      map.fire("zoomlevelschange");          // setMinZoom would move the map
    }

    // The relief is drawn for zoom 5 and goes soft above 6: it fades out.
    function fade() {
      map.getPane("relief").style.setProperty("--fade", Math.min(1, Math.max(0.3, 1 - (map.getZoom() - 6) * 0.4)).toFixed(2));
    }
    map.on("zoomend", fade);
    map.on("zoomend viewreset", stepApart);
    fade();
    map.on("moveend", () => {
      if (flying) return;
      const centre = map.getCenter();
      position = { zoom: map.getZoom(), lat: centre.lat, lon: centre.lng };
      on.moved(position);
    });
    // Leaflet pans and reports for a while after a resize: none of that is the reader's hand.
    new ResizeObserver(() => {
      const keep = () => { limit(); if (later && map.getSize().x) fly(...later); else go(position); };
      keep();
      flying = true;
      clearTimeout(settled);
      settled = setTimeout(() => { keep(); flying = false; }, 350);
    }).observe(map.getContainer());

    home();
    // Walls for the dragging hand. setMaxBounds would also pan by itself after each move and resize.
    Object.assign(map.options, { maxBounds: L.latLngBounds(corners(content.frame)).pad(0.15), maxBoundsViscosity: 1 });
    limit();
    return { display, highlight, fly, reveal, go };
  }

  // Every label of a view, the most important first.
  function labelsOf(content, view, shapes) {
    const { lang } = view, name = (names) => names[lang] ?? names.en, labels = [];
    if (view.layers.includes("places")) {
      // From east to west: the narrow side of the map has the least room for names.
      for (const place of [...content.places].sort((a, b) => b.at[0] - a.at[0])) {
        const crest = place.kind === "range" && shapes[place.features[0]];
        if (crest) labels.push({ id: place.id, kind: "place range", text: place.labels[lang], at: baseline(crest.getLatLngs(), 5), or: place.at, rank: 0, zooms: [3, 9], lift: 19, gap: 17, dot: 13, always: true });
        else labels.push({ id: place.id, kind: "place", text: place.labels[lang], at: [place.at], rank: 0, zooms: [3, 9], gap: 17, dot: 13, always: true });
      }
    }
    if (view.layers.includes("areas")) {
      for (const area of content.areas) {
        if (area.role !== "subject") continue;
        const act = content.acts[area.act], text = name(area.names);
        // From the zoom on at which the area is about as wide as its name; at zoom 0 a pixel is 100 km here.
        const from = Math.log2((100 * 6 * text.length) / Math.sqrt(area.km2));
        labels.push({ id: area.id, kind: "area", text: text + (act ? `\n${name(act.names) || act.names.en}` : ""), at: [area.at], rank: 1, zooms: [from, 7.5] });
      }
    }
    for (const label of content.labels) {
      if (label.layer !== "always" && !view.layers.includes(label.layer)) continue;
      const town = label.kind === "town";
      labels.push({ id: label.id, kind: label.kind, text: name(label.names), at: label.at, rank: 1 + label.rank, zooms: label.kind === "country" ? [label.zooms[0], 6] : label.zooms, gap: town ? 8 : 0, dot: town ? 4 : 0, mark: town });
    }
    return labels;
  }

  // A smooth baseline for a label: the line cut into strips from west to east, the mean of each.
  function baseline(latLngs, strips) {
    const line = latLngs.flat(2), west = Math.min(...line.map((p) => p.lng)), east = Math.max(...line.map((p) => p.lng));
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return Array.from({ length: strips }, (_, i) => {
      const from = west + (east - west) * (i / strips), to = west + (east - west) * ((i + 1) / strips);
      const strip = line.filter((p) => p.lng >= from && p.lng <= to);
      return strip.length ? [(from + to) / 2, mean(strip.map((p) => p.lat))] : null;
    }).filter(Boolean);
  }

  return { create };
})();
