"""What the page says: every text of it as one JSON value. Nothing here is markup.

Offsets of mentions count UTF-16 units, as JavaScript does; inside the atlas they count code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo import __version__
from geo.article import Article
from geo.atlas import Atlas
from geo.citations import Citation, Cited, reference, short_reference
from geo.gazetteer import Place
from geo.layers import FRAME, HOME, TINTS, Layer, area_style
from geo.linker import Mention
from geo.territory import Act, Area, Line, area_at, measure
from geo.view import BASEMAPS, LANGS, OPENING_LAYERS, OPENING_OPACITY

TITLE = "Far East Atlas"

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
    text = "our account" if own else "(but for the article, which is its author's) our texts"
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
    """Return the ids that a view can select: the places, the areas, the lines and the acts."""
    named = (atlas.areas, atlas.lines, atlas.acts)
    return frozenset(atlas.place_ids).union(*({record.id for record in records} for records in named))


def compose_article(atlas: Atlas, article: Article | None = None) -> dict[str, Any]:
    """Return a text with its mentions, ready for JSON.

    Parameters
    ----------
    atlas : Atlas
        Its linker finds the mentions of a reader's article; those of our account are curated.
    article : Article, optional
        A reader's own; our account where it is left out.
    """
    own = article is None
    mentions = atlas.annotations if article is None else atlas.linker.mentions(article)
    article = article or atlas.account
    by_passage: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_passage.setdefault(mention.passage, []).append(mention)
    return {
        "licence": licence(own=own),
        "title": article.title,
        "lang": article.lang,
        "own": own,
        "passages": [
            {
                "id": passage.id,
                "kind": passage.kind,
                "text": passage.text,
                "mentions": [_mention(mention, passage.text) for mention in by_passage.get(passage.id, ())],
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
        "labels": {lang: atlas.gazetteer.name(place.id, lang) for lang in LANGS},
        "bracketed": bracketed,
        "names": [
            {
                "form": name.form,
                "lang": name.lang,
                "kind": name.kind,
                "dates": name.dates.label() if name.dates else "",
                "note": name.note,
                **_evidence(name),
            }
            for name in names
            if name.kind != "variant"
        ],
        "founded": place.founded.label() if place.founded else "",
        "foundedNote": place.founded_note,
        "population": place.population_2021,
        "populationCitations": _cites(place.population_citations),
        "geonames": place.geonames,
        "wikidata": place.wikidata,
        "act": place.act,
        "actNote": place.act_note,
        **_evidence(place),
    }


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
        "note": line.note,
        **_evidence(line),
    }


def _act(act: Act) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "names": {
            "en": act.name_en,
            "ru": act.name_ru,
            "zh-Hans": act.name_zh_hans,
            "zh-Hant": act.name_zh_hant,
        },
        "date": act.date.label() if act.date else "",
        "year": str(act.date.start.year) if act.date and act.date.start else "",
        "julian": act.julian,
        "parties": act.parties,
        "signatories": act.signatories,
        "summary": act.summary,
        "differences": act.differences,
        **_evidence(act),
    }


def _mention(mention: Mention, text: str) -> dict[str, Any]:
    return {
        "start": _utf16_length(text[: mention.start]),
        "end": _utf16_length(text[: mention.end]),
        "type": mention.type,
        "targets": mention.targets,
        "note": mention.note,
    }


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _evidence(record: Cited) -> dict[str, Any]:
    return {"certainty": record.certainty, "citations": _cites(record.citations)}


def _cites(citations: Iterable[Citation]) -> list[list[str]]:
    return [[citation.key, citation.locator] for citation in citations]


def _sources(atlas: Atlas) -> Mapping[str, dict[str, str]]:
    return {
        key: {"text": reference(source), "short": short_reference(source), "url": source.url}
        for key, source in sorted(atlas.sources.items())
    }
