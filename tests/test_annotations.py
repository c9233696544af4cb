import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.annotations import read_annotations
from geo.article import Article, Passage, parse_article
from geo.errors import DataError

ACCOUNT = Path(__file__).parents[1] / "data" / "account"
TEXTS = ("Old borders", "Vladivostok and Moscow, then Vladivostok again.")
ARTICLE = Article("", "en", tuple(Passage(f"p{n}", "text", text) for n, text in enumerate(TEXTS, 1)))


def item(**changes):
    made = {
        "id": "a1",
        "type": "Annotation",
        "motivation": "linking",
        "value": "place",
        "source": ["vladivostok"],
        "passage": "account.md#p2",
        "exact": "Vladivostok",
        "prefix": "",
        "suffix": " and",
        **changes,
    }
    body = {"purpose": "identifying", "value": made["value"], "source": made["source"]}
    selector = {"type": "TextQuoteSelector", **{key: made[key] for key in ("exact", "prefix", "suffix")}}
    target = {"source": made["passage"], "selector": selector}
    return {key: made[key] for key in ("id", "type", "motivation")} | {"body": body, "target": target}


def read(*items):
    return read_annotations({"type": "AnnotationPage", "items": list(items)}, ARTICLE, "x.json")


def problems(*items):
    with pytest.raises(DataError) as caught:
        read(*items)
    return caught.value.problems


def test_an_annotation_becomes_a_curated_mention():
    (found,) = read(item())
    assert (found.passage, found.start, found.end, found.exact) == ("p2", 0, 11, "Vladivostok")
    assert (found.type, found.targets, found.rule, found.confidence) == (
        "place",
        ("vladivostok",),
        "curated",
        1.0,
    )


def test_prefix_and_suffix_choose_the_spot_and_mentions_come_in_order():
    later = item(id="a2", prefix="then ", suffix="")
    moscow = item(id="a3", value="government", source=[], exact="Moscow", suffix="")
    assert [mention.start for mention in read(later, moscow, item())] == [0, 16, 29]


def test_a_place_off_the_map_points_at_nothing_and_says_why():
    river = item(source=[])
    river["body"]["note"] = "A river."
    (found,) = read(river)
    assert (found.type, found.targets, found.note) == ("place", (), "A river.")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"suffix": ""}, "target.selector", "several spots"),
        ({"exact": "Harbin"}, "target.selector", "not in p2"),
        ({"exact": "Old", "suffix": " borders"}, "target.selector", "it is in p1"),
        ({"passage": "account.md#p9"}, "target.source", "no passage p9"),
        ({"passage": "other.md#p2"}, "target.source", "pattern"),
        ({"value": "river"}, "body.value", "river"),
        ({"value": "government"}, "body.source", "empty"),
        ({"source": []}, "body.source", "points at"),
        ({"source": [], "value": "act"}, "body.source", "points at"),
        ({"source": ["No Slug"]}, "body.source.0", "No Slug"),
        ({"source": "vladivostok"}, "body.source", "list"),
        ({"exact": ""}, "target.selector.exact", "at least 1"),
        ({"exact": 7}, "target.selector.exact", "string"),
        ({"motivation": "tagging"}, "motivation", "linking"),
    ],
)
def test_a_fault_is_told_with_its_annotation_and_field(changes, field, words):
    (problem,) = problems(item(**changes))
    assert (problem.file, problem.record, problem.field) == ("x.json", "a1", field)
    assert words in problem.message


def test_all_faults_are_told_at_once():
    found = problems(item(value="river"), item(id="a2", exact="Harbin"), "no object")
    assert [problem.record for problem in found] == ["a1", "a2", "item 3"]


def test_overlapping_annotations_and_one_id_twice_are_refused():
    (overlap,) = problems(item(), item(id="a2", exact="Vladivostok and", suffix=" Moscow"))
    assert "overlaps" in overlap.message
    (twice,) = problems(item(), item(prefix="then ", suffix=""))
    assert (twice.record, twice.field) == ("a1", "id")


def test_an_unknown_property_is_refused_rather_than_lost():
    (problem,) = problems(item() | {"notes": "x"})
    assert problem.field == "notes"


@pytest.mark.parametrize(
    "page", [None, [], 7, {}, {"type": "AnnotationPage"}, {"type": "AnnotationPage", "items": {}}]
)
def test_what_is_no_annotation_page_is_refused(page):
    with pytest.raises(DataError):
        read_annotations(page, ARTICLE, "x.json")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["id", "body", "target", "motivation", "type", ""]))
def test_wrong_types_anywhere_are_problems(value, key):
    broken = {**item(), key: value} if key else value
    assert all(problem.file == "x.json" and problem.message for problem in problems(broken))


def test_the_account_is_annotated_without_fault():
    if not (ACCOUNT / "annotations.json").exists():
        pytest.skip("the account is not written yet")
    account = parse_article((ACCOUNT / "account.md").read_bytes(), "account.md", ())
    page = json.loads((ACCOUNT / "annotations.json").read_text(encoding="utf-8"))
    assert len(read_annotations(page, account, "account/annotations.json")) == len(page["items"])
