"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from geo.errors import ExportError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there complete, or as it was before.

    The content goes into a temporary file beside the target, is flushed to the disk and then takes
    the target's name in one step.

    Parameters
    ----------
    path : Path
        The file; an existing one is replaced.
    content : bytes
        All of it.

    Raises
    ------
    ExportError
        If the folder does not exist, or the file cannot be written.
    """
    temporary = None
    try:
        if not path.parent.is_dir():
            raise ExportError(f"{path}: the folder {path.parent} does not exist; create it first")
        if path.is_dir():
            raise ExportError(f"{path} is a folder; name a file in it")
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ExportError(f"{path}: the file cannot be written ({reason})") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
