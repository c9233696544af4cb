"""The page for other eyes and hands: keyboard, words, targets, zoom, forced colours, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import SETTLED, until

pytestmark = pytest.mark.browser

# What has the keyboard: what it is, and whether at least a part of it is seen, with a frame around it.
FOCUSED = """async () => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const ours = (hit) => element.contains(hit) || element.closest(".track")?.contains(hit);
  const isSeen = () => {
    const { left, right, top, bottom } = element.getBoundingClientRect(), shares = [0.5, 0.1, 0.9];
    const at = (x, y) => document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return shares.some((x) => shares.some((y) => {
      const hit = at(x, y);
      return hit && (hit === element.parentElement || ours(hit));
    }));
  };
  // The map brings a mark to where it is seen, which takes some frames.
  for (let frame = 0; frame < 90 && !isSeen(); frame += 1) await new Promise(requestAnimationFrame);
  const seen = isSeen();
  const style = getComputedStyle(element);
  const framed = style.outlineStyle !== "none" || style.boxShadow !== "none";
  const { className } = element, data = element.dataset.place ?? element.dataset.layer ?? "";
  const named = [element.localName, className?.baseVal ?? className, data].filter(Boolean);
  return { name: element.id || named.join("."), seen, framed };
}"""

# What can be pressed and is smaller than 24 pixels in a direction, but for words within a sentence.
SMALL = """() => {
  const PRESSED = "a[href], button, input, select, summary, [role=button], [role=slider], [role=tab]";
  const beside = (element, node) => node !== element && node.textContent.trim();
  const within = (element) => getComputedStyle(element).display === "inline"
    && [...element.parentElement.childNodes].some((node) => beside(element, node));
  const small = (element) => {
    const box = element.getBoundingClientRect();
    const label = element.closest("label")?.getBoundingClientRect() ?? box;
    const shown = element.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.right >= 0;
    if (!shown || within(element)) return false;
    return Math.max(box.width, label.width) < 23.9 || Math.max(box.height, label.height) < 23.9;
  };
  const name = (element) => `${element.localName}#${element.id}.${element.className}`;
  return [...document.querySelectorAll(PRESSED)].filter(small).map(name);
}"""

PANELS = ("text", "places", "holders", "layers", "mentions", "disputed", "sources")


def walk(tab, most: int = 400) -> list[dict[str, object]]:
    """Press the tab key till it has left the page."""
    found = []
    for _ in range(most):
        tab.keyboard.press("Tab")
        focused = tab.evaluate(FOCUSED)
        if focused is None:
            return found
        found.append(focused)
    raise AssertionError(f"caught at {found[-1]}")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_keyboard_reaches_everything_leaves_again_and_is_always_seen(visit, exported, width, height):
    tab = visit(f"{exported}#date=1859-06-01&place=khabarovsk", width=width, height=height).page
    until(tab, SETTLED)
    found = walk(tab)
    assert [one for one in found if not one["seen"]] == []
    # The button of a date field draws its own frame, the search box has that of its field.
    assert {one["name"] for one in found if not one["framed"]} <= {"date-field", "search-box"}
    names = [str(one["name"]) for one in found]
    for wanted in ("lang", "save", "date-slider", "play", "date-field", "tab-text"):
        assert wanted in names
    assert names[0] == "a.skip"
    assert "button.close" in names
    assert any("badge" in name and name.endswith("vladivostok") for name in names)
    if width == 1440:
        assert "input.areas" in names
        assert names.index("opacity") < names.index("tab-text")  # the column on the left, then the right one
    else:
        assert names.index("sheet") == names.index("tab-text") - 1


def test_a_route_through_the_page_without_a_mouse(visit, exported):
    tab = visit(exported).page
    press, active = tab.keyboard.press, tab.locator(":focus")
    press("Tab")
    press("Enter")
    expect(active).to_have_attribute("id", "text")
    # Arrows go from tab to tab, around its ends, and open what they come to.
    tab.locator("#tab-text").focus()
    for key, panel in [
        ("ArrowRight", "mentions"),
        ("End", "sources"),
        ("ArrowRight", "text"),
        ("ArrowLeft", "sources"),
        ("Home", "text"),
    ]:
        press(key)
        expect(active).to_have_attribute("id", f"tab-{panel}")
        expect(active).to_have_attribute("aria-selected", "true")
        expect(tab.locator(f"#{panel}")).to_be_visible()
    assert tab.locator("#tabs [tabindex='0']").count() == 1
    # A layer off and on.
    tab.locator("input[data-layer=rivers]").focus()
    press("Space")
    expect(tab.locator(".leaflet-rivers-pane path")).to_have_count(0)
    press("Space")
    expect(tab.locator(".leaflet-rivers-pane path").first).to_be_attached()
    # A line of the map, by way of the area and the act; back by Escape to where it began.
    start = tab.locator("#holders tbody button", has_text="Ussuri coast").first
    start.focus()
    press("Enter")
    expect(tab.locator("#card h2")).to_contain_text("Ussuri coast")
    tab.locator("#card dd button", has_text="Treaty of Peking").first.focus()
    press("Enter")
    expect(tab.locator("#card h2")).to_be_focused()
    tab.locator("#card dt:has-text('Lines') + dd button").first.focus()
    press("Enter")
    expect(tab.locator("path.line.selected").first).to_be_attached()
    press("Escape")
    expect(start).to_be_focused()
    # A passage: from the text to the map and on.
    tab.locator("#text a.mention", has_text="Vladivostok").first.focus()
    press("Enter")
    expect(tab.locator("#card h2")).to_contain_text("Vladivostok")
    press("Escape")
    expect(tab.locator("#text a.mention", has_text="Vladivostok").first).to_be_focused()


def test_the_view_is_told_in_words_once_it_rests(visit, exported):
    tab = visit(exported).page
    tab.clock.install()
    tab.reload()
    words, said = tab.locator(".in-words"), tab.locator("#said")
    expect(words).to_have_text(
        "Each area has the colour of the act that moved it, from 1689 to today. On the map: Areas, by the "
        "act that moved them; Boundary lines; The eight places of the 2023 map rule; Posts, forts, boundary "
        "marks, islets; Rivers and lakes; Shaded relief; Neighbouring towns. "
        "3 of the 8 numbered places lie in the land ceded in 1860."
    )
    expect(said).to_be_empty()
    tab.locator("input[data-layer=areas]").uncheck()
    tab.locator("#places tr[data-place=khabarovsk] button").click()
    tab.clock.run_for(1000)
    expect(said).to_have_text("Selected: Khabarovsk. Today: Russian Federation (certain).")
    expect(words).not_to_contain_text("Areas, by the act")
    tab.locator("#one-date").click()
    tab.clock.run_for(1000)
    expect(said).to_contain_text(
        "The map shows who held what on 1 June 1859. Selected: Khabarovsk. On that day:"
    )
    expect(said).to_contain_text("Russian Empire and Qing Empire, in common (")
    tab.locator("#compare").click()
    tab.clock.run_for(1000)
    expect(said).to_contain_text("who held what on 1 June 1859, left of the divider, and on")
    # Nothing while it plays, nor under a hand that drags.
    tab.locator("#all-dates").click()
    tab.keyboard.press("Escape")
    tab.clock.run_for(1000)
    before = said.text_content()
    tab.locator("#play").click()
    tab.clock.run_for(9000)
    assert tab.locator("#dateline .day").is_visible()
    assert said.text_content() == before
    tab.locator("#play").click()
    tab.clock.run_for(1000)
    expect(said).to_contain_text("The map shows who held what on")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_what_can_be_pressed_is_24_pixels_large(visit, exported, width, height):
    view = "date=1859-06-01&compare=1900-01-01&place=vladivostok"
    tab = visit(f"{exported}#{view}", width=width, height=height).page
    found = {}
    for panel in PANELS:
        tab.evaluate("(id) => document.getElementById(`tab-${id}`).click()", panel)
        tab.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[panel] = tab.evaluate(SMALL)
    assert {panel: what for panel, what in found.items() if what} == {}


def test_forced_colours_leave_the_legend_and_what_is_selected_to_be_seen(visit, exported):
    view = "date=1859-06-01&place=khabarovsk&passage=p5"
    tab = visit(f"{exported}#{view}", forced_colors="active").page
    differs = """([one, other, properties]) => {
      const [a, b] = [one, other].map((path) => getComputedStyle(document.querySelector(path)));
      return properties.some((name) => a[name] !== b[name]);
    }"""
    frame = ["outlineStyle", "outlineWidth"]
    ground = ["backgroundColor", "borderColor"]
    for one, other, properties in [
        ("#places tr.selected", "#places tr[data-place=sakhalin]", frame),
        ("#tab-text", "#tab-sources", ground),
        ("#one-date", "#all-dates", ground),
        (".leaflet-marker-icon.selected", ".leaflet-marker-icon[data-place=sakhalin]", frame),
        (".passage.at-hand", "#p1", frame),
    ]:
        assert tab.evaluate(differs, [one, other, properties]), one
    keys = tab.evaluate(
        "() => [...document.querySelectorAll('#layers .key rect')].map((one) => getComputedStyle(one).fill)"
    )
    assert len(set(keys)) >= 6
    assert (
        tab.evaluate("() => getComputedStyle(document.querySelector('#layers .key')).forcedColorAdjust")
        == "none"
    )


def test_at_four_hundred_per_cent_nothing_is_lost_and_only_one_way_scrolls(visit, exported):
    tab = visit(exported, width=320, height=256).page
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert tab.evaluate("scrollY") == 0
    for panel in PANELS:
        tab.locator(f"#tab-{panel}").click()
        expect(tab.locator(f"#{panel}")).to_be_in_viewport()
        assert tab.locator(f"#{panel}").evaluate("(one) => one.scrollWidth - one.clientWidth") <= 1
    for wanted in ("#save", "#play", "#date-slider", ".leaflet-control-zoom-in"):
        tab.locator(wanted).scroll_into_view_if_needed()
        expect(tab.locator(wanted)).to_be_in_viewport()
    tab.locator(".leaflet-marker-icon[data-place=khabarovsk]").click()
    expect(tab.locator("#card h2")).to_be_in_viewport()
    tab.locator("#card .chip").first.click()
    expect(tab.locator(".passage.at-hand")).to_be_in_viewport()


def test_light_and_dark_are_chosen_for_the_page_alone_and_left_out_of_the_saved_file(visit, exported):
    tab = visit(exported, color_scheme="light").page
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    button = tab.locator(".leaflet-bar .scheme")
    expect(button).to_have_accessible_name("Colours: as the system has them")
    view = tab.evaluate("Atlas.view()")
    seen = []
    for _ in range(2):
        button.click()
        seen.append((button.get_attribute("aria-label"), tab.evaluate(ground)))
    (_, first), (named, dark) = seen
    assert first == light != dark
    assert named == "Colours: dark"
    assert tab.evaluate("Atlas.view()") == view
    assert "data-scheme" not in tab.evaluate("Atlas.saved().slice(0, 400)")
    tab.emulate_media(media="print")
    assert tab.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light only"
    tab.emulate_media(media="screen", color_scheme="dark")
    button.click()
    assert tab.evaluate(ground) == dark  # as the system again, which is dark by now
    button.click()
    assert tab.evaluate(ground) == light


def test_the_edges_of_a_phone_with_round_corners_are_kept_clear(visit, exported):
    tab = visit(exported, width=390, height=844, has_touch=True, is_mobile=True).page
    client = tab.context.new_cdp_session(tab)
    client.send(
        "Emulation.setSafeAreaInsetsOverride", {"insets": {"top": 40, "bottom": 30, "left": 12, "right": 12}}
    )
    until(tab, "() => document.querySelector('header').getBoundingClientRect().top >= 40")
    assert tab.locator("header").bounding_box()["x"] >= 12
    assert tab.locator("#text").evaluate("(one) => parseFloat(getComputedStyle(one).paddingBottom)") >= 30
