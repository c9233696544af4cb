"""What the tests share: the atlas, its page, and a copy of the data that a test may damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from geo.atlas import Atlas
from geo.page import Page
from geo.reading import DATA_DIR, load_atlas
from tests.editing import Editor

settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas()


@pytest.fixture(scope="session")
def page(atlas: Atlas) -> Page:
    return Page(atlas)


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the data that a test may damage."""
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy, ignore=shutil.ignore_patterns("build", "__pycache__"))
    return copy


@pytest.fixture
def editor(data_copy: Path) -> Editor:
    return Editor(data_copy)
