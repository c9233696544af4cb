"""The benchmarks run, and their figures are what they are called; no peer of the linker is installed."""

from __future__ import annotations

import csv
import json
import re
import statistics
import subprocess
import sys
from contextlib import nullcontext

import pytest
import shapely

from tests.bench import attack, cdn, commands, grown, growth, interaction, sessions, weight
from tests.bench.__main__ import FIGURES, HERE, main
from tests.bench.browsing import OURS_ALONE
from tests.bench.contenders import CONTENDERS, OURS, read_texts, regular_expression
from tests.bench.growth import slopes, write_gazetteer
from tests.bench.linking import split
from tests.bench.measuring import PYTHON, ROOT, cell, cost, slope, spread, spreads
from tests.bench.server import Crowd, cost_of, held, largest, moves_of, read_imports
from tests.bench.serving import free_port
from tests.bench.subjects import DASHBOARD, FILE, HAND
from tests.bench.summary import ROWS, summary, write_between, write_tables
from tests.bench.texts import invented_names, paragraphs
from tests.finishing import finish
from tests.gold.marks import gold_texts

NAMES = [
    ("Tarvinsk", "en", "a"),
    ("Tarvinsk-on-Amur", "en", "b"),
    ("清水镇", "zh", "c"),
    ("Tarvinsk", "en", "d"),
]


def test_the_whole_runs_each_part_by_itself_and_keeps_every_figure(tmp_path, capfd):
    assert main(["--quick", "--only", "linking", "--out", str(tmp_path)]) == 0
    result = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    assert {"machine", "versions", "started", "load", "rounds"} <= result.keys()
    assert result["ended"] == {"linking": 0}
    assert 0 < result["seconds"]["linking"] < 60
    figures = result["parts"]["linking"]
    assert figures == json.loads((tmp_path / "linking.json").read_text("utf-8"))
    assert {"machine", "versions", "started", "load", "rounds"} <= figures.keys()
    assert [one["name"] for one in figures["contenders"]] == list(OURS)
    typed, finding = figures["contenders"]
    assert typed["places"]["f1"] > finding["places"]["f1"] > 0
    for one in figures["contenders"]:
        assert one["mb_per_s"]["least"] <= one["mb_per_s"]["median"] <= one["mb_per_s"]["most"]
        assert one["found"] > 0
        assert one["build_s"] > 0
    assert finding["ratio"] == 1
    printed = capfd.readouterr().out
    assert all(f"| {name} |" in printed for name in OURS)


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
    ("points", "power"),
    [([(1, 3), (10, 30)], 1), ([(1, 1), (10, 100), (100, 10_000)], 2), ([(2, 5), (4, 5), (9, 5)], 0)],
)
def test_the_slope_is_the_power_of_growth(points, power):
    assert slope(points) == power


def test_the_slope_of_what_strays_is_that_of_the_line_nearest_to_all():
    assert slope([(1, 1), (10, 40), (100, 100)]) == 1
    assert slopes(
        {1: {"s": spread([1]), "none": spread([0])}, 10: {"s": spread([10]), "none": spread([1])}}
    ) == {"s": 1}


def test_a_spread_has_the_median_between_its_ends_and_is_told_with_them():
    assert spread([5, 1, 2]) == {"median": 2, "least": 1, "most": 5}
    assert spreads([{"s": 1, "mb": 7}, {"s": 3, "mb": 7}])["s"] == {"median": 2, "least": 1, "most": 3}
    assert cell(spread([5000, 1000, 2000]), 1) == "2,000.0 (1,000.0–5,000.0)"
    assert (cell(spread([2e6]), 1, 1e6), cell(None)) == ("2.0", "")


def test_a_command_is_told_by_its_time_and_memory_and_ends_as_it_should(tmp_path):
    told = tmp_path / "told"
    script = "import time; held = b'a' * 60_000_000; time.sleep(0.05); print('done'); raise SystemExit(3)"
    found = cost((PYTHON, "-c", script), to=told, status=3)
    assert told.read_text("utf-8") == "done\n"
    assert found["wall_s"] > found["cpu_s"] > 0
    assert found["peak_mb"] > 60  # of a child of this process at least what this one holds
    with pytest.raises(RuntimeError, match="ended with 3"):
        cost((PYTHON, "-c", script))


@pytest.mark.parametrize("most", [0, 1, 2, 3, 7, 21, 75, 511, 512])
@pytest.mark.parametrize("first", [1, 4, 64])
def test_the_largest_that_holds_is_found_to_a_tenth_with_few_trials(first, most):
    tried = []

    def holds(number):
        tried.append(number)
        return number <= most

    found = largest(holds, first, 512)
    assert most * 0.9 - 1 <= found <= most
    assert found in (0, *tried)
    assert len(tried) == len(set(tried)) < 14


def test_imports_are_added_up_by_package_whatever_else_is_printed():
    told = [
        "import time: self [us] | cumulative | imported package",
        "import time:       200 |        500 | geo",
        "  You can now view your Streamlit app in your browser.",
        "import time:       300 |        300 |   geo.dates\n",
        "import time:      1500 |       1500 |     folium.map",
    ]
    found = read_imports(told)
    assert (found.total_s, found.packages) == (0.002, {"geo": 0.0005, "folium": 0.0015})
    assert found.top(1) == [("folium", 0.0015)]


@pytest.fixture(scope="module")
def dashboard():
    with sessions.Dashboard() as started:
        yield started


def test_the_dashboard_answers_readers_by_its_own_protocol_and_every_phase_is_measured(
    dashboard, monkeypatch
):
    monkeypatch.setattr(sessions, "Dashboard", lambda: nullcontext(dashboard))
    result = sessions.measure(quick=True, rounds=1)
    assert result["errors"] == []
    names = ("3 sessions, think 0.05 s", "4 at once", "6 reruns in fast motion")
    for name, opened, moved in zip(names, (3, 4, 2), (6, 8, 6), strict=True):
        met = result["phases"][name]
        assert (met["sessions"], met["moves"], met["errors"]) == (opened, moved, 0)
        assert 0 < met["opened_p95_s"]["median"] < 30
        assert 0 < met["p50_s"]["median"] <= met["p95_s"]["median"] <= met["p99_s"]["median"] < 30
    costs = result["costs"]
    assert all(
        30 < costs[f"{when}_mb"]["median"] < 3000
        for when in ("before", "crowd", "left", "after", "half", "end")
    )
    assert costs["cpu_s"]["median"] > 0
    lines = list(sessions.report(result))
    assert len(lines) == 7
    assert all(any(line.startswith(f"| {name} |") for line in lines) for name in names)
    worse = {
        "before_mb": spread([100]),
        "after_mb": spread([111]),
        "half_mb": spread([100]),
        "end_mb": spread([106]),
    }
    slow = {names[0]: result["phases"][names[0]] | {"p95_s": spread([1.5])}}
    told = sessions.bars({"phases": slow, "costs": worse, "errors": ["turned away"]})
    assert told == ["turned away", "p95 of 1.50 s", "111% of the memory before", "reruns grew by 6 MB"]


def test_what_a_session_and_a_click_cost_a_server_is_measured_and_how_many_it_holds(dashboard):
    click = moves_of(DASHBOARD, ())
    found = cost_of(dashboard, click, 2, 3)
    assert 0 < found["rerun_cpu_ms"] < 5000
    assert 0 < found["rerun_ms"] < 5000
    assert all(30 < found[f"{when}_mb"] < 3000 for when in ("idle", "warm"))
    holds = held(dashboard.address, click, 1, window=0.3, think=0.05, most=2)
    assert holds["sessions"] in (0, 1, 2)
    assert set(holds["p95_s"]) <= {"1", "2"}


def test_a_crowd_that_waits_too_long_is_let_go_before_its_time(dashboard):
    async def waits():
        crowd = Crowd(dashboard.address, moves_of(DASHBOARD, ()), 0.05)
        try:
            return await crowd.waits(2, 5, limit=0)
        finally:
            await crowd.leave()

    # All are late, so that a twentieth of the 200 that there could be are soon met.
    assert 11 < len(finish(waits())) < 20


def test_readers_that_are_turned_away_are_counted_as_errors():
    met = finish(sessions.crowd(f"http://127.0.0.1:{free_port()}/", 3, 1, 0))
    assert (len(met.errors), met.opening, met.moves) == (3, [], [])
    assert "Connect call failed" in met.errors[0]


def test_readers_who_come_and_go_with_what_they_bring_are_measured_by_quarters(dashboard, capsys):
    sessions.soak(dashboard, 4, 0.5)
    _head, _rule, row, _blank, memory = capsys.readouterr().out.splitlines()
    name, opened, _, moved, *_, errors = row.strip("| ").split(" | ")
    assert (name[:8], opened, moved, errors) == ("4 reruns", "4", "4", "0")
    assert len(re.findall(r"\d+ MB", memory)) == 4


def test_while_visitors_attack_the_server_is_healthy_and_another_reader_works(dashboard):
    met = finish(attack.attack(dashboard.address, attack.hostile_files()[::2], 2.5))
    # Where one file stalls all, these wait for as long as it does; other work on the machine makes some late.
    assert statistics.median(met.health) < 1
    assert met.moves
    assert max(*met.health, *met.moves) < 5


def test_waits_are_told_by_their_middle_and_their_slow_end():
    times = [16.0, 16.0, 24.0, 240.0]
    assert [interaction.quantile(times, part) for part in (0.5, 0.75, 1)] == [24, 240, 240]
    result = {"slowed": 4, "sizes": {"phone": {"a step": times, "a panel": [8.0]}}}
    assert "| a step | 4 | 20 | 240 | 240 |" in interaction.report(result)
    assert interaction.bars(result) == ["phone, a step: 240 ms at p75, over 200"]


@pytest.mark.browser
def test_each_act_of_a_reader_is_timed_by_the_browser(tmp_path):
    # In a process of its own: this one may have a browser already.
    out = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.bench.interaction", "--quick", "--rounds", "1"]
    command += ["--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    acts = json.loads(out.read_text("utf-8"))["sizes"]["phone"]
    assert list(acts) == list(interaction.ACTS)
    assert any(max(times) > 0 for times in acts.values())


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
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    result = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert list(result["results"]) == [FILE.name, HAND.name]
    acts = ("open -> usable", "layer off", "layer on", "place -> passage lit", "passage -> map at rest")
    for figures in result["results"].values():
        assert all(0 < figures[act]["ms"]["median"] < 30_000 for act in acts)
        assert figures["date drag"]["rate"]["median"] > 0
        assert figures["page"]["outside"]["most"] == 0
    ours = result["results"][FILE.name]
    assert all(0 < ours[act]["ms"]["median"] < 30_000 for act in OURS_ALONE)
    assert ours["memory"]["steps"]["median"] == 6
    assert ours["memory"]["before_mb"]["median"] > 1
    assert all(f"| {act} |" in printed for act in (*acts, *OURS_ALONE))
    assert f"|  | {FILE.name} | {HAND.name} |" in printed


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


def test_a_file_that_a_cdn_makes_small_is_played_as_it_was_written(tmp_path, monkeypatch):
    file = tmp_path / "leaflet.fullscreen-3.0.0" / "package" / "Control.FullScreen.js"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"as written")
    monkeypatch.setattr(cdn, "KEPT", tmp_path)
    assert (
        cdn.file_of("https://cdn.jsdelivr.net/npm/leaflet.fullscreen@3.0.0/Control.FullScreen.min.js")
        == b"as written"
    )


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


def test_a_table_of_points_is_answered_as_geopandas_answers_it(tmp_path):
    commands.write_points(tmp_path / "points.csv", 2_000)
    where = next(pair for pair in commands.pairs(tmp_path, 2_000, 1) if "where" in pair.name)
    answered = tmp_path / "answered.csv"
    told = {where.name: answered, where.instead: None}
    costs = {name: spreads([cost(words, to=told[name])]) for name, words in where.commands()}
    ours, other = (
        [row["area"] for row in csv.DictReader(file.read_text("utf-8").splitlines())]
        for file in (answered, tmp_path / "out")
    )
    assert ours == other
    assert 10 < len(set(ours)) <= 20
    beside = where.beside(costs)
    assert beside["ratio"] == beside["theirs"]["cpu_s"]["median"] / beside["ours"]["cpu_s"]["median"] > 0


def test_the_regular_expression_of_all_our_names_finds_them_in_a_file(tmp_path):
    (tmp_path / "names.csv").write_text("name,place\nVladivostok,vladivostok\n海参崴,vladivostok\n", "utf-8")
    (tmp_path / "text.txt").write_text("To VLADIVOSTOK.\nVladivostoks, 到海参崴去\n", "utf-8")
    link = next(pair for pair in commands.pairs(tmp_path, 1, 1) if "link" in pair.name)
    cost((PYTHON, *link.theirs))
    found = [json.loads(line) for line in (tmp_path / "out").read_text("utf-8").splitlines()]
    assert [(each["line"], each["start"], each["end"]) for each in found] == [(0, 3, 14), (1, 15, 18)]


def test_bars_of_commands_are_told_as_met_or_missed():
    def costs(seconds):
        return {key: spread([seconds]) for key in ("wall_s", "cpu_s", "peak_mb")}

    one = {"instead": "other", "ours": costs(2.5), "theirs": costs(5), "ratio": 2.0, "bar_s": 2}
    passed = {"bytes": 10**6, "mb_per_s": spread([19]), "ratio": 3.0, "peak_mb": 50, "bar_mb_per_s": 20}
    result = {
        "results": {"a": one, "b": one | {"bar_s": 3}, "c": one | {"bar_s": 0}},
        "passes": {"find": passed},
    }
    assert commands.bars(result) == ["a: 2.50 s, over 2", "find: 19.0 MB/s, under 20"]
    lines = list(commands.report(result))
    assert lines[2].endswith("| other | 5.00 | 5.00 | 5 | 2.0 | 2 s: missed |")
    assert (lines[3].endswith("| 3 s: met |"), lines[4].endswith("| 2.0 |  |")) == (True, True)


def test_areas_grow_by_corners_and_stay_the_same_ground():
    figures = grown.areas(2)
    plain = grown.load_atlas()
    corners = sum(shapely.get_num_coordinates(area.geometry) for area in plain.areas)
    assert 1.9 * corners < figures["corners"] < 2 * corners
    dense = grown.with_dense_areas(plain, 3)
    for area, more in zip(plain.areas, dense.areas, strict=True):
        assert more.geometry.geom_type == area.geometry.geom_type
        assert more.geometry.area == pytest.approx(area.geometry.area, rel=1e-9)
    assert figures["on_land"] > grown.POINTS / 2
    assert figures["document_kb"] > 300
    assert figures["where_s"] > 0 < figures["page_s"]


def test_a_gazetteer_of_any_size_is_written_read_linked_and_shown(tmp_path):
    file, text = tmp_path / "own.csv", tmp_path / "text.tsv"
    names = invented_names(20)
    write_gazetteer(file, 30, names)
    lines = file.read_text("utf-8").splitlines()
    assert len(set(lines)) == 31
    assert lines[21].startswith(f"{names[0].form} 2,en,")
    text.write_text(f"en\tWe saw {names[0].form} and {names[3].form}.\n", "utf-8")
    figures = grown.gazetteer(str(file), str(text))
    assert figures["found"] == 2
    assert all(figures[f"{step}_s"] >= 0 for step in ("parse", "link", "page"))


def test_what_grows_faster_than_the_work_is_told():
    result = {"last_slopes": {"places": {"parse_s": 1.0, "page_s": 1.4}, "bytes": {"cpu_s": 1.1}}}
    assert growth.bars(result) == ["page_s grows with places of a reader to the power of 1.4"]


def figures_of(ours, theirs):
    """Return figures of all parts as the rows of the table look them up, each the same."""
    parts = {}
    for row in ROWS:
        for keys, figure in ((row.ours, ours), (row.theirs, theirs)):
            at = parts
            for key in keys[:-1]:
                at = at.setdefault(key, {})
            at[keys[-1]] = spread([figure])
    head = {
        "machine": {"processor": "a processor", "cores": 2},
        "versions": {},
        "started": "today",
        "rounds": 3,
    }
    return head | {"load": {"before": [0], "after": [0]}, "parts": parts}


def test_a_table_is_written_between_its_marks_and_a_ratio_over_one_is_better(tmp_path):
    readme = tmp_path / "README.md"
    begin, end = "<!-- measured: begin -->", "<!-- measured: end -->"
    readme.write_text(f"before\n{begin}\nold\n{end}\nafter\n", "utf-8")
    write_between(readme, "measured", summary(figures_of(10, 40)))
    text = readme.read_text("utf-8")
    assert (text.startswith(f"before\n{begin}\n|"), text.endswith(f"\n{end}\nafter\n")) == (True, True)
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert [line.split(" | ")[0][2:] for line in rows] == [row.what for row in ROWS]
    assert [line.rsplit(" | ", 1)[1] for line in rows] == ["0.25 |" if row.more else "4 |" for row in ROWS]
    with pytest.raises(ValueError, match=r"README.md has no <!-- other: begin -->"):
        write_between(readme, "other", [])
    with pytest.raises(ValueError, match="nothing of what the table tells"):
        write_tables(figures_of(10, 40) | {"parts": {}}, readme, readme)


def test_the_tables_that_stand_in_the_files_are_those_of_the_figures_kept_beside_them(tmp_path):
    files = [ROOT / "README.md", HERE / "README.md"]
    copies = [tmp_path / f"{number}.md" for number in range(2)]
    for file, copy in zip(files, copies, strict=True):
        copy.write_bytes(file.read_bytes())
    write_tables(json.loads(FIGURES.read_text("utf-8")), *copies)
    assert [copy.read_text("utf-8") for copy in copies] == [file.read_text("utf-8") for file in files]


# What each kilobyte buys


def test_every_byte_of_our_files_is_in_one_part_and_each_part_says_what_it_buys(page):
    result = weight.weigh(page)
    assert set(result["files"]) == set(weight.FILES)
    for name, (languages, embed) in weight.FILES.items():
        whole, parts = result["files"][name]["whole"], result["files"][name]["parts"]
        assert [sum(sizes) for sizes in zip(*parts.values(), strict=True)] == whole
        assert whole[0] == page.weigh(languages, embed=embed)
        assert 0 <= parts[weight.SHARED][0] < 0.01 * whole[0]
        assert set(weight.parts_of(page, languages, embed=embed)) == set(parts) - {weight.SHARED}
        assert min(parts["Leaflet"]) > 40_000
        assert ("ru" in parts) == ("ru" in languages)
    assert {part for file in result["files"].values() for part in file["parts"]} == set(weight.BUYS)
    whole = result["files"]["page, English"]["whole"]
    assert f"| {whole[0] / 1000:.1f} / {whole[1] / 1000:.1f} |" in [*weight.table(result)][-1]
