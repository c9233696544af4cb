"""The documents say what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from geo import __date__, __version__
from geo.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_version_is_the_same_everywhere(atlas):
    newest = re.search(r"^## (\S+) – (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert PROJECT["project"]["version"] == newest[1] == __version__
    assert newest[2] == __date__
    assert f"version {__version__}, data {atlas.version}" in README


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_in_the_readme(command):
    assert f"`python -m geo {command}" in README


PARTS = (
    "date",
    "compare",
    "lang",
    "layers",
    "opacity",
    "place",
    "point",
    "passage",
    "readings",
    "map",
    "basemap",
)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_address_is_in_the_readme_and_an_option(part):
    assert f"`{part}`" in README
    assert f"--{part}" in {
        option for parameter in main.commands["export"].params for option in parameter.opts
    }


def test_every_module_is_in_the_readme():
    packages = {path.parent.name for path in (ROOT / "geo").glob("*/__init__.py")}
    modules = packages | {path.stem for path in (ROOT / "geo").glob("*.py")} - {"__init__", "__main__"}
    table = README[README.index("| module of `geo/`") :]
    assert modules == set(re.findall(r"`([a-z]+)`", table)) & modules


def test_every_dependency_is_locked_and_has_its_reason_in_the_changelog():
    names = [re.split(r"[<>=]", entry)[0] for entry in PROJECT["project"]["dependencies"]]
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8").lower()
    for lock in ("requirements.lock", ".ci/requirements.lock"):
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        assert set(names) <= locked
    assert [name for name in names if name not in changelog] == []


def test_pictures_and_links_of_the_readme_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target
