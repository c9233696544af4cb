"""A picture opened under limits and laid into Web Mercator; this runs in a process of its own."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageOps

from geo.errors import DataError, Problem
from geo.scans.fitting import Fit, to_degrees, to_mercator
from geo.scans.model import MAX_LAID_BYTES, MAX_LAID_PIXELS, MAX_PIXELS, MAX_SIDE, Bounds
from geo.sentences import Sentence, sentence

_FORMATS = ("PNG", "JPEG", "WEBP")
_QUALITIES = (82, 68, 52)
_TRIES = 8

Corner = tuple[float, float]
Box = tuple[float, float, float, float]


class Laid(NamedTuple):
    """A picture in Web Mercator as WebP.

    Parameters
    ----------
    bounds : tuple of float
        Its edges in degrees.
    share : float
        How long a pixel of the scan is in it, in pixels.
    cut : bool
        Whether the frame of the map cut something off.
    """

    picture: bytes
    bounds: Bounds
    share: float
    cut: bool


def open_picture(content: bytes, name: str) -> Image.Image:
    """Return a picture, upright, in red, green, blue and how much it covers.

    Its size is looked at before a pixel of it is decoded. Nothing but the pixels is kept: no place or date of
    the scan, no profile, no thumbnail.

    Raises
    ------
    DataError
        If it is no PNG, JPEG or WebP, has too many pixels, or is damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        if too_large := _size_fault(*picture.size):
            raise _refusal(name, too_large)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refusal(name, _too_large(sentence("far more pixels"))) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        told = sentence(
            "the picture is damaged or cut short; open it in the program that made it and save it again"
        )
        raise _refusal(name, told) from None
    if upright.mode.startswith("I"):  # 16 bits to a pixel, of which the upper eight are seen
        upright = upright.point(lambda value: value * (1 / 256)).convert("L")
    clean = upright.convert("RGBA")
    clean.info.clear()
    return clean


def lay(picture: Image.Image, name: str, fit: Fit, outline: Sequence[Corner], frame: Bounds) -> Laid:
    """Return a picture as it lies in Web Mercator, as much of it as the map shows.

    Parameters
    ----------
    picture : Image
        As `open_picture` returns it.
    name : str
        For the messages.
    fit : Fit
        From its pixels to metres.
    outline : sequence of tuple of float
        The part that is the map, as pixels; all of it where this is empty.
    frame : tuple of float
        What the map shows: west, south, east, north in degrees.

    Raises
    ------
    DataError
        If it lies outside of the frame, or cannot be made small enough.
    """
    width, height = picture.size
    corners = outline or [(0, 0), (width, 0), (width, height), (0, height)]
    whole = _box([fit.at(*corner) for corner in corners])
    box = _overlap(whole, frame, name)
    if outline:
        cut = Image.new("L", picture.size)
        ImageDraw.Draw(cut).polygon([*outline], fill=255)
        picture.putalpha(ImageChops.multiply(picture.getchannel("A"), cut))
    # As fine as the scan, but for the number of pixels that the page can carry.
    finest = math.sqrt(abs(fit.determinant))
    pixels = (box[2] - box[0]) * (box[3] - box[1]) / finest**2
    metres = finest * math.sqrt(max(1.0, pixels / MAX_LAID_PIXELS))
    for attempt in range(_TRIES):
        laid = _warped(picture, fit, box, metres)
        written, needed = _written(laid)
        if len(written) <= MAX_LAID_BYTES:
            west, south, east, north = *to_degrees(*box[:2]), *to_degrees(*box[2:])
            return Laid(written, (west, south, east, north), finest / metres, box != whole)
        metres *= max(1.15, math.sqrt(needed / MAX_LAID_BYTES)) if attempt < _TRIES - 1 else 1
    raise _refusal(
        name, sentence("the picture cannot be made small enough for the page; bring a smaller one")
    )


def _warped(picture: Image.Image, fit: Fit, box: Box, metres: float) -> Image.Image:
    """Return what of a picture lies in a box of metres, with a pixel for so many metres."""
    west, south, east, north = box
    size = max(1, round((east - west) / metres)), max(1, round((north - south) / metres))
    # Pixels much finer than those wanted are averaged first: the transformation looks at few of them.
    step = max(1, int(metres / math.sqrt(abs(fit.determinant)) + 1e-6))
    fine = picture.reduce(step) if step > 1 else picture
    back, across, down = fit.inverse(), (east - west) / size[0], (north - south) / size[1]
    data = (
        *(back.a * across, -back.b * down, back.a * west + back.b * north + back.c),
        *(back.d * across, -back.e * down, back.d * west + back.e * north + back.f),
    )
    affine, bicubic = Image.Transform.AFFINE, Image.Resampling.BICUBIC
    return fine.transform(size, affine, [part / step for part in data], resample=bicubic)


def _written(laid: Image.Image) -> tuple[bytes, int]:
    """Return a picture as WebP, as good as it can be within the limit, and how many bytes it took."""
    laid.info.clear()
    for quality in _QUALITIES:
        out = io.BytesIO()
        laid.save(out, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
        if out.tell() <= MAX_LAID_BYTES or out.tell() > 3 * MAX_LAID_BYTES:
            break  # it will do, or no quality makes it small enough
    return out.getvalue(), out.tell()


def _box(corners: Iterable[Corner]) -> Box:
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _overlap(whole: Box, frame: Bounds, name: str) -> Box:
    """Return what two boxes have in common: that of the picture in metres, that of the map in degrees."""
    shown = (*to_mercator(*frame[:2]), *to_mercator(*frame[2:]))
    box = (*map(max, whole[:2], shown[:2]), *map(min, whole[2:], shown[2:]))
    west, south, east, north = box
    if west >= east or south >= north:
        (lon, lat), (far_lon, far_lat) = to_degrees(*whole[:2]), to_degrees(*whole[2:])
        told = sentence(
            "the picture would lie at {there}, outside of this map, which shows {limits}",
            there=_span(*(f"{edge:.1f}" for edge in (lon, far_lon, lat, far_lat))),
            limits=_span(*(f"{edge:g}" for edge in (frame[0], frame[2], frame[1], frame[3]))),
        )
        raise _refusal(name, told)
    return west, south, east, north


def _span(west: str, east: str, south: str, north: str) -> Sentence:
    return sentence(
        "{west} to {east}° E, {south} to {north}° N", west=west, east=east, south=south, north=north
    )


def _size_fault(width: int, height: int) -> str:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        return _too_large(sentence("{width} × {height} pixels", width=str(width), height=str(height)))
    return ""


def _refusal(name: str, told: str) -> DataError:
    return DataError([Problem(name, "", "", told)])


def _too_large(found: Sentence) -> Sentence:
    return sentence(
        "the picture has {found}, where at most {most} million and {side} on a side would do; "
        "make it smaller",
        found=found,
        most=MAX_PIXELS // 1_000_000,
        side=str(MAX_SIDE),
    )
