"""Scripts and styles as the page carries them: made small, Leaflet as released and with its licence.

Our own files are written to be read. What stands at their top keeps its name, so that what a browser reports
can still be found in them. They are made small beforehand (`geo.prepared`); one that was changed since is
made small now where the library is installed that does it, and stays as it is elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

from geo.errors import ExportError
from geo.prepared import key_of, recall

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
    return _recalled().get(_hash(static(name))) or small_script(static(name))


@lru_cache
def style(name: str) -> str:
    """Return a style sheet of ours, made small."""
    return _small_style(static(name))


def _small_style(text: str) -> str:
    return _recalled().get(_hash(text)) or small("text/css", text)


def small_script(text: str) -> str:
    """Return a script without comments and blanks, and with short names inside its functions.

    It ends like a statement, so that any other may follow.
    """
    return f"{small('application/javascript', text)};"


def small(kind: str, text: str) -> str:
    """Return a script or a style sheet made small; as it is where the library is not installed.

    Parameters
    ----------
    kind : str
        Its media type.
    text : str
        What it says.
    """
    try:
        import minify  # no part of the program needs it as long as nothing was changed
    except ImportError:
        return text
    return str(minify.string(kind, text))


KEY = key_of([b"scripts and styles made small"])
"""Under which are kept all of them, each by the hash of what it is made from."""


@lru_cache
def _recalled() -> Mapping[str, str]:
    kept: dict[str, str] = json.loads(recall(KEY) or b"{}")
    return kept


def keep_small() -> bytes:
    """Return all scripts and styles made small, as they are recalled."""
    names = sorted(path.name for path in _STATIC.iterdir())
    scripts = [static(name) for name in names if name.endswith(".js")]
    styles = [*(static(name) for name in names if name.endswith(".css")), _released("leaflet.css")]
    made = {_hash(text): small_script(text) for text in scripts}
    made |= {_hash(text): small("text/css", text) for text in styles}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache
def leaflet(name: str) -> str:
    """Return a file of Leaflet from its registry package, its style sheet made small.

    Raises
    ------
    ExportError
        If its content is not that of the release.
    """
    text = _released(name)
    return f"/*\n{_licence()}\n*/\n{text}" if name == "leaflet.js" else _small_style(text)


def _released(name: str) -> str:
    content = files("js_lib_leaflet").joinpath("static", "js_lib_leaflet", name).read_bytes()
    if (found := hashlib.sha256(content).hexdigest()) != LEAFLET_SHA256[name]:
        raise ExportError(
            f"{name} is not Leaflet {LEAFLET_VERSION} as released (found sha256 {found}); "
            "install the package version that the lock file names"
        )
    # A browser reads line ends as LF before it hashes.
    return content.decode("utf-8").replace("\r\n", "\n").replace("//# sourceMappingURL=leaflet.js.map", "")


def _licence() -> str:
    """Return Leaflet's licence, which has to go wherever Leaflet goes."""
    text = distribution("django-js-lib-leaflet").read_text("LICENSE") or ""
    return text.replace("\r\n", "\n").strip()
