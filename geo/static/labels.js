// Labels set as on a printed map: the important ones first, none over another, some along a curve.
const Labels = (() => {
  const PAD = 3;
  const BREATH = 120;                        // milliseconds at least from one setting to the next, while a date moves

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

  // The same path as a chain of points, each with its way from the start; asked of the browser, it would lay out all first.
  const PIECES = 10;
  function chain(points) {
    const found = [{ ...points[0], way: 0 }];
    for (let i = 0; i < points.length - 1; i++) {
      const [a, b, c, d] = [points[i - 1] ?? points[i], points[i], points[i + 1], points[i + 2] ?? points[i + 1]];
      for (let n = 1; n <= PIECES; n++) {
        const t = n / PIECES, at = (axis) => b[axis] + (t * (c[axis] - a[axis] + t * (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis] + t * (3 * (b[axis] - c[axis]) + d[axis] - a[axis])))) / 2;
        const last = found.at(-1), x = at("x"), y = at("y");
        found.push({ x, y, way: last.way + Math.hypot(x - last.x, y - last.y) });
      }
    }
    return found;
  }

  // The boxes that a text of this length and height covers when centred on a chain.
  function along(links, length, height) {
    const from = (links.at(-1).way - length) / 2, boxes = [], step = Math.max(6, height * 0.7);
    for (let way = from, n = 1; way <= from + length; way += step) {
      while (links[n].way < way && n < links.length - 1) n++;
      const [a, b] = [links[n - 1], links[n]], share = (way - a.way) / (b.way - a.way || 1), x = a.x + share * (b.x - a.x), y = a.y + share * (b.y - a.y);
      boxes.push([x - height / 2, y - height * 0.9, x + height / 2, y + height * 0.3]);
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
    let wanted = [], lang = "en", ask = null, said = "", moved = true, waiting = false, next = 0, turns = 0;
    let standing = new Map();                // what is drawn, by what it looks like and where
    const sizes = new Map();                 // of texts, as long as the style sheet gives them the same size

    // find: gives, when they are set, {labels, language, besides} as they are by then, `besides` what `more` returns; labels: {id, kind, text, at: [[lon, lat], ...], rank, zooms: [min, max]} and, where they apply:
    // `gap` to a mark beside it, `dot` radius to keep free, `mark` to draw, `lift` above its baseline,
    // `or` a point for when the baseline is too short, `always` shown even over another, `lang` of its own.
    function set(find) {
      ask = find;
      later();
    }

    // Whether there is anything new to say.
    function heed() {
      const { labels, language, besides } = ask(), now = JSON.stringify([language, besides, labels.map(({ id, text }) => [id, text])]);
      ask = null;
      if (now === said) return false;
      said = now;
      wanted = labels.sort((a, b) => a.rank - b.rank);
      lang = language;
      return true;
    }

    // Once, after what changed is on the screen, however many ask for it, and not with every frame.
    function later() {
      if (waiting) return;
      waiting = true;
      setTimeout(() => Pace.afterPaint(() => {
        waiting = false;
        const began = performance.now();
        if ((ask && heed()) || moved) place();
        moved = false;
        pane.classList.remove("moving");
        next = Pace.rest(began, BREATH);
      }), Math.max(0, next - performance.now()));
    }

    const write = ({ kind, lang: tongue = lang }) => Dom.svg("text", { class: `label ${kind}`, lang: tongue });
    const lines = (label) => label.text.split("\n").map((line, n) => Dom.svg("tspan", n ? { x: 0, dy: "1.15em", class: "second" } : {}, line));
    const sizeKey = ({ kind, text, lang: tongue = lang }) => [kind, tongue, text].join("\n");

    // New texts are measured all at once, since every look at a size after a change makes the browser lay out anew.
    function measure(labels) {
      const fresh = [...new Map(labels.map((label) => [sizeKey(label), label])).entries()].filter(([key]) => !sizes.has(key));
      if (!fresh.length) return;
      const texts = fresh.map(([, label]) => { const text = write(label); text.append(...lines(label)); return text; }), box = Dom.svg("g", { visibility: "hidden" });
      box.append(...texts);
      root.append(box);
      texts.forEach((text, n) => {
        const { width, height: tall } = text.getBBox(), height = parseFloat(getComputedStyle(text).fontSize);
        sizes.set(fresh[n][0], { height, length: width, tall: Math.max(height, tall), run: text.getComputedTextLength() });
      });
      box.remove();
    }

    // A label on its baseline where that is long enough for it, else at a point; on neither it is not shown.
    function stand(label) {
      const size = sizes.get(sizeKey(label)), points = label.at.map(([lon, lat]) => map.latLngToLayerPoint([lat, lon]));
      if (points.length === 1) return { label, size, point: points[0] };
      const path = points.map(({ x, y }) => ({ x, y: y - (label.lift ?? 0) })), links = chain(path);
      if (links.at(-1).way >= size.run + 4) return { label, size, path, links };
      return label.or ? { label, size, point: map.latLngToLayerPoint([label.or[1], label.or[0]]) } : null;
    }

    function place() {
      const zoom = map.getZoom(), labels = [...wanted.filter((label) => zoom >= label.zooms[0] && zoom <= label.zooms[1]), ...more()];
      measure(labels);
      const stood = labels.map(stand).filter(Boolean), taken = boxesOf(".dateline:not([hidden]) > *, #credit, #start-tour"), card = boxesOf("#card:not([hidden])"), drawn = [];
      for (const { label, point } of stood) if (label.dot && point) taken.push([point.x - label.dot, point.y - label.dot, point.x + label.dot, point.y + label.dot]);
      for (const one of stood) {
        const { label, size, point, links } = one, spot = point ? spotFor(one, taken, card) : null, boxes = point ? [spot.box] : along(links, size.run, size.height);
        const cut = ["area", "site", "own"].includes(label.kind) && !boxes.every(inside);   // half a name says nothing
        const fits = !cut && (label.always || free(boxes, taken));
        if (fits) taken.push(...boxes);
        if (fits || (label.dot && point)) drawn.push([one, fits ? spot : null]);
      }
      draw(drawn);
    }

    // What was there and is to be there again stays as it is: most of it does, while a date or the map moves.
    function draw(wanted) {
      const before = standing;
      standing = new Map(wanted.map(([one, spot]) => {
        const { label, size, point, path } = one, key = JSON.stringify([label.id, sizeKey(label), size.height, label.mark, path ?? point, spot && [spot.dx, spot.dy, spot.anchor]]);
        return [key, before.get(key) ?? (point ? besidePoint(one, spot) : onPath(one))];
      }));
      root.dataset.set = String(++turns);    // for whoever waits for them
      for (const [key, group] of before) if (!standing.has(key)) group.remove();
      for (const [key, group] of standing) if (!before.has(key)) root.append(group);
    }

    function onPath({ label, path }) {
      const text = write(label), group = Dom.svg("g", { "data-label": label.id });
      text.append(Dom.svg("textPath", { href: `#baseline-${label.id}`, startOffset: "50%", "text-anchor": "middle" }, label.text));
      group.append(Dom.svg("path", { d: curve(path), id: `baseline-${label.id}`, class: "baseline" }), text);
      return group;
    }

    // The dot alone where there is no room for the text.
    function besidePoint({ label, point }, spot) {
      const group = Dom.svg("g", { "data-label": label.id });
      if (label.mark) group.append(Dom.svg("circle", { class: "town-dot", cx: point.x, cy: point.y, r: 2.2 }));
      if (!spot) return group;
      const text = write(label);
      text.append(...lines(label));
      text.style.textAnchor = spot.anchor;          // a property: the sheet sets one for ranges, which beats an attribute
      text.setAttribute("transform", `translate(${(point.x + spot.dx).toFixed(1)} ${(point.y + spot.dy).toFixed(1)})`);
      group.append(text);
      return group;
    }

    function spotFor({ label, point, size: { length, height, tall } }, taken, card) {
      const spots = label.gap ? beside(label.gap, height) : [[0, height * 0.34 - (tall - height) / 2, "middle"]];
      const fits = spots.map(([dx, dy, anchor]) => {
        const left = point.x + dx - { start: 0, middle: length / 2, end: length }[anchor];
        return { dx, dy, anchor, box: [left - PAD, point.y + dy - height * 0.85 - PAD, left + length + PAD, point.y + dy - height * 0.85 + tall + PAD] };
      });
      // Boxes of other marks count, but not the label's own dot, which the gap keeps clear of.
      const open = fits.filter(({ box }) => free([box], taken)), within = open.filter(({ box }) => inside(box));
      return within.find(({ box }) => free([box], card)) ?? within[0] ?? open[0] ?? fits[0];
    }

    // What lies on the map and hides labels.
    function boxesOf(selector) {
      const frame = map.getContainer().getBoundingClientRect(), corner = map.containerPointToLayerPoint([0, 0]);
      return [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect()).map((box) => [box.left - frame.left + corner.x, box.top - frame.top + corner.y, box.right - frame.left + corner.x, box.bottom - frame.top + corner.y]);
    }

    // Whether a box lies wholly within the part of the map that is seen.
    function inside([left, top, right, bottom]) {
      const corner = map.containerPointToLayerPoint([0, 0]), size = map.getSize();
      return left >= corner.x && top >= corner.y && right <= corner.x + size.x && bottom <= corner.y + size.y;
    }

    map.on("zoomstart", () => pane.classList.add("moving"));
    map.on("moveend", () => { moved = true; later(); });
    map.on("resize", () => sizes.clear());
    return { set };
  }

  return { create };
})();
