"""Annotation pages that somebody brings: our own, edited by hand perhaps, and those of other tools.

What another tool says beyond the model is let be; what is left out of use is told in a notice; what is
at fault is refused, all of it at once.

References
----------
W3C Recommendation, Web Annotation Data Model, 2017: a body, a target or a selector may stand alone or
in a list; a page may be embedded in its collection.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from reprlib import repr as shortened
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from geo.annotations.account import CURATED
from geo.annotations.writing import AROUND, OWN, URN, Identities, identify
from geo.article import GAP, tidy
from geo.bounded import read_bounded
from geo.citations import faults_of
from geo.errors import DataError, Faults, Problem
from geo.linker import MentionType
from geo.sentences import said_by, sentence
from geo.strictjson import parse_json

MAX_BYTES = 20_000_000
MAX_ITEMS = 50_000
MAX_EXACT = 500
"""Code points of a quotation; a mention is a name or a phrase."""

_MAX_TEXT = 5000
_NAME_LENGTH = 60
_BREAK = re.compile(r"[ \t]*\n\s*\n[ \t]*")
_MOTIVATIONS = frozenset({"linking", "identifying", "classifying", "tagging", "commenting", "highlighting"})
_TYPES = frozenset(get_args(MentionType))
_POINTLESS = frozenset({"government", "part-of-name", "not-a-place"})
_KINDS: Mapping[str, MentionType] = {"area": "area", "line": "area", "act": "act"}
"""The type of a mention that names none, by the kind of what it points at; else a place."""


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [] if value is None else [value]


def _bodies(value: object) -> object:
    """Return bodies as a list of objects; a body that is a mere text is an address."""
    bodies = _listed(value)
    if not isinstance(bodies, list):
        return bodies
    return [{"id": body} if isinstance(body, str) else body for body in bodies]


_Text = Annotated[str, Field(max_length=_MAX_TEXT)]
_Texts = Annotated[list[_Text], Field(max_length=100), BeforeValidator(_listed)]
_Count = Annotated[int, Field(ge=0, le=1 << 53)]


class _Loose(BaseModel):
    """A part of an annotation, of which other tools may say more."""

    model_config = ConfigDict(frozen=True, strict=True)


class _Selector(_Loose):
    type: _Text = ""
    exact: _Text | None = None
    prefix: _Text = ""
    suffix: _Text = ""
    start: _Count | None = None
    end: _Count | None = None
    refined: Any = Field(None, alias="refinedBy")


class _Target(_Loose):
    selector: Annotated[list[_Selector], Field(max_length=20), BeforeValidator(_listed)] = []


class _Body(_Loose):
    id: _Text | None = None
    purpose: _Texts = []
    value: _Text = ""
    source: _Texts = []
    note: _Text = ""
    rule: _Text = CURATED


class _Item(_Loose):
    type: _Texts = []
    motivation: _Texts = []
    body: Annotated[list[_Body], Field(max_length=100), BeforeValidator(_bodies)] = []
    target: Annotated[list[_Target], Field(min_length=1, max_length=1), BeforeValidator(_listed)]


@dataclass(frozen=True, slots=True)
class Annotation:
    """A mention as it was marked in a text that may have changed since.

    Parameters
    ----------
    name : str
        Its id, shortened, or its number in the page, for reports.
    exact, prefix, suffix : str
        The quotation as the text would hold it, NFC; `exact` is empty where only a position is known.
    start, end : int or None
        The position in code points of the text, as far as it is known.
    type : str
        Of the mention.
    targets : tuple of str
        Ids of records.
    note : str
        A sentence for the reader, or nothing.
    curated : bool
        Whether a person marked it; what a linker found has another rule.
    """

    name: str
    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    type: MentionType
    targets: tuple[str, ...]
    note: str
    curated: bool


@dataclass(frozen=True, slots=True)
class IncomingPage:
    """The annotations that somebody brings.

    Parameters
    ----------
    file : str
        The name of the file.
    annotations : tuple of Annotation
        In the order of the file.
    digest : str
        SHA-256 of the text they were made for, hexadecimal; empty where the page does not say.
    notices : tuple of str
        What was left out of use, a sentence each.
    """

    file: str
    annotations: tuple[Annotation, ...]
    digest: str
    notices: tuple[str, ...]


def read_page(path: Path, known: Identities) -> IncomingPage:
    """Read an annotation page from a file.

    Parameters
    ----------
    path : Path
        A file of JSON or JSON-LD.
    known : Identities
        What its annotations may point at.

    Raises
    ------
    DataError
        If the file is missing, cannot be read, or is none that `parse_page` takes.
    """
    return parse_page(read_bounded(path, MAX_BYTES), path.name, known)


def parse_page(content: bytes, file: str, known: Identities) -> IncomingPage:
    """Parse an annotation page: an AnnotationPage, a collection with its first page in it, or a mere list.

    A mention without a type takes that of what it points at. One that points at nothing known and has
    no type is left out with a notice, as is one whose motivation is not to mark a mention.

    Parameters
    ----------
    content : bytes
        JSON in UTF-8; at most 20 MB, with at most 50,000 annotations.
    file : str
        Its name, for problems and reports.
    known : Identities
        What its annotations may point at.

    Raises
    ------
    DataError
        If anything is at fault; it holds every problem found, the first 200 of them told.
    """
    page = _decoded(content, file)
    items = page.get("items") if isinstance(page, dict) else page
    if not isinstance(items, list):
        told = sentence("found {found}; a list would do", found=shortened(items))
        raise DataError([Problem(file, "", "items", told)])
    if len(items) > MAX_ITEMS:
        told = sentence(
            "found {n} annotations; at most {most} would do: split the file", n=len(items), most=MAX_ITEMS
        )
        raise DataError([Problem(file, "", "items", told)])
    reader = _Reader(file, known, _digest(page))
    read = (reader.read(item, number) for number, item in enumerate(items, 1))
    annotations = tuple(annotation for annotation in read if annotation is not None)
    reader.faults.close()
    notices = tuple(
        sentence("{file}: {notice} ({n})", file=file, notice=notice, n=count)
        for notice, count in reader.notices.items()
    )
    return IncomingPage(file, annotations, reader.digest, notices)


def _decoded(content: bytes, file: str) -> object:
    """Return the page that a file holds, or its list of annotations."""
    if len(content) > MAX_BYTES:
        raise DataError([Problem(file, "", "", sentence("the file is larger than 20 MB; split it"))])
    try:
        page = parse_json(content.decode("utf-8-sig"))
    except ValueError as error:  # of the encoding too
        told = sentence("this is no JSON in UTF-8 ({reason})", reason=said_by(error))
        raise DataError([Problem(file, "", "", told)]) from None
    if isinstance(page, dict) and "AnnotationCollection" in str(page.get("type")):
        page = page.get("first")
    if isinstance(page, dict) and "AnnotationPage" not in str(page.get("type")):
        page = None
    if not isinstance(page, dict | list):
        message = sentence("this is no AnnotationPage; give its type, as README.md describes it")
        raise DataError([Problem(file, "", "type", message)])
    return page


def _name(raw: object, number: int) -> str:
    """Return what an item is called in reports."""
    name = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(name, str) or not name.isprintable() or not name:
        return sentence("item {n}", n=str(number))
    return name.removeprefix(identify("mention", ""))[:_NAME_LENGTH]


def _around(text: str) -> str:
    """Return what stands beside a quotation as a text would hold it: white space at its ends stays."""
    kept = GAP.join(map(tidy, _BREAK.split(text)))
    before = " " if text[:1].isspace() and not kept.startswith(GAP) else ""
    after = " " if text[-1:].isspace() and not kept.endswith(GAP) else ""
    return f"{before}{kept}{after}"


def _digest(page: object) -> str:
    target = page.get("target") if isinstance(page, dict) else None
    digest = target.get("sha256") if isinstance(target, dict) else None
    return digest if isinstance(digest, str) else ""


class _Reader:
    """Reads the items of a page, and keeps what is wrong with them.

    Parameters
    ----------
    file : str
        Its name.
    known : Identities
        What may be pointed at.
    digest : str
        Of the text that the page was made for, or nothing.
    """

    def __init__(self, file: str, known: Identities, digest: str) -> None:
        self.known, self.digest = known, digest
        self.faults = Faults(file)
        self.notices: Counter[str] = Counter()

    def read(self, raw: object, number: int) -> Annotation | None:
        """Return an item as an annotation; None where it is at fault or of no use here."""
        name = _name(raw, number)
        try:
            item = _Item.model_validate(raw)
        except ValidationError as error:
            for where, fault in faults_of(error):
                self.faults.report(name, where, fault)
            return None
        if item.type and "Annotation" not in item.type:
            told = sentence("found {found}; Annotation would do", found=shortened(item.type))
            self.faults.report(name, "type", told)
            return None
        if item.motivation and _MOTIVATIONS.isdisjoint(item.motivation):
            told = sentence("an annotation that marks no mention, by its motivation, is left out")
            self.notices[told] += 1
            return None
        meaning = self._meaning(item.body, name)
        quotation = self._quotation(item.target[0], name)
        if meaning is None or quotation is None:
            return None
        return Annotation(name, *quotation, *meaning)

    def _quotation(self, target: _Target, name: str) -> tuple[str, str, str, int | None, int | None] | None:
        """Return exact words, prefix, suffix, start and end of a target."""
        exact, prefix, suffix = "", "", ""
        start: int | None = None
        end: int | None = None
        for selector in target.selector:
            if selector.refined is not None:
                self.notices[sentence("refinedBy of a selector is ignored")] += 1
            if selector.type == "TextQuoteSelector" and selector.exact:
                exact = tidy(selector.exact)
                prefix = _around(selector.prefix[-2 * AROUND :])[-AROUND:]
                suffix = _around(selector.suffix[: 2 * AROUND])[:AROUND]
            elif selector.type == "TextPositionSelector" and None not in (selector.start, selector.end):
                start, end = selector.start, selector.end
            else:
                told = sentence(
                    "a selector that is no whole TextQuoteSelector or TextPositionSelector is ignored"
                )
                self.notices[told] += 1
        if not exact and start is None:
            told = sentence("quote the words by a TextQuoteSelector with exact")
            self.faults.report(name, "target.selector", told)
        elif len(exact) > MAX_EXACT:
            told = sentence(
                "{n} characters are quoted; a mention has at most {most}", n=len(exact), most=MAX_EXACT
            )
            self.faults.report(name, "target.selector.exact", told)
        elif start is not None and end is not None and start >= end:
            told = sentence("it ends at {end}, before it begins at {start}", end=str(end), start=str(start))
            self.faults.report(name, "target.selector", told)
        else:
            if not exact and not self.digest:
                told = sentence("a position without a quotation cannot be checked; it is taken as it is")
                self.notices[told] += 1
            return exact, prefix, suffix, start, end
        return None

    def _meaning(
        self, bodies: list[_Body], name: str
    ) -> tuple[MentionType, tuple[str, ...], str, bool] | None:
        """Return type, targets and note of a mention, and whether a person marked it."""
        targets = tuple(dict.fromkeys(self._targets(bodies, name)))
        typed = next((body for body in bodies if body.value in _TYPES), None)
        notes = [body.note for body in bodies]
        notes += [body.value for body in bodies if "commenting" in body.purpose and body is not typed]
        note = tidy(" ".join(filter(None, notes)))[:_MAX_TEXT]
        if typed is None and not targets:
            told = sentence("an annotation that says nothing known about a mention is left out")
            self.notices[told] += 1
            return None
        kind = self._kind(targets) if typed is None else typed.value
        if targets and kind in _POINTLESS:
            told = sentence(
                "the type is {kind}: point at nothing (found {found})", kind=kind, found=shortened(targets)
            )
            self.faults.report(name, "body", told)
            return None
        return kind, targets, note, typed is None or typed.rule == CURATED  # type: ignore[return-value]

    def _kind(self, targets: tuple[str, ...]) -> MentionType:
        kind = _KINDS.get(self.known.kinds[targets[0]], "place")
        return "group" if kind == "place" and len(targets) > 1 else kind

    def _targets(self, bodies: list[_Body], name: str) -> list[str]:
        """Return the ids that the bodies point at."""
        found = []
        for body in bodies:
            iris = [*body.source, *([body.id] if body.id and not body.value else [])]
            for iri in iris:
                if (target := self.known.name_of(iri)) is not None:
                    found.append(target)
                elif (":" in iri and not iri.startswith(URN)) or iri.startswith(identify(OWN, "")):
                    told = sentence("an address that means no record of the atlas is ignored")
                    self.notices[told] += 1
                else:
                    told = sentence("{found} is no id of the atlas", found=shortened(iri))
                    self.faults.report(name, "body", told)
        return found
