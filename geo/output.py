"""Writing a file or a folder whole or not at all, also where the process is killed on the way."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from geo.errors import ExportError

if sys.platform != "win32":
    import fcntl

_PART = re.compile(r"\.[0-9a-f]{16}\.part")
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


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

    The content goes into a temporary file beside the target, is flushed to the disk, read back, and then
    takes the target's name in one step. What a writer that was killed left in the folder is swept out.

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
        with _swept(target.parent):
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

    The files go into a temporary folder beside the target, which then takes the target's name. Where the
    system can, a folder that is there changes places with it in one step; elsewhere it steps aside and
    gets its name back when that fails.

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
        with _swept(target.parent):
            fresh.mkdir()
            for name, content in files.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                _flush(fresh / name, content)
            _take_name(target, fresh, old)
    except OSError as error:
        raise ExportError(f"{path}: the folder cannot be written ({error.strerror})") from error
    finally:
        if os.path.lexists(old) and not os.path.lexists(target):
            old.rename(target)
        for rest in (fresh, old):
            shutil.rmtree(rest, ignore_errors=True)


def _take_name(target: Path, fresh: Path, old: Path) -> None:
    """Give a folder the name of another, which goes elsewhere: to the name of the first, or to a third."""
    if target.exists():
        shutil.copymode(target, fresh)
        if _exchange(fresh, target):
            return
        target.rename(old)
    fresh.rename(target)


def _flush(path: Path, content: bytes) -> None:
    """Write a new file, wait until it is on the disk, and read it back."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.read_bytes() != content:
        raise OSError(errno.EIO, "what was written reads back differently")


@contextlib.contextmanager
def _swept(folder: Path) -> Iterator[None]:
    """Sweep out what killed writers left in a folder, and flush its list of names at the end.

    Writers share a lock on the folder; whoever holds it alone knows that no ``.part`` in it is alive. Where
    there are no such locks, or somebody else is at work, nothing is swept, and nobody waits.
    """
    if sys.platform == "win32":
        yield
        return
    handle = None
    try:
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for path in filter(lambda path: _PART.fullmatch(path.name), folder.iterdir()):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if handle is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
        if handle is not None:
            with contextlib.suppress(OSError):  # the name is there; some file systems flush no folders
                os.fsync(handle)
    finally:
        if handle is not None:
            os.close(handle)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; return whether the system could.

    Python has no call for it; Linux has ``renameat2`` since 3.15, and not every file system takes it.
    """
    if sys.platform != "linux":
        return False
    call = getattr(ctypes.CDLL(None), "renameat2", None)
    names = os.fsencode(one), os.fsencode(other)
    return call is not None and call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0
