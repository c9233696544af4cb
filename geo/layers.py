"""What each layer shows: its features with a style, its entries in the legend, its credits.

A style is the name of a rule in the style sheet; no colour is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from geo.atlas import Atlas
from geo.citations import Citation, keys
from geo.territory import FRAME, Act, Area, drawn_outlines
from geo.view import LAYERS

HOME = (114.9, 41.8, 145.3, 57.1)
"""West, south, east, north of the opening view, degrees: the ceded land, Nerchinsk and Sakhalin."""

TITLES = {
    "areas": "Areas, by the act that moved them",
    "lines": "Boundary lines",
    "places": "The eight places of the 2023 map rule",
    "sites": "Posts, forts, boundary marks, islets",
    "rivers": "Rivers and lakes",
    "relief": "Shaded relief",
    "towns": "Neighbouring towns",
    "borders": "Borders of today",
    "graticule": "Graticule",
}

TINTS = {
    "nerchinsk-1689": "nerchinsk",
    "aigun-1858": "aigun",
    "peking-1860": "peking",
    "st-petersburg-1875": "sakhalin",
    "soviet-occupation-1945": "sakhalin-south",
}
"""The tint of an act's areas, a name in the style sheet."""

_HATCHED = ("disputed", "conjectural")
_LINE_TOLERANCE = 0.006
_GRATICULE_STEP = 5
_DECIMALS = 3

Corner = tuple[float, ...]
"""Longitude and latitude in degrees."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A geometry ready to be drawn.

    Parameters
    ----------
    id : str
        The id of the record.
    style : str
        Names of rules in the style sheet, separated by spaces.
    geometry : shapely geometry
        Simplified; longitude, latitude in degrees, OGC:CRS84.
    """

    id: str
    style: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: a swatch drawn by the style sheet, and what it means."""

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the map.

    Parameters
    ----------
    id, title : str
        Its id in `geo.view.LAYERS`, and its name for readers.
    features : tuple of Feature
        Empty for a picture.
    legend : tuple of Entry
        At least one.
    credits : tuple of str
        The keys of the sources it rests on, in order of first use.
    """

    id: str
    title: str
    features: tuple[Feature, ...]
    legend: tuple[Entry, ...]
    credits: tuple[str, ...]


def compose_layers(atlas: Atlas) -> tuple[Layer, ...]:
    """Return every layer of the map, in the order of the legend."""
    base = atlas.basemap
    outlines = drawn_outlines(atlas.areas)
    edges = _Edges(_corners(area.geometry for area in atlas.areas), _corners(outlines))
    water = tuple(
        Feature(lake.id, "lake", _rounded(lake.geometry.simplify(_LINE_TOLERANCE))) for lake in base.lakes
    ) + tuple(
        Feature(river.id, f"river rank-{river.rank} {river.certainty}", edges.follow(river.geometry))
        for river in base.rivers
    )
    borders = tuple(
        Feature(border.id, f"border {border.status}", edges.follow(border.geometry))
        for border in base.borders
    )
    lines = tuple(
        Feature(line.id, f"line {line.certainty}", edges.follow(line.geometry)) for line in atlas.lines
    )
    sites = tuple(
        Feature(site.id, f"site {site.kind}", shapely.Point(site.lon, site.lat))
        for site in atlas.gazetteer.sites
    )
    styles = {area.id: area_style(area) for area in atlas.areas}
    areas = tuple(
        Feature(area.id, styles[area.id], _rounded(outline))
        for area, outline in zip(atlas.areas, outlines, strict=True)
    )
    towns = [label for label in base.labels if label.layer == "towns"]
    made = {
        "areas": (areas, _area_legend(atlas), _credits((*atlas.areas, *atlas.holdings.records))),
        "lines": (lines, _line_legend(atlas), _credits(atlas.lines)),
        "places": (
            tuple(Feature(p.id, "badge", shapely.Point(p.lon, p.lat)) for p in atlas.gazetteer.places),
            (Entry("badge", "Number in the order of the rule: six towns, an island, a range"),),
            _credits(atlas.gazetteer.places),
        ),
        "sites": (
            sites,
            (Entry("site", "Shown on the dates when it stood or mattered"),),
            _credits(atlas.gazetteer.sites),
        ),
        "rivers": (
            water,
            (
                Entry("river", "River"),
                Entry("river approximate", "Approximate course"),
                Entry("lake", "Lake; reservoirs are of today"),
            ),
            _credits((*base.lakes, *base.rivers)),
        ),
        "relief": ((), (Entry("relief", "Hill shading"),), keys(base.relief.frame.citations)),
        "towns": ((), (Entry("town", "Town of today, for orientation"),), _credits(towns)),
        "borders": (
            borders,
            (
                Entry("border agreed", "Agreed between its states"),
                Entry("border disputed", "Disputed between its states"),
            ),
            _credits(base.borders),
        ),
        "graticule": (
            _graticule(),
            (Entry("graticule", f"Every {_GRATICULE_STEP} degrees of longitude and latitude"),),
            [],
        ),
    }
    return tuple(
        Layer(name, TITLES[name], tuple(features), tuple(legend), tuple(sources))
        for name, (features, legend, sources) in ((name, made[name]) for name in LAYERS)
    )


def compose_readings(atlas: Atlas) -> tuple[Feature, ...]:
    """Return the rival readings, each drawn only when a reader asks for it."""
    return tuple(
        Feature(reading.id, f"reading {reading.side}", _rounded(reading.geometry.simplify(_LINE_TOLERANCE)))
        for reading in atlas.readings
        if not reading.drawn
    )


def area_style(area: Area) -> str:
    """Return the style of an area: the tint of its act, hatched where its status is doubted.

    A ceded area without an act is one that went back.
    """
    tint = TINTS.get(area.act, "other") if area.act else "none" if area.role == "context" else "returned"
    hatch = " hatched" if area.certainty in _HATCHED and area.role == "subject" and area.act in TINTS else ""
    return f"area {area.role} {tint}{hatch}"


def _area_legend(atlas: Atlas) -> tuple[Entry, ...]:
    """Return one entry for each act that moved an area, oldest first, and one for doubted land."""
    acts: dict[str, Act] = {act.id: act for act in atlas.acts}
    moved = {area.act for area in atlas.areas if area.act}
    oldest_first = sorted((acts[name] for name in moved), key=_act_order)
    entries = [
        Entry(f"area subject {TINTS.get(act.id, 'other')}", f"{act.name_en}, {_act_order(act)[:4]}")
        for act in oldest_first
    ]
    hatched = [area for area in atlas.areas if "hatched" in area_style(area)]
    return (
        *entries,
        *(Entry(area_style(area), area.names.en) for area in hatched),
        Entry("area subject returned", "Held by Russia for a time, then China's again"),
        Entry("area context none", "Never Russian by these acts"),
    )


def _act_order(act: Act) -> str:
    return act.date.edtf if act.date else ""


def _line_legend(atlas: Atlas) -> tuple[Entry, ...]:
    meanings = {
        "certain": "Certain: river, survey or treaty text agree",
        "reported": "Reported: known from copies of the sources",
        "approximate": "Approximate: true within some kilometres",
        "disputed": "Disputed between sources or states",
        "conjectural": "Conjectural: never fixed, our reading",
    }
    used = {line.certainty for line in atlas.lines}
    return tuple(Entry(f"line {word}", text) for word, text in meanings.items() if word in used)


def _credits(records: Iterable[Any]) -> list[str]:
    cited: list[Citation] = [citation for record in records for citation in record.citations]
    return keys(cited)


class _Edges(NamedTuple):
    """The corners of the areas, before and after simplifying, so that other lines can keep to them.

    A boundary, a river or a border that runs along an area keeps just the corners that the drawn
    area keeps; elsewhere it is simplified by itself.
    """

    before: frozenset[Corner]
    after: frozenset[Corner]

    def follow(self, line: BaseGeometry) -> BaseGeometry:
        parts = line.geoms if isinstance(line, shapely.MultiLineString) else [line]
        return _rounded(shapely.MultiLineString([self._thinned(list(part.coords)) for part in parts]))

    def _thinned(self, corners: list[Corner]) -> list[Corner]:
        kept: list[Corner] = []
        for shared, group in groupby(corners, key=self.before.__contains__):
            run = list(group)
            if shared:
                kept += [corner for corner in run if corner in self.after]
            elif len(run) > 1:
                kept += shapely.LineString(run).simplify(_LINE_TOLERANCE).coords
            else:
                kept += run
        return [corner for corner, _ in groupby([corners[0], *kept, corners[-1]])]


def _corners(geometries: Iterable[BaseGeometry]) -> frozenset[Corner]:
    return frozenset(map(tuple, shapely.get_coordinates(list(geometries))))


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Round to a thousandth of a degree: a fifth of a pixel at zoom 8."""
    return shapely.transform(geometry, lambda corners: corners.round(_DECIMALS))


def _graticule() -> Sequence[Feature]:
    west, south, east, north = FRAME
    meridians = [
        Feature(f"e{lon}", "graticule", shapely.LineString([(lon, south), (lon, north)]))
        for lon in range(int(west), int(east) + 1, _GRATICULE_STEP)
    ]
    parallels = [
        Feature(f"n{lat}", "graticule", shapely.LineString([(west, lat), (east, lat)]))
        for lat in range(int(south) + 1, int(north) + 1, _GRATICULE_STEP)
    ]
    return meridians + parallels
