"""Web pages as blocks of text, each told apart by what its element is for.

A page is first written anew in one pass, so that the parser sees nothing that could slow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from geo.errors import ArticleError

Kind = Literal["heading", "text", "furniture", "comment"]

MAX_TAGS = 20_000

# A web page is first written anew: comments and scripts drop out, tags keep the few attributes that tell
# what an element is for, any other "<" is escaped. The tree is built from that alone, so neither endless
# attributes nor unclosed quotes can slow it. Each alternative consumes what it has looked at.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|noscript|template|svg|math|iframe|object|select|textarea|rt|rp)\b.*?(?:</\1\b[^>]*+>?+|\Z)"
    r"|<(/?[a-z][a-z0-9-]*+)((?:[^<>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+)>?+"
    r"|<[!?][^>]*+>?+"
    r"|<",
    re.IGNORECASE | re.DOTALL,
)
_PURPOSE = re.compile(r"(?<![\w-])(?:class|id|role)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"']+)", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|ruby|rb|s|"
    "samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_HEADINGS = re.compile("h[1-6]")
_FURNITURE_TAGS = re.compile("nav|aside|footer|header|form|button|dialog|menu")
_FURNITURE_WORDS = re.compile(
    "share|sharing|social|sidebar|cookie|cookies|consent|newsletter|subscribe|subscription|related|"
    "breadcrumb|breadcrumbs|advert|advertisement|ads|promo|popup|modal|menu|nav|navbar|navigation|"
    "banner|contentinfo|complementary|toolbar|footer|pagination|pager"
)
_COMMENT_WORDS = re.compile("comments?|disqus")


class Block(NamedTuple):
    """A piece of a source before it is tidied into a passage.

    Parameters
    ----------
    item : bool
        Whether it stands in a list.
    region : str
        The part of a web page it is in: ``main``, ``article 1``, ...; empty for none.
    """

    kind: Kind
    text: str
    item: bool = False
    region: str = ""


def webpage_blocks(text: str, filename: str) -> tuple[str, list[Block]]:
    """Return the title and the blocks of a web page, of its article alone where one is marked.

    Where structure would leave no text at all, it is not believed.

    Parameters
    ----------
    text : str
        The source of the page.
    filename : str
        For the message, should it have too many tags.

    Raises
    ------
    ArticleError
        If the page has more than `MAX_TAGS` tags.
    """
    markup = _MARKUP.sub(_rewritten, text)
    if markup.count("<") > 2 * MAX_TAGS:
        raise ArticleError(f"{filename} has more than {MAX_TAGS:,} tags; save the article's text as .txt")
    tree = LexborHTMLParser(markup)
    title = tree.css_first("title")
    if tree.body is None:
        return "", []
    blocks = list(_walk(tree.body, believe=True))
    if not any(block.kind in ("heading", "text") for block in blocks):
        blocks = list(_walk(tree.body, believe=False))
    return title.text() if title else "", _main_part(blocks)


def _rewritten(match: re.Match[str]) -> str:
    tag = match[2]
    if tag is None:
        return "&lt;" if match[0] == "<" else " " if match[1] else ""
    values = [] if tag.startswith("/") else _PURPOSE.findall(match[3])
    purpose = re.sub(r"[^A-Za-z0-9-]+", " ", " ".join(values)).strip()
    return f'<{tag} class="{purpose}">' if purpose else f"<{tag}>"


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
    return not (node.is_text_node or node.tag == "br" or _INLINE.fullmatch(node.tag or ""))


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
    return state._replace(kind="heading") if _HEADINGS.fullmatch(tag) else state


def _purpose(node: LexborNode, tag: str, state: Block) -> Literal["furniture", "comment", ""]:
    """Tell what an element is for by its tag, class, id and role; the header of an article is its own."""
    tokens = (node.attributes.get("class") or "").split()
    spoken = [token for token in tokens if not token.startswith(("has-", "no-", "with-"))]
    words = {word.lower() for token in spoken for word in _WORD.findall(token)}
    if any(map(_COMMENT_WORDS.fullmatch, words)):
        return "comment"
    furniture = _FURNITURE_TAGS.fullmatch(tag) and not (tag == "header" and state.region)
    return "furniture" if furniture or any(map(_FURNITURE_WORDS.fullmatch, words)) else ""
