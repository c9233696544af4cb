"""An archive of data files that explains itself: manifest, read-me, licences, credits and checksums.

References
----------
Data Package 1.0 and Table Schema 1.0 (frictionlessdata.io) for ``datapackage.json``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from geo.citations import Source, reference, short_reference
from geo.exports.extract import CREATOR, LICENCES, Extract, Table
from geo.exports.rows import COLUMNS, Value, harmless

STEM = "far-east-atlas"
"""How the name of every file that holds data begins."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same in every archive, so that equal data give equal bytes; the version tells when they are from."""


_LICENCE = f"""Records, texts, and the areas, lines and rivers built for this map: CC BY 4.0. Name them as
{CREATOR}, CC BY 4.0, and keep the sources of each record with it. What was only cut out of Natural
Earth (lakes, borders of today) is in the public domain. A file under both names holds layers of both;
each record says its own.

"""


class PackedFile(NamedTuple):
    """A file of an archive, and what the manifest says of it."""

    path: str
    title: str
    mediatype: str
    content: bytes
    licences: Sequence[str]
    sources: Sequence[Source]
    says: str = ""
    table: Table | None = None


def write_csv(table: Table) -> bytes:
    """Return a table as CSV, with a byte order mark, so that spreadsheets see the letters as they are.

    Cells that a spreadsheet would run are made harmless.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row.values()] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(value) if isinstance(value, str) else repr(value)


def table_schema(table: Table) -> dict[str, Any]:
    """Return what the columns of a table are, as Table Schema says it."""
    fields = [
        {"name": name, "type": COLUMNS[name].type, "description": COLUMNS[name].says}
        for name in table.columns
    ]
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": "id"} if "id" in table.columns else {})


def pack(extract: Extract, files: Sequence[PackedFile], losses: Mapping[str, str]) -> bytes:
    """Return files as a zip archive with manifest, read-me, licences, credits and checksums.

    Parameters
    ----------
    extract : Extract
        What the files were made from.
    files : sequence of PackedFile
        At least one, each with a path of its own.
    losses : mapping of str to str
        By the title of a format, what it cannot say.
    """
    contents = {file.path: file.content for file in files}
    contents["README.md"] = _readme(extract, files, losses).encode()
    contents["LICENSE.txt"] = _licence(files).encode()
    contents["CREDITS.txt"] = _credits(extract).encode()
    manifest = json.dumps(_manifest(extract, files), ensure_ascii=False, indent=1) + "\n"
    contents["datapackage.json"] = manifest.encode()
    sums = "".join(f"{_sha256(content)}  {path}\n" for path, content in sorted(contents.items()))
    contents["SHA256SUMS"] = sums.encode()
    return _zipped(f"{STEM}-{extract.atlas.version}", contents)


def _zipped(folder: str, contents: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _EPOCH)
            entry.external_attr = 0o644 << 16
            # What is packed already is not packed again.
            packing = zipfile.ZIP_STORED if path.endswith(".kmz") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, packing)
    return packed.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _manifest(extract: Extract, files: Sequence[PackedFile]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": STEM,
        "title": extract.title,
        "version": extract.atlas.version,
        "description": f"Made from the data with the SHA-256 {extract.atlas.digest}.",
        "contributors": [{"title": CREATOR, "role": "author"}],
        "licenses": _licences(LICENCES),
        "sources": _sources(extract.sources),
        "resources": [_resource(file) for file in sorted(files)],
    }


def _resource(file: PackedFile) -> dict[str, Any]:
    tabular = file.table is not None
    resource: dict[str, Any] = {
        "profile": "tabular-data-resource" if tabular else "data-resource",
        "name": file.path.lower().replace("/", "-").replace(".", "-").replace("_", "-"),
        "path": file.path,
        "title": file.title,
        "format": file.path.rpartition(".")[2],
        "mediatype": file.mediatype,
        "bytes": len(file.content),
        "hash": f"sha256:{_sha256(file.content)}",
        "licenses": _licences(file.licences),
    }
    if file.says:
        resource["description"] = file.says
    if file.sources:
        resource["sources"] = _sources(file.sources)
    if file.table is not None:
        resource |= {"encoding": "utf-8-sig", "schema": table_schema(file.table)}
    return resource


def _licences(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": name, "title": LICENCES[name][0], "path": LICENCES[name][1]} for name in names]


def _sources(sources: Iterable[Source]) -> list[dict[str, str]]:
    return [
        {"title": short_reference(source)} | ({"path": source.url} if source.url else {})
        for source in sources
    ]


def _readme(extract: Extract, files: Sequence[PackedFile], losses: Mapping[str, str]) -> str:
    listed = "\n".join(f"- `{file.path}`: {file.title}. {file.says}".rstrip() for file in files)
    lost = "\n".join(f"- {title}: {text}" for title, text in losses.items())
    view = f"What the view `{extract.view.query() or 'opening view'}` shows.\n\n" if extract.view else ""
    return f"""# {extract.title}

{view}{CREATOR}: the Russian-Chinese border in the Far East, 1689 to today. Every record says how sure it is
(`certainty`), on what it rests (`citations`, `credits`) and under which licence it may be used.

## Files

{listed}
- `datapackage.json`: the manifest: per file its size, SHA-256, licence and sources; per table its columns.
- `LICENSE.txt`, `CREDITS.txt`: how it may be used, and whose work it rests on.
- `SHA256SUMS`: checksums; `sha256sum -c SHA256SUMS` compares them.

## What each format loses

{lost}

## Spreadsheets

The CSV files are UTF-8 with a byte order mark. A cell that begins as a formula does, with `=`, `+`, `-` or
`@`, and is no plain number, has an apostrophe before it, so that no spreadsheet runs it. Spreadsheets may
still change what looks like a number or a date: import such columns as text, or use GeoJSON or GeoPackage.

## Dates and places

Dates are Gregorian; `dates` is EDTF, `from` and `to` are days, both included; an empty one is open: what has
no `to` lasts to this day. Longitude and latitude are degrees, OGC:CRS84.

## Cite it

> {CREATOR}, data {extract.atlas.version} (SHA-256 {extract.atlas.digest}). CC BY 4.0.

Cite a fact by its source.
"""


def _licence(files: Sequence[PackedFile]) -> str:
    parts = []
    for name, (title, url) in LICENCES.items():
        paths = "\n".join(f"  {file.path}" for file in files if name in file.licences)
        if paths:
            parts.append(f"{title} ({name})\n{url}\n{paths}\n")
    return _LICENCE + "\n".join(parts)


def _credits(extract: Extract) -> str:
    lines = [f"{extract.title}\n"]
    for table in (*extract.layers, *extract.tables):
        if table.id != "sources":
            lines.append(f"\n{table.title} ({table.id})\n")
            lines += [f"- {reference(each)} {each.url}".rstrip() + "\n" for each in extract.sources_of(table)]
    return "".join(lines)
