"""What is measured in the browser: our file and dashboard, and what somebody would use in their place."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import shapely

from geo import assets
from geo.page import Page
from geo.passages import compose_article
from geo.view import View
from tests.bench.measuring import PYTHON
from tests.bench.serving import Server

PEERS = Path(__file__).parent / "peers"
INSTALLED = ("streamlit-folium==0.27.4", "leafmap==0.63.1", f"streamlit=={metadata.version('streamlit')}")
"""What the peers need, each in a version."""
_TINTS = {"peking-1860": "#b8433a", "aigun-1858": "#dfa240"}
_OTHER = "#8d7fa8"
_AS_IT_COMES = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}
"""What Streamlit does of itself, and our settings, which the peers find too, do not let it do."""


@dataclass(frozen=True)
class Subject:
    """Something to open in a browser.

    Parameters
    ----------
    name : str
        As the table names it.
    script : str
        A Streamlit script that serves it; empty for a file.
    areas, places, lit : str
        Selectors of what is drawn of the areas and lines, of the marks of places, of a passage lit up.
    least : int
        How many areas and lines show that it is open.
    toggle : str
        Selector of the box that hides and shows the areas; empty where it has none.
    passage : str
        Selector of words whose click moves the map; empty where none does.
    slider : str
        Selector of the slider over time; empty where it has none.
    """

    name: str
    script: str = ""
    areas: str = "path.leaflet-interactive"
    least: int = 10
    places: str = ""
    lit: str = ""
    toggle: str = "label:has-text('areas')"
    passage: str = ""
    slider: str = ""
    framed: bool = False


_OURS: dict[str, Any] = {
    "areas": ".leaflet-areas-pane path",
    "places": ".leaflet-marker-icon.badge",
    "lit": "#text .lit",
    "toggle": "[data-layer=areas]",
    "passage": "#text .mention",
    "slider": "#date-slider",
}
FILE = Subject("our file", **_OURS)
HAND = Subject(
    "hand-written page",
    places="path.place",
    lit="p.lit",
    toggle="[data-layer=areas]",
    passage="#text p:nth-of-type(9)",
    slider="#year",
)
DASHBOARD = Subject("our dashboard", "streamlit_app.py", framed=True, **_OURS)
_FOLIUM = {"places": "path.leaflet-interactive[fill='#3388ff']", "lit": "p.lit"}
STREAMLIT = (
    Subject("st_folium as written", "folium_as_written.py", **_FOLIUM),
    Subject("st_folium tuned", "folium_tuned.py", **_FOLIUM),
    Subject("leafmap", "leafmap_app.py"),
)
BARE = Subject("bare Streamlit script", "bare.py", areas=".stMarkdown", least=1, toggle="")


def write_material(page: Page, folder: Path) -> Path:
    """Write what every peer shows: the geometry of our page and our account; return the file."""
    layers = {layer.id: layer for layer in page.layers}
    text = compose_article(page.atlas)
    acts = {area.id: area.act for area in page.atlas.areas}

    def collection(layer: str) -> dict[str, Any]:
        features = [
            {
                "type": "Feature",
                "properties": {"id": each.id, "tint": _TINTS.get(acts.get(each.id) or "", _OTHER)},
                "geometry": json.loads(shapely.to_geojson(each.geometry)),
            }
            for each in layers[layer].features
        ]
        return {"type": "FeatureCollection", "features": features}

    west, south, east, north = page.atlas.basemap.relief.frame.bounds
    picture = base64.b64encode(page.atlas.basemap.relief.picture).decode()
    material = {
        "areas": collection("areas"),
        "lines": collection("lines"),
        "rivers": collection("rivers"),
        "places": [
            {"id": each.id, "lat": each.lat, "lon": each.lon}
            for each in page.atlas.gazetteer.places
            if each.lon is not None
        ],
        "passages": [
            [each["text"], [target for _, _, n in each["mentions"] for target in text["said"][n]["targets"]]]
            for each in text["passages"]
        ],
        "holdings": [
            {
                "area": each.area,
                "from": str(each.start),
                "to": str(each.end or ""),
                "holder": next(iter(each.holders), ""),
            }
            for each in page.atlas.holdings.records
        ],
        "relief": f"data:image/avif;base64,{picture}",
        "frame": [[south, west], [north, east]],
    }
    file = folder / "material.json"
    file.write_text(json.dumps(material, ensure_ascii=False), "utf-8")
    return file


def write_files(page: Page, material: Path, folder: Path) -> dict[str, str]:
    """Write our file and the one written by hand; return their addresses by the names of the subjects.

    In the latter nothing is packed.
    """
    ours, hand = folder / "ours.html", folder / "hand.html"
    ours.write_text(page.document(View()), "utf-8")
    written = (PEERS / "handwritten.html").read_text("utf-8")
    for mark, text in (
        ("/*leaflet.css*/", assets.leaflet("leaflet.css")),
        ("/*leaflet.js*/", assets.leaflet("leaflet.js")),
        ("/*material*/", material.read_text("utf-8").replace("<", "\\u003c")),
    ):
        written = written.replace(mark, text)
    hand.write_text(written, "utf-8")
    return {FILE.name: ours.as_uri(), HAND.name: hand.as_uri()}


def served(subject: Subject, python: Path, material: Path, *options: str, **pipes: Any) -> Server:
    """Return a server of a script.

    Parameters
    ----------
    subject : Subject
        Whose script it is.
    python : Path
        The Python that runs it; ours is run by the one that runs this.
    material : Path
        As `write_material` returns it.
    options : str
        Of Python.
    pipes
        As of `subprocess.Popen`.
    """
    own = subject is DASHBOARD
    script = subject.script if own else PEERS / subject.script
    flags = ("--server.headless", "true", "--browser.gatherUsageStats", "false")
    flags += ("--server.fileWatcherType", "none")
    environment = os.environ | {"ATLAS_MATERIAL": str(material)} | ({} if own else _AS_IT_COMES)
    return Server(script, (PYTHON if own else python, *options), flags=flags, env=environment, **pipes)
