"""A browser that may ask nothing of the network, the exported file, and a running dashboard."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from geo.page import Page as AtlasPage
from geo.view import View
from tests.browser.waiting import until

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
expect.set_options(timeout=20_000)  # a machine at work on something else may need more than the usual five
_MADE = "() => !document.querySelector('meta[name=atlas-view]') || Boolean(window.Atlas)"
"""The page may have a language to unpack, and shows its map before it makes the rest."""
_FOLLOWED = """() => window.Atlas && new Promise((done) => {
  Pace.afterPaint(() => Pace.afterPaint(() => Pace.afterPaint(done)));
})"""
"""The card of what is selected follows the first picture, and the flight to it the card."""
_LOCAL = ("file:", "data:", "blob:", "about:")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Visit:
    """A page in the browser, with every request it made and every error it printed."""

    def __init__(self, page: Page, allowed: str) -> None:
        self.page = page
        self.outside: list[str] = []
        self.errors: list[str] = []
        self._allowed = (*_LOCAL, *((allowed, allowed.replace("http", "ws")) if allowed else ()))
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._watch(request.url))
        page.on("websocket", lambda websocket: self._watch(websocket.url))
        page.route("**/*", self._refuse)

    def _watch(self, url: str) -> None:
        if not url.startswith(self._allowed):
            self.outside.append(url)

    def _refuse(self, route: Route) -> None:
        if route.request.url.startswith(self._allowed):
            route.continue_()
        else:
            route.abort()


def installed_browser() -> str | None:
    """Return the path of a Chromium of the system; None for the one that Playwright brings."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed_browser(), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open an address; at the end of the test, no request may have gone out and no error been printed."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_address(address: str, *, width: int = 1440, height: int = 900, **options: object) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            reduced_motion=options.pop("reduced_motion", "reduce"),
            accept_downloads=True,
            **options,
        )
        contexts.append(context)
        allowed = "/".join(address.split("/")[:3]) if address.startswith("http") else ""
        made = Visit(context.new_page(), allowed)
        made.page.goto(address)
        until(made.page, _MADE)
        made.page.evaluate(_FOLLOWED)
        visits.append(made)
        return made

    yield open_address
    found = [(made.outside, made.errors) for made in visits]
    for context in contexts:
        context.close()
    assert found == [([], [])] * len(found)


@pytest.fixture(scope="session")
def exported(page: AtlasPage, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the exported file."""
    path = tmp_path_factory.mktemp("export") / "atlas.html"
    path.write_bytes(page.document(View()).encode())
    return path.as_uri()


@pytest.fixture(scope="session")
def start_dashboard() -> Iterator[Callable[..., str]]:
    """Start a dashboard with the given arguments and environment; return its address."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, log: Path | None = None, **environment: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
        command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--", *arguments]
        with Path(log or os.devnull).open("wb") as out:
            running.append(
                subprocess.Popen(
                    command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=out, env=os.environ | environment
                )
            )
        address = f"http://127.0.0.1:{port}/"
        _wait_until_healthy(address + "_stcore/health", running[-1])
        return address

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, "the dashboard stopped at its start"
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            process.poll()
    pytest.fail(f"the dashboard did not answer within {START_SECONDS} s")


@pytest.fixture(scope="session")
def dashboard(start_dashboard: Callable[..., str]) -> str:
    """Return the address of a dashboard with our own account."""
    return start_dashboard()
