"""``python -m tests.bench.browsing [--quick]``: our file and dashboard beside what people would use instead.

All show the same geometry and the same account in one browser, in turn in every round, so that other load
on the machine meets all alike. The file stands beside a page written by hand with Leaflet alone; the
dashboard beside st_folium as people write it, st_folium tuned, leafmap and a script that only says a word.
The peers live in an environment of their own; what they ask of the network is played to them from this
machine at once.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Frame, sync_playwright
from playwright.sync_api import Error as BrowserError

from geo.page import Page as AtlasPage
from geo.reading import load_usable
from tests.bench import cdn
from tests.bench.measuring import PYTHON, Part, Result, cell, peers_python, spreads, table
from tests.bench.serving import Server
from tests.bench.subjects import (
    BARE,
    DASHBOARD,
    FILE,
    HAND,
    INSTALLED,
    STREAMLIT,
    Subject,
    served,
    write_files,
    write_material,
)
from tests.browser.conftest import QUIET, installed_browser

_WATCHING = (Path(__file__).with_name("watching.js")).read_text("utf-8")
_THROTTLE = 4
_WAIT = 30
_CLICKS = 200
_OPENINGS = 5
_PLACES = 8
_REST = 600
"""Milliseconds in which what came of a click has come to rest."""

Figures = dict[str, float]


class Visit:
    """A page that is open in the browser, and what it sent and asked for.

    Parameters
    ----------
    browser : Browser
        A context of its own is opened in it.
    subject : Subject
        What is opened.
    throttle : int
        How many times slower the processor is made.
    """

    def __init__(self, browser: Browser, subject: Subject, throttle: int = 1) -> None:
        self.subject = subject
        self.context = browser.new_context(viewport={"width": 1440, "height": 900})
        # The page watches itself from its first moment; what is asked of it later waits for its scripts.
        looked_for = json.dumps([subject.framed, subject.areas, subject.least])
        self.context.add_init_script(f"{_WATCHING}\nbench.open(...{looked_for});")
        self.page = self.context.new_page()
        self.sent: list[int] = []
        self.bytes = self.requests = self.outside = 0
        self.page.on("websocket", lambda socket: self._listen(socket))
        self.page.on("request", lambda _request: self._count())
        self.page.route(re.compile("^https://"), self._play)
        self._session = self.context.new_cdp_session(self.page)
        self._session.send("Network.enable")
        self._session.on("Network.loadingFinished", self._arrived)
        if throttle > 1:
            self._session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})

    def _count(self) -> None:
        self.requests += 1

    def _arrived(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _play(self, route: Any) -> None:
        self.outside += 1
        cdn.play(route)

    def _listen(self, socket: Any) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, lambda payload: self.sent.append(len(payload)))

    def open(self, address: str) -> float:
        """Go to an address; return the milliseconds until the map is painted and usable."""
        began = time.time() * 1000
        self.page.goto(address, wait_until="commit")
        return self.shown() - began

    def shown(self) -> float:
        """Wait until the map has its areas; return the moment, in milliseconds."""
        return float(self.frame.evaluate("() => window.benchOpened")["at"])

    @property
    def frame(self) -> Frame:
        """Return where the map is, or from where it can be looked at."""
        if not self.subject.framed:
            return self.page.main_frame
        until = time.monotonic() + _WAIT
        while time.monotonic() < until:
            for frame in self.page.frames[1:]:
                with suppress(BrowserError):
                    if frame.query_selector(".leaflet-container"):
                        return frame
            self.page.wait_for_timeout(5)
        raise TimeoutError(f"{self.subject.name} shows no map")

    def seen(self, selector: str, *, least: int = 0, most: int = 10**9) -> Figures:
        """Wait until so many of something are on the screen; return the moment, and how long it was blank."""
        frame = self.frame
        frame.evaluate(
            "([selector, least, most]) => bench.watch(selector, least, most)", [selector, least, most]
        )
        found: Figures = frame.evaluate("() => window.benchSeen")
        return found

    def count(self, selector: str) -> int:
        """Return how many of something are on the screen."""
        return int(self.frame.evaluate("(selector) => bench.seen(selector)", selector))

    def do(self, act: Callable[[], object], selector: str, *, least: int = 0, most: int = 10**9) -> Figures:
        """Do something and wait for what comes of it; return the milliseconds from the hand to the screen."""
        frame = self.frame
        asked = [selector, least, most]
        frame.evaluate("([selector, least, most]) => bench.watch(selector, least, most)", asked)
        return self._after(act, frame)

    def change(self, act: Callable[[], object], selector: str) -> float | None:
        """Do something; return the milliseconds until other things match, None where none come to."""
        frame = self.frame
        frame.evaluate("(selector) => bench.change(selector)", selector)
        self._forget_hand()
        act()
        found = frame.evaluate("() => window.benchSeen")
        return None if found is None else float(found["at"]) - self._hand()

    def move(self, act: Callable[[], object]) -> Figures:
        """Do something that moves the map; return the milliseconds until it has come to rest."""
        frame = self.frame
        frame.evaluate("() => bench.rest()")
        return self._after(act, frame)

    def saved(self, act: Callable[[], object]) -> float:
        """Do something that saves a file; return the milliseconds from the hand until the disk has it."""
        self._forget_hand()
        with self.page.expect_download() as waiting:
            act()
        waiting.value.path()
        return time.time() * 1000 - self._hand()

    def _after(self, act: Callable[[], object], frame: Frame) -> Figures:
        sent = len(self.sent)
        self._forget_hand()
        act()
        found = frame.evaluate("() => window.benchSeen")
        ms = found["at"] - self._hand()
        return {"ms": ms, "blank_ms": found["blank"], "sent_bytes": sum(self.sent[sent:])}

    def _forget_hand(self) -> None:
        for each in self.page.frames:
            with suppress(BrowserError):
                each.evaluate("() => { delete window.benchHand; }")

    def _hand(self) -> float:
        """Return the moment at which the reader's hand came down, in milliseconds."""
        hands = [
            each.evaluate("() => window.benchHand ?? null")
            for each in self.page.frames
            if not each.is_detached()
        ]
        return float(min(one for one in hands if one is not None))

    def long_tasks(self) -> Figures:
        """Return the longest task of the page so far, and how far its parts have shifted."""
        longest, shift = self.frame.evaluate("() => [Math.max(0, ...window.benchLong), window.benchShift]")
        return {"longest_task_ms": longest, "layout_shift": shift}

    def heap_mb(self) -> float:
        """Return what the page's scripts hold in memory after the garbage is collected, in megabytes."""
        self._session.send("HeapProfiler.collectGarbage")
        return float(self._session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def close(self) -> None:
        """Close the page."""
        self.context.close()


@contextmanager
def opened(browser: Browser, subject: Subject, throttle: int = 1) -> Iterator[Visit]:
    """Open a page, and close it at the end."""
    visit = Visit(browser, subject, throttle)
    try:
        yield visit
    finally:
        visit.close()


def try_out(visit: Visit, places: int = 1) -> dict[str, Figures]:
    """Return what each thing that a reader does takes, in milliseconds from the hand to the screen.

    Parameters
    ----------
    visit : Visit
        Where nothing has been done yet.
    places : int
        How many are clicked one after the other; of several the median counts.
    """
    subject, frame = visit.subject, visit.frame
    found: dict[str, Figures] = {}
    if subject.toggle:
        box, whole = frame.locator(subject.toggle).first, visit.count(subject.areas)
        found["layer off"] = visit.do(box.click, subject.areas, most=whole - 10)
        found["layer on"] = visit.do(box.click, subject.areas, least=whole - 3)
    if places > 1:
        found["place -> passage lit"] = click_places(visit, places)
    elif subject.places and subject.lit:
        mark = map_frame(visit).locator(subject.places).first
        found["place -> passage lit"] = visit.do(lambda: mark.click(force=True), subject.lit, least=1)
    if subject.passage:
        found["passage -> map at rest"] = visit.move(visit.frame.locator(subject.passage).first.click)
    return found


def map_frame(visit: Visit) -> Frame:
    """Return the frame that the map itself is in."""
    for frame in reversed(visit.page.frames):
        with suppress(BrowserError):
            if frame.query_selector(".leaflet-container"):
                return frame
    raise TimeoutError(f"{visit.subject.name} shows no map")


def click_places(visit: Visit, most: int) -> Figures:
    """Return the median of the milliseconds from a click on each place until other passages are lit."""
    found = []
    for mark in visit.frame.locator(visit.subject.places).all()[:most]:
        waited = visit.change(partial(mark.click, force=True), visit.subject.lit)
        found += [waited] if waited is not None else []
        visit.page.wait_for_timeout(_REST)
        visit.page.keyboard.press("Escape")  # our card would lie over the next place
        visit.page.wait_for_timeout(_REST)
    return {"ms": median(found)}


def drag(visit: Visit, seconds: float) -> Figures:
    """Return the frames a second while the slider over time moves with every one of them."""
    if visit.subject is not HAND:
        visit.frame.locator("#one-date").click()
    found: Figures = visit.frame.evaluate(
        "([selector, seconds]) => bench.drag(selector, seconds)", [visit.subject.slider, seconds]
    )
    return found


def openings(browser: Browser, files: dict[str, str], throttle: int, times: int) -> dict[str, Figures]:
    """Open our file and the one by hand in turn, each as often first; return the median of each."""
    found: dict[str, list[float]] = {}
    for number in range(times):
        for subject in (FILE, HAND) if number % 2 else (HAND, FILE):
            with opened(browser, subject, throttle) as visit:
                found.setdefault(subject.name, []).append(visit.open(files[subject.name]))
    return {name: {"ms": median(each)} for name, each in found.items()}


def look_at_file(
    browser: Browser, subject: Subject, address: str, throttle: int, *, quick: bool
) -> dict[str, Any]:
    """Return the figures of a file but for its opening, opened once."""
    with opened(browser, subject, throttle) as visit:
        visit.open(address)
        asked = visit.requests - 1
        figures: dict[str, Any] = try_out(visit, 2 if quick else _PLACES)
        figures["date drag"] = drag(visit, 0.3 if quick else 3)
        figures["page"] = visit.long_tasks() | {"requests": asked, "outside": visit.outside}
        if subject is FILE:
            figures |= look_at_ours(visit, clicks=3 if quick else _CLICKS)
        return figures


def look_at_ours(visit: Visit, clicks: int) -> dict[str, Figures]:
    """Return the figures of what only our page has; the memory over twice so many steps in time."""
    page, slider = visit.page, visit.page.locator("#date-slider")
    found = {}
    slider.focus()
    # The drag has ended today: the step leads to the act before.
    another = f"#date-slider:not([data-day='{slider.get_attribute('data-day')}'])"
    found["date step"] = visit.do(lambda: page.keyboard.press("ArrowLeft"), another, least=1)
    found["save -> file"] = {"ms": visit.saved(page.locator("#save").click)}
    before = visit.heap_mb()
    slider.focus()
    for _ in range(clicks):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowRight")
    found["memory"] = {"before_mb": before, "after_mb": visit.heap_mb(), "steps": 2 * clicks}
    page.locator("#search-box").focus()
    results = "#search-list [role=option]"
    found["search key -> results"] = visit.do(lambda: page.keyboard.press("v"), results, least=1)
    page.keyboard.press("Escape")
    page.locator("#lang").focus()
    found["another language"] = visit.do(lambda: page.keyboard.press("ArrowDown"), "html[lang=ru]", least=1)
    return found


def look_at_dashboard(browser: Browser, subject: Subject, python: Path, material: Path) -> dict[str, Any]:
    """Return the figures of something that a server serves, started for it."""
    with served(subject, python, material) as server:
        began = server.started * 1000
        if subject is BARE:
            return {**_bare(browser, server), "server": _rests(server)}
        with opened(browser, subject) as cold:
            cold.page.goto(server.address, wait_until="commit")
            figures: dict[str, Any] = {"start -> first map": {"ms": cold.shown() - began}}
            figures["server"] = _rests(server)
        with opened(browser, subject) as visit:
            figures["warm load"] = {"ms": visit.open(server.address)}
            figures["load"] = {
                "requests": visit.requests,
                "bytes": visit.bytes + sum(visit.sent),
                "outside": visit.outside,
            }
            visit.page.wait_for_timeout(1500)
            used = server.processor_seconds()
            figures |= try_out(visit)
            figures["server"]["cpu_s"] = server.processor_seconds() - used
            figures["page"] = visit.long_tasks()
            figures["cached load"] = {"ms": visit.open(server.address)}
        return figures


def _bare(browser: Browser, server: Server) -> dict[str, Figures]:
    found = {}
    for name in ("start -> first map", "warm load", "cached load"):
        with opened(browser, BARE) as visit:
            began = server.started * 1000 if name.startswith("start") else time.time() * 1000
            visit.page.goto(server.address, wait_until="commit")
            if name == "cached load":
                visit.shown()
                began = time.time() * 1000
                visit.page.goto(server.address, wait_until="commit")
            found[name] = {"ms": visit.shown() - began}
    return found


def _rests(server: Server) -> Figures:
    return {"healthy_s": server.healthy_s, "memory_mb": server.megabytes()}


def measure(*, quick: bool, rounds: int) -> Result:
    """Return all figures: by contender, by what was done, of each round."""
    python = PYTHON if quick else peers_python(*INSTALLED)
    page = AtlasPage(load_usable())
    runs: dict[str, list[dict[str, Any]]] = {}
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        material = write_material(page, Path(name))
        files = write_files(page, material, Path(name))
        sizes = {
            label: Path(address.removeprefix("file://")).stat().st_size for label, address in files.items()
        }
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=list(QUIET))
        for _ in range(rounds):
            for throttle in (1,) if quick else (1, _THROTTLE):
                ready = openings(browser, files, throttle, 1 if quick else _OPENINGS)
                for subject in (FILE, HAND):
                    label = subject.name + (f", {throttle}x slower" if throttle > 1 else "")
                    look = look_at_file(browser, subject, files[subject.name], throttle, quick=quick)
                    runs.setdefault(label, []).append({"open -> usable": ready[subject.name]} | look)
            for subject in () if quick else (DASHBOARD, *STREAMLIT, BARE):
                where = PYTHON if subject is DASHBOARD else python
                runs.setdefault(subject.name, []).append(look_at_dashboard(browser, subject, where, material))
        browser.close()
    return {
        "bytes": sizes,
        "results": {label: gathered(rounds_of) for label, rounds_of in runs.items()},
    }


def gathered(rounds: Sequence[dict[str, Figures]]) -> dict[str, dict[str, dict[str, float]]]:
    """Return the spread of each figure over the rounds."""
    return {done: spreads([each[done] for each in rounds]) for done in rounds[0]}


_ACTS = ("open -> usable", "start -> first map", "warm load", "cached load", "layer off", "layer on")
OURS_ALONE = ("date step", "save -> file", "search key -> results", "another language")
_ACTS += ("place -> passage lit", "passage -> map at rest", *OURS_ALONE)
_ROWS = (
    *((act, act, "ms", 0, 1) for act in _ACTS),
    ("blank at a toggle, ms", "layer off", "blank_ms", 0, 1),
    ("sent at a toggle, kB", "layer off", "sent_bytes", 1, 1e3),
    ("frames a second in a drag", "date drag", "rate", 0, 1),
    ("frames late in a drag", "date drag", "dropped", 0, 1),
    ("longest task, ms", "page", "longest_task_ms", 0, 1),
    ("layout shift", "page", "layout_shift", 3, 1),
    ("requests", "load", "requests", 0, 1),
    ("of them to other hosts", "load", "outside", 0, 1),
    ("loaded, MB", "load", "bytes", 1, 1e6),
    ("server healthy, s", "server", "healthy_s", 2, 1),
    ("server's memory, MB", "server", "memory_mb", 0, 1),
    ("server's processor for all that was done, s", "server", "cpu_s", 2, 1),
    ("script memory before, MB", "memory", "before_mb", 1, 1),
    ("after so many steps in time", "memory", "steps", 0, 1),
    ("script memory after them, MB", "memory", "after_mb", 1, 1),
)
"""What a row says, what was done, which figure of it, its digits and unit."""


def report(result: Result) -> Iterator[str]:
    """Yield the figures as a table in Markdown."""
    yield "Milliseconds from the hand (or the start) to the screen, where nothing else is said."
    yield ""
    looks = result["results"].values()
    rows = (
        [title, *(cell(look.get(done, {}).get(key), digits, unit) for look in looks)]
        for title, done, key, digits, unit in _ROWS
    )
    yield from table(("", *result["results"]), (row for row in rows if any(row[1:])))
    yield ""
    yield "; ".join(f"{name}: {size / 1000:,.0f} kB" for name, size in result["bytes"].items()) + "."


PART = Part("browsing", __doc__, measure, report, packages=("folium", "playwright", *INSTALLED))

if __name__ == "__main__":
    sys.exit(PART.main())
