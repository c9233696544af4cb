// The language of the page. Every phrase it says is made by T and knows how to say itself anew, so that
// another language needs no reload: text nodes and attributes remember their phrase and are said again.
const Language = (() => {
  const CLDR = { "zh-Hans": "zh-Hans-CN", "zh-Hant": "zh-Hant-TW", en: "en-GB" };
  const FORMS = ["zero", "one", "two", "few", "many", "other"];
  const DAY = { day: "numeric", month: "long", year: "numeric" }, UTC = { timeZone: "UTC" }, LANGUAGE = { type: "language" }, PLAIN = {};
  let tag = "en";
  const catalogues = new Map([["en", new Map()]]), spoken = new Map();   // spoken: a few words of each language, known before it is
  const heard = [];

  const locale = () => CLDR[tag] ?? tag;
  // A format takes longer to make than to use: one is kept for each object of options.
  const formats = new Map();
  function format(kind, options = PLAIN, more = PLAIN) {
    const key = `${kind.name} ${locale()}`;
    if (!formats.has(key)) formats.set(key, new WeakMap());
    const kept = formats.get(key);
    if (!kept.has(options)) kept.set(options, new kind(locale(), { ...options, ...more }));
    return kept.get(options);
  }
  // A small number is written alike in all languages of the page; the browser's formats take long to begin.
  const number = (value, options) => (!options && Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : format(Intl.NumberFormat, options).format(value));
  const day = (iso, options = DAY) => format(Intl.DateTimeFormat, options, UTC).format(new Date(`${iso}T00:00:00Z`));
  const list = (items, options) => format(Intl.ListFormat, options).format(items.map(String));
  const compare = (a, b, options) => format(Intl.Collator, options).compare(a, b);
  // The name of a language, as in BCP 47, in the language of the page.
  const language = (other) => { try { return format(Intl.DisplayNames, LANGUAGE).of(other); } catch { return other; } };

  // What an English phrase is in the language; one with a plural has all forms in a list.
  const translated = (key) => (catalogues.get(tag) ?? spoken.get(tag))?.get(key) || "";
  const plural = (said, n) => {
    const forms = [said].flat();             // a language with one form has no list
    const rules = format(Intl.PluralRules), known = rules.resolvedOptions().pluralCategories;
    return forms[Math.min(forms.length - 1, FORMS.filter((form) => known.includes(form)).indexOf(rules.select(n)))];
  };

  // `said` gives the words, `values` what takes the place of the braces in them, if they are a pattern; `tongue`
  // the language that they are in.
  class Phrase {
    constructor(said, values = null, tongue = () => tag) { Object.assign(this, { said, values, tongue }); }
    // Texts and nodes in turn; a number is written as the language does.
    parts() {
      if (!this.values) return [this.said()].filter(Boolean);
      return this.said().split(/\{(\w+)\}/).map((part, n) => (n % 2 ? this.value(part) : part)).flat(Infinity).filter((part) => part !== "");
    }
    value(name) {
      const value = this.values[name];
      return typeof value === "number" ? number(value) : value ?? "";
    }
    toString() { return this.parts().map((part) => part.textContent ?? String(part)).join(""); }
  }

  const tongueOf = (key) => () => (translated(key) ? tag : "en");
  const phrase = (english, values) => new Phrase(() => translated(english) || english, values, tongueOf(english));
  const counted = (one, many, values) => new Phrase(() => (translated(one) ? plural(translated(one), values.n) : values.n === 1 ? one : many), values, tongueOf(one));
  // T("Close the card"), T("about {km} km away", {km: 3}): a value is a text, a number, a phrase, an element or a list of these.
  const T = (english, values = null) => phrase(english, values);
  // Tn("{n} source", "{n} sources", {n: 3}): the plural that the language has for n.
  const Tn = counted;
  // What a record says, which is in the catalogue under its English text; nothing where it says nothing.
  const Words = (english) => (english ? phrase(english, null) : "");
  // What Python said of a reader's file, as geo.sentences packs it: a text, a pattern with its values, or a list of these.
  function Told(said) {
    if (Array.isArray(said)) return said.flatMap((one, n) => (n ? [" ", Told(one)] : [Told(one)]));
    if (typeof said !== "object") return typeof said === "number" ? said : Words(said);
    const values = Object.fromEntries(Object.entries(said.values).map(([name, value]) => [name, Told(value)]));
    return said.many ? counted(said.pattern, said.many, values) : phrase(said.pattern, values);
  }
  // A record's names by language.
  const Name = (names) => new Phrase(() => names[tag] || names.en, null, () => (names[tag] ? tag : "en"));
  // A day, a number, "one, two and three", as the language writes them.
  const Day = (iso, options) => new Phrase(() => day(iso, options));
  const Figure = (value, options) => new Phrase(() => number(value, options));
  const List = (items) => (items.length === 1 ? items[0] : new Phrase(() => list(items)));
  // Things one after the other, no sentence.
  const Row = (items) => new Phrase(() => items.map(String).join(String(T(", "))));

  // Says everything again that remembers its phrase.
  function say(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT), texts = [];
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      for (const [name, phrase] of Object.entries(node.phrases ?? {})) node.setAttribute(name, String(phrase));
      if (node.phrase && node.nodeType === Node.ELEMENT_NODE) Dom.fill(node, node.phrase.parts());
      else if (node.phrase) texts.push(node);
    }
    for (const text of texts) {
      text.data = String(text.phrase);
      mark(text);
    }
  }

  // A text that is not in the language of the page says in which it is.
  function mark(text) {
    const tongue = text.phrase.tongue(), foreign = tongue !== tag;
    let box = text.parentElement;
    if (!box || (!foreign && !box.foreign)) return;
    if (box.childNodes.length > 1 && !box.foreign) {
      text.replaceWith(box = document.createElement("span"));
      box.append(text);
    }
    if (box.hasAttribute("lang") && !box.foreign) return;
    box.foreign = foreign;
    if (foreign) box.setAttribute("lang", tongue);
    else box.removeAttribute("lang");
  }

  // What stands in the document as it was delivered: data-say names the attributes that are phrases; so is the text.
  function adopt(root) {
    for (const element of root.querySelectorAll("[data-say]")) {
      for (const name of element.dataset.say.split(" ").filter(Boolean)) (element.phrases ??= {})[name] = Words(element.getAttribute(name));
      if (element.childNodes.length === 1 && element.firstChild.nodeType === Node.TEXT_NODE) element.firstChild.phrase = Words(element.textContent);
    }
  }

  // The first language of the browser that the page speaks, in Chinese by its script; else English, or the one there is.
  function wanted(known) {
    for (const other of navigator.languages ?? []) {
      const found = other.startsWith("zh") ? `zh-${new Intl.Locale(other).maximize().script}` : other.split("-")[0];
      if (known.includes(found)) return found;
    }
    return known.includes("en") ? "en" : known[0];
  }

  // `said`: pairs of an English phrase and what it is in the language.
  const learn = (language, said) => catalogues.set(language, new Map(said));
  const speak = (words) => Object.entries(words).forEach(([language, said]) => spoken.set(language, new Map(Object.entries(said))));

  function set(language) {
    if (language === tag) return;
    tag = language;
    document.documentElement.lang = tag;
    say(document.documentElement);
    heard.forEach((tell) => tell());
  }

  // What something says in another language than the page.
  function within(other, what) {
    const own = tag;
    tag = other;
    try { return String(what); } finally { tag = own; }
  }

  return { Phrase, T, Tn, Words, Told, Name, Day, Figure, List, Row, number, day, list, compare, language, set, say, mark, adopt, within, wanted, watch: (tell) => heard.push(tell), learn, speak, knows: (language) => catalogues.has(language), tag: () => tag, locale };
})();
const { T, Tn, Words, Told, Name, Day, Figure, List, Row } = Language;
