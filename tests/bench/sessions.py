"""Readers at the dashboard, many at once: ``python -m tests.bench.sessions``.

Each opens the page over Streamlit's own protocol and then moves in time, by the message that the page sends
when a reader does: think, move, wait for the answer. All of it stays on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.finishing import finish

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
LEAVING = 2
"""Seconds after which the server forgets a reader who has gone; two minutes as a rule."""
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
        if kind in ("file_uploader", "text_area", "text_input"):
            widget = getattr(element, kind)
            self.widgets[widget.label] = widget.id
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

    def row(self, name: str) -> str:
        """Return a row of the report."""
        return (
            f"{name:<28}{len(self.opening):>9}{_share(self.opening, 95):>9.2f}{len(self.moves):>8}"
            f"{_share(self.moves, 50):>8.2f}{_share(self.moves, 95):>8.2f}{_share(self.moves, 99):>8.2f}"
            f"{len(self.errors):>8}{os.getloadavg()[0]:>7.1f}"
        )


def _share(values: Sequence[float], percent: int) -> float:
    if len(values) < 2:
        return max(values, default=0)
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


_COLUMNS = {"sessions": 9, "p95 s": 9, "moves": 8, "p50": 8, "p95": 8, "p99 s": 8, "errors": 8, "load": 7}
HEAD = f"{'':<28}" + "".join(f"{name:>{width}}" for name, width in _COLUMNS.items())


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


def free_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dashboard:
    """A dashboard of our own, gone at the end.

    Parameters
    ----------
    port : int
        Where it listens; a free port where it is left out.
    options
        As of `subprocess.Popen`.
    """

    def __init__(self, port: int = 0, **options: Any) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
        command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        command += ["--server.disconnectedSessionTTL", str(LEAVING)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options
        )

    def __enter__(self) -> Dashboard:
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def wait(self) -> float:
        """Wait until it is healthy; return the seconds."""
        started = time.monotonic()
        while time.monotonic() < started + START_SECONDS:
            if self.process.poll() is not None:
                raise OSError("the dashboard stopped at its start")
            try:
                with urllib.request.urlopen(self.address + "_stcore/health", timeout=1):
                    return time.monotonic() - started
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.05)
        raise OSError(f"the dashboard did not answer within {START_SECONDS} s")

    def megabytes(self) -> float:
        """Return the memory that it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1000

    def processor_seconds(self) -> float:
        """Return the processor time that it has taken, which other work on the machine makes no longer."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def settled(self, seconds: float) -> float:
        """Return the memory that it holds when those who left are forgotten, or after some seconds."""
        least = self.megabytes()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.5)
            least = min(least, self.megabytes())
        return least


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the phases and print their figures; 1 as exit status where a bar is missed."""
    asked = _parser().parse_args(arguments)
    if asked.soak:
        with Dashboard() as dashboard:
            return soak(dashboard, asked.soak, asked.settle)
    faults = []
    with Dashboard() as dashboard:
        finish(crowd(dashboard.address, 5, 3, 0))  # what is made at the first visit stays
        before = dashboard.settled(asked.settle)
        print(HEAD)
        spent, began = dashboard.processor_seconds(), time.monotonic()
        steady = finish(crowd(dashboard.address, asked.sessions, asked.moves, asked.think, 6 * asked.think))
        spent, took = dashboard.processor_seconds() - spent, time.monotonic() - began
        print(steady.row(f"{asked.sessions} sessions, think {asked.think:g} s"), flush=True)
        queue = finish(crowd(dashboard.address, asked.queue, 2, asked.think))
        print(queue.row(f"{asked.queue} at once"))
        peak = dashboard.megabytes()
        after = dashboard.settled(asked.settle)
        fast = finish(crowd(dashboard.address, 1, asked.reruns // 2, 0))
        half = dashboard.megabytes()
        more = finish(crowd(dashboard.address, 1, asked.reruns - asked.reruns // 2, 0))
        end = dashboard.megabytes()
        fast = Figures(fast.opening + more.opening, fast.moves + more.moves, fast.errors + more.errors)
        print(fast.row(f"{asked.reruns} reruns in fast motion"))
    print(f"processor: {spent:.1f} s for the {asked.sessions} sessions, {spent / took:.0%} of a core")
    print(
        f"memory: {before:.0f} MB, with the crowd {peak:.0f} MB, when it had left {after:.0f} MB; "
        f"half way through the reruns {half:.0f} MB, at their end {end:.0f} MB; {os.cpu_count()} processors"
    )
    for error in sorted({*steady.errors, *queue.errors, *fast.errors}):
        faults.append(error)
    if asked.bars:
        faults += [f"p95 of {_share(steady.moves, 95):.2f} s"] * (_share(steady.moves, 95) > 1)
        faults += [f"{after / before:.0%} of the memory before"] * (after > 1.1 * before)
        faults += [f"reruns grew by {end - half:.0f} MB"] * (end > 1.05 * half)
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


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
            met = finish(crowd(dashboard.address, at_once, moves, 0, brought=BROUGHT))
            figures.opening += met.opening
            figures.moves += met.moves
            figures.errors += met.errors
        held.append(dashboard.settled(settle))
    took = time.monotonic() - began
    print(HEAD, figures.row(f"{len(figures.moves):,} reruns in {took:.0f} s"), sep="\n")
    print(f"memory by quarters: {', '.join(f'{each:.0f} MB' for each in held)}; {os.cpu_count()} processors")
    print(*sorted(set(figures.errors)), sep="\n", end="\n" if figures.errors else "")
    return 1 if figures.errors or held[-1] > 1.05 * held[0] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sessions", description=__doc__)
    parser.add_argument("--sessions", type=int, default=75)
    parser.add_argument("--moves", type=int, default=12, help="of each of them")
    parser.add_argument("--think", type=float, default=5, help="seconds")
    parser.add_argument("--queue", type=int, default=150, help="sessions that come at once")
    parser.add_argument("--reruns", type=int, default=1000, help="of one session, without time to think")
    parser.add_argument(
        "--settle", type=float, default=8 * LEAVING, help="seconds until readers are forgotten"
    )
    parser.add_argument(
        "--soak", type=int, nargs="?", const=3600, default=0, help="so many reruns of readers who come and go"
    )
    parser.add_argument("--bars", action="store_true", help="fail over 1 s, 10 %% or 5 %%")
    return parser


if __name__ == "__main__":
    sys.exit(main())
