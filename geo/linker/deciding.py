"""Deciding what a form means where it stands: by the words around it, by counts, by brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from geo.linker.finding import Found
from geo.linker.lexicon import Entry
from geo.linker.mention import Mention, Outcome
from geo.linker.phrases import Cue
from geo.linker.surroundings import Surroundings, WordList

_SENTENCE_END = re.compile(
    r"(?<![.!?…])(?<!\b[^\W\d])(?<!\bSt)(?<!\bMr)(?<!\bDr)(?<!\bим)[.!?…]++[\"'”’»)\]]*+\s|[。！？\n]"
)
_BRACKETS = {" (": ")", "(": ")", "（": "）", " （": "）"}
_UNSURE = 0.5
_LEAST_NAMED = 2
"""Places that «these towns» must have before it to be about them."""


class _Meaning(NamedTuple):
    """What a mention is, by which rule, how surely and by what words."""

    type: Outcome
    targets: tuple[str, ...]
    rule: str
    confidence: float
    note: str
    evidence: str = ""


class _Rule(NamedTuple):
    """A cue, ready to be held against a text."""

    cue: Cue
    before: WordList | None
    after: WordList | None
    near: WordList | None

    def evidence(self, around: Surroundings) -> str:
        """Return the words that make the cue hold, as a reader is told of them; nothing if it does not."""
        told = []
        for words, find, where in (
            (self.before, around.before, "before it"),
            (self.after, around.after, "after it"),
            (self.near, around.near, "in the same sentence"),
        ):
            if words is None:
                continue
            found = find(words)
            if not found:
                return ""
            told.append(f"“{found}” {where}")
        return ", ".join(told)


class Decider:
    """Decides what forms mean where they stand.

    Parameters
    ----------
    places : sequence of str
        The ids of the places, in the order in which a group lists them.
    cues : iterable of Cue
        The words near a mention that change it; of those that hold the first decides.
    """

    def __init__(self, places: Sequence[str], cues: Iterable[Cue]) -> None:
        self._order = {place: number for number, place in enumerate(places)}
        self._rules: dict[str, list[tuple[int, _Rule]]] = {}
        for number, cue in enumerate(cues):
            lists = (WordList(words) if words else None for words in (cue.before, cue.after, cue.near))
            rule = _Rule(cue, *lists)
            for name in cue.of:
                self._rules.setdefault(name, []).append((number, rule))

    def mentions(self, passage: str, text: str, found: Sequence[Found]) -> list[Mention]:
        """Return the mentions of a passage.

        Parameters
        ----------
        passage : str
            Its id.
        text : str
            Its text.
        found : sequence of Found
            The forms in it, in order.
        """
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        edges = [0, *ends, len(text)]
        sentence = -1
        before: dict[str, None] = {}
        named: dict[str, None] = {}
        mentions = []
        for one in found:
            current = bisect_right(ends, one.start)
            if current != sentence:
                before = named if current == sentence + 1 else {}
                sentence, named = current, {}
            around = Surroundings(text, one.start, one.end, (edges[current], edges[current + 1]))
            meaning = self._counted(one.entry, named, before) or self._meaning(one.entry, around)
            if meaning.type == "none":
                continue
            if meaning.type == "place" and len(meaning.targets) == 1:
                named[meaning.targets[0]] = None
            exact = text[one.start : one.end]
            mentions.append(Mention(passage, one.start, one.end, exact, meaning.type, *meaning[1:]))
        return _joined(text, mentions)

    def _meaning(self, entry: Entry, around: Surroundings) -> _Meaning:
        """Return what a form means: by the first cue that holds, or else by itself."""
        for rule in self._rules_for(entry):
            if evidence := rule.evidence(around):
                cue = rule.cue
                return _Meaning(cue.type, cue.targets, cue.id, cue.confidence, cue.note, evidence)
        return _Meaning(entry.type, entry.targets, entry.rule, entry.confidence, entry.note)

    def _rules_for(self, entry: Entry) -> Iterator[_Rule]:
        """Yield the cues that speak of a form, in the order of the table."""
        about = (entry.rule, *entry.targets) if len(entry.targets) == 1 else (entry.rule,)
        rules = {number: rule for name in about for number, rule in self._rules.get(name, ())}
        for number in sorted(rules):
            yield rules[number]

    def _counted(self, entry: Entry, named: Collection[str], before: Collection[str]) -> _Meaning | None:
        """Return what a group means that depends on the places named before it, or None for any other."""
        if not entry.among:
            return None
        if entry.among == "rest":
            targets = tuple(target for target in entry.targets if target not in named)
            fault = (
                f"The text counts {entry.number}, but {len(targets)} of the {len(entry.targets)} places are "
                "not named before it in the sentence, so it points at none."
            )
        else:
            listed = next((some for some in (named, before) if len(some) >= _LEAST_NAMED), ())
            if not listed:
                return _Meaning("none", (), entry.rule, 0, "")
            targets = tuple(sorted(listed, key=lambda place: self._order.get(place, len(self._order))))
            fault = f"The text counts {entry.number}, but {len(targets)} places are named before it."
        if entry.number not in (None, len(targets)):
            return _Meaning("group", (), entry.rule, _UNSURE, f"{entry.note} {fault}".lstrip())
        return _Meaning("group", targets, entry.rule, entry.confidence, entry.note)


def _joined(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions; a name and, in brackets after it, another one of the same place are one."""
    joined: list[Mention] = []
    for other in mentions:
        if joined and _is_bracketed(text, one := joined[-1], other):
            end = other.end + 1
            exact = text[one.start : end]
            sure = max(one.confidence, other.confidence)
            evidence = f"“{other.exact}” in brackets"
            joined[-1] = replace(one, end=end, exact=exact, confidence=sure, evidence=evidence)
        else:
            joined.append(other)
    return joined


def _is_bracketed(text: str, one: Mention, other: Mention) -> bool:
    """Tell whether the second mention stands in brackets after the first and means the same place."""
    closing = _BRACKETS.get(text[one.end : other.start])
    return (
        closing is not None
        and text[other.end : other.end + 1] == closing
        and one.type == other.type == "place"
        and bool(one.targets)
        and one.targets == other.targets
    )
