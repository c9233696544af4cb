"""Places, sites, areas and states as a gazetteer: Linked Places Format, and its table form LP-TSV.

Dates follow the rules of each form: in the JSON a missing end means "during the start", so that what
lasts to this day gets an end that is not before the newest day in our records; in the table a missing
end means that it lasts, or that the end is not known.

References
----------
Linked Pasts, Linked Places Format 1.3, 24 June 2024, and LP-TSV 0.5. GeoNames feature classes. Types are
those of the Art & Architecture Thesaurus that the World Historical Gazetteer knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import shapely

from geo.annotations import identify
from geo.atlas import Atlas
from geo.citations import Citation, Cited, short_reference
from geo.dates import FIRST_DAY, Span, parse_span
from geo.exports.extract import CREATOR, Extract
from geo.exports.rows import Value, harmless
from geo.gazetteer import Place, Site, Toponym
from geo.holdings import Holding

CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
)
"""Still the context of version 1.3 of the format."""

SURENESS = {
    "certain": "certain",
    "reported": "less-certain",
    "approximate": "less-certain",
    "disputed": "uncertain",
    "conjectural": "uncertain",
}
"""By our certainty, the one of the three that the format knows."""

TSV_COLUMNS = (
    *("id", "title", "title_source", "fclasses", "aat_types", "attestation_year", "start", "end"),
    *("title_uri", "ccodes", "matches", "variants", "types", "parent_name", "parent_id"),
    *("lon", "lat", "geo_source", "description"),
)
"""The columns of LP-TSV that we have values for."""

_PART_OF = "gvp:broaderPartitive"


class _Type(NamedTuple):
    """What kind of place it is.

    Parameters
    ----------
    fclass : str
        Feature class of GeoNames.
    aat : str
        Number in the Art & Architecture Thesaurus.
    label : str
        In our words.
    """

    fclass: str
    aat: str
    label: str


_TYPES = {
    "town": _Type("P", "300008375", "town"),
    "island": _Type("T", "300008791", "island"),
    "range": _Type("T", "300386831", "mountain range"),
    "post": _Type("S", "300164060", "military post"),
    "fort": _Type("S", "300006888", "fort"),
    "mark": _Type("S", "300000809", "boundary mark"),
    "area": _Type("L", "300387178", "historical region"),
    "polity": _Type("A", "300417385", "state"),
}


def write_linked_places(extract: Extract) -> bytes:
    """Return the places, sites, areas and states of an extract in Linked Places Format 1.3."""
    head = {"type": "FeatureCollection", "@context": CONTEXT, "metadata": extract.metadata()}
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    features = (json.dumps(each, ensure_ascii=False, allow_nan=False) for each in _features(extract))
    lines = ",\n".join(features)
    return f'{opening}, "features": [\n{lines}\n]}}\n'.encode()


def write_lp_tsv(extract: Extract) -> bytes:
    """Return the places, sites and areas of an extract as LP-TSV; a table has no rows for states.

    Nothing is quoted, as the form asks; a line break or tab in a text becomes a space.
    """
    lines = ["\t".join(TSV_COLUMNS)]
    for row in _rows(extract):
        lines.append("\t".join(harmless(" ".join(str(row.get(name, "")).split())) for name in TSV_COLUMNS))
    return ("\n".join(lines) + "\n").encode()


def newest_day(atlas: Atlas) -> date:
    """Return the newest day that a record names: what lasts to this day lasted at least until then."""
    days = [holding.start for holding in atlas.holdings.records]
    days += [act.date.end for act in atlas.acts if act.date and act.date.end]
    return max(days)


# The JSON form


def _features(extract: Extract) -> Iterator[dict[str, Any]]:
    atlas = extract.atlas
    places, sites, areas = (extract.ids(name) for name in ("places", "sites", "areas"))
    states = extract.ids("polities")
    writer = _Writer(atlas)
    yield from (writer.place(place) for place in atlas.gazetteer.places if place.id in places)
    yield from (writer.site(site) for site in atlas.gazetteer.sites if site.id in sites)
    shapes = extract.find("areas")
    outlines = dict(zip((row["id"] for row in shapes.rows), shapes.geometries, strict=True)) if shapes else {}
    held = {(row["area"], row["from"]) for row in extract.rows("holdings")}
    for area in (area for area in atlas.areas if area.id in areas):
        chain = [each for each in atlas.holdings.chain(area.id) if (each.area, str(each.start)) in held]
        yield writer.area(area, outlines[area.id], chain)
    yield from (writer.polity(each) for each in atlas.holdings.polities.values() if each.id in states)


class _Writer:
    """Writes records as features of the format."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._not_yet = {"earliest": str(newest_day(atlas))}

    def place(self, place: Place) -> dict[str, Any]:
        atlas = self._atlas
        names = atlas.gazetteer.names_of(place.id)
        feature = self._feature("place", place, atlas.gazetteer.name(place.id, "en"), _TYPES[place.kind])
        feature["properties"]["ccodes"] = ["RU"]
        feature["when"] = self._founded(place.founded, place) if place.founded else self._known(place, names)
        feature["names"] = [self._name(name.form, name.lang, name, name.dates) for name in names]
        feature["geometry"] = self._point(place.lon, place.lat, place)
        feature["links"] = [{"type": "closeMatch", "identifier": match} for match in _matches(place)]
        if place.within:
            area = next(area for area in atlas.areas if area.id == place.within)
            feature["relations"] = [self._relation("area", area.id, f"within {area.names.en}", area)]
        texts = (place.act_note, place.founded_note)
        feature["descriptions"] = [{"value": text, "lang": "en"} for text in texts if text]
        return feature

    def site(self, site: Site) -> dict[str, Any]:
        feature = self._feature("site", site, site.name_en, _TYPES[site.kind])
        feature["when"] = self._when(site.dates, site) if site.dates else self._ever(site)
        feature["names"] = self._names(site)
        feature["geometry"] = self._point(site.lon, site.lat, site)
        chain = self._atlas.holdings.chain(site.id)
        if relations := [each for holding in chain for each in self._holding(holding)]:
            feature["relations"] = relations
        if site.note:
            feature["descriptions"] = [{"value": site.note, "lang": "en"}]
        return feature

    def area(self, area: Any, outline: Any, chain: Sequence[Holding]) -> dict[str, Any]:
        feature = self._feature("area", area, area.names.en, _TYPES["area"])
        feature["when"] = self._when(_days(chain[0], chain[-1]), area) if chain else self._ever(area)
        feature["names"] = self._names(area)
        feature["geometry"] = shapely.geometry.mapping(outline) | self._sure(area)
        feature["relations"] = [relation for holding in chain for relation in self._holding(holding)]
        if area.note:
            feature["descriptions"] = [{"value": area.note, "lang": "en"}]
        return feature

    def polity(self, polity: Any) -> dict[str, Any]:
        feature = self._feature("polity", polity, polity.name_en, _TYPES["polity"])
        feature["when"] = self._when(polity.dates, polity) if polity.dates else self._ever(polity)
        feature["names"] = self._names(polity)
        feature["geometry"] = None
        if polity.note:
            feature["descriptions"] = [{"value": polity.note, "lang": "en"}]
        return feature

    def _feature(self, kind: str, record: Any, title: str, sort: _Type) -> dict[str, Any]:
        return {
            "@id": identify(kind, record.id),
            "type": "Feature",
            "properties": {
                "title": title,
                "fclasses": [sort.fclass],
                "certainty": record.certainty,
                "licence": "CC-BY-4.0",
            },
            "types": [
                {
                    "identifier": f"aat:{sort.aat}",
                    "label": sort.label,
                    "sourceLabels": [{"label": getattr(record, "kind", sort.label), "lang": "en"}],
                }
            ],
        }

    def _names(self, record: Any) -> list[dict[str, Any]]:
        if hasattr(record, "names"):
            forms = record.names.by_lang()
        else:
            forms = {
                "en": record.name_en,
                "ru": record.name_ru,
                "zh-Hans": record.name_zh_hans,
                "zh-Hant": record.name_zh_hant,
            }
        return [self._name(form, lang, record, None) for lang, form in forms.items()]

    def _name(self, form: str, lang: str, record: Cited, dates: Span | None) -> dict[str, Any]:
        name: dict[str, Any] = {"toponym": form, "lang": lang, "citations": self._citations(record.citations)}
        if isinstance(record, Toponym):
            name |= {"certainty": SURENESS[record.certainty], "kind": record.kind}
        if dates:
            name["when"] = self._when(dates, record)
        return name

    def _point(self, lon: float, lat: float, record: Cited) -> dict[str, Any]:
        return {"type": "Point", "coordinates": [lon, lat]} | self._sure(record)

    def _sure(self, record: Cited) -> dict[str, Any]:
        citations = self._citations(record.citations)
        return {"certainty": SURENESS[record.certainty], "citations": citations}

    def _relation(self, kind: str, name: str, label: str, record: Cited) -> dict[str, Any]:
        relation = {"relationType": _PART_OF, "relationTo": identify(kind, name), "label": label}
        return relation | self._sure(record)

    def _holding(self, holding: Holding) -> Iterator[dict[str, Any]]:
        words = self._atlas.holdings.describe(holding)
        for holder in holding.holders:
            relation = self._relation("polity", holder, f"{holding.status}: {words}", holding)
            yield relation | {"when": self._when(_days(holding, holding), holding)}

    def _citations(self, citations: Iterable[Citation]) -> list[dict[str, Any]]:
        sources = self._atlas.sources
        return [
            {
                "label": short_reference(sources[key]) + (f" [{locator}]" if locator else ""),
                "@id": sources[key].url or identify("source", key),
            }
            for key, locator in citations
        ]

    def _founded(self, founded: Span, place: Place) -> dict[str, Any]:
        """Return the life of a town, from its founding, which may lie anywhere in the span, to this day."""
        first, slash, last = founded.edtf.partition("/")
        start = {"earliest": _bare(first), "latest": _bare(last)} if slash else {"in": _bare(first)}
        span = {"start": start, "end": self._not_yet}
        return self._said([span], f"founded {founded.label()}", founded, place)

    def _known(self, place: Place, names: Sequence[Toponym]) -> dict[str, Any]:
        """Return when what nobody founded is known to have been there: no later than its first dated name."""
        dated = [name.dates for name in names if name.dates and name.dates.start]
        if not dated:
            return self._ever(place)
        first = min(dated, key=lambda span: str(span.start))
        start = {"latest": _bare(first.edtf.partition("/")[0])}
        return self._said([{"start": start, "end": self._not_yet}], "by its first dated name", first, place)

    def _ever(self, record: Cited) -> dict[str, Any]:
        span = {"start": {"latest": str(FIRST_DAY)}, "end": self._not_yet}
        return {"timespans": [span], "label": "at all times", "certainty": SURENESS[record.certainty]}

    def _when(self, span: Span, record: Cited) -> dict[str, Any]:
        first, slash, last = (_bare(part) for part in span.edtf.partition("/"))
        start = {"in": first} if first else {"latest": last}
        times: dict[str, Any] = {"start": start}
        if slash:
            times["end"] = {"in": last} if last else self._not_yet
        return self._said([times], span.label(), span, record)

    def _said(self, times: list[dict[str, Any]], label: str, span: Span, record: Cited) -> dict[str, Any]:
        """Return a stretch of time with its sureness: a doubted date is never certain."""
        sure = SURENESS[record.certainty]
        doubted = sure == "certain" and any(mark in span.edtf for mark in "?~%")
        return {"timespans": times, "label": label, "certainty": "less-certain" if doubted else sure}


def _days(first: Holding, last: Holding) -> Span:
    return parse_span(f"{first.start}/{last.end or '..'}")


def _bare(edtf: str) -> str:
    """Return a date without its mark of doubt, which the format does not know; nothing where it is open."""
    return edtf.strip("?~%").replace("..", "")


# The table form


def _rows(extract: Extract) -> Iterator[dict[str, Value]]:
    atlas = extract.atlas
    places, sites, areas = (extract.ids(name) for name in ("places", "sites", "areas"))
    for place in (place for place in atlas.gazetteer.places if place.id in places):
        names = atlas.gazetteer.names_of(place.id)
        title = next(name for name in names if name.lang == "en" and name.kind == "official")
        area = next((area for area in atlas.areas if area.id == place.within), None)
        others = [f"{name.form}@{name.lang}" for name in names if name is not title]
        yield _row(atlas, place, title.form, _TYPES[place.kind], title) | {
            "start": _start(place.founded or title.dates),
            "ccodes": "RU",
            "matches": ";".join(_matches(place)),
            "variants": _listed(others),
            "parent_name": area.names.en if area else "",
            "parent_id": identify("area", area.id) if area else "",
            "lon": place.lon,
            "lat": place.lat,
            "description": place.act_note,
        }
    for site in (site for site in atlas.gazetteer.sites if site.id in sites):
        others = [f"{site.name_ru}@ru", f"{site.name_zh_hans}@zh-Hans", f"{site.name_zh_hant}@zh-Hant"]
        yield _row(atlas, site, site.name_en, _TYPES[site.kind], site) | {
            "start": _start(site.dates),
            "end": _end(site.dates),
            "variants": _listed(others),
            "lon": site.lon,
            "lat": site.lat,
            "description": site.note,
        }
    for region in (area for area in atlas.areas if area.id in areas):
        chain = atlas.holdings.chain(region.id)
        others = [f"{form}@{lang}" for lang, form in region.names.by_lang().items() if lang != "en"]
        yield _row(atlas, region, region.names.en, _TYPES["area"], region) | {
            "start": str(chain[0].start) if chain else "",
            "variants": _listed(others),
            "lon": region.label[0],
            "lat": region.label[1],
            "description": region.note,
        }


def _row(atlas: Atlas, record: Any, name: str, sort: _Type, named: Cited) -> dict[str, Value]:
    """Return what every row has. The title is attested by the first source with a year, else by the atlas."""
    sources = [atlas.sources[citation.key] for citation in named.citations]
    source = next((each for each in sources if each.year.isdecimal()), None)
    title = short_reference(source) if source else f"{CREATOR}, data {atlas.version}"
    return {
        "id": record.id,
        "title": name,
        "title_source": f"{title} (certainty: {named.certainty})",
        "title_uri": source.url if source else "",
        "fclasses": sort.fclass,
        "aat_types": sort.aat,
        "types": sort.label,
        "attestation_year": source.year if source else str(newest_day(atlas).year),
        "geo_source": f"{CREATOR}, CC BY 4.0: "
        + ", ".join(short_reference(atlas.sources[citation.key]) for citation in record.citations),
    }


def _matches(place: Place) -> list[str]:
    found = (
        f"gn:{place.geonames}" if place.geonames else "",
        f"wd:{place.wikidata}" if place.wikidata else "",
    )
    return [match for match in found if match]


def _listed(values: Iterable[str]) -> str:
    """Return values separated by semicolons, each once; one that holds a semicolon is left out."""
    return ";".join(dict.fromkeys(value for value in values if ";" not in value))


def _start(span: Span | None) -> str:
    return _bare(span.edtf.partition("/")[0]) if span and span.start else ""


def _end(span: Span | None) -> str:
    if span is None or span.end is None:
        return ""
    first, slash, last = span.edtf.partition("/")
    return _bare(last if slash else first)
