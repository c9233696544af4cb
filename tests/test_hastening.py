"""How the dashboard answers soon: each piece at once, one document for all, what a browser is told early."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket

import pytest
import streamlit as st
from starlette.requests import Request

from geo.dashboard import hastening
from geo.dashboard.hastening import (
    PUBLISHED,
    STREAMLIT,
    Opening,
    Published,
    answering_at_once,
    base_path,
    component_scripts,
    early,
)
from tests.finishing import finish


def answer(published: Published, name: str, encoding: str = ""):
    headers = [(b"accept-encoding", encoding.encode())] if encoding else []
    scope = {"type": "http", "headers": headers, "path_params": {"name": name}}
    return finish(published.answer(Request(scope)))


def test_a_connection_sends_each_piece_at_once_also_by_a_socket_that_names_no_protocol():
    async def option() -> int:
        loop = asyncio.get_running_loop()
        found = loop.create_future()

        class Server(asyncio.Protocol):
            def connection_made(self, transport):
                taken = transport.get_extra_info("socket")
                found.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        with socket.socket(socket.AF_INET) as listening:  # as Streamlit makes it
            listening.bind(("127.0.0.1", 0))
            async with (
                answering_at_once(None),
                await loop.create_server(Server, sock=listening),
            ):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                writer.close()
                return await found

    assert finish(option()) == 1


def test_a_server_by_a_name_and_a_port_is_left_as_it_is():
    async def listen() -> int:
        async with answering_at_once(None):
            loop = asyncio.get_running_loop()
            async with await loop.create_server(asyncio.Protocol, "127.0.0.1", 0) as server:
                return len(server.sockets)

    assert finish(listen()) == 1


def test_the_document_is_under_its_hash_for_ever_and_nothing_is_under_another():
    document = "<p>Владивосток</p>"
    published = Published(document)
    name = published.address.removeprefix(f".{PUBLISHED}")
    assert re.fullmatch(r"[0-9a-f]{32}", name)
    assert Published(document + " ").address != published.address
    plain, packed = answer(published, name), answer(published, name, "br, gzip")
    assert plain.body.decode() == gzip.decompress(packed.body).decode() == document
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    for each in (plain, packed):
        assert each.headers["content-type"].startswith("text/plain")
        assert "immutable" in each.headers["cache-control"]
        assert each.headers["vary"] == "accept-encoding"
    lost = answer(published, "0" * 32)
    assert (lost.status_code, lost.body, "cache-control" in lost.headers) == (404, b"", False)


def test_below_a_base_path_the_document_is_below_it_too(monkeypatch):
    assert Published("x").route().path == "/atlas/{name}"
    monkeypatch.setattr(st, "get_option", lambda name: "maps/" if name == "server.baseUrlPath" else None)
    assert base_path() == "/maps"
    assert Published("x").route().path == "/maps/atlas/{name}"


def test_the_scripts_for_a_component_are_found_in_streamlit_and_are_not_those_of_its_page():
    found = component_scripts()
    assert found[0].startswith("BidiComponent.")
    assert len(found) == len(set(found)) > 1
    page = (STREAMLIT / "index.html").read_text("utf-8")
    for name in found:
        assert (STREAMLIT / "static" / "js" / name).is_file()
        assert name not in page


def test_what_imports_what_is_followed_once_and_not_found_is_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(hastening, "STREAMLIT", tmp_path)
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<link href="./static/js/react.js">')
    assert component_scripts() == []
    (scripts / "BidiComponent.A.js").write_text(
        'import{r}from"./react.js";import"./b.js";import("./later.js")'
    )
    (scripts / "b.js").write_text('import{x as y}from"./BidiComponent.A.js";import{c}from"./c.js"')
    (scripts / "c.js").write_text("")
    assert component_scripts() == ["BidiComponent.A.js", "b.js", "c.js"]


@pytest.mark.parametrize("document", ["", "./atlas/0"])
def test_a_browser_is_told_of_the_document_only_where_it_is_opened(document):
    links = early(document).split(", ")
    assert [link for link in links if "preload; as=fetch" in link] == (
        ["<./atlas/0>; rel=preload; as=fetch; crossorigin"] if document else []
    )
    assert "rel=modulepreload" in links[0]


def test_the_page_is_streamlits_with_one_script_more_at_its_end():
    opening = Opening("./atlas/0")
    before, after = (STREAMLIT / "index.html").read_text("utf-8").split("</body>")
    assert opening.html.startswith(before)
    assert opening.html.endswith(f"</body>{after}")
    added = opening.html.removeprefix(before).removesuffix(f"</body>{after}")
    assert re.fullmatch(r"<script>\(\(\) => \{.*\}\)\(\);</script>", added, re.S)
    assert '"./atlas/0"' in added
    assert "ADDRESS" not in added
    assert opening.route().path == "/"
