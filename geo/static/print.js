// On paper the map keeps the size that it has on the screen and is then made smaller: what was seen is what is printed.
(() => {
  const WIDTH = 680, HEIGHT = 580;           // pixels that the map may take of a sheet of A4 or Letter, between its margins
  const map = document.querySelector(".map"), said = (name) => document.querySelector(`meta[name=${name}]`).content;
  const printed = Dom.make("p", { class: "printed" });
  document.querySelector("main").append(printed);

  addEventListener("beforeprint", () => {
    const { clientWidth: width, clientHeight: height } = map, shape = document.documentElement.style;
    if (!width || !height) return;
    shape.setProperty("--map-width", `${width}px`);
    shape.setProperty("--map-height", `${height}px`);
    shape.setProperty("--shrink", String(Math.min(1, WIDTH / width, HEIGHT / height)));
    // A path on the reader's disk is nobody else's business: of a file only the view is told.
    const view = Atlas.view(), web = location.protocol.startsWith("http");
    const address = (web ? location.href.split("#")[0] + (view && "#") : "") + view;
    Dom.fill(printed, `${said("generator")}. `, Words(said("license")), " ", T("View: {address}", { address: address || T("as it opens") }));
  });
})();
