"""WebKit, the engine of Safari: its small browser, driven by WebDriver on a screen that nobody sees.

It is in Debian's ``webkit2gtk-driver``, the screen in ``xvfb``.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.bench.serving import free_port

_BROWSER = next(iter(sorted(Path("/usr").glob("lib/*/webkit2gtk-4.*/MiniBrowser"))), None)
_TOOLS = [shutil.which("WebKitWebDriver"), shutil.which("Xvfb"), _BROWSER]
INSTALLED = None not in _TOOLS

# Drawing without a graphics card, and no cage of its own inside that of the machine.
_ENVIRONMENT = {
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "NO_AT_BRIDGE": "1",
    "PATH": "/usr/bin:/bin",
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
}
_WATCH = """<script>
window.broken = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) => {
  broken.push(`${violatedDirective} ${sample}`);
});
</script>"""


class WebKit:
    """One window of WebKit's small browser; a context manager.

    Whatever it would ask of the network goes to a proxy that only counts.

    Parameters
    ----------
    folder : Path
        An empty folder, for its profile and the pages.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._screen.stdout is not None
        display = f":{self._screen.stdout.readline().strip()}"
        home = {name: str(folder) for name in ("HOME", "XDG_RUNTIME_DIR")}
        port = free_port()
        self._driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"],
            env=_ENVIRONMENT | home | {"DISPLAY": display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._proxy = socket.create_server(("127.0.0.1", 0))
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        proxy = f"127.0.0.1:{self._proxy.getsockname()[1]}"
        wanted = {
            "webkitgtk:browserOptions": {"binary": str(_BROWSER), "args": ["--automation"]},
            "proxy": {"proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy},
        }
        self._until_it_listens()
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{session['sessionId']}"

    def __enter__(self) -> WebKit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()
        self._proxy.close()
        for process in (self._driver, self._screen):
            process.terminate()
            process.wait(timeout=20)
        self._screen.stdout.close()  # type: ignore[union-attr]

    def show(self, document: str) -> None:
        """Show a page from a file, with its violations watched from before its policy applies."""
        path = self._folder / "page.html"
        before, policy, after = document.partition('<meta http-equiv="Content-Security-Policy"')
        path.write_text(before + _WATCH + policy + after, "utf-8")
        self._ask("POST", f"{self._session}/url", {"url": path.as_uri()})

    def run(self, script: str) -> Any:
        """Return what an expression of JavaScript gives, or what it promises, in the page."""
        body = f"const done = arguments[arguments.length - 1]; Promise.resolve({script}).then(done, done)"
        return self._ask("POST", f"{self._session}/execute/async", {"script": body, "args": []})

    def heard(self, within: float) -> bool:
        """Return whether anything was asked of the network, or is within some seconds."""
        self._proxy.settimeout(within)
        try:
            self._proxy.accept()[0].close()
        except TimeoutError:
            return False
        return True

    def _until_it_listens(self) -> None:
        while self._driver.poll() is None:
            try:
                self._line.connect()
                return
            except ConnectionRefusedError:
                self._line.close()
        raise OSError("the driver of WebKit stopped at its start")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        self._line.request(method, path, None if body is None else json.dumps(body))
        answer = json.loads(self._line.getresponse().read())["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer
