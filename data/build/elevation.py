"""Rivers and divides found on the public-domain relief.

The relief is the SRTM picture of Marble: grey tiles of 2 arc-minutes (about 3.7 km by 2.2 km at 53 N). Grey
rises with height, not in proportion, which is enough for what is done here: finding the lowest way and the
divide between rivers.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy
from packages import unpacked
from PIL import Image
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from shapely.geometry import LineString
from skimage.graph import MCP_Geometric
from skimage.segmentation import watershed

STEP = 1 / 30
"""Pixel of the relief in degrees."""

TILE = 675
"""Width and height of a tile in pixels."""

WINDOW = (104.0, 38.0, 151.0, 62.0)
"""West, south, east, north of the relief that is read."""

Point = tuple[float, float]


@cache
def relief() -> numpy.ndarray:
    """Return the grey relief of `WINDOW` as floats of 0 to 255, the first row in the north."""
    tiles = unpacked("marble-qt-data") / "usr/share/marble/data/maps/earth/srtm/3"
    world = numpy.zeros((round(180 / STEP), round(360 / STEP)), dtype=float)
    for row in range(8):
        for column in range(12, 16):
            place = slice(row * TILE, (row + 1) * TILE), slice(column * TILE, (column + 1) * TILE)
            with Image.open(tiles / f"{row:06}" / f"{row:06}_{column:06}.jpg") as tile:
                world[place] = numpy.asarray(tile.convert("L"))
    west, south, east, north = WINDOW
    top, bottom, left, right = (
        round(each / STEP) for each in (90 - north, 90 - south, west + 180, east + 180)
    )
    return world[top:bottom, left:right]


def pixel(point: Point) -> tuple[int, int]:
    """Return row and column of the pixel that holds a point (longitude, latitude)."""
    return int((WINDOW[3] - point[1]) / STEP), int((point[0] - WINDOW[0]) / STEP)


def centre(row: float, column: float) -> Point:
    """Return longitude and latitude of the middle of a pixel."""
    return WINDOW[0] + (column + 0.5) * STEP, WINDOW[3] - (row + 0.5) * STEP


@cache
def _cost() -> numpy.ndarray:
    """Return the cost of a step: exponential in the height of the ground."""
    level = gaussian_filter(relief(), 0.6)
    return numpy.exp(level / 7)


def lowest_way(*points: Point) -> list[tuple[int, int]]:
    """Return the pixels of the lowest way through the points, in order."""
    way: list[tuple[int, int]] = []
    for start, end in pairwise(points):
        a, b = pixel(start), pixel(end)
        top, bottom = max(min(a[0], b[0]) - 30, 0), max(a[0], b[0]) + 31
        left, right = max(min(a[1], b[1]) - 30, 0), max(a[1], b[1]) + 31
        window = _cost()[top:bottom, left:right]
        search = MCP_Geometric(window / window.min())
        search.find_costs([(a[0] - top, a[1] - left)], [(b[0] - top, b[1] - left)])
        found = search.traceback((b[0] - top, b[1] - left))
        way += [(row + top, column + left) for row, column in found][1 if way else 0 :]
    return way


def traced(*points: Point) -> LineString:
    """Return the lowest way through the points as a smooth line that begins and ends at the outer two."""
    way = numpy.array([centre(*each) for each in lowest_way(*points)])
    return smooth(numpy.vstack([points[0], way[1:-1], points[-1]]))


def smooth(points: numpy.ndarray, pixels: float = 1.6) -> LineString:
    """Return a line that follows steps from pixel to pixel without their stairs; its ends stay.

    Parameters
    ----------
    points : numpy.ndarray
        Longitude and latitude, about one pixel apart.
    pixels : float
        Standard deviation of the moving average along the line, in points.
    """
    # Reflected about the end points, so that the average leaves them where they are.
    reach = min(len(points) - 1, 8)
    before, after = 2 * points[0] - points[reach:0:-1], 2 * points[-1] - points[-2 : -2 - reach : -1]
    averaged = gaussian_filter1d(numpy.vstack([before, points, after]), pixels, axis=0)
    averaged = averaged[reach : reach + len(points)]
    averaged[0], averaged[-1] = points[0], points[-1]
    return LineString(averaged).simplify(0.002)


def basins(marked: dict[int, list[tuple[int, int]]]) -> numpy.ndarray:
    """Return for each pixel of the relief the basin it falls to.

    The ground is flooded from the marked pixels upward, so a divide runs where two floods meet.

    Parameters
    ----------
    marked : dict
        Per basin number (from 1), pixels that are known to lie in it.
    """
    markers = numpy.zeros(relief().shape, dtype=numpy.int32)
    for number, pixels in marked.items():
        rows, columns = numpy.array(pixels).T
        markers[rows, columns] = number
    return watershed(gaussian_filter(relief(), 0.6), markers)
