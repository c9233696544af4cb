// Who held what on a day, read from the content. Days are ISO texts: they compare as texts do.
const Chronicle = (() => {
  const DAY = 864e5;
  const number = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const shift = (day, by) => iso(number(day) + by);
  const within = (span, day) => !span || ((span[0] === null || span[0] <= day) && (span[1] === null || day <= span[1]));

  const MEANINGS = { common: T("in common"), undelimited: T("no line drawn"), occupied: T("occupied"), enclave: T("enclave"), disputed: T("disputed") };

  function create(content) {
    const { FIRST_DAY } = State, last = State.today();
    const chains = new Map();
    for (const holding of content.holdings) chains.set(holding.area, [...(chains.get(holding.area) ?? []), holding]);
    const chain = (area) => chains.get(area) ?? [];
    const on = (area, day) => chain(area).find((holding) => within(holding.span, day));

    // Days on which something begins: the stops of the play button. Acts are the stops of the keys.
    const acts = Object.entries(content.acts).filter(([, act]) => act.span && act.span[0] <= last).map(([id, act]) => ({ id, day: act.span[0] })).sort((a, b) => (a.day < b.day ? -1 : 1));
    const starts = content.holdings.map((holding) => holding.span[0]);
    const moments = [...new Set([FIRST_DAY, ...acts.map((act) => act.day), ...starts])].filter((day) => day >= FIRST_DAY && day <= last).sort();
    // Between two changes nothing on the map moves: a day counts by how many lie before it.
    const spans = [...content.lines, ...content.sites, ...content.places.flatMap((place) => [...place.names, { span: place.foundedSpan }])].flatMap(({ span }) => span ?? []);
    const ends = [...content.lines, ...content.sites, ...content.places.flatMap((place) => place.names)].flatMap(({ span }) => (span?.[1] ? [shift(span[1], 1)] : []));
    const changes = [...new Set([...moments, ...spans.filter(Boolean), ...ends])].sort();
    const era = (day) => (day ? changes.filter((change) => change <= day).length : "");
    const step = (days, day, by) => (by > 0 ? days.find((one) => one > day) ?? last : days.findLast((one) => one < day) ?? FIRST_DAY);
    const latest = (day) => acts.findLast((act) => act.day <= day);

    const family = (id) => content.polities[id].family;
    const name = (id) => Name(content.polities[id].names);
    const names = (ids) => List(ids.map(name));

    // In English the same words as geo/holdings.py.
    function describe({ status, holders, claimants }) {
      const who = { holders: names(holders), claimants: names(claimants) }, others = claimants.length > 0;
      if (status === "common") return T("{holders}, in common", who);
      if (status === "undelimited") return holders.length > 1 ? T("undelimited between {holders}", who) : holders.length ? T("{holders}, undelimited", who) : T("undelimited");
      if (status === "occupied") return others ? T("{holders}, occupying land of {claimants}", who) : T("{holders}, occupying", who);
      if (status === "enclave") return others ? T("{holders}, an enclave inside the land of {claimants}", who) : T("{holders}, an enclave", who);
      if (status === "disputed") return others ? T("{holders}, disputed by {claimants}", who) : T("{holders}, disputed", who);
      return who.holders;
    }

    // What a state looks like: its status and the tints it takes, the holder's first.
    function look({ status, holders, claimants }) {
      const tints = [...new Set([...holders, ...claimants].map(family))];
      return { status: tints.length > 1 || status === "undelimited" ? status : "held", tints };
    }

    // The legend of a day: each holder by its tint, then each pattern by what it means.
    function legend(areas, day) {
      const holders = new Map(), patterns = new Map();
      for (const { id } of areas) {
        const holding = on(id, day);
        if (!holding) continue;
        const seen = look(holding);
        for (const one of holding.holders) holders.set(one, { text: name(one), look: { status: "held", tints: [family(one)] } });
        if (seen.status !== "held" && !patterns.has(seen.status)) patterns.set(seen.status, { text: MEANINGS[seen.status], look: seen });
      }
      return [...holders.values(), ...patterns.values()];
    }

    const span = ([from, to]) => (to === null ? T("since {day}", { day: Day(from) }) : from === to ? Day(from) : T("{from} – {to}", { from: Day(from), to: Day(to) }));

    return { first: FIRST_DAY, last, chain, on, acts, moments, era, step, latest, describe, look, legend, name, span };
  }

  return { create, within, number, iso, shift, MEANINGS };
})();
