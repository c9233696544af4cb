"""Which phrases the interface says: found in its scripts, its document and its Python.

A phrase is a literal in the source, so that it can be found without running anything.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.jslexer import Token, tokenize, unquote_string

from geo.errors import LanguageError

GEO_DIR = Path(__file__).parents[1]

_JS = {"T": 1, "Tn": 2}
_PYTHON = {"say": 1, "phrase": 1, "sentence": 1, "say_n": 2, "sentence_n": 2}
"""By the name of the function, how many of its first arguments are phrases."""

_ATTRIBUTE = re.compile(r'\s([\w-]+)="([^"]*)"')
_ADOPTED = re.compile(
    r"<(?P<tag>\w+)(?P<attributes>[^>]*\sdata-say=\"(?P<names>[^\"]*)\"[^>]*)>(?P<text>[^<]*)"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase and where it is said.

    Parameters
    ----------
    english : str
        The phrase; with a plural, its singular.
    plural : str
        Its plural; empty for none.
    file : str
        Relative to the folder of the project.
    line : int
        From 1.
    """

    english: str
    plural: str
    file: str
    line: int


def collect_phrases() -> tuple[Phrase, ...]:
    """Return every phrase of the interface, in the order of the files; one that is said twice stands twice.

    Raises
    ------
    LanguageError
        If a phrase is no literal and so cannot be found.
    """
    found: list[Phrase] = []
    for path in sorted((GEO_DIR / "static").glob("*.js")):
        found += in_script(path.read_text("utf-8"), _shown(path))
    for path in sorted((GEO_DIR / "static").glob("*.html")):
        found += in_document(path.read_text("utf-8"), _shown(path))
    for path in (*sorted(GEO_DIR.rglob("*.py")), GEO_DIR.parent / "streamlit_app.py"):
        if path.is_file():
            found += in_python(path.read_text("utf-8"), _shown(path))
    return tuple(found)


def in_script(text: str, file: str) -> Iterator[Phrase]:
    """Yield the phrases of a script: the literals in calls of T and Tn."""
    tokens = [token for token in tokenize(text) if token.type not in ("linecomment", "multilinecomment")]
    for n, token in enumerate(tokens[:-2]):
        if token.type == "name" and token.value in _JS and tokens[n + 1].value == "(":
            before = tokens[n - 1].value if n else ""
            if before not in (".", "function", "new"):
                yield _called(tokens[n + 2 : n + 5], _JS[token.value], file, token.lineno)


def _called(arguments: list[Token], count: int, file: str, line: int) -> Phrase:
    literals = [token for token in arguments[::2][:count] if token.type == "string"]
    if len(literals) < count or (count == 2 and arguments[1].value != ","):
        raise LanguageError(f"{file}, line {line}: a phrase is a literal in double quotes")
    said = [unquote_string(token.value) for token in literals]
    return Phrase(said[0], said[1] if count == 2 else "", file, line)


def in_document(text: str, file: str) -> Iterator[Phrase]:
    """Yield the phrases of an HTML document: the texts and attributes that data-say marks."""
    for found in _ADOPTED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        attributes = dict(_ATTRIBUTE.findall(found["attributes"]))
        for name in found["names"].split():
            if name not in attributes:
                raise LanguageError(f"{file}, line {line}: there is no attribute {name}")
            yield Phrase(html.unescape(attributes[name]), "", file, line)
        if found["text"].strip():
            yield Phrase(html.unescape(found["text"]), "", file, line)


def in_python(text: str, file: str) -> Iterator[Phrase]:
    """Yield the phrases of a module: the literals in calls of say, phrase, sentence and their like."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        count = _PYTHON.get(name, 0)
        said = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
        if count and len(said) == count:
            yield Phrase(str(said[0]), str(said[1]) if count == 2 else "", file, node.lineno)


def _shown(path: Path) -> str:
    return path.relative_to(GEO_DIR.parent).as_posix()
