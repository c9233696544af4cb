"""Where things come to lie in a picture: the projections, and the window that a picture opens.

Outside of this module and `geo.page`, positions are longitude, latitude in degrees (OGC:CRS84) or
pixels of the map from its upper left corner.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.basemap import Relief
from geo.view import Position

if TYPE_CHECKING:
    import pyproj

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

PROJECTIONS = {
    "albers": "+proj=aea +lat_1=44.5 +lat_2=54.5 +lat_0=50 +lon_0=130 +datum=WGS84 +units=m",
    "mercator": "EPSG:3857",
}
"""By name, as PROJ writes them; the standard parallels lie a sixth inside the land from 42 to 57 N."""

_WORLD = 2 * math.pi * 6378137.0
_TILE = 256
_STEP = 0.5
"""Degrees; longer straight lines get corners in between, so that they bend as the parallels do."""

_SPOT = 1e-6
"""Degrees; a point is taken for a box of this size."""

_BORDER = 24
"""Pixels around the window in which geometry is kept, for the sake of its strokes."""

_MESH = 24
"""Pixels; the relief is warped in squares of this size, each by straight lines."""

_RELIEF_STRENGTH = 0.85
_RELIEF_STEPS = 40


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of a projected plane, drawn as so many pixels.

    Parameters
    ----------
    projection : str
        One of `PROJECTIONS`.
    width, height : float
        Pixels.
    left, top : float
        Metres of the plane at the upper left corner.
    scale : float
        Metres of the plane to a pixel.
    """

    projection: str
    width: float
    height: float
    left: float
    top: float
    scale: float

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point lies, in pixels."""
        x, y = _transformer(self.projection).transform(lon, lat)
        return (x - self.left) / self.scale, (self.top - y) / self.scale

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return the longitude and latitude of a pixel."""
        return self._degrees(np.array([[x, y]]))[0]  # type: ignore[no-any-return]

    def drawn(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in pixels, cut off a little outside of the window."""
        flat = shapely.transform(shapely.segmentize(geometry, _STEP), self._pixels)
        return shapely.clip_by_rect(flat, -_BORDER, -_BORDER, self.width + _BORDER, self.height + _BORDER)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a pixel is one of the window's."""
        return 0 <= x <= self.width and 0 <= y <= self.height

    def within(self, other: Window) -> Window:
        """Return the window moved into a larger one of the same projection."""
        right = other.left + other.width * other.scale - self.width * self.scale
        low = other.top - other.height * other.scale + self.height * self.scale
        return replace(
            self, left=min(max(self.left, other.left), right), top=max(min(self.top, other.top), low)
        )

    @property
    def km_per_pixel(self) -> float:
        """Kilometres on the ellipsoid to a pixel, from west to east at the centre."""
        from pyproj import Geod

        across = min(100.0, self.width / 2)
        (lon, lat), (lon2, lat2) = (
            self.degrees(self.width / 2 + side * across / 2, self.height / 2) for side in (-1, 1)
        )
        return float(Geod(ellps="WGS84").inv(lon, lat, lon2, lat2)[2]) / 1000 / across

    @property
    def zoom(self) -> float:
        """The zoom level at which the page shows the centre at this scale."""
        lat = float(self.degrees(self.width / 2, self.height / 2)[1])
        return round(math.log2(_WORLD * _stretch(self.projection, lat) / _TILE / self.scale), 6)

    def _pixels(self, corners: np.ndarray) -> np.ndarray:
        x, y = _transformer(self.projection).transform(corners[:, 0], corners[:, 1])
        return np.column_stack([(x - self.left) / self.scale, (self.top - y) / self.scale])

    def _degrees(self, pixels: np.ndarray) -> np.ndarray:
        x, y = self.left + pixels[:, 0] * self.scale, self.top - pixels[:, 1] * self.scale
        return np.column_stack(_transformer(self.projection).transform(x, y, direction="INVERSE"))


def window_at(projection: str, size: tuple[float, float], position: Position) -> Window:
    """Return the window that the page shows at a position, at the same scale on its centre."""
    x, y = _transformer(projection).transform(position.lon, position.lat)
    metres = _WORLD * _stretch(projection, position.lat) / _TILE / 2**position.zoom
    return _centred(projection, size, x, y, metres)


def window_around(
    projection: str, size: tuple[float, float], bounds: Bounds, *, pad: float = 0, closest: float = math.inf
) -> Window:
    """Return the window that holds an extent, its middle in the middle.

    Parameters
    ----------
    size : (float, float)
        Width and height in pixels.
    pad : float
        Pixels to leave free on each side.
    closest : float
        The zoom level beyond which it does not go.
    """
    west, south, east, north = bounds
    outline = shapely.segmentize(shapely.box(west, south, east + _SPOT, north + _SPOT).exterior, _STEP)
    lons, lats = shapely.get_coordinates(outline).T
    xs, ys = _transformer(projection).transform(lons, lats)
    width, height = size
    least = window_at(projection, size, Position(closest, (south + north) / 2, (west + east) / 2)).scale
    scale = max(
        (xs.max() - xs.min()) / max(1, width - 2 * pad),
        (ys.max() - ys.min()) / max(1, height - 2 * pad),
        least,
    )
    return _centred(projection, size, (xs.min() + xs.max()) / 2, (ys.min() + ys.max()) / 2, scale)


def shading(relief: Relief, window: Window) -> bytes:
    """Return the relief as it lies in a window: a PNG of black, more or less transparent.

    Black that lets through what a grey would leave gives the same as multiplying by that grey, and
    needs no blending that a reader of SVG may lack. The relief fades out as on the page.
    """
    from PIL import Image

    columns, rows = (math.ceil(side / _MESH) for side in (window.width, window.height))
    west, _, east, north = relief.frame.bounds
    per_degree = relief.frame.width / (east - west)
    pixels = np.array([[x * _MESH, y * _MESH] for y in range(rows + 1) for x in range(columns + 1)], float)
    lons, lats = window._degrees(pixels).T
    ys = np.degrees(_mercator(north) - _mercator(lats)) * per_degree
    grid = np.column_stack([(lons - west) * per_degree, ys]).reshape(rows + 1, columns + 1, 2)
    with Image.open(io.BytesIO(relief.picture)) as picture:
        grey = picture.convert("L")
    # What is out of the picture counts as white: no shade.
    framed = Image.new("L", (grey.width + 2, grey.height + 2), 255)
    framed.paste(grey, (1, 1))
    mesh = [
        (
            (x * _MESH, y * _MESH, (x + 1) * _MESH, (y + 1) * _MESH),
            tuple(
                float(value) + 1
                for corner in (grid[y, x], grid[y + 1, x], grid[y + 1, x + 1], grid[y, x + 1])
                for value in corner
            ),
        )
        for y in range(rows)
        for x in range(columns)
    ]
    warped = framed.transform(
        (columns * _MESH, rows * _MESH), Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor=255
    ).crop((0, 0, math.ceil(window.width), math.ceil(window.height)))
    fade = min(1.0, max(0.3, 1 - (window.zoom - 6) * 0.4))
    return _shade(np.asarray(warped, float), _RELIEF_STRENGTH * fade)


def _shade(grey: np.ndarray, strength: float) -> bytes:
    from PIL import Image

    steps = np.rint((1 - grey / 255) * (_RELIEF_STEPS - 1)).astype(np.uint8)
    picture = Image.frombytes("P", steps.shape[::-1], steps.tobytes())
    picture.putpalette(bytes(3 * _RELIEF_STEPS))
    alphas = bytes(round(255 * strength * step / (_RELIEF_STEPS - 1)) for step in range(_RELIEF_STEPS))
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True, transparency=alphas)
    return written.getvalue()


def _mercator(lat: Any) -> Any:
    """Return the northing of Web Mercator, in radii of the earth."""
    return np.arctanh(np.sin(np.radians(lat)))


def _stretch(projection: str, lat: float) -> float:
    """Return by how much less the plane is stretched at a latitude than Web Mercator is."""
    return 1.0 if projection == "mercator" else math.cos(math.radians(lat))


def _centred(projection: str, size: Sequence[float], x: float, y: float, scale: float) -> Window:
    width, height = size
    return Window(projection, width, height, x - width / 2 * scale, y + height / 2 * scale, scale)


@lru_cache
def _transformer(projection: str) -> pyproj.Transformer:
    from pyproj import Transformer

    return Transformer.from_crs("OGC:CRS84", PROJECTIONS[projection], always_xy=True)
