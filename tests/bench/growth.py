"""``python -m tests.bench.growth``: how time, memory and size grow as the work does.

A reader's gazetteer of 10 to 10,000 places, and one of more than are taken; texts of 10 kB to 100 MB through
the linker; areas of 1 to 50 times as many corners through the answer for points and the making of the page.
Each piece of work is a process of its own. The slope is the power with which a figure grows with size, over
all sizes, and over the last step alone, where what is the same for all sizes weighs least.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.contenders import OURS
from tests.bench.linking import Contender, own_names
from tests.bench.measuring import MB, PYTHON, Part, Result, cell, cost, slope, spreads, table
from tests.bench.texts import Name, invented_names, write_texts
from tests.gold.marks import gold_texts

PLACES, TOO_MANY = (10, 100, 1_000, 10_000), 100_000
TEXTS = (MB // 100, MB // 10, MB, 10 * MB, 100 * MB)
TIMES = (1, 2, 5, 10, 50)


def write_gazetteer(file: Path, count: int, names: Sequence[Name]) -> None:
    """Write places with some names as CSV, all over the frame; from the last name on they get a number."""
    chance = random.Random(count)
    with file.open("w", encoding="utf-8") as lines:
        lines.write("name,lang,lat,lon\n")
        for number in range(count):
            name, again = names[number % len(names)], number // len(names)
            form = f"{name.form} {again + 1}" if again else name.form
            lines.write(f"{form},{name.lang},{chance.uniform(42, 57):.4f},{chance.uniform(115, 145):.4f}\n")


def measure(*, quick: bool, rounds: int) -> Result:
    """Return the figures of all sizes, and their slopes."""
    places, texts, times = (PLACES[:2], TEXTS[:2], TIMES[:2]) if quick else (PLACES, TEXTS, TIMES)
    names = invented_names(10_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = folder / "text.tsv"
        write_texts(text, MB // 10, gold_texts(), names)
        files = {count: folder / f"{count}.csv" for count in (*places, TOO_MANY)}
        for count, file in files.items():
            write_gazetteer(file, count, names)
        by_places = grown({count: ("gazetteer", files[count], text) for count in places}, folder, rounds)
        for count in places:
            by_places[count] |= _commands(files[count], folder, rounds)
        refused = _refused(files[TOO_MANY], folder, rounds)
        by_times = grown({count: ("areas", str(count)) for count in times}, folder, rounds)
        write_texts(text, max(texts), gold_texts(), names)
        by_size = _texts(text, texts, [*own_names(), *names], rounds)
    growth = {"places": by_places, "corners": by_times, "bytes": by_size}
    return {
        "growth": {kind: {str(size): each for size, each in sizes.items()} for kind, sizes in growth.items()},
        "slopes": {kind: slopes(sizes) for kind, sizes in growth.items()},
        "last_slopes": {kind: slopes(dict([*sizes.items()][-2:])) for kind, sizes in growth.items()},
        "refused": refused,
    }


def grown(
    works: Mapping[int, Sequence[str | Path]], folder: Path, rounds: int
) -> dict[int, dict[str, dict[str, float]]]:
    """Return the spread of the figures of each size, done in turn in every round."""
    runs: dict[int, list[dict[str, float]]] = {size: [] for size in works}
    told = folder / "told.json"
    for _ in range(rounds):
        for size, words in works.items():
            cost((PYTHON, "-m", "tests.bench.grown", *words), to=told)
            runs[size].append(json.loads(told.read_text("utf-8")))
    return {size: spreads(each) for size, each in runs.items()}


def _commands(file: Path, folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Return what a person waits for: the cold commands with a gazetteer."""
    text = folder / "walk.md"
    text.write_text("# A walk\n\nWe went from Posyet to Vladivostok by night train.\n", "utf-8")
    found = {}
    for name, words in (
        ("export", ("export", folder / "page.html", "--overwrite")),
        ("link_command", ("link", text, "-o", folder / "marks.jsonld")),
    ):
        command = (PYTHON, "-m", "geo", *words, "--gazetteer", file)
        found[f"{name}_wall_s"] = spreads([cost(command) for _ in range(rounds)])["wall_s"]
    return found


def _refused(file: Path, folder: Path, rounds: int) -> dict[str, Any]:
    """Return how long it takes to refuse a gazetteer that is too large, and in which words."""
    told = folder / "refused.txt"
    words = (PYTHON, "-m", "geo", "export", folder / "refused.html", "--gazetteer", file)
    costs = spreads([cost(words, to=told, status=2) for _ in range(rounds)])
    return {"places": TOO_MANY, **costs, "words": told.read_text("utf-8").splitlines()}


def _texts(
    file: Path, sizes: Sequence[int], names: Sequence[Name], rounds: int
) -> dict[int, dict[str, dict[str, float]]]:
    """Return time and memory of finding names in texts; a peak is right as less text went before."""
    finder = Contender(OURS[1], PYTHON)
    finder.seek(names)
    found = {}
    for size in sorted(sizes):
        answers = [finder.ask(file=str(file), bytes=size) for _ in range(rounds)]
        found[size] = spreads([{key: each[key] for key in ("cpu_s", "found", "peak_mb")} for each in answers])
    finder.close()
    return found


def slopes(sizes: Mapping[int, Mapping[str, Mapping[str, float]]]) -> dict[str, float]:
    """Return with which power each figure grows; those that are nothing at some size are left out."""
    keys = next(iter(sizes.values()))
    figures = {key: [(size, each[key]["median"]) for size, each in sizes.items()] for key in keys}
    return {key: slope(points) for key, points in figures.items() if all(figure > 0 for _, figure in points)}


_COLUMNS = {
    "places": {
        "parse_s": ("read, s", 3),
        "link_s": ("text of 100 kB linked, s", 3),
        "page_s": ("page made, s", 3),
        "document_kb": ("page, kB", 0),
        "peak_mb": ("peak MB", 0),
        "export_wall_s": ("geo export, s by the clock", 2),
        "link_command_wall_s": ("geo link, s by the clock", 2),
    },
    "corners": {
        "corners": ("corners", 0),
        "where_s": ("100,000 points answered, s", 3),
        "page_s": ("page made, s", 3),
        "document_kb": ("page, kB", 0),
        "peak_mb": ("peak MB", 0),
    },
    "bytes": {"cpu_s": ("names found in, s", 4), "found": ("found", 0), "peak_mb": ("peak MB", 0)},
}
_SIZES = {
    "places": ("places of a reader", lambda size: f"{size:,}"),
    "corners": ("areas, times the corners", lambda size: f"{size}"),
    "bytes": ("text, MB", lambda size: f"{size / MB:g}"),
}


def report(result: Result) -> Iterator[str]:
    """Yield the figures as tables in Markdown, the slopes below them."""
    for kind, sizes in result["growth"].items():
        title, written = _SIZES[kind]
        columns = _COLUMNS[kind]
        rows = [
            [written(int(size)), *(cell(each[key], digits) for key, (_, digits) in columns.items())]
            for size, each in sizes.items()
        ]
        for name, slope_of in (("slope", "slopes"), ("slope of the last step", "last_slopes")):
            powers = result[slope_of][kind]
            rows.append([name, *(f"{powers[key]:.2f}" if key in powers else "" for key in columns)])
        yield from table((title, *(head for head, _ in columns.values())), rows)
        yield ""
    refused = result["refused"]
    words = " ".join(refused["words"])
    yield f"{refused['places']:,} places are refused in {cell(refused['wall_s'], 2)} s: {words}"


def bars(result: Result) -> list[str]:
    """Return what grows faster than it may: nothing faster than the work."""
    return [
        f"{key} grows with {_SIZES[kind][0]} to the power of {power}"
        for kind, powers in result["last_slopes"].items()
        for key, power in powers.items()
        if power > MOST_POWER
    ]


MOST_POWER = 1.15
"""Somewhat over 1, since memory nearest to the processor helps the small."""

PART = Part("growth", __doc__, measure, report, bars, rounds=3, packages=("shapely", "ahocorasick_rs"))

if __name__ == "__main__":
    sys.exit(PART.main())
