from __future__ import annotations

import json
from dataclasses import replace

import pytest

from geo.article import parse_article
from geo.content import (
    CERTAINTIES,
    FIRST_LINE,
    RULE,
    TRACT,
    compose_content,
    rivals,
    selectable,
    spellings_of,
)
from geo.dates import parse_iso_day
from geo.layers import compose_layers
from geo.linker import Mention
from geo.passages import compose_article
from geo.view import LANGS, LAYERS


@pytest.fixture(scope="module")
def content(atlas):
    return compose_content(atlas, compose_layers(atlas))


@pytest.fixture(scope="module")
def account(atlas):
    return compose_article(atlas)


def of(atlas, text, name="a.md"):
    return compose_article(atlas, parse_article(text.encode(), name, atlas.furniture))


def mentions_of(article):
    return [
        (passage, article["said"][n] | {"start": start, "end": end})
        for passage in article["passages"]
        for start, end, n in passage["mentions"]
    ]


def in_utf16(text, start, end):
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def cited(value):
    """Return the keys of all citations within a value."""
    if isinstance(value, dict):
        own = {key for name, part in value.items() if name.lower().endswith("citations") for key, _ in part}
        return own.union(*(cited(part) for part in value.values()))
    return set().union(*map(cited, value)) if isinstance(value, list | tuple) else set()


def test_the_content_goes_through_json_unchanged(content):
    assert json.loads(json.dumps(content, allow_nan=False))["title"] == content["title"]


def test_the_same_atlas_gives_the_same_content(content, atlas):
    assert compose_content(atlas, compose_layers(atlas)) == content


def test_every_source_cited_is_there_with_text_and_every_address_is_of_the_web(content):
    keys = cited(content) | {key for layer in content["layers"] for key in layer["credits"]}
    assert len(keys) > 40
    assert keys <= set(content["sources"])
    for source in content["sources"].values():
        assert source["text"]
        assert source["short"]
        assert source["url"] == "" or source["url"].startswith(("http://", "https://"))


def test_every_record_says_how_sure_it_is_in_a_word_that_is_explained(content):
    records = [*content["places"], *content["areas"], *content["lines"], *content["acts"].values()]
    records += [name for place in content["places"] for name in place["names"]]
    records += [*content["sites"], *content["holdings"], *content["readings"], *content["polities"].values()]
    for record in records:
        assert record["certainty"] in CERTAINTIES
        assert record["citations"]


def test_what_a_view_can_select_is_every_place_area_line_site_and_act(content, atlas):
    ids = [record["id"] for kind in ("places", "areas", "lines", "sites") for record in content[kind]]
    assert selectable(atlas) == {*ids, *content["acts"]}
    assert len(ids) + len(content["acts"]) == len(selectable(atlas))


def test_what_a_view_can_draw_beside_ours_is_every_reading_that_is_not_drawn(content, atlas):
    assert rivals(atlas) == {reading["id"] for reading in content["readings"] if not reading["drawn"]}
    assert selectable(atlas).isdisjoint(rivals(atlas))


def test_every_id_that_a_record_names_is_there(content):
    areas = {area["id"] for area in content["areas"]}
    features = areas | {line["id"] for line in content["lines"]}
    for place in content["places"]:
        assert place["act"] in content["acts"]
        assert set(place["features"]) <= features
        assert place["features"] or place["within"] in areas
    for record in (*content["areas"], *content["lines"]):
        assert record["act"] is None or record["act"] in content["acts"]
    assert set(content["styles"]) <= set(content["acts"])
    assert content["rule"] == RULE in content["acts"]
    assert content["tract"] == TRACT in areas
    assert content["firstLine"] == FIRST_LINE in content["acts"]
    sites = {site["id"] for site in content["sites"]}
    assert {site["act"] for site in content["sites"]} <= {*content["acts"], None}
    for holding in content["holdings"]:
        assert holding["area"] in areas | sites
        assert holding["act"] is None or holding["act"] in content["acts"]
        assert {*holding["holders"], *holding["claimants"]} <= set(content["polities"])
    for place in content["places"]:
        assert set(place["ground"]) <= areas
        assert place["ground"]


def test_every_label_and_name_is_there_in_every_language(content):
    for place in content["places"]:
        assert list(place["labels"]) == list(LANGS)
        assert all(place["labels"].values())
    records = [*content["areas"], *content["lines"], *content["labels"], *content["acts"].values()]
    records += [*content["sites"], *content["readings"], *content["polities"].values()]
    for record in records:
        assert list(record["names"]) == list(LANGS)
        assert all(record["names"].values())


def test_every_layer_of_a_label_is_a_layer_or_always(content):
    assert {label["layer"] for label in content["labels"]} <= {*LAYERS, "always"}


def test_a_label_has_its_zooms_in_order_and_stands_on_the_map(content):
    west, south, east, north = content["frame"]
    for label in content["labels"]:
        assert label["zooms"][0] <= label["zooms"][1]
        assert all(west <= x <= east and south <= y <= north for x, y in label["at"])


def test_other_spellings_are_there_for_the_search_and_no_name_twice(content, atlas):
    said = {
        (id_, form)
        for id_, by_lang in spellings_of(atlas).items()
        for forms in by_lang.values()
        for form in forms
    }
    variants = {(name.place, name.form) for name in atlas.gazetteer.toponyms if name.kind == "variant"}
    shown = {(place["id"], name["form"]) for place in content["places"] for name in place["names"]}
    assert content["spellings"] == spellings_of(atlas)
    assert variants - shown <= said
    assert not said & shown
    assert {("peking-1860", "Beijing"), ("ussuri-coast", "Primorye"), ("aigun-1858", "爱珲条约")} <= said
    assert {id_ for id_, _ in said} <= selectable(atlas)
    assert "года" not in {form for _, form in said}


def test_a_town_lies_within_the_area_that_the_data_say(content, atlas):
    given = {place.id: place.within for place in atlas.gazetteer.places if place.kind == "town"}
    assert {place["id"]: place["within"] for place in content["places"] if place["kind"] == "town"} == given


def test_the_eight_places_are_numbered_in_the_order_of_the_rule(content):
    assert [place["number"] for place in content["places"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(place["bracketed"] for place in content["places"])


# Time


def test_a_crest_stands_on_the_land_of_both_its_sides(content):
    grounds = {place["id"]: place["ground"] for place in content["places"]}
    assert (
        {"russia-1689", "amur-left-bank"}
        <= set(grounds["stanovoy-range"])
        <= {
            "russia-1689",
            "amur-left-bank",
            "uda",
            "gorbitsa-wedge",
        }
    )


def test_a_town_stands_on_its_area_and_an_island_is_its_own_ground(content):
    for place in content["places"]:
        if place["kind"] == "town":
            assert place["ground"] == [place["within"]]
        elif place["kind"] == "island":
            assert place["ground"] == list(place["features"])


@pytest.mark.parametrize("kind", ["lines", "sites"])
def test_lines_and_sites_carry_the_days_between_which_they_are_shown(content, atlas, kind):
    records = {"lines": atlas.lines, "sites": atlas.gazetteer.sites}[kind]
    assert [record["id"] for record in content[kind]] == [record.id for record in records]
    for record, given in zip(records, content[kind], strict=True):
        assert given["span"] == whole_days(record.dates)
        assert given["dates"] == (record.dates.label() if record.dates else "")


def whole_days(span):
    """Return a span as the page is told it."""
    return span and [day and day.isoformat() for day in (span.start, span.end)]


def test_names_acts_and_the_founding_of_a_town_carry_their_days(content, atlas):
    for place in content["places"]:
        record = next(each for each in atlas.gazetteer.places if each.id == place["id"])
        assert place["foundedSpan"] == whole_days(record.founded)
        all_names = atlas.gazetteer.names_of(place["id"])
        names = [name for name in all_names if name.kind != "variant" and not name.reads]
        assert [name["span"] for name in place["names"]] == [whole_days(name.dates) for name in names]
    for act in atlas.acts:
        assert content["acts"][act.id]["span"] == whole_days(act.date)


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("line-1858-1860-lower-amur", ["1858-05-28", "1860-11-13"]),
        ("line-1858-amur", ["1858-05-28", None]),
        ("line-1905-sakhalin", ["1905-09-05", "1945-08-24"]),
    ],
)
def test_a_line_is_shown_as_long_as_it_was_in_force(content, name, span):
    assert next(line["span"] for line in content["lines"] if line["id"] == name) == span


@pytest.mark.parametrize(
    ("place", "lang", "day", "form"),
    [
        ("ussuriysk", "en", "1870-01-01", "Nikolskoye"),
        ("ussuriysk", "en", "1940-01-01", "Voroshilov"),
        ("khabarovsk", "en", "1860-01-01", "Khabarovka"),
        ("khabarovsk", "en", "1900-01-01", "Khabarovsk"),
        ("nikolayevsk-on-amur", "en", "2024-01-01", "Nikolayevsk-on-Amur"),
    ],
)
def test_the_name_that_a_town_bore_on_a_day_can_be_told_from_the_days_of_its_names(
    content, place, lang, day, form
):
    names = next(each["names"] for each in content["places"] if each["id"] == place)
    borne = [
        name["form"]
        for name in names
        if name["lang"] == lang
        and name["kind"] in ("official", "historical")
        and name["span"]
        and (name["span"][0] or "") <= day <= (name["span"][1] or "9999")
    ]
    assert form in borne


def test_a_holding_carries_its_first_and_its_last_day(content, atlas):
    for record, given in zip(atlas.holdings.records, content["holdings"], strict=True):
        assert parse_iso_day(given["span"][0]) == record.start
        assert (
            given["span"][1] is None if record.end is None else parse_iso_day(given["span"][1]) == record.end
        )


# The article


def test_every_mention_of_the_account_points_at_what_can_be_selected(account, atlas):
    found = mentions_of(account)
    assert len(found) == len(atlas.annotations)
    for _, mention in found:
        assert set(mention["targets"]) <= selectable(atlas)
        pointless = mention["type"] in ("government", "part-of-name", "not-a-place")
        assert bool(mention["targets"]) != (pointless or mention.get("note", "").startswith("A river"))


def test_each_of_the_eight_places_is_mentioned_in_the_account(account, atlas):
    assert set(atlas.place_ids) <= {
        target for _, mention in mentions_of(account) for target in mention["targets"]
    }


def test_the_account_is_marked_as_ours_and_another_text_is_not(account, atlas):
    assert account["own"] is True
    assert of(atlas, "Vladivostok lies on the sea.")["own"] is False


def test_claims_weigh_our_account_and_no_other_text_even_where_it_is_the_same(account, atlas):
    assert [claim["id"] for passage in account["passages"] for claim in passage["claims"]] == [
        claim.id for claim in atlas.claims
    ]
    copy = of(atlas, "\n\n".join(passage.text for passage in atlas.account.passages), "a.txt")
    assert len(copy["passages"]) == len(account["passages"])
    assert [passage["claims"] for passage in copy["passages"] if passage["claims"]] == []


def test_offsets_of_the_account_cut_out_the_words_that_were_marked(account, atlas):
    exact = [mention.exact for mention in atlas.annotations]
    assert [in_utf16(p["text"], m["start"], m["end"]) for p, m in mentions_of(account)] == exact


@pytest.mark.parametrize("before", ["", "Here: ", "𠀀𠀁 and 🗺️: ", "é́ 库页岛, ", "a 👩‍👩‍👧 "])
def test_offsets_count_utf16_units_whatever_stands_before(atlas, before):
    article = of(atlas, f"# Title\n\n{before}Khabarovsk and 𠀀 Vladivostok.")
    words = [
        in_utf16(passage["text"], mention["start"], mention["end"])
        for passage, mention in mentions_of(article)
    ]
    assert words[-2:] == ["Khabarovsk", "Vladivostok"]


def test_a_mention_says_only_what_there_is_to_say(atlas):
    ((_, mention),) = mentions_of(of(atlas, "Vladivostok", "a.txt"))
    assert set(mention) == {"start", "end", "type", "targets", "rule", "confidence"}
    ((_, mention),) = mentions_of(of(atlas, "Boli", "a.txt"))
    assert mention["note"]


def test_what_a_text_says_of_itself_is_there(atlas):
    text = parse_article(b"Vladivostok.", "a.txt", atlas.furniture)
    about = {"date": "1 May", "author": "A. Writer", "source": "https://example.org", "encoding": "UTF-8"}
    made = compose_article(atlas, replace(text, **about))
    assert {name: made[name] for name in about} == about


def test_an_astral_character_counts_as_two(atlas):
    ((_, mention),) = mentions_of(of(atlas, "𠀀 Vladivostok", "a.txt"))
    assert (mention["start"], mention["end"]) == (3, 14)


def test_what_people_marked_is_shown_instead_of_what_was_found(atlas):
    article = parse_article(b"From Vladivostok to Khabarovsk by the 1860 Treaty.", "a.txt", ())
    street = Mention("p1", 5, 16, "Vladivostok", "not-a-place", (), "curated", 1.0, "A street.")
    deed = Mention("p1", 38, 49, "1860 Treaty", "act", ("peking-1860",), "curated", 1.0)
    made = compose_article(atlas, article, curated=[deed, street])
    (passage,) = made["passages"]
    shown = [(m["start"], m["type"], tuple(m["targets"]), m["rule"]) for _, m in mentions_of(made)]
    assert shown == [
        (5, "not-a-place", (), "curated"),
        (20, "place", ("khabarovsk",), "name"),
        (38, "act", ("peking-1860",), "curated"),
    ]
    assert "1860-11-14" in passage["days"]


def test_passages_are_named_in_order_with_their_mentions_apart(atlas):
    article = of(atlas, "# Nerchinsk\n\nNothing here.\n\nFrom Khabarovsk to Vladivostok.")
    assert [passage["id"] for passage in article["passages"]] == ["p1", "p2", "p3"]
    assert [len(passage["mentions"]) for passage in article["passages"]] == [1, 0, 2]
    assert article["title"] == "Nerchinsk"


def test_what_mentions_say_is_said_once_however_often_a_name_comes(atlas):
    once, often = (of(atlas, "From Khabarovsk to Vladivostok.\n\n" * n, "a.txt") for n in (1, 1000))
    assert often["said"] == once["said"]
    assert len(mentions_of(often)) == 1000 * len(mentions_of(once))


def test_markup_in_a_text_stays_the_text_it_is(atlas):
    article = of(atlas, "A <script>alert(1)</script> in Vladivostok {{ 7 * 7 }}.", "a.txt")
    assert article["passages"][0]["text"] == "A <script>alert(1)</script> in Vladivostok {{ 7 * 7 }}."


# The days that a text speaks of


def test_every_passage_of_the_account_says_the_days_it_speaks_of(account, atlas):
    acts = {act.id: act.date.start.isoformat() for act in atlas.acts}
    for passage in account["passages"]:
        assert passage["days"] == sorted(set(passage["days"]))
        assert all(parse_iso_day(day) for day in passage["days"])
        said = [account["said"][n] for _, _, n in passage["mentions"]]
        mentioned = {acts[name] for each in said for name in each["targets"] if name in acts}
        assert mentioned <= set(passage["days"])
        years = {day[:4] for day in passage["days"] if day not in mentioned}
        assert all(year in passage["text"] for year in years)
    assert sum(bool(passage["days"]) for passage in account["passages"]) >= 6


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("The Treaty of Peking set a boundary", {"1860-11-14", "1858-01-01"}),
        ("The Treaty of Aigun of 1858 had already", {"1858-05-28", "1860-01-01"}),
        ("Nerchinsk stayed Russian", {"1689-09-06", "1855-02-07", "1867-03-30", "1875-05-07", "1905-09-05"}),
        ("The map rule of 2023", {"2023-02-06"}),
    ],
)
def test_a_passage_of_the_account_speaks_of_the_days_that_a_reader_finds_in_it(account, words, days):
    (passage,) = (passage for passage in account["passages"] if passage["text"].startswith(words))
    assert days <= set(passage["days"])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("In 1875 and again in 1999.", ["1875-01-01", "1999-01-01"]),
        ("From 1858-60 on.", ["1858-01-01"]),
        ("The Treaty of Aigun of 1858, and 1859.", ["1858-05-28", "1859-01-01"]),
        ("The Treaty of Aigun.", ["1858-05-28"]),
        ("The Treaty of Aigun. The Treaty of Aigun.", ["1858-05-28"]),
        ("No year here: 1599, 2100, 21600, 18601, 12.", []),
        ("１８６０, 18６０ and ١٨٦٠ are no years of ours.", []),
        ("1860年，1860年。", ["1860-01-01"]),
    ],
)
def test_a_text_speaks_of_the_days_of_the_acts_and_the_years_it_names(atlas, text, days):
    assert of(atlas, text, "a.txt")["passages"][0]["days"] == days


def test_a_han_name_carries_its_readings_with_their_evidence_instead_of_a_line_of_theirs(content):
    (place,) = (each for each in content["places"] if each["id"] == "vladivostok")
    names = {name["form"]: name for name in place["names"]}
    assert "Hǎishēnwǎi" not in names
    assert [reading["form"] for reading in names["海參崴"]["readings"]] == ["Hǎishēnwǎi", "Hǎishēnwēi"]
    assert names["海參崴"]["readings"][0]["certainty"] == "disputed"
    assert names["海參崴"]["readings"][0]["citations"] == [["yuesha", ""]]
    assert names["Владивосток"]["readings"] == []
    assert names["Владивосток"]["origin"] == "reported"
