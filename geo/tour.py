"""Guided tours: steps of text, each with the view of the map that shows what it says.

A tour is a JSON file, ours in ``data/`` or a reader's; ``data/README.md`` describes it. Every fault is
collected before anything is refused. It is so small that even the dashboard reads it without a process
apart: the worst of 100 kB takes two tenths of a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import parse_qsl, urlencode

from pydantic import AfterValidator, Field, ValidationError

from geo.bounded import read_bounded
from geo.citations import Certainty, Citations, Record, Slug, faults_of, keys
from geo.errors import Faults, Problem
from geo.sentences import Sentence, said_by, sentence
from geo.strictjson import parse_json
from geo.territory import FRAME
from geo.view import LANGS, parse_view

MAX_BYTES = 100_000
MAX_STEPS = 50
MAX_TEXT = 2000
MAX_TITLE = 200
"""Bytes, steps, code points of a text and of a title in each language."""

_READERS = {
    "lang": sentence("the reader chooses the language"),
    "names": sentence("the reader chooses the names on the map"),
    "basemap": sentence("only the reader may go online"),
}
"""The parts of a view that a step leaves as they are, and why."""

_Written = Annotated[str, Field(max_length=MAX_TEXT)]
_Degrees = Annotated[float, Field(ge=-180, le=180)]


class Texts(Record):
    """A text in the languages of the page; English stands in for one that is empty."""

    en: _Written = Field(min_length=1)
    ru: _Written = ""
    zh_hans: _Written = Field("", alias="zh-Hans")
    zh_hant: _Written = Field("", alias="zh-Hant")

    def by_lang(self) -> dict[str, str]:
        """Return the texts that there are, keyed by their BCP 47 language."""
        texts = {"en": self.en, "ru": self.ru, "zh-Hans": self.zh_hans, "zh-Hant": self.zh_hant}
        return {lang: text for lang, text in texts.items() if text}


def _short(title: Texts) -> Texts:
    if any(len(text) > MAX_TITLE for text in title.by_lang().values()):
        raise ValueError(sentence("a title has at most {n} characters", n=MAX_TITLE))
    return title


def _framed(bounds: tuple[float, ...] | None) -> tuple[float, ...] | None:
    if bounds is None:
        return None
    west, south, east, north = bounds
    if not (west < east and south < north):
        raise ValueError(sentence("write west, south, east, north, as in [130, 42, 142, 54]"))
    if west > FRAME[2] or east < FRAME[0] or south > FRAME[3] or north < FRAME[1]:
        edges = ", ".join(f"{edge:g}" for edge in FRAME)
        raise ValueError(sentence("they lie outside the map, which has {edges}", edges=edges))
    return bounds


Title = Annotated[Texts, AfterValidator(_short)]


class Step(Record):
    """One step of a tour.

    Parameters
    ----------
    title, text : Texts
        What is said.
    view : str
        The view that the map shows, as `geo.view.View.query` writes it; empty for the opening view.
    bounds : tuple of float or None
        West, south, east, north in degrees, OGC:CRS84: what the map frames, whatever its size. None for the
        position in the view, else for what it selects.
    certainty : str or None
        How sure it is; None where the tour does not say.
    citations : tuple of Citation
        By which sources; may be empty.
    """

    id: Slug
    title: Title
    text: Texts
    view: _Written = ""
    bounds: Annotated[
        tuple[_Degrees, _Degrees, _Degrees, _Degrees] | None,
        AfterValidator(_framed),
    ] = None
    certainty: Certainty | None = None
    citations: Citations = ()


class _Head(Record):
    """A tour before its steps are looked at."""

    version: Literal[1]
    title: Title
    steps: Annotated[list[Any], Field(min_length=1, max_length=MAX_STEPS)]


@dataclass(frozen=True, slots=True)
class Tour:
    """A guided tour.

    Parameters
    ----------
    title : Texts
        Of the tour.
    steps : tuple of Step
        In order, at least one.
    notices : tuple of str
        What is not as it might be, a sentence each: texts that are not there in a language.
    """

    title: Texts
    steps: tuple[Step, ...]
    notices: tuple[str, ...] = ()


class Known(NamedTuple):
    """What the steps of a tour may name.

    Parameters
    ----------
    ids : frozenset of str
        What a view can select.
    readings : frozenset of str
        The rival readings.
    sources : frozenset of str
        The keys of the bibliography.
    own : bool
        Whether there is a reader's gazetteer, and with it its layer.
    """

    ids: frozenset[str]
    readings: frozenset[str]
    sources: frozenset[str]
    own: bool = False


def read_tour(path: Path, known: Known) -> Tour:
    """Read a tour from a file.

    Raises
    ------
    DataError
        If the file is missing, cannot be read, or is none that `parse_tour` takes.
    """
    return parse_tour(read_bounded(path, MAX_BYTES), path.name, known)


def parse_tour(content: bytes, filename: str, known: Known) -> Tour:
    """Parse a tour that a reader brings.

    Parameters
    ----------
    content : bytes
        JSON in UTF-8, at most 100 kB, 50 steps, 2000 characters a text and 200 a title.
    filename : str
        For the messages.
    known : Known
        What its steps may name.

    Raises
    ------
    DataError
        If anything is at fault; it holds every problem found, the first 200 of them told.
    """
    faults = Faults(filename)
    if len(content) > MAX_BYTES:
        size = MAX_BYTES // 1000
        faults.stop("", "", sentence("the file is larger than {n} kB; make two tours of it", n=size))
    try:
        raw = parse_json(content.decode("utf-8-sig"))
    except ValueError as error:  # of the encoding too
        told = sentence("this is no JSON in UTF-8 ({reason}); is the file cut short?", reason=said_by(error))
        faults.stop("", "", told)
    tour, problems = build_tour(raw, filename)
    for problem in (*problems, *(misdirections(tour, known, filename) if tour else ())):
        faults.report(problem.record, problem.field, problem.message)
    faults.close()
    assert tour is not None  # there would be a problem
    return tour


def build_tour(raw: Any, file: str) -> tuple[Tour | None, list[Problem]]:
    """Return the tour that a JSON value describes, with its sound steps, and every problem found in it.

    It is None where there is no sound step. What its steps name is looked up by `misdirections`.
    """
    try:
        head = _Head.model_validate(raw)
    except ValidationError as error:
        return None, [Problem(file, "", *fault) for fault in faults_of(error)]
    steps: list[Step] = []
    problems: list[Problem] = []
    for number, entry in enumerate(head.steps, 1):
        try:
            steps.append(Step.model_validate(entry))
        except ValidationError as error:
            name = _name_of(entry, number)
            problems.extend(Problem(file, name, *fault) for fault in faults_of(error))
    for name, count in Counter(step.id for step in steps).items():
        if count > 1:
            told = sentence("{n} steps have this id; give each its own", n=count)
            problems.append(Problem(file, name, "id", told))
    return (Tour(head.title, tuple(steps), _gaps(head.title, steps)) if steps else None), problems


def misdirections(tour: Tour, known: Known, file: str) -> Iterator[Problem]:
    """Yield each thing in a tour that leads nowhere: parts of views, ids, sources."""
    for step in tour.steps:
        parts = parse_qsl(step.view)
        for name, reason in _READERS.items():
            if any(part == name for part, _ in parts):
                told = sentence("leave {name} out: {reason}", name=name, reason=reason)
                yield Problem(file, step.id, "view", told)
        rest = urlencode([(name, found) for name, found in parts if name not in _READERS])
        parsed = parse_view(rest, known.ids, known.readings, own=known.own)
        for notice in parsed.notices:
            told = Sentence("{name}={found}: {wanted}", notice.values)
            yield Problem(file, step.id, "view", told)
        if step.view and not parts:
            told = sentence("this is no view; date=1859-06-01&place=khabarovsk would do")
            yield Problem(file, step.id, "view", told)
        if step.bounds and parsed.view.position:
            told = sentence("the view has a map position too; leave one of them out")
            yield Problem(file, step.id, "bounds", told)
        for key in keys(step.citations):
            if key not in known.sources:
                told = sentence("{key} is no source of the atlas", key=repr(key))
                yield Problem(file, step.id, "citations", told)


def compose_tour(tour: Tour, *, own: bool = False) -> dict[str, Any]:
    """Return what the page says of a tour, ready for JSON.

    Parameters
    ----------
    own : bool
        Whether a reader brought it.
    """
    return {
        "own": own,
        "title": tour.title.by_lang(),
        "steps": [
            {
                "id": step.id,
                "title": step.title.by_lang(),
                "text": step.text.by_lang(),
                "view": step.view,
                "bounds": step.bounds,
                "certainty": step.certainty,
                "citations": [list(citation) for citation in step.citations],
            }
            for step in tour.steps
        ],
    }


def _gaps(title: Texts, steps: list[Step]) -> tuple[str, ...]:
    texts = [title, *(text for step in steps for text in (step.title, step.text))]
    missing = {lang: sum(lang not in text.by_lang() for text in texts) for lang in LANGS}
    return tuple(
        sentence(
            "{n} of {total} titles and texts are missing in {language}; English is shown there",
            n=count,
            total=len(texts),
            language=LANGS[lang],
        )
        for lang, count in missing.items()
        if count
    )


def _name_of(entry: Any, number: int) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    return name[:60] if isinstance(name, str) and name else sentence("step {n}", n=number)
