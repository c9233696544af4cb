// Runs first of all. Where the browser guards HTML that a script writes (Trusted Types), only Leaflet's own
// snippets pass as they are; anything else comes out as text. No script is ever made from text but by unpacking.js.
"use strict";
window.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (["<svg/>", '<span aria-hidden="true">+</span>', '<span aria-hidden="true">&#x2212;</span>'].includes(html) ? html : html.replace(/&/g, "&amp;").replace(/</g, "&lt;")),
});
