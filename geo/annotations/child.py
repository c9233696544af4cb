"""The process that reads annotations that somebody brings, and is gone."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from geo.annotations.incoming import parse_page
from geo.annotations.writing import Identities
from geo.apart import Task, serve
from geo.errors import DataError


def main() -> None:
    """Answer with the annotations of a file, or with every problem that it has."""
    serve(read)


def read(task: Task, content: bytes) -> dict[str, Any]:
    """Return an annotation page, or its problems, as `geo.annotations.apart.parse_answer` takes them."""
    try:
        page = parse_page(content, task["file"], Identities(task["kinds"], task["aliases"]))
    except DataError as error:
        return {"refused": error.problems}
    annotations = [astuple(annotation) for annotation in page.annotations]
    return {"annotations": annotations, "digest": page.digest, "notices": page.notices}
