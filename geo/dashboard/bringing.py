"""What a reader brings: an article, marks made in it, a gazetteer, a scanned map, a tour.

What cannot be used is told in a sentence and leaves the rest as it was.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from geo.annotations import identities_of
from geo.annotations.anchoring import Anchored, anchor_again
from geo.annotations.apart import parse_apart as parse_marks
from geo.article import ENCODINGS, ENDINGS, Article, parse_article, read_article
from geo.atlas import Atlas
from geo.citations import check_address
from geo.content import known_to_tours
from geo.dashboard.lightening import choose_places
from geo.dashboard.trying import once, told
from geo.dashboard.wording import kept, plain, repeat, say, say_n
from geo.imports import OwnGazetteer, describe, read_gazetteer
from geo.imports.apart import parse_apart as parse_places
from geo.language import phrase
from geo.linker import Mention
from geo.scans import Scan, parse_bounds, parse_scan
from geo.sentences import sentence
from geo.territory import FRAME
from geo.tour import Tour, parse_tour

MAX_PASTED = 200_000
_PREVIEW = 240
_PICTURES = ["png", "jpg", "jpeg", "webp"]
_GAZETTEERS = ["csv", "tsv", "txt", "json", "geojson", "jsonld"]

_OUTCOMES = {
    "kept": phrase("kept"),
    "moved": phrase("moved"),
    "edited": phrase("edited"),
    "lost": phrase("lost"),
}


@dataclass(frozen=True, slots=True)
class Brought:
    """What a reader brings to the map.

    Parameters
    ----------
    article : Article or None
        None for our own account.
    gazetteer : OwnGazetteer or None
        None for none.
    alone : bool
        Whether the text is linked with the names of that gazetteer alone.
    curated : tuple of Mention
        What people marked in the article.
    lasting : bool
        Whether a reload will find the same text again; one brought by hand is gone with the session.
    scan : Scan or None
        None for none.
    tour : Tour or None
        None for ours.
    """

    article: Article | None = None
    gazetteer: OwnGazetteer | None = None
    alone: bool = False
    curated: tuple[Mention, ...] = ()
    lasting: bool = True
    scan: Scan | None = None
    tour: Tour | None = None

    @property
    def by_hand(self) -> list[str]:
        """What of it the server would not have again if it were started anew."""
        there = {
            "article": not self.lasting,
            "gazetteer": self.gazetteer,
            "marks": self.curated,
            "scan": self.scan,
            "tour": self.tour,
        }
        return [name for name, value in there.items() if value]


def take_in(atlas: Atlas, article_file: str, gazetteer_file: str) -> tuple[Brought, list[str]]:
    """Offer to bring an article, a gazetteer, a scan and a tour; say beside each what was made of it.

    Parameters
    ----------
    article_file, gazetteer_file : str
        The files that the dashboard was started with, or nothing.

    Returns
    -------
    brought : Brought
        What can be used.
    faults : list of str
        A sentence for each thing that cannot, to be shown where it is seen.
    """
    faults: list[str] = []
    with st.popover(say("Your article"), icon=":material/article:"):
        article, lasting = _article(atlas, article_file, faults)
        marks = st.container()
    with st.popover(say("Your gazetteer"), icon=":material/pin_drop:"):
        gazetteer, alone = _gazetteer(gazetteer_file, faults)
        lighter = st.container()
    with st.popover(say("Your scan"), icon=":material/map:"):
        scan = _scan(faults)
    tours = st.popover(say("Your tour"), icon=":material/tour:")
    curated: tuple[Mention, ...] = ()
    if article is not None:
        with marks:
            curated = _marks(atlas, article, gazetteer, faults)
    if gazetteer is not None:
        with lighter:
            gazetteer = choose_places(atlas, gazetteer, article, alone, curated, faults)
    with tours:
        tour = _tour(atlas, gazetteer, faults)
    return Brought(article, gazetteer, alone, curated, lasting, scan, tour), faults


def _article(atlas: Atlas, started_with: str, faults: list[str]) -> tuple[Article | None, bool]:
    st.caption(say("Read an article of your own with the map. It stays in this session."))
    upload = st.file_uploader(
        say("A file: text, Markdown, web page, Word or PDF"), type=[*ENDINGS], key="article-file"
    )
    with st.form("paste", border=False):
        pasted = st.text_area(say("Or paste its text"), height=140, max_chars=MAX_PASTED, key="pasted")
        st.form_submit_button(say("Read this text"), key="read-pasted")
    brought = (upload.name, upload.getvalue()) if upload is not None else None
    if brought is None and pasted.strip():
        brought = ("pasted.txt", pasted.encode())
    if brought is None and not started_with:
        return None, True
    encodings = ("", *ENCODINGS)
    chosen = kept(
        encodings,
        st.selectbox(
            say("Encoding"),
            encodings,
            format_func=lambda name: name or say("as found in the text"),
            key="encoding",
        ),
    )
    written = st.text_input(
        say("Where it is published, for links to its words"),
        placeholder="https://",
        max_chars=1000,
        key="article-address",
    )

    def read() -> Article:
        if brought is None:
            return read_article(Path(started_with), atlas.furniture, chosen or None, words=atlas.words)
        name, content = brought
        return parse_article(content, name, atlas.furniture, chosen or None, words=atlas.words)

    article = told(
        once("article", (brought or started_with, chosen), read, say("Reading the text …")), faults
    )
    address = told(once("address", written, lambda: check_address(written)), faults)
    if article is None:
        return None, brought is None
    _describe(article)
    return (replace(article, source=address) if address else article), brought is None


def _describe(article: Article) -> None:
    """Say how a text was read, and show its beginning, so that a wrong guess is seen."""
    count = len(article.own)
    size = say_n("{n} paragraph", "{n} paragraphs", count)
    encoding, guess, _ = article.encoding.partition(" (guessed)")
    read = say("{encoding} (guessed)", encoding=encoding) if guess else encoding
    known = (read, article.author, article.date, article.source, size)
    st.caption(plain(" · ".join(part for part in known if part)))
    st.text(article.text[:_PREVIEW] + (" …" if len(article.text) > _PREVIEW else ""))


def _marks(
    atlas: Atlas, article: Article, gazetteer: OwnGazetteer | None, faults: list[str]
) -> tuple[Mention, ...]:
    """Offer to bring marks made in the article, or in an earlier state of it, and say what became of each."""
    upload = st.file_uploader(
        say("Marks made in it: annotations that the page or a program saved"),
        type=["jsonld", "json"],
        key="marks-file",
    )
    if upload is None:
        return ()
    name, content = upload.name, upload.getvalue()

    def anchor() -> tuple[tuple[Anchored, ...], tuple[str, ...]]:
        page = parse_marks(content, name, identities_of(atlas, gazetteer.ids if gazetteer else ()))
        return anchor_again(page, article), page.notices

    found = told(once("marks", (name, content, article, gazetteer), anchor), faults)
    if found is None:
        return ()
    anchored, notices = found
    counts = Counter(each.outcome for each in anchored)
    fates = say(", ").join(
        (
            say_n("{n} kept", "{n} kept", counts["kept"]),
            say_n("{n} moved", "{n} moved", counts["moved"]),
            say_n("{n} edited", "{n} edited", counts["edited"]),
            say_n("{n} lost", "{n} lost", counts["lost"]),
        )
    )
    st.caption(plain(say_n("{n} annotation: {told}", "{n} annotations: {told}", len(anchored), told=fates)))
    changed = [each for each in anchored if each.outcome != "kept"]
    if changed:
        st.dataframe(
            [
                {
                    say("words"): each.annotation.exact,
                    say("now"): say(_OUTCOMES[each.outcome]),
                    say("why"): repeat(each.reason) or _place(each),
                }
                for each in changed
            ],
            hide_index=True,
        )
    for notice in notices:
        st.caption(plain(repeat(notice)))
    return tuple(each.mention for each in anchored if each.annotation.curated and each.mention is not None)


def _place(anchored: Anchored) -> str:
    return say("in {passage}", passage=anchored.mention.passage) if anchored.mention else ""


def _gazetteer(started_with: str, faults: list[str]) -> tuple[OwnGazetteer | None, bool]:
    st.caption(
        say("Places of your own, on the map and in the text. They stay in this session and its files.")
    )
    upload = st.file_uploader(
        say("A file: CSV, LP-TSV, GeoJSON or Linked Places"),
        type=_GAZETTEERS,
        key="gazetteer-file",
    )
    if upload is None and not started_with:
        st.caption(say("A table needs the columns name, lat, lon."))
        return None, False
    brought = (upload.name, upload.getvalue()) if upload is not None else None

    def read() -> OwnGazetteer:
        if brought is None:
            return read_gazetteer(Path(started_with))
        return parse_places(brought[1], brought[0])

    gazetteer = told(once("gazetteer", brought or started_with, read, say("Reading the places …")), faults)
    if gazetteer is None:
        return None, False
    st.caption(plain(f"{gazetteer.title}: {repeat(describe(gazetteer))}"))
    both, alone = phrase("The atlas’s and yours"), phrase("Yours alone")
    sought = st.radio(say("Names sought in the text"), (both, alone), format_func=say, key="names-sought")
    return gazetteer, kept((both, alone), sought) == alone


def _scan(faults: list[str]) -> Scan | None:
    st.caption(say("A scanned map of your own, laid over this one. It stays in this session and its files."))
    upload = st.file_uploader(
        say("A picture: PNG, JPEG or WebP, up to 8 MB"), type=_PICTURES, key="scan-file"
    )
    georeference = st.file_uploader(
        say("Where it lies: a Georeference Annotation"), type=["json", "jsonld"], key="scan-georeference"
    )
    edges = st.text_input(
        say("Or its edges: west,south,east,north"),
        placeholder="127,42,136,49",
        max_chars=100,
        key="scan-edges",
    )
    credit = st.text_input(say("Whose map it is"), max_chars=300, key="scan-credit")
    if upload is None:
        return None
    if georeference is None and not edges.strip():
        st.caption(say("Say where it lies, by a georeference or by its edges."))
        return None
    picture = (upload.name, upload.getvalue())
    placed = (georeference.name, georeference.getvalue()) if georeference is not None else None

    def read() -> Scan:
        bounds = parse_bounds(edges, sentence("Its edges")) if placed is None else None
        return parse_scan(picture[1], picture[0], placed, bounds, "", FRAME)

    given = (picture, placed or edges)
    scan = told(once("scan", given, read, say("Laying the scan on the map …")), faults)
    if scan is None:
        return None
    laid = say("{scan} is a layer of the map now.", scan=scan.title)
    st.caption(plain(" ".join((laid, *map(repeat, scan.notices)))))
    return replace(scan, credit=" ".join(credit.split()) or scan.credit)


def _tour(atlas: Atlas, gazetteer: OwnGazetteer | None, faults: list[str]) -> Tour | None:
    st.caption(say("Steps of your own, each with its text and its view of the map, in place of ours."))
    upload = st.file_uploader(say("A file: a tour in JSON"), type=["json"], key="tour-file")
    if upload is None:
        return None
    name, content = upload.name, upload.getvalue()
    known = known_to_tours(atlas, gazetteer.ids if gazetteer else frozenset())
    made = once("tour", (name, content, gazetteer), lambda: parse_tour(content, name, known))
    tour = told(made, faults)
    if tour is None:
        return None
    size = say_n("{n} step", "{n} steps", len(tour.steps))
    st.caption(plain(f"{tour.title.en}: {size}"))
    for notice in tour.notices:
        st.caption(plain(repeat(notice)))
    return tour
