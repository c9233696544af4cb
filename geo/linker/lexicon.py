"""What every form means: names, their case forms and phrases, folded as they are sought."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from geo.article import WIDE
from geo.gazetteer import Gazetteer
from geo.linker.inflection import Inflector
from geo.linker.mention import NAME, LinkName, Outcome
from geo.linker.phrases import Phrase

WORD = re.compile(rf"[^\W{WIDE}]+")
"""A word of a script that parts its words; Han, kana and Hangul are no words here."""

_MAX_BETWEEN = 8
_WORDED = re.compile(rf"[^\W{WIDE}]+(?:\W{{1,{_MAX_BETWEEN}}}[^\W{WIDE}]+)*")
_ALIKE = (
    *((mark, "'") for mark in "’‘ʼ"),
    *((mark, " ") for mark in "-‐‑–\xa0\u2009\u202f"),
    ("ё", "е"),
    ("Ё", "Е"),
)
_LEAST_KEY = 3

_SURE = {"official": 0.95, "transliteration": 0.95, "bracketed": 0.9}
_LESS_SURE = 0.7
_AMBIGUOUS = 0.5
_OF_ADJECTIVE = 0.8


class Entry(NamedTuple):
    """What a form means by itself."""

    type: Outcome
    targets: tuple[str, ...]
    rule: str
    confidence: float
    note: str
    number: int | None = None
    among: str = ""
    """Of a group, which of its targets are meant; see `geo.linker.phrases.Phrase.count`."""


class Lexicon:
    """All forms with their meaning.

    Parameters
    ----------
    gazetteer : Gazetteer
        The places and their names.
    phrases : sequence of Phrase
        What is known beyond the names; a phrase takes precedence over a name of the same form.
    names : sequence of LinkName
        Names that others add; one of the gazetteer takes precedence.
    inflector : Inflector
        Makes the case forms.

    Attributes
    ----------
    capitals, others : dict of str to Entry
        By folded form: what does not mean this with a small letter at its start, and what may have one.
    keys : set of str
        Beginnings of the first words of forms made of words, in the letter case of a text.
    whole : set of str
        The forms that are not made of words only: Han, and whatever begins or ends with a sign.
    stems : set of str
        What ends with a word within a form of several words, from its start.
    longest : int
        Characters of the longest form.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        phrases: Sequence[Phrase],
        names: Sequence[LinkName],
        inflector: Inflector,
    ) -> None:
        self.capitals: dict[str, Entry] = {}
        self.others: dict[str, Entry] = {}
        self.keys: set[str] = set()
        self.whole: set[str] = set()
        self.stems: set[str] = set()
        self._inflector = inflector
        places = tuple(place.id for place in gazetteer.places)
        for phrase in phrases:
            targets = phrase.targets or (places if phrase.type == "group" else ())
            lang = "" if phrase.type == "group" else phrase.lang
            meaning = (phrase.type, targets, phrase.id, phrase.confidence, phrase.note)
            for form, number in phrase.forms():
                self._add(form, lang, Entry(*meaning, number, phrase.count))
        for form, lang, entry in _names(gazetteer):
            self._add(form, lang, entry)
        for name in names:
            entry = Entry(name.type, (name.target,), NAME, name.confidence, "")
            self._add(name.form, name.lang, entry)
        self.longest = max(map(len, (*self.capitals, *self.others)), default=0)

    def meaning(self, form: str, small: bool) -> Entry | None:
        """Return what a folded form means that begins with a small letter, or does not; None if nothing."""
        return self.others.get(form) if small else self.capitals.get(form) or self.others.get(form)

    def _add(self, form: str, lang: str, entry: Entry) -> None:
        """Add a form with its case forms, unless another stands there already."""
        form = plain(unicodedata.normalize("NFC", " ".join(form.split())))
        if not any(map(str.isalnum, form)):
            return  # a dash alone would be found at every space
        others, adjectives = self._inflector.forms(form, lang)
        forms = [form, *others]
        if "'" in form[1:-1]:
            forms += [one.replace("'", "") for one in forms]
        self._enter(forms, self.capitals if form[:1].isupper() else self.others, entry)
        if adjectives and entry.type == "place" and entry.rule == NAME:
            sure = min(entry.confidence, _OF_ADJECTIVE)
            self._enter(adjectives, self.others, entry._replace(confidence=sure))

    def _enter(self, forms: Sequence[str], home: dict[str, Entry], entry: Entry) -> None:
        """Enter forms of one name, which are sought by what they have in common at their start."""
        worded = []
        for form in forms:
            folded = small(form)
            if folded not in self.others:
                home.setdefault(folded, entry)
            if not _WORDED.fullmatch(folded):
                self.whole.update((form, form.upper()))
                continue
            worded.append(form)
            if not folded.isalnum():
                ends = [word.end() for word in WORD.finditer(folded)]
                self.stems.update(folded[:end] for end in ends[:-1])
        common = _common_start(worded)
        for form in [common] if len(common) >= _LEAST_KEY else worded:
            self.keys.update(_keys(form, begins_small=home is self.others))


def plain(text: str) -> str:
    """Make quotation marks, hyphens and spaces alike, and ё like е, one character for one."""
    for mark, alike in _ALIKE:
        text = text.replace(mark, alike)
    return text


def fold(text: str) -> str:
    """Make a text plain and its letters small, one character for one."""
    return small(plain(text))


def small(text: str) -> str:
    """Return a text in small letters, one character for one."""
    return text.replace("İ", "I").lower().replace("ς", "σ")  # no other letter grows by it


def _names(gazetteer: Gazetteer) -> Iterator[tuple[str, str, Entry]]:
    """Yield each name with its language and meaning; one that several places bear points at all."""
    bearers: dict[str, dict[str, None]] = {}
    for name in gazetteer.names:
        bearers.setdefault(fold(name.form), {})[name.place] = None
    for name in gazetteer.names:
        places = tuple(bearers[fold(name.form)])
        sure, note = _SURE.get(name.kind, _LESS_SURE), ""
        if len(places) > 1:
            sure, note = _AMBIGUOUS, "More than one place bears this name."
        yield name.form, name.lang, Entry("place", places, NAME, sure, note)


def _common_start(forms: Sequence[str]) -> str:
    """Return the longest start that forms have in common."""
    if not forms:
        return ""
    first, last = min(forms), max(forms)
    differing = (n for n, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differing, len(first))]


def _keys(form: str, *, begins_small: bool) -> Iterator[str]:
    """Yield how the start of a form is written: its first word, and a second after a small letter.

    What begins with a small letter or a figure begins with words that are found too often alone.
    """
    words = islice(WORD.finditer(form), 2 if begins_small else 1)
    start = form[: max((word.end() for word in words), default=None)]
    yield from (start, start.upper(), start.title(), start[:1].upper() + start[1:])
    if begins_small:
        yield start.lower()


def pruned(keys: Iterable[str]) -> list[str]:
    """Return the keys without those that begin with another, which is met wherever they are."""
    kept: list[str] = []
    for key in sorted(keys):
        if not (kept and key.startswith(kept[-1])):
            kept.append(key)
    return kept
