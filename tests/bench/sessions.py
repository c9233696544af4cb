"""Readers at the dashboard, many at once: ``python -m tests.bench.sessions``.

Each opens the page over Streamlit's own protocol and then moves in time, by the message that the page sends
when a reader does: think, move, wait for the answer. All of it stays on this machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.bench.measuring import Part, Result, cell, spreads, table
from tests.bench.serving import LEAVING, Dashboard
from tests.finishing import finish

SPOKEN = Subprotocol("streamlit")
_ASIDE = 10_000
"""Bytes from which the browser keeps a message, and asks for it no more."""


@dataclass(frozen=True, slots=True)
class File:
    """What a reader brings, and by which of the dashboard's uploaders: by the first words of its label."""

    uploader: str
    name: str
    content: bytes


ARTICLE, GAZETTEER, MARKS = "A file: text", "A file: CSV", "Marks made in it"
BROUGHT = (
    File(ARTICLE, "walk.md", b"# A walk\n\nWe went from Posyet to Vladivostok by night train.\n"),
    File(GAZETTEER, "own.csv", b"name,lat,lon\nPosyet,42.65,130.8\n"),
)


class Reader:
    """A session: what a browser would keep of it.

    Parameters
    ----------
    stream : ClientConnection
        To the dashboard.
    address : str
        Of the dashboard, where files go.
    """

    def __init__(self, stream: ClientConnection, address: str) -> None:
        self._stream, self._address = stream, address
        self._fragment = self._page = ""
        self._kept: set[str] = set()
        self.widgets: dict[str, str] = {}
        self.component = ""

    async def open(self, view: str = "") -> float:
        """Open the page at a view; return the seconds until it was there."""
        message = BackMsg()
        message.rerun_script.query_string = view
        return await self._ask(message)

    async def move(self, view: str) -> float:
        """Say that the reader went to a view; return the seconds until Python had taken it in."""
        message = BackMsg()
        state = message.rerun_script
        state.fragment_id = self._fragment
        state.query_string = view
        widget = state.widget_states.widgets.add()
        widget.id, widget.json_value = self._page, json.dumps({"view": view})
        return await self._ask(message)

    async def rerun(self, **state: Any) -> float:
        """Let the whole script run, with a new state of one widget or none; return the seconds it took."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        if state:
            message.rerun_script.widget_states.widgets.add(**state)
        return await self._ask(message)

    async def bring(self, file: File) -> float:
        """Upload a file and say so, as the browser does; return the seconds until Python had taken it in."""
        asked = BackMsg()
        asked.file_urls_request.request_id = file.name
        asked.file_urls_request.file_names.append(file.name)
        await self._stream.send(asked.SerializeToString())
        while (answer := await self._hear()).WhichOneof("type") != "file_urls_response":
            pass
        (urls,) = answer.file_urls_response.file_urls
        started = time.monotonic()
        await asyncio.to_thread(_put, self._address + urls.upload_url.lstrip("/"), file)
        info = UploadedFileInfo(file_id=urls.file_id, name=file.name, size=len(file.content), file_urls=urls)
        held = FileUploaderState(uploaded_file_info=[info])
        await self.set(file.uploader, file_uploader_state_value=held)
        return time.monotonic() - started

    async def set(self, label: str, **value: Any) -> float:
        """Set what is labelled so, by the first words of it; the value may be one that no browser sends."""
        message = BackMsg()
        message.rerun_script.fragment_id = self._fragment
        widget = next(self.widgets[each] for each in self.widgets if each.startswith(label))
        message.rerun_script.widget_states.widgets.add(id=widget, **value)
        return await self._ask(message)

    async def _ask(self, message: BackMsg) -> float:
        message.rerun_script.cached_message_hashes.extend(self._kept)
        started = time.monotonic()
        await self._stream.send(message.SerializeToString())
        while (await self._hear()).WhichOneof("type") != "script_finished":
            pass
        return time.monotonic() - started

    async def _hear(self) -> ForwardMsg:
        raw = await self._stream.recv()
        if not isinstance(raw, bytes):
            raise OSError("the server sent text")
        answer = ForwardMsg()
        answer.ParseFromString(raw)
        if len(raw) > _ASIDE:
            self._kept.add(answer.hash)
        if answer.WhichOneof("type") == "delta":
            self._look_at(answer.delta)
        return answer

    def _look_at(self, delta: Any) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise OSError(f"the dashboard shows an exception: {element.exception}")
        if kind in ("file_uploader", "text_area", "text_input", "checkbox"):
            widget = getattr(element, kind)
            self.widgets[widget.label] = widget.id
        if kind == "component_instance":
            self.component = element.component_instance.id
        if kind == "bidi_component":
            self._fragment, self._page = delta.fragment_id, element.bidi_component.id


def _put(address: str, file: File) -> None:
    """Upload a file with the token of the page."""
    health = address.partition("/_stcore/")[0] + "/_stcore/health"
    with urllib.request.urlopen(health, timeout=60) as answer:
        cookie = answer.headers["set-cookie"].partition(";")[0]
    head = f'--d9b2\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
    asked = urllib.request.Request(
        address,
        head.encode() + file.content + b"\r\n--d9b2--\r\n",
        {
            "content-type": "multipart/form-data; boundary=d9b2",
            "cookie": cookie,
            "x-xsrftoken": cookie.partition("=")[2],
        },
        method="PUT",
    )
    with urllib.request.urlopen(asked, timeout=60):
        pass


@dataclass
class Figures:
    """What the readers met."""

    opening: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, more: Figures) -> None:
        """Add what others met."""
        self.opening += more.opening
        self.moves += more.moves
        self.errors += more.errors

    def shares(self) -> dict[str, float]:
        """Return how long most of them waited, in seconds."""
        shares = {f"p{percent}_s": share(self.moves, percent) for percent in (50, 95, 99)}
        return {"opened_p95_s": share(self.opening, 95), **shares}


def share(values: Sequence[float], percent: int) -> float:
    """Return the value that so many in a hundred do not pass."""
    if len(values) < 2:
        return max(values, default=0)
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


async def crowd(
    address: str, sessions: int, moves: int, think: float, ramp: float = 0, brought: Sequence[File] = ()
) -> Figures:
    """Let sessions come, over some seconds, make so many moves each with time to think, and leave.

    Parameters
    ----------
    address : str
        Of the dashboard: ``http://127.0.0.1:8501/``.
    think : float
        Seconds between an answer and the next move, on average; they vary as in a queue, by chance.
    ramp : float
        Seconds over which the sessions come.
    brought : sequence of File
        What each of them brings before it moves.
    """
    figures = Figures()
    late = (ramp * number / sessions for number in range(sessions))
    visits = (
        _visit(address, number, moves, think, seconds, brought, figures)
        for number, seconds in enumerate(late)
    )
    await asyncio.gather(*visits)
    return figures


@asynccontextmanager
async def visiting(address: str) -> AsyncIterator[Reader]:
    """Give a reader who has come to the dashboard, and leaves it at the end."""
    stream = address.replace("http", "ws", 1) + "_stcore/stream"
    async with connect(stream, subprotocols=[SPOKEN], max_size=None, open_timeout=60) as opened:
        yield Reader(opened, address)


async def _visit(
    address: str,
    number: int,
    moves: int,
    think: float,
    late: float,
    brought: Sequence[File],
    figures: Figures,
) -> None:
    chance = random.Random(number)
    try:
        await asyncio.sleep(late)
        async with visiting(address) as reader:
            figures.opening.append(await reader.open())
            for file in brought:
                await reader.bring(file)
            for _ in range(moves):
                await asyncio.sleep(chance.expovariate(1 / think) if think else 0)
                day = f"{chance.randrange(1690, 2020)}-{chance.randrange(1, 13):02}-01"
                figures.moves.append(await reader.move(f"date={day}"))
    except (OSError, WebSocketException) as error:
        figures.errors.append(f"{type(error).__name__}: {error}")


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the phases are: counts, and seconds of thought and of patience with those who left."""

    sessions: int
    moves: int
    think: float
    queue: int
    reruns: int
    settle: float


FULL = Shape(sessions=75, moves=8, think=5, queue=150, reruns=1000, settle=8 * LEAVING)
SHORT = Shape(sessions=3, moves=2, think=0.05, queue=4, reruns=6, settle=0.5)


def measure(*, quick: bool, rounds: int) -> Result:
    """Return what the readers met in each phase, and what they cost the server, started once."""
    shape = SHORT if quick else FULL
    with Dashboard() as dashboard:
        finish(crowd(dashboard.address, 5, 3, 0))  # what is made at the first visit stays
        turns = [_phases(dashboard, shape) for _ in range(rounds)]
    phases = {name: _gathered([turn[0][name] for turn in turns]) for name in turns[0][0]}
    return {
        "phases": phases,
        "costs": spreads([costs for _, costs in turns]),
        "errors": sorted({error for met, _ in turns for each in met.values() for error in each.errors}),
    }


def _phases(dashboard: Dashboard, shape: Shape) -> tuple[dict[str, Figures], dict[str, float]]:
    """Return what was met in each phase, and the processor time and memory of the server."""
    costs = {"before_mb": dashboard.settled(shape.settle)}
    spent, began = dashboard.processor_seconds(), time.monotonic()
    steady = finish(crowd(dashboard.address, shape.sessions, shape.moves, shape.think, 6 * shape.think))
    spent, took = dashboard.processor_seconds() - spent, time.monotonic() - began
    queue = finish(crowd(dashboard.address, shape.queue, 2, shape.think))
    costs |= {"cpu_s": spent, "of_a_core": spent / took, "crowd_mb": dashboard.megabytes()}
    costs["left_mb"] = dashboard.settled(shape.settle)
    # Python lets go of what is left of them when it next has something to do.
    finish(crowd(dashboard.address, 1, 1, 0))
    costs["after_mb"] = dashboard.settled(shape.settle / 4)
    fast = finish(crowd(dashboard.address, 1, shape.reruns // 2, 0))
    costs["half_mb"] = dashboard.megabytes()
    fast.add(finish(crowd(dashboard.address, 1, shape.reruns - shape.reruns // 2, 0)))
    costs["end_mb"] = dashboard.megabytes()
    phases = {
        f"{shape.sessions} sessions, think {shape.think:g} s": steady,
        f"{shape.queue} at once": queue,
        f"{shape.reruns:,} reruns in fast motion": fast,
    }
    return phases, costs


def _gathered(rounds: Sequence[Figures]) -> dict[str, Any]:
    return {
        "sessions": len(rounds[0].opening),
        "moves": len(rounds[0].moves),
        "errors": sum(len(each.errors) for each in rounds),
        **spreads([each.shares() for each in rounds]),
    }


_HEAD = ("", "sessions", "opened, p95 s", "moves", "p50 s", "p95 s", "p99 s", "errors")


def report(result: Result) -> Iterator[str]:
    """Yield what the readers met as a table, and what they cost."""
    yield from table(_HEAD, (_row(name, each) for name, each in result["phases"].items()))
    yield ""
    costs = result["costs"]
    yield (
        f"The first took {cell(costs['cpu_s'], 1)} s of processor, {cell(costs['of_a_core'], 0, 0.01)} % of "
        f"a core. Memory: {cell(costs['before_mb'])} MB before, {cell(costs['crowd_mb'])} MB with the crowd, "
        f"{cell(costs['left_mb'])} MB when it had left, {cell(costs['after_mb'])} MB when the next had come, "
        f"{cell(costs['half_mb'])} MB half way through the moves, {cell(costs['end_mb'])} MB at their end."
    )


def _row(name: str, figures: dict[str, Any]) -> list[str]:
    shares = (cell(figures[key], 2) for key in ("opened_p95_s", "p50_s", "p95_s", "p99_s"))
    opened, *moved = shares
    return [
        name,
        str(figures["sessions"]),
        opened,
        f"{figures['moves']:,}",
        *moved,
        str(figures["errors"]),
    ]


def bars(result: Result) -> list[str]:
    """Return what was missed: 1 s at p95, 10 % of memory kept, 5 % of growth, nobody turned away."""
    steady, costs = next(iter(result["phases"].values())), result["costs"]
    p95, before, after, half, end = (
        each["median"]
        for each in (steady["p95_s"], *(costs[f"{when}_mb"] for when in ("before", "after", "half", "end")))
    )
    missed = list(result["errors"])
    missed += [f"p95 of {p95:.2f} s"] * (p95 > 1)
    missed += [f"{after / before:.0%} of the memory before"] * (after > 1.1 * before)
    missed += [f"reruns grew by {end - half:.0f} MB"] * (end > 1.05 * half)
    return missed


def soak(dashboard: Dashboard, reruns: int, settle: float) -> int:
    """Let readers come with a text and a gazetteer, move and leave; print the memory by quarters.

    Parameters
    ----------
    dashboard : Dashboard
        Where they come.
    reruns : int
        Of all readers together, those of what they bring not counted.
    settle : float
        Seconds in which the server forgets those who have left, before its memory is looked at.

    Returns
    -------
    int
        1 where a reader was turned away, or the memory grew by more than 5 % from the first quarter on.
    """
    at_once = 3 if reruns >= 36 else 1
    moves = max(1, min(30, reruns // (4 * at_once)))
    figures, held, began = Figures(), [], time.monotonic()
    for _ in range(4):
        for _ in range(max(1, reruns // (4 * at_once * moves))):
            figures.add(finish(crowd(dashboard.address, at_once, moves, 0, brought=BROUGHT)))
        held.append(dashboard.settled(settle))
    took = time.monotonic() - began
    rows = [_row(f"{len(figures.moves):,} reruns in {took:.0f} s", _gathered([figures]))]
    print(*table(_HEAD, rows), "", sep="\n")
    print(
        f"Memory by quarters: {', '.join(f'{each:.0f} MB' for each in held)}. Load {os.getloadavg()[0]:.1f}."
    )
    print(*sorted(set(figures.errors)), sep="\n", end="\n" if figures.errors else "")
    return 1 if figures.errors or held[-1] > 1.05 * held[0] else 0


PART = Part("sessions", __doc__, measure, report, bars, rounds=1, packages=("streamlit",))


def main(arguments: Sequence[str] | None = None) -> int:
    """Let the crowds come, or readers who come and go; 1 as exit status where a bar is missed."""
    parser = PART.parser()
    parser.add_argument(
        "--soak", type=int, nargs="?", const=3600, default=0, help="so many reruns of readers who come and go"
    )
    asked = parser.parse_args(arguments)
    if asked.soak:
        with Dashboard() as dashboard:
            return soak(dashboard, asked.soak, FULL.settle)
    return PART.act(asked)


if __name__ == "__main__":
    sys.exit(main())
