from __future__ import annotations

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
    assert len(found) == len(atlas.gazetteer.toponyms)
    assert atlas.gazetteer.names_of("nowhere") == ()


def test_no_place_says_one_name_twice_in_one_language_and_use(atlas):
    seen = [(name.place, name.form, name.lang, name.kind) for name in atlas.gazetteer.toponyms]
    assert len(seen) == len(set(seen))


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
