"""What a reader can choose so that a page grows no heavier than it opens quickly."""

from __future__ import annotations

import streamlit as st

from geo.article import Article
from geo.atlas import Atlas
from geo.budget import Weight, say_weight, weigh
from geo.dashboard.trying import once, told
from geo.dashboard.wording import kept, plain, say, tongue
from geo.imports import OwnGazetteer
from geo.imports.simplifying import FINE
from geo.language import phrase
from geo.language.formats import number
from geo.lightening import lighten
from geo.linker import Mention
from geo.scans import Scan

_ALL = phrase("All of them")
_ON_MAP = phrase("Those on the map")
_NAMED = phrase("Those that the text names")
_CHOICES = {_ALL: "", _ON_MAP: "map", _NAMED: "text"}
_MOVED = phrase("Outlines are simplified: they lie up to {m} m from where the file has them.")
_SHOWN, _SIMPLIFIED = "gazetteer-shown", "gazetteer-simplified"


def choose_places(
    atlas: Atlas,
    gazetteer: OwnGazetteer,
    article: Article | None,
    alone: bool,
    curated: tuple[Mention, ...],
    faults: list[str],
) -> OwnGazetteer:
    """Offer to show fewer places, or simpler outlines; return the gazetteer as it is shown.

    Parameters
    ----------
    alone : bool
        Whether the text is linked with the reader's names alone.
    curated : tuple of Mention
        What people marked in the text.
    faults : list of str
        A sentence joins it where none of the places would be left.
    """
    shown = st.radio(say("Places shown"), tuple(_CHOICES), format_func=say, key=_SHOWN)
    only = _CHOICES[kept(tuple(_CHOICES), shown)]
    outlines = any(place.shape in ("line", "area") for place in gazetteer.places)
    simpler = outlines and st.checkbox(say("Outlines no finer than the map can show"), key=_SIMPLIFIED)
    if not only and not simpler:
        return gazetteer
    metres = FINE if simpler else None
    # Where it is not asked, another text makes no other choice.
    text, by_name = (article, alone) if only == "text" else (None, False)

    def make() -> OwnGazetteer:
        return lighten(atlas, gazetteer, text, alone=by_name, curated=curated, only=only, metres=metres)

    given = (gazetteer, text, by_name, curated, only, metres)
    made = told(once("lighter", given, make, say("Choosing the places …")), faults)
    if made is None:
        return gazetteer
    n, total = (number(len(each.places), tongue()) for each in (made, gazetteer))
    st.caption(plain(say("{n} of {total} places are shown.", n=n, total=total)))
    if simpler:
        moved = number(round(made.moved), tongue())
        st.caption(plain(say(_MOVED, m=moved)))
    return made


def tell_weight(
    document: str, article: Article | None, gazetteer: OwnGazetteer | None, scan: Scan | None
) -> None:
    """Say what a heavy page weighs, and offer what makes it lighter; nothing of one that keeps to its budget.

    Parameters
    ----------
    document : str
        The page.
    article, gazetteer, scan
        The reader's, as they are shown in it.
    """
    state = st.session_state
    if state.get("weighed", ("", None))[0] is not document:
        state.weighed = (document, weigh(document, article, gazetteer, scan))
    weight: Weight | None = state.weighed[1]
    if weight is None or state.get("accepted") is document:
        return
    with st.container(key="weight"):
        st.warning(plain(say_weight(weight, tongue())), icon=":material/weight:")
        with st.container(horizontal=True):
            if gazetteer is not None and "places" in weight.causes:
                _offer(gazetteer, weight)
            st.button(
                say("Leave it as it is"), key="offer-none", on_click=_choose, args=("accepted", document)
            )


def _offer(gazetteer: OwnGazetteer, weight: Weight) -> None:
    offers = (
        (
            "outlines" in weight.causes and not gazetteer.moved,
            say("Simplify the outlines"),
            _SIMPLIFIED,
            True,
        ),
        (not gazetteer.chosen and gazetteer.outside, say("Only places on the map"), _SHOWN, _ON_MAP),
        (gazetteer.chosen != "text", say("Only places that the text names"), _SHOWN, _NAMED),
    )
    for helps, title, key, value in offers:
        if helps:
            st.button(title, key=f"offer-{key}-{value}", on_click=_choose, args=(key, value))


def _choose(key: str, value: object) -> None:
    st.session_state[key] = value
