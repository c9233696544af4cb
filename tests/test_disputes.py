"""What the panel of rival readings and quoted areas is told."""

from __future__ import annotations

import json

import pytest
import shapely

from geo.comparison import compare_areas
from geo.content import compose_content
from geo.layers import compose_layers
from geo.territory import is_polygonal, measure


@pytest.fixture(scope="module")
def content(atlas):
    return json.loads(json.dumps(compose_content(atlas, compose_layers(atlas))))


def test_every_reading_is_there_by_question_the_drawn_one_first(content, atlas):
    readings = content["readings"]
    assert sorted(reading["id"] for reading in readings) == sorted(reading.id for reading in atlas.readings)
    assert [(reading["question"], not reading["drawn"]) for reading in readings] == sorted(
        (reading["question"], not reading["drawn"]) for reading in readings
    )


def test_each_question_has_one_drawn_reading_and_a_rival(content):
    drawn = {}
    for reading in content["readings"]:
        drawn.setdefault(reading["question"], []).append(reading["drawn"])
    for found in drawn.values():
        assert found[0]
        assert found.count(True) == 1
        assert len(found) >= 2


def test_a_reading_says_how_much_land_it_moves_where_that_can_be_measured(content, atlas):
    geometries = {reading.id: reading.geometry for reading in atlas.readings}
    for reading in content["readings"]:
        geometry = geometries[reading["id"]]
        if is_polygonal(geometry):
            assert reading["km2"] == round(measure(geometry).km2) > 0
        else:
            assert reading["km2"] is None


def test_a_reading_says_where_to_look(content, atlas):
    geometries = {reading.id: reading.geometry for reading in atlas.readings}
    west, south, east, north = content["frame"]
    for reading in content["readings"]:
        assert geometries[reading["id"]].distance(shapely.Point(reading["at"])) < 1e-4
        w, s, e, n = reading["bounds"]
        assert west <= w <= e <= east
        assert south <= s <= n <= north


def test_a_reading_says_who_holds_it_and_how_sure_it_is(content):
    for reading in content["readings"]:
        assert reading["says"].endswith(".")
        assert reading["heldBy"]
        assert reading["citations"]
        assert all(reading["names"].values())


def test_quoted_figures_are_those_of_the_comparison(content, atlas):
    compared = {row["id"]: row for row in compare_areas(atlas)[1]}
    assert [figure["id"] for figure in content["quoted"]] == list(compared)
    for figure in content["quoted"]:
        row = compared[figure["id"]]
        assert figure["measuredKm2"] == row["measured_km2"]
        assert figure["differencePercent"] == row["difference_percent"]
        assert (figure["for"], figure["by"]) == (row["quoted_for"], row["quoted_by"])


def test_what_a_figure_counts_is_an_area_of_the_page(content):
    areas = {area["id"] for area in content["areas"]}
    for figure in content["quoted"]:
        assert set(figure["compare"]) <= areas


def test_the_tract_of_1860_comes_near_four_hundred_thousand_only_with_sakhalin(content):
    figures = {figure["id"]: figure for figure in content["quoted"]}
    assert figures["peking-zgbk"]["differencePercent"] > 20
    assert abs(figures["peking-china-org"]["differencePercent"]) < 6
