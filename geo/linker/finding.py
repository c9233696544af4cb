"""Finding forms in a text: one pass, in time that grows with the text and not with the number of names.

An automaton looks for the beginnings of all forms at once, one for all cases of a name, which keeps it
small; where one is met at the start of a word, a dictionary tells the longest form that ends with a
word there. So no longer candidate that fails hides a shorter one. Nothing from the data or from a
reader is ever used as a regular expression.

References
----------
Aho and Corasick, Efficient string matching: an aid to bibliographic search, CACM 18 (1975).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from geo.linker.lexicon import WORD, Entry, Lexicon, plain, pruned, small

_NEXT = re.compile(r"\W{1,8}")
_CHUNK = 1 << 18


class Found(NamedTuple):
    """A form that stands in a text, from `start` to `end` in code points, and what it means by itself."""

    start: int
    end: int
    entry: Entry


class Finder:
    """Finds the forms of a lexicon.

    Parameters
    ----------
    lexicon : Lexicon
        The forms.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        keys = pruned(lexicon.keys)
        self._worded = len(keys)
        self._automaton = AhoCorasick([*keys, *lexicon.whole])

    def find(self, text: str) -> Iterator[Found]:
        """Yield what stands in a text, in order, none overlapping: the first, and of those the longest.

        Parameters
        ----------
        text : str
            NFC. It is gone through in pieces, so that memory does not grow with it.
        """
        reach = self._lexicon.longest + 1
        last = 0
        for begin in range(0, len(text), _CHUNK):
            piece = text[max(begin - 1, 0) : begin + _CHUNK + reach]
            shift = max(begin - 1, 0)
            for start, end, entry in self._longest_each(piece):
                if last <= shift + start and begin <= shift + start < begin + _CHUNK:
                    last = shift + end
                    yield Found(shift + start, last, entry)

    def _longest_each(self, text: str) -> list[Found]:
        """Return the longest form at each spot of a text, in order of the spots; they may overlap."""
        text = plain(text)
        folded = small(text)
        best: dict[int, Found] = {}
        seen = -1
        for key, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if key < self._worded:
                if start == seen or (start and text[start - 1] != " " and _is_letter(text[start - 1])):
                    continue
                seen = start
                found = self._worded_at(folded, start, text[start].islower())
            else:
                found = self._whole_at(folded, start, end, text[start].islower())
            if found and (start not in best or found.end > best[start].end):
                best[start] = found
        return [best[start] for start in sorted(best)]

    def _worded_at(self, folded: str, start: int, begins_small: bool) -> Found | None:
        """Return the longest form made of words that begins here and ends with a word."""
        lexicon = self._lexicon
        word = WORD.match(folded, start)
        found = None
        while word:
            end = word.end()
            piece = folded[start:end]
            if entry := lexicon.meaning(piece, begins_small):
                found = Found(start, end, entry)
            if piece not in lexicon.stems:
                break
            gap = _NEXT.match(folded, end)
            word = WORD.match(folded, gap.end()) if gap else None
        return found

    def _whole_at(self, folded: str, start: int, end: int, begins_small: bool) -> Found | None:
        """Return a form that has a sign or a Han character in it, unless a word goes on beyond it."""
        if start and _is_letter(folded[start]) and _is_letter(folded[start - 1]):
            return None
        if end < len(folded) and _is_letter(folded[end - 1]) and _is_letter(folded[end]):
            return None
        entry = self._lexicon.meaning(folded[start:end], begins_small)
        return Found(start, end, entry) if entry else None


def _is_letter(char: str) -> bool:
    """Tell whether a character belongs to a word; Han, kana and Hangul do not."""
    return WORD.match(char) is not None
