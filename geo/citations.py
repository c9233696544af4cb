"""Sources, citations of them, and how sure a record is.

A citation is written ``key`` or ``key[locator]``; several are separated by ``; ``. Keys are the ids
of ``data/sources.json``, a bibliography in CSL-JSON.

References
----------
Citation Style Language, CSL-JSON schema 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from reprlib import repr as shortened
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from geo.errors import CitationError
from geo.sentences import Sentence, said_by, sentence

Certainty = Literal["certain", "reported", "approximate", "disputed", "conjectural"]
"""How surely a record is known; ``data/README.md`` says what each word means."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""An id: small letters, digits and single hyphens, safe in a URL, a file name and a style sheet."""

_SAID = {
    "missing": sentence("Field required"),
    "extra_forbidden": sentence("Extra inputs are not permitted"),
    "string_type": sentence("Input should be a valid string"),
    "string_too_short": sentence("String should have at least {min_length} characters"),
    "string_too_long": sentence("String should have at most {max_length} characters"),
    "string_pattern_mismatch": sentence("String should match pattern '{pattern}'"),
    "literal_error": sentence("Input should be {expected}"),
    "list_type": sentence("Input should be a valid list"),
    "tuple_type": sentence("Input should be a valid tuple"),
    "too_short": sentence("List should have at least {min_length} items, not {actual_length}"),
    "too_long": sentence("List should have at most {max_length} items, not {actual_length}"),
    "dict_type": sentence("Input should be a valid dictionary"),
    "model_type": sentence("Input should be a valid dictionary"),
    "float_type": sentence("Input should be a valid number"),
    "int_type": sentence("Input should be a valid integer"),
    "greater_than_equal": sentence("Input should be greater than or equal to {ge}"),
    "less_than_equal": sentence("Input should be less than or equal to {le}"),
}
"""What pydantic says of a fault, by its kind: the sentences that a reader's file meets."""

_SHORT = 36
_LONGEST_ADDRESS = 1000
_ADDRESS = re.compile(r"https?://[^\s/?#\\\"<>`{}|^]+(?:[/?#][^\s\\\"<>`{}|^]*)?", re.IGNORECASE)
_CITATION = re.compile(r"\s*([a-z0-9]+(?:-[a-z0-9]+)*)(?:\[([^\[\]]{1,200})\])?\s*(;|\Z)")


class Citation(NamedTuple):
    """A source, and the place in it.

    Parameters
    ----------
    key : str
        The id of the source.
    locator : str
        The article, document or page; empty for the source as a whole.
    """

    key: str
    locator: str


def parse_citations(text: object) -> tuple[Citation, ...]:
    """Parse citations as the data writes them.

    Raises
    ------
    ValueError
        If there is none, or one is not of the form ``key`` or ``key[locator]``.

    Examples
    --------
    >>> parse_citations("mid-1889[art. 1]; frank-1947")
    (Citation(key='mid-1889', locator='art. 1'), Citation(key='frank-1947', locator=''))
    """
    if isinstance(text, tuple):
        return text
    if not isinstance(text, str) or not text.strip():
        raise ValueError("no citation; name a source, as in mid-1889[art. 1]")
    found = []
    start, more = 0, True
    while more:
        match = _CITATION.match(text, start)
        if match is None:
            part = text[start:].partition(";")[0].strip()
            raise ValueError(f"{shortened(part)} is no citation; write key or key[locator]")
        found.append(Citation(match[1], match[2] or ""))
        start, more = match.end(), match[3] == ";"
    return tuple(found)


Citations = Annotated[tuple[Citation, ...], BeforeValidator(parse_citations)]


class Record(BaseModel):
    """What every record has: nothing unknown in it, and no change once it is loaded."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
    )


def faults_of(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield each field for which a record was refused, and the fault with what was found there."""
    for fault in error.errors(include_url=False):
        field = ".".join(str(part) for part in fault["loc"])
        told = _told(fault["type"], fault["msg"], fault.get("ctx", {}))
        if fault["type"] != "missing":
            told = sentence("{told} (found {found})", told=told, found=shortened(fault["input"]))
        yield field[:80], told


def _told(kind: str, message: str, context: Mapping[str, Any]) -> str:
    """Return what pydantic says of a fault, as a sentence to be said in any language if it is a known one."""
    if kind == "value_error":
        return said_by(context["error"])
    if kind not in _SAID:
        return message
    values = {
        name: value if type(value) is int else f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in context.items()
    }
    return Sentence(_SAID[kind].pattern, values)


class Cited(Record):
    """A record that says how sure it is, and by whom."""

    certainty: Certainty
    citations: Citations


class Person(Record):
    """An author or editor, as CSL names them."""

    family: str = ""
    given: str = ""
    literal: str = ""

    def __str__(self) -> str:
        """Return the name with the family name first."""
        return self.literal or ", ".join(part for part in (self.family, self.given) if part)


class Issued(BaseModel):
    """When a source came out, as CSL writes dates: by numbers, or in words."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    date_parts: tuple[tuple[int | str, ...], ...] = Field((), alias="date-parts")
    literal: str = ""
    raw: str = ""


class Source(BaseModel):
    """A source in CSL-JSON; fields that only other programs use are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    id: Slug
    type: str
    title: str = Field(min_length=1)
    author: tuple[Person, ...] = ()
    editor: tuple[Person, ...] = ()
    issued: Issued = Issued()
    publisher: str = ""
    publisher_place: str = Field("", alias="publisher-place")
    container_title: str = Field("", alias="container-title")
    volume: str | int = ""
    issue: str | int = ""
    page: str = ""
    number: str | int = ""
    url: str = Field("", alias="URL", pattern=r"^(https?://\S+)?$")
    note: str = ""

    @property
    def year(self) -> str:
        """The year of issue, or nothing."""
        for parts in self.issued.date_parts:
            if parts:
                return str(parts[0])
        return self.issued.literal or self.issued.raw


def check_address(text: str) -> str:
    """Return the address of a page on the web as given, or nothing where it is blank.

    Raises
    ------
    CitationError
        If it is no address that begins with http:// or https://, or is too long.
    """
    written = text.strip()
    if not written or (_ADDRESS.fullmatch(written) and len(written) <= _LONGEST_ADDRESS):
        return written
    found = written if len(written) <= 40 else written[:39] + "…"
    raise CitationError(
        sentence(
            "{found} is no address of a page; one that begins with https:// would do, "
            "of at most {n} characters",
            found=found,
            n=_LONGEST_ADDRESS,
        )
    )


def reference(source: Source) -> str:
    """Return a source as one line of a bibliography, without its address.

    Author (or editor), year, title, where it appeared, publisher, number and note, each left out
    where the source has none.
    """
    people = source.author or source.editor
    names = "; ".join(str(person) for person in people)
    if names and not source.author:
        names += " (ed.)"
    volume = f"{source.volume}" + (f"({source.issue})" if source.issue else "")
    within = " ".join(part for part in (source.container_title, volume) if part)
    pages = f"pp. {source.page}" if source.page else ""
    made = ": ".join(part for part in (source.publisher_place, source.publisher) if part)
    number = f"no. {source.number}" if source.number else ""
    who_and_when = (names, source.year, source.title) if names else (source.title, source.year)
    parts = (*who_and_when, within, pages, made, number, source.note)
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def short_reference(source: Source) -> str:
    """Return a source in a few words: who and when, or the start of its title and where it stands.

    Examples
    --------
    >>> short_reference(Source(id="frank-1947", type="article", title="Terms", author=[{"family": "Frank"}]))
    'Frank'
    >>> short_reference(Source(id="w", type="entry", title="Outer Manchuria", container_title="Wikipedia"))
    'Outer Manchuria (Wikipedia)'
    """
    people = source.author or source.editor
    if people:
        names = [person.family or person.literal for person in people]
        who = f"{names[0]} and others" if len(names) > 2 else " and ".join(names)
    else:
        who = source.title
    if len(who) > _SHORT:
        who = who[:_SHORT].rsplit(" ", 1)[0] + " …"
    if not people and (container := source.container_title.split(",")[0].split(" (")[0]):
        who += f" ({container})"
    return f"{who} {source.year}".strip()


def keys(citations: Iterable[Citation]) -> list[str]:
    """Return the keys cited, each once, in order of first use."""
    return list(dict.fromkeys(citation.key for citation in citations))
