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

from geo.packing import packed_block
from geo.page import Page
from geo.reading import load_atlas
from geo.view import LANGS, View
from tests.unpacking import text_of

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

BLOCKS = {"leaflet": "Leaflet", "drawing": "outlines"}
"""What the table calls a block of the file, where that differs."""

BUYS = {
    "relief": "the shaded mountains under the map (AVIF)",
    "outlines": "areas, lines, rivers, borders: steps of half a pixel at zoom 8, in the embed at zoom 7",
    "Leaflet": "moving, zooming, panes, keyboard and touch, with its licence",
    "opening": "what the first picture of the map needs",
    "scripts": "all else that the page does",
    "opening-styles": "how the first picture looks, light and dark, wide and narrow",
    "styles": "how all else looks, also on paper and in high contrast",
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
    "HTML": "the frame of it all, its policy, what unpacks, what is there without a script",
    "shared": "what is found in more than one part",
}
"""What a reader gets for a part, in the order of the table."""

SHARED = "shared"


def parts_of(page: Page, languages: Sequence[str], *, embed: bool) -> dict[str, list[int]]:
    """Return the bytes of the parts of a file, by name; each letter of it is in one of them.

    What is packed together is divided by what the block would be without each part.
    """
    make = page.embed_document if embed else page.document
    left = whole = make(View(), languages=languages)
    found: dict[str, list[int]] = {}
    relief = re.search(r"data:image/avif;base64,[\w+/=]+", left)
    assert relief is not None
    found["relief"] = _sizes(relief[0])
    left = left.replace(relief[0], "", 1)
    for name, letters in re.findall(r'id="atlas-([\w-]+)" data-charset="[^"]+">([^<]+)', left):
        left = left.replace(letters, "", 1)
        if name == "content":
            found |= _records(text_of(whole, name), letters)
        else:
            found[BLOCKS.get(name, name)] = _sizes(letters)
    return found | {"HTML": _sizes(left)}


def _records(content: str, letters: str) -> dict[str, list[int]]:
    """Return what each part of the records weighs in their block."""
    part_of = {key: part for part, keys in RECORDS.items() for key in keys}
    said = json.loads(content)
    found: dict[str, list[int]] = {}
    for part in dict.fromkeys(part_of.get(key, OTHER) for key in said):
        rest = {key: value for key, value in said.items() if part_of.get(key, OTHER) != part}
        size = len(letters) - len(packed_block(rest))
        found[part] = [size, size * 3 // 4]  # gzip finds out that base64 has but 64 letters
    return found


def weigh(page: Page) -> dict[str, Any]:
    """Return the bytes of each file and of its parts, as they are and under ``gzip -9``."""
    files = {}
    for name, (languages, embed) in FILES.items():
        whole = _sizes((page.embed_document if embed else page.document)(View(), languages=languages))
        parts = parts_of(page, languages, embed=embed)
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
