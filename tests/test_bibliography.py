"""References to a view, its data and its sources."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.bibliography import (
    INTERCHANGE,
    STYLES,
    cite_as,
    data_source,
    format_references,
    map_source,
    page_references,
    sources_to_cite,
)
from geo.bibliography.seen import describe_view, seen_keys
from geo.citations import Source
from geo.view import View

TODAY = datetime.date(2026, 11, 26)
DAY = View(date=datetime.date(1859, 6, 1), place=("khabarovsk",))
STATIC = Path(__file__).parents[1] / "geo" / "static"

ARTICLE = Source.model_validate(
    {
        "id": "frank",
        "type": "article-journal",
        "title": "The territorial terms of the treaty",
        "author": [{"family": "Frank", "given": "V. S."}],
        "issued": {"date-parts": [[1947]]},
        "container-title": "Pacific Historical Review",
        "volume": "16",
        "issue": "3",
        "page": "265-270",
    }
)
BOOK = Source.model_validate(
    {
        "id": "myasnikov",
        "type": "book",
        "title": "Русско-китайские договоры",
        "editor": [{"family": "Мясников", "given": "В. С."}],
        "issued": {"date-parts": [[2004]]},
        "publisher": "Наука",
        "publisher-place": "Москва",
    }
)
PAGE = Source.model_validate(
    {
        "id": "norms",
        "type": "webpage",
        "title": "地图规范",
        "author": [{"literal": "自然资源部"}],
        "issued": {"date-parts": [[2023, 2, 6]]},
        "URL": "https://example.org/norms",
        "accessed": {"date-parts": [[2026, 11, 26]]},
    }
)


@pytest.mark.parametrize(
    ("style", "source", "reference"),
    [
        (
            "apa",
            ARTICLE,
            "Frank, V. S. (1947). The territorial terms of the treaty. "
            "Pacific Historical Review, 16(3), 265–270.",
        ),
        (
            "chicago",
            ARTICLE,
            "Frank, V. S. 1947. “The Territorial Terms of the Treaty.” "
            "Pacific Historical Review 16 (3): 265–70.",
        ),
        (
            "gost",
            ARTICLE,
            "Frank V. S. The territorial terms of the treaty // Pacific Historical Review. 1947. "
            "Т. 16, № 3. С. 265–270.",
        ),
        (
            "gbt7714",
            ARTICLE,
            "FRANK V S. The territorial terms of the treaty[J]. Pacific Historical Review, 1947, "
            "16(3): 265-270.",
        ),
        ("gost", BOOK, "Русско-китайские договоры / под ред. Мясников В. С. Москва: Наука, 2004."),
        (
            "gbt7714",
            PAGE,
            "自然资源部. 地图规范[EB/OL]. (2023-02-06)[2026-11-26]. https://example.org/norms.",
        ),
        ("apa", PAGE, "自然资源部. (2023, February 6). 地图规范. https://example.org/norms"),
    ],
)
def test_a_source_is_written_as_its_style_asks(style, source, reference):
    assert format_references([source], style) == (reference,)


@pytest.mark.parametrize("style", STYLES)
def test_every_source_of_the_data_has_a_reference_in_every_style(atlas, style):
    references = format_references(atlas.sources.values(), style)
    assert len(references) == len(atlas.sources)
    whole = "\n".join(references).casefold()
    for source in atlas.sources.values():
        first = re.findall(r"[^\W\d_]{4,}", source.title)[:1]
        assert not first or first[0].casefold() in whole, source.id


def test_no_sources_are_no_references():
    assert format_references([], "apa") == ()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "text", ["#panic()", "$x^2$ and {braces}", "a\\b", "<script>1</script>", "@key *b* _c_", "{{1337*1337}}"]
)
def test_a_title_is_text_and_never_code(style, text):
    (reference,) = format_references([PAGE.model_copy(update={"title": f"Begin {text} end"})], style)
    assert f"begin {text} end".casefold() in reference.casefold()


@settings(max_examples=20)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12))
def test_any_letters_in_a_title_give_a_reference(text):
    assert len(format_references([BOOK.model_copy(update={"title": f"Title {text}"})], "apa")) == 1


def test_a_view_is_cited_with_version_hash_date_and_address(atlas):
    source = map_source(atlas, DAY, "https://example.org/map.html", TODAY)
    for style in STYLES:
        (reference,) = format_references([source], style)
        assert "who held what on 1 June 1859, with Khabarovsk" in reference
        assert f"data {atlas.version}, sha256 {atlas.digest[:12]}" in reference
        assert "https://example.org/map.html#date=1859-06-01&place=khabarovsk" in reference
    assert "(дата обращения: 26.11.2026)" in format_references([source], "gost")[0]


def test_a_view_of_a_file_is_named_in_the_title(atlas):
    source = map_source(atlas, DAY)
    assert source.url == ""
    assert source.title.endswith(", view date=1859-06-01&place=khabarovsk")
    assert "view" not in map_source(atlas, View()).title


def test_the_data_are_cited_with_their_whole_hash(atlas):
    assert atlas.digest in cite_as((data_source(atlas),), "bibtex")


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View(), "the land that changed hands, by act"),
        (
            View(date=datetime.date(1859, 6, 1), compare=datetime.date(1861, 1, 1)),
            "who held what on 1 June 1859 and on 1 January 1861",
        ),
        (
            View(place=("ussuri-coast", "peking-1860")),
            "the land that changed hands, by act, with Ussuri coast (Primorye) and Treaty of Peking",
        ),
        (View(place=("vladivostok", "khabarovsk", "nerchinsk")), "the land that changed hands, by act"),
    ],
)
def test_a_view_is_told_in_words(atlas, view, words):
    told = describe_view(atlas, view)
    names = {area.id: area.names.en for area in atlas.areas} | {act.id: act.name_en for act in atlas.acts}
    if "ussuri-coast" in view.place:
        words = (
            f"the land that changed hands, by act, with {names['ussuri-coast']} and {names['peking-1860']}"
        )
    assert told == words


def test_what_is_selected_is_cited_with_its_act_and_who_held_it(atlas):
    keys = set(seen_keys(atlas, DAY))
    place = next(each for each in atlas.gazetteer.places if each.id == "khabarovsk")
    assert {citation.key for citation in place.citations} <= keys
    assert {c.key for act in atlas.acts if act.id == place.act for c in act.citations} <= keys
    assert keys < set(atlas.sources)


def test_a_layer_switched_off_is_not_cited(atlas):
    whole, fewer = (set(seen_keys(atlas, View(layers=layers))) for layers in (("areas", "lines"), ("lines",)))
    assert fewer < whole
    assert seen_keys(atlas, View(layers=())) == ()


def test_a_reading_that_is_drawn_is_cited(atlas):
    reading = next(each for each in atlas.readings if not each.drawn)
    assert {c.key for c in reading.citations} <= set(
        seen_keys(atlas, View(layers=(), readings=(reading.id,)))
    )


@pytest.mark.parametrize(
    ("part", "first"), [("map", "far-east-atlas-map"), ("dataset", "far-east-atlas-data")]
)
def test_a_part_is_cited_alone(atlas, part, first):
    assert [source.id for source in sources_to_cite(atlas, DAY, part)] == [first]


def test_all_is_the_map_the_data_and_the_sources(atlas):
    ids = [source.id for source in sources_to_cite(atlas, DAY)]
    assert ids == ["far-east-atlas-map", "far-east-atlas-data", *seen_keys(atlas, DAY)]


def test_csl_json_holds_the_sources_as_the_data_do(atlas):
    written = json.loads(cite_as(tuple(atlas.sources.values()), "csl-json"))
    assert [entry["id"] for entry in written] == list(atlas.sources)
    assert all(Source.model_validate(entry) == atlas.sources[entry["id"]] for entry in written)


def test_ris_has_a_type_and_an_end_for_each_source(atlas):
    lines = cite_as(tuple(atlas.sources.values()), "ris").split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert sum(line.startswith("TY  - ") for line in lines) == lines.count("ER  - ") == len(atlas.sources)
    assert "DA  - 2023/02/06/" in cite_as((PAGE,), "ris").split("\r\n")


def test_bibtex_keeps_braces_even_and_escapes_what_tex_acts_on(atlas):
    written = cite_as(tuple(atlas.sources.values()), "bibtex")
    assert len(re.findall(r"^@[a-z]+\{[a-z0-9-]+,$", written, re.MULTILINE)) == len(atlas.sources)
    bare = re.sub(r"\\[{}]", "", written)
    assert bare.count("{") == bare.count("}")
    hostile = BOOK.model_copy(update={"title": r"100% & more_of #1 {x} \input ~ ^ $"})
    title = r"{{100\% \& more\_of \#1 \{x\} \textbackslash{}input \textasciitilde{} \textasciicircum{} \$}}"
    assert f"title = {title}" in cite_as((hostile,), "bibtex")


def test_every_format_has_an_ending_of_its_own():
    assert len({form.ending for form in INTERCHANGE.values()}) == len(INTERCHANGE)


def test_the_page_holds_what_the_library_writes():
    assert json.loads((STATIC / "references.json").read_text("utf-8")) == page_references()
