"""What every reader of a format returns, and the limits that all of them keep."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["heading", "text", "furniture", "comment"]

MAX_BYTES = 5_000_000
"""Of a text or a web page, and of the text that any other file holds."""
MAX_MARKDOWN_BYTES = 2_000_000
MAX_FILE_BYTES = 20_000_000
"""Of a file that may hold pictures: .docx, .pdf, .mhtml."""
MAX_UNZIPPED_BYTES = 100_000_000
MAX_PARTS = 2_000
MAX_PAGES = 500
MAX_TAGS = 100_000
MAX_DEPTH = 200
MAX_PASSAGES = 20_000


class Block(NamedTuple):
    """A piece of a source before it is tidied into a passage.

    Parameters
    ----------
    item : bool
        Whether it stands in a list.
    region : str
        The part of a web page it is in: ``main``, ``article 1``, ...; empty for none.
    """

    kind: Kind
    text: str
    item: bool = False
    region: str = ""


class Document(NamedTuple):
    """A file as blocks of text, with what it says of itself.

    Parameters
    ----------
    blocks : list of Block
        In the order of the file. A line break in a text is where the file broke the line.
    title, date, author, source : str
        As the file gives them, untidied; empty where it does not.
    encoding : str
        Of a text; "(guessed)" follows the name of a guess. Empty for a format that knows no other.
    """

    blocks: list[Block]
    title: str = ""
    date: str = ""
    author: str = ""
    source: str = ""
    encoding: str = ""
