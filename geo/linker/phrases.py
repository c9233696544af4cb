"""What the linker knows beyond the names: phrases, and the words near a mention that change it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from geo.citations import Record, Slug
from geo.gazetteer import Ids
from geo.linker.mention import Outcome

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

_MAX_FORMS = 1000


class Phrase(Record):
    """A phrase that the linker knows beyond the names.

    Parameters
    ----------
    form : str
        Words; ``a|b`` in place of a word is either, ``{n}`` any number from one to eight, in words
        or figures. A form that begins with a capital is not found where the text has a small letter.
        A Russian one stands in the nominative, for its case forms are made by rule; not that of a group.
    type : str
        Of its mentions; ``none`` where they are not marked, unless a cue says otherwise.
    targets : tuple of str
        Ids of places, areas or acts. A group without any means all places of the gazetteer.
    count : str
        Of a group, which of its targets are meant: nothing, all of them; ``rest``, those not named before
        in the sentence; ``named``, those named before in it, or else in the sentence before. A number in
        the form must come out right, or the mention points at nothing and says so.
    note : str
        A sentence for the reader, or nothing.
    """

    id: Slug
    form: str = Field(min_length=1, max_length=300)
    lang: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    type: Outcome
    targets: Ids
    count: Literal["", "rest", "named"] = ""
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
        _check_targets(self.type, self.targets, self.note)
        if self.count and self.type != "group":
            raise ValueError(f"a count is for a group, not for the type {self.type}; leave it blank")
        if math.prod(map(len, self._choices())) > _MAX_FORMS:
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
        for chosen in product(*self._choices()):
            counted = next((n for _, n in chosen if n is not None), None)
            yield " ".join(part for part, _ in chosen), counted

    def _choices(self) -> list[list[tuple[str, int | None]]]:
        """Return for each word the ways to write it, with the number that it then has."""
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
        return choices


def _check_targets(kind: str, targets: tuple[str, ...], note: str) -> None:
    """Refuse targets where nothing can be pointed at, and none where that is not explained."""
    if targets and kind in ("government", "part-of-name", "not-a-place", "none"):
        raise ValueError(f"the type is {kind}: leave the targets empty")
    if not targets and kind == "act":
        raise ValueError("name the act in the column targets")
    if not targets and kind in ("place", "area") and not note:
        raise ValueError("name what it points at, or give in the note the reason why nothing")


def _alternatives(text: object) -> object:
    return tuple(part.strip() for part in text.split("|")) if isinstance(text, str) and text else ()


Alternatives = Annotated[tuple[str, ...], BeforeValidator(_alternatives)]
"""Words or runs of words separated by ``|``; a star at the end of one stands for any ending."""


class Cue(Record):
    """Words near a mention that change what it is.

    Of the rows that speak of a mention, the first whose conditions all hold decides.

    Parameters
    ----------
    of : tuple of str
        Ids of the phrases, or of the places and acts pointed at, of whose mentions it speaks.
    before, after : tuple of str
        One of these stands directly before, directly after the mention; articles, quotation marks and
        brackets between do not count. Nothing: no matter what stands there.
    near : tuple of str
        One of these stands in the same sentence, at most 300 characters away.
    type : str
        What the mention becomes; ``none`` for nothing that is marked at all.
    targets : tuple of str
        Ids of places, areas or acts.
    note : str
        A sentence for the reader, or nothing.
    """

    id: Slug
    of: Ids
    before: Alternatives
    after: Alternatives
    near: Alternatives
    type: Outcome
    targets: Ids
    confidence: float = Field(ge=0, le=1)
    note: str

    @model_validator(mode="after")
    def _is_well_formed(self) -> Cue:
        if not self.of:
            raise ValueError("name the phrases or places it speaks of in the column of")
        _check_targets(self.type, self.targets, self.note)
        words = (*self.before, *self.after, *self.near)
        if not words:
            raise ValueError("give words in before, after or near; without any it would always hold")
        if not all(word.rstrip("*") and "*" not in word[:-1] for word in words):
            raise ValueError("every alternative needs letters, and a star stands only at the end of one")
        return self
