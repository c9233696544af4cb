"""A reader's own gazetteer, as read and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from geo.dates import Span
from geo.sentences import Sentence, listed, sentence, sentence_n

if TYPE_CHECKING:
    from geo.linker import LinkName

_MAIN = 0.95
_VARIANT = 0.7
_AMBIGUOUS = 0.5
_NO_TWINS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place of a reader's gazetteer.

    Parameters
    ----------
    id : str
        Ours: ``own-1``, ``own-2`` and so on, in the order of the file.
    source_id : str
        The id that the file gives it; empty for none.
    names : tuple of (str, str)
        At least one; each with its BCP 47 language, ``und`` where the file names none. The first is
        the name it is called by.
    kind : str
        In the words of the file; may be empty.
    geometry : shapely geometry or None
        A point, line or polygon, or several; longitude, latitude in degrees, OGC:CRS84. None where the
        file gives no position.
    dates : Span or None
        When it was there; None for always.
    note, url, source : str
        May be empty. The address begins with ``http://`` or ``https://``.
    matches : tuple of str
        The same place elsewhere: ``gn:`` and a number of GeoNames, ``wd:`` and one of Wikidata.
    """

    id: str
    source_id: str
    names: tuple[tuple[str, str], ...]
    kind: str = ""
    geometry: BaseGeometry | None = None
    dates: Span | None = None
    note: str = ""
    url: str = ""
    source: str = ""
    matches: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        """``point``, ``line`` or ``area``; empty without a geometry."""
        if self.geometry is None:
            return ""
        kinds = {"Point": "point", "LineString": "line", "Polygon": "area"}
        return kinds[self.geometry.geom_type.removeprefix("Multi")]


@dataclass(frozen=True)
class OwnGazetteer:
    """A reader's gazetteer.

    Parameters
    ----------
    title : str
        As the file calls itself, else its name without the ending.
    credit, licence : str
        Of the file, or of its records where they agree; empty where it says nothing.
    places : tuple of OwnPlace
        In the order of the file, at least one.
    moved : float
        Metres by which lines were moved at most where they were simplified; 0 for as the file has them.
    chosen : str
        Which places were taken: ``map`` or ``text``, as `geo.lightening.lighten` takes them; empty for all.
    left_out : int
        How many places of the file were not taken.
    """

    title: str
    credit: str
    licence: str
    places: tuple[OwnPlace, ...]
    moved: float = 0.0
    chosen: str = ""
    left_out: int = 0

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all places, which a view can select."""
        return frozenset(place.id for place in self.places)

    @cached_property
    def outside(self) -> frozenset[str]:
        """The ids of the places that lie wholly outside the frame of the map."""
        from geo.territory import FRAME

        located = [place for place in self.places if place.geometry is not None]
        inside = shapely.intersects(shapely.box(*FRAME), [place.geometry for place in located])
        return frozenset(place.id for place, seen in zip(located, inside, strict=True) if not seen)

    @cached_property
    def bearers(self) -> Mapping[str, tuple[str, ...]]:
        """By name without regard to case, the ids of the places that bear it, in the order of the file."""
        found: dict[str, dict[str, None]] = {}
        for place in self.places:
            for form, _ in place.names:
                found.setdefault(form.casefold(), {})[place.id] = None
        return {form: tuple(ids) for form, ids in found.items()}

    def link_names(self, twins: Mapping[str, str] = _NO_TWINS) -> tuple[LinkName, ...]:
        """Return the names for the linker, those by which places are called first.

        A name without two letters, or one Han character, is left out: it would be found everywhere.
        One that several places bear points at the first, with little confidence.

        Parameters
        ----------
        twins : mapping of str to str
            By the id of a place here, the id of the atlas that its mentions are to point at instead.
        """
        # Here, as the process that reads a gazetteer would load the linker for nothing, and so above.
        from geo.linker import LinkName

        ranked = sorted(
            (number > 0, position, form, lang, place.id)
            for position, place in enumerate(self.places)
            for number, (form, lang) in enumerate(place.names)
            if _says_enough(form)
        )
        found = []
        for variant, _, form, lang, name in ranked:
            alone = len(self.bearers[form.casefold()]) == 1
            confidence = (_VARIANT if variant else _MAIN) if alone else _AMBIGUOUS
            found.append(LinkName(form, lang, twins.get(name, name), confidence=confidence))
        return tuple(found)


_COUNTED: Mapping[str, Callable[[int], Sentence]] = {
    "point": lambda n: sentence_n("{n} point", "{n} points", n),
    "line": lambda n: sentence_n("{n} line", "{n} lines", n),
    "area": lambda n: sentence_n("{n} area", "{n} areas", n),
}


def describe(gazetteer: OwnGazetteer) -> Sentence:
    """Return in a sentence how much a gazetteer holds, and what of it the map cannot show.

    Examples
    --------
    >>> describe(OwnGazetteer("Forts", "", "", (OwnPlace("own-1", "", (("Albazin", "en"),)),)))
    '1 place, 1 without a position'
    """
    counts = Counter(place.shape for place in gazetteer.places)
    places = len(gazetteer.places)
    said: Sentence = sentence_n("{n} place", "{n} places", places)
    shapes = [count(counts[shape]) for shape, count in _COUNTED.items() if counts[shape]]
    if shapes:
        said = sentence("{places} ({shapes})", places=said, shapes=listed(shapes))
    if counts[""]:
        said = sentence("{told}, {n} without a position", told=said, n=counts[""])
    if gazetteer.outside:
        said = sentence("{told}, {n} outside the map’s frame", told=said, n=len(gazetteer.outside))
    return said


def _says_enough(form: str) -> bool:
    letters = [char for char in form if char.isalpha()]
    return len(letters) > 1 or any(char >= "\u2e80" for char in letters)
