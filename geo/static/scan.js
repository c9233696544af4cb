// A reader's scanned map: laid over the relief, under waters, lines and names; how strong it is the reader says.
const ScanMap = (() => {
  const { make } = Dom;
  const HEIGHT = 310;      // between the panes of the relief and of the rivers
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // Gives the map its layer, which is switched on and off as the others are. Before the map comes to life.
  function lay(content) {
    const { map, layers } = Drawn, pane = map.createPane("scan");
    Object.assign(pane.style, { zIndex: String(HEIGHT), pointerEvents: "none" });
    layers.scan = L.imageOverlay(Geometry.picture("scan"), corners(content), { pane: "scan", interactive: false });
  }

  const corners = ({ scan: { bounds: [west, south, east, north] } }) => [[south, west], [north, east]];

  // Under its entry in the list of layers: how strong, and where. Gives what shows the strength of a view.
  function tools(content, list, on) {
    if (!content.scan) return () => {};
    const { map } = Drawn, entry = list.querySelector("[data-layer=scan]").closest("fieldset");
    const strength = make("input", { type: "range", id: "scan-strength", min: 0, max: 1, step: 0.05, oninput: () => on.opacity(Number(strength.value)) });
    entry.querySelector("legend").after(make("label", { class: "slider" }, T("Strength"), " ", strength), make("p", { class: "slider" }, make("button", { type: "button", onclick: () => map.fitBounds(corners(content), { animate: !calm.matches, padding: [20, 20] }) }, T("Show all of the scan"))));
    return ({ scanOpacity }) => { strength.value = map.getPane("scan").style.opacity = String(scanOpacity); };
  }

  return { lay, tools };
})();
