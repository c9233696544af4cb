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
from functools import lru_cache
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
import jinja2
import shapely
import xyzservices.providers
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geo import __version__
from geo.article import Article
from geo.atlas import Atlas
from geo.content import TITLE, compose_article, compose_content, licence
from geo.errors import ExportError
from geo.layers import Feature, Layer, compose_layers, compose_readings
from geo.linker import Mention
from geo.view import View

LEAFLET_VERSION = "1.9.4"
LEAFLET_SHA256 = {
    "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
}
"""SHA-256 of the files that the pinned package carries, so that no other script is ever inlined."""

_STATIC = Path(__file__).parent / "static"
_FIRST_SCRIPTS = ("source.js", "geometry.js")
_SCRIPTS = (
    *("state.js", "dom.js", "paint.js", "chronicle.js", "labels.js", "map.js", "swipe.js", "timeline.js"),
    *("marks.js", "article.js", "correcting.js", "card.js", "index.js", "disputes.js", "mentions.js"),
    *("annotations.js", "main.js"),
)
_STYLES = ("page.css", "time.css", "disputes.css", "mentions.css")

_GRID = 1000
"""Steps to a degree, as fine as `geo.layers` rounds: a fifth of a pixel at zoom 8."""

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
        self._drawings: dict[str, tuple[str, str]] = {}

    def document(self, view: View, article: Article | None = None, curated: Sequence[Mention] = ()) -> str:
        """Return the document that opens with a view.

        The same arguments give the same text, to the byte.

        Parameters
        ----------
        view : View
            Where the page opens.
        article : Article, optional
            A reader's own; our account where it is left out.
        curated : sequence of Mention
            What people marked in the text; it takes the place of what is found there.
        """
        if view.basemap not in self._drawings:
            self._drawings[view.basemap] = _drawing(self.atlas, self.layers, view.basemap)
        map_id, drawing = self._drawings[view.basemap]
        basemap = _basemap(view.basemap)
        text = compose_article(self.atlas, article, curated)
        script = "\n".join((*map(_static, _FIRST_SCRIPTS), drawing, *map(_static, _SCRIPTS)))
        scripts = (_leaflet("leaflet.js"), _bare(script))
        styles = (_leaflet("leaflet.css"), _tight(_bare("\n".join(map(_static, _STYLES)))))
        return _template().render(
            title=_text(" – ".join(part for part in (text["title"], TITLE) if part)),
            name=TITLE,
            generator=f"{TITLE} {__version__}; data {self.atlas.version}, sha256 {self.atlas.digest}",
            licence=licence(own=article is None),
            policy=_policy(scripts, styles, basemap),
            view=view.query(),
            map_id=map_id,
            content=_block(self._content | {"article": text, "basemap": basemap}),
            styles=styles,
            scripts=scripts,
        )


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(_static("page.html"))


@lru_cache
def _static(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")


def _bare(text: str) -> str:
    """Return scripts or styles without indentation and lines of comment, which serve only their authors."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))


def _tight(styles: str) -> str:
    """Return styles without the blanks between declarations; a text that the page shows has none of these."""
    for wide, tight in ((" {", "{"), ("{ ", "{"), ("; }", "}"), (" }", "}"), ("; ", ";"), (": ", ":")):
        styles = styles.replace(wide, tight)
    return styles


@lru_cache
def _leaflet(name: str) -> str:
    """Return a file of Leaflet from its registry package; a file with another content is refused."""
    content = files("js_lib_leaflet").joinpath("static", "js_lib_leaflet", name).read_bytes()
    if (found := hashlib.sha256(content).hexdigest()) != LEAFLET_SHA256[name]:
        raise ExportError(
            f"{name} is not Leaflet {LEAFLET_VERSION} as released (found sha256 {found}); "
            "install the package version that the lock file names"
        )
    # A browser reads line ends as LF before it hashes.
    text = content.decode("utf-8").replace("\r\n", "\n").replace("//# sourceMappingURL=leaflet.js.map", "")
    return f"/*\n{_leaflet_licence()}\n*/\n{text}" if name == "leaflet.js" else text


def _leaflet_licence() -> str:
    """Return Leaflet's licence, which has to go wherever Leaflet goes."""
    text = distribution("django-js-lib-leaflet").read_text("LICENSE") or ""
    return text.replace("\r\n", "\n").strip()


def _block(content: object) -> str:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    return text.translate({ord(character): escape for character, escape in escapes.items()})


def _text(text: str) -> str:
    """Escape text for an element as a browser does when it writes a document out again."""
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


def _drawing(atlas: Atlas, layers: Iterable[Layer], basemap: str) -> tuple[str, str]:
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
    shown: dict[str, Element] = {}
    for layer in layers:
        if layer.features:
            shown[layer.id] = _geojson(layer.id, layer.features).add_to(drawn)
    shown["readings"] = _geojson("readings", compose_readings(atlas)).add_to(drawn)
    shown["relief"] = _relief(atlas).add_to(drawn)
    if basemap:
        # The page shows the credit; here it would be markup.
        shown["basemap"] = folium.TileLayer(_tiles(basemap), attr=" ", overlay=True, pane="tiles").add_to(
            drawn
        )
    drawn.add_child(_Registry(drawn, shown))
    _number_ids(figure)
    figure.render()
    return drawn.get_name(), str(figure.script.render())


def _geojson(pane: str, features: Sequence[Feature]) -> folium.GeoJson:
    points = all(feature.geometry.geom_type == "Point" for feature in features)
    size, style = _ICONS.get(pane, (0, ""))
    icon = folium.DivIcon(
        html="", icon_size=(size, size), icon_anchor=(size // 2, size // 2), class_name=style
    )
    styles = {feature.id: feature.style for feature in features}
    return folium.GeoJson(
        {"type": "FeatureCollection", "grid": _GRID, "features": [_feature(f) for f in features]},
        style_function=lambda feature: {"className": styles[feature["id"]]},
        marker=folium.Marker(icon=icon) if points else None,
        smooth_factor=0.5,
        pane=pane,
    )


def _feature(feature: Feature) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(feature.geometry))
    geometry["coordinates"] = _packed(geometry["coordinates"])
    return {"type": "Feature", "id": feature.id, "properties": {}, "geometry": geometry}


def _packed(coordinates: list[Any]) -> list[Any]:
    """Write each line as whole steps of `_GRID` from corner to corner; ``geometry.js`` reads them back.

    A position by itself stays as it is. Whole numbers also keep clear of folium's second compilation,
    which a denser alphabet would not.
    """
    if isinstance(coordinates[0], float | int):
        return coordinates
    if not isinstance(coordinates[0][0], float | int):
        return [_packed(part) for part in coordinates]
    whole = [(round(lon * _GRID), round(lat * _GRID)) for lon, lat in coordinates]
    steps = [(x - px, y - py) for (px, py), (x, y) in itertools.pairwise([(0, 0), *whole])]
    return list(itertools.chain.from_iterable(steps))


def _relief(atlas: Atlas) -> folium.raster_layers.ImageOverlay:
    relief = atlas.basemap.relief
    west, south, east, north = relief.frame.bounds
    url = "data:image/webp;base64," + base64.b64encode(relief.webp).decode()
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
