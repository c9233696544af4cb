"""``python -m tests.fuzz``: mutated files through every parser; 1 as exit status where one breaks.

A case is named by its parser, the seed of the run and its number; the same three give the same bytes. What
broke a parser is kept in a folder, to become a test.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo.atlas import Atlas
from geo.reading import load_atlas
from tests.fuzz.mutating import case, seeds_of
from tests.fuzz.parsers import Parser, parsers

SLOW = 5
"""Seconds after which a case counts as broken."""


@dataclass
class Tally:
    """What came of the cases of one parser."""

    taken: int = 0
    refused: int = 0
    seconds: float = 0
    slowest: float = 0
    broken: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.taken + self.refused + len(self.broken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and print a row for each parser."""
    asked = _parser().parse_args(arguments)
    started = time.monotonic()
    tallies = run(load_atlas(), asked.cases, asked.seconds, asked.seed, asked.keep, asked.only)
    sys.stdout.write(f"{'':<14}{'cases':>9}{'taken':>9}{'refused':>9}{'broken':>8}{'slowest':>11}\n")
    for name, tally in tallies.items():
        row = f"{tally.cases:>9}{tally.taken:>9}{tally.refused:>9}{len(tally.broken):>8}"
        sys.stdout.write(f"{name:<14}{row}{tally.slowest * 1000:>8.0f} ms\n")
    total = sum(tally.cases for tally in tallies.values())
    sys.stdout.write(f"{total:,} cases in {time.monotonic() - started:.0f} s, seed {asked.seed}\n")
    broken = [line for tally in tallies.values() for line in tally.broken]
    sys.stdout.writelines(f"{line}\n" for line in broken)
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="in all (20000)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--seed", type=int, default=1860)
    parser.add_argument("--only", help="one parser alone")
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "far-east-atlas-fuzz", help="a folder"
    )
    return parser


def run(
    atlas: Atlas, cases: int, seconds: float, seed: int, keep: Path, only: str | None = None
) -> dict[str, Tally]:
    """Give every parser its share of cases, turn by turn, until there are enough or time is up."""
    chosen = {name: parser for name, parser in parsers(atlas).items() if only in (None, name)}
    seeds = {name: seeds_of(name, parser) for name, parser in chosen.items()}
    tallies = {name: Tally() for name in chosen}
    until, done, turn = time.monotonic() + seconds, 0, 0
    before = signal.signal(signal.SIGALRM, _too_slow)
    try:
        while done < cases and time.monotonic() < until:
            for name, parser in chosen.items():
                if turn % parser.cost == 0 and done < cases:
                    content = case(name, seeds[name], seed, turn)
                    _try(name, parser, content, tallies[name], keep / f"{name}-{seed}-{turn}")
                    done += 1
            turn += 1
    finally:
        signal.signal(signal.SIGALRM, before)
    return tallies


def _try(name: str, parser: Parser, content: bytes, tally: Tally, kept: Path) -> None:
    started = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, SLOW)
    try:
        parser.take(content)
        tally.taken += 1
    except Exception as error:
        if isinstance(error, parser.refusals) and not isinstance(error, AssertionError | TimeoutError):
            tally.refused += 1
        else:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {error!s:.200} ({where.filename}:{where.lineno})"
            tally.broken.append(f"{name}: {said}; kept as {kept}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    spent = time.perf_counter() - started
    tally.seconds += spent
    tally.slowest = max(tally.slowest, spent)


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"it took more than {SLOW} s")


if __name__ == "__main__":
    sys.exit(main())
