"""The site: every link of it, and how nginx serves it to a browser."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from geo.site import MARKER, compose_site
from tests.browser.conftest import ROOT
from tests.test_exports import report_on

BASE = "https://atlas.example/"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SERVER = """
daemon off; master_process off; pid {work}/nginx.pid; error_log stderr warn;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  server {{ listen 127.0.0.1:{port}; root {site}; include {site}/nginx.conf; }}
}}
"""


def make_site(folder: Path, *arguments: str, **environment: str) -> Path:
    command = [sys.executable, "-m", "geo", "site", str(folder), *arguments]
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ | environment)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, written by another process in another zone."""
    folder = tmp_path_factory.mktemp("site") / "site"
    return make_site(folder, PYTHONHASHSEED="7", TZ="Asia/Vladivostok", LC_ALL="C")


@pytest.fixture(scope="session")
def pages(site):
    """By path, every page as a parser sees it, and the ids in it."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        tree = LexborHTMLParser(path.read_text("utf-8"))
        found[path.relative_to(site).as_posix()] = (tree, {node.id for node in tree.css("[id]")})
    return found


@pytest.fixture(scope="session")
def written(pages):
    """The pages but for the map, which is the file that `geo export` writes."""
    return {path: tree for path, (tree, _) in pages.items() if not path.startswith("map/")}


@pytest.fixture(scope="session")
def served(site, tmp_path_factory):
    """The address at which nginx serves the site."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    work = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (work / "nginx.conf").write_text(SERVER.format(work=work, port=port, site=site), "utf-8")
    process = subprocess.Popen([NGINX, "-e", "stderr", "-p", str(work), "-c", str(work / "nginx.conf")])
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        assert process.poll() is None, "nginx stopped at its start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            continue
    yield f"http://127.0.0.1:{port}/"
    process.terminate()
    process.wait(timeout=10)


# Links


def links_of(tree):
    """Yield the tag, the attribute and the address of everything in a page that points somewhere."""
    for attribute in ("href", "src", "srcset", "data", "action", "poster", "cite", "background"):
        for node in tree.css(f"[{attribute}]"):
            yield node.tag, attribute, node.attributes[attribute] or ""


def resolve(path, address):
    """Return the path and the fragment that an address in a page leads to, within the site."""
    parts = urlsplit(urljoin(BASE + path, address))
    return unquote(parts.path.removeprefix("/")), unquote(parts.fragment)


def faults_of(site, pages, written):
    """Yield the page, the address and the fault of every link that leads nowhere or out of the site."""
    for path, tree in written.items():
        for tag, attribute, address in links_of(tree):
            if "://" in address or address.startswith("//"):
                if (tag, attribute) != ("a", "href") or not address.startswith("https://"):
                    yield path, address, "leads out by something else than an https link"
                continue
            if ":" in address.partition("#")[0] or (address.startswith("/") and path != "404.html"):
                yield path, address, "is not relative"
                continue
            target, fragment = resolve(path, address)
            if not (site / target).is_file():
                yield path, address, "leads to no file"
            elif fragment and not target.startswith("map/") and fragment not in pages[target][1]:
                yield path, address, "leads to no such place in the page"


def test_every_link_leads_somewhere_and_none_out_of_the_site_but_by_https(site, pages, written):
    assert list(faults_of(site, pages, written)) == []
    assert sum(1 for tree in written.values() for _ in links_of(tree)) > 2000


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<a href="../nowhere.html">', "leads to no file"),
        ('<a href="../sources.html#no-such-source">', "leads to no such place in the page"),
        ('<a href="/places/index.html">', "is not relative"),
        ('<a href="file:///home">', "leads out by something else than an https link"),
        ('<a href="http://example.org/">', "leads out by something else than an https link"),
        ('<img src="https://example.org/a.png">', "leads out by something else than an https link"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "leads out by something else than an https"),
        ('<a href="javascript:void 0">', "is not relative"),
    ],
)
def test_the_checker_of_links_finds_a_fault(site, pages, markup, fault):
    broken = {"places/index.html": LexborHTMLParser(markup)}
    assert [found[2][: len(fault)] for found in faults_of(site, pages, broken)] == [fault]


def test_every_link_to_the_map_opens_a_view_that_it_knows(atlas, written):
    from geo.content import selectable
    from geo.view import parse_view

    seen = 0
    for path, tree in written.items():
        for _, _, address in links_of(tree):
            target, fragment = resolve(path, address)
            if target.startswith("map/") and fragment:
                parsed = parse_view(fragment, selectable(atlas))
                assert parsed.notices == ()
                assert target == f"map/{parsed.view.lang or 'en'}.html"
                seen += 1
    assert seen > 200


def test_every_page_can_be_reached_from_the_start(pages, written):
    reached, waiting = set(), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        if path in written:
            targets = [resolve(path, address)[0] for _, _, address in links_of(written[path])]
            waiting += [target for target in targets if target in pages]
    assert reached == set(pages) - {"404.html"}


def test_no_file_names_a_place_on_this_machine(site):
    for path in site.rglob("*"):
        if path.is_file() and path.suffix not in (".png", ".zip", ".kmz"):
            content = path.read_bytes()
            assert str(ROOT).encode() not in content, path
            assert str(site.parent).encode() not in content, path
            assert b"file://" not in content, path


def test_a_sheet_of_styles_asks_for_nothing(site):
    sheet = (site / "style.css").read_text("utf-8")
    assert "url(" not in sheet
    assert "@import" not in sheet


# What is in a page


def test_every_record_has_a_page_that_says_how_sure_it_is_by_whom_and_how_to_cite_it(atlas, pages):
    records = {
        "places": atlas.gazetteer.places,
        "areas": atlas.areas,
        "acts": atlas.acts,
    }
    for folder, group in records.items():
        for record in group:
            tree, _ = pages[f"{folder}/{record.id}.html"]
            text = tree.body.text()
            assert record.certainty in text
            cited = [node.attributes["href"] for node in tree.css(".citations a")]
            assert cited == [f"../sources.html#{citation.key}" for citation in record.citations]
            assert all(citation.locator in text for citation in record.citations)
            assert tree.css_first(f'a[href="../map/en.html#place={record.id}"]').text() == "Show on the map"
            assert "Cite this page" in text
            assert "CC BY 4.0" in text


def test_every_page_has_a_title_and_a_description_of_its_own(written):
    said = [(tree.css_first("title").text(), tree.css_first("h1").text()) for tree in written.values()]
    assert len({title for title, _ in said}) == len(said)
    assert all(heading in title for title, heading in said)
    for tree in written.values():
        assert tree.css_first("html").attributes["lang"] == "en"
        assert len(tree.css_first('meta[name="description"]').attributes["content"]) > 15
        assert len(tree.css("h1")) == 1


def test_names_say_in_which_language_they_are(atlas, written):
    for place in atlas.gazetteer.places:
        tree = written[f"places/{place.id}.html"]
        named = [(node.text(), node.attributes["lang"]) for node in tree.css("tbody th")]
        assert named == [
            (name.form, name.lang.replace("-pinyin", ""))
            for name in atlas.gazetteer.names_of(place.id)
            if name.kind != "variant"
        ]


def test_a_page_of_an_area_tells_all_who_held_it(atlas, written):
    for area in atlas.areas:
        held = [node.text() for node in written[f"areas/{area.id}.html"].css(".chain > li")]
        chain = atlas.holdings.chain(area.id)
        assert len(held) == len(chain)
        assert all(atlas.holdings.describe(state) in text for state, text in zip(chain, held, strict=True))


def test_no_page_has_a_script_but_linked_data(written):
    for path, tree in written.items():
        assert {node.attributes["type"] for node in tree.css("script")} <= {"application/ld+json"}, path
        assert not tree.css("[style], style, [onclick], iframe, form, base"), path


def test_places_say_to_machines_what_others_call_them(atlas, written):
    for place in atlas.gazetteer.places:
        tree = written[f"places/{place.id}.html"]
        linked = json.loads(tree.css_first("script").text())
        assert (linked["@type"], linked["@id"]) == ("Place", f"urn:far-east-atlas:place:{place.id}")
        same = linked.get("sameAs", [])
        assert (f"https://www.wikidata.org/wiki/{place.wikidata}" in same) == (place.wikidata is not None)
        assert (f"https://www.geonames.org/{place.geonames}" in same) == (place.geonames is not None)
        assert (linked["geo"]["latitude"], linked["geo"]["longitude"]) == (place.lat, place.lon)


def test_what_the_dataset_says_of_its_files_is_true(site, written):
    for path in ("index.html", "data/index.html"):
        linked = json.loads(written[path].css_first("script").text())
        assert linked["@type"] == "Dataset"
        assert linked["license"].startswith("https://creativecommons.org")
        for each in linked["distribution"]:
            content = (site / resolve(path, each["contentUrl"])[0]).read_bytes()
            assert each["sha256"] == hashlib.sha256(content).hexdigest()
            assert each["contentSize"] == f"{len(content)} B"


def test_the_page_of_each_format_says_what_it_loses(written):
    from geo.exports import FORMATS

    for kind, known in FORMATS.items():
        said = {node.text(): node.next.text() for node in written[f"data/{kind}.html"].css("dt")}
        assert said["What it loses"].lower() == known.loses.lower()
        assert said["What is in it"] == known.holds


# Files


def test_the_map_is_the_file_that_export_writes(site, page):
    from geo.view import View

    for lang in ("en", "zh-Hant"):
        assert (site / "map" / f"{lang}.html").read_text("utf-8") == page.document(View(lang=lang))


def test_the_same_data_give_the_same_site_in_another_process(site, atlas):
    there = {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }
    here = dict(compose_site(atlas))
    assert [name for name in here if here[name] != there[name]] == []
    assert set(here) == set(there)
    listed = json.loads(here[MARKER])["files"]
    assert listed == {
        name: hashlib.sha256(content).hexdigest() for name, content in here.items() if name != MARKER
    }


def test_frictionless_finds_the_data_of_the_site_valid(site):
    report = report_on(site / "data")
    assert report.valid, report.to_summary()


# As nginx serves it


def ask(address, **headers):
    """Return the status, the headers and the content of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "index.html",
        "places/khabarovsk.html",
        "data/index.html",
        "pictures/",
        "map/ru.html",
        "nowhere",
        "a/b",
    ],
)
def test_every_answer_has_the_headers_that_keep_a_reader_safe(served, path):
    status, headers, content = ask(served + path)
    assert status == (404 if path in ("nowhere", "a/b") else 200)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "nginx/" not in headers["Server"]
    inside = LexborHTMLParser(content.decode()).css_first("meta[http-equiv]").attributes["content"]
    framed = "" if path.startswith("map/") else "; frame-ancestors 'none'"
    assert headers["Content-Security-Policy"] == inside + framed


def test_what_is_not_there_is_said_by_a_page_of_ours(served):
    status, _, content = ask(served + "places/atlantis.html")
    assert status == 404
    assert b"There is no such page here." in content
    for name in ("nginx.conf", "_headers"):
        assert ask(served + name)[0] == 404


def test_what_servers_read_says_the_same_to_each(site):
    nginx, headers = ((site / name).read_text("utf-8") for name in ("nginx.conf", "_headers"))
    policies = {line.split(": ", 1)[1] for line in headers.splitlines() if "Content-Security-Policy" in line}
    assert len(policies) == 3
    assert all(f'"{policy}"' in nginx for policy in policies)


@pytest.mark.parametrize(
    ("path", "mediatype"),
    [
        ("map/en.html", "text/html; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("data/geojson/areas.geojson", "application/geo+json; charset=utf-8"),
        ("data/far-east-atlas.gpkg", "application/geopackage+sqlite3"),
        ("pictures/acts.svg", "image/svg+xml"),
    ],
)
def test_files_come_packed_and_with_their_type(served, site, path, mediatype):
    status, headers, content = ask(served + path, **{"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"], headers["Content-Type"]) == (200, "gzip", mediatype)
    assert gzip.decompress(content) == (site / path).read_bytes()


def test_pages_elsewhere_may_read_the_data_and_nothing_else(served):
    assert ask(served + "data/datapackage.json")[1]["Access-Control-Allow-Origin"] == "*"
    assert ask(served + "places/khabarovsk.html")[1]["Access-Control-Allow-Origin"] is None


@pytest.mark.browser
def test_the_map_opens_from_a_server_and_breaks_no_policy(served, visit):
    page = visit(f"{served}places/khabarovsk.html").page
    page.get_by_role("link", name="Show on the map").click()
    assert page.url == f"{served}map/en.html#place=khabarovsk"
    page.locator("#card h2", has_text="Khabarovsk").wait_for()
    page.goto(f"{served}places/khabarovsk.html")
    page.get_by_role("link", name="Русский", exact=True).click()
    page.locator(".label", has_text="Хабаровск").first.wait_for()


@pytest.mark.browser
def test_a_drawing_opened_by_itself_breaks_no_policy(served, visit):
    page = visit(f"{served}pictures/acts.svg").page
    assert page.locator("text").count() > 20


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_read_without_script_and_fit_the_screen(served, visit, width):
    page = visit(served, width=width, java_script_enabled=False).page
    for link in (
        "Places",
        "Khabarovsk",
        "Areas",
        "Ussuri coast (1860)",
        "Acts",
        "Treaty of Peking",
        "Sources",
    ):
        page.locator("main, nav").get_by_role("link", name=link, exact=True).first.click()
        inside = page.locator("h1").bounding_box()
        assert 0 <= inside["x"] < inside["x"] + inside["width"] <= width
        # A browser that shows its scroll bar takes some of the width for it.
        assert width - 20 <= page.locator("body").bounding_box()["width"] <= width
    assert page.get_by_role("heading", level=1).inner_text() == "Sources"
