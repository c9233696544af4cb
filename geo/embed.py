"""The light page, for a frame in somebody else's page: what it keeps of the content, and the frame's HTML.

It shows the map, its legend, the timeline and short cards. The article, the claims, the notes and the
bibliography stay with the full page; so does the fine relief.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geo.dates import in_words
from geo.errors import ExportError
from geo.sentences import sentence
from geo.view import View

GRID = 200
"""Steps to a degree of the light page's geometry: within a third of a pixel at zoom 7."""

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""What the frame may do: run the map, and open a link in a window of its own. It gets no origin."""

_KEPT = (
    *("title", "version", "langs", "frame", "home", "opening", "certainties", "styles", "rule", "tract"),
    *("firstLine", "basemaps", "labels"),
)
_KEPT_OF = {
    "layers": ("id", "title", "legend"),
    "places": (
        *("id", "number", "kind", "at", "features", "within", "ground", "labels", "bracketed", "plain"),
        *("local", "names", "founded", "foundedSpan", "act", "certainty", "citations"),
    ),
    "areas": ("id", "role", "style", "act", "names", "local", "at", "km2", "certainty", "citations"),
    "lines": ("id", "act", "names", "dates", "span", "certainty", "citations"),
    "sites": ("id", "kind", "at", "names", "local", "dates", "span", "certainty", "citations"),
    "holdings": ("area", "span", "holders", "claimants", "status", "act"),
    "readings": ("id", "drawn", "names", "bounds"),
    "acts": ("kind", "names", "span", "date", "certainty", "citations"),
    "polities": ("names", "family"),
}
"""What is kept of each record; of its citations only which sources they are."""

# One thread and one tile, so that the bytes are the same on every machine. The encoder would keep edges sharp
# at the cost of slopes, which are what there is in a relief.
RELIEF_ENCODING: dict[str, Any] = {
    "codec": "aom",
    "max_threads": 1,
    "autotiling": False,
    "advanced": {"sharpness": "0"},
}
"""How Pillow writes the relief as AVIF, here and in ``data/build/basemap.py``."""

_RELIEF = (0.6, 33)
"""Of its width and height, and the quality of the encoder."""

_LINK = re.compile(r"https?://[^\s\"'<>\\^`{|}@]{1,500}", re.ASCII)


_SCHEME = re.compile(r"\s*(?!https?:)[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Embed:
    """How a light page is made.

    Parameters
    ----------
    controls : bool
        Whether it has the timeline, the language and the zoom buttons; without them the map still
        moves under the hand, and what is on it can be selected.
    link : str
        The web address of the full page, to which its credit leads with the view at hand; empty for none.

    Raises
    ------
    ExportError
        If the link is no web address.
    """

    controls: bool = True
    link: str = ""

    def __post_init__(self) -> None:
        if self.link and not _LINK.fullmatch(self.link):
            raise ExportError(
                sentence(
                    "the link {found} is no web address; https://example.org/map.html would do",
                    found=repr(self.link[:60]),
                )
            )


@dataclass(frozen=True, slots=True)
class Size:
    """How large a frame is.

    Parameters
    ----------
    width : int or None
        Pixels; None for all the width that there is.
    height : int
        Pixels; with `ratio` it only says how the height relates to the width.
    ratio : (int, int) or None
        Width to height; the height then follows the width.
    """

    width: int | None = None
    height: int = 600
    ratio: tuple[int, int] | None = None


def embed_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the light page says, of all that the full page says.

    Parameters
    ----------
    content : mapping
        As `geo.content.compose_content` returns it.
    """
    kept: dict[str, Any] = {name: content[name] for name in _KEPT}
    for name, fields in _KEPT_OF.items():
        records = content[name]
        if isinstance(records, Mapping):
            kept[name] = {key: _part(record, fields) for key, record in records.items()}
        else:
            kept[name] = [_part(record, fields) for record in records]
    for place in kept["places"]:
        place["names"] = [
            {field: name[field] for field in ("form", "lang", "kind", "span")}
            for name in place["names"]
            if name["span"] and name["kind"] in ("official", "historical")
        ]
    # The map needs to know which rivals there are, not those that it draws anyway.
    kept["readings"] = [reading for reading in kept["readings"] if not reading["drawn"]]
    cited = {
        key for name in _KEPT_OF for record in _records(kept[name]) for key, _ in record.get("citations", ())
    }
    kept["sources"] = {key: {"short": content["sources"][key]["short"]} for key in sorted(cited)}
    return kept | {"quoted": []}


def _part(record: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    part = {field: record[field] for field in fields}
    if "citations" in part:
        part["citations"] = [[key, ""] for key in dict.fromkeys(key for key, _ in part["citations"])]
    return part


def _records(records: Any) -> list[dict[str, Any]]:
    return list(records.values()) if isinstance(records, Mapping) else records


@lru_cache(maxsize=1)
def embed_relief(avif: bytes) -> bytes:
    """Return a picture of shaded relief with less detail, for a smaller map."""
    from PIL import Image

    share, quality = _RELIEF
    with Image.open(io.BytesIO(avif)) as picture:
        size = (round(picture.width * share), round(picture.height * share))
        smaller = picture.convert("L").resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    smaller.save(out, "avif", quality=quality, speed=6, **RELIEF_ENCODING)
    return out.getvalue()


def frame_html(address: str, view: View, size: Size | None = None) -> str:
    """Return the HTML by which a page frames the light one.

    Parameters
    ----------
    address : str
        Where the file will be: a file name, a path or a web address.
    view : View
        Where the map opens.
    size : Size, optional
        600 pixels high and as wide as there is room, where it is left out.

    Raises
    ------
    ExportError
        If the address has a scheme by which no page is framed.

    Examples
    --------
    >>> frame_html("map.html", View(lang="ru"), Size(800, 500))
    '<iframe src="map.html#lang=ru" title="Far East Atlas: all acts since 1689" width="800" height="500" \
loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" style="border:0"></iframe>'
    """
    if _SCHEME.match(address):
        raise ExportError(
            sentence(
                "the address {found} is of no page; map.html or https://example.org/map.html would do",
                found=repr(address[:60]),
            )
        )
    size = size or Size()
    query = view.query()
    height = "" if size.ratio else str(size.height)
    style = f"border:0;aspect-ratio:{size.ratio[0]}/{size.ratio[1]}" if size.ratio else "border:0"
    attributes = {
        "src": address.split("#")[0] + (f"#{query}" if query else ""),
        "title": f"Far East Atlas: {_when(view)}",
        "width": "100%" if size.width is None else str(size.width),
        "height": height,
        "loading": "lazy",
        "sandbox": SANDBOX,
        "style": style,
    }
    written = (f'{name}="{html.escape(value)}"' for name, value in attributes.items() if value)
    return f"<iframe {' '.join(written)}></iframe>"


def _when(view: View) -> str:
    days = [in_words(day) for day in (view.date, view.compare) if day]
    return " and ".join(days) or "all acts since 1689"
