"""The page in four languages: switched without a reload, said whole, formatted as each language does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import geo.language
import geo.texts
from geo.language import TRANSLATED, Catalogue
from geo.language.phrases import collect_phrases
from geo.page import Page
from geo.view import LANGS, View
from tests.browser.waiting import until

LEFT = r"""() => {
  const left = [], attributes = ["title", "aria-label", "placeholder"];
  const english = (text) => /[A-Za-z]{3,}/.test(text) && !/[⟦⟧Ѐ-ӿ]/.test(text);
  for (const part of ["header", "#tabs", "#time", "#card", "#places", "#holders", "#layers", "#disputed"]) {
    for (const element of [document.querySelector(part), ...document.querySelectorAll(`${part} *`)]) {
      if (element.closest("[lang]") !== document.documentElement) continue;
      const nodes = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      const texts = nodes.map((node) => node.data);
      const said = [...texts, ...attributes.map((name) => element.getAttribute(name) ?? "")].filter(english);
      left.push(...said.map((text) => `${part}: ${text}`));
    }
  }
  return left;
}"""
"""All texts and labels of the page that are in no other language than English, and do not say so."""

NAMES = re.compile(r"^\S+: (Far East Atlas|Wikidata Q\d+|GeoNames \d+|WGS 84|Esc|Enter|Tab)$")


@pytest.fixture(scope="module")
def marked(atlas, tmp_path_factory):
    """The address of a file whose Russian phrases are the English ones in brackets, so that none can hide."""

    def interface(lang):
        if lang != "ru":
            return Catalogue(lang, {})
        found = {}
        for phrase in collect_phrases():
            count = 3 if phrase.plural else 1
            parts = re.split(r"(\{\w+\})", phrase.plural or phrase.english)
            said = "".join(part if part.startswith("{") else f"⟦{part}⟧" for part in parts if part)
            found[phrase.english] = tuple(f"⟦{n}⟧{said}" for n in range(count))
        return Catalogue("ru", found)

    patch = pytest.MonkeyPatch()
    patch.setattr(geo.texts, "interface", interface)
    path = tmp_path_factory.mktemp("marked") / "atlas.html"
    path.write_bytes(Page(atlas).document(View()).encode())
    patch.undo()
    return path.as_uri()


def test_another_language_says_every_text_anew_keeps_the_view_and_needs_no_reload(visit, marked):
    tab = visit(f"{marked}#date=1859-06-01&place=ussuri-coast&point=45/134&compare=1861-01-01").page
    expect(tab.locator("#card h2")).to_have_text("Ussuri coast (1860)")
    tab.evaluate("window.kept = document.querySelector('#time .controls')")
    before = tab.evaluate("Atlas.view()")
    tab.select_option("#lang", "ru")
    expect(tab.locator("html")).to_have_attribute("lang", "ru")
    expect(tab.locator("#card h2")).to_have_text("Уссурийский край (1860)")
    assert tab.evaluate("window.kept === document.querySelector('#time .controls')")
    assert tab.evaluate("Atlas.view()") == before.replace("compare=1861-01-01", "compare=1861-01-01&lang=ru")
    assert [text for text in tab.evaluate(LEFT) if not NAMES.match(text)] == []
    # Plurals: 1, 2, 5, 21 as Russian counts them.
    said = tab.evaluate("[1, 2, 5, 21].map((n) => String(Tn('{n} source', '{n} sources', {n})))")
    assert [text[1] for text in said] == ["0", "1", "2", "0"]
    expect(tab.locator("#dateline .day")).to_have_text("1 июня 1859 г.")
    expect(tab.locator("#date-field")).to_have_attribute("title", re.compile(r"^1 июня 1859\sг\.$"))
    scale = tab.locator(".leaflet-control-scale-line")
    expect(scale).to_have_text(re.compile(r"^[1-9]\d*\sкм$"))
    tab.select_option("#lang", "zh-Hans")
    expect(scale).to_have_text(re.compile(r"^[1-9]\d*公里$"))
    tab.select_option("#lang", "ru")
    assert tab.evaluate("Language.number(311090)") == "311\xa0090"
    tab.select_option("#lang", "en")
    expect(tab.locator("#card h2")).to_have_text("Ussuri coast (1860)")
    expect(tab.locator("#tab-text")).to_have_text("Text")
    assert "⟦" not in tab.evaluate("document.body.innerText")


def test_cards_and_panels_opened_in_a_language_are_said_in_it(visit, marked):
    tab = visit(f"{marked}#lang=ru").page
    for place in ("vladivostok", "aigun-1858", "line-1860-ussuri", "damansky", "map-rule-2023,khabarovsk"):
        tab.evaluate("(place) => { location.hash = `place=${place}&lang=ru`; }", place)
        expect(tab.locator("#card")).to_be_visible()
        assert [text for text in tab.evaluate(LEFT) if not NAMES.match(text)] == [], place
    tab.evaluate("location.hash = 'place=atlantis&lang=ru'")
    expect(tab.locator("#notice")).to_contain_text("⟦no place, area, line, act or site has this id⟧")
    tab.locator("#notice .close").click()
    tab.locator("#tab-sources").click()
    expect(tab.locator("#reference")).to_have_attribute("lang", "en")


def test_notes_of_records_are_in_the_language_or_say_that_they_are_english(visit, exported, atlas):
    note = atlas.gazetteer.places[0].act_note
    tab = visit(f"{exported}#place=vladivostok&lang=zh-Hant").page
    expect(tab.locator("#card")).to_contain_text(atlas.translations["zh-Hant"].forms[note][0][:30])
    tab.evaluate("document.querySelector('#card').append(Dom.make('p', {id: 'odd'}, Words('No such text')))")
    expect(tab.locator("#odd")).to_have_attribute("lang", "en")
    expect(tab.locator("#card .cite").first).to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    ("locale", "lang"), [("ru-RU", "ru"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("de-DE", "en")]
)
def test_the_page_speaks_the_language_of_the_browser_unless_the_address_names_one(
    visit, exported, locale, lang
):
    tab = visit(exported, locale=locale).page
    expect(tab.locator("html")).to_have_attribute("lang", lang)
    expect(tab.locator("#lang")).to_have_value(lang)
    assert tab.evaluate("Atlas.view()") == ""
    tab.evaluate("location.hash = 'lang=en'")
    expect(tab.locator("html")).to_have_attribute("lang", "en")


def test_the_names_on_the_map_are_chosen_apart_from_the_language(visit, exported):
    tab = visit(f"{exported}#map=6/48/134").page
    label = tab.locator("[data-label=khabarovsk] text")
    for names, words, lang in (
        ("local", "Хабаровск", "ru"),
        ("brackets", "哈巴罗夫斯克（伯力）", "zh-Hans"),
        ("zh-Hant", "哈巴羅夫斯克", "zh-Hant"),
        ("all", "KhabarovskХабаровск哈巴罗夫斯克", "en"),
        ("en", "Khabarovsk", "en"),
    ):
        tab.select_option("#names", names)
        expect(label).to_have_text(words)
        expect(label).to_have_attribute("lang", lang)
        expect(tab).to_have_url(re.compile(f"names={names}(&|$)"))
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    tab.select_option("#names", "local")
    expect(tab.locator("[data-label=town-harbin] text")).to_have_text("哈尔滨")


@pytest.mark.parametrize("lang", TRANSLATED)
def test_in_chinese_the_map_writes_names_as_the_rule_does_and_else_in_the_language(visit, exported, lang):
    tab = visit(f"{exported}#lang={lang}").page
    mode = "brackets" if lang.startswith("zh") else lang
    expect(tab.locator("#names")).to_have_value(mode)


def test_a_narrow_page_has_the_choice_of_names_among_the_layers(visit, exported):
    tab = visit(exported, width=390, height=844).page
    expect(tab.locator("header #names")).to_have_count(0)
    tab.locator("#tab-layers").click()
    expect(tab.locator("#layers #names")).to_be_visible()
    tab.set_viewport_size({"width": 1440, "height": 900})
    expect(tab.locator("header #names")).to_be_visible()


@pytest.fixture(scope="module")
def written(page, tmp_path_factory):
    """Write a document with some languages, changed by a function; return its address."""
    folder = tmp_path_factory.mktemp("languages")

    def write(name, languages=tuple(LANGS), change=str):
        path = folder / f"{name}.html"
        path.write_bytes(change(page.document(View(), languages=languages)).encode())
        return path.as_uri()

    return write


def spoilt(lang):
    """Return what spoils the block of a language: a few of its letters are exchanged."""
    start = f'id="atlas-{lang}" data-charset="[a-z0-9-]+">.{{2000}}'
    return lambda document: re.sub(f"({start}).{{8}}", r"\1AAAAAAAA", document, count=1)


def test_a_language_that_cannot_be_unpacked_is_left_out_with_a_sentence_and_the_others_stay(visit, written):
    spoiled = written("spoilt", change=spoilt("ru"))
    sentence = "The texts in Русский cannot be unpacked in this browser: that language is left out."
    tab = visit(f"{spoiled}#place=khabarovsk", locale="ru-RU").page  # opened in it
    expect(tab.locator("#notice")).to_contain_text(sentence)
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    expect(tab.locator("#card h2")).to_contain_text("Khabarovsk")
    assert tab.locator("#lang option").all_inner_texts() == ["English", "简体中文", "繁體中文"]
    tab.select_option("#lang", "zh-Hant")
    expect(tab.locator("#tab-text")).to_have_text("正文")
    tab = visit(f"{spoiled}#place=khabarovsk").page  # asked for later
    tab.select_option("#lang", "ru")
    expect(tab.locator("#notice")).to_contain_text(sentence)
    expect(tab.locator("#lang")).to_have_value("en")
    assert "lang=" not in tab.evaluate("Atlas.view()")
    tab.evaluate("location.hash = 'lang=ru'")
    expect(tab.locator("#notice")).to_contain_text("the languages are en, zh-Hans, zh-Hant")


def test_a_page_that_opens_in_another_language_never_says_its_tabs_in_english(browser, exported):
    context = browser.new_context()
    tab = context.new_page()
    tab.add_init_script(
        """window.seen = [];
        const look = () => {
            const text = document.querySelector("#tab-text")?.textContent;
            if (text) seen.push(`${document.documentElement.lang} ${text}`);
            if (seen.length < 5) requestAnimationFrame(look);
        };
        look();"""
    )
    tab.goto(f"{exported}#lang=ru")
    until(tab, "() => seen.length === 5")
    assert set(tab.evaluate("seen")) == {"ru Текст"}
    assert tab.evaluate("document.body.style.visibility") == ""
    context.close()


def test_a_page_in_one_language_offers_no_other_yet_names_and_states_on_the_map_in_all(visit, written):
    tab = visit(f"{written('one', ('en',))}#lang=ru&names=ru&date=1905-01-01&map=4/50/128").page
    expect(tab.locator("#notice")).to_contain_text("Ignored lang=ru: the languages are en.")
    expect(tab.locator("#lang")).to_be_hidden()
    expect(tab.locator("#names")).to_be_visible()
    expect(tab.locator(".label.area", has_text="занято")).not_to_have_count(0)
    assert "Русский" in tab.locator("#names option").all_inner_texts()
    tab = visit(written("russian", ("ru",))).page
    expect(tab.locator("html")).to_have_attribute("lang", "ru")
    expect(tab.locator("#lang")).to_be_hidden()
    expect(tab.locator("#tab-text")).to_have_text("Текст")


def test_each_text_is_unpacked_letter_for_letter(visit, exported, atlas):
    tab = visit(exported).page
    for lang in TRANSLATED:
        tab.select_option("#lang", lang)
        expect(tab.locator("html")).to_have_attribute("lang", lang)
        forms = {**atlas.translations[lang].forms, **geo.language.interface(lang).forms}
        texts = list(atlas.translations[lang].forms)
        found = tab.evaluate("(texts) => texts.map((text) => String(Words(text)))", texts)
        told = {english: words for english, words in zip(texts, found, strict=True) if words != english}
        assert len(told) > 500
        assert told == {english: forms[english][0] for english in told}
