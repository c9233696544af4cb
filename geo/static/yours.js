// A reader's own gazetteer in words: its list in the index, its cards.
const Yours = (() => {
  const { make } = Dom;
  const FEW = 30, MOST = 200;                // rows without a filter; rows shown at a time
  const SHAPES = { point: "own-point", line: "own-line", area: "own-area" };
  const ELSEWHERE = { gn: ["GeoNames", "https://www.geonames.org/"], wd: ["Wikidata", "https://www.wikidata.org/wiki/"] };

  // What tells a place of the reader's from another of its name; nothing of any other record.
  function told(record) {
    if (!record?.forms) return "";
    const [lon, lat] = record.label ?? record.at?.[0] ?? [];
    return Row([record.kind, lon === undefined ? T("no position") : Dom.degrees(lat, lon)].filter(Boolean));
  }

  // What the gazetteer lacks of the reader's file; nothing where it is whole.
  const LEFT = { map: (n) => Tn("{n} place is left out that the map does not reach.", "{n} places are left out that the map does not reach.", { n }), text: (n) => Tn("{n} place is left out that the text does not name.", "{n} places are left out that the text does not name.", { n }) };
  const lacking = ({ moved, chosen, leftOut }) => [moved && T("Outlines are simplified: they lie up to {m} m from where the file has them.", { m: moved }), chosen && LEFT[chosen](leftOut)].filter(Boolean);

  // The list, after another panel of the index; returns what marks the selected rows. on: {select(ids)}
  function list(content, before, on) {
    if (!content.own) return () => {};
    const { places, title } = content.own, rows = new Map();
    let view = { place: [] }, said = "en";
    const body = make("tbody"), count = make("p", { class: "hint", role: "status" });
    const search = make("input", { type: "search", id: "own-search", placeholder: T("Filter by name or kind"), "aria-label": T("Filter your gazetteer"), oninput: fill });
    const words = places.map((place) => [...place.forms.map(([form]) => form), place.kind ?? ""].join("\n").toLowerCase());

    function fill() {
      const sought = search.value.trim().toLowerCase();
      const found = places.filter((_, n) => words[n].includes(sought)), shown = found.slice(0, MOST);
      rows.clear();
      body.replaceChildren(...shown.map(row));
      const said = { first: MOST, n: places.length, found: found.length };
      Dom.fill(count, found.length > shown.length ? T("The first {first} of {found} places; filter to see others.", said) : sought ? Tn("{found} of {n} place", "{found} of {n} places", said) : Told(content.own.described));
      mark(view);
    }

    function row(place) {
      const [form, lang] = OwnPlaces.nameIn(place, Language.tag());
      const element = make("tr", { "data-own": place.id, onclick: (event) => event.target.closest("button") || on.select([place.id]) },
        make("th", { scope: "row" }, make("button", { type: "button", lang: lang === "und" ? null : lang, onclick: () => on.select([place.id]) }, form),
          make("small", {}, Dom.row([place.kind, place.dates, place.outside ? T("outside the map") : place.at ? "" : T("no position")].filter(Boolean)))));
      rows.set(place.id, element);
      return element;
    }

    function mark(next) {
      view = next;
      if (said !== (said = Language.tag())) return fill();
      rows.forEach((element, id) => {
        element.classList.toggle("selected", view.place.includes(id));
        element.querySelector("button").setAttribute("aria-pressed", String(view.place.includes(id)));
      });
      return undefined;
    }

    before.after(make("section", { class: "panel", id: "gazetteer", "aria-labelledby": "gazetteer-heading" },
      make("h2", { id: "gazetteer-heading" }, T("Your gazetteer")), make("p", { class: "hint own-title" }, title),
      lacking(content.own).map((said) => make("p", { class: "hint own-lacking" }, said)),
      places.length > FEW ? search : null, count,
      make("table", {}, make("caption", { class: "unseen" }, T("The places of your gazetteer")), body)));
    fill();
    return mark;
  }

  // tools: those of the card, {row, chooser}
  function card(content, place, { row, chooser }) {
    const [main, tag] = OwnPlaces.nameIn(place, Language.tag());
    const others = place.forms.filter(([form, other]) => form !== main || other !== tag);
    const spoken = (other) => (other === "und" ? "" : content.languageName(other));
    return [
      make("p", { class: "kicker" }, Index.swatch(SHAPES[place.shape] ?? "own-point"), " ", place.kind ? T("your gazetteer: {kind}", { kind: place.kind }) : T("your gazetteer")),
      make("h2", { lang: tag === "und" ? null : tag }, main),
      make("dl", {},
        row(T("Dates"), place.dates),
        row(T("Note"), place.note),
        row(T("On the map"), place.at ? (place.outside ? T("It lies outside the frame of this map.") : "") : T("Your file gives it no position.")),
        row(T("In the atlas"), place.twin ? T("{place}, by its number, or by its name nearby", { place: chooser(place.twin) }) : ""),
        row(T("Address"), place.url ? Dom.link(place.url, place.url.replace(/^https?:\/\//, "").slice(0, 60)) : ""),
        row(T("Elsewhere"), Dom.row((place.matches ?? []).map((match) => { const [kind, number] = match.split(":"), [name, address] = ELSEWHERE[kind]; return Dom.link(address + number, `${name} ${number}`); }))),
        row(T("Source"), place.credit),
        row(T("Id in your file"), place.source),
        row(T("Gazetteer"), T("{title}. Licence: {licence}.", { title: content.own.title, licence: Told(content.own.licence) }))),
      others.length ? make("table", { class: "names" }, make("caption", {}, T("Other names")), make("tbody", {}, others.map(([form, other]) => make("tr", {}, make("td", { lang: other === "und" ? null : other }, form), make("td", {}, spoken(other)))))) : null,
    ];
  }

  // On the card of a place of ours: that the reader's gazetteer has it too.
  function also(content, ids, chooser) {
    const found = ids.flatMap(content.ownOf);
    return found.length ? make("p", { class: "also-own" }, T("In your gazetteer too: {places}.", { places: Dom.row(found.map((id) => chooser(id))) })) : "";
  }

  return { told, lacking, list, card, also };
})();
