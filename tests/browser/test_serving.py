"""What a running dashboard answers, asked as anybody could, without a browser."""

from __future__ import annotations

import gzip
import http.client
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from geo.dashboard.guarding import SESSION_BYTES
from geo.view import View
from tests.bench.sessions import visiting
from tests.finishing import finish

LARGE = 19_000_000
NAMES = "127.0.0.1 map.example.org *.example.net"


@dataclass
class Server:
    """A dashboard of this test's own, and what it wrote into its log."""

    address: str
    log: Path

    @property
    def place(self) -> str:
        return urlsplit(self.address).netloc

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> tuple[int, dict, bytes]:
        """Return status, headers and body of the answer."""
        connection = http.client.HTTPConnection(self.place, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body or None, named)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def listen(self, **options: object) -> ClientConnection:
        address = f"ws://{self.place}/_stcore/stream"
        return connect(address, subprotocols=["streamlit"], max_size=None, max_queue=None, **options)

    def refusals(self) -> list[str]:
        """Return the lines without the time, which every one of them has."""
        lines = [line for line in self.log.read_text().splitlines() if "refused" in line]
        found = [
            re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]{12}Z WARNING (refused \w+: [a-z-]+)", line)
            for line in lines
        ]
        assert None not in found, lines
        return [match[1] for match in found if match]


@pytest.fixture(scope="module")
def server(start_dashboard: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Server:
    log = tmp_path_factory.mktemp("serving") / "log"
    return Server(start_dashboard(log=log, STREAMLIT_SERVER_ALLOWED_HOSTS=NAMES), log)


@pytest.fixture
def session(server: Server) -> Iterator[str]:
    """The id of a session that stays open."""
    with server.listen() as socket:
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        socket.send(asked.SerializeToString())
        while True:
            told = ForwardMsg()
            told.ParseFromString(socket.recv(timeout=30))
            if told.HasField("new_session"):
                yield told.new_session.initialize.session_id
                return


def test_the_page_of_the_dashboard_comes_with_the_headers_that_hold_a_browser(server):
    status, headers, body = server.ask("/")
    assert status == 200
    policy = {
        name: values for name, *values in map(str.split, headers["content-security-policy"].split("; "))
    }
    assert policy["default-src"] == policy["frame-ancestors"] == policy["form-action"] == ["'none'"]
    assert policy["connect-src"] == ["'self'"]
    assert len([value for value in policy["script-src"] if "sha256" in value]) > 4
    inline = re.findall(rb"<script>", body)
    assert len(inline) == 2  # Streamlit's, and ours that opens the map
    assert headers["cache-control"] == "no-cache"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert server.ask("/_stcore/health")[1]["content-security-policy"] == headers["content-security-policy"]


def test_the_document_has_an_address_that_the_page_names_early_and_opens_as_no_page(server, page):
    (address,) = re.findall(r"<\.(/atlas/\w+)>; rel=preload; as=fetch", server.ask("/")[1]["link"])
    status, headers, body = server.ask(address, accept_encoding="gzip")
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert gzip.decompress(body).decode() == page.document(View())
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in headers["cache-control"]
    assert server.ask(address[:-1])[::2] == (404, b"")
    assert server.ask(address, method="POST")[0] == 405


def test_a_foreign_host_gets_nothing(server):
    status, headers, body = server.ask("/?place=khabarovsk", host="evil.example")
    assert (status, headers["content-type"]) == (403, "text/plain; charset=utf-8")
    assert b"khabarovsk" not in body
    assert "refused host: host-unknown" in server.refusals()
    assert "evil.example" not in server.log.read_text()


@pytest.mark.parametrize("path", ["metrics", "agent/openapi.json", "script-health-check"])
def test_endpoints_that_nobody_here_needs_are_closed(server, path):
    assert server.ask(f"/_stcore/{path}")[0] == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_a_socket_of_another_page_is_refused(server, origin):
    with pytest.raises(InvalidStatus) as refused, server.listen(origin=origin):
        pass
    assert refused.value.response.status_code == 403
    assert "refused socket: origin-foreign" in server.refusals()
    assert "evil.example" not in server.log.read_text()


def test_a_socket_under_a_name_that_was_made_to_lead_here_is_refused(server):
    handshake = {"upgrade": "websocket", "connection": "Upgrade", "sec_websocket_version": "13"}
    evil = {"host": "evil.example", "origin": "http://evil.example", "sec_websocket_key": "A" * 22 + "=="}
    assert server.ask("/_stcore/stream", **handshake, **evil)[0] == 403


def test_a_socket_of_its_own_page_is_opened(server):
    with server.listen(origin=f"http://{server.place}") as socket:
        assert socket.subprotocol == "streamlit"


def upload(server: Server, session: str, name: str, content: bytes, **headers: str) -> int:
    """Upload a file as Streamlit's page does."""
    cookie = server.ask("/_stcore/health")[1]["set-cookie"].split(";")[0]
    boundary = "d9b2"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="../../{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    token = cookie.partition("=")[2]
    given = {"cookie": cookie, "x_xsrftoken": token, **headers}
    kind = f"multipart/form-data; boundary={boundary}"
    path = f"/_stcore/upload_file/{session}/{name}"
    return server.ask(path, "PUT", body, content_type=kind, **given)[0]


def test_a_session_that_brings_too_much_is_stopped_and_room_made_again_is_given(server, session):
    fits = SESSION_BYTES // LARGE
    assert [upload(server, session, f"{n}.txt", bytes(LARGE)) for n in range(fits)] == [204] * fits
    assert upload(server, session, "more.txt", bytes(LARGE)) == 429
    assert "refused upload: upload-over-session-budget" in server.refusals()
    cookie = server.ask("/_stcore/health")[1]["set-cookie"].split(";")[0]
    path = f"/_stcore/upload_file/{session}/0.txt"
    token = cookie.partition("=")[2]
    assert server.ask(path, "DELETE", cookie=cookie, x_xsrftoken=token)[0] == 204
    assert upload(server, session, "more.txt", bytes(LARGE)) == 204


def test_an_upload_from_another_page_or_to_no_session_is_refused(server, session):
    assert upload(server, session, "a.txt", b"x", x_xsrftoken="2|forged") == 403
    assert upload(server, "00000000-0000", "a.txt", b"x") == 400


def test_a_public_instance_needs_its_name_in_one_variable(server):
    hosts = ("map.example.org", "map.example.org:443", "a.example.net", "localhost", "example.net")
    assert [server.ask("/", host=host)[0] for host in hosts] == [200, 200, 200, 403, 403]


def test_what_watches_over_servers_may_ask_under_any_name(server):
    assert server.ask("/_stcore/health", host="10.0.0.7")[::2] == (200, b"ok")


def test_a_crash_tells_the_reader_nothing_and_the_log_where_it_was_without_what_was_sent(server):
    async def crash():
        async with visiting(server.address) as reader:
            await reader.open()
            await reader.set("Or paste its text", bytes_value=b"SECRET")  # no browser sends bytes

    with pytest.raises(OSError, match="redacted to prevent data leaks") as shown:
        finish(crash())
    assert not re.search(r"SECRET|Error\b.*:|Traceback|\.py|/", str(shown.value).partition("redacted")[2])
    log = server.log.read_text()
    assert re.search(r"Z ERROR failed script: script-crashed \(AttributeError at .*bringing\.py:\d+\)\n", log)
    assert "SECRET" not in log
    assert "Traceback" not in log
