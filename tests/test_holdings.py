"""Who held what: the chains of holdings, and what the treaties say that they must be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import FIRST_DAY, parse_iso_day
from geo.holdings import Holding, Holdings, Polity, faults
from geo.territory import area_at

TODAY = date.today()
DAY = timedelta(days=1)


def polity(name: str, dates: str = "../..", **cells: str) -> Polity:
    names = dict.fromkeys(("name_en", "name_ru", "name_zh_hans", "name_zh_hant"), name.title())
    more = {"family": "china", "dates": dates, "note": "", "certainty": "certain", "citations": "a", **cells}
    return Polity.model_validate({"id": name, **names, **more})


def holding(start: date, end: date | None, **cells: str) -> Holding:
    row = {"area": "land", "from": f"{start}", "to": f"{end or '..'}", "holders": "qing", "claimants": ""}
    row |= {"status": "held", "act": "", "note": "", "certainty": "certain", "citations": "a"}
    return Holding.model_validate(row | cells)


def moved(record: Holding, **ends: date | None) -> Holding:
    return record.model_copy(update=ends)


def found(records: list[Holding], *polities: Polity) -> list[tuple[str, str, str]]:
    known = polities or (polity("qing"), polity("roc"))
    return list(faults(Holdings({each.id: each for each in known}, tuple(records)), ["land"]))


def told(record: Holding) -> str:
    """Return a state as the tables below write it: status, holders by their ids, claimants."""
    parts = [f"{record.status}:", *sorted(record.holders)]
    return " ".join([*parts, *(["|", *sorted(record.claimants)] if record.claimants else [])])


# What the treaties say, written by hand from their texts and from histories, not from the data

DATES = (
    *("1700-01-01", "1850-01-01", "1859-06-01", "1861-01-01"),
    *("1876-01-01", "1906-01-01", "1946-01-01", "2024-01-01"),
)
USSURI = (
    "held: qing",
    "held: qing",
    "common: qing russian-empire",
    "held: russian-empire",
    "held: russian-empire",
    "held: russian-empire",
    "held: soviet-union",
    "held: russian-federation",
)
LEFT_BANK = (
    "held: qing",
    "held: qing",
    # Russia acted on Aigun at once; Peking disowned it until it signed again in 1860.
    "disputed: russian-empire | qing",
    "held: russian-empire",
    "held: russian-empire",
    "held: russian-empire",
    "held: soviet-union",
    "held: russian-federation",
)
BEYOND_1689 = (
    "held: tsardom",
    "held: russian-empire",
    "held: russian-empire",
    "held: russian-empire",
    "held: russian-empire",
    "held: russian-empire",
    "held: soviet-union",
    "held: russian-federation",
)
UNDIVIDED = (
    "undelimited:",
    "undelimited:",
    # Shimoda left the island undivided; the regulations of 1867 had not yet made it common.
    "undelimited: russian-empire tokugawa-japan",
    "undelimited: russian-empire tokugawa-japan",
    "held: russian-empire",
)
EIGHT = {
    "vladivostok": (131.8735, 43.1056, USSURI),
    "ussuriysk": (131.9573, 43.8047, USSURI),
    "khabarovsk": (135.0971, 48.4620, USSURI),
    "blagoveshchensk": (127.5264, 50.2759, LEFT_BANK),
    "sakhalin, north of 50 N": (
        142.9,
        51.0,
        (*UNDIVIDED, "held: russian-empire", "held: soviet-union", "held: russian-federation"),
    ),
    "sakhalin, south of 50 N": (
        142.7,
        47.0,
        # Soviet troops since August 1945; Japan's by treaty until it gave it up in 1951.
        (
            *UNDIVIDED,
            "held: empire-of-japan",
            "occupied: soviet-union | empire-of-japan",
            "held: russian-federation",
        ),
    ),
    "nerchinsk": (116.5869, 51.9798, BEYOND_1689),
    "nikolayevsk-on-amur": (140.7229, 53.1466, LEFT_BANK),
    "stanovoy, its northern side": (126.0, 57.0, BEYOND_1689),
    "stanovoy, its southern side": (126.0, 55.0, LEFT_BANK),
}


@pytest.mark.parametrize("number", range(len(DATES)), ids=DATES)
@pytest.mark.parametrize("place", EIGHT)
def test_each_of_the_eight_places_was_held_as_the_treaties_say(atlas, place, number):
    lon, lat, states = EIGHT[place]
    assert len(states) == len(DATES)
    area = area_at(atlas.areas, lon, lat)
    assert told(atlas.holdings.on(area.id, parse_iso_day(DATES[number]))) == states[number]


def test_the_two_sides_of_the_range_lie_on_the_two_sides_of_its_crest(atlas):
    (crest,) = (line.geometry for line in atlas.lines if line.id == "stanovoy-crest")
    north, south = (EIGHT[f"stanovoy, its {side} side"][:2] for side in ("northern", "southern"))
    assert shapely.LineString([north, south]).crosses(crest)


ELSEWHERE = [
    # Left for later talks in 1689 and 1727; Russia's with the rest of the north by 1860.
    ("uda", "1700-01-01", "undelimited: qing tsardom"),
    ("uda", "1858-05-27", "undelimited: qing russian-empire"),
    ("uda", "1859-06-01", "disputed: russian-empire | qing"),
    ("uda", "1860-11-14", "held: russian-empire"),
    # The Manchu beyond the Zeya stayed under their own government, until they were driven out in 1900.
    ("sixty-four-villages", "1858-05-27", "held: qing"),
    ("sixty-four-villages", "1859-06-01", "enclave: qing | russian-empire"),
    ("sixty-four-villages", "1899-12-31", "enclave: qing | russian-empire"),
    ("sixty-four-villages", "1901-01-01", "disputed: russian-empire | qing"),
    ("sixty-four-villages", "1930-01-01", "disputed: soviet-union | roc"),
    ("sixty-four-villages", "1992-01-01", "held: russian-federation"),
    # The Heidingzi strip: on the Russian side of the post of 1861, given back in 1886.
    ("jingxin", "1860-12-31", "held: qing"),
    ("jingxin", "1870-01-01", "occupied: russian-empire | qing"),
    ("jingxin", "1890-01-01", "held: qing"),
    ("jingxin", "2024-01-01", "held: prc"),
    # The islands at Khabarovsk: taken in 1929, divided by the agreement of 2004, handed over in 2008.
    ("bolshoy-ussuriysky", "1930-01-01", "disputed: soviet-union | roc"),
    ("bolshoy-ussuriysky", "2000-01-01", "disputed: russian-federation | prc"),
    ("bolshoy-ussuriysky", "2009-01-01", "held: russian-federation"),
    ("bolshoy-ussuriysky-west", "2000-01-01", "disputed: russian-federation | prc"),
    ("bolshoy-ussuriysky-west", "2009-01-01", "held: prc"),
    ("damansky", "1969-03-15", "disputed: soviet-union | prc"),
    ("damansky", "1992-01-01", "held: prc"),
    # The frame.
    ("manchuria", "1850-01-01", "held: qing"),
    ("manchuria", "1901-01-01", "occupied: russian-empire | qing"),
    ("manchuria", "1920-01-01", "held: roc"),
    ("manchuria", "1940-01-01", "occupied: manchukuo | roc"),
    ("manchuria", "1945-12-31", "occupied: soviet-union | roc"),
    ("manchuria", "1950-01-01", "held: prc"),
    ("mongolia", "1850-01-01", "held: qing"),
    ("mongolia", "1930-01-01", "disputed: mongolian-peoples-republic | roc"),
    ("mongolia", "1950-01-01", "held: mongolian-peoples-republic"),
    ("korea", "1850-01-01", "held: joseon"),
    ("korea", "1920-01-01", "held: empire-of-japan"),
    ("korea", "2024-01-01", "held: dprk"),
    ("north-china", "1940-01-01", "occupied: empire-of-japan | roc"),
    ("hokkaido", "1946-01-01", "held: empire-of-japan"),
    ("honshu", "2024-01-01", "held: japan"),
    ("south-kurils", "1860-01-01", "held: tokugawa-japan"),
    ("south-kurils", "1940-01-01", "held: empire-of-japan"),
    ("south-kurils", "2024-01-01", "disputed: russian-federation | japan"),
    ("gorbitsa-wedge", "1700-01-01", "held: qing"),
    ("gorbitsa-wedge", "1861-01-01", "held: russian-empire"),
    # Northern Sakhalin under Japanese troops, 1905 and 1920 to 1925; Tokyo's condominium with Russia before.
    ("sakhalin-north", "1869-01-01", "common: empire-of-japan russian-empire"),
    ("sakhalin-north", "1905-08-15", "occupied: empire-of-japan | russian-empire"),
    ("sakhalin-north", "1923-01-01", "occupied: empire-of-japan | soviet-union"),
    ("sakhalin-north", "1926-01-01", "held: soviet-union"),
    ("sakhalin-south", "1905-08-15", "occupied: empire-of-japan | russian-empire"),
    ("sakhalin-south", "1945-08-01", "held: empire-of-japan"),
    ("sakhalin-south", "1952-01-01", "held: soviet-union"),
]


@pytest.mark.parametrize(("area", "day", "state"), ELSEWHERE)
def test_the_rest_of_the_frame_was_held_as_histories_say(atlas, area, day, state):
    assert told(atlas.holdings.on(area, parse_iso_day(day))) == state


TURNS = [
    ("amur-left-bank", "1858-05-28", "aigun-1858"),
    ("sixty-four-villages", "1858-05-28", "aigun-1858"),
    ("ussuri-coast", "1858-05-28", "aigun-1858"),
    ("amur-left-bank", "1860-11-14", "peking-1860"),
    ("uda", "1860-11-14", "peking-1860"),
    ("ussuri-coast", "1860-11-14", "peking-1860"),
    ("jingxin", "1861-06-28", "khanka-1861"),
    ("sakhalin-north", "1855-02-07", "shimoda-1855"),
    ("sakhalin-south", "1867-03-30", "st-petersburg-1867"),
    ("sakhalin-north", "1875-05-07", "st-petersburg-1875"),
    ("sakhalin-south", "1875-05-07", "st-petersburg-1875"),
    ("jingxin", "1886-07-04", "hunchun-1886"),
    ("sixty-four-villages", "1900-07-17", "sixty-four-villages-1900"),
    ("sakhalin-north", "1905-09-05", "portsmouth-1905"),
    ("sakhalin-south", "1905-09-05", "portsmouth-1905"),
    ("korea", "1910-08-29", "korea-1910"),
    ("manchuria", "1932-03-01", "manchukuo-1932"),
    ("sakhalin-south", "1951-09-08", "san-francisco-1951"),
    ("damansky", "1991-05-16", "agreement-1991"),
    ("bolshoy-ussuriysky", "2004-10-14", "agreement-2004"),
    ("bolshoy-ussuriysky-west", "2008-10-14", "protocol-2008"),
]


@pytest.mark.parametrize(("area", "day", "act"), TURNS)
def test_a_state_begins_on_the_day_of_its_act_and_the_day_before_has_another(atlas, area, day, act):
    first = parse_iso_day(day)
    after, before = atlas.holdings.on(area, first), atlas.holdings.on(area, first - DAY)
    assert (after.start, after.act) == (first, act)
    assert before.end == first - DAY
    assert told(before) != told(after)


# Every area, every act


def test_every_area_and_island_has_one_state_on_the_day_of_each_act_and_on_the_day_before(atlas):
    islands = [site.id for site in atlas.gazetteer.sites if site.kind == "island"]
    names = [*(area.id for area in atlas.areas), *islands]
    assert atlas.holdings.areas == set(names)
    days = {FIRST_DAY, TODAY}
    for act in atlas.acts:
        days |= {act.date.start, act.date.end, act.date.start - DAY}
    tried = 0
    for name in names:
        for day in sorted(day for day in days if day >= FIRST_DAY):
            (state,) = (
                record for record in atlas.holdings.records if record.area == name and record.covers(day)
            )
            assert atlas.holdings.on(name, day) is state
            tried += 1
    assert tried > 1000


def test_no_holding_of_the_atlas_is_at_fault(atlas):
    assert list(faults(atlas.holdings, [area.id for area in atlas.areas])) == []


def test_on_every_day_of_a_turn_somebody_holds_what_is_not_undelimited(atlas):
    for record in atlas.holdings.records:
        assert bool(record.holders) or record.status == "undelimited"
        assert set(record.holders).isdisjoint(record.claimants)
        assert len(set(record.holders)) == len(record.holders)


def test_an_area_is_russian_today_if_and_only_if_an_act_made_it_so(atlas):
    for area in atlas.areas:
        state = atlas.holdings.on(area.id, TODAY)
        families = {atlas.holdings.polities[name].family for name in state.holders}
        assert ("russia" in families) == (area.act is not None), area.id
        if area.act:
            began = [record for record in atlas.holdings.chain(area.id) if record.act == area.act]
            assert any(
                atlas.holdings.polities[name].family == "russia"
                for record in began
                for name in (*record.holders, *record.claimants)
            ), area.id


# Chains


LENGTHS = st.lists(st.integers(3, 40_000), max_size=6)


def chain_of(lengths: list[int]) -> list[Holding]:
    """Return holdings of so many days each, one after the other, and a last one to this day."""
    starts = [FIRST_DAY]
    for length in lengths:
        starts.append(starts[-1] + length * DAY)
    ends = [*(start - DAY for start in starts[1:]), None]
    return [holding(start, end) for start, end in zip(starts, ends, strict=True)]


@given(LENGTHS, st.randoms(use_true_random=False))
def test_a_chain_without_gap_or_overlap_has_no_fault_in_any_order_of_its_rows(lengths, chance):
    records = chain_of(lengths)
    chance.shuffle(records)
    assert found(records) == []


@given(LENGTHS.filter(bool), st.data(), st.integers(1, 2))
def test_a_gap_is_found(lengths, data, days):
    records = chain_of(lengths)
    at = data.draw(st.integers(1, len(records) - 1))
    late = data.draw(st.booleans())
    if late:
        records[at] = moved(records[at], start=records[at].start + days * DAY)
    else:
        records[at - 1] = moved(records[at - 1], end=records[at - 1].end - days * DAY)
    ((name, field, message),) = found(records)
    assert (name, field) == (f"land {records[at].start}", "from")
    assert message == f"there is a gap after {records[at - 1].end}, where the row before ends"


@given(LENGTHS.filter(bool), st.data(), st.integers(1, 2))
def test_an_overlap_is_found(lengths, data, days):
    records = chain_of(lengths)
    at = data.draw(st.integers(1, len(records) - 1))
    records[at - 1] = moved(records[at - 1], end=records[at - 1].end + days * DAY)
    assert found(records) == [
        (
            f"land {records[at].start}",
            "from",
            f"it overlaps the row before, which lasts to {records[at - 1].end}",
        )
    ]


@given(LENGTHS.filter(bool), st.data())
def test_a_row_to_this_day_before_the_last_overlaps_the_next(lengths, data):
    records = chain_of(lengths)
    at = data.draw(st.integers(1, len(records) - 1))
    records[at - 1] = moved(records[at - 1], end=None)
    ((name, field, message),) = found(records)
    assert (name, field) == (f"land {records[at].start}", "from")
    assert message == "it overlaps the row before, which lasts to .."


@given(LENGTHS.filter(bool), st.data())
def test_a_row_that_stands_twice_overlaps_itself(lengths, data):
    records = chain_of(lengths)
    twin = data.draw(st.sampled_from(records))
    assert [field for _, field, message in found([*records, twin]) if "overlaps" in message] == ["from"]


@given(LENGTHS, st.data(), st.integers(1, 10_000))
def test_a_span_that_runs_backwards_is_found(lengths, data, days):
    records = chain_of(lengths)
    at = data.draw(st.integers(0, len(records) - 1))
    records[at] = moved(records[at], end=records[at].start - days * DAY)
    fault = (f"land {records[at].start}", "to", f"it ends on {records[at].end}, before it starts")
    assert fault in found(records)


@given(LENGTHS, st.integers(1, 2) | st.integers(-10_000, -1))
def test_a_chain_that_starts_on_another_day_than_the_first_is_found(lengths, days):
    records = chain_of(lengths)
    records[0] = moved(records[0], start=FIRST_DAY + days * DAY)
    name = f"land {records[0].start}"
    assert found(records) == [(name, "from", "the first row of an area starts on 1689-09-06")]


@given(LENGTHS, st.integers(0, 10_000))
def test_a_chain_that_ends_is_found(lengths, days):
    records = chain_of(lengths)
    records[-1] = moved(records[-1], end=records[-1].start + days * DAY)
    name = f"land {records[-1].start}"
    assert found(records) == [(name, "to", "the last row of an area lasts to today; write `..`")]


def test_an_area_without_a_row_is_found():
    assert found([]) == [("land", "", "nobody holds it; add a row from 1689-09-06 to `..`")]


@given(st.data())
def test_a_polity_that_did_not_exist_on_all_days_of_a_row_is_found(data):
    days = st.integers(0, 60).map(lambda count: FIRST_DAY + count * DAY)
    (first, last), (start, end) = (sorted(data.draw(st.tuples(days, days))) for _ in range(2))
    open_end, open_state = data.draw(st.booleans()), data.draw(st.booleans())
    field = data.draw(st.sampled_from(["holders", "claimants"]))
    cells = {"status": "disputed", "holders": "roc", "claimants": "roc", field: "qing"}
    record = holding(start, None if open_end else end, **cells)
    state = polity("qing", f"{first}/{'..' if open_state else last}")
    # Counted day by day; an open end is any day beyond.
    beyond = FIRST_DAY + 100 * DAY
    row = range(start.toordinal(), (beyond if open_end else end).toordinal() + 1)
    lived = range(first.toordinal(), (beyond if open_state else last).toordinal() + 1)
    wanted = [] if set(row) <= set(lived) else [(f"land {start}", field)]
    got = [(name, where) for name, where, text in found([record], state, polity("roc")) if "existed" in text]
    assert got == wanted


def test_a_polity_that_nobody_knows_or_that_has_no_dates_is_left_to_others():
    assert found(chain_of([]), polity("roc")) == []
    assert found(chain_of([]), polity("qing", "")) == []


def test_the_days_of_a_polity_known_by_the_year_count_from_its_first_to_its_last():
    assert found([holding(FIRST_DAY, None)], polity("qing", "1689/..")) == []
    records = [holding(FIRST_DAY, date(1691, 12, 31)), holding(date(1692, 1, 1), None, holders="roc")]
    assert found(records, polity("qing", "../1691"), polity("roc", "1692/..")) == []
    ((name, field, message),) = found(records, polity("qing", "../1691-12-30"), polity("roc", "1692/.."))
    assert (name, field) == (f"land {FIRST_DAY}", "holders")
    assert message == "qing existed ../1691-12-30 only, not on all days of this row"


@pytest.mark.parametrize(
    ("cells", "field", "message"),
    [
        ({"status": "held", "holders": ""}, "holders", "'held' needs at least 1"),
        ({"status": "common", "holders": ""}, "holders", "'common' needs at least 2"),
        ({"status": "common", "holders": "qing"}, "holders", "'common' needs at least 2"),
        ({"status": "disputed", "holders": "", "claimants": "roc"}, "holders", "'disputed' needs at least 1"),
        ({"status": "enclave", "holders": "", "claimants": "roc"}, "holders", "'enclave' needs at least 1"),
        ({"status": "occupied", "holders": "", "claimants": "roc"}, "holders", "'occupied' needs at least 1"),
        ({"status": "held", "claimants": "roc"}, "claimants", "'held' has none; is the status right?"),
        (
            {"status": "common", "holders": "qing roc", "claimants": "prc"},
            "claimants",
            "'common' has none; is the status right?",
        ),
        ({"status": "disputed"}, "claimants", "'disputed' needs one; is the status right?"),
        ({"status": "enclave"}, "claimants", "'enclave' needs one; is the status right?"),
        ({"status": "common", "holders": "qing qing"}, "holders", "qing stands twice in one row"),
        ({"status": "occupied", "claimants": "qing"}, "holders", "qing stands twice in one row"),
    ],
)
def test_holders_that_do_not_fit_the_status_are_found(cells, field, message):
    assert found([holding(FIRST_DAY, None, **cells)]) == [(f"land {FIRST_DAY}", field, message)]


@pytest.mark.parametrize(
    "cells",
    [
        {"status": "undelimited", "holders": ""},
        {"status": "undelimited", "holders": "qing roc"},
        {"status": "common", "holders": "qing roc"},
        {"status": "enclave", "claimants": "roc"},
        {"status": "occupied", "claimants": ""},
    ],
)
def test_holders_that_fit_the_status_are_no_fault(cells):
    assert found([holding(FIRST_DAY, None, **cells)]) == []


# Look-up


@given(
    LENGTHS,
    st.data(),
    st.lists(st.dates(date(1680, 1, 1), date(2100, 1, 1)), max_size=20),
    st.randoms(use_true_random=False),
)
def test_the_state_on_a_day_is_the_one_that_a_scan_of_all_rows_finds(lengths, data, days, chance):
    records = chain_of(lengths)
    kept = [record for record in records if data.draw(st.booleans())]
    other = [record.model_copy(update={"area": "sea"}) for record in records]
    edges = [day for record in records for day in (record.start, record.end) if day]
    mixed = [*kept, *other]
    chance.shuffle(mixed)
    holdings = Holdings({"qing": polity("qing")}, tuple(mixed))
    for day in {*days, *edges, *(edge + DAY for edge in edges), *(edge - DAY for edge in edges)}:
        scanned = [record for record in kept if record.start <= day <= (record.end or date.max)]
        assert [holdings.on("land", day)] == (scanned or [None])
    assert holdings.chain("land") == tuple(kept)


def test_an_area_that_nobody_knows_has_no_state_and_no_chain(atlas):
    assert atlas.holdings.on("atlantis", TODAY) is None
    assert atlas.holdings.chain("atlantis") == ()
    assert "atlantis" not in atlas.holdings.areas


def test_before_the_first_day_nobody_is_said_to_hold_anything(atlas):
    assert {atlas.holdings.on(area, FIRST_DAY - DAY) for area in atlas.holdings.areas} == {None}
    assert None not in {atlas.holdings.on(area, FIRST_DAY) for area in atlas.holdings.areas}


# Words


@pytest.mark.parametrize(
    ("status", "holders", "claimants", "words"),
    [
        ("held", "qing", "", "Qing Empire"),
        ("common", "russian-empire qing", "", "Russian Empire and Qing Empire, in common"),
        ("undelimited", "", "", "undelimited"),
        ("undelimited", "tsardom qing", "", "undelimited between Tsardom of Russia and Qing Empire"),
        ("undelimited", "qing", "", "Qing Empire, undelimited"),
        ("occupied", "empire-of-japan", "", "Empire of Japan, occupying"),
        (
            "occupied",
            "empire-of-japan",
            "soviet-union",
            "Empire of Japan, occupying land of Soviet Union",
        ),
        ("enclave", "qing", "", "Qing Empire, an enclave"),
        ("enclave", "qing", "russian-empire", "Qing Empire, an enclave inside the land of Russian Empire"),
        ("disputed", "prc", "", "People's Republic of China, disputed"),
        (
            "disputed",
            "soviet-union",
            "manchukuo roc",
            "Soviet Union, disputed by Manchukuo (under Japanese control) and Republic of China",
        ),
    ],
)
def test_a_state_is_told_in_words(atlas, status, holders, claimants, words):
    record = holding(FIRST_DAY, None, status=status, holders=holders, claimants=claimants)
    assert atlas.holdings.describe(record) == words
