"""Mutated files through every parser, as `python -m tests.fuzz` runs them, and that the run would tell."""

from __future__ import annotations

import time

import pytest

from geo.documents.apart import parse_answer
from geo.errors import ArticleError
from tests.fuzz import __main__ as fuzz
from tests.fuzz.mutating import CORPUS, MOST, case, seeds_of
from tests.fuzz.parsers import Parser, parsers


@pytest.fixture(scope="module")
def table(atlas):
    return parsers(atlas)


def test_twenty_thousand_mutated_files_break_no_parser(atlas, tmp_path):
    tallies = fuzz.run(atlas, 20_000, float("inf"), 1860, tmp_path / "kept")
    assert sum(tally.cases for tally in tallies.values()) == 20_000
    assert [line for tally in tallies.values() for line in tally.broken] == []
    # A parser that takes all or nothing of what it is given has not been tried.
    always = {"mentions", "view", "encodings"}
    for name, tally in tallies.items():
        assert tally.taken > 0, name
        assert tally.refused > 0 or name in always, name


def test_every_seed_of_the_corpus_is_taken_as_it_is_or_refused_and_none_is_idle(table):
    used = {f"{name}.txt" if parser.lines else name for name, parser in table.items()}
    assert used == {path.name for path in CORPUS.iterdir()}
    for name, parser in table.items():
        taken = 0
        for content in seeds_of(name, parser):
            try:
                parser.take(content)
                taken += 1
            except parser.refusals:
                pass
        assert taken > 0, name


def test_the_same_seed_and_number_give_the_same_case_and_others_another(table):
    seeds = seeds_of("gazetteer", table["gazetteer"])
    cases = [case("gazetteer", seeds, 1, number) for number in range(200)]
    assert cases == [case("gazetteer", seeds, 1, number) for number in range(200)]
    assert len(set(cases)) > 190
    assert cases != [case("gazetteer", seeds, 2, number) for number in range(200)]
    assert max(map(len, cases)) <= MOST


def crash(content):
    if content:
        raise KeyError("x")


def stall(_content):
    while True:
        time.perf_counter()


@pytest.mark.parametrize(
    ("take", "words"), [(crash, "KeyError: 'x'"), (stall, "TimeoutError: it took more than 0.05 s")]
)
def test_what_breaks_a_parser_is_told_and_kept_and_ends_with_one(tmp_path, monkeypatch, capsys, take, words):
    monkeypatch.setattr(fuzz, "SLOW", 0.05)
    monkeypatch.setattr(fuzz, "parsers", lambda _atlas: {"view": Parser(take, (ValueError,), lines=True)})
    assert fuzz.main(["--cases", "3", "--seed", "5", "--keep", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert words in printed
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept[0] == "view-5-0"
    seeds = seeds_of("view", Parser(take, lines=True))
    assert (tmp_path / "view-5-0").read_bytes() == case("view", seeds, 5, 0)


def test_a_run_ends_when_its_time_is_up(atlas, tmp_path):
    tallies = fuzz.run(atlas, 10**9, 0.2, 1, tmp_path, "days")
    assert list(tallies) == ["days"]
    assert tallies["days"].cases > 0


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b'{"blocks": [["text"',
        b"[]",
        b"null",
        b'{"blocks": 5}',
        b'{"blocks": [["text", "x"]]}',
        b'{"blocks": [["script", "x", false, ""]]}',
        b'{"blocks": [["text", 5, false, ""]]}',
        b'{"blocks": [], "title": null}',
        b'{"blocks": [], "more": ""}',
        b'{"refused": 5}',
        b'{"blocks": [["text", "\xff", false, ""]]}',
    ],
)
def test_an_answer_that_a_whole_reader_never_gives_is_a_damaged_file(answer):
    with pytest.raises(ArticleError, match="is damaged, or not what its ending says"):
        parse_answer(answer)


def test_an_answer_is_a_document_or_a_refusal():
    assert parse_answer(b'{"blocks": [["text", "x", true, "r"]], "title": "t"}') == (
        [("text", "x", True, "r")], "t", "", "", "", "",
    )  # fmt: skip
    with pytest.raises(ArticleError, match="is locked"):
        parse_answer(b'{"refused": "is locked"}')
