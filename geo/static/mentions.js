// The table of all mentions. Only the rows in sight are in the document, so that tens of thousands stay light.
const Mentions = (() => {
  const { make } = Dom;
  const ROW = 68;                            // pixels: the height of a row, as in the style sheet
  const SPARE = 6, AROUND = 30;              // rows drawn beyond the window; characters shown around the words
  const STEPS = { sure: [T("sure: 0.8 or more"), 0.8, 2], fair: [T("fairly: 0.6 to 0.8"), 0.6, 0.8], doubtful: [T("doubtful: below 0.6"), -1, Marks.UNSURE] };
  const NUMERIC = { numeric: true, sensitivity: "base" };
  const HEADS = { passage: "¶", words: T("Words"), target: T("Points at"), confidence: T("Sure"), type: T("Type"), rule: T("Rule") };

  // on: {select(mention), read(mention), label(passage), csv(), annotations()}
  function create(content, marks, pane, on) {
    let rows = [], shown = [], drawn = new Map(), stale = true, hits = new Set(), at = null, current = 0;
    let sorted = { by: "passage", down: false };

    // What a mention points at, in words: made once for all mentions that say the same.
    let aimed = new WeakMap();
    const target = ({ targets }) => {
      if (!aimed.has(targets)) { const names = Row(targets.map(content.nameOf)), text = String(names); aimed.set(targets, { names, text, lower: text.toLowerCase() }); }
      return aimed.get(targets);
    };
    const collate = (a, b) => Language.compare(a, b, NUMERIC);
    const KEYS = { words: ({ mention }) => mention.words, target: ({ mention }) => target(mention).text, type: ({ mention }) => String(Marks.TYPES[mention.type]), rule: ({ mention }) => mention.rule };
    const compare = (by) => (by === "passage" ? (a, b) => a.n - b.n : by === "confidence" ? (a, b) => a.mention.confidence - b.mention.confidence || a.n - b.n : (a, b) => collate(a.key, b.key) || a.n - b.n);

    const later = (act) => { let timer = 0; return () => { clearTimeout(timer); timer = setTimeout(act, 120); }; };
    const filter = { words: make("input", { type: "search", id: "mention-words", placeholder: T("words, place, note"), "aria-label": T("Search the mentions"), oninput: later(() => choose()) }) };
    const select = (name, label, options) => { filter[name] = make("select", { id: `mention-${name}`, "aria-label": label, onchange: () => choose() }, options.map(([value, text]) => make("option", { value }, text))); return filter[name]; };
    const tally = make("p", { class: "count", role: "status" });
    const heads = Object.fromEntries(Object.entries(HEADS).map(([by, text]) => [by, make("div", { role: "columnheader", class: by }, make("button", { type: "button", title: by === "passage" ? T("Sort by the order of the text") : T("Sort by: {column}", { column: text }), onclick: () => { sorted = { by, down: sorted.by === by && !sorted.down }; choose(); } }, text))]));
    const body = make("div", { role: "rowgroup", class: "rows", onkeydown: walk });
    const grid = make("div", { role: "grid", class: "grid", "aria-label": T("Mentions") }, make("div", { role: "rowgroup", class: "heads" }, make("div", { role: "row" }, Object.values(heads))), body);
    pane.append(
      make("p", { class: "hint" }, T("Every name found, what it was taken for and why. A row shows it on the map; its ¶ leads to the words, to read or correct them.")),
      make("div", { class: "filters" }, filter.words,
        select("type", T("Type"), [["", T("every type")], ...Object.entries(Marks.TYPES)]),
        select("sure", T("How sure"), [["", T("however sure")], ...Object.entries(STEPS).map(([value, [text]]) => [value, text])]),
        select("place", T("Points at"), [])),
      make("div", { class: "bar-line" }, tally, make("button", { type: "button", id: "mentions-csv", onclick: on.csv }, T("Table (CSV)")), make("button", { type: "button", id: "mentions-jsonld", title: T("W3C Web Annotations of the whole text"), onclick: on.annotations }, T("Annotations"))),
      grid);

    function refresh() {
      stale = false;
      aimed = new WeakMap();                   // in another language, other names
      rows = marks.all().map((mention, n) => ({ mention, n, text: [mention.words, Words(mention.note), mention.rule, mention.evidence].join("\n").toLowerCase() }));
      const chosen = filter.place.value, ids = [...new Set(rows.flatMap(({ mention }) => mention.targets))].map((id) => [id, String(content.nameOf(id))]).sort((a, b) => collate(a[1], b[1]));
      filter.place.replaceChildren(...[["", T("anything")], ["-", T("nothing on the map")], ...ids].map(([value, text]) => make("option", { value, selected: value === chosen }, text)));
      choose();
    }

    function choose() {
      const words = filter.words.value.trim().toLowerCase(), type = filter.type.value, place = filter.place.value, step = STEPS[filter.sure.value];
      const fits = ({ mention, text }) => (text.includes(words) || target(mention).lower.includes(words)) && (!type || mention.type === type) && (!step || (mention.confidence >= step[1] && mention.confidence < step[2])) && (!place || (place === "-" ? !mention.targets.length : mention.targets.includes(place)));
      shown = rows.filter(fits);
      if (KEYS[sorted.by]) for (const row of shown) row.key = KEYS[sorted.by](row);
      shown.sort(compare(sorted.by));
      if (sorted.down) shown.reverse();
      for (const [by, head] of Object.entries(heads)) head.setAttribute("aria-sort", by !== sorted.by ? "none" : sorted.down ? "descending" : "ascending");
      Dom.fill(tally, T("{n} of {total}", { n: shown.length, total: rows.length }));
      grid.setAttribute("aria-rowcount", String(shown.length + 1));
      body.style.height = `${shown.length * ROW}px`;
      body.replaceChildren();
      drawn = new Map();
      current = Math.max(0, shown.findIndex(({ mention }) => mention === at));
      draw();
    }

    function draw() {
      const from = Math.max(0, Math.floor((pane.scrollTop - body.offsetTop) / ROW) - SPARE), to = Math.min(shown.length, from + Math.ceil(pane.clientHeight / ROW) + 2 * SPARE);
      for (const [n, element] of drawn) if ((n < from || n >= to) && !element.contains(document.activeElement)) { element.remove(); drawn.delete(n); }
      for (let n = from; n < to; n++) if (!drawn.has(n)) drawn.set(n, body.appendChild(rowOf(n)));
    }

    function rowOf(n) {
      const { mention } = shown[n], { text } = marks.passages.get(mention.passage), why = new Language.Phrase(() => [mention.rule, mention.evidence, Words(mention.note)].filter(Boolean).join(" · "));
      const cell = (name, ...inner) => make("div", { role: "gridcell", class: name }, ...inner);
      const before = text.slice(Math.max(0, mention.start - AROUND), mention.start), after = text.slice(mention.end, mention.end + 2 * AROUND);
      const element = make("div", { role: "row", class: `row ${mention.mine ? "corrected" : ""}`, tabindex: n === current ? 0 : -1, "aria-rowindex": n + 2, onclick: (event) => event.target.closest("button") || on.select(mention), onfocus: () => { current = n; } },
        cell("passage", make("button", { type: "button", class: "inline", tabindex: -1, title: T("Read it there"), onclick: () => on.read(mention) }, on.label(mention.passage))),
        cell("words", make("b", { lang: content.article.lang }, mention.words), make("span", { class: "context", lang: content.article.lang }, mention.start > AROUND ? "…" : "", before, make("i", {}, mention.words), after)),
        cell("target", mention.targets.length ? target(mention).names : "–"),
        cell(Marks.unsure(mention) ? "confidence unsure" : "confidence", Dom.gauge(mention.confidence)),
        cell("type", Marks.TYPES[mention.type]),
        make("div", { role: "gridcell", class: "rule", title: why }, why));
      element.style.top = `${n * ROW}px`;
      dress(element, mention);
      return element;
    }

    function dress(element, mention) {
      element.classList.toggle("hit", hits.has(mention));
      element.setAttribute("aria-selected", String(mention === at));
    }

    function walk(event) {
      const page = Math.max(1, Math.floor(pane.clientHeight / ROW) - 2), last = shown.length - 1;
      const step = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + page, PageUp: current - page, Home: 0, End: last }[event.key];
      if ((event.key === "Enter" || event.key === " ") && event.target.getAttribute("role") === "row") { event.preventDefault(); on.select(shown[current].mention); }
      if (step === undefined || last < 0) return;
      event.preventDefault();
      drawn.get(current)?.setAttribute("tabindex", "-1");
      current = Math.min(last, Math.max(0, step));
      const top = body.offsetTop + current * ROW, over = grid.firstChild.offsetHeight;
      if (top - over < pane.scrollTop) pane.scrollTop = top - over;
      else if (top + ROW > pane.scrollTop + pane.clientHeight) pane.scrollTop = top + ROW - pane.clientHeight;
      draw();
      drawn.get(current).setAttribute("tabindex", "0");
      drawn.get(current).focus({ preventScroll: true });
    }

    // What is selected elsewhere is marked here.
    function mark(mentions, mention) {
      hits = new Set(mentions);
      at = mention;
      for (const [n, element] of drawn) dress(element, shown[n].mention);
    }

    pane.addEventListener("scroll", draw, { passive: true });
    new ResizeObserver(() => { if (pane.clientHeight) { if (stale) refresh(); else draw(); } }).observe(pane);
    const look = later(() => { if (pane.clientHeight) refresh(); });
    marks.watch(() => { stale = true; look(); });
    Language.watch(() => { stale = true; if (pane.clientHeight) refresh(); });

    return { mark, shown: () => { if (stale) refresh(); return shown.map(({ mention }) => mention); } };
  }

  return { create };
})();
