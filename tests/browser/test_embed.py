"""The embedded page in a frame: what it shows, what it says to the page around it, what it does as told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect
from playwright.sync_api import Page as Tab

from geo.embed import SANDBOX, Embed, Size, frame_html
from geo.imports import parse_gazetteer
from geo.language import interface
from geo.page import Page
from geo.view import View, show_own
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

PARENT = """<!DOCTYPE html><html lang="en"><title>A story</title><body>
<script>
  const heard = [];
  addEventListener("message", ({ source, origin, data }) => {
    if (source === document.querySelector("iframe").contentWindow) heard.push({ ...data, origin });
  });
  const say = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*");
</script>
"""
HEARD = "() => heard.map(({ origin, ...message }) => message)"
READY = {"atlas": 1, "event": "ready"}


@pytest.fixture(scope="module")
def embedded(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("embed") / "map.html"
    path.write_bytes(page.embed_document(View(), Embed(link="https://example.org/atlas.html")).encode())
    return path


@pytest.fixture
def story(visit: Callable[..., Any], embedded: Path) -> Callable[..., Tab]:
    """Open a page that frames the embedded one."""

    def tell(snippet: str = "", **options: object) -> Tab:
        path = embedded.with_name("story.html")
        path.write_text(PARENT + (snippet or frame_html("map.html", View())), "utf-8")
        return visit(path.as_uri(), **options).page

    return tell


def map_in(tab: Tab) -> FrameLocator:
    frame = tab.frame_locator("iframe").first
    expect(frame.locator(".leaflet-marker-icon.badge")).to_have_count(8)
    until(tab, "() => heard.some(({ event }) => event === 'ready')")
    return frame


def select_and_wait(tab: Tab, frame: FrameLocator) -> None:
    """Select a place, and let pass the time after which the page would have told of it."""
    tab.clock.install()
    frame.locator(".leaflet-marker-icon[data-place=nerchinsk]").click()
    expect(frame.locator("#card h2")).to_have_text("Nerchinsk")
    tab.clock.run_for(1000)
    tab.clock.resume()


def heard(tab: Tab) -> list[dict[str, Any]]:
    return list(tab.evaluate(HEARD))


# What it shows


def test_the_frame_shows_the_map_its_timeline_and_a_short_card(story):
    tab = story(frame_html("map.html", View(lang="ru"), Size(800, 560)))
    frame = map_in(tab)
    frame.locator("#one-date").click()
    expect(frame.locator("#dateline .day")).to_have_text("1 июня 1859 г.")
    frame.locator(".leaflet-marker-icon[data-place=khabarovsk]").click()
    card = frame.locator("#card")
    expect(card.locator("h2")).to_have_text("Хабаровск")
    expect(card).to_contain_text("Российская империя и Империя Цин")
    expect(card.locator(".grounds .certainty")).to_have_class("certainty reported")
    card.get_by_role("button", name="Пекинский договор").click()
    expect(card.locator("h2")).to_have_text("Пекинский договор")
    expect(frame.locator(".label.place", has_text="Владивосток")).to_have_count(0)  # not yet founded
    expect(frame.locator("#lang")).to_have_value("ru")
    tab.keyboard.press("Escape")
    expect(card).to_be_hidden()


@pytest.mark.parametrize("selected", ["ussuri-coast", "line-1860-ussuri", "damansky", "map-rule-2023"])
def test_every_kind_of_record_has_a_card(visit, embedded, selected):
    tab = visit(f"{embedded.as_uri()}#place={selected}").page
    expect(tab.locator("#card h2")).not_to_be_empty()
    expect(tab.locator("#card .grounds")).not_to_be_empty()
    assert tab.evaluate("Atlas.view()").startswith(f"place={selected}")


def test_the_legend_opens_and_its_layers_can_be_switched(visit, embedded):
    tab = visit(embedded.as_uri(), width=390, height=560).page
    legend = tab.get_by_role("button", name="Legend")
    expect(tab.locator("#layers")).to_be_hidden()
    legend.click()
    expect(legend).to_have_attribute("aria-expanded", "true")
    tab.locator("input[data-layer=areas]").uncheck()
    expect(tab.locator("path.area.peking")).to_have_count(0)
    tab.keyboard.press("Escape")
    expect(tab.locator("#layers")).to_be_hidden()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_credit_leads_to_the_full_page_with_the_view_at_hand(visit, embedded):
    tab = visit(f"{embedded.as_uri()}#date=1859-06-01").page
    link = tab.locator("footer a")
    link.evaluate("(link) => link.addEventListener('click', (event) => event.preventDefault())")
    link.click()
    assert link.get_attribute("href") == "https://example.org/atlas.html#date=1859-06-01"
    assert "noopener" in (link.get_attribute("rel") or "")


def test_a_map_without_controls_still_moves_and_answers(visit, page, tmp_path):
    path = tmp_path / "still.html"
    path.write_bytes(page.embed_document(View(), Embed(controls=False)).encode())
    tab = visit(path.as_uri(), width=640, height=480).page
    for part in ("#time", "#lang", ".leaflet-control-zoom"):
        expect(tab.locator(part)).to_be_hidden()
    assert tab.locator(".map").evaluate("(map) => map.clientHeight") > 420
    tab.locator(".leaflet-marker-icon[data-place=sakhalin]").click()
    expect(tab.locator("#card h2")).to_have_text("Sakhalin")


def test_a_link_to_a_passage_stays_one_where_there_is_no_text(visit, embedded):
    tab = visit(f"{embedded.as_uri()}#place=sakhalin&passage=p3&map=5/48/140").page
    expect(tab.locator("#notice")).to_be_hidden()
    assert tab.evaluate("Atlas.view()") == "place=sakhalin&passage=p3&map=5/48/140"


# Messages


def test_a_page_that_has_not_asked_hears_only_that_the_map_is_ready(story):
    tab = story()
    frame = map_in(tab)
    until(tab, "() => heard.length === 1")
    select_and_wait(tab, frame)
    assert heard(tab) == [READY]
    # What has been kept back so far is told to who asks, and from then on each change.
    tab.evaluate("say({ atlas: 1, command: 'get' })")
    until(tab, "() => heard.length === 3")
    _, view, selected = heard(tab)
    assert view["event"] == "view"
    assert view["view"] == "place=nerchinsk"
    named = [{"id": "nerchinsk", "kind": "place", "name": "Nerchinsk"}]
    assert selected == {"atlas": 1, "event": "selected", "selected": named}
    frame.locator("#card .close").click()
    until(tab, "() => heard.some((message) => message.event === 'selected' && !message.selected.length)")


def test_a_view_that_is_set_is_shown_and_not_said_back(story):
    tab = story()
    frame = map_in(tab)
    until(tab, "() => heard.length === 1")
    view = "date=1859-06-01&lang=ru&place=sakhalin&map=5/48/140"
    tab.evaluate("(view) => say({ atlas: 1, command: 'set', view })", view)
    expect(frame.locator("#card h2")).to_have_text("Сахалин")
    expect(frame.locator("#dateline .day")).to_have_text("1 июня 1859 г.")
    # An answer after it shows that nothing came of the command itself.
    tab.evaluate("say({ atlas: 1, command: 'get' })")
    until(tab, "() => heard.length >= 3")
    assert [message.get("view") for message in heard(tab)[:2]] == [None, view]


def test_a_view_tells_which_turn_it_comes_after(story):
    tab = story()
    map_in(tab)
    for turn in (7, "8", 1.5):
        tab.evaluate("(turn) => say({ atlas: 1, command: 'set', view: 'place=sakhalin', turn })", turn)
    tab.evaluate("say({ atlas: 1, command: 'get' })")
    until(tab, "() => heard.some(({ event }) => event === 'view')")
    assert {message["turn"] for message in heard(tab) if message["event"] == "view"} == {7}


def test_the_names_of_a_readers_gazetteer_stay_in_the_frame(story, embedded, page):
    own = parse_gazetteer(b"name,lat,lon\nA quiet spot,47,131\n", "mine.csv")
    embedded.with_name("own.html").write_text(page.document(show_own(View()), None, own), "utf-8")
    tab = story(frame_html("own.html", View()))
    map_in(tab)
    tab.evaluate("say({ atlas: 1, command: 'set', view: 'place=own-1,khabarovsk' })")
    tab.evaluate("say({ atlas: 1, command: 'get' })")
    until(tab, "() => heard.some(({ event, selected }) => event === 'selected' && selected.length === 2)")
    told = next(message["selected"] for message in heard(tab) if len(message.get("selected", ())) == 2)
    assert told == [
        {"id": "own-1", "kind": "own", "name": ""},
        {"id": "khabarovsk", "kind": "place", "name": "Khabarovsk"},
    ]
    assert "quiet" not in json.dumps(heard(tab))


MALFORMED = [
    None,
    1,
    "get",
    [],
    {},
    {"command": "get"},
    {"atlas": 2, "command": "get"},
    {"atlas": "1", "command": "get"},
    {"atlas": 1},
    {"atlas": 1, "command": "constructor"},
    {"atlas": 1, "command": ["get"]},
    {"atlas": 1, "command": "set"},
    {"atlas": 1, "command": "set", "view": None},
    {"atlas": 1, "command": "set", "view": {"date": "1859-06-01"}},
    {"atlas": 1, "command": "copied", "copied": True, "address": "https://example.org"},
]


def test_messages_that_are_none_of_ours_are_met_with_silence(story):
    tab = story()
    frame = map_in(tab)
    for message in MALFORMED:
        tab.evaluate(f"say({json.dumps(message)})")
    tab.evaluate("say({ atlas: 1, command: 'get' })")
    until(tab, "() => heard.length === 3")
    assert heard(tab)[1]["view"] == ""
    expect(frame.locator("#notice")).to_be_hidden()


def test_what_is_wrong_in_a_view_that_is_set_is_named_and_the_rest_counts(story):
    tab = story()
    frame = map_in(tab)
    wrong = "lang=ru&place=<img src=x onerror=alert(1)>&stars=3&basemap=OpenTopoMap"
    tab.evaluate("(view) => say({ atlas: 1, command: 'set', view })", wrong)
    notice = frame.locator("#notice")
    for part in (
        "place=<img",
        f"stars=3: {interface('ru').say('the view has no such part')}",
        "basemap=OpenTopoMap",
    ):
        expect(notice).to_contain_text(part)
    expect(frame.locator("#lang")).to_have_value("ru")
    expect(notice.locator("img")).to_have_count(0)


def test_only_the_page_around_is_obeyed(story):
    # A second frame of the same story reaches the map as well, and is not the page around it.
    order = 'parent.frames[0].postMessage({atlas: 1, command: "set", view: "lang=ru"}, "*")'
    other = f"<iframe srcdoc='<script>{order}</script>'></iframe>"
    tab = story(frame_html("map.html", View()) + "<main></main>")
    frame = map_in(tab)
    tab.evaluate("(html) => document.querySelector('main').setHTMLUnsafe(html)", other)
    expect(tab.locator("main iframe")).to_have_count(1)
    tab.evaluate("say({ atlas: 1, command: 'get' })")
    until(tab, "() => heard.length === 3")
    assert heard(tab)[1]["view"] == ""
    expect(frame.locator("#lang")).to_have_value("en")


def test_who_wrote_the_document_into_its_own_page_is_told_at_once(visit, embedded):
    path = embedded.with_name("written.html")
    written = json.dumps(embedded.read_text("utf-8")).replace("</", "<\\/").replace("<!--", "<\\!--")
    path.write_text(
        PARENT + f'<iframe sandbox="{SANDBOX}" title="x" width="800" height="500"></iframe>'
        f"<script>document.querySelector('iframe').srcdoc = {written};</script>",
        "utf-8",
    )
    tab = visit(path.as_uri()).page
    frame = map_in(tab)
    frame.locator(".leaflet-marker-icon[data-place=nerchinsk]").click()
    until(tab, "() => heard.some((message) => message.event === 'selected')")
    message = heard(tab)[1]
    assert (message["event"], message["step"]) == ("view", True)
    assert message["view"].startswith("place=nerchinsk")
    tab.evaluate("say({ atlas: 1, command: 'set', view: 'lang=ru' })")
    expect(frame.locator("#lang")).to_have_value("ru")


def test_a_frame_adds_no_steps_to_the_history_of_the_page_around(story):
    tab = story()
    frame = map_in(tab)
    before = tab.evaluate("history.length")
    select_and_wait(tab, frame)
    tab.evaluate("say({ atlas: 1, command: 'get' })")
    until(tab, "() => heard.length === 3")
    assert tab.evaluate("history.length") == before
    assert re.search(r"map\.html$", tab.frames[1].url)
