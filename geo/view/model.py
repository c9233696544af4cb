"""The reader's state, the same in the dashboard's address, the file's hash and the command's options.

The written form is a query string such as ``lang=ru&place=khabarovsk&map=6/48.46/135.1``. It names
only what differs from the opening view, in a fixed order, so that equal views are written alike.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import quote

LANGS = {"en": "English", "ru": "Русский", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
"""The languages of the interface, by BCP 47 tag, each named in itself."""

NAMES = (*LANGS, "local", "brackets", "all")
"""Whose names the map shows: those of a language, those in use there, Chinese ones with the brackets of the
rule of 2023, or three languages at once."""

LAYERS = {
    "areas": True,
    "lines": True,
    "places": True,
    "sites": True,
    "rivers": True,
    "relief": True,
    "towns": True,
    "borders": False,
    "graticule": False,
}
"""The layers by id, in the order of the legend, and whether the opening view shows them."""

OWN = "own"
"""The layer of a reader's gazetteer, after ours in the legend; there, and shown, only with one."""

SCAN = "scan"
"""The layer of a reader's scanned map, last in the legend; there, and shown at first, only with one."""

OPENING_LAYERS = tuple(layer for layer, shown in LAYERS.items() if shown)
OPENING_OPACITY = 0.7
OPENING_SCAN_OPACITY = 0.75
BASEMAPS = ("OpenTopoMap", "Esri.WorldPhysical")
"""Online basemaps on offer, by their names in xyzservices; each sends requests to its provider."""


class Position(NamedTuple):
    """Where the map stands.

    Parameters
    ----------
    zoom : float
        Leaflet's zoom level.
    lat, lon : float
        Degrees of the centre, OGC:CRS84, in the order that web maps write them.
    """

    zoom: float
    lat: float
    lon: float

    def __str__(self) -> str:
        """Return the position as ``zoom/lat/lon``."""
        return f"{short(self.zoom, 2)}/{short(self.lat, 4)}/{short(self.lon, 4)}"


class Spot(NamedTuple):
    """A point that the reader asks about.

    Parameters
    ----------
    lat, lon : float
        Degrees, OGC:CRS84, in the order that web maps write them.
    """

    lat: float
    lon: float

    def __str__(self) -> str:
        """Return the point as ``lat/lon``."""
        return f"{short(self.lat, 4)}/{short(self.lon, 4)}"


@dataclass(frozen=True, slots=True)
class View:
    """What the reader sees.

    Parameters
    ----------
    date : datetime.date or None
        The day of which the map shows who held what; None for all acts at once.
    compare : datetime.date or None
        The day on the other side of the swipe; None for no comparison. Only with a date.
    lang : str
        The language of the interface, one of `LANGS`; empty for the reader's own, which is theirs to say.
    names : str
        Whose names the map shows, one of `NAMES`; empty for those of the language.
    layers : tuple of str
        The layers shown, in the order of `LAYERS`; `OWN` and `SCAN` come after them.
    opacity : float
        Of the areas, 0 to 1.
    scan_opacity : float
        Of the reader's scanned map, 0 to 1; it is kept where there is none.
    place : tuple of str
        Ids of the places, areas, lines or acts selected; several for a group.
    point : Spot or None
        The point asked about.
    passage : str
        The passage at hand, such as ``p3``; empty for none.
    readings : tuple of str
        Ids of the rival readings that are drawn beside ours.
    position : Position or None
        None for the opening position, which depends on the size of the map.
    basemap : str
        An online basemap, one of `BASEMAPS`; empty for none.
    """

    date: datetime.date | None = None
    compare: datetime.date | None = None
    lang: str = ""
    names: str = ""
    layers: tuple[str, ...] = OPENING_LAYERS
    opacity: float = OPENING_OPACITY
    scan_opacity: float = OPENING_SCAN_OPACITY
    place: tuple[str, ...] = ()
    point: Spot | None = None
    passage: str = ""
    readings: tuple[str, ...] = ()
    position: Position | None = None
    basemap: str = ""

    @property
    def language(self) -> str:
        """The language of the interface where nobody can be asked for theirs: English if none is named."""
        return self.lang or "en"

    @property
    def naming(self) -> str:
        """Whose names the map shows: in Chinese, if none are named, those with brackets."""
        return self.names or ("brackets" if self.language.startswith("zh") else self.language)

    def query(self, *, own: bool = False, scan: bool = False) -> str:
        """Return the view as a query string; empty for the opening view.

        Parameters
        ----------
        own : bool
            Whether there is a reader's gazetteer; the opening view then shows its layer too.
        scan : bool
            Whether there is a reader's scanned map, likewise.

        Examples
        --------
        >>> View(date=datetime.date(1859, 6, 1)).query()
        'date=1859-06-01'
        >>> View(lang="ru", place=("khabarovsk",), position=Position(6, 48.46, 135.1)).query()
        'lang=ru&place=khabarovsk&map=6/48.46/135.1'
        """
        pairs = (
            ("date", str(self.date or "")),
            ("compare", str(self.compare or "")),
            ("lang", self.lang),
            ("names", self.names),
            ("layers", (",".join(self.layers) or "none") if self.layers != opening_layers(own, scan) else ""),
            ("opacity", _opacity(self.opacity, OPENING_OPACITY)),
            ("scan-opacity", _opacity(self.scan_opacity, OPENING_SCAN_OPACITY)),
            ("place", ",".join(self.place)),
            ("point", str(self.point) if self.point is not None else ""),
            ("passage", self.passage),
            ("readings", ",".join(self.readings)),
            ("map", str(self.position) if self.position is not None else ""),
            ("basemap", self.basemap),
        )
        return "&".join(f"{name}={quote(value, safe=',/.')}" for name, value in pairs if value)


def suggest_name(view: View, ending: str) -> str:
    """Return a file name that says what a file of this view shows; ``state.js`` gives the same.

    Examples
    --------
    >>> suggest_name(View(date=datetime.date(1859, 6, 1)), ".html")
    'far-east-atlas_1859-06-01_en.html'
    >>> suggest_name(View(lang="ru", place=("khabarovsk",)), ".pdf")
    'far-east-atlas_all-dates_khabarovsk_ru.pdf'
    """
    days = [str(day) for day in (view.date, view.compare) if day] or ["all-dates"]
    return "_".join(("far-east-atlas", *days, *view.place[:3], view.language)) + ending


def show_own(view: View) -> View:
    """Return a view that shows the layer of the reader's gazetteer too."""
    return _showing(view, OWN)


def show_scan(view: View) -> View:
    """Return a view that shows the layer of the reader's scanned map too."""
    return _showing(view, SCAN)


def _showing(view: View, layer: str) -> View:
    order = (*LAYERS, OWN, SCAN)
    return replace(view, layers=tuple(sorted({*view.layers, layer}, key=order.index)))


def opening_layers(own: bool, scan: bool) -> tuple[str, ...]:
    """Return the layers that the opening view shows, with those of what a reader brought."""
    return (*OPENING_LAYERS, *((OWN,) if own else ()), *((SCAN,) if scan else ()))


def _opacity(opacity: float, opening: float) -> str:
    return short(opacity, 2) if opacity != opening else ""


def short(number: float, digits: int) -> str:
    """Return a number without trailing zeros, the way JavaScript writes it."""
    rounded = math.floor(number * 10**digits + 0.5) / 10**digits + 0.0  # no minus zero
    return f"{rounded:.{digits}f}".rstrip("0").rstrip(".")
