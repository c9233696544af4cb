from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.linker import Ending
from geo.linker.inflection import Inflector
from geo.reading import DATA_DIR

with (DATA_DIR / "linking" / "endings.csv").open(encoding="utf-8", newline="") as file:
    ENDINGS = [Ending.model_validate(row) for row in csv.DictReader(file)]
INFLECTOR = Inflector(ENDINGS)


def forms(name, lang="ru"):
    return INFLECTOR.forms(name, lang)[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Хабаровка", "Хабаровки Хабаровке Хабаровку Хабаровкой"),
        ("Елец", "Ельца Ельцу Ельцом Ельце"),
        ("Китай", "Китая Китаю Китаем Китае"),
        ("Кремль", "Кремля Кремлю Кремлем Кремле"),
        ("Сибирь", "Сибири Сибирью"),
        ("Маньчжурия", "Маньчжурии Маньчжурию Маньчжурией"),
        ("Приморье", "Приморья Приморью Приморьем"),
        ("Никольское", "Никольского Никольскому Никольским Никольском"),
        ("Становой хребет", "Станового_хребта Становому_хребту Становым_хребтом Становом_хребте"),
        ("Усть-Зейский пост", "Усть-Зейского_поста Усть-Зейскому_посту Усть-Зейским_постом"),
        ("Никольск-Уссурийский", "Никольска-Уссурийского Никольску-Уссурийскому Никольске-Уссурийском"),
        ("Николаевск-на-Амуре", "Николаевска-на-Амуре Николаевском-на-Амуре"),
        ("Ростов-на-Дону", "Ростова-на-Дону Ростову-на-Дону"),
        ("Большой Уссурийский остров", "Большого_Уссурийского_острова Большом_Уссурийском_острове"),
        ("остров Сахалин", "острова_Сахалин острова_Сахалина острове_Сахалине"),
        ("Курильские острова", "Курильских_островов Курильским_островам Курильскими_островами"),
        ("Внешняя Маньчжурия", "Внешней_Маньчжурии Внешнюю_Маньчжурию"),
        ("Владивостокские новости", "Владивостокских_новостей Владивостокским_новостям"),
        ("ТАЙША", "ТАЙШЫ ТАЙШЕ ТАЙШУ"),
    ],
)
def test_a_name_takes_the_forms_of_its_cases_and_its_parts_agree(name, expected):
    assert {form.replace("_", " ") for form in expected.split()} <= set(forms(name))


@pytest.mark.parametrize("name", ["Хайланьпао", "Шуанчэнцзы", "Боли", "Токио", "Уссури"])
def test_a_name_that_does_not_change_is_left_alone(name):
    assert not [form for form in forms(name) if form.startswith(name[:-1])]


@pytest.mark.parametrize(
    ("name", "lang"), [("Vladivostok", "en"), ("Vladivostok", "ru"), ("Дунав", "bg"), ("", "ru")]
)
def test_other_names_than_russian_ones_have_no_other_forms(name, lang):
    assert INFLECTOR.forms(name, lang) == ([], [])


def test_a_name_of_unknown_language_in_russian_letters_changes():
    assert "Албазина" in forms("Албазин", "und")


def test_a_town_makes_adjectives_of_all_genders_and_cases():
    _, adjectives = INFLECTOR.forms("Хабаровск", "ru")
    assert {"хабаровский", "хабаровская", "хабаровской", "хабаровскую", "хабаровское", "хабаровских"} <= set(
        adjectives
    )
    assert INFLECTOR.forms("Становой хребет", "ru")[1] == []


def test_a_short_name_makes_no_adjective_that_is_a_word_of_its_own():
    assert INFLECTOR.forms("Минск", "ru")[1]
    assert INFLECTOR.forms("Омск", "ru")[1] == []


def test_without_a_table_nothing_changes():
    assert Inflector(()).forms("Хабаровск", "ru") == ([], [])


@pytest.mark.parametrize("row", ENDINGS, ids=lambda row: f"{row.gender} {row.ending}")
def test_each_row_of_the_shipped_table_decides_its_example(row):
    name = f"Южные {row.example}" if (row.kind, row.gender) == ("noun", "p") else row.example
    without = Inflector([other for other in ENDINGS if other is not row])
    assert without.forms(name, "ru") != INFLECTOR.forms(name, "ru")


@given(st.text(alphabet="абвгийкльнорскуяыь -", max_size=40))
def test_forms_of_any_name_are_few_and_none_is_the_name_itself(name):
    found, adjectives = INFLECTOR.forms(name, "ru")
    assert name not in found
    assert len(found) == len(set(found))
    assert len(found) + len(adjectives) < 2000
