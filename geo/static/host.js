// Hosts the page in the dashboard. Called again on every change; the frame must live through all of them.
const frames = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const frame = parentElement.querySelector("iframe");
  let state = frames.get(frame);
  if (!state) {
    state = { document: null };
    frames.set(frame, state);
    addEventListener("message", ({ source, data: message }) => {
      if (source !== frame.contentWindow || message?.atlas !== 1 || typeof message.view !== "string") return;
      if (message.event === "view") state.tell("view", message.view);
      if (message.event === "copy") {
        const query = message.view ? `?${message.view}` : "";
        navigator.clipboard?.writeText(location.origin + location.pathname + query);
      }
    });
  }
  state.tell = setStateValue;
  // Only another document is handed over: a change of state must never reload the map.
  if (state.document !== data.document) {
    state.document = data.document;
    frame.srcdoc = data.document;
  }
}
