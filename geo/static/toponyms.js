// The names of a place on its card: what is said of where they come from, then each in its script with how it is read.
const NameList = (() => {
  const { make } = Dom;
  const USES = [
    ["official", T("Official")],
    ["transliteration", T("Main name in Chinese by the map rule of 2023")],
    ["bracketed", T("Put in brackets by the map rule of 2023")],
    ["historical", T("Of former times")],
    ["indigenous", T("Of the peoples of the land")],
  ];
  const SCRIPTS = [[/\p{Script=Hangul}/u, T("Hangul")], [/\p{Script=Hiragana}|\p{Script=Katakana}/u, T("Kana")], [/\p{Script=Han}/u, T("Han")], [/\p{Script=Cyrillic}/u, T("Cyrillic")], [/\p{Script=Latin}/u, T("Latin")]];
  const script = (form) => SCRIPTS.find(([letters]) => letters.test(form))?.[1];
  // What the tag says of the script stands in the label already, but for the two ways to write Chinese.
  const UNKNOWN = { ain: T("Ainu"), bxr: T("Buryat"), mnc: T("Manchu"), niv: T("Nivkh"), sah: T("Yakut") };   // browsers do not know them all
  const language = (content, tag) => { const spoken = tag.replace(/-Latn.*/, ""); return UNKNOWN[spoken] ?? content.languageName(spoken); };

  // Names of one use that are read alike stand in one line, such as 海参崴 and 海參崴.
  function together(names) {
    const entries = [];
    for (const name of names) {
      const read = name.readings.map((reading) => reading.form).join(), entry = read && entries.find((one) => one.read === read);
      if (entry) entry.names.push(name);
      else entries.push({ read, names: [name] });
    }
    return entries.map((entry) => entry.names);
  }

  // Of records that are as sure by the same sources, one.
  const alike = (records) => [...new Map(records.map((record) => [JSON.stringify([record.certainty, record.citations]), record])).values()];

  const spoken = (reading) => make("span", { class: `reading ${reading.certainty}`, lang: reading.lang, title: reading.note ? Words(reading.note) : null }, reading.form);

  function entry(content, names, proof) {
    const [first] = names, forms = [...new Map(names.map((name) => [name.form, name.lang]))];
    const told = [...names.filter((name) => !name.origin), ...first.readings].map((one) => one.note).filter(Boolean);
    return make("li", {},
      make("p", { class: "forms" }, forms.map(([form, lang]) => [make("b", { lang }, form), " "]), first.readings.map((reading, n) => [n ? ", " : "", spoken(reading)])),
      make("p", { class: "tongue" }, make("span", { class: "script" }, script(first.form)), " ", List([...new Map(names.map((name) => [name.lang, language(content, name.lang)])).values()]), first.dates ? [T(", "), Words(first.dates)] : ""),
      [...new Set(told)].map((note) => make("p", { class: "told-of-it" }, Words(note))),
      make("p", { class: "proof" }, alike(names).map((name, n) => [n ? " · " : "", proof(name)]), alike(first.readings).map((reading) => [" · ", T("read so: {evidence}", { evidence: proof(reading) })])));
  }

  // How the origin of a name is told, and how far that is contested: this stands before the names.
  function origins(content, place, { sure, cites }) {
    const meanings = Object.fromEntries(content.certainties), found = place.names.filter((name) => name.origin);
    return found.length ? make("section", { class: "origins", "aria-labelledby": "origins-heading" }, make("h3", { id: "origins-heading" }, T("Where the names come from")), found.map((name) => make("div", { class: `origin ${name.origin}` },
      make("p", {}, make("b", { lang: name.lang }, name.form), " ", name.readings.slice(0, 1).map(spoken)),
      make("p", {}, Words(name.note)),
      make("p", { class: "proof" }, sure({ certainty: name.origin }), " ", Words(meanings[name.origin]), " · ", cites(name.citations))))) : null;
  }

  // tools: those of the card, {sure, cites}
  function list(content, place, tools) {
    const proof = (record) => [tools.sure(record), " ", tools.cites(record.citations)];
    const groups = USES.map(([use, title]) => [title, place.names.filter((name) => name.kind === use)]).filter(([, names]) => names.length);
    return [
      origins(content, place, tools),
      make("section", { class: "name-list", "aria-labelledby": "names-heading" }, make("h3", { id: "names-heading" }, T("Names")),
        groups.map(([title, names]) => [make("h4", {}, title), make("ul", {}, together(names).map((each) => entry(content, each, proof)))])),
    ];
  }

  return { list };
})();
