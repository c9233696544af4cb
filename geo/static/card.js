// The card of what is selected: names, act, dates, how sure, sources, passages.
const Card = (() => {
  const { make } = Dom;
  const PLACES = { town: (n) => T("town, no. {n} of the rule’s eight places", { n }), island: (n) => T("island, no. {n} of the rule’s eight places", { n }), range: (n) => T("mountain range, no. {n} of the rule’s eight places", { n }) };
  const BASES = { river: T("follows a river"), survey: T("surveyed and marked"), straight: T("a straight line"), watershed: T("follows a watershed"), conjecture: T("conjecture") };
  const TRACT = {
    in: { short: T("in the 1860 tract"), long: T("Inside the 1860 tract") },
    out: { short: T("outside it"), long: T("Outside the 1860 tract") },
    unnamed: { short: T("not named in it"), long: T("Not named in the treaty of 1860; often counted with it") },
  };
  const MARGIN = 3;                          // km: the drawn lines are true within about so much
  const CHIPS = 40;                          // passages that a card leads to
  const SITES = { post: T("post"), mark: T("boundary mark"), island: T("island"), fort: T("fort") };
  const SAME_YEAR = { day: "numeric", month: "long" };

  // on: {select(ids), read(passage), label(passage), source(key), nearest(point), claims(ids), claim(claim), close()}
  function create(content, chronicle, element, on) {
    const chooser = (id, text) => make("button", { type: "button", class: "inline", onclick: () => on.select([id]) }, text ?? content.nameOf(id));
    const meanings = Object.fromEntries(content.certainties);
    const sure = (record) => Dom.sure(content, record);
    const howSure = (record) => row(T("How sure"), sure(record), " ", Words(meanings[record.certainty]));
    const cites = (list) => Dom.cites(content, list, on.source);
    const row = (term, ...value) => value.flat().some(Boolean) ? [make("dt", {}, term), make("dd", {}, ...value)] : null;

    function actLine(id) {
      const act = content.acts[id];
      if (!act) return null;
      const said = { act: chooser(id), date: Words(act.date), julian: Day(act.julian, SAME_YEAR) };
      return act.julian ? T("{act} ({date}; {julian} in the Julian calendar)", said) : act.date ? T("{act} ({date})", said) : said.act;
    }

    // An occupation is a fact, not a title; what was Russia's side in 1689 was not new to it, nor what an agreement settled.
    const cameBy = (id) => (content.acts[id].kind === "occupation" ? T("Held by Russia since") : content.acts[id].kind === "agreement" ? T("Settled as Russian by") : id === content.firstLine ? T("Left to Russia by") : T("Became Russian by"));

    // Who held a piece of land, from 1689 to today; the state on the date of the view is marked.
    function chain(area, day) {
      const states = chronicle.chain(area);
      return states.length ? make("details", { class: "chain", open: true }, make("summary", {}, T("Who held it")), make("ol", {}, states.map((state) => make("li", { class: Chronicle.within(state.span, day || chronicle.last) ? "now" : "" },
        Paint.swatch(chronicle.look(state)), make("div", {}, make("b", {}, chronicle.span(state.span)), " ", state.act ? T("{state}, by {act}.", { state: chronicle.describe(state), act: chooser(state.act) }) : T("{state}.", { state: chronicle.describe(state) }), " ",
          make("small", {}, Words(state.note), " ", sure(state), " ", cites(state.citations))))))) : null;
    }

    const kilometres = (km) => { const digits = km < 10 ? 1 : 0; return Figure(km, { minimumFractionDigits: digits, maximumFractionDigits: digits }); };

    // A point asked about: which act moved this land is answered by where it lies.
    function pointBlock(point, area, day) {
      const near = on.nearest(point), said = near && { km: kilometres(near.km), line: chooser(near.id), unsure: near.km < MARGIN ? make("strong", {}, T(", so near that the side is not sure")) : "" };
      return make("p", { class: "point" }, T("The point {point} lies in this area.", { point: make("b", {}, Dom.degrees(point.lat, point.lon)) }), " ",
        area.act ? T("The land became Russian by {act}.", { act: chooser(area.act) }) : T("No act on this map made it Russian for good."), " ",
        !near ? "" : day ? T("The nearest boundary in force on the date is about {km} km away{unsure}: {line}", said) : T("The nearest boundary of any date is about {km} km away{unsure}: {line}", said));
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
      const said = { km: kilometres(near.km), line: chooser(near.id) };
      return day ? T("about {km} km away, of those in force on the date: {line}", said) : T("about {km} km away, of those of any date: {line}", said);
    }

    function placeCard(place, { date }) {
      const tract = content.tractOf(place);
      return [
        make("p", { class: "kicker" }, make("span", { class: `badge ${content.styleOf([place.id])}` }, place.number), " ", PLACES[place.kind](place.number)),
        make("h2", {}, content.titleOf(place), " ", Names.bracketed(place)),
        make("p", { class: `tract ${tract}` }, TRACT[tract].long),
        inTime({ areas: place.ground, act: place.act, founded: place.founded, foundedSpan: place.foundedSpan }, date),
        make("dl", {},
          row(cameBy(place.act), actLine(place.act)),
          row(T("About that"), Words(place.actNote)),
          row(T("Founded"), Words(place.founded), place.founded && place.foundedNote ? ". " : "", Words(place.foundedNote)),
          row(T("Census 2021"), place.population === null ? "" : Tn("{n} inhabitant ({sources})", "{n} inhabitants ({sources})", { n: place.population, sources: cites(place.populationCitations) })),
          row(T("Nearest boundary"), place.kind === "town" ? nearest(place.at, date) : ""),
          howSure(place),
          row(T("Sources"), cites(place.citations)),
          row(T("Elsewhere"), place.wikidata ? Dom.link(`https://www.wikidata.org/wiki/${place.wikidata}`, `Wikidata ${place.wikidata}`) : "", place.wikidata && place.geonames ? T(", ") : "", place.geonames ? Dom.link(`https://www.geonames.org/${place.geonames}`, `GeoNames ${place.geonames}`) : "")),
        ...NameList.list(content, place, { sure, cites }),
        ...(place.ground.length === 1 ? [chain(place.ground[0], date)] : place.ground.map((area) => make("p", { class: "ground" }, chooser(area), ": ", ...said(area, date)))),
      ];
    }

    const said = (area, date) => { const state = chronicle.on(area, date || chronicle.last); return state ? [Paint.swatch(chronicle.look(state)), " ", date ? T("{state} on {day}", { state: chronicle.describe(state), day: Day(date) }) : T("{state} today", { state: chronicle.describe(state) })] : []; };

    function areaSize({ km2, mainlandKm2, role }) {
      const said = { km2, largest: mainlandKm2 }, islands = km2 - mainlandKm2 >= 1;
      if (role === "context") return islands ? T("{km2} km² (largest part {largest} km², the rest islands) within the frame of this map", said) : T("{km2} km² within the frame of this map", said);
      return islands ? T("{km2} km² (largest part {largest} km², the rest islands)", said) : T("{km2} km²", said);
    }

    function areaCard(area, { date, point }) {
      return [
        make("p", { class: "kicker" }, Index.swatch(area.style), " ", area.role === "subject" ? T("area moved by an act") : T("part of the frame")),
        make("h2", {}, Name(area.names)), Dom.otherNames(area.names),
        point ? pointBlock(point, area, date) : null,
        inTime({ areas: [area.id], act: area.act }, date),
        date ? chain(area.id, date) : null,
        make("dl", {},
          area.act ? row(cameBy(area.act), actLine(area.act)) : null,
          row(T("Measured"), areaSize(area)),
          row(T("Note"), Words(area.note)),
          row(T("Outline"), Words(area.basis)),
          howSure(area),
          row(T("Sources"), cites(area.citations))),
        date ? null : chain(area.id, date),
      ];
    }

    function siteCard(site, { date }) {
      return [
        make("p", { class: "kicker" }, Index.swatch("site"), " ", SITES[site.kind]),
        make("h2", {}, Name(site.names)), Dom.otherNames(site.names),
        inTime({ areas: [site.id], act: site.act }, date),
        make("dl", {}, row(T("Dates"), Words(site.dates)), row(T("Act"), site.act ? actLine(site.act) : ""), row(T("Note"), Words(site.note)), row(T("Nearest boundary"), nearest(site.at, date)), howSure(site), row(T("Sources"), cites(site.citations))),
        chain(site.id, date),
      ];
    }

    function lineCard(line) {
      return [
        make("p", { class: "kicker" }, Index.swatch(`line ${line.certainty}`), " ", T("boundary line")),
        make("h2", {}, Name(line.names)), Dom.otherNames(line.names),
        make("dl", {}, row(T("Drawn by"), line.act ? actLine(line.act) : ""), row(T("In force"), Words(line.dates)), row(T("Basis"), BASES[line.basis]), row(T("Note"), Words(line.note)), howSure(line), row(T("Sources"), cites(line.citations))),
      ];
    }

    function actCard(id, act) {
      return [
        make("p", { class: "kicker" }, T("act")),
        make("h2", {}, Name(act.names)), Dom.otherNames(act.names),
        make("dl", {}, row(T("Date"), act.julian ? T("{date} ({julian} in the Julian calendar)", { date: Words(act.date), julian: Day(act.julian, SAME_YEAR) }) : Words(act.date)), row(T("Parties"), Words(act.parties)), row(act.kind === "rule" || act.kind === "report" ? T("Issued by") : T("Signed by"), Words(act.signatories)), row(T("What it says"), Words(act.summary)), row(T("Versions and readings"), Words(act.differences)),
          row(T("Moved"), Dom.row(content.areas.filter((area) => area.act === id && area.role === "subject").map((area) => chooser(area.id)))),
          row(T("What it changed"), content.holdings.filter((state) => state.act === id).map((state) => make("span", { class: "ground" }, chooser(state.area), ": ", chronicle.describe(state)))),
          row(T("Lines"), Dom.row(content.lines.filter((line) => line.act === id).map((line) => chooser(line.id)))),
          howSure(act), row(T("Sources"), cites(act.citations))),
      ];
    }

    // What our account says of it, weighed: each leads to the claim beside its passage.
    function claims(ids) {
      const found = on.claims(ids);
      return found.length ? make("div", { class: "claims-about" }, make("p", {}, Tn("A claim about it:", "Claims about it:", { n: found.length })), make("ul", {}, found.map((claim) => make("li", {}, Reading.verdict(claim.verdict), " ", make("a", { href: `#passage=${claim.passage}`, lang: content.article.lang, onclick: (event) => { event.preventDefault(); on.claim(claim); } }, claim.words))))) : "";
    }

    function groupCard(ids) {
      return [make("p", { class: "kicker" }, T("group")), make("h2", {}, Tn("{n} together", "{n} together", { n: ids.length })), make("ul", { class: "group" }, ids.map((id) => make("li", {}, chooser(id), " ", make("small", {}, content.actName(id)))))];
    }

    function body(view) {
      const ids = view.place;
      if (ids.length > 1) return groupCard(ids);
      const [id] = ids;
      const find = (list) => list.find((record) => record.id === id);
      const own = content.own && find(content.own.places);
      if (own) return Yours.card(content, own, { row, chooser });
      const place = find(content.places), area = find(content.areas), line = find(content.lines), site = find(content.sites);
      return place ? placeCard(place, view) : area ? areaCard(area, view) : line ? lineCard(line) : site ? siteCard(site, view) : actCard(id, content.acts[id]);
    }

    // Where the published text is known, beside the way to a passage one to its words there.
    function published(id) {
      const passage = content.article.passages.find((one) => one.id === id), there = Fragment.link(content.article.source ?? "", passage?.text ?? "");
      return there ? Dom.set(Dom.link(there, "↗"), { class: "there", title: T("Opens the published article at these words"), "aria-label": T("In the published text") }) : "";
    }

    // Where the keyboard was, to go back to when the card closes.
    let opener = null, shown = "";
    // The strip of the card that is shown, if it has one.
    let strip = null;

    function show(view, lit, note, enter = false) {
      const ids = view.place;
      const held = element.contains(document.activeElement), same = shown === ids.join(), scrolled = same ? element.scrollTop : 0;
      if (!held && ids.length) opener = document.activeElement;
      element.hidden = !ids.length;
      strip = null;
      if (!ids.length) {
        element.replaceChildren();
        if (held) (opener?.isConnected ? opener : document.querySelector(".map")).focus({ preventScroll: true });
        return undefined;
      }
      const passages = lit.length
        ? make("p", { class: "where" }, T("In the text:"), " ", lit.slice(0, CHIPS).map((id) => [make("button", { type: "button", class: "chip", onclick: () => on.read(id) }, on.label(id)), published(id)]), lit.length > CHIPS ? [" ", Tn("and {n} passage more", "and {n} passages more", { n: lit.length - CHIPS })] : "")
        : make("p", { class: "where" }, T("The text does not mention it."));
      element.replaceChildren(make("button", { type: "button", class: "close", "aria-label": T("Close the card"), onclick: on.close }, "×"), ...body(view).filter(Boolean), note ? make("p", { class: "note" }, Words(note)) : "", Yours.also(content, ids, chooser), claims(ids), passages);
      const title = element.querySelector("h2");
      title.id = "card-title";
      title.tabIndex = -1;
      if (held || enter) title.focus({ preventScroll: true });
      // Another date must not scroll a reader back to the top.
      element.scrollTop = scrolled;
      shown = ids.join();
      return undefined;
    }

    return { show, turn: (day) => strip?.turn(day) };
  }

  return { create, TRACT };
})();
