// What the embedded page has in the place of the article, the tables and the long cards: short cards, a line below.
const Card = (() => {
  const { make } = Dom;
  const PLACES = { town: (n) => T("town, no. {n} of the rule’s eight places", { n }), island: (n) => T("island, no. {n} of the rule’s eight places", { n }), range: (n) => T("mountain range, no. {n} of the rule’s eight places", { n }) };
  const SITES = { post: T("post"), mark: T("boundary mark"), island: T("island"), fort: T("fort") };

  const SHOWN = 3;                           // sources

  // on: {select(ids), close()}
  function create(content, chronicle, element, on) {
    const row = (term, ...value) => (value.flat().some(Boolean) ? [make("dt", {}, term), make("dd", {}, ...value)] : null);
    const chooser = (id) => make("button", { type: "button", class: "inline", onclick: () => on.select([id]) }, content.nameOf(id));
    const find = (list, id) => list.find((record) => record.id === id);
    const titled = (kind, names) => [make("p", { class: "kicker" }, kind), make("h2", { id: "card-title", tabindex: -1 }, Name(names)), Dom.otherNames(names)];
    const by = (id) => (!content.acts[id] ? null : content.acts[id].date ? T("{act}, {date}", { act: chooser(id), date: Words(content.acts[id].date) }) : chooser(id));

    // Who holds it on the date, or today: one line for each area that it stands on.
    const held = (areas, date) => areas.map((area) => chronicle.on(area, date || chronicle.last)).filter(Boolean).map((state) => make("span", { class: "state" }, Paint.swatch(chronicle.look(state)), chronicle.describe(state)));

    const moved = (act) => [...new Set(content.holdings.filter((state) => state.act === act).map((state) => state.area))];

    function body([id], { date }) {
      const place = find(content.places, id), area = find(content.areas, id), line = find(content.lines, id), site = find(content.sites, id), act = content.acts[id];
      const on = date ? T("On {day}", { day: Day(date) }) : T("Today");
      if (place) return [place, titled(PLACES[place.kind](place.number), { ...place.labels, ...place.bracketed }), row(on, held(place.ground, date)), row(T("By"), by(place.act)), row(T("Founded"), Words(place.founded))];
      if (area) return [area, titled(area.role === "subject" ? T("area moved by an act") : T("part of the frame"), area.names), row(on, held([id], date)), row(T("By"), by(area.act)), row(T("Measured"), T("{km2} km²", { km2: area.km2 }))];
      if (line) return [line, titled(T("boundary line"), line.names), row(T("Drawn by"), by(line.act)), row(T("In force"), Words(line.dates))];
      if (site) return [site, titled(SITES[site.kind], site.names), row(T("Dates"), Words(site.dates)), row(on, held([id], date))];
      return [act, titled(T("act"), act.names), row(T("Date"), Words(act.date)), row(T("Changed"), moved(id).map((area) => make("span", { class: "ground" }, chooser(area))))];
    }

    function grounds(record) {
      const [first, more] = [record.citations.slice(0, SHOWN), record.citations.length - SHOWN];
      return make("p", { class: "grounds" }, Dom.sure(content, record), ". ", make("span", { lang: "en" }, first.map(([key]) => content.shortSource(key)).join("; ")), more > 0 ? ["; ", Tn("{n} more", "{n} more", { n: more })] : "");
    }

    function one(ids, view) {
      const [record, title, ...rows] = body(ids, view);
      return [...title, make("dl", {}, rows), grounds(record)];
    }

    const several = (ids) => [make("h2", { id: "card-title", tabindex: -1 }, Tn("{n} together", "{n} together", { n: ids.length })), make("ul", { class: "group" }, ids.map((id) => make("li", {}, chooser(id))))];

    let opener = null;

    function show(view, lit, note, enter = false) {
      const ids = view.place, held = element.contains(document.activeElement);
      if (!held && ids.length) opener = document.activeElement;
      element.hidden = !ids.length;
      element.replaceChildren(...(ids.length ? [make("button", { type: "button", class: "close", "aria-label": T("Close the card"), onclick: on.close }, "×"), ...(ids.length > 1 ? several(ids) : one(ids, view)).filter(Boolean)] : []));
      if (ids.length && (held || enter)) element.querySelector("h2").focus({ preventScroll: true });
      else if (!ids.length && held) (opener?.isConnected ? opener : document.querySelector(".map")).focus({ preventScroll: true });
    }

    return { show, turn() {} };
  }

  return { create };
})();

// There is no text here, yet a link to a passage stays what it is: the full page will show it.
const Reading = { create: () => ({ light: () => ({ lit: [], closest: "" }), scrollTo() {}, label: () => "", claimsAbout: () => [], has: () => true }) };
const Tour = { create: () => ({ leave() {}, aside() {} }) };
const Disputes = { create: () => () => {} }, Cite = { create: () => () => {} };
const Marks = { create: () => ({ watch() {}, about: () => [], of: () => [], written: () => [], ignored: 0 }) };
const Correcting = { create: () => ({ hide() {} }) }, Mentions = { create: () => ({ mark() {}, shown: () => [] }) };
const ScanMap = { tools: () => () => {} };
const Search = { create: () => ({ find: () => [] }) }, Help = { create() {} };
const Yours = { told: () => "", list: () => () => {} };
Object.assign(Index, { placesTable: () => [() => {}, () => {}], holdersTable: () => () => {}, sourceList: () => () => {} });

// The line below the map: whose it is, its legend, the language of the names.
(() => {
  const { make } = Dom, content = Content.read(), legend = document.getElementById("layers");
  const name = [make("b", {}, content.title), ` ${content.version}`];
  // Followed, it opens where the map stands by then.
  const link = Dom.link(content.link, ...name);
  link.addEventListener("click", () => { if (content.link) link.href = `${content.link.split("#")[0]}#${Atlas.view()}`; });
  const button = make("button", { type: "button", "aria-expanded": false, "aria-controls": "layers", onclick: () => turn(legend.hidden) }, T("Legend"));
  function turn(open) {
    legend.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") turn(false); });
  document.querySelector("footer").append(
    make("p", {}, link, " · ", make("span", { class: "terms", title: Told(content.article.licence) }, "CC BY 4.0")),
    make("label", { class: "lang" }, T("Language"), " ", make("select", { id: "lang" })), button);
})();
