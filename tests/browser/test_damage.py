"""The page of data from which a damaged file was left out."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

from geo.page import Page
from geo.reading import DATA_DIR, SPARE, load_usable
from geo.view import View

pytestmark = pytest.mark.browser


def test_the_page_opens_without_all_that_it_can_do_without_and_says_what_is_missing(visit, tmp_path):
    shutil.copytree(DATA_DIR, tmp_path / "data", ignore=shutil.ignore_patterns("build", "__pycache__"))
    for file in SPARE:
        (tmp_path / "data" / file).unlink()
    atlas = load_usable(tmp_path / "data")
    (tmp_path / "map.html").write_text(Page(atlas).document(View()), "utf-8")
    page = visit((tmp_path / "map.html").as_uri() + "#date=1859-06-01&place=khabarovsk").page
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Left out, as the file is damaged: posts and boundary marks")
    expect(notice).to_contain_text("rival readings; lakes; rivers; borders of today; names of towns")
    expect(notice).to_contain_text("the guided tour")
    expect(page.locator("#start-tour")).to_be_hidden()
    expect(page.locator("#card")).to_contain_text("Khabarovsk")
    assert page.locator("path.area").count() == len(atlas.areas)
