"""Text made fit to be shown and compared: one line, composed, nothing hidden in it, no word broken.

References
----------
Unicode Standard Annex 15, Stream-Safe Text Format: at most 30 combining marks in a row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import chain, groupby, islice
from urllib.parse import urlsplit

from geo.documents.blocks import Block

MAX_MARKS = 30
SOFT_HYPHEN = "\u00ad"
WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""The ranges of a regular expression's class that hold Han, kana and Hangul, written without spaces."""

_HIDDEN = ("Cc", "Cf", "Cs")
_SAID_LENGTH = 300  # of a title, author or date that a file gives
_ADDRESS_LENGTH = 1_000
_DATE = re.compile(r"(?:D:(?=\d{8})|(?=\d{4}-\d\d-\d\d))(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
_SOFT_BREAK = re.compile(f"{SOFT_HYPHEN}(?:[ \\t]*+\n[ \\t]*+)?")
_HARD_BREAK = re.compile(r"(?<!\w)(\w++)[-‐][ \t]*+\n[ \t]*+(\w++)")
_HABIT = 3
_STEM = 5  # letters, below which a stem could begin any word
_WORD = re.compile(r"[^\W\d_]+")


def without_hidden(text: str, keep: str = "") -> str:
    """Return the text without controls, zero-width and bidirectional marks; white space and `keep` stay."""
    kept = {char for char in set(text) if char.isspace()} | set(keep)
    hidden = {char for char in set(text) - kept if unicodedata.category(char) in _HIDDEN}
    return text.translate(dict.fromkeys(map(ord, hidden))) if hidden else text


def _stream_safe(text: str) -> str:
    """Return the text with at most `MAX_MARKS` combining marks in a row; more would stall NFC."""
    marks = {char for char in set(text) if unicodedata.combining(char)}
    if not marks:
        return text
    runs = groupby(text, key=marks.__contains__)
    return "".join(chain.from_iterable(islice(run, MAX_MARKS) if marked else run for marked, run in runs))


def tidy(text: str) -> str:
    """Return the text as a passage holds it: NFC, on one line, nothing hidden in it."""
    text = without_hidden(text)
    if not text.isascii():
        text = re.sub(rf"(?<=[{WIDE}])[ \t]*\n[ \t]*(?=[{WIDE}])", "", text)
        text = unicodedata.normalize("NFC", _stream_safe(text))
    return " ".join(text.split())


def said(text: str) -> str:
    """Return what a file says of itself on one line, at most `_SAID_LENGTH` characters of it."""
    return tidy(text[: 10 * _SAID_LENGTH])[:_SAID_LENGTH].strip()


def iso_date(text: str) -> str:
    """Return ``YYYY-MM-DD`` of a date that begins so or as a PDF writes it, any other as it is."""
    given = said(text)
    begun = _DATE.match(given)
    try:
        return date(*map(int, begun.groups())).isoformat() if begun else given
    except ValueError:
        return given


def site_or_address(text: str) -> str:
    """Return an http or https address, or the name of a site; any other address says nothing."""
    given = tidy(text[:_ADDRESS_LENGTH])
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?! )|//|/", given):
        return said(given)
    try:
        parts = urlsplit(given)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return ""
    return given if sound and " " not in given and len(text.strip()) < _ADDRESS_LENGTH else ""


def whole_words(blocks: Sequence[Block], words: Collection[str]) -> Iterator[Block]:
    """Yield the blocks with the words whole that a hyphen at the end of a line has broken.

    The hyphen goes if the second half begins with a small letter and the whole word stands elsewhere in the
    text or in `words`, there perhaps with another ending. Where that proves `_HABIT` words broken, the text
    is taken for one whose words are broken by rule, and the hyphen also goes where neither half stands
    elsewhere. Else it is kept, for it may belong there, as in Nikolayevsk-on-Amur or Russian-Chinese. A
    soft hyphen always goes.
    """
    softless = [block._replace(text=_SOFT_BREAK.sub("", block.text)) for block in blocks]
    broken = [halves for block in softless for halves in _HARD_BREAK.findall(block.text)]
    known: set[str] = set()
    if broken:
        unbroken = (_HARD_BREAK.sub(" ", block.text) for block in softless)
        known.update(word for text in (*words, *unbroken) for word in _WORD.findall(text.casefold()))
    stems = tuple(word.casefold()[:-1] for word in words if len(word) > _STEM)
    proven = {halves for halves in broken if _proven(halves, known, stems)}
    habit = len(proven) >= _HABIT

    def joined(match: re.Match[str]) -> str:
        first, second = match.groups()
        unknown = {first.casefold(), second.casefold()}.isdisjoint(known) and second.isalpha()
        glued = match.groups() in proven or (habit and unknown and second[0].islower())
        return f"{first}{second}" if glued else f"{first}-{second}"

    for block in softless:
        yield block._replace(text=_HARD_BREAK.sub(joined, block.text))


def _proven(halves: tuple[str, str], known: Collection[str], stems: tuple[str, ...]) -> bool:
    whole = "".join(halves).casefold()
    return halves[1][0].islower() and (whole in known or whole.startswith(stems))
