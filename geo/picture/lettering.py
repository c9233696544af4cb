"""The fonts of a picture: which are there, how wide a text runs in them, which letters they lack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from geo.stylesheet import Face

_BUILT_IN = "Libertinus Serif"
"""A font with Latin and Cyrillic letters that comes with the library that draws."""

_SERIF = ("Noto Serif", "Source Serif 4", "Source Serif Pro", "PT Serif", _BUILT_IN)
_SANS = ("Noto Sans", "Source Sans 3", "Source Sans Pro", "PT Sans", "DejaVu Sans", "Arial", _BUILT_IN)
_HAN = {
    ("zh-Hans", True): ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Songti SC", "SimSun"),
    ("zh-Hant", True): ("Noto Serif CJK TC", "Source Han Serif TC", "Noto Serif TC", "Songti TC", "PMingLiU"),
    ("zh-Hans", False): (
        *("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei"),
        *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback"),
    ),
    ("zh-Hant", False): (
        *("Noto Sans CJK TC", "Source Han Sans TC", "Noto Sans TC", "PingFang TC", "Microsoft JhengHei"),
        *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback"),
    ),
}
"""By language and serifs: a Han letter is written a little otherwise in each."""

_PACKAGES = {"Han": "fonts-noto-cjk", "Latin": "fonts-noto-core", "Cyrillic": "fonts-noto-core"}
"""By script, Debian's and Ubuntu's package of fonts for it."""

_SCRIPTS = {
    "CJK": "Han",
    "IDEOGRAPHIC": "Han",
    "FULLWIDTH": "Han",
    "LATIN": "Latin",
    "DIGIT": "Latin",
    "CYRILLIC": "Cyrillic",
}
_AVERAGE = 0.56
"""Of the size: how wide a letter runs where its font cannot be measured."""

_BREAKABLE = re.compile(
    r"[\u2e80-\u2fff\u3003-\u30ff\u3400-\u9fff\uf900-\ufaff][、。，；：！？）》」』】\u3001\u3002]*"
    r"|[^\s\u2e80-\u2fff\u3003-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\s+"
)


class Font(NamedTuple):
    """One font of a family: the file and its place in it; no file for a built-in one."""

    family: str
    italic: bool
    weight: int
    path: str | None
    number: int


class Lettering:
    """The fonts for one language, and a record of the letters they lack.

    Parameters
    ----------
    lang : str
        BCP 47 language of most texts.
    """

    def __init__(self, lang: str) -> None:
        self._lang = lang if lang.startswith("zh") else "zh-Hans"
        self._han_first = lang.startswith("zh")
        self._missing: set[str] = set()
        self._known: dict[tuple[str, bool, bool, int], float] = {}

    def families(self, face: Face) -> tuple[str, ...]:
        """Return the families a text is set in, the first for most of it."""
        shelf = _shelf()
        first = next(name for name in (_SERIF if face.serif else _SANS) if name in shelf)
        asked = (*_HAN[self._lang, face.serif], *_HAN[self._lang, not face.serif])
        han = next((name for name in asked if name in shelf), None)
        if han is None:
            return (first,)
        return (han, first) if self._han_first else (first, han)

    def width(self, text: str, face: Face) -> float:
        """Return how wide a text runs, in pixels; letters that no font has are noted."""
        return sum(self._share(letter, face) for letter in text) * face.size + face.spacing * len(text)

    def wrap(self, text: str, face: Face, width: float, *, hang: float = 0) -> list[str]:
        """Break a text into lines no wider than `width`, where it allows that.

        Parameters
        ----------
        hang : float
            Pixels by which the first line is shorter.
        """
        lines: list[str] = []
        line, room = "", width - hang
        for piece in _BREAKABLE.findall(text):
            long = self.width(piece, face)
            if line and not piece.isspace() and long > room:
                lines.append(line.rstrip())
                line, room = "", width
            if line or not piece.isspace():
                line, room = line + piece, room - long
        return [*lines, line.rstrip()]

    def warning(self) -> str:
        """Return one sentence that names the letters no font has, and what would do; empty for none."""
        scripts: dict[str, set[str]] = {}
        for letter in self._missing:
            name = unicodedata.name(letter, "?").split()[0]
            scripts.setdefault(_SCRIPTS.get(name, "other"), set()).add(letter)
        if not scripts:
            return ""
        counts = ", ".join(f"{len(letters)} {script}" for script, letters in sorted(scripts.items()))
        packages = sorted({_PACKAGES[script] for script in scripts if script in _PACKAGES})
        remedy = (
            f"install the package {' and '.join(packages)} of Debian or Ubuntu, or Noto fonts elsewhere"
            if packages
            else "install a font that has them"
        )
        return f"Letters of the picture are in no font of this machine and may not show ({counts}); {remedy}."

    def _share(self, letter: str, face: Face) -> float:
        """Return how wide a letter runs at a size of 1."""
        asked = letter, face.serif, face.italic, face.weight
        if asked not in self._known:
            fonts = (_best(family, face) for family in self.families(face))
            self._known[asked] = self._advance(letter, fonts)
        return self._known[asked]

    def _advance(self, letter: str, fonts: Iterable[Font]) -> float:
        for font in fonts:
            if font.path is None:
                if ord(letter) < 0x530 or 0x2000 <= ord(letter) < 0x2200:
                    return _AVERAGE
            elif (advance := _advances(font.path, font.number).get(ord(letter))) is not None:
                return advance
        if letter.isprintable() and not letter.isspace():
            self._missing.add(letter)
        return 1.0 if unicodedata.east_asian_width(letter) in "WF" else _AVERAGE


class _Advances:
    """The widths of a font's letters, read when they are asked for."""

    def __init__(self, path: str, index: int) -> None:
        from fontTools.ttLib import TTFont

        with TTFont(path, fontNumber=index, lazy=True) as font:
            self._cmap: Mapping[int, str] = font.getBestCmap() or {}
            self._metrics: Mapping[str, tuple[int, int]] = font["hmtx"].metrics
            self._em = float(font["head"].unitsPerEm)

    def get(self, code: int) -> float | None:
        glyph = self._cmap.get(code)
        return None if glyph is None else float(self._metrics[glyph][0]) / self._em


@lru_cache
def _advances(path: str, index: int) -> _Advances:
    return _Advances(path, index)


@lru_cache
def _shelf() -> dict[str, list[Font]]:
    """Return the fonts of this machine by family."""
    import typst

    shelf: dict[str, list[Font]] = {}
    for font in typst.Fonts().fonts():
        known = Font(font.family, font.style != "normal", font.weight, font.path, font.index)
        shelf.setdefault(font.family, []).append(known)
    return {family: sorted(fonts, key=lambda font: str(font[1:])) for family, fonts in shelf.items()}


def _best(family: str, face: Face) -> Font:
    """Return the font of a family that comes nearest to a face."""
    return min(
        _shelf()[family],
        key=lambda font: (font.italic != face.italic, abs(font.weight - face.weight) - font.weight / 1000),
    )
