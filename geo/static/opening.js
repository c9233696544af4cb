// What stands before the first picture: the map and the strip of time, and what they need to know. main.js makes the rest.
const Opening = (async () => {
  const byId = (id) => document.getElementById(id);
  const content = Content.read();
  Language.speak(content.spoken);
  Language.adopt(document);
  const meta = document.querySelector("meta[name=atlas-view]");

  // Look-ups that every part shares.
  content.ownOf = () => [];
  if (content.own) OwnPlaces.prepare(content);
  const records = new Map([...content.places, ...content.areas, ...content.lines, ...content.sites, ...(content.own?.places ?? [])].map((record) => [record.id, record]));
  const sub = (id) => content.areas.filter((area) => area.act === id && area.role === "subject").map((area) => area.id);
  content.namesOf = (id) => { const record = records.get(id); return record ? record.labels ?? record.names : content.acts[id]?.names ?? { en: id }; };
  content.nameOf = (id) => Name(content.namesOf(id));
  content.titleOf = (place) => Name({ ...place.labels, ...place.plain });   // without the brackets, which stand beside it
  content.kindOf = (id) => ["place", "area", "line", "site", "act"].find((kind) => (kind === "act" ? content.acts[id] : content[`${kind}s`].some((record) => record.id === id))) ?? "own";
  content.actYear = (id) => content.acts[id]?.year ?? "";
  content.actName = (id) => { const names = content.acts[records.get(id)?.act]?.names; return names ? Name(names) : Yours.told(records.get(id)); };
  // Sakhalin lies in no tract of the treaties between Russia and China, yet is counted with that of 1860.
  content.tractOf = (place) => (place.within === content.tract ? "in" : place.kind === "island" ? "unnamed" : "out");
  content.shortSource = (key) => content.sources[key]?.short ?? key;
  content.languageName = (tag) => { const language = new Language.Phrase(() => Language.language(tag.replace("-pinyin", ""))); return tag.endsWith("-pinyin") ? T("{language} (pinyin)", { language }) : language; };
  content.styleOf = (ids) => {
    const tints = new Set(ids.map((id) => (records.get(id)?.forms ? "own" : content.styles[records.get(id)?.act ?? id] ?? "other")));
    return tints.size === 1 ? [...tints][0] : "several";
  };

  const known = { langs: content.carried, names: [...Names.LANGS, ...Object.keys(Names.OTHERS)], layers: content.layers.map((layer) => layer.id), selectable: new Set([...records.keys(), ...Object.keys(content.acts)]), readings: new Set(content.readings.filter((reading) => !reading.drawn).map((reading) => reading.id)), opening: content.opening, basemaps: content.basemaps };

  // Where a view names no language: that of the view the file opens with, else one that the reader's browser asks for.
  let home = State.parse(meta.content, known).view.lang || Language.wanted(known.langs);
  const asked = () => (Outside.written ? "" : location.hash.slice(1)) || meta.content;

  // A language that cannot be unpacked here is offered no more, and that is said once.
  const lost = [];
  async function learn(lang) {
    try { await Content.learn(content, lang); } catch {
      if (!known.langs.includes(lang)) return;
      known.langs = known.langs.filter((other) => other !== lang);
      if (home === lang) home = "en";
      byId("lang")?.querySelector(`[value="${lang}"]`)?.remove();
      lost.push(T("The texts in {language} cannot be unpacked in this browser: that language is left out.", { language: content.langs[lang] }));
    }
  }

  // The language that the page opens in, and those in which corrections were made, are there before anything is said.
  const needed = [State.parse(asked(), known).view.lang || home, ...[corrections()].flat().map((one) => one?.lang)].filter((lang, n, all) => known.langs.includes(lang) && !Language.knows(lang) && all.indexOf(lang) === n);
  if (needed.length) {
    document.body.style.visibility = "hidden";
    await Promise.all(needed.map(learn));
    document.body.style.visibility = "";
  }

  const chronicle = Chronicle.create(content);
  if (content.scan) ScanMap.lay(content);
  // What a hand does to the map and the strip of time before all else is made is done then.
  let begin = null;
  const ready = new Promise((done) => { begin = done; }), soon = (act) => (...told) => ready.then((acts) => acts[act](...told));
  const chart = Chart.create(content, chronicle, { select: soon("pick"), clear: soon("clear"), moved: soon("moved"), reading: soon("reading") });
  const timeline = Timeline.create(content, byId("time"), chronicle, { date: soon("date"), act: soon("act") });
  const opening = State.parse(asked(), known).view;
  Language.set(opening.lang || home);
  timeline.sync(opening);
  // The labels of the map keep clear of these.
  Dom.fill(byId("credit"), Dom.row([T("Natural Earth and the sources of each layer"), content.basemap?.credit].filter(Boolean), " | "));
  writeDates(opening);
  chart.display(opening);
  chart.go(opening.position);
  // The rest takes no click before it is whole.
  const rest = document.querySelectorAll("header, #index");
  for (const part of rest) part.inert = true;

  // The dates on the map, each with who held land on it.
  function writeDates({ date, compare }) {
    byId("stage").classList.toggle("comparing", Boolean(compare));
    [date, compare].forEach((day, n) => Dateline.write(content, chronicle, byId(["dateline", "dateline-then"][n]), day, n));
  }

  // Corrections that a file was saved with; anybody may have changed it since.
  function corrections() {
    try { return JSON.parse(byId("atlas-corrections").textContent); } catch { return [null]; }
  }

  // `begin` takes what a hand does to them, by name.
  return { content, meta, records, sub, known, home: () => home, asked, lost, learn, corrections, chronicle, chart, timeline, opening, writeDates, rest, begin };
})();
