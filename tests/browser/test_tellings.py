"""Our account in the language of the page: switched without a reload, with all that hangs on it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from geo.annotations import identities_of
from geo.annotations.writing import AnnotatedText
from geo.article import parse_article
from geo.page import Page as AtlasPage
from geo.view import View
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

MARKED = "[...CSS.highlights.get('claim')].map(String)"
"""The words that are marked as those of claims."""


def speak(tab: Tab, lang: str) -> None:
    tab.locator("#lang").select_option(lang)
    expect(tab.locator("#text .passages")).to_have_attribute("lang", lang)


def texts(tab: Tab) -> list[str]:
    return tab.locator("#text .passage").all_text_contents()


def top(tab: Tab) -> str:
    """Return the passage at the upper edge of the pane."""
    return str(
        tab.evaluate(
            """() => {
                const edge = document.querySelector("#text").getBoundingClientRect().top;
                const passages = [...document.querySelectorAll("#text .passage")];
                return passages.find((one) => one.getBoundingClientRect().bottom > edge).id;
            }"""
        )
    )


def downloaded(tab: Tab) -> dict[str, object]:
    with tab.expect_download() as download:
        tab.locator("#mentions-jsonld").click()
    return dict(json.loads(Path(download.value.path()).read_text("utf-8")))


def test_another_language_keeps_passage_and_selection_and_has_its_claims_mentions_and_corrections(
    visit, exported, page, tmp_path
):
    atlas, tab = page.atlas, visit(f"{exported}#place=nerchinsk&passage=p12").page
    tab.evaluate("window.stayed = true")
    russian, chinese = atlas.tellings["ru"], atlas.tellings["zh-Hant"]

    # What is selected, lit and open stays, in other words.
    expect(tab.locator("#p12")).to_have_class("passage text lit at-hand")
    tab.locator("#p12 + details.claims summary").click()
    tab.locator("#p12 .mention", has_text="Portsmouth").focus()
    expect(tab.locator("#remark")).to_be_visible()
    read = top(tab)
    speak(tab, "ru")
    assert texts(tab) == [passage.text for passage in russian.article.passages]
    expect(tab.locator("#text h2.title")).to_have_attribute("lang", "ru")
    expect(tab.locator("#p12")).to_have_class("passage text lit at-hand")
    expect(tab.locator("#remark")).to_be_hidden()
    about = [mention.exact for mention in russian.annotations if "nerchinsk" in mention.targets]
    assert tab.locator("#text .hit").all_text_contents() == about
    assert top(tab) == read
    claims = [claim for claim in atlas.claims if claim.passage == "p12"]
    words = sorted(russian.words[claim.id] for claim in claims)
    until(tab, f"(words) => ({MARKED}).sort().join() === words", ",".join(words))
    expect(tab.locator("#claim-c16 q")).to_have_text(russian.words["c16"])
    expect(tab.locator("#card .claims-about a", has_text=russian.words["c16"])).to_be_visible()
    assert tab.title().startswith(russian.article.title)

    # A correction is made in one text, and is of that text alone.
    tab.locator("#p12 .mention", has_text="Симоде").focus()
    tab.keyboard.press("x")
    expect(tab.locator("#text .corrected")).to_have_text(["Симоде"])
    speak(tab, "zh-Hant")
    assert texts(tab) == [passage.text for passage in chinese.article.passages]
    expect(tab.locator("#text .corrected")).to_have_count(0)
    expect(tab.locator("#forget")).to_have_count(0)
    tab.locator("#tab-mentions").click()
    expect(tab.locator("#mentions .row .words b").first).to_have_text("遠東")
    found = downloaded(tab)
    target = found["target"]
    assert isinstance(target, dict)
    assert (target["language"], target["sha256"]) == ("zh-Hant", chinese.article.digest)
    known, source = identities_of(atlas), f"urn:far-east-atlas:text:{chinese.article.digest}"
    prefix = f"{chinese.article.digest[:12]}-"
    written = AnnotatedText(chinese.article, known, source, prefix, note_lang="en")
    assert found["items"] == [written.mention(mention) for mention in chinese.annotations]

    # What is searched is the text that is read, and leads into it.
    assert "claim:c13" in tab.evaluate("Atlas.find('早135天')")
    assert "claim:c13" not in tab.evaluate("Atlas.find('founded 135 days')")
    tab.keyboard.press("Control+k")
    tab.locator("#search-box").fill("比條約簽字早135天建立")
    tab.keyboard.press("Enter")
    expect(tab.locator("#claim-c13")).to_be_visible()

    # The address and a saved file bring it all back; nothing was loaded anew.
    assert tab.evaluate("window.stayed")
    path = tmp_path / "saved.html"
    path.write_text(tab.evaluate("Atlas.saved()"), "utf-8", newline="")
    copy = visit(path.as_uri()).page
    expect(copy.locator("#text .passages")).to_have_attribute("lang", "zh-Hant")
    expect(copy.locator("#p12")).to_have_class("passage text lit at-hand")
    expect(copy.locator("#notice")).to_be_hidden()
    speak(copy, "ru")
    expect(copy.locator("#text .corrected")).to_have_text(["Симоде"])
    speak(copy, "en")
    assert texts(copy) == [passage.text for passage in atlas.account.passages]
    expect(copy.locator("#text .corrected")).to_have_count(0)

    # Where the map follows the text it still does.
    copy.keyboard.press("Escape")
    copy.locator("#text").evaluate("(pane) => pane.scrollTo({top: pane.scrollHeight, behavior: 'instant'})")
    copy.locator("#follow").evaluate("(box) => box.click()")
    reached = copy.locator("#text .passage.at-hand")
    expect(reached.locator(".hit").first).to_be_visible()
    passage = reached.get_attribute("id")
    speak(copy, "zh-Hans")
    marked = [each for each in atlas.tellings["zh-Hans"].annotations if each.passage == passage]
    assert copy.locator("#text .hit").all_text_contents() == [each.exact for each in marked]


def test_a_text_of_the_readers_stays_as_it_is_and_so_does_a_damaged_language(
    visit, page: AtlasPage, tmp_path
):
    article = parse_article(page.atlas.account.text.encode(), "mine.txt", page.atlas.furniture)
    path = tmp_path / "mine.html"
    path.write_text(page.document(View(lang="ru"), article), "utf-8", newline="")
    tab = visit(f"{path.as_uri()}#place=vladivostok&lang=ru").page
    expect(tab.locator("html")).to_have_attribute("lang", "ru")
    expect(tab.locator("#text .passages")).to_have_attribute("lang", "en")
    assert texts(tab) == [passage.text for passage in article.passages]
    bare = replace(page.atlas, tellings={}, missing=("our account in Russian",))
    path.write_text(AtlasPage(bare).document(View(lang="ru")), "utf-8", newline="")
    tab.reload()
    expect(tab.locator("html")).to_have_attribute("lang", "ru")
    expect(tab.locator("#text .passages")).to_have_attribute("lang", "en")
    expect(tab.locator("#card .claims-about a").first).to_have_attribute("lang", "en")
    expect(tab.locator("#notice")).to_contain_text("our account in Russian")
