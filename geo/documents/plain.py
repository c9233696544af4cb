"""Plain text as blocks: paragraphs, with the lines of each joined where a margin broke them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from geo.documents.blocks import Block
from geo.documents.tidying import WIDE

BULLET = re.compile(r"[-*•·‣◦▪]\s+")
"""What an item of a list begins with."""

_BROKEN_WORD = re.compile(r"[^\W_][-‐\u00ad]$")
_RAGGED = range(45, 101)  # columns of a line that was broken because it was full


def text_blocks(text: str) -> Iterator[Block]:
    """Yield the paragraphs of a plain text.

    It has one paragraph a line; where blank lines part its paragraphs, lines of 45 to 100 columns run
    on into the next. A line that ends within a word always does.

    Parameters
    ----------
    text : str
        With LF newlines.
    """
    lines = [line.strip() for line in text.split("\n")]
    paragraphs = [list(run) for filled, run in groupby(lines, key=bool) if filled]
    for paragraph in paragraphs:
        parts: list[list[str]] = []
        for line in paragraph:
            if parts and not BULLET.match(line) and _runs_on(parts[-1][-1], parted=len(paragraphs) > 1):
                parts[-1].append(line)
            else:
                parts.append([line])
        for part in parts:
            bullet = BULLET.match(part[0])
            whole = "\n".join(part)
            yield Block("text", whole[bullet.end() :] if bullet else whole, item=bullet is not None)


def _runs_on(line: str, *, parted: bool) -> bool:
    """Tell whether the next line goes on where this one ends."""
    return (parted and _columns(line) in _RAGGED) or _BROKEN_WORD.search(line) is not None


def _columns(line: str) -> int:
    return len(line) + len(re.findall(f"[{WIDE}]", line))
