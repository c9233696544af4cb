// The search box: names in any spelling, acts, lines, days, and words of the text. The index is made when it is first asked.
const Search = (() => {
  const { make } = Dom;
  const FEW = 6, AROUND = 40;                // hits shown of a group; letters before the words found in a text
  const PLACES = { town: T("town"), island: T("island"), range: T("mountain range") };
  const SITES = { post: T("post"), mark: T("boundary mark"), island: T("island"), fort: T("fort") };
  const LABELS = { sea: T("sea"), river: T("river"), lake: T("lake"), region: T("region"), range: T("mountain range"), country: T("state of today"), town: T("town") };
  const GROUPS = {
    day: T("Time"),
    place: T("The eight places"),
    own: T("Your gazetteer"),
    act: T("Acts"),
    area: T("Areas"),
    line: T("Boundary lines"),
    site: T("Posts and marks"),
    state: T("States"),
    label: T("Elsewhere on the map"),
    reading: T("Rival readings"),
    claim: T("Claims weighed"),
    passage: T("In the text"),
    source: T("Sources"),
  };

  // on: {view(), claims(), label(passage), select(ids, date), date(day), look(label), reading(id), claim(claim), read(passage), mark(stretches), source(key)}
  function create(content, chronicle, box, on) {
    const named = (names) => Object.entries(names).map(([lang, form]) => [form, lang]);
    const title = (names) => [Name(names), Name(names).tongue()];
    const words = (english) => [String(Words(english)), Words(english).tongue?.() ?? null];
    const spellings = (id) => Object.entries(content.spellings[id] ?? {}).flatMap(([lang, forms]) => forms.map((form) => [form, lang]));
    const year = (day) => day?.slice(0, 4) ?? "";

    // Of a river with several labels, the one in the middle.
    function labels() {
      const groups = new Map();
      for (const label of content.labels) { const key = `${label.kind} ${label.names.en}`; groups.set(key, [...(groups.get(key) ?? []), label]); }
      return [...groups.values()].map((group) => group[Math.floor(group.length / 2)]);
    }

    // Everything that can be found, in the order in which equals stand. `begun`: the day on which it began.
    function entries() {
      const { article, own } = content;
      return [
        ...content.places.map((place) => ({ kind: "place", id: place.id, title: title(place.labels), begun: place.foundedSpan?.[0], forms: [...named(place.labels), ...place.names.flatMap((name) => [name, ...name.readings].map(({ form, lang }) => [form, lang])), ...spellings(place.id)], detail: PLACES[place.kind] })),
        ...(own?.places ?? []).map((place) => ({ kind: "own", id: place.id, title: OwnPlaces.nameIn(place, Language.tag()), forms: place.forms, detail: place.kind })),
        ...Object.entries(content.acts).map(([id, act]) => ({ kind: "act", id, title: title(act.names), begun: act.span?.[0], forms: [...named(act.names), ...spellings(id), [year(act.span?.[0]), ""]], detail: Words(act.date) })),
        ...content.areas.map((area) => ({ kind: "area", id: area.id, title: title(area.names), forms: [...named(area.names), ...spellings(area.id)], detail: area.act && Name(content.acts[area.act].names) })),
        ...content.lines.map((line) => ({ kind: "line", id: line.id, title: title(line.names), forms: named(line.names), detail: Words(line.dates) })),
        ...content.sites.map((site) => ({ kind: "site", id: site.id, title: title(site.names), forms: named(site.names), detail: SITES[site.kind] })),
        ...Object.entries(content.polities).map(([id, state]) => ({ kind: "state", id, title: title(state.names), forms: named(state.names), detail: T("what it held") })),
        ...labels().map((label) => ({ kind: "label", id: label.id, label, title: title(label.names), forms: named(label.names), detail: LABELS[label.kind] })),
        ...content.readings.map((reading) => ({ kind: "reading", id: reading.id, reading, title: title(reading.names), forms: named(reading.names), said: [words(reading.says)] })),
        ...on.claims().map((claim) => ({ kind: "claim", id: claim.id, claim, said: [[claim.words, article.lang], words(claim.reason)] })),
        ...article.passages.filter(({ kind }) => kind === "text" || kind === "heading").map((passage) => ({ kind: "passage", id: passage.id, said: [[passage.text, article.lang]] })),
        ...Object.entries(content.sources).map(([key, source]) => ({ kind: "source", id: key, said: [[source.text, null]] })),
      ].map((entry) => (entry.said ? { ...entry, text: entry.said.map(([text]) => text).join(" ") } : entry));
    }

    let index = null, made = "";
    function ready() {
      if (index && made === Language.tag()) return index;
      made = Language.tag();
      const all = entries();
      index = Object.assign(Finding.create(all), { begun: all.filter((entry) => entry.begun) });
      return index;
    }

    // What fits, by groups: days first, then in the order of their best hits; what is no record of its own stands back.
    function find(typed) {
      const groups = new Map(), put = (hit) => groups.has(hit.entry.kind) ? groups.get(hit.entry.kind).push(hit) : groups.set(hit.entry.kind, [hit]);
      const asked = When.read(typed), from = asked && (asked.from < chronicle.first && chronicle.first <= asked.to ? chronicle.first : asked.from);
      const seen = new Set();
      if (asked) {
        if (from >= chronicle.first && from <= chronicle.last) put({ entry: { kind: "day", id: from, title: [T("Show the map on {day}", { day: Day(from) }), null] }, rank: 0 });
        for (const entry of ready().begun.filter(({ begun }) => begun >= asked.from && begun <= asked.to)) {
          seen.add(entry);
          put({ entry: entry.kind === "place" ? { ...entry, detail: T("founded") } : entry, rank: 0 });
        }
      }
      for (const hit of ready().find(typed)) if (!seen.has(hit.entry)) put(hit);
      const order = Object.keys(GROUPS), step = (rank) => (rank === 2 ? 1 : rank), back = (kind) => (kind === "day" ? -1 : kind === "label" || kind === "reading" ? 2 : 0);
      return [...groups].map(([kind, hits]) => ({ kind, hits, rank: step(hits[0].rank) + back(kind) })).sort((a, b) => a.rank - b.rank || order.indexOf(a.kind) - order.indexOf(b.kind));
    }

    // The words of a text with what was typed marked in it; of a long one, what is around that.
    function marked(text, typed, most = Infinity) {
      const found = Finding.stretches(text, typed), first = found[0]?.[0] ?? 0, parts = [];
      const start = text.length > most && first > AROUND ? Math.max(text.lastIndexOf(" ", first - AROUND / 2), first - AROUND, 0) : 0, end = Math.min(text.length, start + most);
      let at = start;
      for (const [from, to] of found.filter(([, to]) => to <= end)) {
        parts.push(text.slice(at, from), make("mark", {}, text.slice(from, to)));
        at = to;
      }
      return [start ? "…" : "", ...parts, text.slice(at, end), end < text.length ? "…" : ""];
    }

    const spoken = (lang) => (lang && lang !== "und" ? lang.replace("-pinyin", "") : null);

    // The name that was found where it is not the one shown, so that the reader sees why.
    function foundAs({ forms, title: [shown] }, typed) {
      if (!forms || Finding.stretches(String(shown), typed).length) return null;
      const close = forms.filter(([form, lang]) => lang !== "" && form !== String(shown)).map(([form, lang]) => ({ form, lang, found: Finding.stretches(form, typed) })).filter(({ found }) => found.length);
      const whole = ({ form, found }) => found.reduce((sum, [from, to]) => sum + to - from, 0) / form.length;
      const best = close.sort((a, b) => whole(b) - whole(a))[0];
      return best ? make("span", { class: "found-as", lang: spoken(best.lang) }, marked(best.form, typed)) : null;
    }

    function option({ entry, rank }, typed, n) {
      const { kind } = entry, [main, ...more] = entry.said ?? [];
      // Of a claim its words, and of the reason what was sought.
      const parts = entry.said ? [main, ...more.filter(([text]) => Finding.stretches(text, typed).length)] : [];
      const said = parts.map(([text, lang], n) => [n ? " – " : "", make("span", { lang }, marked(text, typed, 150))]), block = make("span", { class: "found-text" }, said);
      const inner = entry.title
        ? [make("span", { class: "found-name", lang: spoken(entry.title[1]) }, marked(String(entry.title[0]), typed)), foundAs(entry, typed), rank > 3 ? block : null, entry.detail ? make("small", {}, entry.detail) : null]
        : [kind === "passage" ? make("small", { class: "found-at" }, on.label(entry.id)) : null, kind === "claim" ? Reading.verdict(entry.claim.verdict) : null, block];
      return make("div", { role: "option", id: `found-${n}`, class: `found of-${kind}`, "aria-selected": "false", onclick: () => pick(n) }, inner);
    }

    // The box

    const input = make("input", { type: "text", id: "search-box", role: "combobox", autocomplete: "off", autocapitalize: "off", spellcheck: "false", inputmode: "search", enterkeyhint: "go", maxlength: 200, "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-list", "aria-keyshortcuts": "/ Control+K", "aria-label": T("Search places, acts, dates and the text"), placeholder: T("Search") });
    const list = make("div", { role: "listbox", id: "search-list", "aria-label": T("What was found"), hidden: true });
    const none = make("p", { class: "search-none", "aria-hidden": "true" }), drop = make("div", { class: "search-drop", hidden: true }, list, none);
    const said = make("p", { class: "unseen", role: "status" });
    const opener = make("button", { type: "button", id: "search-open", title: T("Search (/)"), "aria-label": T("Search"), "aria-expanded": "false", "aria-controls": "search-field", onclick: () => unfold(true) });
    const glass = Dom.svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: "glass" });
    glass.append(Dom.svg("circle", { cx: 6.7, cy: 6.7, r: 4.7 }), Dom.svg("path", { d: "m10.3 10.3 4 4" }));
    opener.append(glass.cloneNode(true));
    const field = make("div", { id: "search-field" }, glass, input, make("kbd", { "aria-hidden": "true" }, "/"),
      make("button", { type: "button", class: "search-close", "aria-label": T("Close the search"), onclick: () => { close(); unfold(false); opener.focus(); } }, "×"), drop, said);
    box.setAttribute("role", "search");
    box.append(opener, field);

    let options = [], at = -1, back = null;

    // On a narrow page the field lies over the header while it is used.
    const folded = () => getComputedStyle(opener).display !== "none";
    function unfold(open) {
      box.classList.toggle("open", open);
      opener.setAttribute("aria-expanded", String(open));
      if (open) input.focus();
    }

    function close() {
      drop.hidden = list.hidden = true;
      for (const part of [list, none, said]) part.replaceChildren();
      options = [];
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function move(to) {
      at = to;
      list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
      const element = document.getElementById(`found-${at}`);
      if (!element) return;
      element.setAttribute("aria-selected", "true");
      element.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", element.id);
    }

    function show() {
      const typed = input.value;
      close();
      if (!Finding.fold(typed)) return;
      const groups = find(typed), total = groups.reduce((sum, { hits }) => sum + hits.length, 0);
      list.append(...groups.map(({ kind, hits }) => {
        const heading = `search-${kind}`, shown = hits.slice(0, FEW);
        return make("div", { role: "group", "aria-labelledby": heading },
          make("div", { id: heading, class: "search-kind" }, GROUPS[kind], hits.length > FEW ? make("small", {}, T("{shown} of {number}", { shown: FEW, number: hits.length })) : null),
          shown.map((hit) => option(hit, typed, options.push(hit) - 1)));
      }));
      drop.hidden = false;
      list.hidden = !total;
      input.setAttribute("aria-expanded", String(Boolean(total)));
      const sentence = total ? Tn("{n} result", "{n} results", { n: total }) : When.read(typed) ? T("The map knows the days from {first} to today.", { first: Day(chronicle.first) }) : T("Nothing fits. Try a place in any spelling, an act, an area, a boundary, a year, a day, or words of the text.");
      Dom.fill(said, sentence);
      if (total) move(0);
      else Dom.fill(none, sentence);
    }

    // The areas that a state held on the date, else on the first day that it held any; of no area, none.
    function heldBy(id) {
      const { date } = on.view(), its = content.holdings.filter(({ holders }) => holders.includes(id));
      const heldOn = (day) => [...new Set(its.filter(({ span }) => Chronicle.within(span, day)).map(({ area }) => area))];
      const now = heldOn(date || chronicle.last), first = its.map(({ span }) => span[0]).sort()[0];
      return now.length || !first ? { ids: now, day: date } : { ids: heldOn(first), day: first };
    }

    const PICKS = {
      day: ({ id }) => on.date(id),
      label: ({ label }) => on.look(label),
      reading: ({ id }) => on.reading(id),
      claim: ({ claim }) => on.claim(claim),
      source: ({ id }) => on.source(id),
      passage: ({ id, text }, typed) => { on.read(id); on.mark(Finding.stretches(text, typed).map(([start, end]) => ({ passage: id, start, end }))); },
      state: ({ id }) => { const { ids, day } = heldBy(id); on.select(ids, day); },
    };

    function pick(n) {
      const entry = options[n]?.entry, typed = input.value;
      if (!entry) return;
      close();
      on.mark([]);
      if (folded()) {
        unfold(false);
        opener.focus();                      // from where the card takes the focus, and gives it back
      }
      if (PICKS[entry.kind]) PICKS[entry.kind](entry, typed);
      else on.select([entry.id]);
    }

    Language.watch(close);
    input.addEventListener("focus", ready);
    input.addEventListener("input", show);
    input.addEventListener("click", () => drop.hidden && show());
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;         // the arrows and Enter belong to whoever writes Chinese
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (list.hidden) show();
        else move((at + step + options.length) % options.length);
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (list.hidden) show();
        else pick(at);
      } else if (event.key === "Escape") leave(event);
    });
    // Escape closes the list, then empties the box, then goes back to where the reader was; the card stays.
    function leave(event) {
      event.stopPropagation();
      if (!drop.hidden) close();
      else if (input.value) input.value = "";
      else {
        unfold(false);
        if (folded()) opener.focus();
        else if (back?.isConnected && back !== document.body) back.focus();
        else input.blur();
      }
    }
    field.addEventListener("pointerdown", (event) => { if (event.target.closest(".search-drop, .search-close")) event.preventDefault(); });
    // Not when the whole window loses the focus.
    box.addEventListener("focusout", ({ relatedTarget }) => { if (!box.contains(relatedTarget) && document.hasFocus()) { close(); unfold(false); } });

    document.addEventListener("keydown", (event) => {
      const writing = event.target.closest?.("input:not([type=range], [type=checkbox]), select, textarea, [contenteditable]"), plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      const asked = plain ? event.key === "/" && !writing : (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK";
      if (!asked || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      if (!box.contains(document.activeElement)) back = document.activeElement;
      unfold(true);
      input.select();
    });

    return { find: (typed) => find(typed).flatMap(({ kind, hits }) => hits.map(({ entry }) => `${kind}:${entry.id}`)) };
  }

  return { create };
})();
