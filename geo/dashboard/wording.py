"""Text as Streamlit is to show it."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Return text so that Streamlit shows it letter for letter, links and pictures included."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|:$~&])", r"\\\1", text)
