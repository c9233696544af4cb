"""References as text in the styles of the Citation Style Language, formatted by typst.

Nothing of a source is ever code: the sources go to typst as an input that it reads as data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from geo.citations import Person, Source


class Style(NamedTuple):
    """A style of references.

    Parameters
    ----------
    title : str
        For a person to choose by.
    name : str
        What typst calls it.
    lang : str
        The language of its own words, such as "accessed".
    """

    title: str
    name: str
    lang: str


STYLES: Mapping[str, Style] = {
    "apa": Style("APA, 7th edition", "apa", "en"),
    "chicago": Style("Chicago, author-date", "chicago-author-date", "en"),
    "gost": Style("ГОСТ Р 7.0.5-2008", "gost-r-705-2008-numeric", "ru"),
    "gbt7714": Style("GB/T 7714-2015", "gb-7714-2015-numeric", "zh"),
}

_DOCUMENT = (
    b"#set text(lang: sys.inputs.lang)\n"
    b"#bibliography(bytes(sys.inputs.sources), full: true, title: none, style: sys.inputs.style)"
)

# What typst calls the kinds of CSL; a kind with a whole around it has that in brackets behind.
_KINDS = {
    "article-journal": ("article", "periodical"),
    "article-magazine": ("article", "periodical"),
    "article-newspaper": ("article", "newspaper"),
    "book": ("book", ""),
    "chapter": ("chapter", "book"),
    # Its own kind for these loses the title of the encyclopaedia; those cited here are read on the web.
    "entry-encyclopedia": ("web", "web"),
    "legislation": ("legislation", ""),
    "report": ("report", ""),
    "treaty": ("legislation", ""),
    "webpage": ("web", "web"),
}
# The Russian word for pages has a plural in the locale, which the standard writes with one letter.
_PAGES = re.compile(r"\bСс\. (?=\d)")
_OWN = ("map", "dataset")
_HAN = re.compile("[\u3400-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def format_references(sources: Iterable[Source], style: str) -> tuple[str, ...]:
    """Return a reference for each source, in the order of the style, without numbers.

    Parameters
    ----------
    sources : iterable of Source
        Their ids differ.
    style : str
        One of `STYLES`.
    """
    import typst

    entries = {source.id: _entry(source) for source in sources}
    if not entries:
        return ()
    chosen = STYLES[style]
    inputs = {"sources": json.dumps(entries, ensure_ascii=False), "style": chosen.name, "lang": chosen.lang}
    page = LexborHTMLParser(typst.compile(_DOCUMENT, format="html", sys_inputs=inputs).decode())
    references = []
    for item in page.css("[role=doc-bibliography] li"):
        for prefix in item.css("span.prefix"):
            prefix.decompose()
        references.append(_PAGES.sub("С. ", " ".join(item.text().split())))
    return tuple(references)


def _entry(source: Source) -> dict[str, Any]:
    """Return a source as typst's bibliographies write it (Hayagriva)."""
    extra: Mapping[str, Any] = source.model_extra or {}
    kind, whole = _KINDS.get(source.type, ("web" if source.url else "misc", ""))
    title = _verbatim(source.title)
    # Our own titles keep their small letters in every style.
    entry: dict[str, Any] = {"type": kind, "title": f"{{{title}}}" if source.type in _OWN else title}
    if lang := _language(source.title):
        entry["language"] = lang
    for role, people in (("author", source.author), ("editor", source.editor)):
        if people:
            entry[role] = [_person(person) for person in people]
    if date := _date(source.issued.date_parts):
        entry["date"] = date
    if source.url:
        accessed = _date(extra.get("accessed", {}).get("date-parts", ()))
        entry["url"] = {"value": source.url, "date": accessed} if accessed else source.url
    if source.page:
        entry["page-range"] = source.page
    maker = {"name": source.publisher, "location": source.publisher_place}
    if any(maker.values()):
        entry["publisher"] = {name: _verbatim(value) for name, value in maker.items() if value}
    if source.number:
        entry["serial-number"] = str(source.number)
    numbers = {"volume": str(source.volume), "issue": str(source.issue)}
    parent: dict[str, Any] = {name: value for name, value in numbers.items() if value}
    if source.container_title:
        parent |= {"type": whole or "web", "title": _verbatim(source.container_title)}
        return entry | {"parent": parent}
    return entry | parent


def _person(person: Person) -> dict[str, str]:
    if person.literal or not person.given:
        return {"name": person.literal or person.family}
    return {"name": person.family, "given-name": person.given}


def _date(parts: Any) -> str:
    numbers = [part for part in (parts[0] if parts else ()) if isinstance(part, int)]
    if not numbers or not 0 < numbers[0] < 10_000:
        return ""
    return "-".join((f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:3])))


def _language(title: str) -> str:
    """Return the language of a title by its script, so that only English ones are put in title case."""
    return "zh" if _HAN.search(title) else "ru" if _CYRILLIC.search(title) else ""


def _verbatim(text: str) -> str:
    """Escape what typst's bibliographies take for mathematics or for groups."""
    return re.sub(r"([\\{}$])", r"\\\1", text)
