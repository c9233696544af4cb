"""The process that reads one gazetteer and is gone."""

from __future__ import annotations

from typing import Any

import shapely

from geo.apart import Task, serve
from geo.errors import DataError
from geo.imports import parse_gazetteer
from geo.imports.model import OwnPlace


def main() -> None:
    """Answer with the places of a file, or with every problem that it has."""
    serve(read)


def read(task: Task, content: bytes) -> dict[str, Any]:
    """Return a gazetteer, or its problems, as `geo.imports.apart.parse_answer` takes them."""
    try:
        found = parse_gazetteer(content, task["filename"])
    except DataError as error:
        return {"refused": error.problems}
    said = {name: getattr(found, name) for name in ("title", "credit", "licence")}
    return said | {"places": [_written(place) for place in found.places]}


def _written(place: OwnPlace) -> tuple[Any, ...]:
    geometry = "" if place.geometry is None else shapely.to_wkb(place.geometry, hex=True)
    edtf = place.dates.edtf if place.dates else ""
    texts = (place.note, place.url, place.source)
    return (place.source_id, place.names, place.kind, geometry, edtf, *texts, place.matches)
