// All that the page says, from its block. The embedded page has its records in columns, to name each field but once.
const Content = (() => {
  function unpack(value, texts) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((part) => unpack(part, texts));
    if (typeof value.say === "number") return texts[value.say][0];
    const inner = Object.entries(value.columns ?? value).map(([name, part]) => [name, unpack(part, texts)]);
    if (!value.columns) return Object.fromEntries(inner);
    const records = inner[0][1].map((_, n) => Object.fromEntries(inner.map(([name, column]) => [name, column[n]])));
    return value.keys ? Object.fromEntries(value.keys.map((key, n) => [key, records[n]])) : records;
  }

  // Texts that are translated come once, each with what it is in the other languages, and elsewhere by their number.
  function read() {
    const { texts, ...content } = JSON.parse(document.getElementById("atlas-content").textContent);
    return { ...unpack(content, texts), texts: Object.fromEntries(texts.map(([english, ...others]) => [english, others])) };
  }

  return { read };
})();
