"""What a picture says around its map: title, legend and sources, in the language of its names.

Texts are looked up by their English form in ``static/picture/words.json``; one without a translation
stays English.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from geo import __version__
from geo.atlas import Atlas
from geo.citations import Citation, keys, short_reference
from geo.dates import in_words
from geo.gazetteer import Site
from geo.holdings import Holding
from geo.layers import TINTS, TITLES, Layer, area_style
from geo.picture.drawing import Look
from geo.picture.naming import is_future, name_in
from geo.picture.projection import Window
from geo.territory import Act, Area, Line, RivalReading
from geo.view import View

_WORDS = Path(__file__).parent / "words.json"
_ORDER = ("ru", "zh-Hans", "zh-Hant")
_MONTHS_RU = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_MEANINGS = {
    "common": "in common",
    "undelimited": "no line drawn",
    "occupied": "occupied",
    "enclave": "enclave",
    "disputed": "disputed",
}
_ORIENTATION = ("sites", "rivers", "relief", "towns", "borders", "graticule")
_STATEMENTS = {
    "albers": "Albers equal-area conic projection, standard parallels 44.5° and 54.5° N, "
    "central meridian 130° E, WGS 84.",
    "mercator": "Web Mercator projection, WGS 84.",
}
_DIGEST = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the legend: how it is drawn, and what that means.

    Parameters
    ----------
    key : str or Look
        A style of the map, or how a state is painted.
    """

    key: str | Look
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the legend under a heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Shown:
    """The ids of what a picture's map really shows, by layer; the window cuts off the rest."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    styles: dict[str, set[str]] = field(default_factory=dict)

    def add(self, layer: str, name: str, style: str) -> None:
        """Note that something is on the map."""
        self.ids.setdefault(layer, []).append(name)
        self.styles.setdefault(layer, set()).add(style)

    def of(self, layer: str) -> Sequence[str]:
        """Return the ids that a layer shows."""
        return self.ids.get(layer, ())


def say(text: str, lang: str, **values: object) -> str:
    """Return a text in a language, or as it is where there is no translation.

    Examples
    --------
    >>> say("River", "ru"), say("No such text", "ru")
    ('Река', 'No such text')
    """
    found = _words().get(text)
    said = found[_ORDER.index(lang)] if found and lang in _ORDER else text
    return said.format(**values) if values else said


def day_in(day: date, lang: str) -> str:
    """Return a day in the words of a language.

    Examples
    --------
    >>> day_in(date(1859, 6, 1), "ru"), day_in(date(1859, 6, 1), "zh-Hant")
    ('1 июня 1859 года', '1859年6月1日')
    """
    if lang == "ru":
        return f"{day.day} {_MONTHS_RU[day.month - 1]} {day.year} года"
    return f"{day.year}年{day.month}月{day.day}日" if lang.startswith("zh") else in_words(day)


def headline(view: View) -> str:
    """Return the title of a picture."""
    lang = view.language
    if view.date and view.compare:
        days = {"day": day_in(view.date, lang), "other": day_in(view.compare, lang)}
        return say("The Far East on {day} and {other}", lang, **days)
    if view.date:
        return say("The Far East on {day}", lang, day=day_in(view.date, lang))
    return say("The Far East border since 1689" if "areas" in view.layers else "The Far East", lang)


def subtitle(atlas: Atlas, view: View) -> str:
    """Return what stands under the title: how two days are told apart, and what is selected."""
    parts = []
    if view.compare:
        parts.append("Left of the divider the first day, right of it the second")
    said = [say(part, view.language) for part in parts]
    if names := [name for one in view.place if (name := name_of(atlas, one, view.language))]:
        said.append(say("selected: {names}", view.language, names=_list(names, view.language)))
    return " · ".join(said)


def name_of(atlas: Atlas, name: str, lang: str) -> str:
    """Return the name of a place, an area, a line, an act or a site by its id."""
    if name in atlas.place_ids:
        return atlas.gazetteer.name(name, lang)
    drawn: tuple[Area | Line, ...] = (*atlas.areas, *atlas.lines)
    spoken: tuple[Act | Site, ...] = (*atlas.acts, *atlas.gazetteer.sites)
    names = [record.names.by_lang()[lang] for record in drawn if record.id == name]
    names += [name_in(record, lang) for record in spoken if record.id == name]
    return next(iter(names), "")


def sections(atlas: Atlas, view: View, layers: Iterable[Layer], shown: Shown) -> list[Section]:
    """Return the legend of what a map shows, and of nothing else."""
    lang = view.language
    by_id = {layer.id: layer for layer in layers}
    found = []
    for day, title, side in _days(view):
        rows = _held(atlas, shown.of(side), day, lang) if day else _moved(atlas, shown, lang)
        found.append(Section(title, tuple(rows)))
    lines = _rows(by_id["lines"], shown, lang)
    found.append(Section(say(TITLES["lines"], lang), tuple(lines)))
    found.append(Section(say(TITLES["places"], lang), tuple(_places(atlas, view, shown))))
    readings = [reading for reading in atlas.readings if reading.id in shown.of("readings")]
    found.append(Section(say("Rival readings", lang), tuple(_reading(one, lang) for one in readings)))
    rest = [row for name in _ORIENTATION for row in _rows(by_id[name], shown, lang)]
    found.append(Section(say("For orientation", lang), tuple(rest)))
    return [section for section in found if section.rows]


def statement(projection: str, lang: str) -> str:
    """Return in words how the map is projected."""
    return say(_STATEMENTS[projection], lang)


def colophon(atlas: Atlas, view: View) -> list[str]:
    """Return what a copy of the picture has to tell: who made it, by which data, under which licence."""
    lang, query = view.language, view.query()
    version = say(
        *("{name}, version {code}, data {data} (sha256 {digest}).", lang),
        name=say("Far East Atlas", lang),
        code=__version__,
        data=atlas.version,
        digest=atlas.digest[:_DIGEST],
    )
    licence = "Records, areas, lines, rivers: CC BY 4.0. Relief, lakes, borders: public domain."
    return [version, say(licence, lang), *([f"?{query}"] if query else [])]


def sources(atlas: Atlas, view: View, layers: Iterable[Layer], shown: Shown) -> list[str]:
    """Return the sources of all that is shown in a few words each, in order of first use."""
    cited: list[Citation] = []
    for record in _records(atlas, view, shown):
        cited += record
    around = [layer for layer in layers if layer.id in _ORIENTATION and shown.of(layer.id)]
    names = dict.fromkeys((*keys(cited), *(key for layer in around for key in layer.credits)))
    return list(dict.fromkeys(short_reference(atlas.sources[key]) for key in names))


def scale_note(window: Window, lang: str) -> str:
    """Return where the scale bar is true."""
    lat = round(window.degrees(window.width / 2, window.height / 2)[1])
    return say("true at {lat}° N, east to west", lang, lat=lat)


def told(atlas: Atlas, holding: Holding, lang: str) -> str:
    """Return in a few words who holds an area, and how."""
    polities = atlas.holdings.polities
    names = _list((name_in(polities[one], lang) for one in (*holding.holders, *holding.claimants)), lang)
    meaning = say(_MEANINGS.get(holding.status, ""), lang)
    if names and meaning:
        return say("{meaning}: {names}", lang, meaning=meaning, names=names)
    return names or meaning


def states(atlas: Atlas, view: View, shown: Shown) -> Iterator[tuple[str, Holding]]:
    """Yield each area shown and its holding on the day; nothing without a day."""
    for name in dict.fromkeys(shown.of("areas")):
        holding = atlas.holdings.on(name, view.date) if view.date else None
        if holding is not None:
            yield name, holding


def _days(view: View) -> list[tuple[date | None, str, str]]:
    """Return each day drawn, its heading, and where what is shown of it is noted."""
    lang = view.language
    if view.date and view.compare:
        pairs = ((view.date, "areas-left"), (view.compare, "areas-right"))
        return [(day, day_in(day, lang), noted) for day, noted in pairs]
    return [(view.date, say("Who held what on this day" if view.date else TITLES["areas"], lang), "areas")]


def _reading(reading: RivalReading, lang: str) -> Row:
    line = "LineString" in reading.geometry.geom_type
    return Row("reading line" if line else "reading", reading.names.by_lang()[lang])


def _held(atlas: Atlas, areas: Iterable[str], day: date, lang: str) -> Iterator[Row]:
    """Yield each holder by its tint, then each pattern by what it means."""
    polities = atlas.holdings.polities
    holders: dict[str, Row] = {}
    patterns: dict[Look, Row] = {}
    for name in dict.fromkeys(areas):
        holding = atlas.holdings.on(name, day)
        if holding is None:
            continue
        look = Look.of(holding, polities)
        for one in holding.holders:
            holders.setdefault(one, Row(Look("held", (polities[one].family,)), name_in(polities[one], lang)))
        drawn = Look(look.status, look.tints[:2])
        if look.status != "held" and drawn not in patterns:
            named = [name_in(polities[one], lang) for one in (*holding.holders, *holding.claimants)]
            meaning = say(_MEANINGS[look.status], lang)
            text = (
                say("{meaning}: {names}", lang, meaning=meaning, names=_list(named, lang))
                if named
                else meaning
            )
            patterns[drawn] = Row(drawn, text)
    yield from holders.values()
    yield from patterns.values()


def _moved(atlas: Atlas, shown: Shown, lang: str) -> Iterator[Row]:
    """Yield each act by the tint of what it moved, oldest first, then what is hatched, then the rest."""
    areas = [area for area in atlas.areas if area.id in shown.of("areas")]
    acts = {area.act for area in areas if area.act}
    for act in sorted(
        (act for act in atlas.acts if act.id in acts), key=lambda act: str(act.date and act.date.start)
    ):
        text = name_in(act, lang)
        if act.date and act.date.start:
            text = say("{name}, {year}", lang, name=text, year=act.date.start.year)
        yield Row(f"area subject {TINTS.get(act.id, 'other')}", text)
    hatched: dict[str, list[str]] = {}
    for area in areas:
        if "hatched" in area_style(area):
            hatched.setdefault(area_style(area), []).append(area.names.by_lang()[lang])
    yield from (Row(style, "; ".join(names)) for style, names in hatched.items())
    styles = {area_style(area) for area in areas}
    if any("returned" in style for style in styles):
        yield Row("area subject returned", say("Held by Russia for a time, then China's again", lang))
    if "area context none" in styles:
        yield Row("area context none", say("Never Russian by these acts", lang))


def _rows(layer: Layer, shown: Shown, lang: str) -> Iterator[Row]:
    """Yield the entries of a layer that something on the map is drawn by."""
    styles = shown.styles.get(layer.id, set())
    title = say(layer.title, lang)
    for entry in layer.legend:
        if any(set(entry.style.split()) <= set(style.split()) for style in styles):
            text = say(entry.text, lang)
            if layer.id in ("borders", "graticule"):
                text = say("{meaning}: {names}", lang, meaning=title, names=text[:1].lower() + text[1:])
            yield Row(entry.style, title if layer.id == "sites" else text)


def _places(atlas: Atlas, view: View, shown: Shown) -> Iterator[Row]:
    if shown.of("places"):
        yield Row(
            "badge", say("Number in the order of the rule: six towns, an island, a range", view.language)
        )
        day = view.date if not view.compare else None
        if day and any(
            is_future(place, day) for place in atlas.gazetteer.places if place.id in shown.of("places")
        ):
            yield Row("future", say("Not yet founded on this day", view.language))


def _records(atlas: Atlas, view: View, shown: Shown) -> Iterator[tuple[Citation, ...]]:
    """Yield the citations of every record that the map shows."""
    days = [day for day in (view.date, view.compare) if day]
    for area in atlas.areas:
        if area.id in shown.of("areas"):
            yield area.citations
            yield from (found.citations for day in days if (found := atlas.holdings.on(area.id, day)))
    yield from (line.citations for line in atlas.lines if line.id in shown.of("lines"))
    yield from (reading.citations for reading in atlas.readings if reading.id in shown.of("readings"))
    yield from (place.citations for place in atlas.gazetteer.places if place.id in shown.of("places"))
    yield from (site.citations for site in atlas.gazetteer.sites if site.id in shown.of("sites"))


def _list(names: Iterable[str], lang: str) -> str:
    return say(", ", lang).join(names)


@lru_cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(_WORDS.read_text("utf-8"))
    return found
