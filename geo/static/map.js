// The map that folium drew, brought to life: layers on and off, selection, flight, labels.
// Leaflet counts latitude first; everything that comes from the content counts longitude first.
const Chart = (() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const STEP = 1.4;                          // seconds of the flight to a step of a tour
  const APART = 26;                          // pixels from badge to badge, a little more than their width
  const latLng = ([lon, lat]) => [lat, lon];
  const corners = ([west, south, east, north]) => [[south, west], [north, east]];

  // A badge moves with its pane: a layer of its own, which Leaflet asks for, would take the browser longer than to draw it.
  const setPos = L.Marker.prototype._setPos;
  L.Marker.include({ _setPos(at) { setPos.call(this, at); this._icon.style.transform = `translate(${at.x}px, ${at.y}px)`; } });

  const calledOf = ({ number, labels }, future = false) => (future ? T("{n}: {name}, founded later", { n: number, name: Name(labels) }) : T("{n}: {name}", { n: number, name: Name(labels) }));

  // on: {select(ids, keyed, point), clear(), moved(position), reading(id)}
  function create(content, chronicle, on) {
    const { map, layers } = Drawn;
    const shapes = {}, badges = {};          // Leaflet layers by the id of their record
    const greyed = new Map();                // whether a place is marked as founded later
    const then = {};                         // the same areas and lines once more, for the date compared
    let selected = new Set(), flying = true, position = null, view = null, later = null, settled = 0, labelled = "", shownEra = "";

    const spot = ({ latlng }) => ({ lat: latlng.lat, lon: latlng.lng });
    for (const name of ["areas", "lines", "readings"]) {
      layers[name].eachLayer((shape) => {
        const { id } = shape.feature;
        shapes[id] = shape;
        shape.on("click", (event) => { L.DomEvent.stopPropagation(event); if (name === "readings") on.reading(id); else on.select([id], false, spot(event)); });
        shape.on("add", () => { mark(id); if (view && name !== "readings") clothe(shape, id, view.date); });
      });
    }
    const sites = new Map(content.sites.map((site) => [site.id, site])), readings = new Map(content.readings.map((reading) => [reading.id, reading])), lines = new Map(content.lines.map((line) => [line.id, line]));
    layers.sites.eachLayer((badge) => {
      const { id } = badge.feature;
      badges[id] = badge;
      badge.on("click", () => on.select([id]));
      badge.on("add", () => dressSite(sites.get(id)));
      dressSite(sites.get(id));
    });
    layers.places.eachLayer((badge) => { badges[badge.feature.id] = badge; });
    for (const place of content.places) {
      badges[place.id].on("click", () => on.select([place.id]));
      badges[place.id].on("add", () => dress(place));
      dress(place);
    }
    map.on("click", () => on.clear());

    // Land and coast come from the areas, so that they agree with them to the pixel.
    const [[south, west], [north, east]] = corners(content.frame);
    const window_ = [[south, west], [south, east], [north, east], [north, west]];
    L.polygon(window_, { pane: "land", interactive: false, className: "sea" }).addTo(map);
    for (const className of ["coast", "land"]) Shapes.joined(layers.areas.getLayers(), { pane: "land", interactive: false, className }).addTo(map);
    L.polygon([[[-85, -400], [-85, 400], [85, 400], [85, -400]], window_], { pane: "mask", interactive: false, className: "mask" }).addTo(map);
    L.polygon(window_, { pane: "mask", interactive: false, className: "neatline" }).addTo(map);

    const zoom = L.control.zoom({ position: "topright" }).addTo(map).getContainer();
    [T("Zoom in"), T("Zoom out")].forEach((title, n) => Dom.set(zoom.children[n], { title, "aria-label": title }));
    Pace.afterPaint(() => new ScaleBar({ position: "bottomright", imperial: false, maxWidth: 120 }).addTo(map));
    const own = content.own ? OwnPlaces.create(content, map, on) : null;
    const labels = Labels.create(map, map.getPane("labels"), own?.labels);
    const asked = L.circleMarker([0, 0], { pane: "places", radius: 6, interactive: false, className: "asked" });
    for (const [name, height] of [["areas-then", 251], ["lines-then", 361]]) map.createPane(name).style.zIndex = String(height);
    const swipe = Swipe.create(map, document.getElementById("stage"), { before: ["areas", "lines"], after: ["areas-then", "lines-then"] });

    function dress(place) {
      const element = badges[place.id].getElement();
      if (!element) return;
      element.textContent = String(place.number);
      element.classList.add(place.kind, content.styles[place.act] ?? "other");
      element.setAttribute("role", "button");
      element.dataset.place = place.id;
      element.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); on.select([place.id], true); } };
      greyed.delete(place.id);
      grey(place);
      mark(place.id);
    }

    // A place that was not yet there on the date.
    function grey(place) {
      const element = badges[place.id].getElement(), future = Boolean(view?.date && !view.compare && place.foundedSpan && place.foundedSpan[0] > view.date);
      if (!element || greyed.get(place.id) === future) return;
      greyed.set(place.id, future);
      element.classList.toggle("future", future);
      Dom.set(element, { "aria-label": calledOf(place, future) });
    }

    function dressSite(site) {
      const element = badges[site.id].getElement();
      if (!element) return;
      element.classList.add(site.kind);
      element.setAttribute("role", "button");
      Dom.set(element, { "aria-label": Name(site.names), title: Name(site.names) });
      element.dataset.place = site.id;
      element.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); on.select([site.id], true); } };
      bury(site);
      mark(site.id);
    }

    // A site that was not there on the date.
    const bury = ({ id, span }) => badges[id].getElement()?.classList.toggle("gone", Boolean(view?.date) && !Chronicle.within(span, view.date));

    // An area as it was held on a day, or without one as the acts moved it; a line only while it was in force.
    function clothe(shape, id, day) {
      const element = shape.getElement?.();
      if (!element) return;
      const holding = day ? chronicle.on(id, day) : null, line = lines.get(id);
      if (line) element.classList.toggle("gone", Boolean(day) && !Chronicle.within(line.span, day));
      else {
        element.classList.toggle("dated", Boolean(holding));
        const fill = holding ? Paint.fill(chronicle.look(holding)) : "";
        if ((element.painted ?? "") !== fill) element.style.fill = element.painted = fill;
      }
    }

    function turnTo(day) {
      for (const name of ["areas", "lines"]) layers[name].eachLayer((shape) => clothe(shape, shape.feature.id, day));
      content.sites.forEach(bury);
      stepApart();
      map.getContainer().classList.toggle("dated", Boolean(day));
      content.places.forEach(grey);
    }

    // Rival readings are drawn when they are asked for.
    const rivals = layers.readings.getLayers();
    layers.readings.clearLayers();
    const unfold = (shape) => layers.readings[view.readings.includes(shape.feature.id) ? "addLayer" : "removeLayer"](shape);

    // The other side of the swipe is drawn when it is first asked for.
    function compareWith(day) {
      swipe.show(Boolean(day));
      if (!day) return;
      for (const name of ["areas", "lines"]) {
        if (!then[name]) {
          then[name] = L.layerGroup(layers[name].getLayers().map((shape) => Shapes.again(shape, { pane: `${name}-then` })));
          then[name].eachLayer((shape) => {
            shape.on("click", (event) => { L.DomEvent.stopPropagation(event); on.select([shape.feature.id], false, spot(event)); });
            shape.on("add", () => clothe(shape, shape.feature.id, view.compare));
          });
        }
        if (view.layers.includes(name)) then[name].addTo(map);
        else then[name].remove();
        then[name].eachLayer((shape) => clothe(shape, shape.feature.id, day));
      }
      map.getPane("areas-then").style.opacity = String(view.opacity);
    }

    // The nearest boundary in force on a day (of any time without one): {id, km}, along the drawn lines.
    function nearest({ lat, lon }, day) {
      const east = 111.32 * Math.cos((lat * Math.PI) / 180), north = 110.57;   // km in a degree, good to a hundredth near the point
      let best = null;
      layers.lines.eachLayer((shape) => {
        const { id } = shape.feature, line = lines.get(id), parts = shape.getLatLngs();
        if (!line.act || (day && !Chronicle.within(line.span, day))) return;
        for (const part of Array.isArray(parts[0]) ? parts : [parts]) {
          for (let i = 1; i < part.length; i++) {
            const [x0, y0, x1, y1] = [(part[i - 1].lng - lon) * east, (part[i - 1].lat - lat) * north, (part[i].lng - lon) * east, (part[i].lat - lat) * north];
            const length = (x1 - x0) ** 2 + (y1 - y0) ** 2, share = length ? Math.min(1, Math.max(0, -(x0 * (x1 - x0) + y0 * (y1 - y0)) / length)) : 0;
            const km = Math.hypot(x0 + share * (x1 - x0), y0 + share * (y1 - y0));
            if (!best || km < best.km) best = { id, km };
          }
        }
      });
      return best;
    }

    function mark(id) {
      const element = (badges[id] ?? shapes[id])?.getElement?.();
      if (!element) return;
      element.classList.toggle("selected", selected.has(id));
      if (badges[id]) element.setAttribute("aria-pressed", String(selected.has(id)));
    }

    function show(id, visible) {
      const layer = layers[id];
      if (!layer || visible === map.hasLayer(layer)) return;
      if (visible) map.addLayer(layer);
      else map.removeLayer(layer);
      if (["places", "sites"].includes(id)) stepApart();
    }

    // Badges that would lie on one another step apart, so that each can be seen and touched; a site gives way to a town.
    function stepApart() {
      const seen = (one) => { const element = badges[one.id].getElement(); return element && !element.classList.contains("gone"); };
      const shown = [...content.places, ...content.sites].filter(seen).map((one) => {
        const { x, y } = map.latLngToLayerPoint(latLng(one.at));
        return { element: badges[one.id].getElement(), town: one.number !== undefined, x, y, byX: 0, byY: 0 };
      });
      shown.forEach((one, n) => {
        for (let other = n + 1; other < shown.length; other++) {
          const two = shown[other], x = two.x + two.byX - one.x - one.byX, y = two.y + two.byY - one.y - one.byY, apart = Math.hypot(x, y) || 0.1;
          if (apart >= APART) continue;
          const push = (APART - apart) / apart, pushX = push * (x || y ? x : 1), pushY = push * y, share = one.town === two.town ? 0.5 : 0;
          one.byX -= share * pushX;
          one.byY -= share * pushY;
          two.byX += (1 - share) * pushX;
          two.byY += (1 - share) * pushY;
        }
      });
      for (const { element, byX, byY } of shown) Object.assign(element.style, { marginLeft: `${byX - 12}px`, marginTop: `${byY - 12}px` });
    }

    // Shows a view but for its selection and position.
    function display(next) {
      for (const { id } of content.layers) show(id, next.layers.includes(id));
      show("basemap", next.basemap !== "");
      map.getContainer().classList.toggle("online", next.basemap !== "");
      map.getPane("areas").style.opacity = String(next.opacity);
      const era = [next.date, next.compare].map(chronicle.era).join(), turned = !view || era !== shownEra;
      shownEra = era;
      view = next;
      if (turned) turnTo(view.date);
      compareWith(view.compare);
      rivals.forEach(unfold);
      if (view.point) asked.setLatLng([view.point.lat, view.point.lon]).addTo(map);
      else asked.remove();
      own?.show(view);
      // Setting labels takes longer than a frame may: only when one of them changes.
      const about = JSON.stringify([document.documentElement.dataset.lacks, Language.tag(), view.names, view.layers, Boolean(view.compare), view.compare ? "" : era, own?.shown()]);
      if (about !== labelled) labels.set(() => ({ labels: labelsOf(content, chronicle, view, shapes), language: Names.tongue(view), besides: own?.shown() }));
      labelled = about;
    }

    function highlight(ids) {
      const before = selected;
      selected = new Set(ids);
      for (const id of new Set([...before, ...selected])) mark(id);
      own?.highlight(selected);
      // To move a shape among the others costs more than to light it: its edge is drawn whole in the next picture.
      Pace.afterPaint(() => { for (const id of selected) if (shapes[id] && map.hasLayer(shapes[id])) shapes[id].bringToFront(); });
    }

    function extent(ids) {
      const bounds = L.latLngBounds([]);
      for (const id of ids) {
        const place = content.places.find((one) => one.id === id);
        const site = sites.get(id);
        if (shapes[id]) bounds.extend(shapes[id].getBounds());
        else if (site) bounds.extend(latLng(site.at));
        else if (place && !place.features.length) bounds.extend(latLng(place.at));
        else if (readings.has(id)) bounds.extend(corners(readings.get(id).bounds));
        else if (own?.bounds(id)) bounds.extend(own.bounds(id));
      }
      return bounds;
    }

    // Goes where the records are; `covered` says how many pixels another box hides: [left, bottom].
    // `close`: so far in that a strip of some kilometres can be seen.
    function fly(ids, [left, bottom], close = false) {
      const bounds = extent(ids);
      if (!bounds.isValid()) return;
      if (hidden(() => fly(ids, [left, bottom], close))) return;
      const point = bounds.getNorthEast().equals(bounds.getSouthWest());
      const most = close ? 9 : point ? Math.max(6.5, Math.min(map.getZoom(), 8)) : 7;
      const fit = map.getBoundsZoom(bounds, false, L.point(left + 90, bottom + 90));
      const zoom = Math.max(Math.min(fit, most), map.getBoundsZoom(corners(content.home)));
      // Into what the card leaves free where it fits there, else only as far as all stays in sight.
      const spread = L.bounds([map.project(bounds.getNorthWest(), zoom), map.project(bounds.getSouthEast(), zoom)]).getSize();
      const size = map.getSize(), room = size.subtract(spread).divideBy(2).subtract([30, 30]);
      const away = (box, axis) => (spread[axis] <= size[axis] - box ? box / 2 : Math.max(0, Math.min(box / 2, room[axis])));
      const centre = kept(map.project(bounds.getCenter(), zoom).subtract([away(left, "x"), -away(bottom, "y")]), zoom, [left, bottom]);
      land(centre, zoom, 0.6);
    }

    // A hidden frame has no size: it goes when it is shown.
    function hidden(go) {
      later = map.getSize().x && map.getSize().y ? null : go;
      return later !== null;
    }

    // Flies for some seconds; is there at once where nothing shall move.
    function land(centre, zoom, duration) {
      flying = true;
      map._stop();                           // stop() would draw the whole map anew first
      flying = false;
      position = { zoom, lat: centre.lat, lon: centre.lng };
      if (calm.matches || document.hidden) map.setView(centre, zoom, { animate: false });
      else map.flyTo(centre, zoom, { duration });
    }

    // Goes where a step of a tour is: to its bounds, its position, what it selects, or home.
    function travel({ bounds, position: there, ids }) {
      flying = true;
      map.invalidateSize({ pan: false });    // the tour may just have taken room from the map
      flying = false;
      if (hidden(() => travel({ bounds, position: there, ids }))) return;
      if (bounds) {
        const zoom = Math.min(map.getBoundsZoom(corners(bounds)), map.getMaxZoom());
        land(kept(map.project(L.latLngBounds(corners(bounds)).getCenter(), zoom), zoom), zoom, STEP);
      } else if (there) land(L.latLng(there.lat, there.lon), there.zoom, STEP);
      else if (extent(ids).isValid()) fly(ids, [0, 0]);
      else land(...homeward(), STEP);
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
    function homeward() {
      const fit = map.getBoundsZoom(corners(content.home)), cover = map.getBoundsZoom(corners(content.frame), true);
      const zoom = cover - fit < 0.2 ? Math.max(fit, cover) : fit;
      return [kept(map.project(L.latLngBounds(corners(content.home)).getCenter(), zoom), zoom), zoom];
    }
    const home = () => map.setView(...homeward(), { animate: false });

    function go(next) {
      flying = true;
      map._stop();
      position = next;
      map.invalidateSize({ pan: false });
      limit();
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
      map.getContainer().classList.toggle("far", map.getZoom() < 6);   // posts and marks would lie on the towns
      map.getPane("relief").style.setProperty("--fade", Math.min(1, Math.max(0.3, 1 - (map.getZoom() - 6) * 0.4)).toFixed(2));
    }
    map.on("zoomend", fade);
    map.on("zoomend viewreset", stepApart);
    map.whenReady(stepApart);
    map.on("moveend", () => {
      if (flying) return;
      const centre = map.getCenter();
      position = { zoom: map.getZoom(), lat: centre.lat, lon: centre.lng };
      on.moved(position);
    });
    // Leaflet pans and reports for a while after a resize: none of that is the reader's hand.
    new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = map.getContainer();
      if (!later && !settled && map.getSize().equals([width, height])) return;   // as it opened
      const keep = () => { if (!later || !map.getSize().x) return go(position); limit(); return later(); };
      keep();
      flying = true;
      clearTimeout(settled);
      settled = setTimeout(() => { keep(); flying = false; settled = 0; }, 350);
    }).observe(map.getContainer());

    // Walls for the dragging hand. setMaxBounds would also pan by itself after each move and resize.
    Object.assign(map.options, { maxBounds: L.latLngBounds(corners(content.frame)).pad(0.15), maxBoundsViscosity: 1 });
    return { display, highlight, fly, travel, reveal, go, nearest };
  }

  // Every label of a view, the most important first.
  function labelsOf(content, chronicle, view, shapes) {
    // On two dates at once the labels are those of today.
    const date = view.compare ? "" : view.date, labels = [];
    if (view.layers.includes("places")) {
      // From east to west: the narrow side of the map has the least room for names.
      for (const place of [...content.places].sort((a, b) => b.at[0] - a.at[0])) {
        const { text, lang } = nameOn(place, view, date), crest = place.kind === "range" && shapes[place.features[0]];
        if (crest) labels.push({ id: place.id, kind: "place range", text: text.replace(/\n/g, " · "), lang, at: baseline(crest.getLatLngs(), 5), or: place.at, rank: 0, zooms: [3, 9], lift: 19, gap: 17, dot: 13, always: true });
        else if (text) labels.push({ id: place.id, kind: "place", text, lang, at: [place.at], rank: 0, zooms: [3, 9], gap: 17, dot: 13, always: true });
      }
    }
    if (view.layers.includes("areas") && !view.compare) labels.push(...(date ? statesOn(content, chronicle, date, Names.tongue(view)) : areasByAct(content, view)));
    if (view.layers.includes("sites")) {
      for (const site of content.sites) if (date ? Chronicle.within(site.span, date) : site.kind === "island") labels.push({ id: site.id, kind: "site", ...Names.called(site, view), at: [site.at], rank: 4, zooms: [6, 9], gap: 9, dot: 5 });
    }
    for (const label of content.labels) {
      if (label.layer !== "always" && !view.layers.includes(label.layer)) continue;
      const { text, lang } = Names.called(label, view), town = label.kind === "town";
      labels.push({ id: label.id, kind: label.kind, text: label.at.length > 1 ? text.replace(/\n/g, " · ") : text, lang, at: label.at, rank: 1 + label.rank, zooms: label.kind === "country" ? [label.zooms[0], 6] : label.zooms, gap: town ? 8 : 0, dot: town ? 4 : 0, mark: town });
    }
    return labels;
  }

  function areasByAct(content, view) {
    return content.areas.filter((area) => area.role === "subject").map((area) => {
      const { text, lang } = Names.called(area, view), act = view.names === "all" ? null : content.acts[area.act], widest = Math.max(...text.split("\n").map((line) => line.length));
      // From the zoom on at which the area is about as wide as its name; at zoom 0 a pixel is 100 km here.
      const from = Math.log2((100 * 6 * widest) / Math.sqrt(area.km2));
      return { id: area.id, kind: "area", text: text + (act ? `\n${act.names[lang] || act.names.en}` : ""), lang, at: [area.at], rank: 1, zooms: [from, 7.5] };
    });
  }

  const STATES = { ...Chronicle.MEANINGS, undelimited: T("undelimited") };

  // One label for each state of things, on the largest land in it; what changed hands counts four times, being in the middle.
  function statesOn(content, chronicle, date, lang) {
    const found = new Map();
    for (const area of content.areas) {
      const holding = chronicle.on(area.id, date);
      if (!holding) continue;
      const names = holding.holders.map((id) => content.polities[id].names[lang]).join(" + "), state = holding.status === "held" ? "" : Language.within(lang, STATES[holding.status]);
      const text = [names, state].filter(Boolean).join("\n");
      const weight = area.km2 * (area.role === "subject" ? 4 : 1);
      if (!found.has(text) || found.get(text).weight < weight) found.set(text, { id: area.id, kind: "area", text, at: [area.at], rank: 1, km2: area.km2, weight });
    }
    return [...found.values()].map((label) => ({ ...label, zooms: [Math.log2((100 * 6 * label.text.split("\n")[0].length) / Math.sqrt(label.km2)), 9] }));
  }

  // The name that was in use on a day, where that is known; none for a town that was not yet founded.
  function nameOn(place, view, date) {
    if (!date) return Names.called(place, view);
    if (place.foundedSpan && place.foundedSpan[0] > date) return { text: "", lang: "en" };
    return Names.called(place, view, (lang) => {
      const dated = place.names.filter((name) => name.lang === lang && name.span && Chronicle.within(name.span, date) && ["official", "historical"].includes(name.kind));
      return dated.find((name) => name.kind === "official")?.form ?? dated[0]?.form ?? place.labels[lang];
    });
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
