"""The documents say what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from geo import __date__, __version__
from geo.cli import main
from tests.test_view import PARTS

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


@pytest.mark.parametrize("part", [part for part in PARTS if part != "other"])
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


def test_every_test_that_the_threat_model_names_exists():
    threats = (ROOT / ".github" / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", threats)
    assert len(named) > 30
    for file, test in named:
        assert re.search(rf"^def {test}\(", (ROOT / "tests" / file).read_text("utf-8"), re.MULTILINE), (
            file,
            test,
        )


def test_every_reason_in_the_log_is_in_the_threat_model():
    threats = (ROOT / ".github" / "SECURITY.md").read_text("utf-8")
    source = "".join(path.read_text("utf-8") for path in (ROOT / "geo" / "dashboard").glob("*.py"))
    source += (ROOT / "streamlit_app.py").read_text("utf-8")
    kinds = "host|origin|endpoint|method|upload|text|records|address|export|view"
    reasons = set(re.findall(rf'"((?:{kinds})(?:-[a-z]+)+)"', source)) - {"host-config"}
    assert len(reasons) == 12
    assert [reason for reason in reasons if f"`{reason}`" not in threats] == []


def test_the_limits_of_the_threat_model_are_those_of_the_code():
    from geo.annotations import incoming
    from geo.dashboard import bringing, guarding
    from geo.scans import model as scans

    threats = (ROOT / ".github" / "SECURITY.md").read_text("utf-8")
    assert f"| {guarding.SESSION_BYTES // 10**6} MB, {guarding.ALL_BYTES // 10**6} MB |" in threats
    assert f"| {bringing.MAX_PASTED:,} characters |" in threats
    assert f"| {incoming.MAX_BYTES // 10**6} MB, {incoming.MAX_ITEMS:,} |" in threats
    picture = (
        f"{scans.MAX_BYTES // 10**6} MB, {scans.MAX_PIXELS // 10**6} million and {scans.MAX_SIDE:,} on a side"
    )
    placed = f"{scans.MAX_GEOREFERENCE_BYTES // 10**6} MB and {scans.MAX_POINTS:,} points"
    assert f"| {picture}, {placed}, {scans.MAX_LAID_BYTES / 10**6} MB |" in threats
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert f"| {settings['server']['maxUploadSize']} MB | `server.maxUploadSize`" in threats
    assert f"| {settings['server']['disconnectedSessionTTL']} s | `server.disconnectedSessionTTL`" in threats
