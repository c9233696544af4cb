"""Files read in a process apart: what it may cost, what it is handed, and what its answer may bring."""

from __future__ import annotations

import importlib.util
import json
import sys

import pytest

from geo import apart
from geo.annotations import Identities
from geo.annotations import apart as marks
from geo.annotations.child import read as read_marks
from geo.annotations.incoming import parse_page
from geo.apart import Child
from geo.errors import ApartError, DataError
from geo.imports import apart as places
from geo.imports import parse_gazetteer
from geo.imports.child import read as read_places
from tests.fuzz.mutating import CORPUS

KNOWN = Identities({"nerchinsk": "place"}, {"gn:1": "nerchinsk"})


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Return what makes a child of a program, which may answer what it likes."""

    def make(program):
        (tmp_path / "hostile.py").write_text(program, "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return Child("hostile", "split it")

    return make


def serving(body):
    return f"import os, pathlib, sys\nfrom geo.apart import serve\ndef main(): serve(made)\n{body}"


def test_a_process_that_does_nothing_is_ended_by_the_clock(child, monkeypatch):
    monkeypatch.setattr(apart, "MAX_SECONDS", 1)
    with pytest.raises(ApartError, match=r"^takes too long to read; split it$"):
        child("import time\ndef main(): time.sleep(60)").ask({}, b"x" * 1_000_000)


@pytest.mark.parametrize(
    "program",
    [
        "def main(): raise SystemExit(1)",
        "import sys\ndef main():\n  while True: sys.stdout.buffer.write(b'x' * 100)",
        "import os, signal\ndef main(): os.kill(os.getpid(), signal.SIGSEGV)",
        "def other(): pass",
    ],
    ids=["it fails", "it answers without end", "its memory is corrupt", "it does not start"],
)
def test_a_process_that_breaks_is_one_sentence(child, monkeypatch, program):
    monkeypatch.setattr(apart, "MAX_ANSWER", 1000)
    with pytest.raises(ApartError, match=r"^is damaged, or not what its ending says; [\w ]+$"):
        child(program).ask({}, b"x" * 1_000_000)


def test_a_process_that_cannot_be_started_is_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ApartError, match=r"^cannot be read now"):
        Child("geo.documents.child", "").ask({}, b"")


@pytest.mark.skipif(importlib.util.find_spec("resource") is None, reason="the system knows no limits")
def test_the_process_can_neither_write_a_file_nor_fill_the_memory(child, tmp_path):
    body = (
        "def made(task, content):\n"
        "  said = []\n"
        "  try: bytearray(2_000_000_000)\n  except MemoryError: said.append('no memory')\n"
        "  try: pathlib.Path(task['path']).write_text('x')\n  except OSError: said.append('no file')\n"
        "  return {'said': said}"
    )
    answer = child(serving(body)).ask({"path": str(tmp_path / "x")}, b"")
    assert json.loads(answer) == {"said": ["no memory", "no file"]}


def test_the_process_is_handed_the_file_and_nothing_that_it_could_carry_off(child, monkeypatch):
    monkeypatch.setenv("A_SECRET", "x")
    body = (
        "def made(task, content):\n"
        "  return {'task': task, 'content': content.decode(), 'environment': [*os.environ],\n"
        "    'arguments': sys.argv, 'flags': [sys.flags.isolated, sys.flags.no_site],\n"
        "    'loaded': [*sys.modules]}"
    )
    answer = json.loads(child(serving(body)).ask({"name": "a\nb"}, b"line\nline"))
    assert (answer["task"], answer["content"]) == ({"name": "a\nb"}, "line\nline")
    assert "A_SECRET" not in answer["environment"]
    assert not any("a\nb" in argument for argument in answer["arguments"])
    assert answer["flags"] == [1, 1]
    assert {"site", "streamlit", "pandas"}.isdisjoint(answer["loaded"])


@pytest.mark.parametrize("module", ["geo.documents.child", "geo.imports.child", "geo.annotations.child"])
def test_a_reader_of_ours_loads_little_and_stands_where_it_is_sought(child, module):
    heavy = {"streamlit", "pandas", "geopandas", "folium", "pyproj", "PIL", "jinja2", "site"}
    heavy |= {"geo.imports.child": {"pydantic", "ahocorasick_rs"}, "geo.annotations.child": {"shapely"}}.get(
        module, {"pydantic", "numpy"}
    )
    body = f"import {module} as wanted\ndef made(task, content): return {{'loaded': [*sys.modules]}}"
    loaded = json.loads(child(serving(body)).ask({}, b""))["loaded"]
    assert module in loaded
    assert heavy.isdisjoint(loaded)


def answered(read, task, content):
    """Return what the process would write."""
    return json.dumps(read(task, content), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def outcome(make):
    try:
        return make()
    except DataError as error:
        return error.problems


@pytest.mark.parametrize("name", sorted(path.name for path in (CORPUS / "gazetteer").iterdir()))
def test_a_gazetteer_read_apart_is_the_same_with_the_same_problems(name):
    content = (CORPUS / "gazetteer" / name).read_bytes()
    answer = answered(read_places, {"filename": name}, content)
    assert outcome(lambda: places.parse_answer(answer)) == outcome(lambda: parse_gazetteer(content, name))


@pytest.mark.parametrize("name", sorted(path.name for path in (CORPUS / "annotations").iterdir()))
def test_annotations_read_apart_are_the_same_with_the_same_problems(name):
    content = (CORPUS / "annotations" / name).read_bytes()
    answer = answered(read_marks, {"file": name, "kinds": KNOWN.kinds, "aliases": KNOWN.aliases}, content)
    assert outcome(lambda: marks.parse_answer(answer, name, KNOWN)) == outcome(
        lambda: parse_page(content, name, KNOWN)
    )


def test_both_are_read_in_a_process_indeed():
    table = "name,lat,lon,geowkt,start\nPosyet,42.65,130.8,,1860\n"
    table += 'Аян,,,"POLYGON ((130 40, 131 40, 131 41, 130 40))",\n'
    assert places.parse_apart(table.encode(), "a.csv") == parse_gazetteer(table.encode(), "a.csv")
    page = {"type": "AnnotationPage", "items": [{"target": {"selector": {"start": 1, "end": 2}}}]}
    content = json.dumps(page).encode()
    with pytest.raises(DataError, match="quote the words by a TextQuoteSelector"):
        marks.parse_apart(content, "m.json", KNOWN)


def test_a_reader_that_breaks_is_told_with_the_name_of_the_file(child, monkeypatch):
    broken = child("def main(): raise SystemExit(1)")
    monkeypatch.setattr(places, "_CHILD", broken)
    monkeypatch.setattr(marks, "_CHILD", broken)
    with pytest.raises(DataError, match=r"^a\.csv: the file is damaged"):
        places.parse_apart(b"x", "a.csv")
    with pytest.raises(DataError, match=r"^m\.json: the file is damaged"):
        marks.parse_apart(b"x", "m.json", KNOWN)


PLACE = ["", [["Aya", "und"]], "", "0101000000000000000000F03F000000000000F03F", "", "", "", "", []]


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (0, 5),
        (1, []),
        (1, [["Aya"]]),
        (3, "zz"),
        (3, "01"),
        (3, "010100000000000000000000000000000000007940"),  # at 0, 400
        (3, "0101000000000000000000F87F000000000000F87F"),  # at NaN, NaN
        (3, "010700000000000000"),  # a collection
        (4, "yesterday"),
        (8, [1]),
    ],
)
def test_a_place_that_a_whole_reader_never_gives_is_a_damaged_file(number, value):
    assert places.parse_answer(json.dumps({"places": [PLACE]}).encode()).places[0].geometry.coords[:] == [
        (1, 1)
    ]
    place = [*PLACE[:number], value, *PLACE[number + 1 :]]
    with pytest.raises(ApartError, match="is damaged"):
        places.parse_answer(json.dumps({"places": [PLACE, place]}).encode())


@pytest.mark.parametrize(
    "answer",
    [b"", b"{}", b'{"places": []}', b'{"refused": [["a", "b"]]}', b'{"more": 1}', b"[" * 100_000],
)
def test_an_answer_of_another_shape_is_a_damaged_file(answer):
    with pytest.raises(ApartError, match="is damaged"):
        places.parse_answer(answer)


MARK = ["m", "Aya", "", "", 1, 2, "place", ["nerchinsk"], "", True]


@pytest.mark.parametrize(
    ("number", "value"), [(1, None), (4, -1), (4, 1.5), (6, "script"), (7, ["elsewhere"]), (9, 1)]
)
def test_a_mark_that_a_whole_reader_never_gives_is_a_damaged_file(number, value):
    assert marks.parse_answer(json.dumps({"annotations": [MARK]}).encode(), "m", KNOWN).annotations
    mark = [*MARK[:number], value, *MARK[number + 1 :]]
    with pytest.raises(ApartError, match="is damaged"):
        marks.parse_answer(json.dumps({"annotations": [mark]}).encode(), "m", KNOWN)
