"""A reader's gazetteer made lighter: which places are taken, how outlines are simplified, what it says."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo.article import parse_article
from geo.budget import say_weight, weigh
from geo.errors import DataError
from geo.imports import OwnGazetteer, OwnPlace, parse_gazetteer
from geo.imports.simplifying import FINE, simplify
from geo.language import TRANSLATED
from geo.lightening import lighten
from geo.linker import Mention
from geo.merging import compose_gazetteer
from geo.territory import measure
from geo.view import View, show_own

PLACES = (
    ("Posyet", (130.8, 42.65)),
    ("London", (0, 51.5)),
    ("Nowhere", None),
    ("Vladik", (131.9, 43.12)),
    ("Kolbe", (131, 46)),
)


def of(*shapes):
    return OwnGazetteer(
        "Shapes",
        "",
        "",
        tuple(OwnPlace(f"own-{n}", "", ((f"S{n}", "en"),), geometry=g) for n, g in enumerate(shapes)),
    )


def geometries(gazetteer):
    return np.array([place.geometry for place in gazetteer.places], dtype=object)


def coast(corners, reach=0.01):
    """Return a rugged line up the meridian of 131 degrees, from 46 to 47 degrees north."""
    share = np.linspace(0, 1, corners)
    east = reach * (np.sin(share * 9) + np.sin(share * 71) / 4 + np.sin(share * 977) / 20)
    return np.column_stack((131 + east, 46 + share))


@pytest.fixture(scope="module")
def neighbours():
    """Return two lands that share a rugged border, with 2,000 corners each."""
    border = coast(2000)
    west = shapely.Polygon([*border, (130, 47), (130, 46)])
    east = shapely.Polygon([*border, (132, 47), (132, 46)])
    return of(west, east, shapely.Point(131.00000123, 46.5))


@pytest.fixture
def own():
    places = tuple(
        OwnPlace(
            f"own-{n}",
            "",
            ((name, "en"),),
            geometry=at and shapely.Point(at),
            matches=("wd:Q959",) * (name == "Vladik"),
        )
        for n, (name, at) in enumerate(PLACES, 1)
    )
    return OwnGazetteer("mine", "", "", places)


def names_of(gazetteer):
    return [place.names[0][0] for place in gazetteer.places]


# Outlines


def test_areas_that_touch_keep_one_border_between_them_also_where_three_meet():
    border, middle = coast(2000), 997
    lands = (
        shapely.Polygon([*border, (130, 47), (130, 46)]),
        shapely.Polygon([*border[: middle + 1], (132, border[middle][1]), (132, 46)]),
        shapely.Polygon([*border[middle:], (132, 47), (132, border[middle][1])]),
    )
    found = geometries(simplify(of(*lands)))
    assert (shapely.get_num_coordinates(found) < 1000).all()
    assert shapely.coverage_is_valid(found)
    together = shapely.union_all(found)
    assert together.symmetric_difference(shapely.box(130, 46, 132, 47)).area < 1e-9


def test_areas_that_lie_over_one_another_and_lines_are_simplified_each_alone():
    ring = shapely.Point(131, 46).buffer(0.5, quad_segs=2000)
    over = shapely.transform(ring, lambda corners: corners + np.array((0.2, 0)))
    road = shapely.LineString(coast(2000))
    found = geometries(simplify(of(ring, over, road)))
    assert shapely.is_valid(found).all()
    assert (shapely.get_num_coordinates(found) < 300).all()
    assert [each.geom_type for each in found] == ["Polygon", "Polygon", "LineString"]


def test_it_says_in_metres_on_the_ground_how_far_lines_moved_at_most(neighbours):
    found = simplify(neighbours)
    worst = 0.0
    for before, after in zip(geometries(neighbours)[:2], geometries(found)[:2], strict=True):
        there = shapely.Point(
            *max(before.exterior.coords, key=lambda at: after.boundary.distance(shapely.Point(at)))
        )
        near = after.boundary.interpolate(after.boundary.project(there))
        lat = np.radians(there.y)
        worst = max(worst, 111_320 * np.hypot((there.x - near.x) * np.cos(lat), there.y - near.y))
    assert 20 < found.moved < FINE
    assert found.moved == pytest.approx(worst, rel=0.02)


def test_what_is_kept_stays_where_the_file_has_it_and_points_are_untouched(neighbours):
    before, after = geometries(neighbours), geometries(simplify(neighbours))
    there = {(round(x, 9), round(y, 9)) for x, y in shapely.get_coordinates(before)}
    assert {(round(x, 9), round(y, 9)) for x, y in shapely.get_coordinates(after)} < there
    assert after[2] is before[2]


def test_size_of_land_hardly_changes(neighbours):
    before, after = (measure(geometries(each)[0]).km2 for each in (neighbours, simplify(neighbours)))
    assert after == pytest.approx(before, rel=0.001)


def test_what_is_simple_already_stays_the_very_same(own):
    square = of(shapely.box(131, 46, 132, 47))
    assert simplify(square) is square
    assert simplify(own) is own


# Which places


def test_of_all_places_those_in_the_frame_of_the_map_can_be_taken_and_keep_their_ids(atlas, own):
    found = lighten(atlas, own, only="map")
    assert [(place.id, name) for place, name in zip(found.places, names_of(found), strict=True)] == [
        ("own-1", "Posyet"),
        ("own-4", "Vladik"),
        ("own-5", "Kolbe"),
    ]
    assert (found.chosen, found.left_out) == ("map", 2)


def test_of_all_places_those_that_the_text_names_can_be_taken_also_under_our_name_for_them(atlas, own):
    text = parse_article(b"From London to Vladivostok by way of Nowhere.", "a.txt", ())
    found = lighten(atlas, own, text, only="text")
    assert names_of(found) == ["London", "Nowhere", "Vladik"]
    assert (found.chosen, found.left_out) == ("text", 2)
    assert names_of(lighten(atlas, own, text, alone=True, only="text")) == ["London", "Nowhere"]


def test_our_account_names_a_place_in_any_of_its_languages(atlas):
    own = parse_gazetteer("name,lat,lon\nКолби,39,-77\nPosyet,42.65,130.8\n".encode(), "mine.csv")
    assert names_of(lighten(atlas, own, only="text")) == ["Колби"]


def test_what_people_marked_is_taken_in_any_case(atlas, own):
    text = parse_article(b"From London to the harbour.", "a.txt", ())
    mark = Mention("p1", 15, 26, "the harbour", "place", ("own-1",), "curated", 1.0)
    assert names_of(lighten(atlas, own, text, curated=[mark], only="text")) == ["Posyet", "London"]
    assert (
        names_of(lighten(atlas, own, text, curated=[replace(mark, targets=("own-2",))], only="map"))[1]
        == "London"
    )


@pytest.mark.parametrize(
    ("only", "says"), [("map", "lies in the map’s frame"), ("text", "the text names none of its places")]
)
def test_where_no_place_would_be_left_it_is_said_and_none_is_left_out(atlas, only, says):
    own = parse_gazetteer(b"name,lat,lon\nSantiago,-33,-70\n", "mine.csv")
    with pytest.raises(DataError, match=says):
        lighten(atlas, own, only=only)


def test_nothing_asked_leaves_the_gazetteer_as_it_is(atlas, own):
    assert lighten(atlas, own) is own


def test_the_page_is_told_what_its_gazetteer_lacks(atlas, own, neighbours):
    assert not {"moved", "chosen", "leftOut"} & set(compose_gazetteer(atlas, own))
    told = compose_gazetteer(atlas, lighten(atlas, own, only="map"))
    assert (told["chosen"], told["leftOut"], told.get("moved")) == ("map", 2, None)
    moved = compose_gazetteer(atlas, lighten(atlas, neighbours, metres=FINE))["moved"]
    assert moved == round(simplify(neighbours).moved)


# The weight


def test_a_page_that_keeps_to_its_budget_is_not_spoken_of(page, own):
    assert weigh(page.document(View())) is None
    assert weigh(page.document(show_own(View()), gazetteer=own), gazetteer=own) is None


def test_a_heavy_page_is_told_with_its_causes_and_is_light_once_they_are_gone(page, atlas, monkeypatch):
    monkeypatch.setattr("geo.budget.BUDGET", 600_000)
    monkeypatch.setattr("geo.budget._LEAST", 100_000)
    shapes = of(*(shapely.Point(120 + n, 50).buffer(0.4, quad_segs=2400) for n in range(3)))
    text = parse_article((b"In the end it was cold that day. " * 60 + b"\n\n") * 140, "a.txt", ())
    document = page.document(show_own(View()), text, shapes)
    weight = weigh(document, text, shapes)
    assert weight.total == len(document.encode())
    parts = dict(weight.parts)
    assert list(parts) == ["outlines", "text"]
    without = len(page.document(View(), text).encode())
    assert parts["outlines"] == pytest.approx(weight.total - without, rel=0.2)
    assert weight.causes == ("outlines", "text", "places")
    said = say_weight(weight)
    assert said.startswith(f"The page weighs {weight.total / 1e6:.1f} MB, more than the 0.6 MB")
    assert f"outlines of your gazetteer {parts['outlines'] / 1e6:.1f} MB, the text" in said
    advice = "Simplify the outlines. Bring a part of the text. Show fewer places of your gazetteer."
    assert said.endswith(advice)
    for lang in TRANSLATED:
        assert re.search("[a-zA-Z]{3}|[{}]", say_weight(weight, lang)) is None
    light = lighten(atlas, shapes, metres=FINE)
    assert weigh(page.document(show_own(View()), text, light), text, light) is None


def test_a_text_weighs_in_the_page_little_more_than_in_its_file(page):
    line = "From Vladivostok to Khabarovsk it is a day, from Nerchinsk to Sakhalin a month on the river. "
    text = parse_article(((line * 8 + "\n\n") * 200).encode(), "a.txt", ())
    grown = len(page.document(View(), text).encode()) - len(page.document(View()).encode())
    assert grown < 1.6 * len(text.text.encode())
