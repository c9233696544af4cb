"""Every error the atlas raises on purpose, and the problem it reports.

::

    AtlasError
    ├── DataError       records of data/ or of a reader that cannot be used, all of them at once
    ├── ArticleError    a text that cannot be read as an article
    ├── ApartError      a file at which its reader, in a process apart, broke or stalled
    ├── CitationError   an address that cannot be cited
    ├── LanguageError   a catalogue of translations that cannot be read
    └── ExportError     a file that cannot be written

Each message is one sentence for the reader: what is wrong, where, what was found, what would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from geo.sentences import Sentence, sentence

MAX_PROBLEMS = 200
"""So many problems of a reader's file are told."""


class Problem(NamedTuple):
    """One fault of one record.

    Parameters
    ----------
    file : str
        The file, relative to the data folder.
    record : str
        The id of the record, or its line where it has none; empty for the file as a whole.
    field : str
        The column or property; empty for the record as a whole.
    message : str
        What was found, and what would do; a `geo.sentences.Sentence` can be said in another language.
    """

    file: str
    record: str
    field: str
    message: str

    def __str__(self) -> str:
        """Return the problem as one sentence that starts with the place of the fault."""
        return str(self.sentence)

    @property
    def sentence(self) -> Sentence:
        """The problem as one sentence that can be said in another language."""
        where = ", ".join(f"{{{name}}}" for name in ("file", "record", "field") if getattr(self, name))
        return Sentence(f"{where}: {{message}}", self._asdict())


class AtlasError(Exception):
    """The root of all errors that the atlas raises on purpose.

    Parameters
    ----------
    message : str
        One sentence, or several on lines of their own; what does not print is escaped.
    """

    def __init__(self, message: str) -> None:
        said = (
            _shown(message) if isinstance(message, Sentence) else "\n".join(map(_shown, message.split("\n")))
        )
        super().__init__(said)

    @property
    def sentence(self) -> str:
        """The message as it was given, which can be said in another language if it is a sentence."""
        message: str = self.args[0]
        return message


class DataError(AtlasError):
    """Records that cannot be used.

    Parameters
    ----------
    problems : sequence of Problem
        Every fault that was found, at least one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(Problem(*map(_shown, problem)) for problem in problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Faults:
    """Keeps the problems of a reader's file: counts them all, tells the first `MAX_PROBLEMS`.

    Parameters
    ----------
    file : str
        Its name.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._problems: list[Problem] = []
        self._count = 0

    def __bool__(self) -> bool:
        """Return whether there is any problem."""
        return self._count > 0

    def report(self, record: str, field: str, message: str) -> None:
        """Keep a problem."""
        self._count += 1
        if self._count <= MAX_PROBLEMS:
            self._problems.append(Problem(self.file, record, field[:80], message))

    def stop(self, record: str, field: str, message: str) -> NoReturn:
        """Report a problem after which nothing more can be read.

        Raises
        ------
        DataError
            With all problems so far.
        """
        self.report(record, field, message)
        self.close()
        raise AssertionError

    def close(self) -> None:
        """Refuse the file if there was any problem.

        Raises
        ------
        DataError
            With all problems, the last of them the number of those that are not told.
        """
        if (more := self._count - len(self._problems)) > 0:
            self._problems.append(Problem(self.file, "", "", sentence("... and {n} more", n=more)))
        if self._problems:
            raise DataError(self._problems)


def _shown(text: str) -> str:
    """Write what does not show, or cannot be printed, as an escape; in the values of a sentence."""
    if isinstance(text, Sentence):
        values = {
            name: _shown(value) if isinstance(value, str) else value for name, value in text.values.items()
        }
        return Sentence(text.pattern, values, text.many)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class ArticleError(AtlasError):
    """A text that cannot be read as an article: empty, binary, too long or of an unknown kind."""


class LanguageError(AtlasError):
    """A catalogue of translations that cannot be read, or a phrase that no catalogue can find."""


class ApartError(AtlasError):
    """A file at which its reader, in a process apart, broke or stalled; whoever asked says which it is."""


class CitationError(AtlasError):
    """An address that cannot be cited: no page of the web, or too long."""


class ExportError(AtlasError):
    """A file that cannot be written: the folder is missing, closed or full."""
