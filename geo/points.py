"""Answering a CSV of points: each row comes back with its area, holder, act and certainty.

Rows flow through in chunks, so that a file of any length takes the same memory. What is wrong with a row
is reported and the row comes through; only what makes the file unreadable ends the work.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from reprlib import repr as shortened
from typing import IO, NamedTuple

import numpy as np

from geo.atlas import Atlas
from geo.degrees import parse_degrees
from geo.errors import DataError, Problem
from geo.where import Answers, fault_of, where_are

_CHUNK = 50_000
_LONGEST = 1_000_000
"""Bytes of a line; what has none shorter is no CSV file."""

_NO_POINT = (math.nan, math.nan)


class Chunk(NamedTuple):
    """Some rows, answered.

    Parameters
    ----------
    text : str
        The rows as CSV; the first chunk is the header alone.
    rows : int
        How many.
    faults : list of str
        A sentence for each row that holds no point.
    """

    text: str
    rows: int
    faults: list[str]


def answer_rows(atlas: Atlas, source: IO[bytes], name: str, day: date | None = None) -> Iterator[Chunk]:
    """Yield the rows of a CSV file, each with ``area``, ``holder``, ``act`` and ``certainty`` at its end.

    Parameters
    ----------
    source : binary file
        UTF-8; the first row names the columns, among them ``lat`` and ``lon`` in degrees.
    name : str
        What to call the file when it is at fault.
    day : datetime.date, optional
        As for `geo.where.where_are`.

    Yields
    ------
    Chunk
        Rows are counted as a spreadsheet counts them: the header is row 1.

    Raises
    ------
    DataError
        If the file cannot be read on; what was yielded before stands.
    """
    rows = _rows(source, name)
    header = next(rows, None)
    if header is None:
        raise _fault(name, "", "the file is empty; a row that names the columns lat and lon comes first")
    at = _columns(name, header)
    yield Chunk(_written([[*header, *Answers._fields]]), 0, [])
    first = 2
    for chunk in _chunks(rows):
        faults: list[str] = []
        points = []
        for number, row in enumerate(chunk, first):
            try:
                points.append(_point(row, len(header), at) if row else _NO_POINT)
            except ValueError as error:
                faults.append(f"row {number}: {error}")
                points.append(_NO_POINT)
        lats, lons = np.array(points, dtype=np.float64).T
        answers = zip(*where_are(atlas, lons, lats, day), strict=True)
        # A blank line stays one, and a row too short is filled up so that the answer stands in its columns.
        answered = (
            [*row, *[""] * (len(header) - len(row)), *answer] if row else row
            for row, answer in zip(chunk, answers, strict=True)
        )
        yield Chunk(_written(answered), len(chunk), faults)
        first += len(chunk)


def _chunks(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """Yield some rows at a time; those before a fault of the file come before the fault."""
    chunk: list[list[str]] = []
    try:
        for row in rows:
            chunk.append(row)
            if len(chunk) == _CHUNK:
                yield chunk
                chunk = []
    except DataError:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


def _point(row: list[str], width: int, at: tuple[int, int]) -> tuple[float, float]:
    """Return latitude and longitude of a row."""
    if len(row) != width:
        raise ValueError(f"{len(row)} cells where the header has {width}; mind the commas")
    lat, lon = parse_degrees("lat", row[at[0]]), parse_degrees("lon", row[at[1]])
    if fault := fault_of(lon, lat):
        raise ValueError(fault)
    return lat, lon


def _columns(name: str, header: list[str]) -> tuple[int, int]:
    """Return where latitude and longitude stand."""
    if missing := [column for column in ("lat", "lon") if column not in header]:
        found = ", ".join(map(shortened, header[:10])) or "a blank line"
        hint = "; separate columns by commas" if len(header) == 1 and re.search("[;\t]", header[0]) else ""
        raise _fault(name, "row 1", f"there is no column {' and no '.join(missing)}, found {found}{hint}")
    if twins := [column for column, count in Counter(header).items() if count > 1 and column]:
        raise _fault(name, "row 1", f"the column {shortened(twins[0])} stands twice; rename one")
    if taken := [column for column in Answers._fields if column in header]:
        raise _fault(name, "row 1", f"a column of yours is named {taken[0]}, as one of the answer; rename it")
    return header.index("lat"), header.index("lon")


def _rows(source: IO[bytes], name: str) -> Iterator[list[str]]:
    reader = csv.reader(_lines(source, name), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        fault = f"this is no CSV ({error}); is a quotation mark left open?"
        if "new-line" in str(error):
            fault = "a line ends in CR alone; save the file with ordinary ends of lines"
        raise _fault(name, f"line {reader.line_num}", fault) from error


def _lines(source: IO[bytes], name: str) -> Iterator[str]:
    """Yield the lines of a file; none is ever longer than `_LONGEST`."""
    number = 0
    try:
        while line := source.readline(_LONGEST):
            number += 1
            if len(line) == _LONGEST:
                raise _fault(name, f"line {number}", "it is longer than 1 MB; is this a CSV file?")
            if b"\0" in line:
                raise _fault(name, f"line {number}", "there is a NUL in it; save the file as CSV in UTF-8")
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        fault = f"byte {error.start} is not UTF-8; save the file as UTF-8"
        raise _fault(name, f"line {number}", fault) from error
    except OSError as error:
        raise _fault(name, "", f"the file cannot be read ({error.strerror})") from error


class _Lines(list[str]):
    """What a CSV writer has written, with plain ends of lines.

    The writer itself must end lines by CR LF: only then does it quote a cell that holds a CR.
    """

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")


def _written(rows: Iterable[list[str]]) -> str:
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return "".join(lines)


def _fault(name: str, record: str, message: str) -> DataError:
    return DataError([Problem(name, record, "", message)])
