"""The areas that the acts moved, and the lines between them: ``data/areas.geojson``, ``data/lines.geojson``.

All lines (coasts and boundaries of Natural Earth 1:10m, rivers, divides, straight lines of our own) are laid
over each other on a grid of 1e-5 degrees and split where they meet; the faces between them are the areas.
Neighbours therefore share their edges vertex for vertex, and a line that describes an edge is that edge.

Run ``python data/build/areas.py`` from the repository root; it prints what it measures and fails if the areas
overlap, leave a gap, or lose a town when they are simplified. The wording of the records is kept in
``area_texts.json``.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import rivers
import shapely
from frame import GRID, km, km2, line, names, natural_earth, nearest, part, rounded, write
from rivers import courses, russia_china, tumen
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring
from watershed import LENA, OKHOTSK, SHILKA, divide

TEXTS = json.loads((Path(__file__).parent / "area_texts.json").read_text("utf-8"))

CREST_MEETS = (119.34, 53.98)
"""Where the divide east of the Uryum meets the divide of the Lena."""
CREST_WEST, CREST_EAST = 121.0, 135.0
"""Longitudes between which the crest is called the Stanovoy Range."""
CREST_LEFT = (135.60, 55.67)
"""Where the drawn line leaves the crest, which turns north-east along the coast."""
SEAWARD = (137.20, 55.70)
"""A point at sea towards which the drawn line runs on."""
MIN_ISLAND = 0.5
"""Islands under this many square kilometres are left out."""

DIVISION_2008 = (134.64061, 48.39729)
"""Where a straight line from Kazakevichevo meets the Amur and leaves 171 km2 in the west."""
HEIGHTS = (130.574, 42.51)
"""Where the line of 1861 leaves that of 1886 on the heights, for the post of 1861; our guess."""
VILLAGES = ((127.64969, 50.31859), (128.0, 50.36), (128.3, 50.22), (128.28, 49.8), (127.80965, 49.6071))
"""From the Zeya round the sixty-four villages to the Amur opposite Hormoldzin; approximate, our own."""
MANCHUKUO = (
    (119.77003, 46.64356),
    (119.87, 46.5),
    (119.85, 46.1),
    (119.4, 45.6),
    (119.1, 45.2),
    (118.75, 44.8),
    (118.1, 44.45),
    (117.55, 44.25),
    (116.9, 44.0),
    (116.3, 43.5),
    (116.4, 42.85),
    (116.8, 42.4),
    (116.5, 42.0),
    (115.95, 41.75),
    (115.9, 41.35),
    (116.35, 41.0),
    (116.75, 40.8),
    (117.16, 40.7),
    (117.29, 40.66),
    (117.25, 40.4),
    (117.45, 40.25),
    (117.7, 40.2),
    (118.0, 40.28),
    (118.32, 40.41),
    (118.7, 40.28),
    (118.95, 40.18),
    (119.3, 40.17),
    (119.73, 40.12),
    (119.755, 40.01),
    (119.8, 39.965),
    (119.85, 39.9),
)
"""Western limit of Manchukuo: from Mongolia along the Khingan, round Jehol, by the Great Wall to the sea.

It begins on a vertex of Mongolia's boundary.
"""
NORTH_CHINA = Polygon([*MANCHUKUO, (119.85, 38.9), (104.9, 38.9), (104.9, 46.64356)])
"""The side of that limit on which China's faces go to ``north-china``."""

SEEDS = {  # a point in a face that is assigned by name; all others follow their country and the rules below
    (112.0, 55.0): "russia-1689",
    (120.3, 53.8): "gorbitsa-wedge",
    (133.5, 55.0): "uda",
    (128.0, 52.0): "amur-left-bank",
    (136.0, 47.0): "ussuri-coast",
    (127.9, 50.0): "sixty-four-villages",
    (134.6, 48.34): "bolshoy-ussuriysky-west",
    (134.85, 48.35): "bolshoy-ussuriysky",
    (130.56, 42.50): "manchuria",  # which Natural Earth gives to Russia
    (130.585, 42.45): "jingxin",  # likewise
}

NEIGHBOURS = {"Mongolia": "mongolia", "North Korea": "korea"}
"""Area by country of Natural Earth, where all of a country in the frame is one area."""

TOWNS = {
    "Vladivostok": (131.8735, 43.1056, "ussuri-coast"),
    "Ussuriysk": (131.9573, 43.8047, "ussuri-coast"),
    "Khabarovsk": (135.0971, 48.4620, "ussuri-coast"),
    "Blagoveshchensk": (127.5264, 50.2759, "amur-left-bank"),
    "Nikolayevsk": (140.7229, 53.1466, "amur-left-bank"),
    "Nerchinsk": (116.5869, 51.9798, "russia-1689"),
}

SMALL = ("bolshoy-ussuriysky", "bolshoy-ussuriysky-west", "jingxin", "sixty-four-villages")
"""Areas that must keep their shape when they are simplified."""


def at_longitude(course: LineString, longitude: float) -> tuple[float, float]:
    """Return the first point at which a course reaches a longitude."""
    points = shapely.get_coordinates(course)
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= longitude < x1:
            return longitude, round(float(y0 + (y1 - y0) * (longitude - x0) / (x1 - x0)), 5)
    raise ValueError(f"The course does not reach longitude {longitude}.")


def between(course: LineString, start: tuple[float, float], end: tuple[float, float]) -> LineString:
    """Return the stretch of a line between the points on it that are nearest to two points."""
    first, last = (course.project(Point(each)) for each in (start, end))
    return rounded(substring(course, first, last))


def lower_ussuri() -> LineString:
    """Return the Ussuri from Kazakevichevo to Khabarovsk."""
    return part(courses()["ussuri"], rivers.KAZAKEVICHEVO, rivers.USSURI_MOUTH)


@cache
def edges() -> dict[str, LineString]:
    """Return every line that is drawn, by id, before it is split where it meets others."""
    border, course = russia_china(), courses()
    channel = part(border, rivers.CHANNEL_HEAD, rivers.KAZAKEVICHEVO)
    to_post = shapely.get_coordinates(part(border, rivers.LAST_GOOD, rivers.POST_T))
    gorbitsa = course["gorbitsa"]
    shilka = part(course["shilka"], gorbitsa.coords[-1], rivers.ARGUN_MOUTH)
    crest = divide((SHILKA, rivers.GORBITSA_HEAD, CREST_MEETS), (LENA, CREST_MEETS, CREST_LEFT))
    whole = line(gorbitsa.coords[0], *shapely.get_coordinates(rounded(crest)))
    west, east = at_longitude(whole, CREST_WEST), at_longitude(whole, CREST_EAST)
    points = shapely.get_coordinates(whole)
    first = int(numpy.argmax(points[:, 0] > CREST_WEST))
    last = int(numpy.argmax(points[:, 0] > CREST_EAST))
    uda = course["uda"]
    uda_head = divide((OKHOTSK, uda.coords[0], (131.15, 55.66)))
    stanovoy = line(west, *points[first:last], east)
    meets = shapely.get_coordinates(stanovoy)
    end = meets[nearest(meets, uda_head.coords[-1])]
    north = {
        "line-1689-argun": course["argun"],
        "line-1689-shilka": shilka.reverse(),
        "line-1689-gorbitsa": gorbitsa.reverse(),
        "line-1689-crest-west": line(*points[:first], west),
        "stanovoy-crest": stanovoy,
        "line-1689-seaward": line(east, *points[last:], SEAWARD),
        "line-1689-uda": uda.reverse(),
        "line-1689-uda-head": line(uda.coords[0], *shapely.get_coordinates(uda_head)[:-1], end),
    }
    return north | {
        "line-1858-amur": part(course["amur"], rivers.ARGUN_MOUTH, rivers.CHANNEL_HEAD),
        "line-1858-amur-khabarovsk": part(course["amur"], rivers.CHANNEL_HEAD, rivers.USSURI_MOUTH),
        "line-1858-1860-lower-amur": course["amur-lower"],
        "line-1860-kazakevicheva": channel,
        "line-1860-ussuri": part(border, rivers.KAZAKEVICHEVO, rivers.SUNGACHA_MOUTH),
        "line-1860-sungacha": part(border, rivers.SUNGACHA_MOUTH, rivers.SUNGACHA_HEAD),
        "line-1860-khanka": part(border, rivers.SUNGACHA_HEAD, rivers.TUR_MOUTH),
        "line-1860-khanka-muling": part(border, rivers.TUR_MOUTH, rivers.POST_N),
        "line-1860-straight": part(border, rivers.POST_N, rivers.HUBTU_MOUTH),
        "line-1860-hubtu": part(border, rivers.HUBTU_MOUTH, rivers.HUBTU_HEAD),
        "line-1860-hunchun-sea": part(border, rivers.HUBTU_HEAD, rivers.LAST_GOOD),
        "line-1886-post-t": part(border, rivers.LAST_GOOD, rivers.POST_T),
        "line-1861-post-t": line(*to_post[: nearest(to_post, HEIGHTS) + 1], rivers.POST_T_1861),
        "line-1861-tumen": part(tumen(), rivers.POST_T_1861, rivers.POST_T),
        "line-1860-tumen": part(tumen(), rivers.POST_T, tumen().coords[-1]),
        "line-1905-sakhalin": line((141.5, 50.0), (145.0, 50.0)),
        "line-2008-amur": between(course["amur"], channel.coords[0], DIVISION_2008),
        "line-2008-bolshoy-ussuriysky": line(DIVISION_2008, channel.coords[-1]),
    }


CUT_TO_LAND = {
    "line-1689-seaward",
    "line-1689-uda",
    "line-1858-1860-lower-amur",
    "line-1905-sakhalin",
}
"""Lines that begin or end at sea."""


def faces() -> list[Polygon]:
    """Return the faces between all lines that lie on land."""
    countries = natural_earth("cultural/admin_0_countries").geometry.array
    countries = numpy.array([rounded(each) for each in countries])
    outlines = shapely.union_all(shapely.boundary(countries))
    # Without Natural Earth's end of the Russian-Chinese boundary, and the stretch of the Tumen beside post T.
    river = shapely.get_coordinates(rivers.boundary("North Korea", "Russia"))
    at = nearest(river, rivers.POST_T)
    old_end = part(rivers.boundary("Russia", "China"), rivers.LAST_GOOD, tuple(river[0]))
    for replaced in (rounded(old_end), line(*river[at - 1 : at + 2])):
        outlines = shapely.difference(outlines, replaced)
    islands = [rounded(each) for each in further_islands()]
    zeya = between(courses()["zeya"], VILLAGES[0], shapely.get_coordinates(courses()["zeya"])[-1])
    inner = [tumen(), wedge_limit(), lower_ussuri(), zeya, line(*VILLAGES), line(*MANCHUKUO)]
    everything = [outlines, *inner, *edges().values(), *shapely.boundary(islands)]
    everything = shapely.union_all(everything, grid_size=GRID)
    land = shapely.union_all([*countries, *islands])
    found = shapely.polygonize([everything]).geoms
    return [rounded(face) for face in found if land.intersects(face.representative_point())]


def wedge_limit() -> LineString:
    """Return the meridian from the mouth of the Argun to the crest and a hair beyond, to split the crest."""
    foot = courses()["amur"].coords[0]
    upward = LineString([foot, (foot[0], 56.0)])
    crossing = min(shapely.get_coordinates(upward.intersection(edges()["stanovoy-crest"]))[:, 1])
    return LineString([foot, (foot[0], crossing + 2 * GRID)])


@cache
def further_islands() -> list[Polygon]:
    """Return islands that Natural Earth has as land and not as part of a country."""
    countries = natural_earth("cultural/admin_0_countries").union_all()
    extra = shapely.get_parts(natural_earth("physical/land").union_all() - countries)
    return [each for each in extra if each.distance(countries) > 0 and km2(each) >= MIN_ISLAND]


def home(face: Polygon) -> str | None:
    """Return the id of the area to which a face belongs, or None for a sliver that goes to its neighbour."""
    for point, key in SEEDS.items():
        if face.covers(Point(point)):
            return key
    countries = natural_earth("cultural/admin_0_countries")
    inner = face.representative_point()
    x, y = inner.coords[0]
    owner = countries.ADMIN.array[int(shapely.distance(countries.geometry.array, inner).argmin())]
    if x > 145.4 and 43.38 < y < 46:
        return "south-kurils"
    if owner == "China":
        return "north-china" if NORTH_CHINA.covers(inner) else "manchuria"
    if owner in NEIGHBOURS:
        return NEIGHBOURS[owner]
    if owner == "Japan" and not (x < 141.5 and y > 45.9):
        return "honshu" if y < 41.3 and not (x < 140 and y > 41) else "hokkaido"
    if (141.6 < x < 145 and 45.8 < y < 54.6) or (x > 141 and 46 < y < 47):
        return "sakhalin-north" if y > 50 else "sakhalin-south"
    if 136 < x < 140.5 and y > 54.3:
        return "uda"
    if y > 58:
        return "russia-1689"
    return "ussuri-coast" if y < 48 and face.area < 0.1 and x < 140 else None


def partition() -> dict[str, BaseGeometry]:
    """Return the areas by id."""
    members: dict[str, list[Polygon]] = {}
    slivers = []
    for face in sorted(faces(), key=lambda each: each.bounds):
        key = home(face)
        if key is None:
            slivers.append(face)
        else:
            members.setdefault(key, []).append(face)
    for face in slivers:
        shared = {
            key: sum(face.boundary.intersection(each.boundary).length for each in others)
            for key, others in members.items()
        }
        members[max(shared, key=lambda each: shared[each])].append(face)
    return {key: _dissolved(each) for key, each in sorted(members.items())}


def _dissolved(parts: list[Polygon]) -> BaseGeometry:
    """Return the union of faces, vertices kept, without islands under `MIN_ISLAND`."""
    whole = shapely.get_parts(shapely.coverage_union_all(parts))
    kept = [each for each in whole if km2(each) >= MIN_ISLAND]
    return shapely.normalize(shapely.MultiPolygon(kept) if len(kept) > 1 else kept[0])


def on_land(course: LineString, land: BaseGeometry) -> LineString:
    """Return the longest stretch of a line that lies on land."""
    pieces = shapely.get_parts(shapely.line_merge(shapely.intersection(course, land)))
    longest = max(pieces, key=lambda each: each.length)
    along = course.project(Point(longest.coords[0])) <= course.project(Point(longest.coords[-1]))
    return longest if along else longest.reverse()


def along_edges(course: LineString, areas: dict[str, BaseGeometry]) -> LineString:
    """Return a drawn line with the vertices that the areas have on it, cut to the land."""
    near = shapely.union_all([each.boundary for each in areas.values()]).intersection(course.buffer(2 * GRID))
    points = shapely.get_coordinates(near)
    points = points[shapely.distance(shapely.points(points), course) < 1.5 * GRID]
    every = numpy.unique(numpy.vstack([points, shapely.get_coordinates(course)]).round(5), axis=0)
    order = numpy.argsort(shapely.line_locate_point(course, shapely.points(every)), kind="stable")
    return rounded(LineString(every[order]))


def check(areas: dict[str, BaseGeometry]) -> None:
    """Fail unless the areas are a coverage and hold their towns at every scale of the map."""
    shapes = numpy.array(list(areas.values()))
    assert shapely.is_valid(shapes).all(), "An area is not valid."
    assert shapely.coverage_is_valid(shapes), "The areas overlap or do not share their edges."
    on_grid = numpy.array([rounded(each) for each in shapes])
    assert shapely.coverage_is_valid(on_grid), "Rounding opens the edges."
    for tolerance in (0, 0.003, 0.006, 0.01):
        drawn = shapely.coverage_simplify(shapes, tolerance) if tolerance else shapes
        simple = dict(zip(areas, drawn, strict=True))
        for town, (x, y, key) in TOWNS.items():
            assert simple[key].covers(Point(x, y)), f"{town} falls out of {key} at {tolerance} degrees."
        for key in SMALL if tolerance < 0.01 else ():
            changed = shapely.symmetric_difference(simple[key], areas[key]).area
            assert changed < 0.2 * areas[key].area, f"{key} loses its shape at {tolerance} degrees."


def main() -> None:
    """Write areas and lines and print their size."""
    areas = partition()
    check(areas)
    land = shapely.union_all(list(areas.values()))
    drawn = {}
    for key, whole in edges().items():
        each = on_land(whole, land) if key in CUT_TO_LAND else whole
        drawn[key] = along_edges(each, areas)
    edge = shapely.union_all([area.boundary for area in areas.values()])
    for key, each in drawn.items():
        assert each.is_simple, f"{key} crosses itself."
        assert each.difference(edge).length < GRID, f"{key} leaves the edges of the areas."
        print(f"{key}: {km(each):,.0f} km")
    write("areas.geojson", [(areas[key], properties(key, TEXTS["areas"])) for key in areas])
    write("lines.geojson", [(drawn[key], properties(key, TEXTS["lines"])) for key in drawn])
    for key, each in areas.items():
        largest = max(shapely.get_parts(each), key=km2)
        print(f"{key}: {km2(each):,.0f} km2, of it the largest part {km2(largest):,.0f}")
    print(f"Sakhalin: {km2(areas['sakhalin-north']) + km2(areas['sakhalin-south']):,.0f} km2")
    vertices = shapely.get_num_coordinates(list(areas.values())).sum()
    print(f"all land: {km2(land):,.0f} km2; {vertices:,} vertices")


def properties(key: str, texts: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of an area or a line, the names by language."""
    return {"id": key} | texts[key] | {"names": names(texts[key]["names"])}


if __name__ == "__main__":
    main()
