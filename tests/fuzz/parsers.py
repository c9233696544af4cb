"""Every parser of what comes from outside, what it may refuse by, and what holds of all that it takes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from pydantic import ValidationError

from geo.annotations import apart as marks
from geo.annotations.incoming import parse_page
from geo.annotations.writing import Identities, identities_of
from geo.article import Article, Passage, parse_article
from geo.atlas import Atlas
from geo.bibliography.interchange import write_bibtex, write_csl_json, write_ris
from geo.citations import Source, check_address, parse_citations
from geo.content import rivals, selectable
from geo.dates import parse_iso_day, parse_known_day, parse_span
from geo.degrees import parse_degrees
from geo.documents.apart import parse_answer
from geo.documents.encoding import ENCODINGS, decode
from geo.documents.reader import read_document
from geo.errors import ApartError, ArticleError, CitationError, DataError
from geo.imports import apart as places_apart
from geo.imports import parse_gazetteer
from geo.points import answer_rows
from geo.scans import apart as scans
from geo.scans.georeference import parse_bounds, parse_georeference
from geo.strictjson import parse_json
from geo.tour import Known, parse_tour
from geo.view import parse_view

_RIS_LINE = re.compile(r"[A-Z][A-Z0-9]  - [^\r\n]*")
_CHOICES = (None, *ENCODINGS)


class Parser(NamedTuple):
    """A parser under fuzz.

    Parameters
    ----------
    take : callable
        Parses bytes and asserts what must hold of the outcome.
    refusals : tuple of types of exception
        By which it refuses what it cannot take; anything else is a crash.
    lines : bool
        Whether a seed is a line of its file in the corpus, not all of it.
    cost : int
        Of so many rounds it sits out all but one: the slow ones would leave the others no time.
    """

    take: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...] = ()
    lines: bool = False
    cost: int = 1


def parsers(atlas: Atlas) -> dict[str, Parser]:
    """Return every parser by its name, which is that of its file or folder in the corpus."""
    known, ids, readings = identities_of(atlas), selectable(atlas), rivals(atlas)
    linker, places = atlas.linker, frozenset(atlas.place_ids)
    tellable = Known(ids, frozenset(readings), frozenset(atlas.sources))

    def view(content: bytes) -> None:
        parsed = parse_view(_text(content), ids, readings)
        written = parsed.view.query()
        again = parse_view(written, ids, readings)
        assert again.notices == ()
        assert again.view.query() == written

    def mentions(content: bytes) -> None:
        text = _text(content)
        article = Article("", "en", (Passage("p1", "text", text),))
        for mention in linker.mentions(article):
            assert text[mention.start : mention.end] == mention.exact

    def article(name: str) -> Callable[[bytes], None]:
        def take(content: bytes) -> None:
            for passage in parse_article(content, name, atlas.furniture, words=atlas.words).passages:
                assert passage.text.strip() == passage.text != ""

        return take

    def points(content: bytes) -> None:
        for chunk in answer_rows(atlas, io.BytesIO(content), "points.csv"):
            assert chunk.text or chunk.faults

    def gazetteer(content: bytes) -> None:
        found = parse_gazetteer(content, "own.csv")
        assert found.places
        assert found.ids.isdisjoint(places)

    data = {
        "gazetteer": Parser(gazetteer, (DataError,)),
        "annotations": Parser(lambda content: parse_page(content, "x.jsonld", known), (DataError,)),
        "tour": Parser(lambda content: parse_tour(content, "x.json", tellable), (DataError,)),
        "points": Parser(points, (DataError,), cost=4),
        "mentions": Parser(mentions, cost=4),
        "plain": Parser(article("x.txt"), (ArticleError,), cost=2),
        "view": Parser(view, lines=True),
    }
    return data | _answers(known) | _DOCUMENTS | _SMALL


def _answers(known: Identities) -> dict[str, Parser]:
    """Return the parsers of what a process apart answers, whose reader a file may have broken."""

    def gazetteer(content: bytes) -> None:
        found = places_apart.parse_answer(content)
        assert found.places
        assert all(place.geometry is None or place.shape for place in found.places)

    def annotations(content: bytes) -> None:
        for mark in marks.parse_answer(content, "x.jsonld", known).annotations:
            assert known.kinds.keys() >= set(mark.targets)

    refusals = (DataError, ApartError)
    return {
        "gazetteer-answers": Parser(gazetteer, refusals, lines=True),
        "annotation-answers": Parser(annotations, refusals, lines=True),
        "scan-answers": Parser(scans.parse_answer, refusals, lines=True),
    }


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _document(form: str) -> Callable[[bytes], None]:
    def take(content: bytes) -> None:
        document = read_document(form, content)
        # What the process apart would write, and what is made of it here.
        answer = json.dumps(document._asdict(), ensure_ascii=False).encode("utf-8", "replace")
        assert len(parse_answer(answer).blocks) == len(document.blocks)

    return take


def _word(content: bytes) -> None:
    """Take a part of a Word document: what it is packed in would refuse nearly every case by its checksum."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", content)
        archive.writestr("docProps/core.xml", content)
    _document("docx")(packed.getvalue())


def _decoded(content: bytes) -> None:
    for chosen in _CHOICES:
        try:
            text = decode(content, chosen).text
        except ArticleError:
            continue
        assert "\0" not in text
        assert "\r" not in text


def _span(content: bytes) -> None:
    span = parse_span(_text(content))
    assert span.label()
    assert span.start is None or span.end is None or span.start <= span.end


def _day(content: bytes) -> None:
    text = _text(content)
    assert parse_iso_day(text).isoformat() == text
    parse_known_day(text)


def _citations(content: bytes) -> None:
    found = parse_citations(_text(content))
    written = "; ".join(f"{key}[{locator}]" if locator else key for key, locator in found)
    assert parse_citations(written) == found


def _sources(content: bytes) -> None:
    source = Source.model_validate(parse_json(_text(content)))
    assert json.loads(write_csl_json([source]))[0]["id"] == source.id
    lines = write_ris([source]).split("\r\n")
    assert lines.pop() == ""
    assert all(map(_RIS_LINE.fullmatch, lines)), lines
    assert lines[-1] == "ER  - "
    written = re.sub(r"\\[{}]", "", write_bibtex([source]))
    assert written.count("{") == written.count("}")


def _coordinate(content: bytes) -> None:
    assert isinstance(parse_degrees("lat", _text(content)), float)


_DOCUMENTS = {
    "markdown": Parser(_document("markdown"), (ArticleError,), cost=4),
    "webpage": Parser(_document("html"), (ArticleError,), cost=2),
    "savedpage": Parser(_document("mhtml"), (ArticleError,), cost=2),
    "pdf": Parser(_document("pdf"), (ArticleError,), cost=4),
    # Its library breaks in ways of its own, apart, where that is no more than a damaged file.
    "word": Parser(_word, (Exception,), cost=8),
    "answers": Parser(parse_answer, (ArticleError,), lines=True),
}
_SMALL = {
    "edges": Parser(lambda content: parse_bounds(_text(content), "bounds"), (DataError,), lines=True),
    "georeference": Parser(lambda content: parse_georeference(content, "g.json"), (DataError,)),
    "encodings": Parser(_decoded, (ArticleError,), cost=4),
    "dates": Parser(_span, (ValueError,), lines=True),
    "days": Parser(_day, (ValueError,), lines=True),
    "citations": Parser(_citations, (ValueError,), lines=True),
    "addresses": Parser(lambda content: check_address(_text(content)), (CitationError,), lines=True),
    "degrees": Parser(_coordinate, (ValueError,), lines=True),
    "json": Parser(lambda content: parse_json(_text(content)), (ValueError,), lines=True),
    "sources": Parser(_sources, (ValueError, ValidationError), lines=True),
}
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
