// All that the page says, from its blocks, which geo/packing.py writes: records in columns, to name each field but once,
// sources by their numbers, and what records are called by language.
const Content = (() => {
  // A source comes by its number, and after it the place in it where there is one.
  function citing(list, from) {
    const found = [];
    for (const part of list.map((each) => unpack(each, from))) {
      if (typeof part === "string") found.at(-1)[1] = part;
      else found.push(typeof part === "number" ? [from.sources[part], ""] : part);
    }
    return found;
  }

  const CITING = new Map([["citations", citing], ["populationCitations", citing], ["credits", (list, from) => citing(list, from).map(([key]) => key)]]);

  function unpack(value, from) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((part) => unpack(part, from));
    if (typeof value.say === "number") return from.texts[value.say];
    if (value.columns) return records(value, from);
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, Array.isArray(part) && CITING.has(name) ? CITING.get(name)(part, from) : unpack(part, from)]));
  }

  // All of a table, or by `counts` parts of it for each of other records, or by `keys` one record each.
  function records({ columns, counts, keys }, from) {
    const whole = (name, column) => (CITING.has(name) ? column.map((list) => CITING.get(name)(list, from))
      : name === "names" && typeof column.to === "number" ? from.names.slice(column.from, column.to) : unpack(column, from));
    const inner = Object.entries(columns).map(([name, column]) => [name, whole(name, column)]);
    const found = inner[0][1].map((_, n) => Object.fromEntries(inner.map(([name, column]) => [name, column[n]])));
    if (keys) return Object.fromEntries(keys.map((key, n) => [key, found[n]]));
    let end = 0;
    return counts ? counts.map((count) => found.slice(end, (end += count))) : found;
  }

  // A part is unpacked when it is first asked for: the first picture needs no source, no account and no tour.
  function later(content, name, make) {
    const set = (value) => Object.defineProperty(content, name, { value, writable: true, enumerable: true, configurable: true });
    Object.defineProperty(content, name, { get: () => set(make())[name], set, enumerable: true, configurable: true });
  }

  // Long English texts that are translated come once, and elsewhere by their number.
  function read() {
    const { texts = [], names, ...parts } = JSON.parse(Packed.content);
    const sources = parts.sources.keys ?? Object.keys(parts.sources), from = { texts, sources }, content = { texts, tellings: {} };
    from.names = records({ columns: names }, from);
    for (const [name, part] of Object.entries(parts)) later(content, name, () => unpack(part, from));
    return content;
  }

  // The other languages travel each by itself, and are unpacked when one is first asked for.
  const inflate = async (name) => JSON.parse(await Packed.read(name));

  // Texts with a mark for each letter that the text beside leads one to expect, or one mark where all are such.
  const SAME = "\x7f";
  function whole(value, other, mostly) {
    if (typeof value === "string") {
      if (!value.includes(SAME)) return value;
      const expected = [...other].map((letter) => mostly.get(letter) ?? letter);
      return value === SAME ? expected.join("") : [...value].map((letter, n) => (letter === SAME ? expected[n] : letter)).join("");
    }
    if (Array.isArray(value)) return value.map((part, n) => whole(part, other?.[n], mostly));
    return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, whole(part, other?.[name], mostly)])) : value;
  }

  // What a language says, out of its block; of one that is written like another, with the help of that one.
  async function spoken(lang) {
    const own = await inflate(lang);
    if (!own.like) return own;
    const [from, to] = own.letters.map((letters) => [...letters]);
    return whole(own.said, await inflate(own.like), new Map(from.map((letter, n) => [letter, to[n]])));
  }

  async function unfold(content, lang) {
    const [phrases, { said, telling, tour }] = await Promise.all([inflate("phrases"), spoken(lang)]);
    Language.learn(lang, [...content.texts, ...phrases].map((text, n) => [text, said[n]]));
    if (telling) content.tellings[lang] = telling;
    if (tour) [content.tour.title, ...content.tour.steps.flatMap(({ title, text }) => [title, text])].forEach((text, n) => { if (tour[n]) text[lang] = tour[n]; });
  }

  // Makes all of a language known, but once; fails where its block is damaged or the browser cannot unpack it.
  const learning = new Map();
  function learn(content, lang) {
    if (!learning.has(lang)) learning.set(lang, unfold(content, lang));
    return learning.get(lang);
  }

  return { read, learn };
})();
