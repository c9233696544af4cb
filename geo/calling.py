"""What the map calls things: in which language or languages. The same rules as ``static/names.js``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from geo import __date__
from geo.atlas import Atlas
from geo.basemap import Label
from geo.territory import area_near
from geo.view import LANGS, View

_SPOKEN = {"russia": "ru", "china": "zh-Hans"}
"""By family of polities, the language of its official names; of the others the data have none."""

_REACH = 0.5
"""Degrees from the outline of an area at which a town or islet still belongs to it."""

_SEVERAL = ("en", "ru", "zh-Hans")


def local_language(atlas: Atlas, lon: float, lat: float) -> str:
    """Return the language in which a spot is named officially; English where the data have none.

    It is that of who holds it on the day of this release, so that no clock decides what is written.

    Parameters
    ----------
    lon, lat : float
        Degrees, OGC:CRS84.
    """
    area = area_near(atlas.areas, lon, lat, _REACH)
    holding = atlas.holdings.on(area.id, date.fromisoformat(__date__)) if area else None
    if holding is None or len(holding.holders) != 1:
        return "en"
    return _SPOKEN.get(atlas.holdings.polities[holding.holders[0]].family, "en")


def language_of_label(atlas: Atlas, label: Label) -> str:
    """Return the language in which what a label names is named officially; of a sea English."""
    if label.kind == "sea":
        return "en"
    corners = label.geometry.coords
    lon, lat = corners[len(corners) // 2]
    return local_language(atlas, lon, lat)


def tongue_of(view: View) -> str:
    """Return the language of words beside the names of a view."""
    if view.naming == "brackets":
        return _han(view)
    return view.naming if view.naming in LANGS else view.language


def called(view: View, name_in: Callable[[str], str], local: str = "en") -> str:
    """Return what a view calls something; several names stand on lines of their own.

    Parameters
    ----------
    name_in : callable
        Its name in a language.
    local : str
        The language in which it is named officially.
    """
    if view.naming == "all":
        return "\n".join(dict.fromkeys(filter(None, map(name_in, _SEVERAL))))
    if view.naming == "local":
        return name_in(local)
    return name_in(tongue_of(view))


def _han(view: View) -> str:
    return "zh-Hant" if view.language == "zh-Hant" else "zh-Hans"
