"""What the tests share: the atlas, its page, and a copy of the data that a test may damage."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from geo.atlas import Atlas
from geo.language import parse_catalogue
from geo.page import Page
from geo.reading import DATA_DIR, load_atlas
from geo.records import RecordReader
from tests.editing import Editor

_NOBODY = 65534

collect_ignore_glob = ["bench/*"]  # benchmarks are no tests; their short forms are run by test_bench

settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def sound_files_read_once() -> Iterator[None]:
    """Let a file that no test has touched be parsed once: hundreds of tests read the data anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.records.parse_catalogue", lru_cache(parse_catalogue))
        for name in ("csv_records", "features"):
            patch.setattr(RecordReader, name, _reading_once(getattr(RecordReader, name)))
        yield


def _reading_once(read: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Return a method that reads as another does, and for the same sound file gives the same records."""
    kept: dict[tuple[Any, ...], list[Any]] = {}

    def method(reader: RecordReader, file: str, *kinds: Any) -> list[Any]:
        known = len(reader.problems)
        content = reader.content(file)
        key = (file, content, *kinds)
        if len(reader.problems) == known and key in kept:
            return list(kept[key])
        del reader.problems[known:]
        records = read(reader, file, *kinds)
        if len(reader.problems) == known:
            kept[key] = list(records)
        return records

    return method


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
