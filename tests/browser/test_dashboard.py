"""The dashboard in a browser: the page inside Streamlit, with the network refused."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FrameLocator, expect
from playwright.sync_api import Page as Tab

from geo.content import selectable
from geo.embed import SANDBOX
from geo.language import interface
from geo.view import View, parse_view

pytestmark = pytest.mark.browser

ARTICLE = Path(__file__).parents[3] / "shared" / "article" / "original_page.txt"
_RESOURCES = "performance.getEntriesByType('resource').map((each) => each.name)"


def frame_of(tab: Tab) -> FrameLocator:
    frame = tab.frame_locator('iframe[title="Map and article"]')
    expect(frame.locator(".leaflet-marker-icon").first).to_be_visible(timeout=30_000)
    return frame


def test_the_map_and_the_article_are_there_and_stay_when_a_reader_skips_to_the_text(visit, dashboard):
    tab = visit(dashboard).page
    frame = frame_of(tab)
    expect(frame.locator(".leaflet-marker-icon.badge")).to_have_count(8)
    expect(frame.locator("#text .passage.text").first).to_be_visible()
    expect(frame.locator("path.area.peking")).to_have_count(1)
    frame.locator(".skip").focus()
    tab.keyboard.press("Enter")
    expect(frame.locator("#text")).to_be_focused()
    expect(frame.locator(".leaflet-marker-icon.badge")).to_have_count(8)


def test_the_frame_holds_the_document_of_the_address_also_where_it_cannot_be_fetched(
    visit, dashboard, browser, page
):
    tab = visit(dashboard + "?lang=ru&place=khabarovsk&map=6/48.46/135.1").page
    frame_of(tab)
    whole = page.document(parse_view(urlsplit(tab.url).query, selectable(page.atlas), ()).view)
    written = "document.querySelector('iframe').srcdoc"
    assert tab.evaluate(written) == whole
    fetched = [name for name in tab.evaluate(_RESOURCES) if "/atlas/" in name or "BidiComponent" in name]
    assert len(fetched) == len(set(fetched)) == 2
    with browser.new_context() as context:  # a browser of its own, whose console may tell of it
        cut_off = context.new_page()
        cut_off.route("**/atlas/*", lambda route: route.abort())
        cut_off.goto(tab.url)
        frame_of(cut_off)
        assert cut_off.evaluate(written) == whole


def test_the_map_is_opened_before_the_dashboard_and_taken_over_if_the_address_is_right(visit, dashboard):
    tab = visit(dashboard).page
    held = []
    tab.route("**/_stcore/host-config", lambda route: held.append(route))  # Streamlit waits for it
    for query, kept in (("", True), ("?place=atlantis&lang=zh-Hans", False)):
        tab.goto(dashboard + query)
        frame = frame_of(tab)
        frame.locator("input[data-layer=rivers]").uncheck()  # Python hears nothing yet
        frame.locator("body").evaluate("() => { window.marked = true; }")
        early = tab.locator("body > iframe").bounding_box()
        held.pop().continue_()
        expect(tab.locator("#root iframe")).to_have_count(1)
        expect(tab.locator("body > iframe")).to_have_count(0)
        frame = frame_of(tab)
        assert bool(frame.locator("body").evaluate("() => window.marked")) == kept
        if kept:
            expect(tab).to_have_url(re.compile("layers=areas"))
            assert tab.locator("iframe").bounding_box() == early
        else:
            expect(frame.locator("html")).to_have_attribute("lang", "zh-Hans")
            expect(frame.locator("input[data-layer=rivers]")).to_be_checked()
    # A dashboard that never comes has something else to say.
    tab.clock.install()
    tab.goto(dashboard)
    expect(tab.locator("body > iframe")).to_have_count(1)
    tab.clock.fast_forward(21_000)
    expect(tab.locator("iframe")).to_have_count(0)


def test_using_the_map_never_reloads_it_and_a_reload_restores_the_view_of_the_address(visit, dashboard):
    tab = visit(dashboard).page
    frame = frame_of(tab)
    frame.locator("body").evaluate("() => { window.marked = true; }")
    frame.locator(".leaflet-marker-icon[data-place=sakhalin]").click()
    expect(tab).to_have_url(re.compile("place=sakhalin"))
    for place in ("vladivostok", "nerchinsk", "khabarovsk"):
        frame.locator(f"#places tr[data-place={place}] button").click()
        expect(tab).to_have_url(re.compile(f"place={place}"))
    for layer in ("areas", "lines", "areas", "lines"):
        frame.locator(f"input[data-layer={layer}]").click()
    frame.locator("input[data-layer=rivers]").uncheck()
    expect(tab).to_have_url(re.compile(r"place=khabarovsk"))
    expect(tab).to_have_url(re.compile(r"layers=areas((?!rivers)[^&])*(&|$)"))
    assert frame.locator("body").evaluate("() => window.marked")
    tab.reload()
    frame = frame_of(tab)
    expect(frame.locator("#card h2")).to_contain_text("Khabarovsk")
    expect(frame.locator("input[data-layer=rivers]")).not_to_be_checked()
    expect(frame.locator(".passage.at-hand")).to_be_in_viewport()


def test_the_download_is_the_file_that_the_command_line_writes(visit, dashboard, page, tmp_path):
    tab = visit(dashboard).page
    frame = frame_of(tab)
    frame.locator(".leaflet-marker-icon[data-place=blagoveshchensk]").click()
    expect(tab).to_have_url(re.compile(r"place=blagoveshchensk"))
    tab.get_by_role("button", name="Download the map").click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download the file").click()
    path = tmp_path / "download.html"
    download.value.save_as(path)
    view = parse_view(urlsplit(tab.url).query, selectable(page.atlas)).view
    assert view != View()
    assert path.read_bytes() == page.document(view).encode()


def test_an_uploaded_article_is_shown_and_linked(visit, dashboard):
    tab = visit(dashboard).page
    frame_of(tab)
    text = "# A walk\n\nWe went from Vladivostok to Khabarovsk by night train.\n"
    tab.get_by_role("button", name="Your article").click()
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name="Upload", exact=True).click()
    chooser.value.set_files({"name": "walk.md", "mimeType": "text/markdown", "buffer": text.encode()})
    frame = tab.frame_locator('iframe[title="Map and article"]')
    expect(frame.locator("#text .title")).to_have_text("A walk")
    tab.keyboard.press("Escape")
    frame.locator("a.mention", has_text="Khabarovsk").click()
    expect(frame.locator("#card h2")).to_contain_text("Khabarovsk")


def test_an_article_that_cannot_be_read_is_answered_in_one_sentence(visit, dashboard):
    tab = visit(dashboard).page
    frame_of(tab)
    tab.get_by_role("button", name="Your article").click()
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name="Upload", exact=True).click()
    name = "![x](http://example.org/x.png).txt"
    chooser.value.set_files({"name": name, "mimeType": "text/plain", "buffer": b"\x00\x01\x02"})
    alert = tab.get_by_role("alert")
    expect(alert).to_contain_text("binary")
    expect(alert).to_contain_text("![x](http")
    expect(tab.locator("text=Traceback")).to_have_count(0)
    expect(frame_of(tab).locator("#text .kicker")).to_have_text("Our account of the article")


def test_a_broken_address_is_named_and_ignored(visit, dashboard):
    tab = visit(dashboard + "?place=atlantis&lang=ru").page
    expect(tab.get_by_text("place=atlantis")).to_be_visible()
    expect(frame_of(tab).locator("#lang")).to_have_value("ru")


def test_the_back_button_goes_back_over_selections_and_not_over_days(visit, dashboard):
    tab = visit(dashboard + "?date=1859-06-01").page
    frame = frame_of(tab)
    frame.locator("body").evaluate("() => { window.marked = true; }")
    for place in ("vladivostok", "nerchinsk"):
        frame.locator(f"#places tr[data-place={place}] button").click()
        expect(tab).to_have_url(re.compile(f"place={place}"))
    frame.locator("#later").click()
    expect(tab).to_have_url(re.compile("date=1860"))
    tab.go_back()
    expect(tab).to_have_url(re.compile("date=1859-06-01.*place=vladivostok"))
    expect(frame.locator("#card h2")).to_contain_text("Vladivostok")
    expect(frame.locator("#dateline .day")).to_have_text("1 June 1859")
    tab.go_back()
    expect(frame.locator("#card")).to_be_hidden()
    tab.go_forward()
    expect(frame.locator("#card h2")).to_contain_text("Vladivostok")
    # Python has followed: what is downloaded now is what is seen, and nothing was loaded again.
    tab.get_by_role("button", name="Download the map").click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download the file").click()
    assert download.value.suggested_filename == "far-east-atlas_1859-06-01_vladivostok_en.html"
    assert frame.locator("body").evaluate("() => window.marked")


def test_a_passage_of_a_pasted_text_is_not_kept_in_the_address(visit, dashboard):
    tab = visit(dashboard).page
    frame = frame_of(tab)
    tab.get_by_role("button", name="Your article").click()
    tab.get_by_label("Or paste its text").fill("A note\n\nThe train left Vladivostok at noon, as they say.")
    tab.get_by_role("button", name="Read this text").click()
    expect(frame.locator("#text .title")).to_have_text("A note")
    tab.keyboard.press("Escape")
    frame.locator("a.mention").click()
    expect(tab).to_have_url(re.compile("place=vladivostok"))
    assert "passage" not in tab.url


def test_the_dashboard_fits_a_phone(visit, dashboard):
    tab = visit(dashboard, width=390, height=844, has_touch=True, is_mobile=True).page
    frame = frame_of(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    main = tab.locator(".stMain")
    assert main.evaluate("(main) => main.scrollHeight - main.clientHeight") <= 2
    frame.locator(".leaflet-marker-icon[data-place=khabarovsk]").tap()
    expect(frame.locator("#card h2")).to_contain_text("Khabarovsk")


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article is not part of the project")
def test_the_article_given_at_the_start_is_read_with_its_furniture_set_apart(visit, start_dashboard):
    tab = visit(start_dashboard("--article", str(ARTICLE))).page
    frame = frame_of(tab)
    expect(frame.locator("#text .kicker")).to_have_text("The reader’s article")
    frame.locator("a.mention.group", has_text="seven other cities").click()
    expect(frame.locator("#card h2")).to_have_text("7 together")
    expect(frame.locator(".leaflet-marker-icon.selected")).to_have_count(7)
    apart = frame.locator("details.apart")
    expect(apart.locator("p.furniture").first).to_have_text("Get link")
    expect(apart.locator("p.comment")).not_to_have_count(0)
    expect(apart.locator("a.mention")).to_have_count(0)
    expect(frame.locator("a.mention.place", has_text="Vladivostok").first).to_be_visible()


def test_the_builder_shows_the_embedded_map_in_a_frame_that_reaches_nothing(visit, dashboard):
    tab = visit(dashboard + "?date=1859-06-01&lang=ru").page
    frame_of(tab).locator("#copy-link").click()
    say = interface("ru").say
    expect(frame_of(tab).locator("#notice")).to_contain_text(
        re.compile(
            f"{say('The address of this view is copied.')}|{say('Copy this address: {address}', address='')}"
        )
    )
    tab.get_by_role("button", name=say("Embed"), exact=True).click()
    preview = tab.locator('iframe[title="The embedded map"]')
    inside = preview.content_frame
    expect(inside.locator(".leaflet-marker-icon.badge")).to_have_count(8, timeout=30_000)
    expect(inside.locator("#dateline .day")).to_have_text("1 июня 1859 г.")
    assert preview.get_attribute("sandbox") == SANDBOX
    assert inside.locator("body").evaluate("() => origin") == "null"
    with tab.expect_download() as download:
        tab.get_by_role("button", name=say("Download the file")).click()
    assert download.value.suggested_filename == "far-east-atlas_1859-06-01_ru_embed.html"
