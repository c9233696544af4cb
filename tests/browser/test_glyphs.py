"""A device without a font for a script is found out, told of, and given names that it can draw."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FIND = """([box, signs]) => {
  const measured = [];
  const found = Glyphs.find((text) => { measured.push(text); return signs[text] ?? box; });
  return [found, measured.length, document.documentElement.dataset.lacks];
}"""
"""What is found missing where the signs named are drawn as they say, and all others as a box."""

BOX = {"width": 20, "ink": "box"}
HAN = {"一": {"width": 32, "ink": "one"}, "黑": {"width": 32, "ink": "black"}}
RUSSIAN = {"і": {"width": 9, "ink": "i"}, "щ": {"width": 24, "ink": "shcha"}}
WIDE = {"width": 32, "ink": "box"}

WITHOUT_HAN = """() => {
  const {measureText, fillText} = CanvasRenderingContext2D.prototype;
  const boxed = (text) => text.replace(/\\p{Script=Han}/gu, "\\uFDD0");
  Object.assign(CanvasRenderingContext2D.prototype, {
    measureText(text) { return measureText.call(this, boxed(text)); },
    fillText(text, ...at) { fillText.call(this, boxed(text), ...at); },
  });
}"""
"""Draws Chinese characters as a device does that has no font for them."""


def test_a_script_is_missing_where_its_signs_are_drawn_as_a_box(visit, exported):
    tab = visit(exported).page
    for box, signs, missing in (
        (BOX, HAN | RUSSIAN, []),
        (BOX, RUSSIAN, ["Han"]),
        (BOX, HAN, ["Cyrillic"]),
        (BOX, {}, ["Han", "Cyrillic"]),
        (WIDE, HAN | RUSSIAN, []),  # a box as wide as a character is told by what is drawn
        (WIDE, RUSSIAN, ["Han"]),
        (BOX, RUSSIAN | {sign: {"width": 20, "ink": sign} for sign in HAN}, ["Han"]),  # its number in the box
    ):
        assert tab.evaluate(FIND, [box, signs]) == [missing, 5, " ".join(missing)]


def test_without_chinese_characters_the_page_says_so_and_stands_in_for_them(visit, exported):
    tab = visit("about:blank").page
    tab.add_init_script(f"({WITHOUT_HAN})()")
    tab.goto(f"{exported}#names=brackets&lang=zh-Hans&place=vladivostok&passage=p99999")
    notice = tab.locator("#notice")
    expect(notice).to_contain_text("passage=p99999")
    said = notice.locator("span[lang=en]")  # in a language that can be read
    expect(said).to_contain_text("This device has no font for Chinese characters")
    expect(tab.locator("[data-label=vladivostok] text")).to_have_text("Vladivostok")
    read = tab.locator("#card h2 .spare")
    expect(read).to_be_visible()
    expect(read).to_have_text(re.compile("Hǎishēnwǎi", re.IGNORECASE))
    expect(tab.locator("#places [data-place=vladivostok] .spare")).to_be_visible()
    tab.select_option("#names", "all")
    expect(tab.locator("[data-label=vladivostok] tspan")).to_have_text(["Vladivostok", "Владивосток"])
    tab.select_option("#lang", "ru")
    expect(said).to_have_count(0)
    tab.keyboard.press("?")
    expect(tab.locator("#help-panel")).to_contain_text("нет шрифта с китайскими иероглифами")


def test_a_device_with_all_fonts_is_told_nothing(visit, exported):
    tab = visit(f"{exported}#lang=zh-Hans&place=vladivostok").page
    tab.wait_for_function("'lacks' in document.documentElement.dataset")
    assert tab.evaluate("document.documentElement.dataset.lacks") == ""
    expect(tab.locator("#notice")).to_be_hidden()
    expect(tab.locator("#card h2 .spare")).to_be_hidden()
