"""Reading ``data/``: nobody else opens that folder.

Every fault is collected before anything is refused, so that an editor sees them all at once.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo.article import FurnitureRule
from geo.atlas import Atlas, Telling
from geo.basemap import NO_RELIEF, Basemap, Border, Label, Lake, Relief, River
from geo.citations import Source
from geo.claims import Claim, Wording
from geo.consistency import disagreements
from geo.errors import DataError
from geo.gazetteer import Gazetteer, Place, Site, Toponym
from geo.holdings import Holding, Holdings, Polity
from geo.language import TRANSLATED
from geo.linker import Cue, Ending, Phrase
from geo.records import MANIFEST, RecordReader
from geo.territory import Act, Area, Line, QuotedArea, RivalReading, is_linear, is_polygonal

DATA_DIR = Path(__file__).parents[1] / "data"

TELLINGS = {"ru": "Russian", "zh-Hans": "Simplified Chinese", "zh-Hant": "Traditional Chinese"}
"""By BCP 47 tag, the languages beside English in which our account is told."""


def _files_of(tag: str) -> tuple[str, str, str]:
    """Return the files of our account in a language."""
    return f"account/account.{tag}.md", f"account/annotations.{tag}.json", f"account/claims.{tag}.csv"


SPARE = {
    "sites.csv": "posts and boundary marks, with the islands at Khabarovsk",
    "readings.geojson": "rival readings",
    "basemap/lakes.geojson": "lakes",
    "basemap/rivers.geojson": "rivers",
    "basemap/borders.geojson": "borders of today",
    "basemap/labels.geojson": "names of towns and waters",
    "basemap/relief.json": "shaded relief",
    "basemap/relief.avif": "shaded relief",
    **{file: f"our account in {name}" for tag, name in TELLINGS.items() for file in _files_of(tag)},
    "translations/ru.po": "the records in Russian",
    "translations/zh-Hans.po": "the records in simplified Chinese",
    "translations/zh-Hant.po": "the records in traditional Chinese",
    "tour.json": "the guided tour",
}
"""By file, what the map can do without; who held what, by which act and source, needs all the others."""


def load_atlas(data_dir: Path = DATA_DIR) -> Atlas:
    """Read, check and freeze all records.

    Parameters
    ----------
    data_dir : Path
        The folder that ``data/README.md`` describes.

    Raises
    ------
    DataError
        If any record is at fault; it holds every problem found.
    """
    reader = RecordReader(data_dir)
    atlas = _assemble(reader)
    reader.problems.extend(disagreements(atlas, reader.refused))
    if reader.problems:
        raise DataError(reader.problems)
    return atlas


def load_usable(data_dir: Path = DATA_DIR) -> Atlas:
    """Read the records as `load_atlas` does, but leave out what the map can do without where it is damaged.

    A file of `SPARE` that is missing, cannot be read or is not the one that the manifest lists is left out
    whole, and `Atlas.missing` says so. The rest is checked as ever.

    Parameters
    ----------
    data_dir : Path
        The folder that ``data/README.md`` describes.

    Raises
    ------
    DataError
        If any other file is at fault; it holds every problem found.
    """
    reader = RecordReader(data_dir)
    atlas = _assemble(reader)
    damaged = {problem.file for problem in reader.problems} & SPARE.keys()
    reader.refused |= dict.fromkeys(damaged)
    problems = [*reader.problems, *disagreements(_without(atlas, damaged), reader.refused)]
    if any(problem.file not in damaged for problem in problems):
        raise DataError(problems)
    return _without(atlas, damaged)


def pack_data(data_dir: Path = DATA_DIR) -> bytes:
    """Return the data as a zip archive: what the manifest lists, the manifest, and the description.

    The same data give the same bytes.

    Parameters
    ----------
    data_dir : Path
        A folder that `load_atlas` has accepted.
    """
    resources = json.loads((data_dir / MANIFEST).read_bytes())["resources"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted((MANIFEST, "README.md", *(entry["path"] for entry in resources))):
            archive.writestr(zipfile.ZipInfo(f"far-east-atlas-data/{name}"), (data_dir / name).read_bytes())
    return packed.getvalue()


def _assemble(reader: RecordReader) -> Atlas:
    """Read every file; what is refused is left out, so that the rest can still be compared."""
    sources = reader.json_records("sources.json", Source)
    places = reader.csv_records("places.csv", Place)
    toponyms = reader.csv_records("names.csv", Toponym)
    sites = reader.csv_records("sites.csv", Site)
    polities = reader.csv_records("polities.csv", Polity)
    holdings = reader.csv_records("holdings.csv", Holding)
    acts = reader.csv_records("acts.csv", Act)
    quoted = reader.csv_records("quoted_areas.csv", QuotedArea)
    areas = reader.features("areas.geojson", Area, is_polygonal)
    lines = reader.features("lines.geojson", Line, is_linear)
    readings = reader.features("readings.geojson", RivalReading, _is_anything)
    lakes = reader.features("basemap/lakes.geojson", Lake, is_polygonal)
    rivers = reader.features("basemap/rivers.geojson", River, is_linear)
    borders = reader.features("basemap/borders.geojson", Border, is_linear)
    labels = reader.features("basemap/labels.geojson", Label, _is_point_or_line)
    relief = Relief(reader.frame("basemap/relief.json"), reader.picture("basemap/relief.avif"))
    furniture = reader.csv_records("linking/furniture.csv", FurnitureRule)
    phrases = reader.csv_records("linking/phrases.csv", Phrase)
    cues = reader.csv_records("linking/cues.csv", Cue)
    endings = reader.csv_records("linking/endings.csv", Ending)
    claims = reader.csv_records("account/claims.csv", Claim)
    account, annotations = reader.account(furniture)
    tellings = {tag: _telling(reader, furniture, tag) for tag in TELLINGS}
    translations = {lang: reader.catalogue(f"translations/{lang}.po", lang) for lang in TRANSLATED}
    tour = reader.tour("tour.json")
    version = reader.manifest()
    return Atlas(
        version=version,
        digest=reader.digest(),
        sources={source.id: source for source in sources},
        gazetteer=Gazetteer(
            tuple(sorted(places, key=lambda place: place.number)), tuple(toponyms), tuple(sites)
        ),
        acts=tuple(acts),
        areas=tuple(areas),
        lines=tuple(lines),
        readings=tuple(readings),
        holdings=Holdings({polity.id: polity for polity in polities}, tuple(holdings)),
        quoted_areas=tuple(quoted),
        basemap=Basemap(tuple(lakes), tuple(rivers), tuple(borders), tuple(labels), relief),
        account=account,
        annotations=annotations,
        claims=tuple(claims),
        tellings=tellings,
        furniture=tuple(furniture),
        phrases=tuple(phrases),
        cues=tuple(cues),
        endings=tuple(endings),
        translations=translations,
        tour=tour,
    )


def _telling(reader: RecordReader, furniture: list[FurnitureRule], tag: str) -> Telling:
    article, annotations = reader.account(furniture, tag)
    words = reader.csv_records(f"account/claims.{tag}.csv", Wording)
    return Telling(article, annotations, {wording.id: wording.exact for wording in words})


def _without(atlas: Atlas, files: Set[str]) -> Atlas:
    """Return an atlas without the records of some files of `SPARE`."""
    base, holdings, sites = atlas.basemap, atlas.holdings, atlas.gazetteer.sites
    if "sites.csv" in files:
        # The islands are sites; who held them goes with them.
        areas, sites = {area.id for area in atlas.areas}, ()
        holdings = Holdings(holdings.polities, tuple(row for row in holdings.records if row.area in areas))
    return replace(
        atlas,
        gazetteer=replace(atlas.gazetteer, sites=sites),
        holdings=holdings,
        readings=() if "readings.geojson" in files else atlas.readings,
        basemap=Basemap(
            () if "basemap/lakes.geojson" in files else base.lakes,
            () if "basemap/rivers.geojson" in files else base.rivers,
            () if "basemap/borders.geojson" in files else base.borders,
            () if "basemap/labels.geojson" in files else base.labels,
            NO_RELIEF if files & {"basemap/relief.json", "basemap/relief.avif"} else base.relief,
        ),
        tellings={
            tag: telling for tag, telling in atlas.tellings.items() if files.isdisjoint(_files_of(tag))
        },
        translations={
            lang: said for lang, said in atlas.translations.items() if f"translations/{lang}.po" not in files
        },
        tour=None if "tour.json" in files else atlas.tour,
        missing=tuple(dict.fromkeys(name for file, name in SPARE.items() if file in files)),
    )


def _is_anything(geometry: Any) -> bool:
    return is_polygonal(geometry) or is_linear(geometry) or geometry.geom_type == "Point"


def _is_point_or_line(geometry: Any) -> bool:
    return geometry.geom_type in ("Point", "LineString")
