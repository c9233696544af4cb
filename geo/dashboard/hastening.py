"""How the dashboard answers soon: bytes leave at once, and a browser asks early for what it will need.

The document that all readers open with has an address of its own, which holds its hash: browsers fetch it
while Streamlit starts in them, and keep it.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo import assets
from geo.page import Page
from geo.view import View

PUBLISHED = "/atlas/"
"""Below it the document has its address."""

_FOREVER = "public, immutable, max-age=31536000"

STREAMLIT = Path(st.__file__).parent / "static"
"""Streamlit's own page; its scripts are in ``static/js`` below."""


@asynccontextmanager
async def answering_at_once(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Let the server send each piece at once; a lifespan of the application.

    Streamlit listens on a socket that does not name its protocol, so asyncio leaves it with Nagle's
    algorithm: the second half of an answer waits until the browser has confirmed the first, 40 ms at times.
    A connection takes the option over from the socket that it came by.
    """
    loop = asyncio.get_running_loop()
    create = loop.create_server

    async def create_server(*args: Any, sock: socket.socket | None = None, **options: Any) -> Any:
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return await create(*args, sock=sock, **options)

    loop.create_server = create_server  # type: ignore[method-assign]
    yield {}


def base_path() -> str:
    """Return the path below which the dashboard answers, as ``server.baseUrlPath`` gives it, or nothing."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


class Published:
    """A document under an address that holds its hash; what is there never changes.

    Parameters
    ----------
    document : str
        As `geo.page.Page.document` returns it.
    """

    def __init__(self, document: str) -> None:
        self.body = document.encode()
        self._packed = gzip.compress(self.body, mtime=0)
        self._name = hashlib.sha256(self.body).hexdigest()[:32]
        self.address = f".{PUBLISHED}{self._name}"
        """Seen from the page of the dashboard."""

    def route(self) -> Route:
        """Return where the server finds it."""
        return Route(f"{base_path()}{PUBLISHED}{{name}}", self.answer)

    async def answer(self, request: Request) -> Response:
        """Return the document; for the script that asks for it, not to be opened by itself."""
        if request.path_params["name"] != self._name:
            return Response(status_code=404)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        return Response(
            self._packed if packed else self.body,
            media_type="text/plain",
            headers={"cache-control": _FOREVER, "vary": "accept-encoding"}
            | ({"content-encoding": "gzip"} if packed else {}),
        )


class Opening:
    """Streamlit's page with a script that opens the map while Streamlit starts.

    Parameters
    ----------
    address : str
        Of the document, as `Published` has it.
    """

    def __init__(self, address: str) -> None:
        script = f"{assets.script('frame.js')}\n{assets.script('early.js')}".replace("ADDRESS", address)
        written = (STREAMLIT / "index.html").read_text("utf-8")
        # In a function, so that its names are no others' in the page.
        self.html = written.replace("</body>", f"<script>(() => {{{script}}})();</script></body>")

    async def answer(self, _request: Request) -> Response:
        """Return the page, to be asked for anew each time, as Streamlit has it."""
        return Response(self.html, media_type="text/html", headers={"cache-control": "no-cache"})

    def route(self) -> Route:
        """Return where the server finds it."""
        return Route(f"{base_path()}/", self.answer)


@cache
def publish(page: Page) -> Published:
    """Return the document that all readers open with, who brought nothing; it has no view in it."""
    return Published(page.document(View()))


def early(document: str = "") -> str:
    """Return the header by which a browser asks for things before it knows that it will need them.

    Those are the scripts by which Streamlit shows a component, which its page names only when one comes,
    and the document.

    Parameters
    ----------
    document : str
        Its address, as `Published` has it; nothing where readers open with another one.
    """
    links = [f"<./static/js/{name}>; rel=modulepreload; crossorigin" for name in component_scripts()]
    if document:
        links.append(f"<{document}>; rel=preload; as=fetch; crossorigin")
    return ", ".join(links)


def component_scripts() -> list[str]:
    """Return the files of the script that shows a component, and of what it imports and the page does not.

    A release of Streamlit that has no such script has none.
    """
    found = sorted(file.name for file in (STREAMLIT / "static" / "js").glob("BidiComponent.*.js"))
    named = (STREAMLIT / "index.html").read_text("utf-8")
    for name in found:
        text = (STREAMLIT / "static" / "js" / name).read_text("utf-8")
        imported = re.findall(r'\b(?:from|import)"\./([\w.-]+\.js)"', text)
        found += [each for each in imported if each not in found and each not in named]
    return found
