"""Dates and spans in EDTF: the only calendar arithmetic of the atlas.

Dates are Gregorian. Where a source counts by the Julian calendar, its date stands beside ours.

References
----------
Library of Congress, Extended Date/Time Format (EDTF) Specification, 2019.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from reprlib import repr as shortened

from geo import __date__
from geo.sentences import sentence

FIRST_DAY = date(1689, 9, 6)
"""The Treaty of Nerchinsk: the first day of which the atlas says who held what."""

_OPEN = ("", "..")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not those of the machine's language: the same data give the same page everywhere."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?[?~%]?", re.ASCII)
"""The dates of EDTF that the atlas uses; its seasons, sets, unspecified digits and times are refused."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included.

    Parameters
    ----------
    edtf : str
        The span as it is written in the data, such as ``1898?/1935``.
    start, end : datetime.date or None
        The first and the last day that the text allows; None where the span is open.
    """

    edtf: str
    start: date | None
    end: date | None

    def label(self) -> str:
        """Return the span in words.

        Examples
        --------
        >>> parse_span("1860-11-14").label()
        '14 November 1860'
        >>> parse_span("1898?/1935").label()
        '1898 (doubted) – 1935'
        >>> parse_span("1957/..").label()
        'since 1957'
        """
        first, slash, last = self.edtf.partition("/")
        if not slash:
            return _in_words(first)
        if last in _OPEN:
            return "at all times" if first in _OPEN else f"since {_in_words(first)}"
        if first in _OPEN:
            return f"until {_in_words(last)}"
        return f"{_in_words(first)} – {_in_words(last)}"


def parse_span(text: str) -> Span:
    """Parse an EDTF date or interval.

    Parameters
    ----------
    text : str
        Such as ``1860-11-14``, ``1866``, ``1926~``, ``1853/1689`` or ``1957/..``.

    Returns
    -------
    Span

    Raises
    ------
    ValueError
        If the text is no EDTF date of the forms above, or the span runs backwards.
    """
    first, slash, last = text.partition("/")
    start = _ends(first)[0] if not (slash and first in _OPEN) else None
    end = _ends(last if slash else first)[1] if not (slash and last in _OPEN) else None
    if start is not None and end is not None and end < start:
        raise ValueError(sentence("the span {found} ends before it starts", found=shortened(text)))
    return Span(text, start, end)


def parse_iso_day(text: str) -> date:
    """Parse a day written as in 1859-06-01.

    Raises
    ------
    ValueError
        If it is not written so, or there is no such day.
    """
    try:
        if not _DAY.fullmatch(text):
            raise ValueError("not of this form")
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            sentence("{found} is no day; write it as in 1859-06-01", found=shortened(text))
        ) from error


def parse_known_day(text: str) -> date:
    """Parse a day of which the atlas says who held what: from `FIRST_DAY` to today.

    No clock that is set before the day of this release is believed.

    Raises
    ------
    ValueError
        If it is no such day.
    """
    day = parse_iso_day(text)
    if not FIRST_DAY <= day <= max(date.today(), date.fromisoformat(__date__)):
        raise ValueError(f"{day} is not between {FIRST_DAY} and today")
    return day


def from_julian(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Julian one.

    The calendars stand 10 days apart in the 17th century and one more after each February 29
    that only the Julian calendar has: 11 from 1700, 12 from 1800, 13 from 1900.

    Raises
    ------
    ValueError
        If there is no such day (the leap days of 1700, 1800 and 1900 are not handled: none is in use).

    Examples
    --------
    >>> from_julian(1860, 11, 2)
    datetime.date(1860, 11, 14)
    """
    century_of = year if month > 2 else year - 1
    try:
        return date(year, month, day) + timedelta(century_of // 100 - century_of // 400 - 2)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def _ends(text: str) -> tuple[date, date]:
    """Return the first and the last day that an EDTF date, not an interval, allows."""
    try:
        if (match := _DATE.fullmatch(text)) is None:
            raise ValueError("not of these forms")
        year, month, day = match.groups()
        first = date(int(year), int(month or 1), int(day or 1))
        if day:
            return first, first
        last_month = int(month or 12)
        return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
    except ValueError as error:
        raise ValueError(
            sentence(
                "{found} is no date; write it as in 1860-11-14, 1866, 1926~ or 1853/1689",
                found=shortened(text),
            )
        ) from error


def in_words(day: date) -> str:
    """Return a day in words.

    Examples
    --------
    >>> in_words(date(1860, 11, 14))
    '14 November 1860'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _in_words(text: str) -> str:
    bare = text.rstrip("?~%")
    doubt = {"?": " (doubted)", "~": " (about)", "%": " (about, doubted)"}.get(text[len(bare) :], "")
    parts = bare.split("-")
    if len(parts) == 3 and bare.replace("-", "").isdigit():
        return in_words(date.fromisoformat(bare)) + doubt
    if len(parts) == 2 and bare.replace("-", "").isdigit():
        return f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}{doubt}"
    return bare + doubt
