"""Linking text to places: names and phrases found in an article, typed, or left without a target.

All names and phrases are sought in one pass; where several fit, the one that starts first and is
longest wins, so that a treaty's name hides the city in it. Nothing from the data or from a reader
is ever used as a regular expression.

References
----------
Aho and Corasick, Efficient string matching: an aid to bibliographic search, CACM 18 (1975).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, islice, product
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from pydantic import Field, model_validator

from geo.article import WIDE, Article
from geo.citations import Record, Slug
from geo.gazetteer import Gazetteer, Ids

MentionType = Literal["place", "area", "act", "group", "government", "part-of-name", "not-a-place"]

NAME = "name"
"""The rule of a mention that is simply a name of the gazetteer."""

NUMERALS: Mapping[str, tuple[str, ...]] = {
    "en": ("one|1", "two|2", "three|3", "four|4", "five|5", "six|6", "seven|7", "eight|8"),
    "ru": (
        "один|1",
        "два|две|двух|двум|двумя|2",
        "три|трёх|трём|тремя|3",
        "четыре|четырёх|четырём|четырьмя|4",
        "пять|пяти|пятью|5",
        "шесть|шести|шестью|6",
        "семь|семи|семью|7",
        "восемь|восьми|восемью|8",
    ),
    "zh": ("一|1", "两|兩|二|2", "三|3", "四|4", "五|5", "六|6", "七|7", "八|8"),
}
"""The numbers from one to eight, which ``{n}`` stands for, with the ways to write each, by language."""

_MARK = "\x01"
_WORD = re.compile(rf"[^\W{WIDE}]+")
_ALIKE = str.maketrans("’‘ʼ‐‑–ё\x01", "'''---е ")
_SENTENCE_END = re.compile(
    r"(?<![.!?…])(?<!\b[^\W\d])(?<!\bSt)(?<!\bMr)(?<!\bDr)(?<!\bим)[.!?…]++[\"'”’»)\]]*+\s|[。！？\n]"
)
_MAX_FORMS = 1000

_SURE = {"official": 0.95, "transliteration": 0.95, "bracketed": 0.9}
_LESS_SURE = 0.7
_AMBIGUOUS = 0.5


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a passage that speaks of something on the map, or only seems to.

    Parameters
    ----------
    passage : str
        The id of the passage.
    start, end : int
        Where it begins and ends, in code points of the passage's text.
    exact : str
        The stretch itself.
    type : str
        ``place``, ``area``, ``act``, ``group``, ``government`` (a city that stands for one),
        ``part-of-name`` (of a newspaper, a club, a gulf, ...) or ``not-a-place``.
    targets : tuple of str
        Ids of places, areas or acts; empty where there is nothing to point at.
    rule : str
        The id of the phrase it was found by, ``name`` for a name, ``curated`` for a person's work.
    confidence : float
        0 to 1.
    note : str
        A sentence for the reader, or nothing.
    evidence : str
        The words of the text that decided, or nothing.
    """

    passage: str
    start: int
    end: int
    exact: str
    type: MentionType
    targets: tuple[str, ...]
    rule: str
    confidence: float
    note: str = ""
    evidence: str = ""


class LinkName(NamedTuple):
    """A name that a reader's gazetteer adds to ours.

    Parameters
    ----------
    form : str
        The name as written.
    lang : str
        BCP 47 language, or ``und`` where it is not known.
    target : str
        The id that it points at.
    type : str
        Of its mentions.
    confidence : float
        0 to 1.
    """

    form: str
    lang: str
    target: str
    type: MentionType = "place"
    confidence: float = 0.95


class Phrase(Record):
    """A phrase that the linker knows beyond the names.

    Parameters
    ----------
    form : str
        Words; ``a|b`` in place of a word is either, ``{n}`` any number from one to eight, in words
        or figures. A form that begins with a capital is not found where the text has a small letter.
    targets : tuple of str
        Ids of places, areas or acts. A group without any means all places of the gazetteer. With
        ``{n}`` it means as many as remain after those named before in the sentence; where the
        number does not come out right, the mention points at nothing and says so.
    note : str
        A sentence for the reader, or nothing.
    """

    id: Slug
    form: str = Field(min_length=1, max_length=160)
    lang: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    type: MentionType
    targets: Ids
    confidence: float = Field(ge=0, le=1)
    note: str

    @model_validator(mode="after")
    def _is_well_formed(self) -> Phrase:
        words = self.form.split()
        parts = [part for word in words for part in word.split("|")]
        if not all(parts):
            raise ValueError("one side of a | is empty; write every alternative")
        if "{n}" in self.form and self.lang[:2] not in NUMERALS:
            raise ValueError(f"{{n}} needs a language with numerals: {', '.join(NUMERALS)} would do")
        if any(set("{}") & set(part.replace("{n}", "", 1)) for part in parts) or (
            sum("{n}" in word for word in words) > 1
        ):
            raise ValueError("braces hold nothing but {n}, and that in one word only")
        if sum(1 for _ in islice(self.forms(), _MAX_FORMS + 1)) > _MAX_FORMS:
            raise ValueError(f"it stands for more than {_MAX_FORMS} forms; split it into several rows")
        return self

    def forms(self) -> Iterator[tuple[str, int | None]]:
        """Yield each form the phrase stands for, with the number that ``{n}`` has in it.

        Examples
        --------
        >>> row = Phrase(id="a", form="old|new {n} towns", lang="en", type="group", targets=(),
        ...     confidence=1, note="")
        >>> ("new seven towns", 7) in list(row.forms())
        True
        """
        choices: list[list[tuple[str, int | None]]] = []
        for word in self.form.split():
            parts: list[tuple[str, int | None]] = []
            for part in word.split("|"):
                if "{n}" not in part:
                    parts.append((part, None))
                    continue
                for number, ways in enumerate(NUMERALS[self.lang[:2]], 1):
                    parts += [(part.replace("{n}", way), number) for way in ways.split("|")]
            choices.append(parts)
        for chosen in product(*choices):
            counted = next((n for _, n in chosen if n is not None), None)
            yield " ".join(part for part, _ in chosen), counted


class _Entry(NamedTuple):
    """What a form means."""

    form: str
    type: MentionType
    targets: tuple[str, ...]
    rule: str
    confidence: float
    note: str
    number: int | None = None


class Linker:
    """Finds the mentions of an article.

    Parameters
    ----------
    gazetteer : Gazetteer
        The places and their names.
    phrases : sequence of Phrase
        What is known beyond the names; a phrase takes precedence over a name of the same form.
    names : sequence of LinkName
        Names that a reader's gazetteer adds; one of ours takes precedence.
    """

    def __init__(
        self, gazetteer: Gazetteer, phrases: Sequence[Phrase], names: Sequence[LinkName] = ()
    ) -> None:
        self._places = tuple(place.id for place in gazetteer.places)
        entries = {
            _pattern(name.form): _Entry(name.form, name.type, (name.target,), NAME, name.confidence, "")
            for name in reversed(names)
        }
        entries |= {_pattern(entry.form): entry for entry in _names(gazetteer)}
        for phrase in reversed(phrases):
            entries.update((_pattern(entry.form), entry) for entry in self._meanings(phrase))
        self._entries = tuple(entries.values())
        self._automaton = AhoCorasick(entries, matchkind=MatchKind.LeftmostLongest)

    def mentions(self, article: Article) -> tuple[Mention, ...]:
        """Return the mentions in the headings and the text of an article, in order, none overlapping."""
        passages = article.own
        whole = "\n".join(passage.text for passage in passages)
        starts = list(accumulate((len(passage.text) + 1 for passage in passages), initial=0))
        sentences = [match.end() for match in _SENTENCE_END.finditer(whole)]
        sentence = -1
        named: set[str] = set()
        found: list[Mention] = []
        for entry, start, end in self._matches(whole):
            number = bisect_right(starts, start) - 1
            offset = starts[number]
            if (current := bisect_right(sentences, start)) != sentence:
                sentence = current
                named.clear()
            targets, confidence, note = _counted(entry, named)
            if entry.type == "place" and len(targets) == 1:
                named.update(targets)
            exact = whole[start:end]
            place = (passages[number].id, start - offset, end - offset, exact)
            found.append(Mention(*place, entry.type, targets, entry.rule, confidence, note))
        return tuple(found)

    def _matches(self, text: str) -> Iterator[tuple[_Entry, int, int]]:
        """Yield what is found, and from where to where in the text."""
        haystack = _marked(text)
        seen = marks = 0
        for index, first, last in self._automaton.find_matches_as_indexes(haystack):
            marks += haystack.count(_MARK, seen, first)
            start = first - marks
            marks += haystack.count(_MARK, first, last)
            seen = last
            end = last - marks
            entry = self._entries[index]
            if not (entry.form[0].isupper() and text[start].islower()):
                yield entry, start, end

    def _meanings(self, phrase: Phrase) -> Iterator[_Entry]:
        targets = phrase.targets or (self._places if phrase.type == "group" else ())
        for form, number in phrase.forms():
            yield _Entry(form, phrase.type, targets, phrase.id, phrase.confidence, phrase.note, number)


def _names(gazetteer: Gazetteer) -> Iterator[_Entry]:
    """Yield an entry for each name, the first of the data last; one of several places points at all."""
    bearers: dict[str, list[str]] = {}
    for name in gazetteer.toponyms:
        bearers.setdefault(_pattern(name.form), []).append(name.place)
    for name in reversed(gazetteer.toponyms):
        places = tuple(dict.fromkeys(bearers[_pattern(name.form)]))
        if len(places) > 1:
            note = "More than one place bears this name."
            yield _Entry(name.form, "place", places, NAME, _AMBIGUOUS, note)
        else:
            yield _Entry(name.form, "place", places, NAME, _SURE.get(name.kind, _LESS_SURE), "")


def _counted(entry: _Entry, named: Set[str]) -> tuple[tuple[str, ...], float, str]:
    """Return targets, confidence and note of what was found, after those named before in the sentence."""
    if entry.number is None:
        return entry.targets, entry.confidence, entry.note
    rest = tuple(target for target in entry.targets if target not in named)
    if len(rest) == entry.number:
        return rest, entry.confidence, entry.note
    miscount = (
        f"The text counts {entry.number}, but {len(rest)} of the {len(entry.targets)} places are not named "
        "before it in the sentence, so it points at none."
    )
    return (), _AMBIGUOUS, f"{entry.note} {miscount}".lstrip()


def _pattern(form: str) -> str:
    return _marked(unicodedata.normalize("NFC", " ".join(form.split())))


def _marked(text: str) -> str:
    """Fold case, quotes and hyphens, one character for one, and put a mark before and after each word.

    With the marks a name is found as whole words only; Han, kana and Hangul are no words here.
    """
    folded = text.casefold()
    if len(folded) != len(text):
        folded = "".join(fold if len(fold := char.casefold()) == 1 else char for char in text)
    return _WORD.sub(rf"{_MARK}\g<0>{_MARK}", folded.translate(_ALIKE))
