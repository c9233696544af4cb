from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.dates import FIRST_DAY
from geo.view import (
    BASEMAPS,
    LANGS,
    LAYERS,
    NAMES,
    OPENING_LAYERS,
    OWN,
    SCAN,
    Position,
    Spot,
    View,
    parse_view,
    show_own,
    show_scan,
)

KNOWN = ("khabarovsk", "sakhalin", "ussuri-coast", "peking-1860")
READINGS = ("confluence-channel", "tumen-1861", "uda-qing")
DAYS = st.dates(FIRST_DAY, date.today())


def rounded(low, high, digits):
    return st.integers(int(low * 10**digits), int(high * 10**digits)).map(
        lambda n: round(n / 10**digits, digits)
    )


VIEWS = st.builds(
    lambda days, **parts: View(date=days[0], compare=days[1], **parts),
    days=st.just((None, None)) | st.tuples(DAYS, st.none() | DAYS),
    lang=st.sampled_from(["", *LANGS]),
    names=st.sampled_from(["", *NAMES]),
    layers=st.sets(st.sampled_from(list(LAYERS))).map(
        lambda on: tuple(name for name in LAYERS if name in on)
    ),
    opacity=rounded(0, 1, 2),
    scan_opacity=rounded(0, 1, 2),
    place=st.lists(st.sampled_from(KNOWN), unique=True).map(tuple),
    point=st.none() | st.builds(Spot, rounded(-85, 85, 4), rounded(-180, 180, 4)),
    readings=st.lists(st.sampled_from(READINGS), unique=True).map(tuple),
    passage=st.just("") | st.integers(1, 99999).map("p{}".format),
    position=st.none() | st.builds(Position, rounded(0, 20, 2), rounded(-85, 85, 4), rounded(-180, 180, 4)),
    basemap=st.sampled_from(["", *BASEMAPS]),
)


@given(VIEWS)
@example(View(opacity=0.0, position=Position(0, 0, 0), layers=()))
@example(View(date=FIRST_DAY, compare=FIRST_DAY, point=Spot(0, 0), readings=READINGS))
@example(View(date=date.today(), compare=date.today()))
def test_a_view_is_read_back_from_its_query(view):
    assert parse_view(view.query(), KNOWN, READINGS) == parse_view("#" + view.query(), KNOWN, READINGS)
    parsed = parse_view(view.query(), KNOWN, READINGS)
    assert parsed.view == view
    assert parsed.notices == ()


@given(VIEWS, st.booleans(), st.booleans())
def test_a_view_with_a_readers_gazetteer_or_scan_is_read_back_from_its_query(view, own, scan):
    view = show_own(view) if own else view
    view = show_scan(view) if scan else view
    parsed = parse_view(view.query(own=True, scan=True), KNOWN, READINGS, own=True, scan=True)
    assert (parsed.view, parsed.notices) == (view, ())


def test_the_layer_of_a_scan_is_known_and_shown_at_first_only_with_one_and_comes_last():
    assert parse_view("", KNOWN, scan=True).view == show_scan(View())
    assert show_own(show_scan(View())) == show_scan(show_own(View()))
    assert show_scan(show_own(View())).layers[-2:] == (OWN, SCAN)
    assert show_scan(View()).query(scan=True) == View().query() == ""
    (notice,) = parse_view("layers=areas,scan", KNOWN, own=True).notices
    assert notice == f"Ignored layers=scan: the layers are {', '.join(LAYERS)}, {OWN}."


def test_the_layer_of_a_readers_gazetteer_is_known_and_shown_at_first_only_with_one():
    assert parse_view("", KNOWN).view == View()
    assert parse_view("", KNOWN, own=True).view == show_own(View()) == show_own(show_own(View()))
    assert parse_view("x" * 2500 + "=1", KNOWN, own=True).view == show_own(View())
    assert show_own(View()).query(own=True) == ""
    assert View().query(own=True) == f"layers={','.join(OPENING_LAYERS)}"
    (notice,) = parse_view("layers=areas,own", KNOWN).notices
    assert notice == f"Ignored layers=own: the layers are {', '.join(LAYERS)}."
    (notice,) = parse_view("layers=areas,town", KNOWN, own=True).notices
    assert notice.endswith(f"{list(LAYERS)[-1]}, {OWN}.")


@given(VIEWS, VIEWS)
def test_views_are_written_alike_if_and_only_if_they_are_equal(one, other):
    assert (one.query() == other.query()) == (one == other)


@given(st.text(max_size=80) | st.text(alphabet="langmpcydteo=&,/%+;#?0123456789.-E\x00é", max_size=80))
def test_any_text_is_a_view_and_notices(text):
    parsed = parse_view(text, KNOWN, READINGS)
    again = parse_view(parsed.view.query(), KNOWN, READINGS)
    assert again.view == parsed.view
    assert again.notices == ()


PARTS = [
    *(
        "date",
        "compare",
        "lang",
        "names",
        "layers",
        "opacity",
        "scan-opacity",
        "place",
        "point",
        "passage",
        "readings",
        "map",
    ),
    *("basemap", "other"),
]


@given(
    st.dictionaries(
        st.sampled_from(PARTS),
        st.text(max_size=20)
        | st.dates().map(str)
        | st.from_regex(r"-?\d{1,4}(\.\d{1,8})?(/-?\d+(\.\d+)?){0,3}"),
    )
)
def test_any_values_by_name_are_a_view_and_notices(values):
    parsed = parse_view(values, KNOWN, READINGS)
    assert parse_view(parsed.view.query(), KNOWN, READINGS).view == parsed.view
    assert all(notice.startswith("Ignored ") and notice.endswith(".") for notice in parsed.notices)


def test_the_opening_view_is_written_as_nothing():
    assert View().query() == ""
    assert parse_view("", KNOWN, READINGS).view == View()


def test_a_view_names_only_what_differs_in_a_fixed_order():
    view = View(
        date=date(1859, 6, 1),
        compare=date(1861, 1, 1),
        lang="zh-Hans",
        layers=("areas", "borders"),
        opacity=0.5,
        scan_opacity=0.25,
        place=("sakhalin", "khabarovsk"),
        point=Spot(48.125, -0.5),
        passage="p3",
        readings=("uda-qing", "tumen-1861"),
        position=Position(5.25, 48.1, 133.0),
        basemap="OpenTopoMap",
    )
    assert view.query() == (
        "date=1859-06-01&compare=1861-01-01&lang=zh-Hans&layers=areas,borders&opacity=0.5&scan-opacity=0.25"
        "&place=sakhalin,khabarovsk&point=48.125/-0.5&passage=p3&readings=uda-qing,tumen-1861"
        "&map=5.25/48.1/133&basemap=OpenTopoMap"
    )


@pytest.mark.parametrize(
    ("name", "found", "wanted"),
    [
        ("lang", "de", "the languages are en, ru, zh-Hans, zh-Hant"),
        ("lang", "EN", "the languages are en"),
        ("names", "de", "the choices are en, ru, zh-Hans, zh-Hant, local, brackets, all"),
        ("layers", "roads", "the layers are areas, lines"),
        ("scan-opacity", "1.1", "a number from 0 to 1 would do"),
        ("opacity", "2", "a number from 0 to 1 would do"),
        ("opacity", "-0.1", "a number from 0 to 1 would do"),
        ("opacity", "nan", "a number from 0 to 1 would do"),
        ("opacity", "1e-1", "a number from 0 to 1 would do"),
        ("opacity", "٠", "a number from 0 to 1 would do"),
        ("place", "atlantis", "no place, area, line, act or site has this id"),
        ("passage", "p0", "passages are named p1, p2 and so on"),
        ("passage", "3", "passages are named p1, p2 and so on"),
        ("passage", "p123456", "passages are named p1, p2 and so on"),
        ("map", "5/91/133", "zoom/latitude/longitude would do"),
        ("map", "5/48/181", "zoom/latitude/longitude would do"),
        ("map", "21/48/133", "zoom/latitude/longitude would do"),
        ("map", "-1/48/133", "zoom/latitude/longitude would do"),
        ("map", "5/48", "zoom/latitude/longitude would do"),
        ("map", "inf/48/133", "zoom/latitude/longitude would do"),
        ("basemap", "Evil.Tiles", "the online basemaps are"),
        ("year", "1859", "the view has no such part"),
        ("date", "1859", "a day from 1689-09-06 to today would do, as in 1859-06-01"),
        ("date", "1859-02-30", "a day from 1689-09-06 to today would do"),
        ("date", "1859-2-3", "a day from 1689-09-06 to today would do"),
        ("date", "1859-06-01T00:00", "a day from 1689-09-06 to today would do"),
        ("date", "18590601", "a day from 1689-09-06 to today would do"),
        ("date", "1859-W22-3", "a day from 1689-09-06 to today would do"),
        ("date", "１８５９-06-01", "a day from 1689-09-06 to today would do"),
        ("date", "1689-09-05", "a day from 1689-09-06 to today would do"),
        ("date", "1500-01-01", "a day from 1689-09-06 to today would do"),
        ("date", f"{date.today() + timedelta(days=1)}", "a day from 1689-09-06 to today would do"),
        ("date", "today", "a day from 1689-09-06 to today would do"),
        ("compare", "1859-02-30", "a day from 1689-09-06 to today would do"),
        ("compare", "1859-06-01", "name the other day by date="),
        ("point", "48", "latitude/longitude would do, as in 48/131"),
        ("point", "48,131", "latitude/longitude would do"),
        ("point", "5/48/131", "latitude/longitude would do"),
        ("point", "131/48", "latitude/longitude would do"),
        ("point", "85.1/131", "latitude/longitude would do"),
        ("point", "48/180.001", "latitude/longitude would do"),
        ("point", "nan/131", "latitude/longitude would do"),
        ("readings", "nobodys", "no rival reading has this id"),
    ],
)
def test_a_broken_value_is_ignored_and_named_and_the_rest_counts(name, found, wanted):
    parsed = parse_view({name: found, **({} if name == "lang" else {"lang": "ru"})}, KNOWN, READINGS)
    assert len(parsed.notices) == 1
    assert parsed.notices[0].startswith(f"Ignored {name}={found}: {wanted}")
    assert parsed.view.lang == ("" if name == "lang" else "ru")
    assert parsed.view == View(lang=parsed.view.lang)


def test_what_is_known_of_a_list_counts_and_each_of_the_rest_is_named():
    parsed = parse_view(
        "place=sakhalin,atlantis,khabarovsk,sakhalin&layers=lines,roads,areas", KNOWN, READINGS
    )
    assert parsed.view.place == ("sakhalin", "khabarovsk")
    assert parsed.view.layers == ("areas", "lines")
    assert len(parsed.notices) == 2


def test_a_second_day_without_a_first_is_ignored_and_named():
    parsed = parse_view("date=1859-02-30&compare=1861-01-01", KNOWN, READINGS)
    assert parsed.view == View()
    assert [notice.split(":")[0] for notice in parsed.notices] == [
        "Ignored date=1859-02-30",
        "Ignored compare=1861-01-01",
    ]


def test_what_is_known_of_the_readings_counts_and_each_of_the_rest_is_named():
    parsed = parse_view("readings=uda-qing,nobodys,uda-qing,tumen-1861", KNOWN, READINGS)
    assert parsed.view.readings == ("uda-qing", "tumen-1861")
    assert parsed.notices == ("Ignored readings=nobodys: no rival reading has this id.",)


def test_a_point_is_rounded_to_ten_metres():
    assert parse_view("point=48.12344999/131.99995", KNOWN, READINGS).notices != ()
    assert parse_view("point=48.12345/131.99995", KNOWN, READINGS).view.point == Spot(48.1235, 132.0)


def test_no_layer_at_all_can_be_asked_for():
    assert parse_view("layers=none", KNOWN, READINGS).view.layers == ()
    assert View(layers=()).query() == "layers=none"


@pytest.mark.parametrize("lead", ["", "#", "?", "?#"])
def test_a_hash_and_a_query_read_alike(lead):
    assert parse_view(f"{lead}lang=ru", KNOWN, READINGS).view.lang == "ru"


def test_a_long_address_is_ignored_as_a_whole_with_one_short_notice():
    parsed = parse_view("lang=ru&place=" + "x" * 5000, KNOWN, READINGS)
    assert parsed.view == View()
    assert len(parsed.notices) == 1
    assert len(parsed.notices[0]) < 100


def test_a_long_value_is_cut_in_its_notice():
    (notice,) = parse_view({"place": "x" * 1000}, KNOWN, READINGS).notices
    assert len(notice) < 120


@pytest.mark.parametrize(
    ("written", "read"),
    [("0.125", 0.13), ("0.375", 0.38), ("0.005", 0.01), ("0.004", 0.0), ("-0", 0.0), ("0", 0.0), ("1", 1.0)],
)
def test_numbers_are_rounded_half_up_as_the_page_rounds_them(written, read):
    parsed = parse_view({"opacity": written}, KNOWN, READINGS)
    assert str(parsed.view.opacity) == str(read)


def test_zero_is_a_value_and_not_nothing():
    parsed = parse_view("opacity=0&map=0/0/0", KNOWN, READINGS)
    assert parsed.view.opacity == 0
    assert parsed.view.position == Position(0, 0, 0)
    assert parsed.view.query() == "opacity=0&map=0/0/0"
    assert parse_view("point=0/-0", KNOWN, READINGS).view.query() == "point=0/0"


def test_the_opening_layers_are_some_of_the_layers():
    assert set(OPENING_LAYERS) < set(LAYERS)


def test_a_view_goes_through_json():
    from dataclasses import asdict

    view = View(position=Position(5, 48, 131), place=("sakhalin",))
    assert json.loads(json.dumps(asdict(view)))["position"] == [5, 48, 131]


def test_layers_that_nobody_knows_leave_the_opening_layers_on():
    parsed = parse_view("layers=nowhere", ())
    assert parsed.view.layers == OPENING_LAYERS
    assert len(parsed.notices) == 1
    assert parse_view("layers=none", ()).view.layers == ()
    assert parse_view("layers=nowhere,lines", ()).view.layers == ("lines",)
