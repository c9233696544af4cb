"""How what a page is made of is written, so that it weighs little.

All text is compressed; ``unpacking.js`` reads it back, and ``content.js`` what it says. What another language
than English needs stands in the old one-script encoding that says it shortest.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import deflate

ENCODINGS = {"ru": "windows-1251", "zh-Hans": "gbk", "zh-Hant": "gbk"}
"""By language the encoding that says it shortest; browsers know it by this name. The others take UTF-8."""

SAME = "\x7f"
"""A letter that is as in the text beside; no text has it."""


def in_columns(value: Any) -> Any:
    """Write records that have the same fields as columns, so that each field is named but once."""
    records = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    if len(records) < 2 or not all(isinstance(record, Mapping) for record in records):
        return value
    if len({tuple(record) for record in records}) > 1:
        return value
    columns = {field: in_columns([record[field] for record in records]) for field in records[0]}
    return {"columns": columns} | ({"keys": list(value)} if isinstance(value, Mapping) else {})


def unlike(texts: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    r"""Return texts with `SAME` in the place of each letter that the text beside has in the same place.

    A text that is longer or shorter than the one beside it, or has several forms, stays as it is.

    Examples
    --------
    >>> unlike(["貝加爾湖", "黑龍江"], ["贝加尔湖", "黑龙江省"])
    ['貝\x7f爾\x7f', '黑龍江']
    """
    return [_unlike(text, other) for text, other in zip(texts, others, strict=True)]


def _unlike(text: Any, other: Any) -> Any:
    if not isinstance(text, str) or not isinstance(other, str) or len(text) != len(other):
        return text
    return "".join(SAME if mine == its else mine for mine, its in zip(text, other, strict=True))


def packed_block(content: object, encoding: str = "utf-8") -> str:
    """Return JSON as `packed_bytes` writes it.

    Parameters
    ----------
    content : object
        What JSON can say.
    encoding : str
        Of the JSON before it is compressed; what it lacks is escaped as JSON does.
    """
    return _packed(_json(content), encoding)


@lru_cache(maxsize=16)  # most pages say the same
def _packed(text: str, encoding: str) -> str:
    return packed_bytes(_encoded(text, encoding))


def packed_bytes(content: bytes) -> str:
    """Return bytes compressed (zlib, RFC 1950) and in base64, whose letters mean nothing in HTML."""
    return base64.b64encode(deflate.zlib_compress(content, 12)).decode()


def _encoded(text: str, encoding: str) -> bytes:
    missing = {letter for letter in set(text) if not _has(encoding, letter)}
    escapes = {ord(letter): json.dumps(letter)[1:-1] for letter in missing}
    return text.translate(escapes).encode(encoding)


def _has(encoding: str, letter: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
