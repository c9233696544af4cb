"""``python -m tests.bench.commands``: what commands take from a cold start, beside others.

Each is a process of its own, in turn in every round, so that other load on the machine meets all alike.
The export stands beside ``folium.Map.save``, the check of the data beside frictionless, a table of a million
points beside ``geopandas.sjoin``, a text of five megabytes beside one regular expression of the same names.
Besides, the linker alone goes over 20 MB.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.contenders import OURS
from tests.bench.measuring import MB, PYTHON, ROOT, Part, Result, Spread, cell, cost, in_turn, table

PEERS = Path(__file__).parent / "peers"
DATA = ROOT / "data"
DAY = "1859-06-01"
LINKING, FINDING = OURS
INSTEAD = "regular expression"
BAR_PACE = 20
"""Megabytes a second."""
_PACKAGES = ("folium", "frictionless", "geopandas", "pandas", "shapely")


@dataclass(frozen=True)
class Pair:
    """A command and what one would run instead.

    Parameters
    ----------
    name, instead : str
        As the table names them.
    ours, theirs : sequence of str or Path
        Arguments of Python.
    bar_s : float
        Seconds by the clock that ours may take; none where it is 0.
    """

    name: str
    instead: str
    ours: Sequence[str | Path]
    theirs: Sequence[str | Path]
    bar_s: float = 0

    def commands(self) -> Iterator[tuple[str, tuple[str | Path, ...]]]:
        """Yield ours and theirs, by name."""
        yield self.name, (PYTHON, *self.ours)
        yield self.instead, (PYTHON, *self.theirs)

    def beside(self, costs: Mapping[str, Mapping[str, Spread]]) -> dict[str, Any]:
        """Return both out of the costs of all, and how many times as much of the processor theirs takes."""
        ours, theirs = costs[self.name], costs[self.instead]
        ratio = theirs["cpu_s"]["median"] / ours["cpu_s"]["median"]
        return {"instead": self.instead, "ours": ours, "theirs": theirs, "ratio": ratio, "bar_s": self.bar_s}


def pairs(folder: Path, points: int, size: int) -> tuple[Pair, ...]:
    """Return what is measured; points and text are in the folder."""
    page, out, text = folder / "page.html", folder / "out", folder / "text.txt"
    return (
        Pair(
            "geo export",
            "folium.Map.save",
            ("-m", "geo", "export", page, "--overwrite"),
            ("-m", "tests.bench.plain_folium", folder / "plain.html"),
            2,
        ),
        Pair(
            "geo validate",
            "frictionless",
            ("-m", "geo", "validate"),
            (PEERS / "described.py", DATA / "datapackage.json"),
            3,
        ),
        Pair(
            f"geo where --csv, {points:,} points",
            "geopandas.sjoin",
            ("-m", "geo", "where", "--csv", folder / "points.csv", "--date", DAY),
            (PEERS / "joined.py", folder / "points.csv", DAY, DATA, out),
            10,
        ),
        Pair(
            f"geo link, {size / MB:g} MB",
            "regular expression",
            ("-m", "geo", "link", text, "-o", folder / "marks.jsonld"),
            (PEERS / "alternation.py", folder / "names.csv", text, out),
        ),
    )


def write_points(file: Path, count: int) -> None:
    """Write points all over the frame of the map, and somewhat beyond it."""
    chance = random.Random(count)
    with file.open("w", encoding="utf-8") as lines:
        lines.write("name,lat,lon\n")
        for number in range(count):
            lines.write(f"spot {number},{chance.uniform(40, 60):.5f},{chance.uniform(110, 150):.5f}\n")


def measure(*, quick: bool, rounds: int) -> Result:
    """Return the cost of each command and of what stands beside it, and the speed of passes over a text."""
    points, size, long = (1_000, MB // 50, MB // 10) if quick else (MB, 5 * MB - 10_000, 20 * MB)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_points(folder / "points.csv", points)
        # In a process of its own: what this one holds is counted to the memory of its children.
        cost((PYTHON, "-m", "tests.bench.texts", folder, str(size), str(long)))
        listed = pairs(folder, points, size)
        commands = {label: words for pair in listed for label, words in pair.commands()}
        costs = in_turn(commands, rounds, to=folder / "told")
        results = {pair.name: pair.beside(costs) for pair in listed}
        return {"results": results, "passes": passes(folder, long, rounds)}


def passes(folder: Path, size: int, rounds: int) -> dict[str, Any]:
    """Return how fast our linker goes over a text, whole and finding alone, beside one regular expression."""
    from tests.bench.linking import Contender, own_names, race

    contenders = [Contender(name, PYTHON) for name in (FINDING, LINKING, INSTEAD)]
    speeds = race(contenders, own_names(), folder / "texts.tsv", size, rounds)
    theirs = speeds[INSTEAD]["mb_per_s"]["median"]
    return {
        name: {
            **one,
            "ratio": one["mb_per_s"]["median"] / theirs,
            "bar_mb_per_s": BAR_PACE * (name != INSTEAD),
        }
        for name, one in speeds.items()
    }


def report(result: Result) -> Iterator[str]:
    """Yield the figures as tables in Markdown."""
    heads = (
        "",
        "wall s",
        "processor s",
        "peak MB",
        "instead",
        "wall s",
        "processor s",
        "peak MB",
        "ratio",
        "bar",
    )
    yield from table(heads, (_row(name, one) for name, one in result["results"].items()))
    yield ""
    yield "Ratio: of processor time, theirs to ours."
    yield ""
    rows = (
        [
            name,
            f"{one['bytes'] / MB:g}",
            cell(one["mb_per_s"], 2),
            f"{one['ratio']:.1f}",
            f"{one['peak_mb']:.0f}",
            _met(one["bar_mb_per_s"], one["mb_per_s"]["median"] >= one["bar_mb_per_s"], "MB/s"),
        ]
        for name, one in result["passes"].items()
    )
    yield from table(("a pass over a text", "of MB", "MB/s", "ratio", "peak MB", "bar"), rows)


def _row(name: str, one: dict[str, Any]) -> list[str]:
    ours, theirs = ([*_cells(one[who])] for who in ("ours", "theirs"))
    met = one["ours"]["wall_s"]["median"] <= one["bar_s"]
    return [name, *ours, one["instead"], *theirs, f"{one['ratio']:.1f}", _met(one["bar_s"], met, "s")]


def _cells(costs: dict[str, Any]) -> Iterator[str]:
    for key, digits in (("wall_s", 2), ("cpu_s", 2), ("peak_mb", 0)):
        yield cell(costs[key], digits)


def _met(bar: float, met: bool, unit: str) -> str:
    return f"{bar:g} {unit}: {'met' if met else 'missed'}" if bar else ""


def bars(result: Result) -> list[str]:
    """Return what took longer, or was slower, than it may."""
    missed = [
        f"{name}: {one['ours']['wall_s']['median']:.2f} s, over {one['bar_s']:g}"
        for name, one in result["results"].items()
        if one["bar_s"] and one["ours"]["wall_s"]["median"] > one["bar_s"]
    ]
    return missed + [
        f"{name}: {one['mb_per_s']['median']:.1f} MB/s, under {one['bar_mb_per_s']:g}"
        for name, one in result["passes"].items()
        if one["mb_per_s"]["median"] < one["bar_mb_per_s"]
    ]


PART = Part("commands", __doc__, measure, report, bars, rounds=3, packages=_PACKAGES)

if __name__ == "__main__":
    sys.exit(PART.main())
