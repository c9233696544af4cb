"""The annotations of our account: what people have marked in it, checked to the letter.

References
----------
W3C Recommendation, Web Annotation Data Model, 2017, section 4.2.4, Text Quote Selector.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from reprlib import repr as shortened
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.article import Article
from geo.citations import Slug, faults_of
from geo.errors import DataError, Problem
from geo.linker import Mention, MentionType

CURATED = "curated"
"""The rule of a mention that a person marked."""

_POINTLESS = ("government", "part-of-name", "not-a-place")
_OFF_THE_MAP = ("place", "area")
"""Types that may point at nothing where the note gives the reason, as a river that is no record of ours."""


class _Part(BaseModel):
    """A part of an annotation; quotations keep the white space at their ends."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Selector(_Part):
    type: Literal["TextQuoteSelector"]
    exact: str = Field(min_length=1)
    prefix: str = ""
    suffix: str = ""


class _Target(_Part):
    source: str = Field(pattern=r"^account(\.[A-Za-z-]{2,20})?\.md#p[1-9][0-9]{0,5}$")
    selector: _Selector


class _Body(_Part):
    purpose: Literal["identifying"]
    value: MentionType
    source: list[Slug]
    note: str = ""


class _Annotation(_Part):
    id: str = Field(pattern=r"^a[1-9][0-9]{0,5}$")
    type: Literal["Annotation"]
    motivation: Literal["linking"]
    body: _Body
    target: _Target


def read_annotations(
    page: object, article: Article, file: str, text: str = "account.md"
) -> tuple[Mention, ...]:
    """Read the mentions that an annotation page marks in an article.

    Whether the ids it points at exist is for the caller to check.

    Parameters
    ----------
    page : object
        An AnnotationPage as ``data/README.md`` describes it, as JSON was parsed.
    article : Article
        The text it speaks of.
    file : str
        The name of the file, for the problems.
    text : str
        The name of the article's file, as the targets give it.

    Returns
    -------
    tuple of Mention
        In the order of the text, none overlapping.

    Raises
    ------
    DataError
        If anything is at fault; it holds every problem found.
    """
    if not isinstance(page, dict) or page.get("type") != "AnnotationPage":
        raise DataError([Problem(file, "", "type", "this is no AnnotationPage; see data/README.md")])
    items = page.get("items")
    if not isinstance(items, list):
        raise DataError([Problem(file, "", "items", f"found {shortened(items)}; a list would do")])
    texts = {passage.id: passage.text for passage in article.passages}
    order = {name: number for number, name in enumerate(texts)}
    problems: list[Problem] = []
    found: list[tuple[Mention, str]] = []
    names: set[str] = set()
    for number, item in enumerate(items, 1):
        name, annotation = _parsed(item, number, file, problems)
        if annotation is None:
            continue
        if name in names:
            problems.append(Problem(file, name, "id", "another annotation has this id; give each its own"))
        names.add(name)
        if (mention := _anchored(annotation, text, texts, file, problems)) is not None:
            found.append((mention, name))
    found.sort(key=lambda pair: (order[pair[0].passage], pair[0].start))
    for (one, name), (other, second) in pairwise(found):
        if one.passage == other.passage and other.start < one.end:
            problems.append(
                Problem(file, second, "target", f"{other.exact!r} overlaps {one.exact!r} of {name}")
            )
    if problems:
        raise DataError(problems)
    return tuple(mention for mention, _ in found)


def _parsed(item: object, number: int, file: str, problems: list[Problem]) -> tuple[str, _Annotation | None]:
    """Return the name of an item, and the item itself if it is well formed."""
    name = item.get("id") if isinstance(item, dict) else None
    name = name if isinstance(name, str) and name.isprintable() and 0 < len(name) <= 20 else f"item {number}"
    try:
        return name, _Annotation.model_validate(item)
    except ValidationError as error:
        problems.extend(Problem(file, name, field, fault) for field, fault in faults_of(error))
        return name, None


def _anchored(
    annotation: _Annotation, name: str, texts: Mapping[str, str], file: str, problems: list[Problem]
) -> Mention | None:
    """Return an annotation as a mention, or None where its quotation does not fit exactly one spot."""
    body, selector = annotation.body, annotation.target.selector
    named, _, passage = annotation.target.source.partition("#")
    faults: list[Problem] = []
    excused = body.value in _OFF_THE_MAP and body.note
    if bool(body.source) == (body.value in _POINTLESS) and not (excused and not body.source):
        message = "leave the list empty" if body.value in _POINTLESS else "name what it points at"
        message += ", or give in a note the reason why nothing" if body.value in _OFF_THE_MAP else ""
        faults.append(Problem(file, annotation.id, "body.source", f"the type is {body.value}: {message}"))
    quotation = selector.prefix + selector.exact + selector.suffix
    spots = _spots(texts.get(passage, ""), quotation)
    if named != name:
        message = f"found {named}; this file marks {name}"
        faults.append(Problem(file, annotation.id, "target.source", message))
    elif passage not in texts:
        message = f"there is no passage {passage}; the text has p1 to p{len(texts)}"
        faults.append(Problem(file, annotation.id, "target.source", message))
    elif len(spots) > 1:
        message = f"{selector.exact!r} fits several spots of {passage}; lengthen prefix or suffix"
        faults.append(Problem(file, annotation.id, "target.selector", message))
    elif not spots:
        elsewhere = [name for name, text in texts.items() if quotation in text]
        hint = f"it is in {elsewhere[0]}" if elsewhere else "quote letter for letter, with prefix and suffix"
        message = f"{shortened(quotation)} is not in {passage}; {hint}"
        faults.append(Problem(file, annotation.id, "target.selector", message))
    problems.extend(faults)
    if faults:
        return None
    start = spots[0] + len(selector.prefix)
    end = start + len(selector.exact)
    return Mention(
        passage, start, end, selector.exact, body.value, tuple(body.source), CURATED, 1.0, body.note
    )


def _spots(text: str, quotation: str) -> list[int]:
    """Return where a quotation stands in a text, the first two spots at most."""
    first = text.find(quotation)
    second = text.find(quotation, first + 1) if first >= 0 else -1
    return [spot for spot in (first, second) if spot >= 0]
