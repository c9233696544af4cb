"""The door of the dashboard, asked directly; `tests/browser/test_serving.py` asks a running server."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit import runtime

from geo.dashboard import guarding, refusing
from geo.dashboard.guarding import ALL_BYTES, SESSION_BYTES, Guard, dashboard_policy, held_bytes, is_host
from geo.dashboard.refusing import note_error
from geo.errors import AtlasError
from geo.view import BASEMAPS, View
from tests.finishing import finish
from tests.unpacking import policy_of

ROOT = Path(__file__).parents[1]
UPLOAD = "/_stcore/upload_file/one/file"


async def nothing_more():
    return {"type": "http.request", "body": b"", "more_body": False}


class Door:
    """A guard before an application that says yes to everything, and keeps what it was asked."""

    def __init__(self) -> None:
        self.let_in: list[str] = []
        self.guard = Guard(self._app, "default-src 'none'")

    async def _app(self, scope, _receive, send):
        self.let_in.append(scope["path"])
        await send({"type": "http.response.start", "status": 204, "headers": [(b"Referrer-Policy", b"x")]})

    def ask(self, path="/", method="GET", kind="http", **headers):
        """Return the messages of the answer."""
        given = {"host": "localhost:8501", **headers}
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items() if value]
        sent = []

        async def send(message):
            sent.append(message)

        finish(
            self.guard({"type": kind, "method": method, "path": path, "headers": pairs}, nothing_more, send)
        )
        return sent


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def held(monkeypatch) -> Iterator[dict[str, dict[str, SimpleNamespace]]]:
    """The files that Streamlit holds, by session."""
    files: dict[str, dict[str, SimpleNamespace]] = {}
    running = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=files))
    monkeypatch.setattr(runtime, "get_instance", lambda: running)
    return files


def refusals(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "geo.dashboard.refusing"]


@pytest.mark.parametrize("host", ["localhost", "LocalHost:8501", "127.0.0.1:1", "[::1]:8501", "localhost."])
def test_the_dashboard_answers_under_local_names(door, host):
    assert door.ask(host=host)[0]["status"] == 204


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "evil.example:8501", "localhost@evil.example"),
        *("localhost/x", "localhost:x", "localhost:999999", "", "[::2]", "local\nhost", "?"),
    ],
)
def test_a_foreign_or_broken_host_is_refused_in_a_line_that_does_not_name_it(door, host, caplog):
    answer = door.ask(host=host)
    assert answer[0]["status"] == 403
    assert b"server.allowedHosts" in answer[1]["body"]
    assert door.let_in == []
    assert refusals(caplog) == ["refused host: host-unknown"]


def test_two_hosts_are_as_bad_as_none(door):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")] * 2}
    finish(door.guard(scope, None, send))
    assert sent[0]["status"] == 403


def test_the_names_can_be_set(monkeypatch):
    monkeypatch.setattr(guarding.st, "get_option", lambda _: ["Map.Example.org", "*.example.net"])
    assert [is_host(host) for host in ("map.example.org:443", "a.example.net")] == [True, True]
    assert not any(map(is_host, ("localhost", "example.net", "xmap.example.org", "badexample.net")))


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/_stcore/metrics",
            "/_stcore/agent/openapi.json",
            "/_stcore/agent",
            "/_stcore/script-health-check",
        ),
        *("/auth/login", "/oauth2callback", "/component/a/b", "/x/_stcore/metrics", "/_stcore/anything-new"),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_the_dashboard_does_not_need_is_closed(door, path, kind, caplog):
    answer = door.ask(path, kind=kind)
    assert answer[0].get("status", answer[0].get("code")) in (404, 1008)
    assert door.let_in == []
    assert refusals(caplog) == ["refused endpoint: endpoint-closed"]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        *(("/", method) for method in ("POST", "PUT", "DELETE", "TRACE", "OPTIONS", "X")),
        (UPLOAD, "POST"),
        (UPLOAD, "GET"),
    ],
)
def test_a_method_that_nothing_needs_is_refused(door, path, method, caplog):
    assert door.ask(path, method)[0]["status"] == 405
    assert door.let_in == []
    assert refusals(caplog) == ["refused method: method-closed"]


def test_below_a_base_path_the_same_is_open_and_closed(door, monkeypatch):
    monkeypatch.setattr(guarding.st, "get_option", {"server.baseUrlPath": "/atlas/"}.get)
    door.ask("/atlas/_stcore/health")
    door.ask("/atlas/_stcore/metrics")
    assert door.let_in == ["/atlas/_stcore/health"]


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        *(("http://localhost:8501", True), ("https://localhost:8501", True), ("", True)),
        *(("http://evil.example", False), ("null", False), ("http://localhost:3000", False)),
        ("http://localhost:8501.evil.example", False),
    ],
)
def test_only_a_page_of_this_address_opens_a_socket(door, origin, is_let_in, caplog):
    answer = door.ask("/_stcore/stream", kind="websocket", origin=origin)
    assert door.let_in == (["/_stcore/stream"] if is_let_in else [])
    if not is_let_in:
        assert answer == [{"type": "websocket.close", "code": 1008}]
        assert refusals(caplog) == ["refused socket: origin-foreign"]


def test_every_answer_has_the_headers_once_also_a_refusal(door):
    for answer in (door.ask(), door.ask("/_stcore/metrics")):
        names = [name.lower() for name, _ in answer[0]["headers"]]
        assert names.count(b"referrer-policy") == 1
        headers = dict(answer[0]["headers"])
        assert headers[b"referrer-policy"] == b"no-referrer"
        assert headers[b"content-security-policy"] == b"default-src 'none'"
        assert headers[b"x-content-type-options"] == b"nosniff"
    media = dict(door.ask("/media/file.html")[0]["headers"])
    assert media[b"content-security-policy"] == b"default-src 'none'; sandbox"


def test_a_session_brings_as_much_as_its_budget_and_not_a_byte_more(door, held, caplog):
    held["one"] = {"a": SimpleNamespace(data=bytes(1000))}
    assert door.ask(UPLOAD, "PUT", content_length=str(SESSION_BYTES - 1000))[0]["status"] == 204
    answer = door.ask(UPLOAD, "PUT", content_length=str(SESSION_BYTES - 999))
    assert answer[0]["status"] == 429
    assert b"60 MB" in answer[1]["body"]
    assert door.ask(UPLOAD.replace("one", "two"), "PUT", content_length="999")[0]["status"] == 204
    assert refusals(caplog) == ["refused upload: upload-over-session-budget"]


@pytest.mark.usefixtures("held")
def test_what_is_still_arriving_counts_and_is_forgotten_when_it_has_come(door):
    within = []

    async def slow(_scope, _receive, send):
        within.append(door.guard._arriving["one"])
        if len(within) == 1:
            await door.guard({**scope}, nothing_more, collect)
        await send({"type": "http.response.start", "status": 204})

    async def collect(message):
        statuses.append(message.get("status"))

    statuses: list[int | None] = []
    length = (b"content-length", str(SESSION_BYTES // 2 + 1).encode())
    scope = {"type": "http", "method": "PUT", "path": UPLOAD, "headers": [(b"host", b"localhost"), length]}
    door.guard._app = slow
    finish(door.guard(scope, None, collect))
    assert [status for status in statuses if status] == [429, 204]
    assert within == [SESSION_BYTES // 2 + 1]
    assert door.guard._arriving == {}


def test_all_sessions_together_have_a_budget_too(door, held, caplog):
    for number in range(ALL_BYTES // 20_000_000):
        held[str(number)] = {"a": SimpleNamespace(data=_Long())}
    assert held_bytes("0") == (ALL_BYTES, 20_000_000)
    assert door.ask(UPLOAD, "PUT", content_length="1")[0]["status"] == 429
    assert refusals(caplog) == ["refused upload: upload-over-budget"]


class _Long:
    """Bytes that take no room."""

    def __len__(self) -> int:
        return 20_000_000


@pytest.mark.parametrize("length", ["", "-1", "1_0", "٣", "1e3", "9" * 13])
def test_an_upload_that_does_not_say_how_large_it_is_is_refused(door, length, caplog):
    headers = {"content_length": length} if length.isascii() else {}
    assert door.ask(UPLOAD, "PUT", **headers)[0]["status"] == 411
    assert refusals(caplog) == ["refused upload: upload-unmeasured"]


def test_the_policy_allows_the_scripts_of_every_document_that_the_dashboard_shows(page):
    allowed = {name: set(values) for name, *values in map(str.split, dashboard_policy(page).split("; "))}
    documents = [page.embed_document(View()), page.document(View())]
    documents += [page.document(View(basemap=basemap)) for basemap in BASEMAPS]
    for document in documents:
        policy = policy_of(document)
        assert set(policy["script-src"]) <= allowed["script-src"]
        assert set(policy["img-src"]) <= allowed["img-src"]
    assert allowed["default-src"] == {"'none'"}
    assert allowed["frame-ancestors"] == allowed["object-src"] == allowed["base-uri"] == {"'none'"}
    assert "'unsafe-inline'" not in allowed["script-src"]
    assert "'unsafe-eval'" not in allowed["script-src"]


def test_without_data_the_policy_allows_only_what_streamlit_needs():
    policy = dashboard_policy(None)
    assert len(re.findall("sha256-", policy)) == 1
    assert "https:" not in policy


def test_what_cannot_be_used_is_noted_once_by_its_kind_alone(caplog, monkeypatch):
    monkeypatch.setattr("streamlit.session_state", {})
    for error in AtlasError.__subclasses__():
        made = error.__new__(error)
        made.args = ("Vladivostok",)
        note_error(error.__name__, made, "the same")
        note_error(error.__name__, made, "the same")
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * len(refusals(caplog))
    assert len(refusals(caplog)) == len(AtlasError.__subclasses__())
    assert all(re.fullmatch(r"refused \w+: [a-z]+-[a-z]+", line) for line in refusals(caplog))


def test_the_settings_are_safe_as_they_come():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["browser"] == {"gatherUsageStats": False}
    assert settings["logger"] == {"enableRich": False}
    client, server = settings["client"], settings["server"]
    assert (client["showErrorDetails"], client["showErrorLinks"]) == ("none", False)
    assert (client["allowedOrigins"], client["disableDataExport"]) == ([], True)
    assert server["enableCORS"]
    assert server["enableXsrfProtection"]
    assert not server["enableStaticServing"]
    assert not server["enableAgentApi"]
    assert set(server["allowedHosts"]) == set(guarding.LOCAL)
    assert server["maxUploadSize"] * 2**20 * 2 < SESSION_BYTES


def test_what_an_exception_quotes_is_not_in_the_log(capsys):
    refusing.keep_log()
    with pytest.raises(ValueError, match="SECRET") as raised:
        int("SECRET")
    for error in (raised.value, None):
        logging.getLogger("streamlit.error_util").error("crash", exc_info=error)
    told = capsys.readouterr().err
    assert "ERROR failed script: script-crashed (ValueError at test_guarding.py:" in told
    assert "SECRET" not in told
