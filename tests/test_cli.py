from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import date
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
import shapely
from click.testing import CliRunner
from PIL import Image

import geo.cli.linking
import geo.cli.records
import geo.reading
import geo.site
from geo import __version__
from geo.article import read_article
from geo.cli import main
from geo.content import selectable
from geo.dates import in_words
from geo.embed import Embed
from geo.errors import DataError, Problem
from geo.imports import read_gazetteer
from geo.lightening import lighten
from geo.reading import DATA_DIR
from geo.scans import read_scan
from geo.territory import FRAME, measure
from geo.view import Position, Spot, View, show_own, show_scan
from geo.where import SURENESS, record_of, where_is
from tests.unpacking import content_of, said_of, text_of

COMMANDS = ("validate", "export", "areas", "where", "link", "data", "picture", "site", "cite", "translations")


@pytest.fixture
def run(atlas, monkeypatch):
    """Run a command; the data are read once for all tests, unless the command names a folder."""
    read = geo.reading.load_atlas
    monkeypatch.setattr(geo.reading, "load_atlas", lambda *folder: read(*folder) if folder else atlas)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def started(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "geo", *map(str, arguments)],
        cwd=DATA_DIR.parent,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


def assert_refused(result, *sentences):
    """The command ends with exit status 2, says why on standard error alone, and has no traceback."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert result.stderr.endswith("\n")
    for sentence in sentences:
        assert sentence in result.stderr


# Help


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_of_each_command_shows_an_example(run, command, flag):
    result = run(command, flag)
    assert result.exit_code == 0
    assert f"Example: python -m geo {command}" in result.stdout


def test_every_command_is_tested_here():
    assert set(main.commands) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_of_the_help_is_taken(run, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text("From Vladivostok.", "utf-8")
    monkeypatch.setattr(geo.site, "SCENES", geo.site.SCENES[:1])
    example = main.commands[command].epilog.removeprefix("Example: python -m geo ").split()
    assert run(*example).exit_code == 0


def test_the_version_is_told(run):
    assert __version__ in run("--version").stdout


@pytest.mark.parametrize(
    "arguments", [["draw"], ["export"], ["export", "a", "b"], ["areas", "--xml"], ["--lang", "ru"]]
)
def test_a_command_that_there_is_not_is_refused(run, arguments):
    assert_refused(run(*arguments), "Error: ")


# validate


def test_sound_data_are_counted(run, atlas):
    result = run("validate")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"8 places, {len(atlas.gazetteer.toponyms)} names, {len(atlas.acts)} acts" in result.stdout
    assert "no problem found" in result.stdout


def test_every_problem_of_a_broken_folder_is_in_the_table(run, editor):
    editor.row("places.csv", "khabarovsk", act="no-such-act", certainty="sure")
    editor.row("acts.csv", "aigun-1858", julian="1858-05-17")
    editor.feature("lines.geojson", "stanovoy-crest", lambda feature: feature.update(geometry=None))
    editor.seal()
    result = run("validate", editor.folder)
    assert (result.exit_code, result.stderr) == (1, "")
    assert "3 problems" in result.stdout
    for word in ("khabarovsk", "certainty", "aigun-1858", "julian", "stanovoy-crest", "draw one"):
        assert word in result.stdout


def test_one_problem_is_counted_as_one(run, data_copy):
    (data_copy / "acts.csv").unlink()
    result = run("validate", data_copy)
    assert result.exit_code == 1
    assert result.stdout.split()[:2] == ["1", "problem"]


def test_more_problems_than_a_command_shows_are_all_in_the_table(run, tmp_path):
    result = run("validate", tmp_path)
    assert result.exit_code == 1
    assert all(
        file in result.stdout for file in ("places.csv", "areas.geojson", "datapackage.json", "relief.avif")
    )


def test_markup_in_the_data_is_shown_as_it_is(run, editor):
    editor.row("places.csv", "khabarovsk", certainty="[red]:smile:[/]", act="\x1b[31m")
    result = run("validate", editor.folder)
    assert "[red]:smile:[/]" in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("folder", ["nowhere", "file"])
def test_what_is_no_folder_is_refused(run, tmp_path, folder):
    (tmp_path / "file").write_text("", "utf-8")
    assert_refused(run("validate", tmp_path / folder), "is no folder; name the folder that holds the data")


def test_the_commands_run_from_a_shell(tmp_path):
    sound = started("validate")
    assert (sound.returncode, sound.stderr) == (0, "")
    broken = started("validate", tmp_path)
    assert (broken.returncode, broken.stderr) == (1, "")
    refused = started("export", tmp_path / "nowhere" / "map.html")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr


# export


def test_the_page_is_written_and_its_size_told(run, tmp_path, page):
    result = run("export", tmp_path / "map.html")
    assert (result.exit_code, result.stderr) == (0, "")
    document = page.document(View())
    assert (tmp_path / "map.html").read_text("utf-8") == document
    assert result.stdout == f"{tmp_path / 'map.html'}: {len(document.encode()) / 1000:.0f} kB\n"


@pytest.mark.parametrize("more", [[], ["--embed"]])
def test_the_file_carries_the_languages_asked_for(run, tmp_path, page, more):
    result = run("export", tmp_path / "map.html", "--languages", "ru, en", "--lang", "ru", *more)
    assert (result.exit_code, result.stderr) == (0, "")
    make = page.embed_document if more else page.document
    assert (tmp_path / "map.html").read_text("utf-8") == make(View(lang="ru"), languages=("en", "ru"))


def test_languages_that_are_unknown_or_left_out_are_refused(run, tmp_path):
    out = tmp_path / "map.html"
    for asked, sentence in (
        (("--languages", "en,de"), "there is no language 'de'; the languages are en, ru, zh-Hans, zh-Hant"),
        (
            ("--languages", "en", "--lang", "ru"),
            "--lang=ru: the file is to carry en alone; add ru to --languages",
        ),
        (("--languages", "en", "--lang", "xx"), "--lang=xx: the languages are"),
    ):
        assert_refused(run("export", out, *asked), sentence)
        assert not out.exists()


def test_every_option_is_taken_over(run, tmp_path, page):
    result = run(
        "export",
        tmp_path / "map.html",
        "--date",
        "1859-06-01",
        "--compare",
        "1861-01-01",
        "--point",
        "48.5/135",
        "--readings",
        "uda-south,tumen-post-1861",
        "--lang",
        "zh-Hant",
        "--layers",
        "areas,borders",
        "--opacity",
        "0",
        "--place",
        "sakhalin,khabarovsk",
        "--passage",
        "p3",
        "--map",
        "6/48.46/135.1",
        "--basemap",
        "OpenTopoMap",
    )
    assert result.exit_code == 0, result.stderr
    view = View(
        date=date(1859, 6, 1),
        compare=date(1861, 1, 1),
        point=Spot(48.5, 135),
        readings=("uda-south", "tumen-post-1861"),
        lang="zh-Hant",
        layers=("areas", "borders"),
        opacity=0.0,
        place=("sakhalin", "khabarovsk"),
        passage="p3",
        position=Position(6, 48.46, 135.1),
        basemap="OpenTopoMap",
    )
    assert (tmp_path / "map.html").read_text("utf-8") == page.document(view)


def test_a_file_for_a_day_says_so_where_the_page_looks_for_its_view(run, tmp_path):
    assert run("export", tmp_path / "map.html", "--date", "1859-06-01").exit_code == 0
    assert '<meta name="atlas-view" content="date=1859-06-01">' in (tmp_path / "map.html").read_text("utf-8")


def test_two_processes_write_the_same_bytes(tmp_path):
    for name, seed in (("a.html", "1"), ("b.html", "2")):
        ended = started("export", tmp_path / name, "--lang", "ru", PYTHONHASHSEED=seed, TZ="Asia/Vladivostok")
        assert ended.returncode == 0, ended.stderr
        assert ended.stderr == ""
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.parametrize(
    ("option", "found", "sentence"),
    [
        ("lang", "de", "--lang=de: the languages are en, ru, zh-Hans, zh-Hant."),
        ("lang", "", "--lang=: the languages are en, ru, zh-Hans, zh-Hant."),
        ("layers", "areas,roads", "--layers=roads: the layers are areas, lines"),
        ("opacity", "full", "--opacity=full: a number from 0 to 1 would do."),
        ("place", "atlantis", "--place=atlantis: no place, area, line, act or site has this id."),
        ("passage", "three", "--passage=three: passages are named p1, p2 and so on."),
        ("map", "here", "--map=here: zoom/latitude/longitude would do, as in 5/48/131."),
        ("basemap", "Moon", "--basemap=Moon: the online basemaps are"),
        (
            "date",
            "1859-02-30",
            "--date=1859-02-30: a day from 1689-09-06 to today would do, as in 1859-06-01.",
        ),
        ("date", "", "--date=: a day from 1689-09-06 to today would do, as in 1859-06-01."),
        ("date", "1500-01-01", "--date=1500-01-01: a day from 1689-09-06 to today would do"),
        ("date", "2400-01-01", "--date=2400-01-01: a day from 1689-09-06 to today would do"),
        ("compare", "1861-01-01", "--compare=1861-01-01: name the other day by date=."),
        ("point", "131/48", "--point=131/48: latitude/longitude would do, as in 48/131."),
        ("readings", "uda-north", "--readings=uda-north: no rival reading has this id."),
        ("place", "x" * 3000, "an address of 3005 characters: at most 2000."),
    ],
)
def test_an_option_that_means_nothing_is_refused_and_nothing_is_written(
    run, tmp_path, option, found, sentence
):
    (tmp_path / "map.html").write_text("old", "utf-8")
    assert_refused(run("export", tmp_path / "map.html", "--overwrite", f"--{option}", found), sentence)
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_every_option_at_fault_is_named_at_once(run, tmp_path):
    result = run("export", tmp_path / "map.html", "--lang", "de", "--opacity", "2", "--place", "atlantis")
    assert_refused(result, "--lang=de", "--opacity=2", "--place=atlantis")
    assert len(result.stderr.splitlines()) == 3


@pytest.mark.parametrize("name", ["vladivostok", "ussuri-coast", "peking-1860", "stanovoy-crest", "damansky"])
def test_places_areas_acts_lines_and_sites_can_be_selected(run, tmp_path, atlas, name):
    assert name in selectable(atlas)
    assert run("export", tmp_path / "map.html", "--place", name).exit_code == 0


def test_a_page_that_is_there_is_replaced_only_when_told(run, tmp_path):
    out = tmp_path / "map.html"
    out.write_text("old", "utf-8")
    assert_refused(run("export", out), "is there already; name another file, or add --overwrite")
    assert out.read_text("utf-8") == "old"
    assert run("export", out, "--overwrite").exit_code == 0
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_folder_that_there_is_not_is_refused(run, tmp_path):
    assert_refused(
        run("export", tmp_path / "nowhere" / "map.html"), "nowhere does not exist; create it first"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_instead_of_a_file_is_refused(run, tmp_path):
    assert_refused(run("export", tmp_path), "is a folder; name a file in it")


def test_a_disk_that_is_full_is_told_and_the_old_file_stays(run, tmp_path, monkeypatch):
    (tmp_path / "map.html").write_text("old", "utf-8")

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    assert_refused(
        run("export", tmp_path / "map.html", "--overwrite"), "cannot be written (No space left on device)"
    )
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("command", [["export", "map.html"], ["areas"], ["where", "43", "132"]])
def test_data_at_fault_are_told_with_the_way_to_see_all_faults(run, monkeypatch, tmp_path, command):
    def broken(*_folder):
        raise DataError([Problem("acts.csv", f"act-{n}", "date", "it is late") for n in range(8)])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(geo.reading, "load_atlas", broken)
    result = run(*command)
    assert_refused(
        result, "acts.csv, act-0, date: it is late", "... and 3 more; `python -m geo validate` lists them all"
    )
    assert len(result.stderr.splitlines()) == 6
    assert list(tmp_path.iterdir()) == []


# export --embed


def test_an_embedded_map_is_written_as_python_makes_it(run, page, tmp_path):
    out, link = tmp_path / "embed.html", "https://example.org/atlas.html"
    assert run("export", out, "--embed", "--lang", "ru", "--no-controls", "--link", link).exit_code == 0
    assert out.read_text("utf-8") == page.embed_document(View(lang="ru"), Embed(controls=False, link=link))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--embed", "--article", "a.md"], "leave --article out"),
        (["--no-controls"], "go with --embed"),
        (["--link", "https://example.org"], "go with --embed"),
        (["--embed", "--link", "javascript:alert(1)"], "is no web address"),
    ],
)
def test_what_an_embedded_map_cannot_have_is_refused(run, tmp_path, arguments, sentence):
    assert_refused(run("export", tmp_path / "map.html", *arguments), sentence)
    assert not [*tmp_path.iterdir()]


# export --gazetteer


GAZETTEER = "name,lat,lon\nPosyet,42.65,130.8\nVladivostok,43.1,131.9\nLondon,51.5,0\n"


def test_a_readers_gazetteer_goes_into_the_file_and_is_counted(run, atlas, page, tmp_path):
    own, text, out = tmp_path / "mine.csv", tmp_path / "a.txt", tmp_path / "map.html"
    own.write_text(GAZETTEER)
    text.write_text("From Posyet to Vladivostok.")
    result = run("export", out, "--gazetteer", own, "--article", text, "--place", "own-1,vladivostok")
    assert (result.exit_code, result.stderr) == (0, "mine: 3 places (3 points), 1 outside the map’s frame\n")
    view = show_own(View(place=("own-1", "vladivostok")))
    article, gazetteer = read_article(text, atlas.furniture), read_gazetteer(own)
    assert out.read_text("utf-8") == page.document(view, article, gazetteer)
    again = ("export", out, "--overwrite", "--gazetteer", own)
    assert run(*again, "--article", text, "--gazetteer-alone").exit_code == 0
    assert out.read_text("utf-8") == page.document(show_own(View()), article, gazetteer, alone=True)
    assert run(*again, "--layers", "areas").exit_code == 0
    assert out.read_text("utf-8") == page.document(View(layers=("areas",)), None, gazetteer)


def test_a_heavy_file_is_told_and_made_lighter_by_options(run, atlas, page, tmp_path, monkeypatch):
    own, text, out = tmp_path / "mine.geojson", tmp_path / "a.txt", tmp_path / "map.html"
    land = shapely.Point(131, 46).buffer(0.4, quad_segs=4000)
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(shape)}
        for name, shape in (("Reserve", land), ("London", shapely.Point(0, 51.5)))
    ]
    own.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    text.write_text("From London to the Reserve.")
    monkeypatch.setattr("geo.budget.BUDGET", 470_000)
    monkeypatch.setattr("geo.budget._LEAST", 50_000)
    again = ("export", out, "--overwrite", "--gazetteer", own, "--article", text)
    told = run(*again).stderr.splitlines()[1]
    assert re.match(r"The page weighs 0\.\d MB, .*: outlines of your gazetteer 0\.\d MB\. Simplify", told)
    assert told.endswith("--only map or text, and --simplify METRES, do that.")
    result = run(*again, "--only", "map", "--simplify", "100")
    kept = lighten(atlas, read_gazetteer(own), only="map", metres=100)
    assert result.stderr.splitlines() == [
        "mine: 1 place (1 area)",
        "mine: 1 of 2 places left out",
        f"mine: outlines moved by {kept.moved:.0f} m at most",
    ]
    article = read_article(text, atlas.furniture)
    assert out.read_text("utf-8") == page.document(show_own(View()), article, kept)
    text.write_text("It is far.")
    assert_refused(run(*again, "--only", "text"), "--only=text: mine: the text names none of its places")
    for option in (("--only", "map"), ("--simplify", "100")):
        assert_refused(run("export", out, "--overwrite", *option), "there is no gazetteer; name its file")


def test_all_faults_of_a_readers_gazetteer_are_told_and_no_file_written(run, tmp_path):
    own, out = tmp_path / "mine.csv", tmp_path / "map.html"
    own.write_text("name,lat,lon\n" + "A,131,43\n" * 9)
    result = run("export", out, "--gazetteer", own)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"mine.csv, row {n}: lat 131, lon 43: lat and lon seem swapped" for n in range(2, 11)
    ]
    assert not out.exists()
    assert_refused(
        run("export", out, "--gazetteer-alone"), "there is no gazetteer; name its file by --gazetteer"
    )
    assert_refused(run("export", out, "--place", "own-1"), "no place, area, line, act or site has this id")
    assert_refused(run("export", out, "--layers", "own"), "the layers are areas")


# export --scan


@pytest.fixture
def scanned(tmp_path) -> Path:
    Image.new("RGB", (120, 90), "white").save(path := tmp_path / "old.jpg")
    return path


def test_a_readers_scan_goes_into_the_file_and_how_it_was_laid_is_told(run, page, scanned, tmp_path):
    spots = [(0, 0, 127, 49), (120, 0, 136, 49), (0, 90, 127, 43), (120, 90, 136, 43.2)]
    features = [
        {"properties": {"resourceCoords": spot[:2]}, "geometry": {"type": "Point", "coordinates": spot[2:]}}
        for spot in spots
    ]
    placed = {"type": "Annotation", "body": {"type": "FeatureCollection", "features": features}}
    written, out = tmp_path / "old.json", tmp_path / "map.html"
    written.write_text(json.dumps(placed))
    result = run("export", out, "--scan", scanned, "--georeference", written, "--scan-credit", "Me <b>")
    assert result.exit_code == 0
    assert result.stderr.startswith(
        "old: Laid by a polynomial of order 1 on 4 control points; they are off by "
    )
    scan = read_scan(scanned, written, None, "Me <b>", FRAME)
    assert out.read_text("utf-8") == page.document(show_scan(View()), scan=scan)
    asked = ("--bounds", "127,43,136,49", "--layers", "lines,scan", "--scan-opacity", "0.4", "--overwrite")
    assert run("export", out, "--scan", scanned, *asked).exit_code == 0
    scan = read_scan(scanned, None, (127, 43, 136, 49), "", FRAME)
    assert out.read_text("utf-8") == page.document(
        View(layers=("lines", "scan"), scan_opacity=0.4), scan=scan
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--scan", "SCAN"],
            "--scan: nothing says where it lies; add --georeference FILE or --bounds W,S,E,N",
        ),
        (["--scan", "SCAN", "--bounds", "1,2"], "--bounds: found '1,2'; west,south,east,north in degrees"),
        (["--scan", "none.png", "--bounds", "127,43,136,49"], "none.png: the file cannot be read"),
        (["--scan", "SCAN", "--bounds", "1,2,3,4", "--georeference", "x"], "both say where the scan lies"),
        (["--scan-opacity", "0.4"], "--scan-opacity goes with --scan"),
        (
            ["--scan", "SCAN", "--bounds", "127,43,136,49", "--scan-opacity", "2"],
            "--scan-opacity=2: a number from 0 to 1 would do",
        ),
        (["--bounds", "127,43,136,49"], "--georeference, --bounds and --scan-credit go with --scan"),
        (["--scan", "SCAN", "--bounds", "127,43,136,49", "--embed"], "the embedded map shows no scan"),
        (["--layers", "scan"], "the layers are areas"),
    ],
)
def test_a_scan_that_cannot_be_laid_is_refused_in_a_sentence(run, scanned, tmp_path, options, sentence):
    named = [str(scanned) if option == "SCAN" else option for option in options]
    assert_refused(run("export", tmp_path / "map.html", *named), sentence)
    assert not (tmp_path / "map.html").exists()


# export --article


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"Vladivostok\n\nFrom Khabarovsk to the sea."),
        ("a.md", b"# Vladivostok\n\nFrom **Khabarovsk** to the sea."),
        ("a.html", b"<h1>Vladivostok</h1><p>From Khabarovsk to the sea.<script>alert(1)</script>"),
        ("a.txt", "Владивосток\n\nХабаровск".encode("utf-16")),
        ("a.txt", "Владивосток\n\nХабаровск".encode("cp1251")),
    ],
)
def test_an_article_of_the_reader_is_linked(run, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    result = run("export", tmp_path / "map.html", "--article", tmp_path / name)
    assert result.exit_code == 0, result.stderr
    document = (tmp_path / "map.html").read_text("utf-8")
    assert content_of(document)["article"]["own"] is False
    assert ["khabarovsk"] in [each["targets"] for each in said_of(document)]


def test_the_encoding_of_an_article_can_be_chosen(run, tmp_path):
    (tmp_path / "a.txt").write_bytes("Владивосток\n\nХабаровск".encode("koi8-r"))
    options = ("--article", tmp_path / "a.txt", "--encoding")
    result = run("export", tmp_path / "map.html", *options, "KOI8-R")
    assert result.exit_code == 0, result.stderr
    assert "Хабаровск" in text_of((tmp_path / "map.html").read_text("utf-8"), "content")
    assert_refused(
        run("export", tmp_path / "no.html", *options, "koi"), "cannot be read as koi; UTF-8, UTF-16"
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", None, "there is no file"),
        ("a.txt", b"", "holds no text"),
        ("a.txt", b" \n\t\n", "holds no text"),
        ("a.txt", b"\x00\x01\x02", "is binary"),
        ("a.txt", b"\xff\xfeabc", "is not in UTF-16"),
        ("a.txt", b"\x81\x8d\x8f\xff\x90", "is in none of the encodings UTF-8, UTF-16"),
        ("a.txt", b"%PDF-1.7", "is a PDF"),
        ("a.docx", b"PK\x03\x04", "is a damaged Word document"),
        ("a.epub", b"PK\x03\x04", "has an unknown ending; .txt, .md, .html, .mhtml, .docx and .pdf would do"),
        ("a", b"Text", "has an unknown ending"),
        ("a.txt", b"x" * 5_000_001, "is larger than 5 MB"),
    ],
)
def test_an_article_that_cannot_be_read_is_refused_and_nothing_is_written(
    run, tmp_path, name, content, sentence
):
    (tmp_path / "in").mkdir()
    if content is not None:
        (tmp_path / "in" / name).write_bytes(content)
    result = run("export", tmp_path / "map.html", "--article", tmp_path / "in" / name)
    assert_refused(result, sentence)
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "map.html").exists()


def test_a_folder_as_an_article_is_refused(run, tmp_path):
    assert_refused(run("export", tmp_path / "map.html", "--article", tmp_path), "is a folder; name a file")


# link, and marks of people


ARTICLE = (
    "Old borders\n\nVladivostok and seven other cities. From Khabarovsk to 𐀀 Chita by the [bold]Amur[/bold]."
)


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def marks(path, *marked):
    """Write a file of marks: the id, the words, what stands before them, and what the body says."""
    items = [
        {
            "id": name,
            "body": body,
            "target": {"selector": {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix}},
        }
        for name, exact, prefix, body in marked
    ]
    path.write_text(json.dumps(items), "utf-8")
    return path


WRONG = {"value": "not-a-place", "note": "A street."}


def typed(page):
    return {
        item["target"]["selector"][0]["exact"]: body
        for item in page["items"]
        for body in item["body"]
        if body.get("purpose") == "classifying"
    }


def test_the_mentions_of_a_text_come_as_an_annotation_page_and_the_text_beside_it(
    run, atlas, article, tmp_path
):
    out, text = tmp_path / "out.jsonld", tmp_path / "my text.txt"
    result = run("link", article, "-o", out, "--text", text)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.partition(": ")[0] for line in result.stdout.splitlines()] == [str(out), str(text)]
    page = json.loads(out.read_bytes())
    words = text.read_bytes().decode()
    assert page["target"]["sha256"] == hashlib.sha256(text.read_bytes()).hexdigest()
    assert page["target"]["id"] == "my%20text.txt"
    for item in page["items"]:
        quotation, position = item["target"]["selector"]
        assert words[position["start"] : position["end"]] == quotation["exact"]
    linked = atlas.linker.mentions(read_article(article, atlas.furniture))
    assert [item["target"]["selector"][0]["exact"] for item in page["items"]] == [
        each.exact for each in linked
    ]
    assert typed(page)["seven other cities"]["value"] == "group"
    assert out.read_text("utf-8") == run("link", article, "--text", text).stdout


def test_a_text_on_standard_input_is_linked_in_the_language_that_is_told(run, article):
    told = json.loads(run("link", article).stdout)
    assert told["target"]["language"] == "en"
    assert told["target"]["id"] == f"urn:far-east-atlas:text:{told['target']['sha256']}"
    result = CliRunner().invoke(main, ["link", "-", "--lang", "ru"], input=ARTICLE.encode())
    assert (result.exit_code, result.stderr) == (0, "")
    page = json.loads(result.stdout)
    assert page["target"] == told["target"] | {"language": "ru"}


def test_an_annotation_page_goes_out_in_utf_8_whatever_the_terminal(article):
    done = started("link", article, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "𐀀" in done.stdout
    assert json.loads(done.stdout)["type"] == "AnnotationPage"


def test_a_table_shows_what_was_found_letter_for_letter(run, article, tmp_path):
    out = tmp_path / "out.jsonld"
    result = run("link", article, "--table", "-o", out)
    assert (result.exit_code, result.stderr) == (0, "")
    found = typed(json.loads(out.read_bytes()))
    assert result.stdout.startswith(f"{len(found)} mentions")
    for exact, body in found.items():
        line = next(line for line in result.stdout.splitlines() if exact in line)
        assert body["value"] in line
        assert body["rule"] in line
        assert f"{body['confidence']:.2f}" in line
    assert '"type"' not in run("link", article, "--table").stdout


def test_marks_of_people_override_what_is_found_and_their_fate_is_told(run, article, tmp_path):
    old = marks(
        tmp_path / "old.jsonld",
        ("a1", "Vladivostok", "", WRONG),
        ("a2", "Kabarovsk", "seven other cities. From ", "khabarovsk"),
    )
    result = run("link", article, "--annotations", old)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"{old}: 2 annotations, 2 marked by people: 1 kept, 0 moved, 1 edited, 0 lost",
        f"a2 'Kabarovsk' edited: now 'Khabarovsk' at {ARTICLE.index('Khabarovsk')} in p2",
    ]
    found = typed(json.loads(result.stdout))
    assert (found["Vladivostok"]["value"], found["Vladivostok"]["rule"]) == ("not-a-place", "curated")
    assert (found["Khabarovsk"]["value"], found["Khabarovsk"]["rule"]) == ("place", "curated")
    assert found["seven other cities"]["rule"] != "curated"


def test_what_was_found_by_rule_is_followed_but_found_anew(run, article, tmp_path):
    old = tmp_path / "old.jsonld"
    run("link", article, "-o", old)
    article.write_text("Very, very " + ARTICLE.replace("Vladivostok", "Moscow"), "utf-8")
    result = run("link", article, "--annotations", old)
    assert result.exit_code == 0
    head, *fates = result.stderr.splitlines()
    assert "0 marked by people: " in head
    assert " 1 lost" in head
    assert any("'Vladivostok' lost: its words stand nowhere" in line for line in fates)
    assert any(f"'Khabarovsk' moved: from {ARTICLE.index('Khabarovsk')} to " in line for line in fates)
    assert result.stdout == run("link", article).stdout


@pytest.mark.parametrize("command", ["link", "export"])
def test_a_lost_mark_of_a_person_is_told_by_the_exit_status(run, article, tmp_path, command):
    old = marks(tmp_path / "old.jsonld", ("a1", "Harbin", "", WRONG), ("a2\x1b", "Sakhalin", "", WRONG))
    out = tmp_path / "out"
    arguments = ["link", article, "-o", out] if command == "link" else ["export", out, "--article", article]
    result = run(*arguments, "--annotations", old)
    assert result.exit_code == 1
    assert out.exists()
    assert "a1 'Harbin' lost: its words stand nowhere" in result.stderr
    assert "item 2 'Sakhalin' lost" in result.stderr


def test_every_fault_of_a_file_of_marks_is_told_and_nothing_is_written(run, article, tmp_path):
    old = marks(tmp_path / "old.jsonld", *((f"a{n}", "Amur", "", "no-such") for n in range(1, 8)))
    for command in (
        ["link", article, "-o", tmp_path / "out"],
        ["export", tmp_path / "out", "--article", article],
    ):
        result = run(*command, "--annotations", old)
        assert_refused(result, "old.jsonld, a1, body: 'no-such' is no id of the atlas")
        assert len(result.stderr.splitlines()) == 7
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("link", "none.txt"), "there is no file none.txt"),
        (("link", "article.docx"), "there is no file article.docx"),
        (
            ("link", "article.txt", "--annotations", "none"),
            "none: the file cannot be read (No such file or directory)",
        ),
        (("link", "article.txt", "--annotations", "article.txt"), "article.txt: this is no JSON in UTF-8"),
        (("link", "article.txt", "--lang", "de"), "'de' is not one of 'en', 'ru', 'zh'"),
        (
            ("link", "article.txt", "-o", "x", "--text", "x"),
            "-o and --text name the same file; give each its own",
        ),
        (("link", "article.txt", "-o", "no/x"), "the folder no does not exist"),
        (
            ("export", "x", "--annotations", "none"),
            "--annotations goes with --article: our own account has its",
        ),
    ],
)
def test_a_link_that_cannot_be_made_is_refused_in_one_sentence(
    run, article, monkeypatch, arguments, sentence
):
    monkeypatch.chdir(article.parent)
    assert_refused(run(*arguments), sentence)
    assert [path.name for path in article.parent.iterdir()] == ["article.txt"]


def test_standard_input_without_a_text_is_refused():
    for content, sentence in (
        (b"", "stdin.txt is empty and holds no text"),
        (b"%PDF-1.7", "stdin.txt is a PDF"),
    ):
        assert_refused(CliRunner().invoke(main, ["link", "-"], input=content), sentence)
    closed = subprocess.run(
        [sys.executable, "-c", "import sys; sys.stdin = None; from geo.cli import main; main(['link', '-'])"],
        cwd=DATA_DIR.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert closed.returncode == 2
    assert closed.stderr.startswith("standard input cannot be read (")


def test_the_exported_page_shows_what_people_marked_instead(run, article, tmp_path):
    old = marks(tmp_path / "old.jsonld", ("a1", "Vladivostok", "", WRONG), ("a2", "Chita", "", "peking-1860"))
    result = run("export", tmp_path / "map.html", "--article", article, "--annotations", old)
    assert result.exit_code == 0
    assert "2 annotations, 2 marked by people: 2 kept" in result.stderr
    said = said_of((tmp_path / "map.html").read_text("utf-8"))
    marked = [each for each in said if each["rule"] == "curated"]
    assert [(each.get("note", ""), each["targets"], each["type"]) for each in marked] == [
        ("A street.", [], "not-a-place"),
        ("", ["peking-1860"], "act"),
    ]


@pytest.mark.parametrize(("length", "shown"), [(10, True), (10_000, False)])
def test_a_bar_is_shown_to_a_person_who_waits_for_a_long_text(
    atlas, article, monkeypatch, tmp_path, length, shown
):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    monkeypatch.setattr(geo.reading, "load_atlas", lambda: atlas)
    monkeypatch.setattr(geo.cli.linking, "_LONG", length)
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        main(["link", str(article), "-o", str(tmp_path / "out")], standalone_mode=False)
        terminal.write("the end\n")
        terminal.flush()
        written = ""
        while "the end" not in written:
            written += os.read(ours, 4096).decode("utf-8", "replace")
    os.close(ours)
    assert ("Linking" in written) == shown
    assert (tmp_path / "out").exists()


# areas


def test_the_areas_in_json_are_as_measured_and_every_figure_has_its_difference(run, atlas):
    result = run("areas", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    sizes = {area.id: measure(area.geometry) for area in atlas.areas if area.role == "subject"}
    assert {row["id"]: row["km2"] for row in found["measured"]} == {
        name: round(size.km2) for name, size in sizes.items()
    }
    assert len(found["quoted"]) == len(atlas.quoted_areas)
    assert all(isinstance(row["difference_percent"], float) for row in found["quoted"])


def test_the_table_of_areas_holds_each_area_and_each_quoted_figure(run, atlas):
    result = run("areas")
    assert (result.exit_code, result.stderr) == (0, "")
    for area in atlas.areas:
        if area.role == "subject":
            assert area.id in result.stdout
            assert f"{measure(area.geometry).km2:,.0f}" in result.stdout
    for figure in atlas.quoted_areas:
        assert f"{figure.km2:,}" in result.stdout
    assert result.stdout.count("%") == len(atlas.quoted_areas)


def test_a_table_in_a_file_has_no_colour_codes(run):
    assert "\x1b" not in run("areas").stdout


def test_a_passage_that_the_text_does_not_have_is_refused(run, tmp_path):
    result = run("export", tmp_path / "map.html", "--passage", "p99999")
    assert result.exit_code == 2
    assert "--passage=p99999" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_an_output_that_cannot_be_written_is_one_sentence():
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "geo", "areas", "--json"]
        done = subprocess.run(
            command, cwd=DATA_DIR.parent, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


# where


@pytest.fixture
def points(tmp_path):
    """A file of points whose rows 3 and 4 hold none, and whose row 5 lies at sea."""
    path = tmp_path / "points.csv"
    rows = ("name,lat,lon", "a,43.8047,131.9573", "b,abc,131", "c,43.8", "d,42,140", "=e,50.2759,127.5264")
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_a_point_is_told_in_words(run):
    result = run("where", "43.8047", "131.9573", "--date", "1859-06-01")
    assert (result.exit_code, result.stderr) == (0, "")
    told = dict(re.split(r"  +", line, maxsplit=1) for line in result.stdout.splitlines() if line[0] != " ")
    assert told["Area"].endswith("[ussuri-coast]")
    assert "Russian Empire and Qing Empire, in common, by Treaty of Aigun" in (
        told["On 1 June 1859"],
        told["28 May 1858 – 13 November 1860"],
    )
    assert told["Made Russian by"] == "Treaty of Peking, 14 November 1860 [peking-1860]"
    assert re.fullmatch(r"[\d,]+\.\d km to .+ \[line-[a-z0-9-]+, \w+\]", told["Nearest boundary"])
    assert told["How sure"].partition(":")[0] in SURENESS
    assert told["26 December 1991 – today"] == "Russian Federation"
    assert told["Sources"]


def test_a_point_without_a_date_is_told_of_today(run):
    today = date.today()
    result = run("where", "43.8047", "131.9573")
    assert result.exit_code == 0
    assert f"On {in_words(today)} " in result.stdout


def test_land_that_never_became_russian_is_told_so(run):
    assert re.search(r"^Made Russian by +no act$", run("where", "45.75", "126.6").stdout, re.MULTILINE)


def test_a_point_in_json_is_what_the_record_of_it_says(run, atlas):
    result = run("where", "43.8047", "131.9573", "--date", "1859-06-01", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = where_is(atlas, 131.9573, 43.8047, date(1859, 6, 1))
    assert json.loads(result.stdout) == record_of(atlas, found)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("42", "135"), "42.00 N 135.00 E lies at sea or outside every area"),
        (("48", "150"), "48.00 N 150.00 E lies outside the mapped frame"),
        (("-5.5", "-6"), "5.50 S 6.00 W lies outside the mapped frame"),
        (("-.5", "-1e1"), "0.50 S 10.00 W lies outside the mapped frame"),
        (("--date", "1900-01-01", "-5.5", "+6"), "5.50 S 6.00 E lies outside the mapped frame"),
    ],
)
def test_a_point_in_no_area_is_an_answer_of_one_sentence(run, arguments, sentence):
    result = run("where", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(sentence)
    assert len(result.stdout.splitlines()) == 1


def test_a_point_in_no_area_in_json_has_the_reason(run):
    told = json.loads(run("where", "48", "150", "--json").stdout)
    assert (told["area"], told["holding"], told["act"], told["chain"]) == (None, None, None, [])
    assert "outside the mapped frame" in told["why"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "give a point as LAT LON or a file by --csv"),
        (("43",), "give a point as LAT LON or a file by --csv"),
        (("43", "132", "--csv", "in.csv"), "--csv goes without LAT LON and without --json"),
        (("43", "--csv", "in.csv"), "--csv goes without LAT LON and without --json"),
        (("--json", "--csv", "in.csv"), "--csv goes without LAT LON and without --json"),
        (("131.9", "43.1"), "lat 131.9 is not between -90 and 90; are lat and lon swapped?"),
        (("91", "0"), "lat 91 is not between -90 and 90"),
        (("43", "-181"), "lon -181 is not between -180 and 180"),
        (("nan", "132"), "lat 'nan' is no number; write degrees, as in 43.1155 131.8855"),
        (("43", "-inf"), "lon '-inf' is no number"),
        (("43,1", "132"), "lat '43,1' is no number"),
        (("43", ""), "lon is blank"),
        (("43°", "132"), "lat '43°' is no number"),
        (("--jsn", "132"), "lat '--jsn' is no number"),
        (("43", "132", "--date", "1859-02-30"), "--date: '1859-02-30' is no day; write it as in 1859-06-01"),
        (("43", "132", "--date", "1859"), "--date: '1859' is no day"),
        (("43", "132", "--date", ""), "--date: '' is no day"),
        (("43", "132", "--date", "1500-01-01"), "--date: 1500-01-01 is not between 1689-09-06 and today"),
        (("43", "132", "--date", "1689-09-05"), "--date: 1689-09-05 is not between 1689-09-06 and today"),
        (("43", "132", "--date", "9999-12-31"), "--date: 9999-12-31 is not between 1689-09-06 and today"),
        (("--csv", "no-such.csv"), "no-such.csv: the file cannot be read (No such file or directory)"),
        (("--csv", "."), ".: the file cannot be read (Is a directory)"),
        (("--csv", ""), "--csv: the file cannot be read (No such file or directory)"),
        (("--csv", "no-such.csv", "--date", "1859-02-30"), "--date: '1859-02-30' is no day"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_one_sentence(run, arguments, sentence):
    result = run("where", *arguments)
    assert_refused(result, sentence)
    assert len(result.stderr.splitlines()) == 1


def test_the_first_day_and_today_are_known(run):
    for day in ("1689-09-06", f"{date.today()}"):
        assert run("where", "43.8", "132", "--date", day).exit_code == 0


def test_a_file_of_points_comes_back_with_its_answers_and_rows_at_fault_are_reported(run, points):
    result = run("where", "--csv", points, "--date", "1859-06-01")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "row 3: lat 'abc' is no number",
        "row 4: 2 cells where the header has 3; mind the commas",
    ]
    rows = list(csv.reader(result.stdout.splitlines()))
    assert rows[0] == ["name", "lat", "lon", "area", "holder", "act", "certainty"]
    assert rows[1][:4] == ["a", "43.8047", "131.9573", "ussuri-coast"]
    assert rows[1][4:6] == ["Russian Empire and Qing Empire, in common", "peking-1860"]
    assert rows[2:5] == [
        ["b", "abc", "131", "", "", "", ""],
        ["c", "43.8", "", "", "", "", ""],
        ["d", "42", "140", "", "", "", ""],
    ]
    assert rows[5][:4] == ["=e", "50.2759", "127.5264", "amur-left-bank"]


def test_points_at_sea_are_no_fault(run, points):
    points.write_text("lat,lon\n42,135\n10,10\n", "utf-8")
    result = run("where", "--csv", points)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "lat,lon,area,holder,act,certainty\n42,135,,,,\n10,10,,,,\n"


def test_points_are_taken_from_standard_input(atlas, monkeypatch):
    monkeypatch.setattr(geo.reading, "load_atlas", lambda: atlas)
    result = CliRunner().invoke(main, ["where", "--csv", "-"], input="lat,lon\n43.8047,131.9573\nx,1\n")
    assert result.exit_code == 1
    assert "43.8047,131.9573,ussuri-coast,Russian Federation,peking-1860," in result.stdout
    assert result.stderr == "row 3: lat 'x' is no number\n"


@pytest.mark.parametrize(("count", "tail"), [(20, []), (21, ["... and 1 more"]), (70, ["... and 50 more"])])
def test_of_many_rows_at_fault_twenty_are_listed_and_all_come_through(run, points, monkeypatch, count, tail):
    monkeypatch.setattr("geo.points._CHUNK", 15)
    points.write_text("lat,lon\n" + "x,1\n" * count, "utf-8")
    result = run("where", "--csv", points)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"row {n}: lat 'x' is no number" for n in range(2, 22)] + tail
    assert result.stdout.splitlines()[1:] == ["x,1,,,,"] * count


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "points.csv: the file is empty"),
        (b"lat;lon\n1;2\n", "separate columns by commas"),
        (b"lat,lon,area\n", "a column of yours is named area"),
        ("широта,lat,lon\n".encode("cp1251"), "line 1: byte 0 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_file_of_points_that_cannot_be_read_is_refused(run, points, content, sentence):
    points.write_bytes(content)
    result = run("where", "--csv", points)
    assert_refused(result, sentence)
    assert len(result.stderr.splitlines()) == 1


def test_rows_before_a_fault_of_the_file_are_printed_and_reported(run, points):
    points.write_bytes(b"lat,lon\nx,1\n\xff,1\n")
    result = run("where", "--csv", points)
    assert result.exit_code == 2
    assert result.stdout == "lat,lon,area,holder,act,certainty\nx,1,,,,\n"
    assert result.stderr.splitlines() == [
        "row 2: lat 'x' is no number",
        f"{points}, line 3: byte 0 is not UTF-8; save the file as UTF-8",
    ]


def test_a_file_of_points_is_answered_in_a_shell_without_a_bar(points):
    done = started("where", "--csv", points, PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 6
    assert len(done.stderr.splitlines()) == 2


def test_a_reader_that_has_had_enough_ends_the_work_in_silence(points):
    points.write_text("lat,lon\n" + "43.8,132\n" * 120_000, "utf-8")
    command = [sys.executable, "-m", "geo", "where", "--csv", str(points)]
    with subprocess.Popen(
        command, cwd=DATA_DIR.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"lat,lon,area,holder,act,certainty\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_ends_the_rows_in_one_sentence(points):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "geo", "where", "--csv", str(points)]
        done = subprocess.run(
            command, cwd=DATA_DIR.parent, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "the output cannot be written (No space left on device)\n"


def test_a_closed_standard_output_is_told(run, points, monkeypatch):
    monkeypatch.setattr(
        geo.cli.records, "sys", SimpleNamespace(stdout=None, stderr=sys.stderr, exit=sys.exit)
    )
    result = run("where", "--csv", points)
    assert_refused(result, "standard output is closed; there is nowhere to print the rows")


@pytest.mark.parametrize(("seconds", "shown"), [(2.0, True), (0.01, False)])
def test_a_bar_is_shown_to_a_person_who_waits_for_more_than_a_second(
    atlas, points, monkeypatch, tmp_path, seconds, shown
):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    clock = count(0.0, seconds)
    monkeypatch.setattr(geo.reading, "load_atlas", lambda: atlas)
    monkeypatch.setattr(geo.cli.records, "monotonic", lambda: next(clock))
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal, (tmp_path / "out.csv").open("w") as out:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(SystemExit):
            main(["where", "--csv", str(points)])
        terminal.write("the end\n")
        terminal.flush()
        written = ""
        while "the end" not in written:
            written += os.read(ours, 4096).decode("utf-8", "replace")
    os.close(ours)
    assert ("Rows" in written) == shown
    assert "row 3: lat 'abc' is no number" in written
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 6


# Data


def test_data_are_written_in_the_format_that_the_name_tells(run, tmp_path):
    result = run("data", tmp_path / "a.geojson")
    assert result.exit_code == 0
    assert re.fullmatch(r".*a\.geojson: \d+ kB\n", result.stdout)
    assert json.loads((tmp_path / "a.geojson").read_bytes())["metadata"]["view"] is None


def test_data_in_a_folder_get_a_telling_name(run, tmp_path, atlas):
    assert run("data", tmp_path, "--format", "lp-tsv").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"far-east-atlas-{atlas.version}.tsv"]


def test_data_of_a_view_hold_its_layers_on_its_date(run, tmp_path):
    out = tmp_path / "a.geojson"
    assert run("data", out, "--date", "1859-06-01", "--layers", "areas").exit_code == 0
    collection = json.loads(out.read_bytes())
    assert collection["metadata"]["view"] == "date=1859-06-01&layers=areas"
    assert {feature["properties"]["layer"] for feature in collection["features"]} == {"areas"}
    assert {feature["properties"]["status"] for feature in collection["features"]} >= {"held", "common"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a.shp"], "the name does not tell the format; add --format with geojson, gpkg"),
        (["a.x", "--format", "shp"], "there is no format 'shp'; the formats are geojson, gpkg"),
        (["a.gpkg", "--date", "1600-01-01"], "--date=1600-01-01: a day from 1689-09-06 to today would do"),
        (["a.gpkg", "--layers", "none"], "the view shows no layer that holds records"),
        (["a.gpkg", "--readings", "nosuch"], "--readings=nosuch: no rival reading has this id"),
        (["nowhere/a.tsv"], "does not exist; create it first"),
    ],
)
def test_data_that_cannot_be_written_are_refused(run, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    assert_refused(run("data", *arguments), sentence)
    assert list(tmp_path.iterdir()) == []


def test_data_replace_a_file_only_when_told(run, tmp_path):
    out = tmp_path / "a.tsv"
    out.write_bytes(b"old")
    assert_refused(run("data", out), "is there already; name another file, or add --overwrite")
    assert out.read_bytes() == b"old"
    assert run("data", out, "--overwrite").exit_code == 0
    assert out.read_bytes() != b"old"


# Pictures


def test_a_picture_shows_the_view_asked_for(run, tmp_path):
    result = run("picture", tmp_path / "a.svg", "--date", "1859-06-01", "--lang", "ru", "--portrait")
    assert result.exit_code == 0
    drawn = (tmp_path / "a.svg").read_text("utf-8")
    assert "1859" in drawn
    assert "Хабаровка" in drawn
    assert "paint-common-russia-china" in drawn


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a.bmp"], "a.bmp"),
        (["a.svg", "--date", "1859-02-30"], "--date=1859-02-30: a day from 1689-09-06 to today would do"),
        (["a.svg", "--scale", "2"], "--scale=2: only a PNG has pixels to multiply; leave it out for .svg"),
        (["nowhere/a.svg"], "nowhere"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused(run, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    assert_refused(run("picture", *arguments), sentence)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_replaces_a_file_only_when_told(run, tmp_path):
    out = tmp_path / "a.svg"
    out.write_bytes(b"old")
    assert run("picture", out).exit_code == 2
    assert out.read_bytes() == b"old"
    assert run("picture", out, "--overwrite").exit_code == 0
    assert out.read_bytes() != b"old"


# cite


def test_references_are_printed_in_the_style_asked_for(run):
    result = run(
        "cite", "--date", "1859-06-01", "--what", "map", "--style", "gost", "--address", "https://a.example/"
    )
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Far East Atlas maintainers. Far East Atlas: who held what on 1 June 1859."
    )
    assert "URL: https://a.example/#date=1859-06-01 (дата обращения: " in result.stdout


@pytest.mark.parametrize(("form", "begin"), [("bibtex", "@"), ("ris", "TY  - "), ("csl-json", "[\n")])
def test_references_are_printed_for_reference_managers(run, form, begin):
    assert run("cite", "--what", "sources", "--place", "nerchinsk", "--format", form).stdout.startswith(begin)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "example.org", "https://a b", "https://" + "a" * 1000]
)
def test_an_address_that_cannot_be_cited_is_refused(run, address):
    assert_refused(run("cite", "--address", address), "is no address of a page")


def test_an_address_of_an_article_needs_the_article(run, tmp_path):
    result = run("export", tmp_path / "a.html", "--article-url", "https://example.org/a")
    assert_refused(result, "--article-url goes with --article")
    text = tmp_path / "note.txt"
    text.write_text("A note on the Amur river, which froze early that year, they said.", "utf-8")
    result = run("export", tmp_path / "a.html", "--article", text, "--article-url", "https://example.org/a")
    assert result.exit_code == 0
    assert '"source":"https://example.org/a"' in text_of((tmp_path / "a.html").read_text("utf-8"), "content")


# site


def test_the_site_is_written_and_its_size_told(run, tmp_path, monkeypatch):
    monkeypatch.setattr(geo.site, "compose_site", lambda *_args: iter([("index.html", b"x" * 60_000)]))
    result = run("site", tmp_path / "site")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{tmp_path / 'site'}: 0.1 MB\n"
    assert_refused(
        run("site", tmp_path / "site"), "is there already; name another folder, or add --overwrite"
    )


@pytest.mark.parametrize("address", ["example.org", "https://example.org/#a"])
def test_an_address_where_no_site_can_stand_is_refused(run, tmp_path, address):
    assert_refused(
        run("site", tmp_path / "site", "--base-url", address), "--base-url=", "the address of a folder"
    )
    assert list(tmp_path.iterdir()) == []
