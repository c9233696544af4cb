"""Bytes as text: sentences of one or two lines in every encoding that readers bring."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.article import parse_article
from geo.documents.encoding import ENCODINGS, decode
from geo.errors import ArticleError

RUSSIAN = (
    "Граница прошла по Амуру.",
    "Пост поставили в 1860 году, а город вырос позже. Его знают все!",
    "СССР и Китай",
    "Нет, это не так: льды сошли в мае.",
)
SIMPLIFIED = (
    "船到伯力时天已经黑了。",
    "他说：“我不知道。”",
    "一八六〇年，两国在北京签订条约，这条河成了边界。",
)
TRADITIONAL = (
    "船到伯力時天已經黑了。",
    "他說：「我不知道。」",
    "一八六零年，兩國在北京簽訂條約，這條河成了邊界。",
)
WESTERN = ("He said “no” – and that was all.", "Née in Königsberg, she wrote of the harbour’s ice.")

CASES = [
    *(
        (text, codec, name)
        for text in RUSSIAN
        for codec, name in (("cp1251", "Windows-1251"), ("koi8-r", "KOI8-R"))
    ),
    # A word each, which the statistics of languages decide.
    ("鐵路", "big5", "Big5"),
    ("Überall", "cp1252", "Windows-1252"),
    *((text, "gb18030", "GB18030") for text in (*SIMPLIFIED, *TRADITIONAL)),
    *((text, "big5", "Big5") for text in TRADITIONAL),
    *((text, "cp1252", "Windows-1252") for text in WESTERN),
    *(
        (text, codec, "UTF-16")
        for text in (*RUSSIAN, *SIMPLIFIED, *TRADITIONAL, *WESTERN, "Plain words, and no more.")
        for codec in ("utf-16-le", "utf-16-be")
    ),
]


@pytest.mark.parametrize(("text", "codec", "name"), CASES)
def test_a_sentence_or_two_is_read_in_its_encoding_and_a_guess_is_named_as_one(text, codec, name):
    assert decode(text.encode(codec)) == (text, f"{name} (guessed)")


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")]
)
def test_what_is_unicode_for_certain_is_no_guess(codec, name):
    assert decode(RUSSIAN[0].encode(codec)) == (RUSSIAN[0], name)


@pytest.mark.parametrize("name", [name for name in ENCODINGS if name != "Windows-1252"])
def test_an_encoding_that_the_reader_chooses_decides(name):
    text = "黑龍江以北" if name == "Big5" else "Амур и Уссури"
    article = parse_article(text.encode(ENCODINGS[name]), "a.txt", (), name)
    assert (article.passages[0].text, article.encoding) == (text, name)


def test_a_choice_that_does_not_fit_or_is_unknown_is_refused_in_one_sentence():
    with pytest.raises(
        ArticleError, match=r"^a\.txt is not in UTF-8 \(byte 0 does not fit\); choose another"
    ):
        parse_article("Амур".encode("cp1251"), "a.txt", (), "UTF-8")
    with pytest.raises(ArticleError, match=r"^a\.txt cannot be read as zip; UTF-8, UTF-16"):
        parse_article(b"x", "a.txt", (), "zip")


@pytest.mark.parametrize("label", ["windows-1251", " CP1251 "])
def test_what_a_file_declares_is_believed_where_it_fits(label):
    assert decode("Амур".encode("cp1251"), label=label) == ("Амур", "Windows-1251")


@pytest.mark.parametrize("label", ["zlib", "unicode_escape", "punycode", "no such", ""])
def test_a_label_that_is_no_encoding_of_the_web_is_not_looked_up(label):
    assert decode("Амур".encode(), label=label) == ("Амур", "UTF-8")


def test_bytes_that_fit_nothing_are_refused():
    with pytest.raises(ArticleError, match="in none of the encodings"):
        decode(bytes(range(0x80, 0x9F)) * 3)
    with pytest.raises(ArticleError, match="binary"):
        decode(b"\x00\x01\xff\xfe\x00\x81" * 9)


@settings(max_examples=100)
@given(st.binary(max_size=200), st.sampled_from([None, *ENCODINGS]))
def test_any_bytes_become_a_text_without_hidden_characters_or_are_refused(content, chosen):
    with suppress(ArticleError):
        text, _ = decode(content, chosen)
        assert not {"\0", "\r", "\u200b", "\u202e"} & set(text)
