"""Sentences in English that can be said in another language: they keep their pattern and its values.

Whoever finds a fault says it in English and knows of no reader's language; whoever tells it may say it in
theirs, by `geo.language.Catalogue.repeat`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

BRACES = re.compile(r"\{(\w+)\}", re.ASCII)
"""What gives way to a value in a pattern."""


class Sentence(str):
    """A text in English, with the pattern and the values that it is made of.

    Parameters
    ----------
    pattern : str
        A phrase of the catalogues; braces in it give way to values.
    values : mapping of str to (str or int)
        By the names in the braces. A text may be a sentence itself; a number is written with separators.
    many : str
        The pattern where ``n`` among the values is not 1; empty where it makes no difference in English.

    Examples
    --------
    >>> sentence("{n} places; at most {most} would do", n=25000, most=20000)
    '25,000 places; at most 20,000 would do'
    """

    __slots__ = ("many", "pattern", "values")

    pattern: str
    values: Mapping[str, str | int]
    many: str

    def __new__(cls, pattern: str, values: Mapping[str, str | int], many: str = "") -> Sentence:
        """Return the English text; what a value holds has no meaning in it."""
        said = many if many and values["n"] != 1 else pattern
        made = super().__new__(cls, filled(said, values, _in_english))
        made.pattern, made.values, made.many = pattern, MappingProxyType(dict(values)), many
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Be copied and kept with pattern and values."""
        return Sentence, (self.pattern, dict(self.values), self.many)


def sentence(pattern: str, **values: str | int) -> Sentence:
    """Return a sentence; the pattern is a literal, so that it can be found to be translated."""
    return Sentence(pattern, values)


def sentence_n(one: str, many: str, n: int, **values: str | int) -> Sentence:
    """Return a sentence with a plural; ``{n}`` in it gives way to the number."""
    return Sentence(one, {"n": n, **values}, many)


def listed(parts: Sequence[str]) -> str:
    """Return at least one text, or several one after the other.

    Examples
    --------
    >>> listed(["1 place", "2 lines", "3 areas"])
    '1 place, 2 lines, 3 areas'
    """
    first, *rest = parts
    return sentence("{first}, {rest}", first=first, rest=listed(rest)) if rest else first


def filled(pattern: str, values: Mapping[str, Any], write: Callable[[Any], str]) -> str:
    """Put values in the place of braces; no format string, so that nothing in a value has a meaning."""
    return BRACES.sub(lambda found: write(values[found[1]]) if found[1] in values else found[0], pattern)


def said_by(error: Exception) -> str:
    """Return what an exception says, as the sentence that it was made with if it was."""
    return error.args[0] if error.args and isinstance(error.args[0], Sentence) else str(error)


def packed(value: Any) -> Any:
    """Return texts, in lists or alone, as JSON can hold them, sentences with what they are made of."""
    if isinstance(value, Sentence):
        values = {name: packed(part) for name, part in value.values.items()}
        return {"pattern": value.pattern, "values": values, "many": value.many}
    return [packed(part) for part in value] if isinstance(value, list | tuple) else value


def unpacked(raw: Any) -> str:
    """Return the text that `packed` wrote.

    Raises
    ------
    ValueError
        If it is none.
    """
    match raw:
        case str():
            return raw
        case {"pattern": str(pattern), "values": {**found}, "many": str(many), **more} if not more:
            values = {
                str(name): part if type(part) is int else unpacked(part) for name, part in found.items()
            }
            if not many or type(values.get("n")) is int:
                return Sentence(pattern, values, many)
    raise ValueError("no text")


def _in_english(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
