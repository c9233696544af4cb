"""How the layers of an export are drawn in other programs, told once for all of them.

The colours are those of the page: they are read from its style sheets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from geo.exports.extract import Table
from geo.exports.rows import Value
from geo.stylesheet import page_style

_DASHES = {
    "reported": (9.0, 3.0),
    "approximate": (6.0, 4.0),
    "disputed": (9.0, 4.0, 2.0, 4.0),
    "conjectural": (1.5, 4.5),
}
"""By certainty, the strokes and gaps of a line in pixels, as on the page."""

_MEANINGS = {
    "nerchinsk": "Treaty of Nerchinsk, 1689",
    "aigun": "Treaty of Aigun, 1858",
    "peking": "Treaty of Peking, 1860",
    "sakhalin": "Treaty of St Petersburg, 1875",
    "sakhalin-south": "Soviet occupation, 1945",
    "other": "Another act",
    "returned": "Held by Russia for a time, then China's again",
    "none": "Never Russian by these acts",
    "nobody": "Not known",
    "common": "In common possession",
    "undelimited": "Not delimited yet",
}


class Symbol(NamedTuple):
    """How the records with one value of a column are drawn.

    Parameters
    ----------
    value : str
        The value; empty where all records of a layer are drawn alike.
    label : str
        What it means, for a legend.
    fill : str
        Colour of a polygon or marker, ``#rrggbb``; empty for none.
    opacity : float
        Of the fill, 0 to 1.
    hatched : bool
        Whether the fill is drawn as stripes.
    stroke : str
        Colour of a line or outline, ``#rrggbb``; empty for none.
    width : float
        Of the line or outline, pixels.
    dash : tuple of float
        Its strokes and gaps, pixels; empty for an unbroken one.
    marker : str
        ``circle`` or ``diamond``, for points.
    size : float
        Of the marker, pixels.
    """

    value: str = ""
    label: str = ""
    fill: str = ""
    opacity: float = 1.0
    hatched: bool = False
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    marker: str = "circle"
    size: float = 8.0


class Symbology(NamedTuple):
    """How a layer is drawn.

    Parameters
    ----------
    column : str
        The column that decides; empty where all records are drawn alike.
    symbols : tuple of Symbol
        One for each value that occurs.
    """

    column: str
    symbols: tuple[Symbol, ...]

    def of(self, value: Value) -> Symbol:
        """Return the symbol of a record whose deciding column holds a value."""
        return next((symbol for symbol in self.symbols if symbol.value == value), self.symbols[0])


def symbology(layer: Table) -> Symbology:
    """Return how a layer is drawn, with a symbol for each value that occurs in it."""
    column, drawn = _RULES[layer.id]
    values = dict.fromkeys(str(row[column]) for row in layer.rows) if column else {"": None}
    return Symbology(column, tuple(drawn(value) for value in sorted(values)))


def colour(name: str) -> str:
    """Return a colour of the page in its light dress, ``#rrggbb``.

    Parameters
    ----------
    name : str
        Such as ``peking`` or ``russia``.
    """
    return page_style().colours[name]


def area_symbol(tint: str) -> Symbol:
    """Return the symbol of an area: the tint of an act, or of a holder and how it holds."""
    family, _, status = tint.partition("-") if tint not in _MEANINGS else (tint, "", "")
    held = f"{family.capitalize()}, {status}" if status else family.capitalize()
    known = page_style().colours.get(family, "")
    return Symbol(
        tint,
        _MEANINGS.get(tint, held),
        fill="" if tint == "none" else known or colour("soft"),
        opacity=0.4 if tint in ("undelimited", "nobody", "returned") else 0.7,
        hatched=bool(status) or tint in ("common", "undelimited", "returned"),
        stroke=colour("soft"),
        width=0.6,
    )


def _line(certainty: str) -> Symbol:
    dash = _DASHES.get(certainty, ())
    return Symbol(certainty, certainty.capitalize(), stroke=colour("line"), width=2.0, dash=dash)


def _river(certainty: str) -> Symbol:
    dash = (5.0, 2.5) if certainty == "approximate" else ()
    return Symbol(certainty, f"River, {certainty}", stroke=colour("water"), width=1.4, dash=dash)


def _lake(_value: str) -> Symbol:
    return Symbol(label="Lake", fill=colour("sea"), stroke=colour("water"), width=0.8)


def _border(status: str) -> Symbol:
    dash = (8.0, 3.0, 2.0, 3.0) if status == "agreed" else (2.0, 3.0)
    return Symbol(status, f"{status.capitalize()} today", stroke=colour("other"), width=1.6, dash=dash)


def _place(_value: str) -> Symbol:
    return Symbol(label="Place of the 2023 rule", fill=colour("accent"), stroke=colour("paper"), size=12.0)


def _site(kind: str) -> Symbol:
    marker = "circle" if kind == "island" else "diamond"
    return Symbol(kind, kind.capitalize(), colour("paper"), stroke=colour("ink"), width=1.5, marker=marker)


def _town(_value: str) -> Symbol:
    return Symbol(label="Town of today", fill=colour("ink"), stroke=colour("paper"), size=5.0)


def _reading(side: str) -> Symbol:
    tint = colour("accent") if side == "none" else colour(side)
    return Symbol(
        side,
        "No land changes side" if side == "none" else f"To the side of {side.capitalize()}",
        fill=tint,
        opacity=0.6,
        hatched=True,
        stroke=colour("accent"),
        width=2.0,
        dash=(2.0, 5.0),
        marker="diamond",
    )


_RULES: dict[str, tuple[str, Callable[[str], Symbol]]] = {
    "areas": ("tint", area_symbol),
    "areas_in_time": ("tint", area_symbol),
    "lines": ("certainty", _line),
    "places": ("", _place),
    "sites": ("kind", _site),
    "rivers": ("certainty", _river),
    "lakes": ("", _lake),
    "towns": ("", _town),
    "borders": ("status", _border),
    "readings_land": ("side", _reading),
    "readings_lines": ("side", _reading),
    "readings_points": ("side", _reading),
}
"""By layer, the column that decides how a record is drawn, and the symbol of each of its values."""
