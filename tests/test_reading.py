from __future__ import annotations

import json
import random
import shutil
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.reading import DATA_DIR, TELLINGS, load_atlas
from tests.editing import problems_of

RECORDS = (
    "places.csv",
    "names.csv",
    "sites.csv",
    "acts.csv",
    "polities.csv",
    "holdings.csv",
    "quoted_areas.csv",
    "account/claims.csv",
    *(f"account/claims.{tag}.csv" for tag in TELLINGS),
    "linking/furniture.csv",
    "linking/phrases.csv",
    "linking/cues.csv",
    "linking/endings.csv",
)
COLLECTIONS = (
    "areas.geojson",
    "lines.geojson",
    "readings.geojson",
    *(f"basemap/{name}.geojson" for name in ("lakes", "rivers", "borders", "labels")),
)
MARKS = ("account/annotations.json", *(f"account/annotations.{tag}.json" for tag in TELLINGS))
JSONS = (*COLLECTIONS, "sources.json", "basemap/relief.json", "tour.json", *MARKS)
OTHERS = (
    *("basemap/relief.avif", "account/account.md"),
    *(f"account/account.{tag}.md" for tag in TELLINGS),
    *(f"translations/{tag}.po" for tag in TELLINGS),
)
FILES = (*RECORDS, *JSONS, *OTHERS)


def only(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_the_data_of_the_atlas_have_no_fault(atlas):
    assert len(atlas.gazetteer.places) == 8
    assert [place.number for place in atlas.gazetteer.places] == list(range(1, 9))
    assert atlas.version


def test_every_file_of_the_data_is_tried_below():
    made = ("build/", "README.md", "datapackage.json")
    names = {path.relative_to(DATA_DIR).as_posix() for path in DATA_DIR.rglob("*") if path.is_file()}
    assert {name for name in names if not name.startswith(made)} == set(FILES)


def test_loading_twice_gives_the_same_digest_and_any_change_another(atlas, editor):
    assert load_atlas().digest == atlas.digest
    editor.text("acts.csv", "Treaty of Nerchinsk", "Treaty at Nerchinsk")
    editor.seal()
    assert load_atlas(editor.folder).digest != atlas.digest


# Files


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_the_one_problem_reported(editor, file):
    (editor.folder / file).unlink()
    problem = only(editor.problems())
    assert problem == (file, "", "", "the file is missing; restore it from the repository")


@pytest.mark.parametrize("file", ["acts.csv", "areas.geojson", "account/account.md", "basemap/relief.avif"])
def test_a_folder_in_place_of_a_file_is_reported(editor, file):
    (editor.folder / file).unlink()
    (editor.folder / file).mkdir()
    problem = only(editor.problems())
    assert problem[:3] == (file, "", "")
    assert "cannot be read (Is a directory)" in problem.message


@pytest.mark.parametrize("file", ["account/account.md", "acts.csv", "basemap/rivers.geojson", "sources.json"])
def test_a_file_other_than_the_manifest_lists_is_reported(editor, file):
    editor.content(file, lambda content: content + b"\n")
    assert (file, "", "") in [problem[:3] for problem in problems_of(editor.folder)]
    assert any(
        "not the one datapackage.json lists" in problem.message for problem in problems_of(editor.folder)
    )


@pytest.mark.parametrize("file", ["areas.geojson", "sources.json", "datapackage.json"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this is no JSON"),
        (b'{"a":', "is the file cut short?"),
        (b"[" * 100_000, "this is no JSON"),
        (b'{"a":' * 100_000, "this is no JSON"),
        (b"[NaN]", "NaN is no number that JSON knows"),
        (b"[-Infinity]", "-Infinity is no number that JSON knows"),
        (b"[1" + b"0" * 5000 + b"]", "this is no JSON"),
        (b'{"a":1,"a":2}', "'a' stands twice in one object"),
        (b'["\xff"]', "byte 2 is not UTF-8; save the file as UTF-8"),
        (b'["\0"]', "there is a NUL in it; the file is damaged"),
        (b"null", "found null where records should be"),
    ],
)
def test_what_is_no_json_is_the_one_problem_of_its_file(data_copy, file, content, message):
    (data_copy / file).write_bytes(content)
    problems = [problem for problem in problems_of(data_copy) if "lists" not in problem.message]
    problem = only(problems)
    assert problem[:3] == (file, "", "")
    assert message in problem.message
    assert len(problem.message) < 200


WRONG_KINDS = (
    "0",
    "true",
    '"text"',
    "1e999",
    "[]",
    "{}",
    "[[]]",
    "[0, null, [], {}]",
    "[" * 900 + "]" * 900,
    '{"features": 5}',
    '{"features": [null, 5, [], "x", {}, {"properties": null}, {"properties": {"id": 5}}]}',
    '{"type": "AnnotationPage", "items": [null, 5, {}, {"id": []}, {"id": "a1", "body": 5}]}',
    '{"type": "AnnotationPage", "items": {}}',
    '[{"id": "\\ud800", "\\ud800": "\\ud800"}]',
    '{"version": [], "resources": [{"path": [], "hash": 5}]}',
    '{"version": "1", "resources": [{"path": "../../x", "hash": ""}, {"path": "/dev/zero", "hash": ""}]}',
    '{"version": "1", "resources": [{"path": "a\\u0000b", "hash": ""}, {"path": "build", "hash": ""}]}',
    '{"features": [{"properties": {"id": "\\ud800\\u001b", "\\ud800": 1}, "geometry": {"type": "\\ud800"}}]}',
)


@pytest.mark.parametrize(
    "content", WRONG_KINDS, ids=lambda text: text[:40].encode("ascii", "replace").decode()
)
def test_json_of_another_shape_is_reported_for_each_file_and_can_be_printed(data_copy, content):
    for file in JSONS:
        (data_copy / file).write_text(content, "utf-8")
    problems = problems_of(data_copy)
    of_another_shape = set(JSONS) - ({"sources.json"} if content == "[]" else set())
    assert {problem.file for problem in problems if "lists" not in problem.message} >= of_another_shape
    assert_printable(problems)


@pytest.mark.parametrize(
    "content", WRONG_KINDS, ids=lambda text: text[:40].encode("ascii", "replace").decode()
)
def test_a_manifest_of_another_shape_is_reported_and_can_be_printed(data_copy, content):
    (data_copy / "datapackage.json").write_text(content, "utf-8")
    problems = problems_of(data_copy)
    assert problems
    assert_printable(problems)


def assert_printable(problems):
    for problem in problems:
        assert str(problem).encode("utf-8").decode().isprintable()
        assert len(problem.record) <= 500
        assert len(problem.message) < 400


@pytest.mark.parametrize("file", ["places.csv", "linking/furniture.csv"])
@pytest.mark.parametrize(
    ("change", "record", "message"),
    [
        (lambda content: b"\xff" + content, "", "byte 0 is not UTF-8"),
        (lambda content: content + b"\0", "", "there is a NUL in it"),
        (lambda content: content + b'"open', "", "is a quotation mark left open?"),
        (lambda content: content.replace(b",", b";"), "line 1", "missing columns: "),
        (lambda _: b"", "line 1", "missing columns: "),
        (lambda content: b"x," + content, "line 1", "unknown columns: x"),
        (lambda content: content.replace(b"\n", b",note\n", 1), "line 1", "columns"),
        (lambda content: content + b"only-one-cell\n", None, "the row does not have"),
        (lambda content: content + b"," * 40 + b"\n", None, "the row does not have"),
        (lambda content: content + b'"' + b"x" * 200_000 + b'"\n', "", "field larger than field limit"),
    ],
    ids=[
        "not-utf8",
        "nul",
        "open-quote",
        "semicolons",
        "empty",
        "extra-column",
        "twin-column",
        "short-row",
        "long-row",
        "endless-cell",
    ],
)
def test_what_is_no_such_table_is_the_one_problem_of_its_file(editor, file, change, record, message):
    editor.content(file, change)
    problem = only(editor.problems())
    assert problem.file == file
    assert message in problem.message
    assert record is None or problem.record == record


def test_a_column_left_out_is_named(editor):
    editor.content("acts.csv", lambda content: content.replace(b"certainty", b"sureness", 1))
    assert only(editor.problems()) == (
        "acts.csv",
        "line 1",
        "",
        "missing columns: certainty; unknown columns: sureness",
    )


def test_a_column_that_stands_twice_is_named(editor):
    editor.content("acts.csv", lambda content: b"\n".join(line + b",note" for line in content.splitlines()))
    assert "unknown columns: note" in only(editor.problems()).message
    editor.content("acts.csv", lambda content: content.replace(b",note", b",kind"))
    assert only(editor.problems()).message == "columns that stand twice: kind"


@pytest.mark.parametrize("file", ["acts.csv", "areas.geojson"])
def test_a_byte_order_mark_that_a_spreadsheet_writes_does_no_harm(editor, file):
    editor.content(file, lambda content: b"\xef\xbb\xbf" + content)
    assert editor.problems() == ()


def test_a_table_with_windows_line_ends_and_blank_lines_reads_the_same(editor, atlas):
    editor.content("acts.csv", lambda content: content.replace(b"\n", b"\r\n") + b"\r\n\r\n")
    editor.seal()
    assert load_atlas(editor.folder).acts == atlas.acts


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content[:-1000], "the picture is cut short"),
        (lambda content: content[:5], "this is no AVIF picture"),
        (lambda _: b"", "this is no AVIF picture"),
        (lambda content: b"\x89PNG\r\n\x1a\n" + content, "this is no AVIF picture"),
    ],
)
def test_a_picture_that_is_not_whole_is_reported(editor, change, message):
    editor.content("basemap/relief.avif", change)
    problem = only(editor.problems())
    assert problem[:3] == ("basemap/relief.avif", "", "")
    assert message in problem.message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: b"", "holds no text"),
        (lambda _: b"\x00\x01\x02", "binary"),
        (lambda content: b"\xff" + content, "not in UTF-8"),
    ],
)
def test_an_account_that_is_no_text_is_the_one_problem_and_its_claims_are_not(editor, change, message):
    editor.content("account/account.md", change)
    problem = only(editor.problems())
    assert problem[:3] == ("account/account.md", "", "")
    assert message in problem.message


def test_no_folder_at_all_is_as_many_problems_as_files(tmp_path):
    problems = problems_of(tmp_path / "nowhere")
    missing = {problem.file for problem in problems if problem.message.startswith("the file is missing")}
    assert missing == {*FILES, "datapackage.json"}
    assert len(problems) == len(missing)


# The manifest


def test_a_missing_manifest_is_the_one_problem(data_copy):
    (data_copy / "datapackage.json").unlink()
    assert only(problems_of(data_copy))[:3] == ("datapackage.json", "", "")


@pytest.mark.parametrize("part", ["version", "resources"])
def test_a_manifest_without_version_or_resources_is_the_one_problem(editor, part):
    package = json.loads((editor.folder / "datapackage.json").read_text("utf-8"))
    del package[part]
    (editor.folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    problem = only(problems_of(editor.folder))
    assert problem[:3] == ("datapackage.json", "", "")
    assert "found no version" in problem.message


def test_a_file_that_the_manifest_does_not_list_is_reported(editor):
    editor.json("datapackage.json", lambda raw: raw["resources"].remove(raw["resources"][0]))
    assert "not the one datapackage.json lists" in only(problems_of(editor.folder)).message


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd"])
def test_a_file_outside_the_data_is_not_opened(editor, path):
    editor.json("datapackage.json", lambda raw: raw["resources"].append({"path": path, "hash": "sha256:"}))
    assert only(problems_of(editor.folder))[:3] == ("datapackage.json", path, "path")


def test_a_file_that_only_the_manifest_names_must_be_there(editor):
    editor.json(
        "datapackage.json", lambda raw: raw["resources"].append({"path": "lost.csv", "hash": "sha256:"})
    )
    assert only(problems_of(editor.folder)).file == "lost.csv"


# Records: file, name of the record, what is done to it, and where it is reported, with which words


@pytest.mark.parametrize(
    ("file", "name", "cells", "field", "message"),
    [
        ("places.csv", "vladivostok", {"number": "9"}, "number", "less than or equal to 8"),
        ("places.csv", "vladivostok", {"number": "0"}, "number", "greater than or equal to 1"),
        ("places.csv", "vladivostok", {"number": "one"}, "number", "valid integer"),
        ("places.csv", "vladivostok", {"kind": "city"}, "kind", "'town', 'island' or 'range' (found 'city')"),
        (
            "places.csv",
            "vladivostok",
            {"lon": "43.1", "lat": "131.87"},
            "lat",
            "less than or equal to 90 (found '131.87')",
        ),
        ("places.csv", "vladivostok", {"lon": "181"}, "lon", "less than or equal to 180"),
        ("places.csv", "vladivostok", {"lat": "nan"}, "lat", "finite number"),
        ("places.csv", "vladivostok", {"lat": "inf"}, "lat", "finite number"),
        ("places.csv", "vladivostok", {"lat": ""}, "lat", "valid number"),
        ("places.csv", "vladivostok", {"founded": "July 1860"}, "founded", "'July 1860' is no date"),
        ("places.csv", "vladivostok", {"founded": "1860/1859"}, "founded", "ends before it starts"),
        (
            "places.csv",
            "vladivostok",
            {"population_2021": "-5"},
            "population_2021",
            "greater than or equal to 0",
        ),
        ("places.csv", "vladivostok", {"population_2021": "many"}, "population_2021", "valid integer"),
        (
            "places.csv",
            "vladivostok",
            {"population_citations": "a[b"},
            "population_citations",
            "'a[b' is no citation",
        ),
        ("places.csv", "vladivostok", {"geonames": "x1"}, "geonames", "pattern"),
        ("places.csv", "vladivostok", {"wikidata": "959"}, "wikidata", "pattern"),
        ("places.csv", "vladivostok", {"act": ""}, "act", "pattern"),
        ("places.csv", "vladivostok", {"act_note": " "}, "act_note", "at least 1 character"),
        ("places.csv", "vladivostok", {"certainty": "sure"}, "certainty", "(found 'sure')"),
        ("places.csv", "vladivostok", {"certainty": ""}, "certainty", "'certain', 'reported'"),
        ("places.csv", "vladivostok", {"citations": ""}, "citations", "no citation; name a source"),
        ("places.csv", "vladivostok", {"features": "Sakhalin_North"}, "features.0", "pattern"),
        ("names.csv", "vladivostok", {"form": ""}, "form", "at least 1 character"),
        ("names.csv", "vladivostok", {"lang": "english!"}, "lang", "pattern"),
        ("names.csv", "vladivostok", {"kind": "nickname"}, "kind", "'official', 'bracketed'"),
        ("names.csv", "vladivostok", {"dates": "since 1860"}, "dates", "'since 1860' is no date"),
        ("names.csv", "vladivostok", {"citations": "Some book"}, "citations", "'Some book' is no citation"),
        ("acts.csv", "aigun-1858", {"kind": "pact"}, "kind", "'treaty', 'protocol'"),
        ("acts.csv", "aigun-1858", {"date": "28.5.1858"}, "date", "'28.5.1858' is no date"),
        ("acts.csv", "aigun-1858", {"julian": "16 May"}, "julian", "pattern"),
        ("acts.csv", "aigun-1858", {"name_en": ""}, "name_en", "at least 1 character"),
        ("acts.csv", "aigun-1858", {"summary": ""}, "summary", "at least 1 character"),
        ("acts.csv", "aigun-1858", {"certainty": "Certain"}, "certainty", "(found 'Certain')"),
        ("sites.csv", "albazin", {"kind": "town"}, "kind", "'post', 'mark', 'island' or 'fort'"),
        ("sites.csv", "albazin", {"lon": "53.4", "lat": "124.1"}, "lat", "less than or equal to 90"),
        ("sites.csv", "albazin", {"lat": "nan"}, "lat", "finite number"),
        ("sites.csv", "albazin", {"name_ru": ""}, "name_ru", "at least 1 character"),
        ("sites.csv", "albazin", {"dates": "1689/1665"}, "dates", "ends before it starts"),
        ("polities.csv", "qing", {"family": "mars"}, "family", "'russia', 'china'"),
        ("polities.csv", "qing", {"name_zh_hant": " "}, "name_zh_hant", "at least 1 character"),
        ("polities.csv", "qing", {"dates": "1636-1912"}, "dates", "'1636-1912' is no date"),
        ("polities.csv", "qing", {"citations": ""}, "citations", "no citation; name a source"),
        ("holdings.csv", "russia-1689", {"from": "1689-09"}, "from", "'1689-09' is no day; write it as in"),
        ("holdings.csv", "russia-1689", {"from": "1700-02-30"}, "from", "'1700-02-30' is no day"),
        ("holdings.csv", "russia-1689", {"from": ".."}, "from", "'..' is no day"),
        ("holdings.csv", "russia-1689", {"from": "1689-09-06T00:00"}, "from", "is no day"),
        ("holdings.csv", "russia-1689", {"to": "today"}, "to", "'today' is no day"),
        ("holdings.csv", "russia-1689", {"to": ""}, "to", "'' is no day"),
        ("holdings.csv", "russia-1689", {"status": "owned"}, "status", "'held', 'common'"),
        ("holdings.csv", "russia-1689", {"holders": "Tsardom"}, "holders.0", "pattern"),
        ("holdings.csv", "russia-1689", {"claimants": "qing;"}, "claimants.0", "pattern"),
        ("holdings.csv", "russia-1689", {"area": ""}, "area", "pattern"),
        ("holdings.csv", "russia-1689", {"act": "No Act"}, "act", "pattern"),
        ("holdings.csv", "russia-1689", {"certainty": ""}, "certainty", "'certain', 'reported'"),
        ("quoted_areas.csv", "aigun-zgbk", {"km2": "0"}, "km2", "greater than 0"),
        ("quoted_areas.csv", "aigun-zgbk", {"km2": "600,000"}, "km2", "valid integer"),
        ("quoted_areas.csv", "aigun-zgbk", {"bound": "roughly"}, "bound", "'about', 'over' or 'exact'"),
        ("quoted_areas.csv", "aigun-zgbk", {"compare": ""}, "compare", "at least 1 item"),
        ("quoted_areas.csv", "aigun-zgbk", {"sakhalin": "maybe"}, "sakhalin", "'included', 'excluded'"),
        (
            "linking/phrases.csv",
            "treaty-of-aigun",
            {"confidence": "2"},
            "confidence",
            "less than or equal to 1",
        ),
        ("linking/phrases.csv", "treaty-of-aigun", {"type": "war"}, "type", "'place', 'area'"),
    ],
)
def test_a_cell_that_says_nothing_of_use_is_the_one_problem(editor, file, name, cells, field, message):
    editor.row(file, name, **cells)
    problem = only(editor.problems())
    assert (problem.file, problem.field) == (file, field)
    assert problem.record == ("line 2" if file in ("names.csv", "holdings.csv") else name)
    assert message in problem.message


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("acts.csv", "aigun-1858"),
        ("linking/phrases.csv", "treaty-of-aigun"),
        ("polities.csv", "qing"),
        ("quoted_areas.csv", "aigun-zgbk"),
        ("sites.csv", "albazin"),
    ],
)
def test_an_id_that_two_rows_have_is_the_one_problem(editor, file, name):
    text = (editor.folder / file).read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith(f"{name},"))
    (editor.folder / file).write_text(f"{text}{row}\n", "utf-8")
    assert only(editor.problems()) == (file, name, "id", "2 records have this id; give each its own")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("lines.geojson", "stanovoy-crest"),
        ("basemap/lakes.geojson", "khanka"),
        ("basemap/rivers.geojson", "amur"),
    ],
)
def test_an_id_that_two_features_have_is_the_one_problem(editor, file, name):
    def copy(raw):
        raw["features"].append(next(f for f in raw["features"] if f["properties"]["id"] == name))

    editor.json(file, copy)
    assert only(editor.problems()) == (file, name, "id", "2 records have this id; give each its own")


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        (lambda source: source.pop("title"), "title", "Field required"),
        (lambda source: source.update(title=""), "title", "at least 1 character"),
        (lambda source: source.update(title=5), "title", "valid string"),
        (lambda source: source.update(issued=1860), "issued", "(found 1860)"),
        (lambda source: source.update(issued={"date-parts": 1860}), "issued.date-parts", "(found 1860)"),
        (lambda source: source.update(author="Frank"), "author", "(found 'Frank')"),
        (lambda source: source.update(author=[{"name": "Frank"}]), "author.0.name", "not permitted"),
        (lambda source: source.update(URL="javascript:alert(1)"), "URL", "pattern"),
    ],
)
def test_a_source_at_fault_is_the_one_problem_and_its_citations_are_not(editor, change, field, message):
    editor.source("frank-1947", change)
    problem = only(editor.problems())
    assert problem[:3] == ("sources.json", "frank-1947", field)
    assert message in problem.message


# Features


@pytest.mark.parametrize("file", ["areas.geojson", "basemap/labels.geojson", "readings.geojson"])
@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        (lambda f: f.update(geometry=None), "geometry", "found none; draw one"),
        (lambda f: f.pop("geometry"), "geometry", "found none; draw one"),
        (lambda f: f.update(geometry=5), "geometry", "this is no GeoJSON geometry"),
        (lambda f: f["geometry"].update(coordinates=[]), "geometry", "without coordinates"),
        (lambda f: f["geometry"].update(coordinates=None), "geometry", "this is no GeoJSON geometry"),
        (lambda f: f["geometry"].update(coordinates={"a": 1}), "geometry", "this is no GeoJSON geometry"),
        (lambda f: f["geometry"].update(coordinates="131 43"), "geometry", "this is no GeoJSON geometry"),
        (lambda f: f["geometry"].update(type="Circle"), "geometry", "this is no GeoJSON geometry (Unknown"),
        (
            lambda f: f.update(geometry={"type": "MultiPoint", "coordinates": [[131, 43]]}),
            "geometry",
            "found a MultiPoint, which this file does not hold",
        ),
        (lambda f: f["properties"].update(certainty="sure"), "certainty", "(found 'sure')"),
        (lambda f: f["properties"].update(citations=""), "citations", "no citation; name a source"),
        (lambda f: f["properties"].update(citations=["geonames"]), "citations", "no citation; name a source"),
        (lambda f: f["properties"].update(colour="red"), "colour", "not permitted (found 'red')"),
        (lambda f: f["properties"].pop("certainty"), "certainty", "Field required"),
        (lambda f: f["properties"].update(names={"en": "One"}), "names.ru", "Field required"),
        (lambda f: f["properties"].update(names=5), "names", "(found 5)"),
    ],
)
def test_a_feature_at_fault_is_named_with_the_field(editor, file, change, field, message):
    name = json.loads((editor.folder / file).read_text("utf-8"))["features"][1]["properties"]["id"]
    editor.feature(file, name, change)
    problems = editor.problems()
    assert {problem[:2] for problem in problems} == {(file, name)}
    assert message in next(problem.message for problem in problems if problem.field == field)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        (lambda f: f["properties"].update(side="usa"), "side", "'russia', 'china', 'japan' or 'none'"),
        (lambda f: f["properties"].update(drawn="perhaps"), "drawn", "valid boolean"),
        (lambda f: f["properties"].update(says=""), "says", "at least 1 character"),
        (lambda f: f["properties"].update(held_by=" "), "held_by", "at least 1 character"),
        (lambda f: f["properties"].update(question="Which one?"), "question", "pattern"),
    ],
)
def test_a_reading_at_fault_is_the_one_problem(editor, change, field, message):
    features = json.loads((editor.folder / "readings.geojson").read_text("utf-8"))["features"]
    name = next(f["properties"]["id"] for f in features if f["properties"]["drawn"])
    editor.feature("readings.geojson", name, change)
    problem = only(editor.problems())
    assert problem[:3] == ("readings.geojson", name, field)
    assert message in problem.message


@pytest.mark.parametrize("file", COLLECTIONS)
def test_features_without_properties_are_named_by_their_number(editor, file):
    editor.json(
        file, lambda raw: raw["features"].append({"type": "Feature", "properties": None, "geometry": None})
    )
    count = len(json.loads((editor.folder / file).read_text("utf-8"))["features"])
    assert only(editor.problems()) == (file, f"record {count}", "properties", "a feature needs properties")


def rings_of(feature):
    """Return the rings of the first polygon."""
    parts = feature["geometry"]["coordinates"]
    return parts if feature["geometry"]["type"] == "Polygon" else parts[0]


def cross(feature):
    rings_of(feature)[0] = [[120, 50], [121, 51], [121, 50], [120, 51], [120, 50]]


def swap(feature):
    feature["geometry"]["coordinates"] = turned(feature["geometry"]["coordinates"])


def turned(value):
    return value[::-1] if isinstance(value[0], float | int) else [turned(part) for part in value]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (cross, "the outline is not valid: Self-intersection"),
        (swap, "off the globe; are longitude and latitude swapped?"),
        (lambda feature: rings_of(feature)[0][3].append(100.0), "found heights"),
        (lambda feature: rings_of(feature)[0].pop(), "form a closed linestring"),
        (lambda feature: rings_of(feature)[0][3].pop(), "two or three coordinates"),
        (lambda feature: rings_of(feature)[0].__setitem__(3, ["x", "y"]), "must be number"),
    ],
    ids=["self-crossing", "swapped", "with-height", "open-ring", "half-corner", "words"],
)
@pytest.mark.parametrize("file", ["areas.geojson", "basemap/lakes.geojson"])
def test_an_outline_that_is_none_is_the_one_problem(editor, file, change, message):
    name = {"areas.geojson": "ussuri-coast", "basemap/lakes.geojson": "khanka"}[file]
    editor.feature(file, name, change)
    problem = only(editor.problems())
    assert problem[:3] == (file, name, "geometry")
    assert message in problem.message
    assert len(problem.message) < 250


def test_a_label_along_several_lines_is_refused(editor):
    def split(feature):
        feature["geometry"] = {
            "type": "MultiLineString",
            "coordinates": [[[120, 50], [121, 50]], [[122, 50], [123, 50]]],
        }

    editor.feature("basemap/labels.geojson", "range-changbai", split)
    assert "found a MultiLineString" in only(editor.problems()).message


def test_another_coordinate_system_is_refused(editor):
    editor.json(
        "areas.geojson", lambda raw: raw.update(crs={"type": "name", "properties": {"name": "EPSG:3857"}})
    )
    problem = only(editor.problems())
    assert problem[:3] == ("areas.geojson", "", "crs")
    assert "OGC:CRS84" in problem.message


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda frame: frame.update(width=0), "width"),
        (lambda frame: frame.update(height="tall"), "height"),
        (lambda frame: frame.update(bounds=[105, 39, 149]), "bounds.3"),
        (lambda frame: frame.update(bounds=[105, 139, 149, 60]), "bounds.1"),
        (lambda frame: frame.pop("citations"), "citations"),
    ],
)
def test_a_frame_of_the_relief_at_fault_is_the_one_problem(editor, change, field):
    editor.json("basemap/relief.json", change)
    assert only(editor.problems())[:3] == ("basemap/relief.json", "", field)


def test_all_problems_are_reported_at_once(editor):
    (editor.folder / "basemap/relief.avif").unlink()
    (editor.folder / "basemap/lakes.geojson").write_text("{", "utf-8")
    editor.row("places.csv", "vladivostok", number="9", certainty="sure")
    editor.row("places.csv", "khabarovsk", act="no-such-act")
    editor.row("acts.csv", "aigun-1858", citations="no-such-source")
    editor.row("acts.csv", "kyakhta-1727", date="soon")
    editor.source("frank-1947", lambda source: source.update(title=""))
    editor.feature("areas.geojson", "ussuri-coast", cross)
    editor.feature("areas.geojson", "ussuri-coast", lambda f: f["properties"].update(basis=""))
    editor.feature("lines.geojson", "stanovoy-crest", lambda f: f["properties"].update(act="another-act"))
    editor.json("account/annotations.json", lambda raw: raw["items"][0].update(motivation="guessing"))
    assert sorted(problem[:3] for problem in editor.problems()) == sorted(
        [
            ("basemap/relief.avif", "", ""),
            ("basemap/lakes.geojson", "", ""),
            ("places.csv", "vladivostok", "number"),
            ("places.csv", "vladivostok", "certainty"),
            ("places.csv", "khabarovsk", "act"),
            ("acts.csv", "aigun-1858", "citations"),
            ("acts.csv", "kyakhta-1727", "date"),
            ("sources.json", "frank-1947", "title"),
            ("areas.geojson", "ussuri-coast", "geometry"),
            ("areas.geojson", "ussuri-coast", "basis"),
            ("lines.geojson", "stanovoy-crest", "act"),
            ("account/annotations.json", "a1", "motivation"),
        ]
    )


# Damage by chance


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> Path:
    copy = tmp_path_factory.mktemp("spoilt") / "data"
    shutil.copytree(DATA_DIR, copy, ignore=shutil.ignore_patterns("build", "__pycache__"))
    return copy


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from([*FILES, "datapackage.json"]),
    seed=st.integers(0, 2**32),
    cut=st.booleans(),
    flips=st.integers(1, 4),
)
def test_whatever_happens_to_a_file_nothing_but_problems_comes_of_it(spoilt, file, seed, cut, flips):
    whole = (DATA_DIR / file).read_bytes()
    chance = random.Random(seed)
    content = bytearray(whole)
    if cut:
        del content[chance.randrange(len(content)) :]
    else:
        for _ in range(flips):
            content[chance.randrange(len(content))] = chance.randrange(256)
    problems = problems_with(spoilt, file, bytes(content))
    assert problems or content == whole or file == "datapackage.json"
    assert all(problem.file and problem.message for problem in problems)


def problems_with(folder, file, content):
    """Return the problems of a folder while one of its files has another content."""
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(content)
    try:
        return problems_of(folder)
    finally:
        (folder / file).write_bytes(whole)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from([*JSONS, "datapackage.json"]), seed=st.integers(0, 2**32), value=JSON_VALUES)
def test_any_value_anywhere_in_a_json_file_is_taken_or_reported(spoilt, file, seed, value):
    raw = json.loads((DATA_DIR / file).read_bytes())
    chance = random.Random(seed)
    spot = raw
    while True:
        key = chance.choice(list(spot) if isinstance(spot, dict) else range(len(spot)))
        if not isinstance(spot[key], dict | list) or not spot[key] or chance.random() < 0.15:
            break
        spot = itemgetter(key)(spot)
    spot[key] = value
    problems = problems_with(spoilt, file, json.dumps(raw).encode())
    assert problems or file == "datapackage.json"
