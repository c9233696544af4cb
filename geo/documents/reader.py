"""One door to the readers of all formats, each loaded only when it is asked for.

A reader raises ArticleError with the rest of a sentence that begins with the name of the file.
"""

from __future__ import annotations

from geo.documents.blocks import MAX_BYTES, Document
from geo.errors import ArticleError
from geo.sentences import sentence

ENDINGS = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".mhtml": "mhtml",
    ".htm": "html",
    ".mht": "mhtml",
    ".markdown": "markdown",
}
"""By the ending of a file's name, its format; the usual ones first."""

TEXTS = ("text", "markdown", "html")
"""The formats that hold no pictures, and are held to the smaller size."""


def read_document(form: str, content: bytes, encoding: str | None = None) -> Document:
    """Return a file as blocks of text.

    Parameters
    ----------
    form : str
        ``markdown``, ``html``, ``mhtml``, ``docx`` or ``pdf``.
    content : bytes
        The file.
    encoding : str or None
        For a text, a key of `geo.documents.encoding.ENCODINGS` that decides; None finds it.

    Raises
    ------
    ArticleError
        If the file cannot be read, is over a limit of `geo.documents.blocks`, or holds more text than
        `MAX_BYTES` characters.
    """
    document = _read(form, content, encoding)
    if sum(len(block.text) for block in document.blocks) > MAX_BYTES:
        raise ArticleError(
            sentence(
                "holds more than {n} MB of text; take out what is not the article", n=MAX_BYTES // 1_000_000
            )
        )
    return document


def _read(form: str, content: bytes, encoding: str | None) -> Document:
    if form == "markdown":
        from geo.documents.markdown import read_markdown

        return read_markdown(content, encoding)
    if form == "html":
        from geo.documents.webpage import read_webpage

        return read_webpage(content, encoding)
    if form == "mhtml":
        from geo.documents.savedpage import read_savedpage

        return read_savedpage(content, encoding)
    if form == "docx":
        from geo.documents.word import read_word

        return read_word(content)
    from geo.documents.pdf import read_pdf

    return read_pdf(content)
