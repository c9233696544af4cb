"""Where a picture lies, as a file or a reader says it: a Georeference Annotation, or the four edges.

The annotation is that of the IIIF Georeference Extension, https://iiif.io/api/extension/georef/: its control
points pair ``resourceCoords``, pixels of the picture, with a GeoJSON position. Every fault is collected
before anything is refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any

from geo.errors import DataError, Faults, Problem
from geo.scans.fitting import Kind, Spot, is_on_map
from geo.scans.model import MAX_GEOREFERENCE_BYTES, MAX_LAT, MAX_POINTS, Bounds
from geo.sentences import said_by, sentence
from geo.strictjson import parse_json

_POLYGON = re.compile(r'<polygon\s[^<>]{0,200}?\bpoints="([\d\s.,eE+-]{1,60000})"')
_MAX_CORNERS = 2_000
_CREDIT = 300
_NAMES = {"polynomial": sentence("a polynomial"), "thinPlateSpline": sentence("a thin plate spline")}
_EDGES = sentence("west,south,east,north in degrees would do, as in 127,42,136,49")


@dataclass(frozen=True, slots=True)
class Georeference:
    """What an annotation says of a picture.

    Parameters
    ----------
    spots : tuple of Spot
        The control points, in pixels of the picture that was annotated.
    kind : str
        How the picture is laid.
    size : tuple of float or None
        Width and height of the picture that was annotated, where they are given.
    outline : tuple of tuple of float
        The part that is the map, as pixels; empty for all of it.
    credit : str
        The name that it gives to the picture; empty for none.
    notices : tuple of str
        What of it was not followed, a sentence each.
    """

    spots: tuple[Spot, ...]
    kind: Kind
    size: tuple[float, float] | None = None
    outline: tuple[tuple[float, float], ...] = ()
    credit: str = ""
    notices: tuple[str, ...] = ()


def parse_bounds(text: str, name: str) -> Bounds:
    """Parse the edges of a picture that lies north up in Web Mercator: ``W,S,E,N`` in degrees.

    Parameters
    ----------
    text : str
        Four numbers, longitude first, OGC:CRS84.
    name : str
        Of the option or the field, for the message.

    Raises
    ------
    DataError
        If they are no box on the map.
    """
    found = shortened(text)
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        told = sentence("found {found}; {wanted}", found=found, wanted=_EDGES)
        raise DataError([Problem(name, "", "", told)]) from None
    if not (is_on_map(west, south) and is_on_map(east, north)):
        told = sentence("found {found}, which is off the map; {wanted}", found=found, wanted=_EDGES)
        raise DataError([Problem(name, "", "", told)])
    if not (west < east and south < north):
        told = sentence(
            "found {found}, whose edges are the wrong way round; {wanted}", found=found, wanted=_EDGES
        )
        raise DataError([Problem(name, "", "", told)])
    return west, south, east, north


def parse_georeference(content: bytes, filename: str) -> Georeference:
    """Parse a Georeference Annotation, or a page that holds one.

    Parameters
    ----------
    content : bytes
        JSON in UTF-8, at most 1 MB.
    filename : str
        For the messages.

    Raises
    ------
    DataError
        If anything is at fault; it holds every problem found.
    """
    faults = Faults(filename)
    if len(content) > MAX_GEOREFERENCE_BYTES:
        told = sentence("the file is larger than 1 MB; a georeference holds points, not the picture")
        faults.stop("", "", told)
    try:
        raw = parse_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        told = sentence("byte {byte} is not UTF-8; save the file as UTF-8", byte=str(error.start))
        faults.stop("", "", told)
    except ValueError as error:
        told = sentence("this is no JSON ({reason}); is the file cut short?", reason=said_by(error))
        faults.stop("", "", told)
    annotation = _annotation(raw, faults)
    target, body = annotation.get("target"), annotation["body"]
    spots = _spots(body.get("features"), faults)
    kind, notice = _transformation(body.get("transformation"), faults)
    if len(spots) < (least := 2 if kind == "helmert" else 3) and not faults:
        told = sentence("found {n} control points; at least {least} would do", n=len(spots), least=least)
        faults.stop("", "body.features", told)
    faults.close()
    outline, left = _outline(target)
    return Georeference(
        tuple(spots),
        kind,
        _size(target),
        outline,
        _credit(annotation, target),
        tuple(each for each in (notice, left) if each),
    )


def _annotation(raw: Any, faults: Faults) -> dict[str, Any]:
    """Return the one annotation that places a picture."""
    found = raw.get("items") if isinstance(raw, dict) and raw.get("type") == "AnnotationPage" else [raw]
    placing = [
        each
        for each in (found if isinstance(found, list) else [])
        if isinstance(each, dict) and each.get("type") == "Annotation" and _is_collection(each.get("body"))
    ]
    if not placing:
        told = sentence(
            "this is no Georeference Annotation; "
            "an Annotation whose body is a FeatureCollection of control points would do"
        )
        faults.stop("", "", told)
    if len(placing) > 1:
        told = sentence("{n} pictures are placed here; keep the annotation of this one", n=len(placing))
        faults.stop("", "items", told)
    return placing[0]


def _is_collection(body: Any) -> bool:
    return isinstance(body, dict) and body.get("type") == "FeatureCollection"


def _spots(features: Any, faults: Faults) -> list[Spot]:
    if not isinstance(features, list):
        told = sentence("found {found}; a list of control points would do", found=shortened(features))
        faults.report("", "body.features", told)
        return []
    if len(features) > MAX_POINTS:
        told = sentence("{n} control points; at most {most} would do", n=len(features), most=MAX_POINTS)
        faults.report("", "body.features", told)
        return []
    read = [
        _spot(feature, sentence("point {n}", n=number), faults) for number, feature in enumerate(features, 1)
    ]
    return [spot for spot in read if spot is not None]


def _spot(feature: Any, record: str, faults: Faults) -> Spot | None:
    feature = feature if isinstance(feature, dict) else {}
    properties, geometry = feature.get("properties"), feature.get("geometry")
    raw = properties.get("resourceCoords") if isinstance(properties, dict) else None
    pixel = _pair(raw)
    if pixel is None:
        told = sentence("found {found}; two numbers of pixels would do", found=shortened(raw))
        faults.report(record, "resourceCoords", told)
    point = isinstance(geometry, dict) and geometry.get("type") == "Point"
    raw = geometry.get("coordinates") if point else geometry
    place = _pair(raw)
    if place is None:
        told = sentence("found {found}; a Point with [lon, lat] would do", found=shortened(raw))
        faults.report(record, "geometry", told)
    elif not is_on_map(*place):
        told = sentence(
            "found {found}; [longitude, latitude] would do, up to {most}° north and south: "
            "are the two swapped?",
            found=shortened(raw),
            most=f"{MAX_LAT:g}",
        )
        faults.report(record, "geometry", told)
        place = None
    return Spot(*pixel, *place) if pixel and place else None


def _pair(raw: Any) -> tuple[float, float] | None:
    """Return the first two numbers of a list; a height after them says nothing here."""
    if not isinstance(raw, list) or not 2 <= len(raw) <= 3:
        return None
    first, second = raw[:2]
    return (float(first), float(second)) if _is_number(first) and _is_number(second) else None


def _is_number(raw: Any) -> bool:
    return (
        isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw) and abs(raw) < 1e9
    )


def _transformation(raw: Any, faults: Faults) -> tuple[Kind, str]:
    """Return how the picture is laid, and a sentence where that is not how the annotation asks for it."""
    if raw is None:
        return "affine", ""
    kind = raw.get("type") if isinstance(raw, dict) else None
    if not isinstance(kind, str):
        told = sentence("found {found}; a type such as polynomial would do", found=shortened(raw))
        faults.report("", "body.transformation", told)
        return "affine", ""
    if kind == "helmert":
        return "helmert", ""
    options = raw.get("options")
    order = options.get("order", 1) if isinstance(options, dict) else 1
    if kind == "polynomial" and order == 1:
        return "affine", ""
    asked = _NAMES.get(kind, sentence("another transformation"))
    if kind == "polynomial" and order in (2, 3):
        asked = sentence("a polynomial of order {order}", order=order)
    return "affine", sentence(
        "The annotation asks for {asked}, which bends the picture; here it is laid straight, "
        "by a polynomial of order 1.",
        asked=asked,
    )


def _size(target: Any) -> tuple[float, float] | None:
    """Return the width and the height of the picture that was annotated."""
    source = target.get("source") if isinstance(target, dict) else None
    for each in (source, target):
        if isinstance(each, dict):
            size = _pair([each.get("width"), each.get("height")])
            if size and min(size) >= 1:
                return size
    return None


def _outline(target: Any) -> tuple[tuple[tuple[float, float], ...], str]:
    """Return the outline of the part that is the map, and a sentence where there is one that is not read."""
    selector = target.get("selector") if isinstance(target, dict) else None
    for each in selector if isinstance(selector, list) else [selector]:
        if isinstance(each, dict) and each.get("type") == "SvgSelector":
            value = each.get("value")
            found = _POLYGON.search(value[:100_000]) if isinstance(value, str) else None
            corners = _corners(found[1]) if found else ()
            missed = sentence("Its outline is no polygon, so all of the picture is shown.")
            return corners, "" if corners else missed
    return (), ""


def _corners(written: str) -> tuple[tuple[float, float], ...]:
    try:
        numbers = [float(part) for part in re.split(r"[\s,]+", written.strip())]
    except ValueError:
        return ()
    if not 6 <= len(numbers) <= 2 * _MAX_CORNERS or len(numbers) % 2 or not all(map(_is_number, numbers)):
        return ()
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _credit(annotation: dict[str, Any], target: Any) -> str:
    """Return the label of the picture, or of what it is part of."""
    source = target.get("source") if isinstance(target, dict) else None
    whole = source.get("partOf") if isinstance(source, dict) else None
    whole = whole[0] if isinstance(whole, list) and whole else whole
    for each in (annotation, source, whole):
        label = each.get("label") if isinstance(each, dict) else None
        if isinstance(label, dict):  # a language map of IIIF
            label = next((texts for texts in label.values() if isinstance(texts, list)), None)
        if isinstance(label, list):
            label = next((text for text in label if isinstance(text, str)), None)
        if isinstance(label, str) and label.strip():
            return " ".join(label.split())[:_CREDIT]
    return ""
