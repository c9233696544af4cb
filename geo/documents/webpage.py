"""Web pages as blocks of text, each told apart by what its element is for.

A page goes through three hands, for no parser of HTML is safe against every page:

1. one linear pass of our own writes it anew: comments, scripts and the like drop out, tags keep only
   what tells the purpose of their element, unknown ones become ``div``, nesting ends at `MAX_DEPTH`.
   This protects the parsers, which endless attributes, unclosed quotes and deep nesting would stall;
2. ammonia (nh3) cleans that as a browser would read it: named tags and ``class`` alone survive, so that
   no script or handler does, whatever the first pass took it for;
3. lexbor builds the tree, whose text is taken. Markup never leaves this module, only text does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from geo.documents.blocks import MAX_BYTES, MAX_DEPTH, MAX_TAGS, Block, Document
from geo.documents.encoding import decode
from geo.documents.metadata import PageMetadata, attributes_of
from geo.errors import ArticleError
from geo.sentences import sentence

# Each alternative consumes what it has looked at, so the pass is linear.
_MARKUP = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)"
    r"|<(?P<closed>script|title|style|noscript|template|svg|math|iframe|object|select|textarea|rt|rp)\b"
    r"(?P<within>[^>]*+)>?+(?P<content>.*?)(?:</(?P=closed)\b[^>]*+>?+|\Z)"
    r"|<(?P<tag>/?[a-z][a-z0-9-]*+)(?P<attributes>(?:[^<>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+)>?+"
    r"|<[!?][^>]*+>?+"
    r"|<",
    re.IGNORECASE | re.DOTALL,
)
_PURPOSE = re.compile(r"(?<![\w-])(?:class|id|role)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"']+)", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w:.-]{1,40})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INLINE = _words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q ruby rb s "
    "samp small span strike strong sub sup time tt u var wbr"
)
_HEADINGS = _words("h1 h2 h3 h4 h5 h6")
_FURNITURE_TAGS = _words("nav aside footer header form button dialog menu")
_VOID = _words("br hr img wbr")
_UNCLOSED = _words("p li dt dd tr td th thead tbody tfoot caption")
_DROPPED = _words("html head body meta link base input area col colgroup source track embed param")
_TAGS = (
    _INLINE
    | _HEADINGS
    | _FURNITURE_TAGS
    | _VOID
    | _UNCLOSED
    | _words("div main article section ul ol dl table blockquote pre figure figcaption details summary")
)
_FURNITURE_WORDS = re.compile(
    "share|sharing|social|sidebar|cookie|cookies|consent|newsletter|subscribe|subscription|related|"
    "breadcrumb|breadcrumbs|advert|advertisement|ads|promo|popup|modal|menu|nav|navbar|navigation|"
    "banner|contentinfo|complementary|toolbar|footer|pagination|pager"
)
_COMMENT_WORDS = re.compile("comments?|disqus")


def read_webpage(content: bytes, encoding: str | None = None, charset: str = "") -> Document:
    """Return the blocks of a web page, of its article alone where one is marked, and what it says of itself.

    Where structure would leave no text at all, it is not believed.

    Parameters
    ----------
    content : bytes
        At most `MAX_BYTES`.
    encoding : str, optional
        A key of `geo.documents.encoding.ENCODINGS` that decides.
    charset : str
        The encoding that was declared beside the page; else what its first ``meta`` declares is believed.

    Raises
    ------
    ArticleError
        If the page is too long, no text, or has more than `MAX_TAGS` tags. The message is the rest of a
        sentence that begins with the name of the file.
    """
    if len(content) > MAX_BYTES:
        size = MAX_BYTES // 1_000_000
        raise ArticleError(sentence("is larger than {n} MB; save the article's text as .txt", n=size))
    text, name = decode(content, encoding, charset or _declared_charset(content))
    page = PageMetadata()
    blocks = markup_blocks(text, page)
    return Document(blocks, page.title, page.date, page.author, page.source, name)


def markup_blocks(text: str, page: PageMetadata) -> list[Block]:
    """Return the blocks of a page that is text already; `page` takes what it says of itself."""
    markup = _Rewriter(page).rewrite(text)
    if markup.count("<") > 2 * MAX_TAGS:
        raise ArticleError(sentence("has more than {n} tags; save the article's text as .txt", n=MAX_TAGS))
    clean = nh3.clean(markup, tags=set(_TAGS), attributes={"*": {"class"}}, link_rel=None)
    body = LexborHTMLParser(clean).body
    if body is None:
        return []
    blocks = list(_walk(body, believe=True))
    if not any(block.kind in ("heading", "text") for block in blocks):
        blocks = list(_walk(body, believe=False))
    return _main_part(blocks)


def _declared_charset(content: bytes) -> str:
    """Return what the first kilobyte declares, in the ways of HTML and of XML."""
    found = _CHARSET.search(content[:1024])
    return found[1].decode("ascii", "replace") if found else ""


class _Rewriter:
    """Writes a page anew with what tells the purpose of its elements, and notes what it says of itself."""

    def __init__(self, page: PageMetadata) -> None:
        self.page = page
        self.depth = 0
        self.dropped: dict[str, int] = {}

    def rewrite(self, text: str) -> str:
        return _MARKUP.sub(self._rewritten, text)

    def _rewritten(self, match: re.Match[str]) -> str:
        if match["tag"]:
            return self._tag(match["tag"].lower(), match["attributes"])
        if match["closed"]:
            return self._closed(match)
        if match["comment"] is not None:
            self.page.comment(match["comment"])
        return "&lt;" if match[0] == "<" else ""

    def _closed(self, match: re.Match[str]) -> str:
        name = match["closed"].lower()
        if name == "title":
            self.page.titled(match["content"])
        elif name == "script" and "ld+json" in match["within"].lower():
            self.page.linked_data(match["content"])
        return " "

    def _tag(self, tag: str, attributes: str) -> str:
        closing, name = tag.startswith("/"), tag.lstrip("/")
        if name in ("meta", "link") and not closing:
            self.page.element(name, attributes_of(attributes))
        if name in _DROPPED:
            return ""
        name = name if name in _TAGS else "div"
        if not self._fits(name, closing=closing):
            return " "
        purpose = "" if closing else _spoken_purpose(attributes)
        return f'<{name} class="{purpose}">' if purpose else f"<{'/' * closing}{name}>"

    def _fits(self, name: str, *, closing: bool) -> bool:
        """Count how deep the tags nest; beyond `MAX_DEPTH` neither an opening tag nor its end is kept."""
        if name in _VOID or name in _UNCLOSED:
            return True
        if closing and self.dropped.get(name):
            self.dropped[name] -= 1
            return False
        if not closing and self.depth >= MAX_DEPTH:
            self.dropped[name] = self.dropped.get(name, 0) + 1
            return False
        self.depth = max(0, self.depth + (-1 if closing else 1))
        return True


def _spoken_purpose(attributes: str) -> Literal["furniture", "comment", ""]:
    """Tell what an element is for by its class, id and role.

    It is told here, as one of three words, because parsers copy inline elements that differ without end.
    """
    values = " ".join(_PURPOSE.findall(attributes))
    tokens = re.sub(r"[^A-Za-z0-9-]+", " ", values).split()
    spoken = [token for token in tokens if not token.startswith(("has-", "no-", "with-"))]
    words = {word.lower() for token in spoken for word in _WORD.findall(token)}
    if any(map(_COMMENT_WORDS.fullmatch, words)):
        return "comment"
    return "furniture" if any(map(_FURNITURE_WORDS.fullmatch, words)) else ""


def _main_part(blocks: list[Block]) -> list[Block]:
    """Return the blocks of the longest ``article``, else those of ``main``, else all."""
    sizes: dict[str, int] = {}
    for block in blocks:
        if block.region and block.kind in ("heading", "text"):
            sizes[block.region] = sizes.get(block.region, 0) + len(block.text)
    articles = [region for region in sizes if region != "main"]
    best = max(articles, key=lambda region: sizes[region]) if articles else "main"
    return [block for block in blocks if block.region == best] if sizes else blocks


def _walk(body: LexborNode, *, believe: bool) -> Iterator[Block]:
    """Yield the blocks below a node: runs of text between tags that break the line."""
    block = Block("text", "")
    pieces: list[str] = []
    regions = 0
    stack: list[tuple[LexborNode | None, Block]] = [(body, block)]
    while stack:
        node, state = stack.pop()
        if pieces and (node is None or state != block or _breaks(node)):
            yield from _paragraphs(block, pieces)
            pieces = []
        if node is None:
            continue
        if node.is_text_node:
            block = state
            pieces.append(re.sub(r"[ \t\n\r\f]+", " ", node.text_content or ""))
            continue
        if node.tag == "br":
            pieces.append("\n")
            continue
        if node.tag == "article" and not state.region.startswith("article"):
            regions += 1
            state = state._replace(region=f"article {regions}")
        state = _inside(node, state, believe=believe)
        if _breaks(node):
            stack.append((None, state))
        child = node.last_child
        while child is not None:
            stack.append((child, state))
            child = child.prev


def _breaks(node: LexborNode) -> bool:
    return not (node.is_text_node or node.tag == "br" or (node.tag or "") in _INLINE)


def _paragraphs(block: Block, pieces: list[str]) -> Iterator[Block]:
    """Yield what stands between empty lines, which two line breaks in a row make."""
    lines = [line.strip() for line in "".join(pieces).split("\n")]
    for filled, run in groupby(lines, key=bool):
        if filled:
            yield block._replace(text="\n".join(run))


def _inside(node: LexborNode, state: Block, *, believe: bool) -> Block:
    """Return the state of what is inside a node."""
    tag = node.tag or ""
    if tag == "main" and not state.region:
        state = state._replace(region="main")
    if tag == "li":
        state = state._replace(item=True)
    if state.kind in ("furniture", "comment"):
        return state
    kind = _purpose(node, tag, state) if believe and tag not in ("html", "body", "main") else ""
    if kind:
        return state._replace(kind=kind)
    return state._replace(kind="heading") if tag in _HEADINGS else state


def _purpose(node: LexborNode, tag: str, state: Block) -> Literal["furniture", "comment", ""]:
    """Tell what an element is for by its tag and its class; the header of an article is its own."""
    said = node.attributes.get("class")
    if said == "comment":
        return "comment"
    furniture = tag in _FURNITURE_TAGS and not (tag == "header" and state.region)
    return "furniture" if furniture or said else ""
