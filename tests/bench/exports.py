"""``python -m tests.bench.exports [--quick]``: how long an export takes from a cold start.

Each run is a process of its own; the rounds go in turn, so that other load on the machine meets all alike.
The page is set beside what people write with folium alone: the same areas, lines and places through
``folium.Map.save``, without text, timeline or sources, and with scripts that a reader's browser has to fetch.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

from geo.exports import FORMATS

ROOT = Path(__file__).parents[2]
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
        written = ["geo", "data", str(out), "--format", kind, "--overwrite"]
        found[f"geo data, {kind}"] = (written, out)
    if not quick:
        site = folder / "site"
        found["geo site"] = (["geo", "site", str(site), "--overwrite"], site)
    return found


def run(arguments: Sequence[str]) -> dict[str, float]:
    """Run a module in a process of its own; return its wall time, processor time and memory."""
    started = time.monotonic()
    command = [sys.executable, "-m", *arguments]
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=silent)
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    wall = time.monotonic() - started
    return {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}


def measure(*, quick: bool) -> dict[str, Any]:
    """Return all figures."""
    rounds = 1 if quick else 5
    began, load = datetime.now(UTC).isoformat(timespec="seconds"), os.getloadavg()
    with tempfile.TemporaryDirectory() as name:
        listed = commands(Path(name), quick=quick)
        runs: dict[str, list[dict[str, float]]] = {label: [] for label in listed}
        for _ in range(rounds):
            for label, (arguments, _out) in listed.items():
                runs[label].append(run(arguments))
        results = {label: figures(runs[label], out) for label, (_arguments, out) in listed.items()}
    plain = results[PLAIN]["cpu_s"]["median"]
    for result in results.values():
        result["ratio"] = result["cpu_s"]["median"] / plain
    return {
        "machine": {"processor": processor(), "cores": os.cpu_count()},
        "versions": {
            "Python": platform.python_version(),
            "system": platform.platform(),
            **{package: metadata.version(package) for package in _PACKAGES},
        },
        "started": began,
        "load": {"before": load, "after": os.getloadavg()},
        "rounds": rounds,
        "results": results,
    }


def figures(runs: Sequence[dict[str, float]], out: Path) -> dict[str, Any]:
    """Return the spread of some runs, and what they wrote."""
    files = [path for path in out.rglob("*") if path.is_file()] if out.is_dir() else [out]
    pages = out.read_text("utf-8") if out.suffix == ".html" else ""
    loaded = {url for url in _OUTSIDE.findall(pages) if re.search(r"\.(js|css)\b", url)}
    return {
        **{key: spread([one[key] for one in runs]) for key in ("wall_s", "cpu_s", "peak_mb")},
        "bytes": sum(path.stat().st_size for path in files),
        "loads": len(loaded),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the median of some figures, the least and the most."""
    return {"median": median(values), "least": min(values), "most": max(values)}


def processor() -> str:
    """Return the name of the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor()


def report(result: dict[str, Any]) -> Iterator[str]:
    """Yield the figures as a table in Markdown."""
    machine, load = result["machine"], result["load"]
    yield f"{result['started']}, {machine['processor']}, {machine['cores']} cores."
    yield ", ".join(f"{name} {version}" for name, version in result["versions"].items()) + "."
    yield f"Load before {load['before'][0]:.1f}, after {load['after'][0]:.1f}."
    yield f"{result['rounds']} rounds, from a cold start; the median, in brackets the least and the most."
    yield ""
    yield f"| | wall s | processor s | ratio to {PLAIN} | peak MB | written kB | scripts, sheets to fetch |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for label, one in result["results"].items():
        times = [
            f"{one[key]['median']:.2f} ({one[key]['least']:.2f}–{one[key]['most']:.2f})"
            for key in ("wall_s", "cpu_s")
        ]
        rest = [f"{one['ratio']:.2f}", f"{one['peak_mb']['median']:.0f}", f"{one['bytes'] / 1000:,.0f}"]
        yield f"| {' | '.join([label, *times, *rest, str(one['loads'])])} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exports", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of a few: shows that it runs")
    parser.add_argument("--out", type=Path, help="also write the figures as JSON")
    options = parser.parse_args(arguments)
    result = measure(quick=options.quick)
    print("\n".join(report(result)))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
