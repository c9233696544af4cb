// Wires the parts together around one state.
(async () => {
  const { content, meta, records, sub, known, home, asked, lost, learn, corrections, chronicle, chart, timeline, opening, writeDates, rest, begin } = await Opening;
  const byId = (id) => document.getElementById(id);
  // The rest is made in parts, for a long task would hold up a hand on the map.
  await new Promise(Pace.afterPaint);

  let view = State.opening(known), written = view, note = "", at = null, noticed = [];   // written: the view that the address names; at: the mention at hand

  // What lights up on the map for a selection, and what counts as a mention of it in the text.
  function onMap(id) {
    if (id === content.rule) return content.places.flatMap((place) => onMap(place.id));
    const record = records.get(id);
    return record ? [id, ...(record.features ?? [])] : [...sub(id), ...content.lines.filter((line) => line.act === id).map((line) => line.id)];
  }
  function inText(id) {
    const record = records.get(id);
    if (!record) return [id, ...sub(id)];
    const whole = content.places.filter((place) => place.features.includes(id)).map((place) => place.id);
    const same = record.twin ? [record.twin] : content.ownOf(id);       // a place of the reader's gazetteer that is one of ours
    return [id, ...same, ...(record.features ?? []), ...whole, ...((record.role === "subject" || content.lines.includes(record)) && record.act ? [record.act] : [])];
  }

  const marks = Marks.create(content, known.selectable, corrections());
  const reading = Reading.create(content, marks, byId("text"), {
    select: (ids, passage, text, mention) => select(ids, { from: "text", passage, text, mention }),
    source: (key) => { open("sources"); showSource(key); },
    follow,
  });
  await Pace.breath();
  const correcting = Correcting.create(content, marks, reading, byId("text"), { touch: (mention) => { at = mention; table.mark(marks.about(view.place.flatMap(inText)), at); } });
  const table = Mentions.create(content, marks, byId("mentions"), {
    select: (mention) => select(mention.targets, { from: "mentions", passage: mention.passage, text: mention.note, mention }),
    read: (mention) => { open("text"); reading.lead(mention); },
    label: (passage) => reading.label(passage),
    csv: () => Dom.download(Annotations.table(content, marks, table.shown()), "mentions.csv", "text/csv"),
    annotations: () => Dom.download(`${JSON.stringify(Annotations.page(content, marks), null, 1)}\n`, "annotations.jsonld", "application/ld+json"),
  });
  marks.watch((id) => {
    if (!id) {
      at &&= marks.of(at.passage).find(({ targets }) => targets.join() === at.targets.join()) ?? null;
      document.title = [content.article.title, content.title].filter(Boolean).join(" – ");
    }
    if (byId("follow").checked && view.passage && !view.place.length) glow();
    else light();
  });
  const [markRows, syncPlaces] = Index.placesTable(content, chronicle, byId("places"), { select: (ids) => select(ids, { from: "table" }) });
  const card = Card.create(content, chronicle, byId("card"), {
    nearest: (point) => chart.nearest(point, view.date),
    claims: (ids) => reading.claimsAbout(new Set(ids.flatMap(inText))),
    claim: (claim) => { open("text"); claim.show(); },
    select: (ids) => select(ids, { from: "card" }),
    label: (passage) => reading.label(passage),
    read: (passage) => { open("text"); update({ passage }); light(); reading.scrollTo(passage); },
    source: (key) => { open("sources"); showSource(key); },
    close: () => select([], { from: "card" }),
  });
  // From top to bottom, each whole at once, so that none pushes another down.
  const syncHolders = Index.holdersTable(content, chronicle, byId("holders"), { select: (ids) => select(ids, { from: "table" }) });
  syncPlaces(opening);
  syncHolders(opening);
  await Pace.breath();
  const [syncLayers, syncLegend] = Index.layerList(content, chronicle, byId("layers"), {
    layer: (id, on) => update({ layers: known.layers.filter((layer) => layer === id ? on : view.layers.includes(layer)) }),
    opacity: (opacity) => update({ opacity }),
    basemap: (on) => update({ basemap: on ? content.basemap.id : "" }),
    source: (key) => { open("sources"); showSource(key); },
  });
  syncLegend(opening);
  const syncScan = ScanMap.tools(content, byId("layers"), { opacity: (scanOpacity) => update({ scanOpacity }) });
  await Pace.breath();
  // Panels that are closed at the opening are filled after the first picture, or when they are asked for sooner.
  function later(make, first = () => {}) {
    let made = null;
    const get = () => { if (!made) first(made = make()); return made; };
    Pace.afterPaint(get);
    return { get, made: () => made };
  }
  const disputes = later(() => Disputes.create(content, byId("disputed"), {
    readings: (readings) => update({ readings }),
    select: (ids) => select(ids, { from: "table" }),
    source: (key) => { open("sources"); showSource(key); },
    look: (reading) => chart.fly([reading.id], covered(), true),
  }), (sync) => sync(view));
  const markYours = Yours.list(content, byId("places"), { select: (ids) => select(ids, { from: "table" }) });
  const syncCite = Cite.create(content, byId("sources"), {
    query: (at) => State.format(at, known),
    keys: (at) => {
      const cited = at.place.length ? [...byId("card").querySelectorAll(".cite")].map((link) => link.hash.slice("#source-".length)) : content.layers.filter((layer) => at.layers.includes(layer.id)).flatMap((layer) => layer.credits);
      return [...new Set(cited)].sort((a, b) => content.sources[a].text.localeCompare(content.sources[b].text, "en"));
    },
    source: (key) => showSource(key),
  });
  const sources = later(() => Index.sourceList(content, byId("sources"))), showSource = (key) => sources.get()(key);
  const describe = Describe.create(content, chronicle, byId("layers"));
  await Pace.breath();
  const search = Search.create(content, chronicle, byId("search"), {
    view: () => view,
    claims: () => reading.claims,
    label: (passage) => reading.label(passage),
    select: (ids, date = view.date) => { if (date !== view.date) update({ date }); select(ids, { from: "search", keyed: true }); },
    date: (date) => update({ date }),
    look: (label) => look(label),
    reading: (id) => { open("disputed"); lookAtReading(id); },
    mark: (stretches) => reading.mark("found", stretches),
    claim: (claim) => { open("text"); claim.show(); },
    read: (passage) => { open("text"); select([], { from: "search", passage }); byId("text").focus({ preventScroll: true }); },
    source: (key) => { open("sources"); showSource(key); },
  });
  Help.create(content, chronicle, byId("help"), { selected: () => view.place, kind: (id) => content.kindOf(id) });

  // Goes to a rival reading, and lays it over the map; ours is drawn anyway.
  function lookAtReading(id) {
    const item = byId(`says-${id}`).closest("li"), box = item.querySelector("input"), chip = item.querySelector("button.chip");
    item.scrollIntoView({ block: "center" });
    (box ?? chip).focus({ preventScroll: true });
    (box && !box.checked ? box : chip).click();
  }

  // Goes where a name of the map stands that is no record, and shows the layer that it is on.
  function look({ at, layer }) {
    const [lon, lat] = at[Math.floor(at.length / 2)], position = { zoom: at.length > 1 ? 6 : 7.5, lat, lon };
    if (view.place.length) select([], { from: "search" });
    chart.go(position);
    update({ position, layers: known.layers.filter((id) => id === layer || view.layers.includes(id)) });
    document.querySelector(".map").focus({ preventScroll: true });
  }

  let turns = 0;                             // of the light: an older card does not come after a newer one

  // The one selection. `from` says where the hand was: that part keeps still, the others follow.
  function select(ids, { from, passage = "", text = "", keyed = false, point = null, mention = null }) {
    tour.aside();
    note = text;
    at = mention;
    view = { ...view, place: ids, passage, point };
    chart.display(view);
    light({ keyed, settle: true }, () => {
      if (ids.length) chart[from === "map" ? "reveal" : "fly"](ids.flatMap(onMap), covered());
      if (view.passage && from !== "text") reading.scrollTo(view.passage);
    });
    if (ids.length) sheet?.lower();
    report();
  }

  // Lights the selection in the text and on the map at once. The tables and the card take longer to make and to lay out
  // than a frame may: they follow the first picture, and then what depends on the size of the card.
  // `settle`: whether the closest passage becomes the one at hand; `keyed`: whether the keyboard goes to the card.
  function light({ keyed = false, settle = false } = {}, then = () => {}) {
    const mentions = marks.about(view.place.flatMap(inText));
    let found = reading.light(mentions, view.passage);
    if (settle && !view.passage && found.closest) {
      view.passage = found.closest;
      found = reading.light(mentions, view.passage);
    }
    const ids = view.place.flatMap(onMap);
    chart.highlight(ids);
    const turn = ++turns, tell = () => {
      if (turn !== turns) return;
      table.mark(mentions, at);
      markRows(new Set([...ids, ...view.place]));
      markYours(view);
      clearTimeout(retelling);
      retelling = 0;
      ({ lit } = found);
      card.show(view, lit, note, keyed);
      syncCite(view);
      describe(view);
      Pace.afterPaint(() => turn === turns && then(found));   // it has been laid out by then
    };
    if (view.place.length) Pace.afterPaint(tell);
    else tell();
  }

  // The passage at the reading line: its mentions light up, and the map frames them.
  function follow(passage) {
    view = { ...view, place: [], point: null, passage };
    chart.display(view);
    chart.fly(glow(), [0, 0]);
    report();
  }

  // Lights what the passage being read speaks of; returns what lights up on the map.
  function glow() {
    const mentions = marks.of(view.passage), ids = mentions.flatMap((mention) => mention.targets).flatMap(onMap);
    light();
    reading.light(mentions, view.passage);
    chart.highlight(ids);
    markRows(new Set(ids));
    return ids;
  }

  // What the card hides of the map: a strip on the left, or on a narrow map the lower part.
  function covered() {
    const box = byId("card").getBoundingClientRect(), stage = byId("stage").getBoundingClientRect();
    return stage.width > 560 ? [box.width, 0] : [0, box.height];
  }

  function update(change) {
    const before = chronicle.era(view.date);
    view = { ...view, ...change };
    show();
    card.turn(view.date);
    if (view.place.length && before !== chronicle.era(view.date)) retelling ||= setTimeout(retell, Math.max(0, retold - performance.now()));
    report();
  }

  // The card of what is selected says who held it on the date; as the tables do, it follows a moving one a few times a second.
  let retelling = 0, retold = 0, lit = [];
  function retell() {
    retelling = 0;
    const began = performance.now();
    card.show(view, lit, note);
    retold = Pace.rest(began, BREATH);
  }

  function show() {
    speak();
    showDates();                             // the labels of the map keep clear of the date on it
    chart.display(view);
    syncLayers(view);
    syncScan(view);
    disputes.made()?.(view);
    markYours(view);
    timeline.sync(view);
    syncCite(view);
    describe(view);
    choose("lang", view.lang || home());
    choose("names", Names.mode(view));
  }

  // To choose anew what is chosen would make the browser lay out at once.
  function choose(id, value) {
    const select = byId(id);
    if (select && select.value !== value) select.value = value;
  }

  // Another language, unpacked first if it was not there yet: what is made of texts beforehand is made again, the rest says itself anew.
  function speak() {
    const lang = view.lang || home();
    if (lang === Language.tag()) return;
    if (!Language.knows(lang)) {
      learn(lang).then(() => { if (lost.length) fall(lang); else show(); });
      return;
    }
    Language.set(lang);
    shown = tabled = null;
    if (view.place.length) light();
  }

  // Back to the language that there is.
  function fall(lang) {
    if (view.lang === lang) update({ lang: "" });
    else show();
    notify(lost.splice(0));
  }

  // All that speaks of the date; but for the date itself, done again only when something changed.
  let shown = null;
  const dated = content.article.passages.filter((passage) => passage.days.length);
  function showDates() {
    const days = [view.date, view.compare], eras = days.map(chronicle.era).join();
    if (eras === shown) sayDay("stage");
    else {
      shown = eras;
      writeDates(view);
      const past = view.date ? dated.flatMap((passage) => passage.days).filter((day) => day <= view.date) : [];
      const latest = past.sort().at(-1);
      for (const passage of dated) byId(passage.id)?.classList.toggle("timely", Boolean(latest) && passage.days.includes(latest));
    }
    if (tabled) tabling ||= setTimeout(tabulate, Math.max(0, tabled.next - performance.now()));
    else tabulate();
  }

  function sayDay(id) {
    for (const element of byId(id)?.querySelectorAll("[data-day]") ?? []) Dom.say(element, Day([view.date, view.compare][element.dataset.day] || chronicle.last));
  }

  // The tables follow a moving date a few times a second, after the map: to write them takes longer than a frame may.
  const BREATH = 200;                          // milliseconds at least
  const TABLES = [syncHolders, syncPlaces, syncLegend];
  let tabling = 0, tabled = null;
  // One with each picture: to lay out all at once takes longer than a frame may.
  async function inTurn() {
    for (const sync of TABLES) {
      sync(view);
      await new Promise(Pace.afterPaint);
    }
  }
  function tabulate() {
    tabling = 0;
    const { date, compare } = view, before = tabled;
    const began = performance.now();
    tabled = { date, compare, shown };
    if (!before) TABLES.forEach((sync) => sync(view));
    else if (before.shown !== shown) inTurn();
    else if (before.date !== date || before.compare !== compare) sayDay("holders");
    tabled.next = Pace.rest(began, BREATH);
  }

  const tour = Tour.create(content, {
    go: travel,
    source: (key) => { open("sources"); showSource(key); },
    left: () => light(),
  });

  // In a file made with another view an empty hash would bring that back, so the opening view names its language.
  const hashOf = (query) => (query || meta.content ? "#" + (query || `lang=${Language.tag()}`) : "");

  const outside = Outside.create({
    view: () => State.format(view, known),
    // The names in a reader's gazetteer are for the reader, not for the page around.
    selected: () => view.place.map((id) => { const kind = content.kindOf(id); return { id, kind, name: kind === "own" ? "" : String(content.nameOf(id)) }; }),
    set: restore,
    copied: told,
  });

  // Another selection, language or way to look at time is a step to go back from; where the map stands and the day are not.
  const landmark = ({ place, lang, names, date, compare }) => [place.join(), lang, names, Boolean(date), Boolean(compare)].join(" ");
  let timer = 0;
  function report() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const query = State.format(view, known), step = landmark(view) !== landmark(written);
      written = view;
      outside.changed(query, step);
      // In a frame the address is not the reader's to see, nor the steps theirs to undo.
      if (!outside.framed) history[step ? "pushState" : "replaceState"](null, "", hashOf(query) || location.pathname + location.search);
    }, 150);
  }

  // Shows a step of a tour in the reader's language, by a flight. The first is a step to go back from.
  function travel({ view: query, bounds }, first) {
    const asked = State.parse(query, known).view, kept = (content.article.own || content.tour.own) && reading.has(asked.passage);
    view = { ...asked, lang: view.lang, names: view.names, basemap: view.basemap, passage: kept ? asked.passage : "" };
    if (!first) written = view;
    note = "";
    at = null;
    show();
    light();
    chart.travel({ bounds, position: view.position, ids: view.place.flatMap(onMap) });
    if (view.passage) reading.scrollTo(view.passage);
    report();
  }

  // Shows a written view; `there`: the map stands where it asks for.
  function restore(query, { there = false } = {}) {
    clearTimeout(timer);
    tour.leave();
    const parsed = State.parse(query, known);
    view = parsed.view;
    note = "";
    if (view.basemap && view.basemap !== content.basemap?.id) {
      parsed.notices.push(T("Ignored {name}={found}: {wanted}.", { name: "basemap", found: view.basemap, wanted: T("this file was made without it") }));
      view.basemap = "";
    }
    if (view.passage && !reading.has(view.passage)) {
      parsed.notices.push(T("Ignored {name}={found}: {wanted}.", { name: "passage", found: view.passage, wanted: T("this text has no such passage") }));
      view.passage = "";
    }
    written = view;
    show();
    if (!there) chart.go(view.position);
    light({}, ({ closest }) => {
      if (view.place.length && !view.position) chart.fly(view.place.flatMap(onMap), covered());
      if (view.passage || closest) reading.scrollTo(view.passage || closest);
    });
    if (marks.ignored) parsed.notices.push(T("Ignored {n} of the corrections in this file: they do not fit its text.", { n: marks.ignored }));
    if (content.missing) parsed.notices.push(Words(content.missing));
    notify([...lost.splice(0), ...parsed.notices]);
  }

  function notify(notices) {
    noticed = notices;
    byId("notice").hidden = !notices.length;
    Dom.fill(byId("notice"), Dom.row(notices, " "), Dom.make("button", { type: "button", class: "close", "aria-label": T("Close the notice"), onclick: () => notify([]) }, "×"));
  }

  // The document as it was delivered, opening with the view at hand, and with the reader's corrections.
  function saved() {
    const attribute = State.format(view, known).replace(/&/g, "&amp;").replace(/"/g, "&quot;"), block = JSON.stringify(marks.written()).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
    return `<!DOCTYPE html>\n${Delivered.outerHTML}\n`.replace(/(<meta name="atlas-view" content=")[^"]*/, (_, start) => start + attribute).replace(/(id="atlas-corrections">)[^<]*/, (_, start) => start + block);
  }

  const save = () => Dom.download(saved(), State.fileName(view, ".html"), "text/html");

  function copyLink() {
    const query = State.format(view, known);
    if (outside.written) return outside.copy(query);
    const address = location.href.split("#")[0] + hashOf(query);
    return (navigator.clipboard?.writeText(address) ?? Promise.reject()).then(() => told(true), () => told(false, address));
  }

  function told(copied, address) {
    notify([copied ? T("The address of this view is copied.") : T("Copy this address: {address}", { address })]);
    if (copied) setTimeout(() => notify([]), 4000);
  }

  const tabs = new Map([["text", T("Text")], ["places", T("Places")], ...(content.own ? [["gazetteer", T("Yours")]] : []), ["holders", T("Holders")], ["layers", T("Layers")], ["mentions", T("Mentions")], ["disputed", T("Disputed")], ["sources", T("Sources")]].map(([id, title]) => [id, Dom.make("button", { type: "button", id: `tab-${id}`, "aria-controls": id, onclick: () => open(id) }, title)]));
  const tabList = byId("tabs") && Tabs.create(byId("tabs"), byId("index"), tabs, (id) => open(id));
  const sheet = byId("tabs") && Sheet.create(document.querySelector("main"), byId("tabs"));
  function open(id) {
    correcting.hide();
    tabList?.select(id);
    sheet?.raise(id);
    if (id === "disputed") disputes.get();
    syncCite(view);
    if (id === "text" && view.passage) reading.scrollTo(view.passage);
  }

  for (const tag of known.langs) byId("lang").append(Dom.make("option", { value: tag, lang: tag }, content.langs[tag]));
  byId("lang").closest("label").hidden = content.carried.length < 2;
  byId("lang").addEventListener("change", (event) => update({ lang: event.target.value }));
  for (const choice of known.names) byId("names")?.append(Dom.make("option", { value: choice, lang: content.langs[choice] ? choice : null }, content.langs[choice] ?? Names.OTHERS[choice]));
  // A narrow header has no room for it.
  const narrow = matchMedia("(max-width: 759px), (max-width: 1023px) and (orientation: portrait)"), named = byId("names")?.closest("label");
  const seat = () => (narrow.matches ? byId("layers").querySelector("h2") : byId("lang").closest("label")).after(named);
  if (named) { seat(); narrow.addEventListener("change", seat); }
  byId("names")?.addEventListener("change", (event) => update({ names: event.target.value }));
  byId("save")?.addEventListener("click", save);
  byId("copy-link")?.addEventListener("click", copyLink);
  document.addEventListener("keydown", (event) => event.key === "Escape" && view.place.length && select([], { from: "card" }));
  document.documentElement.classList.toggle("hosted", outside.written);

  Uncover.create(Drawn.map, byId("stage"), byId("card"));
  if (tabList) {
    tabList.select("text");
    tabList.order();
    Scheme.offer(document.querySelector(".leaflet-top.leaflet-right"), byId("layers"));
  }
  // Followed as a link it would load the dashboard into its own frame, or reset the view of the file.
  document.querySelector(".skip")?.addEventListener("click", (event) => { event.preventDefault(); open("text"); byId("text").focus(); });
  await Pace.breath();
  for (const part of rest) part.inert = false;
  restore(asked(), { there: true });
  Pace.afterPaint(() => {
    if (!Glyphs.find().length) return;
    show();
    notify([...noticed, ...Glyphs.notices()]);
  });
  // On the way to another step of history, neither the address of the view that is left may come after it, nor its card.
  window.addEventListener("popstate", () => { clearTimeout(timer); turns += 1; });
  window.addEventListener("hashchange", () => restore(asked()));
  window.Atlas = { saved, view: () => State.format(view, known), find: search.find };
  begin({
    pick: (ids, keyed, point = null) => select(ids, { from: "map", keyed, point }),
    clear: () => view.place.length && select([], { from: "map" }),
    moved: (position) => { view = { ...view, position }; syncCite(view); report(); },
    reading: (id) => { open("disputed"); byId("disputed")?.querySelector(`[data-reading="${id}"]`).focus(); },
    date: (date, compare) => update({ date, compare: date ? compare : "" }),
    act: (id) => select([id], { from: "time" }),
  });
  outside.ready();
})();
