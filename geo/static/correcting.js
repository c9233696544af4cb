// The note beside words of the text: what they are taken for, how surely and why; and the reader's corrections.
const Correcting = (() => {
  const { make } = Dom;
  const RULES = { name: T("found by its name"), curated: T("marked by hand") };

  // on: {touch(mention)}
  function create(content, marks, reading, pane, on) {
    // What can be pointed at, by the words that the list offers.
    const choices = new Map();
    const kinds = { place: content.places.map(({ id, labels }) => [id, labels]), area: content.areas.map(({ id, names }) => [id, names]), act: Object.entries(content.acts).map(([id, { names }]) => [id, names]) };
    const options = make("datalist", { id: "targets" });
    function offer() {
      choices.clear();
      for (const [type, list] of Object.entries(kinds)) {
        for (const [id, names] of list) {
          const said = { name: Name(names), type: Marks.TYPES[type], id }, words = String(T("{name} ({type})", said));
          choices.set(choices.has(words) ? String(T("{name} ({type}, {id})", said)) : words, { id, type, also: Object.keys(content.langs).filter((lang) => lang !== Language.tag()).map((lang) => names[lang]).join(" · ") });
        }
      }
      Dom.fill(options, [...choices].map(([value, { also }]) => make("option", { value, label: also })));
    }
    offer();
    Language.watch(offer);
    const box = make("div", { id: "remark", role: "group", "aria-label": T("About these words"), hidden: true });
    pane.append(box, options);

    let at = null;                           // {mention} or {stretch, range}, and whether the mouse only passes: {hover}

    const ACTIONS = {
      x: { title: T("Wrong"), says: T("Not this"), can: (mention) => Marks.linked(mention), act: (mention) => settle(marks.correct(mention, mention.type)) },
      p: { title: T("Another place …"), says: T("Choose what it points at"), can: () => true, act: () => choose() },
      n: { title: T("Not a place"), says: T("These words name no place"), can: (mention) => mention.type !== "not-a-place", act: (mention) => settle(marks.correct(mention, "not-a-place")) },
      u: { title: T("Undo"), says: T("Take the correction back"), can: (mention) => mention.mine, act: (mention) => { marks.undo(mention); settle(marks.of(mention.passage).find((one) => one.start < mention.end && mention.start < one.end)); } },
    };

    // After a correction the hand stays at the words.
    function settle(mention) {
      if (mention) reading.elementFor(mention).focus({ preventScroll: true });
      else hide();
    }

    function button(key, mention) {
      const { title, says, act } = ACTIONS[key];
      return make("button", { type: "button", title: says, "aria-keyshortcuts": key, "data-key": key, onclick: () => act(mention) }, title, make("kbd", { "aria-hidden": "true" }, key));
    }

    function show(next) {
      hide();
      at = next;
      const { mention } = at;
      box.replaceChildren(...(mention ? [
        make("p", {}, make("b", {}, Marks.TYPES[mention.type]), mention.targets.length ? [" → ", Row(mention.targets.map(content.nameOf))] : [" – ", T("points nowhere on the map")]),
        make("p", { class: "grounds" }, Dom.gauge(mention.confidence), Marks.unsure(mention) ? [" ", T("not sure")] : "", " · ", RULES[mention.rule] ?? T("by the rule “{rule}”", { rule: mention.rule }), mention.evidence ? `: ${mention.evidence}` : ""),
        mention.note ? make("p", {}, Words(mention.note)) : "",
        make("p", { class: "actions" }, Object.keys(ACTIONS).filter((key) => ACTIONS[key].can(mention)).map((key) => button(key, mention))),
      ] : [make("p", { class: "actions" }, make("button", { type: "button", id: "mark-as", onclick: choose }, T("Mark these words as …")))]));
      box.hidden = false;
      settleBox();
      if (!mention) return;
      const hidden = reading.elementFor(mention).getBoundingClientRect().bottom + 8 - box.getBoundingClientRect().top;
      if (box.classList.contains("docked") && hidden > 0) pane.scrollTop += hidden;
      reading.elementFor(mention).setAttribute("aria-describedby", "remark");
      on.touch(mention);
    }

    // At the foot of the pane for words that lead to the map, so that it covers no others that a reader
    // goes on to; else under the words, or over them where there is no room.
    function settleBox() {
      const docked = Boolean(at.mention && Marks.linked(at.mention) && !at.hover);
      box.classList.toggle("docked", docked);
      const anchor = at.mention ? reading.elementFor(at.mention) : at.range;
      const words = [...anchor.getClientRects()].at(-1), frame = pane.getBoundingClientRect();
      if (docked) box.style.top = box.style.left = "";
      if (docked || !words) return;
      const above = words.bottom + box.offsetHeight + 8 > frame.bottom && words.top - box.offsetHeight - 8 > frame.top;
      box.style.top = `${(above ? words.top - box.offsetHeight - 6 : words.bottom + 6) - frame.top + pane.scrollTop}px`;
      box.style.left = `${Math.max(10, Math.min(words.left - frame.left, pane.clientWidth - box.offsetWidth - 10))}px`;
    }

    function hide() {
      if (at?.mention) reading.elementFor(at.mention)?.removeAttribute("aria-describedby");
      at = null;
      box.hidden = true;
    }

    function choose() {
      const { mention, stretch } = at;
      const problem = make("p", { role: "alert", class: "problem" });
      const input = make("input", { list: "targets", "aria-label": T("What these words point at"), placeholder: T("place, area or act"), onkeydown: (event) => event.key === "Enter" && set() });
      function set() {
        const typed = input.value.trim().toLowerCase();
        const found = [...choices].filter(([words]) => words.toLowerCase() === typed), near = found.length ? found : [...choices].filter(([words, { also }]) => `${words} ${also}`.toLowerCase().includes(typed));
        if (typed && near.length === 1) settle(marks.correct(mention ?? stretch, near[0][1].type, [near[0][1].id]));
        else Dom.fill(problem, near.length && typed ? Tn("{n} fits: choose one of the list.", "{n} fit: choose one of the list.", { n: near.length }) : T("Nothing here has this name: choose one of the list."));
      }
      const before = box.querySelector(".actions");
      before.after(make("p", { class: "actions" }, input, make("button", { type: "button", onclick: set }, T("Set"))), problem);
      input.focus({ preventScroll: true });  // before the button that had the focus goes
      before.remove();
      settleBox();
    }

    pane.addEventListener("scroll", () => at && settleBox(), { passive: true });

    // By focus and click for every mention; when the mouse rests on one that points nowhere, as links have titles.
    // Not while the button is down: what appears under the finger would take the click.
    let pressed = false;
    pane.addEventListener("pointerdown", () => { pressed = true; });
    document.addEventListener("pointerup", () => setTimeout(() => { pressed = false; }));
    document.addEventListener("pointercancel", () => { pressed = false; });
    const tell = (event) => { const mention = reading.mentionAt(event.target); if (mention) show({ mention }); };
    pane.addEventListener("focusin", (event) => pressed || tell(event));
    pane.addEventListener("click", tell);
    pane.addEventListener("focusout", ({ relatedTarget }) => at && !at.stretch && !pane.contains(relatedTarget) && hide());
    pane.addEventListener("focusin", (event) => at && !box.contains(event.target) && !reading.mentionAt(event.target) && hide());
    pane.addEventListener("pointerover", (event) => {
      const mention = event.pointerType === "mouse" && !event.buttons && event.target.closest(".quiet") && reading.mentionAt(event.target);
      if (mention && !pane.classList.contains("plain") && (!at || at.hover)) show({ mention, hover: true });
    });
    let leaving = 0;
    const passing = () => at?.hover && !box.contains(document.activeElement);
    pane.addEventListener("pointerout", () => {
      clearTimeout(leaving);
      leaving = setTimeout(() => passing() && !box.matches(":hover") && !reading.elementFor(at.mention).matches(":hover") && hide(), 200);
    });

    pane.addEventListener("keydown", (event) => {
      const mention = reading.mentionAt(event.target);
      if (!mention || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Enter" && !Marks.linked(mention)) return void show({ mention });
      const key = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase();
      if (!Object.hasOwn(ACTIONS, key) || !ACTIONS[key].can(mention)) return;
      event.preventDefault();
      show({ mention });
      ACTIONS[key].act(mention);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !at) return;
      const { mention, hover } = at, within = box.contains(document.activeElement);
      if (within || hover) event.stopPropagation();   // the card on the map stays for now
      if (within && mention) reading.elementFor(mention).focus({ preventScroll: true });
      hide();
    }, true);

    // Words that were not found: select them in one passage.
    function picked() {
      const selection = document.getSelection(), range = selection.rangeCount ? selection.getRangeAt(0) : null;
      const passage = range && !range.collapsed && range.startContainer.parentElement.closest("#text .passage");
      if (!passage || !passage.contains(range.endContainer)) return null;
      const before = document.createRange();
      before.setStart(passage, 0);
      before.setEnd(range.startContainer, range.startOffset);
      const words = range.toString(), lead = before.toString().length + words.length - words.trimStart().length;
      return words.trim() ? { range, stretch: { passage: passage.id, start: lead, end: lead + words.trim().length } } : null;
    }
    let choosing = 0;
    document.addEventListener("selectionchange", () => {
      clearTimeout(choosing);
      choosing = setTimeout(() => {
        if (box.contains(document.activeElement)) return;
        const next = picked();
        if (next) show(next);
        else if (at?.stretch) hide();
      }, 250);
    });

    const tally = make("span", { class: "tally" }, make("span", { role: "status" }));
    const forget = () => make("button", { type: "button", id: "forget", class: "inline", onclick: () => { marks.forget(); hide(); } }, T("Forget all corrections"));
    function count() {
      const number = marks.count();
      Dom.fill(tally.firstChild, number ? [Tn("{n} correction.", "{n} corrections.", { n: number }), " "] : "");
      tally.querySelector("#forget")?.remove();
      if (number) tally.append(forget());
    }
    marks.watch((id) => { if (!id) hide(); count(); });
    count();
    const toggle = (id, checked, text, act) => make("label", {}, make("input", { type: "checkbox", id, checked, onchange: (event) => act(event.target.checked) }), " ", text);
    reading.tools.append(
      toggle("follow", false, T("Map follows the text"), reading.follow),
      toggle("explain", true, T("Explain words that point nowhere"), (wanted) => { hide(); reading.explain(wanted); }),
      tally);
    return { hide };
  }

  return { create };
})();
