// Hosts the page in the dashboard. Called again on every change; the frame must live through all of them.
const frames = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const frame = parentElement.querySelector("iframe");
  let state = frames.get(frame);
  if (!state) {
    state = { document: null };
    frames.set(frame, state);
    const hear = ({ source, data: message }) => {
      if (!frame.isConnected) return removeEventListener("message", hear);
      if (source !== frame.contentWindow || message?.atlas !== 1 || typeof message.view !== "string") return undefined;
      // A passage means something in its own text only, and the address does not name a text brought by hand.
      const view = state.lasting ? message.view : message.view.replace(/(^|&)passage=[^&]*/, "").replace(/^&/, "");
      const address = location.pathname + (view ? `?${view}` : "");
      if (message.event === "view") {
        history.replaceState(history.state, "", address);   // before Python does, which would make it a step to go back
        state.tell("view", message.view);
      }
      if (message.event === "copy") {
        const answer = (copied) => frame.contentWindow.postMessage({ atlas: 1, copied, address: location.origin + address }, "*");
        (navigator.clipboard?.writeText(location.origin + address) ?? Promise.reject()).then(() => answer(true), () => answer(false));
      }
      return undefined;
    };
    addEventListener("message", hear);
  }
  state.tell = setStateValue;
  state.lasting = data.lasting;
  // Only another document is handed over: a change of state must never reload the map.
  if (state.document !== data.document) {
    state.document = data.document;
    frame.srcdoc = data.document;
  }
}
