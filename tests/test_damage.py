"""Files of the data that were damaged after they left us: what can be done without is left out, and said."""

from __future__ import annotations

import shutil
from itertools import cycle

import pytest
import streamlit as st
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

import geo.reading
from geo.cli import main
from geo.content import missing_sentence
from geo.dashboard.taking import make_picture
from geo.errors import DataError
from geo.page import Page
from geo.reading import DATA_DIR, SPARE, load_usable
from geo.view import View, parse_view
from tests.editing import problems_of
from tests.unpacking import text_of


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES = {
    "gone": None,
    "empty": lambda _content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "one bit flipped": flip,
    "a block of zeros": lambda content: content[:100] + bytes(512) + content[612:],
    "written twice": lambda content: content * 2,
    "with other ends of lines": lambda content: content.replace(b"\n", b"\r\n") + b"\r\n",
    "another file's": lambda _content: (DATA_DIR / "linking/cues.csv").read_bytes(),
}
"""By name, what is left of a file's content; None where the file is not there."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    copy = tmp_path_factory.mktemp("damaged") / "data"
    shutil.copytree(DATA_DIR, copy, ignore=shutil.ignore_patterns("build", "__pycache__"))
    return copy


@pytest.fixture
def damaged(folder):
    """Damage files of a folder until the test is over."""
    touched = set()

    def damage(file, way):
        touched.add(file)
        if DAMAGES[way] is None:
            (folder / file).unlink()
        else:
            (folder / file).write_bytes(DAMAGES[way]((DATA_DIR / file).read_bytes()))
        return folder

    yield damage
    for file in touched:
        (folder / file).write_bytes((DATA_DIR / file).read_bytes())


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The atlas of data without any of the files that can be done without."""
    copy = tmp_path_factory.mktemp("bare") / "data"
    shutil.copytree(DATA_DIR, copy, ignore=shutil.ignore_patterns("build", "__pycache__", *SPARE))
    for file in SPARE:
        (copy / file).unlink(missing_ok=True)
    return load_usable(copy)


def test_data_that_are_whole_are_the_same_either_way(atlas):
    usable = load_usable()
    assert usable.missing == ()
    assert usable == atlas


@pytest.mark.parametrize(("way", "file"), [*zip(cycle(DAMAGES), SPARE, strict=False)], ids=str)
def test_a_damaged_layer_is_left_out_whole_and_named_and_the_others_stay(atlas, damaged, way, file):
    usable = load_usable(damaged(file, way))
    assert usable.missing == (SPARE[file],)
    layers = {
        "sites.csv": (usable.gazetteer.sites, atlas.gazetteer.sites),
        "readings.geojson": (usable.readings, atlas.readings),
        "basemap/lakes.geojson": (usable.basemap.lakes, atlas.basemap.lakes),
        "basemap/rivers.geojson": (usable.basemap.rivers, atlas.basemap.rivers),
        "basemap/borders.geojson": (usable.basemap.borders, atlas.basemap.borders),
        "basemap/labels.geojson": (usable.basemap.labels, atlas.basemap.labels),
        "basemap/relief.avif": (usable.basemap.relief.frame.citations, atlas.basemap.relief.frame.citations),
        "tour.json": ((usable.tour and usable.tour.steps) or (), atlas.tour.steps),
    }
    gone = file.replace("relief.json", "relief.avif")
    for name, (found, whole) in layers.items():
        assert whole
        assert found == (() if name == gone else whole)
    told = {tag: telling for tag, telling in atlas.tellings.items() if f".{tag}." not in file}
    assert usable.tellings == told
    assert usable.areas == atlas.areas
    assert usable.acts == atlas.acts


@pytest.mark.parametrize("way", DAMAGES)
@pytest.mark.parametrize("file", ["sources.json", "holdings.csv"])
def test_without_what_the_history_needs_all_is_refused(damaged, way, file):
    with pytest.raises(DataError) as caught:
        load_usable(damaged(file, way))
    assert file in {problem.file for problem in caught.value.problems}


def test_a_damaged_layer_hides_no_fault_elsewhere(damaged):
    damaged("basemap/lakes.geojson", "cut short")
    with pytest.raises(DataError) as caught:
        load_usable(damaged("acts.csv", "one bit flipped"))
    assert {problem.file for problem in caught.value.problems} >= {"basemap/lakes.geojson", "acts.csv"}


def test_what_is_checked_and_what_is_written_is_refused_all_the_same(damaged, tmp_path):
    data = damaged("basemap/lakes.geojson", "one bit flipped")
    assert [problem.file for problem in problems_of(data)] == ["basemap/lakes.geojson"]
    run = CliRunner().invoke(main, ["validate", str(data)])
    assert run.exit_code == 1
    assert "the content is not the one datapackage.json lists" in run.output
    assert list(tmp_path.iterdir()) == []


def test_islands_take_their_holders_with_them_and_every_area_keeps_its_own(atlas, bare):
    areas = {area.id for area in atlas.areas}
    assert bare.holdings.areas == areas
    assert atlas.holdings.areas > areas


def test_page_light_map_and_picture_are_made_without_them(atlas, bare):
    page = Page(bare)
    sentence = missing_sentence(bare)
    assert sentence in text_of(page.document(View()), "content")
    assert sentence not in text_of(Page(atlas).document(View()), "content")
    assert len(page.embed_document(View())) > 100_000
    view = parse_view({"layers": "areas,lines,places,sites,rivers,relief,towns,borders"}, (), ()).view
    assert make_picture(page, ".svg", view).startswith(b"<?xml")


def test_the_dashboard_shows_the_page_that_says_it_and_hands_out_no_data(bare, monkeypatch):
    monkeypatch.setattr(geo.reading, "load_usable", lambda: bare)
    monkeypatch.setattr("sys.argv", ["streamlit_app.py"])
    st.cache_resource.clear()
    app = AppTest.from_file(str(DATA_DIR.parent / "streamlit_app.py"), default_timeout=60).run()
    st.cache_resource.clear()
    assert [*app.exception, *app.error] == []
    assert missing_sentence(bare) in text_of(app.session_state.document, "content")
    assert any("until the damaged files" in caption.value for caption in app.caption)
    assert not [button for button in app.get("download_button") if button.proto.label == "All data (zip)"]
