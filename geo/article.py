"""Articles: a text, a Markdown file or a web page as passages of plain text.

What surrounds an article on its page (share buttons, menus, readers' comments) is kept, but told
apart, so that nothing is ever linked in it. Parsing takes time in proportion to the input, but for
Markdown, whose parser has bad cases and which is held to a smaller size.

References
----------
Unicode Standard Annex 15, Stream-Safe Text Format: at most 30 combining marks in a row.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby, islice
from pathlib import Path, PurePath
from typing import Literal

from markdown_it import MarkdownIt
from pydantic import Field, field_validator

from geo.citations import Record
from geo.errors import ArticleError
from geo.webpage import Block, Kind, webpage_blocks

Lang = Literal["en", "ru", "zh"]

MAX_BYTES = 5_000_000
MAX_MARKDOWN_BYTES = 100_000
MAX_PASSAGES = 20_000
MAX_MARKS = 30
GAP = "\n\n"
"""What stands between two passages of a text."""

WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""The ranges of a regular expression's class that hold Han, kana and Hangul, written without spaces."""

_ENDINGS = {".txt": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
_SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word document or an archive",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "a rich text file",
}
_SENTENCE_END = tuple(".!?…。！？\"'”’»)")
_HIDDEN = ("Cc", "Cf", "Cs")
_BULLET = re.compile(r"[-*•·‣◦▪]\s+")
_RAGGED = range(45, 101)  # columns of a line that was broken because it was full
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
        In the order of the text.
    date, author, source : str
        When and by whom it was written, and its address or site, as far as it says so itself.
    encoding : str
        How its bytes were read, ``(guessed)`` where nothing said it.
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


def read_article(path: Path, furniture: Sequence[FurnitureRule]) -> Article:
    """Read an article from a file.

    Parameters
    ----------
    path : Path
        A file that ends in .txt, .md, .markdown, .html or .htm.
    furniture : sequence of FurnitureRule
        The lines that belong to web pages and not to articles.

    Raises
    ------
    ArticleError
        If the file is missing, cannot be read, or is none that `parse_article` takes.
    """
    try:
        if path.is_dir():
            raise ArticleError(f"{path} is a folder; name a file that ends in .txt, .md or .html")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ArticleError(f"there is no file {path}; check its name and folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(f"{path} cannot be read ({reason}); check its permissions") from None
    return parse_article(content, path.name, furniture)


def parse_article(content: bytes, filename: str, furniture: Sequence[FurnitureRule]) -> Article:
    """Parse a text, a Markdown file or a web page.

    A plain text has one paragraph a line; where blank lines part its paragraphs, lines of 45 to 100
    columns run on into the next. Its first line is a heading if it is short and ends no sentence.
    Of a web page that marks its article, only that part is taken. After the heading over readers'
    comments everything is comment; a reply button stuck to a comment becomes a passage of its own.

    Parameters
    ----------
    content : bytes
        UTF-8, or UTF-16 with a byte order mark; at most 5 MB, 100 kB for Markdown.
    filename : str
        Its ending tells the format. A text that begins as a web page is read as one.
    furniture : sequence of FurnitureRule
        The lines that belong to web pages and not to articles.

    Raises
    ------
    ArticleError
        If the content is empty, too long, binary, not Unicode, or of another format.
    """
    form = _ENDINGS.get(PurePath(filename).suffix.lower())
    if form is None:
        raise ArticleError(f"{filename} has an unknown ending; .txt, .md and .html would do")
    text = _decode(content, filename)
    if text[:2000].lstrip().lower().startswith(("<!doctype html", "<html")):
        form = "html"
    title = ""
    if form == "html":
        title, blocks = webpage_blocks(text, filename)
    elif form == "markdown":
        if len(content) > MAX_MARKDOWN_BYTES:
            raise ArticleError(f"{filename} is Markdown of more than 100 kB; shorten it, or save it as .txt")
        blocks = list(islice(_markdown_blocks(text), MAX_PASSAGES + 1))
    else:
        blocks = list(islice(_text_blocks(text), MAX_PASSAGES + 1))
    if len(blocks) > MAX_PASSAGES:
        raise ArticleError(
            f"{filename} has more than {MAX_PASSAGES:,} paragraphs; take out what is not the article"
        )
    tidied = (block._replace(text=tidy(block.text)) for block in blocks)
    found = _with_heading(list(_sorted_out([block for block in tidied if block.text], furniture)))
    if not found:
        raise ArticleError(f"{filename} holds no text; choose a file with an article in it")
    passages = tuple(Passage(f"p{n}", kind, text) for n, (kind, text) in enumerate(found, 1))
    headings = (passage.text for passage in passages if passage.kind == "heading")
    return Article(next(headings, tidy(title)), _language(passages), passages)


def _decode(content: bytes, filename: str) -> str:
    """Return the text with LF newlines and without characters that do not show."""
    if len(content) > MAX_BYTES:
        raise ArticleError(f"{filename} is larger than 5 MB; take out what is not the article")
    for signature, name in _SIGNATURES.items():
        if content.startswith(signature):
            raise ArticleError(f"{filename} is {name}; save its text as .txt, .md or .html")
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise ArticleError(
            f"{filename} is not in {name} (byte {error.start} does not fit); "
            "save it again as plain text with the encoding UTF-8"
        ) from None
    if "\0" in text:
        raise ArticleError(f"{filename} is binary, or UTF-16 without a mark; save it as text in UTF-8")
    return _without_hidden("\n".join(text.splitlines()))


def _without_hidden(text: str) -> str:
    """Return the text without controls, zero-width and bidirectional marks; white space stays."""
    hidden = {char for char in set(text) if unicodedata.category(char) in _HIDDEN and not char.isspace()}
    return text.translate(dict.fromkeys(map(ord, hidden))) if hidden else text


def _stream_safe(text: str) -> str:
    """Return the text with at most `MAX_MARKS` combining marks in a row; more would stall NFC."""
    marks = {char for char in set(text) if unicodedata.combining(char)}
    if not marks:
        return text
    runs = groupby(text, key=marks.__contains__)
    return "".join(chain.from_iterable(islice(run, MAX_MARKS) if marked else run for marked, run in runs))


def tidy(text: str) -> str:
    """Return the text as a passage holds it: NFC, on one line, nothing hidden in it."""
    text = _without_hidden(text)
    if not text.isascii():
        text = re.sub(rf"(?<=[{WIDE}])[ \t]*\n[ \t]*(?=[{WIDE}])", "", text)
        text = unicodedata.normalize("NFC", _stream_safe(text))
    return " ".join(text.split())


def _text_blocks(text: str) -> Iterator[Block]:
    lines = [line.strip() for line in text.split("\n")]
    paragraphs = [list(run) for filled, run in groupby(lines, key=bool) if filled]
    for paragraph in paragraphs:
        parts: list[list[str]] = []
        for line in paragraph:
            if (
                parts
                and len(paragraphs) > 1
                and not _BULLET.match(line)
                and _columns(parts[-1][-1]) in _RAGGED
            ):
                parts[-1].append(line)
            else:
                parts.append([line])
        for part in parts:
            bullet = _BULLET.match(part[0])
            whole = "\n".join(part)
            yield Block("text", whole[bullet.end() :] if bullet else whole, item=bullet is not None)


def _columns(line: str) -> int:
    return len(line) + len(re.findall(f"[{WIDE}]", line))


def _markdown_blocks(text: str) -> Iterator[Block]:
    kind: Kind = "text"
    depth = 0
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.tag in ("ul", "ol"):
            depth += token.nesting
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type in ("fence", "code_block"):
            yield Block("text", token.content)
        elif token.type == "inline":
            breaks = {"softbreak": "\n", "hardbreak": "\n", "image": ""}
            pieces = [breaks.get(child.type, child.content) for child in token.children or ()]
            yield Block(kind, "".join(pieces), item=depth > 0)
            kind = "text"


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
