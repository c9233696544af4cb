"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path

from geo.errors import ExportError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there complete, or as it was before.

    The content goes into a temporary file beside the target, is flushed to the disk and then takes
    the target's name in one step.

    Parameters
    ----------
    path : Path
        The file; an existing one is replaced and keeps its permissions.
    content : bytes
        All of it.

    Raises
    ------
    ExportError
        If the folder does not exist, or the file cannot be written.
    """
    temporary = None
    try:
        # A link keeps pointing at its file, and what is no file (a device, a pipe) is never replaced by one.
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise ExportError(f"{path}: the folder {path.parent} does not exist; create it first")
        if target.exists() and not target.is_file():
            kind = "a folder; name a file in it" if target.is_dir() else "no ordinary file; name one"
            raise ExportError(f"{path} is {kind}")
        temporary = target.with_name(f".{secrets.token_hex(8)}.part")
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ExportError(f"{path}: the file cannot be written ({reason})") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
