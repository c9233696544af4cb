// Finds names and texts by what somebody types: in any script, with or without accents, with a slip of the hand.
// Knows nothing of the atlas: an entry is {forms: [[text, language], …]} or {text}, and anything else beside it.
const Finding = (() => {
  const ENOUGH = 8;                          // so many hits, and no others are looked for
  const ENDING = 1, ANYWHERE = 2;            // where a word may have slips: none, at its end as declined words have, anywhere
  const JOINED = 3;                          // words that may have been written as one
  const SPELT = { ø: "o", ł: "l", đ: "d", ß: "ss", æ: "ae", œ: "oe", ı: "i", þ: "th", ð: "d" };
  const DENSE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;   // scripts without blanks between words

  // Small letters without accents (й is и, ё is е, ǎ is a), one blank for all that is neither letter nor digit.
  function plain(text) {
    const bare = text.normalize("NFKD").toLowerCase();
    return (/^[a-z0-9 ]*$/.test(bare) ? bare : bare.replace(/[\p{M}'’ʼʻ‘`´]+/gu, "").replace(/[øłđßæœıþð]/g, (sign) => SPELT[sign])).replace(/[^\p{L}\p{N}]+/gu, " ");
  }
  const fold = (text) => plain(text).trim();
  const words = (text) => fold(text).split(" ").filter(Boolean);

  // How many slips a word of so many letters may have in it.
  const patience = (word) => (DENSE.test(word) ? Number(word.length > 2) : word.length < 4 || /\d/.test(word) ? 0 : word.length < 8 ? 1 : 2);

  // Slips between two words: a letter more, less or other, or two that changed places. `open`: the second may
  // go on, as one types it. More than `most` counts as one more than that.
  function slips(typed, word, most, open = false) {
    const long = open ? Math.min(word.length, typed.length + most) : word.length;
    if (typed.length - long > most || long - typed.length > most) return most + 1;
    let before = [], row = Array.from({ length: long + 1 }, (_, n) => n);
    for (let i = 1; i <= typed.length; i++) {
      const next = [i];
      let least = i;
      for (let j = 1; j <= long; j++) {
        let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(typed[i - 1] !== word[j - 1]));
        if (i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
        next[j] = cost;
        if (cost < least) least = cost;
      }
      if (least > most) return most + 1;
      [before, row] = [row, next];
    }
    return Math.min(most + 1, open ? Math.min(...row) : row[long]);
  }

  // The letters of a word as bits: each slip brings at most one letter that the other word lacks.
  function letters(word) {
    let bits = 0;
    for (let n = 0; n < word.length; n++) bits |= 1 << (word.charCodeAt(n) & 31);
    return bits;
  }
  function count(bits) {
    let number = 0;
    for (let rest = bits; rest; rest &= rest - 1) number++;
    return number;
  }

  // What of a form can be found: its words, and in scripts without blanks all ends of a word.
  function keys(parts) {
    const found = [...parts];
    for (const part of parts) for (let n = 1; n < part.length; n++) if (DENSE.test(part[n])) found.push(part.slice(n));
    return found;
  }

  function create(entries) {
    const forms = [], texts = [], postings = new Map(), joined = new Set();
    const post = (key, n) => { postings.has(key) ? postings.get(key).push(n) : postings.set(key, [n]); };
    entries.forEach((entry, at) => {
      if (entry.text !== undefined) texts.push({ at, folded: ` ${fold(entry.text)}` });
      for (const [text] of entry.forms ?? []) {
        const folded = fold(text), parts = folded.split(" "), tight = parts.join(""), n = forms.push({ at, folded, tight }) - 1;
        if (!folded) continue;
        for (const key of keys(parts)) post(key, n);
        if (parts.length < 2 || parts.length > JOINED) continue;
        if (!postings.has(tight)) joined.add(tight);
        post(tight, n);
      }
    });
    // Of words that were written as one only the beginning is compared, so they lack every letter.
    const lexicon = [...postings.keys()].sort(), bits = Uint32Array.from(lexicon, (key) => (joined.has(key) ? 0 : letters(key)));
    const formsOf = new Map();
    for (const form of forms) formsOf.has(form.at) ? formsOf.get(form.at).push(form) : formsOf.set(form.at, [form]);

    // The entries that have a word, each with what it costs: nothing as it is, little begun, more with a slip.
    function having(word, slipping) {
      const found = new Map(), most = slipping ? patience(word) : 0, dense = DENSE.test(word), sought = letters(word), stem = slipping === ENDING ? word.slice(0, word.length - most) : "";
      function note(key, cost) {
        for (const n of postings.get(key)) {
          const { at } = forms[n], before = found.get(at);
          if (before === undefined || cost < before) found.set(at, cost);
        }
      }
      let low = 0, high = lexicon.length;
      while (low < high) { const middle = (low + high) >> 1; if (lexicon[middle] < word) low = middle + 1; else high = middle; }
      for (; low < lexicon.length && lexicon[low].startsWith(word); low++) note(lexicon[low], lexicon[low] === word ? 0 : 1);
      if (!most) return found;
      for (let n = 0; n < lexicon.length; n++) {
        const key = lexicon[n];
        if (key.length < word.length - most || (dense && key.length !== word.length) || count(sought & ~bits[n]) > most || !key.startsWith(stem) || key.startsWith(word)) continue;
        const whole = slips(word, key, most), begun = whole > most && word.length > 4 && !dense ? slips(word, key, most, true) : most + 1;
        if (whole <= most) note(key, 10 * whole);
        else if (begun <= most) note(key, 10 * begun + 5);
      }
      return found;
    }

    // The entries that have all the words; of three or more words one may be in none.
    function together(sought, slipping) {
      if (sought.length === 1) return having(sought[0], slipping);
      const lists = sought.map((word) => having(word, slipping)), sums = new Map();
      for (const list of lists) for (const [at, cost] of list) { const sum = sums.get(at) ?? [0, 0]; sums.set(at, [sum[0] + 1, sum[1] + cost]); }
      const full = [...sums].filter(([, [number]]) => number === sought.length);
      const taken = full.length || sought.length < 3 ? full : [...sums].filter(([, [number]]) => number === sought.length - 1).map(([at, [number, cost]]) => [at, [number, cost + 100]]);
      return new Map(taken.map(([at, [, cost]]) => [at, cost]));
    }

    function named(sought, slipping) {
      const found = together(sought, slipping);
      if (sought.length > 1) for (const [at, cost] of having(sought.join(""), slipping)) found.set(at, Math.min(cost, found.get(at) ?? Infinity));
      return found;
    }

    // Whole names first, then names that begin so, then words of names, then slips; of equals the shortest.
    function ranked(at, cost, typed, tight) {
      let best = null;
      for (const form of formsOf.get(at)) {
        const same = form.folded === typed, rank = same ? 0 : form.folded.startsWith(typed) || form.tight === tight ? 1 : cost < 10 ? 2 : 3;
        if (!best || rank < best.rank || (rank === best.rank && form.folded.length < best.form.folded.length)) best = { rank, form };
      }
      return { entry: entries[at], at, rank: best.rank, cost: best.rank < 2 ? 0 : cost, long: best.form.folded.length };
    }

    // The entries that fit what was typed, best first: those found by name, then those by their text.
    function find(text) {
      const sought = words(text).slice(0, 12);
      if (!sought.length) return [];
      const typed = sought.join(" "), tight = sought.join("");
      let found = named(sought, 0);
      if (found.size < ENOUGH) found = new Map([...named(sought, found.size ? ENDING : ANYWHERE), ...found]);
      const names = [...found].map(([at, cost]) => ranked(at, cost, typed, tight)).sort((a, b) => a.rank - b.rank || a.cost - b.cost || a.long - b.long || a.at - b.at);
      const starts = sought.map((word) => (DENSE.test(word) ? word : ` ${word}`)), phrase = starts[0] + typed.slice(sought[0].length);
      const said = texts.filter(({ at, folded }) => !found.has(at) && starts.every((word) => folded.includes(word))).map(({ at, folded }) => ({ entry: entries[at], at, rank: folded.includes(phrase) ? 4 : 5, cost: 0 }));
      return [...names, ...said.sort((a, b) => a.rank - b.rank || a.at - b.at)];
    }

    return { find };
  }

  // Where the words that were typed stand in a text, as [start, end] pairs in order, none overlapping.
  function stretches(text, typed) {
    const places = [];                       // of each letter of the folded text: where its sign begins and ends
    let folded = "", at = 0;
    for (const sign of text) {
      const bare = plain(sign);
      for (let n = 0; n < bare.length; n++) places.push([at, at + sign.length]);
      folded += bare;
      at += sign.length;
    }
    const found = [], sought = words(typed), tokens = [...folded.matchAll(/[^ ]+/g)].map((match) => [match.index, match[0]]);
    const take = (start, end) => { if (end > start) found.push([places[start][0], places[end - 1][1]]); };
    for (const word of sought.length > 1 ? [...sought, sought.join("")] : sought) {
      const most = patience(word), dense = DENSE.test(word);
      const here = dense ? folded.indexOf(word) : tokens.find(([, token]) => token.startsWith(word))?.[0] ?? -1;
      if (here >= 0) take(here, here + word.length);
      else {
        const near = most ? tokens.find(([, token]) => slips(word, token, most, word.length > 4 && !dense) <= most) : null;
        if (near) take(near[0], near[0] + near[1].length);
      }
    }
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    // Words that touch, or have but a blank or a hyphen between them, are one stretch.
    return found.reduce((all, [start, end]) => {
      const before = all.at(-1);
      if (before && !fold(text.slice(before[1], start))) before[1] = Math.max(before[1], end);
      else all.push([start, end]);
      return all;
    }, []);
  }

  return { create, fold, words, slips, stretches };
})();
