// The reading pane: passages with their mentions, and what was set apart.
const Reading = (() => {
  const LINKED = new Set(["place", "area", "act", "group"]);
  const TYPES = { place: "place", area: "area", act: "act", group: "several places" };

  // A verdict is a word and a shape, so that colour never speaks alone.
  const SHAPES = {
    supported: [["circle", { cx: 8, cy: 8, r: 6.5 }], ["path", { d: "M5 8.2 7.1 10.4 11 5.8" }]],
    imprecise: [["path", { d: "M8 1 15 8 8 15 1 8Z" }], ["path", { d: "M4.6 8.9q1.7-2.3 3.4-.9t3.4-.9" }]],
    contradicted: [["rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 2 }], ["path", { d: "m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" }]],
    unverifiable: [["circle", { cx: 8, cy: 8, r: 6.5, class: "dashed" }], ["path", { d: "M6 6.2q0-1.8 2-1.8t2 1.7q0 1-2 1.9v1.1m0 1.9v.2" }]],
  };
  function verdict(word, text = word) {
    const shape = Dom.svg("svg", { viewBox: "0 0 16 16", width: 15, height: 15, "aria-hidden": "true" });
    shape.append(...SHAPES[word].map(([name, attributes]) => Dom.svg(name, attributes)));
    return Dom.make("span", { class: `verdict ${word}` }, shape, text);
  }

  // on: {select(ids, passage, note), source(key)}
  function create(content, pane, on) {
    const { article } = content, { make } = Dom;
    const links = [];                        // {element, targets, passage}
    const passages = new Map();
    const weighed = [];                      // the claims, each with its words and where they stand

    function linked(passage, mention) {
      const text = passage.text.slice(mention.start, mention.end);
      if (!LINKED.has(mention.type) || !mention.targets.length) return text;
      const follow = (event) => { event.preventDefault(); on.select(mention.targets, passage.id, mention.note); };
      const element = make("a", {
        href: `#place=${mention.targets.join(",")}&passage=${passage.id}`,
        class: `mention ${mention.type} ${content.styleOf(mention.targets)}`,
        title: `${TYPES[mention.type]}: ${mention.targets.map(content.nameOf).join(", ")}`,
        onclick: follow,
      }, text);
      links.push({ element, targets: mention.targets, passage: passage.id });
      return element;
    }

    function render(passage, heading = "h3") {
      const runs = [];
      let at = 0;
      for (const mention of passage.mentions) {
        runs.push(passage.text.slice(at, mention.start), linked(passage, mention));
        at = mention.end;
      }
      runs.push(passage.text.slice(at));
      const element = make(passage.kind === "heading" ? heading : "p", { id: passage.id, class: `passage ${passage.kind}` }, runs);
      // Where the published text is known, each passage leads to its words there.
      const there = Fragment.link(article.source, passage.text);
      if (there) element.append(make("span", { class: "published" }, " ", Object.assign(Dom.link(there, "in the published text"), { title: "Opens the published article at these words" })));
      passages.set(passage.id, element);
      return element;
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
          make("p", { class: "claimed" }, verdict(claim.verdict), " ", make("q", {}, claim.words)),
          make("p", {}, claim.reason),
          make("p", { class: "grounds" },
            claim.targets.length ? ["About ", claim.targets.map((id, n) => [n ? ", " : "", target(id, passage)]), ". "] : null,
            "Sources: ", Dom.cites(content, claim.citations, on.source), ". ", Dom.sure(content, claim)));
        weighed.push(claim);
        return item;
      });
      return make("details", { class: "claims", lang: "en", ontoggle: () => mark("claim", weighed.filter((claim) => document.getElementById(`claim-${claim.id}`).closest("details").open)) },
        make("summary", {}, passage.claims.length === 1 ? "1 claim weighed: " : `${passage.claims.length} claims weighed: `,
          found.map((word, n) => [n ? " " : "", verdict(word, passage.claims.length === 1 ? word : `${number(word)} ${word}`)])),
        make("ul", {}, items));
    }

    function target(id, passage) {
      const follow = (event) => { event.preventDefault(); on.select([id], passage.id); };
      return make("a", { href: `#place=${id}&passage=${passage.id}`, onclick: follow }, content.nameOf(id));
    }

    // Marks the words of claims in the text, where the browser can do so without changing the document.
    function mark(name, claims) {
      if (!globalThis.Highlight) return;
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

    const own = article.passages.filter((passage) => passage.kind === "heading" || passage.kind === "text");
    const apart = article.passages.filter((passage) => !own.includes(passage));
    const title = own[0]?.kind === "heading" && own[0].text === article.title ? own.shift() : null;
    pane.replaceChildren(...[
      make("p", { class: "kicker" }, article.own ? "Our account of the article" : "The reader’s article"),
      title ? Object.assign(render(title, "h2"), { className: "title passage heading" }) : article.title ? make("h2", { class: "title" }, article.title) : null,
      make("div", { class: "passages", lang: article.lang }, own.flatMap((passage) => [render(passage), ledger(passage)])),
      apart.length ? make("details", { class: "apart" },
        make("summary", {}, `Set apart and not linked: ${count(apart, "furniture", "line of buttons and links", "lines of buttons and links")}, ${count(apart, "comment", "paragraph of comments", "paragraphs of comments")}`),
        apart.map((passage) => make("p", { id: passage.id, class: passage.kind }, passage.text))) : null,
    ].filter(Boolean));

    function count(list, kind, one, many) {
      const n = list.filter((passage) => passage.kind === kind).length;
      return `${n} ${n === 1 ? one : many}`;
    }

    // Lights every mention of these ids; returns the passages lit, and the one that speaks of them alone.
    function light(ids, passage) {
      const lit = new Set();
      let closest = null;
      for (const link of links) {
        const hit = link.targets.some((target) => ids.has(target));
        link.element.classList.toggle("hit", hit);
        if (!hit) continue;
        lit.add(link.passage);
        if (!closest || link.targets.length < closest.targets.length) closest = link;
      }
      for (const [id, element] of passages) {
        element.classList.toggle("lit", lit.has(id));
        element.classList.toggle("at-hand", id === passage);
      }
      return { lit: [...lit], closest: closest?.passage ?? "" };
    }

    function scrollTo(id) {
      const element = passages.get(id);
      if (!element) return;
      const box = element.getBoundingClientRect(), frame = pane.getBoundingClientRect();
      pane.scrollTo({ top: pane.scrollTop + box.top - frame.top - Math.max(16, (frame.height - box.height) / 3), behavior: calm() ? "auto" : "smooth" });
    }

    const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
    const claimsAbout = (ids) => weighed.filter((claim) => claim.targets.some((target) => ids.has(target)));

    const numbered = own.filter((passage) => passage.kind === "text").map((passage) => passage.id);
    const label = (id) => (numbered.includes(id) ? `¶${numbered.indexOf(id) + 1}` : "heading");

    return { light, scrollTo, label, claimsAbout, has: (id) => passages.has(id) };
  }

  return { create, verdict };
})();
