// The reading pane: passages with their mentions, and what was set apart.
const Reading = (() => {
  const LINKED = new Set(["place", "area", "act", "group"]);
  const TYPES = { place: "place", area: "area", act: "act", group: "several places" };

  // on: {select(ids, passage, note)}
  function create(content, pane, on) {
    const { article } = content, { make } = Dom;
    const links = [];                        // {element, targets, passage}
    const passages = new Map();

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

    function render(passage) {
      const runs = [];
      let at = 0;
      for (const mention of passage.mentions) {
        runs.push(passage.text.slice(at, mention.start), linked(passage, mention));
        at = mention.end;
      }
      runs.push(passage.text.slice(at));
      const element = make(passage.kind === "heading" ? "h3" : "p", { id: passage.id, class: `passage ${passage.kind}` }, runs);
      passages.set(passage.id, element);
      return element;
    }

    const own = article.passages.filter((passage) => passage.kind === "heading" || passage.kind === "text");
    const apart = article.passages.filter((passage) => !own.includes(passage));
    const title = own[0]?.kind === "heading" && own[0].text === article.title ? own.shift() : null;
    pane.replaceChildren(...[
      make("p", { class: "kicker" }, article.own ? "Our account of the article" : "The reader’s article"),
      title ? Object.assign(render(title), { className: "title passage heading" }) : article.title ? make("h3", { class: "title" }, article.title) : null,
      make("div", { class: "passages", lang: article.lang }, own.map(render)),
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
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const box = element.getBoundingClientRect(), frame = pane.getBoundingClientRect();
      pane.scrollTo({ top: pane.scrollTop + box.top - frame.top - Math.max(16, (frame.height - box.height) / 3), behavior: calm ? "auto" : "smooth" });
    }

    const numbered = own.filter((passage) => passage.kind === "text").map((passage) => passage.id);
    const label = (id) => (numbered.includes(id) ? `¶${numbered.indexOf(id) + 1}` : "heading");

    return { light, scrollTo, label, has: (id) => passages.has(id) };
  }

  return { create };
})();
