"""Annotations in a text that has changed: kept, moved, edited or lost, and never guessed."""

from __future__ import annotations

import json
import unicodedata
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.annotations import AnnotatedText, Identities
from geo.annotations.anchoring import ALIKE, anchor_again
from geo.annotations.incoming import parse_page
from geo.annotations.spots import MAX_SPOTS, Spots
from geo.annotations.writing import as_bytes
from geo.article import Article, Passage, parse_article
from geo.linker import Mention

KNOWN = Identities({"vladivostok": "place"})
TEXT = (
    "The harbour of Vladivostok lies south of the mouth of the Ussuri, they say. "
    "Long after the treaty the old road from Khabarovsk reached the coast."
)


def article(*texts):
    return Article("", "en", tuple(Passage(f"p{n}", "text", text) for n, text in enumerate(texts, 1)))


def marked(old, *spans, rule="curated"):
    """A page that marks stretches of an article: (passage, start, end) each."""
    texts = {passage.id: passage.text for passage in old.passages}
    known = AnnotatedText(old, KNOWN, "x.txt")
    mentions = [
        Mention(name, start, end, texts[name][start:end], "place", ("vladivostok",), rule, 1.0)
        for name, start, end in spans
    ]
    return parse_page(as_bytes(known.page("x", map(known.mention, mentions))), "x.jsonld", KNOWN)


def quoted(*items):
    """A page of mere selectors, as another tool might write them."""
    raw = [{"body": "vladivostok", "target": {"selector": list(selectors)}} for selectors in items]
    return parse_page(json.dumps(raw).encode(), "x.json", KNOWN)


def quote(exact, prefix="", suffix=""):
    return {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}


def position(start, end):
    return {"type": "TextPositionSelector", "start": start, "end": end}


def mark(old, exact):
    """Mark the one spot where some words stand."""
    (passage,) = (passage for passage in old.passages if exact in passage.text)
    start = passage.text.index(exact)
    return marked(old, (passage.id, start, start + len(exact)))


def fate(exact, new, old=TEXT):
    """What became of some words of a text of one passage."""
    (found,) = anchor_again(mark(article(old), exact), article(new))
    return found


def test_in_the_same_text_everything_is_kept_where_it_is():
    text = article("Amur Amur Amur Amur", "Amur")
    page = marked(text, ("p1", 5, 9), ("p1", 10, 14), ("p2", 0, 4))
    found = anchor_again(page, text)
    assert [each.outcome for each in found] == ["kept"] * 3
    assert [(each.mention.passage, each.mention.start) for each in found] == [
        ("p1", 5),
        ("p1", 10),
        ("p2", 0),
    ]
    mention = found[0].mention
    assert (mention.exact, mention.type, mention.targets) == ("Amur", "place", ("vladivostok",))
    assert (mention.rule, mention.confidence) == ("curated", 1.0)


def test_what_changed_behind_an_annotation_leaves_it_kept():
    assert fate("Vladivostok", TEXT.replace("coast", "sea")).outcome == "kept"


def test_a_mark_moves_with_its_words_into_another_passage():
    old, new = article("One.", TEXT), article("One.", "And two.", TEXT)
    (found,) = anchor_again(mark(old, "Ussuri"), new)
    assert (found.outcome, found.mention.passage, found.mention.start) == (
        "moved",
        "p3",
        TEXT.index("Ussuri"),
    )
    assert new.text[found.start :].startswith("Ussuri")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vladivostok", "Wladiwostok"),
        ("Khabarovsk", "Habarovsk"),
        ("Ussuri", "Usuri River"),
        ("treaty", "treatise"),
    ],
)
def test_words_changed_a_little_between_the_same_words_are_edited(old, new):
    found = fate(old, TEXT.replace(old, new))
    assert (found.outcome, found.mention.exact) == ("edited", new.removesuffix(" River"))
    assert ALIKE <= found.mention.confidence < 1


@pytest.mark.parametrize("changed", ["lies north", "was said to lie south"])
def test_words_are_found_by_one_side_where_the_other_changed_too(changed):
    new = TEXT.replace("Vladivostok", "Vladivostock").replace("lies south", changed)
    found = fate("Vladivostok", new)
    assert (found.outcome, found.mention.exact) == ("edited", "Vladivostock")


def test_words_that_grew_a_bracket_and_words_before_them_keep_to_themselves():
    new = TEXT.replace("Vladivostok", "the great (Vladivostock)")
    assert fate("Vladivostok", new).mention.exact == "Vladivostock"
    page = mark(article("Писали «Владивостокские новости» об этом вчера."), "«Владивостокские новости»")
    (found,) = anchor_again(page, article("Писали «Владивостокская новость» об этом вчера."))
    assert (found.outcome, found.mention.exact) == ("edited", "«Владивостокская новость»")


def test_han_is_edited_character_by_character():
    old = "一八六〇年条约以后，城市海参崴成为俄国在太平洋岸边的重要港口。"
    found = fate("海参崴", old.replace("海参崴", "海參崴"), old)
    assert (found.outcome, found.mention.exact) == ("edited", "海參崴")


@pytest.mark.parametrize(
    "new", [TEXT.replace("Vladivostok", "Harbin"), "Another text.", TEXT.replace("Vladivostok ", "")]
)
def test_words_that_are_gone_are_lost_with_the_reason(new):
    found = fate("Vladivostok", new)
    assert (found.outcome, found.mention, found.start) == ("lost", None, None)
    assert found.reason.startswith("its words stand nowhere")


# Which of several spots


def test_the_words_around_it_choose_among_equal_words():
    old = article("From Amur to sea. By Amur in spring. Over Amur at night.")
    new = article("Over the Amur at night. Nothing here. From the Amur to sea. By the Amur in spring.")
    page = marked(old, ("p1", 5, 9), ("p1", 21, 25), ("p1", 42, 46))
    found = anchor_again(page, new)
    assert [new.text[each.start :].partition(".")[0] for each in found] == [
        "Amur to sea",
        "Amur in spring",
        "Amur at night",
    ]


def test_equal_passages_are_told_apart_by_how_far_their_neighbours_moved():
    same = "Nothing more was ever said about it: here is the Amur, and nothing more was ever said."
    old = article("Chapter one begins.", same, "Chapter two begins with more.", same)
    new = article("A long new introduction of some words. " * 3, *(passage.text for passage in old.passages))
    at = same.index("Amur")
    page = marked(old, ("p1", 0, 11), ("p2", at, at + 4), ("p3", 0, 11), ("p4", at, at + 4))
    assert [each.mention.passage for each in anchor_again(page, new)] == ["p2", "p3", "p4", "p5"]


def test_a_whole_word_goes_before_a_piece_of_another():
    page = quoted([quote("Amur")])
    (found,) = anchor_again(page, article("Amursky and Zaamur on the Amur."))
    assert found.start == 26
    (piece,) = anchor_again(page, article("In Amursky alone."))
    assert piece.start == 3


@pytest.mark.parametrize(
    ("selectors", "spots"),
    [
        ([quote("Amur")], "2 spots fit equally well"),
        ([quote("Amur"), position(1000, 1004)], "2 spots fit equally well"),
        ([quote("Amur", "by the ")], "2 spots fit equally well"),
    ],
)
def test_of_two_equally_good_spots_none_is_guessed(selectors, spots):
    (found,) = anchor_again(
        quoted(selectors), article("Down by the Amur they met. Up by the Amur they left.")
    )
    assert (found.outcome, found.reason) == ("lost", spots)


def test_what_was_edited_in_two_spots_alike_is_lost():
    old = article("They came down by the Amur then.")
    new = article("They came down by the Amour then.", "They came down by the Amour then.")
    page = quoted([quote("Amur", "They came down by the ", " then.")])
    assert anchor_again(page, old)[0].outcome == "kept"
    assert anchor_again(page, new)[0].reason == "2 spots fit equally well"


def test_near_its_old_position_a_mark_is_found_among_far_ones():
    text = article("Amur. " + "Nothing to see. " * 100 + "Amur.")
    (found,) = anchor_again(quoted([quote("Amur"), position(3, 7)]), text)
    assert (found.outcome, found.start) == ("moved", 0)


def test_of_two_marks_on_one_spot_the_second_is_lost_and_a_persons_goes_first():
    page = quoted([quote("the Amur")], [quote("Amur")])
    text = article("By the Amur.")
    first, second = anchor_again(page, text)
    assert (first.outcome, second.outcome) == ("kept", "lost")
    assert second.reason == "its spot is marked by item 1"
    by_rule = {"body": {"value": "place", "rule": "name"}, "target": {"selector": quote("the Amur")}}
    by_hand = {"body": "vladivostok", "target": {"selector": quote("Amur")}}
    mixed = parse_page(json.dumps([by_rule, by_hand]).encode(), "x.json", KNOWN)
    assert [each.outcome for each in anchor_again(mixed, text)] == ["lost", "kept"]


def test_equal_words_that_overlap_are_two_spots_and_variants_of_edited_ones_are_one():
    assert anchor_again(quoted([quote("ana")]), article("A banana"))[0].reason == "2 spots fit equally well"
    exact = "Treaty of Peking between the two empires on the Amur river"
    old = f"They signed the {exact} in that year."
    for before in ("1st ", "a "):
        new = old.replace("Treaty", f"{before}Treaty").replace("Amur", "Amor")
        assert fate(exact, new, old).mention.exact == exact.replace("Amur", "Amor")
    short = "They saw the {} in that year."
    found = fate("Vladivostok", short.format("Wladivostok now"), short.format("Vladivostok"))
    assert (found.outcome, found.mention.exact) == ("edited", "Wladivostok")


def test_words_that_stand_everywhere_are_lost_without_a_position_and_found_with_one():
    text = article("Amur " * (MAX_SPOTS + 1) + "here")
    (lost,) = anchor_again(quoted([quote("Amur")]), text)
    assert lost.reason == f"its words stand in more than {MAX_SPOTS:,} spots, and its position is not known"
    (kept,) = anchor_again(quoted([quote("Amur"), position(500, 504)]), text)
    assert (kept.outcome, kept.start) == ("kept", 500)


def test_in_a_text_that_is_the_same_the_position_decides():
    text = article("Amursk Amur.")
    raw = {"type": "AnnotationPage", "target": {"sha256": text.digest}}
    raw["items"] = [{"body": "vladivostok", "target": {"selector": [quote("Amur"), position(0, 4)]}}]
    (found,) = anchor_again(parse_page(json.dumps(raw).encode(), "x.json", KNOWN), text)
    assert (found.outcome, found.start) == ("kept", 0)


# Where passages end


def test_edited_words_are_found_at_the_edges_of_their_passage():
    old = article("Before it all.", "Amur was the name of the river.", "So it was: Ussuri", "Some more.")
    new = article("Something.", "Amour was the name of the river.", "So it was: Usuri", "Other words.")
    page = marked(old, ("p2", 0, 4), ("p3", 11, 17))
    assert [each.mention.exact for each in anchor_again(page, new)] == ["Amour", "Usuri"]


def test_words_torn_apart_by_a_new_passage_are_lost():
    old = article("They came down by the Amur Ussuri and then they left.")
    new = article("They came down by the Amur", "Usuri and then they left.")
    assert anchor_again(mark(old, "Amur Ussuri"), new)[0].outcome == "lost"


# Positions alone


def test_a_position_alone_holds_as_long_as_the_text_is_not_known_to_have_changed():
    old = article("By the Amur.", "Then more.")
    assert anchor_again(quoted([position(7, 11)]), old)[0].mention.exact == "Amur"
    raw = {"type": "AnnotationPage", "target": {"sha256": old.digest}}
    raw["items"] = [{"body": "vladivostok", "target": {"selector": position(7, 11)}}]
    page = parse_page(json.dumps(raw).encode(), "x.json", KNOWN)
    assert anchor_again(page, old)[0].outcome == "kept"
    (changed,) = anchor_again(page, article("By the Amur!", "Then more."))
    assert (changed.outcome, changed.reason) == ("lost", "it has a position alone, and the text has changed")


@pytest.mark.parametrize(("start", "end"), [(8, 40), (9, 16), (6, 11), (99, 100)])
def test_a_position_that_is_no_stretch_of_a_passage_is_lost(start, end):
    (found,) = anchor_again(quoted([position(start, end)]), article("By the Amur.", "Then more."))
    assert found.reason == "its position is no stretch of a passage"


# Any edit


WORDS = st.sampled_from(
    [
        "Vladivostok",
        "Хабаровск",
        "海参崴城",
        "Nikolaĭ",
        "𐀀𐀁",
        "é",
        "the",
        "of",
        "and",
        "и",
        "在",
        "Amur,",
        "(sea).",
    ]
)
PASSAGES = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=4)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 8), st.lists(WORDS, max_size=3).map(" ".join)), max_size=4
)


def edited(texts, number, start, end, edits):
    """Replace stretches of passages by others, but not within one stretch of one passage."""
    texts = list(texts)
    for share, length, instead in edits:
        at = int(share * (len(texts) - 1) + 0.5)
        text = texts[at]
        first = int(share * len(text))
        last = min(len(text), first + length)
        if at == number:
            if first < end and last > start:
                continue
            if last <= start:
                shift = len(instead) - (last - first)
                start, end = start + shift, end + shift
        texts[at] = text[:first] + instead + text[last:]
    return texts


@settings(max_examples=100)
@given(PASSAGES, EDITS, st.data(), st.booleans(), st.sampled_from(["\n\n", "\r\n\r\n"]))
def test_a_quotation_that_was_not_touched_and_stands_once_comes_back_right(
    texts, edits, data, decomposed, gap
):
    number = data.draw(st.integers(0, len(texts) - 1))
    words = texts[number].split(" ")
    first = data.draw(st.integers(0, len(words) - 1))
    exact = " ".join(words[first : first + data.draw(st.integers(1, 3))])
    start = len(" ".join([*words[:first], ""])) if first else 0
    old, end = article(*texts), start + len(exact)
    page = marked(old, (f"p{number + 1}", start, end))
    content = gap.join(edited(texts, number, start, end, edits))
    content = unicodedata.normalize("NFD", content) if decomposed else content
    new = parse_article(content.encode(), "new.txt", ())
    assume(exact in new.text and new.text.find(exact) == new.text.rfind(exact))
    (found,) = anchor_again(page, new)
    assert found.outcome in ("kept", "moved")
    assert found.mention.exact == exact
    assert found.start == new.text.index(exact)
    starts = new.starts
    assert starts[found.mention.passage] + found.mention.start == found.start


@settings(max_examples=50)
@given(PASSAGES, PASSAGES, st.data())
def test_whatever_became_of_a_text_its_marks_lie_in_it_and_do_not_overlap(texts, others, data):
    old, new = article(*texts), article(*others)
    spans = [
        (p.id, s, data.draw(st.integers(s + 1, len(p.text))))
        for p in old.passages
        for s in range(0, len(p.text), 5)
    ]
    page = marked(old, *spans)
    found = anchor_again(page, new)
    assert found == anchor_again(page, new)
    passages = {passage.id: passage.text for passage in new.passages}
    stretches = sorted((each.start, len(each.mention.exact)) for each in found if each.mention)
    assert all(one + length <= other for (one, length), (other, _) in pairwise(stretches))
    for each in found:
        assert (each.outcome == "lost") == (each.mention is None) == bool(each.reason)
        if each.mention:
            assert passages[each.mention.passage][each.mention.start : each.mention.end] == each.mention.exact


# Long texts


def test_a_long_text_of_one_word_costs_no_more_than_another():
    """Half a megabyte of one word, and marks that all look alike: time must not grow with their product."""
    old = article(*["Amur " * 99 + "Amur"] * 1000)
    spans = [
        (f"p{n % 1000 + 1}", 5 * (n // 2 % 50), 5 * (n // 2 % 50) + 4 + 5 * (n % 40)) for n in range(1, 1000)
    ]
    page = marked(old, *spans)
    new = article("More of it.", *[passage.text for passage in old.passages])
    began = process_time()
    found = anchor_again(page, new)
    assert process_time() - began < 10
    assert len(found) == len(spans)


def test_spots_of_nested_and_of_common_quotations_are_all_found():
    text = "aXbab" * 3 + "ab" * 30_000 + "bXa" + "." * 30_000 + "aXb"
    spots = Spots(text, ["ab", "aXb", "Xb", "bXa", "zz", ""])
    assert spots.near("aXb", None) == [0, 5, 10, len(text) - 3]
    assert spots.near("Xb", 2) == [1, 6, 11, len(text) - 2]
    assert spots.only("bXa") == text.index("bXa")
    assert spots.only("Xb") is spots.only("zz") is spots.only("") is None
    assert MAX_SPOTS < len(spots.near("ab", None)) < 10_000
    near = spots.near("ab", 1000)
    assert len(near) == 64
    assert near == [at for at in range(900, 1100) if text.startswith("ab", at)][18:82]


def test_quotations_at_the_edge_of_two_chunks_are_found_once():
    text = "." * 9_996 + "Amur" + "." * 9_998 + "Amur"
    spots = Spots(text, ["Amur", "mu"])
    assert spots.near("Amur", None) == [9_996, 19_998]
    assert spots.near("mu", None) == [9_997, 19_999]
