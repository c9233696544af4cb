"""The tables that are written out of the figures: of all benchmarks for the README, and of each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.measuring import Result, head, table

_AS_WRITTEN, _BY_HAND = "st_folium as written", "hand-written page"


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Parameters
    ----------
    what : str
        As the table says it; the unit is in it.
    ours, theirs : tuple of str
        Keys of the merged figures that lead to both.
    instead : str
        What theirs is.
    digits : int
        Behind the point.
    more : bool
        Whether more is better.
    """

    what: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    instead: str
    digits: int = 0
    more: bool = False

    def cells(self, parts: Mapping[str, Any]) -> list[str] | None:
        """Return the cells of the line; nothing where a part was not measured."""
        ours, theirs = (_median(parts, keys) for keys in (self.ours, self.theirs))
        if not ours or not theirs:
            return None
        ratio = ours / theirs if self.more else theirs / ours
        figures = (f"{each:,.{self.digits}f}" for each in (ours, theirs))
        mine, other = figures
        return [
            self.what,
            mine,
            f"{other} ({self.instead})",
            f"{ratio:.2g}" if ratio < 10 else f"{ratio:,.0f}",
        ]


def _median(parts: Mapping[str, Any], keys: tuple[str, ...]) -> float | None:
    found: Any = parts
    for key in keys:
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return float(found["median"] if isinstance(found, Mapping) else found)


def _browsing(what: str, act: str, key: str, ours: str, theirs: str) -> Row:
    path = ("browsing", "results")
    return Row(what, (*path, ours, act, key), (*path, theirs, act, key), theirs)


def _served(what: str, key: str, digits: int = 0) -> Row:
    path = ("server", "results")
    return Row(what, (*path, "our dashboard", key), (*path, _AS_WRITTEN, key), _AS_WRITTEN, digits)


def _command(what: str, name: str, instead: str, key: str = "wall_s", digits: int = 1) -> Row:
    path = ("commands", "results", name)
    return Row(what, (*path, "ours", key), (*path, "theirs", key), instead, digits)


_POINTS = "geo where --csv, 1,000,000 points"
_HELD = ("held", "sessions")
ROWS = (
    _browsing("the file is usable, ms", "open -> usable", "ms", "our file", _BY_HAND),
    _browsing("the dashboard is usable, ms", "warm load", "ms", "our dashboard", _AS_WRITTEN),
    _browsing("a layer is off, ms", "layer off", "ms", "our dashboard", _AS_WRITTEN),
    _browsing("a place's passage is lit, ms", "place -> passage lit", "ms", "our dashboard", _AS_WRITTEN),
    _served("the server's memory with a reader, MB", "warm_mb"),
    _served("the server's processor for a click, ms", "rerun_cpu_ms"),
    Row(
        "readers held, who think for 5 s",
        ("server", "results", "our dashboard", *_HELD),
        ("server", "results", _AS_WRITTEN, *_HELD),
        _AS_WRITTEN,
        more=True,
    ),
    _command("`geo export`, s", "geo export", "folium.Map.save", digits=2),
    _command("`geo validate`, s", "geo validate", "frictionless", digits=2),
    _command("`geo where --csv`, a million points, s", _POINTS, "geopandas.sjoin"),
    _command("its memory, MB", _POINTS, "geopandas.sjoin", "peak_mb", 0),
    Row(
        "names found in a text, MB a second",
        ("commands", "passes", "ours, finding alone", "mb_per_s"),
        ("commands", "passes", "regular expression", "mb_per_s"),
        "a regular expression",
        1,
        more=True,
    ),
)


def summary(merged: Result) -> Iterator[str]:
    """Yield the table of the README out of the figures of all parts."""
    rows = [cells for row in ROWS if (cells := row.cells(merged["parts"])) is not None]
    yield from table(("", "ours", "instead", "times better"), rows)
    yield ""
    yield from list(head(merged))[::2]


def write_tables(merged: Result, readme: Path, every: Path) -> None:
    """Write the table of the README, and all tables of the benchmarks' own, each between its two marks.

    Parameters
    ----------
    merged : dict
        The figures of all parts; a part that was not measured keeps the table that it has.
    readme, every : Path
        The files that have the marks.

    Raises
    ------
    ValueError
        If marks are not there, or nothing was measured that the table of the README tells.
    """
    if not any(row.cells(merged["parts"]) for row in ROWS):
        raise ValueError("nothing of what the table tells was measured")
    write_between(readme, "measured", summary(merged))
    for name, figures in merged["parts"].items():
        if part := getattr(import_module(f"tests.bench.{name}"), "PART", None):
            write_between(every, name, part.lines(figures))


def write_between(file: Path, mark: str, lines: Iterable[str]) -> None:
    """Replace what stands in a file between the marks of a name."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, found, rest = file.read_text("utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{file.name} has no {begin} … {end}")
    file.write_text("\n".join((before + begin, *lines, end + after)), "utf-8")
