"""The process that reads one article and is gone."""

from __future__ import annotations

from typing import Any

from geo.apart import Task, serve
from geo.documents.reader import read_document
from geo.errors import ArticleError
from geo.sentences import said_by


def main() -> None:
    """Answer with the document that a file is, or with why it is refused."""
    serve(_document)


def _document(task: Task, content: bytes) -> dict[str, Any]:
    try:
        return read_document(task["form"], content, task["encoding"])._asdict()
    except ArticleError as error:
        return {"refused": said_by(error)}
