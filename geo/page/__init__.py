"""The page: one HTML document that holds the map, the article and everything they need.

folium draws the map from our own geometry (`geo.page.drawing`), as a rule beforehand (`geo.prepared`); no
text passes through it. Every text travels in one block of JSON, and in one for each language but English,
and reaches the screen through ``textContent``. Scripts and styles are in the document, packed like the texts
(`geo.packing`), and named in its policy by their hash; HTML that a script would write passes ``trusted.js``.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2

from geo import __version__, assets
from geo.article import Article
from geo.atlas import Atlas
from geo.content import TITLE, compose_content, licence
from geo.embed import Embed, embed_content
from geo.imports import OwnGazetteer
from geo.layers import compose_layers
from geo.linker import Mention
from geo.merging import compose_gazetteer, compose_own_layer, licence_of, link_tellings, link_with
from geo.packing import ENCODINGS, packed_block, packed_bytes
from geo.page.basemaps import describe_basemap
from geo.page.recalling import KINDS, draw, recall_drawings, relief_address
from geo.passages import compose_article
from geo.scans import Scan
from geo.scans.saying import compose_scan, compose_scan_layer, rights_of, scan_address
from geo.sentences import packed, sentence
from geo.texts import compose_texts, date_texts, divide_texts
from geo.tour import Tour, compose_tour
from geo.view import BASEMAPS, LANGS, View, opening_layers

ALL_LANGUAGES = tuple(LANGS)

_FIRST_SCRIPTS = ("trusted.js", "unpacking.js")
"""They stand in the document as they are written, and unpack all else."""

# What the first picture of the map needs, and what is made after it.
_OPENING = (
    "language.js",
    "content.js",
    "state.js",
    "dom.js",
    "pace.js",
    "glyphs.js",
    "names.js",
    "paint.js",
    "chronicle.js",
    "labels.js",
    "gazetteer.js",
    "scan.js",
    "scalebar.js",
    "map.js",
    "swipe.js",
    "timeline.js",
    "dateline.js",
    "outside.js",
    "opening.js",
)
_REST = (
    "fragment.js",
    "scheme.js",
    "tellings.js",
    "marks.js",
    "article.js",
    "correcting.js",
    "toponyms.js",
    "strip.js",
    "card.js",
    "index.js",
    "cite.js",
    "yours.js",
    "disputes.js",
    "mentions.js",
    "annotations.js",
    "tour.js",
    "finding.js",
    "when.js",
    "search.js",
    "help.js",
    "describe.js",
    "uncover.js",
    "tabs.js",
    "sheet.js",
    "print.js",
    "main.js",
)
# Read later, the rest has the last word: what it says of the first picture would change it after it was seen.
_OPENING_STYLES = ("page.css", "time.css", "sheet.css")
_STYLES = (
    "reading.css",
    "card.css",
    "disputes.css",
    "mentions.css",
    "gazetteer.css",
    "tour.css",
    "search.css",
    "help.css",
    "access.css",
    "print.css",
)

# The embedded page has short cards in the place of the long ones, and neither article nor tables.
_LEFT_OUT = (
    *("fragment.js", "tellings.js", "marks.js", "article.js", "correcting.js", "card.js", "cite.js"),
    *("disputes.js", "mentions.js", "annotations.js", "gazetteer.js", "yours.js", "tour.js"),
    *("toponyms.js", "strip.js", "scan.js", "card.css"),
    *("finding.js", "when.js", "search.js", "help.js", "tabs.js", "sheet.js"),
    *("reading.css", "disputes.css", "mentions.css", "gazetteer.css", "tour.css", "search.css", "help.css"),
    "sheet.css",
)
# Its stand-ins come before what wires all together, and one of them for a part of what is made later.
_EMBED_OPENING = tuple(
    name for name in (*_OPENING[:-1], "index.js", "embed.js", _OPENING[-1]) if name not in _LEFT_OUT
)
_EMBED_REST = tuple(name for name in _REST if name not in ("index.js", *_LEFT_OUT))
_EMBED_OPENING_STYLES = (*(name for name in _OPENING_STYLES if name not in _LEFT_OUT), "embed.css")
_EMBED_STYLES = tuple(name for name in _STYLES if name not in _LEFT_OUT)
_STYLED = ("opening-styles", "styles")
"""The blocks that become style sheets, in the order in which they come."""


@dataclass(frozen=True, slots=True)
class _Code:
    """What a kind of document is made of beside what it says.

    Parameters
    ----------
    map_id : str
        Of the map's element.
    source : str
        Its frame and its scripts as they are written.
    texts : mapping of str to str
        Its style sheets and its scripts by the names of their blocks, in the order in which they come.
    blocks : mapping of str to str
        The same, packed.
    """

    map_id: str
    source: str
    texts: Mapping[str, str]
    blocks: Mapping[str, str]

    @property
    def scripts(self) -> tuple[str, ...]:
        """All that a document of this kind runs."""
        return _unpacking(), *(text for name, text in self.texts.items() if name not in _STYLED)

    def policy(self, basemap: Mapping[str, str] | None) -> str:
        """Return the content security policy: only what is in the document, and the basemap asked for."""
        styles = assets.static("unpacking.css"), *(self.texts[name] for name in _STYLED)
        images = f"data: {basemap['host']}" if basemap else "data:"
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src {' '.join(map(_hash, self.scripts))}",
                f"style-src {' '.join(map(_hash, styles))}",
                f"img-src {images}",
                "base-uri 'none'",
                "form-action 'none'",
                # Where the browser knows them: no script writes HTML but through the policy of trusted.js,
                # and none becomes a script but what unpacking.js unpacked.
                "require-trusted-types-for 'script'",
                "trusted-types default packed",
            )
        )


class Page:
    """What every document of an atlas has in common, made once.

    Parameters
    ----------
    atlas : Atlas
        The records.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.layers = compose_layers(atlas)
        self._content = compose_content(atlas, self.layers)
        self._dates = date_texts(atlas)
        self._recalled = recall_drawings(atlas, self.layers)
        self._codes: dict[tuple[str, bool], _Code] = {}
        self._weights: dict[tuple[tuple[str, ...], bool], int] = {}

    def document(
        self,
        view: View,
        article: Article | None = None,
        gazetteer: OwnGazetteer | None = None,
        *,
        alone: bool = False,
        curated: Sequence[Mention] = (),
        scan: Scan | None = None,
        tour: Tour | None = None,
        languages: Sequence[str] = ALL_LANGUAGES,
    ) -> str:
        """Return the document that opens with a view.

        The same arguments give the same text, to the byte.

        Parameters
        ----------
        view : View
            Where the page opens.
        article : Article, optional
            A reader's own; our account where it is left out.
        gazetteer : OwnGazetteer, optional
            A reader's own; its layer is shown where the view says so, as `geo.view.show_own` makes it.
        alone : bool
            Whether the text is linked with the reader's names alone, without ours.
        curated : sequence of Mention
            What people marked in the text; it takes the place of what is found there.
        scan : Scan, optional
            A reader's scanned map; it is shown where the view says so, as `geo.view.show_scan` makes it.
        tour : Tour, optional
            A reader's own; ours where it is left out.
        languages : sequence of str
            Of `geo.view.LANGS`, those that the page can be read in.
        """
        mentions = link_with(self.atlas, article, gazetteer, alone=alone) if gazetteer else None
        retold = link_tellings(self.atlas, gazetteer, alone=alone) if gazetteer and article is None else None
        text = compose_article(self.atlas, article, mentions, curated, retold)
        title = " – ".join(part for part in (text["title"], TITLE) if part)
        terms = [text["licence"]]
        content = self._content | {"article": text}
        if tour:
            terms.append(sentence("The tour is its author’s."))
            content["tour"] = compose_tour(tour, own=True)
        if gazetteer:
            terms.append(sentence("The reader’s gazetteer: {licence}.", licence=licence_of(gazetteer)))
            content["own"] = compose_gazetteer(self.atlas, gazetteer)
            content["layers"] = [*content["layers"], compose_own_layer(gazetteer)]
        if scan:
            terms.append(sentence("The reader’s scan: {rights}.", rights=rights_of(scan)))
            content["scan"] = compose_scan(scan)
            content["layers"] = [*content["layers"], compose_scan_layer(scan)]
        layers = opening_layers(gazetteer is not None, scan is not None)
        content["opening"] = content["opening"] | {"layers": layers}
        text["licence"] = packed(terms)
        pictures = {"scan": scan_address(scan)} if scan else {}
        return self._render(view, title, content, " ".join(terms), languages, pictures=pictures)

    def embed_document(
        self, view: View, embed: Embed | None = None, languages: Sequence[str] = ALL_LANGUAGES
    ) -> str:
        """Return the light document, for a frame in another page: the map with its legend and timeline.

        It weighs half as much, has no article, and its cards are short. The same arguments give the
        same text, to the byte.

        Parameters
        ----------
        view : View
            Where the map opens.
        embed : Embed, optional
            With controls and without a link where it is left out.
        languages : sequence of str
            Of `geo.view.LANGS`, those that the page can be read in.
        """
        embed = embed or Embed()
        terms = licence(own=True)
        content = embed_content(self._content) | {
            "article": {"own": True, "passages": [], "licence": terms},
            "link": embed.link,
        }
        return self._render(view, TITLE, content, terms, languages, embed)

    def _render(
        self,
        view: View,
        title: str,
        content: dict[str, Any],
        terms: str,
        languages: Sequence[str],
        embed: Embed | None = None,
        pictures: Mapping[str, str] | None = None,
    ) -> str:
        basemap = describe_basemap(view.basemap)
        code = self._code(view.basemap, embed=embed is not None)
        texts = compose_texts(self.atlas, self._dates, content, code.source)
        content, parts = divide_texts(content | {"basemap": basemap}, texts, languages)
        blocks = {name: ("utf-8", packed) for name, packed in code.blocks.items()}
        for name, part in ({"content": content} | parts).items():
            charset = ENCODINGS.get(name, "utf-8")
            blocks[name] = charset, packed_block(part, charset)
        return _template().render(
            title=_text(title),
            name=TITLE,
            generator=f"{TITLE} {__version__}; data {self.atlas.version}, sha256 {self.atlas.digest}",
            licence=_text(terms).replace('"', "&quot;"),
            policy=code.policy(basemap),
            view=view.query(own="own" in content, scan="scan" in content),
            map_id=code.map_id,
            pictures={"relief": relief_address(self.atlas, embed=embed is not None)} | dict(pictures or {}),
            blocks=blocks,
            style=assets.static("unpacking.css"),
            script=_unpacking(),
            embed=embed,
        )

    def weigh(self, languages: Sequence[str] = ALL_LANGUAGES, *, embed: bool = False) -> int:
        """Return how many bytes a document has that opens with nothing chosen; each is made but once.

        Parameters
        ----------
        languages : sequence of str
            Of `geo.view.LANGS`, those that it can be read in.
        embed : bool
            Whether it is the light document.
        """
        key = tuple(languages), embed
        if key not in self._weights:
            make = self.embed_document if embed else self.document
            self._weights[key] = len(make(View(), languages=languages).encode())
        return self._weights[key]

    def policy(self) -> str:
        """Return the content security policy of every whole document without an online basemap."""
        return self._code("", embed=False).policy(None)

    def allowances(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what the policy of a page must allow that writes any of our documents into a frame.

        A frame made by ``srcdoc`` is held to the policy of the page around it, beside its own.

        Returns
        -------
        scripts : tuple of str
            The hashes of all scripts, of whole documents with each basemap and of light ones.
        hosts : tuple of str
            Where the online basemaps send their requests.
        """
        scripts = (script for kind in KINDS for script in self._code(kind[0], embed=kind[1]).scripts)
        hosts = (described["host"] for described in map(describe_basemap, BASEMAPS) if described)
        return tuple(dict.fromkeys(map(_hash, scripts))), tuple(hosts)

    def _code(self, basemap: str, *, embed: bool) -> _Code:
        """Return the code of a kind of document; each is made once."""
        kind = basemap, embed
        if kind not in self._codes:
            map_id, drawing = self._recalled.get(kind) or draw(self.atlas, self.layers, kind)
            opening, rest = (_EMBED_OPENING, _EMBED_REST) if embed else (_OPENING, _REST)
            first, styles = (_EMBED_OPENING_STYLES, _EMBED_STYLES) if embed else (_OPENING_STYLES, _STYLES)
            texts = {
                "opening-styles": "\n".join((assets.leaflet("leaflet.css"), *map(assets.style, first))),
                "styles": "\n".join(map(assets.style, styles)),
                "leaflet": assets.leaflet("leaflet.js"),
                "drawing": "\n".join((*map(assets.script, ("shapes.js", "geometry.js")), drawing)),
                "opening": "\n".join(map(assets.script, opening)),
                "scripts": "\n".join(map(assets.script, rest)),
            }
            source = "".join(map(assets.static, ("page.html", *opening, *rest)))
            packed = {name: packed_bytes(text.encode()) for name, text in texts.items()}
            self._codes[kind] = _Code(map_id, source, texts, packed)
        return self._codes[kind]


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(assets.static("page.html"))


def _text(text: str) -> str:
    """Escape text for an element as a browser does when it writes a document out again.

    In an attribute it escapes quotation marks too, but no apostrophe, so that a page saved from the browser
    is the same.
    """
    return html.escape(text, quote=False)


def _unpacking() -> str:
    return "".join(map(assets.static, _FIRST_SCRIPTS))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
