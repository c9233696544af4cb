"""Dashboards behind nginx, as `.streamlit/serve` starts them: where one dies, only its readers notice."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from geo.reading import DATA_DIR
from tests.bench.serving import START_SECONDS, free_port
from tests.bench.sessions import SPOKEN, Reader
from tests.finishing import finish

ROOT = DATA_DIR.parent
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HOMES = [f"{number:032x}" for number in range(16)]
"""Cookies of readers; by each of them nginx finds a dashboard."""


def healthy(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/_stcore/health"
    with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
        return answer.status == 200
    return False


def wait_for(true, seconds=START_SECONDS) -> float:
    """Wait until something is true; return the seconds."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() < started + seconds, "it never came true"
        time.sleep(0.05)
    return time.monotonic() - started


def process_at(port: int) -> int:
    """Return the id of the dashboard that we started at a port."""
    wanted = f"--server.port\0{port}\0".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if wanted in path.read_bytes():
                return int(path.parent.name)
    return 0


@pytest.fixture(scope="module")
def served():
    """The port of nginx; the two dashboards listen at those after it."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    port = next(port for port in iter(free_port, None) if port < 65_000)
    environment = os.environ | {"PYTHON": sys.executable}
    command = ["bash", ".streamlit/serve", "2", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **quiet) as process:
        try:
            wait_for(lambda: all(map(healthy, (port, port + 1, port + 2))))
            yield port
        finally:
            process.terminate()
    left = [process_at(port + number) for number in (1, 2)]
    assert left == [0, 0]
    assert not healthy(port)


def opened(port, home):
    headers = {"Cookie": f"atlas_home={home}"}
    return connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=[SPOKEN],
        additional_headers=headers,
        max_size=None,
        open_timeout=60,
    )


def test_a_reader_gets_a_home_and_keeps_the_one_there_is(served):
    address = f"http://127.0.0.1:{served}/"
    with urllib.request.urlopen(address, timeout=30) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert re.fullmatch(r"atlas_home=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax", cookie)
    for brought, kept in ((HOMES[5], True), ("x" * 32, False), ("1", False)):
        asked = urllib.request.Request(address, headers={"Cookie": f"atlas_home={brought}"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert (f"atlas_home={brought};" in answer.headers["Set-Cookie"]) == kept


def test_how_many_readers_there_are_is_not_told(served):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{served}/_stcore/metrics", timeout=30)


def test_where_one_of_two_dashboards_is_killed_only_its_readers_notice_and_they_come_back(served):
    async def read(home, ready, killed):
        """Move about; return whether the reader was cut off, and how often moves were answered after that."""
        try:
            async with opened(served, home) as stream:
                reader = Reader(stream, f"http://127.0.0.1:{served}/")
                await reader.open()
                await reader.move("date=1859-06-01")
                ready.release()
                year = 1861
                while year < 1867:
                    await asyncio.sleep(0.1)
                    await reader.move(f"date={year}-01-01")
                    year += killed.is_set()
                return False
        except (OSError, WebSocketException):
            pass
        async with opened(served, home) as stream:
            reader = Reader(stream, f"http://127.0.0.1:{served}/")
            await reader.open("date=1861-01-01")
            await reader.move("date=1862-01-01")
            return True

    async def strike():
        ready, killed = asyncio.Semaphore(0), asyncio.Event()
        readers = [asyncio.create_task(read(home, ready, killed)) for home in HOMES]
        for _ in HOMES:
            await ready.acquire()
        os.kill(process_at(served + 1), signal.SIGKILL)
        killed.set()
        return await asyncio.gather(*readers)

    cut_off = finish(asyncio.wait_for(strike(), 120))
    assert 0 < sum(cut_off) < len(HOMES)
    assert wait_for(lambda: healthy(served)) < 5
    wait_for(lambda: healthy(served + 1))
