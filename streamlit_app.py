"""The dashboard: the page, and around it what needs Python. Start it with ``streamlit run``.

Streamlit imports this file for the server and finds ``app`` in it; then it runs the file for each reader.
The page lives in a sandboxed frame and does everything a reader does with the map by itself; Python
only hears where the reader is, to keep it in the address. No geography is decided here.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st
from starlette.middleware import Middleware

from geo.content import TITLE, rivals, selectable
from geo.dashboard.bringing import Brought, take_in
from geo.dashboard.carrying import choose_languages
from geo.dashboard.citing import offer_citations
from geo.dashboard.embedding import offer_embed
from geo.dashboard.guarding import Guard, dashboard_policy
from geo.dashboard.hastening import Opening, answering_at_once, early, publish
from geo.dashboard.lightening import tell_weight
from geo.dashboard.opening import open_page
from geo.dashboard.refusing import keep_log, note_error, note_refusal
from geo.dashboard.taking import offer_formats
from geo.dashboard.wording import kept, plain, repeat, say, say_n
from geo.errors import DataError
from geo.page import Page
from geo.reading import load_usable, pack_data
from geo.view import BASEMAPS, LANGS, OWN, SCAN, Parsed, View, parse_view, show_own, show_scan, suggest_name

_STATIC = Path(__file__).parent / "geo" / "static"

frame = st.components.v2.component(
    "far_east_atlas.page",
    html='<p class="away" role="status" hidden></p>',
    css=(_STATIC / "host.css").read_text("utf-8"),
    js="\n".join((_STATIC / name).read_text("utf-8") for name in ("frame.js", "host.js")),
    isolate_styles=False,
)


def started_with() -> tuple[str, str]:
    """Return the article and the gazetteer that the app was started with, each a file or nothing."""
    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    parser.add_argument("--article", nargs="?", default="", const="")
    parser.add_argument("--gazetteer", nargs="?", default="", const="")
    known = parser.parse_known_args(sys.argv[1:])[0]
    return str(known.article), str(known.gazetteer)


def choose_basemap() -> str:
    """Offer an online basemap; return its name, or nothing."""
    names = ("", *BASEMAPS)
    with st.popover(say("Basemap"), icon=":material/public:"):
        st.caption(say("The map needs no network. An online basemap asks its provider for pictures."))
        chosen = st.radio(
            say("Online basemap"),
            names,
            format_func=lambda name: (
                say("{name} (goes online)", name=name) if name else say("None: stay offline")
            ),
            key="basemap",
        )
    return kept(names, chosen)


def opened_document(page: Page, brought: Brought, basemap: str) -> str:
    """Return the document that is shown; it is made anew only when something else is brought or chosen.

    Nothing is returned for the one that all readers open with: it has an address. Where a browser could
    not read it there, it is sent as the others are.
    """
    state = st.session_state
    if state.get("document_of") != (brought, basemap):
        before, basemap_before = state.get("document_of", (brought, ""))
        state.view = replace(
            state.view,
            passage=state.view.passage if before.article == brought.article else "",
            # Only a choice made here goes online, and what was switched off in the page stays off.
            basemap=basemap if basemap != basemap_before else state.view.basemap,
        )
        if brought.gazetteer is not before.gazetteer:
            state.view = with_own(state.view, brought)
        if (brought.scan is None) != (before.scan is None):
            state.view = with_scan(state.view, brought)
        state.opened, state.document, state.more = state.view, "", 0
        if brought != Brought() or state.view.basemap:
            with st.spinner(say("Linking the text with the map …"), show_time=True):
                state.document = _document(page, state.view, brought)
                state.more = len(state.document.encode()) - page.weigh()
        state.document_of = (brought, basemap)
    if not state.document and state.get("page", {}).get("unread"):
        state.document = _document(page, state.opened, brought)
    document: str = state.document
    return document


def with_own(view: View, brought: Brought) -> View:
    """Return a view with the layer of the reader's gazetteer, or without it; places that it lacks go."""
    there = brought.gazetteer.ids if brought.gazetteer else frozenset()
    places = tuple(each for each in view.place if each in there or not each.startswith(f"{OWN}-"))
    view = replace(view, place=places)
    if brought.gazetteer:
        return show_own(view)
    return replace(view, layers=tuple(layer for layer in view.layers if layer != OWN))


def with_scan(view: View, brought: Brought) -> View:
    """Return a view with the layer of the reader's scan, or without it."""
    if brought.scan:
        return show_scan(view)
    return replace(view, layers=tuple(layer for layer in view.layers if layer != SCAN))


def _document(page: Page, view: View, brought: Brought, languages: tuple[str, ...] = tuple(LANGS)) -> str:
    return page.document(
        view,
        brought.article,
        brought.gazetteer,
        alone=brought.alone,
        curated=brought.curated,
        scan=brought.scan,
        tour=brought.tour,
        languages=languages,
    )


def read_view(page: Page, query: str | Mapping[str, str], brought: Brought) -> Parsed:
    """Return the view that an address names, with the places and the scan that the reader brought."""
    own = brought.gazetteer
    known = selectable(page.atlas) | (own.ids if own else frozenset())
    scan = brought.scan is not None
    return parse_view(query, known, rivals(page.atlas), own=own is not None, scan=scan)


def written(view: View, brought: Brought) -> dict[str, str]:
    """Return a view as the address names it; a passage means something in a lasting text only."""
    kept = view if brought.lasting else replace(view, passage="")
    own, scan = brought.gazetteer is not None, brought.scan is not None
    return dict(parse_qsl(kept.query(own=own, scan=scan)))


def follow_address(page: Page, brought: Brought) -> None:
    """Take over where the browser's back and forward buttons led: to an address new to us, and not our doing.

    Streamlit goes on naming the address of the opening for as long as the page alone changes it.
    """
    state, found = st.session_state, st.query_params.to_dict()
    if found != state.get("heard") and found not in (written(state.view, brought), state.address):
        state.view = replace(read_view(page, found, brought).view, basemap=state.view.basemap)
        state.address = found
    state.heard = found


def open_view(page: Page, brought: Brought) -> None:
    """Take the opening view from the address; what of it is wrong is named."""
    state = st.session_state
    state.heard = state.address = st.query_params.to_dict()
    parsed = read_view(page, state.address, brought)
    # A link that somebody sent must not send the reader online.
    state.view = replace(parsed.view, basemap="")
    notices = [repeat(notice) for notice in parsed.notices]
    if asked := parsed.view.basemap:
        notices.append(
            say("The address asks for the online basemap {name}; choose it under Basemap.", name=asked)
        )
    if parsed.notices:
        note_refusal("view", "view-part-unknown")
    for notice in notices:
        st.toast(plain(notice), icon=":material/info:")


@st.fragment
def show_dashboard(page: Page) -> None:
    """Show the page, keep the address in step with it, and offer it as a file."""
    state = st.session_state
    panels = st.container(horizontal=True, vertical_alignment="center")
    with panels:
        brought, faults = take_in(page.atlas, *started_with())
        if "view" not in state:
            open_view(page, brought)
        follow_address(page, brought)
        basemap = choose_basemap()
        document = opened_document(page, brought, basemap)

    with st.container():  # always there, so that the frame keeps its place and is not loaded again
        for fault in faults:
            st.error(plain(fault), icon=":material/error:")
        if document:
            tell_weight(document, brought.article, brought.gazetteer, brought.scan)
        if state.get("page", {}).get("kept"):
            lost = say(
                "The server began anew and no longer has the files that you brought. The page still shows "
                "what was made of them; bring them again before you download or cite it."
            )
            st.info(plain(lost), icon=":material/info:")

    show_page(page, brought, document)
    with panels:  # the map need not wait for them
        with st.popover(say("Data and sources"), icon=":material/database:"):
            offer_data(page, state.view)
        with st.popover(say("Cite"), icon=":material/format_quote:"):
            offer_citations(page.atlas, state.view)
        with st.popover(say("Download the map"), icon=":material/download:"):
            offer_file(page, brought, state.more)
        offer_embed(page, state.view)
    if (address := written(state.view, brought)) != state.address:
        st.query_params.from_dict(address)
        state.address = address


def show_page(page: Page, brought: Brought, document: str) -> None:
    """Show the page in its frame, and hear from it where the reader is."""
    state = st.session_state

    def follow() -> None:
        """Take over where the reader is; the message comes from a browser, so it is checked."""
        state.view = read_view(page, str(state.page.get("view")), brought).view
        # The browser has written that into its address by now, and perhaps gone back from it since.
        state.address = written(state.view, brought)

    data = {
        "document": document,
        "address": publish(page).address,
        "view": state.opened.query(),
        # A tuple: Streamlit imports pandas to look whether a list is a table.
        "brought": tuple(brought.by_hand),
        # By another one the page sees that the server has forgotten what it had been given.
        "session": state.setdefault("session", secrets.token_hex(8)),
        "away": say("The map and the text stay usable; the panels come back with the server."),
    }
    frame(
        key="page",
        data=data,
        on_view_change=follow,
        on_kept_change=lambda: None,
        on_unread_change=lambda: None,
    )


def offer_data(page: Page, view: View) -> None:
    """Offer the records, all of them or what the map shows, where they are whole."""
    if page.atlas.missing:
        st.caption(say("There is nothing to take along until the damaged files of the data are restored."))
        return
    st.caption(say("Every record with its citation, certainty and provenance, as the map uses it."))
    st.download_button(
        say("All data (zip)"),
        data=pack_data,
        file_name="far-east-atlas-data.zip",
        on_click="ignore",
        key="download-all",
    )
    offer_formats(page, view)


def offer_file(page: Page, brought: Brought, more: int) -> None:
    """Offer the page as one file, in the languages that the reader chooses.

    Parameters
    ----------
    more : int
        Bytes by which the page is larger for what the reader brought.
    """
    view = st.session_state.view
    st.caption(say("One HTML file that works without a network and opens as the map stands now."))
    languages = choose_languages(page, "file-languages", more=more)
    if view.lang not in languages:
        view = replace(view, lang="")
    st.download_button(
        say("Download the file"),
        # Plain values: by the time it is called, the session may have moved on.
        data=partial(_file, page, view, brought, languages),
        file_name=suggest_name(view, ".html"),
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        key="download-map",
    )


def _file(page: Page, view: View, brought: Brought, languages: tuple[str, ...]) -> bytes:
    return _document(page, view, brought, languages).encode()


def main() -> None:
    """Show the dashboard."""
    st.set_page_config(page_title=TITLE, layout="wide")
    try:
        page = open_page(load_usable)
    except DataError as error:
        note_error("data", error, str(error))
        st.error(
            say_n(
                "The data cannot be used: {n} problem.",
                "The data cannot be used: {n} problems.",
                len(error.problems),
            ),
            icon=":material/error:",
        )
        st.text(str(error))
        return
    # The whole is run for back and forward too: the address is that of now, if heard before or not.
    st.session_state.pop("heard", None)
    show_dashboard(page)


def ready() -> Page | None:
    """Return the page, made for the server before anybody asks; None where a reader is told why not."""
    try:
        return open_page(load_usable)
    except DataError:
        return None


if __name__ == "__main__":
    main()
else:
    keep_log()
    shared = ready()
    published = publish(shared) if shared else None
    # One that was started with a text of its own opens with another page.
    opening = Opening(published.address) if published and not any(started_with()) else None
    door = Middleware(
        Guard,
        policy=dashboard_policy(shared, opening.html if opening else ""),
        early=early(published.address if published and opening else ""),
    )
    # Streamlit looks for these very words.
    app = st.App(
        __file__,
        lifespan=answering_at_once,
        routes=[each.route() for each in (published, opening) if each],
        middleware=[door],
    )
