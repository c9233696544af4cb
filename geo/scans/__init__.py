"""A reader's scanned map, laid on ours by its georeference.

The picture is opened and laid in a process of its own (`geo.scans.laying`), made a WebP of its pixels alone,
and kept in the page. ``data/README.md`` describes what is taken.
"""

from __future__ import annotations

from pathlib import Path, PurePath

from geo.bounded import read_bounded
from geo.errors import DataError, Problem
from geo.scans.apart import lay_apart
from geo.scans.georeference import parse_bounds
from geo.scans.model import MAX_BYTES, MAX_GEOREFERENCE_BYTES, Bounds, Scan
from geo.sentences import sentence

__all__ = ["MAX_BYTES", "Bounds", "Scan", "parse_bounds", "parse_scan", "read_scan"]

_TITLE = 200
_CREDIT = 300
_KINDS = {
    b"II*\x00": sentence("a TIFF"),
    b"MM\x00*": sentence("a TIFF"),
    b"II+\x00": sentence("a TIFF"),
    b"GIF8": sentence("a GIF"),
    b"%PDF": sentence("a PDF"),
    b"BM": sentence("a bitmap of Windows"),
    b"\x00\x00\x00\x0cjP": sentence("a JPEG 2000"),
    b"\xff\x4f\xff\x51": sentence("a JPEG 2000"),
    b"AT&TFORM": sentence("a DjVu"),
    b"<": sentence("XML, such as SVG"),
    b"{": sentence("JSON"),
}


def read_scan(
    path: Path, georeference: Path | None, bounds: Bounds | None, credit: str, frame: Bounds
) -> Scan:
    """Read a scan from files.

    Parameters
    ----------
    path, georeference, bounds, credit, frame
        As `parse_scan` takes them, the files by their paths.

    Raises
    ------
    DataError
        If a file is missing, cannot be read, or is at fault; it holds every problem found.
    """
    placed = (georeference.name, read_bounded(georeference, MAX_GEOREFERENCE_BYTES)) if georeference else None
    return parse_scan(read_bounded(path, MAX_BYTES), path.name, placed, bounds, credit, frame)


def parse_scan(
    picture: bytes,
    filename: str,
    georeference: tuple[str, bytes] | None,
    bounds: Bounds | None,
    credit: str,
    frame: Bounds,
) -> Scan:
    """Lay a scan by its georeference, or by its edges where there is none.

    Parameters
    ----------
    picture : bytes
        PNG, JPEG or WebP, at most 8 MB and 40 million pixels; what it is its content says, not its name.
    filename : str
        For the messages; without its ending it is the title.
    georeference : tuple of str and bytes, optional
        Name and content of a Georeference Annotation.
    bounds : tuple of float, optional
        West, south, east, north in degrees, OGC:CRS84: the edges of a picture in Web Mercator, north up.
    credit : str
        Whose map it is; where it is empty, what the annotation calls it.
    frame : tuple of float
        What the map shows, as `bounds` are written.

    Raises
    ------
    DataError
        If anything is at fault; it holds every problem found.
    """
    if fault := _fault(picture):
        raise DataError([Problem(filename, "", "", fault)])
    if georeference is None and bounds is None:
        told = sentence("nothing says where the picture lies; add its georeference, or its edges")
        raise DataError([Problem(filename, "", "", told)])
    laid, answer = lay_apart(picture, filename, georeference, bounds if georeference is None else None, frame)
    title = _line(PurePath(filename).stem)[:_TITLE]
    return Scan(
        title, (_line(credit) or _line(answer.credit))[:_CREDIT], laid, answer.bounds, (*answer.notices,)
    )


def _fault(picture: bytes) -> str:
    """Say what keeps a file from being a picture that can be opened; nothing where it may be one."""
    if not picture:
        return sentence("the file is empty; a PNG, JPEG or WebP picture would do")
    if len(picture) > MAX_BYTES:
        return sentence("the picture is larger than 8 MB; make it smaller")
    if picture.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        picture[:4] == b"RIFF" and picture[8:12] == b"WEBP"
    ):
        return ""
    unknown = sentence("no picture known here")
    kind = next((name for start, name in _KINDS.items() if picture.startswith(start)), unknown)
    return sentence("this is {kind}; save it as PNG, JPEG or WebP", kind=kind)


def _line(text: str) -> str:
    """Return a text in one line, without what does not print."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
