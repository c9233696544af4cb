// Small builders of elements. Text enters the document here and only as text.
const Dom = (() => {
  const TWO = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

  // make("p", {class: "note", lang: "ru"}, "text", child, [more])
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on") && value) element.addEventListener(key.slice(2), value);
      else set(element, { [key]: value });
    }
    return add(element, children);
  }

  // Attributes; a phrase among them is said again in another language.
  function set(element, attributes) {
    for (const [key, value] of Object.entries(attributes)) {
      if (value === false || value === null || value === undefined) continue;
      element.setAttribute(key, value === true ? "" : String(value));
      if (value instanceof Language.Phrase) (element.phrases ??= {})[key] = value;
      else delete element.phrases?.[key];
    }
    return element;
  }

  function add(element, children) {
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "").map(spoken));
    for (const child of element.childNodes) if (child.phrase && child.nodeType === Node.TEXT_NODE) Language.mark(child);
    return element;
  }

  // In the place of what an element had.
  function fill(element, ...children) {
    element.replaceChildren();
    return add(element, children);
  }

  // The same, but only where it has something else to say: `about` is what it speaks of, by itself or as a text.
  function keep(element, about, make) {
    const { kept } = element, tag = Language.tag();
    if (kept && kept.about === about && kept.tag === tag) return;
    element.kept = { about, tag };
    fill(element, make());
  }

  // Another text in the place of the only one: that spares the browser a new node.
  function say(element, phrase) {
    const text = element.firstChild;
    if (!text?.phrase || text.nextSibling || text.nodeType !== Node.TEXT_NODE) return fill(element, phrase);
    text.phrase = phrase;
    if (text.data !== String(phrase)) text.data = String(phrase);
    return element;
  }

  const mixed = ({ values }) => Object.values(values ?? {}).some((value) => value instanceof Node || Array.isArray(value) || (value instanceof Language.Phrase && mixed(value)));

  // A phrase becomes a text that can be said again in another language; one with elements in it, an element of its own.
  function spoken(child) {
    if (!(child instanceof Language.Phrase)) return child;
    const said = mixed(child) ? make("span", {}, child.parts()) : document.createTextNode(String(child));
    said.phrase = child;
    return said;
  }

  const SVG = "http://www.w3.org/2000/svg";
  function svg(name, attributes = {}, text = "") {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    return text === "" ? element : add(element, [text]);
  }

  // Signs on buttons, drawn: a letter for one may stand in no font but a far one, which takes long to find.
  const SIGNS = { play: "M3 2 12 7 3 12z", back: "M11 2 2 7 11 12z", pause: "M3 2h3v10H3zM8 2h3v10H8z" };
  function sign(name) {
    const drawn = svg("svg", { class: "sign", viewBox: "0 0 14 14", "aria-hidden": "true" });
    drawn.append(svg("path", { d: SIGNS[name] }));
    return drawn;
  }

  // Addresses come from data: only web addresses become links.
  function link(url, ...children) {
    return /^https?:\/\//.test(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children) : make("span", {}, ...children);
  }

  // Citations as links into the bibliography; `source` shows one there.
  function cites(content, list, source) {
    return list.map(([key, locator], n) => [n ? "; " : "", make("a", { href: `#source-${key}`, class: "cite", lang: "en", title: content.sources[key].text, onclick: (event) => { event.preventDefault(); source(key); } }, content.shortSource(key) + (locator ? `, ${locator}` : ""))]);
  }

  // How sure a record is, in a word that explains itself when pointed at.
  function sure(content, { certainty }) {
    return make("span", { class: `certainty ${certainty}`, title: Words(Object.fromEntries(content.certainties)[certainty]) }, Words(certainty));
  }

  // How sure something is, from 0 to 1, as a bar and a number.
  function gauge(share) {
    const bar = svg("svg", { class: "gauge", viewBox: "0 0 30 8", width: 30, height: 8, "aria-hidden": "true" });
    bar.append(svg("rect", { x: 0.5, y: 0.5, width: 29, height: 7, rx: 2 }), svg("rect", { class: "full", x: 1.5, y: 1.5, width: 27 * share, height: 5, rx: 1 }));
    return [bar, make("span", { class: "share" }, Figure(share, TWO))];
  }

  // A position as maps write it, latitude first.
  function degrees(lat, lon) {
    const [north, east] = [lat, lon].map((value) => Figure(Math.abs(value), TWO));
    return T("{lat} {lon}", { lat: lat < 0 ? T("{degrees}° S", { degrees: north }) : T("{degrees}° N", { degrees: north }), lon: lon < 0 ? T("{degrees}° W", { degrees: east }) : T("{degrees}° E", { degrees: east }) });
  }

  // A record's names in the languages that the page does not speak.
  const otherNames = (names) => make("p", { class: "other-names" }, row(["en", "ru", "zh-Hans", "zh-Hant"].filter((lang) => lang !== Language.tag() && names[lang]).map((lang) => make("span", { lang }, names[lang])), " · "));

  // Things in a row, with what the language sets between them.
  const row = (items, between = T(", ")) => items.map((item, n) => [n ? between : "", item]);

  // Hands the reader a file.
  function download(text, name, type) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  return { make, set, fill, keep, say, svg, sign, link, cites, sure, gauge, degrees, otherNames, row, download };
})();
