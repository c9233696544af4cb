// The index beside the map: the table of the eight places, layers with their legend, sources.
const Index = (() => {
  const { make } = Dom;

  function placesTable(content, chronicle, pane, on) {
    const rows = new Map();
    const body = content.places.map((place) => {
      const button = make("button", { type: "button", onclick: () => on.select([place.id]) }, content.titleOf(place));
      const row = make("tr", { "data-place": place.id, onclick: (event) => event.target.closest("button") || on.select([place.id]) },
        make("td", {}, make("span", { class: `badge ${content.styleOf([place.id])}` }, place.number)),
        make("th", { scope: "row" }, button, Names.bracketed(place), make("div", { class: "held" })),
        make("td", {}, content.actYear(place.act), make("small", {}, Card.TRACT[content.tractOf(place)].short)));
      rows.set(place.id, row);
      return row;
    });
    pane.append(
      make("p", { class: "hint" }, T("The names that the 2023 Chinese map rule asks for in brackets, and the act that made each place Russian or left it so.")),
      make("table", {}, make("caption", { class: "unseen" }, T("The eight places in the order of the rule: their names, the act, and whether they lie in the tract of 1860")), make("thead", {}, make("tr", {}, make("th", { scope: "col" }, make("span", { class: "unseen" }, T("No."))), make("th", { scope: "col" }, T("Place")), make("th", { scope: "col" }, T("Act and tract")))), make("tbody", {}, body)));
    const marked = (ids) => rows.forEach((row, id) => {
      row.classList.toggle("selected", ids.has(id));
      row.querySelector("button").setAttribute("aria-pressed", String(ids.has(id)));
    });
    // On a date a line says who held the place: all of an island, both slopes of a range.
    const sync = (view) => {
      for (const place of content.places) {
        const states = view.date ? place.ground.map((area) => chronicle.on(area, view.date)).filter(Boolean) : [];
        const looks = [...new Map(states.map((state) => [String(chronicle.describe(state)), state])).values()];
        const future = view.date && place.foundedSpan && place.foundedSpan[0] > view.date;
        Dom.keep(rows.get(place.id).querySelector(".held"), [...looks.map((state) => String(chronicle.describe(state))), Boolean(future)].join("\n"), () => [
          looks.map((state) => make("span", { class: "state" }, Paint.swatch(chronicle.look(state)), chronicle.describe(state))), future ? make("small", {}, T("not yet founded")) : null]);
      }
    };
    return [marked, sync];
  }

  // Who held what on the date, or on both dates compared; without a date, today.
  function holdersTable(content, chronicle, pane, on) {
    const sum = make("p", { class: "hint" }), head = make("tr", {});
    // The chart of the timeline in words: the land that changed hands, by who held it and how.
    function summary(day) {
      const moved = content.areas.filter((area) => area.role === "subject"), sums = new Map();
      for (const area of moved) {
        const state = chronicle.on(area.id, day);
        if (!state) continue;
        const who = chronicle.describe(state), key = String(who);
        sums.set(key, { who, km2: (sums.get(key)?.km2 ?? 0) + area.km2 });
      }
      const total = moved.reduce((all, area) => all + area.km2, 0);
      const parts = [...sums.values()].sort((a, b) => b.km2 - a.km2).map((part) => T("{who} {km2}", part));
      return T("Of the {total} km² that changed hands: {parts}.", { total, parts: Dom.row(parts, T("; ")) });
    }
    const said = (state) => (state ? [make("span", { class: "state" }, Paint.swatch(chronicle.look(state)), chronicle.describe(state)), make("small", {}, make("span", { class: `certainty ${state.certainty}` }, Words(state.certainty)), state.act ? [T(", "), Name(content.acts[state.act].names)] : "")] : T("no record"));
    const areas = [...content.areas].sort((a, b) => Number(a.role === "context") - Number(b.role === "context") || b.km2 - a.km2);
    const rows = areas.map((area) => make("tr", {}, make("th", { scope: "row" }, make("button", { type: "button", class: "inline", onclick: () => on.select([area.id]) }, Name(area.names)))));
    pane.append(sum, make("table", {},
      make("caption", { class: "unseen" }, T("Who held each area: first what the acts moved, then the rest of the frame, the largest first")),
      make("thead", {}, head), make("tbody", {}, rows)));
    return (view) => {
      const days = [view.date || chronicle.last, view.compare].filter(Boolean);
      Dom.keep(sum, areas.map(({ id }) => chronicle.chain(id).indexOf(chronicle.on(id, days[0]))).join(), () => summary(days[0]));
      Dom.fill(head, make("th", { scope: "col" }, T("Area")), days.map((day, n) => make("th", { scope: "col", "data-day": view.date ? n : null }, view.date ? Day(day) : T("Today"))));
      // While a date moves most cells say what they said.
      rows.forEach((row, n) => {
        while (row.cells.length <= days.length) row.append(make("td"));
        while (row.cells.length > days.length + 1) row.lastChild.remove();
        days.forEach((day, which) => { const state = chronicle.on(areas[n].id, day) ?? null; Dom.keep(row.cells[which + 1], state, () => said(state)); });
      });
    };
  }

  function layerList(content, chronicle, pane, on) {
    const boxes = new Map();
    const slider = make("input", { type: "range", min: 0, max: 1, step: 0.05, id: "opacity", oninput: (event) => on.opacity(Number(event.target.value)) });
    for (const layer of content.layers) {
      const box = make("input", { type: "checkbox", "data-layer": layer.id, onchange: (event) => on.layer(layer.id, event.target.checked) });
      boxes.set(layer.id, box);
      pane.append(make("fieldset", { class: "layer" },
        make("legend", {}, make("label", {}, box, " ", make("span", {}, Told(layer.title)))),
        layer.id === "areas" ? make("label", { class: "slider" }, T("Strength"), " ", slider) : null,
        make("ul", { class: "entries" }, entriesOf(layer)),
        layer.said ? make("p", { class: "credits" }, Told(layer.said)) : null,
        layer.credits?.length ? make("details", { class: "credits" }, make("summary", {}, Tn("{n} source", "{n} sources", { n: layer.credits.length })), Dom.row(layer.credits.map((key) => make("a", { href: `#source-${key}`, lang: "en", onclick: (event) => { event.preventDefault(); on.source(key); } }, content.shortSource(key))))) : null));
    }
    const online = make("input", { type: "checkbox", id: "basemap", onchange: (event) => on.basemap(event.target.checked) });
    if (content.basemap) pane.append(make("fieldset", { class: "layer online" }, make("legend", {}, make("label", {}, online, " ", T("Online basemap: {name}", { name: content.basemap.name }))), make("p", { class: "credits" }, T("{warning} asks {host} for pictures.", { warning: make("strong", {}, T("Goes online:")), host: content.basemap.host }), " ", content.basemap.credit)));
    const areas = content.layers.find((layer) => layer.id === "areas"), field = boxes.get("areas").closest("fieldset");
    const legend = (view) => {
      const dated = view.date ? chronicle.legend(content.areas, view.date) : null;
      Dom.fill(field.querySelector("legend span"), dated ? T("Who held what on the date") : Words(areas.title));
      Dom.keep(field.querySelector(".entries"), dated ? Dateline.keyOf(dated) : "", () => (dated ? dated.map(({ text, look }) => make("li", {}, Paint.swatch(look), text)) : entriesOf(areas)));
    };
    const sync = (view) => {
      online.checked = view.basemap !== "";
      boxes.forEach((box, id) => { box.checked = view.layers.includes(id); });
      slider.value = String(view.opacity);
    };
    return [sync, legend];
  }

  const entriesOf = (layer) => layer.legend.map((entry) => make("li", {}, swatch(entry.style), Words(entry.text)));

  // A small drawing in the same style as the map.
  function swatch(style) {
    const [kind] = style.split(" ");
    const drawing = Dom.svg("svg", { class: "key", viewBox: "0 0 28 16", width: 28, height: 16, "aria-hidden": "true" });
    if (kind === "area" || kind === "lake" || kind === "own-area") drawing.append(Dom.svg("rect", { x: 1, y: 1, width: 26, height: 14, rx: 2, class: style }));
    else if (kind === "badge") drawing.append(Dom.svg("circle", { cx: 14, cy: 8, r: 7, class: "badge-key" }));
    else if (kind === "site") drawing.append(Dom.svg("path", { d: "M14 3l5 5-5 5-5-5Z", class: "site-key" }));
    else if (kind === "own-point") drawing.append(Dom.svg("circle", { cx: 14, cy: 8, r: 4.5, class: style }));
    else if (kind === "town") drawing.append(Dom.svg("circle", { cx: 14, cy: 8, r: 2.5, class: "town-dot" }));
    else if (kind === "relief") drawing.append(Dom.svg("path", { d: "M2 14 9 4l4 6 4-7 9 11Z", class: "relief-key" }));
    else drawing.append(Dom.svg("path", { d: "M1 11 9 6l9 4 9-5", class: style }));
    return drawing;
  }

  function sourceList(content, pane) {
    const collator = new Intl.Collator("en", { ignorePunctuation: true });
    const items = Object.entries(content.sources).sort(([, a], [, b]) => collator.compare(a.text, b.text)).map(([key, source]) => make("li", { id: `source-${key}`, lang: "en", tabindex: -1 }, source.text, " ", source.url ? Dom.link(source.url, source.url.replace(/^https?:\/\//, "").slice(0, 60)) : null));
    pane.append(
      make("p", {}, T("{title} {version}, data {data} (sha256 {digest}…).", { title: content.title, version: content.version, data: content.dataVersion, digest: content.dataHash.slice(0, 12) }), " ", Told(content.article.licence), " ", T("Map drawn with folium and Leaflet.")),
      ...(content.own ? [make("h3", {}, T("Your gazetteer")), make("p", { class: "own-credit" }, content.own.title, T(": "), Told(content.layers.find((layer) => layer.id === "own").said), Yours.lacking(content.own).map((said) => [" ", said]))] : []),
      ...(content.scan ? [make("h3", {}, T("Your scan")), make("p", { class: "own-credit" }, Told(content.layers.find((layer) => layer.id === "scan").said))] : []),
      make("h3", {}, T("How sure")),
      make("dl", { class: "certainties" }, content.certainties.map(([word, meaning]) => [make("dt", {}, make("span", { class: `certainty ${word}` }, Words(word))), make("dd", {}, Words(meaning))])),
      make("h3", {}, T("Sources")),
      make("ul", { class: "bibliography" }, items));
    return (key) => {
      const item = document.getElementById(`source-${key}`);
      item?.scrollIntoView({ block: "center" });
      item?.focus({ preventScroll: true });
    };
  }

  return { placesTable, holdersTable, layerList, sourceList, swatch };
})();
