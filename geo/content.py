"""What the page says of the records: every text as one JSON value. Nothing here is markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from geo import __version__
from geo.atlas import Atlas
from geo.calling import language_of_label, local_language
from geo.citations import Citation, Cited, reference, short_reference
from geo.comparison import compare_areas
from geo.dates import Span
from geo.gazetteer import Place, Site
from geo.holdings import Holding, Polity
from geo.layers import HOME, TINTS, Layer, area_style
from geo.sentences import sentence
from geo.territory import FRAME, Act, Area, Line, RivalReading, area_at, is_polygonal, measure, runs_along
from geo.tour import Known, compose_tour
from geo.view import BASEMAPS, LANGS, OPENING_LAYERS, OPENING_OPACITY, OPENING_SCAN_OPACITY

TITLE = "Far East Atlas"

_REFERENCES = Path(__file__).parent / "static" / "references.json"
"""How the page cites itself in each style, as `geo.bibliography.page_references` writes it."""


RULE = "map-rule-2023"
"""The act that lists the eight places."""

TRACT = "ussuri-coast"
"""The area that the 1860 treaty moved."""

FIRST_LINE = "nerchinsk-1689"
"""The act that first drew a line between the two states."""

_WORDS = re.compile(r"\w+")
_JOINTS = {"of", "the", "in", "в", "года"}
"""Words of a phrase that name nothing."""

CERTAINTIES = {
    "certain": "a primary source, or independent sources, agree",
    "reported": "one source says so, or only copies of the primary work were read",
    "approximate": "true within a margin",
    "disputed": "sources or states contradict each other",
    "conjectural": "our reading, or not yet confirmed",
}


def licence(*, own: bool) -> str:
    """Return the licence of a page, with our own account or with somebody else's text."""
    if own:
        return sentence(
            "Records, areas, lines, rivers and our account: CC BY 4.0. Relief, lakes, borders: public domain."
        )
    return sentence(
        "Records, areas, lines, rivers and (but for the article, which is its author’s) our texts: "
        "CC BY 4.0. Relief, lakes, borders: public domain."
    )


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
        "opening": {
            "layers": OPENING_LAYERS,
            "opacity": OPENING_OPACITY,
            "scanOpacity": OPENING_SCAN_OPACITY,
        },
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
        "areas": [_area(atlas, area) for area in atlas.areas],
        "lines": [_line(line) for line in atlas.lines],
        "acts": {act.id: _act(act) for act in atlas.acts},
        "sites": [_site(atlas, site) for site in atlas.gazetteer.sites],
        "polities": {polity.id: _polity(polity) for polity in atlas.holdings.polities.values()},
        "holdings": [_holding(holding) for holding in atlas.holdings.records],
        # Of each question the reading that is drawn comes first.
        "readings": [*map(_reading, sorted(atlas.readings, key=lambda r: (r.question, not r.drawn, r.id)))],
        "quoted": [_quoted(figure) for figure in compare_areas(atlas)[1]],
        "labels": [
            {
                "id": label.id,
                "kind": label.kind,
                "names": label.names.by_lang(),
                "local": language_of_label(atlas, label),
                "layer": label.layer,
                "rank": label.rank,
                "zooms": [label.minzoom, label.maxzoom],
                "at": [[round(x, 3), round(y, 3)] for x, y in label.geometry.coords],
            }
            for label in atlas.basemap.labels
        ],
        "spellings": spellings_of(atlas),
        "sources": _sources(atlas),
        "references": json.loads(_REFERENCES.read_text("utf-8")),
        **({"tour": compose_tour(atlas.tour)} if atlas.tour else {}),
        **({"missing": missing_sentence(atlas)} if atlas.missing else {}),
    }


def missing_sentence(atlas: Atlas) -> str:
    """Say what of an atlas was left out."""
    return f"Left out, as the file is damaged: {'; '.join(atlas.missing)}."


def spellings_of(atlas: Atlas) -> dict[str, dict[str, list[str]]]:
    """Return what records are called beside the names that the page shows, for its search.

    Of the phrases that the linker knows for one record alone, those words that are not in its names.

    Returns
    -------
    dict
        By id, then by BCP 47 language, spellings in the order of the data.
    """
    names: dict[str, list[tuple[str, str]]] = {}
    for name in atlas.gazetteer.toponyms:
        names.setdefault(name.place, []).append((name.form, name.lang if name.kind == "variant" else ""))
    labelled = [(area.id, area.names.by_lang()) for area in atlas.areas]
    labelled += [(act.id, _names(act)) for act in atlas.acts]
    names |= {id_: [(form, "") for form in forms.values()] for id_, forms in labelled}
    places = {name.form.casefold() for name in atlas.gazetteer.toponyms}
    said: dict[str, dict[str, list[str]]] = {}
    for id_, forms_of in names.items():
        known = {word for form, _ in forms_of for word in _WORDS.findall(form.casefold())} | places
        also = [
            (word, phrase.lang)
            for phrase in atlas.phrases
            if phrase.targets == (id_,) and "{" not in phrase.form
            for word in phrase.form.replace("|", " ").split()
            if len(word) > 1 and not word.isdigit() and word.casefold() not in known | _JOINTS
        ]
        for form, lang in dict.fromkeys([*((form, lang) for form, lang in forms_of if lang), *also]):
            said.setdefault(id_, {}).setdefault(lang, []).append(form)
    return said


def selectable(atlas: Atlas) -> frozenset[str]:
    """Return the ids that a view can select: the places, the areas, the lines, the acts and the sites."""
    named = (atlas.areas, atlas.lines, atlas.acts, atlas.gazetteer.sites)
    return frozenset(atlas.place_ids).union(*({record.id for record in records} for records in named))


def rivals(atlas: Atlas) -> frozenset[str]:
    """Return the ids of the readings that a view can draw beside ours."""
    return frozenset(reading.id for reading in atlas.readings if not reading.drawn)


def known_to_tours(atlas: Atlas, own: frozenset[str] = frozenset()) -> Known:
    """Return what the steps of a tour may name.

    Parameters
    ----------
    own : frozenset of str
        The ids of the places of a reader's gazetteer, if there is one.
    """
    return Known(selectable(atlas) | own, rivals(atlas), frozenset(atlas.sources), own=bool(own))


def _place(atlas: Atlas, place: Place) -> dict[str, Any]:
    area = area_at(atlas.areas, place.lon, place.lat) if place.kind == "town" else None
    names = atlas.gazetteer.names_of(place.id)
    return {
        "id": place.id,
        "number": place.number,
        "kind": place.kind,
        "at": [place.lon, place.lat],
        "features": place.features,
        "within": area.id if area else None,
        "ground": ground_of(atlas, place),
        "labels": {lang: atlas.gazetteer.name(place.id, lang) for lang in LANGS},
        "plain": {
            name.lang: name.form
            for name in reversed(names)
            if name.kind == "transliteration" and name.lang in LANGS
        },
        "local": local_language(atlas, place.lon, place.lat),
        # In each script that the page has; how they are read stands with the names.
        "bracketed": {
            name.lang: name.form for name in names if name.kind == "bracketed" and name.lang in LANGS
        },
        "names": [
            {
                "form": name.form,
                "lang": name.lang,
                "kind": name.kind,
                "dates": name.dates.label() if name.dates else "",
                "span": _days(name.dates),
                "origin": name.origin,
                "note": name.note,
                "readings": [
                    {"form": reading.form, "lang": reading.lang, "note": reading.note, **evidence(reading)}
                    for reading in atlas.gazetteer.readings_of(name)
                ],
                **evidence(name),
            }
            for name in names
            # Beside the names that it says, what is a reading need not stand once more.
            if name.kind != "variant" and not name.reads
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
        **evidence(place),
    }


def ground_of(atlas: Atlas, place: Place) -> list[str]:
    """Return the ids of the areas that a place stands on or is; of a crest, those on both its sides."""
    if place.within:
        return [place.within]
    lines = [line.geometry for line in atlas.lines if line.id in place.features]
    return [
        area.id
        for area in atlas.areas
        if area.id in place.features or any(runs_along(area.geometry, line) for line in lines)
    ]


def _area(atlas: Atlas, area: Area) -> dict[str, Any]:
    size = measure(area.geometry)
    return {
        "id": area.id,
        "role": area.role,
        "style": area_style(area),
        "act": area.act,
        "names": area.names.by_lang(),
        "local": local_language(atlas, *area.label),
        "basis": area.basis,
        "note": area.note,
        "at": area.label,
        "km2": round(size.km2),
        "mainlandKm2": round(size.mainland_km2),
        **evidence(area),
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
        **evidence(line),
    }


def _site(atlas: Atlas, site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "kind": site.kind,
        "at": [site.lon, site.lat],
        "names": _names(site),
        "local": local_language(atlas, site.lon, site.lat),
        "dates": site.dates.label() if site.dates else "",
        "span": _days(site.dates),
        "act": site.act,
        "note": site.note,
        **evidence(site),
    }


def _polity(polity: Polity) -> dict[str, Any]:
    return {"names": _names(polity), "family": polity.family, "note": polity.note, **evidence(polity)}


def _holding(holding: Holding) -> dict[str, Any]:
    return {
        "area": holding.area,
        "span": [str(holding.start), str(holding.end) if holding.end else None],
        "holders": holding.holders,
        "claimants": holding.claimants,
        "status": holding.status,
        "act": holding.act,
        "note": holding.note,
        **evidence(holding),
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
        **evidence(act),
    }


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
        **evidence(reading),
    }


def _quoted(figure: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("id", "km2", "bound", "compare", "sakhalin", "note", "certainty", "citations")
    return {name: figure[name] for name in kept} | {
        "for": figure["quoted_for"],
        "by": figure["quoted_by"],
        "measuredKm2": figure["measured_km2"],
        "differencePercent": figure["difference_percent"],
    }


def evidence(record: Cited) -> dict[str, Any]:
    """Return how sure a record is and whom it cites, ready for JSON."""
    return {"certainty": record.certainty, "citations": _cites(record.citations)}


def _cites(citations: Iterable[Citation]) -> list[list[str]]:
    return [[citation.key, citation.locator] for citation in citations]


def _sources(atlas: Atlas) -> Mapping[str, dict[str, str]]:
    return {
        key: {"text": reference(source), "short": short_reference(source), "url": source.url}
        for key, source in sorted(atlas.sources.items())
    }
