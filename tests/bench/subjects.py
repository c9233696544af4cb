"""What is measured in the browser: our file and dashboard, and what somebody would use in their place."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from geo import assets
from geo.page import Page
from geo.passages import compose_article
from geo.view import View
from tests.bench.sessions import START_SECONDS, free_port

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
_TINTS = {"peking-1860": "#b8433a", "aigun-1858": "#dfa240"}
_OTHER = "#8d7fa8"


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
BARE = Subject("bare Streamlit script", "bare.py", toggle="")


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
    """Write our file and the one written by hand; return their addresses by the names of the subjects."""
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


class Server:
    """A Streamlit script on a free port, gone at the end.

    Parameters
    ----------
    subject : Subject
        Whose script it is.
    python : Path
        The Python that runs it.
    material : Path
        As `write_material` returns it.
    """

    def __init__(self, subject: Subject, python: Path, material: Path) -> None:
        own = subject.script == "streamlit_app.py"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        command = [str(python), "-m", "streamlit", "run"]
        command += [subject.script if own else str(PEERS / subject.script), "--server.port", str(self.port)]
        command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
        command += ["--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"]
        self.started = time.time()
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"ATLAS_MATERIAL": str(material)},
        )

    def __enter__(self) -> Server:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.address + "_stcore/health", timeout=1):
                    self.healthy = time.time()
                    return self
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.02)
        self.__exit__()
        raise RuntimeError(f"{self.address} did not become healthy")

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def memory_mb(self) -> float:
        """Return the resident memory of the process, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu_s(self) -> float:
        """Return the processor time that the process has taken, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


PYTHON = Path(sys.executable)
