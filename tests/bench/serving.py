"""Streamlit scripts served on a port of this machine, ours and the peers', and what their processes cost."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.measuring import PYTHON, ROOT

START_SECONDS = 60
LEAVING = 2
"""Seconds after which the server forgets a reader who has gone; two minutes as a rule."""


def free_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A Streamlit script on a port of its own, gone at the end.

    Parameters
    ----------
    script : str or Path
        Seen from the folder of the project.
    python : sequence of str or Path
        The Python that runs it, with options of its own.
    port : int
        Where it listens; a free port where it is left out.
    flags : sequence of str
        For Streamlit.
    options
        As of `subprocess.Popen`.
    """

    def __init__(
        self,
        script: str | Path,
        python: Sequence[str | Path] = (PYTHON,),
        port: int = 0,
        flags: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        command = [*map(str, python), "-m", "streamlit", "run", str(script)]
        command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        self.started = time.time()
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([*command, *flags], cwd=ROOT, **silent | options)

    def __enter__(self) -> Server:
        try:
            self.healthy_s = self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def wait(self) -> float:
        """Wait until it is healthy; return the seconds since it was started."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise OSError("the server stopped at its start")
            try:
                with urllib.request.urlopen(self.address + "_stcore/health", timeout=1):
                    return time.time() - self.started
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.02)
        raise OSError(f"the server did not answer within {START_SECONDS} s")

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


class Dashboard(Server):
    """A dashboard of our own, which soon forgets who has left.

    Parameters
    ----------
    port : int
        Where it listens; a free port where it is left out.
    options
        As of `subprocess.Popen`.
    """

    def __init__(self, port: int = 0, **options: Any) -> None:
        flags = ("--server.disconnectedSessionTTL", str(LEAVING))
        super().__init__("streamlit_app.py", port=port, flags=flags, **options)
