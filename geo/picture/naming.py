"""The names that a view asks for: in its language, in force on its day, in their order of rank.

The same names and ranks as the page has in ``static/map.js``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise

import numpy as np
import shapely

from geo.atlas import Atlas
from geo.calling import called, language_of_label, local_language, tongue_of
from geo.dates import Span
from geo.gazetteer import Place, Site
from geo.holdings import Polity
from geo.language import interface, phrase
from geo.territory import Act, measure
from geo.view import LANGS, View

Spot = tuple[float, float]
"""Longitude and latitude in degrees."""

STATES = {
    "common": phrase("in common"),
    "undelimited": phrase("undelimited"),
    "occupied": phrase("occupied"),
    "enclave": phrase("enclave"),
    "disputed": phrase("disputed"),
}
"""What stands under the holder's name, by status."""

_STRIPS = 5
_FAR = 6.0
"""The zoom level up to which posts and marks have no names."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that a view asks for.

    Parameters
    ----------
    kind : str
        Its classes in the style sheet.
    at : tuple of (lon, lat)
        A point, or a baseline from west to east.
    rank : int
        The lowest is placed first.
    zooms : (float, float)
        Between which it is shown.
    gap : float
        Pixels from a mark that it stands beside; 0 to stand on its point.
    dot : float
        Pixels around its point that other names keep free.
    room : float
        Kilometres across of what it names; it is shown where it is hardly wider. 0 for any width.
    lift : float
        Pixels above its baseline.
    instead : (lon, lat) or None
        Where it stands if its baseline is too short.
    always : bool
        Whether it is shown even over another.
    """

    id: str
    kind: str
    text: str
    at: tuple[Spot, ...]
    rank: int
    zooms: tuple[float, float] = (3, 9)
    gap: float = 0
    dot: float = 0
    room: float = 0
    lift: float = 0
    instead: Spot | None = None
    always: bool = False


def wishes(atlas: Atlas, view: View) -> Iterator[Wish]:
    """Yield every name of a view; on two dates at once those of today."""
    day = None if view.compare else view.date
    if "places" in view.layers:
        yield from _places(atlas, view, day)
    if "areas" in view.layers and not view.compare:
        yield from _states(atlas, tongue_of(view), day) if day else _areas(atlas, view)
    if "sites" in view.layers:
        yield from _sites(atlas, view, day)
    for label in atlas.basemap.labels:
        if label.layer == "always" or label.layer in view.layers:
            town, names = label.kind == "town", label.names.by_lang()
            text = called(view, names.__getitem__, language_of_label(atlas, label))
            at = tuple((lon, lat) for lon, lat in label.geometry.coords)
            yield Wish(
                label.id,
                label.kind,
                text if len(at) == 1 else _on_one_line(text),
                at,
                1 + label.rank,
                (label.minzoom, 6 if label.kind == "country" else label.maxzoom),
                gap=8 if town else 0,
                dot=4 if town else 0,
            )


def _sites(atlas: Atlas, view: View, day: date | None) -> Iterator[Wish]:
    for site in atlas.gazetteer.sites:
        if in_force(site.dates, day) if day else site.kind == "island":
            local = local_language(atlas, site.lon, site.lat)
            text = called(view, partial(name_in, site), local)
            yield Wish(site.id, "site", text, ((site.lon, site.lat),), 4, (_FAR, 9), gap=9, dot=5)


def _on_one_line(text: str) -> str:
    return text.replace("\n", " · ")


def in_force(span: Span | None, day: date) -> bool:
    """Tell whether a day lies in a span; without a span every day does."""
    if span is None:
        return True
    return (span.start is None or span.start <= day) and (span.end is None or day <= span.end)


def name_in(record: Site | Act | Polity, lang: str) -> str:
    """Return the name of a record in a language, else in English."""
    return getattr(record, f"name_{lang.lower().replace('-', '_')}") or record.name_en


def _places(atlas: Atlas, view: View, day: date | None) -> Iterator[Wish]:
    """Yield the eight places from east to west: the narrow side of the map has the least room."""
    lines = {line.id: line for line in atlas.lines}
    for place in sorted(atlas.gazetteer.places, key=lambda place: -place.lon):
        wish = Wish(
            place.id,
            "place",
            _name_on(atlas, place, view, day),
            ((place.lon, place.lat),),
            0,
            gap=17,
            dot=13,
            always=True,
        )
        if place.kind == "range" and place.features:
            crest = shapely.get_coordinates(lines[place.features[0]].geometry)
            at = tuple(_strips(crest))
            yield replace(
                wish, kind="place range", text=_on_one_line(wish.text), at=at, instead=wish.at[0], lift=19
            )
        else:
            yield wish


def _strips(corners: np.ndarray) -> Iterator[Spot]:
    """Yield a smooth baseline along a line: its mean in each of some strips from west to east."""
    lons, lats = corners.T
    edges = np.linspace(lons.min(), lons.max(), _STRIPS + 1)
    for west, east in pairwise(edges):
        among = (lons >= west) & (lons <= east)
        if among.any():
            yield float(west + east) / 2, float(lats[among].mean())


def _name_on(atlas: Atlas, place: Place, view: View, day: date | None) -> str:
    """Return the name in use on a day, where that is known; none for a town not yet founded."""
    if day is not None and is_future(place, day):
        return ""
    names = atlas.gazetteer.names_of(place.id)
    # Chinese names have brackets only where these are asked for.
    plain = view.naming in (*LANGS, "all")

    def in_language(lang: str) -> str:
        dated = [
            name
            for name in names
            if day is not None and name.lang == lang and name.dates
            if name.kind in ("official", "historical") and in_force(name.dates, day)
        ]
        official = [name for name in dated if name.kind == "official"]
        main = [name for name in names if plain and name.lang == lang and name.kind == "transliteration"]
        usual = atlas.gazetteer.name(place.id, lang)
        return next((name.form for name in (*official, *dated, *main)), usual)

    return called(view, in_language, local_language(atlas, place.lon, place.lat))


def is_future(place: Place, day: date) -> bool:
    """Tell whether a place was founded only after a day."""
    return place.founded is not None and place.founded.start is not None and place.founded.start > day


def _areas(atlas: Atlas, view: View) -> Iterator[Wish]:
    acts = {act.id: act for act in atlas.acts}
    for area in atlas.areas:
        if area.role != "subject":
            continue
        local = local_language(atlas, *area.label)
        text = called(view, area.names.by_lang().__getitem__, local)
        if area.act and view.naming != "all":
            text += f"\n{name_in(acts[area.act], local if view.naming == 'local' else tongue_of(view))}"
        room = math.sqrt(measure(area.geometry).km2)
        yield Wish(area.id, "area", text, (area.label,), 1, (3, 7.5), room=room)


def _states(atlas: Atlas, lang: str, day: date) -> Iterator[Wish]:
    """Yield the state of each area, land that changed hands first, the largest first.

    Of areas in the same state the first that has room for the words is the one that bears them.
    """
    found = []
    for area in atlas.areas:
        holding = atlas.holdings.on(area.id, day)
        if holding is not None:
            holders = " + ".join(name_in(atlas.holdings.polities[one], lang) for one in holding.holders)
            state = STATES.get(holding.status, "")
            words = (holders, interface(lang).say(state) if state else "")
            km2 = measure(area.geometry).km2
            text = "\n".join(word for word in words if word)
            wish = Wish(area.id, "area", text, (area.label,), 1, room=math.sqrt(km2))
            found.append((area.role != "subject", -km2, area.id, wish))
    yield from (wish for *_, wish in sorted(found, key=lambda entry: entry[:3]))
