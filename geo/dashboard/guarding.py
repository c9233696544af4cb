"""The door of the dashboard: who may ask it, what, how much, and what a browser may do with the answers.

Streamlit serves; this stands before it, so that no proxy is needed for it. What is refused leaves one line
in the log: a reason, and nothing that the other side sent.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit import runtime

from geo.dashboard.hastening import PUBLISHED, base_path
from geo.dashboard.refusing import note_refusal
from geo.page import Page

LOCAL = ("localhost", "127.0.0.1", "::1")
"""The names under which the dashboard answers where ``server.allowedHosts`` gives none."""

SESSION_BYTES = 60_000_000
"""What one session may hold of files that it brought: an article, a gazetteer, marks, and as much again."""

ALL_BYTES = 600_000_000
"""What all sessions may hold together."""

_DRAINED = 25_000_000
"""More than one file may have by ``server.maxUploadSize``."""

_CORE = {"health", "host-config", "upload_file", "stream", "bidi-components"}
"""What is open below ``_stcore``; closed are the metrics, the agent endpoints and whatever comes new."""

_UPLOADS = "/_stcore/upload_file/"

_HEALTH = "/_stcore/health"
"""Answers under any name, as what watches over servers asks them by their number."""

_CLOSED = ("/auth/", "/oauth2callback", "/component/")
"""Nobody signs in here, and no component has files of its own."""

_UNUSED = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation"),
    *("gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
"""What neither the dashboard nor the page ever asks a browser for."""

_MEDIA = "default-src 'none'; sandbox"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def dashboard_policy(page: Page | None, opening: str = "") -> str:
    """Return the content security policy of the dashboard.

    Its frame is held to this policy too, as it is written by ``srcdoc``; so the scripts of our documents
    are in it, by their hash.

    Parameters
    ----------
    page : Page or None
        It makes the documents; None where the data cannot be used and there are none.
    opening : str
        The page of the dashboard; Streamlit's own where it is left out.
    """
    scripts, hosts = page.allowances() if page else ((), ())
    allowed = {
        "default-src": "'none'",
        # A component of Streamlit's second kind is a script that Streamlit makes: hence blob.
        "script-src": f"'self' blob: {' '.join((*_inline_scripts(opening), *scripts))}",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
        "img-src": f"'self' data: blob: {' '.join(hosts)}".strip(),
        "connect-src": "'self'",
        "frame-src": "'none'",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {values}" for name, values in allowed.items())


def _inline_scripts(opening: str) -> list[str]:
    """Return the hashes of the scripts that stand in the dashboard's page; a new release brings others."""
    html = opening or (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    texts = re.findall(r"<script>(.*?)</script>", html, re.S)
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


class Guard:
    """Stands before Streamlit; an ASGI middleware.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    policy : str
        The content security policy, as `dashboard_policy` writes it.
    early : str
        What the browser is to ask for at once, as `geo.dashboard.hastening.early` writes it.
    """

    def __init__(self, app: App, policy: str, early: str = "") -> None:
        self._app, self._early = app, early
        headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "no-referrer",
            "permissions-policy": ", ".join(f"{name}=()" for name in _UNUSED),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }
        self._headers = {name.encode(): value.encode() for name, value in headers.items()}
        self._arriving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        sent = Counter(name for name, _ in scope["headers"])
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        path = str(scope["path"]).removeprefix(base_path())
        known = sent[b"host"] == 1 and is_host(headers[b"host"])
        if not known and path != _HEALTH:
            told = "The atlas does not answer under this name; server.allowedHosts names those that it knows."
            await self._refuse(scope, send, 403, "host", "host-unknown", told)
        elif scope["type"] == "websocket" and not _is_same_origin(headers):
            await self._refuse(scope, send, 403, "socket", "origin-foreign")
        elif _is_closed(path):
            await self._refuse(scope, send, 404, "endpoint", "endpoint-closed", "There is nothing here.")
        elif scope["type"] == "http" and scope["method"] not in _methods(path):
            await self._refuse(scope, send, 405, "method", "method-closed")
        elif scope["type"] == "http" and scope["method"] == "PUT":
            await self._take(scope, receive, send, path, headers)
        else:
            await self._app(scope, receive, self._with_headers(send, path))

    async def _take(
        self, scope: Scope, receive: Receive, send: Send, path: str, headers: Mapping[bytes, str]
    ) -> None:
        """Let a file in, if it says how large it is and the session has room for it."""
        session = path.removeprefix(_UPLOADS).partition("/")[0]
        length = headers.get(b"content-length", "")
        if not re.fullmatch(r"[0-9]{1,12}", length):
            await self._refuse(scope, send, 411, "upload", "upload-unmeasured", "How large is it?")
            return
        size = int(length)
        held, of_session = held_bytes(session)
        if of_session + self._arriving[session] + size > SESSION_BYTES:
            await _drain(receive, size)
            told = f"One session may bring {SESSION_BYTES // 1_000_000} MB; reload the page to begin anew."
            await self._refuse(scope, send, 429, "upload", "upload-over-session-budget", told)
        elif held + self._arriving.total() + size > ALL_BYTES:
            await _drain(receive, size)
            told = "The atlas holds as many files as it can; try again later."
            await self._refuse(scope, send, 429, "upload", "upload-over-budget", told)
        else:
            self._arriving[session] += size
            try:
                await self._app(scope, receive, self._with_headers(send, path))
            finally:
                self._arriving[session] -= size
                self._arriving += Counter()  # forgets who has nothing under way

    def _with_headers(self, send: Send, path: str) -> Send:
        ours = dict(self._headers)
        # What is downloaded, or written into a frame, is never opened as a page of ours.
        if path.startswith(("/media/", PUBLISHED)):
            ours[b"content-security-policy"] = _MEDIA.encode()
        if path == "/" and self._early:
            ours[b"link"] = self._early.encode()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                theirs = [pair for pair in message.get("headers", ()) if pair[0].lower() not in ours]
                message = {**message, "headers": [*theirs, *ours.items()]}
            await send(message)

        return send_with_headers

    async def _refuse(
        self, scope: Scope, send: Send, status: int, what: str, reason: str, told: str = ""
    ) -> None:
        note_refusal(what, reason)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        body = told.encode()
        headers = [
            *((b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))),
            # What was sent along is not read, so nothing more can be understood on this connection.
            *((b"cache-control", b"no-store"), (b"connection", b"close")),
        ]
        answer = self._with_headers(send, "")
        await answer({"type": "http.response.start", "status": status, "headers": headers})
        await answer({"type": "http.response.body", "body": body})


def is_host(host: str) -> bool:
    """Return whether the dashboard answers under a name: one of ``server.allowedHosts``, or a local one.

    A page elsewhere whose name is made to lead here (DNS rebinding) stays outside by this.

    Parameters
    ----------
    host : str
        As a request gives it, with or without a port.

    Examples
    --------
    >>> [is_host(host) for host in ("LOCALHOST:8501", "[::1]", "evil.example", "localhost@evil.example")]
    [True, True, False, False]
    """
    if not re.fullmatch(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", host):
        return False
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    known = [str(each).strip().lower().rstrip(".") for each in st.get_option("server.allowedHosts") or LOCAL]
    return any(
        each == "*" or name == each.strip("[]") or (each.startswith("*.") and name.endswith(each[1:]))
        for each in known
    )


def held_bytes(session: str) -> tuple[int, int]:
    """Return how many bytes of files Streamlit holds, for all sessions and for one."""
    files = runtime.get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    held = {
        owner: sum(len(file.data) for file in tuple(brought.values()))
        for owner, brought in tuple(files.items())
    }
    return sum(held.values()), held.get(session, 0)


async def _drain(receive: Receive, size: int) -> None:
    """Let a body run dry, so that the browser listens to the answer; not one that is too large anyway."""
    while size < _DRAINED and (await receive()).get("more_body"):
        pass


def _is_same_origin(headers: Mapping[bytes, str]) -> bool:
    """Return whether a page of this very address asks, port included, or no browser at all."""
    origin = headers.get(b"origin")
    return origin is None or origin.partition("://")[2].lower() == headers[b"host"].lower()


def _methods(path: str) -> tuple[str, ...]:
    return ("PUT", "DELETE", "OPTIONS") if path.startswith(_UPLOADS) else ("GET", "HEAD")


def _is_closed(path: str) -> bool:
    core, _, rest = path.partition("/_stcore/")
    if rest:
        return core != "" or rest.split("/")[0] not in _CORE
    return path.startswith(_CLOSED)
