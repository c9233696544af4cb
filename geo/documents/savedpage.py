"""Pages that a browser saved as one file (MHTML): the web page in it as blocks of text.

References
----------
RFC 2557, MIME Encapsulation of Aggregate Documents, such as HTML.
"""

from __future__ import annotations

import email
import email.policy
from email.message import Message

from geo.documents.blocks import MAX_PARTS, Document
from geo.documents.webpage import read_webpage
from geo.errors import ArticleError
from geo.sentences import sentence

_NO_PAGE = sentence("holds no web page; in the browser, save the page again as a single file or as HTML")


def read_savedpage(content: bytes, encoding: str | None) -> Document:
    """Return the blocks of the first web page in an MHTML file; its pictures and frames are left.

    Parameters
    ----------
    content : bytes
        The file.
    encoding : str or None
        A key of `geo.documents.encoding.ENCODINGS` that decides; None believes the header of the page.

    Raises
    ------
    ArticleError
        If the file holds no web page, or one that cannot be read. The message is the rest of a sentence
        that begins with the name of the file.
    """
    if content.count(b"\n--") > MAX_PARTS + 2:
        raise ArticleError(sentence("has more than {n} parts; save the page as HTML", n=MAX_PARTS))
    # The older policy parses no header that nobody asks for.
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    body = page.get_payload(decode=True) if page else None
    if page is None or not isinstance(body, bytes):
        raise ArticleError(_NO_PAGE)
    found = read_webpage(body, encoding, str(page.get_content_charset("")))
    return found._replace(source=_address(message, page) or found.source)


def _address(message: Message, page: Message) -> str:
    places = (message.get("Snapshot-Content-Location"), page.get("Content-Location"))
    return next((str(place).strip() for place in places if place), "")
