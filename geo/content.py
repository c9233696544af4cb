"""What the page says: every text of it as one JSON value. Nothing here is markup.

Offsets of mentions count UTF-16 units, as JavaScript does; inside the atlas they count code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from geo import __version__
from geo.annotations import apply_curated
from geo.article import Article
from geo.atlas import Atlas
from geo.citations import Citation, Cited, reference, short_reference
from geo.claims import Claim
from geo.comparison import compare_areas
from geo.dates import Span
from geo.gazetteer import Place, Site
from geo.holdings import Holding, Polity
from geo.layers import HOME, TINTS, Layer, area_style
from geo.linker import Mention
from geo.territory import FRAME, Act, Area, Line, RivalReading, area_at, is_polygonal, measure, runs_along
from geo.view import BASEMAPS, LANGS, OPENING_LAYERS, OPENING_OPACITY

TITLE = "Far East Atlas"

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)", re.ASCII)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

RULE = "map-rule-2023"
"""The act that lists the eight places."""

TRACT = "ussuri-coast"
"""The area that the 1860 treaty moved."""

FIRST_LINE = "nerchinsk-1689"
"""The act that first drew a line between the two states."""

CERTAINTIES = {
    "certain": "a primary source, or independent sources, agree",
    "reported": "one source says so, or only copies of the primary work were read",
    "approximate": "true within a margin",
    "disputed": "sources or states contradict each other",
    "conjectural": "our reading, or not yet confirmed",
}


def licence(*, own: bool) -> str:
    """Return the licence of a page, with our own account or with somebody else's text."""
    text = "our account" if own else "(but for the article, which is its author’s) our texts"
    return f"Records, areas, lines, rivers and {text}: CC BY 4.0. Relief, lakes, borders: public domain."


def compose_content(atlas: Atlas, layers: Iterable[Layer]) -> dict[str, Any]:
    """Return everything the page says but for the article, ready for JSON.

    Parameters
    ----------
    atlas : Atlas
        The records.
    layers : iterable of Layer
        As `geo.layers.compose_layers` returns them.
    """
    return {
        "title": TITLE,
        "version": __version__,
        "dataVersion": atlas.version,
        "dataHash": atlas.digest,
        "langs": LANGS,
        "frame": FRAME,
        "home": HOME,
        "opening": {"layers": OPENING_LAYERS, "opacity": OPENING_OPACITY},
        "certainties": list(CERTAINTIES.items()),
        "styles": TINTS,
        "rule": RULE,
        "tract": TRACT,
        "firstLine": FIRST_LINE,
        "basemaps": BASEMAPS,
        "layers": [
            {
                "id": layer.id,
                "title": layer.title,
                "legend": [{"style": entry.style, "text": entry.text} for entry in layer.legend],
                "credits": layer.credits,
            }
            for layer in layers
        ],
        "places": [_place(atlas, place) for place in atlas.gazetteer.places],
        "areas": [_area(area) for area in atlas.areas],
        "lines": [_line(line) for line in atlas.lines],
        "acts": {act.id: _act(act) for act in atlas.acts},
        "sites": [_site(site) for site in atlas.gazetteer.sites],
        "polities": {polity.id: _polity(polity) for polity in atlas.holdings.polities.values()},
        "holdings": [_holding(holding) for holding in atlas.holdings.records],
        "readings": [_reading(reading) for reading in sorted(atlas.readings, key=_drawn_first)],
        "quoted": [_quoted(figure) for figure in compare_areas(atlas)[1]],
        "labels": [
            {
                "id": label.id,
                "kind": label.kind,
                "names": label.names.by_lang(),
                "layer": label.layer,
                "rank": label.rank,
                "zooms": [label.minzoom, label.maxzoom],
                "at": [[round(x, 3), round(y, 3)] for x, y in label.geometry.coords],
            }
            for label in atlas.basemap.labels
        ],
        "sources": _sources(atlas),
    }


def selectable(atlas: Atlas) -> frozenset[str]:
    """Return the ids that a view can select: the places, the areas, the lines, the acts and the sites."""
    named = (atlas.areas, atlas.lines, atlas.acts, atlas.gazetteer.sites)
    return frozenset(atlas.place_ids).union(*({record.id for record in records} for records in named))


def rivals(atlas: Atlas) -> frozenset[str]:
    """Return the ids of the readings that a view can draw beside ours."""
    return frozenset(reading.id for reading in atlas.readings if not reading.drawn)


def compose_article(
    atlas: Atlas, article: Article | None = None, curated: Iterable[Mention] = ()
) -> dict[str, Any]:
    """Return a text with its mentions, ready for JSON.

    Parameters
    ----------
    atlas : Atlas
        Its linker finds the mentions of a reader's article; those of our account are curated.
    article : Article, optional
        A reader's own; our account where it is left out.
    curated : iterable of Mention
        What people marked in the text; it takes the place of what is found there.
    """
    own = article is None
    found = atlas.annotations if article is None else atlas.linker.mentions(article)
    mentions = apply_curated(found, curated)
    article = article or atlas.account
    by_passage: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_passage.setdefault(mention.passage, []).append(mention)
    # The claims weighed are those of our account; about another text we know nothing.
    claims = atlas.claims if own else ()
    return {
        "licence": licence(own=own),
        "title": article.title,
        "lang": article.lang,
        "date": article.date,
        "author": article.author,
        "source": article.source,
        "encoding": article.encoding,
        "digest": article.digest,
        "own": own,
        "passages": [
            {
                "id": passage.id,
                "kind": passage.kind,
                "text": passage.text,
                "days": _days_spoken_of(atlas, passage.text, by_passage.get(passage.id, ())),
                "mentions": _mentions(by_passage.get(passage.id, ()), passage.text),
                "claims": [_claim(claim, passage.text) for claim in claims if claim.passage == passage.id],
            }
            for passage in article.passages
        ],
    }


def _place(atlas: Atlas, place: Place) -> dict[str, Any]:
    area = area_at(atlas.areas, place.lon, place.lat) if place.kind == "town" else None
    names = atlas.gazetteer.names_of(place.id)
    bracketed = next((name.form for name in names if name.kind == "bracketed"), "")
    return {
        "id": place.id,
        "number": place.number,
        "kind": place.kind,
        "at": [place.lon, place.lat],
        "features": place.features,
        "within": area.id if area else None,
        "ground": _ground(atlas, place),
        "labels": {lang: atlas.gazetteer.name(place.id, lang) for lang in LANGS},
        "bracketed": bracketed,
        "names": [
            {
                "form": name.form,
                "lang": name.lang,
                "kind": name.kind,
                "dates": name.dates.label() if name.dates else "",
                "span": _days(name.dates),
                "note": name.note,
                **_evidence(name),
            }
            for name in names
            if name.kind != "variant"
        ],
        "founded": place.founded.label() if place.founded else "",
        "foundedSpan": _days(place.founded),
        "foundedNote": place.founded_note,
        "population": place.population_2021,
        "populationCitations": _cites(place.population_citations),
        "geonames": place.geonames,
        "wikidata": place.wikidata,
        "act": place.act,
        "actNote": place.act_note,
        **_evidence(place),
    }


def _ground(atlas: Atlas, place: Place) -> list[str]:
    """Return the ids of the areas that a place stands on or is; of a crest, those on both its sides."""
    if place.within:
        return [place.within]
    lines = [line.geometry for line in atlas.lines if line.id in place.features]
    return [
        area.id
        for area in atlas.areas
        if area.id in place.features or any(runs_along(area.geometry, line) for line in lines)
    ]


def _area(area: Area) -> dict[str, Any]:
    size = measure(area.geometry)
    return {
        "id": area.id,
        "role": area.role,
        "style": area_style(area),
        "act": area.act,
        "names": area.names.by_lang(),
        "basis": area.basis,
        "note": area.note,
        "at": area.label,
        "km2": round(size.km2),
        "mainlandKm2": round(size.mainland_km2),
        **_evidence(area),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "act": line.act,
        "names": line.names.by_lang(),
        "basis": line.basis,
        "dates": line.dates.label() if line.dates else "",
        "span": _days(line.dates),
        "note": line.note,
        **_evidence(line),
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "kind": site.kind,
        "at": [site.lon, site.lat],
        "names": _names(site),
        "dates": site.dates.label() if site.dates else "",
        "span": _days(site.dates),
        "act": site.act,
        "note": site.note,
        **_evidence(site),
    }


def _polity(polity: Polity) -> dict[str, Any]:
    return {"names": _names(polity), "family": polity.family, "note": polity.note, **_evidence(polity)}


def _holding(holding: Holding) -> dict[str, Any]:
    return {
        "area": holding.area,
        "span": [str(holding.start), str(holding.end) if holding.end else None],
        "holders": holding.holders,
        "claimants": holding.claimants,
        "status": holding.status,
        "act": holding.act,
        "note": holding.note,
        **_evidence(holding),
    }


def _names(record: Act | Site | Polity) -> dict[str, str]:
    return {
        "en": record.name_en,
        "ru": record.name_ru,
        "zh-Hans": record.name_zh_hans,
        "zh-Hant": record.name_zh_hant,
    }


def _days(span: Span | None) -> list[str | None] | None:
    """Return the first and the last day of a span as ISO texts; None for an open end, or no span."""
    if span is None:
        return None
    return [str(span.start) if span.start else None, str(span.end) if span.end else None]


def _act(act: Act) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "names": _names(act),
        "span": _days(act.date),
        "date": act.date.label() if act.date else "",
        "year": str(act.date.start.year) if act.date and act.date.start else "",
        "julian": act.julian,
        "parties": act.parties,
        "signatories": act.signatories,
        "summary": act.summary,
        "differences": act.differences,
        **_evidence(act),
    }


def _days_spoken_of(atlas: Atlas, text: str, mentions: Iterable[Mention]) -> list[str]:
    """Return the days that a passage speaks of: of the acts it mentions, and New Year's of the years."""
    acts = {act.id: act.date for act in atlas.acts}
    dates = [acts[target] for mention in mentions for target in mention.targets if target in acts]
    days = {str(span.start) for span in dates if span and span.start}
    known = {day[:4] for day in days}
    return sorted(days | {f"{year}-01-01" for year in _YEAR.findall(text) if year not in known})


def _mentions(mentions: Sequence[Mention], text: str) -> list[dict[str, Any]]:
    units = _utf16(text)
    kept = ("type", "targets", "note", "rule", "confidence", "evidence")
    said = [{name: value for name in kept if (value := getattr(each, name)) != ""} for each in mentions]
    spans = [{"start": units(each.start), "end": units(each.end)} for each in mentions]
    return [span | each for span, each in zip(spans, said, strict=True)]


def _claim(claim: Claim, text: str) -> dict[str, Any]:
    start, units = text.index(claim.exact), _utf16(text)
    return {
        "id": claim.id,
        "start": units(start),
        "end": units(start + len(claim.exact)),
        "verdict": claim.verdict,
        "reason": claim.reason,
        "targets": claim.targets,
        **_evidence(claim),
    }


def _drawn_first(reading: RivalReading) -> tuple[str, bool, str]:
    return reading.question, not reading.drawn, reading.id


def _reading(reading: RivalReading) -> dict[str, Any]:
    point = reading.geometry.representative_point()
    return {
        "id": reading.id,
        "question": reading.question,
        "names": reading.names.by_lang(),
        "says": reading.says,
        "heldBy": reading.held_by,
        "drawn": reading.drawn,
        "side": reading.side,
        "km2": round(measure(reading.geometry).km2) if is_polygonal(reading.geometry) else None,
        "note": reading.note,
        "at": [round(point.x, 5), round(point.y, 5)],
        "bounds": [round(edge, 5) for edge in reading.geometry.bounds],
        **_evidence(reading),
    }


def _quoted(figure: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("id", "km2", "bound", "compare", "sakhalin", "note", "certainty", "citations")
    return {name: figure[name] for name in kept} | {
        "for": figure["quoted_for"],
        "by": figure["quoted_by"],
        "measuredKm2": figure["measured_km2"],
        "differencePercent": figure["difference_percent"],
    }


def _utf16(text: str) -> Callable[[int], int]:
    """Return what turns a position in code points into one in UTF-16 units, the text being read once."""
    astral = [found.start() for found in _ASTRAL.finditer(text)]
    return lambda position: position + bisect_left(astral, position)


def _evidence(record: Cited) -> dict[str, Any]:
    return {"certainty": record.certainty, "citations": _cites(record.citations)}


def _cites(citations: Iterable[Citation]) -> list[list[str]]:
    return [[citation.key, citation.locator] for citation in citations]


def _sources(atlas: Atlas) -> Mapping[str, dict[str, str]]:
    return {
        key: {"text": reference(source), "short": short_reference(source), "url": source.url}
        for key, source in sorted(atlas.sources.items())
    }
