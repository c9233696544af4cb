"""axe finds nothing: on each panel of the page, the embedded map, the site, the dashboard; light and dark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from geo.site.pages import Pages
from geo.view import View
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

LANGS = ("en", "ru", "zh-Hans", "zh-Hant")
"""Languages of the interface: the first is looked at by every rule, the others by those that words decide."""

PANELS = ("text", "places", "holders", "layers", "mentions", "disputed", "sources")
IN_WORDS = ("layers", "mentions", "disputed")
"""Those whose controls have words of their own, looked at in the other languages too."""

STATES = {
    "an area on a date": "date=1859-06-01&place=ussuri-coast",
    "a place on two dates": "date=1859-06-01&compare=1900-01-01&place=khabarovsk",
}
_AROUND = ["header", "#card", ".dateline", "#time .controls"]
_TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_COLOURS = {"type": "rule", "values": ["color-contrast"]}
_WORDS = {"type": "rule", "values": ["button-name", "link-name", "label", "select-name", "valid-lang"]}
_ON_PHONES = {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}

_RUN = """async ([where, rules]) => {
  const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(where ? { include: where } : document, options);
  const told = (id) => ({ target, html }) => [id, target.flat().join(" "), html.slice(0, 160)];
  return violations.flatMap(({ id, nodes }) => nodes.map(told(id)));
}"""


def offences(tab: Any, where: Iterable[str] = (), rules: Any = _TAGS) -> list[list[str]]:
    """Return what breaks a rule of WCAG 2.2 A and AA, of the whole document or of parts of it."""
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE_SCRIPT)
    found: list[list[str]] = tab.evaluate(
        _RUN, [[[part] for part in where], rules] if where else [None, rules]
    )
    return found


def open_panel(tab: Tab, panel: str) -> None:
    tab.evaluate(
        """(id) => {
          document.getElementById(`tab-${id}`).click();
          for (const details of document.querySelectorAll(`#${id} details`)) details.open = true;
        }""",
        panel,
    )


def test_no_panel_of_the_page_breaks_a_rule(visit, exported):
    tab = visit(exported, color_scheme="light").page
    found: dict[Any, Any] = {"all of it": offences(tab)}
    looks = [(LANGS[0], "light", _TAGS), (LANGS[0], "dark", _COLOURS)]
    for lang, scheme, rules in [*looks, *((lang, "light", _WORDS) for lang in LANGS[1:])]:
        tab.emulate_media(color_scheme=scheme)
        for state, query in list(STATES.items())[lang != LANGS[0] :]:
            tab.evaluate("(hash) => { location.hash = hash; }", f"{query}&lang={lang}")
            until(tab, "(part) => Atlas.view().includes(part)", query.split("&")[-1])
            found[lang, scheme, state] = offences(tab, _AROUND, rules)
        for panel in PANELS if lang == LANGS[0] else IN_WORDS:
            open_panel(tab, panel)
            found[lang, scheme, panel] = offences(tab, [f"#{panel}"], rules)
        if lang != LANGS[0]:
            continue
        tab.keyboard.press("Control+k")
        tab.locator("#search-box").fill("1860")
        found[lang, scheme, "what was found"] = offences(tab, ["#search"], rules)
        tab.locator("#help").click()
        found[lang, scheme, "the help"] = offences(tab, ["#help-panel"], rules)
        tab.keyboard.press("Escape")
    assert {where: what for where, what in found.items() if what} == {}


def test_no_panel_breaks_a_rule_on_a_phone_and_a_fault_would_be_found(visit, exported):
    tab = visit(exported, width=390, height=844, color_scheme="light").page
    found = {}
    for panel in PANELS:
        open_panel(tab, panel)
        found[panel] = offences(tab, [f"#{panel}", "#tabs", "#sheet"], _ON_PHONES)
    tab.evaluate("() => { location.hash = 'date=1859-06-01&compare=1900-01-01&place=peking-1860'; }")
    until(tab, "() => Atlas.view().includes('compare')")
    found["an act"] = offences(tab, _AROUND, _ON_PHONES)
    assert {where: what for where, what in found.items() if what} == {}
    tab.evaluate(
        """() => {
          document.querySelector("#places").append(document.createElement("button"));
          document.querySelector("#places .hint").style.color = "#aaa";
          document.getElementById("tab-places").click();
        }"""
    )
    assert {rule for rule, *_ in offences(tab, ["#places"])} == {"button-name", "color-contrast"}


def test_the_embedded_map_breaks_no_rule(visit, page, tmp_path):
    path = tmp_path / "embed.html"
    path.write_bytes(page.embed_document(View(date="1859-06-01", place=("ussuri-coast",))).encode())
    tab = visit(path.as_uri(), width=390, height=560, color_scheme="light").page
    tab.locator("footer button").click()
    assert offences(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert offences(tab, rules=_COLOURS) == []


def test_the_pages_of_the_site_break_no_rule(visit, atlas, page, tmp_path):
    wanted = ("places/vladivostok.html", "areas/index.html")
    found = {}
    for name, content in Pages(atlas, "", page.policy()).files([], {"resources": []}):
        if name in wanted or name.endswith((".css", ".svg")):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            found[name] = path
    tab = None
    for name in wanted:
        if tab is None:
            tab = visit(found[name].as_uri(), width=390, color_scheme="light").page
        tab.goto(found[name].as_uri())
        assert (name, offences(tab)) == (name, [])
        tab.emulate_media(color_scheme="dark")
        assert (name, offences(tab, rules=_COLOURS)) == (name, [])
        tab.emulate_media(color_scheme="light")


def test_the_dashboard_breaks_no_rule(visit, dashboard):
    tab = visit(dashboard, color_scheme="light").page
    frame = tab.frame_locator('iframe[title="Map and article"]')
    expect(frame.locator(".leaflet-marker-icon").first).to_be_visible(timeout=30_000)
    inner = next(one for one in tab.frames if one.parent_frame)
    assert offences(inner, ["header", "#tabs"]) == []
    assert offences(tab) == []
    tab.emulate_media(color_scheme="dark")
    expect(frame.locator("html")).to_have_attribute("data-scheme", "dark")
    tab.get_by_role("button", name="Data and sources").click()
    assert offences(tab, rules=_COLOURS) == []
