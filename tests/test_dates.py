from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import from_julian, parse_span

EDTF_LIKE = st.text(alphabet="0123456789-/?~%.XYTZ[]{} uo\x00", max_size=24)
YEARS = st.integers(1, 9999).map("{:04}".format)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("1860-11-14", date(1860, 11, 14), date(1860, 11, 14), "14 November 1860"),
        ("1866", date(1866, 1, 1), date(1866, 12, 31), "1866"),
        ("1880-02", date(1880, 2, 1), date(1880, 2, 29), "February 1880"),
        ("1926~", date(1926, 1, 1), date(1926, 12, 31), "1926 (about)"),
        ("1898?", date(1898, 1, 1), date(1898, 12, 31), "1898 (doubted)"),
        ("1898-05%", date(1898, 5, 1), date(1898, 5, 31), "May 1898 (about, doubted)"),
        ("1653/1689-09-06", date(1653, 1, 1), date(1689, 9, 6), "1653 – 6 September 1689"),
        ("/1860", None, date(1860, 12, 31), "until 1860"),
        ("../1860", None, date(1860, 12, 31), "until 1860"),
        ("1957/..", date(1957, 1, 1), None, "since 1957"),
        ("1957/", date(1957, 1, 1), None, "since 1957"),
        ("../..", None, None, "at all times"),
    ],
)
def test_a_span_has_its_first_and_last_day_and_is_said_in_words(text, start, end, label):
    span = parse_span(text)
    assert (span.start, span.end, span.label()) == (start, end, label)


@pytest.mark.parametrize("text", ["1853/1689-09-06", "1860-11-14/1860-11-13", "1898?/1897~"])
def test_a_span_that_runs_backwards_is_refused(text):
    with pytest.raises(ValueError, match="ends before it starts"):
        parse_span(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "1860-13",
        "1860-02-30",
        "1900-02-29",
        "0000",
        "-0043",
        "12345",
        "Y170000002",
        "1860-21",
        "1860-XX",
        "[1667,1668]",
        "1860-11-14T10:00:00Z",
        "1853/1689/1700",
        "1860 -11",
        " 1860",
        "14.11.1860",
        "November 1860",
        "1８60",
        "1860?~",
        "1860/\x00",
        "(" * 5000,
    ],
)
def test_what_is_no_date_of_ours_is_refused_with_examples(text):
    with pytest.raises(ValueError, match=r"is no date; write it as in 1860-11-14") as caught:
        parse_span(text)
    assert len(str(caught.value)) < 150


@given(st.text(max_size=30) | EDTF_LIKE)
def test_any_text_is_a_span_with_a_label_or_a_value_error(text):
    try:
        span = parse_span(text)
    except ValueError:
        return
    assert span.label()
    assert span.start is None or span.end is None or span.start <= span.end


@given(st.dates(), st.dates())
def test_a_span_of_two_days_holds_both_ends_and_nothing_beyond(one, other):
    first, last = sorted((one, other))
    span = parse_span(f"{first.isoformat()}/{last.isoformat()}")
    assert (span.start, span.end) == (first, last)


@given(YEARS)
def test_a_span_open_on_one_side_has_no_day_there(year):
    assert parse_span(f"../{year}").start is None
    assert parse_span(f"{year}/..").end is None


def test_equal_texts_make_equal_spans():
    assert parse_span("1860/1875") == parse_span("1860/1875")
    assert hash(parse_span("1860/1875")) == hash(parse_span("1860/1875"))


@pytest.mark.parametrize(
    ("julian", "gregorian"),
    [
        ((1689, 8, 27), date(1689, 9, 6)),
        ((1700, 2, 28), date(1700, 3, 10)),
        ((1700, 3, 1), date(1700, 3, 12)),
        ((1727, 10, 21), date(1727, 11, 1)),
        ((1860, 11, 2), date(1860, 11, 14)),
        ((1900, 2, 28), date(1900, 3, 12)),
        ((1900, 3, 1), date(1900, 3, 14)),
        ((1918, 1, 31), date(1918, 2, 13)),
    ],
)
def test_the_calendars_part_by_a_day_in_each_century_year_that_only_one_leaps(julian, gregorian):
    assert from_julian(*julian) == gregorian


@given(st.integers(), st.integers(), st.integers())
def test_a_julian_day_is_a_date_or_a_value_error(year, month, day):
    with contextlib.suppress(ValueError):
        assert isinstance(from_julian(year, month, day), date)


@pytest.mark.parametrize("numbers", [(9999, 12, 31), (1860, 13, 1), (1861, 2, 29)])
def test_a_day_that_is_none_is_a_value_error(numbers):
    with pytest.raises(ValueError, match=r"."):
        from_julian(*numbers)
