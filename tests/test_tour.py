"""Guided tours: ours, step by step, and what is made of a reader's."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.article import parse_article
from geo.cli import main
from geo.content import known_to_tours
from geo.errors import DataError
from geo.reading import DATA_DIR
from geo.tour import MAX_BYTES, Known, misdirections, parse_tour
from geo.view import LANGS, View, parse_view
from tests.unpacking import content_of

KNOWN = Known(frozenset({"khabarovsk"}), frozenset({"uda-south"}), frozenset({"mid-1889"}))
STEP = {
    "id": "one",
    "title": {"en": "A step"},
    "text": {"en": "What it says."},
    "view": "date=1859-06-01&place=khabarovsk&readings=uda-south",
    "bounds": [130, 42, 142, 54],
    "certainty": "reported",
    "citations": "mid-1889[art. 1]",
}
TOUR = {"version": 1, "title": {"en": "A tour"}, "steps": [STEP]}


def written(**changes: object) -> bytes:
    """Return a tour of one step that differs from a sound one."""
    return json.dumps(TOUR | {"steps": [STEP | changes]}).encode()


def problems_of(content: bytes, known: Known = KNOWN) -> list[str]:
    with pytest.raises(DataError) as caught:
        parse_tour(content, "mine.json", known)
    return [str(problem) for problem in caught.value.problems]


def test_a_sound_tour_is_read_as_it_stands():
    tour = parse_tour(written(), "mine.json", KNOWN)
    (step,) = tour.steps
    assert (step.id, step.view) == ("one", STEP["view"])
    assert step.bounds == (130, 42, 142, 54)
    assert [tuple(citation) for citation in step.citations] == [("mid-1889", "art. 1")]
    least = {"id": "one", "title": {"en": "A"}, "text": {"en": "B"}}
    tour = parse_tour(json.dumps(TOUR | {"steps": [least]}).encode(), "mine.json", KNOWN)
    assert tour.steps[0].citations == ()


FAULTS = [
    ({"view": "place=nowhere"}, "one, view: place=nowhere: no place, area, line, act or site has this id"),
    ({"view": "date=1066-10-14"}, "one, view: date=1066-10-14: a day from 1689-09-06"),
    ({"view": "readings=uda"}, "one, view: readings=uda: no rival reading has this id"),
    ({"view": "zoom=3"}, "one, view: zoom=3: the view has no such part"),
    ({"view": "layers=own"}, "one, view: layers=own: the layers are"),
    ({"view": "lang=ru"}, "one, view: leave lang out: the reader chooses the language"),
    ({"view": "names=all"}, "one, view: leave names out: the reader chooses the names"),
    ({"view": "basemap=OpenTopoMap"}, "one, view: leave basemap out: only the reader may go online"),
    ({"view": "khabarovsk"}, "one, view: this is no view"),
    ({"view": "map=5/48/131"}, "one, bounds: the view has a map position too"),
    ({"bounds": [142, 42, 130, 54]}, "one, bounds: write west, south, east, north"),
    ({"bounds": [-10, 40, 10, 60]}, "one, bounds: they lie outside the map, which has 105, 39, 149.2, 60"),
    ({"bounds": [1, 2, 3]}, "one, bounds.3: Field required"),
    ({"bounds": [130, 42, 142, 540]}, "one, bounds.3: Input should be less than or equal to 180"),
    ({"citations": "nobody-1900"}, "one, citations: 'nobody-1900' is no source of the atlas"),
    ({"citations": "Nobody, p. 1"}, "one, citations: 'Nobody, p. 1' is no citation"),
    ({"certainty": "sure"}, "one, certainty: Input should be 'certain'"),
    ({"title": {"ru": "Шаг"}}, "one, title.en: Field required"),
    ({"title": {"en": "x" * 201}}, "one, title: a title has at most 200 characters"),
    ({"text": {"en": "x" * 2001}}, "one, text.en: String should have at most 2,000 characters"),
    ({"text": {"en": "x", "fr": "y"}}, "one, text.fr: Extra inputs are not permitted"),
    ({"text": {"en": "\ud800"}}, "one, text.en: Input should be a valid string"),
    ({"id": "Step One"}, "Step One, id: String should match pattern"),
    ({"sound": "horn.mp3"}, "one, sound: Extra inputs are not permitted"),
]


def test_of_many_faults_two_hundred_are_told_and_the_rest_counted():
    steps = [
        STEP | {"id": f"step-{n}", "citations": "; ".join(f"none-{k}" for k in range(6))} for n in range(50)
    ]
    found = problems_of(json.dumps(TOUR | {"steps": steps}).encode())
    assert len(found) == 201
    assert found[-1] == "mine.json: ... and 100 more"


@pytest.mark.parametrize(("change", "sentence"), FAULTS, ids=lambda value: str(value)[:40])
def test_a_fault_names_the_step_and_the_field_and_says_what_would_do(change, sentence):
    found = problems_of(written(**change))
    assert [problem for problem in found if problem.startswith(f"mine.json, {sentence}")] == found


def test_all_faults_of_all_steps_are_told_at_once():
    steps = [
        STEP | {"text": {}},
        STEP | {"view": "place=x"},
        STEP,
        "no step",
        STEP | {"id": "two", "view": "a=b"},
    ]
    found = problems_of(json.dumps(TOUR | {"steps": steps}).encode())
    assert [problem.partition(": ")[0] for problem in found] == [
        "mine.json, one, text.en",
        "mine.json, step 4",
        "mine.json, one, id",
        "mine.json, one, view",
        "mine.json, two, view",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "this is no JSON in UTF-8"),
        (b"\xff", "this is no JSON in UTF-8"),
        (b"[" * 100_000, "this is no JSON in UTF-8 (it is nested too deep)"),
        (b'{"version": 1, "version": 1}', "this is no JSON in UTF-8 ('version' stands twice"),
        (b"[]", "Input should be a valid dictionary"),
        (json.dumps(TOUR | {"version": 2}).encode(), "version: Input should be 1 (found 2)"),
        (json.dumps(TOUR | {"steps": []}).encode(), "steps: List should have at least 1 item"),
        (json.dumps(TOUR | {"steps": [STEP] * 51}).encode(), "steps: List should have at most 50 items"),
        (b" " * (MAX_BYTES + 1), "the file is larger than 100 kB; make two tours of it"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_tour_is_refused_in_a_sentence(content, sentence):
    (problem,) = problems_of(content)
    assert sentence in problem


def test_english_stands_in_for_a_language_that_is_missing_and_that_is_said():
    tour = parse_tour(written(title={"en": "A step", "ru": "Шаг"}), "mine.json", KNOWN)
    assert tour.notices[0] == "2 of 3 titles and texts are missing in Русский; English is shown there"
    assert len(tour.notices) == 3
    assert tour.steps[0].title.by_lang() == {"en": "A step", "ru": "Шаг"}


def test_a_tour_may_lead_to_the_places_of_a_gazetteer_that_comes_with_it(atlas):
    own = written(view="place=own-1&layers=own,areas", citations="mid-1889")
    assert len(problems_of(own, known_to_tours(atlas))) == 2
    assert parse_tour(own, "mine.json", known_to_tours(atlas, frozenset({"own-1"}))).steps


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*STEP, "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from([*STEP, "x"]), JSON, max_size=3))
def test_whatever_a_step_holds_it_is_taken_or_refused(changes):
    try:
        tour = parse_tour(written(**changes), "mine.json", KNOWN)
    except DataError:
        return
    assert list(misdirections(tour, KNOWN, "mine.json")) == []


# Ours


def test_our_tour_is_whole_in_four_languages_and_says_how_sure_and_by_whom(atlas):
    tour = atlas.tour
    assert len(tour.steps) == 10
    assert tour.notices == ()
    for step in tour.steps:
        for texts in (step.title, step.text):
            assert list(texts.by_lang()) == list(LANGS)
            assert len(set(texts.by_lang().values())) == 4
        assert step.certainty
        assert step.citations
        view = parse_view(step.view, known_to_tours(atlas).ids, known_to_tours(atlas).readings)
        assert view.notices == ()
        assert view.view.query() == step.view
        assert view.view.place


def test_each_fault_of_our_tour_is_a_problem_of_the_data(editor):
    def break_it(raw):
        raw["steps"][0]["view"] = "place=nowhere&passage=p99"
        raw["steps"][1].pop("citations")
        raw["steps"][2]["citations"] = "nobody-1900"
        raw["steps"][3]["text"].pop("ru")
        raw["steps"][4]["certainty"] = "sure"

    editor.json("tour.json", break_it)
    found = {(problem.file, problem.record, problem.field) for problem in editor.problems()}
    assert found == {
        ("tour.json", "nerchinsk", "view"),
        ("tour.json", "aigun", "citations"),
        ("tour.json", "in-common", "citations"),
        ("tour.json", "", "steps"),
        ("tour.json", "hunchun", "certainty"),
    }


def test_the_page_says_our_tour_or_the_readers_and_the_light_page_none(page):
    ours = content_of(page.document(View()))["tour"]
    assert (ours["own"], len(ours["steps"])) == (False, 10)
    own = parse_tour(written(), "mine.json", KNOWN)
    made = page.document(View(), tour=own)
    assert content_of(made)["tour"] == {
        "own": True,
        "title": {"en": "A tour"},
        "steps": [STEP | {"citations": [["mid-1889", "art. 1"]]}],
    }
    assert len(content_of(made)["article"]["licence"]) == 2
    assert "The tour is its author’s." in made
    assert "The tour is its author’s." not in page.document(View())
    assert "tour" not in content_of(page.embed_document(View()))


# The commands


@pytest.fixture
def run(tmp_path):
    (tmp_path / "mine.json").write_bytes(written())
    (tmp_path / "faulty.json").write_bytes(written(view="place=nowhere"))
    (tmp_path / "mine.csv").write_bytes(b"name,lat,lon\nPosyet,42.65,130.8\n")
    (tmp_path / "with-own.json").write_bytes(written(view="place=own-1"))
    files = {path.name for path in tmp_path.iterdir()}
    return lambda *words: CliRunner().invoke(
        main, [str(tmp_path / word) if word in files or word.startswith("out") else word for word in words]
    )


def test_validate_checks_a_readers_tour_with_the_data(run):
    done = run("validate", "--tour", "mine.json")
    assert done.exit_code == 0
    assert "mine.json: a tour of 1 step; no problem found." in done.output
    assert "3 of 3 titles and texts are missing in 简体中文" in done.output
    refused = run("validate", "--tour", "faulty.json")
    assert refused.exit_code == 1
    assert "place=nowhere" in refused.output
    missing = run("validate", "--tour", "none.json")
    assert missing.exit_code == 1
    assert "cannot be read" in missing.output


def test_export_takes_a_readers_tour_and_refuses_one_that_leads_nowhere(run, tmp_path):
    done = run("export", "out.html", "--tour", "with-own.json", "--gazetteer", "mine.csv")
    assert (done.exit_code, done.exception) == (0, None)
    assert "with-own.json: 3 of 3 titles and texts are missing in Русский" in done.output
    assert content_of((tmp_path / "out.html").read_text("utf-8"))["tour"]["steps"][0]["view"] == "place=own-1"
    for words, sentence in [
        (("--tour", "with-own.json"), "place=own-1: no place"),
        (("--tour", "mine.json", "--embed"), "the embedded map has no tour; leave --tour out"),
    ]:
        refused = run("export", "out2.html", *words)
        assert refused.exit_code == 2
        assert sentence in refused.output
    assert not (tmp_path / "out2.html").exists()


def test_a_passage_of_our_tour_stands_in_our_account_alone(page, atlas):
    """The page skips it beside another text; here is what it goes by."""
    passages = {passage.id for passage in atlas.account.passages}
    asked = {parse_view(step.view, ()).view.passage for step in atlas.tour.steps} - {""}
    assert asked
    assert asked <= passages
    article = parse_article(b"Only one paragraph about Vladivostok, and no more.", "a.txt", atlas.furniture)
    made = content_of(page.document(View(), article))
    assert made["article"]["own"] is False
    assert made["tour"]["own"] is False


def test_the_example_of_the_readme_is_a_tour(atlas):
    text = (DATA_DIR.parent / "README.md").read_text("utf-8")
    example = text.partition('```json\n  {"version": 1')[2].partition("```")[0]
    tour = parse_tour(f'{{"version": 1{example}'.encode(), "README.md", known_to_tours(atlas))
    assert len(tour.steps) == 2
