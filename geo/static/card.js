// The card of what is selected: names, act, dates, how sure, sources, passages.
const Card = (() => {
  const { make } = Dom;
  const KINDS = { official: "official", bracketed: "bracketed by the 2023 rule", transliteration: "transliteration, stays the main name in Chinese", historical: "historical", indigenous: "indigenous" };
  const PLACES = { town: "town", island: "island", range: "mountain range" };
  const BASES = { river: "follows a river", survey: "surveyed and marked", straight: "a straight line", watershed: "follows a watershed", conjecture: "conjecture" };
  const TRACT = {
    in: { short: "in the 1860 tract", long: "Inside the 1860 tract" },
    out: { short: "outside it", long: "Outside the 1860 tract" },
    unnamed: { short: "not named in it", long: "Not named in the treaty of 1860; often counted with it" },
  };
  const number = new Intl.NumberFormat("en");

  // on: {select(ids), read(passage), label(passage), source(key), close()}
  function create(content, element, on) {
    const chooser = (id, text) => make("button", { type: "button", class: "inline", onclick: () => on.select([id]) }, text ?? content.nameOf(id));
    const meanings = Object.fromEntries(content.certainties);
    const sure = (record) => make("span", { class: `certainty ${record.certainty}`, title: meanings[record.certainty] }, record.certainty);
    const row = (term, ...value) => value.flat().some(Boolean) ? [make("dt", {}, term), make("dd", {}, ...value)] : null;

    function cites(list) {
      return list.map(([key, locator], n) => [n ? "; " : "", make("a", { href: `#source-${key}`, class: "cite", title: content.sources[key].text, onclick: (event) => { event.preventDefault(); on.source(key); } }, content.shortSource(key) + (locator ? `, ${locator}` : ""))]);
    }

    function actLine(id) {
      const act = content.acts[id];
      return act ? [chooser(id, act.names.en), act.date ? ` (${act.date}${act.julian ? `; ${julian(act.julian)} in the Julian calendar` : ""})` : ""] : null;
    }

    // An occupation is a fact, not a title; and what was Russia's side in 1689 was not new to it.
    const cameBy = (id) => (content.acts[id].kind === "occupation" ? "Held by Russia since" : id === content.firstLine ? "Left to Russia by" : "Became Russian by");
    const julian = (iso) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));

    function names(place) {
      return make("table", { class: "names" }, make("caption", {}, "Names"), make("tbody", {}, place.names.map((name) => make("tr", {},
        make("td", { lang: name.lang.replace("-pinyin", "") }, name.form),
        make("td", {}, `${content.languageName(name.lang)}, ${KINDS[name.kind]}`, name.dates ? `, ${name.dates}` : "",
          name.note ? make("small", {}, name.note) : null, make("small", {}, sure(name), " ", cites(name.citations)))))));
    }

    function placeCard(place) {
      const tract = content.tractOf(place);
      return [
        make("p", { class: "kicker" }, make("span", { class: `badge ${content.styleOf([place.id])}` }, place.number), ` ${PLACES[place.kind]}, no. ${place.number} of the rule’s eight places`),
        make("h2", {}, place.labels.en, " ", make("span", { lang: "zh-Hans", class: "han" }, place.bracketed)),
        make("p", { class: `tract ${tract}` }, TRACT[tract].long),
        make("dl", {},
          row(cameBy(place.act), actLine(place.act)),
          row("About that", place.actNote),
          row("Founded", place.founded, place.founded && place.foundedNote ? ". " : "", place.foundedNote),
          row("Census 2021", place.population === null ? "" : `${number.format(place.population)} inhabitants`, place.population === null ? "" : " (", place.population === null ? "" : cites(place.populationCitations), place.population === null ? "" : ")"),
          row("How sure", sure(place), " ", meanings[place.certainty]),
          row("Sources", cites(place.citations)),
          row("Elsewhere", place.wikidata ? Dom.link(`https://www.wikidata.org/wiki/${place.wikidata}`, `Wikidata ${place.wikidata}`) : "", place.wikidata && place.geonames ? ", " : "", place.geonames ? Dom.link(`https://www.geonames.org/${place.geonames}`, `GeoNames ${place.geonames}`) : "")),
        names(place),
      ];
    }

    function otherNames(names) {
      return make("p", { class: "other-names" }, ["ru", "zh-Hans", "zh-Hant"].filter((lang) => names[lang]).map((lang, n) => [n ? " · " : "", make("span", { lang }, names[lang])]));
    }

    function areaCard(area) {
      const islands = area.km2 - area.mainlandKm2;
      return [
        make("p", { class: "kicker" }, Index.swatch(area.style), area.role === "subject" ? " area moved by an act" : " part of the frame"),
        make("h2", {}, area.names.en), otherNames(area.names),
        make("dl", {},
          area.act ? row(cameBy(area.act), actLine(area.act)) : null,
          row("Measured", `${number.format(area.km2)} km²`, islands >= 1 ? ` (largest part ${number.format(area.mainlandKm2)} km², the rest islands)` : "", area.role === "context" ? " within the frame of this map" : ""),
          row("Note", area.note),
          row("Outline", area.basis),
          row("How sure", sure(area), " ", meanings[area.certainty]),
          row("Sources", cites(area.citations))),
      ];
    }

    function lineCard(line) {
      return [
        make("p", { class: "kicker" }, Index.swatch(`line ${line.certainty}`), " boundary line"),
        make("h2", {}, line.names.en), otherNames(line.names),
        make("dl", {}, row("Drawn by", line.act ? actLine(line.act) : ""), row("Basis", BASES[line.basis]), row("Note", line.note), row("How sure", sure(line), " ", meanings[line.certainty]), row("Sources", cites(line.citations))),
      ];
    }

    function actCard(id, act) {
      return [
        make("p", { class: "kicker" }, "act"),
        make("h2", {}, act.names.en), otherNames(act.names),
        make("dl", {}, row("Date", act.date, act.julian ? ` (${julian(act.julian)} in the Julian calendar)` : ""), row("Parties", act.parties), row(act.kind === "rule" || act.kind === "report" ? "Issued by" : "Signed by", act.signatories), row("What it says", act.summary), row("Versions and readings", act.differences),
          row("Moved", content.areas.filter((area) => area.act === id && area.role === "subject").map((area, n) => [n ? ", " : "", chooser(area.id)])),
          row("Lines", content.lines.filter((line) => line.act === id).map((line, n) => [n ? ", " : "", chooser(line.id)])),
          row("How sure", sure(act), " ", meanings[act.certainty]), row("Sources", cites(act.citations))),
      ];
    }

    function groupCard(ids) {
      return [make("p", { class: "kicker" }, "group"), make("h2", {}, `${ids.length} together`), make("ul", { class: "group" }, ids.map((id) => make("li", {}, chooser(id), " ", make("small", {}, content.actName(id)))))];
    }

    function body(ids) {
      if (ids.length > 1) return groupCard(ids);
      const [id] = ids;
      const find = (list) => list.find((record) => record.id === id);
      const place = find(content.places), area = find(content.areas), line = find(content.lines);
      return place ? placeCard(place) : area ? areaCard(area) : line ? lineCard(line) : actCard(id, content.acts[id]);
    }

    // Where the keyboard was, to go back to when the card closes.
    let opener = null;

    function show(ids, lit, note, enter = false) {
      const held = element.contains(document.activeElement);
      if (!held && ids.length) opener = document.activeElement;
      element.hidden = !ids.length;
      if (!ids.length) {
        element.replaceChildren();
        if (held) (opener?.isConnected ? opener : document.querySelector(".map")).focus({ preventScroll: true });
        return undefined;
      }
      const passages = lit.length
        ? make("p", { class: "where" }, "In the text: ", lit.map((id) => make("button", { type: "button", class: "chip", onclick: () => on.read(id) }, on.label(id))))
        : make("p", { class: "where" }, "The text does not mention it.");
      element.replaceChildren(make("button", { type: "button", class: "close", "aria-label": "Close the card", onclick: on.close }, "×"), ...body(ids).filter(Boolean), note ? make("p", { class: "note" }, note) : "", passages);
      const title = element.querySelector("h2");
      title.id = "card-title";
      title.tabIndex = -1;
      if (held || enter) title.focus({ preventScroll: true });
      element.scrollTop = 0;
      return undefined;
    }

    return { show };
  }

  return { create, TRACT };
})();
