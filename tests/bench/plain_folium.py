"""``python -m tests.bench.plain_folium OUT``: areas, lines and places as people put them on a folium map."""

from __future__ import annotations

import csv
import sys

import folium
import geopandas

from geo.reading import DATA_DIR

drawn = folium.Map(location=(48.5, 131.0), zoom_start=5)
for name in ("areas", "lines", "basemap/rivers", "basemap/lakes", "basemap/borders", "readings"):
    frame = geopandas.read_file(DATA_DIR / f"{name}.geojson")
    folium.GeoJson(frame[["id", "geometry"]], name=name).add_to(drawn)
with (DATA_DIR / "places.csv").open(encoding="utf-8", newline="") as table:
    for row in csv.DictReader(table):
        folium.Marker((float(row["lat"]), float(row["lon"])), tooltip=row["id"]).add_to(drawn)
folium.LayerControl().add_to(drawn)
drawn.save(sys.argv[1])
