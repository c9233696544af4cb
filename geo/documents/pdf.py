"""PDF as blocks: PDFium reads the characters, and their places on the page make lines and paragraphs.

A PDF knows no paragraphs. A line runs on into the next if it stands at the usual distance, in the same
size, and neither ends short nor is followed by an indent. What is set larger is a heading. What returns
at the top or the bottom of pages, but for its number, is a running head; what is set smaller at the
foot of a page is a note, and follows the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from geo.documents.blocks import MAX_PAGES, Block, Document
from geo.documents.plain import BULLET
from geo.errors import ArticleError
from geo.sentences import sentence

_HYPHEN = "\x02"  # where PDFium has joined the lines of a broken word
_LOCKED = sentence("is locked with a password; save it without one")
_NO_PDF = sentence("is a damaged PDF; open it in a reader of PDF files and save or print it to a new one")
_NO_TEXT = sentence(
    "holds pictures and no text; let a program for text recognition read it, and save that as .txt"
)
_LARGER = 1.12  # times the usual size, from which on a line is a heading
_SMALLER = 0.92  # times the usual size, up to which the last lines of a page are notes
_FARTHER = 1.35  # times the usual distance, from which on a paragraph begins
_SHORTER = 0.85  # of the width of the column, below which a line that ends a sentence ends its paragraph
_MARGINAL = 2  # lines at the top and at the bottom of a page that may be running heads
_MANY_PAGES = 5  # from which on a running head stands on three pages at least, else on two
_MAX_HEADING = 200
_LINE = re.compile(r"[^\s\x02](?:[^\n\r\x02]*[^\s\x02])?\x02?")
_SENTENCE_END = re.compile(r"[.!?…:;。！？：；][\"'”’»)）」』\]]*\s*$")


class _Line(NamedTuple):
    """A line on a page: its text, and in points its left and right end, its foot and the size of its type."""

    text: str
    left: float
    right: float
    foot: float
    size: float


def read_pdf(content: bytes) -> Document:
    """Return the blocks of a PDF.

    Running heads and page numbers are furniture, each once, where they are met first.

    Raises
    ------
    ArticleError
        If the file is damaged, locked, has more than `MAX_PAGES` pages, or holds no text. The message is
        the rest of a sentence that begins with the name of the file.
    """
    try:
        pdf = pdfium.PdfDocument(content)
        count = len(pdf)
        if count > MAX_PAGES:
            raise ArticleError(
                sentence(
                    "has {n} pages, more than {most}; save those of the article alone",
                    n=count,
                    most=MAX_PAGES,
                )
            )
        pages = [list(_lines(page)) for page in _opened(pdf)]
        said = pdf.get_metadata_dict()
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise ArticleError(_LOCKED if locked else _NO_PDF) from error
    if not any(char.isalpha() for lines in pages for line in lines for char in line.text):
        raise ArticleError(_NO_TEXT)
    blocks = list(_blocks(pages))
    return Document(blocks, said.get("Title", ""), said.get("CreationDate", ""), said.get("Author", ""))


def _opened(pdf: pdfium.PdfDocument) -> Iterator[pdfium.PdfPage]:
    for number in range(len(pdf)):
        page = pdf[number]
        yield page
        page.close()


def _lines(page: pdfium.PdfPage) -> Iterator[_Line]:
    """Yield the lines of a page; a word broken at the end of a line is left broken there."""
    textpage = page.get_textpage()
    codes = (raw.FPDFText_GetUnicode(textpage, at) for at in range(textpage.count_chars()))
    # Counted as PDFium counts, where a character beyond the first plane may be a pair of surrogates.
    for match in _LINE.finditer("".join(map(chr, codes))):
        first, last = match.start(), match.end() - 1
        left, foot, _, _ = textpage.get_charbox(first, loose=True)
        right = textpage.get_charbox(last, loose=True)[2]
        size = float(raw.FPDFText_GetFontSize(textpage, first))
        text = match[0].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        yield _Line(text.replace(_HYPHEN, "-"), left, right, foot, size)
    textpage.close()


def _blocks(pages: list[list[_Line]]) -> Iterator[Block]:
    """Yield the running heads, each once, then the paragraphs of all pages as one flow, then the notes."""
    running = _running_heads(pages)
    usual = _usual_size(line for lines in pages for line in lines)
    heads: dict[str, str] = {}
    flow: list[tuple[int, _Line]] = []
    notes: list[tuple[int, _Line]] = []
    for number, lines in enumerate(pages):
        margins = _margins(lines)
        own: list[tuple[int, _Line]] = []
        for position, line in enumerate(lines):
            if position in margins and _key(line.text) in running:
                heads.setdefault(_key(line.text), line.text)
            else:
                own.append((number, line))
        body = len(own)
        while body and own[body - 1][1].size < _SMALLER * usual:
            body -= 1
        flow += own[:body]
        notes += own[body:]
    yield from (Block("furniture", text) for text in heads.values())
    yield from _paragraphs(flow, usual)
    yield from _paragraphs(notes, usual)


def _usual_size(lines: Iterable[_Line]) -> float:
    """Return the size in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _margins(lines: list[_Line]) -> set[int]:
    """Return the positions of the lines that may be running heads."""
    return {*range(_MARGINAL), *range(len(lines) - _MARGINAL, len(lines))} & set(range(len(lines)))


def _running_heads(pages: list[list[_Line]]) -> set[str]:
    """Return the keys of the lines that stand in the margins of several pages."""
    on_pages = Counter(
        key for lines in pages for key in {_key(lines[position].text) for position in _margins(lines)}
    )
    enough = 2 if len(pages) < _MANY_PAGES else 3
    return {key for key, times in on_pages.items() if times >= enough}


def _key(text: str) -> str:
    """Return a running head as it is compared: without case and with any number for its number."""
    return re.sub(r"\d+", "#", " ".join(text.casefold().split()))


def _paragraphs(flow: list[tuple[int, _Line]], usual: float) -> Iterator[Block]:
    if not flow:
        return
    edges: dict[int, float] = {}
    for _, line in flow:
        edges[round(line.left / 10)] = max(line.right, edges.get(round(line.left / 10), 0.0))
    steps = [
        one.foot - two.foot
        for (page, one), (other, two) in pairwise(flow)
        if page == other and one.size == two.size and one.foot > two.foot
    ]
    begins = _Beginnings(median(steps) if steps else usual, edges)
    part = [flow[0][1]]
    for (page, one), (other, two) in pairwise(flow):
        if begins.at(one, two, turned=page != other):
            yield _block(part, usual)
            part = []
        part.append(two)
    yield _block(part, usual)


def _block(part: list[_Line], usual: float) -> Block:
    text = "\n".join(line.text for line in part)
    if bullet := BULLET.match(text):
        return Block("text", text[bullet.end() :], item=True)
    heading = part[0].size > _LARGER * usual and len(text) <= _MAX_HEADING
    return Block("heading" if heading else "text", text)


class _Beginnings(NamedTuple):
    """Where paragraphs begin, by the usual distance of lines and the right edge of columns, in points."""

    step: float
    edges: dict[int, float]

    def at(self, one: _Line, two: _Line, *, turned: bool) -> bool:
        """Tell whether a paragraph begins between a line and the next, which `turned` puts on a new page."""
        ended = _SENTENCE_END.search(one.text) is not None
        fallen = one.foot - two.foot
        if abs(one.size - two.size) > 0.06 * one.size or BULLET.match(two.text):
            return True
        if turned or fallen < -self.step:  # a new page or column
            return ended
        if fallen > _FARTHER * self.step:
            return True
        edge = self.edges[round(one.left / 10)]
        short = one.right - one.left < _SHORTER * (edge - one.left)
        indented = two.left > one.left + 0.8 * two.size
        return ended and (short or indented)
