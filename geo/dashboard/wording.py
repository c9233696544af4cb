"""Text as Streamlit is to show it, in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from geo.language import Catalogue, best_language, interface
from geo.view import LANGS, View

_T = TypeVar("_T")


def plain(text: str) -> str:
    """Return text so that Streamlit shows it letter for letter, links and pictures included."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|:$~&])", r"\\\1", text)


def tongue() -> str:
    """Return the language around the page: of the view or the address, else of the browser, else English."""
    view: View | None = st.session_state.get("view")
    asked = view.lang if view is not None else st.query_params.get("lang", "")
    return asked if asked in LANGS else best_language([st.context.locale or ""])


def _catalogue() -> Catalogue:
    return interface(tongue())


def say(english: str, **values: object) -> str:
    """Return a phrase in the language of the reader; values are shown as they are, so `plain` them."""
    return _catalogue().say(english, **values)


def say_n(one: str, many: str, n: int, **values: object) -> str:
    """Return a phrase in the plural form that a number asks for."""
    return _catalogue().say_n(one, many, n, **values)


def repeat(text: str) -> str:
    """Return what was said in English in the language of the reader, if it is a `geo.sentences.Sentence`."""
    return _catalogue().repeat(text)


def kept(options: Sequence[_T], found: _T | None) -> _T:
    """Return what is chosen of some options, or the first.

    A widget holds the words that the browser showed; in another language they are those of no option.
    """
    return found if found is not None and found in options else options[0]
