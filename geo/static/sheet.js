// On a phone the panels are a sheet over the map: it peeps out, takes half, or covers all. By hand, key or tap.
const Sheet = (() => {
  const { make } = Dom;
  const STOPS = ["peek", "half", "full"];
  const SAID = [T("The map is large"), T("Map and panel"), T("The panel covers the map")];
  const TALL = 1.25, LEAST = 60;             // the map to its width, at most; pixels of the panel, at least
  const FAR = 6, AHEAD = 120, MOST = 120;    // pixels till a touch is a pull; milliseconds that a flick is thought on, and how far
  const narrow = matchMedia("(max-width: 759px) and (min-height: 481px), (max-width: 1023px) and (orientation: portrait) and (min-height: 481px)");
  const low = matchMedia("(max-width: 759px) and (max-height: 480px)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function create(main, tabs) {
    const stage = document.getElementById("stage"), time = document.getElementById("time");
    const handle = make("div", { id: "sheet", role: "slider", tabindex: 0, "aria-orientation": "vertical", "aria-label": T("Height of the panel"), "aria-valuemin": 0, "aria-valuemax": 2 });
    tabs.before(handle);
    let stop = 1, pull = null, moved = false;

    const parts = () => [handle, tabs, ...main.querySelectorAll(".panel.open")];
    const top = () => handle.getBoundingClientRect().top;

    // Nothing is asked of the layout where nothing glides, least of all at the opening.
    const glides = () => narrow.matches && !calm.matches && "sheet" in main.dataset;
    function set(next, from = glides() ? top() : null) {
      // The map keeps its size under a sheet that covers it.
      if (next === 2 && stop !== 2) main.style.setProperty("--stage", `${stage.offsetHeight}px`);
      stop = next;
      main.dataset.sheet = STOPS[stop];
      Dom.set(handle, { "aria-valuenow": stop, "aria-valuetext": SAID[stop] });
      const by = from === null || !glides() ? 0 : from - top();
      if (by) for (const part of parts()) part.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], { duration: 180, easing: "ease-out" });
    }

    // Where the upper edge is at each stop.
    function edges() {
      const box = main.getBoundingClientRect(), rest = box.height - time.offsetHeight - handle.offsetHeight - tabs.offsetHeight;
      return [Math.min(box.width * TALL, rest - LEAST), Math.max(200, box.height * 0.44)].map((map) => box.top + map + time.offsetHeight).concat(box.top);
    }

    function begin(event) {
      if (!narrow.matches || !event.isPrimary || event.button) return;
      const inside = event.target.closest("#sheet, #tabs") ?? (stop ? null : event.target.closest(".panel.open"));
      if (inside) pull = { id: event.pointerId, from: event.clientY, left: event.clientX, scrolled: tabs.scrollLeft, top: top(), edges: edges(), trail: [[event.timeStamp, event.clientY]], on: false, aside: false };
      moved = false;
    }
    function follow(event) {
      if (pull?.id !== event.pointerId) return;
      const by = event.clientY - pull.from, aside = event.clientX - pull.left;
      // To the side it is the tabs that move.
      pull.aside ||= !pull.on && Math.abs(aside) >= FAR && Math.abs(aside) > Math.abs(by);
      if (pull.aside) { moved = true; tabs.scrollLeft = pull.scrolled - aside; return; }
      if (!pull.on && Math.abs(by) < FAR) return;
      if (!pull.on) { handle.setPointerCapture(pull.id); main.classList.add("pulled"); }
      pull.on = moved = true;
      pull.trail = [...pull.trail.slice(-4), [event.timeStamp, event.clientY]];
      main.style.setProperty("--pull", `${Math.min(Math.max(pull.top + by, pull.edges[2]), pull.edges[0]) - pull.top}px`);
    }
    function end(event) {
      if (pull?.id !== event.pointerId) return;
      const { on, edges: at, trail, top: start, from } = pull, now = start + event.clientY - from;
      pull = null;
      main.classList.remove("pulled");
      if (!on) return;
      const [[t0, y0], [t1, y1]] = [trail[0], trail.at(-1)], speed = t1 > t0 ? (y1 - y0) / (t1 - t0) : 0, thought = now + Math.min(MOST, Math.max(-MOST, speed * AHEAD));
      const near = at.map((edge) => Math.abs(edge - thought));
      set(event.type === "pointercancel" ? stop : near.indexOf(Math.min(...near)), Math.min(Math.max(now, at[2]), at[0]));
    }
    main.addEventListener("pointerdown", begin, true);
    main.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) main.addEventListener(name, end);
    // Else the browser takes a quick pull for a fling of the page, and the next tap for the end of that.
    main.addEventListener("touchmove", (event) => { if (pull && event.cancelable) event.preventDefault(); }, { passive: false });
    // What was pulled was not meant to be pressed.
    main.addEventListener("click", (event) => { if (moved) { moved = false; event.stopPropagation(); event.preventDefault(); } }, true);

    handle.addEventListener("click", () => set((stop + 1) % 3));
    handle.addEventListener("keydown", (event) => {
      const to = { ArrowUp: Math.min(2, stop + 1), ArrowRight: Math.min(2, stop + 1), ArrowDown: Math.max(0, stop - 1), ArrowLeft: Math.max(0, stop - 1), Home: 0, End: 2, PageUp: 2, PageDown: 0, Enter: (stop + 1) % 3, " ": (stop + 1) % 3 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      set(to);
    });
    // What has the keyboard must be seen.
    main.addEventListener("focusin", ({ target }) => { if (!stop && narrow.matches && target.closest(".panel.open")) set(1); });
    set(1);
    return {
      // A panel is asked for, or something on the map.
      raise: (id) => { if (!stop) set(1); if (low.matches) document.getElementById(id).scrollIntoView({ block: "nearest" }); },
      lower: () => { if (stop === 2) set(1); },
    };
  }

  return { create };
})();
