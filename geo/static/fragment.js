// Links into a published text: https://wicg.github.io/scroll-to-text-fragment/. The browser that follows one shows the words.
const Fragment = (() => {
  const ENDS = 5, LONG = 60;

  // A hyphen has a meaning there; comma and ampersand encodeURIComponent takes care of.
  const encode = (text) => encodeURIComponent(text).replace(/-/g, "%2D");

  // Long passages are named by their first and last words; in a script without spaces by as many letters.
  function words(text) {
    if (text.length <= LONG) return encode(text);
    const parts = text.split(" "), spaced = parts.length > 2 * ENDS;
    const [first, last] = spaced ? [parts.slice(0, ENDS).join(" "), parts.slice(-ENDS).join(" ")] : [[...text].slice(0, 12).join(""), [...text].slice(-12).join("")];
    return `${encode(first)},${encode(last)}`;
  }

  // The address with the words to show; nothing where the address is none of the web.
  function link(address, text) {
    if (!/^https?:\/\//i.test(address)) return "";
    const [page, hash = ""] = address.split("#", 2);
    return `${page}#${hash.split(":~:")[0]}:~:text=${words(text)}`;
  }

  return { link };
})();
