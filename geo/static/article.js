// The reading pane: passages with their mentions, and what was set apart.
const Reading = (() => {
  const LONG = 200, SLICE = 40;              // passages: from here on a text is laid out by slices, of so many
  const STRETCH = 4000;                      // characters: a passage that is longer is laid out by stretches
  const MOST = 6;                            // targets that a mention names when it is pointed at
  const soon = globalThis.requestIdleCallback ?? ((act) => setTimeout(() => act({ timeRemaining: () => 8 }), 16));
  const isBook = ({ text }) => text.length > 2 * STRETCH;
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // A verdict is a word and a shape, so that colour never speaks alone.
  const SHAPES = {
    supported: [["circle", { cx: 8, cy: 8, r: 6.5 }], ["path", { d: "M5 8.2 7.1 10.4 11 5.8" }]],
    imprecise: [["path", { d: "M8 1 15 8 8 15 1 8Z" }], ["path", { d: "M4.6 8.9q1.7-2.3 3.4-.9t3.4-.9" }]],
    contradicted: [["rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 2 }], ["path", { d: "m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" }]],
    unverifiable: [["circle", { cx: 8, cy: 8, r: 6.5, class: "dashed" }], ["path", { d: "M6 6.2q0-1.8 2-1.8t2 1.7q0 1-2 1.9v1.1m0 1.9v.2" }]],
  };
  const VERDICTS = { supported: T("supported"), imprecise: T("imprecise"), contradicted: T("contradicted"), unverifiable: T("unverifiable") };
  const COUNTED = { supported: (n) => Tn("{n} supported", "{n} supported", { n }), imprecise: (n) => Tn("{n} imprecise", "{n} imprecise", { n }), contradicted: (n) => Tn("{n} contradicted", "{n} contradicted", { n }), unverifiable: (n) => Tn("{n} unverifiable", "{n} unverifiable", { n }) };
  function verdict(word, text = VERDICTS[word]) {
    const shape = Dom.svg("svg", { viewBox: "0 0 16 16", width: 15, height: 15, "aria-hidden": "true" });
    shape.append(...SHAPES[word].map(([name, attributes]) => Dom.svg(name, attributes)));
    return Dom.make("span", { class: `verdict ${word}` }, shape, text);
  }

  // on: {select(ids, passage, note, mention), source(key), follow(passage)}
  function create(content, marks, pane, on) {
    const { make } = Dom;
    const mentionOf = new WeakMap(), elementOf = new Map(), passages = new Map(), numbered = new Map();
    const bare = new Map();                  // slices whose mentions are not yet marked: {fill(), has(passage, at)}
    let article = content.article, long = false;
    const weighed = [];                      // the claims, each with its words and where they stand
    let quiet = true;                        // whether words that point nowhere explain themselves

    // A name that fifty places bear has fifty targets, and a long text has it ten thousand times: what is said of them is made once.
    const aimed = new WeakMap();
    function aimOf({ targets }) {
      if (!aimed.has(targets)) aimed.set(targets, { ids: targets.join(","), names: Row([...targets.slice(0, MOST).map(content.nameOf), ...(targets.length > MOST ? ["…"] : [])]) });
      return aimed.get(targets);
    }

    function marked(mention) {
      const { ids, names } = aimOf(mention), said = { type: Marks.TYPES[mention.type], names };
      const states = [Marks.unsure(mention) && "unsure", mention.mine && "corrected", hits.has(mention) && "hit"].filter(Boolean);
      const element = Marks.linked(mention)
        ? make("a", {
          href: `#place=${ids}&passage=${mention.passage}`,
          class: ["mention", mention.type, content.styleOf(mention.targets), ...states].join(" "),
          title: Marks.unsure(mention) ? T("{type}: {names}, not sure ({sure})", { ...said, sure: Figure(mention.confidence, { minimumFractionDigits: 2, maximumFractionDigits: 2 }) }) : T("{type}: {names}", said),
        }, mention.words)
        : make("span", { class: ["quiet", ...states].join(" "), role: "button", tabindex: quiet ? 0 : -1 }, mention.words);
      mentionOf.set(element, mention);
      elementOf.set(mention, element);
      return element;
    }

    // The words of a piece of a passage, its mentions marked or not.
    function runsOf({ text }, { from, to, mentions }, plain) {
      const runs = [];
      let at = from;
      for (const mention of plain ? [] : mentions) {
        runs.push(text.slice(at, mention.start), marked(mention));
        at = mention.end;
      }
      runs.push(text.slice(at, to));
      return runs;
    }

    // A passage like a book is cut at the ends of sentences, the text still the same letter for letter.
    function piecesOf({ id, text }) {
      const mentions = marks.of(id), pieces = [], end = /[.!?…。！？]/g;
      if (!isBook({ text })) return [{ from: 0, to: text.length, mentions }];
      for (let from = 0, n = 0; from < text.length; from = pieces.at(-1).to) {
        const first = n;
        end.lastIndex = from + STRETCH;
        let to = end.exec(text) ? end.lastIndex : text.length;
        for (; n < mentions.length && mentions[n].start < to; n++) to = Math.max(to, mentions[n].end);
        pieces.push({ from, to, mentions: mentions.slice(first, n) });
      }
      return pieces;
    }

    // What the browser lays out only near the window; till then it takes this room.
    function slice(name, parts, room) {
      const element = make(name, { class: "slice" }, parts);
      element.style.containIntrinsicSize = `auto ${room}px`;
      return element;
    }

    function partsOf(passage, plain) {
      const pieces = piecesOf(passage);
      return pieces.length === 1 ? runsOf(passage, pieces[0], plain) : pieces.map((piece) => {
        const element = slice("span", runsOf(passage, piece, plain), 28 * (STRETCH / 48));
        if (plain) bare.set(element, { fill: () => element.replaceChildren(...runsOf(passage, piece)), has: (id, at) => id === passage.id && piece.from <= at && at < piece.to });
        return element;
      });
    }

    // In a long text the mentions are marked where it is read, and the others while nobody waits: the words stand there anyway.
    function fill(element) {
      const { fill: now } = bare.get(element) ?? {};
      bare.delete(element);
      now?.();
    }
    const fillAt = (id, at) => [...bare].filter(([, { has }]) => has(id, at)).forEach(([element]) => fill(element));
    const fillAll = () => [...bare.keys()].forEach(fill);
    let filling = false;
    function fillSoon() {
      if (filling || !bare.size) return;
      filling = true;
      soon((left) => {
        filling = false;
        do fill(bare.keys().next().value); while (bare.size && left.timeRemaining() > 4);
        fillSoon();
      });
    }
    pane.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => skipped || fill(target), true);
    addEventListener("beforeprint", fillAll);

    function render(passage, heading = "h3", plain = isBook(passage)) {
      const element = make(passage.kind === "heading" ? heading : "p", { id: passage.id, class: `passage ${passage.kind}` }, partsOf(passage, plain));
      passages.set(passage.id, element);
      return element;
    }

    function redraw(id) {
      for (const old of passages.get(id).children) bare.delete(old);
      passages.get(id).replaceChildren(...partsOf(marks.passages.get(id)));
      markClaims();
    }

    // Where the published text is known, each passage leads to its words there.
    function published(passage) {
      const there = Fragment.link(article.source, passage.text);
      return there ? make("p", { class: "published" }, Dom.set(Dom.link(there, T("In the published text")), { title: T("Opens the published article at these words") })) : null;
    }

    // The ledger of a passage, folded away under it.
    function ledger(passage) {
      if (!passage.claims.length) return null;
      const number = (word) => passage.claims.filter((claim) => claim.verdict === word).length;
      const found = Object.keys(SHAPES).filter(number);
      const items = passage.claims.map((found) => {
        const claim = { ...found, words: passage.text.slice(found.start, found.end), passage: passage.id, show: () => show(item) };
        const near = () => mark("claim-at-hand", [claim]), away = () => mark("claim-at-hand", []);
        const item = make("li", { id: `claim-${claim.id}`, tabindex: -1, onmouseenter: near, onmouseleave: away, onfocusin: near, onfocusout: away },
          make("p", { class: "claimed" }, verdict(claim.verdict), " ", make("q", { lang: article.lang }, claim.words)),
          make("p", {}, Words(claim.reason)),
          make("p", { class: "grounds" },
            claim.targets.length ? [T("About {things}.", { things: Dom.row(claim.targets.map((id) => target(id, passage))) }), " "] : null,
            T("Sources: {sources}.", { sources: Dom.cites(content, claim.citations, on.source) }), " ", Dom.sure(content, claim)));
        weighed.push(claim);
        return item;
      });
      return make("details", { class: "claims", ontoggle: markClaims },
        make("summary", {}, Tn("{n} claim weighed:", "{n} claims weighed:", { n: passage.claims.length }), " ",
          Dom.row(found.map((word) => (passage.claims.length === 1 ? verdict(word) : verdict(word, COUNTED[word](number(word))))), " ")),
        make("ul", {}, items));
    }

    function target(id, passage) {
      const follow = (event) => { event.preventDefault(); on.select([id], passage.id); };
      return make("a", { href: `#place=${id}&passage=${passage.id}`, onclick: follow }, content.nameOf(id));
    }

    const fold = ({ id }) => document.getElementById(`claim-${id}`)?.closest("details");
    const markClaims = () => mark("claim", weighed.filter((claim) => fold(claim)?.open));

    // Marks the words of claims in the text, where the browser can do so without changing the document.
    function mark(name, claims) {
      if (!globalThis.Highlight) return;
      for (const { passage, start } of claims) fillAt(passage, start);
      CSS.highlights.set(name, new Highlight(...claims.map((claim) => rangeOf(passages.get(claim.passage), claim))));
    }

    function rangeOf(element, { start, end }) {
      const range = document.createRange(), walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let at = 0, node = walker.nextNode(); node && at < end; at += node.length, node = walker.nextNode()) {
        if (start >= at && start < at + node.length) range.setStart(node, start - at);
        if (end <= at + node.length) range.setEnd(node, end - at);
      }
      return range;
    }

    function show(item) {
      item.closest("details").open = true;
      item.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
      item.focus({ preventScroll: true });
    }

    // What the text says of itself: by whom, when, where, and how its bytes were read where that was a guess.
    function imprint() {
      const said = [article.author, Words(article.date), article.source && Dom.link(article.source, article.source.replace(/^https?:\/\/(www\.)?/, "").slice(0, 60)), article.encoding.includes("guessed") && T("read as {encoding} (guessed)", { encoding: article.encoding.replace(" (guessed)", "") })].filter(Boolean);
      return said.length ? make("p", { class: "imprint" }, said.map((part, n) => [n ? " · " : "", part])) : null;
    }

    function sliced(list) {
      if (list.length < LONG) return list.flatMap((passage) => [render(passage), published(passage), ledger(passage)]);
      return Array.from({ length: Math.ceil(list.length / SLICE) }, (_, n) => {
        const part = list.slice(n * SLICE, (n + 1) * SLICE), short = new Map(part.filter((passage) => !isBook(passage)).map((passage) => [passage.id, passage]));
        const element = slice("div", part.flatMap((passage) => [render(passage, "h3", true), published(passage), ledger(passage)]), part.reduce((sum, { text }) => sum + 17 + 28 * Math.ceil(text.length / 48), 0));
        bare.set(element, { fill: () => short.forEach((passage, id) => passages.get(id).replaceChildren(...partsOf(passage))), has: (id) => short.has(id) });
        return element;
      });
    }

    const tools = make("div", { class: "tools" });
    let drawn = [];
    function draw() {
      for (const map of [elementOf, passages, numbered, bare]) map.clear();
      weighed.length = 0;
      ({ article } = content);
      const own = [...marks.passages.values()];
      long = own.length >= LONG || own.some(isBook);
      const apart = article.passages.filter((passage) => !marks.passages.has(passage.id));
      const count = (kind) => apart.filter((passage) => passage.kind === kind).length;
      own.filter((passage) => passage.kind === "text").forEach((passage, n) => numbered.set(passage.id, `¶${n + 1}`));
      const title = own[0]?.kind === "heading" && own[0].text === article.title ? own.shift() : null;
      drawn.forEach((element) => element.remove());
      drawn = [
        make("p", { class: "kicker" }, article.own ? T("Our account of the article") : T("The reader’s article")),
        title ? Object.assign(render(title, "h2"), { className: "title passage heading", lang: article.lang }) : article.title ? make("h2", { class: "title", lang: article.lang }, article.title) : null,
        title ? published(title) : null,
        imprint(),
        tools,
        make("div", { class: "passages", lang: article.lang }, sliced(own)),
        apart.length ? make("details", { class: "apart" },
          make("summary", {}, T("Set apart and not linked: {lines}, {comments}", {
            lines: Tn("{n} line of buttons and links", "{n} lines of buttons and links", { n: count("furniture") }),
            comments: Tn("{n} paragraph of comments", "{n} paragraphs of comments", { n: count("comment") }),
          })),
          apart.map((passage) => make("p", { id: passage.id, class: passage.kind, lang: article.lang }, passage.text))) : null,
      ].filter(Boolean);
      pane.prepend(...drawn);
      fill(bare.keys().next().value);
      fillSoon();
    }

    // The element that shows a mention, and the mention that an element shows.
    function elementFor(mention) {
      if (!elementOf.has(mention)) fillAt(mention.passage, mention.start);
      return elementOf.get(mention);
    }
    const mentionAt = (element) => mentionOf.get(element.closest?.(".mention, .quiet"));
    pane.addEventListener("click", (event) => {
      const mention = mentionAt(event.target);
      if (!mention || !Marks.linked(mention)) return;
      event.preventDefault();
      on.select(mention.targets, mention.passage, mention.note, mention);
    });

    let hits = new Set(), lit = new Set(), atHand = "";
    draw();

    // Lights mentions and their passages; returns the passages lit, and the one that speaks of the fewest things.
    function light(mentions, passage) {
      const next = new Set(mentions);
      for (const mention of hits) if (!next.has(mention)) elementOf.get(mention)?.classList.remove("hit");
      for (const mention of next) elementOf.get(mention)?.classList.add("hit");
      hits = next;
      const now = new Set(mentions.map((mention) => mention.passage));
      for (const id of lit) if (!now.has(id)) passages.get(id).classList.remove("lit");
      for (const id of now) passages.get(id).classList.add("lit");
      lit = now;
      passages.get(atHand)?.classList.remove("at-hand");
      passages.get(passage)?.classList.add("at-hand");
      atHand = passage;
      const closest = mentions.reduce((best, mention) => (best && best.targets.length <= mention.targets.length ? best : mention), null);
      return { lit: [...lit], closest: closest?.passage ?? "" };
    }

    // Brings a passage, or words of it, to where one reads. What is laid out by slices gets its true height on
    // the way, so it looks again, unless the reader or another goal has taken over.
    let goal = null;
    function bring(element, again = long ? 3 : 0) {
      goal = element;
      byHand = false;
      const box = element.getBoundingClientRect(), frame = pane.getBoundingClientRect();
      pane.scrollTo({ top: pane.scrollTop + box.top - frame.top - Math.max(16, (frame.height - box.height) / 3), behavior: long || calm() ? "auto" : "smooth" });
      if (again) requestAnimationFrame(() => goal === element && !byHand && bring(element, again - 1));
    }
    const scrollTo = (id) => passages.has(id) && bring(passages.get(id));
    function lead(mention) {
      bring(elementFor(mention));
      elementFor(mention).focus({ preventScroll: true });
    }

    // The map follows the text: the passage a third down the pane, once the reader's own hand rests there.
    let byHand = false, watcher = null, resting = 0, reached = "";
    for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) pane.addEventListener(name, () => { byHand = true; }, { passive: true });
    function follow(wanted) {
      watcher?.disconnect();
      clearTimeout(resting);
      watcher = null;
      reached = "";
      if (!wanted) return;
      byHand = true;
      watcher = new IntersectionObserver((entries) => {
        const line = entries.findLast((entry) => entry.isIntersecting);
        if (!line || !byHand || line.target.id === reached) return;
        reached = line.target.id;
        clearTimeout(resting);
        resting = setTimeout(() => byHand && on.follow(reached), 300);
      }, { root: pane, rootMargin: "-33% 0px -66% 0px" });
      passages.forEach((element) => watcher.observe(element));
    }

    function explain(wanted) {
      quiet = wanted;
      pane.classList.toggle("plain", !wanted);
      for (const element of pane.querySelectorAll(".quiet")) element.tabIndex = wanted ? 0 : -1;
    }

    const claimsAbout = (ids) => weighed.filter((claim) => claim.targets.some((target) => ids.has(target)));
    const label = (id) => numbered.get(id) ?? T("heading");
    marks.watch((id) => {
      if (!id) return turn();
      for (const mention of hits) if (mention.passage === id) hits.delete(mention);
      return redraw(id);
    });

    // The text in another language: what was being read, and what was open, still is.
    function turn() {
      const edge = pane.getBoundingClientRect().top, open = new Set(weighed.filter((claim) => fold(claim).open).map(({ id }) => id));
      const reached = pane.scrollTop && [...passages.keys()].find((id) => passages.get(id).getBoundingClientRect().bottom > edge);
      const share = (element) => { const { top, height } = element.getBoundingClientRect(); return (edge - top) / height; }, before = reached && share(passages.get(reached));
      hits.clear();
      lit.clear();
      draw();
      for (const claim of weighed) if (open.has(claim.id)) fold(claim).open = true;
      if (reached) pane.scrollTop += (before - share(passages.get(reached))) * passages.get(reached).offsetHeight;
      watcher?.disconnect();
      passages.forEach((element) => watcher?.observe(element));
    }

    return { light, scrollTo, follow, explain, label, claimsAbout, mentionAt, elementFor, lead, mark, tools, claims: weighed, has: (id) => passages.has(id) };
  }

  return { create, verdict };
})();
