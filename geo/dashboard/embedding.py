"""The builder of an embedded map: what it shows, how large it is, the page around it as it will be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st

from geo.dashboard.carrying import choose_languages
from geo.dashboard.refusing import note_error
from geo.dashboard.wording import kept, repeat, say, tongue
from geo.dates import FIRST_DAY
from geo.embed import SANDBOX, Embed, Size, frame_html
from geo.errors import ExportError
from geo.language import phrase
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
    if st.button(
        say("Embed"), icon=":material/code:", help=say("The map in a page of your own"), key="embed"
    ):
        st.dialog(say("Embed the map"), width="large")(build_embed)(page, view)


def build_embed(page: Page, view: View) -> None:
    """Let the reader choose, and show at once what comes of it.

    Parameters
    ----------
    page : Page
        It makes the document.
    view : View
        What is chosen at first.
    """
    st.caption(say("A light map for a page of your own: choose, download the file, put it beside your page."))
    languages = choose_languages(page, "embed-languages", embed=True)
    titles = {layer.id: page.atlas.say(layer.title, tongue()) for layer in page.layers}
    shown = _choose_view(view, titles, languages)
    size = _choose_size()
    controls = st.toggle(say("Timeline, language and zoom buttons"), value=True, key="embed-controls")
    left, right = st.columns(2)
    name = suggest_name(shown, "_embed.html")
    address = left.text_input(
        say("Where the file will be"),
        name,
        max_chars=500,
        help=say("A file name or an address."),
    )
    link = right.text_input(say("Address of the full map, if there is one"), max_chars=500, key="embed-link")
    try:
        document = page.embed_document(shown, Embed(controls, link.strip()), languages)
        snippet = frame_html(address.strip() or name, shown, size)
    except ExportError as error:
        note_error("embed", error, (address, link))
        st.text(repeat(error.sentence))
        return
    st.code(snippet, language="html", wrap_lines=True)
    st.download_button(
        say("Download the file"),
        data=document.encode(),
        file_name=name,
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        help=say(
            "One HTML file of {size} kB that asks nothing of the network.",
            size=round(len(document.encode()) / 1000),
        ),
        key="download-embed",
    )
    width, height = size.width or "", size.height
    ratio = "/".join(map(str, size.ratio)) if size.ratio else ""
    preview(key="preview", data={"document": document, "width": width, "height": height, "ratio": ratio})


def _choose_view(view: View, titles: Mapping[str, str], languages: Sequence[str]) -> View:
    """Offer the date, the language and the layers; the rest stays as the map stands."""
    left, right = st.columns(2)
    day = left.date_input(
        say("Date (empty: all acts at once)"),
        view.date,
        FIRST_DAY,
        date.today(),
        format="YYYY-MM-DD",
    )
    langs = ["", *languages]
    lang = right.selectbox(
        say("Language"),
        langs,
        langs.index(kept(langs, view.lang)),
        format_func=lambda tag: LANGS[tag] if tag else say("the reader’s own"),
    )
    layers = st.multiselect(say("Layers"), list(LAYERS), list(view.layers), format_func=titles.__getitem__)
    return replace(
        view,
        date=day,
        compare=view.compare if day else None,
        lang=kept(langs, lang),
        layers=tuple(layer for layer in LAYERS if layer in layers),
        passage="",
        basemap="",
    )


def _choose_size() -> Size:
    left, middle, right = st.columns(3)
    all_there_is, by_pixels = phrase("All there is"), phrase("Fixed")
    chosen = left.segmented_control(
        say("Width"), [all_there_is, by_pixels], default=all_there_is, format_func=say
    )
    fixed = chosen == by_pixels
    width = int(middle.number_input(say("Pixels wide"), 240, 2000, 800, 10)) if fixed else None
    if not fixed:
        shapes = [phrase("Fixed height"), *_RATIOS]
        shape = kept(shapes, middle.selectbox(say("Shape"), shapes, format_func=say))
        if shape in _RATIOS:
            return Size(ratio=_RATIOS[shape])
    return Size(width, int(right.number_input(say("Pixels high"), 240, 2000, 600, 10)))
