"""``python -m tests.bench.weight [--out FILE]``: what each kilobyte of our files is, and what it buys.

Nothing is measured by a clock: the same atlas gives the same figures on every run and machine with the same
zlib.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from geo import assets
from geo.packing import block
from geo.page import Page
from geo.reading import load_atlas
from geo.view import LANGS, View

FILES = {
    "page, four languages": (tuple(LANGS), False),
    "page, English": (("en",), False),
    "embed, four languages": (tuple(LANGS), True),
    "embed, English": (("en",), True),
}
"""By name: its languages, and whether it is the light file."""

RECORDS = {
    "places and names": ("labels", "names", "places", "sites", "spellings"),
    "acts, areas, lines": ("acts", "areas", "lines", "polities"),
    "who held what": ("holdings",),
    "what is disputed": ("quoted", "readings"),
    "sources": ("references", "sources"),
    "notes in English": ("texts",),
    "account and tour": ("article", "tour"),
}
"""By part, what of the content is in it; the rest is `OTHER`."""

OTHER = "layers and settings"

BUYS = {
    "relief": "the shaded mountains under the map (AVIF)",
    "outlines": "areas, lines, rivers, borders: steps of half a pixel at zoom 8, in the embed at zoom 7",
    "Leaflet": "moving, zooming, panes, keyboard and touch, with its licence",
    "scripts": "all that the page does, as text that can be read in it",
    "styles": "how it looks: light and dark, wide and narrow, on paper, in high contrast",
    "places and names": "places, posts, labels, the names of all records in four languages, spellings",
    "acts, areas, lines": "treaties, tracts, boundaries and states, with dates, certainty and citations",
    "who held what": "the state of each area from 1689 to today, day by day",
    "what is disputed": "rival readings, and areas as others quote them",
    "sources": "the bibliography, and how to cite the map",
    "notes in English": "what the records say, each text once",
    "account and tour": "the account in English with its mentions and claims, and the guided tour",
    OTHER: "the legend, the opening view, credits",
    "phrases": "the English of the interface, once for all languages",
    "ru": "everything in Russian: interface, records, account, tour",
    "zh-Hans": "everything in simplified Chinese",
    "zh-Hant": "everything in traditional Chinese, as what differs from simplified",
    "HTML": "the frame of it all, its policy, what is there without a script",
    "shared": "what gzip finds in more than one part",
}
"""What a reader gets for a part, in the order of the table."""

SHARED = "shared"


def parts_of(page: Page, languages: Sequence[str], *, embed: bool) -> dict[str, str]:
    """Return the parts of a file by name; all its letters are in one of them, each once."""
    make = page.embed_document if embed else page.document
    left = make(View(), languages=languages)
    found: dict[str, str] = {}

    def take(name: str, *pieces: str) -> None:
        nonlocal left
        for piece in pieces:
            assert left.count(piece) >= 1, name
            left = left.replace(piece, "", 1)
            found[name] = found.get(name, "") + piece

    drawing = page._drawn("", embed=embed)[1]
    relief = re.search(r"data:image/avif;base64,[\w+/=]+", drawing)
    assert relief is not None
    take("relief", relief[0])
    take("outlines", drawing.replace(relief[0], ""))
    take("Leaflet", assets.leaflet("leaflet.js"), assets.leaflet("leaflet.css"))
    take("scripts", *re.findall(r"<script>(.+?)</script>", left, re.DOTALL))
    take("styles", *re.findall(r"<style>(.+?)</style>", left, re.DOTALL))
    for name, packed in re.findall(r'id="atlas-([\w-]+)" data-charset="[^"]+">([^<]+)', left):
        take(name, packed)
    content = re.search(r'id="atlas-content">({.*})</script>', left)
    assert content is not None
    for name, piece in _pieces(content[1]):
        take(name, piece)
    return found | {"HTML": left}


def _pieces(content: str) -> Iterator[tuple[str, str]]:
    """Yield what a block of content has of each part, as it is written there."""
    part_of = {key: part for part, keys in RECORDS.items() for key in keys}
    for key, value in json.loads(content).items():
        yield part_of.get(key, OTHER), block({key: value})[1:-1]


def weigh(page: Page) -> dict[str, Any]:
    """Return the bytes of each file and of its parts, as they are and under ``gzip -9``."""
    files = {}
    for name, (languages, embed) in FILES.items():
        whole = _sizes((page.embed_document if embed else page.document)(View(), languages=languages))
        parts = {part: _sizes(text) for part, text in parts_of(page, languages, embed=embed).items()}
        parts[SHARED] = [
            size - sum(sizes) for size, sizes in zip(whole, zip(*parts.values(), strict=True), strict=True)
        ]
        files[name] = {"whole": whole, "parts": {part: parts[part] for part in BUYS if part in parts}}
    return {"files": files}


def _sizes(text: str) -> list[int]:
    raw = text.encode()
    return [len(raw), len(gzip.compress(raw, 9, mtime=0))]


def table(result: dict[str, Any]) -> Iterator[str]:
    """Yield the rows of a table in Markdown: raw and compressed kilobytes of each part in each file."""
    files = result["files"]
    yield f"| raw / gzip, kB | {' | '.join(files)} | what it buys |"
    yield "| --- " * (len(files) + 2) + "|"
    for part, buys in BUYS.items():
        cells = (_cell(file["parts"].get(part)) for file in files.values())
        yield f"| {part} | {' | '.join(cells)} | {buys} |"
    yield f"| **all** | {' | '.join(_cell(file['whole']) for file in files.values())} | |"


def _cell(sizes: Sequence[int] | None) -> str:
    return " / ".join(f"{size / 1000:.1f}" for size in sizes) if sizes else "–"


def main(arguments: Sequence[str] | None = None) -> None:
    """Weigh the files, print the table, and write the figures where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.weight", description=__doc__)
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    for option in ("--rounds", "--quick", "--bars"):
        nothing = {} if option == "--rounds" else {"action": "store_true"}
        parser.add_argument(option, help="as for the other benchmarks; it changes nothing here", **nothing)
    asked = parser.parse_args(arguments)
    result = weigh(Page(load_atlas()))
    print("\n".join(table(result)))
    if asked.out:
        asked.out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
