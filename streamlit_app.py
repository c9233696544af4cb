"""The dashboard: the page, and around it what needs Python. Start it with ``streamlit run``.

The page lives in a sandboxed frame and does everything a reader does with the map by itself; Python
only hears where the reader is, to keep it in the address. No geography is decided here.
"""

from __future__ import annotations

import argparse
import gc
import io
import re
import sys
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st

from geo.article import Article, parse_article, read_article
from geo.content import TITLE, selectable
from geo.errors import AtlasError, DataError
from geo.page import Page
from geo.reading import DATA_DIR, load_atlas
from geo.view import BASEMAPS, View, parse_view

FILE_NAME = "far-east-atlas.html"

_STATIC = Path(__file__).parent / "geo" / "static"

# The frame gives the page no origin, so nothing in it can reach this app.
_FRAME = """
<iframe sandbox="allow-scripts allow-downloads allow-popups allow-modals" title="Map and article"></iframe>
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


@st.cache_data(show_spinner=False)
def pack_data() -> bytes:
    """Return the data folder as a zip archive, the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(DATA_DIR.rglob("*")):
            name = path.relative_to(DATA_DIR)
            if path.is_file() and name.parts[0] != "build":
                archive.writestr(zipfile.ZipInfo(f"far-east-atlas-data/{name.as_posix()}"), path.read_bytes())
    return packed.getvalue()


def plain(text: str) -> str:
    """Return text so that Streamlit shows it letter for letter, links and pictures included."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|:$~&])", r"\\\1", text)


def started_with() -> str:
    """Return the article file that the app was started with, or nothing."""
    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    parser.add_argument("--article", default="")
    return str(parser.parse_known_args(sys.argv[1:])[0].article)


def choose_article(page: Page) -> Article | None:
    """Offer to read another article; return it, or None for our own account."""
    furniture = page.atlas.furniture
    with st.popover("Your article", icon=":material/article:"):
        st.caption("Read an article of your own with the map. It stays in this session.")
        upload = st.file_uploader("A file: .txt, .md or .html", type=["txt", "md", "html", "htm"])
        with st.form("paste", border=False):
            pasted = st.text_area("Or paste its text", height=180, max_chars=200_000)
            st.form_submit_button("Read this text")
    try:
        if upload is not None:
            return parse_article(upload.getvalue(), upload.name, furniture)
        if pasted.strip():
            return parse_article(pasted.encode(), "pasted.txt", furniture)
        if file := started_with():
            return read_article(Path(file), furniture)
    except AtlasError as error:
        st.error(plain(str(error)), icon=":material/error:")
    return None


def choose_basemap() -> str:
    """Offer an online basemap; return its name, or nothing."""
    # The address may ask for one; from then on the choice here counts.
    st.session_state.setdefault("basemap", st.session_state.view.basemap)
    with st.popover("Basemap", icon=":material/public:"):
        st.caption("The map needs no network. An online basemap asks its provider for pictures.")
        chosen = st.radio(
            "Online basemap",
            ("", *BASEMAPS),
            key="basemap",
            format_func=lambda name: f"{name} (goes online)" if name else "None: stay offline",
        )
    return str(chosen)


def opening_view(article: Article | None, basemap: str) -> View:
    """Return the view that the document opens with; it holds until another document is asked for."""
    state = st.session_state
    asked_for = (article, basemap)
    if state.get("document_of") != asked_for:
        same_text = "document_of" not in state or state.document_of[0] == article
        passage = state.view.passage if same_text else ""
        state.opening = replace(state.view, passage=passage, basemap=basemap)
        state.view = state.opening
        state.document_of = asked_for
    opening: View = state.opening
    return opening


@st.fragment
def show_dashboard(page: Page) -> None:
    """Show the page, keep the address in step with it, and offer it as a file."""
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="center"):
        article = choose_article(page)
        basemap = choose_basemap()
        with st.popover("Data and sources", icon=":material/database:"):
            st.caption("Every record with its citation, certainty and provenance, as the map uses it.")
            st.download_button(
                "All data (zip)", data=pack_data, file_name="far-east-atlas-data.zip", on_click="ignore"
            )
        opening = opening_view(article, basemap)
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

    def follow() -> None:
        """Take over where the reader is; the message comes from a browser, so it is checked."""
        state.view = parse_view(str(state.page.get("view")), selectable(page.atlas)).view

    frame(key="page", data={"document": page.document(opening, article)}, on_view_change=follow)
    written = dict(parse_qsl(state.view.query()))
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
        parsed = parse_view(st.query_params.to_dict(), selectable(page.atlas))
        st.session_state.view = parsed.view
        for notice in parsed.notices:
            st.toast(plain(notice), icon=":material/info:")
    show_dashboard(page)


main()
