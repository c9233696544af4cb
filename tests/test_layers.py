from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo.layers import HOME, TINTS, TITLES, area_style, compose_layers, compose_readings
from geo.territory import FRAME, simplified
from geo.view import LAYERS


@pytest.fixture(scope="module")
def layers(atlas):
    return {layer.id: layer for layer in compose_layers(atlas)}


def corners(geometries):
    return {tuple(corner) for corner in shapely.get_coordinates(list(geometries))}


def rounded(found):
    return {tuple(corner) for corner in np.array(sorted(found)).reshape(-1, 2).round(3)}


def test_the_layers_stand_in_the_order_of_the_legend(layers):
    assert list(layers) == list(LAYERS) == list(TITLES)


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_a_title_a_legend_and_credits_that_exist(layers, atlas, name):
    layer = layers[name]
    assert layer.title == TITLES[name]
    assert layer.legend
    assert all(entry.style and entry.text for entry in layer.legend)
    assert len({entry.text for entry in layer.legend}) == len(layer.legend)
    assert set(layer.credits) <= set(atlas.sources)
    assert len(set(layer.credits)) == len(layer.credits)
    assert bool(layer.credits) == (name != "graticule")


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in ("relief", "towns")])
def test_every_feature_is_drawn_validly_within_reach_of_the_frame(layers, name):
    west, south, east, north = FRAME
    assert layers[name].features
    for feature in layers[name].features:
        assert not feature.geometry.is_empty
        assert feature.style
        box = feature.geometry.bounds
        assert box[0] >= west - 3
        assert box[1] >= south - 3
        assert box[2] <= east + 3
        assert box[3] <= north + 3


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in ("relief", "towns")])
def test_features_of_a_layer_have_ids_of_their_own(layers, name):
    ids = [feature.id for feature in layers[name].features]
    assert len(ids) == len(set(ids))


def test_every_record_is_drawn_once_in_its_layer(layers, atlas):
    base = atlas.basemap
    wanted = {
        "areas": atlas.areas,
        "lines": atlas.lines,
        "places": atlas.gazetteer.places,
        "sites": atlas.gazetteer.sites,
        "rivers": (*base.lakes, *base.rivers),
        "borders": base.borders,
    }
    for name, records in wanted.items():
        assert [feature.id for feature in layers[name].features] == [record.id for record in records]


def test_coordinates_are_rounded_to_a_thousandth_of_a_degree(layers):
    for name in ("areas", "lines", "rivers", "borders"):
        found = corners(feature.geometry for feature in layers[name].features)
        assert found == rounded(found)


@pytest.mark.parametrize("name", ["lines", "rivers", "borders"])
def test_a_line_along_an_area_keeps_only_corners_that_the_drawn_area_keeps(layers, atlas, name):
    base = atlas.basemap
    records = {"lines": atlas.lines, "rivers": (*base.lakes, *base.rivers), "borders": base.borders}[name]
    before = corners(area.geometry for area in atlas.areas)
    after = corners(simplified(atlas.areas).geometry)
    dropped = before - after
    tried = 0
    for record, feature in zip(records, layers[name].features, strict=True):
        if feature.style == "lake":
            continue
        for part, drawn in zip(
            shapely.get_parts(record.geometry), shapely.get_parts(feature.geometry), strict=True
        ):
            own = corners([part])
            ends = {part.coords[0], part.coords[-1]}
            gone = rounded((own & dropped) - ends) - rounded(own - dropped | ends)
            tried += len(gone)
            assert corners([drawn]).isdisjoint(gone), record.id
            assert rounded((own & before) - dropped) <= corners([drawn]), record.id
    assert name == "borders" or tried > 50


def test_a_line_keeps_its_ends(layers, atlas):
    for line, feature in zip(atlas.lines, layers["lines"].features, strict=True):
        ends = (line.geometry.coords[0], line.geometry.coords[-1])
        drawn = feature.geometry.geoms[0].coords
        assert rounded(ends) == rounded((drawn[0], drawn[-1]))


def test_a_drawn_line_stays_close_to_the_line_it_draws(layers, atlas):
    for line, feature in zip(atlas.lines, layers["lines"].features, strict=True):
        assert shapely.hausdorff_distance(line.geometry, feature.geometry) < 0.15, line.id


def test_drawn_areas_still_share_their_corners(layers):
    shapes = [feature.geometry for feature in layers["areas"].features]
    assert all(shape.is_valid for shape in shapes)
    assert not any(not edge.is_empty for edge in shapely.coverage_invalid_edges(shapes))


@pytest.mark.parametrize(
    ("certainty", "role", "hatched"),
    [
        ("disputed", "subject", True),
        ("conjectural", "subject", True),
        ("certain", "subject", False),
        ("reported", "subject", False),
        ("approximate", "subject", False),
        ("disputed", "context", False),
    ],
)
def test_ceded_land_is_hatched_where_it_is_disputed_or_conjectural(atlas, certainty, role, hatched):
    area = atlas.areas[0].model_copy(update={"certainty": certainty, "role": role})
    assert ("hatched" in area_style(area).split()) == hatched


def test_every_ceded_area_has_the_tint_of_its_act_and_the_frame_has_none(atlas):
    for area in atlas.areas:
        if area.act is None:
            tint = "returned" if area.role == "subject" else "none"
            assert area_style(area).split()[:3] == ["area", area.role, tint]
        else:
            assert area_style(area).split()[2] == (TINTS | {"agreement-2004": "other"})[area.act]


def test_land_that_went_back_is_told_apart_from_land_that_was_never_ceded(atlas):
    styles = {area.id: area_style(area).split() for area in atlas.areas}
    went_back = {name for name, style in styles.items() if "returned" in style}
    assert went_back == {"jingxin", "bolshoy-ussuriysky-west"}
    assert {name for name, style in styles.items() if "none" in style} == {
        area.id for area in atlas.areas if area.role == "context" and area.act is None
    }


def test_a_new_act_has_a_tint_too(atlas):
    area = atlas.areas[0].model_copy(update={"act": "hunchun-1886", "role": "subject"})
    assert "other" in area_style(area).split()


def test_the_legend_explains_every_style_of_an_area(layers):
    explained = {entry.style for entry in layers["areas"].legend}
    assert {feature.style for feature in layers["areas"].features if "subject" in feature.style} <= explained


def test_the_legend_explains_every_certainty_of_a_line_and_no_other(layers, atlas):
    assert {entry.style for entry in layers["lines"].legend} == {
        f"line {line.certainty}" for line in atlas.lines
    }


def test_the_legend_lists_the_acts_from_the_oldest(layers):
    years = [entry.text[-4:] for entry in layers["areas"].legend if entry.text[-4:].isdigit()]
    assert years == sorted(years)


def test_the_opening_view_lies_in_the_frame_and_holds_the_places(atlas):
    west, south, east, north = HOME
    assert shapely.box(*FRAME).contains(shapely.box(*HOME))
    for place in atlas.gazetteer.places:
        assert west < place.lon < east
        assert south < place.lat < north


def test_layers_of_an_atlas_without_rivers_are_just_without_them(atlas):
    bare = replace(
        atlas, basemap=replace(atlas.basemap, rivers=(), lakes=(), borders=(), labels=()), lines=()
    )
    layers = {layer.id: layer for layer in compose_layers(bare)}
    assert layers["rivers"].features == layers["borders"].features == layers["lines"].features == ()
    assert layers["lines"].legend == ()


# Rival readings and sites


def test_just_the_rival_readings_are_drawn_beside_ours_each_by_its_side(atlas):
    drawn = compose_readings(atlas)
    rivals = [reading for reading in atlas.readings if not reading.drawn]
    assert len(rivals) >= 8
    assert [feature.id for feature in drawn] == [reading.id for reading in rivals]
    for feature, reading in zip(drawn, rivals, strict=True):
        assert feature.style == f"reading {reading.side}"
        assert not feature.geometry.is_empty
        assert feature.geometry.is_valid
        found = corners([feature.geometry])
        assert found == rounded(found)


def test_a_rival_reading_is_drawn_where_it_lies(atlas):
    shapes = {reading.id: reading.geometry for reading in atlas.readings}
    for feature in compose_readings(atlas):
        assert shapely.hausdorff_distance(feature.geometry, shapes[feature.id]) < 0.15, feature.id


def test_an_atlas_with_drawn_readings_alone_has_none_beside_ours(atlas):
    drawn = tuple(reading for reading in atlas.readings if reading.drawn)
    assert compose_readings(replace(atlas, readings=drawn)) == ()


def test_a_site_is_a_point_in_the_look_of_its_kind(layers, atlas):
    for site, feature in zip(atlas.gazetteer.sites, layers["sites"].features, strict=True):
        assert feature.style == f"site {site.kind}"
        assert (feature.geometry.x, feature.geometry.y) == (site.lon, site.lat)


def test_the_areas_credit_the_sources_of_their_holdings(layers, atlas):
    cited = {citation.key for record in atlas.holdings.records for citation in record.citations}
    assert cited <= set(layers["areas"].credits)
