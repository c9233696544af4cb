from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import geo.cli
from geo import __version__
from geo.cli import main
from geo.content import selectable
from geo.errors import DataError, Problem
from geo.reading import DATA_DIR
from geo.territory import measure
from geo.view import Position, View

COMMANDS = ("validate", "export", "areas")


@pytest.fixture
def run(atlas, monkeypatch):
    """Run a command; the data are read once for all tests, unless the command names a folder."""
    read = geo.cli.load_atlas
    monkeypatch.setattr(geo.cli, "load_atlas", lambda *folder: read(*folder) if folder else atlas)
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
        file in result.stdout for file in ("places.csv", "areas.geojson", "datapackage.json", "relief.webp")
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


def test_every_option_is_taken_over(run, tmp_path, page):
    result = run(
        "export",
        tmp_path / "map.html",
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
        lang="zh-Hant",
        layers=("areas", "borders"),
        opacity=0.0,
        place=("sakhalin", "khabarovsk"),
        passage="p3",
        position=Position(6, 48.46, 135.1),
        basemap="OpenTopoMap",
    )
    assert (tmp_path / "map.html").read_text("utf-8") == page.document(view)


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
        ("place", "atlantis", "--place=atlantis: no place, area, line or act has this id."),
        ("passage", "three", "--passage=three: passages are named p1, p2 and so on."),
        ("map", "here", "--map=here: zoom/latitude/longitude would do, as in 5/48/131."),
        ("basemap", "Moon", "--basemap=Moon: the online basemaps are"),
        ("place", "x" * 3000, "an address of 3005 characters: at most 2000."),
    ],
)
def test_an_option_that_means_nothing_is_refused_and_nothing_is_written(
    run, tmp_path, option, found, sentence
):
    (tmp_path / "map.html").write_text("old", "utf-8")
    assert_refused(run("export", tmp_path / "map.html", f"--{option}", found), sentence)
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_every_option_at_fault_is_named_at_once(run, tmp_path):
    result = run("export", tmp_path / "map.html", "--lang", "de", "--opacity", "2", "--place", "atlantis")
    assert_refused(result, "--lang=de", "--opacity=2", "--place=atlantis")
    assert len(result.stderr.splitlines()) == 3


@pytest.mark.parametrize("name", ["vladivostok", "ussuri-coast", "peking-1860", "stanovoy-crest"])
def test_places_areas_acts_and_lines_can_be_selected(run, tmp_path, atlas, name):
    assert name in selectable(atlas)
    assert run("export", tmp_path / "map.html", "--place", name).exit_code == 0


def test_a_file_that_is_there_is_replaced(run, tmp_path):
    (tmp_path / "map.html").write_text("old", "utf-8")
    assert run("export", tmp_path / "map.html").exit_code == 0
    assert (tmp_path / "map.html").read_text("utf-8").startswith("<!DOCTYPE html>")


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
    assert_refused(run("export", tmp_path / "map.html"), "cannot be written (No space left on device)")
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("command", [["export", "map.html"], ["areas"]])
def test_data_at_fault_are_told_with_the_way_to_see_all_faults(run, monkeypatch, tmp_path, command):
    def broken(*_folder):
        raise DataError([Problem("acts.csv", f"act-{n}", "date", "it is late") for n in range(8)])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(geo.cli, "load_atlas", broken)
    result = run(*command)
    assert_refused(
        result, "acts.csv, act-0, date: it is late", "... and 3 more; `python -m geo validate` lists them all"
    )
    assert len(result.stderr.splitlines()) == 6
    assert list(tmp_path.iterdir()) == []


# export --article


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"Vladivostok\n\nFrom Khabarovsk to the sea."),
        ("a.md", b"# Vladivostok\n\nFrom **Khabarovsk** to the sea."),
        ("a.html", b"<h1>Vladivostok</h1><p>From Khabarovsk to the sea.<script>alert(1)</script>"),
        ("a.txt", "Владивосток\n\nХабаровск".encode("utf-16")),
    ],
)
def test_an_article_of_the_reader_is_linked(run, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    result = run("export", tmp_path / "map.html", "--article", tmp_path / name)
    assert result.exit_code == 0, result.stderr
    document = (tmp_path / "map.html").read_text("utf-8")
    assert '"own":false' in document
    assert '"targets":["khabarovsk"]' in document


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", None, "there is no file"),
        ("a.txt", b"", "holds no text"),
        ("a.txt", b" \n\t\n", "holds no text"),
        ("a.txt", b"\x00\x01\x02", "is binary"),
        ("a.txt", b"\xff\xfeabc", "is not in UTF-16"),
        ("a.txt", "Хабаровск".encode("cp1251"), "is not in UTF-8 (byte 0 does not fit)"),
        ("a.txt", b"%PDF-1.7", "is a PDF"),
        ("a.docx", b"PK\x03\x04", "has an unknown ending; .txt, .md and .html would do"),
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
