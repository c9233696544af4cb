"""What the page says of a text: its passages with their mentions and claims as one JSON value.

Offsets of mentions count UTF-16 units, as JavaScript does; inside the atlas they count code points. What
mentions say stands in a table, each thing once, for a long text says the same of a name ten thousand times.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from geo.annotations import apply_curated
from geo.article import Article
from geo.atlas import Atlas, Telling
from geo.claims import Claim
from geo.content import evidence, licence
from geo.linker import Mention

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)", re.ASCII)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SAID = ("type", "targets", "note", "rule", "confidence", "evidence")
_says: Callable[[Mention], tuple[Any, ...]] = attrgetter(*_SAID)


def compose_article(
    atlas: Atlas,
    article: Article | None = None,
    mentions: Iterable[Mention] | None = None,
    curated: Iterable[Mention] = (),
    retold: Mapping[str, Sequence[Mention]] | None = None,
) -> dict[str, Any]:
    """Return a text with its mentions, ready for JSON.

    Parameters
    ----------
    atlas : Atlas
        Its linker finds the mentions of a reader's article; those of our account are curated.
    article : Article, optional
        A reader's own; our account where it is left out.
    mentions : iterable of Mention, optional
        Those found by other means.
    curated : iterable of Mention
        What people marked in the text; it takes the place of what is found there.
    retold : mapping of str to sequence of Mention, optional
        The mentions of our account in the other languages by tag, found by other means.
    """
    own = article is None
    if mentions is None:
        mentions = atlas.annotations if article is None else atlas.linker.mentions(article)
    mentions = apply_curated(mentions, curated)
    article = article or atlas.account
    by_passage: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_passage.setdefault(mention.passage, []).append(mention)
    # The claims weighed are those of our account; about another text we know nothing.
    claims = atlas.claims if own else ()
    table = _Table()
    made: dict[str, Any] = {
        "licence": licence(own=own),
        "title": article.title,
        "lang": article.lang,
        "date": article.date,
        "author": article.author,
        "source": article.source,
        "encoding": article.encoding,
        "digest": article.digest,
        "own": own,
        "passages": [
            {
                "id": passage.id,
                "kind": passage.kind,
                "text": passage.text,
                "days": _days_spoken_of(atlas, passage.text, by_passage.get(passage.id, ())),
                "mentions": table.rows(by_passage.get(passage.id, ()), passage.text),
                "claims": [_claim(claim, passage.text) for claim in claims if claim.passage == passage.id],
            }
            for passage in article.passages
        ],
    }
    if own:
        curated_by = {tag: telling.annotations for tag, telling in atlas.tellings.items()}
        made["texts"] = {
            tag: _retold(telling, (retold or curated_by)[tag], claims, table)
            for tag, telling in atlas.tellings.items()
        }
    return made | {"said": table.said}


class _Table:
    """What mentions say, each thing once and in the order in which it is first said."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}

    @property
    def said(self) -> list[dict[str, Any]]:
        """By number what a mention says; what is empty is left out."""
        return [
            {name: value for name, value in zip(_SAID, values, strict=True) if value != ""}
            for values in self._numbers
        ]

    def rows(self, mentions: Iterable[Mention], text: str) -> list[tuple[int, int, int]]:
        """Return mentions of a text as start, end and the number of what they say."""
        units = _utf16(text)
        return [
            (units(each.start), units(each.end), self._numbers.setdefault(_says(each), len(self._numbers)))
            for each in mentions
        ]


def _retold(
    telling: Telling, mentions: Sequence[Mention], claims: Sequence[Claim], table: _Table
) -> dict[str, Any]:
    """Return our account in another language: only what differs from the English, passage by passage.

    A claim is start and end of its words, in the order of the English passage's.
    """
    passages = []
    for passage in telling.article.passages:
        units = _utf16(passage.text)
        here = [mention for mention in mentions if mention.passage == passage.id]
        words = [telling.words[claim.id] for claim in claims if claim.passage == passage.id]
        starts = [passage.text.index(exact) for exact in words]
        passages.append(
            {
                "text": passage.text,
                "mentions": table.rows(here, passage.text),
                "claims": [
                    [units(start), units(start + len(exact))]
                    for start, exact in zip(starts, words, strict=True)
                ],
            }
        )
    return {"title": telling.article.title, "digest": telling.article.digest, "passages": passages}


def _days_spoken_of(atlas: Atlas, text: str, mentions: Iterable[Mention]) -> list[str]:
    """Return the days that a passage speaks of: of the acts it mentions, and New Year's of the years."""
    acts = {act.id: act.date for act in atlas.acts}
    dates = [acts[target] for mention in mentions for target in mention.targets if target in acts]
    days = {str(span.start) for span in dates if span and span.start}
    known = {day[:4] for day in days}
    return sorted(days | {f"{year}-01-01" for year in _YEAR.findall(text) if year not in known})


def _claim(claim: Claim, text: str) -> dict[str, Any]:
    start, units = text.index(claim.exact), _utf16(text)
    return {
        "id": claim.id,
        "start": units(start),
        "end": units(start + len(claim.exact)),
        "verdict": claim.verdict,
        "reason": claim.reason,
        "targets": claim.targets,
        **evidence(claim),
    }


def _utf16(text: str) -> Callable[[int], int]:
    """Return what turns a position in code points into one in UTF-16 units, the text being read once."""
    astral = [found.start() for found in _ASTRAL.finditer(text)]
    return lambda position: position + bisect_left(astral, position)
