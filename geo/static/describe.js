// The view in words: what the map shows, the selection, where the places lie. Written, and said once when it settles.
const Describe = (() => {
  const { make } = Dom;
  const REST = 600;                          // milliseconds without a change

  function create(content, chronicle, pane) {
    const text = make("p", { class: "in-words" }), live = make("p", { class: "unseen", role: "status", id: "said" });
    pane.querySelector("h2").after(make("details", { class: "words", open: true }, make("summary", {}, T("This view in words")), text));
    document.body.append(live);
    let view = null, timer = 0, said = null, held = false;
    addEventListener("pointerdown", () => { held = true; }, true);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { held = false; }, true);

    function dates({ date, compare }) {
      if (!date) return T("Each area has the colour of the act that moved it, from 1689 to today.");
      const day = Day(date);
      return compare ? T("The map shows who held what on {day}, left of the divider, and on {other}, right of it.", { day, other: Day(compare) }) : T("The map shows who held what on {day}.", { day });
    }

    function layers({ layers: shown }) {
      const titles = content.layers.filter(({ id }) => shown.includes(id)).map(({ title }) => Told(title));
      return titles.length ? T("On the map: {layers}.", { layers: Dom.row(titles, T("; ")) }) : T("No layer is shown.");
    }

    // Each state of the land that a record stands on, with how sure it is.
    function states(id, day) {
      const found = [content.areas, content.sites, content.places].flat().find((record) => record.id === id), ground = found?.ground ?? (found ? [id] : []);
      return [...new Map(ground.map((area) => chronicle.on(area, day)).filter(Boolean).map((state) => [`${chronicle.describe(state)} ${state.certainty}`, state.certainty ? T("{state} ({certainty})", { state: chronicle.describe(state), certainty: Words(state.certainty) }) : chronicle.describe(state)])).values()];
    }

    function selection({ place: ids, date }) {
      if (!ids.length) return null;
      if (ids.length > 1) return T("Selected: {n} together.", { n: ids.length });
      const [id] = ids, name = content.nameOf(id), found = states(id, date || chronicle.last);
      if (!found.length) return T("Selected: {name}.", { name });
      return date ? T("Selected: {name}. On that day: {states}.", { name, states: List(found) }) : T("Selected: {name}. Today: {states}.", { name, states: List(found) });
    }

    function tract({ layers: shown }) {
      if (!shown.includes("places")) return null;
      const all = content.places.length, n = content.places.filter((place) => content.tractOf(place) === "in").length;
      return Tn("{n} of the {all} numbered places lies in the land ceded in 1860.", "{n} of the {all} numbered places lie in the land ceded in 1860.", { n, all });
    }

    function readings({ readings: ids }) {
      const shown = content.readings.filter(({ id }) => ids.includes(id)).map(({ names }) => Name(names));
      return shown.length ? T("Laid over it, other readings: {readings}.", { readings: Dom.row(shown, T("; ")) }) : null;
    }

    function write() {
      const play = document.getElementById("play");
      if (held || play?.getAttribute("aria-pressed") === "true") { wait(); return; }
      const sentences = [dates(view), layers(view), selection(view), readings(view), tract(view)].filter(Boolean), now = sentences.map(String);
      Dom.fill(text, sentences.map((sentence) => [sentence, " "]));
      // Which layers are on is said by their boxes; nothing is said at the start.
      const fresh = sentences.filter((sentence, n) => said && n !== 1 && !said.includes(now[n]));
      if (fresh.length) Dom.fill(live, fresh.map((sentence) => [sentence, " "]));
      said = now;
    }
    function wait() {
      clearTimeout(timer);
      timer = setTimeout(write, REST);
    }

    Language.watch(() => { said = null; });    // the same in another language is no news
    return (next) => {
      const first = !view;
      view = next;
      if (first) write();
      else wait();
    };
  }

  return { create };
})();
