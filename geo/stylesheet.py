"""The page's style sheet, read for what is drawn elsewhere: pictures, styles of exports, other pages.

All of them take their colours and rules from here, so that none can drift apart from the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

_STATIC = Path(__file__).parent / "static"
_SHEETS = ("page.css", "time.css", "disputes.css")

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_LIGHT = re.compile(r"light-dark\(([^(),]+),[^()]*\)")
_VARIABLE = re.compile(r"var\(--([\w-]+)(?:,[^()]*)?\)")
_DEFINITION = re.compile(r"--([\w-]+)")
_FONT = re.compile(r"(?:(italic) )?(?:(\d{3}) )?([\d.]+)px(?:/[\d.]+)? (.+)")
_DEFS = re.compile(r"<defs>.*?</defs>", re.S)

_SHAPES = (
    *("sea", "coast", "land", "mask", "neatline", "area", "line", "river", "lake", "border", "graticule"),
    *("reading", "asked", "badge-key", "site-key", "town-dot", "relief-key"),
)
_SHAPE = re.compile(
    rf"(?:path|rect|circle)?\.(?:{'|'.join(_SHAPES)}|tint-\w+)(?:\.[\w-]+)*(?:\[fill=none\])?"
)
_HATCH = re.compile(r"#hatch-[\w-]+ \.\w+")
_LABEL = re.compile(r'\.label(\.[\w.-]+)?(\[lang\|="zh"\])?(\.[\w.-]+)?( \.second)?')
_OF_BROWSERS = ("cursor", "transition", "display")


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set.

    Parameters
    ----------
    serif : bool
        With or without serifs.
    size : float
        Pixels.
    spacing : float
        Between letters, in pixels.
    fill, halo : str
        Colours; without a halo where it is empty.
    halo_width, halo_opacity : float
        Pixels, and 0 to 1.
    """

    serif: bool
    size: float
    weight: int = 400
    italic: bool = False
    spacing: float = 0.0
    fill: str = "#000000"
    halo: str = ""
    halo_width: float = 0.0
    halo_opacity: float = 1.0


class StyleSheet:
    """The rules of the page; but for `excerpt`, every variable is its value in the light theme.

    Parameters
    ----------
    text : str
        Style sheets as the page has them, one after the other.
    """

    def __init__(self, text: str) -> None:
        rules = [
            (selector.strip(), _declarations(body))
            for selectors, body in _RULE.findall(_without_queries(_COMMENT.sub("", text)))
            for selector in selectors.split(",")
        ]
        self.colours: Mapping[str, str] = {
            match[1]: _LIGHT.sub(r"\1", value)
            for selector, body in rules
            if selector == ":root"
            for name, value in body.items()
            if (match := _DEFINITION.fullmatch(name))
        }
        self._written = rules
        self._rules = [
            (selector, {name: self._plain(value) for name, value in body.items()})
            for selector, body in rules
            if selector != ":root"
        ]

    def excerpt(self, *beginnings: str) -> str:
        """Return rules as they are written, with variables and both themes, one on a line.

        Parameters
        ----------
        beginnings : str
            Of the selectors wanted, such as ``:root`` for the variables.
        """
        return "\n".join(
            f"{selector} {{ {'; '.join(f'{name}: {value}' for name, value in body.items())} }}"
            for selector, body in self._written
            if selector.startswith(beginnings)
        )

    def shapes(self) -> str:
        """Return the rules for all that is drawn but texts, one on a line."""
        return "\n".join(
            f"{selector} {{ {'; '.join(f'{name}: {value}' for name, value in kept.items())} }}"
            for selector, body in self._rules
            if _SHAPE.fullmatch(selector) or _HATCH.fullmatch(selector)
            if (kept := {name: value for name, value in body.items() if name not in _OF_BROWSERS})
        )

    def badge(self, tint: str | None) -> str:
        """Return the colour of a badge in a tint; without one, that of all badges on a day."""
        selector = ".dated .leaflet-marker-icon.badge" if tint is None else f".{tint}"
        found = (body["--tint"] for name, body in self._rules if name == selector and "--tint" in body)
        return next(found, self.colours["other"])

    def face(self, kind: str, lang: str, *, second: bool = False) -> Face:
        """Return how a label is set.

        Parameters
        ----------
        kind : str
            Its classes, separated by spaces.
        second : bool
            Whether it is not the first of its lines.
        """
        found: dict[str, str] = {}
        for body in self._matching(set(kind.split()), lang.startswith("zh"), second):
            for name, value in body.items():
                found |= _longhands(value) if name == "font" else {name: value}
        size = float(found["font-size"].removesuffix("px"))
        return Face(
            serif="sans-serif" not in found["font-family"],
            size=size,
            weight=int(found.get("font-weight", "400")),
            italic=found.get("font-style") == "italic",
            spacing=float(found.get("letter-spacing", "0em").removesuffix("em")) * size,
            fill=found["fill"],
            halo=found["stroke"],
            halo_width=float(found["stroke-width"].removesuffix("px")),
            halo_opacity=float(found["stroke-opacity"]),
        )

    def _matching(self, classes: set[str], chinese: bool, second: bool) -> Iterable[Mapping[str, str]]:
        matching = []
        for order, (selector, body) in enumerate(self._rules):
            match = _LABEL.fullmatch(selector)
            if match is None:
                continue
            asked = {name for part in (match[1], match[3]) if part for name in part.split(".") if name}
            if asked <= classes and (chinese or not match[2]) and (second or not match[4]):
                matching.append((len(asked) + bool(match[2]) + bool(match[4]), order, body))
        # A line of its own counts for itself: what it says beats what its label says.
        return [body for _, _, body in sorted(matching, key=lambda entry: entry[:2])]

    def _plain(self, value: str) -> str:
        known = self.colours
        while (shorter := _VARIABLE.sub(lambda match: known.get(match[1], "none"), value)) != value:
            value = shorter
        return _LIGHT.sub(r"\1", value)


@lru_cache
def page_style() -> StyleSheet:
    """Return the style sheet of the page."""
    return StyleSheet("\n".join((_STATIC / name).read_text("utf-8") for name in _SHEETS))


def hatches() -> tuple[ET.Element, ...]:
    """Return the patterns that stand in the page itself."""
    found = _DEFS.search((_STATIC / "page.html").read_text("utf-8"))
    return tuple(ET.fromstring(found[0])) if found else ()


def _declarations(body: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in body.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _longhands(font: str) -> dict[str, str]:
    match = _FONT.fullmatch(font)
    if match is None:
        return {}
    return {
        "font-style": match[1] or "normal",
        "font-weight": match[2] or "400",
        "font-size": f"{match[3]}px",
        "font-family": match[4],
    }


def _without_queries(text: str) -> str:
    """Leave out the rules for other media, which stand in braces inside of braces."""
    kept, start = [], 0
    while (at := text.find("@", start)) >= 0:
        kept.append(text[start:at])
        end, depth = text.index("{", at) + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        start = end
    return "".join((*kept, text[start:]))
