from __future__ import annotations

import csv
import io

import pytest


def only(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def rings_of(feature):
    parts = feature["geometry"]["coordinates"]
    return parts if feature["geometry"]["type"] == "Polygon" else parts[0]


@pytest.mark.parametrize(
    ("file", "name", "record", "field", "column"),
    [
        ("places.csv", "khabarovsk", "khabarovsk", "citations", "citations"),
        ("places.csv", "khabarovsk", "khabarovsk", "population_citations", "population_citations"),
        ("names.csv", "khabarovsk", "khabarovsk ", "citations", "citations"),
        ("acts.csv", "aigun-1858", "aigun-1858", "citations", "citations"),
        ("quoted_areas.csv", "aigun-zgbk", "aigun-zgbk", "citations", "citations"),
        ("sites.csv", "albazin", "albazin", "citations", "citations"),
        ("polities.csv", "qing", "qing", "citations", "citations"),
        ("holdings.csv", "uda", "uda 1689-09-06", "citations", "citations"),
        ("account/claims.csv", "c1", "c1", "citations", "citations"),
    ],
)
def test_a_citation_of_no_source_is_the_one_problem(editor, file, name, record, field, column):
    editor.row(file, name, **{column: "no-such-source[p. 1]; geonames; no-such-source[p. 2]"})
    problem = only(editor.problems())
    assert (problem.file, problem.field) == (file, field)
    assert problem.record.startswith(record)
    assert problem.message == "'no-such-source' is not in sources.json; add it there"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("areas.geojson", "mongolia"),
        ("lines.geojson", "stanovoy-crest"),
        ("readings.geojson", "uda-south"),
        ("basemap/lakes.geojson", "khanka"),
        ("basemap/rivers.geojson", "amur"),
        ("basemap/borders.geojson", "russia-china"),
        ("basemap/labels.geojson", "lake-khanka"),
    ],
)
def test_a_feature_that_cites_no_source_is_the_one_problem(editor, file, name):
    editor.feature(file, name, lambda feature: feature["properties"].update(citations="no-such-source"))
    assert only(editor.problems())[:3] == (file, name, "citations")


def test_a_relief_that_cites_no_source_is_the_one_problem(editor):
    editor.json("basemap/relief.json", lambda frame: frame.update(citations="no-such-source"))
    assert only(editor.problems())[:3] == ("basemap/relief.json", "", "citations")


@pytest.mark.parametrize(
    ("file", "name", "cells", "record", "field", "message"),
    [
        ("places.csv", "sakhalin", {"act": "no-such"}, "sakhalin", "act", "no act has the id 'no-such'"),
        (
            "places.csv",
            "sakhalin",
            {"features": "sakhalin-north no-such"},
            "sakhalin",
            "features",
            "no area or line has the id 'no-such'",
        ),
        (
            "places.csv",
            "sakhalin",
            {"within": "no-such"},
            "sakhalin",
            "within",
            "no area has the id 'no-such'",
        ),
        (
            "quoted_areas.csv",
            "aigun-zgbk",
            {"compare": "uda no-such"},
            "aigun-zgbk",
            "compare",
            "no ceded area has the id 'no-such'",
        ),
        (
            "quoted_areas.csv",
            "aigun-zgbk",
            {"compare": "uda mongolia"},
            "aigun-zgbk",
            "compare",
            "no ceded area has the id 'mongolia'",
        ),
        (
            "linking/phrases.csv",
            "treaty-of-aigun",
            {"targets": "no-such"},
            "treaty-of-aigun",
            "targets",
            "no place or area or act has the id 'no-such'",
        ),
        ("sites.csv", "albazin", {"act": "no-such"}, "albazin", "act", "no act has the id 'no-such'"),
        ("holdings.csv", "uda", {"act": "no-such"}, "uda 1689-09-06", "act", "no act has the id 'no-such'"),
        (
            "holdings.csv",
            "uda",
            {"holders": "tsardom no-such"},
            "uda 1689-09-06",
            "holders",
            "no polity has the id 'no-such'",
        ),
        (
            "holdings.csv",
            "uda",
            {"claimants": "no-such"},
            "uda 1689-09-06",
            "claimants",
            "no polity has the id 'no-such'",
        ),
    ],
)
def test_an_unknown_id_is_the_one_problem(editor, file, name, cells, record, field, message):
    editor.row(file, name, **cells)
    assert only(editor.problems()) == (file, record, field, message)


def test_a_name_of_no_place_is_the_one_problem(editor):
    editor.content(
        "names.csv", lambda content: content + b"atlantis,Atlantis,en,official,,,,,reported,geonames\n"
    )
    assert only(editor.problems()) == (
        "names.csv",
        "atlantis Atlantis",
        "place",
        "no place has the id 'atlantis'",
    )


@pytest.mark.parametrize(
    ("file", "name"), [("areas.geojson", "mongolia"), ("lines.geojson", "stanovoy-crest")]
)
def test_a_feature_of_no_act_is_the_one_problem(editor, file, name):
    editor.feature(file, name, lambda feature: feature["properties"].update(act="no-such"))
    assert only(editor.problems()) == (file, name, "act", "no act has the id 'no-such'")


def test_an_annotation_that_points_at_nothing_known_is_the_one_problem(editor):
    editor.json("account/annotations.json", lambda raw: raw["items"][0]["body"].update(source=["no-such"]))
    problem = only(editor.problems())
    assert (problem.file, problem.field) == ("account/annotations.json", "source")
    assert problem.message == "no place or area or act has the id 'no-such'"


@pytest.mark.parametrize(
    ("file", "name", "cells", "message"),
    [
        ("cues.csv", "ships", {"of": "no-such"}, "no phrase or place or area or act has the id 'no-such'"),
        ("cues.csv", "boli-of-khabarovsk", {"targets": "no-such"}, "no place or area or act has the id"),
        ("cues.csv", "ships", {"before": "", "near": ""}, "without any it would always hold"),
        ("phrases.csv", "treaty-of-1860", {"form": "1875 treaty"}, "has the form '1875 treaty' too"),
        ("phrases.csv", "amur", {"note": ""}, "the reason why nothing"),
        ("endings.csv", "ru", {"example": "Москва"}, "does not have the ending"),
        ("endings.csv", "ru", {"ending": "р|ск"}, "another row of this gender has the ending 'ск'"),
        ("endings.csv", "ru", {"gender": ""}, "a fixed word has no gender"),
    ],
)
def test_a_fault_in_what_the_linker_knows_is_the_one_problem(editor, file, name, cells, message):
    editor.row(f"linking/{file}", name, **cells)
    assert message in only(editor.problems()).message


@pytest.mark.parametrize(
    ("file", "name", "cells"),
    [
        ("acts.csv", "peking-1860", {"date": "soon"}),
        ("places.csv", "khabarovsk", {"certainty": "sure"}),
        ("polities.csv", "qing", {"family": "mars"}),
        ("sites.csv", "damansky", {"kind": "rock"}),
    ],
)
def test_a_record_at_fault_is_not_reported_again_by_those_that_name_it(editor, file, name, cells):
    editor.row(file, name, **cells)
    assert only(editor.problems())[:2] == (file, name)


@pytest.mark.parametrize(
    "file",
    [
        *("acts.csv", "places.csv", "areas.geojson", "sources.json", "lines.geojson"),
        *("holdings.csv", "polities.csv", "sites.csv", "readings.geojson", "account/claims.csv"),
        *("linking/phrases.csv", "linking/cues.csv", "linking/endings.csv"),
    ],
)
def test_a_file_that_is_lost_is_not_reported_again_by_those_that_name_its_records(editor, file):
    (editor.folder / file).write_text("", "utf-8")
    assert only(editor.problems()).file == file


@pytest.mark.parametrize("step", [0.00002, -0.00002, 0.01, -0.01])
def test_a_gap_between_areas_or_an_overlap_is_reported_for_both_neighbours(editor, atlas, step):
    shapes = {area.id: area.geometry for area in atlas.areas}
    shared = {
        tuple(c)
        for c in shapes["manchuria"].boundary.intersection(shapes["mongolia"].boundary).geoms[0].coords
    }

    def nudge(feature):
        for ring in rings_of(feature):
            for corner in ring:
                if tuple(corner) in shared and tuple(corner) not in (tuple(ring[0]), tuple(ring[-1])):
                    corner[0] += step
                    return
        raise AssertionError("no shared corner")

    editor.feature("areas.geojson", "mongolia", nudge)
    assert set(editor.problems()) == {
        ("areas.geojson", name, "geometry", "it leaves a gap to a neighbour or overlaps it")
        for name in ("manchuria", "mongolia")
    }


@pytest.mark.parametrize(
    ("lon", "lat", "found"),
    [("127.0", "47.0", "manchuria"), ("135.0", "40.0", "no area"), ("127.53", "50.9", "amur-left-bank")],
)
def test_a_town_outside_its_area_is_named(editor, lon, lat, found):
    editor.row("places.csv", "khabarovsk", lon=lon, lat=lat)
    assert only(editor.problems()) == (
        "places.csv",
        "khabarovsk",
        "within",
        f"'ussuri-coast', but the point lies in {found}",
    )


def test_a_town_without_area_is_told_where_it_lies(editor):
    editor.row("places.csv", "khabarovsk", within="")
    assert only(editor.problems()).message == "None, but the point lies in ussuri-coast"


def test_a_town_whose_act_is_not_that_of_its_area_is_named(editor):
    editor.row("places.csv", "khabarovsk", act="aigun-1858")
    assert only(editor.problems()) == (
        "places.csv",
        "khabarovsk",
        "act",
        "'aigun-1858', but its area came by 'peking-1860'",
    )


def test_a_town_that_the_drawn_outline_leaves_out_is_named(editor, atlas):
    import shapely

    from geo.territory import DRAWN_TOLERANCE

    full = next(area.geometry for area in atlas.areas if area.id == "ussuri-coast")
    outlines = shapely.coverage_simplify([area.geometry for area in atlas.areas], DRAWN_TOLERANCE)
    drawn = outlines[[area.id for area in atlas.areas].index("ussuri-coast")]
    lost = max(shapely.difference(full, drawn).geoms, key=lambda part: part.area).representative_point()
    editor.row("places.csv", "khabarovsk", lon=str(lost.x), lat=str(lost.y))
    assert only(editor.problems())[1:] == (
        "khabarovsk",
        "within",
        "the drawn outline of ussuri-coast leaves the town out",
    )


def test_numbers_other_than_one_to_eight_are_reported(editor):
    editor.row("places.csv", "khabarovsk", number="4")
    problem = only(editor.problems())
    assert problem[:3] == ("places.csv", "", "number")
    assert "the rule lists eight places, 1 to 8" in problem.message


def test_a_place_left_out_is_reported_by_its_names_and_its_number(editor):
    text = (editor.folder / "places.csv").read_text("utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith("sakhalin,")]
    (editor.folder / "places.csv").write_text("".join(kept), "utf-8")
    problems = editor.problems()
    assert ("places.csv", "", "number") in [problem[:3] for problem in problems]
    assert "no place has the id 'sakhalin'" in {problem.message for problem in problems}


@pytest.mark.parametrize(
    ("julian", "message"),
    [
        ("1858-05-17", "1858-05-17 in the Julian calendar is 1858-05-29, not 1858-05-28"),
        ("1858-05-28", "1858-05-28 in the Julian calendar is 1858-06-09, not 1858-05-28"),
        ("1858-13-01", "'1858-13-01' is no day: month must be in 1..12"),
        ("9999-12-31", "'9999-12-31' is no day: date value out of range"),
    ],
)
def test_a_slip_between_the_calendars_is_named(editor, julian, message):
    editor.row("acts.csv", "aigun-1858", julian=julian)
    assert only(editor.problems()) == ("acts.csv", "aigun-1858", "julian", message)


def test_an_act_without_date_is_named(editor):
    editor.row("acts.csv", "aigun-1858", date="")
    assert only(editor.problems()) == ("acts.csv", "aigun-1858", "date", "an act needs a date")


def test_an_id_that_two_kinds_of_record_share_is_named(editor):
    editor.feature(
        "lines.geojson", "line-1860-hubtu", lambda line: line["properties"].update(id="khabarovsk")
    )
    problem = only(editor.problems())
    assert (problem.file, problem.record, problem.field) == ("lines.geojson", "khabarovsk", "id")
    assert "places.csv has this id too" in problem.message


@pytest.mark.parametrize(
    ("place", "features", "wanted"),
    [("sakhalin", "", "name the areas or lines"), ("nerchinsk", "uda", "name none, it is a point")],
)
def test_an_island_without_a_shape_and_a_town_with_one_are_named(editor, place, features, wanted):
    editor.row("places.csv", place, features=features)
    problem = only(editor.problems())
    assert (problem.file, problem.record, problem.field) == ("places.csv", place, "features")
    assert wanted in problem.message


def test_a_relief_turned_upside_down_and_a_label_shown_nowhere_are_named(editor):
    editor.json("basemap/relief.json", lambda frame: frame.update(bounds=[105.0, 60.0, 149.2, 39.0]))
    editor.feature(
        "basemap/labels.geojson",
        "town-harbin",
        lambda label: label["properties"].update(minzoom=9, maxzoom=4),
    )
    messages = sorted(problem.message for problem in editor.problems())
    assert len(messages) == 2
    assert "west, south, east, north" in messages[0]
    assert "minzoom 9 is above maxzoom 4" in messages[1]


# Holdings


HOLDINGS = "holdings.csv"


def add_row(editor, row):
    editor.content(HOLDINGS, lambda content: content + row.encode() + b"\n")


def test_a_holding_of_no_area_is_the_one_problem(editor):
    add_row(editor, "atlantis,1689-09-06,..,,,undelimited,,Nobody knows,conjectural,own-reading")
    assert only(editor.problems()) == (
        HOLDINGS,
        "atlantis 1689-09-06",
        "area",
        "no area or island has the id 'atlantis'",
    )


def set_cells(editor, name, cells):
    """Set cells of the holding that is named by its area and its first day."""
    path = editor.folder / HOLDINGS
    head, *rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
    (row,) = (row for row in rows if " ".join(row[:2]) == name)
    for column, cell in cells.items():
        row[head.index(column)] = cell
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *rows])


@pytest.mark.parametrize(
    ("name", "cells", "record", "field", "words"),
    [
        ("uda 1689-09-06", {"to": "1721-10-31"}, "uda 1721-11-02", "from", "a gap after 1721-10-31"),
        ("uda 1721-11-02", {"from": "1722-11-02"}, "uda 1722-11-02", "from", "a gap after 1721-11-01"),
        ("uda 1858-05-28", {"from": "1858-05-27"}, "uda 1858-05-27", "from", "it overlaps the row before"),
        ("uda 1689-09-06", {"from": "1689-09-07"}, "uda 1689-09-07", "from", "starts on 1689-09-06"),
        ("uda 1689-09-06", {"from": "1688-01-01"}, "uda 1688-01-01", "from", "starts on 1689-09-06"),
        ("uda 1991-12-26", {"to": "2020-01-01"}, "uda 1991-12-26", "to", "the last row of an area lasts to"),
        ("uda 1991-12-26", {"to": "2400-01-01"}, "uda 1991-12-26", "to", "the last row of an area lasts to"),
        (
            "ussuri-coast 1858-05-28",
            {"holders": "qing"},
            "ussuri-coast 1858-05-28",
            "holders",
            "'common' needs at least 2",
        ),
        (
            "jingxin 1886-07-04",
            {"claimants": "russian-empire"},
            "jingxin 1886-07-04",
            "claimants",
            "'held' has none; is the status right?",
        ),
        (
            "uda 1858-05-28",
            {"claimants": ""},
            "uda 1858-05-28",
            "claimants",
            "'disputed' needs one; is the status right?",
        ),
        (
            "ussuri-coast 1858-05-28",
            {"holders": "qing qing"},
            "ussuri-coast 1858-05-28",
            "holders",
            "qing stands twice in one row",
        ),
        (
            "uda 1860-11-14",
            {"holders": "soviet-union"},
            "uda 1860-11-14",
            "holders",
            "soviet-union existed 1922-12-30/1991-12-25 only, not on all days of this row",
        ),
    ],
)
def test_a_fault_of_a_holding_is_the_one_problem(editor, name, cells, record, field, words):
    set_cells(editor, name, cells)
    problem = only(editor.problems())
    assert problem[:3] == (HOLDINGS, record, field)
    assert words in problem.message


def test_a_span_that_runs_backwards_is_named_among_the_holdings(editor):
    set_cells(editor, "uda 1858-05-28", {"to": "1857-11-13"})
    assert (HOLDINGS, "uda 1858-05-28", "to", "it ends on 1857-11-13, before it starts") in editor.problems()


@pytest.mark.parametrize("name", ["uda", "korea", "damansky"])
def test_an_area_or_islet_that_nobody_holds_is_the_one_problem(editor, name):
    editor.content(
        HOLDINGS,
        lambda content: b"".join(
            line for line in content.splitlines(keepends=True) if not line.startswith(f"{name},".encode())
        ),
    )
    assert only(editor.problems()) == (
        HOLDINGS,
        name,
        "",
        "nobody holds it; add a row from 1689-09-06 to `..`",
    )


def test_a_holding_that_cannot_be_read_leaves_no_gap_behind_it(editor):
    set_cells(editor, "uda 1858-05-28", {"from": "1858-02-30"})
    problem = only(editor.problems())
    assert (problem.file, problem.field) == (HOLDINGS, "from")
    assert "'1858-02-30' is no day" in problem.message


# Rival readings


def test_two_drawn_readings_of_a_question_are_named_together(editor):
    editor.feature("readings.geojson", "uda-south", lambda reading: reading["properties"].update(drawn=True))
    problem = only(editor.problems())
    assert (problem.file, problem.field) == ("readings.geojson", "drawn")
    assert problem.record == "uda-north, uda-south"
    assert problem.message == "of the question 'uda', 2 readings are drawn; one would do"


def test_a_question_of_which_no_reading_is_drawn_is_named(editor):
    editor.feature("readings.geojson", "uda-north", lambda reading: reading["properties"].update(drawn=False))
    assert only(editor.problems()).message == "of the question 'uda', 0 readings are drawn; one would do"


def test_a_reading_in_which_a_line_changes_side_is_named(editor):
    editor.feature(
        "readings.geojson",
        "seaward-north-east",
        lambda reading: reading["properties"].update(side="russia"),
    )
    assert only(editor.problems()) == (
        "readings.geojson",
        "seaward-north-east",
        "side",
        "'russia' with a LineString; only a polygon changes side",
    )


# Claims


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"exact": "words that nobody wrote"}, "0 times in p3"),
        ({"passage": "p4"}, "0 times in p4"),
        ({"passage": "p99"}, "0 times in p99"),
        ({"exact": "late"}, "2 times in p3"),
    ],
)
def test_a_claim_whose_words_do_not_stand_once_in_its_passage_is_the_one_problem(editor, cells, found):
    editor.text("account/account.md", "unknown till then", "unknown until late")
    editor.row("account/claims.csv", "c2", **cells)
    problem = only(editor.problems())
    assert problem[:3] == ("account/claims.csv", "c2", "exact")
    assert problem.message == f"found {found}; quote words that stand there once"


def test_claims_are_left_alone_where_the_mentions_of_the_account_cannot_be_read(editor):
    editor.json("account/annotations.json", lambda raw: raw["items"][0].update(motivation="guessing"))
    assert only(editor.problems()).file == "account/annotations.json"


# Ids


@pytest.mark.parametrize(
    ("file", "name", "taken", "home"),
    [
        ("sites.csv", "albazin", "khabarovsk", "places.csv"),
        ("sites.csv", "albazin", "uda", "areas.geojson"),
        ("sites.csv", "albazin", "stanovoy-crest", "lines.geojson"),
        ("sites.csv", "albazin", "aigun-1858", "acts.csv"),
        ("readings.geojson", "uda-south", "damansky", "sites.csv"),
        ("readings.geojson", "uda-south", "peking-1860", "acts.csv"),
    ],
)
def test_an_id_that_a_site_or_a_reading_shares_with_another_kind_is_named(editor, file, name, taken, home):
    if file.endswith(".csv"):
        editor.row(file, name, id=taken)
    else:
        editor.feature(file, name, lambda feature: feature["properties"].update(id=taken))
    assert only(editor.problems()) == (file, taken, "id", f"{home} has this id too; choose another")


@pytest.mark.parametrize(
    ("form", "change", "field", "message"),
    [
        ("Bólì", {"reads": "伯力 海参崴"}, "reads", "'海参崴' is no name of khabarovsk; write its forms"),
        ("Bóhélī", {"reads": " "}, "reads", "found none; write the forms that it says"),
        ("Хабаровск", {"note": ""}, "note", "found none; tell the origin that is so sure"),
    ],
)
def test_a_reading_of_no_name_and_an_origin_untold_are_problems(editor, form, change, field, message):
    def rewrite(content):
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        next(row for row in rows if row["place"] == "khabarovsk" and row["form"] == form).update(change)
        written = io.StringIO()
        table = csv.DictWriter(written, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        return written.getvalue().encode()

    editor.content("names.csv", rewrite)
    problem = only(editor.problems())
    assert (problem.file, problem.record, problem.field) == ("names.csv", f"khabarovsk {form}", field)
    assert problem.message.startswith(message)
