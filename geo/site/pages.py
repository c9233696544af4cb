"""The pages of the site, and what servers and search engines read.

Every text is escaped by the template engine; nothing in a page is a script but linked data, which is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2

from geo import __version__
from geo.annotations import identify
from geo.atlas import Atlas
from geo.citations import reference, short_reference
from geo.content import CERTAINTIES, TITLE, ground_of, licence
from geo.dates import in_words
from geo.exports.extract import take_extract
from geo.gazetteer import Place
from geo.picture import Sheet
from geo.site import linked_data
from geo.site.downloads import Download
from geo.site.scenes import SCENES
from geo.stylesheet import page_style
from geo.territory import Act, Area, measure
from geo.view import LANGS, View

_TEMPLATES = Path(__file__).parent / "templates"

_SECTIONS = (
    ("map/en.html", "Map"),
    ("places/index.html", "Places"),
    ("areas/index.html", "Areas"),
    ("acts/index.html", "Acts"),
    ("pictures/index.html", "Pictures"),
    ("data/index.html", "Data"),
    ("sources.html", "Sources"),
)
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_UNFRAMED = "; frame-ancestors 'none'"
"""A browser heeds it in a header alone."""

_PERMISSIONS = "camera=(), geolocation=(), microphone=()"
_STYLES = (":root", ".certainty")
_KINDS = {"town": "town", "island": "island", "range": "mountain range"}
_ROLES = {"subject": "Moved by an act", "context": "Part of the frame"}
_USES = {
    "official": "official",
    "bracketed": "in brackets by the 2023 rule",
    "transliteration": "transliteration, the main name in Chinese",
    "historical": "historical",
    "indigenous": "indigenous",
    "variant": "variant",
}
_LANGUAGES = {
    "ain": "Ainu",
    "bxr": "Buryat",
    "de": "German",
    "en": "English",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "mn": "Mongolian",
    "mnc": "Manchu",
    "niv": "Nivkh",
    "ru": "Russian",
    "sah": "Yakut",
    "zh": "Chinese",
}
_SCRIPTS = {"Hans": "simplified", "Hant": "traditional", "Latn": "in Latin letters", "pinyin": "pinyin"}


class Pages:
    """All pages of a site.

    Parameters
    ----------
    atlas : Atlas
        The records.
    base_url : str
        Where the site will stand, ending in a slash; empty if not known.
    map_policy : str
        The content security policy of the map.
    """

    def __init__(self, atlas: Atlas, base_url: str, map_policy: str) -> None:
        self.atlas = atlas
        self.base_url = base_url
        self._policies = {
            "pages": _POLICY + _UNFRAMED,
            "map": map_policy,
            "pictures": _PICTURE_POLICY + _UNFRAMED,
        }
        self._areas = {area.id: area for area in atlas.areas}
        self._grounds = {
            place.id: [self._areas[name] for name in ground_of(atlas, place)]
            for place in atlas.gazetteer.places
        }
        self._templates = _environment(atlas)
        self._written: list[str] = []

    def files(self, downloads: Sequence[Download], package: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
        """Yield the path and the content of every page, of the style sheet, and of what servers read.

        Parameters
        ----------
        downloads : sequence of Download
            The data, one file for each format.
        package : mapping
            The manifest of the data.
        """
        yield from self._start(downloads)
        yield from self._places()
        yield from self._areas_pages()
        yield from self._acts()
        yield from self._data(downloads, package)
        yield "style.css", self._style()
        yield "icon.svg", self._rendered("icon.svg", colours=page_style().colours)
        yield from self._for_servers()

    def _start(self, downloads: Sequence[Download]) -> Iterator[tuple[str, bytes]]:
        says = (
            "Who held the Amur and the Ussuri coast, by which act: a map, its places, acts, data and sources."
        )
        linked = linked_data.dataset(self.atlas, downloads, self._home("index.html"))
        size = Sheet().pixels
        yield self._page("index.html", "index.html", TITLE, says, [linked], scene=SCENES[0], size=size)
        says = "The map on days that matter, in Albers equal-area projection, as SVG and PNG. CC BY 4.0."
        yield self._page("pictures.html", "pictures/index.html", "Pictures", says, scenes=SCENES, size=size)
        says = f"The {len(self.atlas.sources)} sources that the records cite, by key."
        yield self._page("sources.html", "sources.html", "Sources", says)
        says = "There is no such page here."
        yield self._page("404.html", "404.html", "Not found", says, lost=True)

    def _places(self) -> Iterator[tuple[str, bytes]]:
        title = "The eight places of the 2023 map rule"
        says = "The eight places whose Chinese names the rule of 2023 asks for, and the act that moved each."
        yield self._page("places.html", "places/index.html", title, says)
        for place in self.atlas.gazetteer.places:
            yield self._place(place)

    def _place(self, place: Place) -> tuple[str, bytes]:
        gazetteer, ground = self.atlas.gazetteer, self._grounds[place.id]
        path = f"places/{place.id}.html"
        labels = {lang: gazetteer.name(place.id, lang) for lang in LANGS}
        act = next(act for act in self.atlas.acts if act.id == place.act)
        says = f"{labels['en']}: {act.name_en}. {place.act_note}"
        return self._page(
            "place.html",
            path,
            labels["en"],
            says,
            [linked_data.place(self.atlas, place, ground, self._home(path))],
            place=place,
            labels=labels,
            ground=ground,
            names=[name for name in gazetteer.names_of(place.id) if name.kind != "variant"],
            elsewhere=linked_data.elsewhere(place),
            identifier=identify("place", place.id),
        )

    def _areas_pages(self) -> Iterator[tuple[str, bytes]]:
        sizes = {area.id: measure(area.geometry) for area in self.atlas.areas}
        says = "The land that acts moved between Russia and China, measured, with who held it since 1689."
        yield self._page("areas.html", "areas/index.html", "Areas", says, sizes=sizes)
        for area in self.atlas.areas:
            path = f"areas/{area.id}.html"
            says = (
                f"{area.names.en}: {sizes[area.id].km2:,.0f} km², who held it since 1689, and by which act."
            )
            yield self._page(
                "area.html",
                path,
                area.names.en,
                says,
                [linked_data.area(area, self._home(path))],
                area=area,
                size=sizes[area.id],
                inside=[place for place in self.atlas.gazetteer.places if area in self._grounds[place.id]],
                identifier=identify("area", area.id),
            )

    def _acts(self) -> Iterator[tuple[str, bytes]]:
        says = "Treaties, protocols, occupations and rules that drew or moved the border, 1689 to today."
        yield self._page("acts.html", "acts/index.html", "Acts", says)
        for act in self.atlas.acts:
            yield self._act(act)

    def _act(self, act: Act) -> tuple[str, bytes]:
        atlas, path = self.atlas, f"acts/{act.id}.html"
        day = f" ({act.date.label()})" if act.date else ""
        return self._page(
            "act.html",
            path,
            act.name_en,
            f"{act.name_en}{day}: {act.summary}",
            [linked_data.act(act, self._home(path))],
            act=act,
            moved=[area for area in atlas.areas if area.act == act.id and area.role == "subject"],
            settled=[place for place in atlas.gazetteer.places if place.act == act.id],
            changed=[holding for holding in atlas.holdings.records if holding.act == act.id],
            lines=[line for line in atlas.lines if line.act == act.id],
            posts=[site for site in atlas.gazetteer.sites if site.act == act.id],
            identifier=identify("act", act.id),
        )

    def _data(self, downloads: Sequence[Download], package: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
        attribution = take_extract(self.atlas).metadata(())["attribution"]
        says = "All records in the formats of the field, with what each of them loses."
        linked = linked_data.dataset(self.atlas, downloads, self._home("data/index.html"))
        yield self._page(
            "data.html",
            "data/index.html",
            "Data",
            says,
            [linked],
            downloads=downloads,
            package=package,
            attribution=attribution,
        )
        for download in downloads:
            title, path = f"Data as {download.format.title}", f"data/{download.kind}.html"
            holds = download.format.holds
            yield self._page("format.html", path, title, holds, download=download, attribution=attribution)

    def _style(self) -> bytes:
        own = (_TEMPLATES / "site.css").read_text("utf-8")
        return f"{page_style().excerpt(*_STYLES)}\n{own}".encode()

    def _for_servers(self) -> Iterator[tuple[str, bytes]]:
        robots = "User-agent: *\nAllow: /\n"
        if self.base_url:
            found = [f"map/{lang}.html" for lang in LANGS] + self._written
            yield "sitemap.xml", self._rendered("sitemap.xml", paths=found, base_url=self.base_url)
            robots += f"Sitemap: {self.base_url}sitemap.xml\n"
        yield "robots.txt", robots.encode()
        said = {"policies": self._policies, "permissions": _PERMISSIONS}
        yield "nginx.conf", self._rendered("nginx.conf", **said)
        folders = ["/places/*", "/areas/*", "/acts/*", "/data/*"]
        single = ["/", "/index.html", "/404.html", "/sources.html", "/pictures/", "/pictures/index.html"]
        drawn = [f"/pictures/{scene.name}.svg" for scene in SCENES]
        yield "_headers", self._rendered("_headers", pages=[*single, *folders], drawn=drawn, **said)

    def _home(self, path: str) -> str:
        """Return the way from a page to the start of the site: its address, or steps up."""
        return self.base_url or "../" * path.count("/")

    def _page(
        self,
        template: str,
        path: str,
        title: str,
        description: str,
        linked: Sequence[linked_data.Linked] = (),
        *,
        lost: bool = False,
        **said: object,
    ) -> tuple[str, bytes]:
        if not lost:
            self._written.append(path)
        # The page for what is not there is shown at any depth, so that its links start at the root.
        root = (urlsplit(self.base_url).path or "/") if lost else "../" * path.count("/")
        return path, self._rendered(
            template,
            path=path,
            title=title,
            description=description,
            linked_data=linked,
            root=root,
            lost=lost,
            base_url=self.base_url,
            policy=_POLICY,
            **said,
        )

    def _rendered(self, template: str, **said: object) -> bytes:
        return self._templates.get_template(template).render(**said).encode()


def _environment(atlas: Atlas) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        # The plain texts among the templates hold nothing but what this module writes.
        autoescape=jinja2.select_autoescape(("html", "xml")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    environment.filters |= {
        "capitalise": lambda text: text[:1].upper() + text[1:],
        "in_words": in_words,
        "language": _language,
        "named": _named,
        "reference": reference,
        "short_reference": short_reference,
        "size": _size,
        "view": lambda name, lang="en": View(lang="" if lang == "en" else lang, place=(name,)).query(),
    }
    environment.globals |= {
        "acts": {act.id: act for act in atlas.acts},
        "areas": {area.id: area for area in atlas.areas},
        "certainties": CERTAINTIES,
        "data_version": atlas.version,
        "digest": atlas.digest,
        "gazetteer": atlas.gazetteer,
        "generator": f"{TITLE} {__version__}; data {atlas.version}, sha256 {atlas.digest}",
        "holdings": atlas.holdings,
        "kinds": _KINDS,
        "langs": LANGS,
        "licence": licence(own=True),
        "places": atlas.gazetteer.places,
        "roles": _ROLES,
        "sections": _SECTIONS,
        "site_name": TITLE,
        "site_names": {site.id: site.name_en for site in atlas.gazetteer.sites},
        "sources": atlas.sources,
        "uses": _USES,
        "version": __version__,
    }
    return environment


def _named(record: Mapping[str, str] | Area | Act) -> list[tuple[str, str]]:
    """Return the names of a record by language, in the order of `geo.view.LANGS`."""
    if isinstance(record, Mapping):
        return list(record.items())
    if isinstance(record, Area):
        return list(record.names.by_lang().items())
    names = (record.name_en, record.name_ru, record.name_zh_hans, record.name_zh_hant)
    return list(zip(LANGS, names, strict=True))


def _language(tag: str) -> str:
    """Return a language in words.

    Examples
    --------
    >>> _language("zh-Latn-pinyin")
    'Chinese, in Latin letters, pinyin'
    """
    first, *rest = tag.split("-")
    return ", ".join([_LANGUAGES.get(first, first), *(_SCRIPTS.get(part, part) for part in rest)])


def _size(count: int) -> str:
    """Return a number of bytes for a reader.

    Examples
    --------
    >>> _size(1_913_877), _size(33_603), _size(400)
    ('1.9 MB', '34 kB', '400 B')
    """
    if count >= 1_000_000:
        return f"{count / 1e6:.1f} MB"
    return f"{count / 1000:.0f} kB" if count >= 1000 else f"{count} B"
