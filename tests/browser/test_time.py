"""The timeline in a browser: a date on the map, steps, play, two dates compared, a point asked about."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from geo.content import rivals, selectable
from geo.dates import FIRST_DAY, in_words
from geo.view import View, parse_view
from geo.where import where_is
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

DAY = date(1859, 6, 1)
ON_DAY = f"#date={DAY}"
COMMON, HELD = "paint-common-russia-china", "rgb("
WIDTHS = [(320, 640), (390, 844), (768, 1024), (1024, 768), (1440, 900)]
AREA = "Drawn.layers.areas.getLayers().find((shape) => shape.feature.id === {!r}).getElement()"
PLACE_OF_NOW = "(line) => { const box = line.getBoundingClientRect(); return box.left + box.width / 2; }"


# What the page shows


def fill(tab: Tab, area: str) -> str:
    """Return the fill of an area as the browser computes it."""
    return str(tab.evaluate(f"getComputedStyle({AREA.format(area)}).fill"))


def slider(tab: Tab) -> Locator:
    return tab.locator("#date-slider")


def shown_day(tab: Tab) -> str:
    """Return the date of the view, or nothing for all acts at once."""
    found = re.search(r"(?:^|&)date=([\d-]+)", str(tab.evaluate("Atlas.view()")))
    return found[1] if found else ""


def press(tab: Tab, key: str) -> str:
    """Press a key on the slider; return the date it leads to."""
    if not slider(tab).evaluate("(one) => one === document.activeElement"):
        slider(tab).focus()
    tab.keyboard.press(key)
    return shown_day(tab)


def turn(tab: Tab, query: str) -> None:
    """Change the written view of a page that is open."""
    tab.goto(f"{tab.url.split('#')[0]}#{query}")
    day = re.findall(r"date=([\d-]+)", query)[0]
    until(tab, "(day) => Atlas.view().includes(day)", day)


def spot_of(tab: Tab, lat: float, lon: float) -> tuple[float, float]:
    """Return where a point of the map is in the window."""
    x, y = tab.evaluate(
        """([lat, lon]) => {
            const {x, y} = Drawn.map.latLngToContainerPoint([lat, lon]);
            const box = Drawn.map.getContainer().getBoundingClientRect();
            return [box.left + x, box.top + y];
        }""",
        [lat, lon],
    )
    return x, y


def seen_at(tab: Tab, lat: float, lon: float) -> str:
    """Return the fill of what is uppermost at a point of the map."""
    script = "(at) => getComputedStyle(document.elementFromPoint(...at)).fill"
    return str(tab.evaluate(script, [*spot_of(tab, lat, lon)]))


def now(tab: Tab) -> float:
    """Return where the line of the date stands in the window, from the left."""
    return float(tab.locator(".chart .now").evaluate(PLACE_OF_NOW))


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def label(tab: Tab, place: str) -> Locator:
    return tab.locator(f"#stage [data-label={place}] text")


def badge(tab: Tab, place: str) -> Locator:
    return tab.locator(f"#stage .leaflet-marker-icon[data-place={place}]")


def is_drawn(tab: Tab, line: str) -> bool:
    script = """(id) => Drawn.layers.lines.getLayers().find((one) => one.feature.id === id)
        .getElement().checkVisibility()"""
    return bool(tab.evaluate(script, line))


def act_days(page) -> list[str]:
    """Return the days of the acts, once each, in order."""
    days = {act.date.start for act in page.atlas.acts if act.date}
    return [str(day) for day in sorted(days) if day <= date.today()]


def moments(page) -> list[str]:
    """Return the days on which something begins."""
    starts = {str(holding.start) for holding in page.atlas.holdings.records}
    return sorted({*act_days(page), *(day for day in starts if day <= str(date.today())), str(FIRST_DAY)})


# A date


def test_a_file_made_for_a_day_of_1859_opens_with_the_common_possession_hatched(visit, page, tmp_path):
    path = tmp_path / "1859.html"
    path.write_bytes(page.document(View(date=DAY)).encode())
    tab = visit(path.as_uri()).page
    assert COMMON in fill(tab, "ussuri-coast")
    tints = tab.locator(f"#{COMMON} rect")
    assert {rect.get_attribute("class") for rect in tints.all()} == {"tint-russia", "tint-china"}
    colours = {rect.evaluate("(rect) => getComputedStyle(rect).fill") for rect in tints.all()}
    assert len(colours) == 2
    assert "paint-disputed-russia-china" in fill(tab, "amur-left-bank")
    expect(tab.locator("#dateline .day")).to_have_text("1 June 1859")
    expect(tab.locator("#dateline .pattern", has_text="in common")).to_be_visible()
    for place, held in {
        "vladivostok": "Russian Empire and Qing Empire, in common",
        "blagoveshchensk": "Russian Empire, disputed by Qing Empire",
        "nerchinsk": "Russian Empire",
        "sakhalin": "undelimited between Russian Empire and Japan under the Tokugawa shoguns",
    }.items():
        expect(tab.locator(f"#places tr[data-place={place}] .held .state")).to_have_text(held)
    expect(tab.locator("#places tr[data-place=vladivostok] .held")).to_contain_text("not yet founded")
    assert shown_day(tab) == "1859-06-01"
    assert tab.url == path.as_uri()


def test_every_area_is_painted_by_its_state(visit, exported, page):
    tab = visit(exported).page
    families = {name: polity.family for name, polity in page.atlas.holdings.polities.items()}
    looks = """() => Drawn.layers.areas.getLayers().map((shape) => {
        const fill = getComputedStyle(shape.getElement()).fill, name = /#([\\w-]+)/.exec(fill)?.[1];
        const tile = name ? [...document.getElementById(name).children] : [];
        return [shape.feature.id, name ?? fill, tile.map((one) => one.getAttribute('class'))];
    })"""
    colours = tab.evaluate(
        """(tints) => Object.fromEntries(tints.map((tint) => {
            const one = document.createElement('i');
            one.style.color = `var(--${tint})`;
            document.body.append(one);
            const {color} = getComputedStyle(one);
            one.remove();
            return [tint, color];
        }))""",
        sorted(set(families.values())),
    )
    assert len(set(colours.values())) == len(colours)
    for year in (1700, 1850, 1859, 1861, 1876, 1901, 1906, 1921, 1935, 1946, 2024):
        day = date(year, 6, 1)
        tab.locator("#date-field").fill(str(day))
        assert shown_day(tab) == str(day)
        for area, look, tile in tab.evaluate(looks):
            holding = page.atlas.holdings.on(area, day)
            tints = {families[one] for one in (*holding.holders, *holding.claimants)}
            # A state that one family of states shares with nobody is drawn as held.
            patterned = holding.status == "undelimited" or len(tints) > 1
            expected = f"paint-{holding.status}-" if patterned else colours[families[holding.holders[0]]]
            assert look.startswith(expected), (day, area)
            shown = {one.removeprefix("tint-") for one in tile} - {"land", "nobody"}
            assert shown == (tints if patterned else set()), (day, area)


def test_an_impossible_date_is_named_and_ignored_and_the_page_still_works(visit, exported):
    tab = visit(exported).page
    for query, kept in [
        ("date=1859-02-30", ""),
        ("date=1500-01-01", ""),
        ("date=2999-01-01", ""),
        ("date=1859-06-01&compare=1859-02-30", "1859-06-01"),
    ]:
        tab.goto(f"{exported}#{query}")
        notice = tab.locator("#notice")
        expect(notice).to_contain_text(f"Ignored {query.split('&')[-1]}")
        expect(notice).to_contain_text("1689-09-06 to today")
        assert shown_day(tab) == kept
        expect(tab.locator(".swipe")).to_be_hidden()
    press(tab, "Home")
    assert press(tab, "ArrowRight") == "1727-11-01"
    expect(tab.locator("#dateline .day")).to_have_text("1 November 1727")


def test_a_date_can_be_typed_into_the_field(visit, exported):
    tab = visit(exported).page
    field = tab.locator("#date-field")
    # Into an empty field, over another date, and out of range.
    for typed, day in [("11141860", "1860-11-14"), ("06011859", "1859-06-01"), ("06011500", "1859-06-01")]:
        field.focus()
        tab.keyboard.type(typed)
        slider(tab).focus()
        assert shown_day(tab) == day
        expect(field).to_have_value(day)
    expect(tab.locator("#dateline .day")).to_have_text("1 June 1859")
    # The field that follows a moving date leaves a hand that types in it alone.
    press(tab, "ArrowLeft")
    assert press(tab, "ArrowLeft") == "1858-05-28"
    field.focus()
    tab.keyboard.type("020")
    expect(field).to_have_attribute("title", "28 February 1858")
    tab.keyboard.type("11859")
    slider(tab).focus()
    assert shown_day(tab) == "1859-02-01"


def test_all_acts_goes_back_to_the_opening_view(visit, exported):
    tab = visit(exported).page
    before = {area: fill(tab, area) for area in ("ussuri-coast", "amur-left-bank", "manchuria")}
    stage = tab.locator("#stage").bounding_box()
    tab.locator("#one-date").click()
    expect(tab).to_have_url(re.compile("#date=1859-06-01$"))
    assert fill(tab, "ussuri-coast") != before["ussuri-coast"]
    tab.locator("#compare").click()
    expect(tab).to_have_url(re.compile("compare="))
    tab.locator("#all-dates").click()
    expect(tab).to_have_url(exported)
    assert {area: fill(tab, area) for area in before} == before
    assert tab.evaluate("Atlas.view()") == ""
    expect(tab.locator("#dateline")).to_be_hidden()
    expect(tab.locator(".swipe")).to_be_hidden()
    expect(tab.locator(".passage.timely")).to_have_count(0)
    assert tab.locator("#stage").bounding_box() == stage


def test_the_passages_that_speak_of_the_time_are_lit(visit, exported, page):
    tab = visit(exported + ON_DAY).page
    spoken = {"1859-06-01": "aigun-1858", "1700-01-01": "nerchinsk-1689", "1861-01-01": "peking-1860"}
    for day, act in spoken.items():
        tab.locator("#date-field").fill(day)
        speaking = {mention.passage for mention in page.atlas.annotations if act in mention.targets}
        assert speaking
        assert {one.get_attribute("id") for one in tab.locator(".passage.timely").all()} == speaking
        colour = "(passage) => getComputedStyle(passage).backgroundColor"
        lit = tab.locator(".passage.timely").first.evaluate(colour)
        assert lit != tab.locator(".passage.text:not(.timely)").first.evaluate(colour)


def test_the_page_saved_on_two_dates_opens_on_them(visit, exported, page, tmp_path):
    tab = visit(exported + ON_DAY).page
    press(tab, "ArrowRight")
    tab.locator("#compare").click()
    with tab.expect_download() as download:
        tab.locator("#save").click()
    saved = tmp_path / "saved.html"
    download.value.save_as(saved)
    view = parse_view(tab.evaluate("Atlas.view()"), selectable(page.atlas), rivals(page.atlas)).view
    assert (view.date, view.compare) == (date(1860, 11, 14), date.today())
    assert saved.read_bytes() == page.document(view).encode()
    again = visit(saved.as_uri()).page
    expect(again.locator("#dateline .day")).to_have_text("14 November 1860")
    expect(again.locator("#dateline-then .day")).to_have_text(in_words(date.today()))


# Steps


def test_arrow_keys_step_from_act_to_act_and_back(visit, exported, page):
    tab = visit(exported).page
    days = [*act_days(page), str(date.today())]
    words = "document.getElementById('date-slider').getAttribute('aria-valuetext')"
    found = [(press(tab, "Home"), tab.evaluate(words))]
    found += [(press(tab, "ArrowRight"), tab.evaluate(words)) for _ in days[1:]]
    assert found == [(day, in_words(date.fromisoformat(day))) for day in days]
    assert press(tab, "ArrowRight") == days[-1]
    assert [press(tab, "ArrowLeft") for _ in range(12)] == days[-2:-14:-1]
    press(tab, "Home")
    assert press(tab, "ArrowLeft") == days[0]


def test_other_keys_step_by_a_day_and_by_ten_years_and_to_the_limits(visit, exported):
    tab = visit(exported + "#date=1860-02-28").page
    assert press(tab, "Shift+ArrowRight") == "1860-02-29"
    assert press(tab, "Shift+ArrowUp") == "1860-03-01"
    assert press(tab, "Shift+ArrowLeft") == "1860-02-29"
    assert press(tab, "PageUp") in ("1870-02-28", "1870-03-01")
    assert press(tab, "Shift+ArrowDown") in ("1870-02-27", "1870-02-28")
    turn(tab, "date=1858-05-31")
    assert press(tab, "PageUp") == "1868-05-31"
    turn(tab, "date=1858-05-28")
    assert press(tab, "PageDown") == "1848-05-28"
    assert press(tab, "PageUp") == "1858-05-28"
    expect(slider(tab)).to_have_attribute("aria-valuetext", "28 May 1858")
    assert press(tab, "End") == str(date.today())
    for key in ("PageUp", "Shift+ArrowRight"):
        assert press(tab, key) == str(date.today())
    assert press(tab, "Home") == "1689-09-06"
    for key in ("PageDown", "Shift+ArrowLeft"):
        assert press(tab, key) == "1689-09-06"


def test_the_buttons_step_from_act_to_act_and_the_card_follows(visit, exported):
    tab = visit(f"{exported}{ON_DAY}&place=ussuri-coast").page
    state = tab.locator("#card .chain li.now")
    expect(state).to_contain_text("in common")
    tab.locator("#later").click()
    assert shown_day(tab) == "1860-11-14"
    expect(state).to_contain_text("Treaty of Peking")
    expect(state).not_to_contain_text("in common")
    expect(tab.locator(".told")).to_contain_text("On this day: Treaty of Peking")
    tab.locator("#earlier").click()
    tab.locator("#earlier").click()
    assert shown_day(tab) == "1858-05-28"
    tab.locator(".told button").click()
    expect(tab.locator("#card h2")).to_have_text("Treaty of Aigun")
    assert shown_day(tab) == "1858-05-28"


WATCH = """() => {
    const shapes = Drawn.layers.areas.getLayers(), seen = {visibilityProperty: true, opacityProperty: true};
    const first = new Map(shapes.map((shape) => [shape, shape.getElement()]));
    const paths = new Map(shapes.map((shape) => [shape, shape.getElement().getAttribute('d')]));
    const fixed = ['stage', 'time', 'text'].map((id) => document.getElementById(id));
    fixed.push(Drawn.map.getPane('mapPane'));
    const boxes = () => JSON.stringify(fixed.map((one) => one.getBoundingClientRect()));
    const found = (window.watched = {frames: 0, blank: [], moved: [], fills: []}), start = boxes();
    const look = () => {
        found.frames += 1;
        for (const shape of shapes) {
            const element = shape.getElement(), {fill} = getComputedStyle(element);
            const name = /#([\\w-]+)/.exec(fill)?.[1];
            const painted = name ? document.getElementById(name)?.childElementCount : fill.startsWith('rgb(');
            const same = element === first.get(shape) && element.getAttribute('d') === paths.get(shape);
            const blank = !painted || !same || !element.checkVisibility(seen);
            if (blank) found.blank.push([shape.feature.id, fill]);
            if (shape.feature.id === 'ussuri-coast' && found.fills.at(-1) !== fill) found.fills.push(fill);
        }
        if (boxes() !== start) found.moved.push(document.getElementById('date-slider').dataset.day);
        found.next = requestAnimationFrame(look);
    };
    look();
}"""
"""Looks at the map in every frame: which areas are not as they were but for their fill."""


def test_dragging_the_thumb_recolours_the_areas_without_blank_or_jump(visit, exported):
    tab = visit(exported + "#date=1700-01-01").page
    tab.evaluate(WATCH)
    x, y = now(tab), middle(slider(tab))[1]
    box = tab.locator(".chart").bounding_box()
    assert box
    tab.mouse.move(x, y)
    tab.mouse.down()
    stops = 40
    for step in range(1, stops + 1):
        tab.mouse.move(x + (box["x"] + box["width"] - x) * step / stops, y)
        # The next move comes when the page has drawn this one.
        tab.evaluate("new Promise(requestAnimationFrame)")
    tab.mouse.up()
    assert shown_day(tab) == str(date.today())
    found = tab.evaluate("(cancelAnimationFrame(watched.next), watched)")
    assert found["frames"] >= stops
    assert len(found["fills"]) >= 3
    assert COMMON in found["fills"][1]
    assert found["blank"] == []
    assert found["moved"] == []


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1600, 900)])
def test_no_date_moves_the_map(visit, exported, page, width, height):
    tab = visit(exported, width=width, height=height).page
    boxes = """() => ['stage', 'time'].map((id) => document.getElementById(id).getBoundingClientRect())
        .map(({x, y, width, height}) => [x, y, width, height].map(Math.round).join())"""
    before = tab.evaluate(boxes)
    cut = """() => {
        const told = document.querySelector('.told');
        const [high, wide] = [told.scrollHeight - told.clientHeight, told.scrollWidth - told.clientWidth];
        return (high > 1 || wide > 1) && told.innerText;
    }"""
    assert not tab.evaluate(cut)
    tab.locator("#one-date").click()
    faults = {}
    acts = sorted((act for act in page.atlas.acts if act.date), key=lambda act: len(act.name_en))
    days = [str(act.date.start) for act in (*acts[:2], *acts[-6:])]
    for day in [*days, str(date.today())]:
        tab.locator("#date-field").fill(day)
        if (found := [tab.evaluate(boxes), tab.evaluate(cut)]) != [before, False]:
            faults[shown_day(tab)] = found
    tab.locator("#compare").click()
    if (found := tab.evaluate(boxes)) != before:
        faults["compare"] = found
    assert faults == {}, before


FRAMES = """async () => {
    const slider = document.getElementById('date-slider'), shapes = Drawn.layers.areas.getLayers();
    const frame = () => new Promise(requestAnimationFrame);
    const fills = () => shapes.map((shape) => getComputedStyle(shape.getElement()).fill).join();
    const stamps = [];
    for (let n = 0; n < 4; n += 1) stamps.push(await frame());
    const beat = Math.min(...stamps.slice(1).map((stamp, n) => stamp - stamps[n]));
    const before = fills(), began = await frame();
    await new Promise((done) => setTimeout(done));         // not within a frame: as a hand would
    slider.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
    let count = 0;
    do { await frame(); count += 1; } while (fills() === before && count < 60);
    // Frames of the screen that were missed because the page was busy count too: the next one tells of them.
    return [slider.dataset.day, Math.max(count, Math.round((await frame() - began) / beat) - 1)];
}"""
"""Steps once; returns the day, and how many frames later the screen shows another state."""


def test_each_step_reaches_the_screen_within_two_frames(visit, exported, page):
    families = {name: polity.family for name, polity in page.atlas.holdings.polities.items()}

    def state(day: str) -> list[object]:
        held = [page.atlas.holdings.on(area.id, date.fromisoformat(day)) for area in page.atlas.areas]
        return [(one.status, [families[name] for name in (*one.holders, *one.claimants)]) for one in held]

    tab = visit(exported + "#date=1850-01-01").page
    days = [day for day in act_days(page) if day > "1850-01-01"]
    counts = []
    for before, day in pairwise(["1850-01-01", *days]):
        if state(before) == state(day):
            press(tab, "ArrowRight")
            continue
        reached, count = tab.evaluate(FRAMES)
        assert reached == day
        counts.append(count)
    assert len(counts) >= 10
    assert median(counts) <= 2, counts


# Play


def start_clock(tab: Tab) -> None:
    """Give the page a clock that moves only when told, and let it settle."""
    tab.clock.install()
    tab.reload()
    tab.clock.run_for(1000)


def played(tab: Tab, milliseconds: int, step: int = 100) -> list[str]:
    """Let the clock run; return the dates seen, each once."""
    found = [shown_day(tab)]
    for _ in range(milliseconds // step):
        tab.clock.run_for(step)
        if (day := shown_day(tab)) != found[-1]:
            found.append(day)
    return found


def test_play_jumps_from_moment_to_moment_for_who_wants_no_motion(visit, exported, page):
    tab = visit(exported).page
    start_clock(tab)
    tab.locator("#play").click()
    expect(tab.locator("#play")).to_have_attribute("aria-pressed", "true")
    found = played(tab, 10_000, 500)
    assert len(found) >= 4
    assert found == moments(page)[: len(found)]
    tab.locator("#play").click()
    assert len(played(tab, 6000, 1000)) == 1
    expect(tab.locator("#play")).to_have_attribute("aria-pressed", "false")
    check_end(tab)


def test_play_glides_through_the_moments_and_stops_when_pressed_or_stepped(visit, exported, page):
    tab = visit(exported + "#date=1858-05-28", reduced_motion="no-preference").page
    start_clock(tab)
    play = tab.locator("#play")
    play.click()
    found = played(tab, 6000)
    assert found == sorted(found)
    stops = [day for day in moments(page) if day > "1858-05-28"]
    reached = [day for day in found if day in stops]
    assert len(reached) >= 3
    assert reached == stops[: len(reached)]
    assert set(found) - set(stops) - {"1858-05-28"}, "the thumb never was between two moments"
    while shown_day(tab) in stops:  # until it glides again
        tab.clock.run_for(50)
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")
    assert len(played(tab, 3000, 500)) == 1
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    tab.clock.run_for(50)
    day = press(tab, "ArrowRight")
    expect(play).to_have_attribute("aria-pressed", "false")
    assert played(tab, 3000, 500) == [day]
    check_end(tab)


def check_end(tab: Tab) -> None:
    """Check that play stops at today, and next time starts anew."""
    play = tab.locator("#play")
    tab.locator("#date-field").fill("2025-06-07")
    play.click()
    assert played(tab, 4000, 500)[-1] == str(date.today())
    expect(play).to_have_attribute("aria-pressed", "false")
    assert play.inner_html() == tab.locator("#later").inner_html()
    assert len(played(tab, 3000, 1000)) == 1
    play.click()
    assert played(tab, 300)[-1] < "1700-01-01"
    expect(play).to_have_attribute("aria-pressed", "true")


# Two dates

COAST = (46.2, 136.2)
"""A point of the Ussuri coast, latitude first: in common in 1859, Russia's since 1860."""


def test_compare_shows_another_date_right_of_a_divider(visit, exported):
    tab = visit(exported + ON_DAY).page
    divider, button = tab.locator(".swipe"), tab.locator("#compare")
    expect(divider).to_be_hidden()
    assert COMMON in seen_at(tab, *COAST)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(divider).to_be_visible()
    expect(tab).to_have_url(re.compile(f"#date=1859-06-01&compare={date.today()}$"))
    expect(tab.locator("#dateline .day")).to_have_text("1 June 1859")
    expect(tab.locator("#dateline-then .day")).to_have_text(in_words(date.today()))
    expect(tab.locator("#holders thead th").nth(2)).to_have_text(in_words(date.today()))
    assert spot_of(tab, *COAST)[0] > middle(divider)[0]
    assert seen_at(tab, *COAST).startswith(HELD)
    assert COMMON in fill(tab, "ussuri-coast")
    button.click()
    expect(divider).to_be_hidden()
    expect(tab.locator("#dateline-then")).to_be_hidden()
    expect(tab).to_have_url(re.compile("#date=1859-06-01$"))
    assert COMMON in seen_at(tab, *COAST)


def test_arrow_keys_and_the_mouse_move_the_divider(visit, exported):
    tab = visit(f"{exported}{ON_DAY}&compare=1861-01-01").page
    divider, stage = tab.locator(".swipe"), tab.locator("#stage").bounding_box()
    assert stage
    expect(divider).to_have_attribute("aria-valuenow", "50")
    divider.focus()
    for _ in range(8):
        tab.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "90")
    assert COMMON in seen_at(tab, *COAST)
    tab.keyboard.press("ArrowLeft")
    expect(divider).to_have_attribute("aria-valuenow", "85")
    centre = tab.evaluate("Drawn.map.getCenter()")
    _, y = middle(divider)
    tab.mouse.move(*middle(divider))  # the handle in the middle of the line
    tab.mouse.down()
    tab.mouse.move(stage["x"] + stage["width"] * 0.3, y, steps=4)
    tab.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "30")
    assert middle(divider)[0] == pytest.approx(stage["x"] + stage["width"] * 0.3, abs=1)
    assert seen_at(tab, *COAST).startswith(HELD)
    assert tab.evaluate("Drawn.map.getCenter()") == centre
    tab.locator(".leaflet-control-zoom-in").click()
    expect(tab).to_have_url(re.compile("map="))
    coast = [(45.6, 134.6), COAST, (47.5, 138.5), (44.6, 133.6)]
    divider.focus()
    while middle(divider)[0] < spot_of(tab, *COAST)[0] and divider.get_attribute("aria-valuenow") != "97":
        tab.keyboard.press("ArrowRight")
    check_cut(tab, coast)
    # The map is drawn aside, and is cut at the divider while it moves; let go, it would glide on.
    before, y = spot_of(tab, *COAST), stage["y"] + 300
    tab.mouse.move(stage["x"] + 200, y)
    tab.mouse.down()
    tab.mouse.move(stage["x"] + 260, y, steps=4)
    tab.evaluate("new Promise(requestAnimationFrame)")
    assert spot_of(tab, *COAST)[0] > middle(divider)[0] > before[0]
    check_cut(tab, coast)
    tab.mouse.up()
    divider.focus()
    for _ in range(30):
        tab.keyboard.press("ArrowLeft")
    assert stage["x"] <= middle(divider)[0] <= stage["x"] + stage["width"] * 0.1


def check_cut(tab: Tab, coast: list[tuple[float, float]]) -> None:
    """Check that points of the coast show the date of the side of the divider on which they are."""
    cut = middle(tab.locator(".swipe"))[0]
    clear = [at for at in coast if abs(spot_of(tab, *at)[0] - cut) > 8]
    sides = [spot_of(tab, *at)[0] < cut for at in clear]
    assert len(set(sides)) == 2
    assert [COMMON in seen_at(tab, *at) for at in clear] == sides


def test_the_later_date_may_stand_on_the_left(visit, exported):
    tab = visit(f"{exported}#date=1861-01-01&compare=1859-06-01").page
    expect(tab.locator("#notice")).to_be_hidden()
    expect(tab.locator("#dateline .day")).to_have_text("1 January 1861")
    expect(tab.locator("#dateline-then .day")).to_have_text("1 June 1859")
    assert fill(tab, "ussuri-coast").startswith(HELD)
    assert COMMON in seen_at(tab, *COAST)
    other = tab.locator("#compare-slider")
    expect(other).to_have_attribute("aria-valuetext", "1 June 1859")
    other.press("ArrowLeft")
    expect(tab.locator("#dateline-then .day")).to_have_text("13 June 1858")
    other.press("Home")
    expect(tab).to_have_url(re.compile("#date=1861-01-01&compare=1689-09-06$"))
    assert "paint" not in seen_at(tab, *COAST)


# What is in force


NAMES = [
    ("1857-01-01", "blagoveshchensk", "en", "Ust-Zeysky post"),
    ("1870-01-01", "khabarovsk", "en", "Khabarovka"),
    ("1870-01-01", "khabarovsk", "ru", "Хабаровка"),
    ("1890-01-01", "ussuriysk", "en", "Nikolskoye"),
    ("1910-01-01", "ussuriysk", "en", "Nikolsk-Ussuriysky"),
    ("1940-01-01", "ussuriysk", "en", "Voroshilov"),
    ("1940-01-01", "ussuriysk", "ru", "Ворошилов"),
    (str(date.today()), "ussuriysk", "en", "Ussuriysk"),
    (str(date.today()), "khabarovsk", "en", "Khabarovsk"),
]


def test_the_map_bears_the_names_of_the_time(visit, exported):
    tab = visit(exported).page
    for day, place, lang, name in NAMES:
        turn(tab, f"date={day}&lang={lang}")
        expect(label(tab, place)).to_have_text(name)


def test_towns_not_yet_founded_are_hollow_and_told_so(visit, exported):
    tab = visit(exported + ON_DAY).page
    founded_later = {"vladivostok": True, "ussuriysk": True, "khabarovsk": False, "nerchinsk": False}
    for place, future in founded_later.items():
        told = re.compile("founded later$") if future else re.compile("^(?!.*founded later)")
        expect(badge(tab, place)).to_have_attribute("aria-label", told)
        hollow = badge(tab, place).evaluate("(one) => getComputedStyle(one).borderStyle")
        assert (hollow == "dashed") is future, place
        expect(label(tab, place)).to_have_count(0 if future else 1)
    press(tab, "ArrowRight")
    assert shown_day(tab) == "1860-11-14"
    expect(badge(tab, "vladivostok")).not_to_have_attribute("aria-label", re.compile("founded later"))
    expect(label(tab, "vladivostok")).to_have_text("Vladivostok")


SITES = [
    ("petrovskoye", "53.47/141.04", "1850-07-10", "1850-07-11", "1855-01-01"),
    ("konstantinovsky", "48.98/140.28", "1853-08-15", "1853-08-16", "1855-01-01"),
    ("post-e", "48.26/134.72", "1860-12-31", "1861-01-01", "2008-10-15"),
    ("post-t-1886", "42.42/130.64", "1885-12-31", "1886-12-31", ""),
]


def test_posts_and_marks_appear_from_their_founding(visit, exported):
    tab = visit(exported).page
    for site, at, without, founded, gone in SITES:
        turn(tab, f"date={without}&map=7/{at}")
        expect(badge(tab, site)).to_be_hidden()
        expect(label(tab, site)).to_have_count(0)
        tab.locator("#date-field").fill(founded)
        expect(badge(tab, site)).to_be_visible()
        if gone:
            tab.locator("#date-field").fill(gone)
            expect(badge(tab, site)).to_be_hidden()


LINES = [
    ("line-1860-ussuri", {"1859-06-01": False, "1860-11-13": False, "1860-11-14": True, "2020-01-01": True}),
    ("line-1858-1860-lower-amur", {"1858-05-27": False, "1859-06-01": True, "1860-11-14": False}),
    ("line-1905-sakhalin", {"1905-09-04": False, "1920-01-01": True, "1950-01-01": False}),
    ("line-2008-amur", {"2008-10-13": False, "2008-10-14": True}),
]


def test_lines_are_drawn_while_they_are_in_force(visit, exported):
    tab = visit(exported).page
    for line, days in LINES:
        assert is_drawn(tab, line)
        for day, drawn in days.items():
            tab.locator("#date-field").fill(day)
            assert shown_day(tab) == day
            assert is_drawn(tab, line) is drawn, (line, day)
        tab.locator("#all-dates").click()


# A point

POINTS = [
    (46.2, 136.2),
    (49.8, 137.8),
    (53.2, 126.6),
    (47.4, 142.8),
    (46.0, 126.6),
    (54.2, 134.5),
]


def test_a_point_on_the_map_is_answered_as_the_command_line_does(visit, exported, page):
    tab = visit(exported + ON_DAY).page
    for lat, lon in POINTS:
        check_point(tab, page, lat, lon)
        tab.keyboard.press("Escape")
        expect(tab).not_to_have_url(re.compile("point="))
        turn(tab, f"date={DAY}")


def check_point(tab: Tab, page, lat: float, lon: float) -> None:
    tab.mouse.click(*spot_of(tab, lat, lon))
    expect(tab).to_have_url(re.compile("&point="))
    found = re.search(r"point=([-\d.]+)/([-\d.]+)", tab.url)
    assert found
    asked = float(found[1]), float(found[2])
    assert asked == pytest.approx((lat, lon), abs=0.1)
    told = where_is(page.atlas, lon=asked[1], lat=asked[0], day=DAY)
    assert told.area
    assert told.holding
    card = tab.locator("#card")
    expect(card.locator("h2")).to_have_text(told.area.names.en)
    states = card.locator(".chain li")
    expect(states).to_have_count(len(told.chain))
    for state, holding in zip(states.all_text_contents(), told.chain, strict=True):
        since = in_words(holding.start)
        assert state.startswith(since if holding.end else f"since {since}")
        assert page.atlas.holdings.describe(holding) in state
    expect(card.locator(".chain li.now")).to_have_count(1)
    expect(card.locator(".chain li.now")).to_contain_text(page.atlas.holdings.describe(told.holding))
    text = card.locator(".point").inner_text()
    distance = re.search(r"about ([\d.,]+) km", text)
    assert distance
    assert told.distance_km is not None
    assert float(distance[1]) == pytest.approx(told.distance_km, abs=2, rel=0.05)
    line = next(line for line in page.atlas.lines if line.id == told.boundary)
    assert line.names.en in text
    expect(tab.locator("path.asked")).to_be_visible()


def test_a_point_in_the_address_brings_back_the_card_and_the_ring(visit, exported):
    tab = visit(f"{exported}{ON_DAY}&place=ussuri-coast&point=46.2/136.2").page
    expect(tab.locator("#card .point")).to_contain_text("46.20° N 136.20° E")
    assert middle(tab.locator("path.asked")) == pytest.approx(spot_of(tab, 46.2, 136.2), abs=2)
    tab.keyboard.press("Escape")
    expect(tab).not_to_have_url(re.compile("point="))
    assert shown_day(tab) == "1859-06-01"
    expect(tab.locator("path.asked")).to_have_count(0)


# The strip itself


def test_all_of_the_strip_works_by_keyboard_alone(visit, exported):
    tab = visit(exported).page
    held = """() => {
        const one = document.activeElement;
        return one.closest('#time') ? one.id || one.className : '';
    }"""

    def tab_to(name: str) -> None:
        for _ in range(30):
            tab.keyboard.press("Tab")
            if tab.evaluate(held) == name:
                return
        pytest.fail(f"no key leads to {name}")

    tab.locator(".leaflet-control-zoom-out").focus()
    tab_to("one-date")
    tab.keyboard.press("Enter")
    assert shown_day(tab) == "1859-06-01"
    tab_to("later")
    tab.keyboard.press("Space")
    assert shown_day(tab) == "1860-11-14"
    tab_to("date-field")
    tab.keyboard.press("ArrowUp")
    assert shown_day(tab) == "1860-12-14"
    tab_to("compare")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("compare="))
    tab_to("compare-slider")
    tab.keyboard.press("Home")
    expect(tab).to_have_url(re.compile("compare=1689-09-06"))
    expect(tab.locator("#compare-slider")).to_be_focused()
    # Once through all, in the order of reading.
    tab.locator("#all-dates").focus()
    passed = [tab.evaluate(held)]
    while (name := (tab.keyboard.press("Tab"), tab.evaluate(held))[1]) and len(passed) < 30:
        passed.append(name)
    order = "all-dates one-date earlier play later date-field compare inline date-slider compare-slider"
    assert list(dict.fromkeys(passed)) == order.split()
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    for name in ("date-slider", "play"):
        tab.locator(f"#{name}").focus()
        assert tab.evaluate(ring) != "none", name


def test_the_strip_fits_the_window_and_its_buttons_the_finger(visit, exported):
    tab = visit(f"{exported}{ON_DAY}&compare=1861-01-01").page
    expect(tab.locator(".swipe")).to_be_visible()
    for width, height in WIDTHS:
        tab.set_viewport_size({"width": width, "height": height})
        until(tab, "(width) => innerWidth === width", width)
        check_fit(tab, width)


def check_fit(tab: Tab, width: int) -> None:
    until(tab, "(width) => document.documentElement.scrollWidth <= width", width)
    strip = tab.locator("#time").bounding_box()
    assert strip
    # The name of the act stands in a sentence, as a link would.
    controls = tab.locator("#time .controls").locator("button:not(.inline), input")
    expect(controls).to_have_count(7)
    boxes = {}
    for control in controls.all():
        box = control.bounding_box()
        assert box
        name = control.get_attribute("id")
        assert min(box["width"], box["height"]) >= 24, name
        assert strip["x"] <= box["x"], name
        assert box["x"] + box["width"] <= strip["x"] + strip["width"], name
        assert control.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 1, name
        boxes[name] = box
    for (one, a), (two, b) in pairwise(boxes.items()):
        assert a["x"] + a["width"] <= b["x"] + 1.5 or a["y"] + a["height"] <= b["y"] + 1, (one, two)
    for place in ("#dateline", "#dateline-then", ".swipe"):
        box = tab.locator(place).bounding_box()
        assert box
        assert box["x"] >= 0, place
        assert box["x"] + box["width"] <= width, place
    one, two = (tab.locator(place).bounding_box() for place in ("#dateline", "#dateline-then"))
    assert one
    assert two
    assert one["x"] + one["width"] + 4 <= two["x"]


BANDS = """(at) => {
    const chart = document.querySelector('.chart'), bands = [...chart.querySelectorAll('.band')];
    const [top, bottom] = ['y1', 'y2'].map((end) => Number(chart.querySelector('.stem').getAttribute(end)));
    const steps = 400;
    return at.map((x) => {
        const shares = {}, faults = [];
        for (let n = 0; n < steps; n += 1) {
            const point = new DOMPoint(x, top + ((bottom - top) * (n + 0.5)) / steps);
            const over = bands.filter((band) => band.isPointInFill(point)).map((band) => band.style.fill);
            if (over.length !== 1) faults.push([x, point.y, over]);
            for (const tint of over) shares[tint] = (shares[tint] ?? 0) + 1 / steps;
        }
        return {shares, faults};
    });
}"""
"""Goes up the chart at some places: the share of each fill, and where there is not just one."""


def test_the_bands_of_the_chart_fill_it_and_measure_the_land(visit, exported, page):
    tab = visit(exported + ON_DAY).page
    chart = tab.locator(".chart").bounding_box()
    content = tab.evaluate("Content.read().areas")
    families = {name: polity.family for name, polity in page.atlas.holdings.polities.items()}
    sizes = {area["id"]: area["km2"] for area in content if area["role"] == "subject"}
    assert chart
    days = ["1700-01-01", "1856-01-01", "1859-06-01", "1862-01-01", "1890-01-01", "1915-01-01", "1940-01-01"]
    at = []
    for day in days:
        tab.locator("#date-field").fill(day)
        assert shown_day(tab) == day
        at.append(now(tab) - chart["x"])
    for day, found in zip(days, tab.evaluate(BANDS, at), strict=True):
        assert len(found["faults"]) <= 6, (day, found["faults"])  # rows on an edge between two bands
        held = [(size, page.atlas.holdings.on(area, date.fromisoformat(day))) for area, size in sizes.items()]
        wanted: dict[str, float] = {}
        for size, holding in held:
            tints = {families[name] for name in (*holding.holders, *holding.claimants)}
            plain = len(tints) == 1 and holding.status != "undelimited"
            look = f"var(--{tints.pop()})" if plain else "pattern"
            wanted[look] = wanted.get(look, 0) + size / sum(sizes.values())
        drawn: dict[str, float] = {}
        for tint, share in found["shares"].items():
            look = tint if tint.startswith("var(") else "pattern"
            drawn[look] = drawn.get(look, 0) + share
        for look in wanted.keys() | drawn.keys():
            assert drawn.get(look, 0) == pytest.approx(wanted.get(look, 0), abs=0.015), (day, look)
    ends = """() => [...document.querySelectorAll('.band')].map((band) => band.getBBox())
        .map((box) => [box.x, box.x + box.width])"""
    lefts, rights = zip(*tab.evaluate(ends), strict=True)
    assert min(lefts) == pytest.approx(10, abs=1)
    assert max(rights) == pytest.approx(chart["width"] - 10, abs=1)


def test_the_line_of_the_date_stands_at_the_tick_of_its_act(visit, exported, page):
    tab = visit(exported).page
    press(tab, "Home")
    places = []
    acts = sorted((act for act in page.atlas.acts if act.date), key=lambda act: act.date.start)
    for act in acts[::4]:
        tab.locator("#date-field").fill(str(act.date.start))
        tick, _ = middle(tab.locator(f".chart .tick[data-act={act.id}]"))
        assert now(tab) == pytest.approx(tick, abs=1), act.id
        places.append(tick)
    assert places == sorted(places)
    tab.set_viewport_size({"width": 390, "height": 844})
    until(
        tab,
        """(act) => {
            const [now, tick] = ['.now', `.tick[data-act=${act}]`]
                .map((one) => document.querySelector(`.chart ${one}`).getBoundingClientRect());
            return tick.right < 390 && Math.abs(now.left + now.width / 2 - tick.left - tick.width / 2) < 1;
        }""",
        acts[::4][-1].id,
    )


def test_a_press_on_the_chart_goes_to_that_day_and_on_a_tick_to_its_act(visit, exported):
    tab = visit(exported + ON_DAY).page
    x, y = middle(tab.locator(".tick[data-act=hunchun-1886]"))
    tab.mouse.click(x, y)
    expect(tab.locator("#card h2")).to_have_text("Hunchun (Novokiyevsk) protocols")
    assert shown_day(tab) == "1886-07-04"
    box = tab.locator(".chart").bounding_box()
    assert box
    tab.mouse.click(x + 100, box["y"] + box["height"] - 20)
    assert now(tab) == pytest.approx(x + 100, abs=1)
    day = date.fromisoformat(shown_day(tab))
    assert date(1886, 7, 4) + timedelta(days=365) < day < date(1950, 1, 1)


# In the dashboard


def test_the_dashboard_keeps_the_date_in_its_address_and_a_reload_restores_it(visit, dashboard):
    tab = visit(f"{dashboard}?date={DAY}").page

    def shows(day: str) -> None:
        frame = tab.frame_locator('iframe[title="Map and article"]')
        expect(frame.locator("#dateline .day")).to_have_text(day, timeout=30_000)

    shows("1 June 1859")
    assert "date=1859-06-01" in tab.url
    frame = tab.frame_locator('iframe[title="Map and article"]')
    frame.locator("#later").click()
    expect(tab).to_have_url(re.compile(r"\?date=1860-11-14$"))
    frame.locator("#date-slider").press("Shift+ArrowRight")
    expect(tab).to_have_url(re.compile(r"\?date=1860-11-15$"))
    tab.reload()
    shows("15 November 1860")
    assert "date=1860-11-15" in tab.url
    tab.frame_locator('iframe[title="Map and article"]').locator("#all-dates").click()
    expect(tab).to_have_url(dashboard)
