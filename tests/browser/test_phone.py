"""The sheet of panels on a phone, by fingers: real touches, through the browser's own machinery."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect
from playwright.sync_api import Page as Tab

from geo.view import LANGS
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

PHONE = {"has_touch": True, "is_mobile": True}
STEPS = 8


def swipe(client: CDPSession, start: tuple[float, float], by: float, aside: float = 0) -> None:
    """Put a finger on a point, draw it up or down the screen, and lift it."""
    x, y = start
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, STEPS + 1):
        point = {"x": x + aside * step / STEPS, "y": y + by * step / STEPS}
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def middle(tab: Tab, path: str) -> tuple[float, float]:
    box: Any = tab.locator(path).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def stop_is(tab: Tab, stop: str) -> None:
    until(tab, "(stop) => document.querySelector('main').dataset.sheet === stop", stop)


@pytest.mark.parametrize("lang", LANGS)
def test_the_tour_begins_where_no_place_and_no_name_lies_under_it(visit, exported, lang):
    tab = visit(f"{exported}#lang={lang}", width=390, height=844, **PHONE).page
    until(tab, "() => document.querySelector('svg.labels text')")
    under = tab.evaluate("""() => {
      const box = (element) => element.getBoundingClientRect();
      const tour = box(document.getElementById("start-tour"));
      const meets = ({ left, right, top, bottom }) =>
        left < tour.right && right > tour.left && top < tour.bottom && bottom > tour.top;
      const things = document.querySelectorAll(".badge.town, .badge.island, .badge.range, svg.labels text");
      return [...things].filter((thing) => meets(box(thing))).map((thing) => thing.textContent);
    }""")
    assert under == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844)])
def test_a_finger_pulls_the_sheet_up_and_down_over_the_map(visit, exported, width, height):
    tab = visit(exported, width=width, height=height, **PHONE).page
    client = tab.context.new_cdp_session(tab)
    stop_is(tab, "half")
    assert tab.locator("#stage").bounding_box()["height"] >= 0.3 * height
    # Up: the panel takes all but the header, the map stays as it is below, out of reach of the keyboard.
    size = tab.evaluate("() => [Drawn.map.getSize().y, Drawn.map.getZoom()]")
    swipe(client, middle(tab, "#sheet"), -height * 0.5)
    stop_is(tab, "full")
    assert tab.evaluate("() => [document.querySelector('.map').clientHeight, Drawn.map.getZoom()]") == size
    assert tab.locator("#text").bounding_box()["height"] >= 0.7 * height
    expect(tab.locator("#stage")).to_be_hidden()
    # A place named in the text brings the map back, with the card.
    tab.locator("#text a.mention", has_text="Vladivostok").first.tap()
    stop_is(tab, "half")
    expect(tab.locator("#card h2")).to_be_in_viewport()
    tab.locator("#card .close").tap()
    # Down, by the tabs: the map has the better part of the screen, and the card shows what matters.
    swipe(client, middle(tab, "#tab-text"), height * 0.5)
    stop_is(tab, "peek")
    assert tab.locator("#stage").bounding_box()["height"] >= 0.4 * height
    expect(tab.locator("#tab-text")).to_be_in_viewport()
    assert tab.locator("#text").bounding_box()["height"] >= 40
    tab.locator(".leaflet-marker-icon[data-place=vladivostok]").tap()
    for part in ("h2", ".tract"):
        expect(tab.locator(f"#card {part}")).to_be_in_viewport(ratio=0.9)
    tab.locator("#card .close").tap()
    # From the panel itself, and by a flick: short, but quick.
    swipe(client, middle(tab, "#text"), -height * 0.12)
    stop_is(tab, "half")
    assert tab.evaluate("scrollY") == 0
    assert tab.evaluate("visualViewport.scale") == 1
    # To the side the tabs move, where they have no room, and none is pressed.
    x, y = middle(tab, "#tab-holders")
    swipe(client, (x, y), 0, aside=-90)
    assert tab.evaluate("() => document.querySelector('#tabs').scrollLeft > 0") == (width == 320)
    expect(tab.locator("#tab-text")).to_have_attribute("aria-selected", "true")
    # What is half open scrolls under the finger as any text.
    x, y = middle(tab, "#text")
    swipe(client, (x, y + 60), -120)
    until(tab, "() => document.querySelector('#text').scrollTop > 40")
    stop_is(tab, "half")


def test_the_sheet_answers_taps_keys_and_tabs(visit, exported):
    tab = visit(exported, width=390, height=844, **PHONE).page
    handle = tab.locator("#sheet")
    expect(handle).to_have_attribute("aria-valuetext", "Map and panel")
    handle.tap()
    expect(handle).to_have_attribute("aria-valuetext", "The panel covers the map")
    handle.tap()
    expect(handle).to_have_attribute("aria-valuetext", "The map is large")
    tab.locator("#tab-places").tap()
    stop_is(tab, "half")
    handle.focus()
    for key, stop in [
        ("ArrowDown", "peek"),
        ("ArrowDown", "peek"),
        ("ArrowUp", "half"),
        ("End", "full"),
        ("Home", "peek"),
        ("Enter", "half"),
    ]:
        tab.keyboard.press(key)
        stop_is(tab, stop)
    # What gets the keyboard comes into sight.
    tab.keyboard.press("Home")
    tab.locator("#places tr[data-place=nerchinsk] button").focus()
    stop_is(tab, "half")
    expect(tab.locator("#places tr[data-place=nerchinsk]")).to_be_in_viewport()


def test_a_phone_on_its_side_has_map_and_panel_beside_one_another(visit, exported):
    tab = visit(exported, width=844, height=390, **PHONE).page
    expect(tab.locator("#sheet")).to_be_hidden()
    stage, panel = tab.locator("#stage").bounding_box(), tab.locator("#text").bounding_box()
    assert stage["width"] * stage["height"] >= 0.4 * 844 * 390
    assert stage["x"] + stage["width"] <= panel["x"] + 1
    tab.locator(".leaflet-marker-icon[data-place=khabarovsk]").tap()
    expect(tab.locator("#card h2")).to_be_in_viewport()
    expect(tab.locator("#card .tract")).to_be_in_viewport()


def test_a_page_around_the_map_scrolls_on_under_a_finger(visit, exported, tmp_path):
    story = tmp_path / "story.html"
    head = '<!DOCTYPE html><meta name="viewport" content="width=device-width">'
    frame = f'<iframe src="{exported}" style="width:100%;height:520px;border:0" title="Map"></iframe>'
    story.write_text(f'{head}<body>{frame}<div style="height:3000px">', "utf-8")
    tab = visit(story.as_uri(), width=390, height=844, **PHONE).page
    inner = tab.frame_locator("iframe")
    expect(inner.locator(".leaflet-marker-icon").first).to_be_visible()
    client = tab.context.new_cdp_session(tab)
    box: Any = inner.locator("#time .controls").bounding_box()
    swipe(client, (200, box["y"] + 4), -200)
    until(tab, "() => scrollY > 100")
