from __future__ import annotations

import inspect
import re

import pytest

import geo.errors
from geo.errors import ArticleError, AtlasError, DataError, ExportError, Problem


def test_the_tree_in_the_docstring_names_every_class_and_no_other():
    defined = {
        name
        for name, value in vars(geo.errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert set(re.findall(r"\w+Error", geo.errors.__doc__)) == defined


@pytest.mark.parametrize("kind", [DataError, ArticleError, ExportError])
def test_every_error_has_the_one_root(kind):
    assert issubclass(kind, AtlasError)


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (Problem("acts.csv", "aigun-1858", "date", "it is late"), "acts.csv, aigun-1858, date: it is late"),
        (Problem("acts.csv", "", "", "it is missing"), "acts.csv: it is missing"),
    ],
)
def test_a_problem_is_a_sentence_that_begins_with_its_place(problem, sentence):
    assert str(problem) == sentence


def test_a_data_error_says_all_its_problems_a_line_each():
    problems = [Problem("a.csv", "x", "", "one"), Problem("b.csv", "y", "", "two")]
    assert str(DataError(problems)).splitlines() == ["a.csv, x: one", "b.csv, y: two"]


def test_what_cannot_be_printed_is_written_as_an_escape():
    (problem,) = DataError([Problem("a.csv", "\ud800", "x\x1b[31m", "line\nbreak, Сахалин 库页岛")]).problems
    assert problem == ("a.csv", r"\ud800", r"x\x1b[31m", r"line\nbreak, Сахалин 库页岛")
