"""Waiting for what a page will show, frame by frame."""

from __future__ import annotations

from time import monotonic
from typing import Any

_LONGEST = 10.0
SETTLED = "() => performance.now() > performance.getEntriesByType('navigation')[0].loadEventEnd + 600"
"""After it is laid out, the map puts itself right for a third of a second."""


def until(tab: Any, predicate: str, arg: Any = None) -> None:
    """Wait until a function of the page is true; Playwright's own waiting evals, which the policy forbids."""
    end = monotonic() + _LONGEST
    while not tab.evaluate(predicate, arg):
        assert monotonic() < end, f"never true: {predicate}"
        tab.evaluate("() => new Promise((done) => setTimeout(done, 20))")
