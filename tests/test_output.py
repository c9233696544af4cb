from __future__ import annotations

import fcntl
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import geo.output
from geo.errors import ExportError
from geo.output import write_folder, write_whole
from geo.reading import DATA_DIR

FULL = OSError(28, "No space left on device")
FILES = {"a.html": b"new", "b/c.html": b"new"}


def test_a_file_is_written_for_all_to_read(tmp_path):
    write_whole(tmp_path / "map.html", b"whole")
    assert (tmp_path / "map.html").read_bytes() == b"whole"
    assert (tmp_path / "map.html").stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [tmp_path / "map.html"]


def test_a_file_that_is_there_is_replaced_whole(tmp_path):
    target = tmp_path / "map.html"
    target.write_bytes(b"something much longer than what comes")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("content", [b"", b"\0\xff", "карта 地图".encode()])
def test_any_bytes_are_written_as_they_are(tmp_path, content):
    write_whole(tmp_path / "x", content)
    assert (tmp_path / "x").read_bytes() == content


@pytest.mark.parametrize("old", [None, b"old"])
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.open"])
def test_nothing_is_half_written_when_a_step_fails(tmp_path, monkeypatch, step, old):
    target = tmp_path / "map.html"
    if old is not None:
        target.write_bytes(old)

    def fail(*_args, **_options):
        raise FULL

    monkeypatch.setattr(step, fail)
    with pytest.raises(
        ExportError, match=r"map\.html: the file cannot be written \(No space left on device\)"
    ):
        write_whole(target, b"new")
    monkeypatch.undo()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([] if old is None else [old])


def test_nothing_is_half_written_when_it_is_interrupted(tmp_path, monkeypatch):
    def interrupt(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "map.html", b"new")
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, signal, sys
from pathlib import Path
import geo.output
from geo.errors import ExportError
from geo.output import write_folder, write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_whole(Path(sys.argv[1]), b"x" * 5000)
except ExportError as error:
    print(error)
    sys.exit(2)
"""


def test_a_disk_that_fills_up_leaves_the_old_file_and_no_other(tmp_path):
    (tmp_path / "map.html").write_bytes(b"old")
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "map.html")],
        cwd=DATA_DIR.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert "the file cannot be written (File too large)" in run.stdout
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere/map.html", "the folder .*nowhere does not exist; create it first"),
        (".", "is a folder; name a file in it"),
        ("file/map.html", "the folder .*file does not exist"),
        ("x" * 300, r"the file cannot be written \(File name too long\)"),
        ("a\0b", "the file cannot be written"),
    ],
)
def test_a_place_where_no_file_can_be_is_refused(tmp_path, path, message):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match=message):
        write_whole(tmp_path / path, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "write", [lambda path: write_whole(path, b"new"), lambda path: write_folder(path, FILES)]
)
@pytest.mark.parametrize("path", ["map.html", "locked/map.html"])
def test_a_folder_closed_to_writing_is_refused(closed_folder, write, path):
    with pytest.raises(ExportError, match=r"cannot be written \(Permission denied\)"):
        write(closed_folder / path)


def test_a_file_without_folder_goes_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_whole(Path("map.html"), b"new")
    assert (tmp_path / "map.html").read_bytes() == b"new"


def test_a_link_keeps_pointing_at_its_file(tmp_path):
    target = tmp_path / "map.html"
    target.write_bytes(b"old")
    link = tmp_path / "link.html"
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_what_is_no_file_is_never_replaced_by_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ExportError, match="no ordinary file"):
        write_whole(pipe, b"new")
    assert pipe.is_fifo()


def test_permissions_are_those_of_the_file_before_or_of_the_umask(tmp_path):
    private = tmp_path / "private.html"
    private.write_bytes(b"old")
    private.chmod(0o600)
    write_whole(private, b"new")
    assert private.stat().st_mode & 0o777 == 0o600
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "fresh.html", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "fresh.html").stat().st_mode & 0o777 == 0o600


# Folders


def test_a_folder_is_written_whole_for_all_to_read(tmp_path):
    write_folder(tmp_path / "site", FILES)
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.html")}
    assert found == {"site/a.html": b"new", "site/b/c.html": b"new"}
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == [tmp_path / "site"]


def test_a_folder_that_is_there_is_replaced_with_all_that_is_in_it(tmp_path):
    out = tmp_path / "site"
    write_folder(out, {"old.html": b"old"})
    out.chmod(0o750)
    write_folder(out, FILES)
    assert sorted(path.name for path in out.iterdir()) == ["a.html", "b"]
    assert out.stat().st_mode & 0o777 == 0o750
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.open", "pathlib.Path.mkdir", "shutil.copymode"])
@pytest.mark.parametrize("fault", [FULL, KeyboardInterrupt()])
def test_a_folder_is_as_it_was_when_a_step_fails(tmp_path, monkeypatch, step, fault):
    out = tmp_path / "site"
    write_folder(out, {"old.html": b"old"})

    def fail(*_args, **_options):
        raise fault

    monkeypatch.setattr(step, fail)
    with pytest.raises((ExportError, KeyboardInterrupt)):
        write_folder(out, FILES)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert [path.read_bytes() for path in out.iterdir()] == [b"old"]


@pytest.mark.parametrize("renames", [0, 1])
@pytest.mark.parametrize("fault", [FULL, KeyboardInterrupt()])
def test_a_folder_gets_its_name_back_when_another_cannot_take_it(tmp_path, monkeypatch, renames, fault):
    out = tmp_path / "site"
    write_folder(out, {"old.html": b"old"})
    rename, calls = Path.rename, []
    monkeypatch.setattr(geo.output, "_exchange", lambda *_paths: False)

    def fail_once(path, target):
        calls.append(path)
        if len(calls) == renames + 1:
            raise fault
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises((ExportError, KeyboardInterrupt)):
        write_folder(out, FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert [path.read_bytes() for path in out.iterdir()] == [b"old"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere/site", "the folder .*nowhere does not exist; create it first"),
        ("file", "is a file; name a folder"),
        ("x" * 300, r"the folder cannot be written \(File name too long\)"),
        ("a\0b", "the folder cannot be written"),
    ],
)
def test_a_place_where_no_folder_can_be_is_refused(tmp_path, path, message):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match=message):
        write_folder(tmp_path / path, FILES)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_link_keeps_pointing_at_its_folder(tmp_path):
    write_folder(tmp_path / "real", {"old.html": b"old"})
    link = tmp_path / "site"
    link.symlink_to(tmp_path / "real")
    write_folder(link, FILES)
    assert link.is_symlink()
    assert (tmp_path / "real" / "a.html").read_bytes() == b"new"


# Killed on the way


@pytest.fixture
def littered(tmp_path):
    """A folder in which killed writers left a file and a folder, beside what is none of theirs."""
    (tmp_path / f".{'b' * 16}.part" / "b").mkdir(parents=True)
    for name in (
        f".{'a' * 16}.part",
        f".{'b' * 16}.part/b/c.html",
        "mine.part",
        f".{'c' * 15}.part",
        f".{'d' * 16}.old",
    ):
        (tmp_path / name).write_bytes(b"half")
    return tmp_path


@pytest.mark.parametrize(
    "write", [lambda path: write_whole(path, b"new"), lambda path: write_folder(path, FILES)]
)
def test_what_killed_writers_left_is_swept_and_nothing_else(littered, write):
    write(littered / "new")
    kept = {"mine.part", f".{'c' * 15}.part", f".{'d' * 16}.old", "new"}
    assert {path.name for path in littered.iterdir()} == kept


@pytest.mark.parametrize("kind", [fcntl.LOCK_SH, fcntl.LOCK_EX])
def test_nothing_of_a_writer_at_work_is_swept_and_nobody_waits_for_it(littered, kind):
    other = os.open(littered, os.O_RDONLY)
    fcntl.flock(other, kind)
    write_whole(littered / "new", b"new")
    os.close(other)
    assert (littered / f".{'a' * 16}.part").exists()
    assert (littered / "new").read_bytes() == b"new"


def test_what_reads_back_differently_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: os.truncate(handle, 1))
    with pytest.raises(ExportError, match="what was written reads back differently"):
        write_whole(tmp_path / "x", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_never_gone_while_another_takes_its_place(tmp_path, monkeypatch):
    out = tmp_path / "site"
    write_folder(out, {"old.html": b"old"})
    monkeypatch.setattr(Path, "rename", lambda *_paths: pytest.fail("it had no name in between"))
    write_folder(out, FILES)
    assert sorted(path.name for path in tmp_path.rglob("*.html")) == ["a.html", "c.html"]


WRITER = """
import os, sys
from pathlib import Path
from geo.output import write_folder, write_whole

folder = Path(sys.argv[1])
while sys.stdin.readline():  # a line for each strike
    if os.fork() == 0:  # so that a writer is there at once, with all that it needs
        print(os.getpid(), flush=True)
        for number in range(10**9):
            content = bytes([65 + number % 26]) * 200_000
            write_whole(folder / "map.html", content)
            write_folder(folder / "site", {"a": content[:9], "b/c": content[:9]})
    os.wait()
"""


def test_killed_at_any_moment_a_hundred_times_file_and_folder_are_whole(tmp_path):
    chance = random.Random(1860)
    write_whole(tmp_path / "map.html", b"A" * 200_000)
    write_folder(tmp_path / "site", {"a": b"A" * 9, "b/c": b"A" * 9})
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    littered = 0
    with subprocess.Popen(command, cwd=DATA_DIR.parent, **pipes) as parent:
        for _ in range(100):
            parent.stdin.write("\n")
            parent.stdin.flush()
            child = int(parent.stdout.readline())
            time.sleep(chance.uniform(0, 0.02))  # the moment of the strike; nothing is waited for
            os.kill(child, 9)
            # Not reaped yet, so its locks may still be held: only what has a name is looked at.
            content = (tmp_path / "map.html").read_bytes()
            assert len(content) == 200_000
            assert len(set(content)) == 1
            assert (tmp_path / "site" / "a").read_bytes() == (tmp_path / "site" / "b/c").read_bytes()
            littered += any(path.suffix == ".part" for path in tmp_path.iterdir())
        parent.stdin.close()
    assert littered > 10, "the strikes came at moments when nothing was being written"
    write_whole(tmp_path / "map.html", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.html", "site"]
