"""One visitor attacks while others read: ``python -m tests.bench.attack``.

Files made to stall a reader are brought to a dashboard, one after another and then all at once. Meanwhile
the server is asked for its health and another reader moves. All of it stays on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.serving import Dashboard
from tests.bench.sessions import ARTICLE, BROUGHT, GAZETTEER, MARKS, File, visiting
from tests.finishing import finish

_EVERY = 0.05
_MOST_CORNERS = 19_900


@dataclass
class Met:
    """What the others met: seconds until an answer."""

    health: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    taken: dict[str, float] = field(default_factory=dict)
    """By the name of a hostile file, until the server was done with it."""


def hostile_files() -> tuple[File, ...]:
    """Return files that are within all limits of size and cost a reader as much as they can."""
    brackets = b"[a" * 500_000
    divisions = b"<div>" * 100_000 + b"x"
    rings = [_ring(120 + number, crossing=number % 2 == 0) for number in range(10)]
    names = (f"Bolshoy Stary {number}sky pereval,ru,45,{100 + number % 40}\n" for number in range(19_000))
    marks = {
        "target": {"selector": {"type": "TextQuoteSelector", "exact": "a\u0301" * 200}},
        "body": [{}] * 100,
    }
    return (
        File(ARTICLE, "brackets.md", brackets),
        File(ARTICLE, "divisions.html", divisions),
        File(GAZETTEER, "rings.geojson", _features(rings)),
        File(GAZETTEER, "names.csv", ("name,lang,lat,lon\n" + "".join(names)).encode()),
        File(
            MARKS, "marks.jsonld", json.dumps({"type": "AnnotationPage", "items": [marks] * 5_000}).encode()
        ),
    )


def _ring(lon: int, *, crossing: bool) -> list[list[float]]:
    """Return an outline of as many corners as are allowed: a circle, or a star that crosses itself."""
    step = 2.4 if crossing else 2 * math.pi / _MOST_CORNERS
    turns = (number * step for number in range(_MOST_CORNERS))
    ring = [[round(lon + math.cos(turn), 5), round(45 + math.sin(turn), 5)] for turn in turns]
    return [*ring, ring[0]]


def _features(rings: Sequence[list[list[float]]]) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"Ring {number}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for number, ring in enumerate(rings)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


async def attack(address: str, files: Sequence[File], seconds: float) -> Met:
    """Bring all files at once; meanwhile ask for the health and move, until all are done or time is up.

    Parameters
    ----------
    address : str
        Of the dashboard.
    seconds : float
        After which attackers who still wait are let go.
    """
    met, opened = Met(), asyncio.Event()
    reading = asyncio.create_task(_read(address, met, opened))
    await asyncio.wait([reading, asyncio.create_task(opened.wait())], return_when=asyncio.FIRST_COMPLETED)
    watching = [reading, asyncio.create_task(_ask_for_health(address, met))]
    attacks = [asyncio.create_task(_bring(address, file, met)) for file in files]
    _, left = await asyncio.wait(attacks, timeout=seconds)
    for task in (*watching, *left):
        task.cancel()
    ended = await asyncio.gather(*watching, *attacks, return_exceptions=True)
    faults = [end for end in ended if isinstance(end, Exception)]
    if faults:
        raise faults[0]
    return met


async def _bring(address: str, file: File, met: Met) -> None:
    async with visiting(address) as reader:
        await reader.open()
        if file.uploader == MARKS:
            await reader.bring(BROUGHT[0])
        met.taken[file.name] = await reader.bring(file)


async def _ask_for_health(address: str, met: Met) -> None:
    def ask() -> None:
        with urllib.request.urlopen(address + "_stcore/health", timeout=60) as answer:
            answer.read()

    while True:
        started = time.monotonic()
        await asyncio.to_thread(ask)
        met.health.append(time.monotonic() - started)
        await asyncio.sleep(_EVERY)


async def _read(address: str, met: Met, opened: asyncio.Event) -> None:
    async with visiting(address) as reader:
        await reader.open()
        opened.set()
        for year in range(1690, 2020):
            met.moves.append(await reader.move(f"date={year}-01-01"))
            await asyncio.sleep(_EVERY)


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack with each file in turn, then with all; 1 as exit status where health took over a second."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.attack", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for each attack, at most")
    asked = parser.parse_args(arguments)
    files = hostile_files()
    worst = 0.0
    print(f"{'':<18}{'file done in s':>15}{'health, worst s':>17}{'moves, worst s':>16}{'load':>7}")
    with Dashboard() as dashboard:
        for name, each in [*((file.name, (file,)) for file in files), ("all at once", files)]:
            met = finish(attack(dashboard.address, each, asked.seconds))
            taken = f"{max(met.taken.values()):.1f}" if len(met.taken) == len(each) else "not"
            row = f"{max(met.health):>17.2f}{max(met.moves):>16.2f}{os.getloadavg()[0]:>7.1f}"
            print(f"{name:<18}{taken:>15}{row}", flush=True)
            worst = max(worst, *met.health)
    return 1 if worst > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
