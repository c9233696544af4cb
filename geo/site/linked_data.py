"""What the pages say to machines: schema.org in JSON-LD.

References
----------
schema.org 29, Dataset, DataDownload, Place, Event. Identifiers are those of our Linked Places.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geo.annotations import identify
from geo.atlas import Atlas
from geo.content import TITLE
from geo.dates import FIRST_DAY
from geo.exports.extract import LICENCES
from geo.gazetteer import Place
from geo.site.downloads import Download
from geo.territory import FRAME, Act, Area
from geo.view import LANGS

_CONTEXT = "https://schema.org"
_LICENCE = LICENCES["CC-BY-4.0"][1]
_DESCRIPTION = (
    "The border between Russia and China in the Far East, 1689 to today: places with their names, areas, "
    "boundary lines, acts, who held what from when to when, each with its sources and its certainty."
)

Linked = dict[str, Any]


def elsewhere(place: Place) -> list[tuple[str, str]]:
    """Return the name and the address of what other gazetteers say of a place."""
    found = []
    if place.wikidata:
        found.append((f"Wikidata {place.wikidata}", f"https://www.wikidata.org/wiki/{place.wikidata}"))
    if place.geonames:
        found.append((f"GeoNames {place.geonames}", f"https://www.geonames.org/{place.geonames}"))
    return found


def dataset(atlas: Atlas, downloads: Iterable[Download], home: str) -> Linked:
    """Return the data as a schema.org Dataset.

    Parameters
    ----------
    downloads : iterable of Download
        The files, a distribution each.
    home : str
        The way to the start of the site: an address, or steps up from the page.
    """
    west, south, east, north = FRAME
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": f"{TITLE}, data {atlas.version}",
        "description": _DESCRIPTION,
        "url": f"{home}data/index.html",
        "version": atlas.version,
        "identifier": f"sha256:{atlas.digest}",
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": TITLE},
        "temporalCoverage": f"{FIRST_DAY}/..",
        "inLanguage": list(LANGS),
        "spatialCoverage": {
            "@type": "Place",
            "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"},
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "name": each.format.title,
                "encodingFormat": each.format.mediatype,
                "contentUrl": f"{home}data/{each.path}",
                "contentSize": f"{each.size} B",
                "sha256": each.sha256,
            }
            for each in downloads
        ],
    }


def place(atlas: Atlas, record: Place, areas: Iterable[Area], home: str) -> Linked:
    """Return one of the eight places, with the areas that it stands on, as a schema.org Place."""
    names = [name for name in atlas.gazetteer.names_of(record.id) if name.kind != "variant"]
    said = {
        "@context": _CONTEXT,
        "@type": "Place",
        "@id": identify("place", record.id),
        "name": atlas.gazetteer.name(record.id, "en"),
        "alternateName": [{"@language": name.lang, "@value": name.form} for name in names],
        "url": f"{home}places/{record.id}.html",
        "geo": {"@type": "GeoCoordinates", "latitude": record.lat, "longitude": record.lon},
        "containedInPlace": [
            {"@type": "Place", "@id": identify("area", area.id), "name": area.names.en} for area in areas
        ],
        "license": _LICENCE,
    }
    same = [address for _, address in elsewhere(record)]
    return said | ({"sameAs": same} if same else {})


def area(record: Area, home: str) -> Linked:
    """Return an area as a schema.org Place."""
    west, south, east, north = (round(edge, 3) for edge in record.geometry.bounds)
    return {
        "@context": _CONTEXT,
        "@type": "Place",
        "@id": identify("area", record.id),
        "name": record.names.en,
        "alternateName": _others(record.names.by_lang()),
        "url": f"{home}areas/{record.id}.html",
        "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"},
        "license": _LICENCE,
    }


def act(record: Act, home: str) -> Linked:
    """Return an act as a schema.org Event."""
    names = {"ru": record.name_ru, "zh-Hans": record.name_zh_hans, "zh-Hant": record.name_zh_hant}
    said = {
        "@context": _CONTEXT,
        "@type": "Event",
        "@id": identify("act", record.id),
        "name": record.name_en,
        "alternateName": _others(names),
        "description": record.summary,
        "url": f"{home}acts/{record.id}.html",
        "license": _LICENCE,
    }
    ends = {"startDate": record.date.start, "endDate": record.date.end} if record.date else {}
    return said | {name: str(day) for name, day in ends.items() if day}


def _others(names: dict[str, str]) -> list[dict[str, str]]:
    return [{"@language": lang, "@value": name} for lang, name in names.items() if lang != "en" and name]
