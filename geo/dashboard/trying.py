"""What is made of something a reader brings: made once, and told in a sentence where it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from geo.dashboard.refusing import note_error
from geo.dashboard.wording import repeat, say, say_n
from geo.errors import AtlasError, DataError

_T = TypeVar("_T")


def once(slot: str, given: object, make: Callable[[], _T], waiting: str = "") -> _T | AtlasError:
    """Return what is made of something given, or why it cannot be; made once, not again on every click."""
    state: dict[str, Any] = st.session_state.setdefault("brought", {})
    if slot not in state or state[slot][0] != given:
        try:
            with st.spinner(waiting or "…", show_time=True):
                made: _T | AtlasError = make()
        except AtlasError as error:
            made = error
            note_error(slot, error, given)
        state[slot] = (given, made)
    kept: _T | AtlasError = state[slot][1]
    return kept


def told(made: _T | AtlasError, faults: list[str]) -> _T | None:
    """Return what was made, or None where there is only an error, which joins the faults."""
    if not isinstance(made, AtlasError):
        return made
    if not isinstance(made, DataError):
        faults.append(repeat(made.sentence))
        return None
    first = repeat(made.problems[0].sentence)
    if count := len(made.problems) - 1:
        faults.append(
            say_n(
                "{first}; {n} more problem is listed where you brought the file, and nothing of it is used",
                "{first}; {n} more problems are listed where you brought the file, and nothing of it is used",
                count,
                first=first,
            )
        )
        heads = (say("file"), say("record"), say("field"), say("message"))
        rows = [dict(zip(heads, map(repeat, problem), strict=True)) for problem in made.problems]
        st.dataframe(rows, hide_index=True)
    else:
        faults.append(first)
    return None
