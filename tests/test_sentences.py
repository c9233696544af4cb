"""Sentences that are said again in the language of a reader, and that no refusal of a file is without one."""

from __future__ import annotations

import ast
import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.annotations.incoming import parse_page
from geo.annotations.writing import Identities
from geo.article import parse_article
from geo.citations import check_address
from geo.errors import AtlasError, DataError
from geo.imports import describe, parse_gazetteer
from geo.imports.apart import parse_apart
from geo.language import TRANSLATED, Catalogue, interface
from geo.language.phrases import GEO_DIR
from geo.scans import parse_bounds, parse_scan
from geo.scans.georeference import parse_georeference
from geo.sentences import Sentence, listed, packed, said_by, sentence, sentence_n, unpacked
from geo.territory import FRAME
from geo.tour import Known, parse_tour
from geo.view import parse_view

RUSSIAN = Catalogue(
    "ru",
    {
        "{n} place": ("{n} место", "{n} места", "{n} мест"),
        "row {n}": ("строка {n}",),
        "found {found}; {told}": ("найдено {found}; {told}",),
        "a list would do": ("нужен список",),
    },
)


# What a sentence is


def test_a_sentence_is_its_english_text_and_no_value_has_a_meaning_in_it():
    said = sentence(
        "found {found}; {told} {who}", found="{told} %s {0}", told=sentence("{n} of {m}", n=1200, m=3)
    )
    assert said == "found {told} %s {0}; 1,200 of 3 {who}"
    assert isinstance(said, str)
    assert [sentence_n("{n} place", "{n} places", n) for n in (1, 2)] == ["1 place", "2 places"]


def test_a_sentence_is_said_again_with_all_that_stands_in_it():
    said = sentence("found {found}; {told}", found="{n} <b>", told=sentence("a list would do"))
    assert RUSSIAN.repeat(said) == "найдено {n} <b>; нужен список"
    assert [RUSSIAN.repeat(sentence_n("{n} place", "{n} places", n)) for n in (1, 2, 5, 1200)] == [
        "1 место",
        "2 места",
        "5 мест",
        "1\xa0200 мест",
    ]
    assert RUSSIAN.repeat(listed([sentence("row {n}", n="7"), "x"])) == "строка 7, x"
    assert RUSSIAN.repeat("row 7") == RUSSIAN.repeat(sentence("row 7")) == "row 7"
    assert RUSSIAN.repeat(sentence_n("{n} day", "{n} days", 2)) == "2 days"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda said: pickle.loads(pickle.dumps(said))])
def test_a_copy_of_a_sentence_is_one(again):
    said = again(sentence_n("{n} place", "{n} places", 5))
    assert RUSSIAN.repeat(said) == "5 мест"


SAID = st.recursive(
    st.text(max_size=8),
    lambda parts: st.builds(
        Sentence,
        st.sampled_from(["found {a}", "{a} and {n}", "none"]),
        st.fixed_dictionaries({"a": parts, "n": st.integers(0, 10**9)}),
        st.sampled_from(["", "many {n}"]),
    ),
    max_leaves=4,
)


@given(SAID)
def test_a_sentence_comes_through_json_as_it_was(said):
    back = unpacked(json.loads(json.dumps(packed(said))))
    assert back == said
    assert packed(back) == packed(said)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        5,
        ["a"],
        {},
        {"pattern": "a", "values": {}},
        {"pattern": 5, "values": {}, "many": ""},
        {"pattern": "a", "values": [], "many": ""},
        {"pattern": "a", "values": {"n": 1.5}, "many": ""},
        {"pattern": "a", "values": {"n": True}, "many": ""},
        {"pattern": "a", "values": {"n": "x"}, "many": "b"},
        {"pattern": "a", "values": {}, "many": "", "more": 1},
    ],
)
def test_what_is_no_packed_text_is_refused(raw):
    with pytest.raises(ValueError, match="no text"):
        unpacked(raw)


def test_an_error_keeps_its_sentence_and_what_does_not_print_in_it_is_escaped():
    error = AtlasError(sentence("found {found}; {told}", found="a\nb\x1b", told=sentence("a list would do")))
    assert str(error) == r"found a\nb\x1b; a list would do"
    assert RUSSIAN.repeat(error.sentence) == r"найдено a\nb\x1b; нужен список"
    assert said_by(ValueError("plain")) == "plain"


# Every pattern can be found


@pytest.mark.parametrize("name", ["sentence", "sentence_n"])
def test_every_pattern_is_a_literal(name):
    calls = [
        node
        for path in GEO_DIR.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]
    assert calls
    for call in calls:
        patterns = call.args[: 1 if name == "sentence" else 2]
        assert all(isinstance(each, ast.Constant) for each in patterns), ast.unparse(call)
        assert name == "sentence_n" or len(call.args) == 1, ast.unparse(call)


# What a reader is told


KNOWN = Identities({"vladivostok": "place"}, {})
TOURS = Known(frozenset({"vladivostok"}), frozenset(), frozenset())
WORD = {"en": "A"}


def tour(**changes):
    step = {"id": "one", "title": WORD, "text": WORD, "view": ""} | changes
    return json.dumps({"version": 1, "title": WORD, "steps": [step]}).encode()


def marks(**changes):
    selector = {"type": "TextQuoteSelector", "exact": "Aya"}
    item = {"type": "Annotation", "body": [], "target": {"selector": selector}} | changes
    return json.dumps({"type": "AnnotationPage", "items": [item]}).encode()


REFUSED = {
    "no table": lambda: parse_gazetteer(b'name,lat,lon\n"A', "a.csv"),
    "no column": lambda: parse_gazetteer(b"name;lat;lon\nA;1;2", "a.csv"),
    "columns": lambda: parse_gazetteer(b"name,title,lat,lon,name_xx\n", "a.csv"),
    "cells": lambda: parse_gazetteer(
        b"id,name,lat,lon,lang,url,start,end\n1,A,43,x,xx,no,1866/1867,\n1,,143,43,,,yesterday,\n1,A,\n"
        b'2,A,"43,1",,,,1900,1800\n',
        "a.csv",
    ),
    "shapes": lambda: parse_gazetteer(b"title\tgeowkt\nA\tPOINT\nB\tPOLYGON ((1 1, 2 2))\n", "a.tsv"),
    "not UTF-8": lambda: parse_gazetteer(b"name\xff", "a.csv"),
    "empty": lambda: parse_gazetteer(b" ", "a.csv"),
    "a workbook": lambda: parse_gazetteer(b"PK\x03\x04", "a.csv"),
    "apart": lambda: parse_apart(b"name,lat\nA,1\n", "a.csv"),
    "features": lambda: parse_gazetteer(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    5,
                    {"type": "Feature", "properties": {"name": [1]}, "geometry": {"type": "Point"}},
                    {"type": "Feature", "properties": 1, "names": [{}], "geometry": {"type": "Globe"}},
                ],
            }
        ).encode(),
        "a.json",
    ),
    "binary": lambda: parse_article(b"a\0b", "a.txt", ()),
    "an unknown ending": lambda: parse_article(b"a", "a.xls", ()),
    "an empty text": lambda: parse_article(b"", "a.txt", ()),
    "another encoding": lambda: parse_article(b"\xff\xff\xff", "a.txt", (), "UTF-8"),
    "no PDF": lambda: parse_article(b"%PDF-1.7 broken", "a.pdf", ()),
    "an address": lambda: check_address("ftp://a"),
    "edges": lambda: parse_bounds("5,4,3,2", sentence("Its edges")),
    "a TIFF": lambda: parse_scan(b"II*\x00", "a.png", None, (1, 2, 3, 4), "", FRAME),
    "a broken picture": lambda: parse_scan(b"\xff\xd8\xff0", "a.jpg", None, (128, 44, 138, 50), "", FRAME),
    "points": lambda: parse_georeference(
        b'{"type": "Annotation", "body": {"type": "FeatureCollection", "features": [{}, 5]}}', "g.json"
    ),
    "no georeference": lambda: parse_georeference(b"[]", "g.json"),
    "no tour": lambda: parse_tour(b"[", "t.json", TOURS),
    "a step": lambda: parse_tour(
        tour(id="A b", text={"fr": "x"}, bounds=[1, 2, 3, 400], certainty="sure"), "t.json", TOURS
    ),
    "a view": lambda: parse_tour(tour(view="lang=ru&place=atlantis&opacity=7"), "t.json", TOURS),
    "a long title": lambda: parse_tour(tour(title={"en": "x" * 201}), "t.json", TOURS),
    "no marks": lambda: parse_page(b"5", "m.json", KNOWN),
    "a mark": lambda: parse_page(marks(target={"selector": {"start": -1, "exact": 5}}), "m.json", KNOWN),
    "a position": lambda: parse_page(marks(body=["urn:far-east-atlas:place:atlantis"]), "m.json", KNOWN),
}


def sentences_in(said):
    """Yield a sentence, and those that stand in it."""
    assert isinstance(said, Sentence), said
    yield said
    for value in said.values.values():
        if isinstance(value, Sentence):
            yield from sentences_in(value)


@pytest.mark.parametrize("refusal", REFUSED)
def test_what_a_reader_is_told_of_a_file_is_told_in_every_language(refusal):
    with pytest.raises(AtlasError) as caught:
        REFUSED[refusal]()
    error = caught.value
    messages = [each.message for each in error.problems] if isinstance(error, DataError) else [error.sentence]
    for lang in TRANSLATED:
        catalogue = interface(lang)
        for message in messages:
            missing = [part.pattern for part in sentences_in(message) if part.pattern not in catalogue.forms]
            # Patterns without a letter of their own say the same in every language.
            assert [pattern for pattern in missing if pattern != "{name}={found}: {wanted}"] == []
            assert catalogue.repeat(message) != message


def test_a_problem_is_said_again_with_its_place():
    with pytest.raises(DataError) as caught:
        parse_gazetteer(b"name,lat,lon\n,43,131\n", "a.csv")
    (problem,) = caught.value.problems
    assert str(problem) == "a.csv, row 2, name: the name is blank; every place needs one"
    assert interface("ru").repeat(problem.sentence) == (
        "a.csv, строка 2, name: название не заполнено; оно нужно каждому месту"
    )


def test_what_an_address_gets_wrong_is_said_again():
    (notice,) = parse_view("opacity=7", ()).notices
    assert interface("zh-Hans").repeat(notice) == "已忽略 opacity=7：可用0到1之间的数。"


def test_how_much_a_gazetteer_holds_is_said_again():
    table = b"name,lat,lon\nPosyet,42.65,130.8\nLondon,51.5,0\n"
    said = describe(parse_gazetteer(table, "a.csv"))
    assert interface("ru").repeat(said) == "2 места (2 точки), вне рамки карты: 1"
