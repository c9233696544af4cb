"""The case forms of Russian names, made from their endings by a table of rules.

A table of endings, not a dictionary: it also serves names that no dictionary holds, ten thousand of
them in about a second, and what it does can be read and mended row by row. What it makes too much, a
form that no grammar knows, stands in no text and does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Literal, NamedTuple

from pydantic import Field, model_validator

from geo.citations import Record

_CASES = ("genitive", "dative", "accusative", "instrumental", "prepositional")
_PREPOSITIONS = frozenset(
    ("без", "в", "во", "для", "до", "за", "из", "к", "ко", "на", "над", "о", "об", "от", "по", "под", "при")
)
_PARTS = re.compile("([ -]+)")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_MAX_WORDS = 8
_LEAST_STEM = 5
"""Letters that a name must have before an adjective is made of it; «рус» gives «русский»."""


class Ending(Record):
    """How the words with one ending change by case.

    Parameters
    ----------
    lang : str
        BCP 47 language of the names that it serves.
    kind : str
        ``noun``, ``adjective``, or ``fixed`` for a word that does not change.
    gender : str
        ``m``, ``f``, ``n``, or ``p`` for the plural; of ``fixed`` none.
    ending : str
        Of the nominative, small letters; ``a|b`` for several. Of those that fit a word, the longest decides.
    genitive, dative, accusative, instrumental, prepositional : str
        What stands in its place; ``~`` is the ending itself, ``a|b`` either.
    adjective : str
        The endings of the adjective made from such a name, in the nominative; or nothing.
    example : str
        A word with this ending.
    """

    lang: str = Field(pattern=r"^[a-z]{2,3}$")
    kind: Literal["noun", "adjective", "fixed"]
    gender: Literal["", "m", "f", "n", "p"]
    ending: str = Field(min_length=1)
    genitive: str
    dative: str
    accusative: str
    instrumental: str
    prepositional: str
    adjective: str
    example: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_well_formed(self) -> Ending:
        if not self.example.lower().endswith(tuple(self.ending.split("|"))):
            raise ValueError(f"the example {self.example!r} does not have the ending; give one that does")
        if (self.kind == "fixed") != (self.gender == ""):
            raise ValueError("a fixed word has no gender, any other has one; correct kind or gender")
        return self


class _Row(NamedTuple):
    """What becomes of one ending; a tuple of alternatives for each case, and for the adjective."""

    kind: str
    gender: str
    length: int
    cases: tuple[tuple[str, ...], ...]
    adjective: tuple[str, ...]


class Inflector:
    """Makes the forms of names.

    Parameters
    ----------
    endings : iterable of Ending
        The table.
    """

    def __init__(self, endings: Iterable[Ending]) -> None:
        self._rows: dict[str, list[_Row]] = {}
        self._longest = 0
        for row in endings:
            for ending in row.ending.replace("ё", "е").split("|"):
                self._rows.setdefault(ending, []).append(_compiled(row, ending))
                self._longest = max(self._longest, len(ending))

    def forms(self, name: str, lang: str) -> tuple[list[str], list[str]]:
        """Return the other forms of a name, and the adjectives made of it, without the name itself.

        Parameters
        ----------
        name : str
            In the nominative, with е for ё.
        lang : str
            BCP 47 language. Other names than those in Russian letters have no other forms.
        """
        if lang[:2] not in ("ru", "un") or not self._rows or not _CYRILLIC.search(name):
            return [], []
        parts = _PARTS.split(name)
        if len(parts) > 2 * _MAX_WORDS:
            return [], []
        found = dict.fromkeys(self._declined(parts))
        found.pop(name, None)
        return list(found), list(self._adjectives(name)) if len(parts) == 1 else []

    def _declined(self, parts: list[str]) -> Iterator[str]:
        """Yield the case forms of words and what stands between them."""
        words = parts[::2]
        tail = next((n for n, word in enumerate(words) if word.lower() in _PREPOSITIONS), len(words))
        head, gender = 0, ""
        while head < tail:  # adjectives agree with the noun after them, which ends the head of the name
            rows = self._fitting(words[head], gender)
            head += 1
            if not any(row.kind == "adjective" for row in rows) and any(row.kind == "noun" for row in rows):
                break
            gender = gender or next((row.gender for row in rows if row.kind == "adjective"), "")
        for last in {head, tail}:
            for case in range(len(_CASES)):
                choices = [self._in_case(word, gender, case) for word in words[:last]]
                for chosen in product(*choices):
                    changed = parts.copy()
                    changed[: 2 * last : 2] = chosen
                    yield "".join(changed)

    def _adjectives(self, name: str) -> Iterator[str]:
        """Yield the adjectives made of a name, in small letters, in all their forms."""
        word = name.lower()
        for row in self._fitting(word, ""):
            stem = word[: len(word) - row.length]
            if len(word) < _LEAST_STEM:
                continue
            for ending in row.adjective:
                yield stem + ending
                for case in range(len(_CASES)):
                    yield from self._in_case(stem + ending, "", case)

    def _fitting(self, word: str, gender: str) -> list[_Row]:
        """Return the rows of the longest ending of a word; of the gender, if one is asked for.

        A noun that stands alone is taken for a plural only where nothing else fits.
        """
        for length in range(min(len(word), self._longest), 0, -1):
            rows = self._rows.get(word[-length:].lower(), [])
            if gender:
                rows = [row for row in rows if row.gender in (gender, "")]
            elif singular := [row for row in rows if row.gender != "p"]:
                rows = singular
            if rows:
                return rows
        return []

    def _in_case(self, word: str, gender: str, case: int) -> list[str]:
        rows = self._fitting(word, gender)
        forms = [
            word[: len(word) - row.length] + ending for row in rows if row.cases for ending in row.cases[case]
        ]
        if forms and word.isupper():
            forms = [form.upper() for form in forms]
        return forms or [word]


def _compiled(row: Ending, ending: str) -> _Row:
    def options(cell: str) -> tuple[str, ...]:
        return tuple(part.replace("~", ending).replace("ё", "е") for part in cell.split("|"))

    cases = () if row.kind == "fixed" else tuple(options(getattr(row, case)) for case in _CASES)
    adjective = options(row.adjective) if row.adjective else ()
    return _Row(row.kind, row.gender, len(ending), cases, adjective)
