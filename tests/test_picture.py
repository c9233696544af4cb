"""Pictures of views: what is in them, and that a file of one is written whole or refused in a sentence."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pypdf
import pytest
from PIL import Image
from pyproj import Geod

from geo.errors import ExportError
from geo.language import TRANSLATED, interface
from geo.language.phrases import in_python
from geo.layers import HOME, compose_layers
from geo.picture import check_target, compose_picture, lettering, write_picture
from geo.picture.drawing import Look, clean, marks, path_data
from geo.picture.layout import PAPERS, Sheet
from geo.picture.lettering import Font, Lettering
from geo.picture.mapping import MapFace
from geo.picture.naming import STATES, wishes
from geo.picture.projection import PROJECTIONS, window_around, window_at
from geo.stylesheet import StyleSheet, page_style
from geo.view import LANGS, LAYERS, Position, View, suggest_name

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "geo" / "static"
IN_COMMON = date(1859, 6, 1)
DAYS = (date(1700, 1, 1), IN_COMMON, date(1934, 1, 1), date(2024, 1, 1))
SVG = "{http://www.w3.org/2000/svg}"
WITHOUT_RELIEF = tuple(layer for layer in LAYERS if layer != "relief")
HOSTILE = (
    '</text><script>alert(1)</script>&amp;\u202e]]>\x00\x1b{{1337*1337}}"\'<!--\ud800 #read("/etc/passwd")'
)


@pytest.fixture(scope="module")
def layers(atlas):
    return compose_layers(atlas)


@pytest.fixture(scope="module")
def draw(atlas, layers):
    """Return pictures, each drawn once."""
    known = {}

    def drawn(view, sheet=None):
        if (view, sheet) not in known:
            known[view, sheet] = compose_picture(atlas, view, sheet, layers)
        return known[view, sheet]

    return drawn


def root_of(picture):
    return ET.fromstring(picture.svg)


def ids_of(root):
    return {element.get("id") for element in root.iter() if element.get("id")}


def texts_of(root):
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def area_states(root):
    return {
        path.get("id").removeprefix("area-"): (
            path.get("data-status"),
            tuple((path.get("data-holders") or "").split()),
            tuple((path.get("data-claimants") or "").split()),
        )
        for path in root.iter(f"{SVG}path")
        if (path.get("id") or "").startswith("area-")
    }


# What is drawn


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_states_of_the_areas_are_those_of_the_holdings(atlas, draw, day):
    view = View(date=day, layers=("areas",), position=Position(3.5, 49.5, 127))
    drawn = area_states(root_of(draw(view)))
    held = {area.id: atlas.holdings.on(area.id, day) for area in atlas.areas}
    assert drawn == {name: (state.status, state.holders, state.claimants) for name, state in held.items()}


def test_without_a_date_no_area_has_a_state(draw):
    states = area_states(root_of(draw(View(layers=("areas",), position=Position(3.5, 49.5, 127)))))
    assert states
    assert {state for state, _, _ in states.values()} == {None}


def test_the_common_possession_is_hatched_in_the_tints_of_both(draw):
    root = root_of(draw(View(date=IN_COMMON)))
    coast = next(path for path in root.iter(f"{SVG}path") if path.get("id") == "area-ussuri-coast")
    assert "fill: url(#paint-common-russia-china)" in coast.get("style")
    pattern = next(
        each for each in root.iter(f"{SVG}pattern") if each.get("id") == "paint-common-russia-china"
    )
    assert [tile.get("class") for tile in pattern] == ["tint-russia", "tint-china"]
    assert pattern.get("patternTransform") == "rotate(45)"


@pytest.mark.parametrize("day", [None, *DAYS], ids=str)
def test_every_paint_that_is_used_is_defined(draw, day):
    picture = draw(View(date=day))
    assert set(re.findall(r"url\(#([\w-]+)\)", picture.svg)) <= ids_of(root_of(picture))


RECIPES = (
    "common: [12, 45, (a, ...others) => [rect(a, 0, 0, 12, 12), "
    "...stripes(others, 12, 12 / (others.length + 1))]],",
    'undelimited: [12, 0, (a, b) => [rect("land", 0, 0, 12, 12), disc(a, 3, 3, 2), disc(b, 9, 9, 2)]],',
    "occupied: [9, -45, (a, ...others) => [rect(a, 0, 0, 9, 9), ...stripes(others, 9, 2.4)]],",
    "enclave: [9, 0, (a, b) => [rect(a, 0, 0, 9, 9), disc(b, 4.5, 4.5, 1.8)]],",
    "disputed: [9, 0, (a, b, c = b) => [rect(a, 0, 0, 9, 9), rect(b, 0, 0, 9, 1.3), rect(c, 0, 0, 1.3, 9)]],",
    "n * Math.max(width, tile / (tints.length + 1)), 0, width, tile",
)


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_patterns_are_made_by_the_recipes_of_the_page(recipe):
    script = (STATIC / "paint.js").read_text("utf-8")
    assert recipe in script, "change `geo.picture.drawing.marks` with it"


@pytest.mark.parametrize(
    ("status", "tints", "drawn"),
    [
        ("common", "ab", [("rect", "a", (0, 0, 12, 12)), ("rect", "b", (0, 0, 6, 12))]),
        ("occupied", "ab", [("rect", "a", (0, 0, 9, 9)), ("rect", "b", (0, 0, 2.4, 9))]),
        (
            *("occupied", "abc"),
            [("rect", "a", (0, 0, 9, 9)), ("rect", "b", (0, 0, 2.4, 9)), ("rect", "c", (3, 0, 2.4, 9))],
        ),
        ("enclave", "ab", [("rect", "a", (0, 0, 9, 9)), ("circle", "b", (4.5, 4.5, 1.8))]),
        (
            *("disputed", "ab"),
            [("rect", "a", (0, 0, 9, 9)), ("rect", "b", (0, 0, 9, 1.3)), ("rect", "b", (0, 0, 1.3, 9))],
        ),
        (
            *("disputed", "abc"),
            [("rect", "a", (0, 0, 9, 9)), ("rect", "b", (0, 0, 9, 1.3)), ("rect", "c", (0, 0, 1.3, 9))],
        ),
        (
            *("undelimited", "ab"),
            [("rect", "land", (0, 0, 12, 12)), ("circle", "a", (3, 3, 2)), ("circle", "b", (9, 9, 2))],
        ),
    ],
)
def test_a_pattern_holds_the_tints_of_all_who_share_or_contest(status, tints, drawn):
    assert marks(status, *tints) == drawn


def test_the_words_on_the_map_are_those_of_the_page():
    scripts = "".join((STATIC / name).read_text("utf-8") for name in ("map.js", "chronicle.js"))
    assert all(f'{state}: T("{words}")' in scripts for state, words in STATES.items())


def test_the_style_sheet_of_a_picture_has_no_variables_left(draw):
    style = root_of(draw(View())).find(f".//{SVG}style").text
    assert "var(" not in style
    assert "light-dark(" not in style
    assert ":hover" not in style
    assert ".area.peking { fill: #b8433a }" in style


def test_media_queries_and_comments_are_left_out_of_the_style_sheet():
    sheet = StyleSheet(
        ":root { --a: light-dark(#111111, #222222); --b: var(--a) } /* .line { fill: red } */"
        "@media print { .line { stroke: red } @supports (x: y) { .area { fill: red } } }"
        ".line { stroke: var(--b) }"
    )
    assert sheet.shapes() == ".line { stroke: #111111 }"


def test_an_excerpt_of_the_style_sheet_keeps_variables_and_both_themes():
    sheet = StyleSheet(
        ":root { --a: light-dark(#111111, #222222) } .key, .b { fill: var(--a) } p { margin: 0 }"
    )
    kept = ":root { --a: light-dark(#111111, #222222) }\n.key { fill: var(--a) }"
    assert sheet.excerpt(":root", ".key") == kept


def test_lines_that_were_in_force_on_the_day_are_drawn_and_no_others(atlas, draw):
    root = root_of(draw(View(date=IN_COMMON, layers=("lines",), position=Position(3.5, 49.5, 127))))
    force = [line for line in atlas.lines if line.dates is None or _holds(line.dates, IN_COMMON)]
    drawn = {name.removeprefix("line-") for name in ids_of(root) if name.startswith("line-")}
    assert drawn == {line.id for line in force}
    assert len(force) < len(atlas.lines)


def test_the_names_are_those_in_force_on_the_day(draw):
    texts = texts_of(root_of(draw(View(date=IN_COMMON))))
    assert "Khabarovka" in texts
    assert "Khabarovsk" not in texts
    assert "Vladivostok" not in texts
    assert {"2", "1"} <= set(texts)


def test_posts_are_shown_on_the_days_when_they_stood(draw):
    view = View(date=date(1700, 1, 1), layers=("sites",), position=Position(5, 50, 133))
    before, after = (
        {name for name in ids_of(root_of(draw(each))) if name.startswith("site-")}
        for each in (view, replace(view, date=IN_COMMON))
    )
    assert "site-mariinsky" in after - before


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer not in ("places", "sites", "towns")])
def test_a_layer_is_drawn_if_it_is_on_and_not_otherwise(draw, layer):
    assert layer in ids_of(root_of(draw(View(layers=(layer,)))))
    others = tuple(name for name in WITHOUT_RELIEF if name != layer)
    assert layer not in ids_of(root_of(draw(View(layers=others)))) or layer == "relief"


def test_the_opacity_of_the_areas_is_that_of_the_view(draw):
    root = root_of(draw(View(layers=("areas",), opacity=0.4)))
    assert root.find(".//*[@id='areas']").get("opacity") == "0.4"


def test_rival_readings_are_drawn_when_asked_for(draw):
    root = root_of(draw(View(readings=("uda-south",), layers=("areas",))))
    assert "reading-uda-south" in ids_of(root)
    assert "reading-gorbitsa-amazar" not in ids_of(root)
    assert "Rival readings" in texts_of(root)


def test_what_is_selected_stands_out_and_is_where_the_map_goes(draw):
    root = root_of(draw(View(place=("sakhalin",), layers=("areas", "places"))))
    chosen = {path.get("id") for path in root.iter(f"{SVG}path") if " selected" in (path.get("class") or "")}
    assert chosen == {"area-sakhalin-north", "area-sakhalin-south"}
    assert "selected: Sakhalin" in texts_of(root)


def test_two_days_are_drawn_on_the_sides_of_a_divider(atlas, draw):
    root = root_of(draw(View(date=IN_COMMON, compare=date(1934, 1, 1), layers=("areas",))))
    sides = {side: root.find(f".//*[@id='areas-{side}']") for side in ("left", "right")}
    for side, day in (("left", IN_COMMON), ("right", date(1934, 1, 1))):
        uda = sides[side].find(f"*[@id='areas-{side}-uda']")
        assert uda.get("data-holders") == " ".join(atlas.holdings.on("uda", day).holders)
        assert sides[side].get("clip-path") == f"url(#half-{side})"
    assert "divider" in ids_of(root)


# What stands around the map


@pytest.mark.parametrize("lang", LANGS)
def test_title_date_legend_scale_sources_licence_and_versions_are_there(atlas, draw, lang):
    picture = draw(View(date=IN_COMMON, lang=lang))
    root, text = root_of(picture), " ".join(texts_of(root_of(picture)))
    assert root.get("lang") == lang
    assert root.find(f"{SVG}title").text == picture.title
    assert {"map", "legend", "scale-bar", "foot"} <= ids_of(root)
    for said in (
        "1859",
        "CC BY 4.0",
        atlas.version,
        atlas.digest[:12],
        "44",
        "Natural Earth",
        interface(lang).say("km"),
    ):
        assert said in text
    assert interface(lang).say("Sources of what is shown") in text
    assert all(line.get("lang") in (lang, None) for line in root.iter(f"{SVG}text"))


def test_the_date_stands_in_words_in_each_language(draw):
    wanted = {
        "en": "1 June 1859",
        "ru": "1 июня 1859\xa0г.",
        "zh-Hans": "1859年6月1日",
        "zh-Hant": "1859年6月1日",
    }
    for lang, words in wanted.items():
        assert words in draw(View(date=IN_COMMON, lang=lang)).title


def test_the_legend_tells_of_what_the_window_shows_and_of_nothing_else(draw):
    whole = texts_of(root_of(draw(View(date=IN_COMMON))))
    assert "Joseon" in whole
    north = View(date=IN_COMMON, position=Position(6, 56, 120))
    assert "Joseon" not in texts_of(root_of(draw(north)))
    assert not any("Lake" in text for text in texts_of(root_of(draw(View(layers=("areas",))))))


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_text_of_the_legend_is_known_in_every_language(atlas, layers, lang):
    texts = {layer.title for layer in layers} | {entry.text for layer in layers for entry in layer.legend}
    assert texts - set(atlas.translations[lang].forms) == set()
    module = "geo/picture/legend.py"
    phrases = {each.english for each in in_python((ROOT / module).read_text("utf-8"), module)}
    assert len(phrases) > 20
    assert phrases - set(interface(lang).forms) == set()


@pytest.mark.parametrize("projection", PROJECTIONS)
@pytest.mark.parametrize("position", [Position(5, 48, 131), Position(7.5, 43.1, 131.9)])
def test_the_scale_bar_is_true_at_the_centre(atlas, layers, projection, position):
    picture = compose_picture(
        atlas, View(layers=("areas",), position=position), Sheet("a4", projection=projection), layers
    )
    root = root_of(picture)
    km = float(root.find(".//*[@id='scale']").get("data-km"))
    pixels = float(root.find(".//*[@id='scale-bar']").get("d").partition("h")[2])
    edge = root.find(".//*[@id='edge']")
    window = window_at(projection, (float(edge.get("width")), float(edge.get("height"))), position)
    (lon, lat), (lon2, lat2) = (
        window.degrees(window.width / 2 + side * pixels / 2, window.height / 2) for side in (-1, 1)
    )
    assert Geod(ellps="WGS84").inv(lon, lat, lon2, lat2)[2] / 1000 == pytest.approx(km, rel=2e-3)


def test_an_online_basemap_is_named_as_left_out(atlas, layers):
    picture = compose_picture(atlas, View(layers=("areas",), basemap="OpenTopoMap"), None, layers)
    assert picture.warnings == (
        "The online basemap OpenTopoMap is not in the picture, which asks no network.",
    )


# Projections


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_a_pixel_and_its_degrees_agree(projection):
    window = window_around(projection, (1000, 700), HOME)
    for lon, lat in ((115, 42), (130, 50), (145, 57)):
        assert window.degrees(*window.pixel(lon, lat)) == pytest.approx((lon, lat), abs=1e-7)


def test_the_home_extent_lies_in_the_window():
    west, south, east, north = HOME
    for projection in PROJECTIONS:
        window = window_around(projection, (1000, 700), HOME)
        for lon, lat in itertools.product((west, east, 130), (south, north)):
            x, y = window.pixel(lon, lat)
            assert -0.01 <= x <= 1000.01
            assert -0.01 <= y <= 700.01


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_a_position_shows_the_scale_and_the_centre_of_the_page(projection):
    window = window_at(projection, (1000, 700), Position(6.5, 48.4, 135))
    assert window.degrees(500, 350) == pytest.approx((135, 48.4), abs=1e-6)
    assert window.zoom == 6.5


def test_albers_keeps_areas_equal():
    window = window_around("albers", (1000, 700), HOME)
    sizes = []
    for lat in (42, 49.5, 56.5):
        square = np.array(
            [
                window.pixel(lon, at)
                for lon, at in ((130, lat), (130.2, lat), (130.2, lat + 0.2), (130, lat + 0.2))
            ]
        )
        x, y = square.T
        drawn = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
        ground = abs(
            Geod(ellps="WGS84").polygon_area_perimeter(
                [130, 130.2, 130.2, 130], [lat, lat, lat + 0.2, lat + 0.2]
            )[0]
        )
        sizes.append(drawn / ground)
    assert max(sizes) / min(sizes) == pytest.approx(1, abs=1e-3)


# Names


@pytest.mark.parametrize("day", [None, IN_COMMON], ids=str)
@pytest.mark.parametrize("lang", LANGS)
def test_no_name_of_the_map_lies_over_another(atlas, lang, day):
    from geo.picture.labelling import _Setting, place_labels

    view = View(date=day, lang=lang)
    window = window_around("albers", (1200, 850), HOME)
    setter, wanted = Lettering(lang), {wish.id: wish for wish in wishes(atlas, view)}
    placed = place_labels(wanted.values(), window, setter, page_style(), lang)
    boxes = []
    for label in placed:
        if not label.path and not wanted[label.id].always:
            setting = _Setting(wanted[label.id], window, setter, page_style(), lang)
            boxes.append(setting._box(label.x, label.y, label.anchor))
    for (left, top, right, bottom), (left2, top2, right2, bottom2) in itertools.combinations(boxes, 2):
        assert right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
    assert len(placed) > 12
    assert all(box[0] >= 0 and box[2] <= 1200 and box[1] >= 0 and box[3] <= 850 for box in boxes)


@pytest.mark.parametrize(("day", "name"), [(IN_COMMON, "Qing Empire"), (DAYS[2], "Soviet Union")])
def test_a_state_is_named_where_one_of_its_areas_has_room_and_only_there(draw, day, name):
    assert (
        texts_of(root_of(draw(View(date=day, layers=("areas",), position=Position(5.2, 50, 130))))).count(
            name
        )
        == 2
    )


# Texts


def test_hostile_texts_are_drawn_letter_for_letter_and_as_text(atlas, layers):
    polities = dict(atlas.holdings.polities)
    polities["qing"] = polities["qing"].model_copy(update={"name_en": HOSTILE})
    hostile = replace(atlas, holdings=replace(atlas.holdings, polities=polities))
    picture = compose_picture(hostile, View(date=IN_COMMON, layers=("areas",)), None, layers)
    root = root_of(picture)
    assert root.find(f".//{SVG}script") is None
    assert "{{1337*1337}}" in "".join(texts_of(root))
    assert "script" in "".join(texts_of(root))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e\ud800-\udfff]", picture.svg)
    assert picture.content(".pdf").startswith(b"%PDF")


def test_what_is_never_seen_is_taken_out_of_a_text():
    assert clean("a\x00b\u202ec\u200bd\ud800e\nf") == "abcde f"


def test_ids_are_unique(draw):
    for view in (View(), View(date=IN_COMMON, compare=date(1934, 1, 1), lang="zh-Hant")):
        found = [element.get("id") for element in root_of(draw(view)).iter() if element.get("id")]
        assert len(found) == len(set(found))


def test_every_address_in_a_picture_is_within_it(draw):
    addresses = re.findall(r'(?:href|src)="([^"]{0,30})', draw(View()).svg)
    assert addresses
    assert all(address.startswith(("#", "data:image/png;base64,")) for address in addresses)


# Fonts


def test_a_script_without_a_font_is_named_in_one_sentence_with_its_package(atlas, layers, monkeypatch):
    here = lettering._shelf()
    western = {
        family: fonts for family, fonts in here.items() if not re.search("CJK|Han|Hei|Kai|Ming|Song", family)
    }
    monkeypatch.setattr(lettering, "_shelf", lambda: western)
    picture = compose_picture(atlas, View(lang="zh-Hans", layers=("areas", "places")), None, layers)
    assert len(picture.warnings) == 1
    assert re.fullmatch(
        r"Letters of the picture are in no font of this machine and may not show \(\d+ Han\); "
        r"install the package fonts-noto-cjk of Debian or Ubuntu, or Noto fonts elsewhere\.",
        picture.warnings[0],
    )


def test_a_machine_without_fonts_still_has_latin_and_cyrillic(monkeypatch):
    bare = {"Libertinus Serif": [Font("Libertinus Serif", False, 400, None, 0)]}
    monkeypatch.setattr(lettering, "_shelf", lambda: bare)
    setter = Lettering("ru")
    assert setter.width("Амур – Amur", page_style().face("town", "ru")) > 0
    assert setter.warning() == ""


def test_a_font_that_lacks_letters_is_found_out():
    setter = Lettering("en")
    setter.width("\U00020000", page_style().face("place", "en"))
    assert "1 Han" in setter.warning()


def test_text_is_broken_between_words_and_between_han_letters():
    setter, face = Lettering("en"), page_style().face("town", "en")
    lines = setter.wrap("Treaty of Peking and its supplements", face, 90)
    assert " ".join(lines) == "Treaty of Peking and its supplements"
    assert all(setter.width(line, face) <= 90 for line in lines)
    assert len(setter.wrap("黑龍江左岸地區一八五八年", face, 60)) > 1
    assert not any(line.startswith("。") for line in setter.wrap("黑龍江左岸。地區。", face, 60))


# Files


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("portrait", [False, True])
def test_a_pdf_has_the_size_of_its_paper_and_one_page(atlas, layers, paper, portrait):
    picture = compose_picture(atlas, View(layers=("areas",)), Sheet(paper, portrait), layers)
    content = picture.content(".pdf")
    box = re.findall(rb"/MediaBox\s*\[\s*([\d. ]+)\]", content)
    assert len(box) == 1
    width, height = (side / 25.4 * 72 for side in PAPERS[paper])
    asked = [0, 0, *((height, width) if portrait else (width, height))]
    assert list(map(float, box[0].split())) == pytest.approx(asked, abs=0.1)


@pytest.mark.parametrize("lang", ["ru", "zh-Hant"])
def test_another_program_reads_the_names_of_a_pdf_as_text(atlas, draw, lang):
    picture = draw(View(lang=lang, layers=("areas", "places")), Sheet("a4"))
    document = pypdf.PdfReader(io.BytesIO(picture.content(".pdf")), strict=True)
    assert len(document.pages) == 1
    assert document.metadata.title == picture.title
    text = document.pages[0].extract_text()
    assert "Natural Earth" in text
    # A range is written along its crest, letter by letter.
    towns = [place.id for place in atlas.gazetteer.places if place.kind == "town"]
    assert [town for town in towns if atlas.gazetteer.name(town, lang) not in text] == []


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_png_has_as_many_pixels_as_asked_for(draw, scale):
    picture = draw(View(layers=("areas",)), Sheet("a4"))
    with Image.open(io.BytesIO(picture.content(".png", scale))) as png:
        assert png.size == (1123 * scale, 794 * scale)
        assert len(png.convert("RGB").resize((300, 200)).getcolors(60000)) > 100


def test_a_png_shows_the_patterns_of_the_svg(draw):
    root = root_of(picture := draw(View(date=IN_COMMON, layers=("areas",), opacity=1)))
    with Image.open(io.BytesIO(picture.content(".png"))) as png:
        found = {colour for _, colour in png.convert("RGB").getcolors(1 << 24)}
    assert root is not None
    for name in ("russia", "china"):
        tint = page_style().colours[name]
        wanted = np.array([int(tint[i : i + 2], 16) for i in (1, 3, 5)])
        assert min(np.abs(np.array(list(found)) - wanted).max(axis=1)) <= 14


def test_the_same_view_gives_the_same_bytes(atlas, layers):
    view = View(date=IN_COMMON, lang="zh-Hant")
    one, two = (compose_picture(atlas, view, Sheet("a4"), layers) for _ in range(2))
    for kind in (".svg", ".png", ".pdf"):
        assert one.content(kind) == two.content(kind)


def test_an_svg_is_small_enough_to_send(draw):
    for view in (View(), View(date=DAYS[2], lang="zh-Hant", layers=tuple(LAYERS))):
        assert len(draw(view).content(".svg")) < 1_500_000


def test_a_picture_is_written_whole(draw, tmp_path):
    write_picture(draw(View(layers=("areas",))), tmp_path / "map.SVG")
    assert (tmp_path / "map.SVG").read_bytes() == draw(View(layers=("areas",))).content(".svg")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_is_there_is_refused_unless_it_may_be_replaced(draw, tmp_path):
    target, picture = tmp_path / "map.svg", draw(View(layers=("areas",)))
    target.write_bytes(b"old")
    with pytest.raises(
        ExportError, match=r"map\.svg is there already; name another file, or add --overwrite"
    ):
        write_picture(picture, target)
    assert target.read_bytes() == b"old"
    write_picture(picture, target, overwrite=True)
    assert target.read_bytes() == picture.content(".svg")


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.svg.gz", ".svg"])
def test_a_kind_that_is_none_of_ours_is_refused_before_anything_is_drawn(tmp_path, name):
    with pytest.raises(ExportError, match=r"a picture ends in \.svg, \.png or \.pdf"):
        check_target(tmp_path / name, overwrite=False)


def test_a_folder_that_is_not_there_is_refused(draw, tmp_path):
    with pytest.raises(ExportError, match="does not exist; create it first"):
        write_picture(draw(View(layers=("areas",))), tmp_path / "nowhere" / "map.svg")


def test_a_disk_that_is_full_leaves_the_old_file(draw, tmp_path, monkeypatch):
    (tmp_path / "map.svg").write_bytes(b"old")

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(ExportError, match=r"cannot be written \(No space left on device\)"):
        write_picture(draw(View(layers=("areas",))), tmp_path / "map.svg", overwrite=True)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_the_suggested_name_says_what_the_picture_is():
    assert suggest_name(View(date=IN_COMMON), ".svg") == "far-east-atlas_1859-06-01_en.svg"
    two = View(date=IN_COMMON, compare=date(1934, 1, 1), lang="zh-Hans")
    assert suggest_name(two, ".png") == "far-east-atlas_1859-06-01_1934-01-01_zh-Hans.png"


# Small parts


def test_a_path_tells_each_corner_by_its_steps_from_the_last():
    import shapely

    assert path_data(shapely.box(0, 0, 2, 1.5)) == "M2 0l0 1.5 -2 0 0-1.5Z".replace(" -2", "-2")
    assert path_data(shapely.LineString([(0, 0), (0.01, 0), (-0.5, 3)])) == "M0 0l-.5 3"
    assert path_data(shapely.Polygon()) == ""


def test_states_of_one_family_share_a_tint(atlas):
    holding = atlas.holdings.on("ussuri-coast", IN_COMMON)
    assert Look.of(holding, atlas.holdings.polities) == Look("common", ("russia", "china"))
    alone = holding.model_copy(
        update={"holders": ("russian-empire",), "status": "occupied", "claimants": ("tsardom",)}
    )
    assert Look.of(alone, atlas.holdings.polities) == Look("held", ("russia",))


def test_what_a_map_shows_is_what_lies_in_its_window(atlas, layers):
    window = window_at("albers", (800, 600), Position(7, 43.1, 131.9))
    face = MapFace(atlas, layers, View(), window)
    assert set(face.shown.of("places")) == {"vladivostok", "ussuriysk"}
    assert "sakhalin-north" not in face.shown.of("areas")


def _holds(span, day):
    return (span.start is None or span.start <= day) and (span.end is None or day <= span.end)
