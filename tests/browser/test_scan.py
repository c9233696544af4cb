"""A reader's scanned map on ours: in the exported file and in the dashboard."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from playwright.sync_api import expect

from geo.language import interface
from geo.scans import parse_scan
from geo.sentences import sentence
from geo.territory import FRAME
from geo.view import OPENING_LAYERS, View, show_scan
from tests.browser.test_dashboard import frame_of

pytestmark = pytest.mark.browser

CUT = sentence("What lies outside of this map is cut off.")
RUSSIAN = interface("ru").repeat(CUT)
EVIL = '<img src=x onerror="alert(1)"></script>{{7*7}} & Library'


@pytest.fixture(scope="module")
def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 240), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def test_a_scan_lies_between_relief_and_waters_and_its_strength_is_the_readers(
    visit, page, picture, tmp_path
):
    scan = parse_scan(picture, f"{EVIL[:20]}.png", None, (128, 44, 138, 50), EVIL, FRAME)
    scan = replace(scan, notices=(CUT,))
    path = tmp_path / "scan.html"
    path.write_text(page.document(show_scan(View()), scan=scan), "utf-8")
    tab = visit(path.as_uri()).page
    image = tab.locator(".leaflet-scan-pane img")
    assert image.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 200
    heights = tab.evaluate(
        """() => ["relief", "scan", "rivers", "lines", "labels", "places"]
             .map((name) => Number(getComputedStyle(Drawn.map.getPane(name)).zIndex))"""
    )
    assert heights[:3] == sorted(heights[:3])
    assert all(heights[1] < above for above in heights[2:])
    # Where its corner is on the map: the edges in degrees.
    left, top = tab.evaluate(
        """() => { const {x, y} = Drawn.map.latLngToContainerPoint([50, 128]);
                   const box = Drawn.map.getContainer().getBoundingClientRect();
                   return [x + box.left, y + box.top]; }"""
    )
    box = image.bounding_box()
    assert (box["x"], box["y"]) == (pytest.approx(left, abs=1), pytest.approx(top, abs=1))
    pane = tab.locator(".leaflet-scan-pane")
    expect(pane).to_have_css("opacity", "0.75")
    tab.locator("#scan-strength").fill("0.3")
    expect(pane).to_have_css("opacity", "0.3")
    expect(tab).to_have_url(re.compile("#scan-opacity=0.3$"))
    layer = tab.locator("#layers fieldset:has([data-layer=scan])")
    expect(layer.locator(".credits")).to_have_text(f"{EVIL[:20]}: {EVIL}. {CUT}")
    tab.locator("#layers").get_by_role("button", name="Show all of the scan").click()
    seen = tab.evaluate("Drawn.map.getBounds().contains([[44, 128], [50, 138]])")
    assert seen
    tab.locator("#tab-sources").click()
    expect(tab.locator("#sources")).to_contain_text(EVIL)
    # It is in the file that the page saves of itself, and a layer of the view like any other.
    saved = tab.evaluate("Atlas.saved()")
    assert saved.count("data:image/webp") == 1
    assert '<meta name="atlas-view" content="scan-opacity=0.3' in saved
    # What is said of it is said in every language.
    tab.select_option("#lang", "ru")
    expect(layer.locator(".credits")).to_have_text(f"{EVIL[:20]}: {EVIL}. {RUSSIAN}")
    expect(tab.locator("#sources .own-credit")).to_contain_text(RUSSIAN)
    tab.select_option("#lang", "en")
    layer.get_by_label("Your scan").uncheck()
    expect(image).to_have_count(0)
    expect(tab).to_have_url(re.compile(r"#.*layers=" + ",".join(OPENING_LAYERS) + "(&|$)"))
    assert tab.evaluate("document.querySelectorAll('img[src=x]').length") == 0


def test_a_scan_brought_to_the_dashboard_is_on_the_map_and_in_the_download(
    visit, dashboard, picture, tmp_path
):
    tab = visit(dashboard).page
    frame = frame_of(tab)
    tab.get_by_role("button", name="Your scan").click()
    upload = tab.get_by_test_id("stFileUploaderDropzoneInput")
    upload.first.set_input_files({"name": "old.png", "mimeType": "image/png", "buffer": b"GIF89a"})
    expect(tab.get_by_text("Say where it lies, by a georeference or by its edges.")).to_be_visible()
    edges = tab.get_by_label("Or its edges: west,south,east,north")
    edges.fill("128,44,138,50")
    edges.press("Enter")
    expect(tab.get_by_text("old.png: this is a GIF; save it as PNG, JPEG or WebP")).to_be_visible()
    upload.first.set_input_files({"name": "old.png", "mimeType": "image/png", "buffer": picture})
    expect(frame.locator(".leaflet-scan-pane img")).to_have_count(1, timeout=15_000)
    tab.get_by_label("Whose map it is").fill(EVIL)
    tab.get_by_label("Whose map it is").press("Enter")
    expect(frame.locator("#layers fieldset", has_text="Your scan")).to_contain_text(EVIL, timeout=15_000)
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Download the map").click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download the file").click()
    path = tmp_path / "download.html"
    download.value.save_as(path)
    saved = visit(path.as_uri()).page
    expect(saved.locator(".leaflet-scan-pane img")).to_have_count(1)
    expect(saved.locator("input[data-layer=scan]")).to_be_checked()
