"""Reading a file that a reader names, and no more of it than is taken."""

from __future__ import annotations

from pathlib import Path

from geo.errors import DataError, Problem
from geo.sentences import sentence


def read_bounded(path: Path, most: int) -> bytes:
    """Return the bytes of a file; of a larger one a byte more than is taken, so that its parser sees it.

    Parameters
    ----------
    most : int
        Bytes that the parser takes.

    Raises
    ------
    DataError
        If the file is missing or cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        message = sentence("the file cannot be read ({reason}); check its name and folder", reason=reason)
        raise DataError([Problem(str(path), "", "", message)]) from error
