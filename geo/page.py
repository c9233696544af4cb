"""The page: one HTML document that holds the map, the article and everything they need.

folium draws the map from our own geometry; no text passes through it, because folium compiles what
it renders a second time as a template. Every text travels in one JSON block and reaches the screen
through ``textContent``. Scripts and styles are in the document and named in its policy by their hash.

This is the only module that writes latitude before longitude, as folium does.
"""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import folium
import jinja2
import shapely
import xyzservices.providers
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geo import __version__, assets
from geo.article import Article
from geo.atlas import Atlas
from geo.content import TITLE, compose_content, licence
from geo.embed import GRID, Embed, embed_content, embed_relief
from geo.imports import OwnGazetteer
from geo.layers import Feature, Layer, compose_layers, compose_readings
from geo.linker import Mention
from geo.merging import compose_gazetteer, compose_own_layer, licence_of, link_with
from geo.passages import compose_article
from geo.view import OPENING_LAYERS, OWN, View

_FIRST_SCRIPTS = ("source.js", "geometry.js")
_SCRIPTS = (
    *(
        "fragment.js",
        "content.js",
        "state.js",
        "dom.js",
        "paint.js",
        "chronicle.js",
        "labels.js",
        "gazetteer.js",
        "map.js",
        "swipe.js",
        "timeline.js",
    ),
    *(
        "marks.js",
        "article.js",
        "correcting.js",
        "card.js",
        "index.js",
        "cite.js",
        "yours.js",
        "disputes.js",
        "mentions.js",
        "annotations.js",
        "outside.js",
        "main.js",
        "print.js",
    ),
)
_STYLES = (
    "reading.css",
    "page.css",
    "time.css",
    "disputes.css",
    "mentions.css",
    "gazetteer.css",
    "print.css",
)

# The embedded page has short cards in the place of the long ones, and neither article nor tables.
_LEFT_OUT = (
    *("fragment.js", "marks.js", "article.js", "correcting.js", "card.js", "cite.js", "disputes.js"),
    *("mentions.js", "annotations.js", "gazetteer.js", "yours.js"),
    *("reading.css", "disputes.css", "mentions.css", "gazetteer.css"),
)
_BEFORE_MAIN = _SCRIPTS.index("main.js")
_EMBED_SCRIPTS = tuple(
    name for name in (*_SCRIPTS[:_BEFORE_MAIN], "embed.js", *_SCRIPTS[_BEFORE_MAIN:]) if name not in _LEFT_OUT
)
_EMBED_STYLES = (*(name for name in _STYLES if name not in _LEFT_OUT), "embed.css")

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


class Page:
    """What every document of an atlas has in common, made once.

    Parameters
    ----------
    atlas : Atlas
        The records.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.layers = compose_layers(atlas)
        self._content = compose_content(atlas, self.layers)
        self._drawings: dict[tuple[str, bool], tuple[str, str]] = {}

    def document(
        self,
        view: View,
        article: Article | None = None,
        gazetteer: OwnGazetteer | None = None,
        *,
        alone: bool = False,
        curated: Sequence[Mention] = (),
    ) -> str:
        """Return the document that opens with a view.

        The same arguments give the same text, to the byte.

        Parameters
        ----------
        view : View
            Where the page opens.
        article : Article, optional
            A reader's own; our account where it is left out.
        gazetteer : OwnGazetteer, optional
            A reader's own; its layer is shown where the view says so, as `geo.view.show_own` makes it.
        alone : bool
            Whether the text is linked with the reader's names alone, without ours.
        curated : sequence of Mention
            What people marked in the text; it takes the place of what is found there.
        """
        mentions = link_with(self.atlas, article, gazetteer, alone=alone) if gazetteer else None
        text = compose_article(self.atlas, article, mentions, curated)
        title = " – ".join(part for part in (text["title"], TITLE) if part)
        content = self._content | {"article": text}
        if gazetteer:
            text["licence"] += f" The reader’s gazetteer: {licence_of(gazetteer)}."
            content["own"] = compose_gazetteer(self.atlas, gazetteer)
            content["layers"] = [*content["layers"], compose_own_layer(gazetteer)]
            content["opening"] = content["opening"] | {"layers": (*OPENING_LAYERS, OWN)}
        return self._render(view, title, content, (_SCRIPTS, _STYLES), text["licence"])

    def embed_document(self, view: View, embed: Embed | None = None) -> str:
        """Return the light document, for a frame in another page: the map with its legend and timeline.

        It weighs half as much, has no article, and its cards are short. The same arguments give the
        same text, to the byte.

        Parameters
        ----------
        view : View
            Where the map opens.
        embed : Embed, optional
            With controls and without a link where it is left out.
        """
        embed = embed or Embed()
        terms = licence(own=True)
        content = embed_content(self._content) | {
            "article": {"own": True, "passages": [], "licence": terms},
            "link": embed.link,
        }
        return self._render(view, TITLE, content, (_EMBED_SCRIPTS, _EMBED_STYLES), terms, embed)

    def _render(
        self,
        view: View,
        title: str,
        content: dict[str, Any],
        parts: tuple[tuple[str, ...], tuple[str, ...]],
        terms: str,
        embed: Embed | None = None,
    ) -> str:
        basemap = _basemap(view.basemap)
        map_id, scripts, styles = self._inlined(view.basemap, parts, embed=embed is not None)
        return _template().render(
            title=_text(title),
            name=TITLE,
            generator=f"{TITLE} {__version__}; data {self.atlas.version}, sha256 {self.atlas.digest}",
            licence=_text(terms).replace('"', "&quot;"),
            policy=_policy(scripts, styles, basemap),
            view=view.query(own="own" in content),
            map_id=map_id,
            content=_block(content | {"basemap": basemap}),
            styles=styles,
            scripts=scripts,
            embed=embed,
        )

    def policy(self) -> str:
        """Return the content security policy of every whole document without an online basemap."""
        _, scripts, styles = self._inlined("", (_SCRIPTS, _STYLES), embed=False)
        return _policy(scripts, styles, None)

    def _inlined(
        self, basemap: str, parts: tuple[tuple[str, ...], tuple[str, ...]], *, embed: bool
    ) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """Return the id of the map's element, the scripts and the style sheets."""
        map_id, drawing = self._drawn(basemap, embed=embed)
        own_scripts, own_styles = parts
        script = "\n".join((*map(assets.script, _FIRST_SCRIPTS), drawing, *map(assets.script, own_scripts)))
        styles = (assets.leaflet("leaflet.css"), "\n".join(map(assets.style, own_styles)))
        return map_id, (assets.leaflet("leaflet.js"), script), styles

    def _drawn(self, basemap: str, *, embed: bool) -> tuple[str, str]:
        """Return the id of the map's element, and the script that draws it; each is made once."""
        if (basemap, embed) not in self._drawings:
            self._drawings[basemap, embed] = _drawing(self.atlas, self.layers, basemap, embed=embed)
        return self._drawings[basemap, embed]


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(assets.static("page.html"))


def _block(content: object) -> str:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    return text.translate({ord(character): escape for character, escape in escapes.items()})


def _text(text: str) -> str:
    """Escape text for an element as a browser does when it writes a document out again.

    In an attribute it escapes quotation marks too, but no apostrophe, so that a page saved from the browser
    is the same.
    """
    return html.escape(text, quote=False)


def _policy(scripts: tuple[str, ...], styles: tuple[str, ...], basemap: Mapping[str, str] | None) -> str:
    """Return the content security policy: only what is in the document, and the basemap asked for."""
    images = f"data: {basemap['host']}" if basemap else "data:"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            f"img-src {images}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _basemap(name: str) -> dict[str, str] | None:
    """Return what the page says of an online basemap, and where it sends its requests."""
    if not name:
        return None
    provider = xyzservices.providers.query_name(name)
    host = "/".join(_tiles(name).replace("{s}", "*").split("/")[:3])
    return {"id": name, "name": provider.name, "host": host, "credit": provider.attribution}


def _tiles(name: str) -> str:
    return str(xyzservices.providers.query_name(name).build_url(scale_factor=""))


def _drawing(atlas: Atlas, layers: Iterable[Layer], basemap: str, *, embed: bool) -> tuple[str, str]:
    """Return the id of the map's element, and the script by which folium draws into it."""
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
        if layer.features:
            shown[layer.id] = _geojson(layer.id, layer.features, grid).add_to(drawn)
    shown["readings"] = _geojson("readings", compose_readings(atlas), grid).add_to(drawn)
    shown["relief"] = _relief(atlas, embed=embed).add_to(drawn)
    if basemap:
        # The page shows the credit; here it would be markup.
        shown["basemap"] = folium.TileLayer(_tiles(basemap), attr=" ", overlay=True, pane="tiles").add_to(
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


def _relief(atlas: Atlas, *, embed: bool) -> folium.raster_layers.ImageOverlay:
    relief = atlas.basemap.relief
    picture = embed_relief(relief.webp) if embed else relief.webp
    west, south, east, north = relief.frame.bounds
    url = "data:image/webp;base64," + base64.b64encode(picture).decode()
    return folium.raster_layers.ImageOverlay(url, [[south, west], [north, east]], pane="relief")


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
