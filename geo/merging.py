"""A reader's gazetteer beside the atlas: which places are in both, its mentions, what the page says of it.

A place of the reader's is taken for one of ours where both name the same number of GeoNames or Wikidata,
or where they share a name and lie within `NEAR_KM`. Both stay on the map. A mention of it points at ours,
whose card names the reader's entry, unless the reader's gazetteer is to link the text alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.article import Article
from geo.atlas import Atlas
from geo.gazetteer import Gazetteer, Place, Site
from geo.imports import OwnGazetteer, OwnPlace, describe
from geo.linker import Linker, Mention
from geo.sentences import packed, sentence
from geo.view import OWN

NEAR_KM = 20.0
"""How far a reader's position of a place may lie from ours: across a town, or a harbour and its town."""

_KM_PER_DEGREE = 111.2
_DECIMALS = 5
_SWATCHES = {"point": sentence("Point"), "line": sentence("Line"), "area": sentence("Area")}
_MOST_TARGETS = 50
_AMBIGUOUS = sentence("More than one place of your gazetteer bears this name.")


class _Ground:
    """A place or site of ours as land to be near to, flattened at its latitude once for all questions.

    Distances are good to a tenth: an island as long as Sakhalin has no one latitude.
    """

    def __init__(self, atlas: Atlas, record: Place | Site) -> None:
        self.id = record.id
        features = record.features if isinstance(record, Place) else ()
        shapes = [area.geometry for area in atlas.areas if area.id in features]
        shapes += [line.geometry for line in atlas.lines if line.id in features]
        self._shrink = math.cos(math.radians(record.lat))
        self._flat = self._flattened(
            shapely.GeometryCollection(shapes) if shapes else shapely.Point(record.lon, record.lat)
        )
        shapely.prepare(self._flat)

    def is_near(self, geometry: BaseGeometry) -> bool:
        """Whether a geometry lies within `NEAR_KM`."""
        return bool(shapely.dwithin(self._flat, self._flattened(geometry), NEAR_KM / _KM_PER_DEGREE))

    def _flattened(self, geometry: BaseGeometry) -> BaseGeometry:
        flat: BaseGeometry = shapely.transform(geometry, lambda corners: corners * (self._shrink, 1))
        return flat


def find_twins(atlas: Atlas, gazetteer: OwnGazetteer) -> dict[str, str]:
    """Return by the id of a reader's place the id of the place or site of the atlas that it is."""
    ours: list[Place | Site] = [*atlas.gazetteer.places, *atlas.gazetteer.sites]
    by_match: dict[str, str] = {}
    by_name: dict[str, list[_Ground]] = {}
    for record in ours:
        by_match |= dict.fromkeys(_matches_of(record), record.id)
        ground = _Ground(atlas, record)
        for name in _forms_of(atlas, record):
            by_name.setdefault(name.casefold(), []).append(ground)
    found = {}
    for place in gazetteer.places:
        known = next((by_match[match] for match in place.matches if match in by_match), None)
        if known is None and place.geometry is not None:
            alike = dict.fromkeys(
                each for form, _ in place.names for each in by_name.get(form.casefold(), ())
            )
            known = next((ground.id for ground in alike if ground.is_near(place.geometry)), None)
        if known is not None:
            found[place.id] = known
    return found


def link_with(
    atlas: Atlas, article: Article | None, gazetteer: OwnGazetteer, *, alone: bool = False
) -> tuple[Mention, ...]:
    """Return the mentions of a text, with the names of a reader's gazetteer.

    Parameters
    ----------
    article : Article or None
        None for our account, whose curated mentions stand; the reader's names fill what they leave.
    alone : bool
        Whether only the names of the reader's gazetteer are sought, and point at its places.

    Returns
    -------
    tuple of Mention
        In the order of the text, none overlapping. One of a name that several of the reader's places
        bear points at all of them.
    """
    found = _finder(atlas, gazetteer, ours=article is not None, alone=alone)
    if article is not None or alone:
        return tuple(found(article or atlas.account))
    return _filled_in(atlas.account, atlas.annotations, found(atlas.account))


def link_tellings(
    atlas: Atlas, gazetteer: OwnGazetteer, *, alone: bool = False
) -> dict[str, tuple[Mention, ...]]:
    """Return by language the mentions of our account in the others, found as `link_with` does."""
    found = _finder(atlas, gazetteer, ours=False, alone=alone)
    return {
        tag: _filled_in(telling.article, () if alone else telling.annotations, found(telling.article))
        for tag, telling in atlas.tellings.items()
    }


def _finder(
    atlas: Atlas, gazetteer: OwnGazetteer, *, ours: bool, alone: bool
) -> Callable[[Article], Sequence[Mention]]:
    """Return what finds the reader's names in a text, and ours too where both are sought."""
    twins = {} if alone else find_twins(atlas, gazetteer)
    names = gazetteer.link_names(twins)
    if ours and not alone:
        linker = atlas.linker_with(names)
    else:
        linker = Linker(Gazetteer((), ()), (), names, endings=atlas.endings)
    return lambda text: [_pointed(mention, gazetteer, twins) for mention in linker.mentions(text)]


def compose_gazetteer(atlas: Atlas, gazetteer: OwnGazetteer) -> dict[str, Any]:
    """Return what the page says of a reader's gazetteer, ready for JSON; what is empty is left out."""
    twins = find_twins(atlas, gazetteer)
    lacks = {"moved": round(gazetteer.moved), "chosen": gazetteer.chosen, "leftOut": gazetteer.left_out}
    return {
        "title": gazetteer.title,
        "credit": gazetteer.credit,
        "licence": packed(licence_of(gazetteer)),
        "described": packed(describe(gazetteer)),
        "places": [_place(place, gazetteer, twins) for place in gazetteer.places],
    } | {name: value for name, value in lacks.items() if value}


def compose_own_layer(gazetteer: OwnGazetteer) -> dict[str, Any]:
    """Return the layer of a reader's gazetteer as `geo.content.compose_content` writes the others."""
    drawn = {place.shape for place in gazetteer.places}
    legend = [{"style": f"own-{shape}", "text": text} for shape, text in _SWATCHES.items() if shape in drawn]
    said = [
        sentence("{told}.", told=part) for part in (describe(gazetteer), gazetteer.credit.rstrip(".")) if part
    ]
    said.append(sentence("Licence: {licence}.", licence=licence_of(gazetteer)))
    return {
        "id": OWN,
        "title": packed(sentence("Your gazetteer: {title}", title=gazetteer.title)),
        "legend": legend,
        "credits": [],
        "said": packed(said),
    }


def licence_of(gazetteer: OwnGazetteer) -> str:
    """Return the licence of a reader's gazetteer; where it names none, that is for its owner to say."""
    return gazetteer.licence.rstrip(".") or sentence("as its owner says")


def _filled_in(text: Article, curated: Sequence[Mention], own: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return curated mentions, and those of the reader's names that overlap none of them."""
    order = {passage.id: number for number, passage in enumerate(text.passages)}
    taken: dict[str, list[Mention]] = {}
    for mention in curated:
        taken.setdefault(mention.passage, []).append(mention)

    def is_free(mention: Mention) -> bool:
        others = taken.get(mention.passage, ())
        return all(mention.end <= other.start or other.end <= mention.start for other in others)

    added = [mention for mention in own if is_free(mention)]
    return tuple(sorted((*curated, *added), key=lambda each: (order[each.passage], each.start)))


def _pointed(mention: Mention, gazetteer: OwnGazetteer, twins: Mapping[str, str]) -> Mention:
    """Return a mention of a name that several of the reader's places bear with all of them as targets.

    One that points at a place of ours stays as it is.
    """
    bearers = gazetteer.bearers.get(" ".join(mention.exact.split()).casefold(), ())
    if len(bearers) < 2 or not mention.targets or not gazetteer.ids.issuperset(mention.targets):
        return mention
    targets = tuple(dict.fromkeys(twins.get(name, name) for name in bearers[:_MOST_TARGETS]))
    more = f" Here are the first {_MOST_TARGETS}." if len(bearers) > _MOST_TARGETS else ""
    return replace(mention, targets=targets, note=_AMBIGUOUS + more)


def _place(place: OwnPlace, gazetteer: OwnGazetteer, twins: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": place.id,
        "forms": place.names,
        "source": place.source_id,
        "kind": place.kind,
        "dates": place.dates.label() if place.dates else "",
        "note": place.note,
        "url": place.url,
        "credit": place.source,
        "matches": place.matches,
        "twin": twins.get(place.id),
        "outside": place.id in gazetteer.outside,
    }
    if place.dates:
        said["span"] = [str(day) if day else None for day in (place.dates.start, place.dates.end)]
    if place.geometry is not None:
        said["shape"] = place.shape
        said["at"] = _parts(place.geometry)
        if place.shape != "point":
            spot = place.geometry.representative_point()
            said["label"] = [round(spot.x, _DECIMALS), round(spot.y, _DECIMALS)]
    return {name: value for name, value in said.items() if value}


def _parts(geometry: BaseGeometry) -> list[Any]:
    """Return the positions of points, or those of lines, or of rings part by part."""
    rounded = shapely.transform(geometry, lambda corners: corners.round(_DECIMALS))
    coordinates = shapely.geometry.mapping(rounded)["coordinates"]
    return list(coordinates) if geometry.geom_type.startswith("Multi") else [coordinates]


def _matches_of(record: Place | Site) -> list[str]:
    if isinstance(record, Site):
        return []
    numbers = (("gn", record.geonames), ("wd", record.wikidata))
    return [f"{short}:{number}" for short, number in numbers if number]


def _forms_of(atlas: Atlas, record: Place | Site) -> list[str]:
    if isinstance(record, Place):
        return [name.form for name in atlas.gazetteer.names_of(record.id)]
    return [record.name_en, record.name_ru, record.name_zh_hans, record.name_zh_hant]
