"""A server that dies under its readers: the page stays, and the next server is told where they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, expect
from playwright.sync_api import Page as Tab

from tests.bench.serving import Dashboard
from tests.unpacking import text_of

pytestmark = pytest.mark.browser

TEXT = "# A walk\n\nWe went from Vladivostok to Khabarovsk by night train.\n"
WAIT = 30_000


@pytest.fixture
def reader(browser: Browser) -> Iterator[Callable[[str], tuple[Tab, FrameLocator]]]:
    """Return what opens a tab of its own; that its server is away it may say on its console."""
    contexts = []

    def open_tab(address: str) -> tuple[Tab, FrameLocator]:
        contexts.append(browser.new_context(reduced_motion="reduce", accept_downloads=True))
        tab = contexts[-1].new_page()
        tab.goto(address)
        frame = tab.frame_locator('iframe[title="Map and article"]')
        expect(frame.locator(".leaflet-marker-icon").first).to_be_visible(timeout=WAIT)
        return tab, frame

    yield open_tab
    for context in contexts:
        context.close()


def choose(tab: Tab, frame: FrameLocator, place: str) -> None:
    frame.locator(f"#places tr[data-place={place}] button").click()
    expect(tab).to_have_url(re.compile(f"date=1859-06-01.*place={place}"))


def bring(tab: Tab, frame: FrameLocator) -> None:
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name="Upload", exact=True).click()
    chooser.value.set_files({"name": "walk.md", "mimeType": "text/markdown", "buffer": TEXT.encode()})
    expect(frame.locator("#text .title")).to_have_text("A walk")
    tab.keyboard.press("Escape")


def downloaded(tab: Tab) -> tuple[str, bool]:
    """Return the name of the file that the server would give, and whether the text is in it."""
    tab.get_by_role("button", name="Download the map").click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download the file").click()
    tab.keyboard.press("Escape")
    return download.value.suggested_filename, "by night train" in text_of(
        download.value.path().read_text("utf-8"), "content"
    )


def test_a_killed_server_takes_neither_the_page_nor_the_view_nor_the_readers_text_with_it(
    reader: Callable[[str], tuple[Tab, FrameLocator]],
) -> None:
    with Dashboard() as first:
        readers = [reader(f"{first.address}?date=1859-06-01") for _ in range(2)]
        (plain, _), (bringing, brought) = readers
        bringing.get_by_role("button", name="Your article").click()
        bring(bringing, brought)
        for tab, frame in readers:
            choose(tab, frame, "khabarovsk")
            frame.locator("body").evaluate("() => { window.marked = true; }")
        # Python is where the reader is, although the address of the opening named another view.
        assert downloaded(plain) == ("far-east-atlas_1859-06-01_khabarovsk_en.html", False)
        first.process.kill()
        first.process.wait()
        for tab, frame in readers:
            expect(tab.get_by_role("status").filter(has_text="stay usable")).to_be_visible(timeout=WAIT)
            choose(tab, frame, "nerchinsk")
            assert tab.evaluate("document.activeElement.tagName") == "IFRAME"
    with Dashboard(first.port) as second:
        # Of the processor's time: others that work on the machine make it later by the clock.
        assert second.processor_seconds() < 5
        for tab, frame in readers:
            expect(tab.locator(".away")).to_be_hidden(timeout=WAIT)
            assert "place=nerchinsk" in tab.url
            expect(frame.locator("#card h2")).to_contain_text("Nerchinsk")
            assert frame.locator("body").evaluate("() => window.marked")
        told = bringing.get_by_text("no longer has the files that you brought")
        expect(told).to_be_visible(timeout=WAIT)
        expect(plain.get_by_text("no longer has the files")).to_have_count(0)
        expect(brought.locator("#text .title")).to_have_text("A walk")
        assert downloaded(plain) == ("far-east-atlas_1859-06-01_nerchinsk_en.html", False)
        assert downloaded(bringing) == ("far-east-atlas_1859-06-01_nerchinsk_en.html", False)
        # The reader brings it again.
        bringing.get_by_role("button", name="Your article").click()
        bringing.get_by_role("button", name="Remove walk.md").click()
        bring(bringing, brought)
        expect(told).to_have_count(0)
        assert downloaded(bringing) == ("far-east-atlas_1859-06-01_nerchinsk_en.html", True)
