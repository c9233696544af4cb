"""Our account in Russian and Chinese: the passages, claims and mentions of the English one, and damage."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from geo.article import parse_article
from geo.imports import parse_gazetteer
from geo.page import Page
from geo.passages import compose_article
from geo.reading import TELLINGS, load_usable
from geo.view import LANGS, View
from tests.test_reading import only
from tests.unpacking import block_of, text_of

BY_NAME = ("act", "st-petersburg-1867 st-petersburg-1875")
APART = {("zh-Hans", "p12"): BY_NAME, ("zh-Hant", "p12"): BY_NAME}
"""What a passage points at name by name and the English one at once: the treaties, and not one town."""


each = pytest.mark.parametrize("tag", TELLINGS)


@pytest.fixture(scope="module")
def composed(atlas):
    return compose_article(atlas)


def in_utf16(text, start, end):
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def meant(mentions, passage):
    here = [mention for mention in mentions if mention.passage == passage]
    return Counter((mention.type, " ".join(sorted(mention.targets))) for mention in here)


# The records


def test_the_account_is_told_in_every_language_of_the_interface(atlas):
    assert ["en", *atlas.tellings] == list(LANGS)


@each
def test_it_has_the_passages_of_the_english_account_in_its_own_script(atlas, tag):
    told = atlas.tellings[tag].article
    assert [(p.id, p.kind) for p in told.passages] == [(p.id, p.kind) for p in atlas.account.passages]
    assert told.lang == tag[:2]
    assert told.title == told.passages[0].text


@each
def test_each_passage_points_at_what_the_english_one_does(atlas, tag):
    told = atlas.tellings[tag]
    for passage in atlas.account.passages:
        here, there = (meant(marks, passage.id) for marks in (told.annotations, atlas.annotations))
        if (tag, passage.id) in APART:
            kind, ids = APART[tag, passage.id]
            there -= Counter([(kind, ids)])
            there += Counter((kind, name) for name in ids.split())
        assert here == there, passage.id


@each
def test_its_notes_are_those_of_the_english_mentions_and_so_have_translations(atlas, tag):
    notes = {mention.note for mention in atlas.annotations}
    mine = [mention for mention in atlas.tellings[tag].annotations if mention.note]
    assert len(mine) >= 8
    assert all(mention.note in notes for mention in mine)


@each
def test_no_mention_cuts_into_the_words_of_a_name_that_the_linker_finds(atlas, tag):
    told = atlas.tellings[tag]
    marked = {(mention.passage, mention.start, mention.end) for mention in told.annotations}
    for name in atlas.linker.mentions(told.article):
        for passage, start, end in marked:
            if passage == name.passage and start < name.end and name.start < end:
                inside = start <= name.start and name.end <= end
                assert inside or (name.start <= start and end <= name.end), name.exact


# What the page gets


@each
def test_what_the_page_gets_is_told_to_the_letter(atlas, composed, tag):
    made, told = composed["texts"][tag], atlas.tellings[tag]
    assert (made["title"], made["digest"]) == (told.article.title, told.article.digest)
    marked = []
    for passage, here, there in zip(
        told.article.passages, made["passages"], composed["passages"], strict=True
    ):
        assert here["text"] == passage.text
        words = [in_utf16(passage.text, *spot) for spot in here["claims"]]
        assert words == [told.words[claim["id"]] for claim in there["claims"]]
        for start, end, n in here["mentions"]:
            said, words = composed["said"][n], in_utf16(passage.text, start, end)
            marked.append((passage.id, words, said["type"], said["targets"], said.get("note", "")))
    assert marked == [(m.passage, m.exact, m.type, m.targets, m.note) for m in told.annotations]


def test_what_is_the_same_in_every_language_is_written_once(composed):
    size = len(json.dumps(composed["texts"], ensure_ascii=False).encode())
    texts = sum(len(p["text"].encode()) for told in composed["texts"].values() for p in told["passages"])
    assert size < 1.5 * texts


def test_a_text_of_the_readers_is_in_one_language_and_the_light_map_has_none(atlas):
    article = parse_article(atlas.account.text.encode(), "a.txt", atlas.furniture)
    assert "texts" not in compose_article(atlas, article)
    assert atlas.tellings["ru"].article.title not in text_of(Page(atlas).embed_document(View()), "ru")


def test_the_names_of_a_readers_gazetteer_are_found_in_every_language(atlas):
    rows = "name,lat,lon\nKolbe,39,-77\nКолби,39,-77\n科尔比,39,-77\n".encode()
    own = parse_gazetteer(rows, "mine.csv")
    document = Page(atlas).document(View(), gazetteer=own)
    for tag, words in (("ru", "Колби"), ("zh-Hans", "科尔比")):
        passage = block_of(document, tag)["telling"]["passages"][6]
        (found,) = passage["mentions"]
        assert in_utf16(passage["text"], *found[:2]) == words
    assert block_of(document, "zh-Hant")["telling"]["passages"][6]["mentions"] == []
    assert len(block_of(document, "zh-Hant")["telling"]["passages"][10]["mentions"]) == 6


# Faults


@pytest.mark.parametrize(
    ("change", "file", "record", "message"),
    [
        (
            lambda editor: editor.text("account/account.ru.md", "\n\nНерчинск остался", " Нерчинск остался"),
            "account/account.ru.md",
            "",
            "11 passages, and the English account has 12; they part at p11",
        ),
        (
            lambda editor: editor.row("account/claims.zh-Hans.csv", "c2", exact="写于2024年"),
            "account/claims.zh-Hans.csv",
            "c2",
            "found 0 times in p3; quote words that stand there once",
        ),
        (
            lambda editor: editor.row("account/claims.zh-Hant.csv", "c7", exact="七處"),
            "account/claims.zh-Hant.csv",
            "c7",
            "found 2 times in p6",
        ),
        (
            lambda editor: editor.row("account/claims.ru.csv", "c2", id="c99"),
            "account/claims.ru.csv",
            "c99",
            "no claim has this id",
        ),
        (
            lambda editor: editor.row("account/claims.ru.csv", "c2", id="c99"),
            "account/claims.ru.csv",
            "c2",
            "this claim has no row",
        ),
        (
            lambda editor: editor.json(
                "account/annotations.ru.json", lambda raw: raw["items"][1]["body"].update(source=["nowhere"])
            ),
            "account/annotations.ru.json",
            "p2 'Владивосток'",
            "no place or area or act has the id 'nowhere'",
        ),
        (
            lambda editor: editor.json(
                "account/annotations.ru.json",
                lambda raw: raw["items"][1]["target"].update(source="account.md#p2"),
            ),
            "account/annotations.ru.json",
            "a2",
            "found account.md; this file marks account.ru.md",
        ),
    ],
    ids=["passage", "words", "words twice", "unknown claim", "claim left out", "target", "other text"],
)
def test_where_it_departs_from_the_english_account_is_told(editor, change, file, record, message):
    change(editor)
    found = [problem for problem in editor.problems() if problem[:2] == (file, record)]
    assert message in only(found).message


def test_what_is_damaged_in_one_language_leaves_the_others(editor, atlas):
    editor.content("account/claims.zh-Hant.csv", lambda content: content[:-9])
    usable = load_usable(editor.folder)
    assert usable.missing == ("our account in Traditional Chinese",)
    assert list(usable.tellings) == ["ru", "zh-Hans"]
    assert list(compose_article(usable)["texts"]) == ["ru", "zh-Hans"]
    assert compose_article(usable)["passages"] == compose_article(atlas)["passages"]
