// A guided tour: steps of text, each with its view of the map. Where the map goes is main.js's to say.
const Tour = (() => {
  const { make } = Dom;
  const LEAST = 8000, LETTER = 55, HAN = 190;  // ms that a step stays when it plays by itself: at least; for each letter and Han character
  const SWIPE = 50;                            // pixels
  const USES_KEYS = "input, select, textarea, [contenteditable], [role=slider], [role=separator], [role=rowgroup], dialog";
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;

  // on: {go(step, first), source(key), left()}
  function create(content, on) {
    const { tour } = content, opener = byId("start-tour"), pane = byId("tour"), stage = byId("stage");
    opener.hidden = !tour;
    if (!tour) return { leave() {}, aside() {} };
    const { steps } = tour, last = steps.length - 1;
    let at = 0, open = false, timer = 0, width = innerWidth;

    const named = (n) => T("Step {n} of {total}: {title}", { n: n + 1, total: steps.length, title: Name(steps[n].title) });

    const button = (id, label, text, onclick) => make("button", { type: "button", id, title: label, "aria-label": label, onclick }, text);
    const count = make("p", { class: "kicker" }), body = make("div", { class: "told-here" }), announced = make("p", { class: "unseen", "aria-live": "polite" });
    const play = button("tour-play", T("Play the tour"), Dom.sign("play"), () => (timer ? pause() : rest()));
    const slides = button("tour-slides", T("Slides: only the map and the text, large"), "⛶", () => show(!root.classList.contains("slides")));
    const back = button("tour-back", T("Step before"), "←", () => go(at - 1));
    const next = button("tour-next", T("Next step"), "→", () => go(at + 1));
    const dots = steps.map((_, n) => make("button", { type: "button", class: "step-dot", title: named(n), "aria-label": named(n), onclick: () => go(n) }));
    slides.setAttribute("aria-pressed", "false");
    pane.append(
      make("div", { class: "tour-head" }, count, play, slides, button("tour-close", T("Leave the tour"), "×", () => leave())),
      body,
      make("div", { class: "tour-feet" }, back, make("div", { class: "step-dots", role: "group", "aria-label": T("Steps of the tour") }, dots), next),
      announced);

    function go(n, { first = false, alone = false } = {}) {
      at = Math.max(0, Math.min(last, n));
      const step = steps[at], title = make("h2", { id: "tour-title", tabindex: -1 }, Name(step.title));
      Dom.fill(count, make("b", {}, T("{n} of {total}", { n: at + 1, total: steps.length })), " · ", make("span", {}, Name(tour.title)));
      Dom.fill(body, title, make("p", {}, Name(step.text)), grounds(step));
      body.scrollTop = 0;
      dots.forEach((dot, dotted) => dot[dotted === at ? "setAttribute" : "removeAttribute"]("aria-current", "step"));
      back.disabled = at === 0;
      next.disabled = at === last;
      stage.classList.add("guided");
      on.go(step, first);
      // Who steps is led to the heading; who lets it play is told, and stays where they are.
      if (alone) Dom.fill(announced, named(at));
      else title.focus({ preventScroll: true });
    }

    function grounds(step) {
      const parts = [step.citations.length ? T("Sources: {sources}.", { sources: Dom.cites(content, step.citations, source) }) : "", step.certainty ? Dom.sure(content, step) : ""].filter(Boolean);
      return parts.length ? make("p", { class: "grounds" }, Dom.row(parts, " ")) : null;
    }

    // On a narrow screen, and in slides, the panel of the sources is there only after the tour.
    function source(key) {
      if (!byId("tabs").offsetParent) leave();
      on.source(key);
    }

    function start() {
      open = true;
      pane.hidden = false;
      root.classList.add("touring");
      opener.setAttribute("aria-expanded", "true");
      go(at, { first: true });
    }

    function leave() {
      if (!open) return;
      const held = pane.contains(document.activeElement);
      open = false;
      pause();
      show(false);
      pane.hidden = true;
      root.classList.remove("touring");
      aside();
      opener.setAttribute("aria-expanded", "false");
      if (at === last) at = 0;               // else it goes on where it was left
      if (held) opener.focus({ preventScroll: true });
      on.left();
    }

    // The reader looks at something else on the map: its card is shown.
    const aside = () => stage.classList.remove("guided");
    const again = () => open && stage.classList.contains("guided") && on.go(steps[at], false);

    function show(wanted) {
      if (root.classList.contains("slides") === wanted) return;
      root.classList.toggle("slides", wanted);
      slides.setAttribute("aria-pressed", String(wanted));
      if (wanted && document.fullscreenEnabled) root.requestFullscreen().catch(() => {});
      else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
      again();
    }

    // From step to step, as long as nobody touches anything.
    function rest() {
      const text = String(Name(steps[at].text)), han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
      play.replaceChildren(Dom.sign("pause"));
      play.setAttribute("aria-pressed", "true");
      timer = setTimeout(() => {
        if (at === last) { pause(); return; }
        go(at + 1, { alone: true });
        rest();
      }, Math.max(LEAST, LETTER * (text.length - han) + HAN * han));
    }

    function pause() {
      clearTimeout(timer);
      timer = 0;
      play.replaceChildren(Dom.sign("play"));
      play.setAttribute("aria-pressed", "false");
    }

    for (const name of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(name, (event) => { if (timer && !play.contains(event.target)) pause(); }, { capture: true, passive: true });

    const MOVES = { ArrowRight: () => at + 1, ArrowLeft: () => at - 1, Home: () => 0, End: () => last };
    const PRESENTER = { PageDown: MOVES.ArrowRight, PageUp: MOVES.ArrowLeft };   // what a presenter's remote sends
    addEventListener("keydown", (event) => {
      if (!open || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const { target } = event, showing = root.classList.contains("slides");
      if (target.closest?.(USES_KEYS) || (!showing && target.closest?.(".map"))) return;
      const move = MOVES[event.key] ?? (showing ? PRESENTER[event.key] : null);
      if (event.key === "Escape") {
        if (byId("card").offsetParent || byId("remark")?.offsetParent) return;   // what the reader opened closes first
        if (showing) show(false);
        else leave();
      } else if (move) go(move());
      else return;
      event.preventDefault();
      event.stopPropagation();
    }, true);

    let from = null;
    pane.addEventListener("touchstart", ({ touches }) => { from = touches.length === 1 ? [touches[0].clientX, touches[0].clientY] : null; }, { passive: true });
    pane.addEventListener("touchend", ({ changedTouches: [touch] }) => {
      const [x, y] = from ? [touch.clientX - from[0], touch.clientY - from[1]] : [0, 0];
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) go(at + (x < 0 ? 1 : -1));
      from = null;
    }, { passive: true });

    // A phone that is turned, or a window made full, frames the step anew.
    addEventListener("resize", () => { if (width !== innerWidth) { width = innerWidth; again(); } });
    document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) show(false); });
    opener.addEventListener("click", () => (open ? leave() : start()));
    return { leave, aside };
  }

  return { create };
})();
