// Hosts the page in the dashboard. Called again on every change; the frame must live through all of them.
const frames = new WeakMap();

// That its server is away Streamlit says in a dialog which makes all else inert. The page needs no server: it is said beside it.
function watchServer(notice, state) {
  const root = document.getElementById("root");
  const look = () => {
    const dialog = document.querySelector(".stDialog:not(:has(.stVerticalBlock)) section"), said = [];
    if (dialog) root.inert = false;
    for (const texts = document.createTreeWalker(dialog ?? notice, NodeFilter.SHOW_TEXT); dialog && texts.nextNode();) said.push(texts.currentNode.data);
    notice.textContent = `${said.join(": ")} ${state.away}`;
    notice.hidden = !dialog;
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, { childList: true });
  watch.observe(root, { attributeFilter: ["inert"] });
}

export default function ({ data, parentElement, setStateValue }) {
  const given = data.document || pageOf(data.address, data.view), notice = parentElement.querySelector(".away");
  let frame = parentElement.querySelector("iframe");
  const early = frame ? null : takeEarly(given, notice);
  if (!frame) {
    frame = early ?? makeFrame();
    if (!early) notice.before(frame);
  }
  let state = frames.get(frame);
  if (!state) {
    state = { given: early ? given : null, passed: null, brought: data.brought, turn: 0 };
    frames.set(frame, state);
    watchServer(notice, state);
    const say = (message) => frame.contentWindow.postMessage({ atlas: 1, ...message }, "*");
    const hear = ({ source, data: message }) => {
      if (!frame.isConnected) return removeEventListener("message", hear);
      if (source !== frame.contentWindow || message?.atlas !== 1) return undefined;
      if (message.event === "ready") state.scheme = shade(true);
      if (typeof message.view !== "string") return undefined;
      // A passage means something in its own text only, and the address does not name a text brought by hand.
      const view = !state.brought.includes("article") ? message.view : message.view.replace(/(^|&)passage=[^&]*/, "").replace(/^&/, "");
      const address = location.pathname + (view ? `?${view}` : "");
      // What the page said before it heard that the reader went back must not be written over where that led.
      if (message.event === "view" && (message.turn ?? 0) === state.turn) {
        // Before Python does, and letter for letter as it would, or each change would be a step to go back.
        const search = String(new URLSearchParams(view)), there = location.pathname + (search ? `?${search}` : "");
        if (search !== location.search.slice(1)) history[message.step === true ? "pushState" : "replaceState"](history.state, "", there);
        // The answer of a frame in which nothing has been done yet is no news.
        if (message.view !== state.opened) state.tell("view", message.view);
        state.opened = null;
      }
      if (message.event === "copy") {
        const answer = (copied) => say({ command: "copied", copied, address: location.origin + address });
        (navigator.clipboard?.writeText(location.origin + address) ?? Promise.reject()).then(() => answer(true), () => answer(false));
      }
      return undefined;
    };
    const goBack = () => {
      if (!frame.isConnected) return removeEventListener("popstate", goBack);
      const view = location.search.slice(1);
      state.turn += 1;
      // Python hears of it by the address: Streamlit runs the whole script for it. What was told besides would cut that run
      // short, and Streamlit takes away what it has not come to, the frame too.
      say({ command: "set", view, turn: state.turn });
      return undefined;
    };
    // Light or dark as the app is, also when its reader changes that.
    const shade = (anew) => {
      const { colorScheme } = getComputedStyle(frame), scheme = ["light", "dark"].includes(colorScheme) ? colorScheme : "";
      if (anew || scheme !== state.scheme) say({ command: "scheme", scheme });
      return scheme;
    };
    const themed = new MutationObserver(() => { if (frame.isConnected) state.scheme = shade(false); else themed.disconnect(); });
    for (let element = frame.parentElement; element; element = element.parentElement) themed.observe(element, { attributes: true, attributeFilter: ["class", "style"] });
    addEventListener("message", hear);
    addEventListener("popstate", goBack);
    if (early) {  // what its reader has done until now was not heard
      state.scheme = shade(true);
      state.opened = data.view;
      say({ command: "get" });
    }
  }
  state.tell = setStateValue;
  state.away = data.away;
  // Another session in the same page: the server was started anew, or forgot a reader who had slept. It has no files any more and does
  // not know where the reader is; the page has both. So the page stays as it is until something else is brought or chosen.
  if (state.session && state.session !== data.session) {
    state.passed = given;
    setStateValue("view", location.search.slice(1));
    if (state.brought.some((thing) => !data.brought.includes(thing))) setStateValue("kept", true);
  }
  state.session = data.session;
  // Only another document is handed over: a change of state must never reload the map.
  if (given !== state.given && given !== state.passed) {
    if (state.passed) setStateValue("kept", false);
    state.given = given;
    state.passed = null;
    state.brought = data.brought;
    state.turn = 0;
    if (data.document) frame.srcdoc = data.document;
    else readPage(data.address, data.view).then((text) => { if (state.given === given) frame.srcdoc = text; }, () => state.tell("unread", true));
  }
}
