"""``python -m tests.bench [--quick] [--out DIR] [--only PART ...]``: all benchmarks, one after another.

Each prints its tables; DIR keeps the figures of each as JSON, and of all together as ``bench.json``.
``--tables`` measures nothing: it writes the tables of both READMEs out of that, and keeps it beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from tests.bench.measuring import ROOT, Result, keep, machine
from tests.bench.summary import summary, write_tables

HERE = Path(__file__).parent
FIGURES = HERE / "figures.json"
"""Those that the tables were written out of."""

PARTS = ("weight", "commands", "linking", "growth", "server", "sessions", "browsing", "interaction")
ONCE = ("sessions",)
"""What takes minutes and has its spread within."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts; 1 as exit status where one did not come to its end, or missed a bar asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the short form of each: shows that all runs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=ROOT / ".venv-bench" / "figures", help="a folder")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS)
    )
    parser.add_argument("--bars", action="store_true", help="fail where a bar is missed")
    parser.add_argument("--tables", action="store_true", help="only write the tables, from --out")
    asked = parser.parse_args(arguments)
    kept = asked.out / "bench.json"
    if asked.tables:
        result = json.loads(kept.read_text("utf-8"))
        write_tables(result, ROOT / "README.md", HERE / "README.md")
        keep(result, FIGURES)
        return 0
    asked.out.mkdir(parents=True, exist_ok=True)
    parts = [part for part in PARTS if part in asked.only and find_spec(f"tests.bench.{part}")]
    earlier = json.loads(kept.read_text("utf-8")) if kept.exists() and asked.only != PARTS else {}
    rounds = 1 if asked.quick else asked.rounds
    result = start(rounds, earlier)
    for part in parts:
        print(f"\n# {part}\n", flush=True)
        run(result, part, asked.out, [*["--quick"] * asked.quick, *["--bars"] * asked.bars])
        keep(result, kept)
    print("\n".join(("", "# In short", "", *summary(result))))
    return int(any(result["ended"][part] for part in parts))


def start(rounds: int, earlier: Result) -> Result:
    """Return what figures of parts are added to: those of an earlier run, or nothing."""
    return {
        "machine": machine(),
        "versions": earlier.get("versions", {}),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": {"before": os.getloadavg()},
        "rounds": rounds,
        "seconds": earlier.get("seconds", {}),
        "ended": earlier.get("ended", {}),
        "parts": earlier.get("parts", {}),
    }


def run(result: Result, part: str, folder: Path, options: Sequence[str]) -> None:
    """Run a part in a process of its own; add its figures, where it came to its end."""
    out = folder / f"{part}.json"
    out.unlink(missing_ok=True)
    rounds = str(1 if part in ONCE else result["rounds"])
    command = [sys.executable, "-m", f"tests.bench.{part}", "--out", str(out), "--rounds", rounds, *options]
    began = time.monotonic()
    result["ended"][part] = subprocess.run(command, cwd=ROOT, check=False).returncode
    result["seconds"][part] = round(time.monotonic() - began, 1)
    result["load"]["after"] = os.getloadavg()
    print(f"\n{part}: {result['seconds'][part]:.0f} s", flush=True)
    if out.exists():
        figures = json.loads(out.read_text("utf-8"))
        result["versions"] |= figures.get("versions", {})
        result["parts"][part] = figures


if __name__ == "__main__":
    sys.exit(main())
