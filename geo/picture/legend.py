"""What a picture says around its map: title, legend and sources, in the language of its names.

Phrases are those of the interface (`geo.language`), what layers and records say is of the records' catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from geo import __version__
from geo.atlas import Atlas
from geo.citations import Citation, keys, short_reference
from geo.gazetteer import Site
from geo.holdings import Holding
from geo.language import interface, phrase
from geo.language.formats import day_in_words
from geo.layers import TINTS, TITLES, Layer, area_style
from geo.picture.drawing import Look
from geo.picture.naming import is_future, name_in
from geo.picture.projection import Window
from geo.territory import Act, Area, Line, RivalReading
from geo.view import View

_MEANINGS = {
    "common": phrase("in common"),
    "undelimited": phrase("no line drawn"),
    "occupied": phrase("occupied"),
    "enclave": phrase("enclave"),
    "disputed": phrase("disputed"),
}
_ORIENTATION = ("sites", "rivers", "relief", "towns", "borders", "graticule")
_STATEMENTS = {
    "albers": phrase(
        "Albers equal-area conic projection, standard parallels 44.5° and 54.5° N, "
        "central meridian 130° E, WGS 84."
    ),
    "mercator": phrase("Web Mercator projection, WGS 84."),
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


def headline(view: View) -> str:
    """Return the title of a picture."""
    lang = view.language
    say = interface(lang).say
    if view.date and view.compare:
        days = {"day": day_in_words(view.date, lang), "other": day_in_words(view.compare, lang)}
        return say("The Far East on {day} and {other}", **days)
    if view.date:
        return say("The Far East on {day}", day=day_in_words(view.date, lang))
    return say("The Far East border since 1689") if "areas" in view.layers else say("The Far East")


def subtitle(atlas: Atlas, view: View) -> str:
    """Return what stands under the title: how two days are told apart, and what is selected."""
    say, said = interface(view.language).say, []
    if view.compare:
        said.append(say("Left of the divider the first day, right of it the second"))
    if names := [name for one in view.place if (name := name_of(atlas, one, view.language))]:
        said.append(say("selected: {names}", names=_list(names, view.language)))
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
    say = interface(lang).say
    by_id = {layer.id: layer for layer in layers}
    found = []
    for day, title, side in _days(atlas, view):
        rows = _held(atlas, shown.of(side), day, lang) if day else _moved(atlas, shown, lang)
        found.append(Section(title, tuple(rows)))
    lines = _rows(atlas, by_id["lines"], shown, lang)
    found.append(Section(atlas.say(TITLES["lines"], lang), tuple(lines)))
    found.append(Section(atlas.say(TITLES["places"], lang), tuple(_places(atlas, view, shown))))
    readings = [reading for reading in atlas.readings if reading.id in shown.of("readings")]
    found.append(Section(say("Rival readings"), tuple(_reading(one, lang) for one in readings)))
    rest = [row for name in _ORIENTATION for row in _rows(atlas, by_id[name], shown, lang)]
    found.append(Section(say("For orientation"), tuple(rest)))
    return [section for section in found if section.rows]


def statement(projection: str, lang: str) -> str:
    """Return in words how the map is projected."""
    return interface(lang).say(_STATEMENTS[projection])


def colophon(atlas: Atlas, view: View) -> list[str]:
    """Return what a copy of the picture has to tell: who made it, by which data, under which licence."""
    lang, query = view.language, view.query()
    say = interface(lang).say
    version = say(
        "{name}, version {code}, data {data} (sha256 {digest}).",
        name=say("Far East Atlas"),
        code=__version__,
        data=atlas.version,
        digest=atlas.digest[:_DIGEST],
    )
    licence = say("Records, areas, lines, rivers: CC BY 4.0. Relief, lakes, borders: public domain.")
    return [version, licence, *([f"?{query}"] if query else [])]


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
    return interface(lang).say("true at {lat}° N, east to west", lat=lat)


def told(atlas: Atlas, holding: Holding, lang: str) -> str:
    """Return in a few words who holds an area, and how."""
    polities, say = atlas.holdings.polities, interface(lang).say
    names = _list((name_in(polities[one], lang) for one in (*holding.holders, *holding.claimants)), lang)
    meaning = say(_MEANINGS.get(holding.status, ""))
    if names and meaning:
        return say("{meaning}: {names}", meaning=meaning, names=names)
    return names or meaning


def states(atlas: Atlas, view: View, shown: Shown) -> Iterator[tuple[str, Holding]]:
    """Yield each area shown and its holding on the day; nothing without a day."""
    for name in dict.fromkeys(shown.of("areas")):
        holding = atlas.holdings.on(name, view.date) if view.date else None
        if holding is not None:
            yield name, holding


def _days(atlas: Atlas, view: View) -> list[tuple[date | None, str, str]]:
    """Return each day drawn, its heading, and where what is shown of it is noted."""
    lang = view.language
    say = interface(lang).say
    if view.date and view.compare:
        pairs = ((view.date, "areas-left"), (view.compare, "areas-right"))
        return [(day, day_in_words(day, lang), noted) for day, noted in pairs]
    if view.date:
        return [(view.date, say("Who held what on this day"), "areas")]
    return [(None, atlas.say(TITLES["areas"], lang), "areas")]


def _reading(reading: RivalReading, lang: str) -> Row:
    line = "LineString" in reading.geometry.geom_type
    return Row("reading line" if line else "reading", reading.names.by_lang()[lang])


def _held(atlas: Atlas, areas: Iterable[str], day: date, lang: str) -> Iterator[Row]:
    """Yield each holder by its tint, then each pattern by what it means."""
    polities, say = atlas.holdings.polities, interface(lang).say
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
            meaning = say(_MEANINGS[look.status])
            text = say("{meaning}: {names}", meaning=meaning, names=_list(named, lang)) if named else meaning
            patterns[drawn] = Row(drawn, text)
    yield from holders.values()
    yield from patterns.values()


def _moved(atlas: Atlas, shown: Shown, lang: str) -> Iterator[Row]:
    """Yield each act by the tint of what it moved, oldest first, then what is hatched, then the rest."""
    say = interface(lang).say
    areas = [area for area in atlas.areas if area.id in shown.of("areas")]
    acts = {area.act for area in areas if area.act}
    for act in sorted(
        (act for act in atlas.acts if act.id in acts), key=lambda act: str(act.date and act.date.start)
    ):
        text = name_in(act, lang)
        if act.date and act.date.start:
            text = say("{name}, {year}", name=text, year=act.date.start.year)
        yield Row(f"area subject {TINTS.get(act.id, 'other')}", text)
    hatched: dict[str, list[str]] = {}
    for area in areas:
        if "hatched" in area_style(area):
            hatched.setdefault(area_style(area), []).append(area.names.by_lang()[lang])
    yield from (Row(style, "; ".join(names)) for style, names in hatched.items())
    styles = {area_style(area) for area in areas}
    if any("returned" in style for style in styles):
        yield Row("area subject returned", say("Held by Russia for a time, then China's again"))
    if "area context none" in styles:
        yield Row("area context none", say("Never Russian by these acts"))


def _rows(atlas: Atlas, layer: Layer, shown: Shown, lang: str) -> Iterator[Row]:
    """Yield the entries of a layer that something on the map is drawn by."""
    styles = shown.styles.get(layer.id, set())
    title = atlas.say(layer.title, lang)
    for entry in layer.legend:
        if any(set(entry.style.split()) <= set(style.split()) for style in styles):
            text = atlas.say(entry.text, lang)
            if layer.id in ("borders", "graticule"):
                small = text[:1].lower() + text[1:]
                text = interface(lang).say("{meaning}: {names}", meaning=title, names=small)
            yield Row(entry.style, title if layer.id == "sites" else text)


def _places(atlas: Atlas, view: View, shown: Shown) -> Iterator[Row]:
    say = interface(view.language).say
    if shown.of("places"):
        yield Row("badge", say("Number in the order of the rule: six towns, an island, a range"))
        day = view.date if not view.compare else None
        if day and any(
            is_future(place, day) for place in atlas.gazetteer.places if place.id in shown.of("places")
        ):
            yield Row("future", say("Not yet founded on this day"))


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
    return interface(lang).say(", ").join(names)
