// Speaks with the page around this one: what is shown goes out, what to show comes in; README.md says how.
// A page that frames the file hears "ready", and nothing of what its reader does before it asks. Who wrote
// the document into a page of its own (srcdoc) holds all of it already, and is told at once.
const Outside = (() => {
  const VERSION = 1, written = location.href === "about:srcdoc";

  // on: {view(), selected(), set(query), copied(done, address)}
  function create(on) {
    const around = window.parent === window ? null : window.parent;
    let asker = around && written ? "*" : "", selected = "", turn = 0;

    const say = (message, to = asker) => { if (around && to) around.postMessage({ atlas: VERSION, ...message }, to); };

    // `turn`: of the last view that was set, so that what was said before it can be told apart.
    const tell = (view, step) => say({ event: "view", view, step, ...(turn ? { turn } : {}) });

    // `step`: whether it is worth going back to.
    function changed(view, step) {
      tell(view, step);
      const now = on.selected(), ids = JSON.stringify(now);
      if (ids !== selected) say({ event: "selected", selected: now });
      selected = ids;
    }

    function hear({ source, origin, data: message }) {
      if (source !== around || message?.atlas !== VERSION) return;
      const { command } = message;
      if (command === "set" && typeof message.view === "string") {
        if (Number.isSafeInteger(message.turn)) ({ turn } = message);
        on.set(message.view);
      }
      else if (command === "scheme") { Scheme.set(message.scheme); return; }
      else if (command === "copied" && written) { on.copied(message.copied === true, String(message.address ?? "")); return; }
      else if (command !== "get") return;
      asker = origin === "null" ? "*" : origin;   // a file or a sandbox has no name; only the page around is told in any case
      if (command !== "get") return;
      tell(on.view(), false);
      say({ event: "selected", selected: on.selected() });
    }

    // Nothing is heard before the page is whole.
    function ready() {
      if (around) addEventListener("message", hear);
      say({ event: "ready" }, "*");
    }

    return { framed: Boolean(around), written, changed, ready, copy: (view) => say({ event: "copy", view }) };
  }

  return { create, written };
})();
