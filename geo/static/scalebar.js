// Leaflet's scale in the unit's name of the language: 300 km, 300 км, 300公里. Leaflet writes it as HTML in English.
const ScaleBar = L.Control.Scale.extend({
  _updateMetric(most) {
    const metres = this._getRoundNum(most), far = metres >= 1000;
    this._mScale.style.width = `${Math.round((this.options.maxWidth * metres) / most)}px`;
    if (metres === this._metres) return;     // with every frame of a flight
    this._metres = metres;
    Dom.fill(this._mScale, Figure(far ? metres / 1000 : metres, far ? ScaleBar.KILOMETRES : ScaleBar.METRES));
  },
});
// A format is kept for each of these objects.
ScaleBar.KILOMETRES = { style: "unit", unit: "kilometer" };
ScaleBar.METRES = { style: "unit", unit: "meter" };
