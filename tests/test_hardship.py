"""On a poor machine: no home or language, few files, little memory, a wrong clock, a disk without room."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys

import pytest

from geo.reading import DATA_DIR
from tests.bench.serving import Dashboard
from tests.bench.sessions import crowd
from tests.finishing import finish

ROOT = DATA_DIR.parent
POOR = {"PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1"}
AT = """
import sys, time
then = float(sys.argv.pop(1))
time.time, time.time_ns = lambda: then, lambda: int(then * 1e9)
from geo.cli import main
main()
"""


def limit():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))


def command(*arguments, program=("-m", "geo"), **options):
    run = subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert "Traceback" not in run.stderr, run.stderr
    return run


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """The map as it is written on a usual machine."""
    out = tmp_path_factory.mktemp("usual") / "map.html"
    assert command("export", out).returncode == 0
    return out.read_bytes()


def test_without_home_or_language_with_64_files_and_little_memory_the_same_map_is_written(usual, tmp_path):
    run = command("export", tmp_path / "map.html", env=POOR, preexec_fn=limit)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "map.html").read_bytes() == usual


@pytest.mark.parametrize("then", [0, 4_070_908_800], ids=["1970", "2099"])
def test_by_a_wrong_clock_the_same_map_is_written(usual, tmp_path, then):
    run = command(then, "export", tmp_path / "map.html", program=("-c", AT))
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "map.html").read_bytes() == usual


@pytest.fixture
def mounted(tmp_path):
    """Mount a small file system with options; at the end it is gone."""
    folders = []

    def mount(options):
        folder = tmp_path / "disk"
        folder.mkdir()
        tool = shutil.which("mount")
        done = tool and subprocess.run([tool, "-t", "tmpfs", "-o", options, "none", folder], check=False)
        if not done or done.returncode:
            pytest.skip("nothing may be mounted here")
        folders.append(folder)
        return folder

    yield mount
    for folder in folders:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize(
    ("options", "words"),
    [("ro,size=1m", "Read-only file system"), ("size=256k", "No space left on device")],
)
def test_a_disk_that_takes_nothing_is_told_in_one_sentence_and_left_as_it_was(mounted, options, words):
    folder = mounted(options)
    run = command("export", folder / "map.html")
    assert run.returncode == 2
    assert run.stderr == f"{folder / 'map.html'}: the file cannot be written ({words})\n"
    assert list(folder.iterdir()) == []


def test_the_dashboard_serves_on_a_poor_machine_and_is_back_in_seconds_after_it_was_killed():
    with Dashboard(env=POOR, preexec_fn=limit) as first:
        met = finish(crowd(first.address, 2, 1, 0))
        assert met.errors == []
        assert len(met.moves) == 2
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        with Dashboard(port=first.port, env=POOR, preexec_fn=limit) as second:
            # Seconds of its own, which other tests at the same time do not make longer.
            assert second.processor_seconds() < 5
            assert finish(crowd(second.address, 1, 1, 0)).errors == []
