"""Going back and forward in the exported file, the name that it saves itself under, and the page on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from geo.content import selectable
from geo.view import View, parse_view, suggest_name

pytestmark = pytest.mark.browser

NAMES = [
    "",
    "date=1859-06-01&lang=ru",
    "date=1859-06-01&compare=1861-01-01&place=sakhalin,aigun-1858,nerchinsk,uda",
]


def select(tab: Tab, place: str) -> None:
    tab.locator(f"#places tr[data-place={place}] button").click()
    expect(tab).to_have_url(re.compile(f"place={place}"))


def test_back_and_forward_lead_over_selections_languages_and_ways_to_look_at_time(visit, exported):
    tab = visit(exported).page
    select(tab, "sakhalin")
    tab.select_option("#lang", "ru")
    expect(tab).to_have_url(re.compile("lang=ru"))
    tab.locator("#one-date").click()
    expect(tab).to_have_url(re.compile("date=1859-06-01"))
    tab.locator("#later").click()
    expect(tab).to_have_url(re.compile("date=1860-11-14"))  # another day is no step
    tab.go_back()
    expect(tab.locator("#dateline")).to_be_hidden()
    expect(tab.locator("#lang")).to_have_value("ru")
    tab.go_back()
    expect(tab.locator("#lang")).to_have_value("en")
    expect(tab.locator("#card h2")).to_contain_text("Sakhalin")
    tab.go_back()
    expect(tab.locator("#card")).to_be_hidden()
    for _ in range(3):
        tab.go_forward()
    expect(tab.locator("#dateline .day")).to_have_text("14 ноября 1860 г.")
    expect(tab.locator("#card h2")).to_contain_text("Сахалин")


def test_moving_the_map_and_the_layers_add_no_step(visit, exported):
    tab = visit(exported).page
    before = tab.evaluate("history.length")
    tab.locator(".leaflet-control-zoom-in").click()
    expect(tab).to_have_url(re.compile("map="))
    tab.locator("input[data-layer=rivers]").uncheck()
    expect(tab).to_have_url(re.compile("layers="))
    assert tab.evaluate("history.length") == before


def test_the_first_entry_of_a_file_made_with_a_view_is_that_view(visit, page, tmp_path):
    path = tmp_path / "ru.html"
    path.write_bytes(page.document(View(lang="ru")).encode())
    tab = visit(path.as_uri()).page
    select(tab, "sakhalin")
    tab.go_back()
    expect(tab.locator("#card")).to_be_hidden()
    expect(tab.locator("#lang")).to_have_value("ru")


def test_a_link_in_the_hash_still_selects(visit, exported):
    tab = visit(exported).page
    tab.evaluate("() => { location.hash = 'place=nerchinsk&stars=3'; }")
    expect(tab.locator("#card h2")).to_contain_text("Nerchinsk")
    expect(tab.locator("#notice")).to_contain_text("stars=3: the view has no such part")
    tab.go_back()
    expect(tab.locator("#card")).to_be_hidden()


def test_the_address_of_a_view_that_is_left_is_not_written_over_the_one_that_follows(visit, exported):
    tab = visit(exported).page
    tab.clock.install(time=0)
    tab.clock.pause_at(60_000)
    tab.locator("tr[data-place=nerchinsk] button").click()
    tab.evaluate("() => dispatchEvent(new PopStateEvent('popstate'))")
    tab.clock.run_for(1000)
    assert "nerchinsk" not in tab.url
    tab.locator("tr[data-place=sakhalin] button").click()
    tab.clock.run_for(1000)
    assert "place=sakhalin" in tab.url


def test_the_file_is_named_after_what_it_shows_as_python_would(visit, exported, page):
    tab = visit(exported).page
    for written in NAMES:
        view = parse_view(written, selectable(page.atlas)).view
        tab.evaluate("(hash) => { location.hash = hash || 'lang=en'; }", written)
        expect(tab.locator("#lang")).to_have_value(view.language)
        with tab.expect_download() as download:
            tab.locator("#save").click()
        assert download.value.suggested_filename == suggest_name(view, ".html")


def on_paper(tab: Tab) -> None:
    """Show the page as it is printed on A4: Chromium sets it anew before it fires the event."""
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print", color_scheme="dark")
    tab.set_viewport_size({"width": 688, "height": 1000})


def test_paper_shows_the_map_as_it_was_seen_with_legend_text_and_credit_and_no_controls(visit, exported):
    tab = visit(f"{exported}#date=1859-06-01&place=khabarovsk&map=5.5/50/130", color_scheme="dark").page
    seen = """() => {
      const { x, y } = Drawn.map.project(Drawn.map.getCenter()), size = Drawn.map.getSize();
      return [x, y, 1000 * Drawn.map.getZoom(), size.x, size.y];
    }"""
    before = tab.evaluate(seen)
    expect(tab.locator("#card")).to_be_visible()
    on_paper(tab)
    expect(tab.locator(".map")).to_be_visible()
    assert tab.evaluate(seen) == pytest.approx(before, abs=1, rel=0)  # the map stands on whole pixels
    box = tab.locator(".map").bounding_box()
    assert box is not None
    assert box["width"] <= 688
    below = tab.locator("#layers").bounding_box()
    assert below is not None
    assert below["y"] >= box["y"] + box["height"]  # nothing lies on the map
    for part in ("#dateline", "#card", "#layers", "#text .passage >> nth=0", "#credit", ".printed"):
        expect(tab.locator(part)).to_be_visible()
    for part in (
        "#time",
        "#tabs",
        "#save",
        "#copy-link",
        "#lang",
        ".leaflet-control-zoom",
        ".close",
        "#places",
    ):
        expect(tab.locator(part).first).to_be_hidden()
    expect(tab.locator(".printed")).to_contain_text("View: date=1859-06-01&place=khabarovsk")
    assert "file:" not in tab.locator(".printed").inner_text()
    # In the dark the paper is light, and a link says where it leads.
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(34, 32, 28)"
    link = tab.locator("#card a[href^=http]").first
    assert link.evaluate("(a) => getComputedStyle(a, '::after').content").startswith('" (http')


def test_the_page_prints_on_few_sheets(visit, exported):
    tab = visit(exported).page
    pdf = tab.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 6
