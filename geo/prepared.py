"""What heavy libraries make of the data, made beforehand and found again by the hash of what it is made from.

The outlines that geopandas simplifies and the map that folium draws come with the program, so that neither
is imported to serve or export it. Where data or code were changed since, nothing is found, and whoever asks
has it made anew. ``data/build/prepare.py`` writes the file.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE = Path(__file__).with_suffix(".zip")

_DAMAGED = (OSError, LookupError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, lzma.LZMAError)
"""What reading an archive raises that is not there, does not have a name, or is no longer as it was."""


def key_of(parts: Iterable[bytes]) -> str:
    """Return the name under which is kept what is made from these parts, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def recall(key: str) -> bytes | None:
    """Return what is kept under a name; None where there is nothing, or the file is damaged."""
    try:
        with zipfile.ZipFile(FILE) as kept:
            return kept.read(key)
    except _DAMAGED:
        return None


def pack(made: Mapping[str, bytes]) -> bytes:
    """Return the file that keeps what was made, by its key; the same things give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        for key in sorted(made):
            archive.writestr(zipfile.ZipInfo(key), made[key], zipfile.ZIP_LZMA)
    return packed.getvalue()
