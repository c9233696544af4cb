import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo.article import Article, FurnitureRule, Passage, read_article
from geo.gazetteer import Gazetteer, Place, Toponym
from geo.linker import Linker, Phrase

REPOSITORY = Path(__file__).parents[1]
PASTED = REPOSITORY.parent / "shared" / "article" / "original_page.txt"
EIGHT = (
    "vladivostok",
    "ussuriysk",
    "khabarovsk",
    "blagoveshchensk",
    "sakhalin",
    "nerchinsk",
    "nikolayevsk-on-amur",
    "stanovoy-range",
)
NAMES = {
    "vladivostok": ("Vladivostok", "Владивосток", "海参崴"),
    "ussuriysk": ("Ussuriysk", "Уссурийск", "双城子"),
    "khabarovsk": ("Khabarovsk", "Хабаровск", "伯力", "Niè'ěr"),
    "blagoveshchensk": ("Blagoveshchensk",),
    "sakhalin": ("Sakhalin", "Сахалин", "库页岛"),
    "nerchinsk": ("Nerchinsk", "Нерчинск"),
    "nikolayevsk-on-amur": ("Nikolayevsk-on-Amur", "Nikolayevsk"),
    "stanovoy-range": ("Stanovoy Range",),
}


def place(name, number):
    given = {"id": name, "number": number, "kind": "town", "lon": 132, "lat": 43, "act": "peking-1860"}
    blank = ("features", "within", "founded", "founded_note", "population_citations", "geonames", "wikidata")
    sure = {"population_2021": 1, "act_note": "x", "certainty": "certain", "citations": "a"}
    return Place.model_validate({**given, **dict.fromkeys(blank, ""), **sure})


def toponym(name, form):
    return Toponym(
        place=name,
        form=form,
        lang="en",
        kind="official",
        dates="",
        note="",
        certainty="certain",
        citations="a",
    )


GAZETTEER = Gazetteer(
    tuple(place(name, number) for number, name in enumerate(EIGHT, 1)),
    tuple(toponym(name, form) for name, forms in NAMES.items() for form in forms),
)


def shipped(file, model):
    with (REPOSITORY / "data" / "linking" / file).open(encoding="utf-8", newline="") as rows:
        return [model.model_validate(row) for row in csv.DictReader(rows)]


PHRASES = shipped("phrases.csv", Phrase)
LINKER = Linker(GAZETTEER, PHRASES)


def article(*texts, kind="text"):
    return Article("", "en", tuple(Passage(f"p{n}", kind, text) for n, text in enumerate(texts, 1)))


def linked(text, linker=LINKER):
    return [(m.exact, m.type, m.targets) for m in linker.mentions(article(text))]


def phrase(form, **changes):
    row = {
        "id": "a",
        "form": form,
        "lang": "en",
        "type": "area",
        "targets": "x",
        "confidence": "1",
        "note": "",
    }
    return Phrase.model_validate({**row, **changes})


def test_a_name_is_linked_to_its_place_with_offsets_in_its_passage():
    found = LINKER.mentions(article("Nothing.", "Off to Khabarovsk’s port."))
    assert [(m.passage, m.start, m.end, m.exact, m.rule) for m in found] == [
        ("p2", 7, 17, "Khabarovsk", "name")
    ]
    assert found[0].targets == ("khabarovsk",)


@pytest.mark.parametrize("text", ["Vladivostokian", "NewVladivostok", "Vladivostok2", "vladivostok"])
def test_a_name_inside_a_word_or_written_small_is_no_place(text):
    assert linked(text) == []


@pytest.mark.parametrize(
    "text",
    ["VLADIVOSTOK", "(Vladivostok)", "“Vladivostok”", "Vladivostok-based", "Vladivostok's", "ВЛАДИВОСТОК"],
)
def test_capitals_quotes_and_hyphens_do_not_hide_a_name(text):
    assert [targets for _, _, targets in linked(text)] == [("vladivostok",)]


def test_chinese_names_need_no_boundary():
    assert linked("他去了海参崴和伯力Khabarovsk") == [
        ("海参崴", "place", ("vladivostok",)),
        ("伯力", "place", ("khabarovsk",)),
        ("Khabarovsk", "place", ("khabarovsk",)),
    ]


def test_offsets_hold_where_folding_lengthens_the_text():
    found = LINKER.mentions(article("ßßİ ﬃ 𠀀 Niè’ěr und Vladivostok"))
    assert [(m.exact, m.start) for m in found] == [("Niè’ěr", 8), ("Vladivostok", 19)]


@pytest.mark.parametrize(
    "form", ["1860 Treaty of Peking", "Treaty of Peking", "Convention of Peking", "Beijing Treaty"]
)
def test_peking_in_the_name_of_a_treaty_is_the_act(form):
    assert linked(f"The {form} moved it.") == [(form, "act", ("peking-1860",))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Treaty of Aigun", ("Treaty of Aigun", "act", ("aigun-1858",))),
        ("Treaty of Nerchinsk", ("Treaty of Nerchinsk", "act", ("nerchinsk-1689",))),
        ("nineteenth‑century border treaties", (None, "act", ("aigun-1858", "peking-1860"))),
        ("The New York Times", ("New York Times", "not-a-place", ())),
        ("the Vladivostok region", ("Vladivostok region", "area", ("ussuri-coast",))),
        ("Moscow", ("Moscow", "government", ())),
        ("Beijing", ("Beijing", "government", ())),
        ("Peking", ("Peking", "government", ())),
        ("Kremlin", ("Kremlin", "government", ())),
        ("China’s Ministry of Natural Resources", (None, "government", ())),
        ("the 2023 map rule", ("2023 map rule", "act", ("map-rule-2023",))),
        ("Айгунского договора", (None, "act", ("aigun-1858",))),
        ("Пекинский договор", (None, "act", ("peking-1860",))),
        ("во Владивостоке", ("Владивостоке", "place", ("vladivostok",))),
        ("《北京条约》", ("北京条约", "act", ("peking-1860",))),
        ("尼布楚條約", (None, "act", ("nerchinsk-1689",))),
        ("莫斯科", (None, "government", ())),
    ],
)
def test_phrases_mean_what_they_say(text, expected):
    (found,) = linked(text)
    assert found[1:] == expected[1:]
    assert found[0] == (expected[0] or text)


@pytest.mark.parametrize("text", ["Russian Far East", "Far East"])
def test_the_far_east_points_at_the_land_that_moved_and_says_how_loose_it_is(text):
    (found,) = LINKER.mentions(article(text))
    assert (found.exact, found.type) == (text, "area")
    assert {"ussuri-coast", "amur-left-bank"} <= set(found.targets)
    assert found.note
    assert linked(text.lower()) == []


def test_nikolayevsk_alone_is_less_sure_than_with_the_amur():
    (alone,) = LINKER.mentions(article("Nikolayevsk"))
    (full,) = LINKER.mentions(article("Nikolayevsk-on-Amur"))
    assert alone.targets == full.targets
    assert alone.confidence < full.confidence
    assert "Volga" in alone.note


@pytest.mark.parametrize(
    "text",
    [
        "Vladivostok and seven other towns",
        "Vladivostok, and 7 other places",
        "Владивосток и ещё семь городов",
    ],
)
def test_seven_other_places_are_the_eight_without_the_one_named_before(text):
    *_, found = LINKER.mentions(article(f"Sakhalin is an island. {text}"))
    assert (found.type, found.targets) == ("group", EIGHT[1:])
    assert "eight places" in found.note


def test_a_chinese_count_is_a_group_too():
    assert linked("海参崴和其他七个城市")[-1] == ("其他七个城市", "group", EIGHT[1:])


@pytest.mark.parametrize(
    "text",
    [
        "Seven other cities followed.",
        "Vladivostok, Khabarovsk and seven other cities",
        "Vladivostok fell. Then seven other cities",
        "the Vladivostok region and seven other cities",
    ],
)
def test_a_count_that_does_not_come_out_right_points_at_nothing_and_says_so(text):
    *_, found = LINKER.mentions(article(text))
    assert (found.type, found.targets) == ("group", ())
    assert "counts 7" in found.note


def test_an_abbreviation_ends_no_sentence_and_a_place_named_twice_counts_once():
    *_, found = LINKER.mentions(
        article("Vladivostok by St. George, i.e. Vladivostok, and seven other cities")
    )
    assert found.targets == EIGHT[1:]


def test_a_count_does_not_reach_into_the_passage_before():
    *_, found = LINKER.mentions(article("Vladivostok", "and seven other cities"))
    assert found.targets == ()


def test_eight_places_are_all_eight():
    assert linked("the eight places") == [("eight places", "group", EIGHT)]


def test_nothing_is_linked_in_furniture_and_comments():
    assert LINKER.mentions(article("Vladivostok", kind="furniture")) == ()
    assert LINKER.mentions(article("Vladivostok", kind="comment")) == ()
    assert len(LINKER.mentions(article("Vladivostok", kind="heading"))) == 1


def test_a_name_that_two_places_bear_points_at_both_with_less_trust():
    names = (toponym("khabarovsk", "Boli"), toponym("sakhalin", "BOLI"), toponym("sakhalin", "Sakhalin"))
    boli, sakhalin = Linker(Gazetteer(GAZETTEER.places, names), ()).mentions(article("Boli, Sakhalin"))
    assert boli.targets == ("khabarovsk", "sakhalin")
    assert boli.confidence < sakhalin.confidence
    assert boli.note


def test_names_are_no_patterns():
    bait = Gazetteer(GAZETTEER.places, (toponym("sakhalin", "(a+)+$"), toponym("sakhalin", "[Z]")))
    assert linked("aaaa (a+)+$ Z [Z]", Linker(bait, ())) == [
        ("(a+)+$", "place", ("sakhalin",)),
        ("[Z]", "place", ("sakhalin",)),
    ]


def test_a_linker_without_names_finds_nothing():
    assert Linker(Gazetteer((), ()), ()).mentions(article("Vladivostok")) == ()


def test_a_phrase_stands_for_each_choice_of_its_words():
    assert set(phrase("old|new town").forms()) == {("old town", None), ("new town", None)}
    assert ("seven towns", 7) in set(phrase("{n} towns").forms())


@pytest.mark.parametrize("form", ["a| b", "{m} towns", "{n} of {n}", "{n{n}}", "a|b " * 12])
def test_a_phrase_that_is_not_well_formed_is_refused(form):
    with pytest.raises(ValidationError):
        phrase(form)


def test_a_number_in_a_language_without_numerals_is_refused():
    with pytest.raises(ValidationError, match="numerals"):
        phrase("{n} miast", lang="pl")


def test_no_form_of_the_shipped_phrases_stands_in_two_rows():
    forms = [form.casefold() for row in PHRASES for form, _ in row.forms()]
    assert len(forms) == len(set(forms))
    assert len({row.id for row in PHRASES}) == len(PHRASES)


SNIPPETS = st.sampled_from(
    [
        "Vladivostok",
        "Treaty of Peking",
        "seven other cities",
        "海参崴",
        "’s ",
        ". ",
        "İ",
        "ß",
        "\u0301",
        "-",
        "\x01",
    ]
)


@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=8), SNIPPETS), min_size=1).map("".join).filter(len), max_size=4
    )
)
def test_mentions_quote_their_passage_in_order_without_overlap(texts):
    text = article(*texts)
    found = LINKER.mentions(text)
    by_id = {passage.id: passage.text for passage in text.passages}
    for mention in found:
        assert mention.exact == by_id[mention.passage][mention.start : mention.end] != ""
    spots = [(int(m.passage[1:]), m.start, m.end) for m in found]
    for (passage, _, end), (other, start, _) in pairwise(spots):
        assert (passage, end) <= (other, start) or passage < other


@pytest.fixture(scope="module")
def pasted():
    if not PASTED.exists():
        pytest.skip("the pasted page is not kept in the repository")
    page = read_article(PASTED, shipped("furniture.csv", FurnitureRule))
    return page, LINKER.mentions(page)


def test_the_pasted_page_leads_to_all_eight_places(pasted):
    _, found = pasted
    reached = {
        target for mention in found if mention.type in ("place", "group") for target in mention.targets
    }
    assert reached == set(EIGHT)


def test_the_pasted_page_leads_to_the_treaty_and_the_tract_it_moved(pasted):
    _, found = pasted
    acts = [mention.targets for mention in found if mention.type == "act"]
    assert ("peking-1860",) in acts
    assert ("ussuri-coast",) in [mention.targets for mention in found if mention.type == "area"]


def test_the_pasted_page_has_no_city_in_a_newspaper_or_a_government(pasted):
    _, found = pasted
    types = {mention.exact: mention.type for mention in found}
    assert types["New York Times"] == "not-a-place"
    assert {types[name] for name in ("Moscow", "Beijing", "Kremlin")} == {"government"}
    assert not any(m.targets for m in found if m.type in ("government", "not-a-place"))


def test_nothing_is_linked_in_the_buttons_and_the_comment_of_the_pasted_page(pasted):
    page, found = pasted
    outside = {passage.id for passage in page.passages if passage.kind in ("furniture", "comment")}
    assert outside
    assert not outside & {mention.passage for mention in found}
