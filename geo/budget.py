"""What a page may weigh, what makes one heavier, and what its reader can do about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from geo.language import interface, phrase
from geo.language.formats import number

BUDGET = 5_000_000
"""Bytes of a page. Measured in Chromium on two cores: one of 5 MB is there in a second and a half, one of
10 MB in two and a half. Outlines weigh as much in it as in their file, a text a fifth more."""

_LEAST = 500_000
"""Bytes of a part that is worth a word."""

_START, _END = 'id="atlas-content">', "</script>"

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


def weigh(document: str) -> Weight | None:
    """Return what a page weighs; None for one that keeps to its `BUDGET`, or is heavy of itself.

    Parameters
    ----------
    document : str
        As `geo.page.Page.document` returns it.
    """
    total = len(document.encode())
    if total <= BUDGET:
        return None
    start = document.index(_START) + len(_START)
    content = json.loads(document[start : document.index(_END, start)])
    own = content.get("own", {"places": []})
    outlines = _size([place["at"] for place in own["places"] if place.get("shape") in ("line", "area")])
    sizes = {
        "outlines": outlines,
        "places": _size(own) - outlines,
        "text": 0 if content["article"]["own"] else _size(content["article"]),
        "scan": _size(content.get("scan")),
    }
    parts = sorted((part for part in sizes.items() if part[1] >= _LEAST), key=lambda part: -part[1])
    return Weight(total, tuple(parts)) if parts else None


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


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
