"""What was made beforehand is what would be made now, and spares the heavy libraries."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from shapely.affinity import translate

from geo import prepared
from geo.layers import compose_layers
from geo.page import Page, recalling
from geo.territory import drawn_outlines, simplified
from geo.view import View
from tests.bench.measuring import PYTHON, ROOT
from tests.bench.server import imports_of
from tests.bench.subjects import DASHBOARD
from tests.unpacking import text_of

HEAVY = {"folium", "branca", "geopandas", "pandas", "pyarrow", "pyogrio", "typst", "requests"}


def test_the_outlines_made_beforehand_are_those_of_geopandas(atlas):
    assert prepared.recall(prepared.key_of([b"nothing"])) is None
    now = simplified(atlas.areas).geometry
    # Another release of GEOS may round otherwise.
    for kept, made in zip(drawn_outlines(atlas.areas), now, strict=True):
        assert kept.symmetric_difference(made).area < 1e-6 * made.area


@pytest.mark.parametrize("kind", recalling.KINDS)
def test_the_drawings_made_beforehand_are_those_of_folium(page, kind):
    kept = recalling.recall_drawings(page.atlas, page.layers)
    if not kept:
        pytest.skip("this release of GEOS simplifies otherwise than the one that they were made with")
    assert set(kept) == set(recalling.KINDS)
    assert kept[kind] == recalling.draw(page.atlas, page.layers, kind)


def test_a_changed_atlas_is_drawn_anew(atlas):
    first, *others = atlas.areas
    moved = first.model_copy(update={"geometry": translate(first.geometry, 0.1)})
    changed = replace(atlas, areas=(moved, *others))
    layers = compose_layers(changed)
    assert recalling.recall_drawings(changed, layers) == {}
    _, script = recalling.draw(changed, layers, ("", False))
    assert script in text_of(Page(changed).document(View()), "drawing")


def test_a_file_that_is_damaged_or_missing_costs_time_alone(atlas, page, monkeypatch, tmp_path):
    damaged = tmp_path / "prepared.zip"
    key = recalling.key_of_drawings(atlas, page.layers)
    content = bytearray(prepared.FILE.read_bytes())
    content[1000::1000] = bytes(1 ^ byte for byte in content[1000::1000])
    damaged.write_bytes(content)
    for file in (damaged, tmp_path / "missing.zip", tmp_path):
        monkeypatch.setattr(prepared, "FILE", file)
        assert prepared.recall(key) is None
    assert Page(atlas).document(View()) == page.document(View())


def test_the_same_things_are_packed_as_the_same_bytes():
    assert prepared.pack({"a": b"1", "b": b"2"}) == prepared.pack({"b": b"2", "a": b"1"})
    assert prepared.key_of([b"ab", b"c"]) != prepared.key_of([b"a", b"bc"])


def test_a_page_is_exported_without_the_heavy_libraries(tmp_path):
    script = (
        "import sys; from geo.cli import main; main(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
    )
    command = [sys.executable, "-c", script, "export", str(tmp_path / "map.html")]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert HEAVY.isdisjoint(told.split())


def test_a_reader_is_served_without_the_heavy_libraries(tmp_path):
    found = imports_of(DASHBOARD, PYTHON, tmp_path / "none", tmp_path)
    assert {"streamlit", "geo", "shapely"} <= found.packages.keys()
    assert HEAVY.isdisjoint(found.packages)
    assert found.total_s > 0
