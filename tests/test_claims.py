"""The ledger of claims: every record that is shipped is a test case, and bad ones are refused."""

from __future__ import annotations

import csv
import re

import pytest

from geo.article import parse_article
from geo.citations import keys
from geo.claims import Claim
from geo.content import selectable
from geo.passages import compose_article
from geo.reading import DATA_DIR

FILE = "account/claims.csv"
ROWS = list(csv.DictReader((DATA_DIR / FILE).read_text("utf-8").splitlines()))
VERDICTS = {"supported", "imprecise", "contradicted", "unverifiable"}

each = pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])


@pytest.fixture(scope="module")
def texts(atlas):
    return {passage.id: passage.text for passage in atlas.account.passages}


@pytest.fixture(scope="module")
def composed(atlas):
    return compose_article(atlas)


def in_utf16(text, start, end):
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


# Every record


@each
def test_a_claim_is_well_formed(row):
    assert Claim.model_validate(row).verdict in VERDICTS


@each
def test_its_words_stand_once_in_its_passage(row, texts):
    assert texts[row["passage"]].count(row["exact"]) == 1
    assert row["exact"] == row["exact"].strip()


@each
def test_its_reason_is_one_plain_sentence(row):
    reason = row["reason"]
    assert reason.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", reason)
    assert len(reason) <= 300
    assert "—" not in reason


@each
def test_what_it_is_about_and_what_it_rests_on_is_known(row, atlas):
    claim = Claim.model_validate(row)
    assert set(claim.targets) <= selectable(atlas)
    assert len(set(claim.targets)) == len(claim.targets)
    assert set(keys(claim.citations)) <= set(atlas.sources)


@each
def test_it_does_not_rest_on_the_article_or_on_us_alone(row):
    cited = set(keys(Claim.model_validate(row).citations))
    # A copy of the article weighs as much as the article.
    assert cited - {"article-2025", "amedpost-2025", "own-reading", "own-tracing"}


@each
def test_the_page_marks_just_its_words(row, composed):
    passage = next(passage for passage in composed["passages"] if passage["id"] == row["passage"])
    claim = next(claim for claim in passage["claims"] if claim["id"] == row["id"])
    assert in_utf16(passage["text"], claim["start"], claim["end"]) == row["exact"]
    assert (claim["verdict"], claim["reason"]) == (row["verdict"], row["reason"])
    assert claim["certainty"] == row["certainty"]
    assert claim["citations"]


# The ledger


def test_claims_are_numbered_in_the_order_of_the_text(texts):
    assert [row["id"] for row in ROWS] == [f"c{number}" for number in range(1, len(ROWS) + 1)]
    order = list(texts)
    spots = [(order.index(row["passage"]), texts[row["passage"]].index(row["exact"])) for row in ROWS]
    assert spots == sorted(spots)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("seven other places, which it calls cities", "imprecise"),
        ("to give Chinese names for Vladivostok", "imprecise"),
        ("handed the Vladivostok region to Russia", "imprecise"),
        ("founded 135 days before the signing", "supported"),
        ("Only three of the eight lie in this tract", "supported"),
    ],
)
def test_the_claims_that_the_map_was_made_to_weigh_are_weighed(words, verdict):
    assert {row["exact"]: row["verdict"] for row in ROWS}[words] == verdict


def test_our_own_sentences_are_weighed_with_the_same_scale():
    ours = {row["verdict"] for row in ROWS if int(row["passage"][1:]) >= 9}
    assert "imprecise" in ours


def test_every_claim_of_a_passage_reaches_the_page_and_no_other_does(composed):
    found = [(passage["id"], claim["id"]) for passage in composed["passages"] for claim in passage["claims"]]
    assert found == [(row["passage"], row["id"]) for row in ROWS]


def test_a_reader_s_article_has_no_claims_even_where_it_repeats_our_words(atlas):
    article = parse_article(atlas.account.passages[5].text.encode(), "a.txt", atlas.furniture)
    assert [passage["claims"] for passage in compose_article(atlas, article)["passages"]] == [[]]


# Bad records


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        ({"verdict": "true"}, "verdict", "'supported', 'imprecise', 'contradicted' or 'unverifiable'"),
        ({"verdict": ""}, "verdict", "'supported'"),
        ({"certainty": "sure"}, "certainty", "'certain'"),
        ({"passage": "5"}, "passage", "'5'"),
        ({"passage": "p0"}, "passage", "'p0'"),
        ({"passage": "p99"}, "exact", "found 0 times in p99"),
        ({"exact": ""}, "exact", "at least 1 character"),
        ({"exact": "handed Vladivostok to Russia"}, "exact", "found 0 times in p5"),
        ({"exact": "the"}, "exact", "times in p5; quote words that stand there once"),
        ({"reason": " "}, "reason", "at least 1 character"),
        ({"targets": "atlantis"}, "targets", "no place or area or act has the id 'atlantis'"),
        ({"targets": "Vladivostok"}, "targets.0", "'Vladivostok'"),
        ({"citations": ""}, "citations", "no citation"),
        ({"citations": "no-such-source"}, "citations", "'no-such-source' is not in sources.json"),
        ({"id": "c5"}, "id", "2 records have this id"),
        ({"id": "C 4"}, "id", "'C 4'"),
    ],
)
def test_a_bad_claim_is_refused_with_the_field_and_the_reason(editor, cells, field, words):
    editor.row(FILE, "c4", **cells)
    problems = editor.problems()
    assert [(problem.file, problem.field) for problem in problems] == [(FILE, field)]
    assert words in problems[0].message


def test_a_claim_with_a_column_too_many_is_refused_by_its_row(editor):
    editor.content(FILE, lambda content: content.replace(b"\nc4,", b"\nc4,p5,"))
    problems = editor.problems()
    assert [(problem.file, problem.record) for problem in problems] == [(FILE, "c4")]
    assert "does not have 8 columns" in problems[0].message


def test_several_bad_claims_are_reported_at_once(editor):
    editor.row(FILE, "c1", verdict="maybe")
    editor.row(FILE, "c2", targets="no-such")
    editor.row(FILE, "c3", exact="no such words")
    assert [problem.record for problem in editor.problems()] == ["c1", "c2", "c3"]


def test_a_sentence_changed_under_a_claim_is_noticed(editor):
    editor.text("account/account.md", "late 2023 or early 2024", "2023 or 2024")
    assert [(problem.file, problem.record) for problem in editor.problems()] == [(FILE, "c2")]
