// All that the page says, from its block. The embedded page has its records in columns, to name each field but once.
const Content = (() => {
  function unpack(value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(unpack);
    const inner = Object.entries(value.columns ?? value).map(([name, part]) => [name, unpack(part)]);
    if (!value.columns) return Object.fromEntries(inner);
    const records = inner[0][1].map((_, n) => Object.fromEntries(inner.map(([name, column]) => [name, column[n]])));
    return value.keys ? Object.fromEntries(value.keys.map((key, n) => [key, records[n]])) : records;
  }

  function read() {
    const text = document.getElementById("atlas-content").textContent, content = JSON.parse(text);
    return text.includes('"columns":') ? unpack(content) : content;
  }

  return { read };
})();
