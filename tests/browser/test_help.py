"""The help: how to read the map, the keys, how sure the records are, how to correct them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from geo.reading import DATA_DIR

pytestmark = pytest.mark.browser

STATIC = DATA_DIR.parent / "geo" / "static"


def test_the_help_opens_by_its_key_keeps_the_focus_and_gives_it_back(visit, exported, atlas):
    tab = visit(exported).page
    panel = tab.locator("#help-panel")
    tab.locator("#search-box").focus()
    tab.keyboard.type("?")
    expect(panel).to_be_hidden()  # a sign of what is sought
    tab.locator("#places [data-place=khabarovsk] button").press("Enter")
    expect(tab.locator("#card")).to_be_visible()
    row = tab.locator("#places [data-place=nerchinsk] button")
    row.focus()
    tab.keyboard.press("?")
    expect(panel).to_be_visible()
    expect(tab.locator("#help-title")).to_be_focused()
    for _ in range(3):
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.closest('#help-panel, body').id") in ("help-panel", "")
    tab.keyboard.press("/")
    expect(tab.locator("#search-box")).not_to_be_focused()
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(row).to_be_focused()
    expect(tab.locator("#card")).to_be_visible()  # Escape was for the help alone

    # What it counts are the records of the atlas.
    button = tab.locator("#help")
    button.click()
    counted = {
        row.locator(".certainty").inner_text(): int(row.locator("td").last.inner_text())
        for row in panel.locator(".sureness tbody tr").all()
    }
    claims = [
        claim for passage in tab.evaluate("Content.read().article.passages") for claim in passage["claims"]
    ]
    names = [name for name in atlas.gazetteer.toponyms if name.kind != "variant" and not name.reads]
    records = [
        *atlas.gazetteer.places,
        *names,
        *atlas.gazetteer.sites,
        *atlas.areas,
        *atlas.lines,
        *atlas.acts,
    ]
    records += [
        *atlas.holdings.polities.values(),
        *atlas.holdings.records,
        *atlas.readings,
        *atlas.quoted_areas,
    ]
    sure = [record.certainty for record in records] + [claim["certainty"] for claim in claims]
    assert counted == {word: sure.count(word) for word in counted}
    assert len(counted) == 5
    assert sum(counted.values()) == len(sure)
    expect(panel.locator(".data")).to_contain_text(f"{len(atlas.acts)} acts")
    expect(panel.locator(".data")).to_contain_text(atlas.digest)

    # The selected record and the file that it is in, which exists.
    expect(panel.locator(".correcting li code")).to_have_text(["khabarovsk", "data/places.csv"])
    for file in re.findall(r'"(data/[a-z]+\.\w+)"', (STATIC / "help.js").read_text("utf-8")):
        assert (DATA_DIR.parent / file).exists(), file
    tab.mouse.click(5, 450)
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()

    # Nor does a tour behind it hear the keys, wherever in the help the reader clicked.
    tab.locator("#start-tour").click()
    kicker = tab.locator("#tour .kicker").inner_text()
    button.click()
    panel.locator(".keys h3").click()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(tab.locator("#tour .kicker")).to_have_text(kicker)


def test_the_keys_of_the_help_are_those_that_the_page_hears():
    sheet = (STATIC / "help.js").read_text("utf-8")
    told = {
        name for names in re.findall(r"keys\(([^)]*)\)", sheet) for name in re.findall(r'"([^"]+)"', names)
    }
    scripts = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js") if path.name != "help.js"}
    actions = re.findall(r"^      ([a-z]): \{ title", scripts["correcting.js"], re.MULTILINE)
    assert {key.upper() for key in actions} == {"X", "P", "N", "U"} <= told
    names = {"Escape": "Esc", "PageUp": "Page Up", "PageDown": "Page Down", "Home": "Home", "End": "End"}
    names |= {
        "ArrowLeft": "←",
        "ArrowRight": "→",
        "ArrowUp": "↑",
        "ArrowDown": "↓",
        "Enter": "Enter",
        "/": "/",
    }
    heard = {
        key
        for text in scripts.values()
        for key in re.findall(r'key === "([^"]+)"|\b(Arrow\w+|Page\w+|Home|End):', text)
        for key in key
    } - {"", " "}
    assert {names.get(key, key) for key in heard} <= told
    assert names.keys() - {"Enter", "/"} <= heard


def test_the_help_fits_a_phone(visit, exported):
    tab = visit(exported, width=320, height=700).page
    tab.locator("#help").click()
    wide = "(element) => element.scrollWidth - element.clientWidth"
    assert tab.locator("#help-panel").evaluate(wide) == 0
    close = tab.locator(".help-close")
    expect(close).to_be_in_viewport()
    tab.locator("#help-keys").scroll_into_view_if_needed()
    expect(close).to_be_in_viewport()
    close.click()
    expect(tab.locator("#help-panel")).to_be_hidden()
