"""How what a page is made of is written, so that it weighs little.

All text is compressed; ``unpacking.js`` reads it back, and ``content.js`` what it says. What another language
than English needs stands in the old one-script encoding that says it shortest.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import deflate

from geo.view import LANGS

ENCODINGS = {"ru": "windows-1251", "zh-Hans": "gbk", "zh-Hant": "gbk"}
"""By language the encoding that says it shortest; browsers know it by this name. The others take UTF-8."""

_CITING = frozenset({"citations", "populationCitations", "credits"})
"""The fields that cite sources: as pairs of key and place, or by their keys alone."""

SAME = "\x7f"
"""A letter that is as the text beside leads one to expect; alone, a whole text of such. No text has it."""


def arranged(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page says as it is written: like beside like, and nothing twice.

    Sources are cited by their numbers in the order of ``sources``; records stand in columns; and what records
    of all kinds are called stands together, by language, so that each script is compressed by itself.

    Parameters
    ----------
    content : mapping
        By name its parts, as `geo.content.compose_content` returns them.
    """
    numbers = {key: number for number, key in enumerate(content.get("sources", ()))}
    parts = {name: in_columns(_citing_by_number(content[name], numbers)) for name in sorted(content)}
    names: dict[str, list[str]] = {lang: [] for lang in LANGS}
    for part in parts.values():
        columns = part.get("columns", {}) if isinstance(part, dict) else {}
        called = columns.get("names")
        if isinstance(called, dict) and set(called.get("columns", ())) == set(LANGS):
            start = len(names["en"])
            for lang, forms in called["columns"].items():
                names[lang] += forms
            columns["names"] = {"from": start, "to": len(names["en"])}
    return parts | {"names": names}


def _citing_by_number(value: Any, numbers: Mapping[str, int]) -> Any:
    if isinstance(value, list | tuple):
        return [_citing_by_number(part, numbers) for part in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: list(_numbers(part, numbers))
        if name in _CITING and isinstance(part, list | tuple)
        else _citing_by_number(part, numbers)
        for name, part in value.items()
    }


def _numbers(cited: Iterable[str | Sequence[str]], numbers: Mapping[str, int]) -> Iterator[Any]:
    """Yield the number of each source, and after it the place in it where there is one."""
    for each in cited:
        key, place = (each, "") if isinstance(each, str) else each
        yield numbers.get(key, [key, place])
        if key in numbers and place:
            yield place


def in_columns(value: Any) -> Any:
    """Write records that have the same fields as columns, so that each field is named but once.

    Where each of many records has a list of such records, all of these stand in the same columns.
    """
    if isinstance(value, list) and value and all(isinstance(part, list) for part in value):
        columns = _columns([record for part in value for record in part])
        return value if columns is None else {"columns": columns, "counts": [len(part) for part in value]}
    if isinstance(value, Mapping):
        columns = _columns(list(value.values()))
        if columns is None:
            return {name: in_columns(part) for name, part in value.items()}
        return {"columns": columns, "keys": list(value)}
    columns = _columns(value) if isinstance(value, list) else None
    return value if columns is None else {"columns": columns}


def _columns(records: Sequence[Any]) -> dict[str, Any] | None:
    """Return records as columns; None where they are not alike, or are hardly any."""
    if len(records) < 2 or not all(isinstance(record, Mapping) for record in records):
        return None
    if len({tuple(record) for record in records}) > 1 or not records[0]:
        return None
    return {field: in_columns([record[field] for record in records]) for field in records[0]}


def unlike(value: Any, other: Any) -> dict[str, Any]:
    r"""Return what of texts those beside do not lead one to expect, as of two Chinese scripts.

    Parameters
    ----------
    value, other : what JSON can say
        Texts, or lists and records of them; of the other one those that stand in the same place are beside.

    Returns
    -------
    unlike : dict
        ``letters`` of the other texts, in one string, and those that mostly stand in their place, in another;
        and ``said``, the texts with `SAME` in the place of each letter that follows from these, or else is
        the same. A text that is longer or shorter than the one beside it stays as it is.

    Examples
    --------
    >>> unlike(["貝加爾湖", {"a": "后貝加爾"}, "湖後"], ["贝加尔湖", {"a": "后贝加尔"}, "湖后"])
    {'letters': ['贝尔', '貝爾'], 'said': ['\x7f', {'a': '\x7f'}, '\x7f後']}
    """
    met: dict[str, Counter[str]] = {}

    def meet(mine: str, its: str) -> str:
        for letter, beside in zip(mine, its, strict=True):
            met.setdefault(beside, Counter())[letter] += 1
        return mine

    _beside(value, other, meet)
    mostly = {beside: found.most_common(1)[0][0] for beside, found in met.items()}
    changed = {beside: letter for beside, letter in mostly.items() if letter != beside}
    table = str.maketrans(changed)

    def mark(mine: str, its: str) -> str:
        expected = its.translate(table)
        if mine and mine == expected:
            return SAME
        return "".join(SAME if a == b else a for a, b in zip(mine, expected, strict=True))

    letters = ["".join(changed), "".join(changed.values())]
    return {"letters": letters, "said": _beside(value, other, mark)}


def _beside(value: Any, other: Any, write: Callable[[str, str], str]) -> Any:
    """Return texts with what is written of each that is as long as the one beside it."""
    if isinstance(value, list) and isinstance(other, list):
        beside = itertools.zip_longest(value, other[: len(value)])
        return [_beside(part, its, write) for part, its in beside]
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return {name: _beside(part, other.get(name), write) for name, part in value.items()}
    alike = isinstance(value, str) and isinstance(other, str) and len(value) == len(other)
    return write(value, other) if alike else value


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
