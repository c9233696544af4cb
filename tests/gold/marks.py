"""Reading the marked texts: which stretch of which passage is what."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from geo.annotations import read_annotations
from geo.article import Article, parse_article
from geo.linker import Mention, MentionType
from geo.reading import load_atlas

FOLDER = Path(__file__).parent
ACCOUNT = FOLDER.parents[1] / "data" / "account"
UNSEEN = FOLDER / "unseen"
"""Texts that the rules of the linker were not made with, and must not be."""

GOLD = "gold"
"""The rule of a mention that the gold texts mark."""

_MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_DROPPED = "#-*\u00ad"  # what reading may take away beside white space
_NEEDS_TARGET = ("act", "group")
_NEVER_HAS_TARGET = ("government", "part-of-name", "not-a-place")


class MarkError(ValueError):
    """A mark that cannot be meant so; the message names the text and the mark."""


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text and what is marked in it.

    Parameters
    ----------
    name : str
        Of the file.
    article : Article
        The text without its marks, read as a reader's file is.
    mentions : tuple of Mention
        The marks, in the order of the text; the rule is ``gold``, the note a mark's reason.
    """

    name: str
    article: Article
    mentions: tuple[Mention, ...]

    @property
    def lang(self) -> str:
        """The language that prevails."""
        return self.article.lang


def gold_texts() -> tuple[GoldText, ...]:
    """Return the marked texts by name, and after them our own account of the article."""
    return (*folder_texts(FOLDER), account_text())


def folder_texts(folder: Path) -> tuple[GoldText, ...]:
    """Return the marked texts of a folder by name."""
    sets = read_sets((FOLDER / "sets.csv").read_text("utf-8"))
    paths = [path for path in sorted(folder.glob("??-*")) if path.suffix in (".md", ".txt")]
    return tuple(read_marks(path.read_text("utf-8"), path.name, sets) for path in paths)


def account_text() -> GoldText:
    """Return our own account of the article with its curated annotations."""
    article = parse_article((ACCOUNT / "account.md").read_bytes(), "account.md", ())
    page = json.loads((ACCOUNT / "annotations.json").read_text("utf-8"))
    return GoldText("account.md", article, read_annotations(page, article, "annotations.json"))


def read_sets(table: str) -> dict[str, tuple[str, ...]]:
    """Read the lists of targets that a mark may name as ``@name``."""
    return {row["name"]: tuple(row["targets"].split()) for row in csv.DictReader(table.splitlines())}


def read_marks(source: str, name: str, sets: Mapping[str, Iterable[str]]) -> GoldText:
    """Read a text with marks ``[[words|type|targets|reason]]``; the last two may be left out.

    Parameters
    ----------
    source : str
        The text.
    name : str
        Of the file; its ending tells how the text is read.
    sets : mapping of str to iterable of str
        The lists of targets that a mark may name.

    Raises
    ------
    MarkError
        If a mark is not well formed, or reading the text tears it apart.
    """
    clean, marks = "", []
    seen = 0
    for match in _MARK.finditer(source):
        clean += source[seen : match.start()]
        words, kind, targets, reason = _parsed(match[1], name, sets)
        marks.append((len(clean), len(clean) + len(words), kind, targets, reason))
        clean += words
        seen = match.end()
    clean += source[seen:]
    if "[[" in clean or "]]" in clean:
        raise MarkError(f"{name}: a mark is not closed, or stands within another")
    article = parse_article(clean.encode(), name, (), words=known_words())
    spots = _spots(clean, article, name)
    return GoldText(name, article, tuple(_mention(mark, clean, spots, article, name) for mark in marks))


@cache
def known_words() -> frozenset[str]:
    """Return the words of the names by which a broken one is known again."""
    return load_atlas().words


def _parsed(
    mark: str, name: str, sets: Mapping[str, Iterable[str]]
) -> tuple[str, MentionType, tuple[str, ...], str]:
    words, kind, written, reason = (*mark.split("|"), "", "", "")[:4]
    if mark.count("|") > 3 or kind not in get_args(MentionType) or not words.strip():
        raise MarkError(f"{name}: [[{mark}]] is not [[words|type|targets|reason]]")
    targets: list[str] = []
    for word in written.split():
        if word.startswith("@"):
            targets += sets[word[1:]]
        elif word.startswith("-"):
            targets.remove(word[1:])
        else:
            targets.append(word)
    if not targets and kind in _NEEDS_TARGET:
        raise MarkError(f"{name}: [[{mark}]] needs a target")
    if targets and kind in _NEVER_HAS_TARGET:
        raise MarkError(f"{name}: [[{mark}]] cannot have a target")
    if not targets and not reason and kind in ("place", "area"):
        raise MarkError(f"{name}: [[{mark}]] points at nothing and gives no reason")
    return words, kind, tuple(targets), reason  # type: ignore[return-value]


def _spots(clean: str, article: Article, name: str) -> dict[int, tuple[int, int]]:
    """Return, by the index of each letter of the text, its passage and its place in it."""
    letters = (
        (number, offset, letter)
        for number, passage in enumerate(article.passages)
        for offset, letter in enumerate(passage.text)
        if not letter.isspace()
    )
    spots: dict[int, tuple[int, int]] = {}
    index = 0
    for number, offset, letter in letters:
        while index < len(clean) and clean[index] != letter:
            if not (clean[index].isspace() or clean[index] in _DROPPED):
                raise MarkError(f"{name}: {clean[index : index + 20]!r} is missing from the text as read")
            index += 1
        spots[index] = (number, offset)
        index += 1
    return spots


def _mention(
    mark: tuple[int, int, MentionType, tuple[str, ...], str],
    clean: str,
    spots: Mapping[int, tuple[int, int]],
    article: Article,
    name: str,
) -> Mention:
    first, last, kind, targets, reason = mark
    found = [spots[index] for index in range(first, last) if index in spots]
    if len({number for number, _ in found}) != 1:
        raise MarkError(f"{name}: {clean[first:last]!r} does not lie in one passage")
    passage = article.passages[found[0][0]]
    if passage.kind not in ("heading", "text"):
        raise MarkError(f"{name}: {clean[first:last]!r} lies in {passage.kind}")
    start, end = found[0][1], found[-1][1] + 1
    return Mention(passage.id, start, end, passage.text[start:end], kind, targets, GOLD, 1.0, reason)
