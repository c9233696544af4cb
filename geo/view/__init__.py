"""The reader's state, the same in the dashboard's address, the file's hash and the command's options.

`geo.view.model` is the state and how it is written, `geo.view.parsing` reads it again.
"""

from __future__ import annotations

from geo.view.model import (
    BASEMAPS,
    LANGS,
    LAYERS,
    NAMES,
    OPENING_LAYERS,
    OPENING_OPACITY,
    OPENING_SCAN_OPACITY,
    OWN,
    SCAN,
    Position,
    Spot,
    View,
    opening_layers,
    show_own,
    show_scan,
    suggest_name,
)
from geo.view.parsing import Parsed, parse_view

__all__ = [
    "BASEMAPS",
    "LANGS",
    "LAYERS",
    "NAMES",
    "OPENING_LAYERS",
    "OPENING_OPACITY",
    "OPENING_SCAN_OPACITY",
    "OWN",
    "SCAN",
    "Parsed",
    "Position",
    "Spot",
    "View",
    "opening_layers",
    "parse_view",
    "show_own",
    "show_scan",
    "suggest_name",
]
