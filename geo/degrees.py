"""Latitudes and longitudes as people write them."""

from __future__ import annotations

import re
from reprlib import repr as shortened

from geo.sentences import sentence

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def parse_degrees(name: str, text: str) -> float:
    """Parse a latitude or a longitude.

    Parameters
    ----------
    name : str
        What to call it.

    Raises
    ------
    ValueError
        If it is no number; NaN and infinity are none.
    """
    if not text.strip():
        raise ValueError(sentence("{name} is blank", name=name))
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(sentence("{name} {found} is no number", name=name, found=shortened(text)))
    return float(text)
