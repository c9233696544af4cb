"""What a page may weigh, what makes one heavier, and what its reader can do about it."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from geo.article import Article
from geo.imports import OwnGazetteer
from geo.language import interface, phrase
from geo.language.formats import number
from geo.scans import Scan

BUDGET = 2_500_000
"""Bytes of a page. Outlines weigh a third of their file in it, a text a half."""

_LEAST = 250_000
"""Bytes of a part that is worth a word."""

_POSITION = 6
"""Bytes of a corner in the page."""

_PLACE = 12
"""Bytes of a place in the page beside its words."""

_PARTS = {
    "outlines": phrase("outlines of your gazetteer {mb} MB"),
    "places": phrase("places of your gazetteer {mb} MB"),
    "text": phrase("the text {mb} MB"),
    "scan": phrase("your scan {mb} MB"),
}
_ADVICE = {
    "outlines": phrase("Simplify the outlines."),
    "places": phrase("Show fewer places of your gazetteer."),
    "text": phrase("Bring a part of the text."),
    "scan": phrase("Bring a smaller picture of the scan."),
}


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page weighs.

    Parameters
    ----------
    total : int
        Bytes of the whole.
    parts : tuple of (str, int)
        What of it a reader brought, the heaviest first, with its bytes: ``outlines``, ``places``, ``text``,
        ``scan``.
    """

    total: int
    parts: tuple[tuple[str, int], ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """What could be less, the heaviest first; with outlines their places too."""
        names = dict.fromkeys(name for name, _ in self.parts)
        return tuple(names | ({"places": None} if "outlines" in names else {}))


def weigh(
    document: str,
    article: Article | None = None,
    gazetteer: OwnGazetteer | None = None,
    scan: Scan | None = None,
) -> Weight | None:
    """Return what a page weighs; None for one that keeps to its `BUDGET`, or is heavy of itself.

    Parameters
    ----------
    document : str
        As `geo.page.Page.document` returns it.
    article, gazetteer, scan
        What of a reader's it was made with. How much of it they are is reckoned, not measured.
    """
    total = len(document.encode())
    if total <= BUDGET:
        return None
    sizes = {
        "outlines": _outlines(gazetteer),
        "places": _places(gazetteer),
        "text": _words(article.text) if article else 0,
        "scan": len(scan.picture) * 4 // 3 if scan else 0,
    }
    parts = sorted((part for part in sizes.items() if part[1] >= _LEAST), key=lambda part: -part[1])
    return Weight(total, tuple(parts)) if parts else None


def _outlines(gazetteer: OwnGazetteer | None) -> int:
    places = gazetteer.places if gazetteer else ()
    shapes = [place.geometry for place in places if place.shape in ("line", "area")]
    return int(shapely.get_num_coordinates(shapes).sum()) * _POSITION


def _places(gazetteer: OwnGazetteer | None) -> int:
    if gazetteer is None:
        return 0
    said = (
        (place.source_id, place.kind, place.note, place.url, place.source, *(form for form, _ in place.names))
        for place in gazetteer.places
    )
    return sum(_PLACE + sum(map(_words, texts)) for texts in said)


def _words(text: str) -> int:
    return len(text.encode()) // 2


def say_weight(weight: Weight, lang: str = "en") -> str:
    """Return in a language what a page weighs, what of it is the cause, and what can be done."""
    say = interface(lang).say

    def megabytes(size: int) -> str:
        return number(round(size / 1e6, 1), lang)

    causes = say(", ").join(say(_PARTS[name], mb=megabytes(size)) for name, size in weight.parts)
    sentence = say(
        "The page weighs {mb} MB, more than the {most} MB with which it opens quickly everywhere: {causes}.",
        mb=megabytes(weight.total),
        most=megabytes(BUDGET),
        causes=causes,
    )
    gap = "" if lang.startswith("zh") else " "
    return gap.join((sentence, *(say(_ADVICE[name]) for name in weight.causes)))
