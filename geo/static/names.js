// What things are called on the map. Left to itself the map speaks the language of the page; in Chinese it
// writes the eight places as the rule of 2023 does, with the older name in brackets.
const Names = (() => {
  const LANGS = ["en", "ru", "zh-Hans", "zh-Hant"];
  const OTHERS = { local: T("as called there"), brackets: T("Chinese, with brackets (rule of 2023)"), all: T("three languages at once") };
  const SEVERAL = ["en", "ru", "zh-Hans"];
  const han = () => (Language.tag() === "zh-Hant" ? "zh-Hant" : "zh-Hans");

  // A map of boxes says nothing: what a device cannot draw stands in English there.
  const drawn = (lang) => (Glyphs.lacks(lang.startsWith("zh") ? "Han" : lang === "ru" ? "Cyrillic" : "") ? "en" : lang);

  // Which names a view shows, where it says nothing those of the language of the page.
  const mode = ({ names }) => names || (Language.tag().startsWith("zh") ? "brackets" : Language.tag());
  // The language of a word beside the names.
  const tongue = (view) => { const found = mode(view); return drawn(LANGS.includes(found) ? found : found === "brackets" ? han() : Language.tag()); };

  // {text, lang}: what a record is called; `inLanguage` gives its name in one language.
  function called(record, view, inLanguage = (lang) => (record.labels ?? record.names)[lang] || (record.labels ?? record.names).en) {
    const found = mode(view);
    // Chinese names have brackets only where these are asked for.
    const plainly = (lang) => { const text = inLanguage(lang); return record.labels?.[lang] === text ? record.plain?.[lang] ?? text : text; };
    if (found === "all") return { text: [...new Set(SEVERAL.map(drawn).map(plainly))].filter(Boolean).join("\n"), lang: Language.tag() };
    const lang = drawn(found === "local" ? record.local ?? "en" : found === "brackets" ? han() : found);
    return { text: LANGS.includes(found) ? plainly(lang) : inLanguage(lang), lang };
  }

  // The name that the rule of 2023 puts in brackets, by itself; a Chinese page has it in its own script. How it is read
  // stands beside it where it cannot be drawn.
  function bracketed({ bracketed: forms, names }) {
    const read = names.find(({ kind, readings }) => kind === "bracketed" && readings?.length)?.readings[0];
    return [Dom.make("span", { class: "han", lang: new Language.Phrase(han) }, new Language.Phrase(() => forms[han()] ?? "", null, han)), read ? Dom.make("span", { class: "spare", lang: read.lang }, ` ${read.form}`) : ""];
  }

  return { LANGS, OTHERS, mode, tongue, called, bracketed };
})();
