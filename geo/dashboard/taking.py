"""The panel by which a reader takes data and pictures away; nothing is made before it is asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from geo.dashboard.wording import say
from geo.page import Page
from geo.view import View, suggest_name


def offer_formats(page: Page, view: View) -> None:
    """Offer the view as data for other programs and as a picture."""
    from geo.exports import FORMATS, data_filename
    from geo.picture import KINDS

    kind = st.selectbox(
        say("For other programs"),
        list(FORMATS),
        format_func=lambda name: FORMATS[name].title,
        key="data-format",
    )
    holds, loses = say(FORMATS[kind].holds), say(FORMATS[kind].loses)
    st.caption(say("{holds} It loses: {loses}", holds=holds, loses=loses))
    shown = view if st.checkbox(say("Only what the map shows now"), key="data-shown") else None
    empty = shown is not None and set(view.layers) <= {"relief", "graticule", "own", "scan"}
    if empty:
        st.caption(say("The map shows no records now; switch on areas, lines or places."))
    st.download_button(
        say("Download the data"),
        data=partial(make_data, page, kind, shown),
        file_name=data_filename(page.atlas, kind, shown),
        mime=FORMATS[kind].mediatype,
        on_click="ignore",
        disabled=empty,
        key="download-data",
    )
    form = st.selectbox(
        say("Picture of this view"), KINDS, format_func=lambda name: name[1:].upper(), key="picture-form"
    )
    st.download_button(
        say("Download the picture"),
        data=partial(make_picture, page, form, view),
        file_name=suggest_name(view, form),
        mime={".svg": "image/svg+xml", ".png": "image/png", ".pdf": "application/pdf"}[form],
        on_click="ignore",
        key="download-picture",
    )


def make_data(page: Page, kind: str, view: View | None) -> bytes:
    """Return the records, or what a view shows, in one of `geo.exports.FORMATS`."""
    from geo.exports import data_file

    return data_file(page.atlas, kind, view)


def make_picture(page: Page, form: str, view: View) -> bytes:
    """Return a picture of a view, in one of `geo.picture.KINDS`."""
    from geo.picture import Sheet, compose_picture

    sheet = Sheet("a4") if form == ".pdf" else Sheet()
    return compose_picture(page.atlas, view, sheet, page.layers).content(form, scale=2)
