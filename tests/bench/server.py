"""``python -m tests.bench.server``: what it takes to serve the map, beside what one would use instead.

Our dashboard, st_folium as people write it, st_folium tuned, leafmap and a script that only says a word are
each served by Streamlit on this machine: what is imported, how long it takes from the start until it is
healthy, memory, the processor's time for what a click sends, and how many readers it holds who think for five
seconds: they come one by one, and are asked when all are there.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.measuring import PYTHON, Part, Result, cell, peers_python, spreads, table
from tests.bench.serving import Server
from tests.bench.sessions import Reader, share, visiting
from tests.bench.subjects import BARE, DASHBOARD, INSTALLED, STREAMLIT, Subject, served, write_material
from tests.finishing import finish

HEAVY = ("geopandas", "folium", "pandas", "shapely", "pyogrio", "pyproj", "pyarrow", "numpy", "matplotlib")
"""What is told of each: whether it had been imported when the first reader was served."""

BAR_SESSIONS, BAR_S = 75, 1.0
_THINK = 5.0
_WINDOW = 12.0
_ARRIVING = 0.4
"""Seconds from one reader to the next: 75 come in half a minute."""
_MOST = 512
_FIRST = {DASHBOARD.name: 64, BARE.name: 64}
"""How many sessions the search begins with, where it is not 4."""

Move = Callable[[Reader, int], Any]


def moves_of(subject: Subject, places: Sequence[str]) -> Move:
    """Return what a reader's click sends to the server: the page's own message, or a widget's new state.

    Parameters
    ----------
    subject : Subject
        Which is served.
    places : sequence of str
        What can be clicked there.
    """
    if subject is DASHBOARD:
        return lambda reader, turn: reader.move(f"date={1690 + turn % 330}-01-01")
    if subject is BARE:
        return lambda reader, _: reader.rerun()
    if not subject.lit:  # nothing comes back from its map: a layer is switched
        return lambda reader, turn: reader.rerun(id=reader.widgets["places"], bool_value=turn % 2 == 0)
    return lambda reader, turn: reader.rerun(
        id=reader.component, json_value=json.dumps(clicked(places[turn % len(places)], turn))
    )


def clicked(place: str, turn: int) -> dict[str, Any]:
    """Return what st_folium's component sends when a mark is clicked."""
    spot = {"lat": 48.5 + turn % 7 / 10, "lng": 131.0}
    corners = {"_southWest": {"lat": 43.0, "lng": 120.0}, "_northEast": {"lat": 54.0, "lng": 142.0}}
    return {
        "last_clicked": spot,
        "last_object_clicked": spot,
        "last_object_clicked_tooltip": place,
        "last_object_clicked_popup": None,
        "all_drawings": None,
        "last_active_drawing": None,
        "bounds": corners,
        "zoom": 5,
        "last_circle_radius": None,
        "last_circle_polygon": None,
        "center": {"lat": 48.5, "lng": 131.0},
    }


class Crowd:
    """Sessions that stay open while some of them are at work.

    Parameters
    ----------
    address : str
        Of the server.
    move : callable
        What each of them does, as `moves_of` returns it.
    think : float
        Seconds between an answer and the next move, on average.
    """

    def __init__(self, address: str, move: Move, think: float) -> None:
        self._address, self._move, self._think = address, move, think
        self._stack = AsyncExitStack()
        self.readers: list[Reader] = []

    async def grow(self, count: int, pause: float = 0) -> None:
        """Let sessions come until there are so many: one is served before the next, some seconds apart."""
        while len(self.readers) < count:
            soonest = time.monotonic() + pause
            reader = await self._stack.enter_async_context(visiting(self._address))
            await reader.open()
            self.readers.append(reader)
            await asyncio.sleep(max(0.0, soonest - time.monotonic()))

    async def waits(self, count: int, seconds: float, limit: float) -> list[float]:
        """Return how long so many sessions that are there waited for their answers.

        Parameters
        ----------
        count : int
            Of sessions.
        seconds : float
            For which they go on; less where more than a twentieth of all moves have been late by then.
        limit : float
            Seconds after which an answer is late.
        """
        found: list[float] = []
        until = time.monotonic() + seconds
        expected = count * seconds / self._think

        async def work(number: int) -> None:
            chance, turn = random.Random(number), number
            while True:
                pause = chance.expovariate(1 / self._think)
                lost = sum(wait > limit for wait in found) > 0.05 * expected + 1
                if lost or time.monotonic() + pause > until:
                    return
                await asyncio.sleep(pause)
                turn += 1
                found.append(await self._move(self.readers[number], turn))

        await asyncio.gather(*map(work, range(count)))
        return found

    async def leave(self) -> None:
        """Let all go."""
        await self._stack.aclose()


def largest(holds: Callable[[int], bool], first: int, most: int) -> int:
    """Return the largest number that holds: doubled while it does, halved until it does, then bisected.

    Parameters
    ----------
    holds : callable
        Tells of a number whether it does.
    first, most : int
        Where the search begins, and what it does not go beyond.

    Returns
    -------
    int
        To a tenth; 0 where not even 1 holds.

    Examples
    --------
    >>> largest(lambda number: number <= 21, 4, 512)
    20
    """
    low, high = 0, most + 1
    trial = first
    while high - low > max(1, low // 10):
        if holds(trial):
            low = trial
        else:
            high = trial
        bisected = (low + high) // 2 if low else max(1, high // 2)
        trial = min(2 * low, most) if high > most else bisected
        if trial in (low, high):
            break
    return low


def held(
    address: str, move: Move, first: int, *, window: float, think: float, most: int, arriving: float
) -> dict[str, Any]:
    """Return how many sessions a server holds with an answer within a second at p95, and what was tried.

    Parameters
    ----------
    address : str
        Of the server.
    move : callable
        What each session does, as `moves_of` returns it.
    first, most : int
        How many come at first, and at most.
    window : float
        Seconds for which each number is tried, when all are there.
    think : float
        Seconds between an answer and the next move, on average.
    arriving : float
        Seconds at least from the coming of one to that of the next.
    """
    tried: dict[int, float] = {}
    with asyncio.Runner() as runner:
        crowd = Crowd(address, move, think)

        def holds(count: int) -> bool:
            runner.run(crowd.grow(count, arriving))
            for _ in range(2):  # a moment of other work on the machine is no bar
                tried[count] = share(runner.run(crowd.waits(count, window, BAR_S)), 95)
                if tried[count] <= BAR_S:
                    return True
            return False

        sessions = largest(holds, first, most)
        runner.run(crowd.leave())
    return {
        "sessions": sessions,
        "at_most": most,
        "p95_s": {str(count): wait for count, wait in tried.items()},
    }


_IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)$")


@dataclass(frozen=True, slots=True)
class Imports:
    """What a process imported.

    Parameters
    ----------
    total_s : float
        Seconds, the measuring of them included.
    packages : mapping of str to float
        By package or module at the top, the seconds of what is in it.
    """

    total_s: float
    packages: Mapping[str, float]

    def top(self, count: int) -> list[tuple[str, float]]:
        """Return the packages that took the longest."""
        return sorted(self.packages.items(), key=lambda each: -each[1])[:count]


def read_imports(lines: Iterable[str]) -> Imports:
    """Return the imports that ``python -X importtime`` tells of; other lines are passed over.

    Examples
    --------
    >>> read_imports(["import time:  200 |  500 | geo", "import time:  300 |  300 |   geo.dates"]).packages
    {'geo': 0.0005}
    """
    packages: dict[str, int] = {}
    for line in lines:
        if found := _IMPORTED.match(line.rstrip()):
            top = found[4].partition(".")[0]
            packages[top] = packages.get(top, 0) + int(found[1])
    seconds = {name: micros / 1e6 for name, micros in packages.items()}
    return Imports(sum(seconds.values()), seconds)


def imports_of(subject: Subject, python: Path, material: Path, folder: Path) -> Imports:
    """Return what a server has imported by the time that its first reader is served."""
    file = folder / "imports.txt"
    with (
        file.open("wb") as told,
        served(subject, python, material, "-X", "importtime", stderr=told) as server,
    ):
        finish(_first_visit(server.address))
    with file.open(encoding="utf-8", errors="replace") as lines:
        return read_imports(lines)


async def _first_visit(address: str) -> None:
    async with visiting(address) as reader:
        await reader.open()


def cost_of(server: Server, move: Move, sessions: int, reruns: int) -> dict[str, float]:
    """Return what sessions and moves cost a server that nobody has seen yet."""

    async def come() -> dict[str, float]:
        found = {"healthy_s": server.healthy_s, "idle_mb": server.megabytes()}
        crowd = Crowd(server.address, move, 0)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(crowd.leave)
            began = time.monotonic()
            await crowd.grow(1)
            found["first_s"] = time.monotonic() - began
            first = server.megabytes()
            await crowd.grow(1 + sessions)  # what serving them at once takes passes
            found["session_mb"] = (server.megabytes() - first) / sessions
            (reader, *_) = crowd.readers
            await move(reader, 0)
            spent = server.processor_seconds()
            waits = [await move(reader, turn) for turn in range(1, reruns + 1)]
            found["rerun_cpu_ms"] = 1000 * (server.processor_seconds() - spent) / reruns
            found["rerun_ms"] = 1000 * share(waits, 50)
        return found | {"warm_mb": first}

    return finish(come())


def measure(*, quick: bool, rounds: int) -> Result:
    """Return the figures of all that is served."""
    from geo.page import Page
    from geo.reading import load_usable

    subjects = (DASHBOARD, BARE) if quick else (DASHBOARD, *STREAMLIT, BARE)
    python = PYTHON if quick else peers_python(*INSTALLED)
    runs: dict[str, list[dict[str, float]]] = {subject.name: [] for subject in subjects}
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = Page(load_usable())
        material, places = write_material(page, folder), page.atlas.place_ids
        for _ in range(rounds):
            for subject in subjects:
                with served(subject, python, material) as server:
                    costs = cost_of(server, moves_of(subject, places), *((2, 3) if quick else (20, 30)))
                runs[subject.name].append(costs)
        for subject in subjects:
            imports = imports_of(subject, python, material, folder)
            with served(subject, python, material) as server:
                span = {"window": 0.4, "think": 0.1, "most": 2, "arriving": 0} if quick else {}
                full = {"window": _WINDOW, "think": _THINK, "most": _MOST, "arriving": _ARRIVING}
                first = 1 if quick else _FIRST.get(subject.name, 4)
                holds = held(server.address, moves_of(subject, places), first, **full | span)
            results[subject.name] = {
                **spreads(runs[subject.name]),
                "imports_s": imports.total_s,
                "imports": dict(imports.top(8)),
                "heavy": [each for each in HEAVY if each in imports.packages],
                "held": holds,
            }
    return {"think_s": _THINK, "results": results}


_ROWS = (
    ("start to healthy, s", "healthy_s", 2),
    ("first reader served, s", "first_s", 2),
    ("memory, nobody there, MB", "idle_mb", 0),
    ("memory with one reader, MB", "warm_mb", 0),
    ("each further session, MB", "session_mb", 2),
    ("processor for what a click sends, ms", "rerun_cpu_ms", 1),
    ("until it is answered, ms", "rerun_ms", 1),
)


def report(result: Result) -> Iterator[str]:
    """Yield the figures as tables in Markdown."""
    results = result["results"]
    rows = [
        [title, *(cell(figures[key], digits) for figures in results.values())] for title, key, digits in _ROWS
    ]
    rows.append(["imports, s", *(f"{figures['imports_s']:.2f}" for figures in results.values())])
    heavy = (", ".join(figures["heavy"]) or "none" for figures in results.values())
    rows.append(["heavy ones among them", *heavy])
    rows.append(["sessions held", *(_held(figures["held"]) for figures in results.values())])
    yield from table(("", *results), rows)
    yield ""
    yield f"Held: an answer within {BAR_S:g} s at p95, with {result['think_s']:g} s to think on average."
    for name, figures in results.items():
        tried = sorted(figures["held"]["p95_s"].items(), key=lambda each: int(each[0]))
        waits = ", ".join(f"{count}: {wait:.2f} s" for count, wait in tried)
        imports = ", ".join(f"{package} {seconds:.2f}" for package, seconds in figures["imports"].items())
        yield ""
        yield f"{name}: p95 by sessions {waits}. Longest imports, s: {imports}."


def _held(held: Mapping[str, Any]) -> str:
    return f"{held['sessions']}{' or more' if held['sessions'] == held['at_most'] else ''}"


def bars(result: Result) -> list[str]:
    """Return what was missed: 75 sessions held."""
    sessions = result["results"][DASHBOARD.name]["held"]["sessions"]
    return [f"{sessions} sessions held, fewer than {BAR_SESSIONS}"] * (sessions < BAR_SESSIONS)


PART = Part("server", __doc__, measure, report, bars, rounds=3, packages=("folium", *INSTALLED))

if __name__ == "__main__":
    sys.exit(PART.main())
