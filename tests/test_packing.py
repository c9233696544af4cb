"""How what a page says is written: like beside like, nothing twice, and all of it comes back."""

from __future__ import annotations

import json

import pytest

from geo.content import compose_content
from geo.embed import embed_content
from geo.layers import compose_layers
from geo.packing import arranged, in_columns
from geo.view import LANGS
from tests.unpacking import read_content

SOURCES = {key: {"text": key.upper(), "url": ""} for key in ("b-1900", "a-1800", "1904")}


def called(text):
    return {"names": {lang: f"{text} {lang}" for lang in LANGS}, "n": len(text)}


@pytest.mark.parametrize("light", [False, True], ids=["page", "embed"])
def test_all_that_a_page_says_of_the_atlas_comes_back_as_it_was(atlas, light):
    content = compose_content(atlas, compose_layers(atlas))
    said = json.loads(json.dumps(embed_content(content) if light else content))
    written = json.dumps(arranged(said), ensure_ascii=False)
    assert read_content(json.loads(written)) == said
    assert len(written) < 0.75 * len(json.dumps(said, ensure_ascii=False))


def test_a_source_is_cited_by_its_number_with_the_place_in_it_if_there_is_one():
    cited = [["1904", ""], ["b-1900", "art. 1"], ["a-1800", "p. 5"]]
    content = {"sources": SOURCES, "step": {"citations": cited}, "layer": {"credits": ["1904", "b-1900"]}}
    written = arranged(content)
    assert written["step"] == {"citations": [2, 0, "art. 1", 1, "p. 5"]}
    assert written["layer"] == {"credits": [2, 0]}
    assert read_content(written) == content


def test_a_source_that_is_not_among_them_is_cited_as_it_was():
    content = {"sources": SOURCES, "step": {"citations": [["elsewhere", "p. 1"], ["b-1900", ""]]}}
    assert arranged(content)["step"]["citations"] == [["elsewhere", "p. 1"], 0]
    assert read_content(arranged(content)) == content


def test_what_merely_bears_the_name_of_a_field_that_cites_is_no_citation():
    content = {"sources": SOURCES, "spellings": {"citations": {"en": ["Cites"]}}}
    assert read_content(arranged(content)) == content


def test_the_names_of_records_of_all_kinds_stand_together_by_language():
    content = {
        "sources": SOURCES,
        "lines": [called("x"), called("yy")],
        "acts": {"a": called("z"), "b": called("w")},
    }
    written = arranged(content)
    assert written["names"]["ru"] == ["z ru", "w ru", "x ru", "yy ru"]
    assert written["lines"]["columns"]["names"] == {"from": 2, "to": 4}
    assert read_content(written) == content


def test_the_records_of_each_of_many_records_stand_in_the_same_columns():
    places = [
        {"names": [{"form": "A", "n": 1}, {"form": "B", "n": 2}]},
        {"names": []},
        {"names": [{"form": "C", "n": 3}]},
    ]
    written = in_columns(places)
    assert written == {
        "columns": {"names": {"columns": {"form": ["A", "B", "C"], "n": [1, 2, 3]}, "counts": [2, 0, 1]}}
    }
    assert read_content({"sources": {}, "names": {}, "places": written})["places"] == places


@pytest.mark.parametrize(
    "records",
    [[], [{"a": 1}], [{"a": 1}, {"b": 1}], [{}, {}], [[], []], [[{"a": 1}], [{"b": 1}]], [1, 2], {"a": 1}],
)
def test_records_that_are_not_alike_stay_as_they_are(records):
    assert in_columns(records) == records
