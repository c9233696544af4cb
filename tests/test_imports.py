"""A reader's gazetteer: what is read, what is refused and how, and that our own exports come back."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.exports import data_file
from geo.imports import MAX_BYTES, OwnGazetteer, OwnPlace, describe, parse_gazetteer, read_gazetteer
from geo.imports.shapes import MAX_CORNERS, MAX_VERTICES
from geo.imports.values import MAX_PLACES, canonical_lang
from geo.linker import LinkName

TABLE = """\
name,lat,lon,id,lang,name_ru,name_zh_hans,variants,kind,start,end,note,url,source,licence,wikidata
Posyet,42.6547,130.8083,po,en,Посьет,,Novgorod harbour|Посьетъ@ru,harbour,1860,1936,"Bay, ""old"" post",\
https://example.org/p,Notes,CC0,
 Nakhodka ,+42.8239,1.328928e2,,en,Находка,纳霍德卡,,port,1950-05-18,,,,Notes,CC0,Q4500

Harbin,45.8,126.53,h,en,,,,,,1945~,,,Survey,CC0,
"""
SHAPES = {
    "type": "FeatureCollection",
    "title": "Roads",
    "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    "metadata": {"licence": "CC BY 4.0", "attribution": "Me"},
    "features": [
        {
            "type": "Feature",
            "id": 7,
            "properties": {"name": "Road", "name:ru": "Дорога", "name_local": "Rd", "start": 1890},
            "geometry": {"type": "LineString", "coordinates": [[131, 43, 12.5], [133, 45]]},
        },
        {
            "type": "Feature",
            "properties": {"title": "Reserve", "type": "park"},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[[[134, 44], [137, 44], [137, 47], [134, 44]]]],
            },
        },
        {"type": "Feature", "properties": {"name": "Somewhere"}, "geometry": None},
    ],
}
LINKED = {
    "type": "FeatureCollection",
    "@context": "https://example.org/linkedplaces-context.jsonld",
    "features": [
        {
            "@id": "https://example.org/place/1",
            "type": "Feature",
            "properties": {"title": "Aigun"},
            "when": {
                "timespans": [
                    {"start": {"earliest": "1683", "latest": "1685"}, "end": {"in": "1858"}},
                    {"start": {"in": "1870"}},
                ]
            },
            "names": [{"toponym": "瑷珲", "lang": "zh-hans"}, {"toponym": "Aigun", "lang": "en"}],
            "types": [{"label": "fort"}],
            "links": [
                {"type": "closeMatch", "identifier": "https://www.wikidata.org/entity/Q11"},
                {"type": "closeMatch", "identifier": "gn:5"},
                {"type": "seeAlso", "identifier": "tgn:9"},
            ],
            "descriptions": [{"value": "A town.", "lang": "en"}],
            "geometry": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": [127.5, 49.98]},
                    {"type": "MultiPoint", "coordinates": [[127.6, 50]]},
                ],
                "citations": [{"label": "Qing map"}],
            },
        }
    ],
}


def table(*rows: str, header: str = "name,lat,lon") -> bytes:
    return "\n".join((header, *rows)).encode()


def feature(geometry, **properties) -> bytes:
    one = {"type": "Feature", "properties": {"name": "A", **properties}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [one]}).encode()


def problems_of(content: bytes, name: str = "mine.csv") -> list[str]:
    with pytest.raises(DataError) as refused:
        parse_gazetteer(content, name)
    return [str(problem).removeprefix(name)[2:] for problem in refused.value.problems]


def test_a_table_is_read_with_all_its_columns():
    made = parse_gazetteer(TABLE.encode("utf-8-sig"), "My places.csv")
    assert (made.title, made.credit, made.licence) == ("My places", "Notes; Survey", "CC0")
    first, second, third = made.places
    assert first.id == "own-1"
    assert first.source_id == "po"
    assert first.names == (
        ("Posyet", "en"),
        ("Посьет", "ru"),
        ("Novgorod harbour", "und"),
        ("Посьетъ", "ru"),
    )
    assert (first.kind, first.note, first.url) == ("harbour", 'Bay, "old" post', "https://example.org/p")
    assert first.geometry == shapely.Point(130.8083, 42.6547)
    assert first.dates is not None
    assert (first.dates.start, first.dates.end) == (date(1860, 1, 1), date(1936, 12, 31))
    assert second.names == (("Nakhodka", "en"), ("Находка", "ru"), ("纳霍德卡", "zh-Hans"))
    assert second.geometry == shapely.Point(132.8928, 42.8239)
    assert second.matches == ("wd:Q4500",)
    assert second.dates is not None
    assert second.dates.label() == "since 18 May 1950"
    assert third.id == "own-3"
    assert third.dates is not None
    assert third.dates.label() == "until 1945 (about)"


def test_lp_tsv_is_read_with_outlines_and_with_places_that_have_no_position():
    rows = [
        "id\ttitle\tvariants\ttypes\tstart\tend\tmatches\tlon\tlat\tgeowkt\tdescription",
        'a\tFort "A"\tForte@it;F.@xx-none;Mail@home\tfort\t1800\t1850\tgn:12;wd:Q3\t131.5\t43.1\t\tOld',
        "b\tRoad\t\t\t\t\t\t\t\tMULTILINESTRING ((130 44, 131 45), (132 45, 133 46))\t",
        "c\tLost\t\t\t\t\t\t\t\t\t",
    ]
    with pytest.raises(DataError, match="row 2, variants: found the language 'xx-none'"):
        parse_gazetteer("\n".join(rows).encode(), "a.tsv")
    rows[1] = rows[1].replace(";F.@xx-none", "")
    fort, road, lost = parse_gazetteer("\n".join(rows).encode(), "a.tsv").places
    assert fort.names == (('Fort "A"', "und"), ("Forte", "it"), ("Mail@home", "und"))
    assert (fort.kind, fort.note, fort.matches) == ("fort", "Old", ("gn:12", "wd:Q3"))
    assert road.geometry == shapely.from_wkt("MULTILINESTRING ((130 44, 131 45), (132 45, 133 46))")
    assert lost.geometry is None


def test_geojson_is_read_with_its_names_and_its_licence():
    made = parse_gazetteer(json.dumps(SHAPES).encode(), "r.geojson")
    assert (made.title, made.credit, made.licence) == ("Roads", "Me", "CC BY 4.0")
    road, reserve, somewhere = made.places
    assert (road.source_id, road.names) == ("7", (("Road", "und"), ("Дорога", "ru")))
    assert road.geometry == shapely.LineString([(131, 43), (133, 45)])  # the height is left out
    assert road.dates is not None
    assert road.dates.edtf == "1890/.."
    assert (reserve.names, reserve.kind, reserve.shape) == ((("Reserve", "und"),), "park", "area")
    assert (somewhere.geometry, somewhere.shape) == (None, "")
    assert describe(made) == "3 places (1 line, 1 area), 1 without a position"


def test_linked_places_are_read_with_what_they_say_beyond_geojson():
    (aigun,) = parse_gazetteer(json.dumps(LINKED).encode(), "l.json").places
    assert aigun.names == (("Aigun", "en"), ("瑷珲", "zh-Hans"))
    assert (aigun.source_id, aigun.kind, aigun.note) == ("https://example.org/place/1", "fort", "A town.")
    assert aigun.source == "Qing map"
    assert aigun.matches == ("wd:Q11", "gn:5")
    assert aigun.geometry == shapely.MultiPoint([(127.5, 49.98), (127.6, 50)])
    assert aigun.dates is not None
    assert aigun.dates.edtf == "1683/1870"  # the last span has no end: during its start


@pytest.mark.parametrize("form", ["geojson", "lpf", "lp-tsv"])
def test_what_the_atlas_writes_is_read_back_whole(atlas, form):
    made = parse_gazetteer(data_file(atlas, form, None), f"atlas.{form}")
    found_as = {(place.names[0][0], place.shape): place for place in reversed(made.places)}
    for place in atlas.gazetteer.places:
        found = found_as[atlas.gazetteer.name(place.id, "en"), "point"]
        assert ("Владивосток", "ru") in found.names or place.id != "vladivostok"
        assert found.geometry == shapely.Point(place.lon, place.lat)
        assert found.matches == tuple(
            f"{short}:{number}"
            for short, number in (("gn", place.geonames), ("wd", place.wikidata))
            if number
        )
    for site in atlas.gazetteer.sites:
        assert found_as[site.name_en, "point"].geometry == shapely.Point(site.lon, site.lat)
        assert found_as[site.name_en, "point"].kind
    if form != "lp-tsv":
        for area in atlas.areas:
            region = found_as[area.names.en, "area"]
            assert region.geometry is not None
            assert region.geometry.equals(area.geometry)
            assert "zh-Hant" in {lang for _, lang in region.names}
    if form == "lpf":
        assert describe(made).endswith("23 without a position")  # the states
        assert made.licence == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "the file is empty; a row that names the columns comes first"),
        (b"PK\x03\x04....", "this is an Excel workbook, a KMZ or an archive; save it as CSV or GeoJSON"),
        (b"\xef\xbb\xbf <kml>", "this is XML, such as KML or GPX; save it as CSV or GeoJSON"),
        ("name,lat,lon\nЮ,1,2".encode("cp1251"), "byte 13 is not UTF-8; save the file as UTF-8"),
        (b"name,lat,lon\nA\0,1,2", "there is a NUL in it; save the file as text in UTF-8"),
        (b"x" * (MAX_BYTES + 1), "the file is larger than 5 MB; split it, or simplify its outlines"),
        (b"name;lat;lon\nA;1;2",
         "row 1: there is no column name, lat, lon, found 'name;lat;lon'; "
         "separate columns by commas"),
        (b"name,lon\nA,2", "row 1: there is no column lat, found 'name', 'lon'"),
        (b"name,lat,lon,title\nA,1,2,B",
         "row 1: the column 'name' stands twice, perhaps by another name; keep one"),
        (b"name,lat,lon,name_local\nA,1,2,B",
         "row 1, name_local: the column names no language; write name_ and a BCP 47 tag, as in name_zh_hans"),
        (b"name,lat,lon\n", "it holds no place; give it at least one"),
        (table("A,131,43"), "row 2: lat 131, lon 43: lat and lon seem swapped"),
        (table("A,43,200"), "row 2: lat 43, lon 200 is off the globe; degrees of WGS 84 would do"),
        (table('A,"43,1",131'), "row 2, lat: lat '43,1' is no number; write a point, as in 43.1"),
        (table("A,nan,131"), "row 2, lat: lat 'nan' is no number"),
        (table("A,43,inf"), "row 2, lon: lon 'inf' is no number"),
        (table("A,٤٣,131"), "row 2, lat: lat '٤٣' is no number"),
        (table("A,,131"), "row 2, lat: lat is blank"),
        (table(",43,131"), "row 2, name: the name is blank; every place needs one"),
        (table("\u200b,43,131"), "row 2, name: the name is blank; every place needs one"),
        (table("A,43"), "row 2: 2 cells where the header has 3; mind the commas"),
        (table("A,43,131,x"), "row 2: 4 cells where the header has 3; mind the commas"),
        (table('"A,43,131', "B,1,2"),
         "line 3: this is no table (unexpected end of data); is a quotation mark left open?"),
        (table("A" * 201 + ",43,131"), "row 2, name: it has 201 characters; at most 200 would do"),
        (table("A,43,131,jp", header="name,lat,lon,lang"),
         "row 2, name: found the language 'jp'; write a BCP 47 tag such as en, ru, zh-Hans or ja"),
        (table("A,43,131,31/12/1860", header="name,lat,lon,start"),
         "row 2, start: found the span '31/12/1860'; write one date"),
        (table("A,43,131,31.12.1860", header="name,lat,lon,start"),
         "row 2, start: '31.12.1860' is no date; write it as in 1860-11-14, 1866, 1926~ or 1853/1689"),
        (table("A,43,131,1900,1800", header="name,lat,lon,start,end"),
         "row 2, end: the span '1900/1800' ends before it starts"),
        (table("A,43,131,javascript:alert(1)", header="name,lat,lon,url"),
         "row 2, url: found 'javascript:alert(1)'; an address that begins with https:// would do"),
        (table("A,43,131,a", "B,44,131,b", "C,45,131,a", header="name,lat,lon,id"),
         "row 4, id: row 2 has the id 'a' too; give each its own"),
        (b"title\tgeowkt\nA\tGEOMETRYCOLLECTION(POINT(1 2))",
         "row 2, geowkt: found 'GEOMETRYCOLL...N(POINT(1 2))'; WKT of a point, a line or a polygon would do"),
        (b"title\tgeowkt\nA\tPOINT (1e999 2)",
         "row 2, geowkt: found the position (inf, 2.0); longitude and latitude would do"),
        (b"title\tgeowkt\nA\tLINESTRING (1 2)",
         "row 2, geowkt: found 'LINESTRING (1 2)', which is no whole WKT"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_said_in_one_sentence(content, wanted):
    assert problems_of(content) == [wanted]


SQUARE = [[131, 43], [133, 43], [133, 45], [131, 45], [131, 43]]
BOW = [[131, 43], [133, 45], [133, 43], [131, 45], [131, 43]]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"[]", "found []; a FeatureCollection would do"),
        (b'{"type": "Topology"}', "type: found 'Topology'; a FeatureCollection would do"),
        (b'{"type": "FeatureCollection"}',
         "type: found 'FeatureCollection'; a FeatureCollection would do"),
        (b'{"type": "FeatureCollection", "features": [',
         "this is no JSON (Expecting value: line 1 column 44 (char 43)); is the file cut short?"),
        (b'{"a": NaN}', "this is no JSON (NaN is no number that JSON knows); is the file cut short?"),
        (b'{"a": 1, "a": 2}', "this is no JSON ('a' stands twice in one object); is the file cut short?"),
        (b"[" * 200_000, "this is no JSON (it is nested too deep); is the file cut short?"),
        (b'{"type": "FeatureCollection", "features": [1]}', "feature 1, type: found 1; a Feature would do"),
        (b'{"type": "FeatureCollection", "features": []}', "it holds no place; give it at least one"),
        (feature({"type": "Point", "coordinates": [43, 131]}),
         "feature 1, geometry: lat 131, lon 43: lat and lon seem swapped"),
        (feature({"type": "Point", "coordinates": [1e999, 3]}).replace(b"Infinity", b"1e999"),
         "feature 1, geometry: found the position [inf, 3]; longitude and latitude would do"),
        (feature({"type": "Point", "coordinates": [True, "3"]}),
         "feature 1, geometry: found the position [True, '3']; longitude and latitude would do"),
        (feature({"type": "Point", "coordinates": [10**400, 3]}), None),
        (feature({"type": "Point", "coordinates": []}),
         "feature 1, geometry: found the position []; longitude and latitude would do"),
        (feature({"type": "LineString", "coordinates": [[131, 43]]}),
         "feature 1, geometry: a line or ring has 1 positions; at least 2 make one"),
        (feature({"type": "Polygon", "coordinates": [SQUARE[:-1]]}),
         "feature 1, geometry: a ring of the polygon is not closed; "
         "repeat its first position at its end"),
        (feature({"type": "Polygon", "coordinates": [BOW]}),
         "feature 1, geometry: the outline is not valid: Self-intersection[132 44]; draw it anew"),
        (feature({"type": "Polygon", "coordinates": SQUARE}), None),
        (feature({"type": "Circle", "coordinates": [1, 2]}),
         "feature 1, geometry: found the type 'Circle'; a point, line or polygon would do"),
        (feature({"type": ["Point"]}), None),
        (feature([1, 2]), "feature 1, geometry: found [1, 2]; a geometry of GeoJSON would do"),
        (feature({"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection"}]}),
         "feature 1, geometry: a collection in a collection is nested too deep; make it flat"),
        (feature({"type": "GeometryCollection", "geometries": [
            {"type": "Point", "coordinates": [131, 43]}, {"type": "LineString", "coordinates": SQUARE}]}),
         "feature 1, geometry: a collection mixes points, lines or polygons; "
         "give each kind its own feature"),
        (feature(None, name=""), "feature 1, name: the name is blank; every place needs one"),
        (feature(None, kind={"a": 1}), "feature 1, kind: found {'a': 1}; a text would do"),
        (feature(None, name="A" * 201),
         "feature 1, name: it has 201 characters; at most 200 would do"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_feature_is_said_in_one_sentence(content, wanted):
    (found,) = problems_of(content, "m.json")
    assert wanted is None or f"{found}" == wanted or found == wanted


def test_another_reference_system_is_refused():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    content = json.dumps({**SHAPES, "crs": crs}).encode()
    (found,) = problems_of(content)
    assert found == "crs: found 'urn:ogc:def:crs:EPSG::3857'; save it as longitude, latitude in OGC:CRS84"


def test_all_problems_are_told_at_once_the_first_two_hundred_of_them():
    rows = ["A,131,43", ",x,43", *("B,1",) * 300]
    found = problems_of(table(*rows))
    assert len(found) == 201
    assert found[:3] == [
        "row 2: lat 131, lon 43: lat and lon seem swapped",
        "row 3, lat: lat 'x' is no number",
        "row 4: 2 cells where the header has 3; mind the commas",
    ]
    assert found[-1] == "... and 103 more"


def test_the_limits_are_those_that_the_documents_name():
    assert (MAX_BYTES, MAX_PLACES, MAX_VERTICES, MAX_CORNERS) == (5_000_000, 20_000, 200_000, 20_000)


def test_a_file_of_too_many_places_is_refused(monkeypatch):
    monkeypatch.setattr("geo.imports.tables.MAX_PLACES", 3)
    monkeypatch.setattr("geo.imports.features.MAX_PLACES", 2)
    assert len(parse_gazetteer(table(*["A,43,131"] * 3), "a.csv").places) == 3
    assert problems_of(table(*["A,43,131"] * 4)) == ["row 5: the file has more than 3 places"]
    assert problems_of(json.dumps(SHAPES).encode()) == ["features: 3 places; at most 2 would do"]


def test_a_file_of_too_many_positions_is_refused(monkeypatch):
    monkeypatch.setattr("geo.imports.shapes.MAX_VERTICES", 7)
    parse_gazetteer(feature({"type": "LineString", "coordinates": SQUARE}), "a.json")
    two = json.loads(feature({"type": "MultiPoint", "coordinates": SQUARE}))
    two["features"] *= 2
    assert problems_of(json.dumps(two).encode()) == [
        "feature 2, geometry: the file has more than 200,000 positions"
    ]
    rows = [f"A\tLINESTRING ({', '.join(['1 2'] * 8)})", "B\tPOINT (1 2)"]
    assert problems_of("\n".join(["title\tgeowkt", *rows]).encode()) == [
        "row 2, geowkt: the file has more than 200,000 positions"
    ]


def test_an_outline_too_long_to_be_checked_is_refused(monkeypatch):
    monkeypatch.setattr("geo.imports.shapes.MAX_CORNERS", 5)
    parse_gazetteer(feature({"type": "Polygon", "coordinates": [SQUARE]}), "a.json")
    (found,) = problems_of(feature({"type": "Polygon", "coordinates": [[SQUARE[0], *SQUARE]]}))
    assert found == "feature 1, geometry: the outline has 6 positions; simplify it to 5 or less"
    parse_gazetteer(
        feature({"type": "LineString", "coordinates": SQUARE * 2}), "a.json"
    )  # lines take no time


def test_places_outside_the_frame_are_counted_and_kept():
    made = parse_gazetteer(table("London,51.5,0", "Harbin,45.8,126.5"), "a.csv")
    assert made.outside == {"own-1"}
    assert describe(made) == "2 places (2 points), 1 outside the map’s frame"


def test_hidden_marks_are_taken_out_of_names_and_composed_letters_stay_one():
    (place,) = parse_gazetteer(table("Cafe\u0301 \u202eevil\u202c,43,131"), "a.csv").places
    assert place.names == (("Café evil", "und"),)
    lone = feature(None, name="A\ud800B", note="x\ud800")
    (place,) = parse_gazetteer(lone, "a.json").places
    assert (place.names[0][0], place.note) == ("AB", "x")


def test_names_for_the_linker_say_how_sure_they_are():
    made = OwnGazetteer(
        "",
        "",
        "",
        (
            OwnPlace("own-1", "", (("Posyet", "en"), ("Novgorod harbour", "und"))),
            OwnPlace("own-2", "", (("Harbin", "en"), ("哈", "zh"), ("5", "und"), ("X", "en"))),
            OwnPlace("own-3", "", (("HARBIN", "en"),)),
        ),
    )
    assert made.link_names({"own-1": "elsewhere"}) == (
        LinkName("Posyet", "en", "elsewhere", confidence=0.95),
        LinkName("Harbin", "en", "own-2", confidence=0.5),
        LinkName("HARBIN", "en", "own-3", confidence=0.5),
        LinkName("Novgorod harbour", "und", "elsewhere", confidence=0.7),
        LinkName("哈", "zh", "own-2", confidence=0.7),
    )


def test_a_file_is_read_and_one_that_is_not_there_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    assert read_gazetteer(path).places == parse_gazetteer(TABLE.encode(), "a.csv").places
    with pytest.raises(DataError, match=r"none\.csv: the file cannot be read \(No such file"):
        read_gazetteer(tmp_path / "none.csv")
    with pytest.raises(DataError, match="the file cannot be read"):
        read_gazetteer(tmp_path)


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("en", "en"), ("ZH-hans", "zh-Hans"), ("zh_hant_tw", "zh-Hant-TW"), ("mnc-latn", "mnc-Latn"),
        ("und", "und"), ("zh-Latn-pinyin", "zh-Latn-pinyin"), ("english", ""), ("jp", ""), ("e n", ""),
        ("рус", ""), ("en-", ""),
    ],
)  # fmt: skip
def test_a_language_tag_is_written_in_its_usual_case_or_refused(tag, wanted):
    assert canonical_lang(tag) == wanted


CELLS = st.text(alphabet="a1.,;|@\t\"'\n\r =-+{}[]\u0301\u200b中Ж", max_size=12)
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=6)


@settings(max_examples=100)
@given(ROWS, st.sampled_from([",", "\t"]), st.sampled_from(["name,lat,lon", "title\tlon\tlat\tgeowkt", ""]))
def test_any_table_is_read_or_refused_with_a_problem(rows, mark, header):
    content = "\n".join([header, *(mark.join(row) for row in rows)]).encode()
    assert_read_or_refused(content)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["Feature", "FeatureCollection", "Point", "Polygon", "GeometryCollection", "x", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("type", "features", "properties", "geometry", "coordinates", "geometries", "names"),
                    *("toponym", "lang", "when", "timespans", "start", "in", "links", "identifier", "crs"),
                    *("metadata", "title", "name", "id", "types", "label", "citations", "descriptions"),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=100)
@given(JSON)
@example(
    {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "when": {"timespans": [{"start": {"in": []}}]}}],
    }
)
@example({"type": "Feature", "properties": None, "geometry": {"type": "MultiPoint", "coordinates": "ab"}})
def test_any_json_is_read_or_refused_with_a_problem(value):
    assert_read_or_refused(json.dumps(value).encode())
    whole = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": value, "geometry": value}],
    }
    assert_read_or_refused(json.dumps(whole).encode())


def assert_read_or_refused(content: bytes) -> None:
    try:
        made = parse_gazetteer(content, "any.csv")
    except DataError as error:
        refused = [str(problem) for problem in error.problems]
        made = None
    if made is None:
        assert refused
        assert all("\n" not in problem and len(problem) < 800 for problem in refused)
    else:
        assert made.places
        assert all(form and lang for place in made.places for form, lang in place.names)
        assert all(place.geometry is None or place.geometry.is_valid for place in made.places)
        describe(made)
        made.link_names()


NUMBERS = st.floats(-90, 90).map(lambda number: round(number, 5))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")), min_size=1, max_size=20)


@settings(max_examples=60)
@given(st.lists(st.tuples(NAMES, NUMBERS, NUMBERS), min_size=1, max_size=8))
def test_points_come_out_of_a_table_as_they_went_in(points):
    quoted = (f'"{name.replace(chr(34), chr(34) * 2)}",{lat!r},{lon!r}' for name, lat, lon in points)
    made = parse_gazetteer(table(*quoted), "a.csv")
    assert [(place.geometry.y, place.geometry.x) for place in made.places] == [
        (lat, lon) for _, lat, lon in points
    ]
    assert [place.id for place in made.places] == [f"own-{n}" for n in range(1, len(points) + 1)]
