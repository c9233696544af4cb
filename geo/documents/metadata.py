"""What a web page says of itself: title, date, author and address, by the best of several conventions.

References
----------
schema.org Article in JSON-LD; the Open Graph protocol; Dublin Core and HTML's standard names in ``meta``;
the comment in which browsers note the address of a page they save.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

MAX_LINKED_DATA = 20
MAX_VALUE = 2_000

_ATTRIBUTE = re.compile(r"([a-z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)
_SAVED_FROM = re.compile(r"(?:saved from url=\(\d{1,9}\)|\burl:\s{0,20})(https?://\S{1,2000})")
_ARTICLES = re.compile(r"(?:[A-Za-z]*Article|BlogPosting|Report|WebPage)")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("ld:headline", "og:title", "twitter:title", "dc.title", "title"),
    "date": (
        "ld:datePublished",
        "article:published_time",
        "datepublished",
        "dc.date.issued",
        "dc.date",
        "dcterms.created",
        "pubdate",
        "publish-date",
        "date",
    ),
    "author": ("ld:author", "author", "article:author", "dc.creator"),
    "source": ("saved", "canonical", "og:url", "ld:url", "og:site_name"),
}
"""By what is wanted, the names it goes by, the best first."""


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes in the inside of a tag, names in small letters, references resolved."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text[: 4 * MAX_VALUE]):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), html.unescape(value)[:MAX_VALUE])
    return found


class PageMetadata:
    """Collects what a page says of itself, as it is met; the first of a name counts."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._blocks_of_linked_data = 0

    @property
    def title(self) -> str:
        """The title of the article, else of the page."""
        return self._best("title")

    @property
    def date(self) -> str:
        """When it was published, as the page writes it."""
        return self._best("date")

    @property
    def author(self) -> str:
        """Who wrote it; several are separated by commas."""
        return self._best("author")

    @property
    def source(self) -> str:
        """The address of the page, else the name of its site."""
        return self._best("source")

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take a ``meta`` or a ``link`` into account."""
        if name == "link":
            if attributes.get("rel", "").lower() == "canonical":
                self._note("canonical", attributes.get("href", ""))
            return
        content = attributes.get("content", "")
        for key in ("property", "name", "itemprop"):
            said = attributes.get(key, "").lower()
            if said and not (said == "article:author" and content.startswith("http")):  # a profile, no name
                self._note(said, content)

    def titled(self, content: str) -> None:
        """Take the content of a ``title``."""
        self._note("title", html.unescape(content[:MAX_VALUE]))

    def comment(self, content: str) -> None:
        """Take the address from the comment of a browser that saved the page."""
        if found := _SAVED_FROM.search(content[:MAX_VALUE]):
            self._note("saved", found[1])

    def linked_data(self, content: str) -> None:
        """Take the description of an article out of a block of JSON-LD; one that is faulty says nothing."""
        self._blocks_of_linked_data += 1
        if self._blocks_of_linked_data > MAX_LINKED_DATA:
            return
        try:
            described = json.loads(content)
        except (ValueError, RecursionError):
            return
        for node in _nodes(described):
            if any(_ARTICLES.fullmatch(kind) for kind in _texts(node.get("@type"))):
                for key in ("headline", "datePublished", "url"):
                    self._note(f"ld:{key}", next(_texts(node.get(key)), ""))
                self._note("ld:author", ", ".join(_names(node.get("author"))))

    def _note(self, name: str, value: str) -> None:
        if value.strip():
            self._said.setdefault(name, value.strip()[:MAX_VALUE])

    def _best(self, field: str) -> str:
        return next((self._said[name] for name in _FIELDS[field] if name in self._said), "")


def _nodes(described: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects at the top of a description, of its list or of its graph."""
    for node in described if isinstance(described, list) else [described]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from (
                (inner for inner in graph if isinstance(inner, dict)) if isinstance(graph, list) else ()
            )


def _texts(value: Any) -> Iterator[str]:
    yield from (text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str))


def _names(authors: Any) -> Iterator[str]:
    for author in (authors if isinstance(authors, list) else [authors])[:20]:
        yield from _texts(author.get("name") if isinstance(author, dict) else author)
