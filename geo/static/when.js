// Days as people write them, in any language that the page speaks: 1860, 14 November 1860, 14 ноября 1860 г.,
// 1860年11月14日, 14.11.1860, 1860-11-14.
const When = (() => {
  const { fold } = Finding;
  const BESIDE = new Set(["of", "the", "on", "in", "г", "год", "года", "году", "в"]);
  const pad = (number) => String(number).padStart(2, "0");
  const last = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();

  // The names of the months alone and in a date, from the browser.
  let names = null;
  function monthOf(word) {
    names ??= ["en", "ru"].flatMap((language) => [{ month: "long" }, { month: "long", day: "numeric" }].flatMap((options) => Array.from({ length: 12 }, (_, n) => {
      const parts = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).formatToParts(Date.UTC(2000, n, 1));
      return [fold(parts.find(({ type }) => type === "month").value), n + 1];
    })));
    return word.length > 2 ? names.find(([name]) => name.startsWith(word))?.[1] ?? 0 : 0;
  }

  // {from, to} as ISO days, or null for what is no date.
  function span(year, month = 0, day = 0) {
    if (!month) return { from: `${year}-01-01`, to: `${year}-12-31` };
    if (month > 12 || day > last(year, month)) return null;
    return day ? { from: `${year}-${pad(month)}-${pad(day)}`, to: `${year}-${pad(month)}-${pad(day)}` } : { from: `${year}-${pad(month)}-01`, to: `${year}-${pad(month)}-${pad(last(year, month))}` };
  }

  function inFigures(text) {
    const year = text.match(/^(\d{4})(?:\s?[年г]\.?)?$/), chinese = text.match(/^(\d{4})\s?年\s?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?[日号號])?$/);
    const iso = text.match(/^(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?$/), short = text.match(/^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/);
    if (year) return span(year[1]);
    if (chinese) return span(chinese[1], Number(chinese[2]), Number(chinese[3] ?? 0));
    if (iso) return span(iso[1], Number(iso[2]), Number(iso[3] ?? 0));
    // Day before month, as most of the world writes it, unless that is no date.
    return short ? span(short[3], Number(short[2]), Number(short[1])) ?? span(short[3], Number(short[1]), Number(short[2])) : null;
  }

  function inWords(text) {
    let year = "", month = 0, day = 0;
    for (const word of fold(text).split(" ")) {
      const figure = word.match(/^(\d{1,4})(?:st|nd|rd|th|г)?$/)?.[1], named = monthOf(word);
      if (figure?.length === 4 && !year) year = figure;
      else if (figure && figure.length < 3 && !day) day = Number(figure);
      else if (named && !month) month = named;
      else if (!BESIDE.has(word)) return null;
    }
    return year && (month || !day) ? span(year, month, day) : null;
  }

  const read = (text) => { const tidy = text.normalize("NFKC").trim(); return /\d{4}/.test(tidy) ? inFigures(tidy) ?? inWords(tidy) : null; };

  return { read };
})();
