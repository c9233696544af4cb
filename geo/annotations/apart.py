"""Annotations read in a process of their own, and its answer made marks."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.annotations.incoming import MAX_ITEMS, MAX_PROBLEMS, Annotation, IncomingPage
from geo.annotations.writing import Identities
from geo.apart import BROKEN, Child
from geo.errors import ApartError, DataError, Problem
from geo.linker import MentionType

_CHILD = Child("geo.annotations.child", "split it")

_Count = Annotated[int, Field(ge=0)]
_Annotation = tuple[str, str, str, str, _Count | None, _Count | None, MentionType, tuple[str, ...], str, bool]


class _Answer(BaseModel):
    """What the process may answer: the problems of a file, or its annotations."""

    model_config = ConfigDict(extra="forbid", strict=True)

    refused: Annotated[list[tuple[str, str, str, str]], Field(max_length=MAX_PROBLEMS + 1)] = []
    annotations: Annotated[list[_Annotation], Field(max_length=MAX_ITEMS)] = []
    digest: str = ""
    notices: tuple[str, ...] = ()


def parse_apart(content: bytes, file: str, known: Identities) -> IncomingPage:
    """Return what `geo.annotations.incoming.parse_page` returns, found in a process of its own.

    Raises
    ------
    DataError
        If anything is at fault, or its reader breaks or takes too long over it; it holds every problem found.
    """
    task = {"file": file, "kinds": dict(known.kinds), "aliases": dict(known.aliases)}
    try:
        return parse_answer(_CHILD.ask(task, content), file, known)
    except ApartError as error:
        raise DataError([Problem(file, "", "", f"the file {error}")]) from None


def parse_answer(content: bytes, file: str, known: Identities) -> IncomingPage:
    """Return the annotations that the process answered with; what broke it may have its hand in the answer.

    Raises
    ------
    DataError
        If the answer holds problems of the file.
    ApartError
        If the answer is not what the process gives when it is whole.
    """
    try:
        answer = _Answer.model_validate_json(content)
    except ValidationError:
        raise ApartError(BROKEN) from None
    if answer.refused:
        raise DataError([Problem(*problem) for problem in answer.refused])
    annotations = tuple(Annotation(*each) for each in answer.annotations)
    if any(target not in known.kinds for annotation in annotations for target in annotation.targets):
        raise ApartError(BROKEN)
    return IncomingPage(file, annotations, answer.digest, answer.notices)
