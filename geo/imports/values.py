"""What one record of a reader's gazetteer may say, and the problems that its file has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from reprlib import repr as shortened

from shapely.geometry.base import BaseGeometry

from geo.dates import Span, parse_span
from geo.errors import Faults
from geo.imports.model import OwnPlace
from geo.sentences import said_by, sentence

MAX_PLACES = 20_000
MAX_NAMES = 200
MAX_NAME = 200
_LONGEST = {"id": 200, "kind": 80, "note": 2000, "url": 500, "source": 500, "licence": 200}

LANG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8}){0,4})", re.ASCII)
_TWO_LETTERS = (
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv "
    "dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig "
    "ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh "
    "mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru "
    "rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty "
    "ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
"""ISO 639-1: codes of countries (cn, jp, ua) are taken for languages often enough."""

_MATCH = re.compile(
    r"(?:gn:|https?://(?:www\.)?geonames\.org/)(?P<gn>\d{1,12})\b.*"
    r"|(?:wd:|https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)(?P<wd>Q\d{1,12})",
    re.ASCII,
)
_ADDRESS = re.compile(r"https?://[^\s/]\S*")
_HIDDEN = ("Cc", "Cf", "Cs")


@dataclass(frozen=True, slots=True)
class Raw:
    """A place as a file writes it; what is not there is empty.

    Parameters
    ----------
    record : str
        What to call it when it is at fault, such as ``row 5``.
    names : sequence of (field, form, lang)
        The main name first.
    start, end, dates : str
        EDTF; `dates` is a span and goes before the others.
    matches : sequence of str
        Addresses or short forms, of GeoNames, Wikidata or others.
    """

    record: str
    id: str
    names: Sequence[tuple[str, str, str]]
    kind: str = ""
    start: str = ""
    end: str = ""
    dates: str = ""
    note: str = ""
    url: str = ""
    source: str = ""
    licence: str = ""
    matches: Sequence[str] = ()
    geometry: BaseGeometry | None = None


def checked_places(found: Sequence[Raw], faults: Faults) -> tuple[OwnPlace, ...]:
    """Return places with ids of ours; what is wrong with them is reported."""
    ids: dict[str, str] = {}
    for raw in found:
        if raw.id and (first := ids.setdefault(raw.id, raw.record)) != raw.record:
            told = sentence(
                "{record} has the id {id} too; give each its own", record=first, id=shortened(raw.id)
            )
            faults.report(raw.record, "id", told)
    return tuple(_checked(raw, f"own-{number}", faults) for number, raw in enumerate(found, 1))


def agreed(values: Sequence[str]) -> str:
    """Return the different values of records in one text: three of them, and how many more."""
    different = list(dict.fromkeys(value for value in values if value))
    more = f"; and {len(different) - 3:,} more" if len(different) > 3 else ""
    return "; ".join(different[:3]) + more


def canonical_lang(tag: str) -> str:
    """Return a language tag in its usual letter case; empty where it is none.

    Examples
    --------
    >>> canonical_lang("ZH_hans")
    'zh-Hans'
    """
    match = LANG.fullmatch(tag)
    if match is None or (len(match[1]) == 2 and f" {match[1].lower()} " not in _TWO_LETTERS):
        return ""
    cases = {4: str.title, 2: str.upper}
    parts = [cases.get(len(part), str.lower)(part) for part in re.split("[-_]", match[2])[1:]]
    return "-".join([match[1].lower(), *parts])


def shown(text: str) -> str:
    """Return a text on one line, without controls, zero-width and bidirectional marks."""
    if not text.isprintable():
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _HIDDEN)
    return " ".join(text.split())


def _checked(raw: Raw, name: str, faults: Faults) -> OwnPlace:
    texts = {field: _limited(raw, field, faults) for field in _LONGEST}
    if texts["url"] and not _ADDRESS.fullmatch(texts["url"]):
        message = sentence(
            "found {found}; an address that begins with https:// would do", found=shortened(raw.url)
        )
        faults.report(raw.record, "url", message)
    return OwnPlace(
        name,
        texts["id"],
        _names(raw, faults),
        texts["kind"],
        raw.geometry,
        _dates(raw, faults),
        texts["note"],
        texts["url"],
        texts["source"],
        _matches((*raw.matches, raw.url)),
    )


def _names(raw: Raw, faults: Faults) -> tuple[tuple[str, str], ...]:
    """Return the names, each form once in a language; those without a form are no names."""
    found: dict[tuple[str, str], None] = {}
    if len(raw.names) > MAX_NAMES:
        told = sentence("{n} names; at most {most} would do", n=len(raw.names), most=MAX_NAMES)
        faults.report(raw.record, "name", told)
        return ()
    for field, written, tag in raw.names:
        form = "" if _is_too_long(raw.record, field, written, MAX_NAME, faults) else _tidy(written)
        lang = canonical_lang(tag.strip()) if tag.strip() else "und"
        if form and not lang:
            message = sentence(
                "found the language {found}; write a BCP 47 tag such as en, ru, zh-Hans or ja",
                found=shortened(tag),
            )
            faults.report(raw.record, field, message)
        elif form:
            found[form, lang] = None
    if not any(shown(written) for _, written, _ in raw.names):
        faults.report(raw.record, "name", sentence("the name is blank; every place needs one"))
    return tuple(found)


def _dates(raw: Raw, faults: Faults) -> Span | None:
    if raw.dates:
        return _span(raw, "dates", raw.dates, faults)
    ends = [(field, text) for field, text in (("start", raw.start), ("end", raw.end)) if text]
    for field, text in ends:
        if "/" in text:
            told = sentence("found the span {found}; write one date", found=shortened(text))
            faults.report(raw.record, field, told)
            return None
        if _span(raw, field, text, faults) is None:
            return None
    if not ends:
        return None
    whole = raw.start if raw.start == raw.end else f"{raw.start}/{raw.end or '..'}"
    return _span(raw, "end", whole, faults)


def _span(raw: Raw, field: str, text: str, faults: Faults) -> Span | None:
    try:
        return parse_span(text)
    except ValueError as error:
        faults.report(raw.record, field, said_by(error))
        return None


def _matches(texts: Sequence[str]) -> tuple[str, ...]:
    """Return links to GeoNames and Wikidata in their short form; others say nothing to us."""
    found = (match for text in texts if (match := _MATCH.fullmatch(text.strip())))
    return tuple(
        dict.fromkeys(f"gn:{match['gn']}" if match["gn"] else f"wd:{match['wd']}" for match in found)
    )


def _limited(raw: Raw, field: str, faults: Faults) -> str:
    text = str(getattr(raw, field))
    return "" if _is_too_long(raw.record, field, text, _LONGEST[field], faults) else shown(text)


def _is_too_long(record: str, field: str, text: str, most: int, faults: Faults) -> bool:
    if len(text) > most:
        told = sentence("it has {n} characters; at most {most} would do", n=len(text), most=most)
        faults.report(record, field, told)
    return len(text) > most


def _tidy(text: str) -> str:
    """Return a text in NFC as the linker meets it in articles; short, as combining marks slow that."""
    return unicodedata.normalize("NFC", shown(text))
