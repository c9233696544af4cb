from __future__ import annotations

import re

import pytest

from geo.gazetteer import Gazetteer, Site
from geo.view import LANGS

ORDER = (
    "vladivostok",
    "ussuriysk",
    "khabarovsk",
    "blagoveshchensk",
    "sakhalin",
    "nerchinsk",
    "nikolayevsk-on-amur",
    "stanovoy-range",
)


def test_the_places_stand_in_the_order_of_the_rule(atlas):
    assert atlas.place_ids == ORDER


@pytest.mark.parametrize(
    ("place", "lang", "name"),
    [
        ("vladivostok", "en", "Vladivostok"),
        ("vladivostok", "ru", "Владивосток"),
        ("vladivostok", "zh-Hans", "符拉迪沃斯托克（海参崴）"),
        ("khabarovsk", "zh-Hans", "哈巴罗夫斯克（伯力）"),
        ("khabarovsk", "zh-Hant", "哈巴羅夫斯克（伯力）"),
        ("vladivostok", "ja", "Vladivostok"),
        ("nowhere", "en", "nowhere"),
    ],
)
def test_a_place_is_named_as_the_rule_writes_it(atlas, place, lang, name):
    assert atlas.gazetteer.name(place, lang) == name


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("place", ORDER)
def test_every_place_has_a_name_of_its_own_in_every_language(atlas, place, lang):
    name = atlas.gazetteer.name(place, lang)
    assert name != place
    if lang != "en":
        assert name != atlas.gazetteer.name(place, "en")
    if lang.startswith("zh"):
        assert name.endswith("）")


def test_the_names_of_a_place_are_all_its_own(atlas):
    found = [name for place in ORDER for name in atlas.gazetteer.names_of(place)]
    assert found == list(atlas.gazetteer.names)
    assert atlas.gazetteer.names_of("nowhere") == ()


def test_no_place_says_one_name_twice_in_one_language_and_use(atlas):
    seen = [(name.place, name.form, name.lang, name.kind) for name in atlas.gazetteer.toponyms]
    assert len(seen) == len(set(seen))


HAN = re.compile(r"[\u3400-\u9fff]")
TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"


def test_every_han_form_has_a_reading_in_latin_letters_and_the_chinese_ones_have_tones(atlas):
    shown = [name for name in atlas.gazetteer.names if name.kind != "variant" and HAN.search(name.form)]
    assert len(shown) > 40
    for name in shown:
        readings = atlas.gazetteer.readings_of(name)
        assert {reading.lang for reading in readings} == {
            "ja-Latn" if name.lang == "ja" else "zh-Latn-pinyin"
        }, name.form
        if name.lang != "ja":
            assert all(set(reading.form.lower()) & set(TONES) for reading in readings), name.form


def test_a_disputed_reading_is_not_the_only_one(atlas):
    names = {name.form: name for name in atlas.gazetteer.names_of("vladivostok")}
    for form in ("海参崴", "海參崴"):
        found = atlas.gazetteer.readings_of(names[form])
        assert [(reading.form, reading.certainty) for reading in found] == [
            ("Hǎishēnwǎi", "disputed"),
            ("Hǎishēnwēi", "disputed"),
        ]


def test_what_only_says_how_a_name_is_pronounced_is_found_in_no_text(atlas):
    spoken = {name.form for name in atlas.gazetteer.toponyms} - {name.form for name in atlas.gazetteer.names}
    assert "Gǔwéi" in spoken
    for form in spoken:
        assert form not in atlas.words
        assert not list(atlas.linker.find(f"They spoke of {form} once."))


def test_an_origin_says_how_sure_it_is_apart_from_the_name(atlas):
    (name,) = (each for each in atlas.gazetteer.names_of("vladivostok") if each.form == "Владивосток")
    assert (name.certainty, name.origin) == ("certain", "reported")
    assert {each.place for each in atlas.gazetteer.names if each.origin} == set(ORDER)


def test_the_sites_are_none_of_the_eight_places(atlas):
    assert {site.id for site in atlas.gazetteer.sites}.isdisjoint(ORDER)
    assert {site.kind for site in atlas.gazetteer.sites} == {"post", "mark", "island", "fort"}


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [
        # From the protocols and gazetteers: Damansky, Albazin, and the three ends of the line on the Tumen.
        ("damansky", 133.8444, 46.4856),
        ("albazin", 124.08, 53.38),
        ("post-t-1886", 130.637, 42.418),
        ("post-t-1861", 130.57, 42.46),
        ("twenty-li-point", 130.659, 42.375),
        ("post-e", 134.718, 48.264),
    ],
)
def test_a_site_stands_where_the_sources_put_it(atlas, name, lon, lat):
    (site,) = (site for site in atlas.gazetteer.sites if site.id == name)
    assert (site.lon, site.lat) == (pytest.approx(lon, abs=0.01), pytest.approx(lat, abs=0.01))


def test_a_site_without_dates_or_act_is_there_at_all_times_and_belongs_to_none(atlas):
    (albazin,) = (site for site in atlas.gazetteer.sites if site.id == "albazin")
    row = {**albazin.model_dump(), "id": "rock", "kind": "island", "dates": " ", "act": ""}
    site = Site.model_validate(row)
    assert (site.dates, site.act) == (None, None)
    assert Gazetteer((), ()).sites == ()
