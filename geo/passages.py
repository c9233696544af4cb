"""What the page says of a text: its passages with their mentions and claims as one JSON value.

Offsets of mentions count UTF-16 units, as JavaScript does; inside the atlas they count code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from geo.annotations import apply_curated
from geo.article import Article
from geo.atlas import Atlas, Telling
from geo.claims import Claim
from geo.content import evidence, licence
from geo.linker import Mention

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)", re.ASCII)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


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
                "mentions": _mentions(by_passage.get(passage.id, ()), passage.text),
                "claims": [_claim(claim, passage.text) for claim in claims if claim.passage == passage.id],
            }
            for passage in article.passages
        ],
    }
    if own:
        curated_by = {tag: telling.annotations for tag, telling in atlas.tellings.items()}
        made["texts"] = {
            tag: _retold(made, telling, (retold or curated_by)[tag], claims)
            for tag, telling in atlas.tellings.items()
        }
    return made


def _retold(
    english: Mapping[str, Any], telling: Telling, mentions: Sequence[Mention], claims: Sequence[Claim]
) -> dict[str, Any]:
    """Return our account in another language: only what differs from the English, passage by passage.

    A claim is start and end of its words, in the order of the English passage's; a mention is start and
    end, and the number of the English one that says the same, or it says all for itself.
    """
    passages = []
    for passage, there in zip(telling.article.passages, english["passages"], strict=True):
        units = _utf16(passage.text)
        here = [mention for mention in mentions if mention.passage == passage.id]
        words = [telling.words[claim.id] for claim in claims if claim.passage == passage.id]
        starts = [passage.text.index(exact) for exact in words]
        passages.append(
            {
                "text": passage.text,
                "mentions": _counterparts(_mentions(here, passage.text), there["mentions"]),
                "claims": [
                    [units(start), units(start + len(exact))]
                    for start, exact in zip(starts, words, strict=True)
                ],
            }
        )
    return {"title": telling.article.title, "digest": telling.article.digest, "passages": passages}


def _counterparts(
    mentions: Sequence[dict[str, Any]], english: Sequence[dict[str, Any]]
) -> list[list[int] | dict[str, Any]]:
    """Return mentions with the number of the English one in the place of what both say."""
    spots = {"start": 0, "end": 0}
    said = [each | spots for each in english]
    made: list[list[int] | dict[str, Any]] = []
    for each in mentions:
        same = each | spots
        made.append([each["start"], each["end"], said.index(same)] if same in said else each)
    return made


def _days_spoken_of(atlas: Atlas, text: str, mentions: Iterable[Mention]) -> list[str]:
    """Return the days that a passage speaks of: of the acts it mentions, and New Year's of the years."""
    acts = {act.id: act.date for act in atlas.acts}
    dates = [acts[target] for mention in mentions for target in mention.targets if target in acts]
    days = {str(span.start) for span in dates if span and span.start}
    known = {day[:4] for day in days}
    return sorted(days | {f"{year}-01-01" for year in _YEAR.findall(text) if year not in known})


def _mentions(mentions: Sequence[Mention], text: str) -> list[dict[str, Any]]:
    units = _utf16(text)
    kept = ("type", "targets", "note", "rule", "confidence", "evidence")
    said = [{name: value for name in kept if (value := getattr(each, name)) != ""} for each in mentions]
    spans = [{"start": units(each.start), "end": units(each.end)} for each in mentions]
    return [span | each for span, each in zip(spans, said, strict=True)]


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
