"""Mentions of an article as a W3C AnnotationPage. The same mentions give the same page.

References
----------
W3C Recommendation, Web Annotation Data Model, 2017: sections 3.3 and 3.4, purposes and motivations; 4.2.4
and 4.2.5, text quote and text position selectors, positions counted in code points; 5.2, annotation pages.
The sums of texts are those of schema.org (``sha256``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from geo.annotations.account import CURATED
from geo.article import Article
from geo.linker import Mention

if TYPE_CHECKING:  # the process that reads annotations would load shapely for nothing
    from geo.atlas import Atlas

AROUND = 32
"""Code points of text quoted before and after a stretch."""

URN = "urn:far-east-atlas:"

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
OWN_TERMS = {
    "sha256": "http://schema.org/sha256",
    **{
        term: f"{URN}term:{term}"
        for term in ("certainty", "citations", "confidence", "credits", "evidence", "rule")
    },
}

OWN = "own"
"""The kind of a record that a reader brought, and the atlas does not hold."""

_GEONAMES = re.compile(r"(?:https?://(?:www\.|sws\.)?geonames\.org/|gn:)(\d{1,12})(?:/.*)?", re.ASCII)
_WIKIDATA = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/|wd:)(Q\d{1,12})", re.ASCII)


def identify(kind: str, name: str) -> str:
    """Return the identifier of a record outside the atlas.

    Examples
    --------
    >>> identify("place", "vladivostok")
    'urn:far-east-atlas:place:vladivostok'
    """
    return f"{URN}{kind}:{quote(name, safe='')}"


@dataclass(frozen=True, slots=True)
class Identities:
    """What may be pointed at, and by which identifiers.

    Parameters
    ----------
    kinds : mapping of str to str
        By id, the kind of the record: ``place``, ``site``, ``area``, ``line``, ``act``; ``own`` for a
        record of a reader's gazetteer.
    aliases : mapping of str to str
        By ``gn:`` or ``wd:`` and the number that GeoNames or Wikidata gives a place, its id.
    """

    kinds: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, iri: str) -> str | None:
        """Return the id that an identifier or an address means; None where the atlas has no such record.

        Examples
        --------
        >>> known = Identities({"vladivostok": "place"}, {"wd:Q959": "vladivostok"})
        >>> {known.name_of(iri) for iri in ("vladivostok", identify("place", "vladivostok"), "wd:Q959",
        ...     "https://www.wikidata.org/wiki/Q959")}
        {'vladivostok'}
        """
        if iri in self.kinds:
            return iri
        if iri.startswith(URN):
            kind, _, name = iri.removeprefix(URN).partition(":")
            return unquote(name) if self.kinds.get(unquote(name)) == kind else None
        if match := _GEONAMES.fullmatch(iri):
            return self.aliases.get(f"gn:{match[1]}")
        if match := _WIKIDATA.fullmatch(iri):
            return self.aliases.get(f"wd:{match[1]}")
        return None


def identities_of(atlas: Atlas, own: Iterable[str] = ()) -> Identities:
    """Return what an annotation may point at: the records of an atlas, and ids of a reader's gazetteer."""
    groups: dict[str, tuple[Any, ...]] = {
        "place": atlas.gazetteer.places,
        "site": atlas.gazetteer.sites,
        "area": atlas.areas,
        "line": atlas.lines,
        "act": atlas.acts,
    }
    kinds = {record.id: kind for kind, records in groups.items() for record in records}
    kinds |= dict.fromkeys(own, "own")
    places = atlas.gazetteer.places
    aliases = {f"gn:{place.geonames}": place.id for place in places if place.geonames}
    aliases |= {f"wd:{place.wikidata}": place.id for place in places if place.wikidata}
    return Identities(kinds, aliases)


@dataclass(frozen=True)
class AnnotatedText:
    """A text that annotations speak of, as other programs read it.

    Parameters
    ----------
    article : Article
        The text; the annotations count in its ``text``.
    known : Identities
        What they point at.
    source : str
        The identifier of the text: an address, or the name of a file beside the annotations.
    prefix : str
        What the identifiers of mentions begin with, so that those of two texts differ.
    note_lang : str
        The language of the notes that people wrote; empty where it is not known.
    """

    article: Article
    known: Identities
    source: str
    prefix: str = ""
    note_lang: str = ""

    @cached_property
    def _text(self) -> str:
        return self.article.text

    @cached_property
    def _starts(self) -> Mapping[str, int]:
        return self.article.starts

    def page(self, name: str, items: Iterable[dict[str, Any]], **about: object) -> dict[str, Any]:
        """Return a page of annotations.

        Parameters
        ----------
        name : str
            The last part of its identifier.
        items : iterable of dict
            As `mention` makes them, and others.
        **about
            Properties of the collection that the page is the whole of.
        """
        listed = list(items)
        return {
            "@context": [CONTEXT, OWN_TERMS],
            "id": identify("annotations", name),
            "type": "AnnotationPage",
            "partOf": {
                "id": identify("annotation-collection", name),
                "type": "AnnotationCollection",
                "total": len(listed),
                **about,
            },
            "target": {
                "id": self.source,
                "type": "Text",
                "format": "text/plain",
                "language": self.article.lang,
                "sha256": self.article.digest,
            },
            "startIndex": 0,
            "items": listed,
        }

    def mention(self, mention: Mention) -> dict[str, Any]:
        """Return a mention as an annotation: what it points at, its type with rule and evidence, its note."""
        kind: dict[str, Any] = {"type": "TextualBody", "purpose": "classifying", "value": mention.type}
        kind |= {"rule": mention.rule, "confidence": mention.confidence}
        if mention.evidence:
            kind["evidence"] = mention.evidence
        bodies = [*self.targets(mention.targets), kind]
        if mention.note:
            bodies.append(comment(mention.note, self.note_lang if mention.rule == CURATED else "en"))
        return {
            "id": identify("mention", f"{self.prefix}{mention.passage}-{mention.start}-{mention.end}"),
            "type": "Annotation",
            "motivation": "linking",
            "body": bodies,
            "target": self.target(mention.passage, mention.start, mention.end),
        }

    def targets(self, names: Iterable[str]) -> list[dict[str, Any]]:
        """Return what is pointed at as bodies."""
        return [
            {
                "type": "SpecificResource",
                "purpose": "identifying",
                "source": identify(self.known.kinds.get(name, OWN), name),
            }
            for name in names
        ]

    def target(self, passage: str, start: int, end: int) -> dict[str, Any]:
        """Return a stretch of a passage, in code points, as a target: by quotation and by position."""
        start, end = self._starts[passage] + start, self._starts[passage] + end
        quotation = {
            "type": "TextQuoteSelector",
            "exact": self._text[start:end],
            "prefix": self._text[max(0, start - AROUND) : start],
            "suffix": self._text[end : end + AROUND],
        }
        position = {"type": "TextPositionSelector", "start": start, "end": end}
        return {"source": self.source, "selector": [quotation, position]}


def comment(text: str, lang: str) -> dict[str, Any]:
    """Return a note for the reader as a body."""
    said = {"type": "TextualBody", "purpose": "commenting", "value": text, "format": "text/plain"}
    return said | ({"language": lang} if lang else {})


def as_bytes(page: Mapping[str, Any]) -> bytes:
    """Return a page as JSON-LD in UTF-8, for a person to read and for tools to compare by lines."""
    return (json.dumps(page, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
