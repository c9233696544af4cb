"""Every record that is shipped is a test case here: what the loader does not enforce is checked."""

import csv
import hashlib
import json
import math
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import shapely

from geo.citations import parse_citations
from geo.dates import FIRST_DAY, parse_span
from geo.reading import DATA_DIR, load_atlas
from geo.territory import DRAWN_TOLERANCE, area_at, measure, misfits, simplified

FRAME = (105.0, 39.0, 149.2, 60.0)
CERTAINTIES = {"certain", "reported", "approximate", "disputed", "conjectural"}
DOUBTED = {"approximate", "disputed", "conjectural"}
POST_T = (130.637, 42.418)
IN_JINGXIN_STRIP = (130.56, 42.55)
IN_TRACT_OF_1860 = {"vladivostok", "ussuriysk", "khabarovsk"}
TOWNS = {
    "vladivostok": "ussuri-coast",
    "ussuriysk": "ussuri-coast",
    "khabarovsk": "ussuri-coast",
    "blagoveshchensk": "amur-left-bank",
    "nikolayevsk-on-amur": "amur-left-bank",
    "nerchinsk": "russia-1689",
}
NEIGHBOURS = [
    ("amur-left-bank", "gorbitsa-wedge"),
    ("amur-left-bank", "manchuria"),
    ("amur-left-bank", "russia-1689"),
    ("amur-left-bank", "uda"),
    ("amur-left-bank", "ussuri-coast"),
    ("gorbitsa-wedge", "russia-1689"),
    ("korea", "manchuria"),
    ("korea", "ussuri-coast"),
    ("manchuria", "mongolia"),
    ("manchuria", "russia-1689"),
    ("manchuria", "ussuri-coast"),
    ("mongolia", "russia-1689"),
    ("russia-1689", "uda"),
    ("sakhalin-north", "sakhalin-south"),
]
OFF_THE_EDGES = {"southern-kurils"}
SCRIPTS = {
    "ru": r"[А-Яа-яЁё]",
    "en": r"[A-Za-z]",
    "zh-Hans": r"[\u4e00-\u9fff]",
    "zh-Hant": r"[\u4e00-\u9fff]",
    "ja": r"[\u3040-\u30ff\u4e00-\u9fff]",
    "ko": r"[\uac00-\ud7af]",
}
FOREIGN = {
    "ru": r"[\u3040-\u30ff\u4e00-\u9fff]",
    "en": r"[А-Яа-яЁё\u3040-\u30ff\u4e00-\u9fff]",
    "zh-Hans": r"[А-Яа-яЁёA-Za-z]",
    "zh-Hant": r"[А-Яа-яЁёA-Za-z]",
}


def rows(file):
    with (DATA_DIR / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def features(file):
    found = json.loads((DATA_DIR / file).read_text("utf-8"))["features"]
    return [each["properties"] | {"geometry": each["geometry"]} for each in found]


TABLES = {
    file: rows(file)
    for file in (
        "places.csv",
        "names.csv",
        "sites.csv",
        "acts.csv",
        "polities.csv",
        "holdings.csv",
        "quoted_areas.csv",
        "account/claims.csv",
    )
}
LAYERS = {
    file: features(file)
    for file in (
        "areas.geojson",
        "lines.geojson",
        "readings.geojson",
        "basemap/lakes.geojson",
        "basemap/rivers.geojson",
        "basemap/borders.geojson",
        "basemap/labels.geojson",
    )
}
MANIFEST = json.loads((DATA_DIR / "datapackage.json").read_text("utf-8"))["resources"]
FILES = sorted(
    path.relative_to(DATA_DIR).as_posix()
    for path in DATA_DIR.rglob("*")
    if path.is_file() and not {"build", "__pycache__"} & set(path.relative_to(DATA_DIR).parts)
)


def cases(*files, doubted=False):
    """Return the records of files as test cases, each under the name of its file and its id.

    Parameters
    ----------
    doubted : bool
        Only those that are not sure.
    """
    return [
        pytest.param(
            record, id=f"{Path(file).stem}: {record.get('id') or ' '.join(list(record.values())[:4])}"
        )
        for file in files
        for record in (TABLES | LAYERS)[file]
        if not doubted or record["certainty"] in DOUBTED
    ]


def ids(file):
    return [record["id"] for record in (TABLES | LAYERS)[file]]


def geometry(record):
    return shapely.from_geojson(json.dumps(record["geometry"]))


@pytest.fixture(scope="session")
def atlas():
    return load_atlas()


@pytest.fixture(scope="session")
def areas(atlas):
    return {area.id: area.geometry for area in atlas.areas}


@pytest.fixture(scope="session")
def drawn(atlas):
    frame = simplified(atlas.areas)
    return dict(zip(frame["id"], frame.geometry, strict=True))


@pytest.fixture(scope="session")
def edges(areas):
    return shapely.union_all([area.boundary for area in areas.values()])


# What every record says of itself


@pytest.mark.parametrize("record", cases(*TABLES, *LAYERS))
def test_every_record_cites_known_sources_and_says_how_sure_it_is(record, atlas):
    unknown = {citation.key for citation in parse_citations(record["citations"])} - set(atlas.sources)
    assert not unknown
    assert record["certainty"] in CERTAINTIES


def test_no_record_is_lost_on_loading(atlas):
    base = atlas.basemap
    loaded = {
        "places.csv": atlas.gazetteer.places,
        "names.csv": atlas.gazetteer.toponyms,
        "sites.csv": atlas.gazetteer.sites,
        "acts.csv": atlas.acts,
        "polities.csv": atlas.holdings.polities,
        "holdings.csv": atlas.holdings.records,
        "quoted_areas.csv": atlas.quoted_areas,
        "account/claims.csv": atlas.claims,
        "areas.geojson": atlas.areas,
        "lines.geojson": atlas.lines,
        "readings.geojson": atlas.readings,
        "basemap/lakes.geojson": base.lakes,
        "basemap/rivers.geojson": base.rivers,
        "basemap/borders.geojson": base.borders,
        "basemap/labels.geojson": base.labels,
    }
    counts = {file: len(records) for file, records in loaded.items()}
    assert counts == {file: len(records) for file, records in (TABLES | LAYERS).items()}


def test_every_source_is_cited_by_some_record(atlas):
    records = [record for found in (TABLES | LAYERS).values() for record in found]
    texts = [record[field] for record in records for field in record if field.endswith("citations")]
    texts.append(json.loads((DATA_DIR / "basemap/relief.json").read_text("utf-8"))["citations"])
    used = {citation.key for text in texts if text for citation in parse_citations(text)}
    written = (DATA_DIR / "account/annotations.json").read_text("utf-8")
    assert {key for key in atlas.sources if key not in used and key not in written} == set()


@pytest.mark.parametrize(
    "record",
    cases(
        "areas.geojson",
        "lines.geojson",
        "readings.geojson",
        "sites.csv",
        "polities.csv",
        "holdings.csv",
        "quoted_areas.csv",
        "basemap/lakes.geojson",
        "basemap/rivers.geojson",
        "basemap/borders.geojson",
        doubted=True,
    ),
)
def test_what_is_not_sure_comes_with_a_note(record):
    assert len(record["note"].strip()) > 10


@pytest.mark.parametrize("name", cases("names.csv", doubted=True))
def test_a_name_that_is_doubted_or_guessed_comes_with_a_note(name):
    assert len(name["note"].strip()) > 4


@pytest.mark.parametrize("act", cases("acts.csv", doubted=True))
def test_an_act_that_is_disputed_says_where_its_versions_differ(act):
    assert len(act["differences"].strip()) > 20


@pytest.mark.parametrize("record", cases(*LAYERS))
def test_a_feature_is_named_in_the_script_of_each_language(record):
    assert set(record["names"]) == set(FOREIGN)
    for lang, name in record["names"].items():
        assert re.search(SCRIPTS[lang], name)
        assert not re.search(FOREIGN[lang], name)


@pytest.mark.parametrize("name", cases("names.csv"))
def test_a_name_is_written_in_the_script_of_its_language(name):
    script = SCRIPTS["en"] if "-Latn" in name["lang"] else SCRIPTS.get(name["lang"], r"\w")
    assert re.search(script, name["form"])
    assert not re.search(FOREIGN.get(name["lang"], r"\d"), name["form"])


@pytest.mark.parametrize("record", cases("acts.csv", "sites.csv", "polities.csv"))
def test_an_act_a_site_and_a_state_are_named_in_the_script_of_each_language(record):
    for column, lang in (("name_en", "en"), ("name_ru", "ru")):
        assert re.search(SCRIPTS[lang], record[column])
    for column in ("name_zh_hans", "name_zh_hant"):
        assert re.search(SCRIPTS["zh-Hans"], record[column])


@pytest.mark.parametrize("record", cases("sites.csv", "polities.csv"))
def test_a_site_and_a_state_bear_no_letters_of_another_script(record):
    for lang, pattern in FOREIGN.items():
        assert not re.search(pattern, record[f"name_{lang.lower().replace('-', '_')}"])


# Geometry


@pytest.mark.parametrize("record", cases(*LAYERS))
def test_geometry_lies_within_the_frame(record):
    west, south, east, north = shapely.bounds(geometry(record))
    assert west >= FRAME[0]
    assert south >= FRAME[1]
    assert east <= FRAME[2]
    assert north <= FRAME[3]


@pytest.mark.parametrize("place", cases("places.csv", "sites.csv"))
def test_a_place_or_site_lies_within_the_frame(place):
    assert FRAME[0] < float(place["lon"]) < FRAME[2]
    assert FRAME[1] < float(place["lat"]) < FRAME[3]


@pytest.mark.parametrize("site", cases("sites.csv"))
def test_a_site_stands_on_land_or_at_the_edge_of_its_water(site, areas):
    assert all(re.fullmatch(r"\d{2,3}\.\d{1,5}", site[axis]) for axis in ("lon", "lat"))
    point = shapely.Point(float(site["lon"]), float(site["lat"]))
    # Coasts are drawn coarsely: a post on a spit may stand a few kilometres out.
    assert min(area.distance(point) for area in areas.values()) < 0.05


@pytest.mark.parametrize("record", cases(*LAYERS))
def test_coordinates_have_five_decimals_at_most(record):
    corners = shapely.get_coordinates(geometry(record))
    assert abs(corners - corners.round(5)).max() == 0


@pytest.mark.parametrize("area", cases("areas.geojson"))
def test_the_name_of_an_area_stands_inside_it(area, areas, drawn):
    assert areas[area["id"]].contains(shapely.Point(area["label"]))
    assert drawn[area["id"]].contains(shapely.Point(area["label"]))


@pytest.mark.parametrize("tolerance", [0.003, DRAWN_TOLERANCE, 0.01])
def test_simplified_areas_neither_overlap_nor_leave_a_gap(atlas, tolerance):
    assert_seamless(list(simplified(atlas.areas, tolerance).geometry))


def test_areas_neither_overlap_nor_leave_a_gap(atlas, areas):
    assert misfits(atlas.areas) == []
    assert_seamless(list(areas.values()))


def assert_seamless(shapes):
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    whole = shapely.union_all(shapes)
    assert whole.area == pytest.approx(shapely.area(shapes).sum(), rel=1e-9)
    assert [ring.wkt for part in shapely.get_parts(whole) for ring in part.interiors] == []


@pytest.mark.parametrize(("one", "other"), NEIGHBOURS)
def test_neighbours_share_an_edge_vertex_for_vertex(areas, drawn, one, other):
    for shapes in (areas, drawn):
        shared = shapely.line_merge(shapes[one].boundary.intersection(shapes[other].boundary))
        corners = set(map(tuple, shapely.get_coordinates(shared)))
        assert shared.length > 0
        assert corners <= set(map(tuple, shapely.get_coordinates(shapes[one])))
        assert corners <= set(map(tuple, shapely.get_coordinates(shapes[other])))


@pytest.mark.parametrize("town", TOWNS)
def test_a_town_lies_in_its_area_as_recorded_and_as_drawn(atlas, drawn, town):
    (place,) = (place for place in atlas.gazetteer.places if place.id == town)
    assert area_at(atlas.areas, place.lon, place.lat).id == TOWNS[town]
    at = shapely.Point(place.lon, place.lat)
    assert [key for key, shape in drawn.items() if shape.covers(at)] == [TOWNS[town]]


@pytest.mark.parametrize("line", cases("lines.geojson", "basemap/borders.geojson"))
def test_a_boundary_runs_along_the_edges_of_areas(line, edges):
    if line["id"] in OFF_THE_EDGES:
        assert geometry(line).difference(edges).length > 1
    else:
        assert geometry(line).difference(edges).length < 1e-9


@pytest.mark.parametrize("line", cases("lines.geojson"))
def test_a_boundary_does_not_cross_itself(line):
    assert geometry(line).is_simple


def test_the_mainland_east_of_the_ussuri_measures_311000_km2(areas):
    assert measure(areas["ussuri-coast"]).mainland_km2 == pytest.approx(311_000, rel=0.01)


def test_sakhalin_measures_75500_km2(areas):
    whole = measure(areas["sakhalin-north"]).km2 + measure(areas["sakhalin-south"]).km2
    assert whole == pytest.approx(75_500, rel=0.01)


def test_the_crest_of_the_stanovoy_range_spans_121_to_135_degrees_east(atlas):
    (crest,) = (line for line in atlas.lines if line.id == "stanovoy-crest")
    west, south, east, north = crest.geometry.bounds
    assert (west, east) == (121, 135)
    assert 54 < south < north < 57


def test_the_jingxin_strip_is_chinese(atlas, drawn):
    assert area_at(atlas.areas, *IN_JINGXIN_STRIP).id == "manchuria"
    assert drawn["manchuria"].covers(shapely.Point(IN_JINGXIN_STRIP))


def test_three_borders_and_three_areas_meet_at_post_t_on_the_tumen(atlas, areas):
    post = shapely.Point(POST_T)
    ending = {border.id for border in atlas.basemap.borders if border.geometry.boundary.covers(post)}
    assert ending == {"russia-china", "russia-north-korea", "china-north-korea"}
    assert {key for key, area in areas.items() if area.covers(post)} == {"korea", "jingxin", "ussuri-coast"}


@pytest.mark.parametrize("key", ["russia-north-korea", "line-1860-tumen", "tumen"])
def test_the_boundary_on_the_tumen_runs_on_from_post_t_without_a_kink(atlas, key):
    records = (*atlas.basemap.borders, *atlas.basemap.rivers, *atlas.lines)
    (found,) = (each for each in records if each.id == key)
    corners = list(found.geometry.coords)
    lower = corners[max(corners.index(POST_T) - 1, 0) :]
    headings = [math.atan2(y1 - y0, x1 - x0) for (x0, y0), (x1, y1) in pairwise(lower)]
    turns = [abs(math.remainder(after - before, math.tau)) for before, after in pairwise(headings)]
    assert len(turns) >= 6
    assert max(turns) < math.radians(80)


# The eight places


def test_only_three_of_the_eight_places_lie_in_the_tract_of_1860(atlas, areas):
    shapes = areas | {line.id: line.geometry for line in atlas.lines}
    tract = areas["ussuri-coast"]
    found = set()
    for place in atlas.gazetteer.places:
        extent = [shapes[key] for key in place.features] or [shapely.Point(place.lon, place.lat)]
        if any(not each.touches(tract) and each.intersects(tract) for each in extent):
            found.add(place.id)
    assert found == IN_TRACT_OF_1860
    assert {place.id for place in atlas.gazetteer.places if place.act == "peking-1860"} == IN_TRACT_OF_1860


@pytest.mark.parametrize("place", ids("places.csv"))
def test_the_account_points_at_each_of_the_eight_places_as_a_place(atlas, place):
    assert [m for m in atlas.annotations if m.type == "place" and m.targets == (place,)]


def test_nikolayevsk_is_the_one_on_the_amur(atlas):
    (place,) = (place for place in atlas.gazetteer.places if place.id == "nikolayevsk-on-amur")
    assert (place.wikidata, place.geonames) == ("Q173037", "2122850")


@pytest.mark.parametrize("file", FILES)
def test_the_ids_of_nikolayevsk_on_the_volga_appear_nowhere(file):
    assert not re.search(rb"\b(Q173026|521874)\b", (DATA_DIR / file).read_bytes())


# Dates


def day_number(year, month, day):
    """Return the Julian day of a date of the Julian calendar, by the rule of its leap years."""
    shift = (14 - month) // 12
    years = year + 4800 - shift
    return day + (153 * (month + 12 * shift - 3) + 2) // 5 + 365 * years + years // 4 - 32083


@pytest.mark.parametrize("act", [case for case in cases("acts.csv") if case.values[0]["julian"]])
def test_a_julian_date_is_the_same_day_as_the_gregorian_one(act):
    number = day_number(*map(int, act["julian"].split("-")))
    assert date.fromordinal(number - 1721425).isoformat() == act["date"]


@pytest.mark.parametrize("act", cases("acts.csv"))
def test_an_act_of_the_russian_empire_has_a_julian_date_and_no_other_has(act):
    one_day = "/" not in act["date"]
    assert bool(act["julian"]) == (one_day and act["date"] < "1918" and "Russia" in act["parties"])


@pytest.mark.parametrize("record", cases("lines.geojson", "sites.csv", "polities.csv"))
def test_what_comes_and_goes_does_so_on_days_that_the_map_can_show(record):
    if record.get("kind") == "island":
        assert record["dates"] == ""
        return
    span = parse_span(record["dates"])
    assert span.end is None or span.end >= FIRST_DAY
    assert span.start is None or span.start <= date.today()


@pytest.mark.parametrize("line", cases("lines.geojson"))
def test_a_boundary_was_in_force_from_its_act_on(line, atlas):
    (act,) = (act for act in atlas.acts if act.id == line["act"])
    start = parse_span(line["dates"]).start
    # Stretches that the protocols of 1861 and 1886 only described are those of the treaty of 1860.
    described = act.id in ("khanka-1861", "hunchun-1886") and start == date(1860, 11, 14)
    assert start >= act.date.start or described


@pytest.mark.parametrize("holding", cases("holdings.csv"))
def test_a_state_begins_on_the_day_of_its_act_or_later_or_says_what_began_it(holding, atlas):
    if holding["act"]:
        (act,) = (act for act in atlas.acts if act.id == holding["act"])
        assert date.fromisoformat(holding["from"]) >= act.date.start
    else:
        assert len(holding["note"].strip()) > 20


@pytest.mark.parametrize("holding", cases("holdings.csv"))
def test_a_state_is_held_by_some_and_claimed_by_others(holding):
    holders, claimants = holding["holders"].split(), holding["claimants"].split()
    assert len({*holders, *claimants}) == len(holders) + len(claimants)
    assert holders or holding["status"] == "undelimited"
    assert bool(claimants) == (holding["status"] in ("disputed", "enclave", "occupied")) or (
        # Nobody speaks for Korea in 1945: Japan had given it up.
        (holding["area"], holding["from"]) == ("korea", "1945-08-24")
    )


def test_every_state_holds_or_claims_something(atlas):
    named = {name for record in atlas.holdings.records for name in (*record.holders, *record.claimants)}
    assert named == set(atlas.holdings.polities)


def test_the_forms_of_a_state_follow_one_another_in_time(atlas):
    # Those that stood side by side, in the civil war and in the months of 1912.
    together = {"russia-civil-war", "far-eastern-republic", "rsfsr", "qing", "roc"}
    for family in ("russia", "china", "japan", "korea", "mongolia"):
        forms = [form for form in atlas.holdings.polities.values() if form.family == family]
        for before, after in pairwise(form for form in forms if form.id not in together):
            assert before.dates.end < after.dates.start, (before.id, after.id)


# Rival readings


QUESTIONS = {"confluence", "tumen", "gorbitsa", "seaward", "uda", "sakhalin", "banks"}


def test_each_question_that_was_left_open_has_a_drawn_reading_and_a_rival(atlas):
    assert {reading.question for reading in atlas.readings} == QUESTIONS
    for question in QUESTIONS:
        drawn = [reading.drawn for reading in atlas.readings if reading.question == question]
        assert drawn.count(True) == 1
        assert drawn.count(False) >= 1


@pytest.mark.parametrize("reading", cases("readings.geojson"))
def test_a_reading_is_somebody_s_and_says_what_it_holds(reading):
    assert reading["held_by"].strip()
    assert reading["says"].strip().endswith(".")
    assert (geometry(reading).geom_type == "Point") == reading["drawn"]


READ = {
    # The whole island.
    "sakhalin-with": (75_500, 0.01),
    # About 350 km2 between the main stem and the channel.
    "confluence-main-stem": (350, 0.2),
    # About half of the islands at Khabarovsk: figures from 170 to 174.
    "confluence-division-2008": (172, 0.1),
}


@pytest.mark.parametrize("name", READ)
def test_a_reading_moves_as_much_land_as_the_sources_say(atlas, name):
    (reading,) = (reading for reading in atlas.readings if reading.id == name)
    km2, margin = READ[name]
    assert measure(reading.geometry).km2 == pytest.approx(km2, rel=margin)


# The manifest


@pytest.mark.parametrize("entry", MANIFEST, ids=[entry["path"] for entry in MANIFEST])
def test_a_file_is_as_the_manifest_has_it(entry):
    content = (DATA_DIR / entry["path"]).read_bytes()
    assert (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}") == (entry["bytes"], entry["hash"])


def test_the_manifest_lists_every_file():
    listed = {entry["path"] for entry in MANIFEST} | {"README.md", "datapackage.json"}
    assert listed == {file for file in FILES if not file.startswith(".")}


def test_land_taken_by_arms_and_the_tumen_have_one_name_whoever_speaks(atlas):
    taken = [act for act in atlas.acts if " occupation " in act.name_en]
    assert len(taken) == 8
    for act in taken:
        words = (act.name_ru.split()[0], "占领" in act.name_zh_hans, "佔領" in act.name_zh_hant)
        assert words == ("Занятие", True, True), act.id
    river = [record.names.ru for record in (*atlas.areas, *atlas.lines) if "Tumen" in record.names.en]
    assert len(river) >= 5
    assert all("Туманн" in name and "Тумень" not in name for name in river)
