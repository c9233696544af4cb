// Help: how to read the map, the keys, how sure the records are, what data this is, and how to correct it.
const Help = (() => {
  const { make } = Dom;
  const FILES = { place: "data/places.csv", area: "data/areas.geojson", line: "data/lines.geojson", site: "data/sites.csv", act: "data/acts.csv" };
  const STATUSES = {
    common: T("held in common"),
    undelimited: T("left without a line between them"),
    occupied: T("occupied: the ground is the holder’s colour, the stripes that of whose land it was"),
    enclave: T("an enclave inside the land of another"),
    disputed: T("held by one, claimed by another"),
  };

  const keys = (...names) => names.map((name) => make("kbd", {}, name));
  const EVERYWHERE = () => [[keys("/", "Ctrl K"), T("Search")], [keys("?"), T("This help")], [keys("Esc"), T("Close the card, a note or a list")]];
  const KEYS = () => [
    [T("Everywhere"), EVERYWHERE()],
    [T("On the map"), [[keys("Tab", "Enter"), T("Go to a place, open its card")], [keys("←", "→", "↑", "↓"), T("Move the map")], [keys("+", "−"), T("Closer, farther")]]],
    [T("On the slider of the timeline"), [[keys("←", "→"), T("The act before, the next act")], [keys("Shift ←", "Shift →"), T("One day")], [keys("Page Up", "Page Down"), T("Ten years")], [keys("Home", "End"), T("The first day, today")]]],
    [T("On the tabs"), [[keys("←", "→", "Home", "End"), T("From panel to panel")]]],
    [T("On the handle of the panel, on a phone"), [[keys("↑", "↓"), T("Higher, lower")]]],
    [T("On the divider between two dates"), [[keys("←", "→"), T("Move it")]]],
    [T("On the tabs of the panels"), [[keys("←", "→"), T("The panel before, the next panel")], [keys("Home", "End"), T("The first panel, the last panel")]]],
    [T("On words of the text"), [[keys("Enter"), T("Show on the map, or why it is not there")], [keys("X"), T("Wrong: not this")], [keys("P"), T("It is another place")], [keys("N"), T("It is no place")], [keys("U"), T("Take the correction back")]]],
    [T("In the table of mentions"), [[keys("↑", "↓", "Page Up", "Page Down"), T("From row to row")], [keys("Enter"), T("Show on the map")]]],
    // A page without a tour has no keys for one.
    ...(typeof Tour === "undefined" ? [] : [[T("In the tour"), [[keys("←", "→"), T("The step before, the next step")], [keys("Home", "End"), T("The first step, the last step")], [keys("Esc"), T("Leave the tour")]]]]),
  ];

  // on: {selected(), kind(id)}
  function create(content, chronicle, button, on) {
    const dialog = make("dialog", { id: "help-panel", tabindex: -1, "aria-labelledby": "help-title" });
    document.body.append(dialog);
    Dom.set(button, { title: T("Help (?)"), "aria-label": T("Help"), "aria-haspopup": "dialog", "aria-keyshortcuts": "?" }).append("?");

    const { places, areas, lines, sites, holdings, readings, quoted } = content, acts = Object.values(content.acts), states = Object.values(content.polities);
    const names = places.flatMap((place) => place.names), claims = content.article.passages.flatMap((passage) => passage.claims ?? []);
    const records = [places, names, areas, lines, sites, acts, states, holdings, readings, quoted, claims].flat();

    const section = (id, heading, ...inner) => make("section", { class: id, "aria-labelledby": `help-${id}` }, make("h3", { id: `help-${id}` }, heading), inner);
    const entry = (sign, text) => make("li", {}, sign, make("span", {}, text));

    function reading() {
      const shown = content.layers.find((layer) => layer.id === "areas").legend;
      const badge = make("span", { class: "badge", "aria-hidden": "true" }, "1"), rival = Dom.svg("svg", { class: "key", viewBox: "0 0 28 16", width: 28, height: 16, "aria-hidden": "true" });
      rival.append(Dom.svg("path", { d: "M2 2h24v12H2Z", class: "reading" }));
      return section("reading", T("How to read the map"),
        make("p", {}, T("{all} gives each area the colour of the act that moved it:", { all: make("b", {}, T("All acts")) })),
        make("ul", { class: "signs" }, shown.map(({ style, text }) => entry(Index.swatch(style), Words(text)))),
        make("p", {}, T("{dated} gives it the colour of who held it on that day. Where it was not one state’s alone, it has a pattern of both colours:", { dated: make("b", {}, T("On a date")) })),
        make("ul", { class: "signs" }, Object.entries(STATUSES).map(([status, text]) => entry(Paint.swatch({ status, tints: ["russia", "china"] }), text))),
        make("ul", { class: "signs" },
          entry(badge, T("the eight places of the Chinese map rule of 2023, by their number in it")),
          entry(Index.swatch("site"), T("a post, a fort, an island or a boundary mark")),
          entry(rival, T("a rival reading, switched on in “Disputed”"))),
        make("p", {}, T("“In the 1860 tract” is what stands on the land that the Treaty of Peking moved. Days are those of the Gregorian calendar; the Julian day is told where the sources have it.")),
        make("p", {}, T("Names “as called there” are the official ones in Russian and in Chinese. Of places in Japan, Korea and Mongolia the records have no such names, so they stand in English.")),
        Glyphs.notices().map((notice) => make("p", {}, notice)));
    }

    function text() {
      const word = (name, inner) => make("span", { class: "word", "aria-hidden": "true" }, make("span", { class: name }, inner));
      return section("text-signs", T("How to read the text"), make("ul", { class: "signs" },
        entry(word("mention place peking", T("name")), T("leads to the map; its colour is that of the act")),
        entry(word("mention place peking unsure", T("name")), T("the same, but not surely this place")),
        entry(word("quiet", T("name")), T("leads nowhere on the map, and says why")),
        claims.length ? [
          entry(Reading.verdict("supported"), T("a claim that the sources bear out")),
          entry(Reading.verdict("imprecise"), T("one that is true in part, or roughly")),
          entry(Reading.verdict("contradicted"), T("one that the sources speak against")),
          entry(Reading.verdict("unverifiable"), T("one that they cannot decide"))] : null));
    }

    function sureness() {
      return section("sureness", T("How sure we are"),
        make("p", {}, T("Each record says how sure it is and names its sources. A boundary is drawn by it:")),
        make("table", {}, make("thead", { class: "unseen" }, make("tr", {}, [T("Drawn"), T("How sure"), T("Records")].map((head) => make("th", { scope: "col" }, head)))),
          make("tbody", {}, content.certainties.map(([word, meaning]) => make("tr", {}, make("td", {}, Index.swatch(`line ${word}`)), make("th", { scope: "row" }, make("span", { class: `certainty ${word}` }, Words(word)), make("small", {}, Words(meaning))), make("td", {}, Figure(records.filter((record) => record.certainty === word).length)))))));
    }

    const sheet = () => section("keys", T("Keys"), make("div", { class: "sheet" }, KEYS().map(([heading, list]) => make("div", {}, make("h4", {}, heading), make("dl", {}, list.map(([names, text]) => make("div", {}, make("dt", {}, names), make("dd", {}, text))))))));

    function data() {
      const counts = [Tn("{n} place", "{n} places", { n: places.length }), Tn("{n} name", "{n} names", { n: names.length }), Tn("{n} area", "{n} areas", { n: areas.length }), Tn("{n} boundary line", "{n} boundary lines", { n: lines.length }), Tn("{n} post or mark", "{n} posts and marks", { n: sites.length }), Tn("{n} act", "{n} acts", { n: acts.length }), Tn("{n} span of possession", "{n} spans of possession", { n: holdings.length }), Tn("{n} source", "{n} sources", { n: Object.keys(content.sources).length })];
      return section("data", T("The data"),
        make("p", {}, T("{name} {version}, data {data}.", { name: content.title, version: content.version, data: content.dataVersion }), " ", T("{things}.", { things: List(counts) })),
        make("p", {}, Told(content.article.licence)),
        make("p", { class: "digest" }, T("SHA-256 of the data: {digest}", { digest: make("code", {}, content.dataHash) })));
    }

    function correcting() {
      const chosen = on.selected().map((id) => [id, FILES[on.kind(id)]]).filter(([, file]) => file).slice(0, 4);
      return section("correcting", T("Is something wrong?"),
        make("p", {}, T("Tell whoever gave you this map, or its maintainers: the id of the record, what would be right, and the source that says so, with the page. A source that contradicts ours is as welcome; the map then says both.")),
        chosen.length ? make("ul", {}, chosen.map(([id, file]) => make("li", {}, T("Selected now: {id} in {file}", { id: make("code", {}, id), file: make("code", {}, file) })))) : make("p", {}, T("Select something and open this help again: it names the record and the file that it is in.")),
        make("p", {}, T("Who corrects it themselves finds in {file} how a record is written. What words of the text point at is corrected there; “Annotations” in “Mentions” makes a file of it.", { file: make("code", {}, "data/README.md") })));
    }

    function open() {
      dialog.replaceChildren(
        make("div", { class: "help-head" }, make("h2", { id: "help-title", tabindex: -1, autofocus: true }, T("Help")), make("button", { type: "button", class: "help-close", "aria-label": T("Close the help"), onclick: () => dialog.close() }, "×")),
        make("div", { class: "help-body" }, make("div", {}, reading(), text()), make("div", {}, sureness(), correcting(), data()), sheet()));
      dialog.showModal();
      dialog.scrollTop = 0;
    }

    button.addEventListener("click", open);
    dialog.addEventListener("click", ({ target, clientX: x, clientY: y }) => { const box = dialog.getBoundingClientRect(); if (target === dialog && (x < box.left || x > box.right || y < box.top || y > box.bottom)) dialog.close(); });
    dialog.addEventListener("keydown", (event) => event.stopPropagation());   // the card and the tour behind it stay
    document.addEventListener("keydown", (event) => {
      if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
      if (event.target.closest?.("input:not([type=range], [type=checkbox]), select, textarea, [contenteditable]")) return;
      event.preventDefault();
      open();
    });
  }

  return { create };
})();
