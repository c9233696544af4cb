"""A reader's gazetteer made lighter: fewer places, simpler outlines. It says itself what it lacks then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from geo.article import Article
from geo.atlas import Atlas
from geo.errors import Faults
from geo.imports import OwnGazetteer
from geo.imports.simplifying import simplify
from geo.linker import Mention
from geo.merging import find_twins, link_tellings, link_with
from geo.sentences import sentence

CHOICES = ("map", "text")
"""Which places may be taken: those in the frame of the map, or those that the text names."""

_NONE = {
    "map": sentence(
        "none of its places lies in the map’s frame, so that none would be left; take all of them"
    ),
    "text": sentence("the text names none of its places, so that none would be left; take all of them"),
}


def lighten(
    atlas: Atlas,
    gazetteer: OwnGazetteer,
    article: Article | None = None,
    *,
    alone: bool = False,
    curated: Iterable[Mention] = (),
    only: str = "",
    metres: float | None = None,
) -> OwnGazetteer:
    """Return a gazetteer with some of its places, or with simpler outlines; ids stay what they are.

    Parameters
    ----------
    article : Article, optional
        The text beside the map; our account where it is left out.
    alone : bool
        Whether the text is linked with the reader's names alone, without ours.
    curated : iterable of Mention
        What people marked in the text; what they point at is taken in any case.
    only : str
        One of `CHOICES`; all places where it is left out.
    metres : float, optional
        As `geo.imports.simplifying.simplify` takes it; outlines stay as they are where it is left out.

    Raises
    ------
    DataError
        If no place would be left.
    """
    taken = gazetteer.ids
    if only == "map":
        taken = frozenset(place.id for place in gazetteer.places if place.geometry is not None)
        taken -= gazetteer.outside
    elif only == "text":
        taken = _named(atlas, gazetteer, article, alone=alone)
    if only:
        taken |= {target for mention in curated for target in mention.targets}
    places = tuple(place for place in gazetteer.places if place.id in taken)
    if not places:
        Faults(gazetteer.title).stop("", "", _NONE[only])
    if left := len(gazetteer.places) - len(places):
        gazetteer = replace(gazetteer, places=places, chosen=only, left_out=left)
    return gazetteer if metres is None else simplify(gazetteer, metres)


def _named(atlas: Atlas, gazetteer: OwnGazetteer, article: Article | None, *, alone: bool) -> frozenset[str]:
    """Return the ids of the places that a text names, or that are a place of ours which it names."""
    found = [*link_with(atlas, article, gazetteer, alone=alone)]
    if article is None:
        for mentions in link_tellings(atlas, gazetteer, alone=alone).values():
            found += mentions
    named = {target for mention in found for target in mention.targets}
    return frozenset(own for own, ours in find_twins(atlas, gazetteer).items() if ours in named) | named
