"""Reading the files of one folder into records, and keeping every problem met on the way."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from reprlib import repr as shortened
from typing import Any, TypeVar

import shapely
from pydantic import BaseModel, ValidationError

from geo.annotations import read_annotations
from geo.article import Article, FurnitureRule, parse_article
from geo.basemap import NO_RELIEF, ReliefFrame
from geo.citations import faults_of
from geo.errors import ArticleError, DataError, LanguageError, Problem
from geo.language import Catalogue, parse_catalogue
from geo.linker import Mention
from geo.strictjson import parse_json
from geo.tour import Tour, build_tour

MANIFEST = "datapackage.json"

_WORLD = (-180.0, -90.0, 180.0, 90.0)
_MAX_NAME = 80
_ACCOUNT = ("account.md", "annotations.json")

Model = TypeVar("Model", bound=BaseModel)


class _Resource(BaseModel):
    path: str
    hash: str


class _Package(BaseModel):
    """What of the manifest is needed here."""

    version: str
    resources: tuple[_Resource, ...]


class RecordReader:
    """Reads files of one folder and keeps every problem it meets.

    Parameters
    ----------
    root : Path
        The folder.

    Attributes
    ----------
    problems : list of Problem
        All that was found so far.
    refused : dict of str to set of str or None
        By file, the ids of the records that could not be used; None where no record of the file could.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.refused: dict[str, set[str] | None] = {}
        self._hashes: dict[str, str] = {}

    def report(self, file: str, record: str, field: str, message: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(file, _limited(record), _limited(field), message))

    def refuse(self, file: str, field: str, message: str) -> None:
        """Report a fault because of which no record of a file can be used."""
        self.report(file, "", field, message)
        self.refused[file] = None

    def content(self, file: str) -> bytes | None:
        """Return the bytes of a file, or None where it cannot be read."""
        try:
            content = (self.root / file).read_bytes()
        except FileNotFoundError:
            self.refuse(file, "", "the file is missing; restore it from the repository")
            return None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            self.refuse(file, "", f"the file cannot be read ({reason})")
            return None
        self._hashes[file] = hashlib.sha256(content).hexdigest()
        return content

    def text(self, file: str) -> str | None:
        """Return the text of a file, or None where it is no UTF-8."""
        content = self.content(file)
        if content is None:
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.refuse(file, "", f"byte {error.start} is not UTF-8; save the file as UTF-8")
            return None
        if "\0" in text:
            self.refuse(file, "", "there is a NUL in it; the file is damaged, restore it")
            return None
        return text

    def json(self, file: str) -> Any:
        """Return the value in a JSON file, or None where it holds none."""
        text = self.text(file)
        if text is None:
            return None
        try:
            raw = parse_json(text)
        except ValueError as error:
            self.refuse(file, "", f"this is no JSON ({error}); is the file cut short?")
            return None
        if raw is None:
            self.refuse(file, "", "found null where records should be")
        return raw

    def frame(self, file: str) -> ReliefFrame:
        """Return the frame of the relief; where it is at fault, one of the whole world."""
        raw = self.json(file)
        frame = None if raw is None else self._validated(file, "", ReliefFrame, raw)
        return frame or NO_RELIEF.frame

    def picture(self, file: str) -> bytes:
        """Return the bytes of an AVIF picture, whole or not."""
        content = self.content(file)
        if content is None:
            return b""
        if content[4:12] != b"ftypavif":
            self.report(file, "", "", "this is no AVIF picture; restore it from the repository")
        elif _boxes_end(content) != len(content):
            self.report(file, "", "", "the picture is cut short; restore it from the repository")
        return content

    def json_records(self, file: str, model: type[Model]) -> list[Model]:
        """Return the sound records of a JSON list."""
        raw = self.json(file)
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.refuse(file, "", f"found {shortened(raw)}; a list of records would do")
            return []
        found = [self._validated(file, _name_of(entry, n), model, entry) for n, entry in enumerate(raw, 1)]
        return self._unique(file, [record for record in found if record is not None])

    def csv_records(self, file: str, model: type[Model]) -> list[Model]:
        """Return the sound records of a CSV file, whose columns are the fields of the model."""
        text = self.text(file)
        if text is None:
            return []
        columns = {field.alias or name for name, field in model.model_fields.items()}
        records: list[Model] = []
        try:
            rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
            if wrong := _wrong_columns(columns, rows.fieldnames or []):
                self.report(file, "line 1", "", wrong)
                self.refused[file] = None
                return []
            for row in rows:
                name = row.get("id") or f"line {rows.line_num}"
                if None in row or None in row.values():
                    message = f"the row does not have {len(columns)} columns; mind the commas"
                    self._refuse_record(file, name, "", message)
                elif (record := self._validated(file, name, model, row)) is not None:
                    records.append(record)
        except csv.Error as error:
            message = f"this is no CSV after line {rows.line_num} ({error}); is a quotation mark left open?"
            self.refuse(file, "", message)
        return self._unique(file, records)

    def features(self, file: str, model: type[Model], right_kind: Callable[[Any], bool]) -> list[Model]:
        """Return the sound features of a GeoJSON file whose geometry is of the right kind."""
        raw = self.json(file)
        if raw is None:
            return []
        features = raw.get("features") if isinstance(raw, dict) else None
        if not isinstance(features, list):
            self.refuse(file, "features", "this is no GeoJSON FeatureCollection")
            return []
        if "crs" in raw:
            self.report(file, "", "crs", "take it out: coordinates are longitude, latitude, OGC:CRS84")
        found = []
        for number, feature in enumerate(features, 1):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            name = _name_of(properties, number)
            if not isinstance(properties, dict):
                self._refuse_record(file, name, "properties", "a feature needs properties")
                continue
            geometry = self._geometry(file, name, feature.get("geometry"), right_kind)
            record = self._validated(file, name, model, {**properties, "geometry": geometry})
            found.append(None if geometry is None else record)
        return self._unique(file, [record for record in found if record is not None])

    def account(self, furniture: list[FurnitureRule], tag: str = "") -> tuple[Article, tuple[Mention, ...]]:
        """Return our account and its curated mentions, in English or in the language of a tag."""
        text, marks = (name.replace(".", f".{tag}." if tag else ".") for name in _ACCOUNT)
        content = self.content(f"account/{text}")
        page = self.json(f"account/{marks}")
        account = Article("", "en", ())
        if content is None:
            return account, ()
        try:
            account = parse_article(content, text, furniture, "UTF-8", trusted=True)
            if page is not None:
                return account, read_annotations(page, account, f"account/{marks}", text)
        except ArticleError as error:
            self.refuse(f"account/{text}", "", str(error))
        except DataError as error:
            self.problems.extend(error.problems)
        return account, ()

    def catalogue(self, file: str, lang: str) -> Catalogue:
        """Return what the records say in another language; nothing where the file is at fault."""
        content = self.content(file)
        try:
            if content is not None:
                return parse_catalogue(content, lang, file)
        except LanguageError as error:
            self.refuse(file, "", str(error).removeprefix(f"{file} "))
        return Catalogue(lang, {})

    def tour(self, file: str) -> Tour | None:
        """Return the guided tour, or None where it is at fault."""
        raw = self.json(file)
        if raw is None:
            return None
        tour, problems = build_tour(raw, file)
        self.problems.extend(problems)
        return tour

    def manifest(self) -> str:
        """Compare each file with the manifest, those it alone names too; return the version of the data."""
        raw = self.json(MANIFEST)
        try:
            package = None if raw is None else _Package.model_validate(raw)
        except ValidationError:
            package = None
            self.report(MANIFEST, "", "", "found no version, or no path and hash of a resource")
        if package is None:
            return ""
        del self._hashes[MANIFEST]
        listed = {entry.path: entry.hash for entry in package.resources}
        for file in sorted(set(listed) - set(self._hashes) - set(self.refused)):
            if (path := PurePosixPath(file)).is_absolute() or ".." in path.parts:
                self.report(MANIFEST, file, "path", "this is no file of the data folder; take it out")
            else:
                self.content(file)
        for file, digest in self._hashes.items():
            if listed.get(file) != f"sha256:{digest}":
                message = (
                    f"the content is not the one {MANIFEST} lists; "
                    "restore the file, or run data/build/manifest.py if the change is meant"
                )
                self.report(file, "", "", message)
        return package.version

    def digest(self) -> str:
        """Return the SHA-256 over the names and contents of all files read, hexadecimal."""
        lines = "".join(f"{digest}  {file}\n" for file, digest in sorted(self._hashes.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def _geometry(self, file: str, name: str, raw: Any, right_kind: Callable[[Any], bool]) -> Any:
        if raw is None:
            self._refuse_record(file, name, "geometry", "found none; draw one")
            return None
        try:
            geometry = shapely.from_geojson(json.dumps(raw))
        except (shapely.errors.GEOSException, RecursionError) as error:
            self._refuse_record(file, name, "geometry", f"this is no GeoJSON geometry ({_reason(error)})")
            return None
        west, south, east, north = shapely.bounds(geometry)
        fault = ""
        if geometry.is_empty:
            fault = f"found a {geometry.geom_type} without coordinates"
        elif not right_kind(geometry):
            fault = f"found a {geometry.geom_type}, which this file does not hold"
        elif geometry.has_z:
            fault = "found heights; write longitude and latitude only"
        elif not (west >= _WORLD[0] and south >= _WORLD[1] and east <= _WORLD[2] and north <= _WORLD[3]):
            fault = (
                f"found {west:g} to {east:g} E, {south:g} to {north:g} N, which is off the globe; "
                "are longitude and latitude swapped?"
            )
        elif not geometry.is_valid:
            fault = f"the outline is not valid: {shapely.is_valid_reason(geometry)}"
        if fault:
            self._refuse_record(file, name, "geometry", fault)
            return None
        return geometry

    def _refuse_record(self, file: str, name: str, field: str, message: str) -> None:
        self.report(file, name, field, message)
        names = self.refused.setdefault(file, set())
        if names is not None:
            names.add(name)

    def _validated(self, file: str, name: str, model: type[Model], raw: Any) -> Model | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for field, fault in faults_of(error):
                self._refuse_record(file, name, field, fault)
            return None

    def _unique(self, file: str, records: list[Model]) -> list[Model]:
        counts = Counter(record.id for record in records if hasattr(record, "id"))
        for name, count in counts.items():
            if count > 1:
                self.report(file, name, "id", f"{count} records have this id; give each its own")
        return records


def _boxes_end(content: bytes) -> int:
    """Return where the boxes end that an ISO media file such as AVIF is made of, as their sizes have it."""
    end = 0
    while end < len(content):
        size = int.from_bytes(content[end : end + 4], "big")
        if size < 8:  # 0 and 1 mean something, which no file of ours needs
            return -1
        end += size
    return end


def _name_of(entry: Any, number: int) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    return name if isinstance(name, str) and name else f"record {number}"


def _limited(name: str) -> str:
    return name if len(name) <= _MAX_NAME else name[: _MAX_NAME - 1] + "…"


def _reason(error: Exception) -> str:
    """Return what GEOS says of a geometry, without the names of its parts."""
    return str(error).rpartition("Exception: ")[2].removeprefix("Error parsing JSON: ").strip(" '\n")[:120]


def _wrong_columns(wanted: set[str], found: Iterable[str]) -> str:
    found = list(found)
    missing, unknown = sorted(wanted - set(found)), sorted(set(found) - wanted)
    parts = [f"missing columns: {', '.join(missing)}"] if missing else []
    parts += [f"unknown columns: {', '.join(map(_limited, unknown))}"] if unknown else []
    twins = sorted(name for name, count in Counter(found).items() if count > 1)
    parts += [f"columns that stand twice: {', '.join(map(_limited, twins))}"] if twins else []
    return "; ".join(parts)
