"""The process that lays one scan and is gone."""

from __future__ import annotations

import base64
from typing import Any

from geo.apart import Task, serve
from geo.errors import DataError, Faults, Problem
from geo.scans.fitting import Fit, Spot, fit_bounds, fit_spots, misses
from geo.scans.georeference import Georeference, parse_georeference
from geo.scans.laying import Laid, lay, open_picture
from geo.sentences import Sentence, sentence

_UNLIKE = 0.01
"""By so much the shape of a picture may differ from that of the one that was annotated."""


def main() -> None:
    """Answer with a picture in Web Mercator and its edges, or with every problem there is."""
    serve(read)


def read(task: Task, content: bytes) -> dict[str, Any]:
    """Return a scan, or its problems, as `geo.scans.apart.parse_answer` takes them.

    Parameters
    ----------
    task : mapping
        ``name`` of the picture, ``split``: how many bytes are the picture, with a georeference after it or
        none; ``georeference``: its name; ``bounds`` where there is none; ``frame`` of the map.
    content : bytes
        The picture and the georeference.
    """
    picture, written = content[: task["split"]], content[task["split"] :]
    try:
        placed = None if task["bounds"] else parse_georeference(written, task["georeference"])
        return _laid(picture, placed, task)
    except DataError as error:
        return {"refused": error.problems}


def _laid(content: bytes, placed: Georeference | None, task: Task) -> dict[str, Any]:
    name, frame = task["name"], tuple(task["frame"])
    picture = open_picture(content, name)
    before = picture.size
    if placed is None:
        fit, notices = fit_bounds(*before, tuple(task["bounds"])), []
        laid, credit = lay(picture, name, fit, (), frame), ""
    else:
        spots, outline = _scaled(placed, before, task["georeference"])
        fit = _fitted(placed, spots, task["georeference"])
        notices = [_told(placed, fit, spots), *placed.notices]
        laid, credit = lay(picture, name, fit, outline, frame), placed.credit
    notices += _losses(before, laid)
    return {
        "picture": base64.b64encode(laid.picture).decode(),
        "bounds": laid.bounds,
        "credit": credit,
        "notices": notices,
    }


def _scaled(
    placed: Georeference, size: tuple[int, int], name: str
) -> tuple[list[Spot], list[tuple[float, float]]]:
    """Return points and outline in pixels of this picture, which may be another size of the annotated one."""
    across, down = 1.0, 1.0
    if placed.size:
        across, down = size[0] / placed.size[0], size[1] / placed.size[1]
        if abs(across / down - 1) > _UNLIKE:
            there, here = (f"{width:g} × {height:g}" for width, height in (placed.size, size))
            told = sentence(
                "it is of a picture of {there} pixels, this one has {here}; bring the two together",
                there=there,
                here=here,
            )
            raise DataError([Problem(name, "", "target", told)])
    spots = [spot._replace(x=spot.x * across, y=spot.y * down) for spot in placed.spots]
    faults = Faults(name)
    for n, (given, spot) in enumerate(zip(placed.spots, spots, strict=True), 1):
        if not (0 <= spot.x <= size[0] and 0 <= spot.y <= size[1]):
            found = sentence(
                "found {found}; the picture goes from 0, 0 to {end}",
                found=_pixel(given.x, given.y),
                end=_pixel(size[0] / across, size[1] / down),
            )
            faults.report(sentence("point {n}", n=n), "resourceCoords", found)
    faults.close()
    return spots, [(x * across, y * down) for x, y in placed.outline]


def _pixel(x: float, y: float) -> str:
    return f"{x:g}, {y:g}"


def _fitted(placed: Georeference, spots: list[Spot], name: str) -> Fit:
    fit = fit_spots(spots, placed.kind)
    if fit is None:
        told = sentence("the control points lie on one line or together; spread them over the picture")
        raise DataError([Problem(name, "", "body.features", told)])
    if not fit.determinant < 0:
        told = sentence("the control points turn the picture over, as in a mirror; are some of them swapped?")
        raise DataError([Problem(name, "", "body.features", told)])
    return fit


def _told(placed: Georeference, fit: Fit, spots: list[Spot]) -> str:
    """Say how well the points fit."""
    how = (
        sentence("shifted, turned and stretched alike")
        if placed.kind == "helmert"
        else sentence("by a polynomial of order 1")
    )
    if len(spots) == (2 if placed.kind == "helmert" else 3):
        return sentence(
            "Laid {how} on {n} control points, which fix it without telling how well it fits.",
            how=how,
            n=len(spots),
        )
    off = misses(fit, spots)
    worst = max(range(len(off)), key=off.__getitem__)
    mean = (sum(each * each for each in off) / len(off)) ** 0.5
    return sentence(
        "Laid {how} on {n} control points; they are off by {mean} km (root mean square), "
        "point {worst} the most, by {most} km.",
        how=how,
        n=len(spots),
        mean=f"{mean:.1f}",
        worst=worst + 1,
        most=f"{off[worst]:.1f}",
    )


def _losses(before: tuple[int, int], laid: Laid) -> list[Sentence]:
    """Say what of the picture is not shown, or not as fine."""
    told = []
    if laid.share < 0.95:
        told.append(
            sentence(
                "Made smaller, to {share}% of {width} × {height} pixels, so that the page stays light.",
                share=round(100 * laid.share),
                width=str(before[0]),
                height=str(before[1]),
            )
        )
    if laid.cut:
        told.append(sentence("What lies outside of this map is cut off."))
    return told
