"""Divides between rivers, found by flooding the relief from rivers whose basin is known.

Rivers are traced first on both sides of a divide and then flooded from, because at 2 arc-minutes a gorge
looks like a closed valley and the flood would spill over the wrong pass. The points are of our own: mouths,
towns and railway stations on a river, bends seen in the relief. Good to about 3 km where rivers stand on both
sides, to 15 km elsewhere.
"""

from __future__ import annotations

from functools import cache

import numpy
import shapely
from elevation import basins, centre, lowest_way, pixel, smooth
from frame import natural_earth, nearest
from rivers import TRACED, amur_below_channel
from shapely.geometry import LineString, box
from skimage.measure import find_contours

LENA, AMUR, OKHOTSK, SHILKA = 1, 2, 3, 4
"""Basins: `SHILKA`, of the Shilka above the Gorbitsa; `OKHOTSK`, of the Uda and the rivers of the coast."""

Points = tuple[tuple[float, float], ...]

FLOODED: dict[int, tuple[Points, ...]] = {
    LENA: (
        # Olyokma
        ((121.6, 56.57), (120.55, 55.43), (119.5, 55.1), (119.1, 54.75), (119.0, 54.5), (118.3, 54.25)),
        # Tungir
        ((120.55, 55.43), (119.95, 54.43)),
        # Nyukzha
        ((121.6, 56.57), (122.78, 55.66), (123.7, 55.42)),
        # Timpton
        ((127.12, 58.71), (124.7, 56.85), (124.91, 55.96)),
        # Uchur
        ((130.6, 58.8), (130.9, 57.77), (132.0, 56.5)),
        # Gonam
        ((131.2, 57.3), (129.0, 56.85), (127.0, 56.2)),
        # Maya
        ((135.2, 58.4), (136.15, 57.66), (135.5, 56.4)),
        # Head of the Kalakan
        ((117.0, 55.5), (117.3, 54.5)),
    ),
    AMUR: (
        # Amazar
        ((119.77, 53.73), (120.88, 53.86), (121.47, 53.34)),
        # Urka
        ((121.93, 53.97), (122.0, 53.5)),
        # Gilyuy
        ((127.0, 53.9), (124.71, 55.15)),
        # Amgun
        ((139.6, 52.95), (138.4, 53.0), (137.6, 52.85), (137.0, 52.7), (136.48, 52.42), (135.6, 51.8)),
        # Upper Selemdzha
        ((133.4, 53.3), (132.94, 53.07)),
        # Upper Zeya
        ((131.0, 55.3), (130.6, 54.76)),
        *(TRACED[river][2] for river in ("gorbitsa", "zeya", "selemdzha", "bureya")),
    ),
    OKHOTSK: (
        TRACED["uda"][2],
        # Tugur
        ((136.8, 53.83), (136.45, 53.45)),
        ((136.2, 53.9), (136.25, 53.8)),
    ),
    SHILKA: (
        # Uryum and Chornaya
        ((118.74, 53.56), (118.98, 52.95)),
        TRACED["nercha"][2],
    ),
}


@cache
def labels() -> numpy.ndarray:
    """Return the basin of each pixel of the relief."""
    marked = {basin: [step for way in ways for step in lowest_way(*way)] for basin, ways in FLOODED.items()}
    shores = natural_earth("physical/coastline").geometry
    for basin, window in ((OKHOTSK, box(134.5, 53.4, 141.0, 57.7)), (AMUR, box(140.7, 52.6, 141.6, 53.3))):
        shore = shapely.segmentize(shores.clip(window).union_all(), 0.01)
        marked[basin] += [pixel(point) for point in shapely.get_coordinates(shore)]
    lower = shapely.get_coordinates(shapely.segmentize(amur_below_channel(), 0.01))
    marked[AMUR] += [pixel(point) for point in lower]
    marked[AMUR] += [pixel(point) for point in ((122.9, 54.05), (123.94, 53.98), (130.0, 49.0))]
    return basins(marked)


def _edge(basin: int, start: tuple[float, float], end: tuple[float, float]) -> numpy.ndarray:
    """Return the edge of a basin from nearest to ``start`` to nearest to ``end``, the shorter way round."""
    edges = [numpy.array([centre(*step) for step in edge]) for edge in find_contours(labels() == basin, 0.5)]
    edge = max(edges, key=len)
    first, last = nearest(edge, start), nearest(edge, end)
    if numpy.allclose(edge[0], edge[-1]) and abs(last - first) > len(edge) / 2:
        edge = numpy.roll(edge[:-1], -first, axis=0)
        last, first = (last - first) % len(edge), 0
        if last > len(edge) / 2:
            return numpy.vstack([edge[last:], edge[:1]])[::-1]
    return edge[first : last + 1] if first <= last else edge[last : first + 1][::-1]


def divide(*pieces: tuple[int, tuple[float, float], tuple[float, float]]) -> LineString:
    """Return a divide joined from edges of basins: per piece the basin, where it starts and where it ends."""
    return smooth(numpy.vstack([_edge(*piece) for piece in pieces]), 2.5)
