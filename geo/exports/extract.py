"""What an export carries: all records, or those that a view shows, as layers and tables.

Every format is written from the same extract, so that they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from geo.atlas import Atlas
from geo.citations import Citation, Cited, Source, keys, parse_citations, reference
from geo.dates import Span
from geo.exports.rows import (
    Row,
    Value,
    act_row,
    area_row,
    border_row,
    claim_row,
    evidence_row,
    holding_row,
    lake_row,
    line_row,
    place_row,
    polity_row,
    quoted_row,
    reading_row,
    river_row,
    site_row,
    source_row,
    toponym_row,
    town_row,
)
from geo.view import LAYERS, View

CREATOR = "Far East Atlas"

LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "public-domain": (
        "Public domain, as the works it is made from",
        "https://www.naturalearthdata.com/about/terms-of-use/",
    ),
}
"""By short name, the title and the address of a licence."""

_CITED_IN = ("citations", "held_citations", "population_citations")


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one kind.

    Parameters
    ----------
    id, title : str
        Its short name, and what it holds.
    licence : str
        A key of `LICENCES`.
    rows : tuple of dict
        At least one; all with the same columns.
    geometries : tuple of shapely geometry
        One for each row, longitude, latitude in degrees, OGC:CRS84, rings by the right-hand rule;
        empty for a table without a map.
    """

    id: str
    title: str
    licence: str
    rows: tuple[Row, ...]
    geometries: tuple[BaseGeometry, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.rows[0])

    @property
    def shape(self) -> str:
        """``Point``, ``LineString`` or ``Polygon``: what each geometry is one or several of."""
        return self.geometries[0].geom_type.removeprefix("Multi")


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything, or what a view shows.

    Parameters
    ----------
    view : View or None
        None for everything.
    layers : tuple of Table
        With geometry, in the order of the legend; none empty.
    tables : tuple of Table
        Without geometry; none empty.
    sources : tuple of Source
        All sources, or all that what is shown cites; by key.
    """

    atlas: Atlas
    view: View | None
    layers: tuple[Table, ...]
    tables: tuple[Table, ...]
    sources: tuple[Source, ...]

    @property
    def title(self) -> str:
        """What it is, in a line."""
        part = "" if self.view is None else ", what a view shows"
        day = f" on {self.view.date}" if self.view and self.view.date else ""
        return f"{CREATOR}, data {self.atlas.version}{part}{day}"

    def find(self, name: str) -> Table | None:
        """Return a layer or table by its id, or None where nothing of it is shown."""
        return next((table for table in (*self.layers, *self.tables) if table.id == name), None)

    def rows(self, name: str) -> tuple[Row, ...]:
        """Return the rows of a layer or table; none where nothing of it is shown."""
        table = self.find(name)
        return table.rows if table else ()

    def ids(self, name: str) -> frozenset[Value]:
        """Return the ids of the records in a layer or table."""
        return frozenset(row["id"] for row in self.rows(name))

    def sources_of(self, table: Table) -> tuple[Source, ...]:
        """Return the sources that a table rests on, in order of first use."""
        if table.id == "sources":
            return self.sources
        written = (row.get(column) for row in table.rows for column in _CITED_IN)
        cited = keys(each for text in written if text for each in parse_citations(text))
        return tuple(self.atlas.sources[key] for key in cited)

    def metadata(self, sources: Iterable[Source] | None = None) -> dict[str, Any]:
        """Return what every file says of itself, ready for JSON.

        Parameters
        ----------
        sources : iterable of Source, optional
            Those that the file rests on; all of the extract where left out.
        """
        return {
            "title": self.title,
            "version": self.atlas.version,
            "sha256": self.atlas.digest,
            "view": self.view.query() if self.view else None,
            "licences": {name: {"title": title, "url": url} for name, (title, url) in LICENCES.items()},
            "attribution": f"{CREATOR}, data {self.atlas.version}, CC BY 4.0, with the sources named",
            "sources": [
                {"id": source.id, "reference": reference(source), "url": source.url}
                for source in (self.sources if sources is None else sources)
            ],
        }


class _Part(NamedTuple):
    """A layer or table in the making."""

    id: str
    title: str
    records: Sequence[Any]
    row: Callable[[Any], Row]
    geometry: Callable[[Any], BaseGeometry] | None = None
    licence: str = "CC-BY-4.0"


def take_extract(atlas: Atlas, view: View | None = None) -> Extract:
    """Return all records, or those that a view shows.

    Of a view count its layers, its date and its rival readings. On a date, areas come with their
    holder, and lines and sites only where they were in force. What is left without a record is left out.

    Parameters
    ----------
    atlas : Atlas
        The records.
    view : View or None
        None for everything.
    """
    maps = [part for part in _layers(atlas, view) if part.records]
    shown = {part.id: part.records for part in maps}
    lists = [part for part in _tables(atlas, view, shown) if part.records]
    cited = {
        citation.key for part in (*maps, *lists) for record in part.records for citation in _citations(record)
    }
    sources = tuple(source for key, source in sorted(atlas.sources.items()) if view is None or key in cited)
    if sources:
        lists.append(_Part("sources", "The bibliography", sources, source_row))
    return Extract(
        atlas,
        view,
        tuple(_made(atlas, part) for part in maps),
        tuple(_made(atlas, part) for part in lists),
        sources,
    )


def _made(atlas: Atlas, part: _Part) -> Table:
    rows = tuple(
        part.row(record) | evidence_row(atlas, record) | {"licence": part.licence} for record in part.records
    )
    shapes = [part.geometry(record) for record in part.records] if part.geometry else []
    return Table(part.id, part.title, part.licence, rows, tuple(map(shapely.orient_polygons, shapes)))


def _citations(record: Cited) -> tuple[Citation, ...]:
    return (*record.citations, *getattr(record, "population_citations", ()))


def _layers(atlas: Atlas, view: View | None) -> Iterable[_Part]:
    day = view.date if view else None
    base, gazetteer = atlas.basemap, atlas.gazetteer
    lines, sites = _in_force(atlas.lines, view), _in_force(gazetteer.sites, view)
    towns = [label for label in base.labels if label.layer == "towns"]
    every = {
        "areas": [_Part("areas", "Areas", atlas.areas, lambda each: area_row(atlas, each, day), _shape)],
        "lines": [_Part("lines", "Boundary lines", lines, line_row, _shape)],
        "places": [
            _Part(
                "places",
                "The eight places of the 2023 map rule",
                gazetteer.places,
                lambda each: place_row(atlas, each),
                _spot,
            )
        ],
        "sites": [_Part("sites", "Posts, forts, boundary marks, islets", sites, site_row, _spot)],
        "rivers": [
            _Part("rivers", "Rivers", base.rivers, river_row, _shape),
            _Part("lakes", "Lakes and reservoirs", base.lakes, lake_row, _shape, "public-domain"),
        ],
        "towns": [_Part("towns", "Neighbouring towns", towns, town_row, _shape)],
        "borders": [_Part("borders", "Borders of today", base.borders, border_row, _shape, "public-domain")],
    }
    for layer in LAYERS if view is None else view.layers:
        yield from every.get(layer, ())
    wanted = [reading for reading in atlas.readings if view is None or reading.id in view.readings]
    for name, title, kind in (
        ("readings_land", "Rival readings: land", "Polygon"),
        ("readings_lines", "Rival readings: lines", "LineString"),
        ("readings_points", "Rival readings: where to look", "Point"),
    ):
        found = [reading for reading in wanted if reading.geometry.geom_type.endswith(kind)]
        yield _Part(name, title, found, reading_row, _shape)


def _tables(atlas: Atlas, view: View | None, shown: Mapping[str, Sequence[Any]]) -> Iterable[_Part]:
    whole = view is None
    ground = {record.id for name in ("areas", "sites") for record in shown.get(name, ())}
    held = [
        holding
        for holding in atlas.holdings.records
        if holding.area in ground and (view is None or view.date is None or holding.covers(view.date))
    ]
    acting = (*held, *(record for group in shown.values() for record in group))
    acts = {getattr(record, "act", None) for record in acting}
    states = {name for holding in held for name in (*holding.holders, *holding.claimants)}
    places = {place.id for place in shown.get("places", ())}
    yield _Part("acts", "Acts", [act for act in atlas.acts if whole or act.id in acts], act_row)
    yield _Part("holdings", "Who held what", held, lambda each: holding_row(atlas, each))
    polities = [state for state in atlas.holdings.polities.values() if whole or state.id in states]
    yield _Part("polities", "States, in their forms", polities, polity_row)
    names = [name for name in atlas.gazetteer.toponyms if name.place in places]
    yield _Part("names", "Names of the places", names, toponym_row)
    yield _Part(
        "quoted_areas", "Areas as sources quote them", atlas.quoted_areas if whole else (), quoted_row
    )
    yield _Part("claims", "Claims of the account, weighed", atlas.claims if whole else (), claim_row)


def _in_force(records: Sequence[Any], view: View | None) -> Sequence[Any]:
    if view is None or view.date is None:
        return records
    day = view.date

    def holds(span: Span | None) -> bool:
        return span is None or (
            (span.start is None or span.start <= day) and (span.end is None or day <= span.end)
        )

    return [record for record in records if holds(record.dates)]


def _shape(record: Any) -> BaseGeometry:
    geometry: BaseGeometry = record.geometry
    return geometry


def _spot(record: Any) -> BaseGeometry:
    return shapely.Point(record.lon, record.lat)
