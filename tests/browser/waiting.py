"""Waiting for what a page will show, frame by frame."""

from __future__ import annotations

from time import monotonic
from typing import Any

_LONGEST = 10.0


def until(tab: Any, predicate: str, arg: Any = None) -> None:
    """Wait until a function of the page is true; Playwright's own waiting evals, which the policy forbids."""
    end = monotonic() + _LONGEST
    while not tab.evaluate(predicate, arg):
        assert monotonic() < end, f"never true: {predicate}"
        tab.evaluate("() => new Promise((done) => setTimeout(done, 20))")
