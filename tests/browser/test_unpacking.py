"""The file unpacks itself: what it does where that fails, or where somebody changed what is packed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from geo.packing import packed_bytes
from geo.page import Page as AtlasPage
from geo.view import View
from tests.unpacking import text_of

pytestmark = pytest.mark.browser

SENTENCE = "This file cannot be unpacked"


@pytest.fixture(scope="module")
def document(page: AtlasPage) -> str:
    return page.embed_document(View())


def with_block(document: str, name: str, letters: str) -> str:
    start = re.search(rf'id="atlas-{name}" data-charset="utf-8">', document)
    assert start is not None
    return document[: start.end()] + letters + document[document.index("<", start.end()) :]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("scripts", lambda letters: letters[:2000] + "AAAAAAAA" + letters[2008:]),
        ("content", lambda letters: letters[: len(letters) // 2]),
        ("opening-styles", lambda _: "no base64 at all!"),
        ("styles", lambda letters: letters[:200]),
        ("", None),
    ],
)
def test_what_cannot_be_unpacked_is_said_in_one_sentence(browser: Browser, document, tmp_path, name, change):
    path, tab = tmp_path / "map.html", browser.new_page()
    if name:
        letters = re.search(rf'id="atlas-{name}" data-charset="utf-8">([^<]+)', document)
        assert letters is not None
        document = with_block(document, name, change(letters[1]))
    else:
        tab.add_init_script("delete window.DecompressionStream")
    path.write_text(document, "utf-8")
    tab.goto(path.as_uri())
    expect(tab.locator("body")).to_contain_text(SENTENCE)
    assert tab.locator("body").is_visible()
    assert tab.evaluate("document.body.childElementCount") == 0
    tab.close()


def test_a_script_that_somebody_packed_in_the_place_of_ours_does_not_run(
    browser: Browser, document, tmp_path
):
    path, tab = tmp_path / "map.html", browser.new_page()
    other = "window.ran = 1;" + text_of(document, "scripts")
    path.write_text(with_block(document, "scripts", packed_bytes(other.encode())), "utf-8")
    with tab.expect_event("console", lambda message: "Content Security Policy" in message.text):
        tab.goto(path.as_uri())
    assert tab.evaluate("typeof Packed") == "object"
    assert tab.evaluate("window.ran") is None
    assert tab.evaluate("window.Atlas") is None
    tab.close()


def test_without_a_script_the_page_says_what_it_needs(browser: Browser, document, tmp_path):
    path = tmp_path / "map.html"
    path.write_text(document, "utf-8")
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(path.as_uri())
    expect(tab.locator("noscript")).to_be_visible()
    expect(tab.locator("main")).to_be_hidden()
    context.close()
