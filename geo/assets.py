"""Scripts and styles as the page carries them: made small, Leaflet as released and with its licence.

Our own files are written to be read. What stands at their top keeps its name, so that what a browser reports
can still be found in them.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import minify

from geo.errors import ExportError

LEAFLET_VERSION = "1.9.4"
LEAFLET_SHA256 = {
    "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
}
"""SHA-256 of the files that the pinned package carries, so that no other script is ever inlined."""

_STATIC = Path(__file__).parent / "static"


@lru_cache
def static(name: str) -> str:
    """Return a file of ours as it is written."""
    return (_STATIC / name).read_text("utf-8")


@lru_cache
def script(name: str) -> str:
    """Return a script of ours, made small."""
    return small_script(static(name))


def small_script(text: str) -> str:
    """Return a script without comments and blanks, and with short names inside its functions.

    It ends like a statement, so that any other may follow.
    """
    return f"{minify.string('application/javascript', text)};"


@lru_cache
def style(name: str) -> str:
    """Return a style sheet of ours, made small."""
    return _small_style(static(name))


def _small_style(text: str) -> str:
    return str(minify.string("text/css", text))


@lru_cache
def leaflet(name: str) -> str:
    """Return a file of Leaflet from its registry package, its style sheet made small.

    Raises
    ------
    ExportError
        If its content is not that of the release.
    """
    content = files("js_lib_leaflet").joinpath("static", "js_lib_leaflet", name).read_bytes()
    if (found := hashlib.sha256(content).hexdigest()) != LEAFLET_SHA256[name]:
        raise ExportError(
            f"{name} is not Leaflet {LEAFLET_VERSION} as released (found sha256 {found}); "
            "install the package version that the lock file names"
        )
    # A browser reads line ends as LF before it hashes.
    text = content.decode("utf-8").replace("\r\n", "\n").replace("//# sourceMappingURL=leaflet.js.map", "")
    return f"/*\n{_licence()}\n*/\n{text}" if name == "leaflet.js" else _small_style(text)


def _licence() -> str:
    """Return Leaflet's licence, which has to go wherever Leaflet goes."""
    text = distribution("django-js-lib-leaflet").read_text("LICENSE") or ""
    return text.replace("\r\n", "\n").strip()
