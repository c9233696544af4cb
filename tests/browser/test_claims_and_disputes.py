"""The ledger of claims under the text and the panel "Disputed", in the exported file."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from geo.page import Page as AtlasPage
from geo.view import View
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

RIVAL = "confluence-main-stem"
OTHER = "gorbitsa-amazar"


def rival(tab: Tab, name: str = RIVAL):
    return tab.locator(f"#disputed input[data-reading={name}]")


def drawn(tab: Tab, name: str) -> bool:
    """Tell whether a reading is seen on the map."""
    return bool(
        tab.evaluate(
            """(name) => {
                const shape = Drawn.layers.readings.getLayers().find((one) => one.feature.id === name);
                return shape?.getElement().checkVisibility({visibilityProperty: true, opacityProperty: true});
            }""",
            name,
        )
    )


def fold(tab: Tab, passage: str):
    return tab.locator(f"#{passage} + details.claims")


# Claims


def test_each_passage_with_claims_has_a_folded_line_that_counts_the_verdicts(visit, exported, page):
    tab = visit(exported).page
    for passage in {claim.passage for claim in page.atlas.claims}:
        verdicts = [claim.verdict for claim in page.atlas.claims if claim.passage == passage]
        line = fold(tab, passage).locator("summary")
        expect(line).to_contain_text(
            "1 claim weighed" if len(verdicts) == 1 else f"{len(verdicts)} claims weighed"
        )
        for verdict in set(verdicts):
            expect(line.locator(f".verdict.{verdict} svg")).to_have_count(1)
        expect(fold(tab, passage).locator("ul")).to_be_hidden()


def test_claims_open_by_keyboard_and_say_the_words_the_verdict_and_the_reason(visit, exported, page):
    tab = visit(exported).page
    fold(tab, "p6").locator("summary").focus()
    tab.keyboard.press("Enter")
    items = fold(tab, "p6").locator("li")
    claims = [claim for claim in page.atlas.claims if claim.passage == "p6"]
    expect(items).to_have_count(len(claims))
    for item, claim in zip(items.all(), claims, strict=True):
        expect(item).to_be_visible()
        expect(item.locator("q")).to_have_text(claim.exact)
        expect(item.locator(".verdict")).to_have_text(claim.verdict)
        expect(item).to_contain_text(claim.reason)
        expect(item.locator(".certainty")).to_have_text(claim.certainty)
        expect(item.locator(".cite")).to_have_count(len(claim.citations))
    tab.keyboard.press("Enter")
    expect(items.first).to_be_hidden()


def test_the_words_of_open_claims_are_marked_in_the_passage(visit, exported, page):
    tab = visit(exported).page
    marked = "[...(CSS.highlights.get('claim') ?? [])].map((range) => range.toString())"
    assert tab.evaluate(marked) == []
    fold(tab, "p12").locator("summary").click()
    words = [claim.exact for claim in page.atlas.claims if claim.passage == "p12"]
    expect(fold(tab, "p12").locator("li").first).to_be_visible()
    until(tab, f"() => {marked}.length === {len(words)}")
    assert tab.evaluate(marked) == words
    fold(tab, "p12").locator("summary").click()
    expect(fold(tab, "p12").locator("li").first).to_be_hidden()
    until(tab, f"() => {marked}.length === 0")


def test_a_claim_selects_what_it_is_about_on_the_map(visit, exported):
    tab = visit(exported).page
    fold(tab, "p6").locator("summary").click()
    tab.locator("#claim-c7 a", has_text="Stanovoy Range").click()
    expect(tab.locator("#card h2")).to_contain_text("Stanovoy Range")
    assert "place=stanovoy-range" in tab.evaluate("Atlas.view()")
    expect(tab.locator("#p6.at-hand")).to_have_count(1)


def test_a_claim_leads_to_its_sources(visit, exported):
    tab = visit(exported).page
    fold(tab, "p6").locator("summary").click()
    tab.locator("#claim-c7 .cite").first.click()
    expect(tab.locator("#source-norms-2023")).to_be_focused()


def test_the_card_leads_to_the_claims_about_a_place(visit, exported, page):
    tab = visit(exported + "#place=vladivostok").page
    links = tab.locator("#card .claims-about a")
    about = [claim.exact for claim in page.atlas.claims if "vladivostok" in claim.targets]
    expect(links).to_have_text(about)
    tab.locator("#tab-sources").click()
    links.filter(has_text="handed the Vladivostok region").click()
    expect(tab.locator("#claim-c4")).to_be_visible()
    expect(tab.locator("#claim-c4")).to_be_focused()
    expect(tab.locator("#claim-c4")).to_be_in_viewport()


def test_a_card_without_claims_does_not_speak_of_them(visit, exported):
    tab = visit(exported + "#place=ussuriysk").page
    expect(tab.locator("#card .claims-about li")).to_have_count(1)
    tab.goto("about:blank")
    tab.goto(exported + "#place=mongolia")
    expect(tab.locator("#card h2")).to_be_visible()
    expect(tab.locator("#card .claims-about")).to_have_count(0)


def test_the_article_of_a_reader_has_no_ledger(visit, tmp_path, page: AtlasPage):
    from geo.article import parse_article

    article = parse_article(b"From Khabarovsk to Vladivostok.", "a.txt", page.atlas.furniture)
    path = tmp_path / "own.html"
    path.write_bytes(page.document(View(), article).encode())
    tab = visit(path.as_uri()).page
    expect(tab.locator("a.mention").first).to_be_visible()
    expect(tab.locator("details.claims")).to_have_count(0)


# Rival readings


def test_a_reading_switched_on_is_drawn_and_named_in_the_address(visit, exported):
    tab = visit(exported).page
    assert not drawn(tab, RIVAL)
    tab.locator("#tab-disputed").click()
    rival(tab).check()
    expect(rival(tab)).to_be_checked()
    expect(tab).to_have_url(re.compile(rf"#readings={RIVAL}&"))
    assert drawn(tab, RIVAL)
    rival(tab, OTHER).check()
    expect(tab).to_have_url(re.compile(rf"readings={RIVAL},{OTHER}"))
    rival(tab).uncheck()
    expect(tab).to_have_url(re.compile(rf"readings={OTHER}"))
    assert not drawn(tab, RIVAL)
    assert drawn(tab, OTHER)


def test_a_switch_works_by_keyboard(visit, exported):
    tab = visit(exported).page
    tab.locator("#tab-disputed").click()
    rival(tab).focus()
    tab.keyboard.press("Space")
    expect(tab.get_by_role("switch", checked=True)).to_have_count(1)
    assert drawn(tab, RIVAL)
    expect(rival(tab)).to_be_focused()


def test_an_address_with_a_reading_opens_with_it(visit, exported):
    tab = visit(f"{exported}#readings={OTHER}").page
    assert drawn(tab, OTHER)
    tab.locator("#tab-disputed").click()
    expect(rival(tab, OTHER)).to_be_checked()
    expect(rival(tab)).not_to_be_checked()


def test_a_reading_switched_on_is_brought_into_sight(visit, exported, page):
    tab = visit(exported).page
    tab.locator("#tab-disputed").click()
    for reading in page.atlas.readings:
        if reading.drawn:
            continue
        rival(tab, reading.id).check()
        west, south, east, north = reading.geometry.bounds
        inside = "([w, s, e, n]) => Drawn.map.getBounds().pad(0.001).contains([[s, w], [n, e]])"
        until(tab, inside, [west, south, east, north])


def test_every_reading_has_its_question_saying_holder_and_effect(visit, exported, page):
    tab = visit(exported).page
    tab.locator("#tab-disputed").click()
    items = tab.locator("#disputed .reading-item")
    expect(items).to_have_count(len(page.atlas.readings))
    for reading in page.atlas.readings:
        item = items.filter(has_text=reading.says)
        expect(item).to_contain_text(reading.held_by)
        expect(item.locator("input[role=switch]")).to_have_count(0 if reading.drawn else 1)
        effect = "drawn on the map" if reading.drawn else "km²" if reading.geometry.area else "no land"
        expect(item.locator(".effect")).to_contain_text(effect)
    for heading in tab.locator("#disputed .question h3").all_text_contents():
        assert heading.endswith("?")


def test_a_reading_clicked_on_the_map_is_shown_in_the_panel(visit, exported):
    tab = visit(f"{exported}#readings=sakhalin-with").page
    spot = tab.evaluate("Drawn.map.latLngToContainerPoint([49.2, 143.0])")
    stage = tab.locator("#stage").bounding_box()
    tab.mouse.click(stage["x"] + spot["x"], stage["y"] + spot["y"])
    expect(rival(tab, "sakhalin-with")).to_be_focused()
    expect(rival(tab, "sakhalin-with")).to_be_in_viewport()


# Quoted areas


def test_every_quoted_figure_stands_beside_our_sum(visit, exported, page):
    tab = visit(exported).page
    tab.locator("#tab-disputed").click()
    for figure in page.atlas.quoted_areas:
        body = tab.locator(f"#disputed tbody[data-figure={figure.id}]")
        expect(body.locator(".figure")).to_contain_text(f"{figure.km2:,} km²")
        expect(body).to_contain_text(figure.quoted_for)
        expect(body.locator("td").nth(1)).to_have_text(re.compile(r"^[\d,]+00$"))
        expect(body.locator("td").nth(2)).to_have_text(re.compile(r"^(\d+ % (more|less)|the same)$"))
        assert body.locator(".nearest").count() <= 1


def test_the_inclusion_that_makes_a_figure_come_true_is_marked(visit, exported):
    tab = visit(exported).page
    tab.locator("#tab-disputed").click()
    for figure, nearest in {
        "peking-zgbk": "tract of 1860 + Sakhalin",
        "peking-china-org": "tract of 1860 + Sakhalin",
        "outer-manchuria-wikipedia": "left bank of 1858",
        "sakhalin-wikipedia": "Sakhalin",
    }.items():
        button = tab.locator(f"#disputed tbody[data-figure={figure}] .nearest button")
        expect(button).to_have_attribute("aria-label", re.compile(re.escape(nearest)))
    none = tab.locator("#disputed tbody[data-figure=outer-manchuria-convention]")
    expect(none).to_contain_text("No sum of ours")
    expect(none.locator(".nearest")).to_have_count(0)


def test_a_sum_selects_its_areas_on_the_map(visit, exported):
    tab = visit(exported).page
    tab.locator("#tab-disputed").click()
    tab.locator("#disputed tbody[data-figure=peking-zgbk] .nearest button").click()
    for name in ("ussuri-coast", "sakhalin-north", "sakhalin-south"):
        assert name in tab.evaluate("Atlas.view()")
    expect(tab.locator("#card h2")).to_contain_text("together")


# On other screens


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (800, 600), (340, 640)])
def test_nothing_scrolls_sideways(visit, exported, width, height):
    tab = visit(exported, width=width, height=height).page
    tab.evaluate("document.querySelectorAll('details.claims').forEach((one) => { one.open = true; })")
    for panel in ("text", "disputed"):
        tab.locator(f"#tab-{panel}").click()
        hidden = tab.locator(f"#{panel}").evaluate("(box) => box.scrollWidth - box.clientWidth")
        assert hidden == 0, panel
    assert tab.evaluate("document.documentElement.scrollWidth") == width
