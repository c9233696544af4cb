"""How long the page keeps a reader waiting for the next picture: ``python -m tests.bench.interaction``.

The exported file in Chromium, its processor slowed down four times, as on a plain phone. Each act of a reader
is done by real clicks, and measured by the browser's own Event Timing: from the hand to the next paint.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from geo.page import Page
from geo.reading import load_atlas
from geo.view import View
from tests.bench.measuring import Part, Result, table
from tests.browser.conftest import QUIET, installed_browser

GOOD = 200
"""Milliseconds under which an interaction is good (Interaction to Next Paint, web.dev/inp)."""
SLOWED = 4
TURNS = 4
"""Of each act in a round."""
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}

_WATCH = """() => {
  window.slowest = new Map();
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId) slowest.set(interactionId, Math.max(slowest.get(interactionId) ?? 0, duration));
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}"""
# Two frames after the act its paint is over; what the browser then tells is of it. Nothing told: under 16 ms.
_TOLD = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))));
  const most = Math.max(0, ...slowest.values());
  slowest.clear();
  return most;
}"""


def _panel(tab: Tab, turn: int) -> None:
    tab.locator(f"#tab-{('mentions', 'disputed', 'sources', 'text')[turn % 4]}").click()


def _layer(tab: Tab, _: int) -> None:
    tab.locator("#tab-layers").evaluate("(tab) => tab.getClientRects().length && tab.click()")
    tab.locator("input[data-layer=areas]").click()


def _place(tab: Tab, turn: int) -> None:
    tab.locator("#tab-places").evaluate("(tab) => tab.getClientRects().length && tab.click()")
    tab.locator("#places tbody button").nth(turn % 8).click()


def _date(tab: Tab, _: int) -> None:
    tab.locator("#later").click()


ACTS: dict[str, Callable[[Tab, int], None]] = {
    "a layer off or on": _layer,
    "a step in time": _date,
    "a place": _place,
    "a panel": _panel,
}


def quantile(times: Sequence[float], part: float) -> float:
    """Return the wait that a part of all rounds does not pass."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@contextmanager
def _browser_page(size: str, slowed: int) -> Iterator[Tab]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "atlas.html"
        path.write_bytes(Page(load_atlas()).document(View(date="1858-05-27")).encode())
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=list(QUIET))
        width, height = SIZES[size]
        tab = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        ).new_page()
        tab.goto(path.as_uri())
        tab.locator(".leaflet-marker-icon").first.wait_for()
        tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        yield tab
        browser.close()


def _waits(size: str, rounds: int, slowed: int) -> dict[str, list[float]]:
    """Do each act of a reader some times and return how long the next picture took, in steps of 8 ms."""
    with _browser_page(size, slowed) as tab:
        tab.evaluate(_WATCH)
        found: dict[str, list[float]] = {}
        for act, do in ACTS.items():
            for turn in range(rounds):
                do(tab, turn)
                found.setdefault(act, []).append(float(tab.evaluate(_TOLD)))
        return found


def measure(*, quick: bool, rounds: int) -> Result:
    """Return how long each act of a reader kept it waiting, by screen."""
    sizes, slowed, turns = (("phone",), 2, rounds) if quick else (tuple(SIZES), SLOWED, TURNS * rounds)
    return {"slowed": slowed, "sizes": {size: _waits(size, turns, slowed) for size in sizes}}


def report(result: Result) -> Iterator[str]:
    """Yield the figures as tables in Markdown."""
    yield f"Processor slowed {result['slowed']} times."
    for size, acts in result["sizes"].items():
        yield ""
        heads = (", ".join((size, "{} × {}".format(*SIZES[size]))), "rounds", "p50 ms", "p75 ms", "most ms")
        yield from table(heads, (_row(act, times) for act, times in acts.items()))


def _row(act: str, times: Sequence[float]) -> list[str]:
    slow = (statistics.median(times), quantile(times, 0.75), max(times))
    return [act, str(len(times)), *(f"{each:.0f}" for each in slow)]


def bars(result: Result) -> list[str]:
    """Return the acts after which the next picture comes late."""
    return [
        f"{size}, {act}: {late:.0f} ms at p75, over {GOOD}"
        for size, acts in result["sizes"].items()
        for act, times in acts.items()
        if (late := quantile(times, 0.75)) > GOOD
    ]


PART = Part("interaction", __doc__, measure, report, bars, rounds=3, packages=("playwright",))

if __name__ == "__main__":
    sys.exit(PART.main())
