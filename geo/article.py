"""Articles: a file of any kind as passages of plain text, with what it says of itself.

What surrounds an article on its page (share buttons, menus, readers' comments) is kept, but told
apart, so that nothing is ever linked in it. `geo.documents` reads the formats; here their blocks are
tidied and sorted out. All of it takes time in proportion to the text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, islice
from pathlib import Path, PurePath
from typing import Literal

from pydantic import Field, field_validator

from geo.citations import Record
from geo.documents.apart import read_apart
from geo.documents.blocks import MAX_BYTES, MAX_FILE_BYTES, MAX_PASSAGES, Block, Document, Kind
from geo.documents.encoding import ENCODINGS, decode
from geo.documents.plain import text_blocks
from geo.documents.reader import ENDINGS, TEXTS, read_document
from geo.documents.tidying import WIDE, iso_date, said, site_or_address, tidy, whole_words
from geo.errors import ArticleError
from geo.sentences import said_by, sentence

__all__ = (
    "ENCODINGS",
    "ENDINGS",
    "GAP",
    "MAX_BYTES",
    "MAX_FILE_BYTES",
    "MAX_PASSAGES",
    "WIDE",
    "Article",
    "FurnitureRule",
    "Kind",
    "Lang",
    "Passage",
    "parse_article",
    "read_article",
    "tidy",
)

Lang = Literal["en", "ru", "zh"]

GAP = "\n\n"
"""What stands between two passages of a text."""

_WOULD_DO = sentence(".txt, .md, .html, .mhtml, .docx and .pdf would do")
_SIGNATURES = {b"%PDF": "pdf", b"PK\x03\x04": "docx"}
_NAMES = {"pdf": sentence("a PDF"), "docx": sentence("a Word document or another archive")}
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_RICH_TEXT = b"{\\rtf"
_SENTENCE_END = tuple(".!?…。！？\"'”’»)")
_BUTTON_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, a paragraph or an item of a list.

    Parameters
    ----------
    id : str
        ``p1``, ``p2``, ... over all passages of the article.
    kind : str
        ``heading`` or ``text``; ``furniture`` for what belongs to the page and not to the article;
        ``comment`` for what readers wrote below it.
    text : str
        NFC, on one line, never empty.
    """

    id: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """A text to be read beside the map.

    Parameters
    ----------
    title : str
        The first heading; else the title of the web page; else empty.
    lang : str
        ``en``, ``ru`` or ``zh``, by the script that prevails.
    passages : tuple of Passage
        In the order of the file.
    date : str
        When it was published or its file was made, ``YYYY-MM-DD`` where that is given, else as it is written.
    author, source : str
        Who wrote it; the http or https address it is from, or the name of its site.
    encoding : str
        The encoding of a text, "(guessed)" behind it where it was guessed; empty for other formats.

    Notes
    -----
    Date, author and source are what the file says of itself, each empty where it does not.
    """

    title: str
    lang: Lang
    passages: tuple[Passage, ...]
    date: str = ""
    author: str = ""
    source: str = ""
    encoding: str = ""

    @property
    def own(self) -> tuple[Passage, ...]:
        """The passages that are the author's: headings and text, without what the page put around them."""
        return tuple(passage for passage in self.passages if passage.kind in ("heading", "text"))

    @property
    def text(self) -> str:
        """The author's passages with a blank line between: NFC, LF. Positions of annotations count in it."""
        return GAP.join(passage.text for passage in self.own)

    @property
    def starts(self) -> Mapping[str, int]:
        """Where each of the author's passages begins in `text`, in code points, by its id."""
        lengths = (len(passage.text) + len(GAP) for passage in self.own)
        return dict(zip((passage.id for passage in self.own), accumulate(lengths, initial=0), strict=False))

    @property
    def digest(self) -> str:
        """SHA-256 of `text` in UTF-8, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class FurnitureRule(Record):
    """A line that belongs to web pages and not to articles.

    Parameters
    ----------
    form : str
        The whole line; letter case, bullets, counts and punctuation around it do not matter.
    lang : str
        BCP 47 language.
    kind : str
        ``furniture``, a button or a label; ``comments``, the heading over readers' comments;
        ``reply``, a button below one comment, which may stick to its last word.
    """

    form: str = Field(min_length=1, max_length=_BUTTON_LENGTH)
    lang: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    kind: Literal["furniture", "comments", "reply"]

    @field_validator("form")
    @classmethod
    def _has_letters(cls, form: str) -> str:
        if not _key(form):
            raise ValueError("the form has no letter to be known by")
        return form


def read_article(
    path: Path,
    furniture: Sequence[FurnitureRule],
    encoding: str | None = None,
    *,
    words: Collection[str] = (),
) -> Article:
    """Read an article from a file.

    Parameters
    ----------
    path : Path
        A file with one of the `ENDINGS`.
    furniture : sequence of FurnitureRule
        The lines that belong to web pages and not to articles.
    encoding : str, optional
        A key of `ENCODINGS` that decides, for a text whose encoding would be guessed wrong.
    words : collection of str
        Words by which one broken at the end of a line is known again, as `parse_article` takes them.

    Raises
    ------
    ArticleError
        If the file is missing, cannot be read, or is none that `parse_article` takes.
    """
    try:
        if path.is_dir():
            raise ArticleError(
                sentence("{path} is a folder; name a file: {endings}", path=str(path), endings=_WOULD_DO)
            )
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise ArticleError(
            sentence("there is no file {path}; check its name and folder", path=str(path))
        ) from None
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        told = sentence(
            "{path} cannot be read ({reason}); check its permissions", path=str(path), reason=reason
        )
        raise ArticleError(told) from None
    return parse_article(content, path.name, furniture, encoding, words=words)


def parse_article(
    content: bytes,
    filename: str,
    furniture: Sequence[FurnitureRule],
    encoding: str | None = None,
    *,
    words: Collection[str] = (),
    trusted: bool = False,
) -> Article:
    """Parse a text, a Markdown file, a web page, a page saved by a browser, a Word document or a PDF.

    The first line of a plain text is a heading if it is short and ends no sentence. Of a web page that
    marks its article, only that part is taken. After the heading over readers' comments everything is
    comment; a reply button stuck to a comment becomes a passage of its own.

    A word broken by a hyphen at the end of a line is made whole where the text or `words` know it whole;
    else the hyphen is kept, as in Nikolayevsk-on-Amur (`geo.documents.tidying.whole_words`).

    Parameters
    ----------
    content : bytes
        The limits are in `geo.documents.blocks`: 5 MB for a text, 20 MB for .docx, .pdf and .mhtml.
    filename : str
        Its ending tells the format. A text that begins as a web page is read as one.
    furniture : sequence of FurnitureRule
        The lines that belong to web pages and not to articles.
    encoding : str, optional
        A key of `ENCODINGS` that decides; left out, it is found, or else guessed.
    words : collection of str
        Words that may have been broken, such as the names of places.
    trusted : bool
        Whether the file is ours, and may be parsed in this process. Every other one but a plain text is
        parsed in a process of its own, which takes a quarter of a second more.

    Raises
    ------
    ArticleError
        If the content is empty, too long, damaged, locked, binary or of another format, or does not fit
        the encoding.
    """
    try:
        document = _document(content, filename, encoding, trusted=trusted)
        if len(document.blocks) > MAX_PASSAGES:
            raise ArticleError(
                sentence("has more than {n} paragraphs; take out what is not the article", n=MAX_PASSAGES)
            )
        blocks = whole_words(document.blocks, words)
        tidied = (block._replace(text=tidy(block.text)) for block in blocks)
        found = _with_heading(list(_sorted_out([block for block in tidied if block.text], furniture)))
        if not found:
            raise ArticleError(sentence("holds no text; choose a file with an article in it"))
    except ArticleError as error:
        raise ArticleError(sentence("{file} {told}", file=filename, told=said_by(error))) from None
    passages = tuple(Passage(f"p{n}", kind, text) for n, (kind, text) in enumerate(found, 1))
    headings = (passage.text for passage in passages if passage.kind == "heading")
    return Article(
        next(headings, said(document.title)),
        _language(passages),
        passages,
        iso_date(document.date),
        said(document.author),
        site_or_address(document.source),
        document.encoding,
    )


def _document(content: bytes, filename: str, encoding: str | None, *, trusted: bool) -> Document:
    if encoding is not None and encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise ArticleError(
            sentence("cannot be read as {encoding}; {known} would do", encoding=encoding, known=known)
        )
    form = _format(content, PurePath(filename).suffix.lower())
    most = MAX_BYTES if form in TEXTS else MAX_FILE_BYTES
    if len(content) > most:
        size = most // 1_000_000
        raise ArticleError(sentence("is larger than {n} MB; take out what is not the article", n=size))
    if not content.strip():
        raise ArticleError(sentence("is empty and holds no text; choose a file with an article in it"))
    if form == "text":
        text, name = decode(content, encoding)
        if not text[:2000].lstrip("\ufeff \t\n").lower().startswith(("<!doctype html", "<html")):
            return Document(list(islice(text_blocks(text), MAX_PASSAGES + 1)), encoding=name)
        form = "html"
    return (read_document if trusted else read_apart)(form, content, encoding)


def _format(content: bytes, ending: str) -> str:
    """Return the format by the ending of the name, or refuse what the content shows not to be of it."""
    if content.startswith(_OLD_WORD):
        if _LOCKED in content:
            raise ArticleError(sentence("is locked with a password; save it without one"))
        raise ArticleError(sentence("is an old Word document or the like; save it as .docx"))
    if content.startswith(_RICH_TEXT):
        raise ArticleError(sentence("is a rich text file; save it as .docx or .txt"))
    form = ENDINGS.get(ending)
    if form is None:
        raise ArticleError(sentence("has an unknown ending; {endings}", endings=_WOULD_DO))
    for signature, other in _SIGNATURES.items():
        if content.startswith(signature) and form != other:
            raise ArticleError(
                sentence("is {kind}; give its name the ending .{ending}", kind=_NAMES[other], ending=other)
            )
    if content.strip() and form == "docx" and not content.startswith(b"PK"):
        raise ArticleError(
            sentence("is not a Word document; choose a .docx that Word or LibreOffice has saved")
        )
    return form


def _sorted_out(blocks: list[Block], rules: Sequence[FurnitureRule]) -> Iterator[tuple[Kind, str]]:
    """Yield kind and text of each passage, furniture and comments told apart.

    The heading over comments counts only once a whole sentence of the article has gone before, for
    blogs also put it, with the number of comments, below their titles.
    """
    lines = {_key(rule.form): rule.kind for rule in rules}
    replies = sorted((rule.form for rule in rules if rule.kind == "reply"), key=len, reverse=True)
    rows = _rows_of_buttons(blocks, lines)
    sentence = commenting = False
    for number, block in enumerate(blocks):
        kind, text = block.kind, block.text
        rule = lines.get(_key(text))
        reply = next((form for form in replies if text.endswith(form)), "")
        body = text.removesuffix(reply)
        if rule or number in rows:
            commenting = commenting or (rule == "comments" and sentence)
            yield "furniture", text
        elif reply and body and not body[-1].isspace():
            yield "comment", body
            yield "furniture", reply
        else:
            sentence = sentence or (kind == "text" and text.endswith(_SENTENCE_END))
            yield "comment" if commenting and kind != "furniture" else kind, text


def _rows_of_buttons(blocks: list[Block], lines: Mapping[str, str]) -> set[int]:
    """Return the numbers of the short items in lists of which at least half are known as furniture."""
    rows: set[int] = set()
    numbered = enumerate(blocks)
    for short, run in groupby(
        numbered, key=lambda pair: pair[1].item and len(pair[1].text) <= _BUTTON_LENGTH
    ):
        row = list(run)
        known = sum(_key(block.text) in lines for _, block in row)
        if short and 2 * known >= len(row):
            rows.update(number for number, _ in row)
    return rows


def _key(line: str) -> str:
    """Return a line as it is compared: without case, bullets, counts and punctuation around it."""
    if len(line) > _BUTTON_LENGTH:
        return ""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", line.casefold())


def _with_heading(found: list[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """Where there is no heading, make one of a first line that is short and ends no sentence."""
    texts = [number for number, (kind, _) in enumerate(found) if kind == "text"]
    if len(texts) > 1 and not any(kind == "heading" for kind, _ in found):
        first, second = (found[number][1] for number in texts[:2])
        if len(first) <= min(100, len(second)) and not first.endswith((*_SENTENCE_END, ",", ":", ";", "；")):
            found[texts[0]] = ("heading", first)
    return found


def _language(passages: Sequence[Passage]) -> Lang:
    """Return the language whose script prevails; one Han character counts for three letters."""
    text = "".join(passage.text for passage in passages if passage.kind in ("heading", "text"))
    shares: dict[Lang, int] = {
        "en": len(re.findall("[A-Za-z]", text)),
        "ru": len(re.findall("[А-Яа-яЁё]", text)),
        "zh": 3 * len(re.findall("[\u3400-\u9fff]", text)),
    }
    return max(shares, key=lambda lang: shares[lang])
