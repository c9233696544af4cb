// All that the page says, from its blocks, which geo/packing.py writes. Records stand in columns, to name each field but once.
const Content = (() => {
  function unpack(value, texts) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((part) => unpack(part, texts));
    if (typeof value.say === "number") return texts[value.say];
    const inner = Object.entries(value.columns ?? value).map(([name, part]) => [name, unpack(part, texts)]);
    if (!value.columns) return Object.fromEntries(inner);
    const records = inner[0][1].map((_, n) => Object.fromEntries(inner.map(([name, column]) => [name, column[n]])));
    return value.keys ? Object.fromEntries(value.keys.map((key, n) => [key, records[n]])) : records;
  }

  // Long English texts that are translated come once, and elsewhere by their number.
  function read() {
    const { texts = [], ...content } = JSON.parse(Packed.content);
    return { ...unpack(content, texts), texts, tellings: {} };
  }

  // The other languages travel each by itself, and are unpacked when one is first asked for.
  const inflate = async (name) => JSON.parse(await Packed.read(name));

  // A text with a mark for each letter that is the same in the text beside.
  const SAME = "\x7f";
  const letters = (text, other) => { const its = [...other]; return [...text].map((letter, n) => (letter === SAME ? its[n] : letter)).join(""); };
  const whole = (text, other) => (typeof text === "string" && text.includes(SAME) ? letters(text, other) : text);

  async function unfold(content, lang) {
    const [phrases, { said, like, telling, tour }] = await Promise.all([inflate("phrases"), inflate(lang)]), beside = like && (await inflate(like)).said;
    Language.learn(lang, [...content.texts, ...phrases].map((text, n) => [text, whole(said[n], beside?.[n])]));
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
