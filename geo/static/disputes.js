// What is disputed and how it is measured: rival readings to lay on the map, quoted figures beside ours.
const Disputes = (() => {
  const { make } = Dom;
  const QUESTIONS = {
    confluence: T("Where do the Amur and the Ussuri meet?"),
    tumen: T("How far up the Tumen does the line end?"),
    gorbitsa: T("Which Gorbitsa was meant in 1689?"),
    seaward: T("Where does the line of 1689 reach the sea?"),
    uda: T("Whose was the Uda land before 1858?"),
    sakhalin: T("Was Sakhalin part of what was ceded?"),
    banks: T("Which bank of the rivers is the line?"),
  };
  const MORE = { russia: (area) => T("{area} more on Russia’s side", { area }), china: (area) => T("{area} more on China’s side", { area }), japan: (area) => T("{area} more on Japan’s side", { area }) };
  const BOUNDS = { about: (km2) => T("about {km2} km²", { km2 }), over: (km2) => T("over {km2} km²", { km2 }), exact: (km2) => T("{km2} km²", { km2 }) };

  // The pieces that writers add up, each with the tint of the map; `beside` is what an optional one is counted with.
  const PIECES = [
    { name: T("tract of 1860"), tint: "peking", ids: ["ussuri-coast", "bolshoy-ussuriysky", "bolshoy-ussuriysky-west", "jingxin"] },
    { name: T("left bank of 1858"), tint: "aigun", ids: ["amur-left-bank", "sixty-four-villages"] },
    { name: T("Uda and Gorbitsa land"), tint: "aigun open", ids: ["uda", "gorbitsa-wedge"], beside: "amur-left-bank" },
    { name: T("Sakhalin"), tint: "sakhalin", ids: ["sakhalin-north", "sakhalin-south"], beside: "ussuri-coast" },
  ];
  const SAKHALIN = PIECES.at(-1);
  const NEAR = 6;                            // per cent: as far as two ways to measure the same land differ

  // on: {readings(ids), select(ids), source(key), look(reading)}
  function create(content, pane, on) {
    const boxes = new Map();
    let shown = [];

    const show = (text, onclick) => make("button", { type: "button", class: "chip", onclick }, text);

    function effect(reading) {
      if (reading.drawn) return make("span", { class: "effect as-drawn" }, T("drawn on the map"));
      if (reading.km2 === null) return make("span", { class: "effect" }, T("moves no land that can be measured"));
      const area = make("strong", {}, T("{km2} km²", { km2: reading.km2 }));
      return make("span", { class: "effect" }, MORE[reading.side]?.(area) ?? T("{area} that neither side would hold", { area }));
    }

    function turn(reading, asked) {
      const ids = content.readings.filter(({ id, drawn }) => !drawn && (id === reading.id ? asked : shown.includes(id))).map(({ id }) => id);
      on.readings(ids);
      if (asked) on.look(reading);
    }

    function readingItem(reading) {
      const name = make("span", { class: "reading-name" }, Name(reading.names));
      const box = reading.drawn ? null : make("input", { type: "checkbox", role: "switch", "data-reading": reading.id, "aria-describedby": `says-${reading.id}`, onchange: (event) => turn(reading, event.target.checked) });
      if (box) boxes.set(reading.id, box);
      return make("li", { class: reading.drawn ? "reading-item drawn" : `reading-item ${reading.side}` },
        box ? make("label", {}, box, name) : make("p", { class: "ours" }, name),
        make("p", { class: "effects" }, effect(reading)),
        make("p", { id: `says-${reading.id}` }, Words(reading.says)),
        make("p", { class: "held-by" }, make("span", { class: "term" }, T("Whose reading:")), " ", Words(reading.heldBy)),
        reading.note ? make("details", {}, make("summary", {}, T("Note")), make("p", {}, Words(reading.note))) : null,
        make("p", { class: "grounds" }, show(T("Look there"), () => on.look(reading)), " ", Dom.sure(content, reading), " ", Dom.cites(content, reading.citations, on.source)));
    }

    function question(slug) {
      const readings = content.readings.filter((reading) => reading.question === slug), heading = `question-${slug}`;
      return make("section", { class: "question", "aria-labelledby": heading },
        make("h3", { id: heading }, QUESTIONS[slug] ?? slug.replace(/-/g, " ")),
        make("ul", {}, readings.map(readingItem)));
    }

    // Figures

    // The outlines are true within a hundredth or two: no more digits than that bears.
    const rounded = (km2) => Figure(Math.round(km2 / 100) * 100);
    const km2 = new Map(content.areas.map((area) => [area.id, area.km2]));
    const piecesOf = (ids) => PIECES.filter((piece) => piece.ids.some((id) => ids.includes(id)));
    const idsOf = (piece) => piece.ids.filter((id) => content.areas.some((area) => area.id === id && area.role === "subject"));

    // The sum that a figure is set beside, then the same with one optional piece counted or left out.
    function sums(figure) {
      const sum = (ids, usual = true) => ({ ids, usual, km2: ids.reduce((total, id) => total + (km2.get(id) ?? 0), 0) });
      const found = [{ ...sum(figure.compare), km2: figure.measuredKm2 }];
      for (const piece of PIECES.filter(({ beside }) => beside)) {
        const within = figure.compare.some((id) => piece.ids.includes(id)), rest = figure.compare.filter((id) => !piece.ids.includes(id));
        // Where the source says whether the island counts, the other sum only shows the difference it makes.
        const stated = piece === SAKHALIN && figure.sakhalin !== "unstated";
        if (within && rest.length) found.push(sum(rest, !stated));
        else if (!within && !stated && figure.compare.includes(piece.beside)) found.push(sum([...figure.compare, ...idsOf(piece)]));
      }
      for (const one of found) one.percent = 100 * (figure.km2 / one.km2 - 1);
      const nearest = found.filter((one) => one.usual).sort((a, b) => Math.abs(a.percent) - Math.abs(b.percent))[0];
      nearest.nearest = Math.abs(nearest.percent) <= NEAR;
      return found;
    }

    const widest = 1.02 * Math.max(...content.quoted.flatMap((figure) => [figure.km2, ...sums(figure).map((sum) => sum.km2)]));
    const difference = (percent) => (Math.abs(percent) < 0.5 ? T("the same") : percent > 0 ? T("{n} % more", { n: Math.round(percent) }) : T("{n} % less", { n: Math.round(-percent) }));

    // The pieces end to end, and a mark where the figure would end.
    function bar(figure, ids) {
      const drawing = Dom.svg("svg", { class: "bar", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true" });
      let x = 0;
      for (const piece of piecesOf(ids)) {
        const width = (1000 / widest) * ids.filter((id) => piece.ids.includes(id)).reduce((total, id) => total + km2.get(id), 0);
        drawing.append(Dom.svg("rect", { class: `piece ${piece.tint}`, x, y: 5, width, height: 10 }));
        x += width;
      }
      const at = (1000 * figure.km2) / widest;
      drawing.append(Dom.svg("path", { class: "quoted-mark", d: `M${at} 0V20` }));
      return drawing;
    }

    function sumRow({ ids, usual, km2, percent, nearest }) {
      const pieces = piecesOf(ids), words = new Language.Phrase(() => pieces.map((piece) => piece.name).join(" + "));
      return make("tr", { class: nearest ? "nearest" : usual ? false : "aside" },
        make("td", {}, make("button", { type: "button", class: "inline", "aria-label": T("Show on the map: {pieces}", { pieces: words }), onclick: () => on.select(ids) },
          pieces.map((piece, n) => [n ? " " : "", make("span", { class: "piece-name" }, make("span", { class: `dot ${piece.tint}` }), n ? "+ " : "", make("u", {}, piece.name))])), nearest ? make("span", { class: "verdict-nearest" }, " ", T("nearest")) : null),
        make("td", {}, rounded(km2)),
        make("td", {}, difference(percent)));
    }

    function figureRows(figure) {
      const found = sums(figure), best = found.find((sum) => sum.nearest) ?? found[0];
      return make("tbody", { "data-figure": figure.id },
        make("tr", {}, make("th", { scope: "rowgroup", colspan: 3 },
          make("span", { class: "figure" }, BOUNDS[figure.bound](figure.km2)),
          make("span", { class: "for" }, Words(figure.for)),
          make("span", { class: "grounds" }, Dom.cites(content, figure.citations, on.source), " ", Dom.sure(content, figure)),
          bar(figure, best.ids))),
        found.map((sum) => sumRow(sum)),
        make("tr", { class: "remark" }, make("td", { colspan: 3 }, found.some((sum) => sum.nearest) ? null : [T("No sum of ours comes within {n} %.", { n: NEAR }), " "], Words(figure.note))));
    }

    const order = Object.keys(QUESTIONS);
    const asked = [...new Set(content.readings.map((reading) => reading.question))].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    pane.append(
      make("p", { class: "hint" }, T("Where a treaty or a map can be read in more than one way, the atlas draws one reading. Switch on another to lay it over the map, hatched.")),
      ...asked.map(question),
      make("section", { class: "figures", "aria-labelledby": "figures-heading" },
        make("h3", { id: "figures-heading" }, T("Quoted areas, measured")),
        make("p", { class: "hint" }, T("How much land changed hands depends on what is counted. Each figure stands over the sums of our outlines, in km² on the WGS 84 ellipsoid; the mark in the bar is where the figure would end.")),
        make("table", { class: "quoted" },
          make("thead", {}, make("tr", {}, make("th", { scope: "col" }, T("What is counted")), make("th", { scope: "col" }, T("Measured")), make("th", { scope: "col" }, T("Quoted is")))),
          content.quoted.map(figureRows))));

    return (view) => {
      shown = view.readings;
      boxes.forEach((box, id) => { box.checked = shown.includes(id); });
    };
  }

  return { create };
})();
