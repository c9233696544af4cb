"""Reading a file in a process of its own, which a hostile file may stall or break at no cost to others.

`Child` is the side of the program: it starts the process, hands it the file and bounds what it may answer.
`serve` is the side of the process: it is held to limits before it has seen a byte of the file, reads, answers
and is gone. What it answers is JSON, which brings text and numbers and nothing else; as what broke a reader
may have its hand in the answer, whoever asked checks its shape and builds the values.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread, Timer
from typing import Any

from geo.errors import ApartError
from geo.sentences import packed, sentence

MAX_SECONDS = 10
"""Of processor time; the wall clock allows twice as much."""
MAX_MEMORY = 1_500_000_000
MAX_ANSWER = 100_000_000
"""Bytes: no file within its own limits makes an answer as large."""

BROKEN = sentence(
    "is damaged, or not what its ending says; open it in the program that made it and save it again"
)
"""What is said of a file at which a process breaks, or answers what it never would."""

Task = Mapping[str, Any]
"""What a process is told beside the file; JSON can hold it."""

_HOME = Path(__file__).parents[2]
_PLACES = BoundedSemaphore(2)
"""So many at once: readers in a hurry wait for one another instead of filling the memory."""
_OUT_OF_TIME = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")  # to find the libraries of Python itself
_SAID = ("refused", "notices")
"""What of an answer is told to a reader, and so keeps how it is said in other languages."""
_ALONE = {"OPENBLAS_NUM_THREADS": "1"}  # numpy would start a thread for each processor, for nothing


@dataclass(frozen=True, slots=True)
class Child:
    """A module of ours that reads a file in a process of its own.

    Parameters
    ----------
    module : str
        Its ``main`` calls `serve`. It should load little: it is loaded anew for each file.
    shorten : str
        What would do where the file takes too long, as in "takes too long to read; split it".
    """

    module: str
    shorten: str

    def ask(self, task: Task, content: bytes) -> bytes:
        """Return what the process answers about a file: bytes that should be JSON, and may be anything.

        The process has `MAX_SECONDS` of processor time, twice that by the clock, `MAX_MEMORY` bytes, may
        write no file, and is handed of our environment only what leads to Python's own libraries. Nothing
        of the reader's stands on its command line. Where the system cannot hold it to that, as Windows, the
        clock alone does.

        Parameters
        ----------
        task : mapping
            What it is told, such as a format.
        content : bytes
            The file.

        Raises
        ------
        ApartError
            If it cannot be started, breaks, takes too long or answers without end. The message is the rest
            of a sentence that begins with the name of the file.
        """
        with _PLACES:
            try:
                code, answer = _run(self._command(), task, content)
            except OSError as error:
                raise ApartError(
                    sentence("cannot be read now ({reason}); try again", reason=error.strerror or "")
                ) from None
        if len(answer) > MAX_ANSWER:
            raise ApartError(BROKEN)
        if code is None or code in _OUT_OF_TIME:
            raise ApartError(sentence("takes too long to read; {hint}", hint=self.shorten))
        if code:
            raise ApartError(BROKEN)
        return answer

    def _command(self) -> list[str]:
        """Return how the process is started: without what lies in its folder, its environment, its site."""
        start = f"import sys; sys.path[:] = sys.argv[2:]; from {self.module} import main; main()"
        folders = dict.fromkeys([str(_HOME), *filter(os.path.isabs, sys.path)])
        return [sys.executable, "-B", "-I", "-S", "-c", start, str(MAX_SECONDS), *folders]


def _run(command: list[str], task: Task, content: bytes) -> tuple[int | None, bytes]:
    """Return how a process ended, None where the clock ended it, and its answer, cut where it is too long."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    late = Event()

    def end() -> None:
        late.set()
        process.kill()

    def feed() -> None:
        with suppress(OSError), process.stdin as pipe:  # type: ignore[union-attr]
            pipe.write(json.dumps(task).encode() + b"\n")
            pipe.write(content)

    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_HOME,
        env=kept | _ALONE,
    ) as process:
        timer = Timer(2 * MAX_SECONDS, end)
        feeder = Thread(target=feed)
        timer.start()
        feeder.start()
        try:
            answer = process.stdout.read(MAX_ANSWER + 1)  # type: ignore[union-attr]
            if len(answer) > MAX_ANSWER:
                process.kill()
            code = process.wait()
        finally:
            process.kill()
            timer.cancel()
            feeder.join()
    return (None if late.is_set() else code), answer


def serve(make: Callable[[Task, bytes], Mapping[str, Any]]) -> None:
    """Read a task and a file from standard input, and write what is made of them as JSON; for the process.

    Parameters
    ----------
    make : callable
        Of the task and the file it makes what JSON can hold, and sentences in ``refused`` and ``notices``.
    """
    _hold(int(sys.argv[1]))
    task = json.loads(sys.stdin.buffer.readline())
    made = make(task, sys.stdin.buffer.read())
    made = {**made, **{name: packed(made[name]) for name in _SAID if name in made}}
    answer = json.dumps(made, ensure_ascii=False, allow_nan=False)
    sys.stdout.buffer.write(answer.encode("utf-8", "replace"))


def _hold(seconds: int) -> None:
    """Limit processor time and memory, and write to no file; where the system cannot, the clock remains."""
    if find_spec("resource") is None:
        return
    import resource

    wanted = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in wanted.items():
        hard = resource.getrlimit(limit)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # At the soft limit of time the signal says why; the hard one stays as it is, for that kills mutely.
        with suppress(ValueError, OSError):  # macOS knows a limit of memory and does not take it
            resource.setrlimit(limit, (allowed, hard if limit == resource.RLIMIT_CPU else allowed))
