"""How long the page keeps a reader waiting for the next picture: ``python -m tests.bench.interaction``.

The exported file in Chromium, its processor slowed down four times, as on a plain phone. Each act of a reader
is done by real clicks, and measured by the browser's own Event Timing: from the hand to the next paint.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from geo.page import Page
from geo.reading import load_atlas
from geo.view import View

ROOT = Path(__file__).parents[2]
GOOD = 200
"""Milliseconds under which an interaction is good (Interaction to Next Paint, web.dev/inp)."""
SLOWED = 4
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
HEAD = "| | rounds | p50 ms | p75 ms | most ms |\n| --- | --- | --- | --- | --- |"

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


@dataclass(frozen=True, slots=True)
class Waits:
    """How long each round of an act took, in milliseconds, in steps of eight."""

    act: str
    times: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """Return the wait that a share of all rounds does not pass."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def row(self) -> str:
        """Return a line of the table."""
        middle = statistics.median(self.times)
        slow = f"{self.quantile(0.75):.0f} | {max(self.times):.0f}"
        return f"| {self.act} | {len(self.times)} | {middle:.0f} | {slow} |"


@contextmanager
def _browser_page(size: str, slowed: int) -> Iterator[Tab]:
    installed = next(
        (
            path
            for name in ("chromium-headless-shell", "chromium", "chromium-browser")
            if (path := shutil.which(name))
        ),
        None,
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "atlas.html"
        path.write_bytes(Page(load_atlas()).document(View(date="1858-05-27")).encode())
        browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox", "--disable-gpu"]
        )
        width, height = SIZES[size]
        tab = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        ).new_page()
        tab.goto(path.as_uri())
        tab.locator(".leaflet-marker-icon").first.wait_for()
        tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        yield tab
        browser.close()


def measure(size: str, rounds: int, slowed: int = SLOWED) -> list[Waits]:
    """Do each act of a reader some times and return how long the next picture took.

    Parameters
    ----------
    size : str
        A key of `SIZES`.
    rounds : int
        Of each act.
    slowed : int
        How many times slower than it is the processor is made.
    """
    with _browser_page(size, slowed) as tab:
        tab.evaluate(_WATCH)
        found = []
        for act, do in ACTS.items():
            times = []
            for turn in range(rounds):
                do(tab, turn)
                times.append(float(tab.evaluate(_TOLD)))
            found.append(Waits(act, tuple(times)))
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 as exit status where a bar is missed."""
    asked = _parser().parse_args(arguments)
    missed = []
    print(f"Load {os.getloadavg()[0]:.1f}, processor slowed {asked.slowed} times.")
    for size in asked.sizes:
        print(f"\n{size}\n\n{HEAD}")
        for waits in measure(size, asked.rounds, asked.slowed):
            print(waits.row(), flush=True)
            if waits.quantile(0.75) > GOOD:
                missed.append(f"{size}, {waits.act}: {waits.quantile(0.75):.0f} ms")
    if asked.bars and missed:
        print(f"\nOver {GOOD} ms at p75: {'; '.join(missed)}")
    return int(asked.bars and bool(missed))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.interaction", description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="of each act")
    parser.add_argument("--slowed", type=int, default=SLOWED, help="times")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--bars", action="store_true", help="fail over 200 ms at p75")
    return parser


if __name__ == "__main__":
    sys.exit(main())
