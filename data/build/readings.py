"""Rival readings of the treaties, each with the land that it would move: ``data/readings.geojson``.

A reading has a polygon where it moves land that can be measured, a line where it does not, and a point to
look at where it is the reading that the areas and lines of the map follow. Edges shared with areas are
theirs, vertex for vertex; the others are traced here.

Run ``python data/build/readings.py`` from the repository root; it prints what it measures. The wording of the
records is kept in ``reading_texts.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import rivers
import shapely
from areas import between, edges, partition
from elevation import traced
from frame import FRAME, km, km2, line, names, rounded, write
from rivers import courses, tumen
from shapely.geometry import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split
from watershed import OKHOTSK, divide

TEXTS = json.loads((Path(__file__).parent / "reading_texts.json").read_text("utf-8"))

AMAZAR = (
    (119.34412, 53.93954),
    (119.6356, 53.8431),
    (119.77, 53.73),
    (119.95, 53.74),
    (120.15, 53.75),
    (120.4, 53.78),
    (120.65, 53.83),
    (120.88, 53.86),
    (122.0794, 53.425),
)
"""The Amazar from the divide through its railway towns to its mouth in the Amur."""
AMAZAR_ENDS = (119.25, 53.95), (122.1, 53.38)
"""Points beyond the divide and beyond the Amur, to which the course is prolonged to cut the land in two."""
UDA_DIVIDE_MEETS = (141.3, 53.25)
"""Where the divide of the Amur and the rivers of the coast comes down to the sea."""
OFF_THE_COAST = (141.6, 53.32)
"""A point at sea beyond it."""
ACROSS = (130.64, 42.37)
"""A point on the other bank."""
ABOVE_T = ((130.672, 42.392), (130.652, 42.418), (130.613, 42.428), (130.605, 42.426))
"""From there up to the heights, where the line of 1886 turns to the river, and a little beyond; our guess."""
TWENTY_LI = (130.658, 42.375)
"""20 li (10.7 km) above the mouth of the Tumen, on the course of Natural Earth."""
ALONG_THE_SEA = (
    (136.2, 56.15),
    (137.0, 56.5),
    (137.6, 56.75),
    (138.2, 57.2),
    (139.0, 57.65),
    (139.8, 58.1),
    (140.5, 58.7),
    (141.0, 59.3),
    (141.5, 60.0),
)
"""The crest of the Dzhugdzhur to the edge of the frame, from memory."""


def piece(land: BaseGeometry, cut: LineString, inside: tuple[float, float]) -> Polygon:
    """Return the part of the mainland, cut by a line, that holds a point."""
    parts = shapely.get_parts(land)
    whole = max(parts, key=lambda each: each.area)
    (found,) = (each for each in split(whole, cut).geoms if each.covers(Point(inside)))
    return found


def amazar(areas: dict[str, BaseGeometry]) -> Polygon:
    """Return the land between the Gorbitsa of the map, the Shilka, the Amur and the Amazar."""
    west, east = AMAZAR_ENDS
    cut = line(west, *traced(*AMAZAR).coords, east)
    land = shapely.coverage_union(areas["gorbitsa-wedge"], areas["amur-left-bank"])
    return piece(land, cut, (120.3, 53.55))


def south_of_uda(areas: dict[str, BaseGeometry]) -> Polygon:
    """Return the land between the Uda, its western edge, the sea and the divide of the Amur."""
    foot = courses()["uda"].coords[0]
    crest = rounded(divide((OKHOTSK, foot, UDA_DIVIDE_MEETS)).simplify(0.02))
    return piece(areas["amur-left-bank"], line(*crest.coords, OFF_THE_COAST), (135.0, 54.0))


def below_post_t(areas: dict[str, BaseGeometry]) -> Polygon:
    """Return the left bank of the Tumen between post T of 1886 and the point 20 li above the mouth."""
    bank = between(tumen(), rivers.POST_T, TWENTY_LI)
    cut = line(ACROSS, *bank.coords[-1:], *ABOVE_T)
    return piece(areas["ussuri-coast"], cut, (130.65, 42.4))


def shapes() -> dict[str, BaseGeometry]:
    """Return the geometry of each reading by id."""
    areas, drawn = partition(), edges()
    islands = (areas["bolshoy-ussuriysky"], areas["bolshoy-ussuriysky-west"])
    seaward = shapely.get_coordinates(drawn["line-1689-seaward"])
    red = ("line-1858-amur", "line-1860-kazakevicheva", "line-1860-ussuri")
    return {
        "banks-main-channel": Point(134.02, 47.0),
        "banks-red-line": MultiLineString([drawn[key] for key in red]),
        "confluence-channel": Point(drawn["line-1860-kazakevicheva"].coords[-1]),
        "confluence-division-2008": areas["bolshoy-ussuriysky-west"],
        "confluence-main-stem": shapely.coverage_union(*islands),
        "gorbitsa-amazar": amazar(areas),
        "gorbitsa-by-the-village": Point(rivers.GORBITSA_MOUTH),
        "sakhalin-with": shapely.coverage_union(areas["sakhalin-north"], areas["sakhalin-south"]),
        "sakhalin-without": Point(142.9, 50.0),
        "seaward-crest-to-the-sea": Point(135.6, 55.67),
        "seaward-north-east": line(tuple(seaward[-2]), *ALONG_THE_SEA),
        "tumen-post-1861": areas["jingxin"],
        "tumen-post-1886": Point(rivers.POST_T),
        "tumen-twenty-li": below_post_t(areas),
        "uda-north": Point(133.3, 55.1),
        "uda-south": south_of_uda(areas),
    }


def check(found: dict[str, BaseGeometry]) -> None:
    """Fail unless each question has one drawn reading, and each shape is fit for its kind."""
    assert set(found) == set(TEXTS), set(found) ^ set(TEXTS)
    drawn = Counter(text["question"] for text in TEXTS.values() if text["drawn"])
    questions = {text["question"] for text in TEXTS.values()}
    assert drawn == dict.fromkeys(questions, 1), "A question has no drawn reading, or several."
    for key, shape in found.items():
        text = TEXTS[key]
        assert shape.is_valid, f"{key} is not valid."
        assert FRAME.covers(shape), f"{key} leaves the frame."
        assert text["drawn"] == (shape.geom_type == "Point"), f"{key}: only a drawn reading is a point."
        moves = shape.geom_type in ("Polygon", "MultiPolygon")
        assert moves or text["side"] == "none", f"{key} moves no land."


def main() -> None:
    """Write the readings and print their size."""
    found = {key: rounded(shape) for key, shape in shapes().items()}
    check(found)
    records = []
    for key, text in TEXTS.items():
        records.append((found[key], {"id": key} | text | {"names": names(text["names"])}))
        moves = found[key].geom_type in ("Polygon", "MultiPolygon")
        print(f"{key}: {km2(found[key]):,.1f} km2" if moves else f"{key}: {km(found[key]):,.0f} km")
    write("readings.geojson", records)


if __name__ == "__main__":
    main()
