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
from geo.strictjson import parse_json

_POLYGON = re.compile(r'<polygon\s[^<>]{0,200}?\bpoints="([\d\s.,eE+-]{1,60000})"')
_MAX_CORNERS = 2_000
_CREDIT = 300
_NAMES = {"polynomial": "a polynomial", "thinPlateSpline": "a thin plate spline"}


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
    wanted = "west,south,east,north in degrees would do, as in 127,42,136,49"
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise DataError([Problem(name, "", "", f"found {shortened(text)}; {wanted}")]) from None
    if not (is_on_map(west, south) and is_on_map(east, north)):
        told = f"found {shortened(text)}, which is off the map; {wanted}"
        raise DataError([Problem(name, "", "", told)])
    if not (west < east and south < north):
        told = f"found {shortened(text)}, whose edges are the wrong way round; {wanted}"
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
        faults.stop("", "", "the file is larger than 1 MB; a georeference holds points, not the picture")
    try:
        raw = parse_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        faults.stop("", "", f"byte {error.start} is not UTF-8; save the file as UTF-8")
    except ValueError as error:
        faults.stop("", "", f"this is no JSON ({error}); is the file cut short?")
    annotation = _annotation(raw, faults)
    target, body = annotation.get("target"), annotation["body"]
    spots = _spots(body.get("features"), faults)
    kind, notice = _transformation(body.get("transformation"), faults)
    if len(spots) < (least := 2 if kind == "helmert" else 3) and not faults:
        faults.stop("", "body.features", f"found {len(spots)} control points; at least {least} would do")
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
        wanted = "an Annotation whose body is a FeatureCollection of control points would do"
        faults.stop("", "", f"this is no Georeference Annotation; {wanted}")
    if len(placing) > 1:
        faults.stop("", "items", f"{len(placing)} pictures are placed here; keep the annotation of this one")
    return placing[0]


def _is_collection(body: Any) -> bool:
    return isinstance(body, dict) and body.get("type") == "FeatureCollection"


def _spots(features: Any, faults: Faults) -> list[Spot]:
    if not isinstance(features, list):
        faults.report("", "body.features", f"found {shortened(features)}; a list of control points would do")
        return []
    if len(features) > MAX_POINTS:
        faults.report("", "body.features", f"{len(features)} control points; at most {MAX_POINTS} would do")
        return []
    read = [_spot(feature, f"point {number}", faults) for number, feature in enumerate(features, 1)]
    return [spot for spot in read if spot is not None]


def _spot(feature: Any, record: str, faults: Faults) -> Spot | None:
    feature = feature if isinstance(feature, dict) else {}
    properties, geometry = feature.get("properties"), feature.get("geometry")
    raw = properties.get("resourceCoords") if isinstance(properties, dict) else None
    pixel = _pair(raw)
    if pixel is None:
        faults.report(record, "resourceCoords", f"found {shortened(raw)}; two numbers of pixels would do")
    point = isinstance(geometry, dict) and geometry.get("type") == "Point"
    raw = geometry.get("coordinates") if point else geometry
    place = _pair(raw)
    if place is None:
        faults.report(record, "geometry", f"found {shortened(raw)}; a Point with [lon, lat] would do")
    elif not is_on_map(*place):
        told = f"found {shortened(raw)}; [longitude, latitude] would do, up to {MAX_LAT:g}° north and south"
        faults.report(record, "geometry", told + ": are the two swapped?")
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
        faults.report(
            "", "body.transformation", f"found {shortened(raw)}; a type such as polynomial would do"
        )
        return "affine", ""
    if kind == "helmert":
        return "helmert", ""
    options = raw.get("options")
    order = options.get("order", 1) if isinstance(options, dict) else 1
    if kind == "polynomial" and order == 1:
        return "affine", ""
    asked = _NAMES.get(kind, "another transformation") + (
        f" of order {order}" if kind == "polynomial" and order in (2, 3) else ""
    )
    return "affine", (
        f"The annotation asks for {asked}, which bends the picture; here it is laid straight, "
        "by a polynomial of order 1."
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
            return corners, "" if corners else "Its outline is no polygon, so all of the picture is shown."
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
