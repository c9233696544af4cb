"""A reader's gazetteer beside the atlas: places told to be the same, the text linked with both."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shapely

from geo.article import parse_article
from geo.content import selectable
from geo.imports import OwnGazetteer, OwnPlace, parse_gazetteer
from geo.merging import (
    compose_gazetteer,
    compose_own_layer,
    find_twins,
    licence_of,
    link_with,
)
from geo.sentences import unpacked


def gazetteer(*places: tuple[str, float, float], licence: str = "") -> OwnGazetteer:
    made = (
        OwnPlace(
            f"own-{n}",
            "",
            tuple((form, "und") for form in names.split("|")),
            geometry=shapely.Point(lon, lat),
        )
        for n, (names, lon, lat) in enumerate(places, 1)
    )
    return OwnGazetteer("Mine", "", licence, tuple(made))


@pytest.fixture(scope="module")
def text(atlas):
    return parse_article(
        b"Posyet lies near Vladivostok, called Vladik; Port Arthur far off.", "a.txt", atlas.furniture
    )


def pointed(mentions):
    return {mention.exact: mention.targets for mention in mentions}


def test_a_place_is_one_of_ours_by_its_number_or_by_its_name_nearby(atlas):
    made = OwnGazetteer(
        "",
        "",
        "",
        (
            OwnPlace("own-1", "", (("Golden Horn", "en"),), matches=("wd:Q959",)),
            OwnPlace("own-2", "", (("VLADIVOSTOK", "en"),), geometry=shapely.Point(131.7, 43.1)),
            OwnPlace("own-3", "", (("Vladivostok", "en"),), geometry=shapely.Point(131.6, 43.1)),  # 22 km off
            OwnPlace("own-4", "", (("Vladivostok", "en"),)),  # nowhere
            OwnPlace(
                "own-5", "", (("Сахалин", "ru"),), geometry=shapely.Point(143, 47)
            ),  # far from its number
            OwnPlace("own-6", "", (("Albazin", "en"),), geometry=shapely.Point(124.1, 53.4)),
            OwnPlace(
                "own-7",
                "",
                (("Stanovoy Range", "en"),),
                geometry=shapely.LineString([(100, 50), (128, 55.7)]),
            ),
        ),
    )
    assert find_twins(atlas, made) == {
        "own-1": "vladivostok",
        "own-2": "vladivostok",
        "own-5": "sakhalin",
        "own-6": "albazin",
        "own-7": "stanovoy-range",
    }


def test_no_id_of_the_atlas_looks_like_one_of_a_reader(atlas):
    known = selectable(atlas) | {label.id for label in atlas.basemap.labels}
    assert [name for name in known if name.startswith("own")] == []


def test_a_readers_names_are_linked_beside_ours_and_a_place_of_both_as_ours(atlas, text):
    made = gazetteer(("Posyet", 130.8, 42.65), ("Vladivostok|Vladik", 131.9, 43.1), ("Dalny", 121.6, 38.9))
    assert pointed(link_with(atlas, text, made)) == {
        "Posyet": ("own-1",),
        "Vladivostok": ("vladivostok",),
        "Vladik": ("vladivostok",),
    }


def test_alone_the_text_is_linked_with_the_readers_names_only(atlas, text):
    made = gazetteer(("Vladivostok", 131.9, 43.1))
    assert pointed(link_with(atlas, text, made, alone=True)) == {"Vladivostok": ("own-1",)}
    nothing = gazetteer(("5", 131.9, 43.1))
    assert link_with(atlas, text, nothing, alone=True) == ()
    assert pointed(link_with(atlas, text, nothing)) == {"Vladivostok": ("vladivostok",)}


def test_a_name_of_several_places_points_at_all_of_them(atlas, text):
    made = gazetteer(
        ("Posyet", 130.8, 42.65), ("POSYET", 140, 50), ("Vladivostok", 100, 50), ("Vladivostok", 101, 50)
    )
    (posyet, vladivostok) = link_with(atlas, text, made)
    assert posyet.targets == ("own-1", "own-2")
    assert posyet.confidence == 0.5
    assert posyet.note == "More than one place of your gazetteer bears this name."
    assert vladivostok.targets == ("vladivostok",)  # a name of ours goes before


def test_of_very_many_places_of_one_name_the_first_fifty_are_pointed_at(atlas, text):
    (posyet, _) = link_with(atlas, text, gazetteer(*[("Posyet", 130.0, 45.0)] * 60))
    assert posyet.targets == tuple(f"own-{n}" for n in range(1, 51))
    assert posyet.note.endswith("bears this name. Here are the first 50.")


def test_in_our_account_the_curated_mentions_stand_and_the_readers_fill_the_rest(atlas):
    made = gazetteer(("Vladivostok", 131.9, 43.1), ("Kremlin|New", 37.6, 55.75), ("paper", 130, 50))
    merged = link_with(atlas, None, made)
    assert [mention for mention in merged if mention.rule == "curated"] == list(atlas.annotations)
    added = [mention for mention in merged if mention.rule != "curated"]
    # The Kremlin is a government there, New a part of a newspaper's name, Vladivostok ours.
    assert {mention.targets for mention in added} == {("own-3",)}
    order = {passage.id: n for n, passage in enumerate(atlas.account.passages)}
    places = [(order[mention.passage], mention.start, mention.end) for mention in merged]
    assert places == sorted(places)
    assert all(one[0] < two[0] or one[2] <= two[1] for one, two in pairwise(places))
    alone = link_with(atlas, None, made, alone=True)
    assert {mention.rule for mention in alone} == {"name"}
    assert ("own-1",) in {mention.targets for mention in alone}


def test_the_page_is_given_what_a_place_says_and_nothing_that_is_empty(atlas):
    content = (
        b"name,lat,lon,lang,name_ru,start,kind,note,url,source,wikidata\n"
        b"Port,43.123456,131.9,en,\xd0\x9f\xd0\xbe\xd1\x80\xd1\x82,1860,port,N,https://e.org/,S,Q959\n"
        b"London,51.5,0,,,,,,,,\n"
    )
    made = parse_gazetteer(content, "mine.csv")
    said = compose_gazetteer(atlas, made)
    assert said["places"] == [
        {
            "id": "own-1",
            "forms": (("Port", "en"), ("Порт", "ru")),
            "kind": "port",
            "dates": "since 1860",
            "span": ["1860-01-01", None],
            "note": "N",
            "url": "https://e.org/",
            "credit": "S",
            "matches": ("wd:Q959",),
            "twin": "vladivostok",
            "shape": "point",
            "at": [(131.9, 43.12346)],
        },
        {
            "id": "own-2",
            "forms": (("London", "und"),),
            "outside": True,
            "shape": "point",
            "at": [(0.0, 51.5)],
        },
    ]
    assert unpacked(said["described"]) == "2 places (2 points), 1 outside the map’s frame"
    layer = compose_own_layer(made)
    assert list(map(unpacked, layer["said"])) == [
        "2 places (2 points), 1 outside the map’s frame.",
        "S.",
        "Licence: as its owner says.",
    ]
    assert layer["legend"] == [{"style": "own-point", "text": "Point"}]


def test_lines_and_areas_are_given_part_by_part_with_a_spot_for_their_label(atlas):
    square = shapely.box(130, 44, 132, 46).difference(shapely.box(131, 45, 131.5, 45.5))
    shapes = (square, shapely.MultiLineString([[(130, 44), (131, 45)], [(132, 45), (133, 46)]]))
    made = OwnGazetteer(
        "",
        "",
        "CC0.",
        tuple(OwnPlace(f"own-{n}", "", (("A", "en"),), geometry=g) for n, g in enumerate(shapes)),
    )
    area, line = compose_gazetteer(atlas, made)["places"]
    assert (area["shape"], len(area["at"]), len(area["at"][0])) == ("area", 1, 2)
    assert square.contains(shapely.Point(area["label"]))
    assert (line["shape"], line["at"]) == ("line", [((130, 44), (131, 45)), ((132, 45), (133, 46))])
    assert licence_of(made) == "CC0"
