"""Gazetteers as tables: CSV with the columns that ``data/README.md`` describes, and LP-TSV.

References
----------
Linked Pasts, LP-TSV 0.5: tabs, nothing quoted, several values in a cell separated by semicolons.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from reprlib import repr as shortened

from shapely.geometry.base import BaseGeometry

from geo.degrees import parse_degrees
from geo.errors import Faults
from geo.imports.shapes import MAX_VERTICES, ShapeReader
from geo.imports.values import LANG, MAX_PLACES, Raw, canonical_lang
from geo.sentences import Sentence, said_by, sentence

_ALIASES = {
    "title": "name",
    "latitude": "lat",
    "longitude": "lon",
    "lng": "lon",
    "types": "kind",
    "description": "note",
    "title_uri": "url",
    "geo_source": "source",
    "credit": "source",
    "license": "licence",
}
"""Other names of our columns, those of LP-TSV among them."""

_COMMA_DECIMAL = re.compile(r"\s*[+-]?\d{1,3},\d+\s*", re.ASCII)
_NAME_IN = re.compile(r"name[_:](.+)")


class _Table:
    """The columns of a table, and what its cells mean."""

    def __init__(self, header: Sequence[str], faults: Faults, *, tabs: bool) -> None:
        written = [column.strip().lower() for column in header]
        self._faults = faults
        self._shapes = ShapeReader()
        self._tabs = tabs
        self.header = [_ALIASES.get(column, column) for column in written]
        self._langs = {}
        for column in self.header:
            if (match := _NAME_IN.fullmatch(column)) is None:
                continue
            self._langs[column] = canonical_lang(match[1])
            if not self._langs[column]:
                message = sentence(
                    "the column names no language; write name_ and a BCP 47 tag, as in name_zh_hans"
                )
                faults.report(_row(1), column, message)
        self._check_columns(written)

    def _check_columns(self, written: Sequence[str]) -> None:
        required = ("name",) if "title" in written else ("name", "lat", "lon")
        if missing := [column for column in required if column not in self.header]:
            message = sentence(
                "there is no column {missing}, found {found}",
                missing=", ".join(missing),
                found=", ".join(map(shortened, written[:10])) or sentence("a blank line"),
            )
            if len(written) == 1 and ";" in written[0]:
                message = sentence("{told}; separate columns by commas", told=message)
            self._faults.report(_row(1), "", message)
        counts = Counter(column for column in self.header if column)
        if twins := [column for column, count in counts.items() if count > 1]:
            message = sentence(
                "the column {column} stands twice, perhaps by another name; keep one",
                column=shortened(twins[0]),
            )
            self._faults.report(_row(1), "", message)
        self._faults.close()

    def read(self, number: int, cells: Sequence[str]) -> Raw | None:
        """Return a row as a place; None for a blank one, or one with cells too few or too many."""
        record = _row(number)
        if not any(cell.strip() for cell in cells):
            return None
        if len(cells) != len(self.header):
            message = sentence(
                "{n} cells where the header has {wanted}; mind the commas",
                n=len(cells),
                wanted=len(self.header),
            )
            self._faults.report(record, "", message)
            return None
        row = {column: cell.strip() for column, cell in zip(self.header, cells, strict=True)}
        # LP-TSV says in which source it found the title, where it does not say by whom the point is.
        source = row.get("source") or row.get("title_source", "")
        fields = ("kind", "start", "end", "dates", "note", "url", "licence")
        return Raw(
            record,
            row.get("id", ""),
            list(self._names(row)),
            **{field: row.get(field, "") for field in fields},
            source=source,
            matches=[*row.get("matches", "").split(";"), *_linked(row)],
            geometry=self._geometry(record, row),
        )

    def _names(self, row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        yield "name", row["name"], row.get("lang", "")
        for column, lang in self._langs.items():
            if row[column]:
                yield column, row[column], lang
        for variant in row.get("variants", "").split(";" if self._tabs else "|"):
            form, at, tag = variant.strip().rpartition("@")
            tagged = bool(at) and LANG.fullmatch(tag) is not None
            if variant.strip():
                yield "variants", form if tagged else variant, tag if tagged else ""

    def _geometry(self, record: str, row: dict[str, str]) -> BaseGeometry | None:
        written = [row.get(field, "") for field in ("lat", "lon")]
        try:
            if wkt := row.get("geowkt", ""):
                return self._shapes.from_wkt(wkt)
            if not any(written) and self._tabs:
                return None
            degrees = [self._degrees(record, *pair) for pair in zip(("lat", "lon"), written, strict=True)]
            if degrees[0] is None or degrees[1] is None:
                return None
            return self._shapes.point(degrees[1], degrees[0])
        except OverflowError:
            told = sentence("the file has more than {n} positions", n=MAX_VERTICES)
            self._faults.stop(record, "geowkt", told)
        except ValueError as error:
            self._faults.report(record, "geowkt" if row.get("geowkt") else "", said_by(error))
        return None

    def _degrees(self, record: str, name: str, text: str) -> float | None:
        try:
            return parse_degrees(name, text)
        except ValueError as error:
            told = said_by(error)
            if _COMMA_DECIMAL.fullmatch(text):
                told = sentence("{told}; write a point, as in 43.1", told=told)
            self._faults.report(record, name, told)
            return None


def read_table(text: str, faults: Faults) -> list[Raw]:
    """Return the places of a table, in order; rows are counted as in a spreadsheet, the header is row 1.

    Parameters
    ----------
    text : str
        Columns parted by tabs are LP-TSV, in which nothing is quoted; else by commas.
    faults : Faults
        Takes what is wrong with a row.

    Raises
    ------
    DataError
        If it is no table, or has not the columns.
    """
    tabs = "\t" in text.partition("\n")[0]
    source = io.StringIO(text, newline="")
    if tabs:
        rows = csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    else:
        rows = csv.reader(source, strict=True)
    found: list[Raw] = []
    try:
        header = next(rows, [])
        table = _Table(header, faults, tabs=tabs)
        for number, cells in enumerate(rows, 2):
            if (raw := table.read(number, cells)) is not None:
                found.append(raw)
            if len(found) > MAX_PLACES:
                faults.stop(_row(number), "", sentence("the file has more than {n} places", n=MAX_PLACES))
    except csv.Error as error:
        message = sentence("this is no table ({reason}); is a quotation mark left open?", reason=str(error))
        faults.stop(sentence("line {n}", n=str(rows.line_num)), "", message)
    return found


def _row(number: int) -> Sentence:
    return sentence("row {n}", n=str(number))


def _linked(row: dict[str, str]) -> list[str]:
    """Return the numbers in the columns ``geonames`` and ``wikidata`` in their short forms."""
    forms = (("gn", "geonames"), ("wd", "wikidata"))
    return [f"{short}:{row[column]}" for short, column in forms if row.get(column)]
