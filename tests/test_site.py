"""Where a site may be written, and what its pages say; `tests/browser/test_site.py` follows its links."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

import geo.site
from geo.errors import ExportError
from geo.site import MARKER, compose_site, write_site
from geo.site.downloads import Download
from geo.site.pages import Pages

PACKAGE = {"resources": [{"path": "csv/acts.csv", "title": "Acts", "bytes": 1000}]}
MAP_POLICY = "default-src 'none'; script-src 'sha256-abc'"


def written(atlas, base_url=""):
    """Return the pages of a site without its map, data and pictures."""
    downloads = [Download("gpkg", "far-east-atlas.gpkg", 1_400_000, "0" * 64)]
    found = Pages(atlas, base_url, MAP_POLICY).files(downloads, PACKAGE)
    return {path: content.decode() for path, content in found}


@pytest.fixture(scope="module")
def nowhere(atlas):
    return written(atlas)


@pytest.fixture(scope="module")
def somewhere(atlas):
    return written(atlas, "https://example.org/atlas/")


@pytest.fixture
def small(monkeypatch):
    """A site of two files, so that it is made at once."""

    def compose(_atlas, _base_url=""):
        yield "index.html", b"new"
        yield "places/a.html", b"new"
        yield (
            MARKER,
            json.dumps(
                {"made_by": geo.site._MAKER, "files": {"index.html": "", "places/a.html": ""}}
            ).encode(),
        )

    monkeypatch.setattr(geo.site, "compose_site", compose)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# Addresses


def test_a_site_that_does_not_know_where_it_stands_has_no_sitemap_and_names_no_host(nowhere):
    assert "sitemap.xml" not in nowhere
    assert nowhere["robots.txt"] == "User-agent: *\nAllow: /\n"
    assert 'rel="canonical"' not in nowhere["places/khabarovsk.html"]
    linked = json.loads(LexborHTMLParser(nowhere["places/khabarovsk.html"]).css_first("script").text())
    assert linked["url"] == "../places/khabarovsk.html"


def test_a_site_that_knows_where_it_stands_names_every_page_by_its_address(somewhere):
    home = "https://example.org/atlas/"
    root = ElementTree.fromstring(somewhere["sitemap.xml"])
    listed = {node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    pages = {path for path in somewhere if path.endswith(".html")} - {"404.html"}
    maps = {f"map/{lang}.html" for lang in ("en", "ru", "zh-Hans", "zh-Hant")}
    assert listed == {home + path for path in pages | maps}
    assert somewhere["robots.txt"].endswith(f"Sitemap: {home}sitemap.xml\n")
    for path in pages:
        tree = LexborHTMLParser(somewhere[path])
        assert tree.css_first('link[rel="canonical"]').attributes["href"] == home + path
        assert f"{home}{path}" in tree.css_first(".cite-as").text()


@pytest.mark.parametrize(("site", "root"), [("nowhere", "/"), ("somewhere", "/atlas/")])
def test_the_page_for_what_is_not_there_works_at_any_depth(request, site, root):
    tree = LexborHTMLParser(request.getfixturevalue(site)["404.html"])
    links = [node.attributes["href"] for node in tree.css("[href]")]
    assert [
        link for link in links if not link.startswith((root, "https://creativecommons.org", "#main"))
    ] == []
    assert f"{root}style.css" in links


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org/?a=b",
        "https://a b",
        "https://x/\n",
        "//x/",
    ],
)
def test_what_is_no_address_of_a_folder_is_refused(atlas, address):
    with pytest.raises(ExportError, match=r"--base-url=.*as in https://example\.org/atlas/"):
        next(compose_site(atlas, address))


# Text


def test_markup_in_the_data_is_shown_as_it_is(atlas):
    hostile = "</script><script>alert(1)</script>{{ 7*7 }}<img src=x onerror=alert(1)>\"'&"
    act = atlas.acts[0].model_copy(update={"summary": hostile, "name_en": hostile, "name_ru": hostile})
    place = atlas.gazetteer.places[0].model_copy(update={"act_note": hostile, "act": act.id})
    places = (place, *atlas.gazetteer.places[1:])
    worse = replace(atlas, acts=(act, *atlas.acts[1:]), gazetteer=replace(atlas.gazetteer, places=places))
    pages = written(worse)
    for path in (f"acts/{act.id}.html", f"places/{place.id}.html"):
        tree = LexborHTMLParser(pages[path])
        assert [node.attributes["type"] for node in tree.css("script")] == ["application/ld+json"]
        assert not tree.css("img")
        assert hostile in tree.css_first("main").text()
        assert hostile in tree.css_first('meta[name="description"]').attributes["content"]
    linked = json.loads(LexborHTMLParser(pages[f"acts/{act.id}.html"]).css_first("script").text())
    assert (linked["name"], linked["description"]) == (hostile, hostile)


def test_a_source_is_a_link_only_where_its_address_is_https(atlas, nowhere):
    tree = LexborHTMLParser(nowhere["sources.html"])
    linked = {node.attributes["href"] for node in tree.css(".bibliography a")}
    urls = {source.url for source in atlas.sources.values() if source.url}
    assert linked == {url for url in urls if url.startswith("https://")}
    assert {node.text() for node in tree.css(".address")} == urls - linked


def test_an_act_leads_to_what_it_moved_and_changed(atlas, nowhere):
    tree = LexborHTMLParser(nowhere["acts/peking-1860.html"])
    links = {node.attributes["href"] for node in tree.css("main a")}
    moved = {f"../areas/{area.id}.html" for area in atlas.areas if area.act == "peking-1860"}
    assert moved
    assert moved <= links
    assert "../places/vladivostok.html" in links
    lines = {f"../map/en.html#place={line.id}" for line in atlas.lines if line.act == "peking-1860"}
    assert lines
    assert lines <= links


# Where it may be written


@pytest.mark.usefixtures("small")
def test_a_new_folder_is_written_whole(atlas, tmp_path):
    told = []
    size = write_site(atlas, tmp_path / "site", tell=told.append)
    assert told == ["index.html", "places/a.html", MARKER]
    found = contents(tmp_path / "site")
    assert set(found) == set(told)
    assert size == sum(map(len, found.values()))
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.usefixtures("small")
def test_a_site_that_is_there_is_replaced_only_when_told(atlas, tmp_path):
    out = tmp_path / "site"
    write_site(atlas, out)
    (out / "index.html").write_bytes(b"old")
    with pytest.raises(ExportError, match=r"site is there already; name another folder, or add --overwrite"):
        write_site(atlas, out)
    assert (out / "index.html").read_bytes() == b"old"
    write_site(atlas, out, overwrite=True)
    assert (out / "index.html").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("index.html", b"<h1>Mine", "is no site of ours: it has no site.json"),
        (MARKER, b"[1]", "is no site of ours"),
        (MARKER, b'{"made_by": "me", "files": {}}', "is no site of ours"),
        (MARKER, b"\xff", "is no site of ours"),
    ],
)
@pytest.mark.usefixtures("small")
def test_a_folder_that_is_no_site_of_ours_is_never_replaced(atlas, tmp_path, name, content, fault):
    out = tmp_path / "mine"
    out.mkdir()
    (out / name).write_bytes(content)
    with pytest.raises(ExportError, match=fault):
        write_site(atlas, out, overwrite=True)
    assert contents(tmp_path) == {f"mine/{name}": content}


@pytest.mark.usefixtures("small")
def test_a_file_of_somebody_else_in_a_site_is_not_lost(atlas, tmp_path):
    out = tmp_path / "site"
    write_site(atlas, out)
    (out / "CNAME").write_bytes(b"example.org")
    with pytest.raises(ExportError, match="CNAME is not of the site and would be lost; move it away first"):
        write_site(atlas, out, overwrite=True)
    assert (out / "CNAME").exists()


@pytest.mark.usefixtures("small")
def test_an_empty_folder_is_taken_when_told(atlas, tmp_path):
    (tmp_path / "site").mkdir()
    with pytest.raises(ExportError, match="is there already"):
        write_site(atlas, tmp_path / "site")
    write_site(atlas, tmp_path / "site", overwrite=True)
    assert (tmp_path / "site" / MARKER).is_file()


@pytest.mark.parametrize(
    ("path", "fault"),
    [("file", "is a file; name a folder"), ("a/b", "the folder .*a does not exist; create it first")],
)
@pytest.mark.usefixtures("small")
def test_a_place_where_no_site_can_be_is_refused(atlas, tmp_path, path, fault):
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(ExportError, match=fault):
        write_site(atlas, tmp_path / path, overwrite=True)
    assert contents(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.usefixtures("small")
def test_a_full_disk_or_an_interruption_leaves_the_old_site(atlas, tmp_path, monkeypatch, fault):
    out = tmp_path / "site"
    write_site(atlas, out)
    (out / "index.html").write_bytes(b"old")
    before = contents(tmp_path)
    calls = []

    def fail(_handle):
        calls.append(1)
        if len(calls) == 2:
            raise fault

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((ExportError, KeyboardInterrupt)):
        write_site(atlas, out, overwrite=True)
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
