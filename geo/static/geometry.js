// Unpacks geometry: each line comes as whole steps from corner to corner, `grid` steps to a degree.
(() => {
  function unpack(coordinates, grid) {
    if (Array.isArray(coordinates[0])) return coordinates.map((part) => unpack(part, grid));
    const corners = [];
    for (let i = 0, x = 0, y = 0; i < coordinates.length; i += 2) corners.push([(x += coordinates[i]) / grid, (y += coordinates[i + 1]) / grid]);
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
