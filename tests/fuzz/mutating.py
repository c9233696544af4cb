"""Seeds, and what is made of them: the same number always gives the same case."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.parsers import Parser

CORPUS = Path(__file__).parent / "corpus"
MOST = 20_000
"""Bytes of a case."""

_TEXTS = (
    *("\0", "\r\n", "\n\n", "\t", ",", '"', "'", "|", ";", "&", "=", "#", "?", "/", "..", "-", "~", "%"),
    *("{", "}", "[", "]", "<", ">", "<!--", "]]>", "<![CDATA[", "</", "{{1337*1337}}", "${1}", "{%", "`"),
    *("0", "-1", "1e999", "NaN", "Infinity", "999999999999999999999", "1_000", "１２", "٣", "1858-02-30"),
    *("null", "true", '""', "{}", "[[", '{"type":', "\\ud800", "\\u0000", "\ufeff", "\u202e", "\u200b"),
    *("\u0301" * 40, "\u2028", "\ud800", "\U0010ffff", "ß", "İ", "海参崴", "Владивосток", "=1+1", "@x"),
    *("Content-Type: text/html; charset=x", "&#x110000;", "&nbsp;", "<w:p>", "POINT(", "endstream"),
)
TOKENS = (
    *(text.encode("utf-8", "surrogatepass") for text in _TEXTS),
    *(b"\xff", b"\xfe\xff", b"\xff\xfe", b"\x81\x30", b"\xc0\xaf", b"\x1b$B"),
)
"""What parsers stumble over: signs of their grammars, numbers out of range, half characters."""


def seeds_of(name: str, parser: Parser) -> list[bytes]:
    """Return the seeds of a parser: the files of its folder, or the lines of its file."""
    if parser.lines:
        return (CORPUS / f"{name}.txt").read_bytes().rstrip(b"\n").split(b"\n")
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def case(name: str, seeds: Sequence[bytes], seed: int, number: int) -> bytes:
    """Return one case: a seed changed in one to eight places, a short one in one or two."""
    chance = random.Random(f"{seed} {name} {number}")
    content = bytearray(chance.choice(seeds))
    for _ in range(1 << chance.randrange(4 if len(content) > 200 else 2)):
        _change(content, seeds, chance)
    return bytes(content[:MOST])


def _change(content: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    """Change content in one place."""
    at = chance.randrange(len(content) + 1)
    to = min(len(content), at + (1 << chance.randrange(8)))
    way = chance.randrange(7)
    if way == 0 and at < len(content):
        content[at] ^= 1 << chance.randrange(8)
    elif way == 1:
        del content[at:to]
    elif way == 2:
        content[at:at] = content[at:to] * chance.randrange(1, 20)
    elif way == 3:
        content[at:at] = chance.choice(TOKENS)
    elif way == 4:
        content[at:to] = chance.choice(TOKENS)
    elif way == 5:
        other = chance.choice(seeds)
        start = chance.randrange(len(other) + 1)
        content[at:to] = other[start : start + (1 << chance.randrange(10))]
    else:
        del content[at:]
