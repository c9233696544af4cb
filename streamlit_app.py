"""The dashboard: the page, and around it what needs Python. Start it with ``streamlit run``.

The page lives in a sandboxed frame and does everything a reader does with the map by itself; Python
only hears where the reader is, to keep it in the address. No geography is decided here.
"""

from __future__ import annotations

import argparse
import gc
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st

from geo.article import Article, parse_article, read_article
from geo.content import TITLE, rivals, selectable
from geo.dashboard.citing import offer_citations
from geo.dashboard.wording import plain
from geo.errors import ArticleError, DataError
from geo.page import Page
from geo.reading import load_atlas, pack_data
from geo.view import BASEMAPS, View, parse_view

FILE_NAME = "far-east-atlas.html"

_STATIC = Path(__file__).parent / "geo" / "static"

# The frame gives the page no origin, so nothing in it can reach this app.
_FRAME = """
<iframe sandbox="allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
  title="Map and article"></iframe>
"""

frame = st.components.v2.component(
    "far_east_atlas.page",
    html=_FRAME,
    css=(_STATIC / "host.css").read_text("utf-8"),
    js=(_STATIC / "host.js").read_text("utf-8"),
    isolate_styles=False,
)


@st.cache_resource(show_spinner="Drawing the map …")
def open_page() -> Page:
    """Return the page, read and drawn once for all readers."""
    page = Page(load_atlas())
    page.document(View())
    # What is loaded by now stays; Streamlit collects garbage after every run, which need not see it.
    gc.collect()
    gc.freeze()
    return page


def started_with() -> str:
    """Return the article file that the app was started with, or nothing."""
    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    parser.add_argument("--article", nargs="?", default="", const="")
    return str(parser.parse_known_args(sys.argv[1:])[0].article)


def choose_article(page: Page) -> tuple[Article | None, bool]:
    """Offer to read another article.

    Returns
    -------
    article : Article or None
        None for our own account.
    lasting : bool
        Whether a reload will find the same text again; one brought by hand is gone with the session.

    Raises
    ------
    ArticleError
        If what was brought cannot be read as an article.
    """
    with st.popover("Your article", icon=":material/article:"):
        st.caption("Read an article of your own with the map. It stays in this session.")
        upload = st.file_uploader("A file: .txt, .md or .html", type=["txt", "md", "html", "htm"])
        with st.form("paste", border=False):
            pasted = st.text_area("Or paste its text", height=180, max_chars=200_000)
            st.form_submit_button("Read this text")
        brought = None
        if upload is not None:
            brought = (upload.name, upload.getvalue())
        elif pasted.strip():
            brought = ("pasted.txt", pasted.encode())
    if brought is not None:
        return _parsed(page, *brought), False
    if file := started_with():
        return read_article(Path(file), page.atlas.furniture), True
    return None, True


def _parsed(page: Page, name: str, content: bytes) -> Article:
    """Parse an article once, not again on every click."""
    state = st.session_state
    if state.get("parsed_of") != (name, content):
        state.parsed = parse_article(content, name, page.atlas.furniture)
        state.parsed_of = (name, content)
    article: Article = state.parsed
    return article


def choose_basemap() -> str:
    """Offer an online basemap; return its name, or nothing."""
    with st.popover("Basemap", icon=":material/public:"):
        st.caption("The map needs no network. An online basemap asks its provider for pictures.")
        chosen = st.radio(
            "Online basemap",
            ("", *BASEMAPS),
            format_func=lambda name: f"{name} (goes online)" if name else "None: stay offline",
        )
    return str(chosen)


def opened_document(page: Page, article: Article | None, basemap: str) -> str:
    """Return the document that is shown; it is made anew only when another text or basemap is chosen."""
    state = st.session_state
    if state.get("document_of") != (article, basemap):
        text_before, basemap_before = state.get("document_of", (article, ""))
        state.view = replace(
            state.view,
            passage=state.view.passage if text_before == article else "",
            # Only a choice made here goes online, and what was switched off in the page stays off.
            basemap=basemap if basemap != basemap_before else state.view.basemap,
        )
        state.document = page.document(state.view, article)
        state.document_of = (article, basemap)
    document: str = state.document
    return document


def offer_formats(page: Page) -> None:
    """Offer the view as data for other programs and as a picture; nothing is made before it is asked for."""
    from geo.exports import FORMATS, data_filename
    from geo.picture import KINDS, suggest_name

    view = st.session_state.view
    kind = st.selectbox("For other programs", list(FORMATS), format_func=lambda name: FORMATS[name].title)
    st.caption(f"{FORMATS[kind].holds} It loses: {FORMATS[kind].loses}")
    shown = view if st.checkbox("Only what the map shows now") else None
    empty = shown is not None and set(view.layers) <= {"relief", "graticule"}
    if empty:
        st.caption("The map shows no records now; switch on areas, lines or places.")
    st.download_button(
        "Download the data",
        data=partial(_data, page, kind, shown),
        file_name=data_filename(page.atlas, kind, shown),
        mime=FORMATS[kind].mediatype,
        on_click="ignore",
        disabled=empty,
    )
    form = st.selectbox("Picture of this view", KINDS, format_func=lambda name: name[1:].upper())
    st.download_button(
        "Download the picture",
        data=partial(_picture, page, form, view),
        file_name=suggest_name(view, form),
        mime={".svg": "image/svg+xml", ".png": "image/png", ".pdf": "application/pdf"}[form],
        on_click="ignore",
    )


def _data(page: Page, kind: str, view: View | None) -> bytes:
    from geo.exports import data_file

    return data_file(page.atlas, kind, view)


def _picture(page: Page, form: str, view: View) -> bytes:
    from geo.picture import Sheet, compose_picture

    sheet = Sheet("a4") if form == ".pdf" else Sheet()
    return compose_picture(page.atlas, view, sheet, page.layers).content(form, scale=2)


@st.fragment
def show_dashboard(page: Page) -> None:
    """Show the page, keep the address in step with it, and offer it as a file."""
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="center"):
        article, lasting, fault = None, True, ""
        try:
            article, lasting = choose_article(page)
        except ArticleError as error:
            fault = plain(str(error))
        basemap = choose_basemap()
        with st.popover("Data and sources", icon=":material/database:"):
            st.caption("Every record with its citation, certainty and provenance, as the map uses it.")
            st.download_button(
                "All data (zip)", data=pack_data, file_name="far-east-atlas-data.zip", on_click="ignore"
            )
            offer_formats(page)
        document = opened_document(page, article, basemap)
        with st.popover("Cite", icon=":material/format_quote:"):
            offer_citations(page.atlas, state.view)
        st.download_button(
            "Download the map",
            # Plain values: by the time it is called, the session may have moved on.
            data=partial(_file, page, state.view, article),
            file_name=FILE_NAME,
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            help="One HTML file that works without a network and opens as the map stands now.",
        )

    with st.container():  # always there, so that the frame keeps its place and is not loaded again
        if fault:
            st.error(fault, icon=":material/error:")

    def follow() -> None:
        """Take over where the reader is; the message comes from a browser, so it is checked."""
        state.view = parse_view(str(state.page.get("view")), selectable(page.atlas), rivals(page.atlas)).view

    frame(key="page", data={"document": document, "lasting": lasting}, on_view_change=follow)
    view = state.view if lasting else replace(state.view, passage="")
    written = dict(parse_qsl(view.query()))
    if st.query_params.to_dict() != written:
        st.query_params.from_dict(written)


def _file(page: Page, view: View, article: Article | None) -> bytes:
    return page.document(view, article).encode()


def main() -> None:
    """Show the dashboard."""
    st.set_page_config(page_title=TITLE, layout="wide")
    try:
        page = open_page()
    except DataError as error:
        st.error(f"The data cannot be used: {len(error.problems)} problems.", icon=":material/error:")
        st.text(str(error))
        return
    if "view" not in st.session_state:
        parsed = parse_view(st.query_params.to_dict(), selectable(page.atlas), rivals(page.atlas))
        # A link that somebody sent must not send the reader online.
        st.session_state.view = replace(parsed.view, basemap="")
        notices = list(parsed.notices)
        if asked := parsed.view.basemap:
            notices.append(f"The address asks for the online basemap {asked}; choose it under Basemap.")
        for notice in notices:
            st.toast(plain(notice), icon=":material/info:")
    show_dashboard(page)


main()
