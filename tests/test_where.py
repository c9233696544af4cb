from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from datetime import date
from itertools import islice

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, box

import geo.points
from geo.atlas import Atlas
from geo.dates import FIRST_DAY
from geo.degrees import parse_degrees
from geo.errors import DataError
from geo.gazetteer import Gazetteer, Site
from geo.holdings import Holding, Holdings, Polity
from geo.points import answer_rows
from geo.territory import FRAME, Act, Area, Line, area_at
from geo.where import SURENESS, fault_of, margin_of, record_of, where_are, where_is

EARTH = Geod(ellps="WGS84")
NAMES = {"en": "A", "ru": "А", "zh-Hans": "甲", "zh-Hant": "甲"}
EDGE = 125.0
CREST = 128.0
THEN = date(1850, 1, 1)
LATER = date(1900, 1, 1)
CITED = {"certainty": "certain", "citations": "src"}


def area(name, geometry, act=None, certainty="reported"):
    return Area.model_validate(
        {
            "id": name,
            "role": "subject",
            "act": act,
            "names": NAMES,
            "basis": "drawn",
            "note": "",
            "label": (0, 0),
            "certainty": certainty,
            "citations": "src",
            "geometry": geometry,
        }
    )


def line(name, lon, dates, certainty="approximate", note="Within about 10 km.", basis="river"):
    return Line.model_validate(
        {
            "id": name,
            "act": None,
            "names": NAMES,
            "basis": basis,
            "dates": dates,
            "note": note,
            "certainty": certainty,
            "citations": "src",
            "geometry": LineString([(lon, 50), (lon, 55)]),
        }
    )


def polity(name, word):
    names = {f"name_{lang}": word for lang in ("en", "ru", "zh_hans", "zh_hant")}
    return Polity.model_validate(
        {"id": name, "family": "russia", "dates": "/..", "note": "", **names, **CITED}
    )


def holding(where, start, end, holders, **more):
    raw = {"area": where, "from": start, "to": end, "holders": holders, "claimants": "", "status": "held"}
    return Holding.model_validate(raw | {"act": "", "note": "", **CITED} | more)


class Quiet(Atlas):
    """An atlas that Hypothesis can name beside the example that fails."""

    __repr__ = object.__repr__


@pytest.fixture(scope="module")
def atlas(atlas):
    return Quiet(**{field.name: getattr(atlas, field.name) for field in dataclasses.fields(atlas)})


@pytest.fixture(scope="module")
def small(atlas):
    """Two squares that share an edge, a boundary on the edge and an older one in the eastern square."""
    records = (
        holding("west", "1689-09-06", "..", "red"),
        holding("east", "1689-09-06", "1859-12-31", "blue", note="as before"),
        holding("east", "1860-01-01", "..", "red blue", status="common", act="swap-1860"),
    )
    act = {"id": "swap-1860", "kind": "treaty", "date": "1860-01-01", "julian": "", "summary": "It moved."}
    words = dict.fromkeys(
        ("name_ru", "name_zh_hans", "name_zh_hant", "parties", "signatories", "differences"), ""
    )
    return dataclasses.replace(
        atlas,
        acts=(Act.model_validate(act | words | {"name_en": "Treaty of the Edge"} | CITED),),
        areas=(
            area("east", box(EDGE, 50, 130, 55), "swap-1860"),
            area("west", box(120, 50, EDGE, 55)),
        ),
        lines=(
            line("line-edge", EDGE, "1860-01-01/.."),
            line("line-crest", CREST, "1689-09-06/1859-12-31", "conjectural"),
            line("crest", 121.5, ""),
        ),
        holdings=Holdings({"red": polity("red", "Red"), "blue": polity("blue", "Blue")}, records),
        gazetteer=Gazetteer((), ()),
    )


def changed(small, **more):
    return dataclasses.replace(small, **more)


inside = st.tuples(st.floats(120, 130), st.floats(50, 55))
anywhere = st.tuples(st.floats(100, 155), st.floats(35, 65))
days = st.one_of(st.none(), st.dates(FIRST_DAY, date(2026, 11, 1)))


# One point


def test_a_point_is_told_its_area_its_holder_on_the_day_and_the_whole_chain(small):
    found = where_is(small, 127, 52, THEN)
    assert found.area is small.areas[0]
    assert found.holding is small.holdings.records[1]
    assert found.chain == small.holdings.records[1:]
    assert (found.act, found.day, found.lon, found.lat) == ("swap-1860", THEN, 127, 52)


def test_without_a_day_the_holder_is_that_of_today(small):
    found = where_is(small, 127, 52)
    assert found.holding is small.holdings.records[2]
    assert found.day == date.today()


def test_land_that_never_became_russian_has_no_act(small):
    assert where_is(small, 122, 52, LATER).act == ""


def test_before_the_first_holding_there_is_none_and_the_area_says_how_sure_it_is(small):
    found = where_is(small, 127, 52, date(1600, 1, 1))
    assert (found.holding, found.certainty) == (None, "reported")
    assert found.area is small.areas[0]


@given(lat=st.floats(50, 55), day=days)
def test_a_point_on_a_shared_edge_lies_in_the_first_of_the_two_areas_by_either_way(small, lat, day):
    for atlas in (small, changed(small, areas=small.areas[::-1])):
        first = atlas.areas[0]
        assert where_is(atlas, EDGE, lat, day).area is first
        assert area_at(atlas.areas, EDGE, lat) is first
        assert list(where_are(atlas, np.array([EDGE]), np.array([lat]), day).area) == [first.id]


@given(points=st.lists(st.one_of(inside, anywhere), max_size=8), day=days)
def test_many_points_are_told_what_each_is_told_alone(atlas, small, points, day):
    lons, lats = np.array(points, dtype=np.float64).reshape(-1, 2).T
    for records in (small, atlas):
        alone = [where_is(records, lon, lat, day) for lon, lat in points]
        together = where_are(records, lons, lats, day)
        describe = records.holdings.describe
        assert list(together.area) == [found.area.id if found.area else "" for found in alone]
        assert list(together.act) == [found.act for found in alone]
        assert list(together.certainty) == [found.certainty for found in alone]
        assert list(together.holder) == [describe(found.holding) if found.holding else "" for found in alone]


@given(data=st.data())
def test_points_on_the_corners_of_real_areas_are_told_alike_by_either_way(atlas, data):
    corners = shapely.get_coordinates(data.draw(st.sampled_from(atlas.areas)).geometry)
    lon, lat = map(float, corners[data.draw(st.integers(0, len(corners) - 1))])
    found = where_is(atlas, lon, lat)
    assert found.area is area_at(atlas.areas, lon, lat)
    assert list(where_are(atlas, np.array([lon]), np.array([lat])).area) == [found.area.id]


def test_a_point_that_is_not_known_is_told_nothing_and_leaves_the_others_alone(small):
    answers = where_are(small, np.array([math.nan, 127.0, 122.0]), np.array([52.0, 52.0, math.nan]), LATER)
    assert [list(column) for column in answers] == [
        ["", "east", ""],
        ["", "Red and Blue, in common", ""],
        ["", "swap-1860", ""],
        ["", "certain", ""],
    ]


def test_no_points_have_no_answers(small):
    assert all(len(column) == 0 for column in where_are(small, np.array([]), np.array([])))


def test_asking_leaves_the_records_as_they_were(small):
    before = [each.geometry.wkb for each in (*small.areas, *small.lines)]
    where_is(small, 127, 52)
    where_are(small, np.array([127.0]), np.array([52.0]))
    assert [each.geometry.wkb for each in (*small.areas, *small.lines)] == before


# Boundaries


@pytest.mark.parametrize(
    ("lon", "day", "nearest"),
    [
        (127, THEN, "line-crest"),
        (127, LATER, "line-edge"),
        (127, None, "line-crest"),
        (121.5, None, "line-edge"),
    ],
)
def test_the_nearest_boundary_is_one_in_force_on_the_day_or_of_any_time_if_none_is_asked(
    small, lon, day, nearest
):
    assert where_is(small, lon, 52, day).boundary == nearest


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        (date(1859, 12, 31), "line-crest"),
        (date(1860, 1, 1), "line-edge"),
        (FIRST_DAY, "line-crest"),
    ],
)
def test_a_boundary_counts_from_its_first_day_to_its_last(small, day, nearest):
    assert where_is(small, 126, 52, day).boundary == nearest


def test_where_no_boundary_is_in_force_none_is_named(small):
    found = where_is(changed(small, lines=small.lines[2:]), 121.5, 52)
    assert (found.boundary, found.distance_km, found.certainty) == ("", None, "certain")


@given(point=inside)
def test_the_distance_is_the_geodesic_one_to_the_nearest_spot_of_the_line(small, point):
    lon, lat = point
    spots = np.linspace(50, 55, 20_001)
    here = np.full(len(spots), lon), np.full(len(spots), lat)
    spotted = EARTH.inv(*here, np.full(len(spots), EDGE), spots)[2].min() / 1000
    assert where_is(small, lon, lat, LATER).distance_km == pytest.approx(spotted, abs=0.02)


@pytest.mark.parametrize("place", ["khabarovsk", "blagoveshchensk", "nerchinsk"])
def test_the_distance_from_a_town_is_that_to_the_nearest_spot_of_the_real_line(atlas, place):
    town = next(each for each in atlas.gazetteer.places if each.id == place)
    found = where_is(atlas, town.lon, town.lat)
    nearest = math.inf
    for each in atlas.lines:
        if each.dates is not None:
            spots = shapely.get_coordinates(shapely.segmentize(each.geometry, 0.001))
            here = np.full(len(spots), town.lon), np.full(len(spots), town.lat)
            nearest = min(nearest, EARTH.inv(*here, *spots.T)[2].min() / 1000)
    assert found.distance_km == pytest.approx(nearest, abs=0.05)


# How sure


@given(
    lat=st.floats(50.5, 54.5),
    km=st.floats(0, 20).filter(lambda km: abs(km - 10) > 0.2),
    azimuth=st.sampled_from([90, -90]),
)
def test_a_point_is_less_sure_just_where_the_margin_of_a_line_reaches_it(small, lat, km, azimuth):
    lon, north, _ = EARTH.fwd(EDGE, lat, azimuth, 1000 * km)
    found = where_is(small, lon, north, LATER)
    assert found.certainty == ("approximate" if km < 10 else "certain")
    told = f"within {max(1, math.ceil(found.distance_km))} km of line-edge, whose course is approximate"
    assert (told in found.why) == (km < 10)


def test_far_from_all_lines_the_certainty_is_that_of_the_holding(small):
    found = where_is(small, 122.5, 52, LATER)
    assert (found.certainty, found.why) == ("certain", SURENESS["certain"])


def test_of_two_lines_the_less_sure_one_is_named_even_if_it_is_farther(small):
    lines = (line("near", 126.0, "1860/.."), line("far", 126.05, "1860/..", "disputed"))
    found = where_is(changed(small, lines=lines), 126.01, 52, LATER)
    assert found.boundary == "near"
    assert found.certainty == "disputed"
    assert "of far, whose course is disputed" in found.why


def test_a_line_surer_than_the_holding_does_not_make_it_surer(small):
    records = (holding("east", "1689-09-06", "..", "red", certainty="conjectural"),)
    unsure = changed(small, holdings=Holdings(small.holdings.polities, records))
    found = where_is(unsure, EDGE + 0.01, 52, LATER)
    assert found.certainty == "conjectural"
    assert "of line-edge, whose course is approximate" in found.why
    assert list(where_are(unsure, np.array([EDGE + 0.01]), np.array([52.0]), LATER).certainty) == [
        "conjectural"
    ]


def test_a_point_at_sea_beside_a_line_is_as_little_known_as_any_other(small):
    assert where_is(small, EDGE, 49.99, LATER).certainty == ""
    assert list(where_are(small, np.array([EDGE]), np.array([49.99]), LATER).certainty) == [""]


def test_a_line_of_a_certain_course_leaves_a_point_as_sure_as_it_was(small):
    lines = (line("parallel", EDGE, "1860/..", "certain"),)
    found = where_is(changed(small, lines=lines), EDGE, 52, LATER)
    assert (found.certainty, found.why) == ("certain", SURENESS["certain"])


def test_a_line_no_longer_in_force_casts_no_doubt_on_a_day_that_is_asked(small):
    assert where_is(small, CREST, 52, LATER).certainty == "certain"
    assert where_is(small, CREST, 52, THEN).certainty == "conjectural"
    assert where_is(small, CREST, 52).certainty == "conjectural"


@pytest.mark.parametrize(("km", "certainty"), [(0.9, "approximate"), (1.1, "certain")])
def test_a_point_by_an_island_too_small_to_draw_is_told_so(small, km, certainty):
    names = dict.fromkeys(("name_en", "name_ru", "name_zh_hans", "name_zh_hant"), "Islet")
    site = {"id": "islet", "lon": 122.5, "lat": 52, "dates": "", "act": "", "note": "", **names, **CITED}
    sites = tuple(Site.model_validate(site | {"id": kind, "kind": kind}) for kind in ("island", "post"))
    held = (*small.holdings.records, holding("island", "1689-09-06", "..", "blue"))
    here = changed(
        small,
        gazetteer=Gazetteer((), (), sites),
        holdings=Holdings(small.holdings.polities, held),
    )
    lon, lat, _ = EARTH.fwd(122.5, 52, 30, 1000 * km)
    found = where_is(here, lon, lat, LATER)
    assert found.certainty == certainty
    told = "within 1 km of island, an island too small to draw, with its own holder (Blue)"
    assert (told in found.why) == (km < 1)


@pytest.mark.parametrize(
    ("note", "basis", "km"),
    [
        ("Within about 15 km.", "watershed", 15),
        ("Main channel, within 2 km; elsewhere 143 km long.", "river", 2),
        ("Found on a relief; within about 3 km in most places and 15 km at worst.", "watershed", 15),
        ("About 0.3 km off on average, within 0.5 km.", "river", 0.5),
        ("Nothing is said.", "river", 2),
        ("Nothing is said.", "watershed", 15),
        ("", "survey", 2),
        ("", "straight", 2),
        ("", "conjecture", 5),
    ],
)
def test_the_margin_of_a_line_is_what_its_note_states_or_what_it_follows_suggests(note, basis, km):
    assert margin_of(line("a", EDGE, "", note=note, basis=basis)) == km


def test_the_margins_of_the_lines_of_the_atlas_are_those_their_notes_state(atlas):
    margins = {each.id: margin_of(each) for each in atlas.lines}
    assert margins["line-1689-crest-west"] == margins["stanovoy-crest"] == 15
    assert margins["line-1689-uda-head"] == 20
    assert margins["line-1860-hunchun-sea"] == margins["line-1860-ussuri"] == 2
    assert max(margins.values()) <= 30


# Where nothing is known


@pytest.mark.parametrize(
    ("lon", "lat", "sentence"),
    [
        (150, 48, "48.00 N 150.00 E lies outside the mapped frame (105 to 149.2 E, 39 to 60 N)"),
        (-6.5, -5.25, "5.25 S 6.50 W lies outside the mapped frame (105 to 149.2 E, 39 to 60 N)"),
        (132, 60.01, "60.01 N 132.00 E lies outside the mapped frame (105 to 149.2 E, 39 to 60 N)"),
        (135, 52, "52.00 N 135.00 E lies at sea or outside every area"),
        (130.02, 52, "52.00 N 130.02 E lies at sea or outside every area; east is 1.4 km away"),
    ],
)
def test_a_point_in_no_area_is_told_why_in_one_sentence(small, lon, lat, sentence):
    found = where_is(small, lon, lat)
    assert found.why == sentence
    assert (found.area, found.holding, found.chain) == (None, None, ())
    assert (found.act, found.boundary, found.certainty, found.distance_km) == ("", "", "", None)


def test_an_atlas_without_areas_has_only_sea(small):
    found = where_is(changed(small, areas=()), 127, 52)
    assert found.why == "52.00 N 127.00 E lies at sea or outside every area"


@pytest.mark.parametrize(
    ("lon", "lat", "sentence"),
    [
        (43.1, 131.9, "lat 131.9 is not between -90 and 90; are lat and lon swapped?"),
        (0, 90.5, "lat 90.5 is not between -90 and 90"),
        (200, 50, "lon 200 is not between -180 and 180"),
        (-180.0001, 50, "lon -180.0001 is not between -180 and 180"),
        (math.nan, 50, "lon nan is not between -180 and 180"),
        (50, math.inf, "lat inf is not between -90 and 90"),
        (180, -90, ""),
        (-180, 90, ""),
    ],
)
def test_a_point_off_the_globe_is_refused_and_swapped_numbers_are_told(small, lon, lat, sentence):
    assert fault_of(lon, lat) == sentence
    if sentence:
        with pytest.raises(ValueError, match=sentence.partition("?")[0].replace(".", r"\.")):
            where_is(small, lon, lat)


# The real records


def test_each_place_of_the_rule_became_russian_by_the_act_that_its_record_names(atlas):
    for place in atlas.gazetteer.places:
        assert where_is(atlas, place.lon, place.lat).act == place.act, place.id


def test_the_label_of_each_area_is_told_that_area_and_its_chain_to_this_day(atlas):
    for each in atlas.areas:
        found = where_is(atlas, *each.label)
        assert found.area is each
        assert found.chain == atlas.holdings.chain(each.id)
        assert found.holding is found.chain[-1]
        assert where_is(atlas, *each.label, FIRST_DAY).holding is found.chain[0]


@given(point=st.tuples(st.floats(FRAME[0], FRAME[2]), st.floats(FRAME[1], FRAME[3])), day=days)
def test_wherever_there_is_land_it_is_told_who_held_it_and_how_surely(atlas, point, day):
    found = where_is(atlas, *point, day)
    if found.area is None:
        assert found.why
        return
    assert found.holding is not None
    assert found.certainty in SURENESS
    assert list(SURENESS).index(found.certainty) >= list(SURENESS).index(found.holding.certainty)
    assert found.boundary
    assert found.distance_km is not None


def test_damansky_in_the_year_of_the_clash_is_told_by_its_own_holder(atlas):
    island = next(site for site in atlas.gazetteer.sites if site.id == "damansky")
    found = where_is(atlas, island.lon, island.lat, date(1969, 3, 10))
    assert "damansky, an island too small to draw" in found.why
    assert atlas.holdings.describe(atlas.holdings.on("damansky", date(1969, 3, 10))) in found.why


# As values


@given(point=anywhere, day=days)
def test_every_answer_goes_through_json(atlas, point, day):
    found = where_is(atlas, *point, day)
    told = json.loads(json.dumps(record_of(atlas, found), allow_nan=False))
    assert [told["lon"], told["lat"], told["day"]] == [*point, f"{found.day}"]
    assert (told["area"] or {}).get("id") == (found.area.id if found.area else None)
    assert len(told["chain"]) == len(found.chain)
    assert bool(told["sources"]) == (found.area is not None)


def test_an_answer_names_acts_days_holders_and_each_source_once(atlas):
    told = record_of(atlas, where_is(atlas, 131.8735, 43.1056, date(1859, 6, 1)))
    assert told["act"] == {"id": "peking-1860", "name": "Treaty of Peking", "date": "14 November 1860"}
    assert told["holding"]["from"] == "1858-05-28"
    assert told["holding"]["status"] == "common"
    assert set(told["holding"]["holders"]) == {"russian-empire", "qing"}
    assert told["chain"][-1]["to"] == ".."
    assert len(told["sources"]) == len(set(told["sources"]))


# A file of points


def answered(small, text, day=LATER):
    content = text if isinstance(text, bytes) else text.encode()
    return list(answer_rows(small, io.BytesIO(content), "in.csv", day))


def table(chunks):
    return list(csv.reader(io.StringIO("".join(chunk.text for chunk in chunks), newline="")))


def faults(chunks):
    return [fault for chunk in chunks for fault in chunk.faults]


def test_rows_come_back_in_order_with_four_columns_more(small):
    chunks = answered(small, "name,lon,lat,note\na,127,52,\n=1+1,122.5,52,x\nsea,135,52,\n")
    assert table(chunks) == [
        ["name", "lon", "lat", "note", "area", "holder", "act", "certainty"],
        ["a", "127", "52", "", "east", "Red and Blue, in common", "swap-1860", "certain"],
        ["=1+1", "122.5", "52", "x", "west", "Red", "", "certain"],
        ["sea", "135", "52", "", "", "", "", ""],
    ]
    assert faults(chunks) == []
    assert sum(chunk.rows for chunk in chunks) == 3


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
numbers = st.one_of(st.floats(-200, 200).map(str), st.sampled_from(["", "x", "nan", " 52 ", "1e2"]))
rows = st.lists(st.tuples(cells, numbers, cells, numbers), max_size=12)


@given(rows=rows, size=st.integers(1, 4))
def test_whatever_the_cells_hold_they_come_back_as_they_were(small, rows, size):
    text = io.StringIO()
    csv.writer(text).writerows([("a,b", "lat", 'c"', "lon"), *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geo.points, "_CHUNK", size)
        chunks = answered(small, text.getvalue())
    back = table(chunks)
    assert [tuple(row[:4]) for row in back[1:]] == rows
    assert all(len(row) == 8 for row in back)
    assert sum(chunk.rows for chunk in chunks) == len(rows)
    assert all(chunk.rows <= size for chunk in chunks)
    failed = {int(fault.split()[1].strip(":")) for fault in faults(chunks)}
    assert all(row[4:] == [""] * 4 for number, row in enumerate(back, 1) if number in failed)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_rows_are_counted_through_all_chunks_with_the_header_as_row_1(small, monkeypatch, size):
    monkeypatch.setattr(geo.points, "_CHUNK", size)
    chunks = answered(small, "lat,lon\n52,127\n\n52,x\n52,127\ny,127\n")
    assert faults(chunks) == ["row 4: lon 'x' is no number", "row 6: lat 'y' is no number"]
    assert [row[2:3] for row in table(chunks)] == [["area"], ["east"], [], [""], ["east"], [""]]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("abc,127", "lat 'abc' is no number"),
        (",127", "lat is blank"),
        ("52,  ", "lon is blank"),
        ("nan,127", "lat 'nan' is no number"),
        ("52,inf", "lon 'inf' is no number"),
        ('"52,5",127', "lat '52,5' is no number"),
        ("1_0,127", "lat '1_0' is no number"),
        ("0x10,127", "lat '0x10' is no number"),
        ("٥٢,127", "lat '٥٢' is no number"),
        ("1e999,127", "lat inf is not between -90 and 90"),
        ("127,52", "lat 127 is not between -90 and 90; are lat and lon swapped?"),
        ("52,181", "lon 181 is not between -180 and 180"),
        ("52", "1 cells where the header has 2; mind the commas"),
        ("52,127,1", "3 cells where the header has 2; mind the commas"),
    ],
)
def test_a_row_that_holds_no_point_comes_through_and_is_reported(small, row, sentence):
    chunks = answered(small, f"lat,lon\n52,127\n{row}\n52,122.5\n")
    assert faults(chunks) == [f"row 3: {sentence}"]
    back = table(chunks)
    assert [back[1][2], back[3][2]] == ["east", "west"]
    given_cells = next(csv.reader([row]))
    assert back[2] == given_cells + [""] * (max(len(given_cells), 2) + 4 - len(given_cells))


@pytest.mark.parametrize("text", ["52", "+52.", ".52e2", " 52 ", "-0", "5.2E+1"])
def test_numbers_are_taken_as_people_write_them(text):
    assert parse_degrees("lat", text) in (52, 0)


@pytest.mark.parametrize(
    "text",
    [
        "lat,lon\n52,127\n",
        "lat,lon\r\n52,127\r\n",
        "lat,lon\n52,127",
        "\ufefflat,lon\n52,127\n",
        '"lat","lon"\n"52","127"\n',
    ],
    ids=["plain", "windows", "no-last-line-end", "byte-order-mark", "quoted"],
)
def test_a_table_is_read_however_a_program_saved_it(small, text):
    assert table(answered(small, text))[1] == [
        "52",
        "127",
        "east",
        "Red and Blue, in common",
        "swap-1860",
        "certain",
    ]
    assert table(answered(small, text))[0][0] == "lat"


def test_a_table_with_a_header_alone_comes_back_with_the_four_columns(small):
    assert table(answered(small, "lat,lon")) == [["lat", "lon", "area", "holder", "act", "certainty"]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "in.csv: the file is empty; a row that names the columns lat and lon comes first"),
        (b"\n52,127\n", "in.csv, row 1: there is no column lat and no lon, found a blank line"),
        (b"lat,x\n", "in.csv, row 1: there is no column lon, found 'lat', 'x'"),
        (b"Lat,lon\n", "in.csv, row 1: there is no column lat, found 'Lat', 'lon'"),
        (b"lat;lon\n", "found 'lat;lon'; separate columns by commas"),
        (b"lat,lon,lat\n", "in.csv, row 1: the column 'lat' stands twice; rename one"),
        (b"lat,lon,a,a\n", "in.csv, row 1: the column 'a' stands twice; rename one"),
        (b"lat,lon,act\n", "in.csv, row 1: a column of yours is named act, as one of the answer; rename it"),
        (b"lat,lon\n52,\xcf\n", "in.csv, line 2: byte 3 is not UTF-8; save the file as UTF-8"),
        ("lat,lon\n".encode("utf-16"), "in.csv, line 1: there is a NUL in it; save the file as CSV in UTF-8"),
        (b"lat,lon\n52,1\x0027\n", "in.csv, line 2: there is a NUL in it"),
        (b'lat,lon\n"52,127\n', "is a quotation mark left open?"),
        (b'lat,lon\n"52"x,127\n', "in.csv, line 2: this is no CSV"),
        (b"lat,lon\r52,127\r", "in.csv, line 1: a line ends in CR alone"),
        (b"lat,lon\n" + b"5" * 1_000_001, "in.csv, line 2: it is longer than 1 MB; is this a CSV file?"),
        (b"lat,lon\n" + b"5" * 200_000, "in.csv, line 2: this is no CSV (field larger than field limit"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(small, content, sentence):
    with pytest.raises(DataError) as caught:
        answered(small, content)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("in.csv")
    assert len(str(caught.value).splitlines()) == 1


def test_columns_without_a_name_are_let_be(small):
    assert table(answered(small, "lat,lon,,\n52,127,,\n"))[1][4] == "east"


def test_the_rows_before_a_fault_of_the_file_are_answered(small):
    rows = answer_rows(small, io.BytesIO(b"lat,lon\n52,127\nx,1\n\xff"), "in.csv", LATER)
    chunks = list(islice(rows, 2))
    assert [row[2] for row in table(chunks)] == ["area", "east", ""]
    assert faults(chunks) == ["row 3: lat 'x' is no number"]
    with pytest.raises(DataError, match="line 4: byte 0 is not UTF-8"):
        next(rows)


def test_a_device_that_fails_is_told(small):
    class Broken(io.BytesIO):
        def readline(self, *_limit):
            raise OSError(5, "Input/output error")

    with pytest.raises(DataError, match=r"in\.csv: the file cannot be read \(Input/output error\)"):
        next(answer_rows(small, Broken(), "in.csv"))


def test_a_table_without_end_is_answered_as_it_comes(small, monkeypatch):
    class Endless(io.BytesIO):
        read_so_far = 0

        def readline(self, *_limit):
            self.read_so_far += 1
            return b"52,127\n" if self.read_so_far > 1 else b"lat,lon\n"

    monkeypatch.setattr(geo.points, "_CHUNK", 10)
    source = Endless()
    chunks = list(islice(answer_rows(small, source, "in.csv", LATER), 4))
    assert [chunk.rows for chunk in chunks] == [0, 10, 10, 10]
    assert source.read_so_far == 31
