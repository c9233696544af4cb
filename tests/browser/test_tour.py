"""The guided tour in the page: by keys, by finger, by itself; as slides; on a phone; a reader's own."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from geo.article import parse_article
from geo.content import known_to_tours
from geo.tour import parse_tour
from geo.view import View, parse_view
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


_SWIPE = """by => {
    const box = document.querySelector("#tour-title");
    const say = (name, x) => {
        const touch = new Touch({ identifier: 1, target: box, clientX: x, clientY: 600 });
        const touches = name === "touchstart" ? [touch] : [];
        box.dispatchEvent(new TouchEvent(name, { bubbles: true, touches, changedTouches: [touch] }));
    };
    say("touchstart", 200);
    say("touchend", 200 + by);
}"""
_COUNT_FLIGHTS = """() => {
    window.flights = 0;
    const fly = Drawn.map.flyTo;
    Drawn.map.flyTo = (...how) => { flights += 1; return fly.apply(Drawn.map, how); };
}"""


def at_step(page: Page, number: int, total: int = 10) -> None:
    expect(page.locator("#tour .kicker")).to_contain_text(f"{number} of {total}")


def test_the_keys_lead_through_all_steps_and_each_shows_its_view_by_the_address(visit, exported, atlas):
    page = visit(exported + "#place=nerchinsk").page
    expect(page.locator("#card")).to_be_visible()
    before = page.evaluate("history.length")
    page.locator("#start-tour").click()
    known = known_to_tours(atlas)
    for number, step in enumerate(atlas.tour.steps, 1):
        view = parse_view(step.view, known.ids, known.readings).view
        title = page.locator("#tour-title")
        expect(title).to_have_text(step.title.en)
        expect(title).to_be_focused()
        at_step(page, number)
        expect(page.locator("#tour .grounds .cite")).to_have_count(len(step.citations))
        expect(page.locator("#tour .certainty")).to_have_text(step.certainty)
        expect(page.locator(".step-dot[aria-current=step]")).to_have_attribute(
            "aria-label", f"Step {number} of 10: {step.title.en}"
        )
        until(page, "start => location.hash.startsWith(`#${start}`)", step.view.split("&")[0])
        hashed = parse_view(page.evaluate("location.hash"), known.ids, known.readings).view
        assert (hashed.date, hashed.place, hashed.readings) == (view.date, view.place, view.readings)
        if view.passage:
            assert hashed.passage == view.passage
            expect(page.locator(f"#{view.passage}")).to_have_class(re.compile("at-hand"))
        expect(page.locator("#card")).to_be_hidden()
        west, south, east, north = step.bounds
        seen = page.evaluate("(() => { const b = Drawn.map.getBounds(); return b.toBBoxString() })()")
        seen = [float(edge) for edge in seen.split(",")]
        deep = page.evaluate("Drawn.map.getZoom() > 8.9")
        lon, lat = (west + east) / 2, (south + north) / 2
        assert seen[0] < lon < seen[2]
        assert seen[1] < lat < seen[3]
        assert deep or (seen[2] - seen[0] < 3 * (east - west)) or (seen[3] - seen[1] < 3 * (north - south))
        page.keyboard.press("ArrowRight")
    at_step(page, 10)
    assert page.locator("#tour-next").is_disabled()
    page.keyboard.press("Home")
    at_step(page, 1)
    page.keyboard.press("End")
    at_step(page, 10)
    page.keyboard.press("ArrowLeft")
    at_step(page, 9)
    # One step of history for all of it, and back leads out of the tour to what was seen before.
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(page.locator("#tour")).to_be_hidden()
    expect(page.locator("#card")).to_contain_text("Nerchinsk")


def test_the_reader_leaves_looks_aside_and_finds_the_sources(visit, exported, atlas):
    page = visit(exported).page
    page.locator("#start-tour").click()
    page.locator(".step-dot").nth(3).click()
    at_step(page, 4)
    # The keys are for the map while the hand is on it, and for a field while one types.
    page.locator("#date-slider").focus()
    page.keyboard.press("ArrowRight")
    at_step(page, 4)
    # Something else on the map: its card opens, and the first Escape closes it alone.
    page.locator(".leaflet-marker-icon[data-place=khabarovsk]").click()
    expect(page.locator("#card")).to_contain_text("Khabarovsk")
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(page.locator("#tour")).to_be_visible()
    page.locator("#tour .cite").first.click()
    expect(page.locator("#sources")).to_be_visible()
    expect(page.locator("#tour")).to_be_visible()
    page.locator("#tour-title").click()
    page.locator("#tour-next").click()
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()
    expect(page.locator("#start-tour")).to_be_focused()
    until(page, "() => Atlas.view().includes('place=hunchun-1886')")
    expect(page.locator("#card")).to_contain_text("Hunchun")
    # It goes on where it was left, in the language of the page.
    page.locator("#start-tour").click()
    at_step(page, 5)
    page.locator("#lang").select_option("zh-Hans")
    expect(page.locator("#tour-title")).to_have_text(atlas.tour.steps[4].title.zh_hans)
    expect(page.locator("#tour .told-here > p").first).to_have_text(atlas.tour.steps[4].text.zh_hans)
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()


def test_it_plays_by_itself_at_the_pace_of_the_text_until_anything_is_touched_and_as_slides(visit, exported):
    page = visit(exported, reduced_motion="no-preference").page
    page.evaluate(_COUNT_FLIGHTS)
    page.clock.install()
    page.locator("#start-tour").click()
    # It flies where motion is welcome, and is there at once where it is not.
    assert page.evaluate("flights") == 1
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("flights") == 1
    page.locator("#tour-play").click()
    page.clock.run_for(7900)
    at_step(page, 1)
    page.clock.run_for(50_000)
    expect(page.locator("#tour [aria-live]")).to_have_text(re.compile(r"Step [23] of 10: 18"))
    expect(page.locator("#tour-play")).to_have_attribute("aria-pressed", "true")
    page.mouse.move(500, 500)
    page.mouse.wheel(0, 10)
    expect(page.locator("#tour-play")).to_have_attribute("aria-pressed", "false")
    stopped = page.locator("#tour .kicker").inner_text()
    page.clock.run_for(120_000)
    assert page.locator("#tour .kicker").inner_text() == stopped
    page.locator(".step-dot").last.click()
    page.locator("#tour-play").click()
    page.clock.run_for(60_000)
    at_step(page, 10)
    expect(page.locator("#tour-play")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Home")
    # Nothing but the map and the text, and the keys of a presenter's remote turn them.
    small = page.locator("#tour-title").evaluate("title => parseFloat(getComputedStyle(title).fontSize)")
    page.locator("#tour-slides").click()
    for hidden in ("header", "#index", "#tabs", "#text", "#time"):
        expect(page.locator(hidden)).to_be_hidden()
    large = page.locator("#tour-title").evaluate("title => parseFloat(getComputedStyle(title).fontSize)")
    assert large > 1.4 * small
    page.locator(".map").click(position={"x": 300, "y": 450})
    page.keyboard.press("PageDown")
    at_step(page, 2)
    page.keyboard.press("PageUp")
    at_step(page, 1)
    page.keyboard.press("Escape")
    expect(page.locator("header")).to_be_visible()
    expect(page.locator("#tour")).to_be_visible()


def test_on_a_phone_it_stands_under_the_map_and_a_finger_turns_it(visit, exported):
    page = visit(exported, width=390, height=844, has_touch=True, is_mobile=True).page
    page.locator("#start-tour").tap()
    expect(page.locator("#tabs")).to_be_hidden()
    stage, tour = page.locator("#stage").bounding_box(), page.locator("#tour").bounding_box()
    assert stage["y"] + stage["height"] <= tour["y"] + 1
    assert stage["height"] > 300
    assert tour["y"] + tour["height"] <= 845
    for move, number in ((-120, 2), (-120, 3), (120, 2), (-20, 2)):
        page.evaluate(_SWIPE, move)
        at_step(page, number)
    # What is outside the tour shows after it.
    page.locator("#tour .cite").first.tap()
    expect(page.locator("#tour")).to_be_hidden()
    expect(page.locator("#sources")).to_be_visible()


def test_a_readers_tour_beside_a_readers_text_is_text_and_ours_skips_its_passages(visit, page, tmp_path):
    hostile = '<img src=x onerror="alert(1)"> {n} ${1}'
    said = {"en": hostile, "ru": "Шаг"}
    steps = [
        {"id": "one", "title": said, "text": said, "view": "date=1859-06-01&passage=p1&map=6/48.5/135"},
        {"id": "two", "title": said, "text": said, "view": "place=khabarovsk"},
        {"id": "three", "title": said, "text": said},
    ]
    content = json.dumps({"version": 1, "title": said, "steps": steps}).encode()
    own = parse_tour(content, "mine.json", known_to_tours(page.atlas))
    text = parse_article(b"Only one paragraph about Vladivostok, and no more.", "a.txt", page.atlas.furniture)
    (tmp_path / "own.html").write_text(page.document(View(), text, tour=own), "utf-8")
    shown = visit((tmp_path / "own.html").as_uri()).page
    shown.locator("#start-tour").click()
    at_step(shown, 1, 3)
    expect(shown.locator("#tour-title")).to_have_text(hostile)
    expect(shown.locator("#tour .grounds")).to_have_count(0)
    until(shown, "() => Atlas.view() === 'date=1859-06-01&passage=p1&map=6/48.5/135'")
    shown.keyboard.press("ArrowRight")
    until(shown, "() => Atlas.view().startsWith('place=khabarovsk&map=')")
    shown.keyboard.press("ArrowRight")
    until(shown, "() => Atlas.view().startsWith('map=') || Atlas.view() === ''")
    ours = tmp_path / "ours.html"
    ours.write_text(page.document(View(), text), "utf-8")
    shown = visit(ours.as_uri()).page
    shown.locator("#start-tour").click()
    until(shown, "() => Atlas.view().startsWith('date=1689-09-06&place=nerchinsk-1689&map=')")
    expect(shown.locator("#notice")).to_be_hidden()
