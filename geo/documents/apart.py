"""Reading a file in a process of its own, which a hostile file may stall or break at no cost to others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from pydantic import BaseModel, ConfigDict, ValidationError

from geo.documents.blocks import MAX_SECONDS, Block, Document, Kind
from geo.errors import ArticleError

_HOME = Path(__file__).parents[2]
_PLACES = BoundedSemaphore(2)
"""So many at once: readers in a hurry wait for one another instead of filling the memory."""
_TOO_SLOW = "takes too long to read; shorten it, or save its text as .txt"
_BROKEN = "is damaged, or not what its ending says; open it in the program that made it and save it again"
_OUT_OF_TIME = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}
_KEPT = ("APPDATA", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT")  # to find its libraries
_SAID = Document._fields[1:]


class _Answer(BaseModel):
    """What the process may answer: a refusal, or a document."""

    model_config = ConfigDict(extra="forbid", strict=True)

    refused: str = ""
    blocks: list[tuple[Kind, str, bool, str]] = []
    title: str = ""
    date: str = ""
    author: str = ""
    source: str = ""
    encoding: str = ""


def read_apart(form: str, content: bytes, encoding: str | None = None) -> Document:
    """Return what `geo.documents.reader.read_document` returns, found in a process of its own.

    The process has `MAX_SECONDS` of processor time, twice that by the clock, `MAX_MEMORY` bytes, may write
    no file, and is handed of our environment only what leads to its libraries. Where the system cannot
    hold it to that, as Windows, the clock alone does. Its answer is JSON, which brings text and nothing else.

    Raises
    ------
    ArticleError
        If the file is refused, or its reader breaks or takes too long over it. The message is the rest of a
        sentence that begins with the name of the file.
    """
    task = [form, str(MAX_SECONDS), *([encoding] if encoding else ())]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        with _PLACES:
            done = subprocess.run(
                [sys.executable, "-B", "-m", "geo.documents", *task],
                input=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_HOME,
                env=kept,
                timeout=2 * MAX_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise ArticleError(_TOO_SLOW) from None
    except OSError as error:
        raise ArticleError(
            f"cannot be read now ({error.strerror}); try again, or save its text as .txt"
        ) from None
    if done.returncode:
        raise ArticleError(_TOO_SLOW if done.returncode in _OUT_OF_TIME else _BROKEN)
    return parse_answer(done.stdout)


def parse_answer(content: bytes) -> Document:
    """Return the document that the process answered with; what broke it may have its hand in the answer.

    Raises
    ------
    ArticleError
        If the answer is a refusal, or not what the process gives when it is whole.
    """
    try:
        answer = _Answer.model_validate_json(content)
    except ValidationError:
        raise ArticleError(_BROKEN) from None
    if answer.refused:
        raise ArticleError(answer.refused)
    return Document([Block(*block) for block in answer.blocks], *(getattr(answer, name) for name in _SAID))
