"""Bytes as text: a mark or a declaration decides, then UTF-8, then a guess among few encodings.

A guess is named as one, for the reader may have to choose another. Of the few encodings that come into
question, each is weighed by how plausible its characters are in an article, and the one that chardet
guesses by the statistics of languages weighs a little more; on single sentences the two together err less
than either. UTF-16 without a mark is known by its characters alone.

References
----------
WHATWG Encoding Standard: labels stand for the wider encoding, as gb2312 for GB18030.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from geo.documents.tidying import SOFT_HYPHEN, without_hidden
from geo.errors import ArticleError
from geo.sentences import sentence

ENCODINGS: Mapping[str, str] = {
    "UTF-8": "utf-8-sig",
    "UTF-16": "utf-16",
    "Windows-1251": "cp1251",
    "KOI8-R": "koi8-r",
    "GB18030": "gb18030",
    "Big5": "big5hkscs",
    "Windows-1252": "cp1252",
}
"""By the name that a reader chooses from, the codec."""

_DECLARED = {
    "UTF-8": "utf-8 utf8 unicode-1-1-utf-8 us-ascii ascii",
    "Windows-1251": "windows-1251 cp1251 x-cp1251",
    "KOI8-R": "koi8-r koi8 koi cskoi8r",
    "GB18030": "gb18030 gbk gb2312 gb_2312-80 x-gbk chinese csgb2312",
    "Big5": "big5 big5-hkscs cn-big5 x-x-big5 csbig5",
    "Windows-1252": "windows-1252 cp1252 iso-8859-1 latin1 x-cp1252",
}
_BY_LABEL = {label: name for name, labels in _DECLARED.items() for label in labels.split()}
_GUESSED = ("Windows-1252", "Windows-1251", "KOI8-R", "GB18030", "Big5")
_MARKS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_BINARY = sentence("is binary; choose a file that holds text")
_SAMPLE = 100_000
_TIP = 0.05
_PLAUSIBLE = 0.7
_WIDE = 0.87
_TYPOGRAPHY = frozenset("“”‘’„«»–—…№£€\u00a0\u3000" + "".join(map(chr, range(0x3001, 0x3012))))
_HAN = (0.93, 0.6, 0.2)  # plausibility by level: common, in a standard, rare
_FAULTS = re.compile("(?<=[а-яё])[А-ЯЁ]|(?<=[A-Za-z])[А-яё]|(?<=[А-яё])[A-Za-z]")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f]")


class Decoded(NamedTuple):
    """A text and the name of the encoding it was in; "(guessed)" follows the name of a guess."""

    text: str
    encoding: str


def decode(content: bytes, chosen: str | None = None, label: str = "") -> Decoded:
    """Return the text, with LF newlines and without characters that do not show, but for soft hyphens.

    Parameters
    ----------
    content : bytes
        At most a few megabytes.
    chosen : str, optional
        A key of `ENCODINGS`, which then decides.
    label : str
        What the file itself declares its encoding to be; believed where the bytes fit it.

    Raises
    ------
    ArticleError
        If the content is binary, or fits no encoding that is known here. The message is the rest of a
        sentence that begins with the name of the file.
    """
    found = _chosen(content, chosen) if chosen else _found(content, label)
    if "\0" in found.text:
        raise ArticleError(_BINARY)
    text = "\n".join(found.text.splitlines())
    return Decoded(without_hidden(text, keep=SOFT_HYPHEN), found.encoding)


def _chosen(content: bytes, name: str) -> Decoded:
    try:
        return Decoded(content.decode(ENCODINGS[name]), name)
    except UnicodeDecodeError as error:
        raise ArticleError(
            sentence(
                "is not in {encoding} (byte {byte} does not fit); choose another encoding",
                encoding=name,
                byte=str(error.start),
            )
        ) from None


def _found(content: bytes, label: str) -> Decoded:
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            return _chosen(content, name)
    declared = _BY_LABEL.get(label.strip().lower(), "UTF-8")
    for name in (declared, "UTF-8"):
        text = _fits(content, ENCODINGS[name])
        if text is not None and not _CONTROL.search(text[:_SAMPLE]):
            return Decoded(text, name)
    text = _fits(content, "utf-8")
    return _wide(content) or (_guessed(content) if text is None else Decoded(text, "UTF-8"))


def _fits(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _wide(content: bytes) -> Decoded | None:
    """Return the text where it makes sense as UTF-16 without a mark."""
    sample = content[:_SAMPLE]
    scores = {codec: _plausibility(sample.decode(codec, "replace")) for codec in ("utf-16-le", "utf-16-be")}
    codec = max(scores, key=lambda codec: scores[codec])
    text = _fits(content, codec) if scores[codec] >= _WIDE else None
    return None if text is None else Decoded(text, "UTF-16 (guessed)")


def _guessed(content: bytes) -> Decoded:
    """Return the text in the encoding of eight bits or of two that is most likely."""
    if b"\0" in content:
        raise ArticleError(_BINARY)
    for name in _ranked(content[:_SAMPLE]):
        text = _fits(content, ENCODINGS[name])
        if text is not None and _plausibility(text[:_SAMPLE]) >= _PLAUSIBLE:
            return Decoded(text, f"{name} (guessed)")
    known = ", ".join(ENCODINGS)
    raise ArticleError(
        sentence("is in none of the encodings {known}; save it again as plain text in UTF-8", known=known)
    )


def _ranked(sample: bytes) -> list[str]:
    """Return the encodings of eight bits and of two, the likeliest first."""
    import chardet

    found = chardet.detect(
        sample,
        include_encodings=[name.lower() for name in _GUESSED],
        no_match_encoding="koi8-r",  # its own choice for these is not among the candidates
        empty_input_encoding="koi8-r",
    )
    scores = {name: _plausibility(sample.decode(ENCODINGS[name], "replace")) for name in _GUESSED}
    if tipped := _BY_LABEL.get((found["encoding"] or "").lower()):
        scores[tipped] += _TIP
    return sorted(_GUESSED, key=lambda name: -scores[name])


def _plausibility(text: str) -> float:
    """Return how much of what is beyond ASCII belongs in an article, from 0 to 1."""
    beyond = [char for char in text if char > "~" or (char < " " and char not in "\t\n\r\f")]
    if not beyond:
        return 1.0 if text else 0.0
    known = {char: _weight(char) for char in set(beyond)}
    faults = len(_FAULTS.findall(text))
    return (sum(known[char] for char in beyond) - faults) / len(beyond)


def _weight(char: str) -> float:
    if "а" <= char <= "ё" or char in _TYPOGRAPHY or "\uff01" <= char <= "\uff5e":
        return 1.0
    if "А" <= char <= "Я" or char == "Ё":
        return 0.96
    if "\u3400" <= char <= "\u9fff":
        return _HAN[_level(char)]
    if unicodedata.category(char)[0] == "L" and char < "\u0250":
        return 0.9
    return 0.1 if char.isalpha() else 0.0


def _level(char: str) -> int:
    """Return 0 for a Han character of the first level of GB 2312 or Big5, 1 for others of theirs, else 2."""
    simplified, traditional = (char.encode(codec, "ignore")[:1] for codec in ("gb2312", "big5"))
    if b"\xb0" <= simplified <= b"\xd7" or b"\xa4" <= traditional <= b"\xc6":
        return 0
    return 1 if simplified or traditional else 2
