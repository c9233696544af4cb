"""A scan laid in a process of its own, and its answer made a value."""

from __future__ import annotations

import base64
from typing import Annotated

from pydantic import Field

from geo.apart import BROKEN, Child
from geo.apart.answer import Answer, Said, told_of
from geo.errors import ApartError
from geo.scans.fitting import is_on_map
from geo.scans.model import MAX_LAID_BYTES, Bounds
from geo.sentences import sentence

_CHILD = Child("geo.scans.child", sentence("make it smaller"))
_PICTURE = sentence("the picture {told}")
_Degrees = Annotated[float, Field(ge=-180, le=180)]


class LaidScan(Answer):
    """What the process may answer: the problems of a scan, or the scan."""

    picture: Annotated[str, Field(max_length=MAX_LAID_BYTES * 4 // 3 + 4)] = ""
    bounds: tuple[_Degrees, _Degrees, _Degrees, _Degrees] = (0.0, 0.0, 0.0, 0.0)
    credit: Annotated[str, Field(max_length=300)] = ""
    notices: Annotated[tuple[Said, ...], Field(max_length=10)] = ()


def lay_apart(
    picture: bytes, name: str, georeference: tuple[str, bytes] | None, bounds: Bounds | None, frame: Bounds
) -> tuple[bytes, LaidScan]:
    """Return a picture in Web Mercator, and what is said of it, found in a process of its own.

    Raises
    ------
    DataError
        If anything is at fault, or the process breaks or takes too long; it holds every problem found.
    """
    placed = georeference or ("", b"")
    task = {"name": name, "split": len(picture), "georeference": placed[0], "bounds": bounds, "frame": frame}
    with told_of(name, _PICTURE):
        return parse_answer(_CHILD.ask(task, picture + placed[1]))


def parse_answer(content: bytes) -> tuple[bytes, LaidScan]:
    """Return the picture that the process answered with; what broke it may have its hand in the answer.

    Raises
    ------
    DataError
        If the answer holds problems of the scan.
    ApartError
        If the answer is not what the process gives when it is whole.
    """
    answer = LaidScan.parse(content)
    try:
        picture = base64.b64decode(answer.picture, validate=True)
    except ValueError:
        raise ApartError(BROKEN) from None
    west, south, east, north = answer.bounds
    there = is_on_map(west, south) and is_on_map(east, north) and west < east and south < north
    if not there or picture[:4] != b"RIFF" or picture[8:12] != b"WEBP":
        raise ApartError(BROKEN)
    return picture, answer
