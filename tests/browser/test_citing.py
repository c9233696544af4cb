"""Citing a view in the exported file, and links into the published article."""

from __future__ import annotations

import datetime
from dataclasses import replace
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from geo.article import parse_article
from geo.bibliography import STYLES, format_references, map_source
from geo.view import View

pytestmark = pytest.mark.browser

TEXT = """Notes from the coast

The ships lay at Vladivostok all winter, as the ice-bound harbour master wrote, and nobody left before April.

海参崴的港口在冬天结冰，船只要等到四月才能离开，当地的老人和船上的水手也都这样对我们说，去年如此，今年如此，明年大概也是如此，没有人例外，年年如此。

Short, and R&D.
"""


@pytest.mark.parametrize("style", STYLES)
def test_the_page_cites_its_view_as_the_library_does(visit, exported, atlas, style):
    tab = visit(f"{exported}#date=1859-06-01&lang=ru").page
    tab.locator("#tab-sources").click()
    tab.locator("#cite-style").select_option(style)
    view = View(date=datetime.date(1859, 6, 1), lang="ru")
    (reference,) = format_references([map_source(atlas, view)], style)
    expect(tab.locator("#reference")).to_have_text(reference)


def test_the_reference_follows_what_is_selected_and_lists_its_sources(visit, exported):
    tab = visit(exported).page
    tab.locator("#tab-sources").click()
    expect(tab.locator("#reference")).to_contain_text("by act. Version")
    tab.locator("#places tr[data-place=nerchinsk] button").click()
    expect(tab.locator("#reference")).to_contain_text("with Nerchinsk")
    tab.locator(".cite-view summary").click()
    cited = tab.locator("#card .cite").evaluate_all("(links) => new Set(links.map((link) => link.hash)).size")
    expect(tab.locator(".cite-view li")).to_have_count(cited)
    tab.locator(".cite-view li a").first.click()
    expect(tab.locator("#sources :focus")).to_have_attribute(
        "id", tab.locator(".cite-view li a").first.evaluate("(a) => a.hash.slice(1)")
    )


def test_an_address_on_the_web_goes_into_the_reference_and_one_of_this_machine_does_not(
    visit, exported, atlas
):
    tab = visit(exported).page
    for style in STYLES:
        told = tab.evaluate(
            """([style, address]) => {
                const content = Content.read();
                content.nameOf = (id) => id;
                const view = {date: "1859-06-01", compare: "", place: []};
                return Cite.refer(content, view, "date=1859-06-01", style, address, "2026-11-26");
            }""",
            [style, "https://example.org/$&map.html"],
        )
        day = datetime.date(2026, 11, 26)
        source = map_source(
            atlas, View(date=datetime.date(1859, 6, 1)), "https://example.org/$&map.html", day
        )
        assert (told,) == format_references([source], style)


def test_each_passage_of_a_published_article_leads_to_its_words_there(visit, page, tmp_path):
    article = parse_article(TEXT.encode(), "a.txt", page.atlas.furniture)
    article = replace(article, source="https://example.org/notes?id=1#top")
    path = tmp_path / "notes.html"
    path.write_bytes(page.document(View(), article).encode())
    tab = visit(path.as_uri()).page
    links = tab.locator("#text .published a")
    begin = "https://example.org/notes?id=1#top:~:text="
    assert links.evaluate_all("(links) => links.map((link) => link.getAttribute('href'))") == [
        begin + "Notes%20from%20the%20coast",
        begin + "The%20ships%20lay%20at%20Vladivostok,and%20nobody%20left%20before%20April.",
        begin + quote("海参崴的港口在冬天结冰，") + "," + quote("，没有人例外，年年如此。"),
        begin + "Short%2C%20and%20R%26D.",
    ]
    expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    tab.locator("#text .passage", has_text="ice-bound").hover()
    expect(links.nth(1)).to_be_visible()
    tab.evaluate("location.hash = '#place=vladivostok'")
    there = tab.locator("#card .where a.there")
    expect(there).to_have_count(2)
    assert there.evaluate_all("(links) => links.map((link) => link.getAttribute('href'))") == [
        links.nth(n).get_attribute("href") for n in (1, 2)
    ]
    expect(there.first).to_have_attribute("rel", "noopener noreferrer")


def test_a_text_without_an_address_has_no_such_links(visit, exported):
    tab = visit(f"{exported}#place=vladivostok").page
    expect(tab.locator("#text .published")).to_have_count(0)
    expect(tab.locator("#card .where .chip").first).to_be_visible()
    expect(tab.locator("#card .where a.there")).to_have_count(0)
