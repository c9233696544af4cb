"""A scanned map laid on ours, and the limits that its file keeps."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 8_000_000
"""Of the picture as it is brought."""
MAX_PIXELS = 40_000_000
MAX_SIDE = 30_000
MAX_GEOREFERENCE_BYTES = 1_000_000
MAX_POINTS = 1_000

MAX_LAID_BYTES = 1_500_000
"""Of the picture as the page holds it."""
MAX_LAID_PIXELS = 6_000_000

MAX_LAT = 85.0
"""Web Mercator goes no farther."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees, OGC:CRS84."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned map as the page lays it over its own.

    Parameters
    ----------
    title : str
        The name of the file without its ending.
    credit : str
        Whose map it is; empty where nobody said so.
    picture : bytes
        A WebP picture in Web Mercator, north up; see-through where the scan has nothing to show.
    bounds : tuple of float
        Its edges: west, south, east, north in degrees, OGC:CRS84.
    notices : tuple of str
        A sentence each: how it was laid, how well that fits, what was left out or made smaller.
    """

    title: str
    credit: str
    picture: bytes
    bounds: Bounds
    notices: tuple[str, ...] = ()
