from __future__ import annotations

import json

import pytest

from geo.comparison import compare_areas
from geo.territory import measure


@pytest.fixture(scope="module")
def compared(atlas):
    return compare_areas(atlas)


def test_the_ceded_areas_alone_are_measured_and_as_they_are(compared, atlas):
    sizes = {area.id: measure(area.geometry) for area in atlas.areas if area.role == "subject"}
    assert [row["id"] for row in compared[0]] == list(sizes)
    for row in compared[0]:
        assert row["km2"] == round(sizes[row["id"]].km2)
        assert row["mainland_km2"] == round(sizes[row["id"]].mainland_km2)
        assert row["rest_km2"] == pytest.approx(row["km2"] - row["mainland_km2"], abs=1)


def test_every_quoted_figure_has_its_difference_from_the_sum_beside_it(compared, atlas):
    sizes = {area.id: measure(area.geometry).km2 for area in atlas.areas}
    assert [row["id"] for row in compared[1]] == [figure.id for figure in atlas.quoted_areas]
    for row in compared[1]:
        ours = sum(sizes[name] for name in row["compare"])
        assert row["measured_km2"] == round(ours)
        assert row["difference_percent"] == round(100 * (row["km2"] - ours) / ours, 1)


def test_a_figure_with_sakhalin_is_set_beside_a_sum_with_sakhalin_and_one_without_beside_none(compared):
    for row in compared[1]:
        island = {"sakhalin-north", "sakhalin-south"} & set(row["compare"])
        assert len(island) == (2 if row["sakhalin"] == "included" else 0), row["id"]


def test_every_figure_is_cited_and_goes_through_json(compared, atlas):
    for row in json.loads(json.dumps(compared))[1]:
        assert row["citations"]
        assert {key for key, _ in row["citations"]} <= set(atlas.sources)


def test_each_quoted_figure_names_who_quotes_it(compared):
    for row in compared[1]:
        assert all(row["quoted_by"])
        assert len(row["quoted_by"]) == len({key for key, _ in row["citations"]})
