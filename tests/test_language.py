"""The catalogues of translations, what is found to translate, and numbers and dates in each language."""

from __future__ import annotations

import base64
import io
import json
import re
import zlib
from datetime import date

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.article import parse_article
from geo.dates import parse_span
from geo.errors import ExportError, LanguageError
from geo.language import TRANSLATED, Catalogue, interface, parse_catalogue, plural_forms, texts_of
from geo.language.formats import day_in_words, number, span_in_words
from geo.language.phrases import collect_phrases, in_document, in_python, in_script
from geo.language.upkeep import Wanted, faults, updated
from geo.packing import ENCODINGS, SAME, packed_block, unlike
from geo.reading import DATA_DIR
from geo.texts import compose_texts, date_texts, divide_texts, parse_languages, record_texts
from geo.view import LANGS
from tests.unpacking import read_content, whole

WANTED = {
    "Close": Wanted(),
    "{n} source": Wanted("{n} sources"),
    "by {who}": Wanted(comments=("card.js",)),
}


def po(lang, messages, *, fuzzy=()):
    made = Catalog(locale=lang.replace("-", "_"), fuzzy=False)
    for key, said in messages.items():
        made.add(key, said, flags=("fuzzy",) if key in fuzzy else ())
    out = io.BytesIO()
    write_po(out, made)
    return out.getvalue()


def russian(**changed):
    said = {
        "Close": "Закрыть",
        ("{n} source", "{n} sources"): ("{n} источник", "{n} источника", "{n} источников"),
        "by {who}": "— {who}",
    }
    return said | changed


def told(content, lang="ru"):
    return [(problem.record, problem.message) for problem in faults(content, lang, "ru.po", WANTED)]


# Catalogues


def test_a_phrase_is_said_in_the_language_and_an_unknown_one_in_english():
    found = parse_catalogue(po("ru", russian()), "ru", "ru.po")
    assert found.say("Close") == "Закрыть"
    assert found.say("by {who}", who="{n} <b>") == "— {n} <b>"  # what a value holds means nothing
    assert found.say("Open {what}", what="it") == "Open it"


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "0 источников"),
        (1, "1 источник"),
        (2, "2 источника"),
        (5, "5 источников"),
        (11, "11 источников"),
        (21, "21 источник"),
        (1022, "1\xa0022 источника"),
    ],
)
def test_russian_has_three_plurals(n, words):
    found = parse_catalogue(po("ru", russian()), "ru", "ru.po")
    assert found.say_n("{n} source", "{n} sources", n) == words
    assert Catalogue("en", {}).say_n("{n} source", "{n} sources", 1) == "1 source"


def test_fuzzy_and_empty_translations_count_as_none():
    found = parse_catalogue(po("ru", russian(**{"by {who}": ""}), fuzzy=("Close",)), "ru", "ru.po")
    assert set(found.forms) == {"{n} source"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'msgid "\xff"', "ru.po is no PO file"),
        (po("zh-Hans", {}), "ru.po says it is in zh_Hans; ru would do"),
        (b"", "ru.po says it is in no language; ru would do"),
        ('msgid "a"\nmsgstr "ы"\n'.encode("utf-16"), "ru.po is no PO file"),
    ],
)
def test_a_file_that_is_no_catalogue_of_the_language_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(LanguageError, match=sentence):
        parse_catalogue(content, "ru", "ru.po")


def test_the_languages_have_as_many_plurals_as_the_page_counts():
    assert [plural_forms(lang) for lang in TRANSLATED] == [3, 1, 1]


# What is wrong with a catalogue


def test_a_whole_catalogue_has_no_fault():
    assert told(po("ru", russian())) == []


@pytest.mark.parametrize(
    ("changed", "record", "message"),
    [
        ({"by {who}": "— {wer}"}, "by {who}", "found the braces wer; who would do"),
        ({"by {who}": "кем-то"}, "by {who}", "found the braces none; who would do"),
        ({"Close": ""}, "Close", "it is not translated"),
        ({"Shut": "Закрыть"}, "Shut", "nothing says it"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told(changed, record, message):
    ((found, sentence),) = told(po("ru", russian(**changed)))
    assert found == record
    assert sentence.startswith(message)


def test_a_missing_phrase_and_a_wrong_number_of_plurals_are_told():
    messages = {"Close": "关闭", ("{n} source", "{n} sources"): ("{n} 个来源",)}
    assert [record for record, _ in told(po("zh-Hans", messages), "zh-Hans")] == ["by {who}"]
    assert "found 1 plural forms, 3 would do" in told(po("zh-Hans", messages), "ru")[1][1]


def test_an_update_keeps_what_is_translated_and_takes_out_what_nobody_says():
    content = updated(po("ru", russian(Shut="Закрыть")), "ru", WANTED, "Test")
    assert told(content) == []
    assert b"Shut" not in content
    assert b"#. card.js" in content
    assert updated(content, "ru", WANTED, "Test") == content
    grown = updated(content, "ru", WANTED | {"Open": Wanted()}, "Test")
    assert [record for record, _ in told(grown)] == ["Open"]  # not wanted here
    empty = updated(b"", "zh-Hant", WANTED, "Test")
    assert {message for _, message in told(empty, "zh-Hant")} == {"it is not translated"}


# What there is to translate


def test_phrases_of_a_script_are_found_wherever_they_are_called():
    script = """
      // T("not this")
      make("p", { title: T("Close") }, T("by {who}", { who: T("a \\"source\\"") }));
      Tn("{n} day", "{n} days", { n });
      object.T("nor this");
    """
    found = [(phrase.english, phrase.plural) for phrase in in_script(script, "x.js")]
    assert found == [("Close", ""), ("by {who}", ""), ('a "source"', ""), ("{n} day", "{n} days")]


@pytest.mark.parametrize("call", ["T(words)", "T(`a`)", 'Tn("a", many)', 'T(late ? "a" : "b")'])
def test_a_phrase_that_is_no_literal_is_refused(call):
    with pytest.raises(LanguageError, match="line 1: a phrase is a literal"):
        list(in_script(f"{call};", "x.js"))


def test_phrases_of_a_document_are_its_marked_texts_and_attributes():
    html = '<p data-say="">A &amp; B</p>\n<b class="x" data-say="title" title="T">\n<i></i></b><p>no</p>'
    assert [(each.english, each.line) for each in in_document(html, "x.html")] == [("A & B", 1), ("T", 2)]
    with pytest.raises(LanguageError, match="there is no attribute title"):
        list(in_document('<b data-say="title">', "x.html"))


def test_phrases_of_a_module_are_the_literals_it_says():
    module = 'say("a"); x.say_n("b", "c", 2); phrase("d"); say(e); say(f"{g}")'
    found = [(each.english, each.plural) for each in in_python(module, "x.py")]
    assert sorted(found) == [("a", ""), ("b", "c"), ("d", "")]


def test_no_phrase_has_a_plural_in_one_place_only():
    plurals: dict[str, set[str]] = {}
    for phrase in collect_phrases():
        plurals.setdefault(phrase.english, set()).add(phrase.plural)
    assert [english for english, found in plurals.items() if len(found) > 1] == []


# The catalogues of the atlas


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_text_of_the_records_is_translated_and_nothing_else(atlas, lang):
    wanted = {english: Wanted() for english in record_texts(atlas)}
    content = (DATA_DIR / "translations" / f"{lang}.po").read_bytes()
    assert [str(problem) for problem in faults(content, lang, lang, wanted)] == []


# Formats


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1860-11-14", ("14 ноября 1860\xa0г.", "1860年11月14日")),
        ("1860-11", ("ноябрь 1860\xa0г.", "1860年11月")),
    ],
)
def test_dates_are_written_as_each_language_writes_them(edtf, words):
    assert (span_in_words(parse_span(edtf), "ru"), span_in_words(parse_span(edtf), "zh-Hant")) == words
    assert span_in_words(parse_span(edtf), "en") == parse_span(edtf).label()


def test_days_and_numbers_are_written_as_each_language_writes_them():
    assert day_in_words(date(1860, 11, 14), "zh-Hans") == "1860年11月14日"
    assert [number(311090, lang) for lang in ("en", "ru", "zh-Hans")] == ["311,090", "311\xa0090", "311,090"]


# What a page takes along


def test_a_page_takes_along_only_the_texts_that_it_uses(atlas):
    note = next(holding.note for holding in atlas.holdings.records if holding.note)
    texts = compose_texts(atlas, {}, {"a": [{"note": note}, "certain"]}, '<p>Language</p> x(T("Dates"))')
    assert texts[note][0] == atlas.translations["ru"].forms[note][0]
    assert texts["certain"][0] == "достоверно"
    assert {"Language", "Dates"} >= set(texts) - {note, "certain"}


def test_why_the_linker_decided_is_said_in_the_language_of_the_page(atlas):
    note = "Other treaties were signed at Peking in 1860 too; this one is Russia's."
    (mention,) = atlas.linker.mentions(parse_article(b"The Treaty of Peking moved it.", "a.txt", ()))
    assert mention.note == note
    texts = compose_texts(atlas, {}, {"mentions": [{"note": mention.note}]}, "")
    assert texts[note][0] == (
        "В Пекине в 1860 г. были подписаны и другие договоры; здесь имеется в виду договор с Россией."
    )


def test_dates_come_along_in_each_language(atlas):
    assert date_texts(atlas)["14 November 1860"][:2] == ["14 ноября 1860\xa0г.", "1860年11月14日"]


def divided(content, texts, languages=tuple(LANGS)):
    return divide_texts({"article": {}} | content, texts, languages)


def test_a_long_text_stands_once_and_elsewhere_by_its_number():
    long, short = "a text that is long enough", "short"
    texts = {long: ["длинно", "长", "長"], short: ["кратко", "短", "短"]}
    content, blocks = divided({"a": [{"note": long, "word": short}], "b": {"c": "another"}, "n": 3}, texts)
    assert (content["a"], content["b"], content["n"]) == (
        [{"note": {"say": 0}, "word": short}],
        {"c": "another"},
        3,
    )
    assert (content["texts"], blocks["phrases"]) == ([long], [short])
    assert blocks["ru"]["said"] == ["длинно", "кратко"]
    assert blocks["zh-Hans"]["said"] == ["长", "短"]
    assert blocks["zh-Hant"]["letters"] == ["长", "長"]
    assert blocks["zh-Hant"]["said"]["said"] == [SAME, SAME]


def test_records_whose_notes_are_all_long_come_back_from_their_columns():
    notes = [f"a note that is long enough, {n}" for n in range(3)]
    content, _ = divided(
        {"a": [{"note": note, "n": 1} for note in notes]}, {note: ["", "", ""] for note in notes}
    )
    assert read_content(content | {"sources": {}})["a"] == [{"note": note, "n": 1} for note in notes]


def test_a_page_in_english_alone_carries_no_block_and_each_long_text_once():
    long = "a text that is long enough"
    content, blocks = divided({"a": [long, long]}, {long: ["длинно", "长", "長"]}, ("en",))
    assert (content["a"], blocks, content["texts"]) == ([{"say": 0}, {"say": 0}], {}, [long])
    assert content["carried"] == ["en"]


def test_a_page_carries_only_the_languages_asked_for_and_one_chinese_script_by_itself_whole():
    _, blocks = divided({}, {"short": ["кратко", "短", "短"]}, ("en", "zh-Hant"))
    assert set(blocks) == {"phrases", "zh-Hant"}
    assert (blocks["zh-Hant"]["said"], "like" in blocks["zh-Hant"]) == (["短"], False)


def test_the_tour_and_the_account_in_other_languages_travel_with_them():
    said = {lang: f"{lang}!" for lang in LANGS}
    tour = {"title": said, "steps": [{"title": said, "text": {"en": "x"}, "id": "a"}]}
    content, blocks = divided({"article": {"texts": {"ru": 1}, "lang": "en"}, "tour": tour}, {})
    english = {"en": "en!"}
    assert content["tour"] == {
        "title": english,
        "steps": [{"title": english, "text": {"en": "x"}, "id": "a"}],
    }
    assert content["article"] == {"lang": "en"}
    assert (blocks["ru"]["tour"], blocks["ru"]["telling"]) == (["ru!", "ru!", ""], 1)
    assert tour["title"] is said  # what was given stays as it is


TREES = st.recursive(
    st.text(st.characters(exclude_characters=SAME), max_size=4) | st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)


@settings(max_examples=50)
@given(TREES, TREES)
def test_letters_that_are_the_same_beside_come_back(value, other):
    assert whole(unlike(value, other), other) == value


@pytest.mark.parametrize("encoding", [*ENCODINGS.values(), "utf-8"])
def test_what_an_encoding_lacks_comes_back_from_a_packed_block(encoding):
    said = ["Хабаровск «伯力»", "哈巴羅夫斯克（伯力）", "\x7f🗺 </script> ₂ ё"]
    packed = packed_block(said, encoding)
    assert json.loads(zlib.decompress(base64.b64decode(packed)).decode(encoding)) == said
    assert re.fullmatch(r"[\w+/]*={0,2}", packed, re.ASCII)


@pytest.mark.parametrize(
    ("asked", "found"), [("en", ("en",)), ("ru,en", ("en", "ru")), (" zh-Hant , ru", ("ru", "zh-Hant"))]
)
def test_languages_are_named_in_any_order(asked, found):
    assert parse_languages(asked) == found


@pytest.mark.parametrize("asked", ["de", "", "en,", "ru;en", "<b>" * 50])
def test_an_unknown_language_is_refused_in_a_sentence_that_lists_the_known(asked):
    with pytest.raises(ExportError, match=r"the languages are en, ru, zh-Hans, zh-Hant$") as caught:
        parse_languages(asked)
    assert len(str(caught.value)) < 120


def test_what_no_catalogue_has_is_left_out():
    found = texts_of(["a", "b"], {"ru": {"a": ("а",)}, "zh-Hans": {"b": ("一", "二")}})
    assert found == {"a": ["а", "", ""], "b": ["", ["一", "二"], ""]}


def test_the_interface_in_english_leaves_every_phrase_as_it_is():
    assert interface("en").say("Close the card") == "Close the card"
    assert interface("ru").lang == "ru"
