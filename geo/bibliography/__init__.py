"""Citing a view: the map, the data and each source seen in it, in the styles of the field.

The styles are those of the Citation Style Language as typst carries them; typst is here for pictures
anyway. References come out as plain text, without italics.

References
----------
Citation Style Language 1.0.2. APA, 7th edition; Chicago, author-date; GOST R 7.0.5-2008; GB/T 7714-2015.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from geo import __date__, __version__
from geo.atlas import Atlas
from geo.bibliography.interchange import write_bibtex, write_csl_json, write_ris
from geo.bibliography.seen import describe_view, seen_keys
from geo.bibliography.styles import STYLES, Style, format_references
from geo.citations import Source
from geo.view import View

__all__ = [
    "INTERCHANGE",
    "PARTS",
    "PLACEHOLDERS",
    "STYLES",
    "Interchange",
    "Style",
    "cite_as",
    "data_source",
    "format_references",
    "map_source",
    "page_references",
    "sources_to_cite",
]

MAKER = "Far East Atlas"

PLACEHOLDERS = {"title": "MAP-TITLE", "address": "https://map-address.invalid/"}
"""What stands in the references of `page_references` for the title and the address."""

_PLACEHOLDER_DAY = datetime.date(2001, 2, 3)

PARTS = ("map", "dataset", "sources", "all")
"""What can be cited: this view of the map, the data, the sources of what it shows, or all three."""


class Interchange(NamedTuple):
    """A format that reference managers read.

    Parameters
    ----------
    title, ending, mediatype : str
        For a person, for a file, for a browser.
    """

    title: str
    ending: str
    mediatype: str


INTERCHANGE: Mapping[str, Interchange] = {
    "bibtex": Interchange("BibTeX", ".bib", "application/x-bibtex"),
    "ris": Interchange("RIS", ".ris", "application/x-research-info-systems"),
    "csl-json": Interchange("CSL-JSON", ".json", "application/vnd.citationstyles.csl+json"),
}

_WRITERS = {"bibtex": write_bibtex, "ris": write_ris, "csl-json": write_csl_json}


def map_source(atlas: Atlas, view: View, address: str = "", accessed: datetime.date | None = None) -> Source:
    """Return a view of the map as a source.

    Parameters
    ----------
    view : View
        Its date and what is selected go into the title.
    address : str
        Where the map is to be found by others, without the view; empty where only a file is at hand.
    accessed : datetime.date, optional
        The day on which it was looked at.
    """
    query = view.query()
    link = f"{address}#{query}" if query else address
    # Where only a file is at hand, the title alone can say which view of it is meant.
    told = "" if address or not query else f", view {query}"
    return _made(
        "far-east-atlas-map",
        "map",
        f"{MAKER}: {describe_view(atlas, view)}. Version {__version__}, data {atlas.version}, "
        f"sha256 {atlas.digest[:12]}{told}",
        link if address else "",
        accessed,
        "",
        atlas.version,
    )


def data_source(atlas: Atlas, address: str = "", accessed: datetime.date | None = None) -> Source:
    """Return the data as a source; the note holds their SHA-256."""
    title = f"Data of {MAKER}, version {atlas.version}"
    note = f"sha256 {atlas.digest}. CC BY 4.0"
    return _made("far-east-atlas-data", "dataset", title, address, accessed, note, atlas.version)


def _made(
    name: str, kind: str, title: str, url: str, accessed: datetime.date | None, note: str, version: str = ""
) -> Source:
    written: dict[str, object] = {
        "id": name,
        "type": kind,
        "title": title,
        "author": [{"literal": f"{MAKER} maintainers"}],
        "issued": {"date-parts": [[int(part) for part in __date__.split("-")]]},
        "version": version,
        "URL": url,
        "note": note,
    }
    if accessed and url:
        written["accessed"] = {"date-parts": [[accessed.year, accessed.month, accessed.day]]}
    return Source.model_validate(written)


def sources_to_cite(
    atlas: Atlas, view: View, part: str = "all", address: str = "", accessed: datetime.date | None = None
) -> tuple[Source, ...]:
    """Return what a part of a view cites, one of `PARTS`."""
    found: list[Source] = []
    if part in ("map", "all"):
        found.append(map_source(atlas, view, address, accessed))
    if part in ("dataset", "all"):
        found.append(data_source(atlas, address, accessed))
    if part in ("sources", "all"):
        found += [atlas.sources[key] for key in seen_keys(atlas, view)]
    return tuple(found)


def cite_as(sources: tuple[Source, ...], form: str) -> str:
    """Return sources for a reference manager, in one of `INTERCHANGE`, or as text in one of `STYLES`."""
    if form in STYLES:
        return "\n".join(format_references(sources, form)) + "\n"
    return _WRITERS[form](sources)


def page_references() -> dict[str, dict[str, str]]:
    """Return, by style, what the page needs to cite itself without typst.

    Each is a title and two references, with and without an address, in which `PLACEHOLDERS` stand for
    what only the page knows. ``geo/static/references.json`` holds what this returns; a test compares.
    """
    written = {}
    for style, known in STYLES.items():
        kept = {}
        for name, address in (("online", PLACEHOLDERS["address"]), ("file", "")):
            source = _made("far-east-atlas-map", "map", PLACEHOLDERS["title"], address, _PLACEHOLDER_DAY, "")
            kept[name] = format_references([source], style)[0]
        written[style] = {"title": known.title} | kept
    return written
