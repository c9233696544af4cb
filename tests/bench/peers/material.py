"""What every peer shows, as the benchmark hands it over: the page's own geometry and text, in one file.

Only the standard library is used, so that it runs in a peer's environment.
"""

from __future__ import annotations

import html
import json
import os
from pathlib import Path
from typing import Any

LAYERS = ("areas", "lines", "places")


def read() -> dict[str, Any]:
    """Return the material: GeoJSON by layer, places, passages with the places they name, tints."""
    material: dict[str, Any] = json.loads(Path(os.environ["ATLAS_MATERIAL"]).read_text("utf-8"))
    return material


def said(passage: str, *, lit: bool) -> str:
    """Return a passage as HTML, marked where it is lit."""
    return f'<p class="passage{" lit" if lit else ""}">{html.escape(passage)}</p>'
