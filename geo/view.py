"""The reader's state, the same in the dashboard's address, the file's hash and the command's options.

The written form is a query string such as ``lang=ru&place=khabarovsk&map=6/48.46/135.1``. It names
only what differs from the opening view, in a fixed order, so that equal views are written alike.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

from geo.dates import parse_known_day

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
BASEMAPS = ("OpenTopoMap", "Esri.WorldPhysical")
"""Online basemaps on offer, by their names in xyzservices; each sends requests to its provider."""

_PASSAGE = re.compile(r"p[1-9]\d{0,4}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,6})?", re.ASCII)
_MAX_WRITTEN = 2000


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
        return f"{_short(self.zoom, 2)}/{_short(self.lat, 4)}/{_short(self.lon, 4)}"


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
        return f"{_short(self.lat, 4)}/{_short(self.lon, 4)}"


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
            ("opacity", _short(self.opacity, 2) if self.opacity != OPENING_OPACITY else ""),
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A view, and what of its written form was ignored.

    Parameters
    ----------
    view : View
        What could be understood.
    notices : tuple of str
        A sentence for each value that was not.
    """

    view: View
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """Collects values and notices while a written view is read."""

    values: dict[str, object] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def ignore(self, name: str, found: str, wanted: str) -> None:
        shown = found if len(found) <= 40 else found[:39] + "…"
        self.notices.append(f"Ignored {name}={shown}: {wanted}.")


def show_own(view: View) -> View:
    """Return a view that shows the layer of the reader's gazetteer too."""
    return _showing(view, OWN)


def show_scan(view: View) -> View:
    """Return a view that shows the layer of the reader's scanned map too."""
    return _showing(view, SCAN)


def _showing(view: View, layer: str) -> View:
    order = (*LAYERS, OWN, SCAN)
    return replace(view, layers=tuple(sorted({*view.layers, layer}, key=order.index)))


def parse_view(
    query: str | Mapping[str, str],
    selectable: Collection[str],
    readings: Collection[str] = (),
    *,
    own: bool = False,
    scan: bool = False,
) -> Parsed:
    """Read a view as `View.query` writes it: a hash, a query string, or its parts by name.

    Unknown names and broken values are left out and named in a notice; the rest counts.

    Parameters
    ----------
    query : str or mapping of str to str
        Anything at all: it may come from an address typed by hand.
    selectable : collection of str
        The ids that can be selected.
    readings : collection of str
        The ids of the rival readings.
    own : bool
        Whether there is a reader's gazetteer, and with it the layer `OWN`.
    scan : bool
        Whether there is a reader's scanned map, and with it the layer `SCAN`.
    """
    opening = opening_layers(own, scan)
    reading = _Reading({"layers": opening})
    layers = (*LAYERS, *opening[len(OPENING_LAYERS) :])
    pairs = parse_qsl(query.lstrip("?#")) if isinstance(query, str) else list(query.items())
    length = sum(len(name) + len(found) for name, found in pairs)
    if length > _MAX_WRITTEN:
        notice = f"Ignored an address of {length} characters: at most {_MAX_WRITTEN}."
        return Parsed(View(layers=opening), (notice,))
    readers = {
        "date": lambda found, into: _read_day("date", found, into),
        "compare": lambda found, into: _read_day("compare", found, into),
        "lang": _read_lang,
        "names": _read_names,
        "layers": lambda found, into: _read_layers(found, into, layers),
        "opacity": _read_opacity,
        "place": lambda found, into: _read_place(found, into, selectable),
        "point": _read_point,
        "passage": _read_passage,
        "readings": lambda found, into: _read_readings(found, into, readings),
        "map": _read_position,
        "basemap": _read_basemap,
    }
    for name, found in pairs:
        if name in readers:
            readers[name](found, reading)
        else:
            reading.ignore(name, found, "the view has no such part")
    if "compare" in reading.values and "date" not in reading.values:
        reading.ignore("compare", str(reading.values.pop("compare")), "name the other day by date=")
    return Parsed(View(**reading.values), tuple(reading.notices))  # type: ignore[arg-type]


def opening_layers(own: bool, scan: bool) -> tuple[str, ...]:
    """Return the layers that the opening view shows, with those of what a reader brought."""
    return (*OPENING_LAYERS, *((OWN,) if own else ()), *((SCAN,) if scan else ()))


def _read_day(name: str, found: str, reading: _Reading) -> None:
    try:
        reading.values[name] = parse_known_day(found)
    except ValueError:
        reading.ignore(name, found, "a day from 1689-09-06 to today would do, as in 1859-06-01")


def _read_lang(found: str, reading: _Reading) -> None:
    if found in LANGS:
        reading.values["lang"] = found
    else:
        reading.ignore("lang", found, f"the languages are {', '.join(LANGS)}")


def _read_names(found: str, reading: _Reading) -> None:
    if found in NAMES:
        reading.values["names"] = found
    else:
        reading.ignore("names", found, f"the choices are {', '.join(NAMES)}")


def _read_layers(found: str, reading: _Reading, layers: Collection[str]) -> None:
    asked = [] if found == "none" else found.split(",")
    known = tuple(layer for layer in layers if layer in asked)
    if known or not asked:
        reading.values["layers"] = known
    for unknown in _others(asked, layers):
        reading.ignore("layers", unknown, f"the layers are {', '.join(layers)}")


def _read_opacity(found: str, reading: _Reading) -> None:
    if _NUMBER.fullmatch(found) and 0 <= float(found) <= 1:
        reading.values["opacity"] = float(_short(float(found), 2))
    else:
        reading.ignore("opacity", found, "a number from 0 to 1 would do")


def _read_place(found: str, reading: _Reading, selectable: Collection[str]) -> None:
    asked = tuple(dict.fromkeys(found.split(",")))
    reading.values["place"] = tuple(name for name in asked if name in selectable)
    for unknown in _others(asked, selectable):
        reading.ignore("place", unknown, "no place, area, line, act or site has this id")


def _read_readings(found: str, reading: _Reading, readings: Collection[str]) -> None:
    asked = tuple(dict.fromkeys(found.split(",")))
    reading.values["readings"] = tuple(name for name in asked if name in readings)
    for unknown in _others(asked, readings):
        reading.ignore("readings", unknown, "no rival reading has this id")


def _read_point(found: str, reading: _Reading) -> None:
    parts = found.split("/")
    if len(parts) == 2 and all(_NUMBER.fullmatch(part) for part in parts):
        lat, lon = (float(_short(float(part), 4)) for part in parts)
        if -85 <= lat <= 85 and -180 <= lon <= 180:
            reading.values["point"] = Spot(lat, lon)
            return
    reading.ignore("point", found, "latitude/longitude would do, as in 48/131")


def _read_passage(found: str, reading: _Reading) -> None:
    if _PASSAGE.fullmatch(found):
        reading.values["passage"] = found
    else:
        reading.ignore("passage", found, "passages are named p1, p2 and so on")


def _read_position(found: str, reading: _Reading) -> None:
    parts = found.split("/")
    if len(parts) == 3 and all(_NUMBER.fullmatch(part) for part in parts):
        zoom, lat, lon = (float(part) for part in parts)
        if 0 <= zoom <= 20 and -85 <= lat <= 85 and -180 <= lon <= 180:
            # As the page rounds it: halves up, so that both write the same.
            rounded = (_short(zoom, 2), _short(lat, 4), _short(lon, 4))
            reading.values["position"] = Position(*map(float, rounded))
            return
    reading.ignore("map", found, "zoom/latitude/longitude would do, as in 5/48/131")


def _read_basemap(found: str, reading: _Reading) -> None:
    if found in BASEMAPS:
        reading.values["basemap"] = found
    else:
        reading.ignore("basemap", found, f"the online basemaps are {', '.join(BASEMAPS)}")


def _others(asked: Iterable[str], known: Collection[str]) -> list[str]:
    return [name for name in asked if name not in known]


def _short(number: float, digits: int) -> str:
    """Return a number without trailing zeros, the way JavaScript writes it."""
    rounded = math.floor(number * 10**digits + 0.5) / 10**digits + 0.0  # no minus zero
    return f"{rounded:.{digits}f}".rstrip("0").rstrip(".")
