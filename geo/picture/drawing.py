"""The parts of a picture as SVG: shapes, patterns, texts, the keys of a legend.

Texts are escaped by the library that writes the XML; what XML forbids, or what turns or hides
letters, is taken out of them first.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.holdings import Holding, Polity
from geo.picture.labelling import Label, controls
from geo.picture.lettering import Lettering
from geo.stylesheet import Face

_NAMESPACE = "http://www.w3.org/2000/svg"
_TENTH = 10
"""Steps to a pixel: finer than four dots of print."""

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Kinds of characters that are never drawn: controls, turns of direction, halves of pairs, unassigned."""

KEY = (28, 16)
"""Width and height of a key of the legend, pixels."""

_KEYS = {
    "line": "M1 11 9 6l9 4 9-5",
    "site": "M14 3l5 5-5 5-5-5Z",
    "relief": "M2 14 9 4l4 6 4-7 9 11Z",
    "reading": "M2 2H26V14H2Z",
}
"""The shapes of the keys, as in ``static/index.js``."""

Mark = tuple[str, str, tuple[float, ...]]
"""A shape of a pattern: its kind, its tint, its position and sizes."""

TILES = {
    "common": (12, 45),
    "undelimited": (12, 0),
    "occupied": (9, -45),
    "enclave": (9, 0),
    "disputed": (9, 0),
}
"""By status: the size of the tile of its pattern, and its turn in degrees."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a state looks like: its status, and the tints it takes, the holder's first."""

    status: str
    tints: tuple[str, ...]

    @classmethod
    def of(cls, holding: Holding, polities: Mapping[str, Polity]) -> Look:
        """Return the look of a holding; successive forms of a state share a tint."""
        named = (*holding.holders, *holding.claimants)
        tints = tuple(dict.fromkeys(polities[name].family for name in named))
        patterned = len(tints) > 1 or holding.status == "undelimited"
        return cls(holding.status if patterned else "held", tints)


class Drawing:
    """An SVG document in the making.

    Parameters
    ----------
    size : (int, int)
        Width and height in pixels.
    lang : str
        BCP 47 language of its texts.
    lettering : Lettering
        The fonts its texts are set in.
    colours : mapping of str to str
        The colours of the style sheet by name.
    title, description : str
        For those who do not see it.
    """

    def __init__(
        self,
        size: tuple[int, int],
        lang: str,
        lettering: Lettering,
        colours: Mapping[str, str],
        *,
        title: str,
        description: str,
    ) -> None:
        width, height = size
        self.lettering, self.colours = lettering, colours
        self.root = ET.Element(
            "svg",
            {
                "xmlns": _NAMESPACE,
                "width": str(width),
                "height": str(height),
                "viewBox": f"0 0 {width} {height}",
                "lang": lang,
                "xml:lang": lang,
                "role": "img",
                "aria-labelledby": "title desc",
            },
        )
        self.add(self.root, "title", title, id="title")
        self.add(self.root, "desc", description, id="desc")
        self.defs = self.add(self.root, "defs")

    def add(self, parent: ET.Element, name: str, text: str = "", /, **attributes: Any) -> ET.Element:
        """Add an element; ``class_`` and ``text_anchor`` become ``class`` and ``text-anchor``."""
        written = {
            key.rstrip("_").replace("_", "-"): number(value)
            if isinstance(value, float)
            else clean(str(value))
            for key, value in attributes.items()
            if value is not None and value != ""
        }
        element = ET.SubElement(parent, name, written)
        element.text = clean(text) or None
        element.tail = None if parent.tag == "text" else "\n"  # blanks in a text would show
        return element

    def path(self, parent: ET.Element, geometry: BaseGeometry, **attributes: Any) -> ET.Element | None:
        """Add a geometry given in pixels; nothing where it holds nothing."""
        written = path_data(geometry)
        return self.add(parent, "path", d=written, **attributes) if written else None

    def picture(self, parent: ET.Element, png: bytes, width: float, height: float) -> None:
        """Add a picture, whole within the document."""
        address = "data:image/png;base64," + base64.b64encode(png).decode()
        self.add(parent, "image", width=width, height=height, href=address)

    def fill(self, look: Look) -> str:
        """Return the value of ``fill`` for a look; a pattern is defined on first use."""
        if look.status == "held":
            return self.tint(look.tints[0])
        a = look.tints[0] if look.tints else "nobody"
        tints = (a, *(look.tints[1:] or (a,)))
        name = "-".join(("paint", look.status, *tints))
        if self.defs.find(f"*[@id='{name}']") is None:
            size, turn = TILES[look.status]
            tile = self.add(
                *(self.defs, "pattern"),
                id=name,
                width=size,
                height=size,
                patternUnits="userSpaceOnUse",
                patternTransform=f"rotate({turn})",
            )
            for shape, tint, sizes in marks(look.status, *tints):
                names = ("x", "y", "width", "height") if shape == "rect" else ("cx", "cy", "r")
                self.add(
                    tile, shape, class_=f"tint-{tint}", **dict(zip(names, map(float, sizes), strict=True))
                )
        return f"url(#{name})"

    def tint(self, family: str) -> str:
        """Return the colour of a family of states."""
        return self.colours[family]

    def text(
        self,
        parent: ET.Element,
        text: str,
        face: Face,
        x: float,
        y: float,
        *,
        lang: str = "",
        anchor: str = "",
        **attributes: Any,
    ) -> ET.Element:
        """Add a line of text, its baseline starting at a point."""
        self.lettering.width(clean(text), face)  # notes what no font has
        return self.add(
            parent,
            "text",
            text,
            x=x,
            y=y,
            text_anchor=anchor,
            lang=lang,
            **_xml_lang(lang),
            **self._set(face),
            **attributes,
        )

    def label(self, parent: ET.Element, label: Label, lang: str) -> None:
        """Add a name of the map."""
        group = self.add(parent, "g", id=f"label-{label.id}", class_=f"label {label.kind}")
        face = label.faces[0]
        if label.path:
            (x, y), *_ = label.path
            curves = "".join(
                "C" + " ".join(number(value) for point in curve for value in point)
                for curve in controls(label.path)
            )
            line = self.add(
                self.defs, "path", id=f"baseline-{label.id}", d=f"M{number(x)} {number(y)}{curves}"
            )
            text = self.add(group, "text", lang=lang, **_xml_lang(lang), **self._set(face))
            self.lettering.width(clean(label.lines[0]), face)
            self.add(
                *(text, "textPath", label.lines[0]),
                href=f"#{line.get('id')}",
                startOffset="50%",
                text_anchor="middle",
            )
            return
        y = label.y
        for line_, set_ in zip(label.lines, label.faces, strict=True):
            if line_ is not label.lines[0]:
                y += set_.size * 1.15
            self.text(group, line_, set_, label.x, y, lang=lang, anchor=label.anchor)

    def key(self, parent: ET.Element, style: str, strength: float = 1.0) -> None:
        """Add a key of the legend in a style of the map, as the page draws it.

        Parameters
        ----------
        strength : float
            Opacity of an area, 0 to 1.
        """
        kind, _, _ = style.partition(" ")
        if kind in ("area", "lake"):
            self._box(parent, class_=style, opacity=float(strength) if kind == "area" else None)
        elif kind == "badge":
            self.add(parent, "circle", class_="badge-key", cx=14, cy=8, r=7)
        elif kind == "future":
            ring = {"fill": self.colours["paper"], "stroke": self.colours["soft"], "stroke_width": 1.4}
            self.add(parent, "circle", cx=14, cy=8, r=6.5, stroke_dasharray="2.5 1.8", **ring)
        elif kind == "town":
            self.add(parent, "circle", class_="town-dot", cx=14, cy=8, r=2.5)
        elif style.endswith("reading line"):
            self.add(parent, "path", class_="reading", fill="none", d=_KEYS["line"])
        else:
            name = f"{kind}-key" if kind in ("site", "relief") else style
            self.add(parent, "path", class_=name, d=_KEYS.get(kind, _KEYS["line"]))

    def painted_key(self, parent: ET.Element, look: Look, strength: float) -> None:
        """Add a key of the legend painted as a state is."""
        self._box(parent, fill=self.fill(look), opacity=strength * 0.95)

    def _box(self, parent: ET.Element, **attributes: Any) -> None:
        sides = {"x": 1, "y": 1, "width": 26, "height": 14, "rx": 2}
        self.add(parent, "rect", class_="tint-land", **sides)
        self.add(parent, "rect", **sides, **attributes)

    def badge(
        self, parent: ET.Element, text: str, fill: str, x: float, y: float, *, future: bool = False
    ) -> None:
        """Add a number in a disc; in a dashed ring where its place is not there yet."""
        colours = self.colours
        if future:
            ring = {"fill": fill, "stroke": colours["soft"], "stroke_width": 1.6, "stroke_dasharray": "3 2"}
            self.add(parent, "circle", cx=x, cy=y, r=10.5, **ring)
        else:
            self.add(parent, "circle", cx=x, cy=y, r=12.0, fill=colours["ink"])
            self.add(parent, "circle", cx=x, cy=y, r=10.7, fill=colours["paper"])
            self.add(parent, "circle", cx=x, cy=y, r=9.0, fill=fill)
        ink = colours["soft"] if future else "#ffffff"
        self.text(parent, text, Face(serif=False, size=12, weight=700, fill=ink), x, y + 4.3, anchor="middle")

    def written(self) -> str:
        """Return the document."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(self.root, encoding="unicode") + "\n"

    def _set(self, face: Face) -> dict[str, str]:
        """Return the attributes that set a text."""
        generic = "serif" if face.serif else "sans-serif"
        families = ", ".join(f"'{name}'" for name in self.lettering.families(face))
        found = {"font-family": f"{families}, {generic}", "font-size": number(face.size), "fill": face.fill}
        if face.weight != 400:
            found["font-weight"] = str(face.weight)
        if face.italic:
            found["font-style"] = "italic"
        if face.spacing:
            found["letter-spacing"] = number(face.spacing, 2)
        if face.halo:
            found |= {
                "paint-order": "stroke",
                "stroke": face.halo,
                "stroke-width": number(face.halo_width),
                "stroke-opacity": number(face.halo_opacity, 2),
                "stroke-linejoin": "round",
            }
        return found


def marks(status: str, a: str, *others: str) -> list[Mark]:
    """Return what is on the tile of a pattern, by the recipes of ``static/paint.js``.

    Parameters
    ----------
    status : str
        One of `TILES`.
    a : str
        The tint of the holder.
    others : str
        Those of the others, at least one.
    """
    size, b = TILES[status][0], others[0]
    ground: Mark = ("rect", a, (0, 0, size, size))
    if status == "common":
        return [ground, *_stripes(others, size, size / (len(others) + 1))]
    if status == "occupied":
        return [ground, *_stripes(others, size, 2.4)]
    if status == "enclave":
        return [ground, ("circle", b, (4.5, 4.5, 1.8))]
    if status == "disputed":
        c = others[1] if len(others) > 1 else b
        return [ground, ("rect", b, (0, 0, size, 1.3)), ("rect", c, (0, 0, 1.3, size))]
    return [("rect", "land", (0, 0, size, size)), ("circle", a, (3, 3, 2)), ("circle", b, (9, 9, 2))]


def _stripes(tints: tuple[str, ...], size: int, width: float) -> list[Mark]:
    apart = max(width, size / (len(tints) + 1))
    return [("rect", tint, (n * apart, 0, width, size)) for n, tint in enumerate(tints)]


def clean(text: str) -> str:
    """Take out what XML forbids and what is never seen; line breaks become blanks.

    Examples
    --------
    >>> clean("a" + chr(0) + "b" + chr(0x202E) + "c" + chr(10) + "d")
    'abc d'
    """
    if text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFC", text).replace("\n", " ").replace("\t", " ")
    return "".join(letter for letter in plain if unicodedata.category(letter) not in _UNSEEN)


def number(value: float, digits: int = 1) -> str:
    """Return a number in few letters.

    Examples
    --------
    >>> number(12.04), number(0.25, 2), number(-0.001)
    ('12', '0.25', '0')
    """
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def path_data(geometry: BaseGeometry) -> str:
    """Return a geometry in pixels as the data of a path, each corner told by its steps from the last."""
    return "".join(_ring(shapely.get_coordinates(line), closed) for line, closed in _lines(geometry))


def _lines(geometry: BaseGeometry) -> Iterable[tuple[BaseGeometry, bool]]:
    if isinstance(geometry, shapely.Polygon):
        if not geometry.is_empty:
            yield geometry.exterior, True
            yield from ((hole, True) for hole in geometry.interiors)
    elif hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from _lines(part)
    elif isinstance(geometry, shapely.LineString) and not geometry.is_empty:
        yield geometry, False


def _ring(corners: np.ndarray, closed: bool) -> str:
    whole = np.rint(corners * _TENTH).astype(int)
    moved = np.ones(len(whole), bool)
    moved[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    whole = whole[moved]
    if closed and len(whole) > 1 and (whole[0] == whole[-1]).all():
        whole = whole[:-1]
    if len(whole) < (3 if closed else 2):
        return ""
    steps = " ".join(f"{_step(dx)} {_step(dy)}" for dx, dy in np.diff(whole, axis=0).tolist())
    x, y = whole[0].tolist()
    return f"M{_step(x)} {_step(y)}l{steps.replace(' -', '-')}{'Z' if closed else ''}"


def _step(tenths: int) -> str:
    sign, (whole, tenth) = "-" if tenths < 0 else "", divmod(abs(tenths), _TENTH)
    return f"{sign}{whole or ''}.{tenth}" if tenth else f"{sign}{whole}"


def _xml_lang(lang: str) -> dict[str, str]:
    return {"xml:lang": lang} if lang else {}
