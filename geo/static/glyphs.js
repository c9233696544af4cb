// Scripts for which this device has no font, so that their letters show as boxes: found out once, after the first picture.
const Glyphs = (() => {
  const SIZE = 32, UNKNOWN = "\uFDD0";                     // a code point that will never be a letter
  const SIGNS = { Han: ["一", "黑"], Cyrillic: ["і", "щ"] };
  const SAID = {
    Han: T("This device has no font for Chinese characters, so they may show as empty boxes. On the map such names stand in English instead, and how a name is read stands beside it in Latin letters where the records know it."),
    Cyrillic: T("This device has no font for Cyrillic letters, so they may show as empty boxes."),
  };
  let lacking = [];

  // How wide a text is, and what of it is drawn.
  function drawn(text) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * SIZE, height: 2 * SIZE }), pen = canvas.getContext("2d");
    pen.font = `${SIZE}px serif`;
    pen.fillText(text, SIZE / 2, 1.4 * SIZE);
    return { width: pen.measureText(text).width, ink: canvas.toDataURL() };
  }

  // A sign without a font is as wide as one that is in no font. So may be one that has a font, if boxes are as wide as
  // Chinese characters; then the picture tells. Some browsers write the number into the box, which never is so wide.
  function find(measure = drawn) {
    const box = measure(UNKNOWN), boxed = (sign) => sign.width === box.width && (sign.width !== SIZE || sign.ink === box.ink);
    lacking = Object.keys(SIGNS).filter((script) => SIGNS[script].map((sign) => measure(sign)).every(boxed));
    document.documentElement.dataset.lacks = lacking.join(" ");
    return lacking;
  }

  const lacks = (script) => lacking.includes(script);
  // What is said of it, in English where the language of the page itself cannot be read.
  const WRITTEN = { ru: "Cyrillic", "zh-Hans": "Han", "zh-Hant": "Han" };
  const notices = () => lacking.map((script) => {
    const tongue = () => (lacks(WRITTEN[Language.tag()]) ? "en" : Language.tag());
    return new Language.Phrase(() => Language.within(tongue(), SAID[script]), null, tongue);
  });

  return { find, lacks, notices };
})();
