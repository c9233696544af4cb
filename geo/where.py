"""Where a point lies: in which area, who held it, which act moved it, and how surely.

All is computed from the geometry of the areas and lines at full detail, nothing is looked up in a list.
A point on the edge of two areas belongs to the first of them, for one point and for many alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, get_args

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.atlas import Atlas
from geo.citations import Certainty, Citation, keys, short_reference
from geo.dates import Span
from geo.holdings import Holding
from geo.territory import FRAME, Area, Line

SURENESS: dict[str, str] = {
    "certain": "a primary source, or several sources that do not depend on each other, say so",
    "reported": "one source says so, or only copies of the primary work were read",
    "approximate": "true within a margin",
    "disputed": "sources or states contradict each other",
    "conjectural": "our reading or inference, not confirmed by a source",
}
"""What each certainty says of who held the land, from the surest to the least sure."""

_RANKS = {word: rank for rank, word in enumerate(get_args(Certainty))}
_NOWHERE = -1
"""The number of no area, and the rank of no certainty: the last of a look-up array, which is empty."""

_MARGIN = re.compile(r"\bwithin (?:about )?([\d.]+) km\b|\b([\d.]+) km at worst\b", re.IGNORECASE)
_MARGINS = {"river": 2.0, "survey": 2.0, "straight": 2.0, "watershed": 15.0, "conjecture": 5.0}
"""Kilometres by which a line may be off where its note gives no margin, by what the line follows."""

_ISLAND = 1.0
"""Kilometres around an island too small to draw on which a point may lie on it."""

_COAST = 5.0
"""Kilometres; a point of the sea that is nearer to land than this is told so: coasts are drawn coarsely."""

_STEP = 0.05
"""Degrees; longer straight pieces are cut, for they bend when they are projected."""

_AXIS, _E2 = 6_378_137.0, 0.006694379990141316
"""The WGS 84 ellipsoid: semi-major axis in metres, eccentricity squared."""

Floats = NDArray[np.float64]
Words = NDArray[np.object_]


@dataclass(frozen=True)
class Whereabouts:
    """What is known of one point.

    Parameters
    ----------
    lon, lat : float
        Degrees, OGC:CRS84.
    day : datetime.date
        The day of the holding: the one asked about, or else today.
    area : Area or None
        None at sea and outside the frame.
    holding : Holding or None
        Who held the area on that day.
    chain : tuple of Holding
        All holdings of the area, oldest first.
    act : str
        Id of the act by which the land became Russian; empty where it never did, or went back.
    boundary : str
        Id of the nearest boundary in force on the day, or of any time if no day was asked about; empty
        if there is none.
    distance_km : float or None
        Geodesic distance to that boundary.
    certainty : str
        Of the holding (of the area where it has none), or that of a line so near that its margin
        reaches the point, whichever is the less sure. Empty where there is no area.
    why : str
        The reason of the certainty, or why there is no area, in words.
    """

    lon: float
    lat: float
    day: date
    area: Area | None
    holding: Holding | None
    chain: tuple[Holding, ...]
    act: str
    boundary: str
    distance_km: float | None
    certainty: str
    why: str


class Answers(NamedTuple):
    """What is known of many points: arrays of words, empty for points that lie in no area."""

    area: Words
    holder: Words
    act: Words
    certainty: Words


class _Doubt(NamedTuple):
    """Something near which a point is less surely where it seems to be."""

    id: str
    geometry: BaseGeometry
    margin_km: float
    certainty: str
    reason: str


def fault_of(lon: float, lat: float) -> str:
    """Return what is wrong with a point, or nothing.

    Examples
    --------
    >>> fault_of(43.1, 131.9)
    'lat 131.9 is not between -90 and 90; are lat and lon swapped?'
    """
    for name, value, limit in (("lat", lat, 90), ("lon", lon, 180)):
        if not -limit <= value <= limit:
            swapped = "; are lat and lon swapped?" if _is_framed(lon=lat, lat=lon) else ""
            return f"{name} {value:.10g} is not between -{limit} and {limit}{swapped}"
    return ""


def where_is(atlas: Atlas, lon: float, lat: float, day: date | None = None) -> Whereabouts:
    """Return what is known of a point.

    Parameters
    ----------
    lon, lat : float
        Degrees, OGC:CRS84.
    day : datetime.date, optional
        The day asked about. Without one, the holder is that of today, and boundaries of all times count.

    Raises
    ------
    ValueError
        If there is no such point on the globe.
    """
    if fault := fault_of(lon, lat):
        raise ValueError(fault)
    on = day or date.today()
    number = int(_numbers(atlas.areas, np.array([lon]), np.array([lat]))[0])
    if number == _NOWHERE:
        why = _beyond(atlas.areas, lon, lat)
        return Whereabouts(lon, lat, on, None, None, (), "", "", None, "", why)
    area = atlas.areas[number]
    holding = atlas.holdings.on(area.id, on)
    lines = _boundaries(atlas, day)
    distances = _distances([line.geometry for line in lines], lon, lat)
    nearest = min(range(len(lines)), key=distances.__getitem__, default=None)
    certainty, why = _sureness(_certainty(area, holding), _doubts(atlas, day), lon, lat)
    return Whereabouts(
        lon=lon,
        lat=lat,
        day=on,
        area=area,
        holding=holding,
        chain=atlas.holdings.chain(area.id),
        act=area.act or "",
        boundary="" if nearest is None else lines[nearest].id,
        distance_km=None if nearest is None else float(distances[nearest]),
        certainty=certainty,
        why=why,
    )


def where_are(atlas: Atlas, lons: Floats, lats: Floats, day: date | None = None) -> Answers:
    """Return what is known of many points, each as `where_is` would tell it.

    Parameters
    ----------
    lons, lats : array of float
        Degrees, OGC:CRS84; NaN for a point that is not known.
    day : datetime.date, optional
        As for `where_is`.
    """
    on = day or date.today()
    numbers = _numbers(atlas.areas, lons, lats)
    held = [(area, atlas.holdings.on(area.id, on)) for area in atlas.areas]
    ranks = np.array([*(_RANKS[_certainty(*pair)] for pair in held), _NOWHERE])[numbers]
    (land,) = np.nonzero(numbers != _NOWHERE)
    for doubt in _doubts(atlas, day):
        near = land[_within(doubt, lons[land], lats[land])]
        ranks[near] = np.maximum(ranks[near], _RANKS[doubt.certainty])
    holders = [atlas.holdings.describe(holding) if holding else "" for _, holding in held]
    return Answers(
        area=_words(area.id for area, _ in held)[numbers],
        holder=_words(holders)[numbers],
        act=_words(area.act or "" for area, _ in held)[numbers],
        certainty=_words(_RANKS)[ranks],
    )


def margin_of(line: Line) -> float:
    """Return by how many kilometres a line may be off: as its note states, or by what it follows."""
    stated = [float(one or other) for one, other in _MARGIN.findall(line.note)]
    return max(stated, default=_MARGINS[line.basis])


def record_of(atlas: Atlas, found: Whereabouts) -> dict[str, Any]:
    """Return an answer as values that JSON knows, with names and sources in words."""
    acts = {act.id: act for act in atlas.acts}
    lines = {line.id: line for line in atlas.lines}

    def act(name: str | None) -> dict[str, str] | None:
        if not name:
            return None
        when = acts[name].date
        return {"id": name, "name": acts[name].name_en, "date": when.label() if when else ""}

    def holding(each: Holding) -> dict[str, Any]:
        return {
            "from": f"{each.start}",
            "to": f"{each.end or '..'}",
            "holder": atlas.holdings.describe(each),
            "holders": list(each.holders),
            "claimants": list(each.claimants),
            "status": each.status,
            "act": act(each.act),
            "note": each.note,
            "certainty": each.certainty,
        }

    line = lines.get(found.boundary)
    cited: list[Citation] = [
        citation for record in (found.holding, found.area, line) if record for citation in record.citations
    ]
    return {
        "lat": found.lat,
        "lon": found.lon,
        "day": f"{found.day}",
        "area": {"id": found.area.id, "name": found.area.names.en} if found.area else None,
        "holding": holding(found.holding) if found.holding else None,
        "act": act(found.act),
        "chain": [holding(each) for each in found.chain],
        "boundary": {"id": line.id, "name": line.names.en, "certainty": line.certainty} if line else None,
        "distance_km": None if found.distance_km is None else round(found.distance_km, 1),
        "certainty": found.certainty,
        "why": found.why,
        # Two sources may read alike, such as two parts of our own work.
        "sources": list(dict.fromkeys(short_reference(atlas.sources[key]) for key in keys(cited))),
    }


def _words(words: Any) -> Words:
    """Return a look-up array whose last word is the empty one."""
    return np.array([*words, ""], dtype=object)


def _numbers(areas: Sequence[Area], lons: Floats, lats: Floats) -> NDArray[np.intp]:
    """Return for each point the number of the first area that covers it."""
    numbers = np.full(len(lons), _NOWHERE, dtype=np.intp)
    for number, area in enumerate(areas):
        free = np.flatnonzero((numbers == _NOWHERE) & _is_boxed(area.geometry.bounds, lons, lats))
        if len(free):
            shapely.prepare(area.geometry)
            numbers[free[shapely.intersects_xy(area.geometry, lons[free], lats[free])]] = number
    return numbers


def _is_boxed(bounds: Sequence[float], lons: Floats, lats: Floats) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    boxed: NDArray[np.bool_] = (west <= lons) & (lons <= east) & (south <= lats) & (lats <= north)
    return boxed


def _is_framed(lon: float, lat: float) -> bool:
    west, south, east, north = FRAME
    return west <= lon <= east and south <= lat <= north


def _boundaries(atlas: Atlas, day: date | None) -> list[Line]:
    """Return the lines that were a boundary on a day, or ever."""
    return [line for line in atlas.lines if line.dates is not None and (day is None or _has(line.dates, day))]


def _has(dates: Span, day: date) -> bool:
    return (dates.start is None or dates.start <= day) and (dates.end is None or day <= dates.end)


def _certainty(area: Area, holding: Holding | None) -> str:
    return holding.certainty if holding else area.certainty


def _doubts(atlas: Atlas, day: date | None) -> list[_Doubt]:
    """Return what may make a point less sure: lines of a doubtful course, and islands too small to draw."""
    doubts = [
        _Doubt(line.id, line.geometry, margin_of(line), line.certainty, f"whose course is {line.certainty}")
        for line in _boundaries(atlas, day)
        if line.certainty != "certain"
    ]
    for site in atlas.gazetteer.sites:
        if site.kind == "island" and (holding := atlas.holdings.on(site.id, day or date.today())):
            reason = f"an island too small to draw, with its own holder ({atlas.holdings.describe(holding)})"
            doubts.append(_Doubt(site.id, shapely.Point(site.lon, site.lat), _ISLAND, "approximate", reason))
    return doubts


def _sureness(certainty: str, doubts: Sequence[_Doubt], lon: float, lat: float) -> tuple[str, str]:
    """Weaken a certainty by what is near; return it with its reason."""
    here = np.array([lon]), np.array([lat])
    near = [doubt for doubt in doubts if _within(doubt, *here)[0]]
    if not near:
        return certainty, SURENESS[certainty]
    distances = _distances([doubt.geometry for doubt in near], lon, lat)
    ranked = zip(near, distances, strict=True)
    worst, km = max(ranked, key=lambda pair: (_RANKS[pair[0].certainty], -pair[1]))
    near_by = f"within {max(1, math.ceil(km))} km of {worst.id}, {worst.reason}"
    why = f"{SURENESS[certainty]}; but the point lies {near_by}"
    return max(certainty, worst.certainty, key=_RANKS.__getitem__), why


def _within(doubt: _Doubt, lons: Floats, lats: Floats) -> NDArray[np.bool_]:
    """Tell which points lie within the margin.

    Distances are taken in the Mercator projection, divided by its scale at the point: over a few tens of
    kilometres, right to some hundredths, which is far better than any margin is known.
    """
    west, south, east, north = doubt.geometry.bounds
    up = doubt.margin_km / 110
    aside = up / math.cos(math.radians(max(abs(south), abs(north)) + up))
    near = np.flatnonzero(_is_boxed((west - aside, south - up, east + aside, north + up), lons, lats))
    within = np.zeros(len(lons), dtype=np.bool_)
    if len(near):
        line = shapely.transform(shapely.segmentize(doubt.geometry, _STEP), _mercator)
        shapely.prepare(line)
        points = shapely.points(_mercator(np.column_stack((lons[near], lats[near]))))
        sines = np.sin(np.radians(lats[near]))
        radii = _AXIS * np.sqrt((1 - sines**2) / (1 - _E2 * sines**2))
        # The stubs know one distance for all points only; the function takes one for each.
        reach: Any = 1000 * doubt.margin_km / radii
        within[near] = shapely.dwithin(line, points, reach)
    return within


def _mercator(corners: Floats) -> Floats:
    """Project degrees onto the ellipsoid's Mercator plane, in units of its equatorial radius."""
    sines = np.sin(np.radians(corners[:, 1]))
    eccentricity = math.sqrt(_E2)
    norths = np.arctanh(sines) - eccentricity * np.arctanh(eccentricity * sines)
    return np.column_stack((np.radians(corners[:, 0]), norths))


def _distances(geometries: Sequence[BaseGeometry], lon: float, lat: float) -> Floats:
    """Return the geodesic distances from a point, in kilometres on the WGS 84 ellipsoid.

    The azimuthal equidistant projection around the point keeps all distances from it.
    """
    from pyproj import Proj

    plane = Proj(proj="aeqd", lat_0=lat, lon_0=lon, ellps="WGS84")
    pieces = shapely.segmentize(np.array(geometries, dtype=object), _STEP)
    flat = shapely.transform(pieces, lambda corners: np.column_stack(plane(corners[:, 0], corners[:, 1])))
    distances: Floats = shapely.distance(flat, shapely.Point(0, 0)) / 1000
    return distances


def _beyond(areas: Sequence[Area], lon: float, lat: float) -> str:
    """Say why a point lies in no area."""
    where = f"{abs(lat):.2f} {'N' if lat >= 0 else 'S'} {abs(lon):.2f} {'E' if lon >= 0 else 'W'}"
    if not _is_framed(lon, lat):
        west, south, east, north = FRAME
        return f"{where} lies outside the mapped frame ({west:g} to {east:g} E, {south:g} to {north:g} N)"
    sentence = f"{where} lies at sea or outside every area"
    distances = _distances([area.geometry for area in areas], lon, lat)
    nearest = min(range(len(areas)), key=distances.__getitem__, default=None)
    if nearest is None or distances[nearest] > _COAST:
        return sentence
    return f"{sentence}; {areas[nearest].id} is {distances[nearest]:.1f} km away"
