"""The mentions and the weighed claims of the account as a W3C AnnotationPage, for other readers.

References
----------
W3C Recommendation, Web Annotation Data Model, 2017: linking and assessing; text quote and text position
selectors, positions counted in code points. The sums of sources are those of schema.org (``sha256``).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from geo.article import Article
from geo.citations import Cited, reference
from geo.claims import Claim
from geo.exports.extract import CREATOR, LICENCES, Extract
from geo.exports.rows import cite
from geo.linker import Mention

ACCOUNT = "account.txt"
"""The text that the annotations point at, as `account_text` gives it."""

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_OWN_TERMS = {
    "sha256": "http://schema.org/sha256",
    "certainty": "urn:far-east-atlas:term:certainty",
    "citations": "urn:far-east-atlas:term:citations",
    "credits": "urn:far-east-atlas:term:credits",
}
_AROUND = 32
"""Code points of text quoted before and after a stretch."""

_GAP = "\n\n"


def identify(kind: str, name: str) -> str:
    """Return the identifier of a record outside the atlas.

    Examples
    --------
    >>> identify("place", "vladivostok")
    'urn:far-east-atlas:place:vladivostok'
    """
    return f"urn:far-east-atlas:{kind}:{name}"


def account_text(article: Article) -> str:
    """Return the account as plain text: its passages, NFC, with a blank line between."""
    return _GAP.join(passage.text for passage in article.passages) + "\n"


def write_annotations(extract: Extract) -> bytes:
    """Return the annotations of the account as an AnnotationPage.

    They speak of the whole account, whatever a view shows. The text they point at is named with its
    SHA-256, so that a reader can tell whether it is the same.
    """
    return (json.dumps(_page(extract), ensure_ascii=False, indent=1) + "\n").encode()


def _page(extract: Extract) -> dict[str, Any]:
    atlas = extract.atlas
    text = account_text(atlas.account)
    starts = _starts(atlas.account)
    kinds = _kinds(extract)
    items = [_mention(mention, text, starts, kinds) for mention in atlas.annotations]
    items += [_claim(claim, extract, text, starts, kinds) for claim in atlas.claims]
    return {
        "@context": [_CONTEXT, _OWN_TERMS],
        "id": identify("annotations", atlas.version),
        "type": "AnnotationPage",
        "partOf": {
            "id": identify("annotation-collection", atlas.version),
            "type": "AnnotationCollection",
            "label": f"The account of Far East Atlas, data {atlas.version}",
            "total": len(items),
            "creator": {"type": "Organization", "name": CREATOR},
            "rights": LICENCES["CC-BY-4.0"][1],
            "sha256": atlas.digest,
        },
        "target": {
            "id": ACCOUNT,
            "type": "Text",
            "format": "text/plain",
            "language": atlas.account.lang,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        },
        "startIndex": 0,
        "items": items,
    }


def _starts(article: Article) -> dict[str, int]:
    """Return where each passage begins in the text, in code points."""
    starts, at = {}, 0
    for passage in article.passages:
        starts[passage.id] = at
        at += len(passage.text) + len(_GAP)
    return starts


def _kinds(extract: Extract) -> dict[str, str]:
    atlas = extract.atlas
    groups: dict[str, tuple[Any, ...]] = {
        "place": atlas.gazetteer.places,
        "site": atlas.gazetteer.sites,
        "area": atlas.areas,
        "line": atlas.lines,
        "act": atlas.acts,
    }
    return {record.id: kind for kind, records in groups.items() for record in records}


def _mention(mention: Mention, text: str, starts: dict[str, int], kinds: dict[str, str]) -> dict[str, Any]:
    start = starts[mention.passage] + mention.start
    bodies = _targets(mention.targets, kinds)
    bodies.append({"type": "TextualBody", "purpose": "classifying", "value": mention.type})
    if mention.note:
        bodies.append(_comment(mention.note))
    name = f"{mention.passage}-{mention.start}-{mention.end}"
    return {
        "id": identify("mention", name),
        "type": "Annotation",
        "motivation": "linking",
        "body": bodies,
        "target": _target(text, start, start + len(mention.exact)),
    }


def _claim(
    claim: Claim, extract: Extract, text: str, starts: dict[str, int], kinds: dict[str, str]
) -> dict[str, Any]:
    passage = next(each for each in extract.atlas.account.passages if each.id == claim.passage)
    start = starts[claim.passage] + passage.text.index(claim.exact)
    verdict = {"type": "TextualBody", "purpose": "assessing", "value": claim.verdict}
    return {
        "id": identify("claim", claim.id),
        "type": "Annotation",
        "motivation": "assessing",
        "body": [verdict, _comment(claim.reason), *_targets(claim.targets, kinds)],
        "target": _target(text, start, start + len(claim.exact)),
        **_evidence(claim, extract),
    }


def _evidence(record: Cited, extract: Extract) -> dict[str, Any]:
    sources = extract.atlas.sources
    credited = dict.fromkeys(citation.key for citation in record.citations)
    return {
        "certainty": record.certainty,
        "citations": cite(record.citations),
        "credits": [reference(sources[key]) for key in credited],
    }


def _targets(targets: tuple[str, ...], kinds: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"type": "SpecificResource", "purpose": "identifying", "source": identify(kinds[name], name)}
        for name in targets
    ]


def _comment(text: str) -> dict[str, Any]:
    said = {"type": "TextualBody", "purpose": "commenting", "value": text}
    return said | {"format": "text/plain", "language": "en"}


def _target(text: str, start: int, end: int) -> dict[str, Any]:
    quotation = {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - _AROUND) : start],
        "suffix": text[end : end + _AROUND],
    }
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"source": ACCOUNT, "selector": [quotation, position]}
