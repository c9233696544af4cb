"""Numbers and dates as each language writes them: the formats of Unicode's CLDR, by Babel."""

from __future__ import annotations

from datetime import date

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from geo.dates import Span
from geo.language import CLDR, interface, phrase

_OPEN = ("", "..")
_DOUBTS = {
    "?": phrase("{date} (doubted)"),
    "~": phrase("{date} (about)"),
    "%": phrase("{date} (about, doubted)"),
}


def number(value: float, lang: str) -> str:
    r"""Return a number with the separators of a language.

    Examples
    --------
    >>> [number(311090, lang) for lang in ("en", "ru", "zh-Hans")]
    ['311,090', '311\xa0090', '311,090']
    """
    return str(format_decimal(value, locale=CLDR[lang]))


def day_in_words(day: date, lang: str) -> str:
    r"""Return a day in words.

    Examples
    --------
    >>> [day_in_words(date(1860, 11, 14), lang) for lang in ("en", "ru", "zh-Hans")]
    ['14 November 1860', '14 ноября 1860\xa0г.', '1860年11月14日']
    """
    return str(format_date(day, "long", locale=CLDR[lang])).replace("\u202f", "\xa0")


def span_in_words(span: Span, lang: str) -> str:
    """Return a span in words, as `geo.dates.Span.label` does in English.

    Examples
    --------
    >>> from geo.dates import parse_span
    >>> span_in_words(parse_span("1860-11-14"), "zh-Hant")
    '1860年11月14日'
    """
    if lang == "en":
        return span.label()
    say = interface(lang).say
    first, slash, last = span.edtf.partition("/")
    if not slash:
        return _in_words(first, lang)
    if last in _OPEN:
        return (
            say("at all times")
            if first in _OPEN
            else say("since {day}", day=_in_words(first, lang, beside=True))
        )
    if first in _OPEN:
        return say("until {day}", day=_in_words(last, lang, beside=True))
    return say("{from} – {to}", **{"from": _in_words(first, lang), "to": _in_words(last, lang)})


def _in_words(text: str, lang: str, *, beside: bool = False) -> str:
    """Return an EDTF date in words; `beside` a preposition a month is declined as it is beside a day."""
    bare = text.rstrip("?~%")
    parts = [int(part) for part in bare.split("-")]
    year, month, day_of_month = (*parts, 1, 1)[:3]
    day = date(year, month, day_of_month)
    if len(parts) == 3:
        said = day_in_words(day, lang)
    else:
        pattern = Locale.parse(CLDR[lang]).datetime_skeletons["yMMMM" if len(parts) == 2 else "y"].pattern
        said = format_date(day, pattern.replace("LLLL", "MMMM") if beside else pattern, locale=CLDR[lang])
    said = said.replace("\u202f", "\xa0")
    doubt = text[len(bare) :]
    return interface(lang).say(_DOUBTS[doubt], date=said) if doubt else said
