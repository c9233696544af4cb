// The mentions as files for other programs: W3C Web Annotations as geo/annotations writes them, and a table.
// Here positions become code points of the whole text; everywhere else in the page they count UTF-16 units.
const Annotations = (() => {
  const URN = "urn:far-east-atlas:", AROUND = 32, GAP = "\n\n";
  const TERMS = ["certainty", "citations", "confidence", "credits", "evidence", "rule"];
  const identify = (kind, name) => `${URN}${kind}:${encodeURIComponent(name)}`;
  const points = (text) => { let count = text.length; for (const [pair] of text.matchAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)) count -= pair.length - 1; return count; };
  const first = (text) => [...text.slice(0, 2 * AROUND)].slice(0, AROUND).join("");
  const last = (text) => [...text.slice(-2 * AROUND - 1)].slice(-AROUND).join("");

  // Each mention with where it stands: in code points of its passage and of the text, and what is around it.
  function placed(marks) {
    const passages = [...marks.passages.values()], whole = passages.map(({ text }) => text).join(GAP), found = [];
    let begin = 0, units = 0;                // of the passage: in code points, in UTF-16 units
    for (const { id, text } of passages) {
      let at = 0, counted = 0;
      const until = (unit) => { counted += points(text.slice(at, unit)); at = unit; return counted; };
      for (const mention of marks.of(id)) {
        const start = until(mention.start), end = until(mention.end), from = units + mention.start, to = units + mention.end;
        found.push({ mention, start, end, begin, prefix: last(whole.slice(Math.max(0, from - 2 * AROUND - 1), from)), suffix: first(whole.slice(to, to + 2 * AROUND)) });
      }
      begin += until(text.length) + GAP.length;
      units += text.length + GAP.length;
    }
    return found;
  }

  function annotation({ mention, start, end, begin, prefix, suffix }, { article, kindOf }, source) {
    const { type, targets, rule, confidence, evidence, note } = mention;
    return {
      id: identify("mention", `${article.digest.slice(0, 12)}-${mention.passage}-${start}-${end}`),
      type: "Annotation",
      motivation: "linking",
      body: [
        ...targets.map((id) => ({ type: "SpecificResource", purpose: "identifying", source: identify(kindOf(id), id) })),
        { type: "TextualBody", purpose: "classifying", value: type, rule, confidence, ...(evidence ? { evidence } : {}) },
        ...(note ? [{ type: "TextualBody", purpose: "commenting", value: note, format: "text/plain", ...(rule === "curated" && !article.own ? {} : { language: "en" }) }] : []),
      ],
      target: { source, selector: [{ type: "TextQuoteSelector", exact: mention.words, prefix, suffix }, { type: "TextPositionSelector", start: begin + start, end: begin + end }] },
    };
  }

  // As the command `link` writes it.
  function page(content, marks) {
    const { article } = content, name = article.digest, source = identify("text", name);
    const items = placed(marks).map((one) => annotation(one, content, source));
    return {
      "@context": ["http://www.w3.org/ns/anno.jsonld", { sha256: "http://schema.org/sha256", ...Object.fromEntries(TERMS.map((term) => [term, `${URN}term:${term}`])) }],
      id: identify("annotations", name),
      type: "AnnotationPage",
      partOf: { id: identify("annotation-collection", name), type: "AnnotationCollection", total: items.length, label: article.title, generator: { type: "Software", name: `${content.title} ${content.version}, data ${content.dataVersion}`, sha256: content.dataHash } },
      target: { id: source, type: "Text", format: "text/plain", language: article.lang, sha256: article.digest },
      startIndex: 0,
      items,
    };
  }

  // A cell that a spreadsheet would run as a formula gets an apostrophe.
  function cell(value) {
    const text = typeof value === "string" && /^[=+\-@\t\r\n\0＝＋－＠]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }

  // Mentions, in the order given, as CSV with a byte order mark; positions as in the annotations.
  function table(content, marks, mentions) {
    const spots = new Map(placed(marks).map((one) => [one.mention, one]));
    const rows = mentions.map((mention) => {
      const { begin, start, end } = spots.get(mention);
      return [mention.passage, begin + start, begin + end, mention.words, mention.type, mention.targets.join(" "), mention.targets.map((id) => content.namesOf(id).en).join("; "), mention.confidence, mention.rule, mention.evidence, mention.note];
    });
    return `\uFEFF${[["passage", "start", "end", "words", "type", "targets", "names", "confidence", "rule", "evidence", "note"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  return { page, table };
})();
