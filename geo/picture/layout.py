"""Where the parts of a picture lie on its sheet: title, map, scale bar, legend, sources.

The map gets what the rest leaves, and the rest depends on what the map shows: both are found by
turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from geo.atlas import Atlas
from geo.language import interface
from geo.layers import Layer
from geo.picture.drawing import KEY, Drawing, Look, clean, number
from geo.picture.framing import window_of
from geo.picture.labelling import Box
from geo.picture.legend import (
    Section,
    Shown,
    colophon,
    headline,
    name_of,
    scale_note,
    sections,
    sources,
    statement,
    states,
    subtitle,
    told,
)
from geo.picture.lettering import Lettering
from geo.picture.mapping import MapFace
from geo.picture.projection import Window
from geo.stylesheet import Face, StyleSheet, page_style
from geo.view import View

PAPERS = {"a4": (297.0, 210.0), "letter": (279.4, 215.9), "screen": (423.334, 264.584)}
"""Width and height lying, in millimetres; ``screen`` is 1600 by 1000 pixels."""

_PIXELS_PER_MM = 96 / 25.4
_MARGIN = 26.0
_GAP = 14.0
_LINE = 1.32
_TEXT, _TITLE, _SMALL = 11.0, 12.5, 8.5
_FITS = (
    *((232.0, 1.0), (232.0, 0.93), (250.0, 0.93), (250.0, 0.88), (268.0, 0.88)),
    *((268.0, 0.84), (300.0, 0.84), (320.0, 0.78), (340.0, 0.7)),
)
"""Widths of the legend beside the map, and sizes of its letters, tried until it fits."""

_MAX_SOURCE_LINES = 6
_STEPS_KM = (1000, 500, 400, 300, 200, 100, 50, 20, 10, 5, 2, 1)
_BAR = 150.0
_TURNS = 2


class Sheet(NamedTuple):
    """What a picture is drawn on.

    Parameters
    ----------
    paper : str
        One of `PAPERS`.
    portrait : bool
        Standing instead of lying.
    projection : str
        One of `geo.picture.projection.PROJECTIONS`.
    """

    paper: str = "screen"
    portrait: bool = False
    projection: str = "albers"

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in pixels of 1/96 inch."""
        width, height = (round(side * _PIXELS_PER_MM) for side in PAPERS[self.paper])
        return (height, width) if self.portrait else (width, height)

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points of 1/72 inch, as PDF counts."""
        width, height = (side / 25.4 * 72 for side in PAPERS[self.paper])
        return (height, width) if self.portrait else (width, height)


class Layout:
    """The parts of one picture, and where each lies.

    Parameters
    ----------
    atlas : Atlas
        The records.
    view : View
        What is shown.
    sheet : Sheet
        On what.
    layers : sequence of Layer
        As `geo.layers.compose_layers` returns them.
    """

    def __init__(self, atlas: Atlas, view: View, sheet: Sheet, layers: Sequence[Layer]) -> None:
        self.atlas, self.view, self.sheet, self.layers = atlas, view, sheet, layers
        self.style: StyleSheet = page_style()
        self.lettering = Lettering(view.language)
        self.width, self.height = sheet.pixels
        colours = self.style.colours
        self.ink, self.soft, self.accent = colours["ink"], colours["soft"], colours["accent"]
        self.say = interface(view.language).say
        self.title = clean(f"{self.say('Far East Atlas')}: {headline(view)}")
        self._beside = self.width > self.height
        self._top = _MARGIN + 46 + (18 if subtitle(atlas, view) else 0)
        self._side, self._size = _FITS[0] if self._beside else (0.0, 1.0)
        face = MapFace(atlas, layers, view, self._window(self.height * 0.2))
        for _ in range(_TURNS):
            below = self._foot_height(face.shown) + _MARGIN
            if self._beside:
                room = self.height - self._top - below
                self._side, self._size = self._fitting(face.shown, room)
            else:
                below += self._legend_height(face.shown) + _GAP
            face = MapFace(atlas, layers, view, self._window(below))
        self._face_of_map = face
        self.description = clean(self._described(face.shown))

    def svg(self) -> str:
        """Return the drawing."""
        face, window = self._face_of_map, self._face_of_map.window
        drawing = Drawing(
            *((self.width, self.height), self.view.language, self.lettering, self.style.colours),
            title=self.title,
            description=self.description,
        )
        drawing.add(drawing.defs, "style", self.style.shapes())
        drawing.add(
            drawing.root, "rect", id="paper", width=self.width, height=self.height, fill=self._paper()
        )
        self._head(drawing)
        bar = self._bar_box(window)
        face.draw(drawing, self.style, (_MARGIN, self._top), self._paper(), [bar])
        self._scale_bar(drawing, window, bar)
        self._legend(drawing, face.shown, window)
        self._foot(drawing, face.shown)
        return drawing.written()

    def _paper(self) -> str:
        return self.style.colours["paper"] if self.sheet.paper == "screen" else "#ffffff"

    def _window(self, below: float) -> Window:
        width = self.width - 2 * _MARGIN - (self._side + _GAP if self._beside else 0)
        size = (float(round(width)), float(round(max(120, self.height - self._top - below))))
        return window_of(self.atlas, self.view, self.sheet.projection, size)

    def _face(self, size: float, *, soft: bool = False, weight: int = 400, serif: bool = False) -> Face:
        return Face(serif, size, weight, fill=self.soft if soft else self.ink)

    def _head(self, drawing: Drawing) -> None:
        title, under = headline(self.view), subtitle(self.atlas, self.view)
        lang, group = self.view.language, drawing.add(drawing.root, "g", id="head")
        atlas = self.say("Far East Atlas")
        kicker = Face(serif=False, size=10.5, weight=700, spacing=1.2, fill=self.accent)
        drawing.text(group, atlas.upper(), kicker, _MARGIN, _MARGIN + 6, lang=lang)
        size = 26.0
        while (
            self.lettering.width(title, self._face(size, weight=600, serif=True)) > self.width - 2 * _MARGIN
        ):
            size -= 1
        drawing.text(group, title, self._face(size, weight=600, serif=True), _MARGIN, _MARGIN + 35, lang=lang)
        if under:
            drawing.text(
                group, under, self._face(13, soft=True, serif=True), _MARGIN, _MARGIN + 54, lang=lang
            )

    def _described(self, shown: Shown) -> str:
        """Return in words what the map shows."""
        parts = [subtitle(self.atlas, self.view)]
        for name, holding in states(self.atlas, self.view, shown):
            said = (
                name_of(self.atlas, name, self.view.language),
                told(self.atlas, holding, self.view.language),
            )
            parts.append(" – ".join(said))
        return "; ".join(part for part in parts if part) + "."

    # The scale bar

    def _kilometres(self, window: Window) -> float:
        return next((km for km in _STEPS_KM if km / window.km_per_pixel <= _BAR), _STEPS_KM[-1])

    def _bar_box(self, window: Window) -> Box:
        lang, km = self.view.language, self._kilometres(window)
        note = self.lettering.width(scale_note(window, lang), self._face(9))
        end = self.lettering.width(f"{km} {self.say('km')}", self._face(9.5))
        wide = max(km / window.km_per_pixel + end, note) + 20
        return window.width - wide - 16, window.height - 52, window.width, window.height

    def _scale_bar(self, drawing: Drawing, window: Window, box: Box) -> None:
        km, lang = self._kilometres(window), self.view.language
        long = km / window.km_per_pixel
        at = f"translate({number(_MARGIN)} {number(self._top)})"
        group = drawing.add(drawing.root, "g", id="scale", transform=at, data_km=km)
        left, upper, right, lower = box
        panel = {"fill": self.style.colours["paper"], "fill_opacity": 0.82, "rx": 5}
        sides = {"x": left + 8, "y": upper + 4, "width": right - left - 16, "height": lower - upper - 12}
        drawing.add(group, "rect", **panel, **sides)
        x, y = (left + right - long) / 2, upper + 24
        for n, fill in enumerate((self.ink, "#ffffff", self.ink, "#ffffff")):
            drawing.add(
                group,
                "rect",
                x=x + n * long / 4,
                y=y,
                width=long / 4,
                height=4.0,
                fill=fill,
                stroke=self.ink,
                stroke_width=0.8,
            )
        drawing.add(group, "path", id="scale-bar", d=f"M{number(x, 3)} {number(y)}h{number(long, 3)}")
        small = self._face(9.5)
        drawing.text(group, "0", small, x, y - 4, anchor="middle")
        drawing.text(group, f"{km} {self.say('km')}", small, x + long, y - 4, anchor="middle", lang=lang)
        note = scale_note(window, lang)
        drawing.text(
            group, note, self._face(9, soft=True), (left + right) / 2, y + 14, anchor="middle", lang=lang
        )

    # The legend

    def _sections(self, shown: Shown) -> list[Section]:
        return sections(self.atlas, self.view, self.layers, shown)

    def _columns(self) -> tuple[int, float]:
        if self._beside:
            return 1, self._side
        count = 3 if self.width > 700 else 2
        return count, (self.width - 2 * _MARGIN - (count - 1) * _GAP * 1.5) / count

    def _fitting(self, shown: Shown, room: float) -> tuple[float, float]:
        """Return the width and the size at which the legend fits beside the map."""
        found = self._sections(shown)
        return next(
            (
                (width, size)
                for width, size in _FITS
                if sum(self._section_height(section, width, size) for section in found) <= room
            ),
            _FITS[-1],
        )

    def _legend_height(self, shown: Shown) -> float:
        count, width = self._columns()
        heights = [self._section_height(section, width, self._size) for section in self._sections(shown)]
        return max(_filled(heights, count)[1]) if heights else 0.0

    def _section_height(self, section: Section, width: float, size: float) -> float:
        title = self.lettering.wrap(section.title, self._face(_TITLE * size, weight=600, serif=True), width)
        rows = sum(self._row_height(row.text, width, size) for row in section.rows)
        return len(title) * _TITLE * size * _LINE + 4 + rows + 9 * size

    def _row_height(self, text: str, width: float, size: float) -> float:
        lines = self._row_lines(text, width, size)
        return max(KEY[1] * size + 2, len(lines) * _TEXT * size * _LINE + 3)

    def _row_lines(self, text: str, width: float, size: float) -> list[str]:
        return self.lettering.wrap(text, self._face(_TEXT * size), width - KEY[0] * size - 8)

    def _legend(self, drawing: Drawing, shown: Shown, window: Window) -> None:
        found, (count, width) = self._sections(shown), self._columns()
        if not found:
            return
        left, start = _MARGIN, self._top + window.height + _GAP
        if self._beside:
            left, start = _MARGIN + window.width + _GAP, self._top
        heights = [self._section_height(section, width, self._size) for section in found]
        columns, _ = _filled(heights, count)
        group = drawing.add(drawing.root, "g", id="legend")
        tops = [start] * count
        for section, height, column in zip(found, heights, columns, strict=True):
            at = left + column * (width + _GAP * 1.5), tops[column]
            self._section(drawing, group, section, at, width)
            tops[column] += height

    def _section(
        self, drawing: Drawing, parent: ET.Element, section: Section, at: tuple[float, float], width: float
    ) -> None:
        lang, size, (x, y) = self.view.language, self._size, at
        title = self._face(_TITLE * size, weight=600, serif=True)
        for line in self.lettering.wrap(section.title, title, width):
            y += title.size * _LINE
            drawing.text(parent, line, title, x, y - title.size * 0.3, lang=lang)
        y += 4
        face = self._face(_TEXT * size)
        for row in section.rows:
            key = f"translate({number(x)} {number(y)}) scale({number(size, 2)})"
            self._key(drawing, drawing.add(parent, "g", transform=key), row.key)
            for n, line in enumerate(self._row_lines(row.text, width, size)):
                baseline = y + 12 * size + n * _TEXT * size * _LINE
                drawing.text(parent, line, face, x + KEY[0] * size + 8, baseline, lang=lang)
            y += self._row_height(row.text, width, size)

    def _key(self, drawing: Drawing, parent: ET.Element, key: str | Look) -> None:
        if isinstance(key, Look):
            drawing.painted_key(parent, key, self.view.opacity)
        else:
            drawing.key(parent, key, self.view.opacity)

    # The foot: sources, projection, version, licence

    def _foot_lines(self, shown: Shown) -> list[tuple[str, Face]]:
        lang, width, face = self.view.language, self.width - 2 * _MARGIN, self._face(_SMALL, soft=True)
        names = sources(self.atlas, self.view, self.layers, shown)
        last_words = " ".join((statement(self.sheet.projection, lang), *colophon(self.atlas, self.view)))
        last = self._face(_SMALL)
        # As many sources as there is room for: halving finds how many.
        few, many = 0, len(names)
        while few < many:
            middle = (few + many + 1) // 2
            if len(self._source_lines(names, middle, face, width)) <= _MAX_SOURCE_LINES:
                few = middle
            else:
                many = middle - 1
        lines = [(line, face) for line in self._source_lines(names, few, face, width)]
        return [*lines, *((line, last) for line in self.lettering.wrap(last_words, last, width))]

    def _source_lines(self, names: Sequence[str], count: int, face: Face, width: float) -> list[str]:
        rest = len(names) - count
        more = [self.say("and {count} more, named in data/sources.json", count=rest)] if rest else []
        text = "; ".join((*names[:count], *more))
        return (
            self.lettering.wrap(f"{self.say('Sources of what is shown')}: {text}.", face, width)
            if names
            else []
        )

    def _foot_height(self, shown: Shown) -> float:
        return len(self._foot_lines(shown)) * _SMALL * _LINE + _GAP

    def _foot(self, drawing: Drawing, shown: Shown) -> None:
        """Write the foot so that its last line stands on the margin."""
        group, lines = drawing.add(drawing.root, "g", id="foot"), self._foot_lines(shown)
        y = self.height - _MARGIN - (len(lines) - 1) * _SMALL * _LINE
        for line, face in lines:
            drawing.text(group, line, face, _MARGIN, y, lang=self.view.language)
            y += _SMALL * _LINE


def _filled(heights: Sequence[float], count: int) -> tuple[list[int], list[float]]:
    """Return the column of each part, in order, so that the tallest column is as short as can be."""
    ceiling = max((*heights, sum(heights) / count))
    while True:
        columns, tall = [], [0.0] * count
        at = 0
        for height in heights:
            if tall[at] + height > ceiling and at < count - 1:
                at += 1
            tall[at] += height
            columns.append(at)
        if max(tall) <= ceiling:
            return columns, tall
        ceiling += 6
