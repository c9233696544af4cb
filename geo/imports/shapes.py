"""Geometry of a reader's file, checked position by position and never repaired.

Only `is_valid_reason` looks at a whole outline: repairing a hostile one can take hours.

References
----------
RFC 7946, The GeoJSON Format, 2016, section 3.1. OGC 06-103r4, Well-Known Text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from reprlib import repr as shortened
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.sentences import sentence

MAX_VERTICES = 200_000
MAX_CORNERS = 20_000
"""Of one area: to find that an outline crosses itself takes time in proportion to the square of them."""

_WKT = re.compile(r"\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*\([-+0-9.eE,()\s]*\)\s*", re.ASCII)
"""Plain shapes alone: collections nest, and the reader of GEOS would follow them down."""

Position = tuple[float, float]


class ShapeReader:
    """Reads geometries, and counts their positions over the whole file.

    Any of its methods raises OverflowError once these are more than `MAX_VERTICES`.
    """

    def __init__(self) -> None:
        self._vertices = 0

    def from_geojson(self, raw: Any) -> BaseGeometry:
        """Return a GeoJSON geometry of any kind but mixed collections; heights are left out.

        Parameters
        ----------
        raw : object
            As JSON was parsed.

        Raises
        ------
        ValueError
            If it is no geometry on the globe, or its outline crosses itself.
        """
        if not isinstance(raw, dict):
            raise ValueError(sentence("found {found}; a geometry of GeoJSON would do", found=shortened(raw)))
        geometry = self._whole(raw)
        corners = shapely.get_num_coordinates(geometry)
        if geometry.geom_type.endswith("Polygon") and corners > MAX_CORNERS:
            raise ValueError(
                sentence(
                    "the outline has {n} positions; simplify it to {most} or less",
                    n=int(corners),
                    most=MAX_CORNERS,
                )
            )
        if (reason := shapely.is_valid_reason(geometry)) != "Valid Geometry":
            raise ValueError(sentence("the outline is not valid: {reason}; draw it anew", reason=str(reason)))
        return geometry

    def from_wkt(self, text: str) -> BaseGeometry:
        """Return a geometry written as WKT: points, lines or polygons, no collections.

        Raises
        ------
        ValueError
            As for `from_geojson`.
        """
        if not _WKT.fullmatch(text):
            told = sentence(
                "found {found}; WKT of a point, a line or a polygon would do", found=shortened(text)
            )
            raise ValueError(told)
        try:
            with np.errstate(
                over="ignore"
            ):  # a number out of all bounds is infinite, and refused as off the globe
                geometry = shapely.from_wkt(text)
        except shapely.errors.GEOSException as error:
            raise ValueError(
                sentence("found {found}, which is no whole WKT", found=shortened(text))
            ) from error
        return self.from_geojson(shapely.geometry.mapping(geometry))

    def point(self, lon: float, lat: float) -> BaseGeometry:
        """Return a point.

        Raises
        ------
        ValueError
            If it is off the globe.
        """
        return shapely.Point(self._position((lon, lat)))

    def _whole(self, raw: dict[str, Any]) -> BaseGeometry:
        kind, coordinates = raw.get("type"), raw.get("coordinates")
        if kind == "GeometryCollection":
            return self._collection(raw.get("geometries"))
        if kind == "Point":
            return shapely.Point(self._position(coordinates))
        if kind == "LineString":
            return shapely.LineString(self._line(coordinates))
        if kind == "Polygon":
            return self._polygon(coordinates)
        parts = {"MultiPoint": self._position, "MultiLineString": self._line, "MultiPolygon": self._polygon}
        if not isinstance(kind, str) or kind not in parts:
            told = sentence(
                "found the type {found}; a point, line or polygon would do", found=shortened(kind)
            )
            raise ValueError(told)
        read: Any = parts[kind]
        build: Callable[[list[Any]], BaseGeometry] = getattr(shapely, kind)
        return build([read(part) for part in _filled(coordinates)])

    def _collection(self, geometries: Any) -> BaseGeometry:
        """Return a collection of one kind, as Linked Places has them, as one geometry."""
        members = _filled(geometries)
        if any(not isinstance(each, dict) or each.get("type") == "GeometryCollection" for each in members):
            raise ValueError(sentence("a collection in a collection is nested too deep; make it flat"))
        parts = [part for each in members for part in shapely.get_parts(self._whole(each))]
        kinds = {part.geom_type for part in parts}
        if len(kinds) > 1:
            told = sentence("a collection mixes points, lines or polygons; give each kind its own feature")
            raise ValueError(told)
        build: Callable[[list[Any]], BaseGeometry] = getattr(shapely, f"Multi{kinds.pop()}")
        return build(parts)

    def _polygon(self, raw: Any) -> BaseGeometry:
        rings = [self._line(ring, least=4) for ring in _filled(raw)]
        if any(ring[0] != ring[-1] for ring in rings):
            told = sentence("a ring of the polygon is not closed; repeat its first position at its end")
            raise ValueError(told)
        return shapely.Polygon(rings[0], rings[1:])

    def _line(self, raw: Any, least: int = 2) -> list[Position]:
        line = [self._position(each) for each in _filled(raw)]
        if len(line) < least:
            told = sentence(
                "a line or ring has {n} positions; at least {least} make one", n=len(line), least=least
            )
            raise ValueError(told)
        return line

    def _position(self, raw: Any) -> Position:
        self._vertices += 1
        if self._vertices > MAX_VERTICES:
            raise OverflowError
        if not isinstance(raw, list | tuple) or not 2 <= len(raw) <= 3 or not all(map(_is_number, raw)):
            told = sentence(
                "found the position {found}; longitude and latitude would do", found=shortened(raw)
            )
            raise ValueError(told)
        lon, lat = float(raw[0]), float(raw[1])
        if fault := fault_of(lon, lat):
            raise ValueError(fault)
        return lon, lat


def fault_of(lon: float, lat: float) -> str:
    """Return what is wrong with a position, or nothing."""
    if abs(lat) <= 90 and abs(lon) <= 180:
        return ""
    if abs(lat) <= 180 and abs(lon) <= 90:
        return sentence("lat {lat}, lon {lon}: lat and lon seem swapped", lat=f"{lat:g}", lon=f"{lon:g}")
    return sentence(
        "lat {lat}, lon {lon} is off the globe; degrees of WGS 84 would do", lat=f"{lat:g}", lon=f"{lon:g}"
    )


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # False for NaN too; a whole number of hundreds of digits has no float.
    return number and abs(value) < 1e9


def _filled(raw: Any) -> Sequence[Any]:
    if not isinstance(raw, list | tuple) or not raw:
        raise ValueError(sentence("found {found} where positions should be", found=shortened(raw)))
    return raw
