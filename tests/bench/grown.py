"""``python -m tests.bench.grown KIND SIZE [FILES]``: one piece of work of a given size.

It prints as JSON how long the steps took in seconds of processor time, what they made, and the most memory
that the process has had. What is read and imported beforehand is not counted.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import folium  # noqa: F401 - to draw and to simplify, what takes a while to import is there
import geopandas  # noqa: F401
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import prepared
from geo.article import Article, Passage
from geo.atlas import Atlas
from geo.imports import read_gazetteer
from geo.merging import link_with
from geo.page import Page
from geo.reading import load_atlas
from geo.territory import FRAME
from geo.view import View, show_own
from geo.where import where_are
from tests.bench.contenders import peak_mb, read_texts

POINTS = 100_000


class Steps:
    """Steps of a piece of work, each with its figure."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Count what is done in here as a step."""
        began = time.process_time()
        yield
        self.figures[f"{name}_s"] = time.process_time() - began


def dense(geometry: BaseGeometry, times: int) -> BaseGeometry:
    """Return a geometry with so many times as many corners, the new ones along its edges.

    Examples
    --------
    >>> dense(shapely.box(0, 0, 1, 1), 2).wkt
    'POLYGON ((1 0, 1 0.5, 1 1, 0.5 1, 0 1, 0 0.5, 0 0, 0.5 0, 1 0))'
    """

    def parted(ring: BaseGeometry) -> np.ndarray:
        corners = shapely.get_coordinates(ring)
        parts = np.linspace(corners[:-1], corners[1:], times, endpoint=False, axis=1)
        return np.vstack((parts.reshape(-1, 2), corners[-1:]))

    polygons = [
        shapely.Polygon(parted(polygon.exterior), [parted(hole) for hole in polygon.interiors])
        for polygon in shapely.get_parts(geometry)
    ]
    return shapely.MultiPolygon(polygons) if len(polygons) > 1 else polygons[0]


def with_dense_areas(atlas: Atlas, times: int) -> Atlas:
    """Return an atlas whose areas have so many times as many corners, and the same ground."""
    areas = tuple(area.model_copy(update={"geometry": dense(area.geometry, times)}) for area in atlas.areas)
    return replace(atlas, areas=areas)


def areas(times: int) -> dict[str, float]:
    """Answer points, and make the page, of areas with so many times as many corners."""
    steps, plain = Steps(), load_atlas()
    atlas = with_dense_areas(plain, times)
    west, south, east, north = FRAME
    random = np.random.default_rng(1860)
    lons, lats = random.uniform(west, east, POINTS), random.uniform(south, north, POINTS)
    where_are(plain, lons[:10], lats[:10])  # what is made at the first question is there
    with steps.timed("where"):
        found = where_are(atlas, lons, lats)
    with steps.timed("page"):
        document = Page(atlas).document(View())
    corners = sum(int(shapely.get_num_coordinates(area.geometry)) for area in atlas.areas)
    on_land = int(np.count_nonzero(found.area != ""))
    return steps.figures | {
        "corners": corners,
        "on_land": on_land,
        "document_kb": len(document.encode()) / 1000,
    }


def gazetteer(file: str, text: str) -> dict[str, float]:
    """Read a reader's gazetteer, link a text with it, and make the page of both."""
    steps, atlas = Steps(), load_atlas()
    page = Page(atlas)
    page.document(View())  # what all pages share is made
    passages = (Passage(f"p{at}", "text", each) for at, (_, each) in enumerate(read_texts(text, 10**9), 1))
    article = Article("", "en", tuple(passages))
    with steps.timed("parse"):
        own = read_gazetteer(Path(file))
    with steps.timed("link"):
        mentions = link_with(atlas, article, own)
    with steps.timed("page"):
        document = page.document(show_own(View()), article, own)
    return steps.figures | {"found": len(mentions), "document_kb": len(document.encode()) / 1000}


def main() -> None:
    """Do one piece of work, with nothing of it prepared."""
    kind, *rest = sys.argv[1:]
    prepared.FILE = Path(os.devnull)
    figures = areas(int(rest[0])) if kind == "areas" else gazetteer(*rest)
    print(json.dumps(figures | {"peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
