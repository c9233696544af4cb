"""Which languages a file is to carry, and what it weighs with them."""

from __future__ import annotations

import streamlit as st

from geo.dashboard.wording import say
from geo.page import Page
from geo.view import LANGS


def choose_languages(page: Page, key: str, *, embed: bool = False, more: int = 0) -> tuple[str, ...]:
    """Offer the languages, and say what the file weighs in those that are chosen, in all and in one.

    Parameters
    ----------
    page : Page
        It makes the file.
    key : str
        Of the choice.
    embed : bool
        Whether it is the light file.
    more : int
        Bytes by which the file is larger than one without anything that a reader brought.
    """
    every = tuple(LANGS)
    found = st.pills(
        say("Languages in the file"),
        every,
        selection_mode="multi",
        default=every,
        format_func=LANGS.__getitem__,
        key=key,
    )
    chosen = tuple(lang for lang in every if lang in found) or every
    size, most, least = (
        round((page.weigh(languages, embed=embed) + more) / 1000) for languages in (chosen, every, every[:1])
    )
    st.caption(
        say(
            "About {size} kB; in all four languages {most} kB, in English alone {least} kB.",
            size=size,
            most=most,
            least=least,
        )
    )
    return chosen
