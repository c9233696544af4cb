"""Markdown (CommonMark) as blocks, with the plain keys of its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from markdown_it import MarkdownIt

from geo.documents.blocks import MAX_BYTES, MAX_MARKDOWN_BYTES, MAX_PASSAGES, Block, Document, Kind
from geo.documents.encoding import decode
from geo.errors import ArticleError
from geo.sentences import sentence

_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:[^\n]*\n){0,100}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_ENTRY = re.compile(r"([A-Za-z_-]{1,30})[ \t]*:[ \t]+(\S[^\n]*)")
_KEYS = {
    "title": "title",
    "date": "date",
    "published": "date",
    "author": "author",
    "authors": "author",
    "source": "source",
    "url": "source",
    "link": "source",
    "canonical": "source",
}


def read_markdown(content: bytes, encoding: str | None) -> Document:
    """Return the blocks of a Markdown file; its front matter is no text.

    Of the front matter count the keys title, date, author, source and their kin with a value on the same
    line, quoted or not. It is not read as YAML: nothing nested, no anchors, no types.

    Parameters
    ----------
    content : bytes
        At most `MAX_MARKDOWN_BYTES`, for the parser has cases of its own that are slow.
    encoding : str or None
        A key of `geo.documents.encoding.ENCODINGS` that decides; None finds it.

    Raises
    ------
    ArticleError
        If the content is too long or no text. The message is the rest of a sentence that begins with the
        name of the file.
    """
    if len(content) > MAX_MARKDOWN_BYTES:
        raise ArticleError(
            sentence(
                "is Markdown of more than {n} MB; shorten it, or save it as .txt, which may hold {most} MB",
                n=MAX_MARKDOWN_BYTES // 1_000_000,
                most=MAX_BYTES // 1_000_000,
            )
        )
    text, name = decode(content, encoding)
    front = _FRONT_MATTER.match(text)
    said: dict[str, str] = {}
    for key, value in _ENTRY.findall(front[1] if front else ""):
        if field := _KEYS.get(key.lower()):
            said.setdefault(field, value.strip().strip("[]").strip("\"'"))
    body = text[front.end() :] if front and said else text
    return Document(list(islice(_blocks(body), MAX_PASSAGES + 1)), **said, encoding=name)


def _blocks(text: str) -> Iterator[Block]:
    kind: Kind = "text"
    depth = 0
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.tag in ("ul", "ol"):
            depth += token.nesting
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type in ("fence", "code_block"):
            yield Block("text", token.content)
        elif token.type == "inline":
            breaks = {"softbreak": "\n", "hardbreak": "\n", "image": ""}
            pieces = [breaks.get(child.type, child.content) for child in token.children or ()]
            yield Block(kind, "".join(pieces), item=depth > 0)
            kind = "text"
