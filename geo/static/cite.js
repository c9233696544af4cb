// The reference to this view, in the styles that geo/bibliography gives it, and the sources behind what it shows.
const Cite = (() => {
  const { make } = Dom;

  // A reference names the atlas by its English title in any language, in the same words as geo/bibliography/seen.py.
  function describe(content, view) {
    const days = [view.date, view.compare].filter(Boolean).map((day) => Language.within("en", Day(day))).join(" and on ");
    const told = days ? `who held what on ${days}` : "the land that changed hands, by act";
    return view.place.length && view.place.length <= 2 ? `${told}, with ${view.place.map((id) => content.namesOf(id).en).join(" and ")}` : told;
  }

  // `address` is where others find the map; empty for a file or a dashboard of one's own.
  function refer(content, view, query, style, address, today) {
    const { online, file } = content.references[style];
    const told = address || !query ? "" : `, view ${query}`;
    const title = `${content.title}: ${describe(content, view)}. Version ${content.version}, data ${content.dataVersion}, sha256 ${content.dataHash.slice(0, 12)}${told}`;
    const [year, month, day] = today.split("-");
    // A function, for a replacement text would give "$" a meaning.
    return (address ? online : file).replace("03.02.2001", `${day}.${month}.${year}`).replace("2001-02-03", today)
      .replace("https://map-address.invalid/", () => address + (query ? `#${query}` : "")).replace("MAP-TITLE", () => title);
  }

  const isPublic = ({ protocol, hostname }) => /^https?:$/.test(protocol) && !/^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(hostname);

  // on: {query(view), keys(view), source(key)}
  function create(content, pane, on) {
    const address = isPublic(location) ? location.href.split("#")[0] : "";
    let at = null;
    const style = make("select", { id: "cite-style", onchange: () => write() }, Object.entries(content.references).map(([id, { title }]) => make("option", { value: id, lang: "en" }, title)));
    const text = make("p", { id: "reference", class: "reference", lang: "en", tabindex: 0 });
    const copy = make("button", { type: "button", onclick: async () => { await navigator.clipboard.writeText(text.textContent); Dom.fill(copy, T("Copied")); } }, T("Copy"));
    copy.hidden = !navigator.clipboard || location.href === "about:srcdoc";
    const seen = make("ul", { class: "bibliography", lang: "en" }), count = make("summary", {});
    pane.append(make("section", { class: "cite-view", "aria-labelledby": "cite-heading" },
      make("h3", { id: "cite-heading" }, T("Cite this view")),
      make("div", { class: "cite-row" }, make("label", {}, T("Style"), " ", style), copy),
      text, make("details", {}, count, seen)));

    function write() {
      text.textContent = refer(content, at, on.query(at), style.value, address, State.today());
      Dom.fill(copy, T("Copy"));
    }

    // Of a hidden panel nothing need be kept up.
    return (view) => {
      at = view;
      if (!pane.classList.contains("open")) return;
      write();
      const keys = on.keys(view);
      const n = keys.length;
      Dom.fill(count, view.place.length ? Tn("{n} source of what is selected", "{n} sources of what is selected", { n }) : Tn("{n} source of the layers shown", "{n} sources of the layers shown", { n }));
      seen.replaceChildren(...keys.map((key) => make("li", {}, make("a", { href: `#source-${key}`, onclick: (event) => { event.preventDefault(); on.source(key); } }, content.sources[key].text))));
    };
  }

  return { create, refer };
})();
