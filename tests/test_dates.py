from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import FIRST_DAY, from_julian, in_words, parse_iso_day, parse_known_day, parse_span

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


# Days


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day):
    assert parse_iso_day(day.isoformat()) == day
    assert parse_span(day.isoformat()).label() == in_words(day)


@pytest.mark.parametrize(
    "text",
    [
        "1859-02-30",
        "1900-02-29",
        "1859-13-01",
        "1859-00-10",
        "0000-01-01",
        "1859",
        "1859-06",
        "1859-6-1",
        "18590601",
        "1859-W22-3",
        "1859-152",
        "1859-06-01T00:00",
        "1859-06-01\n",
        " 1859-06-01",
        "-1859-06-01",
        "1859\u201306\u201301",
        "１８５９-06-01",
        "01.06.1859",
        "today",
        "..",
        "",
        "9" * 5000,
    ],
)
def test_what_is_no_day_is_refused_with_an_example(text):
    for parse in (parse_iso_day, parse_known_day):
        with pytest.raises(ValueError, match="is no day; write it as in 1859-06-01") as caught:
            parse(text)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 100


@given(st.text(max_size=12) | st.text(alphabet="0123456789-", max_size=12))
def test_any_text_is_a_day_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert parse_iso_day(text).isoformat() == text


@pytest.mark.parametrize("day", [FIRST_DAY, date(1860, 2, 29), date.today()])
def test_the_known_days_run_from_nerchinsk_to_today(day):
    assert parse_known_day(f"{day}") == day


@pytest.mark.parametrize(
    "day",
    [
        date(1500, 1, 1),
        FIRST_DAY - timedelta(days=1),
        date.today() + timedelta(days=1),
        date(9999, 12, 31),
    ],
)
def test_a_day_before_nerchinsk_or_after_today_is_refused_with_one_sentence(day):
    with pytest.raises(ValueError, match=rf"^{day} is not between 1689-09-06 and today$"):
        parse_known_day(f"{day}")


def test_today_is_that_of_the_clock_and_not_of_the_start(monkeypatch):
    class Later(date):
        @classmethod
        def today(cls):
            return date(2400, 2, 29)

    monkeypatch.setattr("geo.dates.date", Later)
    assert parse_known_day("2400-02-29") == date(2400, 2, 29)
    with pytest.raises(ValueError, match="not between"):
        parse_known_day("2400-03-01")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(1860, 11, 14), "14 November 1860"),
        (FIRST_DAY, "6 September 1689"),
        (date(987, 1, 1), "1 January 987"),
    ],
)
def test_a_day_is_said_in_words(day, words):
    assert in_words(day) == words
