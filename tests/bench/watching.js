// What the benchmark looks for, in a page and in the frames it can look into.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector), ...[...root.querySelectorAll("iframe")].flatMap((frame) => { try { return frame.contentDocument ? all(selector, frame.contentDocument) : []; } catch { return []; } })];
  const seen = (selector) => all(selector).filter((element) => element.getClientRects().length).length;
  const now = () => performance.timeOrigin + performance.now();
  // To be called in a frame: what is posted in it comes when it has been painted.
  const painted = (done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); done(now()); };
    port2.postMessage(null);
  };

  window.bench = {
    seen, now,
    // The moment at which a count has come true and is on the screen, and how long the map was away meanwhile.
    watch: (selector, least, most) => {
      let blank = 0, last = performance.now();
      window.benchSeen = new Promise((done, failed) => {
        setTimeout(() => failed(new Error(`${selector}: ${seen(selector)} on the screen, ${least} to ${most} expected`)), 30000);
        const look = () => {
          const count = seen(selector), passed = performance.now() - last;
          last = performance.now();
          if (!seen(".leaflet-container")) blank += passed;
          if (count >= least && count <= most) painted((at) => done({ at, blank }));
          else requestAnimationFrame(look);
        };
        look();
      });
    },
    // The moment at which others match a selector than do now and are on the screen; null where that does not come soon.
    change: (selector) => {
      const before = all(selector);
      window.benchSeen = new Promise((done) => {
        const until = now() + 2000, look = () => {
          const found = all(selector);
          if (found.length !== before.length || found.some((element, n) => element !== before[n])) painted((at) => done({ at, blank: 0 }));
          else if (now() > until) done(null);
          else requestAnimationFrame(look);
        };
        look();
      });
    },
    // Looks from the first moment of a page, or of the frame in it, for what shows that it is open.
    open: (framed, selector, least) => {
      if (framed === (window === window.parent)) return;
      window.bench.watch(selector, least, 1e9);
      window.benchOpened = window.benchSeen;
      window.benchOpened.catch(() => undefined);
    },
    // The moment from which the map has stood still.
    rest: () => {
      window.benchSeen = new Promise((done, failed) => {
        setTimeout(() => failed(new Error(moved ? "the map never came to rest" : "the map never moved")), 30000);
        let where = "", still = 0, since = now(), moved = false;
        const look = () => {
          const here = all(".leaflet-map-pane, .leaflet-proxy").map((pane) => pane.style.transform).join();
          if (here !== where) { moved ||= where !== ""; where = here; still = 0; since = now(); }
          if (moved && ++still > 15) done({ at: since, blank: 0 });
          else requestAnimationFrame(look);
        };
        look();
      });
    },
    // Remembers when the reader's hand came down.
    hand: () => ["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, (event) => { window.benchHand ??= performance.timeOrigin + event.timeStamp; }, { capture: true })),
    // Frames of a slider that moves with every one.
    drag: (selector, seconds) => new Promise((done) => {
      const slider = all(selector)[0], from = Number(slider.min), to = Number(slider.max), gaps = [];
      const began = performance.now();
      let last = began;
      const move = (time) => {
        if (time > last) gaps.push(time - last);
        last = time;
        const share = (performance.now() - began) / (1000 * seconds);
        if (share >= 1) return done({ frames: gaps.length, rate: (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0), longest: Math.max(...gaps), dropped: gaps.filter((gap) => gap > 25).length });
        slider.value = String(from + (to - from) * share);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        return requestAnimationFrame(move);
      };
      requestAnimationFrame(move);
    }),
  };
  window.bench.hand();
  window.benchLong = []; window.benchShift = 0;
  new PerformanceObserver((list) => window.benchLong.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) window.benchShift += entry.value; })).observe({ type: "layout-shift", buffered: true });
})();
