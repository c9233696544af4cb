"""Sources in the formats that reference managers exchange: BibTeX, RIS, CSL-JSON.

References
----------
BibLaTeX 3.19, section 2.1, types of entries. Research Information Systems, RIS specification, 2011.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from geo.citations import Person, Source

_BIBTEX = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "dataset": "dataset",
    "entry-encyclopedia": "inreference",
    "legislation": "legislation",
    "map": "image",
    "report": "report",
    "software": "software",
    "webpage": "online",
}
_RIS = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "entry-encyclopedia": "ENCYC",
    "legislation": "STAT",
    "map": "MAP",
    "report": "RPRT",
    "software": "COMP",
    "treaty": "STAT",
    "webpage": "ELEC",
}
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_IN_JOURNALS = ("article-journal", "article-magazine", "article-newspaper")


def write_csl_json(sources: Iterable[Source]) -> str:
    """Return sources as CSL-JSON, as the data hold them."""
    written = [
        source.model_dump(by_alias=True, exclude_defaults=True, exclude_unset=True, mode="json")
        for source in sources
    ]
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def write_bibtex(sources: Iterable[Source]) -> str:
    """Return sources as BibLaTeX, in UTF-8; what TeX would act on is escaped."""
    return "\n".join(_bibtex(source) for source in sources)


def write_ris(sources: Iterable[Source]) -> str:
    """Return sources as RIS, each line ended as the format asks by CR and LF."""
    return "".join("".join(f"{tag}  - {value}\r\n" for tag, value in _ris(source)) for source in sources)


def _bibtex(source: Source) -> str:
    within = "journaltitle" if source.type in _IN_JOURNALS else "booktitle"
    if source.type == "webpage":
        within = "organization"
    fields = {
        "author": _people(source.author),
        "editor": _people(source.editor),
        "title": f"{{{_tex(source.title)}}}",
        within: _tex(source.container_title),
        "date": _day(source.issued.date_parts),
        "volume": _tex(source.volume),
        "number": _tex(source.issue or source.number),
        "pages": _tex(source.page.replace("–", "--")),
        "publisher": _tex(source.publisher),
        "location": _tex(source.publisher_place),
        "version": _tex(_extra(source).get("version", "")),
        "url": source.url if _is_plain(source.url) else "",
        "urldate": _day(_extra(source).get("accessed", {}).get("date-parts", ())) if source.url else "",
        "note": _tex(source.note),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{_BIBTEX.get(source.type, 'misc')}{{{source.id},\n{''.join(lines)}}}\n"


def _ris(source: Source) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS.get(source.type, "GEN")
    yield "ID", source.id
    yield from (("AU", str(person)) for person in source.author)
    yield from (("ED", str(person)) for person in source.editor)
    first, last = (*source.page.replace("–", "-").split("-", 1), "")[:2]
    fields = (
        ("TI", source.title),
        ("T2", source.container_title),
        ("PY", source.year),
        ("DA", _slashed(source.issued.date_parts)),
        ("VL", source.volume),
        ("IS", source.issue or source.number),
        ("SP", first),
        ("EP", last),
        ("PB", source.publisher),
        ("CY", source.publisher_place),
        ("UR", source.url),
        ("Y2", _slashed(_extra(source).get("accessed", {}).get("date-parts", ()))),
        ("N1", source.note),
    )
    yield from ((tag, " ".join(str(value).split())) for tag, value in fields if value)
    yield "ER", ""


def _extra(source: Source) -> dict[str, Any]:
    return source.model_extra or {}


def _people(people: Iterable[Person]) -> str:
    return " and ".join(
        f"{{{_tex(person.literal)}}}" if person.literal or not person.given else _tex(str(person))
        for person in people
    )


def _day(parts: Any) -> str:
    numbers = [part for part in (parts[0] if parts else ()) if isinstance(part, int)]
    return "-".join(f"{number:02}" if place else f"{number:04}" for place, number in enumerate(numbers[:3]))


def _slashed(parts: Any) -> str:
    """Return a date as RIS writes it: year, month, day, with all slashes even where a part is unknown."""
    day = _day(parts)
    return "/".join((*day.split("-"), "", "", "")[:3]) + "/" if day else ""


def _tex(text: object) -> str:
    return "".join(_TEX.get(char, char) for char in " ".join(str(text).split()))


def _is_plain(url: str) -> bool:
    """Tell whether an address can stand in braces as it is."""
    return not re.search(r"[{}\\\s]", url)
