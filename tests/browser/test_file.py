"""The exported file, opened from the disk with the network refused."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from geo.content import rivals, selectable
from geo.view import LAYERS, Position, View, parse_view
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

PLACES = [
    "vladivostok",
    "ussuriysk",
    "khabarovsk",
    "blagoveshchensk",
    "sakhalin",
    "nerchinsk",
    "nikolayevsk-on-amur",
    "stanovoy-range",
]
WRITTEN = [
    "",
    "lang=ru",
    "lang=zh-Hant&layers=none&opacity=0&place=khabarovsk,ussuri-coast&passage=p3&map=6.25/48.4621/135.0971",
    "layers=areas,borders&opacity=0.35",
    "layers=nowhere,areas2",
    "layers=none&opacity=0.125&scan-opacity=0.755",
    "scan-opacity=0.75&opacity=0.7",
    "scan-opacity=2&scanOpacity=0.3",
    "layers=areas,nowhere&lang=xx&opacity=7&place=atlantis&passage=3&map=a/b/c&basemap=Evil&q=1",
    "map=5/-0.00001/131&opacity=0.349",
    "place=vladivostok&place=sakhalin&lang=",
    "map=25/48/131",
    "%ff=%00&lang=%E4%B8%AD",
    "x" * 2500,
    "date=1859-06-01",
    "date=1859-06-01&compare=1861-01-01&lang=ru&place=damansky,khabarovsk&point=48.4621/135.0971"
    "&passage=p3&readings=uda-south,tumen-post-1861&map=6/48/135",
    "compare=1861-01-01",
    "compare=1861-01-01&date=1859-06-01",
    "compare=1861-01-01&date=1859-02-30",
    "date=1859-02-30&compare=1689-09-05",
    "date=1689-09-06&compare=1689-09-06",
    "date=1860-02-29&compare=1900-02-29",
    "date=1859-6-1",
    "date=1859&date=",
    "date=18590601&compare=1859-W22-3",
    "date=1859-06-01T00:00",
    "date=+1859-06-01",
    "date=%EF%BC%91%EF%BC%98%EF%BC%95%EF%BC%99-06-01",
    "date=1500-01-01&compare=2400-01-01",
    "date=0000-00-00&compare=9999-12-31",
    "date=1859-06-01&date=1861-01-01",
    "point=48/131",
    "point=-0/-0.00001",
    "point=85/180",
    "point=85.00004/-180.00004",
    "point=131/48",
    "point=48/131/5&point=48",
    "point=nan/inf",
    "point=48.12345/131.99995",
    "readings=nobodys,uda-south,uda-south",
    "readings=uda-north,khabarovsk",
    "readings=",
    "readings=,",
    "notice=" + "%F0%9F%97%BA" * 50,
]

READ = """(query) => {
  const c = Content.read();
  const known = {
    langs: Object.keys(c.langs),
    layers: c.layers.map((layer) => layer.id),
    basemaps: c.basemaps,
    opening: c.opening,
    selectable: new Set([c.places, c.areas, c.lines, c.sites, c.own?.places ?? []].flat().map((r) => r.id)
      .concat(Object.keys(c.acts))),
    readings: new Set(c.readings.filter((r) => !r.drawn).map((r) => r.id)),
  };
  const parsed = State.parse(query, known);
  return [State.format(parsed.view, known), parsed.notices.map(String)];
}"""
"""Reads a written view as the page does; returns what it writes for it, and the notices."""


def click_badge(tab: Tab, place: str) -> None:
    tab.locator(f".leaflet-marker-icon[data-place={place}]").click()


def written_view(tab: Tab) -> str:
    until(tab, "() => Boolean(window.Atlas)")
    return str(tab.evaluate("Atlas.view()"))


_THREE_PICTURES = """() => new Promise((done) => {
  Pace.afterPaint(() => Pace.afterPaint(() => Pace.afterPaint(done)));
})"""


def settle(tab: Tab) -> None:
    """Wait until the card and the map have followed, and the page has written its view into its address."""
    tab.evaluate(_THREE_PICTURES)
    view = written_view(tab)
    expect(tab).to_have_url(tab.url.split("#")[0] + (f"#{view}" if view else ""))


_GO = """(view) => {
  delete document.querySelector("#stage .labels").dataset.set;
  if (location.hash === `#${view}`) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = view;
}"""


def show(tab: Tab, view: str = "lang=en") -> None:
    """Go to a written view and wait until names stand for it; without one, to how the file opens."""
    tab.evaluate(_GO, view)
    until(tab, "(view) => (Atlas.view() || 'lang=en').startsWith(view)", view)
    until(tab, "() => 'set' in document.querySelector('#stage .labels').dataset")
    tab.evaluate(_THREE_PICTURES)


def test_clicking_a_place_on_the_map_lights_a_passage_and_opens_its_card(visit, exported, page):
    tab = visit(exported).page
    for place in PLACES:
        click_badge(tab, place)
        name = page.atlas.gazetteer.name(place, "en")
        expect(tab.locator("#card h2")).to_contain_text(name)
        expect(tab.locator(".passage.lit .mention.hit").first).to_be_visible()
        expect(tab.locator(".passage.at-hand")).to_be_in_viewport()
        expect(tab.locator(f"#places tr.selected[data-place={place}]")).to_have_count(1)
        assert f"place={place}" in written_view(tab)
        show(tab)


def test_clicking_a_row_of_the_table_selects_the_place_everywhere(visit, exported):
    tab = visit(exported).page
    for place in PLACES:
        tab.locator(f"#places tr[data-place={place}] button").click()
        expect(tab.locator(f".leaflet-marker-icon.selected[data-place={place}]")).to_have_count(1)
        expect(tab.locator(".passage.lit").first).to_be_visible()


def test_clicking_a_mention_moves_the_map_to_the_place(visit, exported):
    tab = visit(exported).page
    before = tab.evaluate("Drawn.map.getCenter()")
    tab.locator("a.mention.place", has_text="Vladivostok").first.click()
    settle(tab)
    after = tab.evaluate("({...Drawn.map.getCenter(), zoom: Drawn.map.getZoom()})")
    assert abs(after["lat"] - 43.1056) < abs(before["lat"] - 43.1056)
    assert after["zoom"] >= 6.5
    expect(tab.locator(".leaflet-marker-icon[data-place=vladivostok]")).to_be_in_viewport()


def test_a_mention_of_a_group_shows_all_its_places_within_the_map(visit, exported):
    tab = visit(exported).page
    tab.locator("a.mention.group", has_text="seven other places").click()
    settle(tab)
    stage = tab.locator("#stage").bounding_box()
    for place in PLACES[1:]:
        badge = tab.locator(f".leaflet-marker-icon[data-place={place}]")
        expect(badge).to_have_class(re.compile(r"\bselected\b"))
        box = badge.bounding_box()
        assert stage["x"] <= box["x"], place
        assert box["x"] + box["width"] <= stage["x"] + stage["width"], place
        assert stage["y"] <= box["y"], place
        assert box["y"] + box["height"] <= stage["y"] + stage["height"], place
    badge = tab.locator(".leaflet-marker-icon[data-place=vladivostok]")
    expect(badge).not_to_have_class(re.compile(r"\bselected\b"))


def test_the_treaty_in_the_text_lights_its_land_on_the_map(visit, exported):
    tab = visit(exported).page
    tab.locator("a.mention.act", has_text="Treaty of Peking").first.click()
    expect(tab.locator("path.area.peking.selected")).to_have_count(1)
    expect(tab.locator("path.area.aigun.selected")).to_have_count(0)
    expect(tab.locator("#card h2")).to_have_text("Treaty of Peking")


def test_clicking_an_area_lights_the_passages_of_its_act(visit, exported):
    tab = visit(exported).page
    # A spot of the left bank far from any badge.
    spot = tab.evaluate("Drawn.map.latLngToContainerPoint([51.2, 131.5])")
    stage = tab.locator("#stage").bounding_box()
    tab.mouse.click(stage["x"] + spot["x"], stage["y"] + spot["y"])
    expect(tab.locator("#card h2")).to_contain_text("Left bank")
    expect(tab.locator(".mention.hit", has_text="Treaty of Aigun").first).to_be_visible()


def test_a_layer_switched_off_is_gone_from_the_map_and_comes_back(visit, exported):
    shapes = {
        "areas": "path.area.subject",
        "lines": "path.line",
        "places": ".leaflet-marker-icon.badge",
        "sites": ".leaflet-marker-icon.site",
        "rivers": "path.river",
        "relief": "img.leaflet-image-layer",
        "borders": "path.border",
        "graticule": "path.graticule",
    }
    tab = visit(exported).page
    for layer in LAYERS.keys() - {"towns"}:
        drawn = tab.locator(f"#stage {shapes[layer]}")
        box = tab.locator(f"input[data-layer={layer}]")
        if not LAYERS[layer]:
            expect(drawn).to_have_count(0)
            box.check()
        expect(drawn).not_to_have_count(0)
        box.uncheck()
        expect(drawn).to_have_count(0)
        box.check()
        expect(drawn).not_to_have_count(0)


def test_the_towns_layer_takes_its_labels_with_it(visit, exported):
    tab = visit(exported + "#map=6/45.5/128").page
    towns = tab.locator("#stage .town-dot")
    expect(towns).not_to_have_count(0)
    tab.locator("input[data-layer=towns]").uncheck()
    expect(towns).to_have_count(0)


def test_the_selection_survives_its_layer_being_switched_off_and_on(visit, exported):
    tab = visit(exported).page
    click_badge(tab, "nerchinsk")
    tab.locator("input[data-layer=places]").uncheck()
    tab.locator("input[data-layer=places]").check()
    badge = tab.locator(".leaflet-marker-icon[data-place=nerchinsk]")
    expect(badge).to_have_class(re.compile(r"\bselected\b"))
    expect(badge).to_have_text("6")


def test_the_strength_of_the_areas_can_be_changed(visit, exported):
    tab = visit(exported).page
    tab.locator("#opacity").fill("0.3")
    assert tab.evaluate("Drawn.map.getPane('areas').style.opacity") == "0.3"
    assert "opacity=0.3" in written_view(tab)


def test_the_names_on_the_map_follow_the_language_chosen(visit, exported):
    tab = visit(exported).page
    label = tab.locator("[data-label=khabarovsk] text")
    for lang, name in {
        "ru": "Хабаровск",
        "zh-Hans": "哈巴罗夫斯克（伯力）",
        "zh-Hant": "哈巴羅夫斯克（伯力）",
        "en": "Khabarovsk",
    }.items():
        tab.select_option("#lang", lang)
        expect(label).to_have_text(name)
        expect(label).to_have_attribute("lang", lang)


def test_reloading_the_file_restores_the_view(visit, exported):
    tab = visit(exported).page
    tab.locator("input[data-layer=rivers]").uncheck()
    tab.select_option("#lang", "ru")
    click_badge(tab, "ussuriysk")
    tab.locator(".leaflet-control-zoom-in").click()
    expect(tab).to_have_url(re.compile("map="))
    settle(tab)
    before = written_view(tab)
    tab.reload()
    settle(tab)
    assert written_view(tab) == before
    expect(tab.locator("#card h2")).to_contain_text("Уссурийск")
    expect(tab.locator("input[data-layer=rivers]")).not_to_be_checked()


def test_a_broken_address_is_named_and_ignored(visit, exported):
    tab = visit(exported + "#lang=xx&place=atlantis&map=6/48/131").page
    notice = tab.locator("#notice")
    expect(notice).to_contain_text("lang=xx")
    expect(notice).to_contain_text("place=atlantis")
    assert tab.evaluate("Math.round(Drawn.map.getZoom())") == 6


def test_the_page_reads_and_writes_a_view_as_python_does(visit, exported, page):
    tab = visit(exported).page
    for written in WRITTEN:
        found, notices = tab.evaluate(READ, written)
        parsed = parse_view(written, selectable(page.atlas), rivals(page.atlas))
        assert (found, notices) == (parsed.view.query(), list(parsed.notices)), written


def test_the_page_saves_itself_as_the_command_line_would_write_it(visit, exported, page, tmp_path):
    tab = visit(exported).page
    tab.locator("input[data-layer=graticule]").check()
    click_badge(tab, "nikolayevsk-on-amur")
    settle(tab)
    with tab.expect_download() as download:
        tab.locator("#save").click()
    saved = tmp_path / "saved.html"
    download.value.save_as(saved)
    view = parse_view(written_view(tab), selectable(page.atlas)).view
    assert view != View()
    assert saved.read_bytes() == page.document(view).encode()
    again = visit(saved.as_uri()).page
    expect(again.locator("#card h2")).to_contain_text("Nikolayevsk-on-Amur")


def test_the_file_violates_its_own_policy_nowhere(visit, exported):
    made = visit(exported)
    tab = made.page
    tab.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.blockedURI))"
    )
    tab.reload()
    for place in PLACES:
        click_badge(tab, place)
        tab.keyboard.press("Escape")
    for box in tab.locator("input[data-layer]").all():
        box.click()
    assert made.errors == []


@pytest.mark.parametrize(
    ("width", "height"),
    [(2560, 1440), (1024, 768), (768, 1024), (320, 640), (844, 390)],
)
def test_the_layout_fits_the_window_with_nothing_cut_off_at_its_sides(visit, exported, width, height):
    tab = visit(exported, width=width, height=height).page
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    stage = tab.locator("#stage").bounding_box()
    assert stage["width"] >= 300
    assert stage["height"] >= 150
    expect(tab.locator("#text .title")).to_be_in_viewport()
    expect(tab.locator("#stage .labels .place").first).to_be_attached()
    assert written_view(tab) == ""


def test_a_phone_reaches_every_panel_and_selects_by_touch(visit, exported):
    tab = visit(exported, width=390, height=844, has_touch=True, is_mobile=True).page
    tab.locator("#tab-places").tap()
    tab.locator("#places tr[data-place=sakhalin] button").tap()
    expect(tab.locator("#card h2")).to_contain_text("Sakhalin")
    tab.locator("#card .chip").first.tap()
    expect(tab.locator(".passage.at-hand")).to_be_in_viewport()
    tab.locator("#tab-layers").tap()
    tab.locator("input[data-layer=areas]").tap()
    expect(tab.locator("#stage path.area.subject")).to_have_count(0)
    tab.locator("#tab-sources").tap()
    expect(tab.locator("#sources")).to_be_visible()


_OVERLAPS = """() => {
  const texts = [...document.querySelectorAll('#stage .labels g text:not(:has(textPath))')];
  const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()]);
  const found = [];
  for (const [i, [a, one]] of boxes.entries()) for (const [b, two] of boxes.slice(i + 1)) {
    const w = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const h = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (w > 3 && h > 5) found.push(`${a} / ${b}`);
  }
  return boxes.length ? found : ['no label at all'];
}"""


def test_no_label_of_the_map_lies_over_another(visit, exported):
    tab = visit(exported).page
    for lang, zoom in product(("en", "ru", "zh-Hans"), (4, 5, 6, 7, 8)):
        view = View(lang=lang, layers=tuple(LAYERS), position=Position(zoom, 47.5, 132))
        show(tab, view.query())
        assert (lang, zoom, tab.evaluate(_OVERLAPS)) == (lang, zoom, [])


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_badge_answers_the_keyboard_and_closing_the_card_goes_back_to_it(visit, exported, key):
    tab = visit(exported).page
    badge = tab.locator(".leaflet-marker-icon[data-place=blagoveshchensk]")
    badge.focus()
    tab.keyboard.press(key)
    expect(tab.locator("#card h2")).to_be_focused()
    expect(tab.locator("#card h2")).to_contain_text("Blagoveshchensk")
    tab.keyboard.press("Escape")
    expect(tab.locator("#card")).to_be_hidden()
    expect(badge).to_be_focused()


def test_skipping_to_the_text_keeps_the_view(visit, exported):
    tab = visit(exported + "#lang=ru&place=khabarovsk").page
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("#text")).to_be_focused()
    assert written_view(tab).startswith("lang=ru&place=khabarovsk")


def test_a_page_that_frames_the_file_sees_the_view_it_asks_for(visit, exported, tmp_path):
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<!DOCTYPE html><title>x</title><iframe src="{exported}#lang=ru&place=sakhalin"></iframe>'
    )
    frame = visit(outer.as_uri()).page.frame_locator("iframe")
    expect(frame.locator("#card h2")).to_contain_text("Сахалин")
    expect(frame.locator("#lang")).to_have_value("ru")
    expect(frame.locator("#save")).to_be_visible()


def test_a_file_in_a_hidden_frame_works_once_it_is_shown(visit, exported, tmp_path):
    outer = tmp_path / "outer.html"
    frame = (
        f'<iframe src="{exported}#place=nerchinsk" style="display:none" width="900" height="600"></iframe>'
    )
    outer.write_text(f"<!DOCTYPE html><title>x</title>{frame}")
    tab = visit(outer.as_uri()).page
    tab.locator("iframe").evaluate("(frame) => { frame.style.display = 'block'; }")
    inner = tab.frame_locator("iframe")
    expect(inner.locator(".leaflet-marker-icon[data-place=nerchinsk]")).to_be_in_viewport()
    expect(inner.locator("#sources .bibliography li").first).to_be_attached()


def test_the_map_ends_where_its_detail_ends(visit, exported):
    tab = visit(exported + "#map=20/48/131").page
    assert tab.evaluate("Drawn.map.getZoom()") == 9


def test_a_file_made_with_a_view_can_go_back_to_the_opening_one(visit, page, tmp_path):
    path = tmp_path / "ru.html"
    path.write_bytes(page.document(View(lang="ru")).encode())
    tab = visit(path.as_uri()).page
    expect(tab.locator("#lang")).to_have_value("ru")
    tab.select_option("#lang", "en")
    expect(tab).to_have_url(re.compile("#lang=en$"))
    tab.reload()
    expect(tab.locator("#lang")).to_have_value("en")


def test_resizing_the_window_moves_nothing_for_good(visit, exported):
    tab = visit(exported).page
    tab.clock.install()
    tab.reload()
    tab.clock.run_for(1000)
    before = tab.evaluate("Drawn.map.getZoom()")
    for width, height in ((390, 844), (1440, 900)):
        tab.set_viewport_size({"width": width, "height": height})
        expect(tab.locator("#tab-places")).to_be_visible(visible=width < 1200)
        tab.evaluate("new Promise((done) => new ResizeObserver(done).observe(document.body))")
        tab.clock.run_for(1000)
    assert written_view(tab) == ""
    assert abs(tab.evaluate("Drawn.map.getZoom()") - before) < 0.01


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_card_never_hides_the_place_it_speaks_of(visit, exported, width, height):
    tab = visit(exported, width=width, height=height).page
    for place in PLACES:
        show(tab, f"place={place}")
        badge = tab.locator(f".leaflet-marker-icon[data-place={place}]").bounding_box()
        card = tab.locator("#card").bounding_box()
        stage = tab.locator("#stage").bounding_box()
        x, y = badge["x"] + badge["width"] / 2, badge["y"] + badge["height"] / 2
        assert stage["x"] <= x <= stage["x"] + stage["width"], place
        assert stage["y"] <= y <= stage["y"] + stage["height"], place
        within = card["x"] < x < card["x"] + card["width"] and card["y"] < y < card["y"] + card["height"]
        assert not within, place


# Those that stand the closest, and the last; on one page two quick taps would zoom it.
@pytest.mark.parametrize("place", [*PLACES[:3], PLACES[-1]])
def test_a_badge_can_be_tapped_on_a_phone(visit, exported, place):
    tab = visit(exported, width=390, height=844, has_touch=True, is_mobile=True).page
    tab.locator(f".leaflet-marker-icon[data-place={place}]").tap()
    expect(tab.locator(f"#places tr.selected[data-place={place}]")).to_have_count(1)


def test_hostile_text_reaches_the_screen_letter_for_letter(visit, page, tmp_path: Path):
    from geo.article import parse_article

    hostile = (
        "# {{1337*1337}} {% raw %} <script>document.title='hacked'</script>\n\n"
        "Vladivostok <img src=x onerror=\"document.title='hacked'\"> ${1+1} `x` \\ </script><!-- "
        "{{config}} ']]> &amp; &lt;b&gt; \u2028 end.\n"
    )
    article = parse_article(hostile.encode(), "hostile.md", page.atlas.furniture)
    path = tmp_path / "hostile.html"
    path.write_bytes(page.document(View(), article).encode())
    tab = visit(path.as_uri()).page
    shown = [passage.text for passage in article.passages]
    assert tab.locator("#text .passage").all_inner_texts() == shown
    assert "{{1337*1337}}" in shown[0]
    assert "<script>" in shown[0]
    assert tab.title() == f"{article.title} – Far East Atlas"


def test_an_online_basemap_asks_only_its_provider_and_only_while_it_is_shown(browser, page, tmp_path: Path):
    path = tmp_path / "online.html"
    path.write_bytes(page.document(View(basemap="Esri.WorldPhysical")).encode())
    context = browser.new_context()
    tab = context.new_page()
    asked: list[str] = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="image/png", body=b"")

    tab.route("http*://**/*", answer)
    with tab.expect_request("https://server.arcgisonline.com/**"):
        tab.goto(path.as_uri())
    expect(tab.locator("fieldset.online")).to_contain_text("Goes online")
    tab.locator("#basemap").uncheck()
    expect(tab).to_have_url(re.compile("#lang=en$"))
    assert {url.split("/")[2] for url in asked} == {"server.arcgisonline.com"}
    before = len(asked)
    tab.locator(".leaflet-control-zoom-in").click()
    expect(tab).to_have_url(re.compile("map="))
    assert len(asked) == before
    context.close()
