"""Gazetteers read in a process of their own, and its answer made places."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import shapely
from pydantic import Field
from shapely.geometry.base import BaseGeometry

from geo.apart import BROKEN, Child
from geo.apart.answer import Answer, told_of
from geo.dates import parse_span
from geo.errors import ApartError
from geo.imports.model import OwnGazetteer, OwnPlace
from geo.imports.shapes import MAX_VERTICES
from geo.imports.values import MAX_PLACES
from geo.sentences import sentence

_CHILD = Child("geo.imports.child", sentence("split it, or simplify its outlines"))
_SHAPES = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
_SHAPE_IDS = [shapely.GeometryType[name].value for name in _SHAPES]
_GLOBE = np.array([-180.0, -90.0, 180.0, 90.0])

_Names = Annotated[tuple[tuple[str, str], ...], Field(min_length=1)]


class _Place(NamedTuple):
    """A place as the process writes it: its geometry as WKB in hexadecimal digits, its dates as EDTF."""

    source_id: str
    names: _Names
    kind: str
    geometry: str
    dates: str
    note: str
    url: str
    source: str
    matches: tuple[str, ...]


class _Answer(Answer):
    """What the process may answer: the problems of a file, or its places."""

    title: str = ""
    credit: str = ""
    licence: str = ""
    places: Annotated[tuple[_Place, ...], Field(max_length=MAX_PLACES)] = ()


def parse_apart(content: bytes, filename: str) -> OwnGazetteer:
    """Return what `geo.imports.parse_gazetteer` returns, found in a process of its own.

    Raises
    ------
    DataError
        If anything is at fault, or its reader breaks or takes too long over it; it holds every problem found.
    """
    with told_of(filename):
        return parse_answer(_CHILD.ask({"filename": filename}, content))


def parse_answer(content: bytes) -> OwnGazetteer:
    """Return the gazetteer that the process answered with; what broke it may have its hand in the answer.

    Raises
    ------
    DataError
        If the answer holds problems of the file.
    ApartError
        If the answer is not what the process gives when it is whole.
    """
    answer = _Answer.parse(content)
    try:
        geometries = _geometries([place.geometry for place in answer.places])
        places = tuple(
            OwnPlace(
                f"own-{number}",
                **place._asdict()
                | {"geometry": geometry, "dates": parse_span(place.dates) if place.dates else None},
            )
            for number, (place, geometry) in enumerate(zip(answer.places, geometries, strict=True), 1)
        )
    except (ValueError, shapely.errors.ShapelyError):
        raise ApartError(BROKEN) from None
    if not places:
        raise ApartError(BROKEN)
    return OwnGazetteer(answer.title, answer.credit, answer.licence, places)


def _geometries(written: list[str]) -> list[BaseGeometry | None]:
    """Return geometries from WKB in hexadecimal digits; None for an empty text.

    Raises
    ------
    ValueError or ShapelyError
        If one is no WKB, of another kind, not on the globe, or all of them have too many positions.
    """
    found = shapely.from_wkb(np.array([text or None for text in written], dtype=object))
    there = found[[bool(text) for text in written]]
    bounds = shapely.bounds(there)
    whole = np.isin(shapely.get_type_id(there), _SHAPE_IDS).all() and (bounds[:, :2] >= _GLOBE[:2]).all()
    if not whole or not (bounds[:, 2:] <= _GLOBE[2:]).all():
        raise ValueError("no shape on the globe")
    if shapely.get_num_coordinates(there).sum() > MAX_VERTICES:
        raise ValueError("too many positions")
    return list(found)
