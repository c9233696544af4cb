"""The reading pane and the panel "Mentions": what was found, corrections, the map that follows the text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from geo.annotations import apply_curated, identities_of
from geo.annotations.anchoring import anchor_again
from geo.annotations.incoming import read_page
from geo.article import Article, Passage
from geo.atlas import Atlas
from geo.cli.linking import _page as linked_page
from geo.linker import Mention
from geo.page import Page as AtlasPage
from geo.view import View
from tests.browser.conftest import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

FILLER = "Snow lay on the road and the carts went slowly from one river to the next, day after day. " * 4
TEXTS = (
    ("heading", "Letters from the coast"),
    ("furniture", "Share"),
    ("text", "🗺 Vladivostok lies south of Khabarovsk, and Sakhalin lies east of both towns."),
    (
        "text",
        "The New York Times asked the Kremlin about Boli and the Treaty of Peking; =Beijing was silent.",
    ),
    ("text", f"Nobody names a harbour here, but the old port is meant. {FILLER}"),
    *(("text", f"{FILLER}{name}. {FILLER}") for name in ("Nerchinsk", "Blagoveshchensk", "Ussuriysk") * 2),
    ("comment", "Vladivostok forever!"),
)
ARTICLE = Article(
    title="Letters from the coast",
    lang="en",
    passages=tuple(Passage(f"p{n}", kind, text) for n, (kind, text) in enumerate(TEXTS, 1)),
    date="3 May 2024",
    author="A. <b>Writer</b>",
    source="https://www.example.org/letters",
    encoding="Windows-1251 (guessed)",
)
KINDS: dict[str, tuple[Any, ...]] = {
    "Vladivostok": ("place", ("vladivostok",), "name", 0.95),
    "Khabarovsk": ("place", ("khabarovsk",), "name", 0.95),
    "Sakhalin": ("place", ("sakhalin",), "name", 0.95),
    "both towns": ("group", ("vladivostok", "khabarovsk"), "both", 0.7, "", "two towns before"),
    "New York Times": ("part-of-name", (), "new-york-times", 0.9, "Part of a newspaper's name."),
    "Kremlin": ("government", (), "kremlin", 0.95, "", "asked"),
    "Boli": ("place", ("khabarovsk",), "boli", 0.4, "Also a county of Heilongjiang."),
    "Treaty of Peking": ("act", ("peking-1860",), "treaty", 0.8),
    "=Beijing": ("government", (), "beijing", 0.9, "=1+1"),
    "Nerchinsk": ("place", ("nerchinsk",), "name", 0.95),
    "Blagoveshchensk": ("place", ("blagoveshchensk",), "name", 0.95),
    "Ussuriysk": ("place", ("ussuriysk",), "name", 0.95),
}
MARKED = tuple(
    Mention(passage.id, at, at + len(words), words, *about)
    for passage in ARTICLE.own
    for words, about in KINDS.items()
    if (at := passage.text.find(words)) >= 0
)
"""Every mention of the article, whatever a linker would make of it."""

ABOUT_VLADIVOSTOK = 2


@pytest.fixture(scope="module")
def mentions(atlas: Atlas) -> tuple[Mention, ...]:
    found = apply_curated(atlas.linker.mentions(ARTICLE), MARKED)
    assert len(found) == len(MARKED)
    return found


@pytest.fixture(scope="module")
def document(page: AtlasPage) -> str:
    return page.document(View(), ARTICLE, curated=MARKED)


@pytest.fixture(scope="module")
def opened(browser: Browser, document: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """One page that all tests of this module share; nothing may go out or be printed as an error."""
    path = tmp_path_factory.mktemp("mentions") / "letters.html"
    path.write_bytes(document.encode())
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    made = Visit(context.new_page(), "")
    made.page.goto(path.as_uri())
    yield made
    context.close()
    assert (made.outside, made.errors) == ([], [])


@pytest.fixture
def tab(opened: Visit) -> Tab:
    """The shared page as it was opened: nothing selected, corrected, filtered or followed."""
    tab = opened.page
    tab.locator("#tab-text").click()
    if tab.locator("#forget").count():
        tab.locator("#forget").click()
    tab.locator("#follow").uncheck()
    tab.locator("#explain").check()
    tab.locator("#text .title").click()
    tab.keyboard.press("Escape")
    tab.evaluate("document.getSelection().removeAllRanges(); document.querySelector('#text').scrollTop = 0;")
    return tab


def table(tab: Tab) -> Tab:
    """Open the table with all its rows, in the order of the text."""
    tab.locator("#tab-mentions").click()
    tab.locator("#mention-words").fill("")
    for name in ("type", "sure", "place"):
        tab.select_option(f"#mention-{name}", "")
    expect(tab.locator("#mentions .count")).to_have_text(f"{len(MARKED)} of {len(MARKED)}")
    head(tab, "words").click()
    head(tab, "passage").click()
    return tab


def head(tab: Tab, name: str):
    return tab.locator(f"#mentions [role=columnheader].{name} button")


def rows(tab: Tab):
    return tab.locator("#mentions .row")


def words_of(tab: Tab) -> list[str]:
    return cells_of(tab, "b")


def cells_of(tab: Tab, cell: str) -> list[str]:
    """Return what a cell of each row says, from the top row to the last."""
    down = "rows.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)"
    said = f"(rows, cell) => {down}.map((row) => row.querySelector(cell).textContent)"
    return list(rows(tab).evaluate_all(said, cell))


def spot(tab: Tab, words: str):
    """Return the words of the text that a mention marks."""
    return tab.locator("#text .mention, #text .quiet", has_text=words).first


def downloaded(tab: Tab, button: str) -> bytes:
    with tab.expect_download() as download:
        tab.locator(button).click()
    return Path(download.value.path()).read_bytes()


# The table


def test_every_mention_has_a_row_with_its_type_target_certainty_rule_and_passage(tab, mentions, atlas):
    table(tab)
    assert words_of(tab) == [mention.exact for mention in mentions]
    for row, mention in zip(rows(tab).all(), mentions, strict=True):
        expect(row.locator(".share")).to_have_text(f"{mention.confidence:.2f}")
        expect(row.locator(".gauge .full")).to_have_attribute("width", f"{27 * mention.confidence:g}")
        for part in (mention.rule, mention.evidence, mention.note):
            expect(row.locator(".rule")).to_contain_text(part)
        expect(row.locator(".target")).to_have_text(
            ", ".join(
                atlas.gazetteer.name(name, "en") if name in atlas.place_ids else "Treaty of Peking"
                for name in mention.targets
            )
            or "–"
        )
    expect(rows(tab).first.locator(".context")).to_contain_text("🗺 Vladivostok lies south")
    assert rows(tab).locator(".type").all_text_contents()[3:7] == [
        "several places",
        "part of another name",
        "a government",
        "place",
    ]
    expect(rows(tab).first.locator(".passage")).to_have_text("¶1")


FILTERS = (
    ("type", "government", lambda mention: mention.type == "government"),
    ("sure", "doubtful", lambda mention: mention.confidence < 0.6),
    ("sure", "fair", lambda mention: 0.6 <= mention.confidence < 0.8),
    ("sure", "sure", lambda mention: mention.confidence >= 0.8),
    ("place", "khabarovsk", lambda mention: "khabarovsk" in mention.targets),
    ("place", "-", lambda mention: not mention.targets),
    ("words", "BOLI", lambda mention: mention.exact == "Boli"),
    ("words", "newspaper's", lambda mention: mention.exact == "New York Times"),
)


def test_a_filter_leaves_what_fits_and_counts_it(tab, mentions):
    table(tab)

    def put(field: str, value: str) -> None:
        if field == "words":
            tab.locator("#mention-words").fill(value)
        else:
            tab.select_option(f"#mention-{field}", value)

    for field, value, fits in FILTERS:
        put(field, value)
        wanted = [mention.exact for mention in mentions if fits(mention)]
        expect(tab.locator("#mentions .count")).to_have_text(f"{len(wanted)} of {len(mentions)}")
        assert (value, words_of(tab)) == (value, wanted)
        put(field, "")
        expect(rows(tab)).to_have_count(len(mentions))


def test_a_column_head_sorts_and_the_same_again_turns_it_round(tab, mentions):
    table(tab)
    for column, cell in {"words": "b", "confidence": ".share", "target": ".target"}.items():
        for way in ("ascending", "descending"):
            head(tab, column).click()
            expect(tab.locator(f"#mentions .{column}[aria-sort={way}]")).to_have_count(1)
            expect(tab.locator("#mentions [aria-sort=none]")).to_have_count(5)
            found = [text.lstrip("=–").lower() for text in cells_of(tab, cell)]
            assert found == sorted(found, reverse=way == "descending")
            assert len(found) == len(mentions)


def test_a_row_selects_on_the_map_and_in_the_text_and_is_marked(tab):
    table(tab)
    rows(tab).filter(has_text="Vladivostok lies").first.click()
    expect(tab.locator(".leaflet-marker-icon[data-place=vladivostok].selected")).to_have_count(1)
    expect(tab.locator("#mentions .row[aria-selected=true] b")).to_have_text("Vladivostok")
    assert rows(tab).locator("xpath=self::*[contains(@class, 'hit')]//b").all_text_contents() == [
        "Vladivostok",
        "both towns",
    ]
    assert "place=vladivostok&passage=p3" in tab.evaluate("Atlas.view()")
    tab.locator("#tab-text").click()
    expect(tab.locator("#p3.at-hand")).to_be_in_viewport()


def test_the_table_is_walked_by_keys_and_enter_selects(tab):
    table(tab)
    rows(tab).first.focus()
    for key in ("ArrowDown", "ArrowDown", "End", "Home", "ArrowDown"):
        tab.keyboard.press(key)
    expect(rows(tab).locator("xpath=self::*[@tabindex=0]")).to_have_count(1)
    tab.keyboard.press("Enter")
    expect(tab.locator("#card h2")).to_contain_text("Khabarovsk")
    expect(tab.locator("#mentions .row[aria-selected=true]")).to_be_focused()


def test_what_is_selected_on_the_map_is_marked_in_the_table(tab):
    table(tab)
    tab.locator("#places tr[data-place=nerchinsk] button").click()
    expect(tab.locator("#mentions .row.hit b")).to_have_text(["Nerchinsk", "Nerchinsk"])


def test_the_passage_of_a_row_leads_to_the_words(tab):
    table(tab)
    rows(tab).filter(has_text="Ussuriysk").last.locator(".passage button").click()
    assert tab.evaluate("document.activeElement.closest('.passage').id") == "p11"
    expect(tab.locator("#text :focus")).to_be_in_viewport()
    expect(tab.locator("#remark")).to_contain_text("found by its name")


# Marks that explain themselves


def test_words_that_point_nowhere_explain_themselves_to_the_mouse_and_to_the_keyboard(tab):
    spot(tab, "New York Times").hover()
    expect(tab.locator("#remark")).to_contain_text("part of another name – points nowhere on the map")
    expect(tab.locator("#remark")).to_contain_text("Part of a newspaper's name.")
    tab.mouse.move(10, 10)
    expect(tab.locator("#remark")).to_be_hidden()
    spot(tab, "Boli").focus()
    tab.keyboard.press("Shift+Tab")
    expect(tab.locator("#remark")).to_contain_text("a government")
    expect(tab.locator("#remark")).to_contain_text("0.95 · by the rule “kremlin”: asked")
    expect(spot(tab, "Kremlin")).to_have_attribute("aria-describedby", "remark")
    tab.keyboard.press("Escape")
    expect(tab.locator("#remark")).to_be_hidden()
    expect(tab.locator("#text [aria-describedby]")).to_have_count(0)


def test_escape_takes_a_note_under_the_mouse_away_before_the_card(tab):
    tab.locator("#places tr[data-place=sakhalin] button").click()
    spot(tab, "Kremlin").hover()
    expect(tab.locator("#remark")).to_be_visible()
    for hidden in (False, True):
        tab.keyboard.press("Escape")
        expect(tab.locator("#remark")).to_be_hidden()
        expect(tab.locator("#card")).to_be_visible(visible=not hidden)


def test_the_marks_that_explain_can_be_switched_off(tab):
    tab.locator("#explain").uncheck()
    spot(tab, "Kremlin").hover()
    expect(tab.locator("#remark")).to_be_hidden()
    assert spot(tab, "Kremlin").evaluate(
        "(mark) => [mark.tabIndex, getComputedStyle(mark).borderBottomColor]"
    ) == [
        -1,
        "rgba(0, 0, 0, 0)",
    ]
    tab.locator("#explain").check()
    assert spot(tab, "Kremlin").evaluate("(mark) => mark.tabIndex") == 0


def test_a_mention_that_is_not_sure_says_so_and_looks_it(tab):
    expect(spot(tab, "Boli")).to_have_attribute("title", "place: Khabarovsk, not sure (0.40)")
    look = "(mark) => getComputedStyle(mark).textDecorationStyle"
    assert spot(tab, "Boli").evaluate(look) == "dashed"
    assert spot(tab, "Khabarovsk").evaluate(look) == "solid"
    spot(tab, "Boli").click()
    expect(tab.locator("#remark")).to_contain_text("0.40 not sure")


def test_the_text_says_by_whom_when_where_and_how_it_was_read(tab):
    said = "A. <b>Writer</b> · 3 May 2024 · example.org/letters · read as Windows-1251 (guessed)"
    expect(tab.locator("#text .imprint")).to_have_text(said)
    expect(tab.locator("#text .imprint a")).to_have_attribute("href", ARTICLE.source)


# Corrections


def test_corrections_by_key_change_mark_count_and_lead_back(tab):
    spot(tab, "Boli").focus()
    expect(tab.locator("#remark")).to_be_visible()
    tab.keyboard.press("x")
    expect(spot(tab, "Boli")).to_be_focused()
    expect(tab.locator("#remark")).to_contain_text("place – points nowhere on the map")
    expect(tab.locator("#text .tally")).to_contain_text("1 correction.")
    expect(tab.locator("#text .corrected")).to_have_text("Boli")
    tab.keyboard.press("n")
    expect(tab.locator("#remark")).to_contain_text("not a place – points nowhere")
    tab.keyboard.press("p")
    tab.keyboard.type("Ussuriysk (place)")
    tab.keyboard.press("Enter")
    expect(spot(tab, "Boli")).to_be_focused()
    expect(spot(tab, "Boli")).to_have_attribute("title", "place: Ussuriysk")
    table(tab)
    row = rows(tab).filter(has=tab.locator("b", has_text="Boli"))
    expect(row.locator(".rule")).to_have_text("curated")
    expect(row.locator(".share")).to_have_text("1.00")
    tab.locator("#tab-text").click()
    spot(tab, "Boli").focus()
    tab.keyboard.press("u")
    expect(spot(tab, "Boli")).to_have_attribute("title", "place: Khabarovsk, not sure (0.40)")
    expect(tab.locator("#text .tally")).to_have_text("")
    expect(tab.locator("#forget")).to_have_count(0)


def test_corrections_by_mouse_and_all_of_them_forgotten(tab):
    spot(tab, "Kremlin").click()
    tab.locator("#remark [data-key=p]").click()
    tab.locator("#remark input").fill("Treaty")
    tab.locator("#remark .actions button").click()
    expect(tab.locator("#remark .problem")).to_contain_text("choose one of the list")
    tab.locator("#remark input").fill("Treaty of Aigun (act)")
    tab.locator("#remark .actions button").click()
    expect(spot(tab, "Kremlin")).to_have_attribute("title", "act: Treaty of Aigun")
    spot(tab, "Sakhalin").click()
    tab.locator("#remark [data-key=n]").click()
    expect(tab.locator("#text .tally")).to_contain_text("2 corrections.")
    assert "aigun-1858" not in tab.evaluate("Atlas.view()")
    tab.locator("#forget").click()
    expect(tab.locator("#text .corrected")).to_have_count(0)
    expect(tab.locator("#text a.mention", has_text="Sakhalin")).to_have_count(1)


def test_a_selection_follows_a_correction(tab):
    tab.locator("#places tr[data-place=vladivostok] button").click()
    expect(tab.locator("#text .hit")).to_have_count(ABOUT_VLADIVOSTOK)
    spot(tab, "Vladivostok").focus()
    tab.keyboard.press("n")
    expect(tab.locator("#text .hit")).to_have_text(["both towns"])
    tab.keyboard.press("u")
    expect(tab.locator("#text .hit")).to_have_text(["Vladivostok", "both towns"])


def test_the_keys_do_nothing_where_no_mention_has_the_focus(tab):
    tab.locator("#text").focus()
    for key in "xnpu":
        tab.keyboard.press(key)
    spot(tab, "Boli").focus()
    tab.keyboard.press("Control+x")
    expect(tab.locator("#text .corrected")).to_have_count(0)
    expect(tab.locator("#remark input")).to_have_count(0)


def test_words_that_were_not_found_are_marked_by_hand(tab):
    select = """(passage) => {
        const node = document.getElementById(passage).firstChild, at = node.data.indexOf(' the old port ');
        document.getSelection().setBaseAndExtent(node, at, node, at + 14);
    }"""
    tab.evaluate(select, "p5")
    tab.locator("#mark-as").click()
    tab.keyboard.type("Владивосток")
    tab.keyboard.press("Enter")
    expect(spot(tab, "the old port")).to_have_text("the old port")
    expect(spot(tab, "the old port")).to_have_attribute("title", "place: Vladivostok")
    spot(tab, "the old port").click()
    expect(tab.locator("#card h2")).to_contain_text("Vladivostok")
    tab.locator("#remark [data-key=u]").click()
    expect(tab.locator("#p5 .mention")).to_have_count(0)


def test_a_saved_page_keeps_the_corrections_and_without_any_is_what_was_opened(
    tab, visit, document, tmp_path
):
    spot(tab, "Boli").focus()
    tab.keyboard.press("n")
    spot(tab, "Kremlin").focus()
    tab.keyboard.press("p")
    tab.keyboard.type("Sakhalin (place)")
    tab.keyboard.press("Enter")
    saved = tmp_path / "saved.html"
    saved.write_bytes(downloaded(tab, "#save"))
    again = visit(saved.as_uri()).page
    expect(again.locator("#text .corrected")).to_have_text(["Kremlin", "Boli"])
    expect(spot(again, "Kremlin")).to_have_attribute("title", "place: Sakhalin")
    again.locator("#forget").click()
    again.keyboard.press("Escape")
    assert again.evaluate("Atlas.saved()").replace(again.evaluate("Atlas.view()"), "") == document
    expect(again.locator("#notice")).to_be_hidden()


HOSTILE: list[Any] = [
    {"passage": "p3", "start": 3, "end": 14, "type": "place", "targets": ["sakhalin"]},  # the one that fits
    {"passage": "p3", "start": 5, "end": 9, "type": "place", "targets": ["sakhalin"]},  # overlaps it
    {"passage": "p2", "start": 0, "end": 5, "type": "place", "targets": []},  # not the author's
    {"passage": "__proto__", "start": 0, "end": 5, "type": "place", "targets": []},
    {"passage": "p3", "start": 1, "end": 2, "type": "place", "targets": []},  # half a character
    {"passage": "p3", "start": 20, "end": 2000, "type": "place", "targets": []},
    {"passage": "p3", "start": "20", "end": 22, "type": "place", "targets": []},
    {"passage": "p3", "start": 20, "end": 22, "type": "<script>alert(1)</script>", "targets": []},
    {"passage": "p3", "start": 20, "end": 22, "type": "toString", "targets": []},
    {"passage": "p3", "start": 20, "end": 22, "type": "place", "targets": ["atlantis"]},
    {"passage": "p3", "start": 20, "end": 22, "type": "place", "targets": "sakhalin"},
    {"passage": "p3", "start": 20, "end": 22, "type": "government", "targets": ["sakhalin"]},
    {"lang": "ru", "passage": "p3", "start": 20, "end": 22, "type": "place", "targets": []},  # no text in it
    {"lang": {}, "passage": "p3", "start": 20, "end": 22, "type": "place", "targets": []},
    None,
    "x",
    [],
]


def test_of_a_block_of_corrections_that_anybody_wrote_only_what_fits_is_taken(visit, document, tmp_path):
    block = json.dumps(HOSTILE).replace("<", "\\u003c")
    path = tmp_path / "hostile.html"
    path.write_text(document.replace('"atlas-corrections">[]', f'"atlas-corrections">{block}'), "utf-8")
    tab = visit(path.as_uri()).page
    expect(tab.locator("#text .corrected")).to_have_text(["Vladivostok"])
    expect(tab.locator("#notice")).to_contain_text(f"Ignored {len(HOSTILE) - 1} of the corrections")
    path.write_text(document.replace('"atlas-corrections">[]', '"atlas-corrections">{oh'), "utf-8")
    tab.reload()
    expect(tab.locator("#notice")).to_contain_text("Ignored 1 of the corrections")
    expect(tab.locator("#text .corrected")).to_have_count(0)


# Files


def test_the_annotations_of_a_page_are_those_of_the_command(tab, mentions, atlas):
    table(tab)
    known, source = identities_of(atlas), f"urn:far-east-atlas:text:{ARTICLE.digest}"
    wanted = json.loads(linked_page(atlas, known, ARTICLE, mentions, source))
    assert json.loads(downloaded(tab, "#mentions-jsonld")) == wanted


def test_corrections_go_into_the_annotations_and_come_back_as_a_person_s_work(tab, atlas, tmp_path):
    for words, key in (("Boli", "x"), ("Kremlin", "n")):
        spot(tab, words).focus()
        tab.keyboard.press(key)
    tab.keyboard.press("Escape")
    table(tab)
    path = tmp_path / "a.jsonld"
    path.write_bytes(downloaded(tab, "#mentions-jsonld"))
    read = read_page(path, identities_of(atlas))
    marked = [each.mention for each in anchor_again(read, ARTICLE) if each.annotation.curated]
    assert [(mention.exact, mention.type, mention.targets, mention.confidence) for mention in marked] == [
        ("Kremlin", "not-a-place", (), 1.0),
        ("Boli", "place", (), 1.0),
    ]


def test_the_table_as_a_file_holds_the_rows_shown_and_no_formula(tab):
    table(tab)
    tab.select_option("#mention-type", "government")
    content = downloaded(tab, "#mentions-csv").decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["words"] for row in found] == ["Kremlin", "'=Beijing"]
    assert found[1]["note"] == "'=1+1"
    for row in found:
        start, end = int(row["start"]), int(row["end"])
        assert ARTICLE.text[start:end] == row["words"].removeprefix("'")


# The map follows


OUTLIVE_THE_PAGE_S_OWN_REST = """(passage) => new Promise((done) => {
    const seen = (entries) => entries.some((entry) => entry.isIntersecting) && setTimeout(done, 300);
    const where = {root: document.getElementById('text'), rootMargin: '-33% 0px -66% 0px'};
    new IntersectionObserver(seen, where).observe(document.getElementById(passage));
})"""
"""Waits for a passage at the reading line as long as the page does, and after it."""


def test_the_map_follows_the_text_only_where_asked_and_only_the_reader_s_own_hand(tab):
    pane = tab.locator("#text")
    centre = "() => Drawn.map.getCenter().lng"
    pane.hover()
    tab.mouse.wheel(0, 900)
    expect(tab.locator("#p7")).to_be_in_viewport()
    assert "passage" not in tab.evaluate("Atlas.view()")
    tab.locator("#follow").evaluate("(box) => box.click()")
    expect(tab.locator("#text .passage.at-hand")).to_have_count(1)
    tab.mouse.wheel(0, 5000)
    expect(tab.locator("#p11.at-hand")).to_have_count(1)
    expect(tab.locator(".leaflet-marker-icon[data-place=ussuriysk].selected")).to_have_count(1)
    expect(tab.locator("#text .hit")).to_have_count(1)
    expect(tab.locator("#card")).to_be_hidden()
    until(tab, f"() => Math.abs(({centre})() - 131.95) < 1")
    # A selection on the map scrolls the text; that is no wish to go elsewhere.
    tab.locator("#places tr[data-place=nerchinsk] button").click()
    tab.evaluate(OUTLIVE_THE_PAGE_S_OWN_REST, "p6")
    expect(tab.locator("#card h2")).to_contain_text("Nerchinsk")
    assert "follow" not in tab.evaluate("Atlas.view()")
    tab.locator("#follow").uncheck()


# Long texts and small screens


def test_a_text_with_thousands_of_mentions_keeps_few_rows_in_the_document(visit, page, tmp_path):
    names = ("Vladivostok", "Khabarovsk", "Sakhalin", "Nerchinsk")
    line = " ".join(f"From {name} on." for name in names)
    passages = [*(line for _ in range(1200)), " ".join([line] * 500)]
    long = Article("", "en", tuple(Passage(f"p{n}", "text", text) for n, text in enumerate(passages, 1)))
    path = tmp_path / "long.html"
    path.write_bytes(page.document(View(), long).encode())
    tab = visit("about:blank").page
    tab.add_init_script("window.requestIdleCallback = (act) => { window.idle = act; };")
    tab.goto(path.as_uri())
    tab.locator("#tab-mentions").click()
    expect(tab.locator("#mentions .count")).to_have_text("6,800 of 6,800")
    assert rows(tab).count() < 60
    rows(tab).first.focus()
    tab.keyboard.press("End")
    expect(tab.locator("#mentions .row:focus b")).to_have_text("Nerchinsk")
    assert rows(tab).count() < 60
    tab.locator("#mentions .row:focus .passage button").click()
    expect(tab.locator("#text :focus")).to_be_in_viewport()
    assert tab.locator("#p1201").evaluate("(passage) => passage.textContent") == passages[-1]
    tab.locator("#places tr[data-place=sakhalin] button").click()
    expect(tab.locator("#card .where")).to_contain_text("and 1,161 passages more")
    # Mentions are marked where they are read, the others while nobody waits, and all of them for paper.
    marks = tab.locator("#text .mention")
    assert 4 < (before := marks.count()) < 3000
    expect(tab.locator("#p600 .mention")).to_have_count(0)
    assert tab.locator("#p600").text_content() == line
    tab.evaluate("idle({ timeRemaining: () => 0 })")
    assert before < marks.count() < 3000
    tab.locator("#p600").scroll_into_view_if_needed()
    expect(tab.locator("#p600 .mention")).to_have_count(4)
    expect(tab.locator("#p600 .mention.hit")).to_have_text("Sakhalin")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(marks).to_have_count(6800)
    assert tab.locator("#p1201").evaluate("(passage) => passage.textContent") == passages[-1]


def test_a_phone_reads_filters_and_corrects_by_touch(visit, document, tmp_path):
    path = tmp_path / "phone.html"
    path.write_bytes(document.encode())
    tab = visit(
        path.as_uri(), width=390, height=844, has_touch=True, is_mobile=True, color_scheme="dark"
    ).page
    spot(tab, "Boli").tap()
    note = tab.locator("#remark").bounding_box()
    assert note["x"] >= 0
    assert note["x"] + note["width"] <= 390
    tab.locator("#remark [data-key=n]").tap()
    expect(tab.locator("#text .corrected")).to_have_text("Boli")
    tab.locator("#tab-mentions").tap()
    tab.select_option("#mention-type", "not-a-place")
    rows(tab).first.tap()
    expect(tab.locator("#mentions .row[aria-selected=true]")).to_have_count(1)
    for panel in ("text", "mentions"):
        tab.locator(f"#tab-{panel}").tap()
        assert tab.locator(f"#{panel}").evaluate("(box) => box.scrollWidth - box.clientWidth") == 0
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
