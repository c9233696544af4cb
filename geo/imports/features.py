"""Gazetteers as JSON: GeoJSON, and Linked Places Format, which is GeoJSON that says more.

References
----------
RFC 7946, The GeoJSON Format, 2016. Linked Pasts, Linked Places Format 1.3, 24 June 2024: a missing end
of a time span means "during the start".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from reprlib import repr as shortened
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

from geo.errors import Faults
from geo.imports.shapes import MAX_VERTICES, ShapeReader
from geo.imports.values import MAX_PLACES, Raw, agreed, canonical_lang
from geo.sentences import said_by, sentence

_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84")
_NAMES = ("name", "title", "label", "Name", "NAME")
_TEXTS = {
    "kind": ("kind", "type", "layer"),
    "start": ("start", "from"),
    "end": ("end", "to"),
    "dates": ("dates",),
    "note": ("note", "description"),
    "url": ("url", "uri"),
    "source": ("source", "credit", "credits"),
    "licence": ("licence", "license"),
}
"""By field of ours, the properties that it may be written as, the first that is there."""


class Head(NamedTuple):
    """What a file says of itself; empty where it does not."""

    title: str
    credit: str
    licence: str


def read_features(raw: Any, faults: Faults) -> tuple[Head, list[Raw]]:
    """Return what a file says of itself, and its places in order.

    Parameters
    ----------
    raw : object
        As JSON was parsed.
    faults : Faults
        Takes what is wrong with a feature.

    Raises
    ------
    DataError
        If it is no FeatureCollection, or is not in OGC:CRS84.
    """
    if not isinstance(raw, dict):
        faults.stop("", "", sentence("found {found}; a FeatureCollection would do", found=shortened(raw)))
    features = [raw] if raw.get("type") == "Feature" else raw.get("features")
    if raw.get("type") not in ("Feature", "FeatureCollection") or not isinstance(features, list):
        told = sentence("found {found}; a FeatureCollection would do", found=shortened(raw.get("type")))
        faults.stop("", "type", told)
    if raw.get("crs") is not None and _named(raw["crs"]) not in _CRS84:
        message = sentence(
            "found {found}; save it as longitude, latitude in OGC:CRS84", found=shortened(_named(raw["crs"]))
        )
        faults.report("", "crs", message)
    if len(features) > MAX_PLACES:
        told = sentence("{n} places; at most {most} would do", n=len(features), most=MAX_PLACES)
        faults.stop("", "features", told)
    reader = _Reader(faults)
    found = [
        reader.read(sentence("feature {n}", n=str(number)), each) for number, each in enumerate(features, 1)
    ]
    return _head(raw), [each for each in found if each is not None]


def _head(raw: Mapping[str, Any]) -> Head:
    metadata = raw.get("metadata")
    said = {**raw, **(metadata if isinstance(metadata, dict) else {})}
    credit = _first(said, ("attribution", "credit", "source", "creator"))
    return Head(_first(said, ("title", "name")), credit, _first(said, ("licence", "license")))


def _first(said: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return the first of these members that is a text, not longer than a line or three."""
    return next((said[name][:500] for name in names if isinstance(said.get(name), str)), "")


def _named(crs: Any) -> Any:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return properties.get("name") if isinstance(properties, dict) else crs


class _Reader:
    """Reads features, and reports what is wrong with them."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._shapes = ShapeReader()

    def read(self, record: str, raw: Any) -> Raw | None:
        if not isinstance(raw, dict) or raw.get("type") != "Feature":
            told = sentence("found {found}; a Feature would do", found=shortened(raw))
            self._faults.report(record, "type", told)
            return None
        properties = raw.get("properties")
        if not isinstance(properties, dict | None):
            told = sentence("found {found}; an object would do", found=shortened(properties))
            self._faults.report(record, "properties", told)
            return None
        said = properties or {}
        texts = {field: self._text(record, said, names) for field, names in _TEXTS.items()}
        linked = self._linked_places(record, raw)
        name = self._text(record, raw, ("@id",)) or self._text(record, raw, ("id",))
        address = name if name.startswith(("http://", "https://")) else ""
        return Raw(
            record,
            name or self._text(record, said, ("id",)),
            self._names(record, raw, said),
            **(texts | {field: text for field, text in linked.items() if text}),
            matches=[address, *_identifiers(raw, said)],
            geometry=self._geometry(record, raw.get("geometry")),
        )

    def _text(self, record: str, said: Mapping[str, Any], names: Sequence[str]) -> str:
        """Return the first of these members as a text; numbers count as such."""
        for name in names:
            value = said.get(name)
            if isinstance(value, str) and value.strip():
                return value.strip()
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)
            if value not in (None, "") and not isinstance(value, str):
                told = sentence("found {found}; a text would do", found=shortened(value))
                self._faults.report(record, name, told)
        return ""

    def _names(
        self, record: str, raw: Mapping[str, Any], said: Mapping[str, Any]
    ) -> list[tuple[str, str, str]]:
        """Return the names, the title first, with the language that a list of names gives it."""
        listed = [*self._listed(record, raw.get("names"))]
        for key, value in said.items():
            part, mark, tag = key.partition(":") if ":" in key else key.partition("_")
            # Properties such as name_local are no names in a language.
            if part == "name" and mark and isinstance(value, str) and (lang := canonical_lang(tag)):
                listed.append((key, value, lang))
        listed = [entry for entry in listed if entry[1].strip()]
        title = self._text(record, said, _NAMES)
        if not title:
            return listed
        lang = self._text(record, said, ("lang", "language"))
        known = next((entry for entry in listed if entry[1].strip() == title), None)
        first = known or ("name", title, lang)
        return [first, *(entry for entry in listed if entry is not known)]

    def _listed(self, record: str, names: Any) -> Iterator[tuple[str, str, str]]:
        for each in self._objects(record, "names", names):
            form, lang = each.get("toponym"), each.get("lang") or ""
            if isinstance(form, str) and isinstance(lang, str):
                yield "names", form, lang
            else:
                told = sentence("found {found}; toponym and lang would do", found=shortened(each))
                self._faults.report(record, "names", told)

    def _linked_places(self, record: str, raw: Mapping[str, Any]) -> dict[str, str]:
        """Return what Linked Places says beyond GeoJSON: kind, dates, note, source."""
        kinds = (each.get("label") for each in self._objects(record, "types", raw.get("types")))
        notes = (each.get("value") for each in self._objects(record, "descriptions", raw.get("descriptions")))
        places = [raw.get("geometry"), *self._objects(record, "names", raw.get("names"))]
        cited = [
            each.get("label")
            for place in places
            if isinstance(place, dict)
            for each in self._objects(record, "citations", place.get("citations"))
        ]
        labels = [each for each in cited if isinstance(each, str)]
        return {
            "kind": next((each for each in kinds if isinstance(each, str)), ""),
            "note": next((each for each in notes if isinstance(each, str)), ""),
            "source": agreed(labels),
            "dates": self._when(record, raw.get("when")),
        }

    def _when(self, record: str, when: Any) -> str:
        """Return the time from the first to the last of the spans as EDTF; empty where there is none."""
        spans = self._objects(record, "when", when.get("timespans") if isinstance(when, dict) else None)
        ends = [(_start(span), _end(span)) for span in spans]
        if not ends:
            return ""
        starts, stops = [start for start, _ in ends], [stop for _, stop in ends]
        start = "" if "" in starts else min(starts)
        stop = "" if "" in stops else max(stops)
        return start if start == stop else f"{start or '..'}/{stop or '..'}"

    def _objects(self, record: str, field: str, found: Any) -> list[dict[str, Any]]:
        """Return the objects of a list; what is no list of objects is reported."""
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            told = sentence("found {found}; a list of objects would do", found=shortened(found))
            self._faults.report(record, field, told)
            return []
        return found

    def _geometry(self, record: str, raw: Any) -> BaseGeometry | None:
        if raw is None:
            return None
        try:
            return self._shapes.from_geojson(raw)
        except OverflowError:
            told = sentence("the file has more than {n} positions", n=MAX_VERTICES)
            self._faults.stop(record, "geometry", told)
        except ValueError as error:
            self._faults.report(record, "geometry", said_by(error))
        return None


def _identifiers(raw: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    """Return what the feature is linked to: Linked Places' links, and numbers among the properties."""
    links = raw.get("links")
    found = (
        [each.get("identifier") for each in links if isinstance(each, dict)]
        if isinstance(links, list)
        else []
    )
    numbers = (("gn", said.get("geonames")), ("wd", said.get("wikidata")))
    found += [f"{short}:{value}" for short, value in numbers if value]
    return [each for each in found if isinstance(each, str)]


def _start(span: Mapping[str, Any]) -> str:
    """Return when a time span begins at the earliest; empty where that is open."""
    return _bound(span.get("start"), "earliest")


def _end(span: Mapping[str, Any]) -> str:
    """Return when a time span ends at the latest: with its start where it names no end."""
    if span.get("end") is None:
        return _bound(span.get("start"), "latest")
    return _bound(span["end"], "latest")


def _bound(bound: Any, outer: str) -> str:
    said = bound if isinstance(bound, dict) else {}
    return next((str(said[name]) for name in ("in", outer) if said.get(name)), "")
