"""Where a picture lies: an affine map from its pixels to Web Mercator, by least squares.

Metres of Web Mercator are those of EPSG:3857, with x to the east and y to the north; pixels are counted from
the upper left corner, with y downward.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from geo.scans.model import MAX_LAT, Bounds

Kind = Literal["affine", "helmert"]

_RADIUS = 6_378_137.0
_THIN = 0.01
"""Points within a strip this narrow, compared with its length, fix no second direction."""


class Spot(NamedTuple):
    """A point in pixels of the picture and in degrees, OGC:CRS84."""

    x: float
    y: float
    lon: float
    lat: float


class Fit(NamedTuple):
    """What takes a pixel to metres: ``a x + b y + c`` to the east, ``d x + e y + f`` to the north."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a pixel in metres of Web Mercator."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    @property
    def determinant(self) -> float:
        """Square metres to a pixel; below nothing, as the rows of a picture run down and a map north up."""
        return self.a * self.e - self.b * self.d

    def inverse(self) -> Fit:
        """Return what takes metres back to pixels."""
        area = self.determinant
        a, b, d, e = self.e / area, -self.b / area, -self.d / area, self.a / area
        return Fit(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))


def to_mercator(lon: float, lat: float) -> tuple[float, float]:
    """Return degrees as metres of Web Mercator."""
    return math.radians(lon) * _RADIUS, math.asinh(math.tan(math.radians(lat))) * _RADIUS


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Return metres of Web Mercator as longitude and latitude."""
    return math.degrees(x / _RADIUS), math.degrees(math.atan(math.sinh(y / _RADIUS)))


def fit_bounds(width: float, height: float, bounds: Bounds) -> Fit:
    """Return the fit of a picture that fills a box from edge to edge."""
    (west, south), (east, north) = to_mercator(*bounds[:2]), to_mercator(*bounds[2:])
    return Fit((east - west) / width, 0, west, 0, (south - north) / height, north)


def fit_spots(spots: Sequence[Spot], kind: Kind) -> Fit | None:
    """Return the fit that the points lie nearest to.

    Parameters
    ----------
    spots : sequence of Spot
        Three or more for ``affine`` (a polynomial of the first order), two or more for ``helmert``, which
        shifts, turns and stretches alike in all directions.

    Returns
    -------
    Fit or None
        None where the points leave it open: they lie together or, for ``affine``, on a line.
    """
    pixels = [(spot.x, -spot.y) for spot in spots]
    metres = [to_mercator(spot.lon, spot.lat) for spot in spots]
    (x0, y0), (east, north) = _middle(pixels), _middle(metres)
    near = [(x - x0, y - y0) for x, y in pixels]
    far = [(x - east, y - north) for x, y in metres]
    xx, xy, yy = _sum(x * x for x, _ in near), _sum(x * y for x, y in near), _sum(y * y for _, y in near)
    ex = _sum(p * x for (p, _), (x, _) in zip(near, far, strict=True))
    ey = _sum(q * x for (_, q), (x, _) in zip(near, far, strict=True))
    nx = _sum(p * y for (p, _), (_, y) in zip(near, far, strict=True))
    ny = _sum(q * y for (_, q), (_, y) in zip(near, far, strict=True))
    if kind == "helmert":
        if not xx + yy or not any(x or y for x, y in far):
            return None
        p, q = (ex + ny) / (xx + yy), (nx - ey) / (xx + yy)
        a, b, d, e = p, -q, q, p
    else:
        if _is_line(near) or _is_line(far):
            return None
        area = xx * yy - xy * xy
        a, b = (ex * yy - ey * xy) / area, (ey * xx - ex * xy) / area
        d, e = (nx * yy - ny * xy) / area, (ny * xx - nx * xy) / area
    # The sums ran over rows counted upward; the fit counts them downward.
    return Fit(a, -b, east - a * x0 - b * y0, d, -e, north - d * x0 - e * y0)


def misses(fit: Fit, spots: Iterable[Spot]) -> list[float]:
    """Return how far from its place each point is laid, in kilometres on the ground."""
    found = []
    for spot in spots:
        (x, y), (right_x, right_y) = fit.at(spot.x, spot.y), to_mercator(spot.lon, spot.lat)
        # Mercator stretches all lengths by the secant of the latitude.
        found.append(math.hypot(x - right_x, y - right_y) * math.cos(math.radians(spot.lat)) / 1000)
    return found


def is_on_map(lon: float, lat: float) -> bool:
    """Tell whether a position is one that Web Mercator has."""
    return -180 <= lon <= 180 and -MAX_LAT <= lat <= MAX_LAT


def _is_line(points: Sequence[tuple[float, float]]) -> bool:
    """Tell whether points around their middle lie on a line, or all but."""
    xx, xy, yy = (
        _sum(x * x for x, _ in points),
        _sum(x * y for x, y in points),
        _sum(y * y for _, y in points),
    )
    spread = math.hypot(xx - yy, 2 * xy)
    return xx + yy - spread <= (xx + yy + spread) * _THIN**2


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return _sum(x for x, _ in points) / len(points), _sum(y for _, y in points) / len(points)


_sum = math.fsum
