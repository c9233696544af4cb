// The tabs as a pattern that readers of the screen know: one stop for the keyboard, arrows go from tab to tab.
const Tabs = (() => {
  const wide = matchMedia("(min-width: 1200px)");        // from here on the index stands in a column of its own

  // `tabs`: by the id of its panel, each button. `open(id)` opens a panel.
  function create(list, index, tabs, open) {
    const seen = () => [...tabs.values()].filter((tab) => tab.getClientRects().length);
    const chosen = () => [...tabs.values()].find((tab) => tab.getAttribute("aria-selected") === "true");

    function select(id) {
      for (const [name, tab] of tabs) {
        tab.setAttribute("aria-selected", String(name === id));
        tab.tabIndex = name === id ? 0 : -1;
        document.getElementById(name)?.classList.toggle("open", name === id);
      }
      requestAnimationFrame(() => {            // when the browser lays out anyway
        const tab = tabs.get(id).getBoundingClientRect(), box = list.getBoundingClientRect();
        list.scrollLeft += Math.min(0, tab.left - box.left) + Math.max(0, tab.right - box.right);
      });
    }

    // The order of the keyboard is that of the eye: the column stands before the tabs, or its panels behind them.
    function order() {
      if (wide.matches) list.before(index);
      else list.after(index);
      for (const id of tabs.keys()) document.getElementById(id).setAttribute("role", wide.matches && index.contains(document.getElementById(id)) ? "region" : "tabpanel");
      if (chosen() !== tabs.get("text") && !chosen()?.getClientRects().length) open("text");
    }

    list.setAttribute("role", "tablist");
    for (const tab of tabs.values()) tab.setAttribute("role", "tab");
    list.append(...tabs.values());
    list.addEventListener("keydown", (event) => {
      const all = seen(), at = all.indexOf(event.target), last = all.length - 1;
      const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
      if (at < 0 || to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      all[to].click();
      all[to].focus();
    });
    wide.addEventListener("change", order);
    return { select, order };
  }

  return { create };
})();
