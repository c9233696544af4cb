// Small builders of elements. Text enters the document here and only as text.
const Dom = (() => {
  // make("p", {class: "note", lang: "ru"}, "text", child, [more])
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === false || value === null || value === undefined) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : String(value));
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
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

  return { make, svg, link, cites, sure };
})();
