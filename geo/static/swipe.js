// Two dates in one map: what is right of the divider shows the other one.
const Swipe = (() => {
  const STEP = 0.05;

  // Each pair of panes is clipped at the divider. `panes`: {before: [names], after: [names]}
  function create(map, stage, panes) {
    let share = 0.5, on = false;
    const bar = Dom.make("div", { class: "swipe", role: "slider", tabindex: 0, "aria-label": T("Divider between the two dates"), "aria-orientation": "horizontal", "aria-valuemin": 0, "aria-valuemax": 100, hidden: true }, Dom.make("span", { "aria-hidden": "true" }, "◂ ▸"));
    stage.append(bar);

    function clip() {
      const { x, y } = map.containerPointToLayerPoint([0, 0]), size = map.getSize(), cut = x + size.x * share;
      const corner = ([left, top]) => `${left}px ${top}px`;
      const box = (left, right) => `polygon(${[[left, y], [right, y], [right, y + size.y], [left, y + size.y]].map(corner).join(", ")})`;
      for (const name of panes.before) map.getPane(name).style.clipPath = on ? box(x, cut) : "";
      for (const name of panes.after) map.getPane(name).style.clipPath = box(cut, x + size.x);
      bar.style.setProperty("--share", share);
      bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    }
    function move(to) {
      share = Math.min(0.97, Math.max(0.03, to));
      clip();
    }
    bar.addEventListener("pointerdown", (event) => { bar.setPointerCapture(event.pointerId); event.preventDefault(); bar.focus(); });
    bar.addEventListener("pointermove", (event) => { if (bar.hasPointerCapture(event.pointerId)) { const box = stage.getBoundingClientRect(); move((event.clientX - box.left) / box.width); } });
    bar.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP }[event.key];
      if (by) { event.preventDefault(); move(share + by); }
    });
    map.on("move zoom viewreset zoomend moveend resize", () => on && clip());

    return {
      show(next) {
        if (on === next) return;
        on = next;
        bar.hidden = !on;
        for (const name of panes.after) map.getPane(name).style.display = on ? "" : "none";
        clip();
      },
    };
  }

  return { create };
})();
