"""Where many quotations stand in a long text, found in one pass.

References
----------
Aho and Corasick, Efficient string matching: an aid to bibliographic search, CACM 18 (1975).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

MAX_SPOTS = 1000
"""How many spots of a quotation are listed; one that stands more often is sought near its old place."""

_CHUNK = 10_000
_NEAREST = 32
_REACH = 2000


class Spots:
    """The spots of quotations in a text.

    Time grows with the text and with the quotations, but not with their product: a quotation that
    stands everywhere is dropped from the search once its list is full.

    Parameters
    ----------
    text : str
        The text.
    quotations : iterable of str
        What is sought; empty ones stand nowhere.
    """

    def __init__(self, text: str, quotations: Iterable[str]) -> None:
        self._text = text
        self._found: dict[str, list[int]] = {quotation: [] for quotation in quotations if quotation}
        sought = list(self._found)
        reach = max(map(len, sought), default=1) - 1
        automaton = None
        for at in range(0, len(text), _CHUNK):
            if automaton is None:
                sought = [quotation for quotation in sought if len(self._found[quotation]) <= MAX_SPOTS]
                automaton = AhoCorasick(sought, matchkind=MatchKind.Standard) if sought else None
            if automaton is None:
                break
            first = max(0, at - reach)
            full = False
            for number, start, end in automaton.find_matches_as_indexes(
                text[first : at + _CHUNK], overlapping=True
            ):
                if first + end > at:  # else the chunk before held it
                    found = self._found[sought[number]]
                    found.append(first + start)
                    full = full or len(found) > MAX_SPOTS
            automaton = None if full else automaton

    def only(self, quotation: str) -> int | None:
        """Return the one spot of a quotation; None where it has none, or several."""
        found = self._found.get(quotation, ())
        return found[0] if len(found) == 1 else None

    def near(self, quotation: str, expected: int | None) -> list[int]:
        """Return the spots of a quotation, in order: 64 at most, those nearest to where it is expected.

        Where it is expected nowhere all are returned; if they are more than `MAX_SPOTS`, there are others.
        """
        found: Sequence[int] = self._found.get(quotation, ())
        if len(found) > MAX_SPOTS and expected is not None:
            found = self._around(quotation, expected)
        if expected is None:
            return list(found)
        middle = bisect_left(found, expected)
        return list(found[max(0, middle - _NEAREST) : middle + _NEAREST])

    def _around(self, quotation: str, expected: int) -> list[int]:
        """Return the spots within reach of a position, few to each side."""
        found: list[int] = []
        at, last = expected, max(0, expected - _REACH)
        while (
            len(found) < _NEAREST and (at := self._text.rfind(quotation, last, at + len(quotation) - 1)) >= 0
        ):
            found.insert(0, at)
        at, last = expected - 1, expected + _REACH + len(quotation)
        while len(found) < 2 * _NEAREST and (at := self._text.find(quotation, at + 1, last)) >= 0:
            found.append(at)
        return found
