"""What folium draws: the map with our own geometry and nothing else, as a script that is the same each time.

Whoever needs it asks `geo.page.recalling`, so that folium is imported where the map was changed alone.

No text passes through folium, because it compiles what it renders a second time as a template. Ids of
its elements, at random otherwise, are numbered.

This is the only module that writes latitude before longitude, as folium does.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import folium
import shapely
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from geo import assets
from geo.atlas import Atlas
from geo.embed import GRID
from geo.layers import Feature, Layer, compose_readings
from geo.page.basemaps import tiles_of
from geo.page.recalling import RELIEF

_GRID = 400
"""Steps to a degree: within a third of a pixel at zoom 8; Leaflet draws to whole ones."""

_FIRST = ord("#")
"""The first letter of packed geometry: all before it mean something in a script or are no letters."""

_HALF = 1 << 13
"""Letters in each half of the alphabet."""

Corner = tuple[int, int]
"""Steps of longitude and of latitude."""

Line = tuple[Corner, ...]

# Panes from the ground up; each number is a z-index of Leaflet's.
_PANES = {
    "land": 205,
    "tiles": 220,
    "areas": 250,
    "relief": 300,
    "rivers": 320,
    "graticule": 330,
    "borders": 340,
    "readings": 350,
    "lines": 360,
    "mask": 370,
    "sites": 590,
    "places": 600,
    "labels": 450,
}


# folium writes JSON with a blank after each comma; without them the page is a tenth smaller.
folium.GeoJson._template.environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}

_ICONS = {"places": (24, "badge"), "sites": (24, "site")}
"""Pixels across, and the rule of the style sheet, of the marks of points."""

_TOUCHABLE = ("areas", "lines", "places", "readings", "sites")


class _Registry(MacroElement):
    """Hands the layers that folium drew to our own scripts, under ids of ours."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            const Drawn = {
                map: {{ this.map.get_name() }},
                layers: {
                    {%- for id, layer in this.layers.items() %}
                    {{ id|tojson }}: {{ layer.get_name() }},
                    {%- endfor %}
                }
            };
        {% endmacro %}
        """
    )

    def __init__(self, drawn: folium.Map, layers: Mapping[str, Element]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "registry"
        self.map, self.layers = drawn, layers


def draw_map(atlas: Atlas, layers: Iterable[Layer], basemap: str, *, embed: bool) -> tuple[str, str]:
    """Return the id of the map's element, and the script that draws into it, without the relief."""
    figure = Figure()
    drawn = folium.Map(
        location=(48.5, 131.0),
        zoom_start=5,
        tiles=None,
        zoom_snap=0,
        zoom_delta=0.5,
        maxZoom=9,
        attribution_control=False,
        zoom_control=False,
    )
    figure.add_child(drawn)
    for name, height in _PANES.items():
        folium.map.CustomPane(name, z_index=height, pointer_events=name in _TOUCHABLE).add_to(drawn)
    layers, grid = list(layers), GRID if embed else _GRID
    # Rival readings have corners of their own along our lines: cut by them too, all would be crumbs.
    arcs = Arcs((feature.geometry for layer in layers for feature in layer.features), grid)
    shown: dict[str, Element] = {}
    for layer in layers:
        # The page writes the names of towns by itself; a layer whose file is damaged is there, and empty.
        if layer.features or layer.id not in ("towns", "relief"):
            shown[layer.id] = _geojson(layer.id, layer.features, arcs).add_to(drawn)
    shown["readings"] = _geojson("readings", compose_readings(atlas), arcs).add_to(drawn)
    west, south, east, north = atlas.basemap.relief.frame.bounds
    relief = folium.raster_layers.ImageOverlay(RELIEF, [[south, west], [north, east]], pane="relief")
    shown["relief"] = relief.add_to(drawn)
    if basemap:
        # The page shows the credit; here it would be markup.
        shown["basemap"] = folium.TileLayer(tiles_of(basemap), attr=" ", overlay=True, pane="tiles").add_to(
            drawn
        )
    drawn.add_child(_Registry(drawn, shown))
    _number_ids(figure)
    figure.render()
    # Outside of what folium compiles a second time.
    return drawn.get_name(), _handing(arcs, grid) + assets.small_script(str(figure.script.render()))


def _handing(arcs: Arcs, grid: int) -> str:
    """Return the script that hands the arcs to ``geometry.js``."""
    written = json.dumps(arcs.written, ensure_ascii=False, separators=(",", ":"))
    return f"Geometry.take({written}, {grid});"


def _geojson(pane: str, features: Sequence[Feature], arcs: Arcs) -> folium.GeoJson:
    points = all(feature.geometry.geom_type == "Point" for feature in features)
    size, style = _ICONS.get(pane, (0, ""))
    icon = folium.DivIcon(
        html="", icon_size=(size, size), icon_anchor=(size // 2, size // 2), class_name=style
    )
    styles = {feature.id: feature.style for feature in features}
    return folium.GeoJson(
        {"type": "FeatureCollection", "packed": True, "features": [_feature(f, arcs) for f in features]},
        style_function=lambda feature: {"className": styles[feature["id"]]},
        marker=folium.Marker(icon=icon) if points else None,
        pane=pane,
    )


def _feature(feature: Feature, arcs: Arcs) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(feature.geometry))
    geometry["coordinates"] = _packed(geometry["coordinates"], arcs)
    return {"type": "Feature", "id": feature.id, "properties": {}, "geometry": geometry}


def _packed(coordinates: list[Any], arcs: Arcs) -> list[Any]:
    """Write each line as the arcs that it is made of; a position by itself stays as it is."""
    if isinstance(coordinates[0], float | int):
        return coordinates
    if not isinstance(coordinates[0][0], float | int):
        return [_packed(part, arcs) for part in coordinates]
    return arcs.refer(coordinates)


class Arcs:
    """Lines cut where others part from them, so that what several run along is written once.

    Parameters
    ----------
    geometries : iterable of shapely Geometry
        By which all lines are cut; longitude, latitude in degrees, OGC:CRS84.
    grid : int
        Steps to a degree; corners that fall together on it are one.
    """

    def __init__(self, geometries: Iterable[BaseGeometry], grid: int) -> None:
        self._grid = grid
        self._numbers: dict[Line, int] = {}
        lines = [self._line(shapely.get_coordinates(line)) for line in _lines_of(geometries)]
        self._joints = _joints(lines)

    @property
    def written(self) -> list[str]:
        """The arcs by number: where each begins, seen from the end of the one before, then its steps.

        A step goes from corner to corner, and half of the one before it is taken off: lines seldom turn
        sharply, so that what is left is small.
        """
        texts, end = [], (0, 0)
        for arc in self._numbers:
            texts.append("".join(map(_letters, itertools.chain(*_left(end, arc)))))
            end = arc[-1]
        return texts

    def refer(self, coordinates: Iterable[Iterable[float]]) -> list[int]:
        """Write a line as the numbers of its arcs, one after the other.

        That of an arc which is run through backwards is its negative, less one. A ring may come to begin
        elsewhere.
        """
        return [self._number(arc) for arc in self._arcs(self._line(coordinates))]

    def _line(self, coordinates: Iterable[Iterable[float]]) -> Line:
        grid = self._grid
        whole = ((round(x * grid), round(y * grid)) for x, y in coordinates)
        return tuple(corner for corner, _ in itertools.groupby(whole))

    def _arcs(self, line: Line) -> Iterator[Line]:
        if line[0] == line[-1] and len(line) > 1:
            # Equal rings begin at the same corner.
            first = next(
                (n for n, corner in enumerate(line) if corner in self._joints), line.index(min(line))
            )
            line = (*line[first:], *line[1 : first + 1])
        start = 0
        for n, corner in enumerate(line):
            if n == len(line) - 1 or (n and corner in self._joints):
                yield line[start : n + 1]
                start = n

    def _number(self, arc: Line) -> int:
        if arc[::-1] in self._numbers:
            return -self._numbers[arc[::-1]] - 1
        return self._numbers.setdefault(arc, len(self._numbers))


def _lines_of(geometries: Iterable[BaseGeometry]) -> Iterator[BaseGeometry]:
    for geometry in geometries:
        for part in shapely.get_parts(geometry):
            if part.geom_type == "Polygon":
                yield from (part.exterior, *part.interiors)
            elif part.geom_type == "LineString":
                yield part


def _joints(lines: Iterable[Line]) -> set[Corner]:
    """Return the corners at which a line ends, or from which lines go on to different corners."""
    beside: dict[Corner, set[Corner]] = {}
    found: set[Corner] = set()
    for line in lines:
        closed = line[0] == line[-1] and len(line) > 1
        if not closed:
            found |= {line[0], line[-1]}
        round_about = (*line, line[1]) if closed else line
        for before, corner, after in zip(round_about, round_about[1:], round_about[2:], strict=False):
            if beside.setdefault(corner, {before, after}) != {before, after}:
                found.add(corner)
    return found


def _left(end: Corner, arc: Line) -> Iterator[Corner]:
    """Yield what is written of an arc after another one, which ended at ``end``."""
    yield arc[0][0] - end[0], arc[0][1] - end[1]
    before = (0, 0)
    for (x, y), (next_x, next_y) in itertools.pairwise(arc):
        step = next_x - x, next_y - y
        yield step[0] - before[0] // 2, step[1] - before[1] // 2
        before = step


def _letters(number: int) -> str:
    """Write a whole number in letters of 13 bits, the lowest first, with its sign in the lowest bit of all.

    This is as in the polyline format of Google, but in letters from `_FIRST` on, of which UTF-8 writes the
    first 93 as one byte, and most steps are among them. The second half of the alphabet says that more
    follows; ``geometry.js`` reads it back.
    """
    left, letters = number * 2 if number >= 0 else -number * 2 - 1, ""
    while left >= _HALF:
        letters += chr(_FIRST + _HALF + left % _HALF)
        left //= _HALF
    return letters + chr(_FIRST + left)


def _number_ids(figure: Figure) -> None:
    """Replace folium's random ids by numbers, so that the same map gives the same text."""
    count = itertools.count()

    def walk(element: Element) -> None:
        element._id = str(next(count))
        for child in element._children.values():
            walk(child)
        for part in ("header", "html", "script", "icon"):
            inner = getattr(element, part, None)
            if isinstance(inner, Element) and inner is not element:
                inner._id = str(next(count))

    walk(figure)
