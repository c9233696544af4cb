"""A reader's own gazetteer: CSV, LP-TSV, GeoJSON and Linked Places, read as text and checked whole.

No reader of GDAL ever sees the file: it would open others, and go to the network, where the file says
so. Every fault is collected before anything is refused. ``data/README.md`` describes the formats.
"""

from __future__ import annotations

from pathlib import Path, PurePath

from geo.bounded import read_bounded
from geo.errors import Faults
from geo.imports.features import Head, read_features
from geo.imports.model import OwnGazetteer, OwnPlace, describe
from geo.imports.tables import read_table
from geo.imports.values import agreed, checked_places, shown
from geo.sentences import said_by, sentence
from geo.strictjson import parse_json

__all__ = ["MAX_BYTES", "OwnGazetteer", "OwnPlace", "describe", "parse_gazetteer", "read_gazetteer"]

MAX_BYTES = 5_000_000

_SIGNATURES = {
    b"PK\x03\x04": sentence("an Excel workbook, a KMZ or an archive"),
    b"\xd0\xcf\x11\xe0": sentence("an old Excel workbook"),
    b"SQLite format 3": sentence("a GeoPackage"),
    b"\x00\x00\x27\x0a": sentence("a shapefile"),
    b"<": sentence("XML, such as KML or GPX"),
}
_TITLE = 200
_CREDIT = 300


def read_gazetteer(path: Path) -> OwnGazetteer:
    """Read a gazetteer from a file.

    Parameters
    ----------
    path : Path
        A file that `parse_gazetteer` takes.

    Raises
    ------
    DataError
        If the file is missing, cannot be read, or is at fault; it holds every problem found.
    """
    return parse_gazetteer(read_bounded(path, MAX_BYTES), path.name)


def parse_gazetteer(content: bytes, filename: str) -> OwnGazetteer:
    """Parse a gazetteer: JSON where the text begins with a brace or a bracket, else a table.

    Parameters
    ----------
    content : bytes
        UTF-8, at most 5 MB, 20,000 places and 200,000 positions, 20,000 of one area.
    filename : str
        For the messages; without its ending it is the title of a file that has none.

    Returns
    -------
    OwnGazetteer
        Places in the order of the file.

    Raises
    ------
    DataError
        If anything is at fault; it holds every problem found, the first 200 of them told.
    """
    faults = Faults(shown(filename)[-80:] or "the gazetteer")
    text = _decoded(content, faults)
    head = Head("", "", "")
    if text.lstrip().startswith(("{", "[")):
        try:
            raw = parse_json(text)
        except ValueError as error:
            told = sentence("this is no JSON ({reason}); is the file cut short?", reason=said_by(error))
            faults.stop("", "", told)
        head, found = read_features(raw, faults)
    else:
        found = read_table(text, faults)
    places = checked_places(found, faults)
    faults.close()
    if not places:
        faults.stop("", "", sentence("it holds no place; give it at least one"))
    title = shown(head.title or PurePath(filename).stem)[:_TITLE]
    credit = shown(head.credit or agreed([place.source for place in places]))
    if len(credit) > _CREDIT:
        credit = "each place names its source"
    return OwnGazetteer(title, credit, shown(head.licence or agreed([raw.licence for raw in found])), places)


def _decoded(content: bytes, faults: Faults) -> str:
    if not content.strip():
        faults.stop("", "", sentence("the file is empty; a row that names the columns comes first"))
    if len(content) > MAX_BYTES:
        faults.stop("", "", sentence("the file is larger than 5 MB; split it, or simplify its outlines"))
    for signature, name in _SIGNATURES.items():
        if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(signature):
            faults.stop("", "", sentence("this is {kind}; save it as CSV or GeoJSON", kind=name))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = sentence("byte {byte} is not UTF-8; save the file as UTF-8", byte=str(error.start))
        faults.stop("", "", told)
    if "\0" in text:
        faults.stop("", "", sentence("there is a NUL in it; save the file as text in UTF-8"))
    return text
