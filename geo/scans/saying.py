"""What the page holds and says of a reader's scan."""

from __future__ import annotations

import base64
from typing import Any

from geo.scans.model import Scan
from geo.sentences import packed, sentence
from geo.view import SCAN


def compose_scan(scan: Scan) -> dict[str, Any]:
    """Return what the page says of a scan, ready for JSON; its picture stands in the page by itself."""
    return {"bounds": scan.bounds}


def scan_address(scan: Scan) -> str:
    """Return the address of a scan, which holds the picture itself."""
    return "data:image/webp;base64," + base64.b64encode(scan.picture).decode()


def compose_scan_layer(scan: Scan) -> dict[str, Any]:
    """Return the layer of a scan as `geo.content.compose_content` writes the others."""
    said = sentence("{title}: {rights}.", title=scan.title, rights=rights_of(scan))
    return {
        "id": SCAN,
        "title": "Your scan",
        "legend": [],
        "credits": [],
        "said": packed((said, *scan.notices)),
    }


def rights_of(scan: Scan) -> str:
    """Return whose a scan is; where nobody says so, that is for its owner to say."""
    return scan.credit.rstrip(".") or sentence("whose it is its owner says")
