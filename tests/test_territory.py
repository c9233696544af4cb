from __future__ import annotations

import json

import pytest
import shapely
from shapely.geometry import box

from geo.reading import DATA_DIR
from geo.territory import (
    CRS,
    DRAWN_TOLERANCE,
    Area,
    area_at,
    is_linear,
    is_polygonal,
    measure,
    misfits,
    runs_along,
    simplified,
)

NAMES = {"en": "A", "ru": "А", "zh-Hans": "甲", "zh-Hant": "甲"}


def area(name, geometry):
    return Area.model_validate(
        {
            "id": name,
            "role": "subject",
            "act": None,
            "names": NAMES,
            "basis": "drawn",
            "note": "",
            "label": (0, 0),
            "certainty": "certain",
            "citations": "a",
            "geometry": geometry,
        }
    )


def test_a_degree_square_at_the_equator_measures_as_on_the_ellipsoid():
    assert measure(box(0, 0, 1, 1)).km2 == pytest.approx(12308.778, abs=0.01)


def test_the_direction_of_a_ring_does_not_change_its_size():
    ring = shapely.Polygon(list(box(0, 0, 1, 1).exterior.coords)[::-1])
    assert measure(ring) == measure(box(0, 0, 1, 1))


def test_the_mainland_is_the_largest_piece_and_holes_do_not_count():
    holed = box(0, 0, 4, 4) - box(1, 1, 2, 2)
    size = measure(shapely.MultiPolygon([box(10, 0, 11, 1), holed]))
    assert size.mainland_km2 == pytest.approx(measure(box(0, 0, 4, 4)).km2 - measure(box(1, 1, 2, 2)).km2)
    assert size.km2 == pytest.approx(size.mainland_km2 + measure(box(10, 0, 11, 1)).km2)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("ussuri-coast", 300_000, 325_000),
        ("sakhalin-north", 38_000, 45_000),
        ("sakhalin-south", 31_000, 38_000),
        ("amur-left-bank", 580_000, 660_000),
    ],
)
def test_the_ceded_areas_have_the_size_of_the_land(atlas, name, low, high):
    found = next(each for each in atlas.areas if each.id == name)
    assert low < measure(found.geometry).km2 < high


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (131.8735, 43.1056, "ussuri-coast"),
        (127.53, 50.29, "amur-left-bank"),
        (142.9, 51.0, "sakhalin-north"),
        (142.7, 47.0, "sakhalin-south"),
        (126.6, 45.75, "manchuria"),
        (116.587, 51.98, "russia-1689"),
        (135.0, 40.0, None),
        (0.0, 0.0, None),
    ],
)
def test_a_point_lies_in_the_area_that_holds_it(atlas, lon, lat, name):
    found = area_at(atlas.areas, lon, lat)
    assert (found.id if found else None) == name


def test_a_point_on_the_edge_of_two_areas_lies_in_one_of_them():
    neighbours = [area("a", box(0, 0, 1, 1)), area("b", box(1, 0, 2, 1))]
    assert area_at(neighbours, 1, 0.5) is neighbours[0]
    assert area_at([], 1, 0.5) is None


@pytest.mark.parametrize(
    ("right", "at_fault"),
    [
        (box(1, 0, 2, 1), []),
        (box(1.2, 0, 2, 1), []),
        (box(0.9, 0, 2, 1), ["a", "b"]),
        (shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1.0001, 0.5)]), ["a", "b"]),
    ],
    ids=["neighbours", "a-strait-apart", "overlap", "gap"],
)
def test_areas_that_leave_a_gap_or_overlap_are_named(right, at_fault):
    left = shapely.Polygon([(0, 0), (1, 0), (1, 0.5), (1, 1), (0, 1)])
    if not at_fault:
        left = box(0, 0, 1, 1)
    assert misfits([area("a", left), area("b", right)]) == at_fault


def test_the_areas_of_the_atlas_fit_and_still_do_when_simplified(atlas):
    assert misfits(atlas.areas) == []
    drawn = simplified(atlas.areas)
    assert drawn.geometry.is_valid_coverage()
    assert drawn.geometry.is_valid.all()
    assert list(drawn["id"]) == [each.id for each in atlas.areas]
    assert drawn.crs.to_string() == CRS


def test_simplifying_drops_corners_but_hardly_any_land(atlas):
    drawn = dict(zip(*[simplified(atlas.areas)[column] for column in ("id", "geometry")], strict=True))
    before = sum(len(shapely.get_coordinates(each.geometry)) for each in atlas.areas)
    after = sum(len(shapely.get_coordinates(geometry)) for geometry in drawn.values())
    assert after < 0.8 * before
    for each in atlas.areas:
        assert measure(drawn[each.id]).km2 == pytest.approx(measure(each.geometry).km2, rel=0.01)


def test_the_towns_are_checked_against_the_very_outlines_that_are_drawn(atlas):
    checked = shapely.coverage_simplify([each.geometry for each in atlas.areas], DRAWN_TOLERANCE)
    assert all(
        one.equals(other) for one, other in zip(checked, simplified(atlas.areas).geometry, strict=True)
    )


def test_simplifying_leaves_the_atlas_as_it_was(atlas):
    before = [each.geometry.wkb for each in atlas.areas]
    simplified(atlas.areas, 1.0)
    assert [each.geometry.wkb for each in atlas.areas] == before


def test_a_label_of_an_area_stands_in_it(atlas):
    outside = [each.id for each in atlas.areas if not each.geometry.covers(shapely.Point(each.label))]
    assert outside == []


@pytest.mark.parametrize(
    ("geometry", "polygonal", "linear"),
    [
        (box(0, 0, 1, 1), True, False),
        (shapely.MultiPolygon([box(0, 0, 1, 1)]), True, False),
        (shapely.LineString([(0, 0), (1, 1)]), False, True),
        (shapely.MultiLineString([[(0, 0), (1, 1)]]), False, True),
        (shapely.Point(0, 0), False, False),
        (shapely.GeometryCollection(), False, False),
        (box(0, 0, 1, 1).exterior, False, False),
    ],
)
def test_polygons_and_lines_are_told_apart(geometry, polygonal, linear):
    assert (is_polygonal(geometry), is_linear(geometry)) == (polygonal, linear)


@pytest.mark.parametrize(
    ("line", "along"),
    [
        ([(0, 0), (1, 0)], True),
        ([(-9, 0), (1, 0)], True),
        ([(-9.1, 0), (1, 0)], False),
        ([(0, 0.5), (1, 0.5)], False),
        ([(0.5, -1), (0.5, 2)], False),
        ([(0, -1), (0, 0)], False),
        ([(3, 0), (4, 0)], False),
        ([(0, 0), (1, 0), (1, 1), (0, 1)], True),
    ],
    ids=["an-edge", "a-tenth", "less", "inside", "across", "a-touch", "apart", "three-edges"],
)
def test_a_line_runs_along_an_area_if_a_tenth_of_it_is_its_boundary(line, along):
    assert runs_along(box(0, 0, 1, 1), shapely.LineString(line)) is along
    assert runs_along(shapely.MultiPolygon([box(0, 0, 1, 1)]), shapely.MultiLineString([line])) is along


def test_the_crest_runs_along_the_land_on_both_its_sides(atlas):
    (crest,) = (line.geometry for line in atlas.lines if line.id == "stanovoy-crest")
    assert {"amur-left-bank", "russia-1689"} <= {a.id for a in atlas.areas if runs_along(a.geometry, crest)}
    assert not any(runs_along(a.geometry, crest) for a in atlas.areas if a.id in ("manchuria", "korea"))


@pytest.mark.parametrize("file", ["areas.geojson", "lines.geojson", "readings.geojson"])
def test_features_are_sorted_one_a_line_with_five_decimals(file):
    text = (DATA_DIR / file).read_text("utf-8")
    raw = json.loads(text)
    names = [feature["properties"]["id"] for feature in raw["features"]]
    assert names == sorted(names)
    assert len(text.strip().splitlines()) == len(names) + 2
    corners = shapely.get_coordinates(
        [shapely.from_geojson(json.dumps(f["geometry"])) for f in raw["features"]]
    )
    assert abs(corners - corners.round(5)).max() < 1e-9
