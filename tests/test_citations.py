from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo.citations import Citation, Source, keys, parse_citations, reference, short_reference

KEYS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,3}", fullmatch=True)
LOCATORS = st.text(st.characters(exclude_characters="[]", exclude_categories=("Cs",)), max_size=60)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("frank-1947", [("frank-1947", "")]),
        ("mid-1889[art. 1]; frank-1947", [("mid-1889", "art. 1"), ("frank-1947", "")]),
        ("a[pp. 1; 2]; b[3]", [("a", "pp. 1; 2"), ("b", "3")]),
        ("  a ;b  ", [("a", ""), ("b", "")]),
        ("a[第1条; ст. 2]", [("a", "第1条; ст. 2")]),
    ],
)
def test_citations_are_keys_with_the_place_in_the_source(text, found):
    assert parse_citations(text) == tuple(Citation(*each) for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "a;",
        ";a",
        "a;;b",
        "a[",
        "a]",
        "a[]",
        "a[x]y",
        "A",
        "a b",
        "a[b[c]]",
        "a, b",
        "a-",
        "a[" + "x" * 201 + "]",
    ],
)
def test_what_is_no_citation_is_refused_with_the_form_that_would_do(text):
    with pytest.raises(ValueError, match=r"is no citation; write key or key\[locator\]"):
        parse_citations(text)


@pytest.mark.parametrize("nothing", ["", "  ", None, 5, [], {}, ["frank-1947"]])
def test_a_record_without_citation_is_told_to_name_a_source(nothing):
    with pytest.raises(ValueError, match="no citation; name a source"):
        parse_citations(nothing)


@given(st.text(alphabet="ab1-[]; \n\x00é", max_size=40) | st.text())
def test_any_text_is_citations_or_a_value_error(text):
    try:
        found = parse_citations(text)
    except ValueError:
        return
    assert found
    assert all(citation.key for citation in found)


@given(st.lists(st.tuples(KEYS, LOCATORS), min_size=1, max_size=5))
def test_what_is_written_is_read_back(citations):
    text = "; ".join(f"{key}[{locator}]" if locator else key for key, locator in citations)
    assert parse_citations(text) == tuple(citations)


@pytest.mark.parametrize("text", ["a;" * 100_000, "a-" * 100_000, "a[" * 100_000, "a" + " " * 100_000 + "b"])
def test_a_long_text_takes_no_longer_than_its_length(text):
    started = time.process_time()
    with pytest.raises(ValueError, match="is no citation") as caught:
        parse_citations(text)
    assert time.process_time() - started < 1
    assert len(str(caught.value)) < 150


def test_a_reference_has_what_the_source_has_and_nothing_else():
    source = Source.model_validate(
        {
            "id": "x-1",
            "type": "chapter",
            "title": "A title.",
            "editor": [{"family": "Ivanov", "given": "I."}, {"literal": "Foreign Office"}],
            "issued": {"date-parts": [[1889, 2]]},
            "container-title": "Book",
            "volume": 3,
            "issue": 4,
            "page": "5-6",
            "publisher": "Press",
            "publisher-place": "Peking",
            "number": 7,
            "note": "Read in a copy.",
            "URL": "https://example.org/x",
            "ISBN": "kept, but not shown",
        }
    )
    assert reference(source) == (
        "Ivanov, I.; Foreign Office (ed.). 1889. A title. Book 3(4). pp. 5-6. Peking: Press. no. 7. "
        "Read in a copy."
    )
    assert reference(Source(id="y", type="book", title="Bare")) == "Bare."


@pytest.mark.parametrize(
    ("issued", "year"),
    [
        ({}, ""),
        ({"date-parts": [[1860]]}, "1860"),
        ({"date-parts": [["1860", "11"]]}, "1860"),
        ({"literal": "n.d."}, "n.d."),
        ({"raw": "c. 1860"}, "c. 1860"),
        ({"date-parts": [[]]}, ""),
        ({"date-parts": []}, ""),
    ],
)
def test_the_year_is_found_however_the_source_dates_itself(issued, year):
    source = Source.model_validate({"id": "x", "type": "book", "title": "T", "issued": issued})
    assert source.year == year


@pytest.mark.parametrize(
    "issued", [5, "1860", [], {"date-parts": 5}, {"date-parts": [5]}, {"literal": []}, None]
)
def test_a_date_of_issue_that_is_none_is_refused(issued):
    with pytest.raises(ValidationError):
        Source.model_validate({"id": "x", "type": "book", "title": "T", "issued": issued})


@pytest.mark.parametrize("url", ["javascript:alert(1)", "www.example.org", "https://a b"])
def test_an_address_that_is_no_web_address_is_refused(url):
    with pytest.raises(ValidationError):
        Source.model_validate({"id": "x", "type": "book", "title": "T", "URL": url})


@pytest.mark.parametrize(
    ("people", "title", "short"),
    [
        ([], "On the Amur", "On the Amur 1860"),
        (
            [],
            "A title far too long to stand in a few words of a card",
            "A title far too long to stand in a … 1860",
        ),
        ([{"family": "Frank"}, {"literal": "Office"}], "T", "Frank and Office 1860"),
        ([{"family": "A"}, {"family": "B"}, {"family": "C"}], "T", "A and others 1860"),
    ],
)
def test_a_short_reference_is_who_and_when(people, title, short):
    source = Source.model_validate(
        {"id": "x", "type": "book", "title": title, "author": people, "issued": {"date-parts": [[1860]]}}
    )
    assert short_reference(source) == short


def test_keys_are_named_once_in_order_of_first_use():
    assert keys(parse_citations("b[1]; a; b[2]; c")) == ["b", "a", "c"]


def test_every_source_of_the_data_makes_a_reference_that_ends_like_a_sentence(atlas):
    for source in atlas.sources.values():
        assert reference(source).endswith(".")
        assert short_reference(source).strip()
