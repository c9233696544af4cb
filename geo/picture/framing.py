"""Which part of the land a picture shows: where the map stands, what is selected, or the whole region."""

from __future__ import annotations

import shapely

from geo.atlas import Atlas
from geo.content import RULE
from geo.layers import HOME
from geo.picture.projection import Bounds, Window, window_around, window_at
from geo.view import View

_PAD = 90
"""Pixels left free around what is selected."""

_CLOSEST, _CLOSEST_POINT = 7.0, 6.5
"""The zoom levels beyond which a selection, or a single point, brings no map."""


def on_map(atlas: Atlas, name: str) -> list[str]:
    """Return the ids of what is lit when something is selected, as on the page."""
    if name == RULE:
        return [one for place in atlas.place_ids for one in on_map(atlas, place)]
    for place in atlas.gazetteer.places:
        if place.id == name:
            return [name, *place.features]
    ids = [area.id for area in atlas.areas] + [line.id for line in atlas.lines]
    if name in (*ids, *(site.id for site in atlas.gazetteer.sites)):
        return [name]
    moved = [area.id for area in atlas.areas if area.act == name and area.role == "subject"]
    return moved + [line.id for line in atlas.lines if line.act == name]


def window_of(atlas: Atlas, view: View, projection: str, size: tuple[float, float]) -> Window:
    """Return what the page would show: where the map stands, else what is selected, else the region."""
    if view.position is not None:
        return window_at(projection, size, view.position)
    home = window_around(projection, size, HOME)
    bounds = _extent(atlas, {one for name in view.place for one in on_map(atlas, name)})
    if bounds is None:
        return home
    point = bounds[:2] == bounds[2:]
    closest = _CLOSEST_POINT if point else _CLOSEST
    near = window_around(projection, size, bounds, pad=_PAD, closest=closest)
    return near.within(home) if near.scale < home.scale else home


def _extent(atlas: Atlas, ids: set[str]) -> Bounds | None:
    drawn = [area.geometry for area in atlas.areas if area.id in ids]
    drawn += [line.geometry for line in atlas.lines if line.id in ids]
    points = [shapely.Point(site.lon, site.lat) for site in atlas.gazetteer.sites if site.id in ids]
    points += [
        shapely.Point(place.lon, place.lat)
        for place in atlas.gazetteer.places
        if place.id in ids and not place.features
    ]
    if not drawn and not points:
        return None
    west, south, east, north = shapely.total_bounds([*drawn, *points])
    return float(west), float(south), float(east), float(north)
