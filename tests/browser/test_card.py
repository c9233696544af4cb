"""The long card in the exported file: founding and law in time, names, readings, origins."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from geo.where import where_is

pytestmark = pytest.mark.browser

DAY = "1859-06-01"
MOMENTS = ["Treaty of Nerchinsk", "Treaty of Aigun", "in common", "founded", "Treaty of Peking"]

OVERFLOWING = """() => {
  const far = document.querySelectorAll(".origin, .name-list li");
  for (const part of far) part.style.contentVisibility = "visible";
  const card = document.getElementById("card"), right = card.getBoundingClientRect().right + 0.5;
  const parts = [...card.querySelectorAll(".in-time *, .origins *, .name-list *")];
  return parts.filter((part) => part.getBoundingClientRect().right > right).map((part) => part.outerHTML);
}"""


def needle(tab: Tab) -> float:
    """Return how far from the left of the drawing the needle stands, from 0 to 1."""
    return tab.locator("#card .strip .needle").evaluate(
        "(line) => line.x1.baseVal.value / line.ownerSVGElement.viewBox.baseVal.width"
    )


def test_the_name_in_brackets_is_in_the_script_of_a_chinese_page(visit, exported):
    tab = visit(f"{exported}#lang=zh-Hant&place=vladivostok").page
    for lang, form, script in (
        ("zh-Hant", "海參崴", "zh-Hant"),
        ("zh-Hans", "海参崴", "zh-Hans"),
        ("ru", "海参崴", "zh-Hans"),
    ):
        tab.locator("#lang").select_option(lang)
        for name in (tab.locator("#card h2 .han"), tab.locator("tr[data-place=vladivostok] .han")):
            expect(name).to_have_text(form)
            expect(name).to_have_attribute("lang", script)


def test_what_is_far_down_in_a_card_is_laid_out_when_it_comes_near(visit, exported):
    tab = visit(f"{exported}#place=vladivostok").page
    last = tab.locator("#card .chain li").last
    laid_out = "(item) => item.firstElementChild.checkVisibility({contentVisibilityAuto: true})"
    expect(last).to_be_attached()
    assert not last.evaluate(laid_out)
    last.scroll_into_view_if_needed()
    expect(last).to_contain_text("since 26 December 1991", use_inner_text=True)
    assert last.evaluate(laid_out)


def test_founding_and_law_stand_side_by_side_in_time_and_an_act_is_selected_there(visit, exported):
    tab = visit(f"{exported}#place=vladivostok&date={DAY}").page
    expect(tab.locator("#card .in-time li")).to_contain_text(MOMENTS)
    strip = tab.locator("#card .strip")
    expect(strip).to_have_attribute("role", "img")
    expect(strip).to_have_attribute("aria-label", re.compile("Who held this ground .* and 3 acts"))
    # 1859 lies between the second act and the flag, where the scale is at its widest.
    assert 0.28 < needle(tab) < 0.4
    fills = strip.locator(".band").evaluate_all("(bands) => bands.map((band) => band.style.fill)")
    assert any(fill.startswith("url(") for fill in fills)
    assert any("--russia" in fill for fill in fills)
    # Within one state of things the card stays as it is, and only the needle and its date move.
    tab.locator("#card h2").evaluate("(title) => { title.dataset.same = '1'; }")
    before = needle(tab)
    tab.locator("#date-field").fill("1859-12-24")
    tab.locator("#date-field").dispatch_event("change")
    expect(tab.locator("#card .in-time .now")).to_contain_text("On 24 December 1859:")
    assert before < needle(tab) < before + 0.05
    expect(tab.locator("#card h2[data-same]")).to_have_count(1)
    tab.locator("#all-dates").click()
    expect(tab.locator("#card .in-time .now")).to_have_count(0)
    expect(tab.locator("#card .strip .needle")).to_be_hidden()
    tab.locator("#card .strip .act").nth(2).locator("text").click()
    expect(tab.locator("#card h2")).to_have_text("Treaty of Peking")


def test_a_range_between_several_areas_has_a_band_for_each_and_an_island_its_own(visit, exported):
    tab = visit(f"{exported}#place=sakhalin&date=1910-01-01").page
    captions = tab.locator("#card .strip .caption")
    expect(captions).to_have_text(["Sakhalin north of 50° N", "Sakhalin south of 50° N"])
    expect(tab.locator("#card .in-time .now")).to_contain_text("Russian Empire. Sakhalin south of 50° N:")
    marks = tab.locator("#card .strip .act circle")
    across = marks.evaluate_all("(marks) => marks.map((mark) => mark.cx.baseVal.value)")
    assert all(later - earlier >= 16.9 for earlier, later in itertools.pairwise(across))
    island = visit(f"{exported}#place=damansky&date=1970-01-01").page
    expect(island.locator("#card .in-time .now")).to_contain_text("disputed by Soviet Union")
    island.locator("#card .in-time").get_by_role("button", name="Treaty of Nerchinsk").press("Enter")
    expect(island.locator("#card h2")).to_have_text("Treaty of Nerchinsk")
    expect(island.locator("#card .strip")).to_have_count(0)


def test_names_stand_by_use_with_script_reading_and_origin(visit, exported, atlas):
    tab = visit(f"{exported}#place=vladivostok").page
    names = tab.locator("#card .name-list")
    expect(names.locator("h4")).to_have_text(
        [
            "Official",
            "Main name in Chinese by the map rule of 2023",
            "Put in brackets by the map rule of 2023",
            "Of former times",
        ]
    )
    bracketed = names.locator("li", has_text="海参崴").first
    expect(bracketed.locator("b")).to_have_text(["海参崴", "海參崴"])
    expect(bracketed.locator("b").nth(1)).to_have_attribute("lang", "zh-Hant")
    expect(bracketed.locator(".reading")).to_have_text(["Hǎishēnwǎi", "Hǎishēnwēi"])
    expect(bracketed.locator(".script")).to_have_text("Han")
    expect(bracketed.locator(".proof")).to_contain_text("read so: disputed")
    expect(names.locator("li", has_text="Владивосток")).to_contain_text("Cyrillic Russian, since 2 July 1860")
    # What is contested says so before the names, and looks it.
    origin = tab.locator("#card .origin", has_text="海参崴")
    expect(origin).to_have_class("origin disputed")
    expect(origin).to_contain_text("sources or states contradict each other")
    expect(names).not_to_contain_text("Origin disputed")
    assert tab.locator("#card .origin").first.bounding_box()["y"] < names.bounding_box()["y"]
    place = next(each for each in atlas.gazetteer.places if each.id == "vladivostok")
    near = where_is(atlas, place.lon, place.lat)
    line = next(each for each in atlas.lines if each.id == near.boundary)
    row = tab.locator("#card dt", has_text="Nearest boundary").locator("+ dd")
    expect(row).to_contain_text(line.names.en)
    said = float(re.search(r"about ([\d.]+) km away, of those of any date", row.inner_text()).group(1))
    assert said == pytest.approx(near.distance_km, rel=0.05)
    tab.evaluate(f"location.hash = '#place=vladivostok&date={DAY}'")
    near = where_is(atlas, place.lon, place.lat, date.fromisoformat(DAY))
    expect(row).to_contain_text(next(each for each in atlas.lines if each.id == near.boundary).names.en)


@pytest.mark.parametrize(("width", "height"), [(340, 700), (1440, 900)])
def test_the_long_card_fits_its_width_with_every_word(visit, exported, width, height):
    tab = visit(f"{exported}#place=sakhalin&date=1910-01-01", width=width, height=height).page
    expect(tab.locator("#card .name-list")).to_have_count(1)
    assert tab.evaluate(OVERFLOWING) == []
