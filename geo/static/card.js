// The card of what is selected: names, act, dates, how sure, sources, passages.
const Card = (() => {
  const { make } = Dom;
  const PLACES = { town: "town", island: "island", range: "mountain range" };
  const BASES = { river: "follows a river", survey: "surveyed and marked", straight: "a straight line", watershed: "follows a watershed", conjecture: "conjecture" };
  const TRACT = {
    in: { short: "in the 1860 tract", long: "Inside the 1860 tract" },
    out: { short: "outside it", long: "Outside the 1860 tract" },
    unnamed: { short: "not named in it", long: "Not named in the treaty of 1860; often counted with it" },
  };
  const MARGIN = 3;                          // km: the drawn lines are true within about so much
  const CHIPS = 40;                          // passages that a card leads to
  const number = new Intl.NumberFormat("en");

  const SITES = { post: "post", mark: "boundary mark", island: "island", fort: "fort" };

  // on: {select(ids), read(passage), label(passage), source(key), nearest(point), claims(ids), claim(claim), close()}
  function create(content, chronicle, element, on) {
    const chooser = (id, text) => make("button", { type: "button", class: "inline", onclick: () => on.select([id]) }, text ?? content.nameOf(id));
    const meanings = Object.fromEntries(content.certainties);
    const sure = (record) => Dom.sure(content, record);
    const cites = (list) => Dom.cites(content, list, on.source);
    const row = (term, ...value) => value.flat().some(Boolean) ? [make("dt", {}, term), make("dd", {}, ...value)] : null;

    function actLine(id) {
      const act = content.acts[id];
      return act ? [chooser(id, act.names.en), act.date ? [" (", act.date, act.julian ? `; ${julian(act.julian)} in the Julian calendar` : "", ")"] : ""] : null;
    }

    // An occupation is a fact, not a title; what was Russia's side in 1689 was not new to it, nor what an agreement settled.
    const cameBy = (id) => (content.acts[id].kind === "occupation" ? "Held by Russia since" : content.acts[id].kind === "agreement" ? "Settled as Russian by" : id === content.firstLine ? "Left to Russia by" : "Became Russian by");
    const julian = (iso) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));

    // Who held a piece of land, from 1689 to today; the state on the date of the view is marked.
    function chain(area, day) {
      const states = chronicle.chain(area);
      return states.length ? make("details", { class: "chain", open: true }, make("summary", {}, "Who held it"), make("ol", {}, states.map((state) => make("li", { class: Chronicle.within(state.span, day || chronicle.last) ? "now" : "" },
        Paint.swatch(chronicle.look(state)), make("div", {}, make("b", {}, chronicle.span(state.span)), " ", chronicle.describe(state), state.act ? [", by ", chooser(state.act)] : "", ". ",
          make("small", {}, state.note, " ", sure(state), " ", cites(state.citations))))))) : null;
    }

    // A point asked about: which act moved this land is answered by where it lies.
    function pointBlock(point, area, day) {
      const near = on.nearest(point), degrees = (value, plus, minus) => `${Math.abs(value).toFixed(2)}° ${value < 0 ? minus : plus}`;
      return make("p", { class: "point" }, "The point ", make("b", {}, `${degrees(point.lat, "N", "S")} ${degrees(point.lon, "E", "W")}`), " lies in this area. ",
        area.act ? ["The land became Russian by ", chooser(area.act), ". "] : "No act on this map made it Russian for good. ",
        near ? [`The nearest boundary ${day ? "in force on the date" : "of any date"} is about ${near.km < 10 ? near.km.toFixed(1) : Math.round(near.km)} km away`, near.km < MARGIN ? make("strong", {}, ", so near that the side is not sure") : "", ": ", chooser(near.id)] : "");
    }

    // Founding and law in time; it stays at hand, for its needle follows the day of the view.
    function inTime(subject, day) {
      strip = Strip.create(content, chronicle, subject, day, { select: on.select, name: content.nameOf });
      return strip?.element;
    }

    // The nearest boundary to a spot, as a sentence that names it.
    function nearest([lon, lat], day) {
      const near = on.nearest({ lat, lon });
      if (!near) return "";
      const km = near.km < 10 ? Math.round(near.km * 10) / 10 : Math.round(near.km), line = chooser(near.id);
      return day ? T("about {km} km away, of those in force on the date: {line}", { line, km }) : T("about {km} km away, of those of any date: {line}", { line, km });
    }

    function placeCard(place, { date }) {
      const tract = content.tractOf(place);
      return [
        make("p", { class: "kicker" }, make("span", { class: `badge ${content.styleOf([place.id])}` }, place.number), ` ${PLACES[place.kind]}, no. ${place.number} of the rule’s eight places`),
        make("h2", {}, place.labels.en, " ", make("span", { lang: "zh-Hans", class: "han" }, place.bracketed)),
        make("p", { class: `tract ${tract}` }, TRACT[tract].long),
        inTime({ areas: place.ground, act: place.act, founded: place.founded, foundedSpan: place.foundedSpan }, date),
        make("dl", {},
          row(cameBy(place.act), actLine(place.act)),
          row("About that", place.actNote),
          row("Founded", place.founded, place.founded && place.foundedNote ? ". " : "", place.foundedNote),
          row("Census 2021", place.population === null ? "" : `${number.format(place.population)} inhabitants`, place.population === null ? "" : " (", place.population === null ? "" : cites(place.populationCitations), place.population === null ? "" : ")"),
          row(T("Nearest boundary"), place.kind === "town" ? nearest(place.at, date) : ""),
          row("How sure", sure(place), " ", meanings[place.certainty]),
          row("Sources", cites(place.citations)),
          row("Elsewhere", place.wikidata ? Dom.link(`https://www.wikidata.org/wiki/${place.wikidata}`, `Wikidata ${place.wikidata}`) : "", place.wikidata && place.geonames ? ", " : "", place.geonames ? Dom.link(`https://www.geonames.org/${place.geonames}`, `GeoNames ${place.geonames}`) : "")),
        ...NameList.list(content, place, { sure, cites }),
        ...(place.ground.length === 1 ? [chain(place.ground[0], date)] : place.ground.map((area) => make("p", { class: "ground" }, chooser(area), ": ", ...said(area, date)))),
      ];
    }

    const said = (area, date) => { const state = chronicle.on(area, date || chronicle.last); return state ? [Paint.swatch(chronicle.look(state)), " ", chronicle.describe(state), date ? ` on ${Chronicle.words(date)}` : " today"] : []; };

    function otherNames(names) {
      return make("p", { class: "other-names" }, ["ru", "zh-Hans", "zh-Hant"].filter((lang) => names[lang]).map((lang, n) => [n ? " · " : "", make("span", { lang }, names[lang])]));
    }

    function areaCard(area, { date, point }) {
      const islands = area.km2 - area.mainlandKm2;
      return [
        make("p", { class: "kicker" }, Index.swatch(area.style), area.role === "subject" ? " area moved by an act" : " part of the frame"),
        make("h2", {}, area.names.en), otherNames(area.names),
        point ? pointBlock(point, area, date) : null,
        inTime({ areas: [area.id], act: area.act }, date),
        date ? chain(area.id, date) : null,
        make("dl", {},
          area.act ? row(cameBy(area.act), actLine(area.act)) : null,
          row("Measured", `${number.format(area.km2)} km²`, islands >= 1 ? ` (largest part ${number.format(area.mainlandKm2)} km², the rest islands)` : "", area.role === "context" ? " within the frame of this map" : ""),
          row("Note", area.note),
          row("Outline", area.basis),
          row("How sure", sure(area), " ", meanings[area.certainty]),
          row("Sources", cites(area.citations))),
        date ? null : chain(area.id, date),
      ];
    }

    function siteCard(site, { date }) {
      return [
        make("p", { class: "kicker" }, Index.swatch("site"), ` ${SITES[site.kind]}`),
        make("h2", {}, site.names.en), otherNames(site.names),
        inTime({ areas: [site.id], act: site.act }, date),
        make("dl", {}, row("Dates", site.dates), row("Act", site.act ? actLine(site.act) : ""), row("Note", site.note), row(T("Nearest boundary"), nearest(site.at, date)), row("How sure", sure(site), " ", meanings[site.certainty]), row("Sources", cites(site.citations))),
        chain(site.id, date),
      ];
    }

    function lineCard(line) {
      return [
        make("p", { class: "kicker" }, Index.swatch(`line ${line.certainty}`), " boundary line"),
        make("h2", {}, line.names.en), otherNames(line.names),
        make("dl", {}, row("Drawn by", line.act ? actLine(line.act) : ""), row("In force", line.dates), row("Basis", BASES[line.basis]), row("Note", line.note), row("How sure", sure(line), " ", meanings[line.certainty]), row("Sources", cites(line.citations))),
      ];
    }

    function actCard(id, act) {
      return [
        make("p", { class: "kicker" }, "act"),
        make("h2", {}, act.names.en), otherNames(act.names),
        make("dl", {}, row("Date", act.date, act.julian ? ` (${julian(act.julian)} in the Julian calendar)` : ""), row("Parties", act.parties), row(act.kind === "rule" || act.kind === "report" ? "Issued by" : "Signed by", act.signatories), row("What it says", act.summary), row("Versions and readings", act.differences),
          row("Moved", content.areas.filter((area) => area.act === id && area.role === "subject").map((area, n) => [n ? ", " : "", chooser(area.id)])),
          row("What it changed", content.holdings.filter((state) => state.act === id).map((state) => make("span", { class: "ground" }, chooser(state.area), ": ", chronicle.describe(state)))),
          row("Lines", content.lines.filter((line) => line.act === id).map((line, n) => [n ? ", " : "", chooser(line.id)])),
          row("How sure", sure(act), " ", meanings[act.certainty]), row("Sources", cites(act.citations))),
      ];
    }

    // What our account says of it, weighed: each leads to the claim beside its passage.
    function claims(ids) {
      const found = on.claims(ids);
      return found.length ? make("div", { class: "claims-about" }, make("p", {}, found.length === 1 ? "A claim about it:" : "Claims about it:"), make("ul", {}, found.map((claim) => make("li", {}, Reading.verdict(claim.verdict), " ", make("a", { href: `#passage=${claim.passage}`, onclick: (event) => { event.preventDefault(); on.claim(claim); } }, claim.words))))) : "";
    }

    function groupCard(ids) {
      return [make("p", { class: "kicker" }, "group"), make("h2", {}, `${ids.length} together`), make("ul", { class: "group" }, ids.map((id) => make("li", {}, chooser(id), " ", make("small", {}, content.actName(id)))))];
    }

    function body(view) {
      const ids = view.place;
      if (ids.length > 1) return groupCard(ids);
      const [id] = ids;
      const find = (list) => list.find((record) => record.id === id);
      const own = content.own && find(content.own.places);
      if (own) return Yours.card(content, own, view.lang, { row, chooser });
      const place = find(content.places), area = find(content.areas), line = find(content.lines), site = find(content.sites);
      return place ? placeCard(place, view) : area ? areaCard(area, view) : line ? lineCard(line) : site ? siteCard(site, view) : actCard(id, content.acts[id]);
    }

    // Where the published text is known, beside the way to a passage one to its words there.
    function published(id) {
      const passage = content.article.passages.find((one) => one.id === id), there = Fragment.link(content.article.source ?? "", passage?.text ?? "");
      return there ? Object.assign(Dom.link(there, "↗"), { className: "there" }) : "";
    }

    // Where the keyboard was, to go back to when the card closes.
    let opener = null, shown = "";
    // The strip of the card that is shown, if it has one.
    let strip = null;

    function show(view, lit, note, enter = false) {
      const ids = view.place;
      const held = element.contains(document.activeElement), scrolled = element.scrollTop;
      if (!held && ids.length) opener = document.activeElement;
      element.hidden = !ids.length;
      strip = null;
      if (!ids.length) {
        element.replaceChildren();
        if (held) (opener?.isConnected ? opener : document.querySelector(".map")).focus({ preventScroll: true });
        return undefined;
      }
      const passages = lit.length
        ? make("p", { class: "where" }, "In the text: ", lit.slice(0, CHIPS).map((id) => [make("button", { type: "button", class: "chip", onclick: () => on.read(id) }, on.label(id)), published(id)]), lit.length > CHIPS ? ` and ${number.format(lit.length - CHIPS)} passages more` : "")
        : make("p", { class: "where" }, "The text does not mention it.");
      element.replaceChildren(make("button", { type: "button", class: "close", "aria-label": "Close the card", onclick: on.close }, "×"), ...body(view).filter(Boolean), note ? make("p", { class: "note" }, note) : "", Yours.also(content, ids, chooser), claims(ids), passages);
      const title = element.querySelector("h2");
      title.id = "card-title";
      title.tabIndex = -1;
      if (held || enter) title.focus({ preventScroll: true });
      // Another date must not scroll a reader back to the top.
      if (shown !== ids.join()) element.scrollTop = 0;
      else element.scrollTop = scrolled;
      shown = ids.join();
      return undefined;
    }

    return { show, turn: (day) => strip?.turn(day) };
  }

  return { create, TRACT };
})();
