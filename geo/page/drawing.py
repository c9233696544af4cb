"""What folium draws: the map with our own geometry and nothing else, as a script that is the same each time.

Whoever needs it asks `geo.page.recalling`, so that folium is imported where the map was changed alone.

No text passes through folium, because it compiles what it renders a second time as a template. Ids of
its elements, at random otherwise, are numbered.

This is the only module that writes latitude before longitude, as folium does.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import folium
import shapely
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geo import assets
from geo.atlas import Atlas
from geo.embed import GRID
from geo.layers import Feature, Layer, compose_readings
from geo.page.basemaps import tiles_of
from geo.page.recalling import RELIEF

_GRID = 1000
"""Steps to a degree, as fine as `geo.layers` rounds: a fifth of a pixel at zoom 8."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Of packed geometry."""

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
    grid = GRID if embed else _GRID
    shown: dict[str, Element] = {}
    for layer in layers:
        # The page writes the names of towns by itself; a layer whose file is damaged is there, and empty.
        if layer.features or layer.id not in ("towns", "relief"):
            shown[layer.id] = _geojson(layer.id, layer.features, grid).add_to(drawn)
    shown["readings"] = _geojson("readings", compose_readings(atlas), grid).add_to(drawn)
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
    return drawn.get_name(), assets.small_script(str(figure.script.render()))


def _geojson(pane: str, features: Sequence[Feature], grid: int) -> folium.GeoJson:
    points = all(feature.geometry.geom_type == "Point" for feature in features)
    size, style = _ICONS.get(pane, (0, ""))
    icon = folium.DivIcon(
        html="", icon_size=(size, size), icon_anchor=(size // 2, size // 2), class_name=style
    )
    styles = {feature.id: feature.style for feature in features}
    return folium.GeoJson(
        {"type": "FeatureCollection", "grid": grid, "features": [_feature(f, grid) for f in features]},
        style_function=lambda feature: {"className": styles[feature["id"]]},
        marker=folium.Marker(icon=icon) if points else None,
        smooth_factor=0.5,
        pane=pane,
    )


def _feature(feature: Feature, grid: int) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(feature.geometry))
    geometry["coordinates"] = _packed(geometry["coordinates"], grid)
    return {"type": "Feature", "id": feature.id, "properties": {}, "geometry": geometry}


def _packed(coordinates: list[Any], grid: int) -> list[Any] | str:
    """Write each line as whole steps of a grid from corner to corner; ``geometry.js`` reads them back.

    A step is written in letters of five bits, the lowest first, with its sign in the lowest bit of
    all, as in the polyline format of Google; corners that fall together are one. A position by itself
    stays as it is. The letters keep clear of folium's second compilation.
    """
    if isinstance(coordinates[0], float | int):
        return coordinates
    if not isinstance(coordinates[0][0], float | int):
        return [_packed(part, grid) for part in coordinates]
    whole = [
        corner for corner, _ in itertools.groupby((round(x * grid), round(y * grid)) for x, y in coordinates)
    ]
    steps = [(x - px, y - py) for (px, py), (x, y) in itertools.pairwise([(0, 0), *whole])]
    return "".join(map(_letters, itertools.chain.from_iterable(steps)))


def _letters(number: int) -> str:
    """Write a whole number in the alphabet of `_LETTERS`, whose second half says that more follows."""
    left, letters = number * 2 if number >= 0 else -number * 2 - 1, ""
    while left >= 32:
        letters += _LETTERS[32 + left % 32]
        left //= 32
    return letters + _LETTERS[left]


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
