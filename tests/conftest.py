"""What the tests share: the atlas, its page, and a copy of the data that a test may damage."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings

from geo.atlas import Atlas
from geo.language import parse_catalogue
from geo.page import Page
from geo.reading import DATA_DIR, load_atlas
from tests.editing import Editor

_NOBODY = 65534

collect_ignore_glob = ["bench/*"]  # benchmarks are no tests; their short forms are run by test_bench

settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def catalogues_read_once() -> Iterator[None]:
    """Let a catalogue that no test has touched be parsed once: hundreds of tests read the data anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.records.parse_catalogue", lru_cache(parse_catalogue))
        yield


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas()


@pytest.fixture(scope="session")
def page(atlas: Atlas) -> Page:
    return Page(atlas)


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder in which nothing may be written, with one, ``locked``, into which nobody may look.

    As the superuser may do both, the test runs as somebody else then.
    """
    # Those of pytest are closed to others altogether.
    folder = Path(tempfile.mkdtemp())
    (folder / "locked").mkdir(0o000)
    folder.chmod(0o555)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(_NOBODY)
    yield folder
    if superuser:
        os.seteuid(0)
    left = [path.name for path in folder.iterdir()]
    folder.chmod(0o700)
    (folder / "locked").rmdir()
    folder.rmdir()
    assert left == ["locked"]


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the data that a test may damage."""
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy, ignore=shutil.ignore_patterns("build", "__pycache__"))
    return copy


@pytest.fixture
def editor(data_copy: Path) -> Editor:
    return Editor(data_copy)
