"""The process that reads one file and is gone: ``python -m geo.documents FORMAT SECONDS [ENCODING]``.

The file comes in by standard input, the answer goes out as JSON. It is held to limits before it has seen
a byte of the file, so that nothing the file makes of its reader costs more than this process.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from importlib.util import find_spec

from geo.documents.blocks import MAX_MEMORY
from geo.documents.reader import read_document
from geo.errors import ArticleError


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


def _answer(form: str, encoding: str | None) -> dict[str, object]:
    try:
        return read_document(form, sys.stdin.buffer.read(), encoding)._asdict()
    except ArticleError as error:
        return {"refused": str(error)}


if __name__ == "__main__":
    form, seconds, *encoding = sys.argv[1:]
    _hold(int(seconds))
    answer = _answer(form, encoding[0] if encoding else None)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
