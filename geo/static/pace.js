// When work is done, so that pictures come soon and most of the time is left to a hand.
const Pace = (() => {
  const SHARE = 16, MOST = 500;              // times what the work took; milliseconds

  // Does what may wait when the next picture is on the screen; at once where there is none to come.
  const afterPaint = (work) => (document.hidden ? work() : requestAnimationFrame(() => setTimeout(work)));

  // When work that is done again and again may be done next.
  const rest = (began, least) => began + Math.min(MOST, Math.max(least, SHARE * (performance.now() - began)));

  // Lets a hand have its turn amid long work.
  const breath = () => new Promise((done) => setTimeout(done));

  return { afterPaint, rest, breath };
})();
