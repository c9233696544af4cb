"""Articles read in a process of their own, and its answer made a document."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from geo.apart import BROKEN, Child
from geo.apart.answer import Said
from geo.documents.blocks import Block, Document, Kind
from geo.errors import ApartError, ArticleError
from geo.sentences import said_by, sentence

_CHILD = Child("geo.documents.child", sentence("shorten it, or save its text as .txt"))
_SAID = Document._fields[1:]


class _Answer(BaseModel):
    """What the process may answer: a refusal, or a document."""

    model_config = ConfigDict(extra="forbid", strict=True)

    refused: Said = ""
    blocks: list[tuple[Kind, str, bool, str]] = []
    title: str = ""
    date: str = ""
    author: str = ""
    source: str = ""
    encoding: str = ""


def read_apart(form: str, content: bytes, encoding: str | None = None) -> Document:
    """Return what `geo.documents.reader.read_document` returns, found in a process of its own.

    Raises
    ------
    ArticleError
        If the file is refused, or its reader breaks or takes too long over it. The message is the rest of a
        sentence that begins with the name of the file.
    """
    try:
        return parse_answer(_CHILD.ask({"form": form, "encoding": encoding}, content))
    except ApartError as error:
        raise ArticleError(said_by(error)) from None


def parse_answer(content: bytes) -> Document:
    """Return the document that the process answered with; what broke it may have its hand in the answer.

    Raises
    ------
    ArticleError
        If the answer is a refusal, or not what the process gives when it is whole.
    """
    try:
        answer = _Answer.model_validate_json(content)
    except ValidationError:
        raise ArticleError(BROKEN) from None
    if answer.refused:
        raise ArticleError(answer.refused)
    return Document([Block(*block) for block in answer.blocks], *(getattr(answer, name) for name in _SAID))
