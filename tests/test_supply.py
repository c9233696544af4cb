"""What the atlas is made of: no more than it needs, locked, licensed, and listed for others to check."""

from __future__ import annotations

import importlib.metadata
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.supply import LOCK, ROOT, advisories, bill_of_materials, licence_of, locked, main
from tests.test_architecture import MODULES, imports_of
from tests.test_documents import PROJECT

PACKAGES = locked(LOCK.read_text("utf-8"))
PERMITTED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-CMU", "MPL-2.0"),
    *("PSF-2.0", "Zlib"),
}
"""All let the atlas be used, changed and sold; none asks for more than to be named."""


LOCKED_HERE = {
    name: importlib.metadata.version(name) in {one.version for one in PACKAGES if one.name == name}
    for name in {package.name for package in PACKAGES}
}
as_locked = pytest.mark.skipif(
    not all(LOCKED_HERE.values()), reason="other versions than those locked are here"
)


def required():
    return {re.split(r"[<>=]", entry)[0] for entry in PROJECT["project"]["dependencies"]}


def test_every_dependency_is_imported_or_read_as_files():
    homes = importlib.metadata.packages_distributions()
    imported = {name.partition(".")[0] for path in MODULES.values() for name in imports_of(path)}
    used = {dist.lower().replace("_", "-") for name in imported for dist in homes.get(name, ())}
    text = "".join(path.read_text("utf-8") for path in MODULES.values())
    assert "js_lib_leaflet" in text
    assert required() - used == {"django-js-lib-leaflet"}


def test_every_package_is_locked_by_the_hash_of_each_of_its_files():
    assert len(PACKAGES) > 50
    assert [package.name for package in PACKAGES if not package.hashes] == []
    assert required() <= {package.name for package in PACKAGES}


@pytest.mark.parametrize("name", sorted({package.name for package in PACKAGES}))
def test_every_package_has_a_licence_that_asks_for_no_more_than_to_be_named(name):
    if not LOCKED_HERE[name]:
        pytest.skip("another version than the one locked is here")
    parts = re.split(r" (?:AND|OR) ", licence_of(name))
    assert set(parts) <= PERMITTED, parts


@as_locked
def test_the_bill_of_materials_lists_every_package_once_with_licence_and_hashes(tmp_path, capsys):
    out = tmp_path / "sbom.json"
    assert main(["--sbom", str(out)]) == 0
    assert capsys.readouterr().out == ""
    bill = json.loads(out.read_text("utf-8"))
    assert bill == bill_of_materials(PACKAGES)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == PROJECT["project"]["version"]
    references = [component["bom-ref"] for component in bill["components"]]
    assert len(references) == len(set(references)) == len(PACKAGES)
    assert "pkg:pypi/folium@" in " ".join(references)
    for component in bill["components"]:
        assert component["purl"] == f"pkg:pypi/{component['name']}@{component['version']}"
        assert component["licenses"][0]["expression"]
        assert component["externalReferences"][0]["hashes"]


@as_locked
def test_the_table_names_every_package_with_its_licence(capsys):
    assert main([]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == len(PACKAGES)
    assert any(re.fullmatch(r"jinja2 +3\S+ +BSD-3-Clause", row) for row in rows)


@contextmanager
def service(answer):
    """Serve one answer on loopback; give its address and what was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
        thread.join()


def test_a_known_advisory_is_named_and_ends_with_one(capsys):
    results = [{} for _ in PACKAGES]
    results[3] = {"vulns": [{"id": "GHSA-xxxx"}, {"id": "PYSEC-1"}]}
    with service(json.dumps({"results": results}).encode()) as (address, asked):
        assert main(["--audit", "--service", address]) == 1
    name, version, _ = PACKAGES[3]
    assert f"{name} {version}: GHSA-xxxx, PYSEC-1\n" in capsys.readouterr().out
    assert asked[0]["queries"][3] == {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
    assert len(asked[0]["queries"]) == len(PACKAGES)


def test_where_no_advisory_is_known_that_is_said(capsys):
    with service(json.dumps({"results": [{}] * len(PACKAGES)}).encode()) as (address, _asked):
        assert main(["--audit", "--service", address]) == 0
    assert f"{len(PACKAGES)} packages checked, 0 with advisories" in capsys.readouterr().out


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b"[]", b'{"results": []}', b'{"results": [1]}'])
def test_what_is_no_answer_checks_nothing_and_says_so(answer, capsys):
    with service(answer) as (address, _asked):
        assert main(["--audit", "--service", address]) == 0
        with pytest.raises(OSError, match="it answers"):
            advisories(PACKAGES, address)
    assert "not checked for advisories" in capsys.readouterr().out


def test_where_the_service_cannot_be_reached_nothing_is_held_to_be_safe(capsys):
    with service(b"") as (address, _asked):
        pass
    assert main(["--audit", "--service", address]) == 0
    assert f"not checked for advisories: {address} cannot be used" in capsys.readouterr().out


def test_the_lock_of_the_tests_holds_the_same_versions():
    tests = {(one.name, one.version) for one in locked((ROOT / ".ci/requirements.lock").read_text("utf-8"))}
    assert {(one.name, one.version) for one in PACKAGES} <= tests
