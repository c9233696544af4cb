"""Records as rows of plain cells, such as any table can hold.

A record keeps all that it says; what is a list inside becomes words separated by spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from geo.atlas import Atlas
from geo.basemap import Border, Label, Lake, River
from geo.citations import Citation, Source, keys, reference, short_reference
from geo.claims import Claim
from geo.dates import Span
from geo.gazetteer import Names, Place, Site, Toponym
from geo.holdings import Holding, Polity
from geo.layers import area_style
from geo.territory import Act, Area, Line, QuotedArea, RivalReading, is_polygonal, measure
from geo.view import LANGS

Value = str | int | float | bool | None
Row = dict[str, Value]


class Column(NamedTuple):
    """What a column holds.

    Parameters
    ----------
    type : str
        As Table Schema names it; a date is written as in 1860-11-14.
    says : str
        One sentence.
    """

    type: Literal["string", "integer", "number", "boolean", "date"]
    says: str


_COURSE = "What a line follows (river, survey, straight, watershed, conjecture), or how an outline was found."
COLUMNS = {
    "id": Column("string", "The id of the record; other tables point at it."),
    "name_en": Column("string", "The name in English."),
    "name_ru": Column("string", "The name in Russian."),
    "name_zh_hans": Column("string", "The name in simplified Chinese."),
    "name_zh_hant": Column("string", "The name in traditional Chinese."),
    "role": Column("string", "`subject`: an act moved it; `context`: a piece of the frame."),
    "act": Column("string", "Id of the act by which it became so; of an area, by which it became Russian."),
    "basis": Column("string", _COURSE),
    "km2": Column("number", "Square kilometres: of an area ours, on the ellipsoid; of a figure as quoted."),
    "label_lon": Column("number", "Longitude of its label, degrees."),
    "label_lat": Column("number", "Latitude of its label, degrees."),
    "lon": Column("number", "Longitude, degrees, OGC:CRS84."),
    "lat": Column("number", "Latitude, degrees, OGC:CRS84."),
    "status": Column("string", "How it is held, or, of a border of today, whether its states agree."),
    "held": Column("string", "In words, who held it on the date of the view."),
    "holders": Column("string", "Ids of polities, separated by spaces; the status says what they are."),
    "claimants": Column("string", "Ids of polities that contest it, or whose it is by treaty."),
    "held_from": Column("date", "The first day of this state of the area."),
    "held_to": Column("date", "Its last day; empty where it lasts to this day."),
    "held_act": Column("string", "Id of the act that began this state."),
    "held_certainty": Column("string", "How sure this state of the area is."),
    "held_citations": Column("string", "The sources of this state of the area."),
    "tint": Column("string", "What it is coloured by: the act that moved it, or the state that holds it."),
    "dates": Column("string", "When, in EDTF, as in 1898?/1935 or 1957/.."),
    "from": Column("date", "The first day that the dates allow; empty where open."),
    "to": Column("date", "The last day that the dates allow, included; empty where open."),
    "area": Column("string", "Id of the area, or of a site that is an island."),
    "number": Column("integer", "Its position in the map rule of 2023."),
    "kind": Column("string", "What kind of thing, name or act it is."),
    "features": Column("string", "Ids of the areas or lines that are the place itself."),
    "within": Column("string", "Id of the area in which it lies."),
    "founded": Column("string", "When it was founded, in EDTF."),
    "founded_note": Column("string", "What is known of its founding."),
    "population_2021": Column("integer", "Inhabitants at the census of 2021."),
    "population_citations": Column("string", "The sources of that number."),
    "geonames": Column("string", "Its number in GeoNames."),
    "wikidata": Column("string", "Its item in Wikidata."),
    "act_note": Column("string", "How the act came to make it Russian."),
    "rank": Column("integer", "1 for the largest."),
    "question": Column("string", "What the rival readings differ on."),
    "says": Column("string", "What the reading holds."),
    "held_by": Column("string", "Who reads it so."),
    "drawn": Column("boolean", "Whether the areas and lines of the atlas follow this reading."),
    "side": Column("string", "To whose side the land would go, compared with what is drawn."),
    "place": Column("string", "Id of the place that bears the name."),
    "form": Column("string", "The name as written."),
    "reads": Column("string", "The forms of the same place that this one says in Latin letters."),
    "origin": Column("string", "How sure the origin of the name is that the note tells."),
    "lang": Column("string", "Its language and script, BCP 47."),
    "julian": Column("string", "The date as a source of the Julian calendar prints it."),
    "parties": Column("string", "Who concluded it."),
    "signatories": Column("string", "Who signed it."),
    "summary": Column("string", "What it says."),
    "differences": Column("string", "Where its language versions differ."),
    "family": Column("string", "The country whose form of state this is."),
    "bound": Column("string", "Whether the figure is `about`, `over` or `exact`."),
    "quoted_for": Column("string", "What the figure is quoted for."),
    "compare": Column("string", "Ids of our areas whose sum it can be set beside."),
    "sakhalin": Column("string", "Whether it counts Sakhalin: included, excluded, unstated."),
    "passage": Column("string", "The passage of the account, p1 being its title."),
    "exact": Column("string", "The words that carry the claim."),
    "verdict": Column("string", "supported, imprecise, contradicted or unverifiable."),
    "reason": Column("string", "Why, in one sentence of ours."),
    "targets": Column("string", "Ids of the places, areas and acts that it is about."),
    "note": Column("string", "What else is to be known of it."),
    "type": Column("string", "What it is, in the words of CSL."),
    "title": Column("string", "Its title; in square brackets, ours."),
    "year": Column("string", "When it came out."),
    "reference": Column("string", "It as a line of a bibliography."),
    "url": Column("string", "Its address."),
    "certainty": Column("string", "certain, reported, approximate, disputed or conjectural."),
    "citations": Column("string", "Keys of sources, with the place in them: key[locator]; key."),
    "credits": Column("string", "The same sources in a few words."),
    "licence": Column("string", "Under which it may be used."),
}
"""By name, every column that an export has; one name means the same in every table."""

NAMES = ("name_en", "name_ru", "name_zh_hans", "name_zh_hant")
"""The columns of the names on the map, in the order of `geo.view.LANGS`."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_HELD = {
    "held": "held",
    "status": "status",
    "holders": "holders",
    "claimants": "claimants",
    "held_from": "from",
    "held_to": "to",
    "held_act": "act",
    "held_certainty": "certainty",
    "held_citations": "citations",
}
"""By column of an area on a date, the column of its holding."""


def cite(citations: Iterable[Citation]) -> str:
    """Return citations as the data writes them: ``key[locator]; key``."""
    return "; ".join(f"{key}[{locator}]" if locator else key for key, locator in citations)


def evidence_row(atlas: Atlas, record: Any) -> Row:
    """Return how sure a record is and by whom; a source says it of others, not of itself."""
    if isinstance(record, Source):
        return {}
    return {
        "certainty": record.certainty,
        "citations": cite(record.citations),
        "credits": "; ".join(short_reference(atlas.sources[key]) for key in keys(record.citations)),
    }


def area_row(atlas: Atlas, area: Area, day: date | None) -> Row:
    """Return an area; with a day, also who held it then."""
    row: Row = {
        "id": area.id,
        **_names(area),
        "role": area.role,
        "act": area.act,
        "basis": area.basis,
        "km2": round(measure(area.geometry).km2, 1),
        "label_lon": area.label[0],
        "label_lat": area.label[1],
        "tint": area_style(area).split()[2],
        "note": area.note,
    }
    if day is None:
        return row
    holding = atlas.holdings.on(area.id, day)
    if holding is None:
        return row | {"tint": "nobody"} | dict.fromkeys(_HELD)
    held = holding_row(atlas, holding)
    evidence = {"certainty": holding.certainty, "citations": cite(holding.citations)}
    return row | {"tint": held["tint"]} | {f: (held | evidence)[name] for f, name in _HELD.items()}


def line_row(line: Line) -> Row:
    """Return a piece of a boundary, or a crest."""
    row: Row = {"id": line.id, **_names(line), "act": line.act, "basis": line.basis}
    return {**row, **_span(line.dates), "note": line.note}


def place_row(atlas: Atlas, place: Place) -> Row:
    """Return a place, with the names that stand on the map."""
    names = {column: atlas.gazetteer.name(place.id, lang) for column, lang in zip(NAMES, LANGS, strict=True)}
    return {
        "id": place.id,
        "number": place.number,
        **names,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "features": " ".join(place.features),
        "within": place.within,
        "founded": place.founded.edtf if place.founded else None,
        "founded_note": place.founded_note,
        "population_2021": place.population_2021,
        "population_citations": cite(place.population_citations),
        "geonames": place.geonames,
        "wikidata": place.wikidata,
        "act": place.act,
        "act_note": place.act_note,
    }


def site_row(site: Site) -> Row:
    """Return a point of history."""
    row: Row = {"id": site.id, "kind": site.kind, **_names(site), "lon": site.lon, "lat": site.lat}
    return {**row, **_span(site.dates), "act": site.act, "note": site.note}


def river_row(river: River) -> Row:
    """Return a river."""
    return {"id": river.id, **_names(river), "rank": river.rank, "note": river.note}


def lake_row(lake: Lake) -> Row:
    """Return a lake."""
    return {"id": lake.id, **_names(lake), "note": lake.note}


def town_row(town: Label) -> Row:
    """Return a town for orientation."""
    lon, lat = town.geometry.coords[0]
    return {"id": town.id, **_names(town), "rank": town.rank, "lon": lon, "lat": lat, "note": town.note}


def border_row(border: Border) -> Row:
    """Return a boundary of today."""
    return {"id": border.id, **_names(border), "status": border.status, "note": border.note}


def reading_row(reading: RivalReading) -> Row:
    """Return a rival reading, with the size of the land that it concerns."""
    land = round(measure(reading.geometry).km2, 1) if is_polygonal(reading.geometry) else None
    return {
        "id": reading.id,
        "question": reading.question,
        **_names(reading),
        "says": reading.says,
        "held_by": reading.held_by,
        "drawn": reading.drawn,
        "side": reading.side,
        "km2": land,
        "note": reading.note,
    }


def act_row(act: Act) -> Row:
    """Return an act."""
    return {
        "id": act.id,
        "kind": act.kind,
        **_names(act),
        **_span(act.date),
        "julian": act.julian,
        "parties": act.parties,
        "signatories": act.signatories,
        "summary": act.summary,
        "differences": act.differences,
    }


def holding_row(atlas: Atlas, holding: Holding) -> Row:
    """Return the state of an area between two days."""
    return {
        "area": holding.area,
        "from": str(holding.start),
        "to": str(holding.end) if holding.end else None,
        "held": atlas.holdings.describe(holding),
        "holders": " ".join(holding.holders),
        "claimants": " ".join(holding.claimants),
        "status": holding.status,
        "act": holding.act,
        "tint": _tint(atlas, holding),
        "note": holding.note,
    }


def polity_row(polity: Polity) -> Row:
    """Return a state in one of its forms."""
    row: Row = {"id": polity.id, "family": polity.family, **_names(polity)}
    return {**row, **_span(polity.dates), "note": polity.note}


def toponym_row(name: Toponym) -> Row:
    """Return a name of a place, or how one is pronounced."""
    row: Row = {"place": name.place, "form": name.form, "lang": name.lang, "kind": name.kind}
    said: Row = {"reads": " ".join(name.reads), "origin": name.origin or "", "note": name.note}
    return {**row, **_span(name.dates), **said}


def quoted_row(figure: QuotedArea) -> Row:
    """Return an area as a source quotes it."""
    return {
        "id": figure.id,
        "km2": float(figure.km2),
        "bound": figure.bound,
        "quoted_for": figure.quoted_for,
        "compare": " ".join(figure.compare),
        "sakhalin": figure.sakhalin,
        "note": figure.note,
    }


def claim_row(claim: Claim) -> Row:
    """Return a claim of the account, weighed."""
    return {
        "id": claim.id,
        "passage": claim.passage,
        "exact": claim.exact,
        "verdict": claim.verdict,
        "reason": claim.reason,
        "targets": " ".join(claim.targets),
    }


def source_row(source: Source) -> Row:
    """Return a source."""
    return {
        "id": source.id,
        "type": source.type,
        "title": source.title,
        "year": source.year,
        "reference": reference(source),
        "url": source.url,
    }


def _tint(atlas: Atlas, holding: Holding) -> str:
    """Return the country of the holder, with the status where it is more than held, as ``japan-occupied``."""
    if holding.status in ("common", "undelimited") or not holding.holders:
        return holding.status
    family = atlas.holdings.polities[holding.holders[0]].family
    return family if holding.status == "held" else f"{family}-{holding.status}"


def _names(record: Any) -> Row:
    if hasattr(record, "name_en"):
        return {column: getattr(record, column) for column in NAMES}
    names: Names | None = record.names
    return dict(zip(NAMES, names.by_lang().values() if names else (None,) * 4, strict=True))


def _span(span: Span | None) -> Row:
    return {
        "dates": span.edtf if span else None,
        "from": str(span.start) if span and span.start else None,
        "to": str(span.end) if span and span.end else None,
    }


def harmless(text: str) -> str:
    """Return a text such that a spreadsheet shows it and runs nothing.

    One that begins as a formula does, or with what a spreadsheet skips before one, gets an apostrophe.

    Examples
    --------
    >>> harmless("=1+1")
    "'=1+1"
    >>> harmless("-43.1")
    '-43.1'
    """
    risky = text.startswith(_RISKY) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text
