"""A reader's scanned map: what is taken, what is refused and how, and that it lies where its points say."""

from __future__ import annotations

import base64
import io
import json
import math
import random
import struct
import zlib
from contextlib import suppress

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from geo.errors import ApartError, DataError
from geo.scans import MAX_BYTES, Scan, laying, parse_bounds, parse_scan, read_scan
from geo.scans.apart import parse_answer
from geo.scans.child import read
from geo.scans.fitting import Fit, Spot, fit_bounds, fit_spots, misses, to_degrees, to_mercator
from geo.scans.georeference import parse_georeference
from geo.scans.laying import lay, open_picture
from geo.scans.model import MAX_POINTS
from geo.scans.saying import compose_scan_layer
from geo.sentences import unpacked
from geo.territory import FRAME

BOX = (127.0, 42.0, 136.0, 49.0)
# A picture turned by some degrees, sheared a little, of about 900 m to a pixel, in the middle of the map.
SKEWED = Fit(880.0, 150.0, 14_200_000.0, 210.0, -910.0, 6_150_000.0)


def picture_of(size=(400, 300), colour="white", form="PNG", mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, **options)
    return out.getvalue()


def annotation(spots, *, kind=None, size=None, outline="", **more) -> dict:
    features = [
        {
            "type": "Feature",
            "properties": {"resourceCoords": [spot[0], spot[1]]},
            "geometry": {"type": "Point", "coordinates": [spot[2], spot[3]]},
        }
        for spot in spots
    ]
    source = {"type": "ImageService3"} | ({"width": size[0], "height": size[1]} if size else {})
    target = {"type": "SpecificResource", "source": source}
    if outline:
        target["selector"] = {"type": "SvgSelector", "value": outline}
    body = {"type": "FeatureCollection", "features": features}
    if kind:
        body["transformation"] = kind
    return {"type": "Annotation", "motivation": "georeferencing", "target": target, "body": body} | more


def spots_of(fit: Fit, *pixels) -> list[Spot]:
    return [Spot(x, y, *to_degrees(*fit.at(x, y))) for x, y in pixels]


CORNERS = spots_of(SKEWED, (10, 20), (380, 30), (200, 280), (40, 250), (350, 260))


def answered(picture: bytes, placed: dict | None = None, bounds=None, frame=FRAME) -> dict:
    """Return what the process would answer."""
    written = json.dumps(placed).encode() if placed else b""
    task = {
        "name": "s.png",
        "split": len(picture),
        "georeference": "g.json",
        "bounds": bounds,
        "frame": frame,
    }
    return read(task, picture + written)


def problems_of(picture: bytes, placed: dict | None = None, bounds=None) -> list[str]:
    return [str(problem) for problem in answered(picture, placed, bounds)["refused"]]


def opened(answer: dict) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(answer["picture"])))


# The fit


def test_the_exact_affine_of_points_is_found_and_they_miss_nothing():
    assert fit_spots(CORNERS, "affine") == pytest.approx(SKEWED, rel=1e-9)
    assert max(misses(SKEWED, CORNERS)) < 1e-6


def test_a_helmert_fit_turns_and_stretches_alike_and_needs_two_points():
    turned = Fit(600.0, -250.0, 14_000_000.0, -250.0, -600.0, 6_000_000.0)
    found = fit_spots(spots_of(turned, (0, 0), (400, 300)), "helmert")
    assert found == pytest.approx(turned, rel=1e-9)
    sheared = fit_spots(CORNERS, "helmert")
    assert (sheared.a, sheared.b) == pytest.approx((-sheared.e, sheared.d))


def test_points_that_do_not_agree_are_fitted_by_least_squares():
    chance = random.Random(7)
    spots = [
        spot._replace(lon=spot.lon + chance.gauss(0, 0.05), lat=spot.lat + chance.gauss(0, 0.05))
        for spot in CORNERS
    ]
    there = np.array([to_mercator(spot.lon, spot.lat) for spot in spots])
    pixels = np.array([[spot.x, spot.y, 1] for spot in spots])
    wanted = np.linalg.lstsq(pixels, there, rcond=None)[0]
    assert fit_spots(spots, "affine") == pytest.approx([*wanted[:, 0], *wanted[:, 1]], rel=1e-6)


def test_a_miss_is_told_in_kilometres_on_the_ground():
    (spot,) = spots_of(SKEWED, (200, 150))
    (off,) = misses(SKEWED, [spot._replace(lat=spot.lat + 0.1)])
    assert off == pytest.approx(11.1, abs=0.1)  # a tenth of a degree of the meridian


@pytest.mark.parametrize(
    "pixels", [[(0, 0), (100, 100), (299, 300)], [(5, 5)] * 4, [(0, 0), (400, 0), (200, 1)]]
)
def test_points_on_a_line_fix_no_affine(pixels):
    assert fit_spots(spots_of(SKEWED, *pixels), "affine") is None
    placed = annotation(spots_of(SKEWED, *pixels))
    (told,) = problems_of(picture_of(), placed)
    assert told == (
        "g.json, body.features: the control points lie on one line or together; spread them over the picture"
    )


def test_metres_and_degrees_are_those_of_web_mercator():
    by_proj = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:3857").transform(131.87, 43.1)
    assert to_mercator(131.87, 43.1) == pytest.approx(by_proj, abs=0.01)
    assert to_degrees(*to_mercator(131.87, 43.1)) == pytest.approx((131.87, 43.1))


# The picture


def test_each_control_point_is_laid_within_a_pixel_of_its_place():
    drawn = Image.new("RGB", (400, 300), "white")
    for spot in CORNERS:
        ImageDraw.Draw(drawn).ellipse((spot.x - 4, spot.y - 4, spot.x + 3, spot.y + 3), fill="black")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    answer = answered(out.getvalue(), annotation(CORNERS))
    laid = np.asarray(opened(answer).convert("RGBA")).astype(float)
    (west, south), (east, north) = to_mercator(*answer["bounds"][:2]), to_mercator(*answer["bounds"][2:])
    height, width = laid.shape[:2]
    dark = (255 - laid[:, :, 0]) * (laid[:, :, 3] > 250)
    for spot in CORNERS:
        x, y = to_mercator(spot.lon, spot.lat)
        column, row = (x - west) / (east - west) * width, (north - y) / (north - south) * height
        left, top = round(column) - 9, round(row) - 9
        part = dark[top : top + 18, left : left + 18]
        rows, columns = np.mgrid[top : top + 18, left : left + 18] + 0.5
        found = (part * columns).sum() / part.sum(), (part * rows).sum() / part.sum()
        assert math.dist(found, (column, row)) < 1


def test_around_the_scan_and_outside_of_its_outline_the_map_shows_through():
    outline = '<svg width="400" height="300"><polygon points="100,50 300,50 300,250 100,250" /></svg>'
    whole, part = (
        answered(picture_of(), annotation(CORNERS, outline=shape, size=(400, 300))) for shape in ("", outline)
    )
    alpha = np.asarray(opened(whole).convert("RGBA"))[:, :, 3]
    assert alpha[0, 0] == 0
    assert alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] == 255
    assert part["bounds"][0] > whole["bounds"][0]
    assert part["bounds"][3] < whole["bounds"][3]
    strange = answered(picture_of(), annotation(CORNERS, outline="<svg><path d='M0 0'/></svg>"))
    assert strange["bounds"] == whole["bounds"]
    assert strange["notices"][-1] == "Its outline is no polygon, so all of the picture is shown."


def test_a_picture_of_another_size_than_the_annotated_one_is_laid_alike_if_its_shape_is():
    larger = [spot._replace(x=spot.x * 10, y=spot.y * 10) for spot in CORNERS]
    assert answered(picture_of(), annotation(larger, size=(4000, 3000)))["bounds"] == pytest.approx(
        answered(picture_of(), annotation(CORNERS))["bounds"]
    )
    (told,) = problems_of(picture_of(), annotation(larger, size=(4000, 2000)))
    assert told == (
        "g.json, target: it is of a picture of 4000 × 2000 pixels, this one has 400 × 300; "
        "bring the two together"
    )


def test_nothing_but_the_pixels_is_kept_and_a_turned_photograph_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "the scan of Anna"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photograph = picture_of((400, 300), form="JPEG", exif=exif, icc_profile=profile, comment=b"secret")
    assert open_picture(photograph, "p.jpg").size == (300, 400)
    answer = answered(photograph, bounds=BOX)
    written = base64.b64decode(answer["picture"])
    for trace in (b"Anna", b"EXIF", b"Exif", b"ICCP", b"XMP", b"secret"):
        assert trace not in written
    assert b"Anna" in photograph


@pytest.mark.parametrize(
    ("mode", "colour", "form"),
    [
        ("P", 0, "PNG"),
        ("1", 1, "PNG"),
        ("L", 128, "JPEG"),
        ("LA", (128, 255), "PNG"),
        ("CMYK", (0, 0, 0, 128), "JPEG"),
        ("RGBA", (9, 9, 9, 255), "WEBP"),
        ("I;16", 0x8000, "PNG"),
    ],
)
def test_pictures_of_every_kind_of_pixel_are_laid(mode, colour, form):
    answer = answered(picture_of(colour=colour, form=form, mode=mode), bounds=BOX)
    assert answer["bounds"] == pytest.approx(BOX)
    laid = opened(answer).convert("RGBA")
    red, *_, alpha = laid.getpixel((laid.width // 2, laid.height // 2))
    assert alpha == 255
    if mode == "I;16":
        assert red == pytest.approx(128, abs=4)


def test_what_is_too_fine_for_the_page_is_made_smaller_and_says_so(monkeypatch):
    monkeypatch.setattr(laying, "MAX_LAID_BYTES", 20_000)
    out = io.BytesIO()
    Image.effect_noise((500, 400), 60).save(out, "PNG")
    answer = answered(out.getvalue(), bounds=BOX)
    assert len(base64.b64decode(answer["picture"])) <= 20_000
    laid = opened(answer)
    assert laid.width < 400
    (told,) = answer["notices"]
    assert told.startswith("Made smaller, to ")
    assert told.endswith("% of 500 × 400 pixels, so that the page stays light.")
    monkeypatch.setattr(laying, "MAX_LAID_BYTES", 10)
    assert problems_of(out.getvalue(), bounds=BOX) == [
        "s.png: the picture cannot be made small enough for the page; bring a smaller one"
    ]


def test_what_lies_beyond_the_map_is_cut_off_and_said():
    answer = answered(picture_of(), bounds=(100.0, 30.0, 120.0, 50.0))
    assert answer["bounds"] == pytest.approx((105, 39, 120, 50))
    assert answer["notices"] == ["What lies outside of this map is cut off."]
    (told,) = problems_of(picture_of(), bounds=(0.0, 40.0, 20.0, 50.0))
    assert told == (
        "s.png: the picture would lie at 0.0 to 20.0° E, 40.0 to 50.0° N, outside of this map, "
        "which shows 105 to 149.2° E, 39 to 60° N"
    )


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG whose header tells of many pixels."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ((8000, 6000), "8000 × 6000 pixels"),
        ((31_000, 100), "31000 × 100 pixels"),
        ((12_000, 9000), "far more pixels"),
        ((60_000, 60_000), "far more pixels"),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(size, found):
    wanted = "where at most 40 million and 30000 on a side would do; make it smaller"
    assert problems_of(bomb(*size), bounds=BOX) == [f"s.png: the picture has {found}, {wanted}"]


def test_a_damaged_picture_is_refused_in_a_sentence():
    whole = picture_of(form="JPEG", size=(300, 300))
    for broken in (whole[: len(whole) // 2], bomb(100, 100), b"\x89PNG\r\n\x1a\n" + b"x" * 99):
        assert problems_of(broken, bounds=BOX) == [
            "s.png: the picture is damaged or cut short; "
            "open it in the program that made it and save it again"
        ]


# The georeference


def test_all_faults_of_a_georeference_are_told_at_once():
    placed = annotation(CORNERS, kind={"order": 1})
    features = placed["body"]["features"]
    features[0]["properties"] = {"resourceCoords": [1, "2"]}
    features[1]["geometry"]["coordinates"] = [48.5, 131.2]
    features[2]["geometry"] = {"type": "Polygon", "coordinates": []}
    features[3]["geometry"]["coordinates"] = [True, 43]
    features[4] = "nothing"
    assert problems_of(picture_of(), placed) == [
        "g.json, point 1, resourceCoords: found [1, '2']; two numbers of pixels would do",
        "g.json, point 2, geometry: found [48.5, 131.2]; [longitude, latitude] would do, "
        "up to 85° north and south: are the two swapped?",
        "g.json, point 3, geometry: found {'coordinates': [], 'type': 'Polygon'}; "
        "a Point with [lon, lat] would do",
        "g.json, point 4, geometry: found [True, 43]; a Point with [lon, lat] would do",
        "g.json, point 5, resourceCoords: found None; two numbers of pixels would do",
        "g.json, point 5, geometry: found None; a Point with [lon, lat] would do",
        "g.json, body.transformation: found {'order': 1}; a type such as polynomial would do",
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda page: page["items"].append(page["items"][0]), "items: 2 pictures are placed here; keep the"),
        (lambda page: page.update(items="none"), "this is no Georeference Annotation; an Annotation whose"),
        (lambda page: page["items"][0]["body"].update(type="TextualBody"), "this is no Georeference Annot"),
        (lambda page: page["items"][0]["body"].update(features=7), "body.features: found 7; a list of contr"),
        (
            lambda page: page["items"][0]["body"]["features"].__delitem__(slice(3)),
            "body.features: found 2 co",
        ),
        (
            lambda page: page["items"][0]["body"].update(features=[{}] * (MAX_POINTS + 1)),
            "body.features: 1,001 control points; at most 1,000 would do",
        ),
    ],
)
def test_an_annotation_page_holds_one_picture_with_points_enough(change, told):
    page = {"type": "AnnotationPage", "items": [annotation(CORNERS)]}
    assert len(parse_georeference(json.dumps(page).encode(), "g.json").spots) == 5
    change(page)
    with pytest.raises(DataError, match=r"^g\.json") as caught:
        parse_georeference(json.dumps(page).encode(), "g.json")
    assert told in str(caught.value)


def test_points_outside_of_the_picture_and_a_picture_turned_over_are_refused():
    assert problems_of(picture_of(), annotation([*CORNERS, *spots_of(SKEWED, (401, 10))])) == [
        "g.json, point 6, resourceCoords: found 401, 10; the picture goes from 0, 0 to 400, 300"
    ]
    many = problems_of(picture_of(), annotation([*CORNERS, *spots_of(SKEWED, *[(401, 10)] * 300)]))
    assert len(many) == 201
    assert many[-1] == "g.json: ... and 100 more"
    mirrored = [spot._replace(x=400 - spot.x) for spot in CORNERS]
    (told,) = problems_of(picture_of(), annotation(mirrored))
    assert told.endswith("turn the picture over, as in a mirror; are some of them swapped?")


def test_how_well_the_points_fit_is_told_and_three_tell_nothing():
    wrong = CORNERS[4]._replace(lat=CORNERS[4].lat + 0.5)
    (told,) = answered(picture_of(), annotation([*CORNERS[:4], wrong]))["notices"]
    assert told.startswith("Laid by a polynomial of order 1 on 5 control points; they are off by ")
    assert "km (root mean square), point 5 the most, by " in told
    (told,) = answered(picture_of(), annotation(CORNERS[:3]))["notices"]
    assert told.endswith("on 3 control points, which fix it without telling how well it fits.")
    (told,) = answered(picture_of(), annotation(CORNERS[:2], kind={"type": "helmert"}))["notices"]
    assert told.startswith("Laid shifted, turned and stretched alike on 2 control points, which fix it")


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ({"type": "thinPlateSpline"}, "a thin plate spline"),
        ({"type": "polynomial", "options": {"order": 3}}, "a polynomial of order 3"),
        ({"type": "<b>", "options": "x"}, "another transformation"),
    ],
)
def test_a_transformation_that_bends_is_laid_straight_and_that_is_said(kind, asked):
    answer = answered(picture_of(), annotation(CORNERS, kind=kind))
    assert answer["notices"][-1] == (
        f"The annotation asks for {asked}, which bends the picture; here it is laid straight, "
        "by a polynomial of order 1."
    )
    straight = {"type": "polynomial", "options": {"order": 1}}
    assert len(answered(picture_of(), annotation(CORNERS, kind=straight))["notices"]) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe{", "byte 0 is not UTF-8"),
        (b'{"type": NaN}', "this is no JSON (NaN is no number that JSON knows)"),
        (b'{"type": 1, "type": 2}', "this is no JSON ('type' stands twice in one object)"),
        (b"[" * 100_000, "this is no JSON (it is nested too deep)"),
        (b" " * 1_000_001, "the file is larger than 1 MB"),
        (b"[1, 2]", "this is no Georeference Annotation"),
    ],
)
def test_what_is_no_json_of_a_georeference_is_refused(content, told):
    with pytest.raises(DataError) as caught:
        parse_georeference(content, "g.json")
    assert told in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "items", "body", "features", "target", "selector", "value", "geometry"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=50, deadline=None)
@given(_JSON, st.sampled_from(["body", "target", "transformation", "features", "label"]))
def test_no_json_breaks_the_reader_of_georeferences(value, where):
    placed = annotation(CORNERS)
    (placed["body"] if where in placed["body"] or where == "transformation" else placed)[where] = value
    with suppress(DataError):
        assert len(parse_georeference(json.dumps(placed).encode(), "g.json").spots) >= 2


@pytest.mark.parametrize(
    ("label", "credit"),
    [
        ("Carte  de\nl'Amur", "Carte de l'Amur"),
        ({"fr": ["Carte", "x"], "en": ["Map"]}, "Carte"),
        (["A map"], "A map"),
        ({"en": 7}, ""),
        (7, ""),
    ],
)
def test_the_credit_is_what_the_annotation_calls_the_picture(label, credit):
    placed = annotation(CORNERS, label=label)
    assert parse_georeference(json.dumps(placed).encode(), "g.json").credit == credit


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("127,42,136", "found '127,42,136'; west,south,east,north in degrees would do"),
        ("127,42,nan,49", "which is off the map"),
        ("42,127,49,136", "which is off the map"),
        ("136,42,127,49", "whose edges are the wrong way round"),
        ("127,42,inf,1e999", "which is off the map"),
    ],
)
def test_edges_that_are_no_box_are_refused(written, told):
    with pytest.raises(DataError) as caught:
        parse_bounds(written, "--bounds")
    assert str(caught.value).startswith("--bounds: found ")
    assert told in str(caught.value)
    assert parse_bounds(" 127, 42 ,136,49.0", "--bounds") == BOX


# Apart


def test_a_scan_is_laid_in_a_process_apart_with_title_and_credit():
    placed = annotation(CORNERS, label="An old <b>map</b>")
    written = ("g.json", json.dumps(placed).encode())
    scan = parse_scan(picture_of(form="JPEG"), "A map.of\x07 1860.png", written, None, "", FRAME)
    assert (scan.title, scan.credit) == ("A map.of 1860", "An old <b>map</b>")
    assert scan.bounds == tuple(answered(picture_of(), placed)["bounds"])
    assert scan.picture[8:12] == b"WEBP"
    (told,) = scan.notices
    assert "5 control points" in told
    with pytest.raises(DataError, match=r"s\.png: the picture is damaged"):
        parse_scan(b"\xff\xd8\xff" + b"x" * 100, "s.png", None, BOX, "Bob", FRAME)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty; a PNG, JPEG or WebP picture would do"),
        (b"II*\x00rest", "this is a TIFF; save it as PNG, JPEG or WebP"),
        (b"GIF89a", "this is a GIF; save it as PNG, JPEG or WebP"),
        (b"<svg onload='x'/>", "this is XML, such as SVG; save it as PNG, JPEG or WebP"),
        (b"RIFF\0\0\0\0AVI ", "this is no picture known here; save it as PNG, JPEG or WebP"),
        (b"\xff\xd8\xff" + bytes(MAX_BYTES), "the picture is larger than 8 MB; make it smaller"),
        (b"\xff\xd8\xff", "nothing says where the picture lies; add its georeference, or its edges"),
    ],
)
def test_a_file_is_known_by_its_content_and_refused_before_it_is_opened(content, told):
    with pytest.raises(DataError) as caught:
        parse_scan(content, "scan.png", None, None, "", FRAME)
    assert str(caught.value) == f"scan.png: {told}"


def test_a_scan_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match="the file cannot be read"):
        read_scan(tmp_path / "none.png", None, BOX, "", FRAME)


def test_an_answer_that_a_whole_process_never_gives_is_taken_for_a_broken_one():
    good = answered(picture_of(), bounds=BOX)
    assert parse_answer(json.dumps(good).encode())[1].bounds == tuple(good["bounds"])
    svg = base64.b64encode(b"<svg/>").decode()
    for change in (
        {"picture": svg},
        {"picture": "!"},
        {"picture": ""},
        {"bounds": [136, 42, 127, 49]},
        {"bounds": [127, 42, 136]},
        {"bounds": [127, -89, 136, 49]},
        {"notices": ["x"] * 11},
        {"credit": "x" * 301},
        {"script": "x"},
    ):
        with pytest.raises(ApartError):
            parse_answer(json.dumps(good | change).encode())
    with pytest.raises(ApartError):
        parse_answer(b"{")


def test_the_layer_says_whose_the_scan_is_and_how_it_was_laid():
    scan = Scan("Map", "Library.", b"", BOX, ("Laid.",))
    assert list(map(unpacked, compose_scan_layer(scan)["said"])) == ["Map: Library.", "Laid."]
    scan = Scan("Map", "", b"", BOX)
    (said,) = compose_scan_layer(scan)["said"]
    assert unpacked(said) == "Map: whose it is its owner says."


def test_a_picture_of_few_pixels_is_laid_as_fine_as_it_is():
    laid = lay(open_picture(picture_of(), "s.png"), "s.png", fit_bounds(400, 300, BOX), (), FRAME)
    assert (laid.share, laid.cut) == (1.0, False)
