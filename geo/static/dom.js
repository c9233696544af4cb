// Small builders of elements. Text enters the document here and only as text.
const Dom = (() => {
  // make("p", {class: "note", lang: "ru"}, "text", child, [more])
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === false || value === null || value === undefined) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : String(value));
      if (value instanceof Language.Phrase) (element.phrases ??= {})[key] = value;
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "").flatMap(spoken));
    return element;
  }

  // A phrase becomes a text that can be said again in another language; one with elements in it, its parts.
  function spoken(child) {
    if (!(child instanceof Language.Phrase)) return [child];
    if (Object.values(child.values).some((value) => value instanceof Node || Array.isArray(value))) return child.parts().flat(Infinity).filter((part) => part !== "").flatMap(spoken);
    const text = document.createTextNode(String(child));
    text.phrase = child;
    return [text];
  }

  // Other phrases for attributes of an element that is there.
  function say(element, attributes) {
    for (const [name, phrase] of Object.entries(attributes)) {
      element.setAttribute(name, String(phrase));
      (element.phrases ??= {})[name] = phrase;
    }
  }

  const SVG = "http://www.w3.org/2000/svg";
  function svg(name, attributes = {}, text = "") {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text) element.textContent = text;
    return element;
  }

  // Addresses come from data: only web addresses become links.
  function link(url, ...children) {
    return /^https?:\/\//.test(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children) : make("span", {}, ...children);
  }

  // Citations as links into the bibliography; `source` shows one there.
  function cites(content, list, source) {
    return list.map(([key, locator], n) => [n ? "; " : "", make("a", { href: `#source-${key}`, class: "cite", title: content.sources[key].text, onclick: (event) => { event.preventDefault(); source(key); } }, content.shortSource(key) + (locator ? `, ${locator}` : ""))]);
  }

  // How sure a record is, in a word that explains itself when pointed at.
  function sure(content, { certainty }) {
    return make("span", { class: `certainty ${certainty}`, title: Object.fromEntries(content.certainties)[certainty] }, certainty);
  }

  // How sure something is, from 0 to 1, as a bar and a number.
  function gauge(share) {
    const bar = svg("svg", { class: "gauge", viewBox: "0 0 30 8", width: 30, height: 8, "aria-hidden": "true" });
    bar.append(svg("rect", { x: 0.5, y: 0.5, width: 29, height: 7, rx: 2 }), svg("rect", { class: "full", x: 1.5, y: 1.5, width: 27 * share, height: 5, rx: 1 }));
    return [bar, make("span", { class: "share" }, share.toFixed(2))];
  }

  // Hands the reader a file.
  function download(text, name, type) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  return { make, say, svg, link, cites, sure, gauge, download };
})();
