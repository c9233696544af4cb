"""The map of a picture: what a view shows, drawn in the order of the page's panes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from xml.etree import ElementTree as ET

import shapely
from shapely.geometry.base import BaseGeometry

from geo.atlas import Atlas
from geo.calling import tongue_of
from geo.gazetteer import Place
from geo.holdings import Holding
from geo.layers import TINTS, Feature, Layer, compose_readings
from geo.picture.drawing import Drawing, Look, number
from geo.picture.framing import on_map
from geo.picture.labelling import Box, place_labels
from geo.picture.legend import Shown, told
from geo.picture.naming import in_force, is_future, wishes
from geo.picture.projection import Window, shading
from geo.stylesheet import StyleSheet, hatches
from geo.territory import FRAME
from geo.view import View

_APART = 26
"""Pixels from badge to badge, a little more than their width."""

_BADGE = 11
_SPECK = 12
"""Square pixels; a smaller piece of land is none that the legend speaks of."""

_NEAR = 5.0
"""The zoom level from which on posts and marks are shown; before it they would lie on the towns."""


class MapFace:
    """The map of one picture.

    Parameters
    ----------
    atlas : Atlas
        The records.
    layers : iterable of Layer
        As `geo.layers.compose_layers` returns them.
    view : View
        What is shown.
    window : Window
        Where.
    """

    def __init__(self, atlas: Atlas, layers: Iterable[Layer], view: View, window: Window) -> None:
        self._atlas, self._view, self.window = atlas, view, window
        self._layers = {layer.id: layer for layer in layers}
        self._box = shapely.box(0, 0, window.width, window.height)
        self._selected = {one for name in view.place for one in on_map(atlas, name)}
        self.shown = Shown()
        self._drawn = {
            name: [(feature, window.drawn(feature.geometry)) for feature in self._features(name)]
            for name in ("areas", "lines", "rivers", "borders", "graticule", "readings")
        }
        self._note()

    def draw(
        self, drawing: Drawing, sheet: StyleSheet, corner: tuple[float, float], paper: str, taken: list[Box]
    ) -> None:
        """Draw the map with its upper left corner at a point of a drawing.

        Parameters
        ----------
        paper : str
            The colour of what lies outside of the mapped land.
        taken : list of Box
            Parts of the map that names must leave free.
        """
        window, view = self.window, self._view
        drawing.defs.extend(hatches())
        clip = drawing.add(drawing.defs, "clipPath", id="window")
        drawing.add(clip, "rect", width=window.width, height=window.height)
        at = f"translate({number(corner[0])} {number(corner[1])})"
        root = drawing.add(drawing.root, "g", id="map", transform=at)
        inner = drawing.add(root, "g", clip_path="url(#window)")
        self._ground(drawing, inner)
        for day, side in self._days():
            self._areas(drawing, inner, day, side)
        if "relief" in view.layers:
            png = shading(self._atlas.basemap.relief, window)
            image = drawing.add(inner, "g", id="relief")
            drawing.picture(image, png, math.ceil(window.width), math.ceil(window.height))
        for name in ("rivers", "graticule", "borders"):
            self._shapes(drawing, inner, name)
        self._readings(drawing, inner)
        for day, side in self._days():
            self._lines(drawing, inner, day, side)
        self._mask(drawing, inner, paper)
        if view.point is not None:
            x, y = window.pixel(view.point.lon, view.point.lat)
            drawing.add(inner, "path", class_="asked", d=_circle(x, y, 6))
        self._marks(drawing, inner, sheet, taken)
        edge = {
            "width": window.width,
            "height": window.height,
            "fill": "none",
            "stroke": sheet.colours["soft"],
        }
        drawing.add(root, "rect", id="edge", **edge)

    def _features(self, name: str) -> Iterator[Feature]:
        if name == "readings":
            wanted = self._view.readings
            yield from (one for one in compose_readings(self._atlas) if one.id in wanted)
        elif name == "areas" or name in self._view.layers:
            yield from self._layers[name].features

    def _note(self) -> None:
        """Note what the window really shows, for the legend and the sources."""
        for name, drawn in self._drawn.items():
            for feature, shape in drawn if name in (*self._view.layers, "readings") else ():
                if self._stands(name, feature.id) and self._is_seen(shape):
                    self.shown.add(name, feature.id, feature.style)
        if self._view.compare and self.shown.of("areas"):
            self._note_sides()
        for name, points in (("places", self._places()), ("sites", self._sites()), ("towns", self._towns())):
            for feature in points:
                self.shown.add(name, feature.id, feature.style)
        if "relief" in self._view.layers:
            self.shown.add("relief", "relief", "relief")
        for town in self._towns():
            self.shown.add("towns", town.id, town.style)

    def _note_sides(self) -> None:
        for side in ("left", "right"):
            for feature, shape in self._drawn["areas"]:
                if self._is_seen(shape, side):
                    self.shown.add(f"areas-{side}", feature.id, feature.style)

    def _stands(self, layer: str, name: str) -> bool:
        """Tell whether something is drawn on the day, or on one of two; all but lines always are."""
        if layer != "lines" or name in self._selected:
            return True
        span = next(line.dates for line in self._atlas.lines if line.id == name)
        return any(day is None or in_force(span, day) for day, _ in self._days())

    def _is_seen(self, shape: BaseGeometry, side: str = "") -> bool:
        """Tell whether the window, or one side of it, shows enough of a shape to be seen."""
        half, (left, top, right, bottom) = self.window.width / 2, self._box.bounds
        left, right = half if side == "right" else left, half if side == "left" else right
        inside = shapely.clip_by_rect(shape, left, top, right, bottom)
        return not inside.is_empty and (shape.area == 0 or inside.area >= _SPECK)

    def _sites(self) -> Iterator[Feature]:
        """Yield the sites that stand on the day, and that are selected or seen from near enough."""
        view = self._view
        if "sites" not in view.layers:
            return
        spans = {site.id: site.dates for site in self._atlas.gazetteer.sites}
        for feature in self._layers["sites"].features:
            stands = view.date is None or in_force(spans[feature.id], view.date)
            near = self.window.zoom >= _NEAR or feature.id in self._selected
            if stands and near and self.window.holds(*self.window.pixel(*_point(feature.geometry))):
                yield feature

    def _places(self) -> Iterator[Feature]:
        for feature in self._layers["places"].features if "places" in self._view.layers else ():
            if self.window.holds(*self.window.pixel(*_point(feature.geometry))):
                yield feature

    def _towns(self) -> Iterator[Feature]:
        for label in self._atlas.basemap.labels if "towns" in self._view.layers else ():
            near = label.minzoom <= self.window.zoom <= label.maxzoom
            if (
                label.kind == "town"
                and near
                and self.window.holds(*self.window.pixel(*_point(label.geometry)))
            ):
                yield Feature(label.id, "town", label.geometry)

    def _days(self) -> list[tuple[date | None, str]]:
        """Return the day drawn, or the two days and the side of each."""
        if self._view.compare:
            return [(self._view.date, "left"), (self._view.compare, "right")]
        return [(self._view.date, "")]

    def _ground(self, drawing: Drawing, parent: ET.Element) -> None:
        frame = self.window.drawn(shapely.box(*FRAME))
        drawing.path(parent, frame, id="sea", class_="sea")
        land = shapely.union_all([shapely.make_valid(shape) for _, shape in self._drawn["areas"]])
        drawing.path(parent, land, id="coast", class_="coast")
        drawing.path(parent, land, id="land", class_="land")

    def _half(self, drawing: Drawing, side: str) -> str:
        """Return the clip of one side of the divider; nothing where there is none."""
        if not side:
            return ""
        name, half = f"half-{side}", self.window.width / 2
        if drawing.defs.find(f"*[@id='{name}']") is None:
            clip = drawing.add(drawing.defs, "clipPath", id=name)
            x = 0 if side == "left" else half
            drawing.add(clip, "rect", x=x, width=half, height=self.window.height)
        return f"url(#{name})"

    def _areas(self, drawing: Drawing, parent: ET.Element, day: date | None, side: str) -> None:
        if "areas" not in self._view.layers:
            return
        name = "-".join(part for part in ("areas", side) if part)
        group = drawing.add(
            *(parent, "g"), id=name, opacity=float(self._view.opacity), clip_path=self._half(drawing, side)
        )
        names = {area.id: area.names.by_lang()[self._view.language] for area in self._atlas.areas}
        holdings = self._atlas.holdings
        for feature, shape in sorted(self._drawn["areas"], key=lambda drawn: drawn[0].id in self._selected):
            holding = holdings.on(feature.id, day) if day else None
            chosen = " selected" if feature.id in self._selected else ""
            path = drawing.path(
                *(group, shape),
                id=f"{name[:-1] if not side else name}-{feature.id}",
                class_=feature.style + (" dated" if holding else "") + chosen,
                style=self._paint(drawing, feature, holding) if holding else None,
                data_status=holding.status if holding else None,
                data_holders=" ".join(holding.holders) if holding else None,
                data_claimants=" ".join(holding.claimants) if holding else None,
            )
            if path is not None:
                said = f" – {told(self._atlas, holding, self._view.language)}" if holding else ""
                drawing.add(path, "title", names[feature.id] + said)

    def _paint(self, drawing: Drawing, feature: Feature, holding: Holding) -> str:
        """Return how a held area is painted; a thin stroke closes the gap to its neighbour."""
        fill = drawing.fill(Look.of(holding, self._atlas.holdings.polities))
        # Strokes of half a strength would show where they lie on one another.
        if feature.id in self._selected or " context " in feature.style:
            return f"fill: {fill}"
        return f"fill: {fill}; stroke: {fill}; stroke-width: 0.6"

    def _shapes(self, drawing: Drawing, parent: ET.Element, name: str) -> None:
        if name in self._view.layers:
            group = drawing.add(parent, "g", id=name)
            for feature, shape in self._drawn[name]:
                drawing.path(group, shape, class_=feature.style)

    def _readings(self, drawing: Drawing, parent: ET.Element) -> None:
        names = {reading.id: reading.names.by_lang()[self._view.language] for reading in self._atlas.readings}
        for feature, shape in self._drawn["readings"]:
            line = "LineString" in feature.geometry.geom_type
            path = drawing.path(
                *(parent, shape),
                id=f"reading-{feature.id}",
                class_=feature.style,
                fill="none" if line else None,
            )
            if path is not None:
                drawing.add(path, "title", names[feature.id])

    def _lines(self, drawing: Drawing, parent: ET.Element, day: date | None, side: str) -> None:
        if "lines" not in self._view.layers:
            return
        lines = {line.id: line for line in self._atlas.lines}
        name = "-".join(part for part in ("lines", side) if part)
        group = drawing.add(parent, "g", id=name, clip_path=self._half(drawing, side))
        for feature, shape in sorted(self._drawn["lines"], key=lambda drawn: drawn[0].id in self._selected):
            line, chosen = lines[feature.id], feature.id in self._selected
            if day is None or in_force(line.dates, day) or chosen:
                path = drawing.path(
                    *(group, shape),
                    id=f"{name[:-1] if not side else name}-{feature.id}",
                    class_=feature.style + (" selected" if chosen else ""),
                )
                if path is not None:
                    drawing.add(path, "title", line.names.by_lang()[self._view.language])

    def _mask(self, drawing: Drawing, parent: ET.Element, paper: str) -> None:
        frame = self.window.drawn(shapely.box(*FRAME))
        outside = self._box.buffer(2, join_style="mitre").difference(frame)
        drawing.path(parent, outside, class_="mask", style=f"fill: {paper}")
        drawing.path(parent, frame, class_="neatline")
        if self._view.compare:
            x = number(self.window.width / 2)
            drawing.add(
                parent,
                "path",
                id="divider",
                stroke="#22201c",
                stroke_width=3,
                d=f"M{x} 0V{self.window.height}",
            )

    def _marks(self, drawing: Drawing, parent: ET.Element, sheet: StyleSheet, taken: list[Box]) -> None:
        """Draw the names, then posts and places over them, as the page does."""
        view, window = self._view, self.window
        badges = list(self._badges())
        covered = [
            *taken,
            *((x - _BADGE - 2, y - _BADGE - 2, x + _BADGE + 2, y + _BADGE + 2) for _, x, y in badges),
        ]
        covered += [(x - 6, y - 6, x + 6, y + 6) for _, x, y in self._spots(self._sites())]
        names = drawing.add(parent, "g", id="labels")
        dots = drawing.add(names, "g", id="towns")
        at = {label.id: label for label in self._atlas.basemap.labels if label.kind == "town"}
        for label in place_labels(
            wishes(self._atlas, view), window, drawing.lettering, sheet, tongue_of(view), covered
        ):
            if label.id in at:
                x, y = window.pixel(*at[label.id].geometry.coords[0])
                drawing.add(dots, "circle", class_="town-dot", cx=float(x), cy=float(y), r=2.2)
            drawing.label(names, label, tongue_of(view))
        self._draw_sites(drawing, parent, sheet)
        self._draw_badges(drawing, parent, sheet, badges)

    def _spots(self, features: Iterable[Feature]) -> Iterator[tuple[Feature, float, float]]:
        for feature in features:
            x, y = self.window.pixel(*_point(feature.geometry))
            yield feature, float(x), float(y)

    def _badges(self) -> list[tuple[Place, float, float]]:
        """Return the badges of the places; those that would lie on one another step apart."""
        places = {place.id: place for place in self._atlas.gazetteer.places}
        spots = [(places[feature.id], x, y) for feature, x, y in self._spots(self._places())]
        aside = [[0.0, 0.0] for _ in spots]
        for (n, (_, x, y)), (m, (_, x2, y2)) in combinations(enumerate(spots), 2):
            apart = math.hypot(x2 - x, y2 - y) or 0.1
            push = max(0.0, _APART - apart) / 2 / apart
            for k, step in ((0, (x2 - x) * push), (1, (y2 - y) * push)):
                aside[n][k] -= step
                aside[m][k] += step
        return [(place, x + dx, y + dy) for (place, x, y), (dx, dy) in zip(spots, aside, strict=True)]

    def _draw_sites(self, drawing: Drawing, parent: ET.Element, sheet: StyleSheet) -> None:
        group = drawing.add(parent, "g", id="sites")
        names = {site.id: site.name_en for site in self._atlas.gazetteer.sites}
        for feature, x, y in self._spots(self._sites()):
            island = feature.style.endswith(" island")
            shape = _circle(x, y, 4) if island else f"M{number(x)} {number(y - 5)}l5 5-5 5-5-5Z"
            fill = f"fill: {sheet.colours['accent']}" if feature.id in self._selected else None
            mark = drawing.add(group, "path", id=f"site-{feature.id}", class_="site-key", d=shape, style=fill)
            drawing.add(mark, "title", names[feature.id])

    def _draw_badges(
        self,
        drawing: Drawing,
        parent: ET.Element,
        sheet: StyleSheet,
        badges: list[tuple[Place, float, float]],
    ) -> None:
        group = drawing.add(parent, "g", id="places")
        colours, view = sheet.colours, self._view
        for place, x, y in badges:
            future = bool(view.date and not view.compare and is_future(place, view.date))
            badge = drawing.add(group, "g", id=f"place-{place.id}")
            drawing.add(
                badge, "title", f"{place.number}: {self._atlas.gazetteer.name(place.id, view.language)}"
            )
            if place.id in self._selected:
                drawing.add(badge, "circle", cx=x, cy=y, r=15.0, fill=colours["lit"])
                drawing.add(badge, "circle", cx=x, cy=y, r=13.5, fill=colours["ink"])
            tint = sheet.badge(None if view.date else TINTS.get(place.act, "other"))
            drawing.badge(badge, str(place.number), colours["paper"] if future else tint, x, y, future=future)


def _point(geometry: BaseGeometry) -> tuple[float, float]:
    x, y = geometry.coords[0]
    return float(x), float(y)


def _circle(x: float, y: float, r: float) -> str:
    left, across = number(x - r), number(2 * r)
    return f"M{left} {number(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0-{across} 0Z"
