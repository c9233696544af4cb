"""Comparing the mentions that were found with those that are marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from geo.linker import Linker, Mention
from tests.gold.marks import GoldText

BARS = {"place": 0.95, "act": 0.95, "all": 0.9}
"""The lowest F1 that is good enough, by type and over all types."""

SURE = 0.8
"""Above this confidence a mention may not point anywhere that the marks do not."""

FaultKind = Literal["missed", "false find", "wrong type", "wrong target"]


class Count(NamedTuple):
    """How many mentions are marked, were found, and were found rightly."""

    marked: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """The share of the found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the marked that was found rightly; 1 where nothing is marked."""
        return self.right / self.marked if self.marked else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where nothing is marked and nothing found."""
        return 2 * self.right / (self.marked + self.found) if self.marked + self.found else 1.0


class Fault(NamedTuple):
    """A stretch on which the marks and the linker do not agree."""

    text: str
    kind: FaultKind
    marked: Mention | None
    found: Mention | None

    def __str__(self) -> str:
        mention = self.marked or self.found
        assert mention is not None
        line = f"{self.text} {mention.passage}:{mention.start} {self.kind}: {mention.exact!r}"
        if self.marked is not None:
            line += f" is {_meaning(self.marked)}"
        if self.found is not None:
            line += f"{', found as' if self.marked else ' as'} {_meaning(self.found)}"
            line += f" by {self.found.rule} ({self.found.confidence:g})"
        return line


@dataclass(frozen=True, slots=True)
class Score:
    """What comparing gave.

    Parameters
    ----------
    pairs : tuple of (Mention, Mention)
        Marked and found, where the two agree.
    faults : tuple of Fault
        Where they do not, in the order of the text.
    pins : tuple of Fault
        Those of the faults that point, above the confidence `SURE`, at what no mark on that stretch means.
    """

    pairs: tuple[tuple[Mention, Mention], ...]
    faults: tuple[Fault, ...]
    pins: tuple[Fault, ...]

    def count(self, kind: str | None = None) -> Count:
        """Return the counts of one type of mention, or of all."""
        right = sum(kind in (None, one.type) for one, _ in self.pairs)
        marked = sum(f.marked is not None and kind in (None, f.marked.type) for f in self.faults)
        found = sum(f.found is not None and kind in (None, f.found.type) for f in self.faults)
        return Count(right + marked, right + found, right)

    def shortfalls(self) -> list[str]:
        """Return in what the score is not good enough, a sentence each."""
        below = [
            f"F1 of {name} is {f1:.3f}, below {bar}"
            for name, bar in BARS.items()
            if (f1 := self.count(None if name == "all" else name).f1) < bar
        ]
        return below + [f"a false pin at a confidence above {SURE}: {pin}" for pin in self.pins]


def score(text: str, marked: Sequence[Mention], found: Sequence[Mention]) -> Score:
    """Compare what is marked in a text with what was found in it.

    A found mention is right only if its passage, both its ends, its type and its set of targets are
    those of a mark. Rules, confidences and notes are not compared.
    """
    ours = {_span(mention): mention for mention in found}
    assert len(ours) == len(found), "two mentions have the same stretch"
    theirs = {_span(mention): mention for mention in marked}
    pairs: list[tuple[Mention, Mention]] = []
    faults: list[Fault] = []
    for span in sorted(ours.keys() | theirs.keys(), key=lambda span: (int(span[0][1:]), *span[1:])):
        mark, find = theirs.get(span), ours.get(span)
        fault = _fault(text, mark, find)
        if fault is not None:
            faults.append(fault)
        elif mark is not None and find is not None:
            pairs.append((mark, find))
    pins = [fault for fault in faults if fault.found is not None and _is_pin(fault.found, marked)]
    return Score(tuple(pairs), tuple(faults), tuple(pins))


def score_texts(linker: Linker, texts: Iterable[GoldText]) -> dict[str, Score]:
    """Return the score of a linker on each text, by the text's name."""
    return {text.name: score(text.name, text.mentions, linker.mentions(text.article)) for text in texts}


def total(scores: Iterable[Score]) -> Score:
    """Return one score for several texts."""
    whole = list(scores)
    return Score(
        tuple(pair for one in whole for pair in one.pairs),
        tuple(fault for one in whole for fault in one.faults),
        tuple(pin for one in whole for pin in one.pins),
    )


def _fault(text: str, mark: Mention | None, find: Mention | None) -> Fault | None:
    if find is None:
        return Fault(text, "missed", mark, None)
    if mark is None:
        return Fault(text, "false find", None, find)
    if mark.type != find.type:
        return Fault(text, "wrong type", mark, find)
    if set(mark.targets) != set(find.targets):
        return Fault(text, "wrong target", mark, find)
    return None


def _is_pin(find: Mention, marked: Sequence[Mention]) -> bool:
    """Tell whether a sure mention points at what none of the marks that overlap it means."""
    meant = {
        target
        for mark in marked
        if mark.passage == find.passage and mark.start < find.end and find.start < mark.end
        for target in mark.targets
    }
    return find.confidence > SURE and not set(find.targets) <= meant


def _span(mention: Mention) -> tuple[str, int, int]:
    return mention.passage, mention.start, mention.end


def _meaning(mention: Mention) -> str:
    return f"{mention.type} -> {' '.join(mention.targets) or 'nothing'}"
