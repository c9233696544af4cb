"""Anchoring annotations again in a text that may have changed since they were made.

A quotation is sought letter for letter, then, where it stands nowhere, for what became of it between
the words that stood around it. Where two spots are equally good the annotation is lost, not guessed.

References
----------
Brush, Bargeron, Gupta and Cadiz, Robust annotation positioning in digital documents, CHI 2001: keywords
and surroundings before positions, and readers who would rather lose a note than find it elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from geo.annotations.account import CURATED
from geo.annotations.incoming import Annotation, IncomingPage
from geo.annotations.spots import MAX_SPOTS, Spots
from geo.article import GAP, WIDE, Article
from geo.linker import Mention
from geo.sentences import sentence

Outcome = Literal["kept", "moved", "edited", "lost"]
"""What became of an annotation: the same words at the same position; the same words elsewhere; other
words much like them, between the same surroundings; nothing."""

ALIKE = 0.65
"""How much of the letters an edited quotation shares with the old one, at least: twice the length of their
longest common subsequence, in parts of both lengths."""

_MARGIN = 0.02
_SURE = 3.0
_WEIGHT_OF_PLACE = 0.25
_WEIGHT_OF_WORDS = 0.1
_CLOSE = 10
_ANCHOR = 16
_SHORTEST_ANCHOR = 6
_LONGEST_ALONE = 100
_MOST_WORDS = 40
_FEW = 8
_RANK = {"kept": 0, "moved": 1, "edited": 2}
_WORD = re.compile(rf"[{WIDE}]|[^\W{WIDE}]+")
_INSIDE = re.compile(rf"[^\W{WIDE}]{{2}}")
_NOWHERE = sentence("its words stand nowhere, nor anything like them beside the words that stood around it")


class Anchored(NamedTuple):
    """An annotation in the text as it is now.

    Parameters
    ----------
    annotation : Annotation
        As it was brought.
    outcome : str
        ``kept``, ``moved``, ``edited`` or ``lost``.
    mention : Mention or None
        What it marks now; None where it is lost.
    start : int or None
        Its position in the text, in code points.
    reason : str
        Why it is lost; else nothing.
    """

    annotation: Annotation
    outcome: Outcome
    mention: Mention | None
    start: int | None
    reason: str


class _Spot(NamedTuple):
    """A stretch of the text that an annotation may mark now, and how good it is."""

    start: int
    end: int
    score: float
    likeness: float = 1.0


_Verdict = _Spot | str
"""The spot found, or why there is none."""


def anchor_again(page: IncomingPage, article: Article) -> tuple[Anchored, ...]:
    """Find where the annotations of a page stand in a text.

    The same page and text give the same answer. Time grows with the text and the number of annotations.

    Parameters
    ----------
    page : IncomingPage
        As `geo.annotations.incoming` reads it.
    article : Article
        The text as it is now.

    Returns
    -------
    tuple of Anchored
        One for each annotation, in the order of the page; no two mentions overlap.
    """
    anchoring = _Anchoring(page, article)
    verdicts = anchoring.verdicts()
    _settle_overlaps(page.annotations, verdicts)
    starts = article.starts
    names, begins = list(starts), list(starts.values())
    found = []
    for annotation, verdict in zip(page.annotations, verdicts, strict=True):
        if isinstance(verdict, str):
            found.append(Anchored(annotation, "lost", None, None, verdict))
            continue
        number = bisect_right(begins, verdict.start) - 1
        start, end = verdict.start - begins[number], verdict.end - begins[number]
        exact = anchoring.text[verdict.start : verdict.end]
        mention = Mention(
            names[number],
            start,
            end,
            exact,
            annotation.type,
            annotation.targets,
            CURATED,
            round(verdict.likeness, 2),
            annotation.note,
        )
        found.append(Anchored(annotation, _outcome(annotation, verdict), mention, verdict.start, ""))
    return tuple(found)


def _outcome(annotation: Annotation, spot: _Spot) -> Outcome:
    if spot.likeness < 1:
        return "edited"
    return "moved" if annotation.start not in (None, spot.start) else "kept"


def _settle_overlaps(annotations: Sequence[Annotation], verdicts: list[_Verdict]) -> None:
    """Where two annotations claim one stretch, leave it to a person's, else to the one that fits better."""

    def claim(numbered: tuple[int, _Spot]) -> tuple[bool, int, float, int]:
        number, spot = numbered
        annotation = annotations[number]
        return not annotation.curated, _RANK[_outcome(annotation, spot)], -spot.score, number

    taken: list[tuple[int, int, str]] = []
    claims = [(number, spot) for number, spot in enumerate(verdicts) if isinstance(spot, _Spot)]
    for number, spot in sorted(claims, key=claim):
        after = bisect_left(taken, (spot.end, 0, ""))
        if after and taken[after - 1][1] > spot.start:
            verdicts[number] = f"its spot is marked by {taken[after - 1][2]}"
        else:
            insort(taken, (spot.start, spot.end, annotations[number].name))


class _Anchoring:
    """Finds the spots of the annotations of a page.

    Parameters
    ----------
    page : IncomingPage
        The annotations.
    article : Article
        The text as it is now.
    """

    def __init__(self, page: IncomingPage, article: Article) -> None:
        self.text = article.text
        self._annotations = page.annotations
        self._digest = page.digest
        self._unchanged = page.digest == article.digest
        # Where text surely moved, in the order of the old text: old and new position of a quotation.
        self._moves: list[tuple[int, int]] = []

    def verdicts(self) -> list[_Verdict]:
        """Return where each annotation stands, or why it stands nowhere."""
        found: dict[int, _Verdict] = {}
        for number, annotation in enumerate(self._annotations):
            if (verdict := self._by_position(annotation)) is not None:
                found[number] = verdict
        left = self._but(found)
        contexts = Spots(self.text, map(_in_context, left.values()))
        for number, annotation in left.items():
            if (at := contexts.only(_in_context(annotation))) is not None:
                start = at + len(_tail(annotation))
                found[number] = _Spot(start, start + len(annotation.exact), _SURE)
                if annotation.start is not None:
                    insort(self._moves, (annotation.start, start))
        left = self._but(found)
        words = Spots(self.text, (annotation.exact for annotation in left.values()))
        for number, annotation in left.items():
            if (verdict := self._letter_for_letter(annotation, contexts, words)) is not None:
                found[number] = verdict
        left = self._but(found)
        anchors = Spots(self.text, chain.from_iterable(map(_anchors, left.values())))
        for number, annotation in left.items():
            found[number] = _best(list(self._edited(annotation, anchors))) or _NOWHERE
        return [found[number] for number in range(len(self._annotations))]

    def _but(self, found: Mapping[int, _Verdict]) -> dict[int, Annotation]:
        return {n: annotation for n, annotation in enumerate(self._annotations) if n not in found}

    def _by_position(self, annotation: Annotation) -> _Verdict | None:
        """Judge an annotation of the very same text, or one without a quotation, by its position alone."""
        start, end = annotation.start or 0, annotation.end or 0
        stretch = self.text[start:end]
        if annotation.exact:
            return _Spot(start, end, _SURE) if self._unchanged and stretch == annotation.exact else None
        if self._digest and not self._unchanged:
            return sentence("it has a position alone, and the text has changed")
        if end > len(self.text) or "\n" in stretch or stretch != stretch.strip():
            return sentence("its position is no stretch of a passage")
        return _Spot(start, end, _SURE)

    def _expected(self, annotation: Annotation) -> int | None:
        """Return where an annotation would stand if it moved as its nearest neighbour did."""
        start = annotation.start
        if start is None or not self._moves:
            return start
        after = bisect_left(self._moves, (start, 0))
        beside = self._moves[max(0, after - 1) : after + 1]
        old, new = min(beside, key=lambda move: abs(move[0] - start))
        return max(0, start + new - old)

    def _letter_for_letter(self, annotation: Annotation, contexts: Spots, words: Spots) -> _Verdict | None:
        """Choose among the spots where a quotation stands as it was; None if there is none."""
        expected = self._expected(annotation)
        before = len(_tail(annotation))
        starts = [at + before for at in contexts.near(_in_context(annotation), expected)]
        starts = starts or words.near(annotation.exact, expected)
        if len(starts) > MAX_SPOTS:
            return sentence(
                "its words stand in more than {n} spots, and its position is not known", n=MAX_SPOTS
            )
        length = len(annotation.exact)
        return _best([self._judged(annotation, expected, at, at + length) for at in starts])

    def _is_whole(self, start: int, end: int) -> bool:
        """Tell whether a stretch begins and ends where words do."""
        edges = (self.text[max(0, start - 1) : start + 1], self.text[end - 1 : end + 1])
        return not any(_INSIDE.fullmatch(edge) for edge in edges)

    def _judged(
        self, annotation: Annotation, expected: int | None, start: int, end: int, likeness: float = 1.0
    ) -> _Spot:
        """Weigh a stretch by the words around it, by where it is expected, and whether it is whole words."""
        likes = []
        if annotation.prefix:
            before = self.text[max(0, start - len(annotation.prefix)) : start]
            likes.append(_likeness(_flat(annotation.prefix), _flat(before)))
        if annotation.suffix:
            after = self.text[end : end + len(annotation.suffix)]
            likes.append(_likeness(_flat(annotation.suffix), _flat(after)))
        around = sum(likes) / len(likes) if likes else 0.5
        near = 0.0 if expected is None else 1 / (1 + abs(start - expected) / _CLOSE)
        place = _WEIGHT_OF_PLACE * near + _WEIGHT_OF_WORDS * self._is_whole(start, end)
        return _Spot(start, end, likeness + around + place, likeness)

    def _edited(self, annotation: Annotation, anchors: Spots) -> Iterator[_Spot]:
        """Yield what a quotation may have become, beside words that stood before or after it."""
        expected = self._expected(annotation)
        reach = 2 * len(annotation.exact) + _CLOSE
        tail, head = _tail(annotation), _head(annotation)
        begins = [at + len(tail) for at in anchors.near(tail, expected)[:MAX_SPOTS]]
        ends = anchors.near(head, expected)[:MAX_SPOTS]
        for begin in begins:
            after = bisect_left(ends, begin)
            if after < len(ends) and ends[after] <= begin + reach:
                yield from self._likest(annotation, begin, ends[after])
        if len(annotation.exact) <= _LONGEST_ALONE:
            for begin in _nearest(begins, expected):
                yield from self._likest(annotation, begin, begin + reach, at_start=True)
            for end in _nearest(ends, expected):
                yield from self._likest(annotation, max(0, end - reach), end, at_end=True)

    def _likest(
        self, annotation: Annotation, begin: int, end: int, *, at_start: bool = False, at_end: bool = False
    ) -> Iterator[_Spot]:
        """Yield the run of whole words between two positions that is most like a quotation, if it is enough.

        Parameters
        ----------
        at_start, at_end : bool
            Whether it has to begin with the first word, or to end with the last.
        """
        window = self.text[begin:end]
        if at_start:
            window = window.partition(GAP)[0]
        elif at_end:
            begin += len(window) - len(window := window.rpartition(GAP)[2])
        words = list(islice(_WORD.finditer(window), _MOST_WORDS + 1))
        if not words or len(words) > _MOST_WORDS or GAP in window:
            return
        # What the quotation marked may have begun or ended with a bracket or a quotation mark.
        lead, trail = len(window) - len(window.lstrip()), len(window.rstrip())
        firsts = [lead] if at_start else [lead, *(word.start() for word in words)]
        lasts = [trail] if at_end else [*(word.end() for word in words), trail]
        runs = [(first, last) for first in firsts for last in lasts if first < last]
        likes = [
            (_likeness(annotation.exact, window[first:last]), first - last, -first) for first, last in runs
        ]
        likeness, length, first = max(likes)
        if likeness >= ALIKE:
            spot = begin - first, begin - first - length
            yield self._judged(annotation, self._expected(annotation), *spot, likeness)


def _best(spots: list[_Spot]) -> _Verdict | None:
    """Return the best of several spots, or that others are as good; None if there is none.

    Stretches that overlap, and are only like the quotation, are variants of one spot: the likest stands.
    """
    if not spots:
        return None
    first = max(spots, key=lambda spot: (spot.score, -spot.start))
    rivals = {
        (spot.start, spot.end)
        for spot in spots
        if spot.score > first.score - _MARGIN and (spot.likeness == 1 or _are_apart(spot, first))
    } - {(first.start, first.end)}
    best = max(
        (spot for spot in spots if not _are_apart(spot, first)), key=lambda spot: (spot.likeness, spot.score)
    )
    return sentence("{n} spots fit equally well", n=len(rivals) + 1) if rivals else best


def _are_apart(one: _Spot, other: _Spot) -> bool:
    return one.start >= other.end or one.end <= other.start


def _tail(annotation: Annotation) -> str:
    return annotation.prefix[-_ANCHOR:]


def _head(annotation: Annotation) -> str:
    return annotation.suffix[:_ANCHOR]


def _in_context(annotation: Annotation) -> str:
    return f"{_tail(annotation)}{annotation.exact}{_head(annotation)}"


def _anchors(annotation: Annotation) -> list[str]:
    """Return the words before and after a quotation that are long enough to find it by."""
    return [anchor for anchor in (_tail(annotation), _head(annotation)) if len(anchor) >= _SHORTEST_ANCHOR]


def _nearest(spots: list[int], expected: int | None) -> list[int]:
    return spots[:_FEW] if expected is None else sorted(spots, key=lambda at: abs(at - expected))[:_FEW]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _likeness(one: str, other: str) -> float:
    return Indel.normalized_similarity(one, other)
