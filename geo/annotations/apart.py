"""Annotations read in a process of their own, and its answer made marks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geo.annotations.incoming import MAX_ITEMS, Annotation, IncomingPage
from geo.annotations.writing import Identities
from geo.apart import BROKEN, Child
from geo.apart.answer import Answer, Said, told_of
from geo.errors import ApartError
from geo.linker import MentionType
from geo.sentences import sentence

_CHILD = Child("geo.annotations.child", sentence("split it"))

_Count = Annotated[int, Field(ge=0)]
_Annotation = tuple[str, str, str, str, _Count | None, _Count | None, MentionType, tuple[str, ...], str, bool]


class _Answer(Answer):
    """What the process may answer: the problems of a file, or its annotations."""

    annotations: Annotated[tuple[_Annotation, ...], Field(max_length=MAX_ITEMS)] = ()
    digest: str = ""
    notices: tuple[Said, ...] = ()


def parse_apart(content: bytes, file: str, known: Identities) -> IncomingPage:
    """Return what `geo.annotations.incoming.parse_page` returns, found in a process of its own.

    Raises
    ------
    DataError
        If anything is at fault, or its reader breaks or takes too long over it; it holds every problem found.
    """
    task = {"file": file, "kinds": dict(known.kinds), "aliases": dict(known.aliases)}
    with told_of(file):
        return parse_answer(_CHILD.ask(task, content), file, known)


def parse_answer(content: bytes, file: str, known: Identities) -> IncomingPage:
    """Return the annotations that the process answered with; what broke it may have its hand in the answer.

    Raises
    ------
    DataError
        If the answer holds problems of the file.
    ApartError
        If the answer is not what the process gives when it is whole.
    """
    answer = _Answer.parse(content)
    annotations = tuple(Annotation(*each) for each in answer.annotations)
    if any(target not in known.kinds for annotation in annotations for target in annotation.targets):
        raise ApartError(BROKEN)
    return IncomingPage(file, annotations, answer.digest, answer.notices)
