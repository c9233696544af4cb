// The mentions of the article as the reader has them: those found, with the reader's corrections laid over.
// Positions count UTF-16 units of the passage, as JavaScript does.
const Marks = (() => {
  const TYPES = { place: T("place"), area: T("area"), act: T("act"), group: T("several places"), government: T("a government"), "part-of-name": T("part of another name"), "not-a-place": T("not a place") };
  const OPEN = T("Marked by a reader: nothing that the atlas records.");
  const LINKED = new Set(["place", "area", "act", "group"]);
  const UNSURE = 0.6;                        // below this a mention is shown as doubtful
  const MOST = 5000;                         // corrections taken from a file
  const overlap = (one, two) => one.start < two.end && two.start < one.end;

  // selectable: the ids that a mention may point at. saved: what `written` gave, from a file that anybody may have changed.
  function create(content, selectable, saved) {
    const english = content.article, first = english.lang, texts = new Map([[first, english]]);
    const passages = new Map(), place = new Map(), found = new Map();
    const kept = (passage, mention) => ({ note: "", evidence: "", ...mention, passage: passage.id, words: passage.text.slice(mention.start, mention.end) });
    const corrections = new Map([[first, new Map()]]);   // each belongs to the text that it was made in
    const heard = [];
    let corrected = null, current = new Map(), list = null, index = null;   // corrected: by passage

    // Of a language that is not unpacked there is no text yet.
    function textIn(lang) {
      if (!texts.has(lang) && Object.hasOwn(content.tellings, lang)) {
        texts.set(lang, Tellings.tell(english, lang, content.tellings[lang]));
        corrections.set(lang, new Map());
      }
      return texts.get(lang) ?? english;
    }

    // The text that is read from now on.
    function turn(lang) {
      content.article = textIn(lang);
      [passages, place, found, current].forEach((map) => map.clear());
      for (const passage of content.article.passages) {
        if (passage.kind !== "heading" && passage.kind !== "text") continue;
        place.set(passage.id, passages.size);
        passages.set(passage.id, passage);
        found.set(passage.id, passage.mentions.map(([start, end, n]) => kept(passage, { ...content.article.said[n], start, end })));
      }
      corrected = corrections.get(content.article.lang);
      list = index = null;
    }
    turn(Language.tag());
    Language.watch(() => {
      if (textIn(Language.tag()) === content.article) return;
      turn(Language.tag());
      heard.forEach((tell) => tell());
    });

    const own = (id) => corrected.get(id) ?? [];

    // The mentions of a passage, in the order of the text, none overlapping.
    function of(id) {
      if (!own(id).length) return found.get(id) ?? [];
      if (!current.has(id)) current.set(id, [...found.get(id).filter((mention) => !own(id).some((one) => overlap(one, mention))), ...own(id)].sort((a, b) => a.start - b.start));
      return current.get(id);
    }

    const all = () => (list ??= [...passages.keys()].flatMap(of));

    function about(ids) {
      if (!index) {
        index = new Map();
        for (const mention of all()) for (const id of mention.targets) index.has(id) ? index.get(id).push(mention) : index.set(id, [mention]);
      }
      return [...new Set([...ids].flatMap((id) => index.get(id) ?? []))].sort((a, b) => place.get(a.passage) - place.get(b.passage) || a.start - b.start);
    }

    function put({ passage, start, end, type, targets }) {
      const open = LINKED.has(type) && !targets.length;
      const mention = kept(passages.get(passage), { start, end, type, targets, mine: true, rule: "curated", confidence: 1, note: open ? Language.within("en", OPEN) : "" });
      corrected.set(passage, [...own(passage).filter((one) => !overlap(one, mention)), mention]);
      return mention;
    }

    function changed(id) {
      current.delete(id);
      list = index = null;
      heard.forEach((tell) => tell(id));
    }

    // A stretch of a passage now means this; whatever it overlaps gives way.
    function correct(stretch, type, targets = []) {
      const mention = put({ ...stretch, type, targets });
      changed(stretch.passage);
      return mention;
    }

    // What was found comes back.
    function undo({ passage, start, end }) {
      corrected.set(passage, own(passage).filter((one) => !overlap(one, { start, end })));
      changed(passage);
    }

    function forget() {
      const ids = [...corrected.keys()];
      corrected.clear();
      ids.forEach(changed);
    }

    const written = () => [...texts].flatMap(([lang, text]) => text.passages.flatMap(({ id }) => [...(corrections.get(lang).get(id) ?? [])].sort((a, b) => a.start - b.start).map(({ passage, start, end, type, targets }) => ({ ...(lang === first ? {} : { lang }), passage, start, end, type, targets }))));
    const count = () => [...corrected.values()].reduce((sum, ones) => sum + ones.length, 0);

    function fits(one) {
      if (typeof one !== "object" || one === null) return false;
      const { lang = first } = one;
      if (typeof lang !== "string" || textIn(lang).lang !== lang) return false;
      if (textIn(lang) !== content.article) turn(lang);
      if (!passages.has(one.passage) || !Object.hasOwn(TYPES, one.type)) return false;
      if (![one.start, one.end].every(Number.isInteger) || one.start < 0 || one.start >= one.end || one.end > passages.get(one.passage).text.length) return false;
      if (!Array.isArray(one.targets) || !one.targets.every((id) => selectable.has(id)) || (one.targets.length > 0 && !LINKED.has(one.type))) return false;
      // Half a character is nothing to mark.
      return !/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(passages.get(one.passage).text.slice(one.start, one.end)) && !own(one.passage).some((other) => overlap(other, one));
    }

    const listed = Array.isArray(saved) ? saved : [saved];
    const taken = listed.slice(0, MOST).filter((one) => fits(one) && put(one));
    turn(Language.tag());
    const ignored = listed.length - taken.length;

    // watch: is told the passage that changed, or none where another text took the place of all.
    return { of, all, about, correct, undo, forget, written, count, ignored, passages, place, watch: (tell) => heard.push(tell) };
  }

  const linked = (mention) => LINKED.has(mention.type) && mention.targets.length > 0;
  const unsure = (mention) => mention.confidence < UNSURE;

  return { TYPES, UNSURE, create, linked, unsure };
})();
