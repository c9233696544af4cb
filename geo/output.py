"""Writing a file or a folder whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from geo.errors import ExportError


def check_free(path: Path, *, overwrite: bool) -> None:
    """Refuse a file that is there, unless it may be replaced.

    Raises
    ------
    ExportError
        If it is there and may not.
    """
    if path.is_file() and not overwrite:
        raise ExportError(f"{path} is there already; name another file, or add --overwrite to replace it")


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
        _flush(temporary, content)
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


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder so that it is there complete, or as it was before.

    The files go into a temporary folder beside the target, which then takes the target's name. A folder
    that is there steps aside for it and gets its name back when that fails.

    Parameters
    ----------
    path : Path
        The folder; an existing one is replaced, all of it, and keeps its permissions.
    files : mapping of str to bytes
        By path within the folder, the content.

    Raises
    ------
    ExportError
        If the folder that would hold it does not exist, or it cannot be written.
    """
    try:
        target = Path(os.path.realpath(path))
    except ValueError as error:
        raise ExportError(f"{path}: the folder cannot be written ({error})") from error
    mark = secrets.token_hex(8)
    fresh, old = target.with_name(f".{mark}.part"), target.with_name(f".{mark}.old")
    try:
        if not target.parent.is_dir():
            raise ExportError(f"{path}: the folder {path.parent} does not exist; create it first")
        if target.exists() and not target.is_dir():
            raise ExportError(f"{path} is a file; name a folder")
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            _flush(fresh / name, content)
        if target.exists():
            shutil.copymode(target, fresh)
            target.rename(old)
        fresh.rename(target)
    except OSError as error:
        raise ExportError(f"{path}: the folder cannot be written ({error.strerror})") from error
    finally:
        if os.path.lexists(old) and not os.path.lexists(target):
            old.rename(target)
        for rest in (fresh, old):
            shutil.rmtree(rest, ignore_errors=True)


def _flush(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
