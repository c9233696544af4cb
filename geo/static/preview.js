// Shows the embedded page as somebody else's page will frame it, at the size chosen.
export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector("iframe");
  frame.style.width = data.width ? `${data.width}px` : "100%";
  frame.style.height = data.ratio ? "auto" : `${data.height}px`;
  frame.style.aspectRatio = data.ratio;
  if (frame.srcdoc !== data.document) frame.srcdoc = data.document;
}
