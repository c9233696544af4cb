"""The panel by which a reader cites what the map shows."""

from __future__ import annotations

import datetime
from functools import partial

import streamlit as st

from geo.atlas import Atlas
from geo.citations import check_address
from geo.dashboard.refusing import note_error
from geo.dashboard.wording import kept, plain, repeat, say
from geo.errors import CitationError
from geo.language import phrase
from geo.view import View

_FEW = 4
_PARTS = {
    "map": phrase("This view of the map"),
    "dataset": phrase("The data"),
    "sources": phrase("Each source of what is shown"),
    "all": phrase("All of these"),
}


def offer_citations(atlas: Atlas, view: View) -> None:
    """Offer references to a view; they are written only when asked for."""
    from geo.bibliography import INTERCHANGE, STYLES, cite_as, sources_to_cite

    parts = list(_PARTS)
    part = kept(
        parts,
        st.selectbox(
            say("What to cite"), parts, format_func=lambda name: say(_PARTS[name]), key="what-to-cite"
        ),
    )
    style = st.selectbox(
        say("Style"), list(STYLES), format_func=lambda name: STYLES[name].title, key="cite-style"
    )
    written = st.text_input(
        say("Where others find the map, if it is on the web"),
        placeholder="https://",
        max_chars=1000,
        key="cited-address",
    )
    try:
        address = check_address(written)
    except CitationError as error:
        note_error("cited-address", error, written)
        st.error(plain(repeat(error.sentence)), icon=":material/error:")
        return
    today = datetime.date.today()

    def write(form: str) -> str:
        return cite_as(sources_to_cite(atlas, view, part, address, today), form)

    if st.button(say("Write the references"), key="write-references"):
        references = write(style)
        tall = references.count("\n") > _FEW
        st.code(references, language=None, wrap_lines=True, height=260 if tall else "content")
    with st.container(horizontal=True):
        for form, known in INTERCHANGE.items():
            st.download_button(
                known.title,
                data=partial(write, form),
                file_name=f"far-east-atlas-references{known.ending}",
                mime=known.mediatype,
                on_click="ignore",
                key=f"cite-{form}",
            )
