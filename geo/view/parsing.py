"""Reading a written view: what of it cannot be understood is left out, and told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from geo.dates import parse_known_day
from geo.sentences import Sentence, sentence
from geo.view.model import (
    BASEMAPS,
    LANGS,
    LAYERS,
    NAMES,
    OPENING_LAYERS,
    Position,
    Spot,
    View,
    opening_layers,
    short,
)

_PASSAGE = re.compile(r"p[1-9]\d{0,4}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,6})?", re.ASCII)
_MAX_WRITTEN = 2000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A view, and what of its written form was ignored.

    Parameters
    ----------
    view : View
        What could be understood.
    notices : tuple of Sentence
        One for each value that was not.
    """

    view: View
    notices: tuple[Sentence, ...] = ()


@dataclass(slots=True)
class _Reading:
    """Collects values and notices while a written view is read."""

    values: dict[str, object] = field(default_factory=dict)
    notices: list[Sentence] = field(default_factory=list)

    def ignore(self, name: str, found: str, wanted: Sentence) -> None:
        shown = found if len(found) <= 40 else found[:39] + "…"
        told = sentence("Ignored {name}={found}: {wanted}.", name=name, found=shown, wanted=wanted)
        self.notices.append(told)


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
        notice = sentence(
            "Ignored an address of {length} characters: at most {most}.",
            length=str(length),
            most=str(_MAX_WRITTEN),
        )
        return Parsed(View(layers=opening), (notice,))
    readers = {
        "date": lambda found, into: _read_day("date", found, into),
        "compare": lambda found, into: _read_day("compare", found, into),
        "lang": _read_lang,
        "names": _read_names,
        "layers": lambda found, into: _read_layers(found, into, layers),
        "opacity": lambda found, into: _read_opacity("opacity", found, into),
        "scan-opacity": lambda found, into: _read_opacity("scan-opacity", found, into),
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
            reading.ignore(name, found, sentence("the view has no such part"))
    if "compare" in reading.values and "date" not in reading.values:
        reading.ignore("compare", str(reading.values.pop("compare")), sentence("name the other day by date="))
    return Parsed(View(**reading.values), tuple(reading.notices))  # type: ignore[arg-type]


def _read_day(name: str, found: str, reading: _Reading) -> None:
    try:
        reading.values[name] = parse_known_day(found)
    except ValueError:
        reading.ignore(name, found, sentence("a day from 1689-09-06 to today would do, as in 1859-06-01"))


def _read_lang(found: str, reading: _Reading) -> None:
    if found in LANGS:
        reading.values["lang"] = found
    else:
        reading.ignore("lang", found, sentence("the languages are {known}", known=", ".join(LANGS)))


def _read_names(found: str, reading: _Reading) -> None:
    if found in NAMES:
        reading.values["names"] = found
    else:
        reading.ignore("names", found, sentence("the choices are {known}", known=", ".join(NAMES)))


def _read_layers(found: str, reading: _Reading, layers: Collection[str]) -> None:
    asked = [] if found == "none" else found.split(",")
    known = tuple(layer for layer in layers if layer in asked)
    if known or not asked:
        reading.values["layers"] = known
    for unknown in _others(asked, layers):
        reading.ignore("layers", unknown, sentence("the layers are {known}", known=", ".join(layers)))


def _read_opacity(name: str, found: str, reading: _Reading) -> None:
    if _NUMBER.fullmatch(found) and 0 <= float(found) <= 1:
        reading.values[name.replace("-", "_")] = float(short(float(found), 2))
    else:
        reading.ignore(name, found, sentence("a number from 0 to 1 would do"))


def _read_place(found: str, reading: _Reading, selectable: Collection[str]) -> None:
    asked = tuple(dict.fromkeys(found.split(",")))
    reading.values["place"] = tuple(name for name in asked if name in selectable)
    for unknown in _others(asked, selectable):
        reading.ignore("place", unknown, sentence("no place, area, line, act or site has this id"))


def _read_readings(found: str, reading: _Reading, readings: Collection[str]) -> None:
    asked = tuple(dict.fromkeys(found.split(",")))
    reading.values["readings"] = tuple(name for name in asked if name in readings)
    for unknown in _others(asked, readings):
        reading.ignore("readings", unknown, sentence("no rival reading has this id"))


def _read_point(found: str, reading: _Reading) -> None:
    parts = found.split("/")
    if len(parts) == 2 and all(_NUMBER.fullmatch(part) for part in parts):
        lat, lon = (float(short(float(part), 4)) for part in parts)
        if -85 <= lat <= 85 and -180 <= lon <= 180:
            reading.values["point"] = Spot(lat, lon)
            return
    reading.ignore("point", found, sentence("latitude/longitude would do, as in 48/131"))


def _read_passage(found: str, reading: _Reading) -> None:
    if _PASSAGE.fullmatch(found):
        reading.values["passage"] = found
    else:
        reading.ignore("passage", found, sentence("passages are named p1, p2 and so on"))


def _read_position(found: str, reading: _Reading) -> None:
    parts = found.split("/")
    if len(parts) == 3 and all(_NUMBER.fullmatch(part) for part in parts):
        zoom, lat, lon = (float(part) for part in parts)
        if 0 <= zoom <= 20 and -85 <= lat <= 85 and -180 <= lon <= 180:
            # As the page rounds it: halves up, so that both write the same.
            rounded = (short(zoom, 2), short(lat, 4), short(lon, 4))
            reading.values["position"] = Position(*map(float, rounded))
            return
    reading.ignore("map", found, sentence("zoom/latitude/longitude would do, as in 5/48/131"))


def _read_basemap(found: str, reading: _Reading) -> None:
    if found in BASEMAPS:
        reading.values["basemap"] = found
    else:
        reading.ignore(
            "basemap", found, sentence("the online basemaps are {known}", known=", ".join(BASEMAPS))
        )


def _others(asked: Iterable[str], known: Collection[str]) -> list[str]:
    return [name for name in asked if name not in known]
