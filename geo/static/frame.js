// The frame of the page in the dashboard, and the page that all readers open with; for early.js and host.js.
function makeFrame() {
  const frame = document.createElement("iframe");
  // It gives the page no origin, so nothing in it can reach the dashboard.
  frame.setAttribute("sandbox", "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox");
  frame.title = "Map and article";
  return frame;
}

// A view of the address, written as Python does.
const viewOf = (search) => String(new URLSearchParams(search)).replace(/%2C/g, ",").replace(/%2F/g, "/");

const pageOf = (address, view) => `${address}?${viewOf(view)}`;

// It stands at an address, where browsers keep it; the view is written into it as the server does.
async function readPage(address, view) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.text()).replace('<meta name="atlas-view" content="">', () => `<meta name="atlas-view" content="${view.replaceAll("&", "&amp;")}">`);
}

// The frame that early.js has opened, if it shows what is given; moved, it is not loaded again.
function takeEarly(given, before) {
  const early = window.atlasEarly;
  delete window.atlasEarly;
  if (!early?.frame.isConnected) return null;
  if (early.given !== given) {
    early.frame.remove();
    return null;
  }
  before.parentNode.moveBefore(early.frame, before);
  early.frame.removeAttribute("style");
  return early.frame;
}
