"""The builder of an embedded map: what it shows, how large it is, the page around it as it will be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st

from geo.dashboard.refusing import note_error
from geo.dates import FIRST_DAY
from geo.embed import SANDBOX, Embed, Size, frame_html
from geo.errors import ExportError
from geo.page import Page
from geo.view import LANGS, LAYERS, View, suggest_name

_STATIC = Path(__file__).parents[1] / "static"
_RATIOS = {"16:9": (16, 9), "4:3": (4, 3), "1:1": (1, 1), "3:4": (3, 4)}

# As in a newsroom's page: the frame has no origin, so nothing in it can reach this app.
preview = st.components.v2.component(
    "far_east_atlas.preview",
    html=f'<iframe sandbox="{SANDBOX}" title="The embedded map"></iframe>',
    css=(_STATIC / "preview.css").read_text("utf-8"),
    js=(_STATIC / "preview.js").read_text("utf-8"),
    isolate_styles=False,
)


def offer_embed(page: Page, view: View) -> None:
    """Offer the map for somebody else's page: its file, the HTML that frames it, and how it will look.

    Parameters
    ----------
    page : Page
        It makes the document.
    view : View
        Where the map opens, but for what the reader chooses here.
    """
    if st.button("Embed", icon=":material/code:", help="The map in a page of your own"):
        st.dialog("Embed the map", width="large")(build_embed)(page, view)


def build_embed(page: Page, view: View) -> None:
    """Let the reader choose, and show at once what comes of it.

    Parameters
    ----------
    page : Page
        It makes the document.
    view : View
        What is chosen at first.
    """
    st.caption("A light map for a page of your own: choose, download the file, put it beside your page.")
    shown = _choose_view(view, {layer.id: layer.title for layer in page.layers})
    size = _choose_size()
    controls = st.toggle("Timeline, language and zoom buttons", value=True)
    left, right = st.columns(2)
    name = suggest_name(shown, "_embed.html")
    address = left.text_input(
        "Where the file will be", name, max_chars=500, help="A file name or an address."
    )
    link = right.text_input("Address of the full map, if there is one", max_chars=500)
    try:
        document = page.embed_document(shown, Embed(controls, link.strip()))
        snippet = frame_html(address.strip() or name, shown, size)
    except ExportError as error:
        note_error("embed", error, (address, link))
        st.text(str(error))
        return
    st.code(snippet, language="html", wrap_lines=True)
    st.download_button(
        "Download the file",
        data=document.encode(),
        file_name=name,
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        help=f"One HTML file of {len(document.encode()) / 1000:.0f} kB that asks nothing of the network.",
    )
    width, height = size.width or "", size.height
    ratio = "/".join(map(str, size.ratio)) if size.ratio else ""
    preview(key="preview", data={"document": document, "width": width, "height": height, "ratio": ratio})


def _choose_view(view: View, titles: Mapping[str, str]) -> View:
    """Offer the date, the language and the layers; the rest stays as the map stands."""
    left, right = st.columns(2)
    day = left.date_input(
        "Date (empty: all acts at once)", view.date, FIRST_DAY, date.today(), format="YYYY-MM-DD"
    )
    lang = right.selectbox(
        "Names in", list(LANGS), list(LANGS).index(view.language), format_func=LANGS.__getitem__
    )
    layers = st.multiselect("Layers", list(LAYERS), list(view.layers), format_func=titles.__getitem__)
    return replace(
        view,
        date=day,
        compare=view.compare if day else None,
        lang=lang,
        layers=tuple(layer for layer in LAYERS if layer in layers),
        passage="",
        basemap="",
    )


def _choose_size() -> Size:
    left, middle, right = st.columns(3)
    fixed = left.segmented_control("Width", ["All there is", "Fixed"], default="All there is") == "Fixed"
    width = int(middle.number_input("Pixels wide", 240, 2000, 800, 10)) if fixed else None
    if not fixed:
        shape = middle.selectbox("Shape", ["Fixed height", *_RATIOS])
        if shape in _RATIOS:
            return Size(ratio=_RATIOS[shape])
    return Size(width, int(right.number_input("Pixels high", 240, 2000, 600, 10)))
