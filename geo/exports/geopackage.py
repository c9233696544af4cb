"""An extract as a GeoPackage: a layer for each layer of the map, tables, styles and metadata in one file.

GDAL writes the layers; what GDAL has no word for is added through SQLite. The same extract gives the
same bytes with the same GDAL and SQLite.

References
----------
OGC 12-128, GeoPackage Encoding Standard 1.3: features, attributes, the metadata extension.
QGIS keeps styles in a table ``layer_styles``; GDAL and QGIS read a registered view as a layer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import shapely

from geo.citations import reference
from geo.errors import ExportError
from geo.exports.extract import Extract, Table
from geo.exports.map_styles import write_qml, write_sld
from geo.exports.rows import COLUMNS, NAMES
from geo.exports.symbols import symbology

if TYPE_CHECKING:
    import numpy

_STAMP = "1980-01-01T00:00:00.000Z"
"""The same in every file, so that equal data give equal bytes; the version tells when the data are from."""

_IN_TIME = "areas_in_time"
_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "BOOLEAN", "date": "DATE"}
_METADATA = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
);
"""
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
"""
_EXTENSION = "http://www.geopackage.org/spec131/#extension_metadata"


def write_geopackage(extract: Extract) -> bytes:
    """Return an extract as a GeoPackage.

    Parameters
    ----------
    extract : Extract
        What to write; at least one layer.

    Raises
    ------
    ExportError
        If there is no layer in it, or there is no room for the temporary file.
    """
    from pyogrio.errors import DataLayerError, DataSourceError

    if not extract.layers:
        raise ExportError("the view shows no layer that holds records; a GeoPackage needs one")
    try:
        with TemporaryDirectory(prefix="far-east-atlas-") as folder:
            path = Path(folder) / "export.gpkg"
            _write_layers(extract.layers, path)
            _complete(extract, path)
            return path.read_bytes()
    except (OSError, sqlite3.Error, DataSourceError, DataLayerError) as error:
        raise ExportError(f"the GeoPackage cannot be made ({error})") from error


def _write_layers(layers: Sequence[Table], path: Path) -> None:
    import pyogrio
    from pyogrio.raw import write

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})
    for number, layer in enumerate(layers):
        several = any(geometry.geom_type.startswith("Multi") for geometry in layer.geometries)
        columns = [_column(layer, name) for name in layer.columns]
        write(
            str(path),
            shapely.to_wkb(list(layer.geometries)),
            [values for values, _ in columns],
            layer.columns,
            field_mask=[mask for _, mask in columns],
            layer=layer.id,
            driver="GPKG",
            geometry_type=("Multi" if several else "") + layer.shape,
            promote_to_multi=several,
            crs="EPSG:4326",
            append=number > 0,
            dataset_options={"VERSION": "1.3"},
            layer_options={
                "FID": "fid",
                "GEOMETRY_NAME": "geom",
                "IDENTIFIER": layer.title,
                "DESCRIPTION": f"{layer.title}. {layer.licence}",
            },
        )


def _column(layer: Table, name: str) -> tuple[numpy.ndarray[Any, Any], numpy.ndarray[Any, Any] | None]:
    """Return a column as an array of the type that GDAL makes the right field of, and where it is empty."""
    import numpy as np

    values = [row[name] for row in layer.rows]
    empty = np.array([value is None for value in values])
    match COLUMNS[name].type:
        case "integer":
            return np.array([value or 0 for value in values], "int64"), empty
        case "number":
            return np.array([np.nan if value is None else value for value in values], "float64"), None
        case "boolean":
            return np.array([bool(value) for value in values]), empty
        case "date":
            return np.array(["NaT" if value is None else value for value in values], "datetime64[D]"), None
        case _:
            return np.array(values, object), None


def _complete(extract: Extract, path: Path) -> None:
    """Add what GDAL does not write: tables, areas in time, styles, metadata."""
    with closing(sqlite3.connect(path)) as database, database:
        for table in extract.tables:
            _add_table(database, table)
        _add_styles(database, extract)
        _add_metadata(database, extract)


def _add_table(database: sqlite3.Connection, table: Table) -> None:
    columns = ", ".join(f'"{name}" {_TYPES[COLUMNS[name].type]}' for name in table.columns)
    database.execute(f'CREATE TABLE "{table.id}" (fid INTEGER PRIMARY KEY NOT NULL, {columns})')
    places = ", ".join("?" * (len(table.columns) + 1))
    rows = ((number, *row.values()) for number, row in enumerate(table.rows, 1))
    database.executemany(f'INSERT INTO "{table.id}" VALUES ({places})', rows)
    _register(database, table.id, table.title, f"{table.title}. {table.licence}")


def _register(database: sqlite3.Connection, name: str, title: str, says: str) -> None:
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
        "VALUES (?, 'attributes', ?, ?, ?, 0)",
        (name, title, says, _STAMP),
    )


def _add_areas_in_time(database: sqlite3.Connection, holdings: Table) -> None:
    """Add a view that gives each holding the outline of its area, so that time can be played."""
    named = ", ".join(f"areas.{name}" for name in NAMES)
    said = ", ".join(f'holdings."{name}"' for name in holdings.columns)
    database.execute(
        f"CREATE VIEW {_IN_TIME} AS SELECT holdings.fid AS fid, areas.geom AS geom, {named}, {said} "
        "FROM holdings JOIN areas ON areas.id = holdings.area"
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, "
        "min_x, min_y, max_x, max_y, srs_id) "
        "SELECT ?, 'features', ?, ?, ?, min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents "
        "WHERE table_name = 'areas'",
        (_IN_TIME, "Areas in time", "Each area, once for each state that it was in", _STAMP),
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns SELECT ?, column_name, geometry_type_name, srs_id, z, m "
        "FROM gpkg_geometry_columns WHERE table_name = 'areas'",
        (_IN_TIME,),
    )


def _add_styles(database: sqlite3.Connection, extract: Extract) -> None:
    database.executescript(_STYLES)
    areas, holdings = extract.find("areas"), extract.find("holdings")
    styled = [(layer.id, layer.shape, layer) for layer in extract.layers]
    if areas and holdings:
        _add_areas_in_time(database, holdings)
        styled.append((_IN_TIME, areas.shape, Table(_IN_TIME, "", "", holdings.rows)))
    for name, shape, layer in styled:
        look = symbology(layer)
        span = ("from", "to") if "from" in layer.columns else None
        qml = write_qml(
            look, shape, label="name_en" if name in ("places", "sites", "towns") else "", span=span
        )
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
            "styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) "
            "VALUES ('', '', ?, 'geom', ?, ?, ?, 1, 'As the atlas draws it', '', ?)",
            (name, name, qml, write_sld(look, name, shape), _STAMP),
        )
    _register(database, "layer_styles", "layer_styles", "Styles that QGIS reads by itself")


def _add_metadata(database: sqlite3.Connection, extract: Extract) -> None:
    database.executescript(_METADATA)
    whole = json.dumps(extract.metadata(), ensure_ascii=False, indent=1)
    entries: list[tuple[str, str | None, str, str, str]] = [
        ("geopackage", None, "dataset", "application/json", whole)
    ]
    for table in (*extract.layers, *extract.tables):
        kind = "featureType" if table.geometries else "attributeType"
        credited = "\n".join(reference(source) for source in extract.sources_of(table))
        text = f"{table.title}. Licence: {table.licence}.\n{credited}"
        entries.append(("table", table.id, kind, "text/plain", text))
    for number, (scope, name, kind, mime, text) in enumerate(entries, 1):
        database.execute(
            "INSERT INTO gpkg_metadata VALUES (?, ?, 'https://schema.org/Dataset', ?, ?)",
            (number, kind, mime, text),
        )
        database.execute(
            "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, ?)",
            (scope, name, _STAMP, number, 1 if name else None),
        )
    for name in ("gpkg_metadata", "gpkg_metadata_reference"):
        database.execute(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
            (name, _EXTENSION),
        )
