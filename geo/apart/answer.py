"""What a process may answer about a file of records, and what a reader is told where it is not that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from geo.apart import BROKEN
from geo.errors import MAX_PROBLEMS, ApartError, DataError, Problem
from geo.sentences import Sentence, said_by, sentence, unpacked

Said = Annotated[str, PlainValidator(unpacked)]
"""A text that is told to a reader, as `geo.sentences.packed` writes it."""

FILE = sentence("the file {told}")


class Answer(BaseModel):
    """The problems of a file, or what a subclass says that was read of it.

    Parameters
    ----------
    refused : tuple of (Said, Said, Said, Said)
        As `geo.errors.Problem`; the last may count those that are not told.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    refused: Annotated[tuple[tuple[Said, Said, Said, Said], ...], Field(max_length=MAX_PROBLEMS + 1)] = ()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return what a process answered; what broke it may have its hand in the answer.

        Raises
        ------
        DataError
            If the answer holds problems of the file.
        ApartError
            If the answer has not the shape that the process gives it when it is whole.
        """
        try:
            answer = cls.model_validate_json(content)
        except ValidationError:
            raise ApartError(BROKEN) from None
        if answer.refused:
            raise DataError([Problem(*problem) for problem in answer.refused])
        return answer


@contextmanager
def told_of(file: str, what: Sentence = FILE) -> Iterator[None]:
    """Let a reader that breaks or stalls be a problem of the file, whose name its sentence begins with.

    Parameters
    ----------
    what : Sentence
        What the sentence calls it, `FILE` or the like.

    Raises
    ------
    DataError
        In the place of an ApartError.
    """
    try:
        yield
    except ApartError as error:
        raise DataError([Problem(file, "", "", Sentence(what.pattern, {"told": said_by(error)}))]) from None
