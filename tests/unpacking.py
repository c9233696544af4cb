"""What is in a document, read back as its own scripts do."""

from __future__ import annotations

import base64
import itertools
import json
import re
import zlib
from typing import Any

from geo.packing import SAME

CODE = ("leaflet", "drawing", "opening", "scripts")
"""The blocks that become scripts, in the order in which they run."""

CITING = ("citations", "populationCitations", "credits")
"""The fields that cite sources by their numbers."""


def text_of(document: str, name: str) -> str:
    """Return what is packed in a block."""
    block = re.search(rf'id="atlas-{name}" data-charset="([\w-]+)">([\w+/=]*)</script>', document)
    assert block is not None
    return zlib.decompress(base64.b64decode(block[2])).decode(block[1])


def block_of(document: str, name: str) -> Any:
    """Return what a block of JSON says, with what is the same in another one put in."""
    content = json.loads(text_of(document, name))
    like = content.get("like") if isinstance(content, dict) else None
    return whole(content, block_of(document, like)) if like else content


def content_of(document: str) -> dict[str, Any]:
    """Return all that a page says in English."""
    return read_content(block_of(document, "content"))


def said_of(document: str) -> list[dict[str, Any]]:
    """Return what is said of the mentions in its text."""
    said: list[dict[str, Any]] = content_of(document)["article"]["said"]
    return said


def read_content(content: dict[str, Any]) -> dict[str, Any]:
    """Read a block of content back, as ``content.js`` does."""
    content = dict(content)
    sources = content["sources"]
    kept = {"texts": content.pop("texts", []), "sources": sources.get("keys") or list(sources)}
    forms = content.pop("names")
    names = rows({"columns": forms}, kept) if forms else []
    return {name: rows(part, kept | {"names": names}) for name, part in content.items()}


def rows(value: Any, kept: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [rows(part, kept) for part in value]
    if not isinstance(value, dict):
        return value
    if "say" in value:
        return kept["texts"][value["say"]]
    if "columns" not in value:
        return {name: field(name, part, kept) for name, part in value.items()}
    columns = {name: column_of(name, column, kept) for name, column in value["columns"].items()}
    records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if "counts" in value:
        left = iter(records)
        return [list(itertools.islice(left, count)) for count in value["counts"]]
    return dict(zip(value["keys"], records, strict=True)) if "keys" in value else records


def field(name: str, part: Any, kept: dict[str, Any]) -> Any:
    return cited(name, part, kept) if name in CITING and isinstance(part, list) else rows(part, kept)


def column_of(name: str, column: Any, kept: dict[str, Any]) -> list[Any]:
    if name in CITING:
        return [cited(name, part, kept) for part in column]
    if name == "names" and "to" in column:
        return list(kept["names"][column["from"] : column["to"]])
    return list(rows(column, kept))


def cited(name: str, part: list[Any], kept: dict[str, Any]) -> list[Any]:
    found: list[list[str]] = []
    for each in rows(part, kept):
        if isinstance(each, str):
            found[-1][1] = each
        else:
            found.append([kept["sources"][each], ""] if isinstance(each, int) else each)
    return [key for key, _ in found] if name == "credits" else found


def whole(unlike: dict[str, Any], other: Any) -> Any:
    """Put the letters back that are as expected, as ``content.js`` does."""
    mostly = str.maketrans(*unlike["letters"])

    def put_back(value: Any, other: Any) -> Any:
        if isinstance(value, list):
            others = other if isinstance(other, list) else []
            return [put_back(part, its) for part, its in itertools.zip_longest(value, others[: len(value)])]
        if isinstance(value, dict):
            others = other if isinstance(other, dict) else {}
            return {name: put_back(part, others.get(name)) for name, part in value.items()}
        if not isinstance(value, str) or SAME not in value:
            return value
        expected = other.translate(mostly)
        if value == SAME:
            return expected
        return "".join(its if letter == SAME else letter for letter, its in zip(value, expected, strict=True))

    return put_back(unlike["said"], other)


def scripts_of(document: str) -> list[str]:
    """Return all that a page runs: what unpacks, and what is unpacked."""
    frame = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    return frame + [text_of(document, name) for name in CODE]


def styles_of(document: str) -> list[str]:
    """Return the style sheet of the frame, and those of the page."""
    frame = re.findall(r"<style>(.*?)</style>", document, re.DOTALL)
    return frame + [text_of(document, name) for name in ("opening-styles", "styles")]


def policy_of(document: str) -> dict[str, list[str]]:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', document)
    assert found is not None
    return {name: values for name, *values in (part.split() for part in found[1].split("; "))}
