"""What the benchmarks share: processes and their cost, the machine, spread, growth, tables, one command line.

Each benchmark is a module with a command of its own. It gives a `Part` its measure, its report and, where
it has any, its bars; what a measure returns JSON can hold, and `Part.run` adds to it what it was measured on.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import fmean, median
from typing import Any

ROOT = Path(__file__).parents[2]
PEERS_PYTHON = ROOT / ".venv-bench" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MB = 1_000_000

Result = dict[str, Any]
Spread = Mapping[str, float]


@dataclass(frozen=True)
class Part:
    """A benchmark.

    Parameters
    ----------
    name : str
        Of its module in `tests.bench`.
    about : str
        The description of its command.
    measure : callable
        Takes ``quick`` (a short form that shows that all of it runs) and ``rounds``; returns all figures.
    report : callable
        Yields the figures as lines of Markdown.
    bars : callable
        Returns a sentence for each bar that is missed.
    rounds : int
        Where none are asked for.
    packages : tuple of str
        Whose versions matter.
    """

    name: str
    about: str
    measure: Callable[..., Result]
    report: Callable[[Result], Iterator[str]]
    bars: Callable[[Result], list[str]] = lambda _: []
    rounds: int = 5
    packages: tuple[str, ...] = ()

    def run(self, *, quick: bool, rounds: int) -> Result:
        """Return the figures with the machine, the versions, the time, the load and the rounds."""
        result: Result = {
            "machine": machine(),
            "versions": versions(*self.packages),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "load": {"before": os.getloadavg()},
            "rounds": rounds,
        }
        result |= self.measure(quick=quick, rounds=rounds)
        result["load"]["after"] = os.getloadavg()
        return result

    def lines(self, figures: Result) -> Iterator[str]:
        """Yield figures as lines of Markdown, with what they were measured on."""
        yield from (*head(figures), "", *self.report(figures))

    def main(self, arguments: Sequence[str] | None = None) -> int:
        """Do what a command line asks for; 1 where a bar is missed and bars were asked for."""
        return self.act(self.parser().parse_args(arguments))

    def parser(self) -> argparse.ArgumentParser:
        """Return what reads the command line."""
        parser = argparse.ArgumentParser(prog=f"python -m tests.bench.{self.name}", description=self.about)
        parser.add_argument("--quick", action="store_true", help="a short form: shows that all of it runs")
        parser.add_argument("--rounds", type=int, default=self.rounds)
        parser.add_argument("--out", type=Path, help="also write the figures as JSON")
        parser.add_argument("--bars", action="store_true", help="fail where a bar is missed")
        return parser

    def act(self, asked: argparse.Namespace) -> int:
        """Measure, print the tables and keep the figures."""
        result = self.run(quick=asked.quick, rounds=1 if asked.quick else asked.rounds)
        print("\n".join(self.lines(result)), flush=True)
        keep(result, asked.out)
        missed = [] if asked.quick else self.bars(result)
        print(*missed, sep="\n", end="\n" if missed else "")
        return int(asked.bars and bool(missed))


def keep(result: Result, out: Path | None) -> None:
    """Write figures as JSON, where a file is named."""
    if out:
        out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


def head(result: Result) -> Iterator[str]:
    """Yield on what the figures were measured, as lines of Markdown."""
    load = result["load"]
    yield f"{result['started']}, {result['machine']['processor']}, {result['machine']['cores']} cores."
    yield ", ".join(f"{name} {version}" for name, version in result["versions"].items()) + "."
    rounds = "1 round" if result["rounds"] == 1 else f"{result['rounds']} rounds"
    yield (
        f"Load before {load['before'][0]:.1f}, after {load['after'][0]:.1f}. "
        f"{rounds}; the median (the least–the most)."
    )


def machine() -> dict[str, Any]:
    """Return what the machine is."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {"processor": models[0] if models else platform.processor(), "cores": os.cpu_count()}


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of Python, the system and packages; ``name==version`` is one of a peer's."""
    found = {"Python": platform.python_version(), "system": platform.platform()}
    for package in packages:
        name, _, version = package.partition("==")
        found[name] = version or metadata.version(name)
    return found


def peers_python(*wanted: str) -> Path:
    """Return the Python of the peers' environment, with packages in it; it is made where it is not there yet.

    Parameters
    ----------
    wanted : str
        Each ``name==version``.
    """
    if not PEERS_PYTHON.exists():
        venv.create(PEERS_PYTHON.parents[1], with_pip=True)
    asked = "import importlib.metadata, sys; [importlib.metadata.version(each) for each in sys.argv[1:]]"
    names = (each.partition("==")[0] for each in wanted)
    if subprocess.run([PEERS_PYTHON, "-c", asked, *names], capture_output=True, check=False).returncode:
        command = [PEERS_PYTHON, "-m", "pip", "install", "--quiet", *wanted]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return PEERS_PYTHON


def spread(values: Iterable[float]) -> dict[str, float]:
    """Return the median of some figures, the least and the most."""
    listed = list(values)
    return {"median": median(listed), "least": min(listed), "most": max(listed)}


def spreads(rounds: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the spread of each figure over the rounds."""
    return {key: spread(each[key] for each in rounds) for key in rounds[0]}


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the power with which figures grow with size: 1 where they grow as it does, 0 where not at all.

    Parameters
    ----------
    points : sequence of (float, float)
        Size and figure, at least two, above zero.

    References
    ----------
    The line of least squares through the logarithms of both.

    Examples
    --------
    >>> slope([(1, 2), (10, 20), (100, 200)])
    1.0
    """
    xs, ys = ([math.log(point[axis]) for point in points] for axis in (0, 1))
    x, y = fmean(xs), fmean(ys)
    steep = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
    return round(steep, 3)


def cell(figures: Spread | None, digits: int = 0, unit: float = 1) -> str:
    """Return a spread as a cell of a table; nothing where there is none."""
    if figures is None:
        return ""
    middle, least, most = (figures[key] / unit for key in ("median", "least", "most"))
    if least == most:
        return f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} ({least:,.{digits}f}–{most:,.{digits}f})"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table in Markdown."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def cost(command: Sequence[str | Path], *, to: Path | None = None, status: int = 0) -> dict[str, float]:
    """Run a command in a process of its own to its end; return its wall time, processor time and memory.

    Parameters
    ----------
    command : sequence of str or Path
        The first is the program, by its path.
    to : Path, optional
        Where what it prints is written, errors too; nowhere where it is left out.
    status : int
        With which it has to end.
    """
    words = list(map(str, command))
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    out = [(os.POSIX_SPAWN_OPEN, 1, str(to or os.devnull), flags, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]
    started = time.monotonic()
    child = os.posix_spawn(words[0], words, os.environ, file_actions=out if to else out[:1])
    _, ended, used = os.wait4(child, 0)
    wall = time.monotonic() - started
    if (found := os.waitstatus_to_exitcode(ended)) != status:
        raise RuntimeError(f"{' '.join(words)} ended with {found}")
    return {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}


def in_turn(
    commands: Mapping[str, Sequence[str | Path]], rounds: int, to: Path | None = None
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the spread of the cost of commands, run in turn in every round: other load meets all alike."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(cost(command, to=to))
    return {name: spreads(each) for name, each in runs.items()}


PYTHON = Path(sys.executable)
