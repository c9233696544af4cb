// Opens the page before Streamlit has started, where it will stand, in browsers that can move a frame as it is.
if (Element.prototype.moveBefore) {
  const frame = makeFrame(), view = viewOf(location.search), address = "ADDRESS";
  const early = { frame, given: pageOf(address, view) };
  window.atlasEarly = early;
  readPage(address, view).then((text) => {
    if (window.atlasEarly !== early) return;
    Object.assign(frame.style, { position: "fixed", top: "58px", left: "14px", boxSizing: "border-box", width: "calc(100% - 28px)", height: "calc(100dvh - 76px)", minHeight: "min(480px, calc(100dvh - 70px))", border: "1px solid #8884", borderRadius: "8px" });
    frame.srcdoc = text;
    document.body.append(frame);
    // What Streamlit says in the place of the dashboard must not stay behind it.
    setTimeout(() => { if (window.atlasEarly === early) frame.remove(); }, 20000);
  }, () => undefined);
}
