"""Firefox, driven by its own remote protocol (WebDriver BiDi) without a driver beside it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from websockets.sync.client import connect

INSTALLED = shutil.which("firefox-esr") or shutil.which("firefox")

# Firefox asks for much by itself; nothing of it may look as if a page had asked.
_QUIET = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,none",
    "toolkit.telemetry.unified": False,
}
_WATCH = """() => {
  window.broken = [];
  addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) => {
    broken.push(`${violatedDirective} ${sample}`);
  });
}"""


class Firefox:
    """One window of Firefox; a context manager.

    Parameters
    ----------
    folder : Path
        An empty folder, for its profile.
    """

    def __init__(self, folder: Path) -> None:
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _QUIET.items())
        (folder / "user.js").write_text("\n".join(lines), "utf-8")
        command = [str(INSTALLED), "--headless", "--no-remote", "--profile", str(folder)]
        self._process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
        )
        assert self._process.stderr is not None
        ready = (re.search(r"listening on (ws://\S+)", line) for line in self._process.stderr)
        address = next(found[1] for found in ready if found)
        self._socket = connect(f"{address}/session", max_size=None, legacy=True)
        self._asked = 0
        self.requests: list[str] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["network.beforeRequestSent"])
        self._ask("script.addPreloadScript", functionDeclaration=_WATCH)
        self._window = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def __enter__(self) -> Firefox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=20)
        self._process.stderr.close()

    def open(self, address: str) -> None:
        """Open an address, and forget what was asked for before."""
        self.requests.clear()
        self._ask("browsingContext.navigate", context=self._window, url=address, wait="complete")

    def run(self, script: str, *, framed: bool = False) -> str:
        """Return the text that an expression of JavaScript gives, in the page or the first frame in it."""
        window = self._window
        if framed:
            window = self._ask("browsingContext.getTree", root=window)["contexts"][0]["children"][0][
                "context"
            ]
        answer = self._ask(
            "script.evaluate", expression=script, target={"context": window}, awaitPromise=True
        )
        return str(answer["result"]["value"])

    def _ask(self, method: str, **parameters: object) -> dict[str, Any]:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._socket.recv(timeout=60))
            if said.get("id") == self._asked:
                assert said["type"] == "success", said
                return dict(said["result"])
            if said.get("method") == "network.beforeRequestSent":
                self.requests.append(said["params"]["request"]["url"])
