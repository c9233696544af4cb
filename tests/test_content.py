from __future__ import annotations

import json

import pytest

from geo.article import parse_article
from geo.content import CERTAINTIES, RULE, TRACT, compose_article, compose_content, selectable
from geo.layers import compose_layers
from geo.view import LANGS, LAYERS


@pytest.fixture(scope="module")
def content(atlas):
    return compose_content(atlas, compose_layers(atlas))


@pytest.fixture(scope="module")
def account(atlas):
    return compose_article(atlas)


def of(atlas, text, name="a.md"):
    return compose_article(atlas, parse_article(text.encode(), name, atlas.furniture))


def mentions_of(article):
    return [(passage, mention) for passage in article["passages"] for mention in passage["mentions"]]


def in_utf16(text, start, end):
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def cited(value):
    """Return the keys of all citations within a value."""
    if isinstance(value, dict):
        own = {key for name, part in value.items() if name.lower().endswith("citations") for key, _ in part}
        return own.union(*(cited(part) for part in value.values()))
    return set().union(*map(cited, value)) if isinstance(value, list | tuple) else set()


def test_the_content_goes_through_json_unchanged(content):
    assert json.loads(json.dumps(content, allow_nan=False))["title"] == content["title"]


def test_the_same_atlas_gives_the_same_content(content, atlas):
    assert compose_content(atlas, compose_layers(atlas)) == content


def test_every_source_cited_is_there_with_text_and_every_address_is_of_the_web(content):
    keys = cited(content) | {key for layer in content["layers"] for key in layer["credits"]}
    assert len(keys) > 40
    assert keys <= set(content["sources"])
    for source in content["sources"].values():
        assert source["text"]
        assert source["short"]
        assert source["url"] == "" or source["url"].startswith(("http://", "https://"))


def test_every_record_says_how_sure_it_is_in_a_word_that_is_explained(content):
    records = [*content["places"], *content["areas"], *content["lines"], *content["acts"].values()]
    records += [name for place in content["places"] for name in place["names"]]
    for record in records:
        assert record["certainty"] in CERTAINTIES
        assert record["citations"]


def test_what_a_view_can_select_is_every_place_area_line_and_act(content, atlas):
    ids = [record["id"] for kind in ("places", "areas", "lines") for record in content[kind]]
    assert selectable(atlas) == {*ids, *content["acts"]}
    assert len(ids) + len(content["acts"]) == len(selectable(atlas))


def test_every_id_that_a_record_names_is_there(content):
    areas = {area["id"] for area in content["areas"]}
    features = areas | {line["id"] for line in content["lines"]}
    for place in content["places"]:
        assert place["act"] in content["acts"]
        assert set(place["features"]) <= features
        assert place["features"] or place["within"] in areas
    for record in (*content["areas"], *content["lines"]):
        assert record["act"] is None or record["act"] in content["acts"]
    assert set(content["styles"]) <= set(content["acts"])
    assert content["rule"] == RULE in content["acts"]
    assert content["tract"] == TRACT in areas


def test_every_label_and_name_is_there_in_every_language(content):
    for place in content["places"]:
        assert list(place["labels"]) == list(LANGS)
        assert all(place["labels"].values())
    for record in (*content["areas"], *content["lines"], *content["labels"]):
        assert list(record["names"]) == list(LANGS)
        assert all(record["names"].values())


def test_every_layer_of_a_label_is_a_layer_or_always(content):
    assert {label["layer"] for label in content["labels"]} <= {*LAYERS, "always"}


def test_a_label_has_its_zooms_in_order_and_stands_on_the_map(content):
    west, south, east, north = content["frame"]
    for label in content["labels"]:
        assert label["zooms"][0] <= label["zooms"][1]
        assert all(west <= x <= east and south <= y <= north for x, y in label["at"])


def test_a_town_lies_within_the_area_that_the_data_say(content, atlas):
    given = {place.id: place.within for place in atlas.gazetteer.places if place.kind == "town"}
    assert {place["id"]: place["within"] for place in content["places"] if place["kind"] == "town"} == given


def test_the_eight_places_are_numbered_in_the_order_of_the_rule(content):
    assert [place["number"] for place in content["places"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(place["bracketed"] for place in content["places"])


# The article


def test_every_mention_of_the_account_points_at_what_can_be_selected(account, atlas):
    found = mentions_of(account)
    assert len(found) == len(atlas.annotations)
    for _, mention in found:
        assert set(mention["targets"]) <= selectable(atlas)
        assert bool(mention["targets"]) == (mention["type"] not in ("government", "not-a-place"))


def test_each_of_the_eight_places_is_mentioned_in_the_account(account, atlas):
    assert set(atlas.place_ids) <= {
        target for _, mention in mentions_of(account) for target in mention["targets"]
    }


def test_the_account_is_marked_as_ours_and_another_text_is_not(account, atlas):
    assert account["own"] is True
    assert of(atlas, "Vladivostok lies on the sea.")["own"] is False


def test_offsets_of_the_account_cut_out_the_words_that_were_marked(account, atlas):
    exact = [mention.exact for mention in atlas.annotations]
    assert [in_utf16(p["text"], m["start"], m["end"]) for p, m in mentions_of(account)] == exact


@pytest.mark.parametrize("before", ["", "Here: ", "𠀀𠀁 and 🗺️: ", "é́ 库页岛, ", "a 👩‍👩‍👧 "])
def test_offsets_count_utf16_units_whatever_stands_before(atlas, before):
    article = of(atlas, f"# Title\n\n{before}Khabarovsk and 𠀀 Vladivostok.")
    words = [
        in_utf16(passage["text"], mention["start"], mention["end"])
        for passage, mention in mentions_of(article)
    ]
    assert words[-2:] == ["Khabarovsk", "Vladivostok"]


def test_an_astral_character_counts_as_two(atlas):
    ((_, mention),) = mentions_of(of(atlas, "𠀀 Vladivostok", "a.txt"))
    assert (mention["start"], mention["end"]) == (3, 14)


def test_passages_are_named_in_order_with_their_mentions_apart(atlas):
    article = of(atlas, "# Nerchinsk\n\nNothing here.\n\nFrom Khabarovsk to Vladivostok.")
    assert [passage["id"] for passage in article["passages"]] == ["p1", "p2", "p3"]
    assert [len(passage["mentions"]) for passage in article["passages"]] == [1, 0, 2]
    assert article["title"] == "Nerchinsk"


def test_markup_in_a_text_stays_the_text_it_is(atlas):
    article = of(atlas, "A <script>alert(1)</script> in Vladivostok {{ 7 * 7 }}.", "a.txt")
    assert article["passages"][0]["text"] == "A <script>alert(1)</script> in Vladivostok {{ 7 * 7 }}."
