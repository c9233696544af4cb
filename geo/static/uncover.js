// A mark of the map that has the keyboard comes out from under the card, which may lie over it.
const Uncover = (() => {
  const ROOM = 12;                           // pixels

  function create(map, stage, card) {
    function uncover(mark) {
      const at = mark.getBoundingClientRect(), over = card.getBoundingClientRect();
      if (document.activeElement !== mark || at.right < over.left || at.left > over.right || at.bottom < over.top || at.top > over.bottom) return;
      const beside = stage.clientWidth - over.width > 200;
      map.panBy(beside ? [at.left - over.right - ROOM, 0] : [0, at.bottom - over.top + ROOM], { animate: false });
    }
    stage.addEventListener("focusin", ({ target }) => {
      if (!target.matches(".leaflet-marker-icon:focus-visible")) return;
      // Leaflet itself brings it into the window, and that takes a moment.
      if (map._panAnim?._inProgress) map.once("moveend", () => uncover(target));
      else uncover(target);
    });
  }

  return { create };
})();
