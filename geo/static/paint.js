// How a state is painted: the tint of its holder, or a pattern of the tints of all who share or contest it.
const Paint = (() => {
  const defs = () => document.querySelector(".defs defs");
  const rect = (tint, x, y, width, height) => Dom.svg("rect", { class: `tint-${tint}`, x, y, width, height });
  const disc = (tint, cx, cy, r) => Dom.svg("circle", { class: `tint-${tint}`, cx, cy, r });

  const stripes = (tints, tile, width) => tints.map((tint, n) => rect(tint, n * Math.max(width, tile / (tints.length + 1)), 0, width, tile));

  // By status: the size of the tile, its turn, and what is on it: the tint of the holder, then those of the others.
  const TILES = {
    common: [12, 45, (a, ...others) => [rect(a, 0, 0, 12, 12), ...stripes(others, 12, 12 / (others.length + 1))]],
    undelimited: [12, 0, (a, b) => [rect("land", 0, 0, 12, 12), disc(a, 3, 3, 2), disc(b, 9, 9, 2)]],
    occupied: [9, -45, (a, ...others) => [rect(a, 0, 0, 9, 9), ...stripes(others, 9, 2.4)]],
    enclave: [9, 0, (a, b) => [rect(a, 0, 0, 9, 9), disc(b, 4.5, 4.5, 1.8)]],
    disputed: [9, 0, (a, b, c = b) => [rect(a, 0, 0, 9, 9), rect(b, 0, 0, 9, 1.3), rect(c, 0, 0, 1.3, 9)]],
  };

  // Returns a value for the fill of an SVG shape.
  function fill({ status, tints }) {
    if (status === "held") return `var(--${tints[0]})`;
    const [a = "nobody", b = a, ...more] = tints, id = ["paint", status, a, b, ...more].join("-");
    if (!document.getElementById(id)) {
      const [size, turn, tile] = TILES[status];
      const pattern = Dom.svg("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` });
      pattern.append(...tile(a, b, ...more));
      defs().append(pattern);
    }
    return `url(#${id})`;
  }

  function swatch(look) {
    const drawing = Dom.svg("svg", { class: "key", viewBox: "0 0 28 16", width: 28, height: 16, "aria-hidden": "true" });
    const box = Dom.svg("rect", { x: 1, y: 1, width: 26, height: 14, rx: 2, class: "painted" });
    box.style.fill = fill(look);
    drawing.append(box);
    return drawing;
  }

  return { fill, swatch };
})();
