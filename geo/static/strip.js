// Founding and law on one line of time: who held the ground as bands, the acts that touched it as numbers, the founding as
// a flag, the day of the view as a needle. The list under the drawing says the same in words.
const Strip = (() => {
  const { make, svg } = Dom;
  const WIDE = 308, EDGE = 9, FLAG = 20, BAND = 15, CAPTION = 13, APART = 17, YEARS = [1700, 1800, 1860, 1900, 1950, 2000];

  // subject: {areas: [id], act, founded, foundedSpan}; on: {select(ids), name(id)}. Returns {element, turn(day)}, or nothing.
  function create(content, chronicle, subject, day, on) {
    const chains = subject.areas.map((area) => [area, chronicle.chain(area)]).filter(([, states]) => states.length);
    if (!chains.length) return null;
    const { at } = Timeline.scaleOf(chronicle), { first, last } = chronicle;
    const x = (one) => EDGE + Math.min(1, Math.max(0, at(one ?? last))) * (WIDE - 2 * EDGE);
    const touched = new Set([...chains.flatMap(([, states]) => states.map((state) => state.act)), subject.act]);
    const acts = chronicle.acts.filter((act) => touched.has(act.id));
    const founded = subject.foundedSpan?.[0] ?? "", flag = founded ? FLAG : 2;
    const captioned = chains.length > 1, step = BAND + (captioned ? CAPTION : 4), foot = flag + chains.length * step + 2, height = foot + 38;
    const drawing = svg("svg", { class: "strip", viewBox: `0 0 ${WIDE} ${height}`, role: "img" });
    Dom.set(drawing, { "aria-label": Tn("Who held this ground from 1689 to today, and {n} act that touched it; the list below says it in words", "Who held this ground from 1689 to today, and {n} acts that touched it; the list below says it in words", { n: acts.length }) });

    chains.forEach(([area, states], n) => {
      const top = flag + n * step + (captioned ? CAPTION : 0);
      if (captioned) drawing.append(svg("text", { x: EDGE, y: top - 3, class: "caption" }, on.name(area)));
      for (const state of states) {
        const left = x(state.span[0] < first ? first : state.span[0]), band = svg("rect", { class: "band", x: left, y: top, width: Math.max(1, x(state.span[1]) - left), height: BAND });
        band.style.fill = Paint.fill(chronicle.look(state));
        band.append(svg("title", {}, T("{when}: {what}", { when: chronicle.span(state.span), what: chronicle.describe(state) })));
        drawing.append(band);
      }
    });
    for (const year of YEARS) {
      const left = x(`${year}-01-01`);
      drawing.append(svg("line", { class: "year", x1: left, x2: left, y1: foot - 4, y2: foot }), svg("text", { class: "year", x: left, y: height - 2 }, String(year)));
    }
    if (founded) {
      const left = x(founded);
      drawing.append(svg("path", { class: "flag", d: `M${left} ${foot - 4}V3h9l-3 3.5l3 3.5h-9` }));
    }
    // Numbers that would lie on one another step to the right; a stem leads to the day.
    const spots = acts.map((act) => x(act.day));
    spots.forEach((spot, n) => { if (n) spots[n] = Math.max(spot, spots[n - 1] + APART); });
    for (let n = spots.length - 1, most = WIDE - EDGE; n >= 0; n--, most -= APART) spots[n] = Math.min(spots[n], most);
    acts.forEach((act, n) => {
      const mark = svg("g", { class: "act", "data-act": act.id });
      mark.append(svg("path", { d: `M${x(act.day)} ${flag}V${foot}L${spots[n]} ${foot + 9}` }), svg("circle", { cx: spots[n], cy: foot + 14, r: 7.5 }), svg("text", { x: spots[n], y: foot + 17.6 }, String(n + 1)), svg("title", {}, on.name(act.id)));
      mark.addEventListener("click", () => on.select([act.id]));
      drawing.append(mark);
    });
    const needle = svg("line", { class: "needle", y1: 0, y2: foot + 4 });
    drawing.append(needle);

    const said = make("span", {}), now = make("li", { class: "now" }, make("span", {}, said, chains.map(([area]) => {
      const state = chronicle.on(area, day || last);
      return state ? [" ", captioned ? T("{area}: {state}.", { area: on.name(area), state: [Paint.swatch(chronicle.look(state)), " ", chronicle.describe(state)] }) : [Paint.swatch(chronicle.look(state)), " ", chronicle.describe(state)]] : "";
    })));
    // One that happened: its mark, its day, what it was.
    const moment = (mark, date, ...what) => make("li", {}, make("span", { class: "number", "aria-hidden": "true" }, mark), make("span", {}, make("small", {}, Words(date)), " ", what));
    const moments = [
      ...(founded ? [{ day: founded, said: moment("⚑", subject.founded, T("founded")) }] : []),
      ...acts.map((act, n) => ({ day: act.day, said: moment(String(n + 1), content.acts[act.id].date, make("button", { type: "button", class: "inline", onclick: () => on.select([act.id]) }, on.name(act.id))) })),
      ...(day ? [{ day: `${day} `, said: now }] : []),      // after what happened on its day
    ].sort((a, b) => (a.day < b.day ? -1 : 1));
    const element = make("section", { class: "in-time", "aria-label": T("Founding and law in time") }, drawing, make("ol", {}, moments.map((one) => one.said)));

    function turn(to) {
      needle.style.display = to ? "" : "none";
      if (!to) return;
      needle.setAttribute("x1", x(to));
      needle.setAttribute("x2", x(to));
      Dom.fill(said, make("b", {}, T("On {date}:", { date: Day(to) })));
    }
    turn(day);
    return { element, turn };
  }

  return { create };
})();
