"""Word documents (.docx) as blocks: mammoth makes them a web page, which is read like any other."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

import mammoth

from geo.documents.blocks import MAX_PARTS, MAX_UNZIPPED_BYTES, Document
from geo.documents.metadata import PageMetadata
from geo.documents.webpage import markup_blocks
from geo.errors import ArticleError
from geo.sentences import sentence

_NO_WORD = sentence("is not a Word document; choose a .docx that Word or LibreOffice has saved")
_DAMAGED = sentence("is a damaged Word document; open it in Word or LibreOffice and save it again")
_TOO_LARGE = sentence(
    "unpacks to more than {most} MB or {parts} parts; take out its pictures",
    most=MAX_UNZIPPED_BYTES // 1_000_000,
    parts=MAX_PARTS,
)
_PROPERTIES = "docProps/core.xml"
_MAX_PROPERTIES = 100_000
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
"""
_CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "date": "{http://purl.org/dc/terms/}created",
}
# mammoth escapes all text, so that these can only be tags of its own.
_RETURNS = re.compile(r' ?<a href="#(?:footnote|endnote)-ref-\d+">↑</a>')
_CELL = re.compile(r"(?:</p>)?</t[dh]>\s*<t[dh][^>]*>(?:<p>)?")
_ROW = re.compile(r"(</?)(?:table|thead|tbody|tr|td|th)\b[^>]*>")


def read_word(content: bytes) -> Document:
    """Return the blocks of a Word document: headings by their style, tables as one block a row.

    Marked insertions count, marked deletions do not. Notes follow the text, their numbers stay in it.
    Pictures, headers, footers and the remarks of editors are left out.

    Raises
    ------
    ArticleError
        If the file is no Word document, is damaged, or unpacks to more than the limits. The message is the
        rest of a sentence that begins with the name of the file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _weigh(archive)
            said = _properties(archive)
        made = mammoth.convert_to_html(
            io.BytesIO(content),
            style_map=_STYLES,
            include_embedded_style_map=False,  # the document does not say how it is read
            convert_image=lambda _: [],
        ).value
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ArticleError(_DAMAGED) from error
    made = _ROW.sub(r"\1div>", _CELL.sub(" | ", _RETURNS.sub("", made)))
    return Document(markup_blocks(made, PageMetadata()), **said)


def _weigh(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is no Word document, or unpacks to too much.

    What the parts are said to unpack to is what counts: zipfile stops there, and fails where it was a lie.
    """
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED_BYTES:
        raise ArticleError(_TOO_LARGE)
    if not any(re.fullmatch(r"word/document\d{0,3}\.xml", part.filename) for part in parts):
        raise ArticleError(_NO_WORD)


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return what the core properties say; where they are faulty, nothing."""
    if _PROPERTIES not in archive.namelist() or archive.getinfo(_PROPERTIES).file_size > _MAX_PROPERTIES:
        return {}
    try:
        root = ElementTree.fromstring(archive.read(_PROPERTIES))
    except ElementTree.ParseError:
        return {}
    return {field: root.findtext(name) or "" for field, name in _CORE.items()}
