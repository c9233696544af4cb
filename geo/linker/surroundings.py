"""The words around a mention, and whether one of a list stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from geo.article import WIDE
from geo.linker.lexicon import fold

_TOKEN = re.compile(rf"(?:^|(?<=\w))'s\b|[^\W{WIDE}]+")  # a word, or the 's of a possessive
_HAN = re.compile(f"[{WIDE}]")
_NEAR = 300
_BESIDE = 80
_ARTICLES = frozenset({"the", "a", "an"})
_SIGNS = " \"'“”„«»《》〈〉「」『』()（）[]"


class _Token(NamedTuple):
    folded: str
    written: str


class WordList:
    """Words and runs of words to be met in a text, each as `geo.linker.phrases.Cue` writes it.

    Parameters
    ----------
    alternatives : iterable of str
        Any of them will do. A star at the end of one stands for any ending.
    """

    def __init__(self, alternatives: Iterable[str]) -> None:
        folded = [fold(alternative) for alternative in alternatives]
        self.han = tuple(one.rstrip("*") for one in folded if _HAN.search(one))
        lists = [(_TOKEN.findall(one), one.endswith("*")) for one in folded if not _HAN.search(one)]
        self._exact = frozenset(words[0] for words, star in lists if len(words) == 1 and not star)
        self._stems = tuple(words[0] for words, star in lists if len(words) == 1 and star)
        self._runs = [(words, star) for words, star in lists if len(words) > 1]

    def at_start(self, tokens: Sequence[_Token]) -> str:
        """Return the tokens at the start of a sequence that are in the list, or nothing."""
        if tokens and self._holds(tokens[0].folded):
            return tokens[0].written
        return next(
            (_written(tokens[: len(run)]) for run, star in self._runs if _alike(tokens, run, star)), ""
        )

    def at_end(self, tokens: Sequence[_Token]) -> str:
        """Return the tokens at the end of a sequence that are in the list, or nothing."""
        if tokens and self._holds(tokens[-1].folded):
            return tokens[-1].written
        runs = (run for run, star in self._runs if _alike(tokens[-len(run) :], run, star))
        return next((_written(tokens[-len(run) :]) for run in runs), "")

    def anywhere(self, tokens: Sequence[_Token]) -> str:
        """Return the first tokens of a sequence that are in the list, or nothing."""
        for token in tokens:
            if self._holds(token.folded):
                return token.written
        for run, star in self._runs:
            for number, token in enumerate(tokens):
                if token.folded == run[0] and _alike(tokens[number : number + len(run)], run, star):
                    return _written(tokens[number : number + len(run)])
        return ""

    def _holds(self, word: str) -> bool:
        return word in self._exact or word.startswith(self._stems)


class Surroundings:
    """The text around a mention, within its sentence.

    Parameters
    ----------
    text : str
        The passage.
    start, end : int
        Where the mention stands in it.
    sentence : tuple of int
        Where its sentence begins and ends.
    """

    def __init__(self, text: str, start: int, end: int, sentence: tuple[int, int]) -> None:
        self._before = text[max(sentence[0], start - _NEAR) : start]
        self._after = text[end : min(sentence[1], end + _NEAR)]

    def before(self, words: WordList) -> str:
        """Return what of the list stands directly before the mention, articles and brackets apart."""
        if found := words.at_end(self._tokens_before):
            return found
        text = fold(self._before[-_BESIDE:]).rstrip(_SIGNS) if words.han else ""
        return next((han for han in words.han if text.endswith(han)), "")

    def after(self, words: WordList) -> str:
        """Return what of the list stands directly after the mention, brackets apart."""
        if found := words.at_start(self._tokens_after):
            return found
        text = fold(self._after[:_BESIDE]).lstrip(_SIGNS) if words.han else ""
        return next((han for han in words.han if text.startswith(han)), "")

    def near(self, words: WordList) -> str:
        """Return what of the list stands in the same sentence, not too far away."""
        if found := words.anywhere(self._tokens_near):
            return found
        return next((han for han in words.han if han in self._before or han in self._after), "")

    @cached_property
    def _tokens_before(self) -> list[_Token]:
        tokens = _tokens(self._before[-_BESIDE:])
        while tokens and tokens[-1].folded in _ARTICLES:
            tokens.pop()
        return tokens

    @cached_property
    def _tokens_after(self) -> list[_Token]:
        return _tokens(self._after[:_BESIDE])

    @cached_property
    def _tokens_near(self) -> list[_Token]:
        return [*_tokens(self._before), _Token("", ""), *_tokens(self._after)]


def _tokens(text: str) -> list[_Token]:
    folded = fold(text)
    spans = (match.span() for match in _TOKEN.finditer(folded))
    return [_Token(folded[start:end], text[start:end]) for start, end in spans]


def _alike(tokens: Sequence[_Token], run: Sequence[str], star: bool) -> bool:
    """Tell whether tokens begin with a run of words; a star lets the last one go on."""
    if len(tokens) < len(run):
        return False
    words = [token.folded for token in tokens[: len(run)]]
    return words[:-1] == run[:-1] and (words[-1].startswith(run[-1]) if star else words[-1] == run[-1])


def _written(tokens: Iterable[_Token]) -> str:
    return " ".join(token.written for token in tokens)
