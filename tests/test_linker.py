import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo.article import Article, FurnitureRule, Passage, read_article
from geo.gazetteer import Gazetteer, Place, Toponym
from geo.linker import Cue, Ending, Linker, LinkName, Phrase
from geo.linker.lexicon import fold

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
    "vladivostok": ("Vladivostok", "Haishenwai", "Владивосток", "符拉迪沃斯托克", "海参崴"),
    "ussuriysk": ("Ussuriysk", "Уссурийск", "双城子"),
    "khabarovsk": ("Khabarovsk", "Хабаровск", "伯力", "Боли", "Niè'ěr"),
    "blagoveshchensk": ("Blagoveshchensk", "Благовещенск"),
    "sakhalin": ("Sakhalin", "Сахалин", "萨哈林岛", "库页岛"),
    "nerchinsk": ("Nerchinsk", "Нерчинск"),
    "nikolayevsk-on-amur": ("Nikolayevsk-on-Amur", "Nikolayevsk", "Николаевск-на-Амуре"),
    "stanovoy-range": ("Stanovoy Range", "Становой хребет"),
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
        lang="ru" if "а" <= form[-1] <= "я" else "en",
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
CUES = shipped("cues.csv", Cue)
ENDINGS = shipped("endings.csv", Ending)
LINKER = Linker(GAZETTEER, PHRASES, cues=CUES, endings=ENDINGS)


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
        ("The New York Times", ("New York Times", "part-of-name", ())),
        ("the Vladivostok region", ("Vladivostok region", "area", ("ussuri-coast",))),
        ("Moscow", ("Moscow", "government", ())),
        ("Beijing", ("Beijing", "government", ())),
        ("Peking", ("Peking", "government", ())),
        ("Kremlin", ("Kremlin", "government", ())),
        ("China’s Ministry of Natural Resources", ("Ministry of Natural Resources", "government", ())),
        ("the 2023 map rule", ("2023 map rule", "act", ("map-rule-2023",))),
        ("Айгунского договора", (None, "act", ("aigun-1858",))),
        ("Пекинский договор", (None, "act", ("peking-1860",))),
        ("во Владивостоке", ("Владивостоке", "place", ("vladivostok",))),
        ("《北京条约》", ("北京条约", "act", ("peking-1860",))),
        ("北京條約", (None, "act", ("peking-1860",))),
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


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "government"},
        {"type": "part-of-name"},
        {"type": "none"},
        {"type": "act", "targets": ""},
        {"type": "place", "targets": ""},
        {"type": "place", "count": "rest"},
    ],
)
def test_a_phrase_whose_type_and_targets_do_not_fit_is_refused(changes):
    with pytest.raises(ValidationError, match=r"targets|points at|count"):
        phrase("town", **changes)


@pytest.mark.parametrize("form", ["a| b", "{m} towns", "{n} of {n}", "{n{n}}", "a|b " * 12])
def test_a_phrase_that_is_not_well_formed_is_refused(form):
    with pytest.raises(ValidationError):
        phrase(form)


def test_a_number_in_a_language_without_numerals_is_refused():
    with pytest.raises(ValidationError, match="numerals"):
        phrase("{n} miast", lang="pl")


def cue(**changes):
    row = dict.fromkeys(("before", "after", "near", "targets", "note"), "")
    return Cue.model_validate(
        {**row, "id": "c", "of": "sakhalin", "type": "none", "confidence": 1, **changes}
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "always hold"),
        ({"near": "gas", "of": ""}, "column of"),
        ({"near": "*"}, "letters"),
        ({"near": "g*s"}, "letters"),
        ({"near": "gas", "type": "act"}, "name the act"),
        ({"near": "gas", "type": "government", "targets": "x"}, "empty"),
    ],
)
def test_a_cue_that_is_not_well_formed_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        cue(**changes)


@pytest.mark.parametrize(
    ("condition", "held", "failed"),
    [
        ({"before": "off"}, "off “Sakhalin”", "off and Sakhalin"),
        ({"before": "well off"}, "well off the Sakhalin", "off Sakhalin"),
        ({"before": "off"}, "off the Sakhalin", "Off. The Sakhalin"),
        ({"after": "gas field*"}, "Sakhalin gas fields", "Sakhalin field gas"),
        ({"after": "'s"}, "Sakhalin’s", "Sakhalins’ Sakhalin"),
        ({"near": "gas*"}, "gaseous Sakhalin", "Gas! Sakhalin"),
        ({"near": "much gas"}, "Sakhalin has much GAS", "Sakhalin has gas, much"),
        ({"near": "天然气"}, "库页岛的天然气", "天然气。库页岛"),
        ({"before": "在"}, "在《库页岛》", "在他库页岛"),
        ({"after": "的气"}, "库页岛的气", "库页岛有的气"),
        ({"before": "off", "near": "gas"}, "off Sakhalin: gas", "off Sakhalin"),
    ],
)
def test_a_cue_holds_where_all_its_words_stand_in_the_sentence(condition, held, failed):
    linker = Linker(GAZETTEER, (), cues=[cue(**condition)])
    assert linked(held, linker) == []
    assert [targets for _, _, targets in linked(failed, linker)] == [("sakhalin",)]


def test_a_cue_names_itself_its_words_and_its_reason():
    row = cue(id="gas", near="gas*", type="part-of-name", note="A company.", confidence=0.7)
    (found,) = Linker(GAZETTEER, (), cues=[row]).mentions(article("Sakhalin Gasprom"))
    assert (found.rule, found.note, found.confidence) == ("gas", "A company.", 0.7)
    assert found.evidence == "“Gasprom” in the same sentence"


def test_of_two_cues_that_hold_the_first_of_the_table_decides():
    rows = [cue(id="a", near="gas", type="government"), cue(id="b", before="off", type="not-a-place")]
    for table, expected in ((rows, "government"), (rows[::-1], "not-a-place")):
        assert linked("off Sakhalin gas", Linker(GAZETTEER, (), cues=table)) == [("Sakhalin", expected, ())]


def test_words_far_away_in_an_endless_sentence_decide_nothing():
    linker = Linker(GAZETTEER, (), cues=[cue(near="gas")])
    assert linked("gas " + "and " * 100 + "Sakhalin", linker) == [("Sakhalin", "place", ("sakhalin",))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nikolayevsk on the Volga", ("Nikolayevsk", "place", ())),
        ("to Sakhalin from Nikolayevsk", ("Nikolayevsk", "place", ("nikolayevsk-on-amur",))),
        ("в Николаевске на Волге", ("Николаевске", "place", ())),
        ("Blagoveshchensk in Bashkortostan", ("Blagoveshchensk", "place", ())),
        ("Благовещенск в Башкирии", ("Благовещенск", "place", ())),
        ("the Treaty of Peking", ("Treaty of Peking", "act", ("peking-1860",))),
        ("the Anglo-Chinese Convention of Peking", ("Convention of Peking", "part-of-name", ())),
        ("the treaties of Aigun and Peking", ("Peking", "act", ("peking-1860",))),
        ("Айгунский и Пекинский договоры", ("Пекинский", "act", ("peking-1860",))),
        ("Treaty of St Petersburg, 1875", ("Treaty of St Petersburg", "act", ("st-petersburg-1875",))),
        ("Treaty of St Petersburg on Ili", ("Treaty of St Petersburg", "part-of-name", ())),
        ("the New York Times", ("New York Times", "part-of-name", ())),
        ("the Moscow Times", ("Moscow Times", "part-of-name", ())),
        ("Moscow warned them", ("Moscow", "government", ())),
        ("Beijing’s answer", ("Beijing", "government", ())),
        ("They met in Beijing", ("Beijing", "place", ())),
        ("She flew to Moscow", ("Moscow", "place", ())),
        ("They reported to Moscow", ("Moscow", "government", ())),
        ("The step was seen in Moscow as a hint", ("Moscow", "government", ())),
        ("This was interpreted in Beijing as weakness", ("Beijing", "government", ())),
        ("В Москве заявили протест", ("Москве", "government", ())),
        ("Он жил в Москве", ("Москве", "place", ())),
        ("北京表示不满", ("北京", "government", ())),
        ("他到北京去", ("北京", "place", ())),
        ("the Kremlin’s towers", ("Kremlin", "place", ())),
        ("Khabarovsk Krai", ("Khabarovsk Krai", "area", ())),
        ("in Khabarovsk", ("Khabarovsk", "place", ("khabarovsk",))),
        ("Хабаровского края", ("Хабаровского края", "area", ())),
        ("хабаровский вокзал", ("хабаровский", "place", ("khabarovsk",))),
        ("the Amur is frozen", ("Amur", "place", ())),
        ("Amur Oblast", ("Amur Oblast", "area", ("amur-left-bank",))),
        ("the hockey team Amur", ("Amur", "part-of-name", ())),
        ("Amur Khabarovsk", ("Amur Khabarovsk", "part-of-name", ())),
        ("«Амур» проиграл матч", ("Амур", "part-of-name", ())),
        ("на Амуре", ("Амуре", "place", ())),
        ("Амурской области", ("Амурской области", "area", ("amur-left-bank",))),
        ("冰球队“阿穆尔”", ("阿穆尔", "part-of-name", ())),
        ("黑龙江省", ("黑龙江省", "area", ())),
        ("Сахалинский залив", ("Сахалинский залив", "part-of-name", ())),
        ("the steamer Khabarovsk", ("Khabarovsk", "part-of-name", ())),
        ("Боли в спине", ("Боли", "not-a-place", ())),
        ("от зубной боли", ("боли", "not-a-place", ())),
        ("китайское имя – Боли", ("Боли", "place", ("khabarovsk",))),
        ("Boli county", ("Boli", "place", ())),
        ("Marshal Voroshilov", ("Voroshilov", "not-a-place", ())),
        ("the station of Voroshilov, 1936", ("Voroshilov", "not-a-place", ())),
        ("a train to Voroshilov", ("Voroshilov", "place", ("ussuriysk",))),
        ("в Ворошилове", ("Ворошилове", "place", ("ussuriysk",))),
        ("南库页归日本", ("南库页", "area", ("sakhalin-south",))),
        ("山东北部", None),
        ("Manzhouli 满洲里", None),
    ],
)
def test_the_words_around_a_name_decide_what_it_is(text, expected):
    assert (linked(text)[-1:] or [None]) == [expected]


def test_what_points_at_nothing_gives_the_reason():
    texts = ("Nikolayevsk on the Volga", "the Amur", "met in Beijing", "Khabarovsk Krai", "Boli county")
    found = [mention for text in texts for mention in LINKER.mentions(article(text))]
    assert len(found) == len(texts)
    assert all(not mention.targets and mention.note for mention in found)


CASES = {
    "vladivostok": "Владивосток Владивостока Владивостоку Владивосток Владивостоком Владивостоке",
    "ussuriysk": "Уссурийск Уссурийска Уссурийску Уссурийск Уссурийском Уссурийске",
    "khabarovsk": "Хабаровск Хабаровска Хабаровску Хабаровск Хабаровском Хабаровске",
    "blagoveshchensk": "Благовещенск Благовещенска Благовещенску Благовещенск Благовещенском Благовещенске",
    "sakhalin": "Сахалин Сахалина Сахалину Сахалин Сахалином Сахалине",
    "nerchinsk": "Нерчинск Нерчинска Нерчинску Нерчинск Нерчинском Нерчинске",
    "nikolayevsk-on-amur": "Николаевск-на-Амуре Николаевска-на-Амуре Николаевску-на-Амуре "
    "Николаевск-на-Амуре Николаевском-на-Амуре Николаевске-на-Амуре",
    "stanovoy-range": "Становой_хребет Станового_хребта Становому_хребту Становой_хребет "
    "Становым_хребтом Становом_хребте",
}


@pytest.mark.parametrize("place", CASES)
def test_the_eight_places_are_found_in_each_of_the_six_cases(place):
    forms = CASES[place].replace("_", "\xa0").split(" ")
    assert len(forms) == 6
    assert linked("; ".join(forms)) == [(form, "place", (place,)) for form in forms]


@pytest.mark.parametrize(
    "text",
    ["Nikolayevsk on Amur", "NIKOLAYEVSK–ON–AMUR", "Nikolayevsk\u2011on\u2011Amur", "Nikolayevsk-on-Amur"],
)
def test_hyphens_spaces_and_capitals_make_no_other_name(text):
    assert linked(f"at {text}.") == [(text, "place", ("nikolayevsk-on-amur",))]


@pytest.mark.parametrize(
    "text",
    [
        "符拉迪沃斯托克（海参崴）",
        "海参崴(符拉迪沃斯托克)",
        "Vladivostok (Haishenwai)",
        "Владивосток (Haishenwai)",
    ],
)
def test_a_name_and_another_of_the_same_place_in_brackets_are_one_mention(text):
    (found,) = LINKER.mentions(article(f"x {text}, y"))
    assert (found.exact, found.targets) == (text, ("vladivostok",))
    assert "brackets" in found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "Vladivostok (Khabarovsk)",
        "Vladivostok (the Haishenwai)",
        "Vladivostok (Haishenwai, Boli)",
        "Vladivostok (",
    ],
)
def test_brackets_that_hold_something_else_join_nothing(text):
    assert all("(" not in exact for exact, _, _ in linked(text))


def test_a_longer_name_that_does_not_fit_hides_no_shorter_one():
    names = [LinkName(form, "en", form.lower().replace(" ", "-")) for form in ("New York", "New York Bay")]
    names += [LinkName("York Baywater", "en", "b"), LinkName("Bayw", "en", "w")]
    linker = Linker(Gazetteer((), ()), (), names)
    assert linked("New York Bayes", linker) == [("New York", "place", ("new-york",))]
    assert linked("New York Bay", linker) == [("New York Bay", "place", ("new-york-bay",))]
    assert linked("Amur, Амурского края", LINKER)[-1:] == [("Амурского", "place", ())]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Nerchinsk and Khabarovsk grew. These towns were rich.", ("khabarovsk", "nerchinsk")),
        ("Vladivostok, Khabarovsk: these cities", ("vladivostok", "khabarovsk")),
        ("Владивосток и Хабаровск растут. Об этих городах говорят.", ("vladivostok", "khabarovsk")),
        ("海参崴和伯力，这些城市", ("vladivostok", "khabarovsk")),
        (
            "Vladivostok, Khabarovsk and Nerchinsk: these three towns",
            ("vladivostok", "khabarovsk", "nerchinsk"),
        ),
        ("Vladivostok and Khabarovsk: these three towns", ()),
        ("除海参崴以外，其余七处", EIGHT[1:]),
        ("八个地名", EIGHT),
    ],
)
def test_a_collective_stands_for_the_places_it_means(text, targets):
    *_, found = LINKER.mentions(article(text))
    assert (found.type, found.targets) == ("group", targets)


@pytest.mark.parametrize(
    "text", ["These towns.", "Vladivostok. These towns.", "Sakhalin, Nerchinsk. No. These towns"]
)
def test_these_towns_are_no_mention_where_no_list_stands_before(text):
    assert not [kind for _, kind, _ in linked(text) if kind == "group"]


def test_a_list_does_not_reach_into_the_passage_before():
    found = LINKER.mentions(article("Vladivostok and Khabarovsk.", "These towns."))
    assert [mention.type for mention in found] == ["place", "place"]


def test_names_of_a_readers_own_are_found_in_their_cases_and_ours_go_first():
    names = [
        LinkName("Большой Уссурийский остров", "ru", "mine"),
        LinkName("Старая Ладога", "ru", "ladoga", confidence=0.6),
        LinkName("Khabarovsk", "en", "mine"),
    ]
    linker = Linker(GAZETTEER, (), names, endings=ENDINGS)
    assert linked("на Большом Уссурийском острове, из Старой Ладоги, Khabarovsk", linker) == [
        ("Большом Уссурийском острове", "place", ("mine",)),
        ("Старой Ладоги", "place", ("ladoga",)),
        ("Khabarovsk", "place", ("khabarovsk",)),
    ]
    assert linker.mentions(article("Старую Ладогу"))[0].confidence == 0.6


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Treaty of Shimoda", "shimoda-1855"),
        ("Симодского трактата", "shimoda-1855"),
        ("Хабаровском протоколе", "khabarovsk-1929"),
        ("尼布楚條約", "nerchinsk-1689"),
        ("伯力会议议定书", "khabarovsk-1929"),
    ],
)
def test_the_names_of_acts_are_found_as_the_data_writes_them(atlas, text, act):
    assert linked(f"– {text} –", atlas.linker) == [(text, "act", (act,))]


def test_our_own_words_for_a_deed_are_not_sought(atlas):
    (deed,) = (act.name_en for act in atlas.acts if act.id == "sakhalin-1905")
    assert [kind for _, kind, _ in linked(deed, atlas.linker)] == ["place"]


def test_the_linker_of_the_atlas_takes_more_names(atlas):
    linker = atlas.linker_with([LinkName("Албазин", "ru", "albazin")])
    assert linked("от Албазина до Нерчинска", linker) == [
        ("Албазина", "place", ("albazin",)),
        ("Нерчинска", "place", ("nerchinsk",)),
    ]


UNFOUND = {
    "The land from there to the sea",
    "three of the eight",
    "its south",
    "Shimoda",
    "St Petersburg",
    "Portsmouth",
}
"""What only a person sees in the account."""


def test_the_curated_mentions_of_the_account_are_found_but_those_that_only_a_person_sees(atlas):
    found = {
        (m.passage, m.start, m.end, m.type, frozenset(m.targets))
        for m in atlas.linker.mentions(atlas.account)
    }
    missed = [
        m.exact
        for m in atlas.annotations
        if (m.passage, m.start, m.end, m.type, frozenset(m.targets)) not in found
    ]
    assert set(missed) == UNFOUND
    assert len(missed) == len(UNFOUND)


@pytest.mark.parametrize("form", ["", " ", "–", "(-)", "…"])
def test_a_name_without_a_letter_is_found_nowhere(form):
    linker = Linker(Gazetteer((), ()), (), [LinkName(form, "und", "x")])
    assert linked("One – two (-) three…", linker) == []


def test_folding_keeps_the_place_of_every_character():
    everything = "".join(map(chr, range(0x110000)))
    assert len(fold(everything)) == len(everything)
    assert len(fold("ΑΣ Σ")) == 4


def test_a_text_longer_than_a_piece_is_read_as_one():
    gap = 2**18
    for start in (gap - 12, gap - 5, gap - 1, gap, gap + 1):
        text = " " * start + "Vladivostok" + " " * 30 + "Vladivostokers Khabarovsk"
        assert [(one.start, one.end) for one in LINKER.find(text)] == [
            (start, start + 11),
            (start + 56, start + 66),
        ]


SNIPPETS = st.sampled_from(
    [
        "Vladivostok ",
        " (Haishenwai)",
        "Treaty of Peking",
        "Амурского",
        "эти города",
        "боли",
        "met in Beijing",
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


@given(st.lists(st.one_of(st.text(max_size=8), SNIPPETS), min_size=1).map("".join))
def test_linking_again_gives_the_same_and_an_unrelated_sentence_changes_nothing(text):
    found = LINKER.mentions(article(text))
    assert LINKER.mentions(article(text)) == found
    assert LINKER.mentions(article(text + "\nNothing more was said.")) == found
    assert LINKER.mentions(article("Nothing was said.", text))[: len(found)] == tuple(
        replace(mention, passage="p2") for mention in found
    )


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
    assert types["New York Times"] == "part-of-name"
    assert {types[name] for name in ("Moscow", "Beijing", "Kremlin")} == {"government"}
    assert not any(m.targets for m in found if m.type in ("government", "part-of-name", "not-a-place"))


def test_nothing_is_linked_in_the_buttons_and_the_comment_of_the_pasted_page(pasted):
    page, found = pasted
    outside = {passage.id for passage in page.passages if passage.kind in ("furniture", "comment")}
    assert outside
    assert not outside & {mention.passage for mention in found}
