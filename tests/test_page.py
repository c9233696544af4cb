"""The page as text: what is in the document, and that it is the same each time."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from geo import __version__
from geo.article import Article, Passage, parse_article
from geo.embed import GRID
from geo.imports import parse_gazetteer
from geo.page import Page, drawing
from geo.reading import DATA_DIR
from geo.territory import area_at
from geo.view import BASEMAPS, LANGS, LAYERS, OPENING_LAYERS, OWN, Position, Spot, View, show_own
from tests.unpacking import content_of, policy_of, scripts_of, styles_of, text_of

# With all holdings, readings and claims, each with its note and its sources.
MAX_BYTES = 450_000
MAX_BYTES_OF = (
    ("page", tuple(LANGS), MAX_BYTES, 340_000),
    ("page", ("en",), 346_000, 260_000),
    ("embed", tuple(LANGS), 216_000, 162_000),
    ("embed", ("en",), 201_000, 151_000),
)
"""Of each page its languages, bytes, and those under gzip; `tests.bench.weight` says what they are."""
STATIC = DATA_DIR.parent / "geo" / "static"
HOSTILE = (
    "{{1337*1337}} {% for x in y %} {# # </script><script>alert(1)</script> <!-- ${1+1} `back` \\ & \u2028 "
    "\u202e Vladivostok"
)


def values_of(value: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """Yield what stands under these names, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in names:
                yield inner
            else:
                yield from values_of(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from values_of(inner, names)


@pytest.fixture(scope="module")
def document(page: Page) -> str:
    return page.document(View())


def test_the_same_view_gives_the_same_bytes(atlas, page):
    view = View(lang="ru", place=("khabarovsk",), position=Position(6, 48.46, 135.1))
    assert page.document(view) == page.document(view) == Page(atlas).document(view)


def test_a_document_made_for_a_day_carries_the_day_and_all_the_days(page):
    view = View(
        date=date(1859, 6, 1), compare=date(1861, 1, 1), point=Spot(48.5, 135), readings=("tumen-post-1861",)
    )
    made = page.document(view)
    written = "date=1859-06-01&compare=1861-01-01&point=48.5/135&readings=tumen-post-1861"
    assert f'<meta name="atlas-view" content="{html.escape(written)}">' in made
    # A day is but where the page opens: every other day is in it too.
    assert content_of(made) == content_of(page.document(View()))
    assert scripts_of(made) == scripts_of(page.document(View()))


def test_the_holdings_of_the_document_are_those_of_the_atlas(document, atlas):
    content = content_of(document)
    spans = [(each["area"], *each["span"], each["status"]) for each in content["holdings"]]
    assert spans == [
        (each.area, f"{each.start}", f"{each.end}" if each.end else None, each.status)
        for each in atlas.holdings.records
    ]
    named = {name for each in content["holdings"] for name in (*each["holders"], *each["claimants"])}
    assert named <= set(content["polities"])


@pytest.mark.parametrize(("kind", "languages", "most", "most_packed"), MAX_BYTES_OF)
def test_each_page_keeps_to_its_size(page, kind, languages, most, most_packed):
    embed = kind == "embed"
    make = page.embed_document if embed else page.document
    raw = make(View(), languages=languages).encode()
    assert len(raw) <= most
    assert len(gzip.compress(raw, 9)) <= most_packed
    assert page.weigh(languages, embed=embed) == len(raw)


def test_the_document_names_itself_its_language_its_versions_and_its_licence(document, atlas):
    assert document.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert re.search(r"<title>[^<]+ – Far East Atlas</title>", document)
    assert f"Far East Atlas {__version__}; data {atlas.version}, sha256 {atlas.digest}" in document
    assert re.search(r'<meta name="license" content="[^"]*CC BY 4.0', document)
    assert 'content="width=device-width, initial-scale=1, viewport-fit=cover"' in document  # readers may zoom


def test_the_document_says_how_it_is_read_and_can_be_read_so(document, tmp_path):
    told = re.search(r"<!--(.*?)-->", document, re.DOTALL)
    assert told is not None
    (tmp_path / "atlas.html").write_text(document, "utf-8")
    lines = [line for line in told[1].split("\n") if line.startswith(("import ", "print("))]
    command = [sys.executable, "-X", "utf8", "-c", "\n".join(lines)]
    read = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, encoding="utf-8").stdout
    assert read == text_of(document, "scripts") + "\n"
    assert "BSD 2-Clause" in told[1]
    assert "Redistribution and use in source and binary forms" in text_of(document, "leaflet")


def test_every_source_cited_by_a_shown_record_is_in_the_document(document):
    content = content_of(document)
    cited = {key for found in values_of(content, ("citations", "populationCitations")) for key, _ in found}
    credited = {key for layer in content["layers"] for key in layer["credits"]}
    assert len(cited) > 20
    assert cited | credited <= set(content["sources"])


def test_the_policy_allows_nothing_but_what_is_in_the_document(document):
    policy = policy_of(document)
    assert policy["default-src"] == ["'none'"]
    assert policy["img-src"] == ["data:"]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    for name, texts in (("script-src", scripts_of(document)), ("style-src", styles_of(document))):
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert policy[name] == [f"'sha256-{value}'" for value in hashes]


def test_no_address_is_loaded_from_the_document(document):
    outside = re.sub(r"<script.*?</script>|<style>.*?</style>", "", document, flags=re.DOTALL)
    assert re.findall(r"\b(?:src|href)=[\"']([^#].{9})", outside) == ["data:image"]
    assert "<link" not in outside
    assert not re.search(r"\son[a-z]+=", outside)


def test_folium_is_given_geometry_and_ids_but_no_text(document, atlas):
    drawing = text_of(document, "drawing").split("const Drawn")[0]
    drawing = drawing[drawing.index("L.map(") :]
    names = [name.form for name in atlas.gazetteer.toponyms if len(name.form) > 4]
    notes = [area.note for area in atlas.areas if area.note]
    assert [text for text in names + notes if text in drawing] == []
    assert "ussuri-coast" in drawing
    assert all(reading.id in drawing for reading in atlas.readings if not reading.drawn)
    texts = [reading.says for reading in atlas.readings] + [site.name_en for site in atlas.gazetteer.sites]
    assert [text for text in texts if text in drawing] == []


def test_a_reader_s_text_changes_neither_scripts_nor_policy(page, document):
    article = parse_article(HOSTILE.encode(), "hostile.txt", page.atlas.furniture)
    other = page.document(View(), article)
    assert scripts_of(other) == scripts_of(document)
    assert policy_of(other) == policy_of(document)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.text(min_size=1, max_size=300))
def test_any_text_comes_out_of_the_document_letter_for_letter(page, text):
    text = text.encode("utf-8", "replace").decode()
    article = Article(title=text, lang="en", passages=(Passage("p1", "text", text + HOSTILE),))
    made = page.document(View(), article)
    content = content_of(made)
    assert content["article"]["passages"][0]["text"] == text + HOSTILE
    title = re.search(r"<title>(.*?)</title>", made, re.DOTALL)
    assert title is not None
    assert html.unescape(title[1]) == html.unescape(html.escape(f"{text} – Far East Atlas"))


@pytest.fixture(scope="module")
def own_gazetteer():
    rows = ("name,lat,lon,note,licence", f'"{HOSTILE}",43,131,{HOSTILE},"Bob\'s ""own"" <b>"')
    return parse_gazetteer("\n".join(rows).encode(), f"{HOSTILE}.csv")


def test_a_readers_gazetteer_changes_neither_scripts_nor_policy(page, document, own_gazetteer):
    made = page.document(show_own(View()), None, own_gazetteer)
    assert scripts_of(made) == scripts_of(document)
    assert policy_of(made) == policy_of(document)
    assert "own" not in content_of(document)


def test_a_readers_gazetteer_is_in_the_document_with_its_layer_and_its_licence(page, own_gazetteer):
    made = page.document(show_own(View()), None, own_gazetteer)
    content = content_of(made)
    (place,) = content["own"]["places"]
    shown = HOSTILE.replace("\u202e ", "").replace("\u2028 ", "")
    assert place["forms"] == [[shown, "und"]]
    assert place["note"] == shown
    assert content["own"]["title"] == shown.rpartition("/")[2]  # of the name of a file, without its folder
    assert [layer["id"] for layer in content["layers"]] == [*LAYERS, OWN]
    assert content["opening"]["layers"] == [*OPENING_LAYERS, OWN]
    rights = 'The reader’s gazetteer: Bob\'s "own" <b>.'
    assert content["article"]["licence"][-1]["values"] == {"licence": 'Bob\'s "own" <b>'}
    meta = re.search(r'<meta name="license" content="([^"]*)">', made)
    assert meta is not None
    assert html.unescape(meta[1]).endswith(rights)
    assert '<meta name="atlas-view" content="">' in made
    assert f'content="layers={",".join(OPENING_LAYERS)}"' in page.document(View(), None, own_gazetteer)


def test_a_gazetteer_of_ten_thousand_places_makes_a_page_of_some_megabytes(page):
    rows = [f"Village {n},{40 + n / 600:.4f},{106 + n / 300:.4f},en" for n in range(10_000)]
    made = page.document(
        show_own(View()), None, parse_gazetteer("\n".join(["name,lat,lon,lang", *rows]).encode(), "many.csv")
    )
    assert len(content_of(made)["own"]["places"]) == 10_000
    assert len(made.encode()) < MAX_BYTES + 1_400_000


def test_mentions_are_counted_in_utf16_units_as_javascript_does(page):
    article = parse_article("🗺🗺 In Vladivostok.".encode(), "a.txt", page.atlas.furniture)
    (passage,) = content_of(page.document(View(), article))["article"]["passages"]
    ((start, end, _),) = passage["mentions"]
    assert passage["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "Vladivostok"


@pytest.mark.parametrize("basemap", BASEMAPS)
def test_an_online_basemap_is_asked_for_only_where_the_view_wants_it(page, document, basemap):
    made = page.document(View(basemap=basemap))
    host = content_of(made)["basemap"]["host"]
    assert policy_of(made)["img-src"] == ["data:", host]
    assert re.fullmatch(r"https://[a-z*.]+", host)
    assert content_of(made)["basemap"]["credit"]
    without = (document, text_of(document, "content"), *scripts_of(document))
    assert not any(host.removeprefix("https://").removeprefix("*.") in text for text in without)


def steps_of(letters: str) -> list[int]:
    """Return the whole numbers that are written in letters of 13 bits, as ``geometry.js`` reads them."""
    found, number, weight = [], 0, 1
    for value in (ord(letter) - ord("#") for letter in letters):
        number += value % 8192 * weight
        weight *= 8192
        if value < 8192:
            found.append(number // 2 if number % 2 == 0 else -(number + 1) // 2)
            number, weight = 0, 1
    return found


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1))
def test_steps_come_out_of_their_letters_as_they_went_in(steps):
    assert steps_of("".join(map(drawing._letters, steps))) == steps


def table_of(arcs: drawing.Arcs) -> list[list[tuple[int, int]]]:
    """Return the corners of all arcs in steps of the grid, as ``geometry.js`` finds them."""
    table: list[list[tuple[int, int]]] = []
    x = y = 0
    for written in arcs.written:
        numbers = steps_of(written)
        (left, up), *moves = zip(numbers[::2], numbers[1::2], strict=True)
        x, y, dx, dy = x + left, y + up, 0, 0
        corners = [(x, y)]
        for more_x, more_y in moves:
            dx, dy = more_x + (dx >> 1), more_y + (dy >> 1)
            x, y = x + dx, y + dy
            corners.append((x, y))
        table.append(corners)
    return table


def lines_of(table: list[list[tuple[int, int]]], numbers: list[int]) -> list[tuple[int, int]]:
    """Return the corners of a line in steps of the grid, as ``geometry.js`` finds them."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        arc = table[number] if number >= 0 else table[-number - 1][::-1]
        assert not found or found[-1] == arc[0]
        found += arc[1:] if found else arc
    return found


def test_a_line_that_shares_nothing_is_one_arc_in_steps_from_corner_to_corner():
    line = LineString([(131.5, 43.0), (131.501, 43.002), (131.5, 43.0001)])
    arcs = drawing.Arcs([line], 1000)
    assert arcs.refer(line.coords) == [0]
    assert table_of(arcs) == [[(131500, 43000), (131501, 43002), (131500, 43000)]]
    assert [steps_of(arc) for arc in arcs.written] == [[131500, 43000, 1, 2, -1, -3]]
    assert drawing._packed([131.5, 43.0], arcs) == [131.5, 43.0]


def test_an_arc_begins_as_far_as_it_says_from_the_end_of_the_one_before():
    lines = [LineString([(1, 1), (5, 2)]), LineString([(6, 2), (7, 9), (8, 10)])]
    arcs = drawing.Arcs(lines, 1)
    assert [arcs.refer(line.coords) for line in lines] == [[0], [1]]
    assert [steps_of(arc) for arc in arcs.written] == [[1, 1, 4, 1], [1, 0, 1, 7, 1, -2]]
    assert table_of(arcs) == [list(line.coords) for line in lines]


def test_corners_that_fall_together_on_a_coarse_grid_are_one():
    line = LineString([(131.0, 43.0), (131.001, 43.001), (131.004, 43.0)])
    arcs = drawing.Arcs([line], 250)
    numbers = arcs.refer(line.coords)
    assert lines_of(table_of(arcs), numbers) == [(32750, 10750), (32751, 10750)]


def test_a_border_of_two_areas_and_the_line_along_it_are_written_once():
    west, east = box(0, 0, 1, 2), box(1, 0, 2, 2)
    border = LineString([(1, 0), (1, 2)])
    arcs = drawing.Arcs([west, east, border], 10)
    rings = [arcs.refer(area.exterior.coords) for area in (west, east)]
    assert len(arcs.refer(border.coords)) == 1
    assert len(arcs.written) == 3  # the border, and what is left of each area
    assert [sorted(set(lines_of(table_of(arcs), ring))) for ring in rings] == [
        sorted({(round(10 * x), round(10 * y)) for x, y in area.exterior.coords}) for area in (west, east)
    ]


def test_two_rings_that_are_the_same_are_one_arc_wherever_they_begin_and_whichever_way_they_run():
    ring = [(0, 0), (2, 0), (2, 1), (0, 0)]
    others = [[*ring[1:], ring[1]], ring[::-1]]
    arcs = drawing.Arcs([Polygon(each) for each in (ring, *others)], 1)
    numbers = [arcs.refer(each) for each in (ring, *others)]
    assert (len(arcs.written), numbers) == (1, [[0], [0], [-1]])


@pytest.mark.parametrize("grid", [drawing._GRID, GRID])
def test_every_outline_of_the_atlas_comes_out_of_its_arcs_corner_for_corner(page, grid):
    shapes = [feature.geometry for layer in page.layers for feature in layer.features]
    arcs = drawing.Arcs(shapes, grid)
    lines = list(drawing._lines_of(shapes))
    referred = [arcs.refer(line.coords) for line in lines]
    table = table_of(arcs)
    segments = 0
    for line, numbers in zip(lines, referred, strict=True):
        wanted, found = arcs._line(line.coords), lines_of(table, numbers)
        if line.is_ring:
            assert found[0] == found[-1]
            turn = wanted.index(found[0])
            assert found == [*wanted[turn:], *wanted[1 : turn + 1]]
        else:
            assert found == list(wanted)
        segments += len(found) - 1
    assert sum(len(arc) - 1 for arc in table) < 0.6 * segments


@pytest.mark.parametrize("grid", [drawing._GRID, GRID])
def test_each_town_stands_in_its_area_on_the_grid_of_the_page(page, atlas, grid):
    areas = next(layer.features for layer in page.layers if layer.id == "areas")
    drawn = {
        area.id: shapely.transform(area.geometry, lambda corners: (corners * grid).round() / grid)
        for area in areas
    }
    towns = [place for place in atlas.gazetteer.places if place.kind == "town"]
    assert len(towns) == 6
    for town in towns:
        area = area_at(atlas.areas, town.lon, town.lat)
        assert [id_ for id_, shape in drawn.items() if shape.covers(shapely.Point(town.lon, town.lat))] == [
            area.id
        ]
