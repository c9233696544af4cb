// Labels set as on a printed map: the important ones first, none over another, some along a curve.
const Labels = (() => {
  const PAD = 3;

  // Boxes are [left, top, right, bottom] in the map's layer pixels.
  const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  const free = (boxes, taken) => boxes.every((box) => !taken.some((other) => meets(box, other)));

  // A smooth path through points: Catmull-Rom written as cubic Béziers.
  function curve(points) {
    let path = `M${points[0].x.toFixed(1)} ${points[0].y.toFixed(1)}`;
    for (let i = 0; i < points.length - 1; i++) {
      const [a, b, c, d] = [points[i - 1] ?? points[i], points[i], points[i + 1], points[i + 2] ?? points[i + 1]];
      const one = [b.x + (c.x - a.x) / 6, b.y + (c.y - a.y) / 6], two = [c.x - (d.x - b.x) / 6, c.y - (d.y - b.y) / 6];
      path += `C${[...one, ...two, c.x, c.y].map((value) => value.toFixed(1)).join(" ")}`;
    }
    return path;
  }

  // The boxes that a text of this length and height covers when centred on a path.
  function along(path, length, height) {
    const total = path.getTotalLength(), from = (total - length) / 2, boxes = [], step = Math.max(6, height * 0.7);
    for (let at = from; at <= from + length; at += step) {
      const point = path.getPointAtLength(at);
      boxes.push([point.x - height / 2, point.y - height * 0.9, point.x + height / 2, point.y + height * 0.3]);
    }
    return boxes;
  }

  // Where a text may stand beside its point, best first: [dx, dy, anchor] from a gap in pixels.
  const beside = (gap, height) => [
    [gap, height * 0.34, "start"], [-gap, height * 0.34, "end"], [0, -gap, "middle"], [0, gap + height * 0.75, "middle"],
    [gap * 0.8, -gap * 0.5, "start"], [gap * 0.8, gap * 0.5 + height * 0.6, "start"], [-gap * 0.8, -gap * 0.5, "end"], [-gap * 0.8, gap * 0.5 + height * 0.6, "end"],
  ];

  // `map`: Leaflet's. `pane`: the element that moves with it. `more`: returns labels that depend on what is in sight, placed last.
  function create(map, pane, more = () => []) {
    const root = Dom.svg("svg", { class: "labels", width: 1, height: 1, "aria-hidden": "true" });
    pane.append(root);
    let wanted = [], lang = "en";

    // labels: {id, kind, text, at: [[lon, lat], ...], rank, zooms: [min, max]} and, where they apply:
    // `gap` to a mark beside it, `dot` radius to keep free, `mark` to draw, `lift` above its baseline,
    // `or` a point for when the baseline is too short, `always` shown even over another, `lang` of its own.
    function set(labels, language) {
      wanted = [...labels].sort((a, b) => a.rank - b.rank);
      lang = language;
      place();
    }

    function draw(label) {
      const points = label.at.map(([lon, lat]) => map.latLngToLayerPoint([lat, lon]));
      const text = Dom.svg("text", { class: `label ${label.kind}`, lang: label.lang ?? lang });
      const group = Dom.svg("g", { "data-label": label.id });
      let path = null;
      if (points.length > 1) {
        path = Dom.svg("path", { d: curve(points.map((p) => ({ x: p.x, y: p.y - (label.lift ?? 0) }))), id: `baseline-${label.id}`, class: "baseline" });
        text.append(Dom.svg("textPath", { href: `#baseline-${label.id}`, startOffset: "50%", "text-anchor": "middle" }, label.text));
        group.append(path);
      } else {
        label.text.split("\n").forEach((line, n) => text.append(Dom.svg("tspan", n ? { x: 0, dy: "1.15em", class: "second" } : {}, line)));
      }
      group.append(text);
      root.append(group);
      return { label, points, text, path, group };
    }

    function place() {
      const zoom = map.getZoom();
      root.replaceChildren();
      const drawn = [...wanted.filter((label) => zoom >= label.zooms[0] && zoom <= label.zooms[1]), ...more()].map(draw);
      drawn.forEach((item, n) => {
        if (!item.path || !item.label.or || reaches(item.path, item.text)) return;
        item.group.remove();
        drawn[n] = draw({ ...item.label, at: [item.label.or] });
      });
      // All is measured before anything is moved or removed, or the browser would lay out anew for each.
      const sizes = drawn.map((item) => {
        const { text, path } = item, height = parseFloat(getComputedStyle(text).fontSize), box = text.getBBox();
        const size = { height, length: path ? text.getComputedTextLength() : box.width, tall: Math.max(height, box.height) };
        return { ...size, boxes: path && onPath(item, size) };
      });
      const taken = obstacles();
      for (const { label, points, path } of drawn) if (label.dot && !path) taken.push([points[0].x - label.dot, points[0].y - label.dot, points[0].x + label.dot, points[0].y + label.dot]);
      drawn.forEach((item, n) => {
        const boxes = item.path ? sizes[n].boxes : atPoint(item, sizes[n], taken);
        const cut = ["area", "site", "own"].includes(item.label.kind) && boxes && !boxes.every(inside);   // half a name says nothing
        if (boxes && !cut && (free(boxes, taken) || item.label.always)) taken.push(...boxes);
        else if (item.label.dot) item.text.remove();
        else item.group.remove();
      });
    }

    const reaches = (path, text) => path.getTotalLength() >= text.getComputedTextLength() + 4;
    const onPath = ({ path, text }, { length, height }) => (reaches(path, text) ? along(path, length, height) : null);

    function atPoint({ label, points: [point], text, group }, { length, height, tall }, taken) {
      if (label.mark) group.prepend(Dom.svg("circle", { class: "town-dot", cx: point.x, cy: point.y, r: 2.2 }));
      const spots = label.gap ? beside(label.gap, height) : [[0, height * 0.34 - (tall - height) / 2, "middle"]];
      const fits = spots.map(([dx, dy, anchor]) => {
        const left = point.x + dx - { start: 0, middle: length / 2, end: length }[anchor];
        return { dx, dy, anchor, box: [left - PAD, point.y + dy - height * 0.85 - PAD, left + length + PAD, point.y + dy - height * 0.85 + tall + PAD] };
      });
      // Boxes of other marks count, but not the label's own dot, which the gap keeps clear of.
      const open = fits.filter(({ box }) => free([box], taken));
      const spot = open.find(({ box }) => inside(box)) ?? open[0] ?? fits[0];
      text.style.textAnchor = spot.anchor;          // a property: the sheet sets one for ranges, which beats an attribute
      text.setAttribute("transform", `translate(${(point.x + spot.dx).toFixed(1)} ${(point.y + spot.dy).toFixed(1)})`);
      return [spot.box];
    }

    // What lies on the map and hides labels.
    function obstacles() {
      const frame = map.getContainer().getBoundingClientRect(), corner = map.containerPointToLayerPoint([0, 0]);
      return [...document.querySelectorAll(".dateline:not([hidden]) > *, #credit")].map((element) => element.getBoundingClientRect()).map((box) => [box.left - frame.left + corner.x, box.top - frame.top + corner.y, box.right - frame.left + corner.x, box.bottom - frame.top + corner.y]);
    }

    // Whether a box lies wholly within the part of the map that is seen.
    function inside([left, top, right, bottom]) {
      const corner = map.containerPointToLayerPoint([0, 0]), size = map.getSize();
      return left >= corner.x && top >= corner.y && right <= corner.x + size.x && bottom <= corner.y + size.y;
    }

    map.on("zoomstart", () => pane.classList.add("moving"));
    map.on("moveend", () => { place(); pane.classList.remove("moving"); });
    return { set };
  }

  return { create };
})();
