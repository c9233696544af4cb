// Unpacks geometry: each line comes as letters for whole steps from corner to corner, `grid` steps to a degree.
(() => {
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Map([...LETTERS].map((letter, value) => [letter, value]));

  // Five bits a letter, the lowest first; the second half of the alphabet says that more follows.
  function steps(letters) {
    const found = [];
    let number = 0, weight = 1;
    for (const letter of letters) {
      const value = VALUES.get(letter);
      number += (value % 32) * weight;
      weight *= 32;
      if (value >= 32) continue;
      found.push(number % 2 ? -(number + 1) / 2 : number / 2);
      number = 0;
      weight = 1;
    }
    return found;
  }

  function unpack(coordinates, grid) {
    if (typeof coordinates !== "string") return coordinates.map((part) => unpack(part, grid));
    const corners = [], moves = steps(coordinates);
    for (let i = 0, x = 0, y = 0; i < moves.length; i += 2) corners.push([(x += moves[i]) / grid, (y += moves[i + 1]) / grid]);
    return corners;
  }

  const addData = L.GeoJSON.prototype.addData;
  L.GeoJSON.include({
    addData(data) {
      if (!data.grid) return addData.call(this, data);
      const features = data.features.map((feature) => feature.geometry.type === "Point" ? feature
        : { ...feature, geometry: { ...feature.geometry, coordinates: unpack(feature.geometry.coordinates, data.grid) } });
      return addData.call(this, { type: data.type, features });
    },
  });
})();
