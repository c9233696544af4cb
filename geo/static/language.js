// The language of the page. Every phrase it says is made by T and knows how to say itself anew, so that
// another language needs no reload: text nodes and attributes remember their phrase and are said again.
const Language = (() => {
  let tag = "en", column = -1, catalogue = {};
  const CLDR = { "zh-Hans": "zh-Hans-CN", "zh-Hant": "zh-Hant-TW", en: "en-GB" };
  const locale = () => CLDR[tag] ?? tag;
  const formats = new Map();
  const format = (kind, options) => {
    const key = [kind.name, locale(), JSON.stringify(options)].join();
    if (!formats.has(key)) formats.set(key, new kind(locale(), options));
    return formats.get(key);
  };
  const number = (value, options = {}) => format(Intl.NumberFormat, options).format(value);
  const day = (iso, options = { day: "numeric", month: "long", year: "numeric" }) => format(Intl.DateTimeFormat, { ...options, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
  const list = (items) => format(Intl.ListFormat, {}).format(items.map(String));

  // A phrase of the catalogue: {english: [ru, zh-Hans, zh-Hant]}; one with a plural has all forms of a language in a list.
  const translated = (key) => catalogue[key]?.[column] || "";

  class Phrase {
    constructor(pattern, values) { this.pattern = pattern; this.values = values; }
    // Texts and nodes in turn: what stands in braces gives way to its value; a number is written as the language does.
    parts() {
      return this.pattern().split(/\{(\w+)\}/).map((part, n) => (n % 2 ? this.value(part) : part)).filter((part) => part !== "");
    }
    value(name) {
      const value = this.values[name];
      return typeof value === "number" ? number(value) : value ?? "";
    }
    toString() { return this.parts().map((part) => part.textContent ?? String(part)).join(""); }
  }

  // T("Close the card"), T("about {km} km away", {km: 3}): a value is a text, a number, a phrase or an element.
  const T = (english, values = {}) => new Phrase(() => translated(english) || english, values);
  // Tn("{n} source", "{n} sources", {n: 3}): the plural that the language has for n.
  const Tn = (one, many, values) => new Phrase(() => {
    const forms = translated(one), rule = (language) => new Intl.PluralRules(language).select(values.n);
    return forms ? forms[Math.min(forms.length - 1, new Intl.PluralRules(locale()).resolvedOptions().pluralCategories.indexOf(rule(locale())))] : rule("en") === "one" ? one : many;
  }, values);
  // What a record says, which is in the catalogue under its English text.
  const Words = (english) => new Phrase(() => translated(english) || english, {});
  // A record's names by language.
  const Name = (names) => new Phrase(() => names[tag] || names.en, {});

  // Says everything again that remembers its phrase.
  function say(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.phrase) node.textContent = String(node.phrase);
      for (const [name, phrase] of Object.entries(node.phrases ?? {})) node.setAttribute(name, String(phrase));
    }
  }

  function set(language, languages = ["ru", "zh-Hans", "zh-Hant"]) {
    tag = language;
    column = languages.indexOf(language);
    document.documentElement.lang = tag;
    say(document.documentElement);
  }

  return { Phrase, T, Tn, Words, Name, number, day, list, set, say, read: (texts) => { catalogue = texts; }, tag: () => tag, locale };
})();
const { T, Tn, Words, Name } = Language;
