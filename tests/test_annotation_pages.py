"""Annotation pages: written for other programs, and read back, those of other tools too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.annotations import AnnotatedText, Identities, apply_curated, identify, identities_of
from geo.annotations.incoming import MAX_BYTES, parse_page, read_page
from geo.annotations.writing import as_bytes
from geo.article import Article, Passage
from geo.errors import DataError
from geo.linker import Mention

GOLDEN = Path(__file__).parent / "golden" / "annotations.jsonld"
KNOWN = Identities(
    {"vladivostok": "place", "khabarovsk": "place", "peking-1860": "act", "uda": "area", "crest": "line"},
    {"gn:2013348": "vladivostok", "wd:Q959": "vladivostok"},
)
ARTICLE = Article(
    "Старые границы",
    "ru",
    (
        Passage("p1", "heading", "Старые границы"),
        Passage("p2", "furniture", "Share"),
        Passage("p3", "text", "𐀀 符拉迪沃斯托克（海参崴） или «Владивосток»; Moscow Times."),
    ),
)
MENTIONS = (
    Mention("p3", 2, 14, "符拉迪沃斯托克（海参崴）", "place", ("vladivostok",), "name", 0.9, "", "海参崴"),
    Mention("p3", 20, 31, "Владивосток", "place", ("vladivostok", "own 1"), "curated", 1.0, "Порт."),
    Mention("p3", 34, 46, "Moscow Times", "part-of-name", (), "newspapers", 0.5, "A newspaper."),
)


def written(mentions=MENTIONS, article=ARTICLE):
    text = AnnotatedText(article, KNOWN, "text.txt", prefix="x-")
    return as_bytes(text.page("x", map(text.mention, mentions), label=article.title))


def item(exact="Vladivostok", body="vladivostok", **selector):
    quotation = {"type": "TextQuoteSelector", "exact": exact, **selector}
    return {"id": "a1", "type": "Annotation", "body": body, "target": {"source": "x", "selector": quotation}}


def read(*items, known=KNOWN):
    page = {"type": "AnnotationPage", "items": list(items)}
    return parse_page(json.dumps(page).encode(), "x.json", known)


def problems(content):
    with pytest.raises(DataError) as caught:
        parse_page(content if isinstance(content, bytes) else json.dumps(content).encode(), "x.json", KNOWN)
    return caught.value.problems


# Out


def test_a_page_is_written_as_it_was_agreed_to_the_byte():
    assert written() == written() == GOLDEN.read_bytes()


def test_positions_and_quotations_count_code_points_of_the_authors_own_text():
    page = json.loads(written())
    assert page["target"]["sha256"] == ARTICLE.digest
    for mention, made in zip(MENTIONS, page["items"], strict=True):
        quotation, position = made["target"]["selector"]
        start, end = position["start"], position["end"]
        assert ARTICLE.text[start:end] == quotation["exact"] == mention.exact
        assert quotation["prefix"] == ARTICLE.text[max(0, start - 32) : start]
        assert quotation["suffix"] == ARTICLE.text[end : end + 32]


def test_every_term_of_ours_in_a_page_is_in_its_context():
    page = json.loads(written())
    bodies = [body for made in page["items"] for body in made["body"]]
    standard = {"type", "purpose", "value", "source", "format", "language"}
    ours = {"sha256"} & set(page["target"]) | {key for body in bodies for key in body} - standard
    assert {"sha256", "rule", "confidence", "evidence"} == ours <= set(page["@context"][1])


def test_records_of_the_atlas_have_names_and_a_readers_own_are_told_apart():
    bodies = json.loads(written())["items"][1]["body"]
    assert [body["source"] for body in bodies[:2]] == [
        "urn:far-east-atlas:place:vladivostok",
        "urn:far-east-atlas:own:own%201",
    ]


# In


def test_what_was_written_is_read_back():
    page = parse_page(written(), "x.jsonld", KNOWN)
    assert page.digest == ARTICLE.digest
    assert page.notices == ("x.jsonld: an address that means no record of the atlas is ignored (1)",)
    text = ARTICLE.text
    for mention, found in zip(MENTIONS, page.annotations, strict=True):
        assert (found.exact, found.type, found.note) == (mention.exact, mention.type, mention.note)
        assert text[found.start : found.end] == mention.exact
        assert found.prefix + found.exact + found.suffix in text
        assert found.targets == tuple(name for name in mention.targets if name != "own 1")
        assert found.curated == (mention.rule == "curated")


def test_our_own_account_is_read_as_it_is_and_as_it_is_exported(atlas):
    known = identities_of(atlas)
    path = Path(__file__).parents[1] / "data" / "account" / "annotations.json"
    page = read_page(path, known)
    assert [(each.exact, each.type, each.targets) for each in page.annotations] == [
        (mention.exact, mention.type, mention.targets) for mention in atlas.annotations
    ]
    assert all(each.curated for each in page.annotations)
    assert page.notices == ()


@pytest.mark.parametrize(
    "body",
    [
        "vladivostok",
        "urn:far-east-atlas:place:vladivostok",
        "http://sws.geonames.org/2013348/",
        ["https://www.geonames.org/2013348/vladivostok.html"],
        "https://www.wikidata.org/wiki/Q959",
        {"type": "SpecificResource", "source": "http://www.wikidata.org/entity/Q959"},
        [{"id": "wd:Q959"}, {"type": "TextualBody", "purpose": "commenting", "value": "A port."}],
        {"purpose": "identifying", "value": "place", "source": ["vladivostok"]},
    ],
)
def test_bodies_of_other_tools_are_understood(body):
    (found,) = read(item(body=body)).annotations
    assert (found.type, found.targets, found.curated) == ("place", ("vladivostok",), True)


def test_a_comment_and_a_note_become_the_note_without_what_does_not_show():
    body = [{"source": "uda", "note": "Wide\u202e "}, {"purpose": "commenting", "value": " land.\n"}]
    assert read(item(body=body)).annotations[0].note == "Wide land."


@pytest.mark.parametrize(
    ("targets", "kind"),
    [
        (["khabarovsk"], "place"),
        (["khabarovsk", "vladivostok", "khabarovsk"], "group"),
        (["uda"], "area"),
        (["crest"], "area"),
        (["peking-1860"], "act"),
    ],
)
def test_a_mention_without_a_type_has_that_of_what_it_points_at(targets, kind):
    (found,) = read(item(body=targets)).annotations
    assert (found.type, found.targets) == (kind, tuple(dict.fromkeys(targets)))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda items: {"type": "AnnotationPage", "items": items},
        lambda items: {"type": ["AnnotationPage"], "items": items},
        lambda items: {"type": "AnnotationCollection", "first": {"type": "AnnotationPage", "items": items}},
        lambda items: items,
    ],
)
def test_a_page_a_collection_and_a_mere_list_are_read(wrap):
    content = json.dumps(wrap([item()])).encode()
    assert len(parse_page(content, "x.json", KNOWN).annotations) == 1


def test_selectors_may_stand_alone_or_in_a_list_and_others_are_ignored_with_a_notice():
    position = {"type": "TextPositionSelector", "start": 3, "end": 14}
    path = {"type": "XPathSelector", "value": "/p[1]", "refinedBy": position}
    both, alone = item(), item()
    both["target"]["selector"] = [path, position, both["target"]["selector"]]
    alone["target"]["selector"] = position
    page = read(both, alone)
    assert [(each.exact, each.start, each.end) for each in page.annotations] == [
        ("Vladivostok", 3, 14),
        ("", 3, 14),
    ]
    told = "\n".join(page.notices)
    assert "refinedBy of a selector is ignored (1)" in told
    assert "no whole TextQuoteSelector or TextPositionSelector is ignored (1)" in told
    assert "a position without a quotation cannot be checked" in told


def test_quotations_are_read_as_a_text_of_ours_would_hold_them():
    (found,) = read(
        item("Nikolai\u0306  Vla\u00addi\r\nvostok", prefix="a \r\n\r\n", suffix="\nb")
    ).annotations
    assert (found.prefix, found.exact, found.suffix) == ("a\n\n", "Nikolaĭ Vladi vostok", " b")


def test_what_marks_no_mention_is_left_out_with_a_notice():
    assessing = item() | {"motivation": "assessing"}
    unknown = item(body=["https://example.org/harbin", {"type": "TextualBody", "value": "A thought."}])
    page = read(assessing, unknown, item())
    assert len(page.annotations) == 1
    assert [notice.partition(": ")[2].partition(",")[0] for notice in page.notices] == [
        "an annotation that marks no mention",
        "an address that means no record of the atlas is ignored (1)",
        "an annotation that says nothing known about a mention is left out (1)",
    ]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"body": "no-such"}, "body", "'no-such' is no id of the atlas"),
        ({"body": "urn:far-east-atlas:act:vladivostok"}, "body", "no id of the atlas"),
        ({"body": {"value": "government", "source": ["uda"]}}, "body", "point at nothing"),
        ({"body": 7}, "body.0", "dictionary"),
        ({"type": "Note"}, "type", "Annotation would do"),
        ({"target": "x.txt"}, "target.0", "dictionary"),
        ({"target": []}, "target", "at least 1"),
        ({"target": [{}, {}]}, "target", "at most 1"),
        ({"target": {}}, "target.selector", "quote the words"),
        ({"target": {"selector": {"type": "TextQuoteSelector"}}}, "target.selector", "quote the words"),
        (item("x" * 501), "target.selector.exact", "at most 500"),
        (item("x" * 5001), "target.0.selector.0.exact", "at most 5,000"),
        (item("a\ud800"), "target.0.selector.0.exact", "unicode"),
        (
            {"target": {"selector": {"type": "TextPositionSelector", "start": 4, "end": 4}}},
            "target.selector",
            "it ends at 4, before it begins at 4",
        ),
        (
            {"target": {"selector": {"type": "TextPositionSelector", "start": -1, "end": True}}},
            "target.0.selector.0.start",
            "greater than or equal to 0",
        ),
    ],
)
def test_a_fault_of_an_incoming_annotation_is_told_with_its_field(changes, field, words):
    problem, *_ = problems({"type": "AnnotationPage", "items": [item() | changes]})
    assert (problem.file, problem.record, problem.field) == ("x.json", "a1", field)
    assert words in problem.message


def test_every_fault_of_a_page_is_told_by_the_names_of_its_items():
    first = item(body="no-such") | {"id": identify("mention", "p1-0-4")}
    found = problems([first, 5, item() | {"id": "\n", "target": 3}, item(body="none") | {"id": 7}])
    assert [problem.record for problem in found] == ["p1-0-4", "item 2", "item 3", "item 4"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON in UTF-8"),
        (b"\xff", "no JSON in UTF-8"),
        (b"[NaN]", "NaN is no number"),
        (b"[" * 100_000, "no JSON in UTF-8"),
        (b"null", "no AnnotationPage"),
        (b'{"type": "Annotation", "items": []}', "no AnnotationPage"),
        (b'{"type": "AnnotationCollection", "first": "page1"}', "no AnnotationPage"),
        (b'{"type": "AnnotationPage", "items": {}}', "a list would do"),
        (b" " * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"[" + b"{}," * 50_000 + b"{}]", "found 50,001 annotations"),
    ],
)
def test_a_file_that_is_no_annotation_page_is_refused(content, words):
    (problem,) = problems(content)
    assert words in problem.message


def test_a_file_of_annotations_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"none\.jsonld: the file cannot be read \(No such file"):
        read_page(tmp_path / "none.jsonld", KNOWN)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
    | st.sampled_from(["TextQuoteSelector", "place", "vladivostok", "linking", "\ud800", "a:b", ""]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "selector", "exact", "source", "value", "start", "id"]), inner
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(VALUES, st.sampled_from(["id", "type", "motivation", "body", "target", "items"]))
def test_whatever_a_page_holds_it_is_read_or_its_faults_are_told(value, key):
    page = {"type": "AnnotationPage", "items": [{**item(), key: value}]}
    said: list[object] = []
    try:
        found = parse_page(json.dumps(page).encode(), "x.json", KNOWN)
        said += [*found.annotations, *found.notices]
    except DataError as error:
        said += [problem.message for problem in error.problems]
    assert said
    assert all(said)


# Curated before found


def mention(start, end, passage="p1", rule="name", kind="place"):
    return Mention(passage, start, end, "x" * (end - start), kind, (), rule, 0.9)


def test_what_a_person_marked_replaces_all_it_overlaps_and_the_rest_stays():
    found = [
        mention(0, 3),
        mention(3, 4),
        mention(5, 9),
        mention(9, 12),
        mention(20, 24),
        mention(5, 9, "p10"),
    ]
    wrong = mention(21, 22, rule="curated", kind="not-a-place")
    marked = [wrong, mention(3, 6, rule="curated"), mention(30, 31, "p2", rule="curated")]
    assert apply_curated(found, marked) == (found[0], marked[1], found[3], wrong, marked[2], found[5])


def test_without_marks_all_that_was_found_stays():
    found = (mention(0, 4), mention(2, 4, "p2"))
    assert apply_curated(found, ()) == found
    assert apply_curated((), found) == found
