"""Data files to take away: each format by itself, or all of them in one archive that explains itself.

The same records give the same bytes. A file is written whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from geo.atlas import Atlas
from geo.errors import ExportError
from geo.exports.annotation_page import ACCOUNT, write_annotations
from geo.exports.data_package import STEM, PackedFile, pack, write_csv
from geo.exports.extract import Extract, take_extract
from geo.exports.geojson import write_geojson
from geo.exports.geopackage import write_geopackage
from geo.exports.kml import write_kml, write_kmz
from geo.exports.linked_places import write_linked_places, write_lp_tsv
from geo.language import phrase
from geo.output import check_free, write_whole
from geo.view import View

_CC = "CC-BY-4.0"
_KML_LOSES = phrase(
    "hatching; the tables but for the holdings; doubt in a date, which stays in `dates` of a record."
)


PACKED = {
    "gpkg": f"{STEM}.gpkg",
    "kmz": f"{STEM}.kmz",
    "lpf": f"{STEM}.lpf.json",
    "lp-tsv": f"{STEM}.lp.tsv",
    "annotations": "account-annotations.jsonld",
}
"""By short name, the path in the archive of the formats that are one file."""


class Format(NamedTuple):
    """A format that data can be taken away in.

    Parameters
    ----------
    title : str
        Its name.
    suffix, mediatype : str
        Of its files.
    holds, loses : str
        What is in it, and what of the data it cannot say; one or two sentences each.
    write : callable
        Returns an extract in this format.
    """

    title: str
    suffix: str
    mediatype: str
    holds: str
    loses: str
    write: Callable[[Extract], bytes]


def data_file(atlas: Atlas, kind: str = "all", view: View | None = None) -> bytes:
    """Return the data in a format.

    Parameters
    ----------
    atlas : Atlas
        The records.
    kind : str
        A key of `FORMATS`.
    view : View or None
        Only what this view shows: its layers, on its date; None for everything.

    Raises
    ------
    ExportError
        If there is no such format, or the view shows no records.
    """
    known = _format(kind)
    extract = take_extract(atlas, view)
    if not extract.layers and kind != "annotations":
        raise ExportError("the view shows no layer that holds records; show areas, lines or places")
    return known.write(extract)


def data_filename(atlas: Atlas, kind: str = "all", view: View | None = None) -> str:
    """Return a file name that says what is in it, such as ``far-east-atlas-1.1.0-1859-06-01.gpkg``."""
    known = _format(kind)
    part = "" if view is None else f"-{view.date}" if view.date else "-view"
    sort = f"-{kind}" if known.suffix in (".zip", ".json", ".jsonld") and kind != "all" else ""
    return f"{STEM}-{atlas.version}{part}{sort}{known.suffix}"


def guess_format(out: Path) -> str:
    """Return the format that a file name asks for; ``all`` for a folder or a zip.

    Raises
    ------
    ExportError
        If no format has this suffix.
    """
    if out.is_dir() or out.suffix.lower() == ".zip":
        return "all"
    for kind, known in FORMATS.items():
        if out.suffix.lower() == known.suffix:
            return kind
    raise ExportError(f"{out}: the name does not tell the format; add --format with {_kinds()}")


def write_data(
    atlas: Atlas, out: Path, kind: str = "all", view: View | None = None, *, overwrite: bool = False
) -> Path:
    """Write the data in a format to a file, whole or not at all.

    Parameters
    ----------
    atlas : Atlas
        The records.
    out : Path
        The file, or a folder in which a file with a telling name is made.
    kind : str
        A key of `FORMATS`; ``kml`` to a file named ``.kmz`` is packed.
    view : View or None
        Only what this view shows; None for everything.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ExportError
        If there is no such format, the file is there already, or it cannot be written.
    """
    kind = "kmz" if kind == "kml" and out.suffix.lower() == ".kmz" else kind
    target = out / data_filename(atlas, kind, view) if out.is_dir() else out
    check_free(target, overwrite=overwrite)
    write_whole(target, data_file(atlas, kind, view))
    return target


def _format(kind: str) -> Format:
    if kind not in FORMATS:
        raise ExportError(f"there is no format {kind!r}; the formats are {_kinds()}")
    return FORMATS[kind]


def _kinds() -> str:
    return ", ".join(FORMATS)


# Many files in one archive


def write_all(extract: Extract) -> bytes:
    """Return an extract in every format, as an archive that explains itself."""
    files = [*_singles(extract), *_per_layer(extract), *_tables(extract), *_texts(extract)]
    losses = {known.title: known.loses for kind, known in FORMATS.items() if kind != "kmz"}
    return pack(extract, files, losses)


def write_tables(extract: Extract) -> bytes:
    """Return the tables of an extract as CSV, as an archive that explains itself."""
    return pack(extract, list(_tables(extract)), {"CSV": FORMATS["csv"].loses})


def _singles(extract: Extract) -> Iterable[PackedFile]:
    for kind, path in PACKED.items():
        known = FORMATS[kind]
        content = known.write(extract)
        says = f"{known.holds} Not in it: {known.loses}"
        mixed = {table.licence for table in (*extract.layers, *extract.tables)}
        licences = sorted(mixed) if kind in ("gpkg", "kmz") else [_CC]
        yield PackedFile(path, known.title, known.mediatype, content, licences, extract.sources, says)


def _per_layer(extract: Extract) -> Iterable[PackedFile]:
    known = FORMATS["geojson"]
    for layer in extract.layers:
        content = write_geojson(extract, [layer])
        path, sources = f"geojson/{layer.id}.geojson", extract.sources_of(layer)
        yield PackedFile(path, layer.title, known.mediatype, content, [layer.licence], sources)


def _tables(extract: Extract) -> Iterable[PackedFile]:
    for table in (*extract.layers, *extract.tables):
        sources = extract.sources_of(table)
        path = f"csv/{table.id}.csv"
        yield PackedFile(
            path, table.title, "text/csv", write_csv(table), [table.licence], sources, table=table
        )


def _texts(extract: Extract) -> Iterable[PackedFile]:
    account = extract.atlas.account.text.encode()
    yield PackedFile(ACCOUNT, "The account that the annotations speak of", "text/plain", account, [_CC], ())
    records = [
        source.model_dump(mode="json", by_alias=True, exclude_unset=True) for source in extract.sources
    ]
    content = (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode()
    yield PackedFile("sources.json", "The bibliography, in CSL-JSON", "application/json", content, [_CC], ())


FORMATS: Mapping[str, Format] = {
    "geojson": Format(
        "GeoJSON",
        ".geojson",
        "application/geo+json",
        phrase("Every layer in one collection; `layer` tells them apart. An area carries all its holdings."),
        phrase(
            "styles; the tables of acts, names, quoted areas and claims. Many programs show holdings as text."
        ),
        write_geojson,
    ),
    "gpkg": Format(
        "GeoPackage",
        ".gpkg",
        "application/geopackage+sqlite3",
        phrase(
            "A layer for each layer of the map, areas in time, all tables, styles for QGIS and SLD, metadata."
        ),
        phrase(
            "the map's own hatching of shared and contested land, for which it has one pattern; the account."
        ),
        write_geopackage,
    ),
    "kml": Format(
        "KML",
        ".kml",
        "application/vnd.google-earth.kml+xml",
        phrase("A folder for each layer, with styles; areas in time, lines and sites with their time spans."),
        _KML_LOSES,
        write_kml,
    ),
    "kmz": Format(
        "KML, packed (KMZ)",
        ".kmz",
        "application/vnd.google-earth.kmz",
        phrase("As KML: a folder for each layer, with styles and time spans."),
        _KML_LOSES,
        write_kmz,
    ),
    "csv": Format(
        "CSV",
        ".zip",
        "application/zip",
        phrase("A table for each kind of record, with the meaning of each column in datapackage.json."),
        phrase(
            "outlines of areas and courses of lines; points keep their place. Formulas are made harmless."
        ),
        write_tables,
    ),
    "lpf": Format(
        "Linked Places Format 1.3",
        ".json",
        "application/ld+json",
        phrase("Places, sites, areas and states as a gazetteer, with names, dates, holders and sources."),
        phrase(
            "lines, acts, quoted areas, claims; our five certainties become three, a doubted date is only "
            "less certain; what lasts ends not before the newest day in our records. The ids are names, "
            "no addresses."
        ),
        write_linked_places,
    ),
    "lp-tsv": Format(
        "LP-TSV",
        ".tsv",
        "text/tab-separated-values",
        phrase(
            "Places, sites and areas, one a row, with names, links to GeoNames and Wikidata, and a point."
        ),
        phrase(
            "outlines; states and who held what; dates of the single names; the source of a name but for one."
        ),
        write_lp_tsv,
    ),
    "annotations": Format(
        "W3C annotations",
        ".jsonld",
        "application/ld+json",
        phrase("The mentions and the weighed claims of the whole account, whatever a view shows."),
        phrase("everything on the map, which they name by id; the text itself, account.txt in the archive."),
        write_annotations,
    ),
    "all": Format(
        "All formats",
        ".zip",
        "application/zip",
        phrase("Every format, the bibliography, licences, credits, checksums and a manifest."),
        phrase("the shaded relief and the graticule, which hold no records."),
        write_all,
    ),
}
"""By short name, every format."""
