// Light or dark: as the system has it, till the reader or the page around says otherwise. No part of the view.
const Scheme = (() => {
  const { make, svg } = Dom;
  const SAID = { "": T("Colours: as the system has them"), light: T("Colours: light"), dark: T("Colours: dark") };
  const WAYS = Object.keys(SAID);
  let scheme = "", buttons = [];

  function set(next) {
    if (!WAYS.includes(next)) return;
    scheme = next;
    if (scheme) document.documentElement.dataset.scheme = scheme;
    else delete document.documentElement.dataset.scheme;
    for (const button of buttons) Dom.set(button, { title: SAID[scheme], "aria-label": SAID[scheme] });
  }

  // A disc: half full, empty, full.
  function button() {
    const disc = svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" });
    disc.append(svg("circle", { cx: 8, cy: 8, r: 6.5 }), svg("path", { class: "half", d: "M8 1.5a6.5 6.5 0 0 1 0 13Z" }), svg("path", { class: "rest", d: "M8 1.5a6.5 6.5 0 0 0 0 13Z" }));
    return make("button", { type: "button", class: "scheme", onclick: () => set(WAYS[(WAYS.indexOf(scheme) + 1) % WAYS.length]) }, disc);
  }

  // On the map, or where that is small, over the legend.
  function offer(controls, legend) {
    buttons = [button(), button()];
    const bar = make("div", { class: "leaflet-bar leaflet-control" }, buttons[0]);
    L.DomEvent.disableClickPropagation(bar);
    controls.append(bar);
    legend.querySelector("h2").before(buttons[1]);
    set(scheme);
  }

  return { set, offer };
})();
