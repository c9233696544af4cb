"""What is in a document, read back as its own scripts do."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Sequence
from typing import Any

CODE = ("leaflet", "drawing", "opening", "scripts")
"""The blocks that become scripts, in the order in which they run."""


def text_of(document: str, name: str) -> str:
    """Return what is packed in a block."""
    block = re.search(rf'id="atlas-{name}" data-charset="([\w-]+)">([\w+/=]*)</script>', document)
    assert block is not None
    return zlib.decompress(base64.b64decode(block[2])).decode(block[1])


def block_of(document: str, name: str) -> Any:
    """Return what a block of JSON says."""
    return json.loads(text_of(document, name))


def content_of(document: str) -> dict[str, Any]:
    """Return all that a page says in English."""
    content = block_of(document, "content")
    texts = content.pop("texts", [])
    return {name: rows(part, texts) for name, part in content.items()}


def rows(value: Any, texts: Sequence[str] = ()) -> Any:
    """Read columns back as records, and numbers as the texts they stand for, as ``content.js`` does."""
    if isinstance(value, list):
        return [rows(part, texts) for part in value]
    if not isinstance(value, dict):
        return value
    if "say" in value:
        return texts[value["say"]]
    if "columns" not in value:
        return {name: rows(part, texts) for name, part in value.items()}
    columns = {name: rows(column, texts) for name, column in value["columns"].items()}
    records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return dict(zip(value["keys"], records, strict=True)) if "keys" in value else records


def scripts_of(document: str) -> list[str]:
    """Return all that a page runs: what unpacks, and what is unpacked."""
    frame = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    return frame + [text_of(document, name) for name in CODE]


def styles_of(document: str) -> list[str]:
    """Return the style sheet of the frame, and that of the page."""
    return [*re.findall(r"<style>(.*?)</style>", document, re.DOTALL), text_of(document, "styles")]


def policy_of(document: str) -> dict[str, list[str]]:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', document)
    assert found is not None
    return {name: values for name, *values in (part.split() for part in found[1].split("; "))}
