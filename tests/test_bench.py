"""The benchmarks run, and their figures are what they are called; no peer of the linker is installed."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
from contextlib import nullcontext

import pytest

from geo.view import View
from tests.bench import attack, browsing, cdn, interaction, sessions, weight
from tests.bench.contenders import CONTENDERS, OURS, read_texts, regular_expression
from tests.bench.linking import main, slope, split, spread
from tests.bench.subjects import FILE, HAND
from tests.bench.texts import invented_names, paragraphs
from tests.finishing import finish
from tests.gold.marks import gold_texts

NAMES = [
    ("Tarvinsk", "en", "a"),
    ("Tarvinsk-on-Amur", "en", "b"),
    ("清水镇", "zh", "c"),
    ("Tarvinsk", "en", "d"),
]


def test_the_quick_form_measures_our_linker_alone_and_writes_every_figure(tmp_path, capsys):
    main(["--quick", "--rounds", "1", "--out", str(tmp_path / "figures.json")])
    result = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert [one["name"] for one in result["contenders"]] == list(OURS)
    typed, finding = result["contenders"]
    assert typed["places"]["f1"] > finding["places"]["f1"] > 0
    for one in result["contenders"]:
        assert one["mb_per_s"]["least"] <= one["mb_per_s"]["median"] <= one["mb_per_s"]["most"]
        assert one["found"] > 0
        assert one["build_s"] > 0
    assert finding["ratio"] == 1
    assert [one["bytes"] for one in result["growth"]] == [20_000, 100_000]
    assert result["growth"][0]["found"] < result["growth"][1]["found"]
    assert {"machine", "versions", "started", "load", "rounds", "slope"} <= result.keys()
    printed = capsys.readouterr().out
    assert all(f"| {name} |" in printed for name in OURS)
    assert f"Time grows as size to the power of {result['slope']}" in printed


def test_the_peers_are_all_named():
    assert set(CONTENDERS) - set(OURS) == {
        "spaCy PhraseMatcher",
        "spaCy EntityRuler",
        "FlashText",
        "FlashText 2",
        "regular expression",
    }


def test_invented_names_are_the_same_each_time_all_different_and_of_three_languages():
    names = invented_names(500)
    assert names == invented_names(500)
    assert len({name.form for name in names}) == len({name.target for name in names}) == 500
    assert {name.lang for name in names} == {"en", "ru", "zh"}


def test_texts_are_as_long_as_asked_for_and_hold_marked_passages_and_invented_names():
    gold, names = gold_texts(), invented_names(500)
    texts = list(paragraphs(200_000, gold, names))
    assert texts == list(paragraphs(200_000, gold, names))
    assert 200_000 <= sum(len(text.encode()) + 1 for _, text in texts) < 210_000
    assert all("\n" not in text and "\t" not in text for _, text in texts)
    whole = "\n".join(text for _, text in texts)
    assert sum(name.form in whole for name in names) > 100
    assert any(passage.text in whole for passage in gold[0].article.own)


def test_a_process_reads_no_more_of_the_texts_than_it_is_told_to(tmp_path):
    file = tmp_path / "texts.tsv"
    file.write_text("en\tab c\nru\tда\nzh\t镇\n", "utf-8")
    assert read_texts(str(file), 5) == [("en", "ab c")]
    assert read_texts(str(file), 6) == [("en", "ab c"), ("ru", "да")]
    assert read_texts(str(file), 10**6) == [("en", "ab c"), ("ru", "да"), ("zh", "镇")]


def test_the_regular_expression_takes_the_longest_name_whole_words_and_the_first_of_two_meanings():
    find = regular_expression(NAMES)
    text = "To TARVINSK, Tarvinsk-on-Amur and Tarvinskaya, 到清水镇去"
    spans = find([("en", text), ("en", "")])
    assert [(text[start:end], target) for start, end, target in spans[0]] == [
        ("TARVINSK", "a"),
        ("Tarvinsk-on-Amur", "b"),
        ("清水镇", "c"),
    ]
    assert spans[1] == []


def test_spans_of_a_whole_text_are_counted_again_in_its_passages():
    assert split([(0, 2, "a"), (4, 6, "b"), (7, 9, "c")], ["abc", "de", "fgh"]) == [
        [(0, 2, "a")],
        [(0, 2, "b")],
        [(0, 2, "c")],
    ]


@pytest.mark.parametrize(
    ("points", "power"), [([(1, 3), (10, 30)], 1), ([(1, 1), (10, 50), (100, 10_000)], 2)]
)
def test_the_slope_is_the_power_of_growth(points, power):
    assert slope(points) == power


def test_a_spread_has_the_median_between_its_ends():
    assert spread([5, 1, 2]) == {"median": 2, "least": 1, "most": 5}


@pytest.fixture(scope="module")
def dashboard():
    with sessions.Dashboard() as started:
        yield started


QUICK = ["--sessions=3", "--moves=2", "--think=0.05", "--queue=4", "--reruns=6", "--settle=0.5"]


def test_the_dashboard_answers_readers_by_its_own_protocol_and_every_phase_is_measured(
    dashboard, capsys, monkeypatch
):
    monkeypatch.setattr(sessions, "Dashboard", lambda: nullcontext(dashboard))
    assert sessions.main(QUICK) == 0
    head, steady, queue, fast, processor, memory = capsys.readouterr().out.splitlines()
    assert head == sessions.HEAD
    for row, name, opened, moved in (
        (steady, "3 sessions, think 0.05 s", 3, 6),
        (queue, "4 at once", 4, 8),
        (fast, "6 reruns in fast motion", 2, 6),
    ):
        assert row.startswith(name)
        figures = [float(figure) for figure in row[28:].split()]
        assert (figures[0], figures[2], figures[6]) == (opened, moved, 0)
        assert 0 < figures[1] < 30
        assert 0 < figures[3] <= figures[4] <= figures[5] < 30
    assert processor.startswith("processor: ")
    assert memory.startswith("memory: ")


def test_readers_that_are_turned_away_are_counted_as_errors():
    met = finish(sessions.crowd(f"http://127.0.0.1:{sessions.free_port()}/", 3, 1, 0))
    assert (len(met.errors), met.opening, met.moves) == (3, [], [])
    assert "Connect call failed" in met.errors[0]


def test_readers_who_come_and_go_with_what_they_bring_are_measured_by_quarters(dashboard, capsys):
    sessions.soak(dashboard, 4, 0.5)
    head, row, memory = capsys.readouterr().out.splitlines()
    assert head == sessions.HEAD
    figures = [float(figure) for figure in row[28:].split()]
    assert (figures[0], figures[2], figures[6]) == (4, 4, 0)
    assert len(re.findall(r"\d+ MB", memory)) == 4


def test_while_visitors_attack_the_server_is_healthy_and_another_reader_works(dashboard):
    met = finish(attack.attack(dashboard.address, attack.hostile_files()[::2], 2.5))
    # Where one file stalls all, these wait for as long as it does; other work on the machine makes some late.
    assert statistics.median(met.health) < 1
    assert met.moves
    assert max(*met.health, *met.moves) < 5


def test_waits_are_told_by_their_middle_and_their_slow_end():
    waits = interaction.Waits("a step", (16, 16, 24, 240))
    assert (waits.quantile(0.5), waits.quantile(0.75), waits.quantile(1)) == (24, 240, 240)
    assert waits.row() == "| a step | 4 | 20 | 240 | 240 |"


@pytest.mark.browser
def test_each_act_of_a_reader_is_timed_by_the_browser():
    # In a process of its own: this one may have a browser already.
    command = [
        sys.executable,
        "-m",
        "tests.bench.interaction",
        "--rounds=1",
        "--slowed=2",
        "--sizes",
        "phone",
    ]
    told = subprocess.run(command, cwd=interaction.ROOT, check=True, capture_output=True, text=True).stdout
    rows = [row for row in told.splitlines() if row.startswith("| a")]
    assert [row.split(" | ")[0][2:] for row in rows] == list(interaction.ACTS)
    assert any(float(row.split(" | ")[-1].rstrip(" |")) > 0 for row in rows)


@pytest.mark.browser
def test_the_quick_form_opens_our_file_and_the_one_by_hand_and_waits_for_what_each_act_brings(tmp_path):
    # In a process of its own, as above.
    command = [
        sys.executable,
        "-m",
        "tests.bench.browsing",
        "--quick",
        "--out",
        str(tmp_path / "figures.json"),
    ]
    printed = subprocess.run(command, cwd=browsing.ROOT, check=True, capture_output=True, text=True).stdout
    result = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert list(result["results"]) == [FILE.name, HAND.name]
    acts = ("open -> usable", "layer off", "layer on", "place -> passage lit", "passage -> map at rest")
    for figures in result["results"].values():
        assert all(0 < figures[act]["ms"]["median"] < 30_000 for act in acts)
        assert figures["date drag"]["rate"]["median"] > 0
        assert figures["page"]["outside"]["most"] == 0
    ours = result["results"][FILE.name]
    assert all(0 < ours[act]["ms"]["median"] < 30_000 for act in ("date step", "save -> file"))
    assert ours["memory"]["steps"]["median"] == 6
    assert ours["memory"]["before_mb"]["median"] > 1
    assert all(f"| {act} |" in printed for act in (*acts, "date step", "save -> file"))
    assert f"| | {FILE.name} | {HAND.name} |" in printed


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (
            "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js",
            "leaflet-1.9.3/package/dist/leaflet.js",
        ),
        ("https://unpkg.com/@scope/part@2.0/a.css?v=1#x", "scope-part-2.0/package/a.css"),
        ("https://code.jquery.com/jquery-3.7.1.min.js", "jquery-3.7.1/package/dist/jquery.min.js"),
    ],
)
def test_an_address_of_a_cdn_is_read_as_a_file_of_a_package(url, kept, tmp_path, monkeypatch):
    def fetch(package, version):
        file = tmp_path / kept
        assert kept.startswith(f"{package.lstrip('@').replace('/', '-')}-{version}/")
        file.parent.mkdir(parents=True)
        file.write_bytes(b"kept")

    monkeypatch.setattr(cdn, "KEPT", tmp_path)
    monkeypatch.setattr(cdn, "_fetch", fetch)
    assert cdn.file_of(url) == b"kept"
    monkeypatch.setattr(cdn, "_fetch", None)
    assert cdn.file_of(url) == b"kept"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.invalid/npm/leaflet@1.9.3/dist/leaflet.js",
        "https://cdn.jsdelivr.net/npm/leaflet/dist/leaflet.js",
        "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/none.js",
        "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/../../secret.txt",
    ],
)
def test_an_address_that_names_no_file_of_a_package_is_answered_with_nothing(url, tmp_path, monkeypatch):
    (tmp_path / "leaflet-1.9.3" / "package").mkdir(parents=True)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    monkeypatch.setattr(cdn, "KEPT", tmp_path)
    monkeypatch.setattr(cdn, "_fetch", None)
    assert cdn.file_of(url) == b""


# What each kilobyte buys


def test_every_byte_of_our_files_is_in_one_part_and_each_part_says_what_it_buys(page):
    result = weight.weigh(page)
    assert set(result["files"]) == set(weight.FILES)
    for name, (languages, embed) in weight.FILES.items():
        whole, parts = result["files"][name]["whole"], result["files"][name]["parts"]
        assert [sum(sizes) for sizes in zip(*parts.values(), strict=True)] == whole
        assert whole[0] == page.weigh(languages, embed=embed)
        assert parts[weight.SHARED][0] == 0
        assert set(weight.parts_of(page, languages, embed=embed)) == set(parts) - {weight.SHARED}
        assert min(parts["Leaflet"]) > 40_000
        assert ("ru" in parts) == ("ru" in languages)
    assert {part for file in result["files"].values() for part in file["parts"]} == set(weight.BUYS)
    whole = result["files"]["page, English"]["whole"]
    assert f"| {whole[0] / 1000:.1f} / {whole[1] / 1000:.1f} |" in [*weight.table(result)][-1]


def test_the_parts_of_a_file_put_together_have_its_letters(page):
    made = page.document(View())
    parts = weight.parts_of(page, tuple(weight.FILES["page, four languages"][0]), embed=False)
    assert sorted("".join(parts.values())) == sorted(made)
