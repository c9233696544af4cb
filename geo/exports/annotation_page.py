"""The mentions and the weighed claims of the account as a W3C AnnotationPage, for other readers.

References
----------
W3C Recommendation, Web Annotation Data Model, 2017: motivations, linking and assessing.
"""

from __future__ import annotations

from typing import Any

from geo.annotations import AnnotatedText, identify, identities_of
from geo.annotations.writing import as_bytes, comment
from geo.citations import Cited, reference
from geo.claims import Claim
from geo.exports.extract import CREATOR, LICENCES, Extract
from geo.exports.rows import cite

ACCOUNT = "account.txt"
"""The file that the annotations point at; it holds `Article.text` of the account."""


def write_annotations(extract: Extract) -> bytes:
    """Return the annotations of the account as an AnnotationPage.

    They speak of the whole account, whatever a view shows. The text they point at is named with its
    SHA-256, so that a reader can tell whether it is the same.
    """
    atlas = extract.atlas
    text = AnnotatedText(atlas.account, identities_of(atlas), ACCOUNT, note_lang="en")
    items = [text.mention(mention) for mention in atlas.annotations]
    items += [_claim(claim, extract, text) for claim in atlas.claims]
    page = text.page(
        atlas.version,
        items,
        label=f"The account of Far East Atlas, data {atlas.version}",
        creator={"type": "Organization", "name": CREATOR},
        rights=LICENCES["CC-BY-4.0"][1],
        sha256=atlas.digest,
    )
    return as_bytes(page)


def _claim(claim: Claim, extract: Extract, text: AnnotatedText) -> dict[str, Any]:
    passage = next(each for each in text.article.passages if each.id == claim.passage)
    start = passage.text.index(claim.exact)
    verdict = {"type": "TextualBody", "purpose": "assessing", "value": claim.verdict}
    return {
        "id": identify("claim", claim.id),
        "type": "Annotation",
        "motivation": "assessing",
        "body": [verdict, comment(claim.reason, "en"), *text.targets(claim.targets)],
        "target": text.target(claim.passage, start, start + len(claim.exact)),
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
