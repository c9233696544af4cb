// The timeline under the map: a slider over days on a chart of the land that changed hands.
const Timeline = (() => {
  const { make, svg } = Dom, { number, iso } = Chronicle;
  // Most changes fall within a few decades: these have more room than their years alone would give them.
  const KNOTS = [["1689-09-06", 0], ["1850-01-01", 0.16], ["1862-01-01", 0.38], ["1900-01-01", 0.54], ["1950-01-01", 0.8]];
  const YEARS = [1700, 1750, 1800, 1850, 1855, 1858, 1860, 1870, 1880, 1890, 1900, 1910, 1920, 1930, 1940, 1950, 1960, 1975, 1990, 2000, 2010, 2020];
  const STEPS = 10000, GLIDE = 900, REST = 1100, PAD = 10, BREATH = 100;   // milliseconds, pixels
  const HOLDERS = { russia: T("Russia"), china: T("China"), manchukuo: T("Manchukuo"), japan: T("Japan"), korea: T("Korea"), mongolia: T("Mongolia") };
  // What the name of an act can do without on the chart.
  const SPARE = /^Treaty of (the )?| договор$| \(.*\)$|（.*）$/g;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // Where a day lies from the first to the last, from 0 to 1, and back.
  function scaleOf({ last }) {
    const knots = [...KNOTS.map(([day, at]) => [number(day), at]), [number(last), 1]];
    const scale = (value, from, to) => {
      const n = Math.max(1, Math.min(knots.length - 1, knots.findIndex((knot) => knot[from] >= value)));
      const [a, b] = [knots[n - 1], knots[n]];
      return a[to] + ((value - a[from]) / (b[from] - a[from])) * (b[to] - a[to]);
    };
    return { at: (day) => scale(number(day), 0, 1), dayAt: (share) => iso(Math.round(scale(Math.min(1, Math.max(0, share)), 1, 0))) };
  }

  // on: {date(day, compare), act(id)}
  function create(content, pane, chronicle, on) {
    const { first, last } = chronicle, { at, dayAt } = scaleOf(chronicle);

    let date = "", compare = "", timer = 0, frame = 0;
    const tell = (change) => on.date(change.date ?? date, change.compare ?? compare);

    function slider(id, label, set) {
      const input = make("input", { type: "range", id, min: 0, max: STEPS, step: "any", "aria-label": label });
      input.addEventListener("input", () => { stop(); set(dayAt(Number(input.value) / STEPS)); });
      input.addEventListener("keydown", (event) => {
        const day = input.dataset.day || last, years = (n) => keep(`${Number(day.slice(0, 4)) + n}${day.slice(4) === "-02-29" ? "-02-28" : day.slice(4)}`);
        const days = chronicle.acts.map((act) => act.day);
        const moves = {
          ArrowRight: (by) => by, ArrowUp: (by) => by, ArrowLeft: (by) => -by, ArrowDown: (by) => -by,
        };
        let next = null;
        if (event.key in moves) next = event.shiftKey ? keep(Chronicle.shift(day, moves[event.key](1))) : chronicle.step(days, day, moves[event.key](1));
        else if (event.key === "PageUp") next = years(10);
        else if (event.key === "PageDown") next = years(-10);
        else if (event.key === "Home") next = first;
        else if (event.key === "End") next = last;
        if (next === null) return;
        event.preventDefault();
        stop();
        set(next);
      });
      return input;
    }
    const keep = (day) => (day < first ? first : day > last ? last : day);
    const main = slider("date-slider", T("Date"), (day) => tell({ date: day }));
    const other = slider("compare-slider", T("Date to compare with"), (day) => tell({ compare: day }));

    const button = (id, label, text, onclick) => make("button", { type: "button", id, title: label, "aria-label": label, onclick }, text);
    const jump = (by) => { stop(); tell({ date: chronicle.step(chronicle.acts.map((act) => act.day), date || last, by) }); };
    const play = button("play", T("Play from act to act"), Dom.sign("play"), () => (timer || frame ? stop() : start()));
    // A field for dates takes the browser longer to make than all the rest of the controls: it becomes one after the map.
    const field = make("input", { type: "text", id: "date-field", min: first, max: last, "aria-label": T("Date, day by day") });
    // A year being typed is no known day yet; what stays impossible gives way when the hand leaves.
    field.addEventListener("change", () => { stop(); if (State.isKnownDay(field.value)) tell({ date: field.value }); });
    field.addEventListener("focus", () => write());
    field.addEventListener("blur", () => { field.value = date; });
    const all = make("button", { type: "button", id: "all-dates", onclick: () => { stop(); tell({ date: "", compare: "" }); } }, T("All acts"));
    const dated = make("button", { type: "button", id: "one-date", onclick: () => { stop(); if (!date) tell({ date: "1859-06-01" }); } }, T("On a date"));
    const swipe = make("button", { type: "button", id: "compare", onclick: () => { stop(); tell({ date: date || "1859-06-01", compare: compare ? "" : date === last ? first : last }); } }, T("Compare"));
    const told = make("p", { class: "told" });
    const drawing = svg("svg", { class: "chart", "aria-hidden": "true" });
    const track = make("div", { class: "track" }, drawing, main, other);
    drawing.addEventListener("pointerdown", (event) => {
      stop();
      const box = drawing.getBoundingClientRect(), day = dayAt((event.clientX - box.left - PAD) / (box.width - 2 * PAD));
      const near = (one) => Math.abs(at(one) - at(day));
      tell(compare && near(compare) < near(date) ? { compare: day } : { date: day });
    });
    pane.append(
      make("div", { class: "controls" },
        make("div", { class: "modes", role: "group", "aria-label": T("What the areas show") }, all, dated),
        make("div", { class: "steps", role: "group", "aria-label": T("Move in time") }, button("earlier", T("Act before"), Dom.sign("back"), () => jump(-1)), play, button("later", T("Next act"), Dom.sign("play"), () => jump(1))),
        field, swipe, told),
      track);

    // From act to act: the thumb glides and rests. Without motion it rests only.
    function start() {
      play.replaceChildren(Dom.sign("pause"));
      play.setAttribute("aria-pressed", "true");
      const go = () => {
        const from = date && date < last ? date : first, to = chronicle.step(chronicle.moments, from, 1);
        if (!date || date === last) {
          tell({ date: first });
          if (calm.matches) { rest(first); return; }
        }
        if (calm.matches) { tell({ date: to }); rest(to); return; }
        const began = performance.now(), a = at(from), b = at(to), glide = Math.max(120, Math.min(GLIDE, (b - a) * 9000));
        const move = (now) => {
          const share = Math.min(1, (now - began) / glide);
          tell({ date: share < 1 ? dayAt(a + (b - a) * share) : to });
          if (share < 1) frame = requestAnimationFrame(move);
          else { frame = 0; rest(to); }
        };
        frame = requestAnimationFrame(move);
      };
      const rest = (day) => { if (day >= last) stop(); else timer = setTimeout(go, calm.matches ? 2 * REST : REST); };
      go();
    }
    function stop() {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      timer = frame = 0;
      play.replaceChildren(Dom.sign("play"));
      play.setAttribute("aria-pressed", "false");
    }

    // The land moved by the acts, stacked by who held it: Russia's from below, the rest above.
    function stacks() {
      const moved = content.areas.filter((area) => area.role === "subject");
      const rank = ({ status, tints }) => (status === "held" ? { russia: 0, china: 3, manchukuo: 4, japan: 5 }[tints[0]] ?? 6 : tints[0] === "russia" ? 1 : 2);
      const states = chronicle.moments.map((day) => {
        const sums = new Map();
        for (const area of moved) {
          const holding = chronicle.on(area.id, day);
          if (!holding) continue;
          const look = chronicle.look(holding), key = [rank(look), look.status, ...look.tints].join(" ");
          sums.set(key, { look, km2: (sums.get(key)?.km2 ?? 0) + area.km2 });
        }
        return { day, sums };
      });
      const keys = [...new Set(states.flatMap(({ sums }) => [...sums.keys()]))].sort();
      const total = moved.reduce((sum, area) => sum + area.km2, 0);
      return { states, keys, total };
    }
    let stacked = null;
    const name = () => Dom.set(track, { title: T("Who held the {area} million km² that changed hands, from 1689 to today", { area: Figure(stacked.total / 1e6, { minimumFractionDigits: 2, maximumFractionDigits: 2 }) }) });

    let width = 0;
    function draw() {
      const { height } = ({ width } = drawing.getBoundingClientRect());
      if (!width) return;
      const { states, keys } = stacked, below = states.map(() => 0), parts = [];
      const top = 16, bottom = height - 15, x = (day) => PAD + at(day) * (width - 2 * PAD), y = (km2) => bottom - (km2 / stacked.total) * (bottom - top);
      for (const key of keys) {
        let upper = "", lower = "", look = null;
        states.forEach(({ day, sums }, n) => {
          const found = sums.get(key), from = x(day).toFixed(1), to = x(states[n + 1]?.day ?? last).toFixed(1), low = y(below[n]).toFixed(1);
          look ??= found?.look ?? null;
          below[n] += found?.km2 ?? 0;
          const high = y(below[n]).toFixed(1);
          upper += `${n ? "L" : "M"}${from} ${high}L${to} ${high}`;
          lower = `L${to} ${low}L${from} ${low}${lower}`;
        });
        const band = svg("path", { d: `${upper}${lower}Z`, class: "band" });
        band.style.fill = Paint.fill(look);
        band.append(svg("title", {}, painted(look)));
        parts.push(band);
      }
      let taken = -Infinity;
      for (const year of YEARS) {
        const left = x(`${year}-01-01`);
        parts.push(svg("line", { x1: left, x2: left, y1: bottom, y2: bottom + 3, class: "year" }));
        if (left - taken < 34 || left > width - 24) continue;
        taken = left;
        parts.push(svg("text", { x: left, y: height - 3, class: "year" }, year));
      }
      // Acts as ticks; names only where they fit, those first that changed the most land.
      const boxes = [], order = [...chronicle.acts].sort((a, b) => moved(b.id) - moved(a.id));
      for (const act of order) {
        const left = x(act.day), name = short(act.id), tick = svg("path", { d: `M${left - 4} ${top - 6}h8l-4 6Z`, class: "tick", "data-act": act.id });
        tick.append(svg("title", {}, T("{act}, {date}", { act: Name(content.acts[act.id].names), date: Words(content.acts[act.id].date) })));
        tick.addEventListener("pointerdown", (event) => { event.stopPropagation(); stop(); tell({ date: act.day }); on.act(act.id); });
        parts.push(svg("line", { x1: left, x2: left, y1: top, y2: bottom, class: "stem" }), tick);
        // Over its tick, or beginning or ending there.
        const wide = [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? 11 : 6.1), 8), within = (start) => Math.min(Math.max(start, 0), width - wide);
        const start = [left - wide / 2, left - 6, left + 6 - wide].map(within).find((one) => !boxes.some(([a, b]) => one < b && a < one + wide));
        if (wide > 100 || start === undefined) continue;
        boxes.push([start, start + wide]);
        parts.push(svg("text", { x: start + wide / 2, y: 8, class: "act" }, name));
      }
      for (const [day, mark] of [[date, "now"], [compare, "then"]]) if (day) parts.push(svg("line", { x1: x(day), x2: x(day), y1: top - 4, y2: bottom + 3, class: mark }));
      drawing.replaceChildren(...parts);
    }
    const sizes = new Map(content.areas.map((area) => [area.id, area.role === "subject" ? area.km2 : 0]));
    const moved = (id) => content.holdings.reduce((sum, holding) => sum + (holding.act === id ? sizes.get(holding.area) ?? 0 : 0), 0);
    const short = (id) => String(Name(content.acts[id].names)).replace(SPARE, "");
    const painted = ({ status, tints }) => {
      const holders = tints.map((tint) => HOLDERS[tint] ?? tint);
      return status === "held" ? holders[0] : T("{state}: {holders}", { state: Chronicle.MEANINGS[status], holders: Row(holders) });
    };

    function sync(view) {
      const moved = date !== view.date || compare !== view.compare;
      ({ date, compare } = view);
      pane.classList.toggle("dated", Boolean(date));
      pane.classList.toggle("comparing", Boolean(compare));
      for (const [input, day] of [[main, date], [other, compare]]) {
        input.value = String(at(day || last) * STEPS);
        input.dataset.day = day;
        Dom.set(input, { "aria-valuetext": day ? Day(day) : T("All acts at once") });
      }
      if (other.hidden === Boolean(compare)) other.hidden = !compare;
      if (moved && performance.now() >= rested) write();
      else if (moved) writing ||= setTimeout(write, rested - performance.now());
      all.setAttribute("aria-pressed", String(!date));
      dated.setAttribute("aria-pressed", String(Boolean(date)));
      swipe.setAttribute("aria-pressed", String(Boolean(compare)));
      if (!moved && told.childElementCount) return;
      const act = date ? chronicle.latest(date) : null;
      const choose = (id) => make("button", { type: "button", class: "inline", onclick: () => on.act(id) }, Name(content.acts[id].names));
      const saying = act ? `${act.id} ${act.day === date}` : "";
      if (saying !== told.dataset.act) Dom.fill(told, !act ? make("span", {}, T("Each area in the colour of the act that moved it. Choose a date to see who held it then.")) : act.day === date ? T("On this day: {act}", { act: choose(act.id) }) : T("Last act before: {act}, {date}", { act: choose(act.id), date: Words(content.acts[act.id].date) }));
      told.dataset.act = saying;
      const lines = drawing.querySelectorAll(".now, .then");
      if (!drawing.childElementCount) return;          // drawn when it first gets its size
      if (lines.length === Number(Boolean(date)) + Number(Boolean(compare))) slide(lines);
      else draw();
    }
    // The field follows a moving date a few times a second: its parts take the browser longer than all the rest of a step.
    let writing = 0, rested = 0;
    function write() {
      clearTimeout(writing);
      writing = 0;
      const began = performance.now();
      // To write the same again, or over what is no day yet, would break off typing.
      if (field.value !== date && (document.activeElement !== field || State.isKnownDay(field.value))) field.value = date;
      Dom.set(field, { title: date ? Day(date) : "" });   // the browser may write it as elsewhere
      rested = Pace.rest(began, BREATH);
    }

    function slide(lines) {
      for (const line of lines) {
        const left = PAD + at(line.classList.contains("now") ? date : compare) * (width - 2 * PAD);
        line.setAttribute("x1", left);
        line.setAttribute("x2", left);
      }
    }

    // The map comes first.
    Pace.afterPaint(() => {
      field.type = "date";
      stacked = stacks();
      name();
      new ResizeObserver(draw).observe(drawing);
      Language.watch(draw);
    });
    return { sync, stop };
  }

  return { create, scaleOf };
})();
