"""Damaging a copy of the data, and reading what is reported of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.errors import DataError, Problem
from geo.reading import load_atlas


class Editor:
    """Edits a copy of the data, well or badly."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def content(self, file: str, change: Callable[[bytes], bytes]) -> None:
        path = self.folder / file
        path.write_bytes(change(path.read_bytes()))

    def text(self, file: str, old: str, new: str) -> None:
        """Replace the first of what must be there."""
        text = (self.folder / file).read_text("utf-8")
        assert old in text
        (self.folder / file).write_text(text.replace(old, new, 1), "utf-8", newline="")

    def json(self, file: str, change: Callable[[Any], object]) -> None:
        """Change a JSON value in place."""
        value = json.loads((self.folder / file).read_text("utf-8"))
        change(value)
        (self.folder / file).write_text(json.dumps(value), "utf-8")

    def feature(self, file: str, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        self.json(file, lambda raw: change(_named(raw["features"], name, "properties")))

    def source(self, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        self.json("sources.json", lambda raw: change(_named(raw, name)))

    def row(self, file: str, name: str, **cells: str) -> None:
        """Set cells of the first row whose first cell is the name."""
        path = self.folder / file
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        row = next(row for row in rows if row[0] == name)
        for column, cell in cells.items():
            row[rows[0].index(column)] = cell
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)

    def seal(self) -> None:
        """List the files in the manifest as they are now, so that only the intended fault shows."""
        manifest = self.folder / "datapackage.json"
        package = json.loads(manifest.read_text("utf-8"))
        for entry in package["resources"]:
            if (file := self.folder / entry["path"]).is_file():
                entry["hash"] = "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
        manifest.write_text(json.dumps(package), "utf-8")

    def problems(self) -> tuple[Problem, ...]:
        """Load the data; return the problems that are reported. Nothing else may be raised."""
        self.seal()
        return problems_of(self.folder)


def problems_of(folder: Path) -> tuple[Problem, ...]:
    try:
        load_atlas(folder)
    except DataError as error:
        return error.problems
    return ()


def _named(records: list[dict[str, Any]], name: str, part: str = "") -> dict[str, Any]:
    return next(record for record in records if (record[part] if part else record)["id"] == name)
