// The document as it was delivered, kept before any script touches it, so that it can be saved again: a copy takes less time
// than its text, and lies in a document of its own, where nothing of it comes to life.
const Delivered = document.implementation.createHTMLDocument("").importNode(document.documentElement, true);

// Reads what is packed in the document: each block is text under zlib (RFC 1950), in base64. geo/packing.py writes them.
const Packed = (() => {
  // By the hand of a writer and a reader: to be piped and gathered by the browser takes the stream twice as long.
  async function read(name) {
    const { textContent, dataset } = document.getElementById(`atlas-${name}`);
    const { readable, writable } = new DecompressionStream("deflate"), writer = writable.getWriter(), reader = readable.getReader();
    // What is wrong with the block the reader is told too.
    Promise.all([writer.write(Uint8Array.fromBase64?.(textContent) ?? Uint8Array.from(atob(textContent), (letter) => letter.charCodeAt(0))), writer.close()]).catch(() => undefined);
    const decoder = new TextDecoder(dataset.charset, { fatal: true });
    let text = "", piece = await reader.read();
    for (; !piece.done; piece = await reader.read()) text += decoder.decode(piece.value, { stream: true });
    return text + decoder.decode();
  }

  // Nothing but what was unpacked here becomes a script or a style, and the policy above runs it by its hash alone.
  const policy = window.trustedTypes?.createPolicy("packed", { createScript: (text) => text });
  function made(kind, text) {
    const element = document.createElement(kind);
    element.textContent = kind === "script" && policy ? policy.createScript(text) : text;
    return element;
  }

  // The page itself. What it says is read at once too, since nothing can be drawn without it.
  const all = { content: "" };
  async function begin() {
    const [styles, content, ...scripts] = await Promise.all(["opening-styles", "content", "leaflet", "drawing", "opening"].map(read));
    all.content = content;
    document.querySelector("style").replaceWith(made("style", styles));
    document.body.append(...scripts.map((text) => made("script", text)));
    // What the first picture of the map does not need comes after it.
    await new Promise(Pace.afterPaint);
    const [rest, script] = await Promise.all(["styles", "scripts"].map(read));
    document.querySelector("style").after(made("style", rest));
    document.body.append(made("script", script));
  }

  begin().catch(() => {
    document.querySelector("style").remove();
    document.body.textContent = "This file cannot be unpacked: it is damaged, or the browser is older than Chrome 103, Firefox 113 or Safari 16.4. Fetch the file once more, or open it in a newer browser.";
  });

  return Object.assign(all, { read });
})();
