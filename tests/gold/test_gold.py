"""The linker held against the marked texts; marks and scoring held against small ones."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from geo.linker import Mention
from tests.gold.__main__ import report
from tests.gold.marks import FOLDER, UNSEEN, MarkError, folder_texts, gold_texts, read_marks, read_sets
from tests.gold.scoring import BARS, Count, score, score_texts, total

SETS = {"pair": ("vladivostok", "khabarovsk")}


@pytest.fixture(scope="module")
def texts():
    return gold_texts()


@pytest.fixture(scope="module")
def unseen():
    return folder_texts(UNSEEN)


@pytest.fixture(scope="module")
def scores(atlas, texts):
    return score_texts(atlas.linker, texts)


def mention(start, end, kind="place", targets=("vladivostok",), confidence=0.9, passage="p1"):
    return Mention(passage, start, end, "x" * (end - start), kind, targets, "rule", confidence)


def marked(source, name="en-x.md"):
    return read_marks(source, name, SETS)


@pytest.mark.parametrize("kind", BARS)
def test_the_linker_finds_well_enough(scores, kind):
    whole = total(scores.values())
    assert whole.count(None if kind == "all" else kind).f1 >= BARS[kind], "\n".join(report(scores))


def test_nothing_that_the_linker_is_sure_of_points_where_no_mark_does(scores):
    assert [str(pin) for pin in total(scores.values()).pins] == []


def test_there_are_four_texts_of_each_language_and_our_account(texts):
    names = [text.name for text in texts]
    assert [sum(text.lang == lang for text in texts[:-1]) for lang in ("en", "ru", "zh")] == [4, 4, 4]
    assert all(name.startswith(text.lang) for name, text in zip(names[:-1], texts[:-1], strict=True))
    assert names[-1] == "account.md"


def test_every_text_is_of_the_length_agreed(texts):
    for text in texts[:-1]:
        size = len(text.article.text.split()) if text.lang != "zh" else len(text.article.text)
        low, high = (250, 500) if text.lang != "zh" else (350, 700)
        assert low <= size <= high, (text.name, size)


def test_there_is_an_unseen_text_of_each_language(unseen):
    assert [text.lang for text in unseen] == ["en", "ru", "zh"]


def test_marks_point_at_what_the_atlas_has(atlas, texts, unseen):
    known = {
        "place": {place.id for place in atlas.gazetteer.places},
        "area": {area.id for area in atlas.areas},
        "act": {act.id for act in atlas.acts},
    }
    known["group"] = known["place"]
    for text in (*texts, *unseen):
        for one in text.mentions:
            assert set(one.targets) <= known.get(one.type, set()), (text.name, one)


def test_the_lists_of_targets_are_those_of_the_phrases(atlas):
    sets = read_sets((FOLDER / "sets.csv").read_text("utf-8"))
    phrases = {phrase.id: phrase.targets for phrase in atlas.phrases}
    assert sets["eight"] == tuple(place.id for place in atlas.gazetteer.places)
    assert set(sets["far-east"]) == set(phrases["far-east"])
    assert set(sets["outer-manchuria"]) == set(phrases["outer-manchuria"])


def test_marks_are_in_order_and_quote_the_text(texts, unseen):
    for text in (*texts, *unseen):
        passages = {passage.id: passage.text for passage in text.article.own}
        order = list(passages)
        assert [m.exact for m in text.mentions] == [
            passages[m.passage][m.start : m.end] for m in text.mentions
        ]
        spots = [(order.index(m.passage), m.start, m.end) for m in text.mentions]
        assert all(one[:2] < other[:2] for one, other in pairwise(spots))
        assert not any(re.search(r"^[\W]|[\s,.;:]$", m.exact) for m in text.mentions)


def test_a_mark_gives_words_type_targets_and_reason():
    text = marked("To [[Vladivostok|place|vladivostok]], by [[Amur|place||a river]].")
    assert [passage.text for passage in text.article.own] == ["To Vladivostok, by Amur."]
    assert [(m.passage, m.start, m.end, m.type, m.targets, m.note) for m in text.mentions] == [
        ("p1", 3, 14, "place", ("vladivostok",), ""),
        ("p1", 19, 23, "place", (), "a river"),
    ]


def test_a_list_of_targets_goes_by_its_name_and_one_can_be_taken_out():
    text = marked("[[both|group|@pair]] and [[one|group|@pair -khabarovsk sakhalin]]")
    assert [m.targets for m in text.mentions] == [("vladivostok", "khabarovsk"), ("vladivostok", "sakhalin")]


def test_a_mark_stands_where_reading_puts_its_words():
    text = marked(
        "# Of [[Amur|place||a river]]\n\n- an item\n- [[Far\nEast|area|uda]]*s*, [[last|government]]"
    )
    passages = {passage.id: passage.text for passage in text.article.own}
    assert [passages[m.passage][m.start : m.end] for m in text.mentions] == ["Amur", "Far East", "last"]
    assert [m.passage for m in text.mentions] == ["p1", "p3", "p3"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("[[a|town|b]]", "not \\[\\[words"),
        ("[[a|place|b|c|d]]", "not \\[\\[words"),
        ("[[ |place|b]]", "not \\[\\[words"),
        ("[[a|place]]", "gives no reason"),
        ("[[a|area|]]", "gives no reason"),
        ("[[a|act]]", "needs a target"),
        ("[[a|group||why]]", "needs a target"),
        ("[[a|government|b]]", "cannot have a target"),
        ("[[a|place|b", "not closed"),
        ("[[a\n\nb|government]]", "one passage"),
    ],
)
def test_a_mark_that_cannot_be_meant_so_is_refused(source, message):
    with pytest.raises(MarkError, match=message):
        marked(f"{source} and more")


def test_a_find_is_right_only_if_ends_type_and_targets_agree():
    mark = mention(0, 5, "group", ("a", "b"))
    assert score("t", [mark], [mention(0, 5, "group", ("b", "a"), 0.1)]).count() == (1, 1, 1)
    for find, kind in [
        (mention(0, 5, "group", ("a",)), "wrong target"),
        (mention(0, 5, "place", ("a", "b")), "wrong type"),
    ]:
        one = score("t", [mark], [find])
        assert one.count() == (1, 1, 0)
        assert [fault.kind for fault in one.faults] == [kind]
    for find in (mention(0, 4, "group", ("a", "b")), mention(0, 5, "group", ("a", "b"), passage="p2")):
        one = score("t", [mark], [find])
        assert one.count() == (1, 1, 0)
        assert sorted(fault.kind for fault in one.faults) == ["false find", "missed"]


def test_figures_are_those_of_the_counts_by_type():
    marks = [mention(0, 1), mention(2, 3), mention(4, 5, "act", ("x",)), mention(6, 7, "act", ("x",))]
    finds = [mention(0, 1), mention(4, 5, "act", ("y",)), mention(6, 7, "place"), mention(8, 9, "place")]
    one = score("t", marks, finds)
    assert one.count("place") == Count(marked=2, found=3, right=1)
    assert one.count("act") == Count(marked=2, found=1, right=0)
    assert one.count() == Count(marked=4, found=4, right=1)
    assert one.count("group").f1 == 1.0
    place = one.count("place")
    assert (place.precision, place.recall, place.f1) == (1 / 3, 1 / 2, 2 / 5)
    assert total([one, one]).count() == Count(8, 8, 2)


@pytest.mark.parametrize(
    ("find", "is_pin"),
    [
        (mention(0, 5, targets=("khabarovsk",)), True),
        (mention(0, 5, targets=("khabarovsk",), confidence=0.8), False),
        (mention(0, 5, targets=("vladivostok", "khabarovsk")), True),
        (mention(2, 9), False),
        (mention(0, 5, "area"), False),
        (mention(5, 9), True),
        (mention(0, 5, passage="p2"), True),
        (mention(0, 5, "government", ()), False),
    ],
)
def test_a_false_pin_is_sure_and_points_at_what_no_mark_there_means(find, is_pin):
    assert bool(score("t", [mention(0, 5)], [find]).pins) == is_pin


def test_a_report_names_figures_faults_rules_and_what_falls_short():
    one = score("t.md", [mention(0, 5), mention(6, 8, "act", ("x",))], [mention(0, 5, targets=("y",))])
    lines = "\n".join(report({"t.md": one}))
    assert "place                  1       1       0      0.000    0.000   0.000  (at least 0.95)" in lines
    assert (
        "t.md p1:0 wrong target: 'xxxxx' is place -> vladivostok, found as place -> y by rule (0.9)" in lines
    )
    assert "t.md p1:6 missed: 'xx' is act -> x" in lines
    assert "F1 of act is 0.000, below 0.95" in lines
    assert "a false pin at a confidence above 0.8: t.md p1:0" in lines
    assert list(report({"t.md": score("t.md", [mention(0, 5)], [mention(0, 5)])}))[-1].startswith(
        "Good enough"
    )
