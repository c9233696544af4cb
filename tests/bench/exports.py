"""``python -m tests.bench.exports [--quick]``: how long an export takes from a cold start.

Each run is a process of its own; the rounds go in turn, so that other load on the machine meets all alike.
The page is set beside what people write with folium alone: the same areas, lines and places through
``folium.Map.save``, without text, timeline or sources, and with scripts that a reader's browser has to fetch.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.exports import FORMATS
from tests.bench.measuring import PYTHON, Part, Result, cell, in_turn, table

PLAIN = "folium.Map.save"
PAGE = "geo export"
_PACKAGES = ("folium", "geopandas", "numpy", "pandas", "pyogrio", "shapely", "typst")
_OUTSIDE = re.compile(r"""(?:src|href)=["']?(https?://[^"'\s>]+)""")


def commands(folder: Path, *, quick: bool) -> dict[str, tuple[list[str], Path]]:
    """Return by name what is measured, and what it writes."""
    found = {
        PLAIN: (["tests.bench.plain_folium", str(folder / "plain.html")], folder / "plain.html"),
        PAGE: (["geo", "export", str(folder / "page.html"), "--overwrite"], folder / "page.html"),
        "geo picture, SVG": (["geo", "picture", str(folder / "a.svg"), "--overwrite"], folder / "a.svg"),
        "geo picture, PNG": (["geo", "picture", str(folder / "a.png"), "--overwrite"], folder / "a.png"),
    }
    for kind in ("all",) if quick else FORMATS:
        out = folder / f"data-{kind}"
        words = ["geo", "data", str(out), "--format", kind, "--overwrite"]
        found[f"geo data, {kind}"] = (words, out)
    if not quick:
        site = folder / "site"
        found["geo site"] = (["geo", "site", str(site), "--overwrite"], site)
    return found


def measure(*, quick: bool, rounds: int) -> Result:
    """Return all figures."""
    with tempfile.TemporaryDirectory() as name:
        listed = commands(Path(name), quick=quick)
        told = in_turn({label: (PYTHON, "-m", *words) for label, (words, _) in listed.items()}, rounds)
        results = {label: {**told[label], **written(out)} for label, (_, out) in listed.items()}
    plain = results[PLAIN]["cpu_s"]["median"]
    for result in results.values():
        result["ratio"] = result["cpu_s"]["median"] / plain
    return {"results": results}


def written(out: Path) -> dict[str, Any]:
    """Return how much was written, and how many scripts and sheets of others it loads."""
    files = [path for path in out.rglob("*") if path.is_file()] if out.is_dir() else [out]
    pages = out.read_text("utf-8") if out.suffix == ".html" else ""
    loaded = {url for url in _OUTSIDE.findall(pages) if re.search(r"\.(js|css)\b", url)}
    return {"bytes": sum(path.stat().st_size for path in files), "loads": len(loaded)}


def report(result: Result) -> Iterator[str]:
    """Yield the figures as a table in Markdown."""
    heads = (
        "",
        "wall s",
        "processor s",
        f"ratio to {PLAIN}",
        "peak MB",
        "written kB",
        "scripts, sheets to fetch",
    )
    yield from table(heads, (_row(label, one) for label, one in result["results"].items()))


def _row(label: str, one: dict[str, Any]) -> list[str]:
    times = (cell(one[key], 2) for key in ("wall_s", "cpu_s"))
    rest = (f"{one['ratio']:.2f}", f"{one['peak_mb']['median']:.0f}", f"{one['bytes'] / 1000:,.0f}")
    return [label, *times, *rest, str(one["loads"])]


PART = Part("exports", __doc__, measure, report, packages=_PACKAGES)

if __name__ == "__main__":
    sys.exit(PART.main())
