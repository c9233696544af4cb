"""Exports, read back by programs that are not ours: GDAL, fastkml, libxml2, frictionless, JSON Schema."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import fastkml
import fastkml.validator
import jsonschema
import numpy as np
import pyogrio
import pytest
import shapely

import geo.exports
from geo.errors import ExportError
from geo.exports import FORMATS, data_file, data_filename, guess_format, write_data
from geo.exports.extract import LICENCES, take_extract
from geo.exports.geopackage import write_geopackage
from geo.exports.linked_places import newest_day
from geo.exports.rows import COLUMNS, harmless
from geo.exports.symbols import colour, symbology
from geo.reading import DATA_DIR
from geo.territory import FRAME
from geo.view import View

FULL = OSError(28, "No space left on device")
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "linked-places-1.3.json").read_text("utf-8"))
IN_COMMON = View(date=date(1859, 6, 1))
CLOSE = 1e-5
"""Degrees: a metre."""


@pytest.fixture(scope="module")
def whole(atlas):
    return take_extract(atlas)


@pytest.fixture(scope="module")
def files(atlas, tmp_path_factory):
    """A file in each format with everything, and the archive unpacked."""
    folder = tmp_path_factory.mktemp("exports")
    made = {kind: write_data(atlas, folder, kind) for kind in FORMATS}
    zipfile.ZipFile(made["all"]).extractall(folder)
    made["folder"] = folder / f"far-east-atlas-{atlas.version}"
    return made


@pytest.fixture(scope="module")
def package(files):
    return json.loads((files["folder"] / "datapackage.json").read_text("utf-8"))


def read_layer(path, layer):
    """Read a layer as GDAL sees it: geometries, and the columns by name."""
    meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer)
    return shapely.from_wkb(shapes), dict(zip(meta["fields"], columns, strict=True))


def assert_same_place(ours, theirs):
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.geom_type.removeprefix("Multi") == other.geom_type.removeprefix("Multi")
        assert shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other)
        assert np.abs(shapely.get_coordinates(one) - shapely.get_coordinates(other)).max() <= CLOSE
        assert one.area == pytest.approx(other.area, rel=1e-6)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# What is in an extract


def test_everything_is_in_the_whole(atlas, whole):
    counts = {table.id: len(table.rows) for table in (*whole.layers, *whole.tables)}
    assert counts["areas"] == len(atlas.areas)
    assert counts["lines"] == len(atlas.lines)
    assert counts["places"] == 8
    assert counts["sites"] == len(atlas.gazetteer.sites)
    assert counts["rivers"] == len(atlas.basemap.rivers)
    assert counts["lakes"] == len(atlas.basemap.lakes)
    assert counts["borders"] == len(atlas.basemap.borders)
    assert sum(count for name, count in counts.items() if name.startswith("readings")) == len(atlas.readings)
    assert counts["holdings"] == len(atlas.holdings.records)
    assert counts["names"] == len(atlas.gazetteer.toponyms)
    assert counts["acts"] == len(atlas.acts)
    assert counts["polities"] == len(atlas.holdings.polities)
    assert counts["claims"] == len(atlas.claims)
    assert counts["quoted_areas"] == len(atlas.quoted_areas)
    assert counts["sources"] == len(atlas.sources)


def test_every_record_says_how_sure_it_is_by_whom_and_under_which_licence(whole):
    for table in (*whole.layers, *whole.tables):
        for row in table.rows:
            assert set(row) <= set(COLUMNS)
            assert tuple(row) == table.columns
            assert row["licence"] in LICENCES
            if table.id != "sources":
                assert row["certainty"]
                assert row["citations"]
                assert row["credits"]


def test_no_column_is_described_that_no_table_has(atlas, whole):
    dated = take_extract(atlas, IN_COMMON)
    used = {
        name
        for extract in (whole, dated)
        for table in (*extract.layers, *extract.tables)
        for name in table.columns
    }
    assert used == set(COLUMNS)


def test_a_view_on_a_date_shows_who_held_each_area_and_what_was_in_force(atlas):
    extract = take_extract(atlas, IN_COMMON)
    coast = next(row for row in extract.rows("areas") if row["id"] == "ussuri-coast")
    assert coast["status"] == "common"
    assert coast["held"] == atlas.holdings.describe(atlas.holdings.on("ussuri-coast", IN_COMMON.date))
    assert (coast["held_from"], coast["held_to"], coast["held_act"]) == (
        "1858-05-28",
        "1860-11-13",
        "aigun-1858",
    )
    assert coast["held_citations"]
    in_force = {
        line.id
        for line in atlas.lines
        if line.dates is None
        or ((line.dates.start or date.min) <= IN_COMMON.date <= (line.dates.end or date.max))
    }
    assert extract.ids("lines") == in_force
    assert 0 < len(in_force) < len(atlas.lines)
    assert {row["area"] for row in extract.rows("holdings")} <= extract.ids("areas") | extract.ids("sites")
    assert all(row["from"] <= "1859-06-01" <= (row["to"] or "9999") for row in extract.rows("holdings"))


@pytest.mark.parametrize("day", ["1689-09-06", "1860-11-14", "1945-08-20", "2008-10-14"])
def test_on_a_date_every_area_has_one_holding(atlas, day):
    extract = take_extract(atlas, View(date=date.fromisoformat(day)))
    assert len(extract.rows("areas")) == len(atlas.areas)
    assert all(row["held"] and row["held_from"] <= day for row in extract.rows("areas"))


def test_a_view_shows_its_layers_and_readings_and_nothing_else(atlas):
    view = View(layers=("lines", "relief"), readings=("banks-red-line",))
    extract = take_extract(atlas, view)
    assert [layer.id for layer in extract.layers] == ["lines", "readings_lines"]
    assert extract.ids("readings_lines") == {"banks-red-line"}
    assert extract.find("areas") is None
    assert extract.find("names") is None
    assert 0 < len(extract.sources) < len(atlas.sources)


def test_what_is_cited_is_among_the_sources(atlas):
    for view in (None, IN_COMMON, View(layers=("places",))):
        extract = take_extract(atlas, view)
        known = {source.id for source in extract.sources}
        for table in (*extract.layers, *extract.tables):
            assert {source.id for source in extract.sources_of(table)} <= known


def test_land_held_in_common_or_not_delimited_is_tinted_as_nobodys_own(whole):
    tints = {row["status"]: row["tint"] for row in whole.rows("holdings")}
    assert tints["common"] == "common"
    assert tints["undelimited"] == "undelimited"
    assert all("-" not in row["tint"] for row in whole.rows("holdings") if row["status"] == "held")


# Bytes


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("view", [None, IN_COMMON])
def test_the_same_data_give_the_same_bytes(atlas, kind, view):
    assert data_file(atlas, kind, view) == data_file(atlas, kind, view)


def test_another_process_in_another_zone_writes_the_same_bytes(atlas):
    code = (
        "import hashlib\nfrom geo.reading import load_atlas\nfrom geo.exports import data_file\n"
        "print(hashlib.sha256(data_file(load_atlas())).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=DATA_DIR.parent,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Vladivostok", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == hashlib.sha256(data_file(atlas)).hexdigest()


def test_gdal_is_loaded_by_the_geopackage_alone():
    code = (
        "import sys\nfrom geo.reading import load_atlas\nfrom geo.exports import data_file, FORMATS\n"
        "atlas = load_atlas()\n"
        "[data_file(atlas, kind) for kind in FORMATS if kind not in ('gpkg', 'all')]\n"
        "print([name for name in ('pyogrio', 'geopandas', 'pandas', 'folium') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=DATA_DIR.parent, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


# GeoJSON


def test_gdal_reads_the_geojson_with_every_feature_in_its_place(files, whole):
    shapes, columns = read_layer(files["geojson"], None)
    assert_same_place([each for layer in whole.layers for each in layer.geometries], shapes)
    assert list(columns["layer"]) == [layer.id for layer in whole.layers for _ in layer.rows]
    assert list(columns["name_ru"]) == [row["name_ru"] for layer in whole.layers for row in layer.rows]


def test_geojson_is_as_its_standard_says(files):
    collection = json.loads(files["geojson"].read_bytes())
    assert "crs" not in collection
    west, south, east, north = collection["bbox"]
    assert west < east
    assert south < north
    ids = [feature["id"] for feature in collection["features"]]
    assert len(ids) == len(set(ids))
    for feature in collection["features"]:
        geometry = shapely.geometry.shape(feature["geometry"])
        if "bbox" in feature:
            assert feature["bbox"] == list(geometry.bounds)
        for polygon in [geometry] if geometry.geom_type == "Polygon" else getattr(geometry, "geoms", []):
            if polygon.geom_type == "Polygon":
                assert polygon.exterior.is_ccw
                assert not any(ring.is_ccw for ring in polygon.interiors)


@pytest.mark.parametrize("layer", ["areas", "lines", "places", "sites"])
def test_what_the_atlas_is_about_lies_in_its_frame(whole, layer):
    west, south, east, north = FRAME
    for shape in whole.find(layer).geometries:
        left, bottom, right, top = shape.bounds
        assert west <= left <= right <= east
        assert south <= bottom <= top <= north


def test_an_area_of_the_whole_carries_its_holdings_and_one_on_a_date_does_not(atlas, files):
    features = json.loads(files["geojson"].read_bytes())["features"]
    coast = next(feature for feature in features if feature["id"] == "areas/ussuri-coast")
    assert len(coast["properties"]["holdings"]) == len(atlas.holdings.chain("ussuri-coast"))
    dated = json.loads(data_file(atlas, "geojson", IN_COMMON))["features"]
    assert all("holdings" not in feature["properties"] for feature in dated)


def test_a_file_names_the_sources_of_all_that_it_cites(files):
    for path in [files["geojson"], *(files["folder"] / "geojson").iterdir()]:
        collection = json.loads(path.read_bytes())
        named = {source["id"] for source in collection["metadata"]["sources"]}
        cited = re.findall(r'"(?:\w+_)?citations": "([^"]*)"', json.dumps(collection["features"]))
        keys = {
            re.sub(r"\[.*", "", part) for text in cited for part in re.split(r"; (?![^\[]*\])", text) if part
        }
        assert keys <= named
        assert collection["metadata"]["licences"]["CC-BY-4.0"]["url"].startswith(
            "https://creativecommons.org"
        )


# GeoPackage


def test_gdal_reads_every_layer_of_the_geopackage_in_its_place(files, whole):
    names = {name for name, kind in pyogrio.list_layers(files["gpkg"]) if kind is not None}
    assert names == {layer.id for layer in whole.layers} | {"areas_in_time"}
    for layer in whole.layers:
        shapes, columns = read_layer(files["gpkg"], layer.id)
        assert_same_place(layer.geometries, shapes)
        for name in ("id", "name_en", "name_ru", "name_zh_hans", "name_zh_hant", "certainty", "citations"):
            assert list(columns[name]) == [row[name] for row in layer.rows]


def test_gdal_reads_every_table_of_the_geopackage(files, whole):
    names = {name for name, kind in pyogrio.list_layers(files["gpkg"]) if kind is None}
    assert names == {table.id for table in whole.tables} | {"layer_styles"}
    for table in whole.tables:
        _, columns = read_layer(files["gpkg"], table.id)
        assert set(columns) == set(table.columns)
        for name in table.columns:
            if COLUMNS[name].type == "string":
                assert list(columns[name]) == [row[name] for row in table.rows]


def test_the_geopackage_keeps_days_numbers_and_gaps(files, whole):
    _, columns = read_layer(files["gpkg"], "lines")
    days = ["NaT" if row["from"] is None else row["from"] for row in whole.rows("lines")]
    assert np.array_equal(
        columns["from"].astype("datetime64[D]"), np.array(days, "datetime64[D]"), equal_nan=True
    )
    _, columns = read_layer(files["gpkg"], "places")
    assert [None if np.isnan(value) else int(value) for value in columns["population_2021"]] == [
        row["population_2021"] for row in whole.rows("places")
    ]
    _, columns = read_layer(files["gpkg"], "readings_land")
    assert list(columns["drawn"].astype(bool)) == [row["drawn"] for row in whole.rows("readings_land")]


def test_each_holding_has_the_outline_of_its_area(files, atlas):
    shapes, columns = read_layer(files["gpkg"], "areas_in_time")
    outlines = {area.id: area.geometry for area in atlas.areas}
    held = [holding for holding in atlas.holdings.records if holding.area in outlines]
    assert len(shapes) == len(held)
    assert_same_place([shapely.orient_polygons(outlines[area]) for area in columns["area"]], shapes)


def test_the_geopackage_is_sound(files):
    database = sqlite3.connect(files["gpkg"])
    try:
        assert database.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        stamps = "SELECT last_change FROM gpkg_contents UNION SELECT timestamp FROM gpkg_metadata_reference"
        assert database.execute(stamps).fetchall() == [("1980-01-01T00:00:00.000Z",)]
        listed = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
        in_time = "SELECT table_name FROM gpkg_geometry_columns"
        assert {name for (name,) in database.execute(in_time)} <= listed
    finally:
        database.close()


def test_every_layer_of_the_geopackage_has_a_style_that_knows_its_values(files):
    _, styles = read_layer(files["gpkg"], "layer_styles")
    layers = [name for name, kind in pyogrio.list_layers(files["gpkg"]) if kind is not None]
    assert list(styles["f_table_name"]) == layers
    for name, qml, sld in zip(styles["f_table_name"], styles["styleQML"], styles["styleSLD"], strict=True):
        renderer = ElementTree.fromstring(qml).find("renderer-v2")
        rules = ElementTree.fromstring(sld).iter("{http://www.opengis.net/sld}Rule")
        symbols = renderer.findall("symbols/symbol")
        assert len(symbols) == len(list(rules)) >= 1
        if renderer.get("type") == "categorizedSymbol":
            _, columns = read_layer(files["gpkg"], name)
            values = {category.get("value") for category in renderer.iter("category")}
            assert values == set(columns[renderer.get("attr")])


def test_the_styles_stand_where_qgis_looks_for_them(files):
    """The columns of QGIS's own table, which it asks for by name, and one default style for each layer."""
    _, styles = read_layer(files["gpkg"], "layer_styles")
    wanted = {
        "f_table_catalog",
        "f_table_schema",
        "f_table_name",
        "f_geometry_column",
        "styleName",
        "styleQML",
    }
    assert wanted | {"styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"} <= set(styles)
    database = sqlite3.connect(files["gpkg"])
    try:
        asked = (
            "SELECT f_table_name, count(*) FROM layer_styles JOIN gpkg_geometry_columns "
            "ON f_table_name = table_name AND f_geometry_column = column_name "
            "WHERE useAsDefault GROUP BY f_table_name"
        )
        found = dict(database.execute(asked).fetchall())
    finally:
        database.close()
    assert found == {name: 1 for name, kind in pyogrio.list_layers(files["gpkg"]) if kind is not None}


def test_the_time_slider_of_qgis_is_told_the_days(files):
    _, styles = read_layer(files["gpkg"], "layer_styles")
    qml = dict(zip(styles["f_table_name"], styles["styleQML"], strict=True))
    for name in ("lines", "sites", "areas_in_time"):
        temporal = ElementTree.fromstring(qml[name]).find("temporal")
        assert (temporal.get("enabled"), temporal.get("startField"), temporal.get("endField")) == (
            "1",
            "from",
            "to",
        )


def test_the_metadata_of_the_geopackage_name_the_data_and_every_source(files, atlas):
    database = sqlite3.connect(files["gpkg"])
    try:
        whole, *parts = database.execute("SELECT metadata FROM gpkg_metadata ORDER BY id").fetchall()
        extension = "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_metadata'"
        assert database.execute(extension).fetchone() == (2,)
    finally:
        database.close()
    said = json.loads(whole[0])
    assert (said["version"], said["sha256"]) == (atlas.version, atlas.digest)
    assert [source["id"] for source in said["sources"]] == sorted(atlas.sources)
    assert len(parts) == len(take_extract(atlas).layers) + len(take_extract(atlas).tables)
    assert all("Licence: " in text for (text,) in parts)
    assert "GPKG_METADATA_ITEM_1" in pyogrio.read_info(files["gpkg"], layer="areas")["dataset_metadata"]


def test_colours_are_those_of_the_page():
    sheet = (DATA_DIR.parent / "geo" / "static" / "page.css").read_text("utf-8")
    assert f"--peking: light-dark({colour('peking')}," in sheet


def test_every_layer_has_a_symbol_for_every_value(whole):
    for layer in whole.layers:
        look = symbology(layer)
        assert len({symbol.value for symbol in look.symbols}) == len(look.symbols)
        assert all(symbol.label and (symbol.fill or symbol.stroke) for symbol in look.symbols)


# KML


def test_the_kml_is_as_the_schema_of_the_ogc_says(files):
    assert fastkml.validator.validate(file_to_validate=files["kml"])


def test_the_schema_of_the_ogc_finds_a_fault(files, tmp_path):
    broken = tmp_path / "broken.kml"
    broken.write_text(
        files["kml"].read_text("utf-8").replace("<begin>1689-09-06</begin>", "<begin>old</begin>")
    )
    with pytest.raises(AssertionError):
        fastkml.validator.validate(file_to_validate=broken)


def test_gdal_reads_every_folder_of_the_kml_in_its_place(files, whole):
    for path in (files["kml"], files["kmz"]):
        found = dict(pyogrio.list_layers(path))
        assert len(found) == len(whole.layers) + 1
        for layer in whole.layers:
            shapes, columns = read_layer(path, layer.title)
            assert_same_place(layer.geometries, shapes)
            assert list(columns["name_zh_hans"]) == [row["name_zh_hans"] for row in layer.rows]
            assert list(columns["citations"]) == [row["citations"] for row in layer.rows]


def test_fastkml_reads_folders_and_the_spans_of_holdings(files, whole, atlas):
    document = fastkml.KML.parse(files["kml"]).features[0]
    assert [folder.name for folder in document.features[:-1]] == [layer.title for layer in whole.layers]
    outlined = {area.id for area in atlas.areas}
    held = [holding for holding in atlas.holdings.records if holding.area in outlined]
    in_time = document.features[-1].features
    assert [(mark.times.begin.dt, mark.times.end and mark.times.end.dt) for mark in in_time] == [
        (holding.start, holding.end) for holding in held
    ]


def test_every_placemark_has_a_style_that_is_there(files):
    root = ElementTree.parse(files["kml"]).getroot()
    name = "{http://www.opengis.net/kml/2.2}"
    styles = {f"#{style.get('id')}" for style in root.iter(f"{name}Style")}
    used = {url.text for url in root.iter(f"{name}styleUrl")}
    assert used == styles
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_a_view_on_a_date_has_no_other_days_in_its_kml(atlas):
    document = fastkml.KML.parse(io.BytesIO(data_file(atlas, "kml", IN_COMMON))).features[0]
    areas = next(folder for folder in document.features if folder.name == "Areas")
    assert len(areas.features) == len(atlas.areas)
    assert all(mark.times.begin.dt <= IN_COMMON.date for mark in areas.features)


# CSV


def test_gdal_reads_every_table_as_it_is(files, whole):
    for table in (*whole.layers, *whole.tables):
        _, columns = read_layer(files["folder"] / "csv" / f"{table.id}.csv", None)
        assert tuple(columns) == table.columns
        assert len(next(iter(columns.values()))) == len(table.rows)


def test_names_in_every_script_come_through(files, atlas):
    rows = rows_of(files["folder"] / "csv" / "names.csv")
    assert [row["form"] for row in rows] == [name.form for name in atlas.gazetteer.toponyms]
    forms = {row["form"] for row in rows}
    assert {"Владивосток", "海参崴", "海參崴", "ウラジオストク", "해삼위"} <= forms


def test_a_spreadsheet_sees_the_letters_and_the_columns(files, package):
    for resource in package["resources"]:
        if resource["path"].endswith(".csv"):
            content = (files["folder"] / resource["path"]).read_bytes()
            assert content.startswith(b"\xef\xbb\xbf")
            header = content.decode("utf-8-sig").splitlines()[0].split(",")
            assert header == [field["name"] for field in resource["schema"]["fields"]]


_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
RUN = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1+1", "＠A1"),
    *('=HYPERLINK("x")', "-", "\0=1"),
)


@pytest.mark.parametrize("text", RUN)
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_every_hostile_cell_and_runs_none(tmp_path):
    hostile = [text for text in RUN if "\0" not in text]  # LibreOffice reads no further than a NUL
    for name, cells in (("harmless", map(harmless, hostile)), ("raw", hostile)):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([cell, "next"] for cell in cells)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--infilter=CSV:44,34,76",
        "--convert-to",
        "fods",
        "--outdir",
    ]
    files = [tmp_path / "harmless.csv", tmp_path / "raw.csv"]
    subprocess.run([*command, tmp_path, *files], check=True, capture_output=True, timeout=120)
    shown = {path.stem: path.read_text("utf-8") for path in tmp_path.glob("*.fods")}
    assert shown["raw"].count("table:formula=") > 0
    assert shown["harmless"].count("table:formula=") == 0
    cells = ElementTree.fromstring(shown["harmless"]).iter(f"{{{_TABLE}}}table-cell")
    texts = [re.sub(r"\s", "", "".join(cell.itertext())) for cell in cells]
    kept = [text for text in texts if text not in ("", "next")]
    assert kept == [re.sub(r"\s", "", f"'{text}") for text in hostile]


@pytest.mark.parametrize("text", ["", "-43.1", "+7", "1860-11-14", "Amur = Heilong", "a@b", "Владивосток"])
def test_any_other_cell_stays_as_it_is(text):
    assert harmless(text) == text


def test_the_page_makes_the_same_cells_harmless():
    script = (DATA_DIR.parent / "geo/static/annotations.js").read_text("utf-8")
    signs = re.search(r"/\^(\[=.*?\])/\.test\(value\)", script)[1]
    every = [chr(code) for code in range(0x10000)]
    assert [sign for sign in every if re.match(signs, sign)] == [
        sign for sign in every if harmless(f"{sign}x") != f"{sign}x"
    ]


def test_no_cell_of_any_table_is_run_by_a_spreadsheet(files):
    for path in (files["folder"] / "csv").iterdir():
        for row in rows_of(path):
            assert all(harmless(cell) == cell for cell in row.values())


def test_a_hostile_name_is_harmless_in_every_format_it_can_reach(atlas, tmp_path):
    hostile = '=HYPERLINK("http://x")<script>alert(1)</script>&]]>'
    area = atlas.areas[0].model_copy(update={"note": hostile})
    worse = replace(atlas, areas=(area, *atlas.areas[1:]))
    archive = zipfile.ZipFile(io.BytesIO(data_file(worse, "csv")))
    name = next(name for name in archive.namelist() if name.endswith("csv/areas.csv"))
    row = next(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
    assert row["note"] == f"'{hostile}"
    path = tmp_path / "hostile.kml"
    path.write_bytes(data_file(worse, "kml"))
    assert fastkml.validator.validate(file_to_validate=path)
    _, columns = read_layer(path, "Areas")
    assert columns["note"][0] == hostile
    assert "<script>" not in columns["description"][0]


# Linked Places


def test_linked_places_are_as_the_format_says(files):
    jsonschema.validate(json.loads(files["lpf"].read_bytes()), SCHEMA, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "damage",
    [
        lambda feature: feature.pop("@id"),
        lambda feature: feature.pop("names"),
        lambda feature: feature.pop("geometry"),
        lambda feature: feature["properties"].pop("title"),
        lambda feature: feature["properties"].pop("fclasses"),
        lambda feature: feature["properties"].update(fclasses=["X1"]),
        lambda feature: feature["when"]["timespans"][0].pop("start"),
        lambda feature: feature["when"]["timespans"][0].update(start={"in": "1926~"}),
        lambda feature: feature["when"].update(certainty="disputed"),
        lambda feature: feature["geometry"].update(coordinates=[43.1, 131.9]),
        lambda feature: feature["links"][0].update(type="sameAs"),
        lambda feature: [name.pop("citations") for name in feature["names"]],
    ],
)
def test_the_schema_of_linked_places_finds_a_fault(files, damage):
    collection = json.loads(files["lpf"].read_bytes())
    broken = {**collection, "features": [deepcopy(collection["features"][0])]}
    jsonschema.validate(broken, SCHEMA, jsonschema.Draft202012Validator)
    damage(broken["features"][0])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA, jsonschema.Draft202012Validator)


def test_linked_places_hold_every_place_name_and_holding(files, atlas):
    features = {feature["@id"]: feature for feature in json.loads(files["lpf"].read_bytes())["features"]}
    count = len(atlas.gazetteer.places) + len(atlas.gazetteer.sites) + len(atlas.areas)
    assert len(features) == count + len(atlas.holdings.polities)
    for place in atlas.gazetteer.places:
        feature = features[f"urn:far-east-atlas:place:{place.id}"]
        names = atlas.gazetteer.names_of(place.id)
        assert [name["toponym"] for name in feature["names"]] == [name.form for name in names]
    for area in atlas.areas:
        relations = features[f"urn:far-east-atlas:area:{area.id}"]["relations"]
        assert len(relations) == sum(len(holding.holders) for holding in atlas.holdings.chain(area.id))
        assert {relation["relationTo"] for relation in relations} <= set(features)
    places = [feature for name, feature in features.items() if ":place:" in name]
    for feature in places:
        assert all(relation["relationTo"] in features for relation in feature.get("relations", []))


def test_gdal_reads_linked_places_in_their_place(files, atlas):
    shapes, columns = read_layer(files["lpf"], None)
    located = [shape for shape in shapes if shape is not None]
    spots = [*atlas.gazetteer.places, *atlas.gazetteer.sites]
    ours = [shapely.Point(spot.lon, spot.lat) for spot in spots] + [area.geometry for area in atlas.areas]
    assert_same_place(ours, located)
    assert columns["title"][0] == "Vladivostok"


def test_what_lasts_has_an_end_and_what_was_a_day_has_none(files, atlas):
    features = {feature["@id"]: feature for feature in json.loads(files["lpf"].read_bytes())["features"]}
    last = {"earliest": str(newest_day(atlas))}
    town = features["urn:far-east-atlas:place:vladivostok"]["when"]["timespans"]
    assert town == [{"start": {"in": "1860-07-02"}, "end": last}]
    nerchinsk = features["urn:far-east-atlas:place:nerchinsk"]["when"]["timespans"]
    assert nerchinsk == [{"start": {"earliest": "1653", "latest": "1658"}, "end": last}]
    island = features["urn:far-east-atlas:place:sakhalin"]["when"]["timespans"]
    assert island == [{"start": {"latest": "1689-09-06"}, "end": last}]
    empire = features["urn:far-east-atlas:polity:russian-empire"]["when"]["timespans"]
    assert empire == [{"start": {"in": "1721-11-02"}, "end": {"in": "1917-03-15"}}]
    names = {
        name["toponym"]: name.get("when")
        for name in features["urn:far-east-atlas:place:nikolayevsk-on-amur"]["names"]
    }
    doubted = [when for when in names.values() if when and "about" in when["label"]]
    assert doubted
    assert all(
        when["certainty"] != "certain" and "~" not in json.dumps(when["timespans"]) for when in doubted
    )


def test_lp_tsv_has_what_each_row_must_have(files, atlas):
    lines = files["lp-tsv"].read_text("utf-8").splitlines()
    columns = lines[0].split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:]]
    assert len(rows) == len(atlas.gazetteer.places) + len(atlas.gazetteer.sites) + len(atlas.areas)
    assert len({row["id"] for row in rows}) == len(rows)
    date_form = re.compile(r"-?\d{1,4}(-\d\d(-\d\d)?)?")
    for row in rows:
        assert row["title"]
        assert row["title_source"]
        assert row["fclasses"] in "AHLPRST"
        assert row["start"] or row["attestation_year"]
        for column in ("start", "end", "attestation_year"):
            assert row[column] == "" or date_form.fullmatch(row[column])
        assert bool(row["parent_name"]) == bool(row["parent_id"])
        assert len(row["aat_types"].split(";")) == len(row["types"].split(";"))
        assert FRAME[0] <= float(row["lon"]) <= FRAME[2]
        assert FRAME[1] <= float(row["lat"]) <= FRAME[3]
        for variant in filter(None, row["variants"].split(";")):
            assert re.fullmatch(r"[^@]+@[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", variant)
        for match in filter(None, row["matches"].split(";")):
            assert re.fullmatch(r"(gn:\d+|wd:Q\d+)", match)


def test_gdal_reads_lp_tsv(files):
    _, columns = read_layer(files["lp-tsv"], None)
    assert "海参崴@zh-Hans" in columns["variants"][0]
    assert columns["matches"][0] == "gn:2013348;wd:Q959"


# Annotations


def test_each_annotation_fits_the_text_by_quotation_and_by_position(files, atlas):
    page = json.loads(files["annotations"].read_bytes())
    text = (files["folder"] / "account.txt").read_bytes()
    assert page["target"]["sha256"] == hashlib.sha256(text).hexdigest()
    words = text.decode()
    assert "\r" not in words
    assert len(page["items"]) == len(atlas.annotations) + len(atlas.claims) == page["partOf"]["total"]
    for item in page["items"]:
        assert item["target"]["source"] == page["target"]["id"] == "account.txt"
        quotation, position = item["target"]["selector"]
        assert words[position["start"] : position["end"]] == quotation["exact"]
        assert words.count(quotation["prefix"] + quotation["exact"] + quotation["suffix"]) == 1
    mentioned = [item["target"]["selector"][0]["exact"] for item in page["items"][: len(atlas.annotations)]]
    assert mentioned == [mention.exact for mention in atlas.annotations]


def test_annotations_have_the_form_that_the_w3c_asks_for(files):
    page = json.loads(files["annotations"].read_bytes())
    assert page["type"] == "AnnotationPage"
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    ids = [item["id"] for item in page["items"]]
    assert len(ids) == len(set(ids))
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["motivation"] in ("linking", "assessing")
        for body in item["body"]:
            assert body["type"] in ("SpecificResource", "TextualBody")
            assert ("source" in body) == (body["type"] == "SpecificResource")
        if item["motivation"] == "assessing":
            assert item["certainty"]
            assert item["citations"]
            assert item["credits"]


# The archive


def report_on(folder):
    """Return what frictionless finds; it lifts Python's limit of a CSV cell for all, so that is put back."""
    limit = csv.field_size_limit()
    try:
        import frictionless

        return frictionless.validate(str(folder / "datapackage.json"))
    finally:
        csv.field_size_limit(limit)


def test_frictionless_finds_the_package_valid(files):
    report = report_on(files["folder"])
    assert report.valid, report.to_summary()
    assert report.stats["tasks"] > 30


def test_frictionless_finds_a_changed_file(files, tmp_path):
    archive = zipfile.ZipFile(files["csv"])
    archive.extractall(tmp_path)
    folder = next(tmp_path.iterdir())
    assert report_on(folder).valid
    acts = folder / "csv" / "acts.csv"
    acts.write_bytes(acts.read_bytes().replace(b"1860-11-14", b"1860-99-14"))
    assert not report_on(folder).valid


def test_the_manifest_tells_the_size_sum_licence_and_sources_of_every_file(files, package, atlas):
    listed = {resource["path"] for resource in package["resources"]}
    there = {
        path.relative_to(files["folder"]).as_posix() for path in files["folder"].rglob("*") if path.is_file()
    }
    assert there - listed == {"README.md", "LICENSE.txt", "CREDITS.txt", "SHA256SUMS", "datapackage.json"}
    assert package["version"] == atlas.version
    assert atlas.digest in package["description"]
    for resource in package["resources"]:
        content = (files["folder"] / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["licenses"]
        assert resource["mediatype"]
        assert re.fullmatch(r"[a-z0-9._/-]+", resource["name"])
        if resource["path"] not in ("account.txt", "sources.json"):
            assert resource["sources"]


def test_what_was_only_cut_out_of_natural_earth_is_in_the_public_domain(package):
    licences = {
        resource["path"]: {each["name"] for each in resource["licenses"]} for resource in package["resources"]
    }
    assert licences["geojson/lakes.geojson"] == {"public-domain"}
    assert licences["geojson/borders.geojson"] == {"public-domain"}
    assert licences["geojson/areas.geojson"] == {"CC-BY-4.0"}
    assert licences["far-east-atlas.gpkg"] == {"CC-BY-4.0", "public-domain"}


def test_the_checksums_are_as_sha256sum_reads_them(files):
    run = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=files["folder"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_archive_says_what_each_format_loses_and_that_formulas_are_harmless(files):
    text = (files["folder"] / "README.md").read_text("utf-8")
    for kind, known in FORMATS.items():
        if kind != "kmz":
            assert f"- {known.title}: {known.loses}" in text
    assert "apostrophe" in text
    credited = (files["folder"] / "CREDITS.txt").read_text("utf-8")
    assert "Natural Earth" in credited
    assert "CC BY 4.0" in (files["folder"] / "LICENSE.txt").read_text("utf-8")


def test_nothing_in_the_archive_leads_out_of_its_folder(files):
    names = zipfile.ZipFile(files["all"]).namelist()
    assert len({name.split("/")[0] for name in names}) == 1
    assert not any(".." in name or name.startswith("/") or "\\" in name for name in names)


def test_the_bibliography_is_csl_json(files, atlas):
    records = json.loads((files["folder"] / "sources.json").read_bytes())
    assert [record["id"] for record in records] == sorted(atlas.sources)
    assert all(record["type"] and record["title"] for record in records)
    assert {"date-parts"} <= {key for record in records for key in record.get("issued", {})}


@pytest.mark.parametrize(
    "view", [IN_COMMON, View(layers=("places",)), View(date=date(1700, 1, 1), layers=("sites", "lakes"))]
)
def test_an_archive_of_a_view_holds_together(atlas, tmp_path, view):
    path = write_data(atlas, tmp_path, "all", view)
    zipfile.ZipFile(path).extractall(tmp_path)
    folder = tmp_path / f"far-east-atlas-{atlas.version}"
    assert report_on(folder).valid
    extract = take_extract(atlas, view)
    jsonschema_needed = any(extract.find(name) for name in ("areas", "places", "sites", "polities"))
    if jsonschema_needed:
        collection = json.loads((folder / "far-east-atlas.lpf.json").read_bytes())
        jsonschema.validate(collection, SCHEMA, jsonschema.Draft202012Validator)
    layers = {name for name, kind in pyogrio.list_layers(folder / "far-east-atlas.gpkg") if kind is not None}
    assert {layer.id for layer in extract.layers} <= layers


# Bad input


def test_a_file_name_says_what_is_in_it(atlas):
    version = atlas.version
    assert data_filename(atlas) == f"far-east-atlas-{version}.zip"
    assert data_filename(atlas, "gpkg", IN_COMMON) == f"far-east-atlas-{version}-1859-06-01.gpkg"
    assert data_filename(atlas, "csv") == f"far-east-atlas-{version}-csv.zip"
    assert data_filename(atlas, "lpf", View()) == f"far-east-atlas-{version}-view-lpf.json"
    names = [data_filename(atlas, kind) for kind in FORMATS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.geojson", "geojson"),
        ("a.GPKG", "gpkg"),
        ("a.kml", "kml"),
        ("a.kmz", "kmz"),
        ("a.tsv", "lp-tsv"),
        ("a.json", "lpf"),
        ("a.jsonld", "annotations"),
        ("a.zip", "all"),
        (".", "all"),
    ],
)
def test_a_file_name_tells_the_format(name, kind):
    assert guess_format(Path(name)) == kind


@pytest.mark.parametrize("name", ["a.shp", "a", "a.csv"])
def test_a_name_that_tells_no_format_is_refused(name):
    with pytest.raises(ExportError, match="add --format with geojson, gpkg, kml"):
        guess_format(Path(name))


def test_an_unknown_format_is_refused(atlas, tmp_path):
    with pytest.raises(ExportError, match="there is no format 'shp'; the formats are geojson, gpkg"):
        write_data(atlas, tmp_path / "a.shp", "shp")
    assert list(tmp_path.iterdir()) == []


def test_kml_to_a_file_named_kmz_is_packed(atlas, tmp_path):
    assert zipfile.is_zipfile(write_data(atlas, tmp_path / "a.kmz", "kml", View(layers=("places",))))


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "annotations"])
def test_a_view_without_records_is_refused(atlas, tmp_path, kind):
    with pytest.raises(ExportError, match=r"shows no layer that holds records"):
        write_data(atlas, tmp_path / "a", kind, View(layers=("relief",)))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_when_told(atlas, tmp_path):
    target = tmp_path / "a.tsv"
    target.write_bytes(b"old")
    with pytest.raises(ExportError, match=r"is there already; name another file, or add --overwrite"):
        write_data(atlas, target, "lp-tsv")
    assert target.read_bytes() == b"old"
    write_data(atlas, target, "lp-tsv", overwrite=True)
    assert target.read_bytes() == data_file(atlas, "lp-tsv")


def test_a_file_in_a_folder_is_not_replaced_either(atlas, tmp_path):
    made = write_data(atlas, tmp_path, "lp-tsv")
    with pytest.raises(ExportError, match="is there already"):
        write_data(atlas, tmp_path, "lp-tsv")
    assert write_data(atlas, tmp_path, "lp-tsv", overwrite=True) == made


def test_a_folder_that_is_not_there_is_refused(atlas, tmp_path):
    with pytest.raises(ExportError, match=r"the folder .*nowhere does not exist; create it first"):
        write_data(atlas, tmp_path / "nowhere" / "a.tsv", "lp-tsv")


def test_a_folder_closed_to_writing_is_refused(atlas, closed_folder):
    with pytest.raises(ExportError, match="Permission denied"):
        write_data(atlas, closed_folder / "a.tsv", "lp-tsv")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("fault", [FULL, KeyboardInterrupt()])
def test_a_full_disk_or_an_interruption_leaves_the_old_file(atlas, tmp_path, monkeypatch, kind, fault):
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def fail(_handle):
        raise fault

    monkeypatch.setattr(os, "fsync", fail)
    monkeypatch.setattr(geo.exports, "data_file", lambda *_args: b"new")
    with pytest.raises((ExportError, KeyboardInterrupt)):
        write_data(atlas, target, kind, overwrite=True)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_no_room_for_the_temporary_file_is_said_in_a_sentence(atlas, monkeypatch):
    def fail(*_args, **_options):
        raise FULL

    monkeypatch.setattr("geo.exports.geopackage.TemporaryDirectory", fail)
    with pytest.raises(ExportError, match=r"the GeoPackage cannot be made \(.*No space left on device\)"):
        data_file(atlas, "gpkg")


LIMITED = """
import resource, signal, sys, tempfile
from pathlib import Path
from geo.errors import ExportError
from geo.exports import write_data
from geo.reading import load_atlas
tempfile.tempdir = sys.argv[2]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
atlas = load_atlas()
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_data(atlas, Path(sys.argv[1]), "gpkg", overwrite=True)
except ExportError as error:
    print(error)
    sys.exit(2)
"""


def test_a_disk_that_fills_up_while_gdal_writes_leaves_the_old_file_and_no_other(tmp_path):
    (tmp_path / "a.gpkg").write_bytes(b"old")
    (tmp_path / "rest").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "a.gpkg"), str(tmp_path / "rest")],
        cwd=DATA_DIR.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert "the GeoPackage cannot be made" in run.stdout
    assert (tmp_path / "a.gpkg").read_bytes() == b"old"
    assert list((tmp_path / "rest").iterdir()) == []


def test_an_extract_without_a_layer_makes_no_geopackage(atlas):
    with pytest.raises(ExportError, match="a GeoPackage needs one"):
        write_geopackage(take_extract(atlas, View(layers=())))
