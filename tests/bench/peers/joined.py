"""``python joined.py POINTS.csv DAY DATA_DIR OUT.csv``: points joined with areas through geopandas.

What one would write instead of ``geo where --csv``: area, holder, act and certainty of the area. It does not
tell which points lie near a line of doubtful course, nor which rows hold no point.
"""

import sys
from pathlib import Path

import geopandas
import pandas as pd

points, day, data, out = sys.argv[1:]
table = pd.read_csv(points)
spots = geopandas.points_from_xy(table["lon"], table["lat"], crs="OGC:CRS84")
areas = geopandas.read_file(Path(data) / "areas.geojson")[["id", "act", "certainty", "geometry"]]
areas = areas.to_crs("OGC:CRS84").rename(columns={"id": "area"})
found = geopandas.GeoDataFrame(table, geometry=spots).sjoin(areas, how="left", predicate="intersects")
found = found[~found.index.duplicated()]
holdings = pd.read_csv(Path(data) / "holdings.csv")
held = holdings[(holdings["from"] <= day) & (holdings["to"].isna() | (holdings["to"] >= day))]
answered = found.merge(held.drop_duplicates("area"), on="area", how="left")
answered[["name", "lat", "lon", "area", "holders", "act_x", "certainty_x"]].to_csv(out, index=False)
