"""A reader's own gazetteer in the exported file: its layer, its cards, its list, and the text."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from geo.article import parse_article
from geo.content import rivals, selectable
from geo.imports import parse_gazetteer
from geo.view import OPENING_LAYERS, Position, View, parse_view, show_own
from tests.browser.test_file import READ
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

EVIL = "<b>Evil</b> {{1337*1337}} ${1}"
TEXT = (
    "From Posyet to Nakhodka.\n\n"
    "The road from Posyet to Nakhodka passes Vladivostok, called Vladik. London is far, Ivanovka anywhere."
)
ROWS = f"""\
name,lat,lon,lang,name_ru,variants,kind,start,end,note,url,source,licence,wikidata
Posyet,42.6547,130.8083,en,Посьет,Port N,harbour,1860,,A bay,https://example.org/p,Notes,Bob's terms,
Nakhodka,42.8239,132.8928,en,Находка,,port,1950,,,,Notes,,
Vladivostok,43.12,131.9,en,,Vladik,town,,,,,Notes,,Q959
"{EVIL}",46,121,,,,x,,,"</script><script>alert(1)</script>",,,,
London,51.5,0,en,,,city,,,,,,,
Ivanovka,50.37,124.98,en,,,village,,,,,,,
Ivanovka,44.6,129.5,en,,,,,,,,,,
"""
SHAPES = [
    ("Road", "LineString", [[115, 46], [118, 46.5]]),
    ("Reserve", "Polygon", [[[115, 47], [119, 47], [119, 49], [115, 49], [115, 47]]]),
    ("Core", "Polygon", [[[116, 47.5], [117, 47.5], [117, 48.5], [116, 48.5], [116, 47.5]]]),
]


@pytest.fixture(scope="module")
def parts(page):
    return parse_gazetteer(ROWS.encode(), "mine.csv"), parse_article(
        TEXT.encode(), "a.txt", page.atlas.furniture
    )


@pytest.fixture(scope="module")
def own_file(page, parts, tmp_path_factory) -> str:
    gazetteer, article = parts
    path = tmp_path_factory.mktemp("own") / "own.html"
    path.write_text(page.document(show_own(View()), article, gazetteer), "utf-8")
    return path.as_uri()


def written_view(tab: Tab) -> str:
    return str(tab.evaluate("Atlas.view()"))


def spot(tab: Tab, lon: float, lat: float) -> tuple[float, float]:
    """Return where a position is in the window."""
    x, y = tab.evaluate(
        "([lat, lon]) => { const p = Drawn.map.latLngToContainerPoint([lat, lon]),"
        " b = Drawn.map.getContainer().getBoundingClientRect(); return [p.x + b.left, p.y + b.top]; }",
        [lat, lon],
    )
    return x, y


def inked(tab: Tab) -> int:
    """Return how many pixels the canvases of the gazetteer have drawn."""
    return int(
        tab.evaluate(
            """() => [...document.querySelectorAll('.leaflet-pane canvas')].map((canvas) => {
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              return data.filter((value, n) => n % 4 === 3 && value > 0).length;
            }).reduce((sum, count) => sum + count, 0)"""
        )
    )


def frames(tab: Tab) -> None:
    """Let the canvases draw, which they do in the next frame."""
    tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_the_layer_is_drawn_and_switched_off_and_on_with_its_labels(visit, own_file):
    tab = visit(own_file).page
    box = tab.locator("input[data-layer=own]")
    expect(box).to_be_checked()
    assert written_view(tab) == ""
    frames(tab)
    assert inked(tab) > 100
    expect(tab.locator("[data-label=own-2] text")).to_have_text("Nakhodka")
    box.uncheck()
    frames(tab)
    assert inked(tab) == 0
    expect(tab.locator("[data-label^=own-]")).to_have_count(0)
    assert written_view(tab) == f"layers={','.join(OPENING_LAYERS)}"
    tab.mouse.click(*spot(tab, 132.8928, 42.8239))  # what is not shown is not clicked
    expect(tab.locator("#card h2")).not_to_have_text("Nakhodka")
    box.check()
    frames(tab)
    assert inked(tab) > 100
    assert "layers" not in written_view(tab)


def test_a_click_on_the_map_opens_the_card_and_lights_the_text_and_the_list(visit, own_file):
    tab = visit(own_file).page
    tab.mouse.move(*spot(tab, 132.8928, 42.8239))
    expect(tab.locator(".own-tip")).to_have_text("Nakhodka")
    tab.mouse.click(*spot(tab, 132.8928, 42.8239))
    card = tab.locator("#card")
    expect(card.locator("h2")).to_have_text("Nakhodka")
    expect(card).to_contain_text("since 1950")
    expect(card).to_contain_text("Находка")
    expect(card).to_contain_text("mine. Licence: Bob's terms.")
    expect(tab.locator(".mention.hit")).to_have_text(["Nakhodka", "Nakhodka"])
    expect(tab.locator("#gazetteer tr.selected")).to_have_attribute("data-own", "own-2")
    expect(tab.locator("path.own-selected")).to_have_count(1)
    assert "place=own-2" in written_view(tab)
    expect(tab.locator("[data-place=own-2], .leaflet-marker-icon.selected")).to_have_count(0)


def test_a_mention_leads_to_the_place_and_one_of_ours_to_ours(visit, own_file):
    tab = visit(own_file).page
    tab.locator("a.mention", has_text="Posyet").last.click()
    expect(tab.locator("#card h2")).to_have_text("Posyet")
    expect(tab.locator("#card a", has_text="example.org/p")).to_have_attribute("rel", "noopener noreferrer")
    until(tab, "() => Drawn.map.getBounds().contains([42.6547, 130.8083]) && Drawn.map.getZoom() > 6")
    tab.locator("a.mention", has_text="Vladik").click()
    expect(tab.locator("#card h2")).to_contain_text("Vladivostok 海参崴")
    tab.locator("#card .also-own button", has_text="Vladivostok").click()
    expect(tab.locator("#card .kicker")).to_contain_text("your gazetteer: town")
    expect(tab.locator(".mention.hit")).to_have_text(["Vladivostok", "Vladik"])
    tab.locator("#card button.inline", has_text="Vladivostok").click()
    expect(tab.locator("#card .kicker")).to_contain_text("no. 1 of the rule")


def test_the_list_leads_to_places_on_and_off_the_map_with_their_words_letter_for_letter(visit, own_file):
    tab = visit(own_file).page
    rows = tab.locator("#gazetteer tbody tr")
    expect(rows).to_have_count(7)
    expect(tab.locator("#own-search")).to_have_count(0)  # so few need none
    rows.nth(3).locator("button").click()
    expect(tab.locator("#card h2")).to_have_text(EVIL)
    expect(tab.locator("#card")).to_contain_text("</script><script>alert(1)</script>")
    expect(tab.locator("[data-label=own-4] text")).to_have_text(EVIL)
    rows.nth(4).locator("button").click()
    expect(tab.locator("#card")).to_contain_text("It lies outside the frame of this map.")
    tab.select_option("#lang", "ru")
    expect(rows.first.locator("button")).to_have_text("Посьет")
    expect(tab.locator("#layers")).to_contain_text("Ваш газетир: mine")
    tab.locator("#tab-sources").click()
    expect(tab.locator("#sources")).to_contain_text("Газетир читателя: Bob's terms.")
    expect(tab.locator("#sources .own-credit")).to_contain_text(
        "7 мест (7 точек), вне рамки карты: 1. Notes. Лицензия: Bob's terms."
    )


def test_a_name_of_several_places_leads_to_all_of_them_told_apart(visit, own_file):
    tab = visit(own_file).page
    tab.locator("a.mention", has_text="Ivanovka").click()
    listed = tab.locator("#card ul.group li")
    expect(listed).to_have_text(["Ivanovka village, 50.37° N 124.98° E", "Ivanovka 44.60° N 129.50° E"])
    expect(tab.locator("#card .note")).to_have_text("More than one place of your gazetteer bears this name.")
    expect(tab.locator("path.own-selected")).to_have_count(2)


def test_on_a_date_only_what_was_there_is_shown(visit, own_file):
    tab = visit(own_file + "#date=1900-01-01&layers=own&map=6.5/43/132").page
    expect(tab.locator("[data-label=own-1]")).to_have_count(1)
    expect(tab.locator("[data-label=own-2]")).to_have_count(0)
    tab.mouse.click(*spot(tab, 132.8928, 42.8239))
    expect(tab.locator("#card")).to_be_hidden()


def test_the_saved_page_is_the_one_the_command_writes_and_opens_the_same(
    visit, own_file, page, parts, tmp_path
):
    gazetteer, article = parts
    tab = visit(own_file + "#layers=areas,own&place=own-1&lang=ru").page
    expect(tab.locator("#card h2")).to_have_text("Посьет")
    with tab.expect_download() as download:
        tab.locator("#save").click()
    saved = tmp_path / "saved.html"
    download.value.save_as(saved)
    ids = selectable(page.atlas) | gazetteer.ids
    view = parse_view(written_view(tab), ids, own=True).view
    assert view.place == ("own-1",)
    assert saved.read_text("utf-8") == page.document(view, article, gazetteer)


def test_the_page_reads_and_writes_views_with_a_gazetteer_as_python_does(visit, own_file, page, parts):
    tab = visit(own_file).page
    for written in ("", "layers=own", "layers=areas,own,nowhere", "place=own-1,own-99", "x" * 2500 + "=1"):
        parsed = parse_view(written, selectable(page.atlas) | parts[0].ids, rivals(page.atlas), own=True)
        assert tab.evaluate(READ, written) == [parsed.view.query(own=True), list(parsed.notices)]


def test_lines_and_areas_are_found_by_a_click_the_smallest_first(visit, page, tmp_path):
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": kind, "coordinates": at}}
        for name, kind, at in SHAPES
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    path = tmp_path / "shapes.html"
    path.write_text(page.document(show_own(View()), None, parse_gazetteer(content, "s.json")), "utf-8")
    tab = visit(path.as_uri()).page
    for lon, lat, name in ((118, 46.5, "Road"), (116.5, 48, "Core"), (118.5, 48.9, "Reserve")):
        tab.mouse.click(*spot(tab, lon, lat))
        expect(tab.locator("#card h2")).to_have_text(name)
        tab.keyboard.press("Escape")
    tab.mouse.click(*spot(tab, 116.5, 49.6))  # beside them the map answers as ever
    expect(tab.locator("#card .point")).to_be_visible()


def test_ten_thousand_places_are_drawn_listed_by_parts_and_filtered(visit, page, tmp_path):
    rows = [f"Village {n},{40 + n / 600:.4f},{106 + n % 41},en" for n in range(10_000)]
    content = "\n".join(["name,lat,lon,lang", *rows]).encode()
    path = tmp_path / "many.html"
    path.write_text(page.document(show_own(View()), None, parse_gazetteer(content, "many.csv")), "utf-8")
    tab = visit(path.as_uri(), color_scheme="dark").page
    frames(tab)
    assert inked(tab) > 10_000
    rows_shown = tab.locator("#gazetteer tbody tr")
    expect(rows_shown).to_have_count(200)
    assert 10 < tab.locator("[data-label^=own-]").count() <= 120
    assert tab.evaluate("document.querySelectorAll('*').length") < 6000  # no element for each place
    tab.locator("#own-search").fill("village 777")
    expect(rows_shown).to_have_count(11)
    expect(tab.locator("#gazetteer [role=status]")).to_have_text("11 of 10,000 places")
    rows_shown.first.locator("button").click()
    expect(tab.locator("#card h2")).to_have_text("Village 777")
    expect(tab.locator("#gazetteer tr.selected")).to_have_count(1)


def test_on_a_phone_the_list_is_a_panel_and_a_tap_selects(visit, own_file):
    tab = visit(own_file + "#map=7/43/132", width=390, height=844, has_touch=True).page
    tab.locator("#tab-gazetteer").click()
    expect(tab.locator("#gazetteer")).to_be_visible()
    expect(tab.locator("#text")).to_be_hidden()
    tab.touchscreen.tap(*spot(tab, 132.8928, 42.8239))
    expect(tab.locator("#card h2")).to_have_text(re.compile("Nakhodka"))
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_points_that_crowd_are_drawn_smaller_and_what_the_file_lacks_is_said(visit, page, tmp_path):
    rows = "\n".join(
        f"{'Same' if n < 8 else f'P{n}'},{44 + n % 60 / 20},{128 + n // 60 / 20}" for n in range(3600)
    )
    crowd = replace(
        parse_gazetteer(f"name,lat,lon\n{rows}".encode(), "crowd.csv"),
        moved=98.6,
        chosen="map",
        left_out=1234,
    )
    path = tmp_path / "crowd.html"
    text = parse_article(b"From Same on.", "a.txt", ())
    path.write_text(page.document(show_own(View(position=Position(4, 46, 130))), text, crowd), "utf-8")
    tab = visit(path.as_uri()).page
    radius = """(zoom) => {
      if (zoom) Drawn.map.setZoom(zoom, { animate: false });
      const found = new Set(), isPoint = (layer) => layer.getRadius && layer.options.pane === "own-points";
      Drawn.map.eachLayer((layer) => isPoint(layer) && found.add(layer.getRadius()));
      return [...found];
    }"""
    (far,), (near,) = tab.evaluate(radius), tab.evaluate(radius, 9)
    assert 1 <= far < 1.5
    assert near == 4.5
    assert tab.evaluate(radius, 4) == [far]
    said = [
        "Outlines are simplified: they lie up to 99 m from where the file has them.",
        "1,234 places are left out that the map does not reach.",
    ]
    expect(tab.locator("#gazetteer .own-lacking")).to_have_text(said)
    expect(tab.locator("#sources .own-credit")).to_contain_text(" ".join(said))
    expect(tab.locator("#text .mention")).to_have_attribute(
        "title", f"place: {'Same, ' * 6}…, not sure (0.50)"
    )
    tab.locator("#lang").select_option("zh-Hans")
    expect(tab.locator("#gazetteer .own-lacking").last).to_have_text("略去了地图范围之外的 1,234 处地点。")
