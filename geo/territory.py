"""Acts, the areas they moved and the boundary lines they drew; geodesic measurement.

Geometry is longitude, latitude in degrees, OGC:CRS84. Areas share their edges exactly, so that they
form a coverage: no gap, no overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field, SkipValidation
from shapely import (
    GeometryCollection,
    GeometryType,
    Point,
    coverage_invalid_edges,
    from_wkb,
    get_parts,
    get_type_id,
    to_wkb,
)
from shapely.geometry.base import BaseGeometry

from geo.citations import Cited, Slug
from geo.gazetteer import Dates, Ids, Latitude, Longitude, Names
from geo.prepared import key_of, recall

if TYPE_CHECKING:
    import geopandas

CRS = "OGC:CRS84"

FRAME = (105.0, 39.0, 149.2, 60.0)
"""West, south, east, north of the mapped land, degrees."""

DRAWN_TOLERANCE = 0.006
"""Degrees by which the page simplifies areas; every town keeps its area at this tolerance."""

_GAP = 0.05
"""Degrees; a strip between two areas that is wider is no slip but a strait."""

Geometry = Annotated[BaseGeometry, SkipValidation]


class Act(Cited):
    """A treaty, protocol, agreement, occupation, clash, rule or report.

    Parameters
    ----------
    date : Span
        Gregorian.
    julian : str
        The date as a source of the Julian calendar prints it, ``YYYY-MM-DD``, or blank.
    differences : str
        Where the language versions differ, or blank.
    """

    id: Slug
    kind: Literal["treaty", "protocol", "agreement", "occupation", "clash", "rule", "report"]
    name_en: str = Field(min_length=1)
    name_ru: str
    name_zh_hans: str
    name_zh_hant: str
    date: Dates
    julian: str = Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    parties: str
    signatories: str
    summary: str = Field(min_length=1)
    differences: str


class Area(Cited):
    """A polygon that one act moved (``subject``), or a piece of the frame (``context``).

    Parameters
    ----------
    act : str or None
        Id of the act by which the land became Russian; None where it never did, or went back.
    basis : str
        How the outline was found.
    label : (lon, lat)
        Where its name stands, degrees.
    geometry : shapely Polygon or MultiPolygon
        Longitude, latitude in degrees, OGC:CRS84.
    """

    id: Slug
    role: Literal["subject", "context"]
    act: Slug | None
    names: Names
    basis: str = Field(min_length=1)
    note: str
    label: tuple[Longitude, Latitude]
    geometry: Geometry


class Line(Cited):
    """A piece of a boundary, or a crest.

    Parameters
    ----------
    basis : str
        What the line follows: ``river``, ``survey``, ``straight``, ``watershed`` or ``conjecture``.
    dates : Span or None
        The days on which it was a boundary; None for a crest that was none.
    geometry : shapely LineString or MultiLineString
        Longitude, latitude in degrees, OGC:CRS84.
    """

    id: Slug
    act: Slug | None
    names: Names
    basis: Literal["river", "survey", "straight", "watershed", "conjecture"]
    dates: Dates
    note: str
    geometry: Geometry


class RivalReading(Cited):
    """One way to read a text or a map that left a boundary open.

    Parameters
    ----------
    question : str
        What the readings differ on; one reading of each question is the one drawn.
    says, held_by : str
        What it holds, and who reads it so.
    drawn : bool
        Whether areas and lines of the atlas follow it.
    side : str
        To whose side the land of its polygon goes, compared with what is drawn; ``none`` where it
        would be nobody's yet, or where no land changes side.
    geometry : shapely geometry
        A polygon: the land concerned; a line, where no land can be measured; a point: where
        to look. Longitude, latitude in degrees, OGC:CRS84.
    """

    id: Slug
    question: Slug
    names: Names
    says: str = Field(min_length=1)
    held_by: str = Field(min_length=1)
    drawn: bool
    side: Literal["russia", "china", "japan", "none"]
    note: str
    geometry: Geometry


class QuotedArea(Cited):
    """An area as a source quotes it, to be set beside ours.

    Parameters
    ----------
    km2 : int
        Square kilometres, as quoted.
    compare : tuple of str
        Ids of our areas whose sum the figure can be set beside.
    """

    id: Slug
    km2: int = Field(gt=0)
    bound: Literal["about", "over", "exact"]
    quoted_for: str = Field(min_length=1)
    compare: Annotated[Ids, Field(min_length=1)]
    sakhalin: Literal["included", "excluded", "unstated"]
    note: str


class Measure(NamedTuple):
    """The geodesic size of an area.

    Parameters
    ----------
    km2 : float
        The whole, in square kilometres on the WGS 84 ellipsoid.
    mainland_km2 : float
        Its largest polygon alone; the rest are islands.
    """

    km2: float
    mainland_km2: float


def measure(geometry: BaseGeometry) -> Measure:
    """Return the geodesic size of a polygon on the WGS 84 ellipsoid.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Longitude, latitude in degrees; measure before simplifying.

    References
    ----------
    C. F. F. Karney, Algorithms for geodesics, Journal of Geodesy 87 (2013), as PROJ computes it.
    """
    from pyproj import Geod

    ellipsoid = Geod(ellps="WGS84")
    parts = list(geometry.geoms) if hasattr(geometry, "geoms") else [geometry]
    sizes = [abs(ellipsoid.geometry_area_perimeter(part)[0]) / 1e6 for part in parts]
    return Measure(sum(sizes), max(sizes))


def area_at(areas: Iterable[Area], lon: float, lat: float) -> Area | None:
    """Return the area that holds a point, or None where there is none (the sea, outside the frame).

    Parameters
    ----------
    lon, lat : float
        Degrees, OGC:CRS84.
    """
    point = Point(lon, lat)
    return next((area for area in areas if area.geometry.covers(point)), None)


def area_near(areas: Iterable[Area], lon: float, lat: float, reach: float) -> Area | None:
    """Return the area that holds a point, or else the nearest one within reach; None where there is none.

    Parameters
    ----------
    lon, lat : float
        Degrees, OGC:CRS84.
    reach : float
        Degrees; enough for a town on a coast that is drawn more coarsely than the town.
    """
    point = Point(lon, lat)
    nearest = min(areas, key=lambda area: float(area.geometry.distance(point)), default=None)
    return nearest if nearest is not None and nearest.geometry.distance(point) <= reach else None


def runs_along(area: BaseGeometry, line: BaseGeometry) -> bool:
    """Tell whether at least a tenth of a line is boundary of an area."""
    return float(area.boundary.intersection(line).length) >= line.length / 10


def frame_of(features: Sequence[Area] | Sequence[Line]) -> geopandas.GeoDataFrame:
    """Return areas or lines as a table with the columns ``id`` and ``geometry``, CRS OGC:CRS84."""
    import geopandas

    ids = [feature.id for feature in features]
    return geopandas.GeoDataFrame({"id": ids}, geometry=[f.geometry for f in features], crs=CRS)


def simplified(areas: Sequence[Area], tolerance: float = DRAWN_TOLERANCE) -> geopandas.GeoDataFrame:
    """Simplify areas so that neighbours still share their edges.

    What is drawn asks `drawn_outlines`, so that geopandas is imported where the areas were changed alone.

    Parameters
    ----------
    areas : sequence of Area
        A coverage.
    tolerance : float
        Degrees; corners that enclose less than its square are dropped.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``id`` and ``geometry``, CRS OGC:CRS84.

    References
    ----------
    Visvalingam and Whyatt (1993), applied to the edges of a coverage as GEOS 3.12 does.
    """
    frame = frame_of(areas)
    frame.geometry = frame.geometry.simplify_coverage(tolerance)
    return frame


def drawn_outlines(areas: Sequence[Area]) -> list[BaseGeometry]:
    """Return the outlines of areas as they are drawn: as `simplified` makes them, or made them beforehand.

    Parameters
    ----------
    areas : sequence of Area
        A coverage.
    """
    kept = recall(key_of_outlines(areas))
    if kept is None:
        return list(simplified(areas).geometry)
    return list(get_parts(from_wkb(kept)))


def key_of_outlines(areas: Sequence[Area]) -> str:
    """Return under which key of `geo.prepared` the drawn outlines of areas are kept."""
    return key_of((f"{DRAWN_TOLERANCE}".encode(), *(to_wkb(area.geometry, byte_order=1) for area in areas)))


def keep_outlines(outlines: Iterable[BaseGeometry]) -> bytes:
    """Return outlines as `drawn_outlines` reads them."""
    kept: bytes = to_wkb(GeometryCollection(list(outlines)), byte_order=1)
    return kept


def misfits(areas: Sequence[Area]) -> list[str]:
    """Return the ids of the areas that leave a gap to a neighbour, if narrow, or overlap it."""
    edges = coverage_invalid_edges([area.geometry for area in areas], _GAP)
    return [area.id for area, edge in zip(areas, edges, strict=True) if not edge.is_empty]


def is_polygonal(geometry: BaseGeometry) -> bool:
    """Tell whether a geometry is a polygon or several."""
    return get_type_id(geometry) in (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)


def is_linear(geometry: BaseGeometry) -> bool:
    """Tell whether a geometry is a line or several."""
    return get_type_id(geometry) in (GeometryType.LINESTRING, GeometryType.MULTILINESTRING)
