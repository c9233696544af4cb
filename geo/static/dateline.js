// The date on the map and who held land on it.
const Dateline = (() => {
  const { make } = Dom;

  // What a legend says, as a text.
  const keyOf = (legend) => JSON.stringify(legend.map(({ text, look }) => [String(text), look]));

  // The date in large letters on the map, with the legend of that day.
  function write(content, chronicle, box, day, n) {
    if (box.hidden === Boolean(day)) box.hidden = !day;
    if (!day) return;
    if (!box.firstChild) box.append(make("p", { class: "day", "data-day": n }), make("ul"));
    const [said, list] = box.children, legend = chronicle.legend(content.areas, day);
    Dom.say(said, Day(day));
    // Most of a legend outlives a step in time.
    const entries = legend.map((entry) => [keyOf([entry]), entry]), keys = new Set(entries.map(([key]) => key));
    for (const item of [...list.children]) if (!keys.has(item.key)) item.remove();
    let at = list.firstChild;
    for (const [key, { text, look }] of entries) {
      if (at?.key === key) { at = at.nextSibling; continue; }
      const item = Object.assign(make("li", { class: look.status === "held" ? "holder" : "pattern" }, Paint.swatch(look), text), { key });
      list.insertBefore(item, at);
    }
    while (at?.nextSibling) at.nextSibling.remove();
    at?.remove();
  }

  return { write, keyOf };
})();
