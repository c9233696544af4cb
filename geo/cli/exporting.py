"""The command that writes the page as one file, with what a reader brings."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo import reading
from geo.cli.group import main, say_written, view_of, view_options
from geo.cli.linking import gazetteer_options, read_marks, read_own
from geo.errors import AtlasError, DataError

if TYPE_CHECKING:
    from geo.article import Article
    from geo.atlas import Atlas
    from geo.imports import OwnGazetteer
    from geo.linker import Mention
    from geo.scans import Scan
    from geo.tour import Tour


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a reader brings, by the names of the options."""

    article: Path | None
    encoding: str | None
    article_url: str
    annotations: Path | None
    gazetteer: Path | None
    gazetteer_alone: bool
    only: str | None
    simplify: float | None
    tour: Path | None
    embed: bool
    no_controls: bool
    link: str | None
    languages: str | None
    scan: Path | None
    georeference: Path | None
    bounds: str | None
    scan_credit: str

    def check(self, options: dict[str, str | None]) -> None:
        """Refuse options that do not go together."""
        clashes = (
            (
                self.annotations and not self.article,
                "--annotations goes with --article: our own account has its annotations already",
            ),
            (
                self.article_url.strip() and not self.article,
                "--article-url goes with --article; our own account is published nowhere else",
            ),
            (
                self.gazetteer_alone and not self.gazetteer,
                "--gazetteer-alone: there is no gazetteer; name its file by --gazetteer",
            ),
            (
                (self.only or self.simplify) and not self.gazetteer,
                "--only and --simplify: there is no gazetteer; name its file by --gazetteer",
            ),
            (self.embed and self.article, "--embed: the embedded map shows no text; leave --article out"),
            (
                self.embed and self.gazetteer,
                "--embed: the embedded map shows no places of your own; leave --gazetteer out",
            ),
            (self.embed and self.scan, "--embed: the embedded map shows no scan; leave --scan out"),
            (
                (self.georeference or self.bounds or self.scan_credit.strip()) and not self.scan,
                "--georeference, --bounds and --scan-credit go with --scan; name the picture by it",
            ),
            (
                options["scan_opacity"] is not None and not self.scan,
                "--scan-opacity goes with --scan; name the picture by it",
            ),
            (
                self.georeference and self.bounds,
                "--georeference and --bounds both say where the scan lies; leave one out",
            ),
            (
                self.scan and not (self.georeference or self.bounds),
                "--scan: nothing says where it lies; add --georeference FILE or --bounds W,S,E,N",
            ),
            (self.embed and self.tour, "--embed: the embedded map has no tour; leave --tour out"),
            (
                (self.no_controls or self.link) and not self.embed,
                "--no-controls and --link go with --embed; add it, or leave them out",
            ),
        )
        for clash, sentence in clashes:
            if clash:
                raise AtlasError(sentence)

    def read_languages(self, lang: str | None) -> tuple[str, ...]:
        """Return the languages of the file; refuse one that it is to open in and does not have."""
        from geo.texts import parse_languages
        from geo.view import LANGS

        carried = tuple(LANGS) if self.languages is None else parse_languages(self.languages)
        if lang in LANGS and lang not in carried:
            raise AtlasError(
                f"--lang={lang}: the file is to carry {', '.join(carried)} alone; add {lang} to --languages"
            )
        return carried

    def read_article(self, atlas: Atlas) -> Article | None:
        """Return the reader's article, if there is one."""
        from geo.article import read_article
        from geo.citations import check_address

        address = check_address(self.article_url)
        if self.article is None:
            return None
        text = read_article(self.article, atlas.furniture, self.encoding, words=atlas.words)
        return replace(text, source=address) if address else text

    def read_scan(self) -> Scan | None:
        """Return the reader's scan laid on the map, if there is one."""
        from geo.scans import parse_bounds, read_scan
        from geo.territory import FRAME

        if self.scan is None:
            return None
        bounds = parse_bounds(self.bounds, "--bounds") if self.bounds else None
        return read_scan(self.scan, self.georeference, bounds, self.scan_credit, FRAME)

    def lighten(
        self, atlas: Atlas, own: OwnGazetteer, text: Article | None, marked: tuple[Mention, ...]
    ) -> OwnGazetteer:
        """Return what was asked for of the reader's gazetteer; say what it holds, and what it lacks then."""
        from geo.imports import describe
        from geo.lightening import lighten

        try:
            taken = lighten(
                atlas,
                own,
                text,
                alone=self.gazetteer_alone,
                curated=marked,
                only=self.only or "",
                metres=self.simplify,
            )
        except DataError as error:
            raise AtlasError(f"--only={self.only}: {error}") from error
        click.echo(f"{taken.title}: {describe(taken)}", err=True)
        if taken.left_out:
            click.echo(f"{taken.title}: {taken.left_out:,} of {len(own.places):,} places left out", err=True)
        if self.simplify:
            click.echo(f"{taken.title}: outlines moved by {taken.moved:.0f} m at most", err=True)
        return taken

    def read_tour(self, atlas: Atlas, own: OwnGazetteer | None) -> Tour | None:
        """Return the reader's tour, if there is one; say what is missing in it."""
        from geo.content import known_to_tours
        from geo.tour import read_tour

        if self.tour is None:
            return None
        tour = read_tour(self.tour, known_to_tours(atlas, own.ids if own else frozenset()))
        for notice in tour.notices:
            click.echo(f"{self.tour.name}: {notice}", err=True)
        return tour


@main.command(epilog="Example: python -m geo export map.html --date 1859-06-01 --lang ru --place khabarovsk")
@click.argument("out", type=click.Path(path_type=Path))
@view_options
@click.option("--passage", help="The passage at hand, such as p3.")
@click.option("--basemap", help="An online basemap; the file then asks its provider for pictures.")
@click.option(
    "--article",
    type=click.Path(path_type=Path),
    help="A reader's article: .txt, .md, .html, .mhtml, .docx or .pdf.",
)
@click.option("--encoding", help="Of the article, such as Windows-1251, where it is guessed wrong.")
@click.option(
    "--article-url", default="", help="Where that article is published; its passages then link there."
)
@click.option(
    "--annotations",
    type=click.Path(path_type=Path),
    help="With --article: what people marked in it, shown instead of what is found there.",
)
@gazetteer_options
@click.option(
    "--only",
    type=click.Choice(["map", "text"]),
    help="With --gazetteer: its places in the frame of the map alone, or those that the text names.",
)
@click.option(
    "--simplify",
    type=click.FloatRange(min=1, max=10_000),
    metavar="METRES",
    help="With --gazetteer: leave out what is smaller in its outlines; the map shows nothing below 100.",
)
@click.option(
    "--scan",
    type=click.Path(path_type=Path),
    help="A scanned map to lay over this one: PNG, JPEG or WebP, up to 8 MB.",
)
@click.option(
    "--georeference",
    type=click.Path(path_type=Path),
    help="With --scan: where it lies, as a Georeference Annotation of IIIF.",
)
@click.option(
    "--bounds", help="With --scan: its edges west,south,east,north in degrees, where it is in Web Mercator."
)
@click.option("--scan-credit", default="", help="With --scan: whose map it is.")
@click.option("--scan-opacity", help="With --scan: its strength, 0 to 1.")
@click.option("--tour", type=click.Path(path_type=Path), help="A reader's guided tour, in place of ours.")
@click.option("--embed", is_flag=True, help="The light map for a frame in another page, without the text.")
@click.option(
    "--no-controls", is_flag=True, help="With --embed: without timeline, language and zoom buttons."
)
@click.option("--link", help="With --embed: the web address of the full page, for its credit.")
@click.option(
    "--languages",
    help="Those that the file can be read in, such as en,ru; all four where it is left out.",
)
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")
def export(
    out: Path,
    *,
    article: Path | None,
    encoding: str | None,
    article_url: str,
    annotations: Path | None,
    gazetteer: Path | None,
    gazetteer_alone: bool,
    only: str | None,
    simplify: float | None,
    tour: Path | None,
    embed: bool,
    no_controls: bool,
    link: str | None,
    languages: str | None,
    scan: Path | None,
    georeference: Path | None,
    bounds: str | None,
    scan_credit: str,
    overwrite: bool,
    **options: str | None,
) -> None:
    """Write the map, the text and all they need as one file that works without a network.

    With --annotations, exit 1 if one that a person marked is lost.
    """
    from geo.output import check_free, write_whole

    check_free(out, overwrite=overwrite)
    asked = _Asked(
        article,
        encoding,
        article_url,
        annotations,
        gazetteer,
        gazetteer_alone,
        only,
        simplify,
        tour,
        embed,
        no_controls,
        link,
        languages,
        scan,
        georeference,
        bounds,
        scan_credit,
    )
    asked.check(options)
    document, lost = _document(asked, options)
    write_whole(out, document.encode())
    say_written(out)
    if lost:
        sys.exit(1)


def _document(asked: _Asked, options: dict[str, str | None]) -> tuple[str, int]:
    """Return the document, and how many marks of people stand nowhere in the article."""
    from geo.budget import say_weight, weigh
    from geo.embed import Embed
    from geo.page import Page

    frame = Embed(not asked.no_controls, asked.link or "")
    carried = asked.read_languages(options["lang"])
    own = read_own(asked.gazetteer) if asked.gazetteer else None
    scan = asked.read_scan()
    atlas = reading.load_atlas()
    page = Page(atlas)
    if asked.embed:
        return page.embed_document(view_of(atlas, options), frame, carried), 0
    text = asked.read_article(atlas)
    marked, lost = _marks(asked, atlas, text, own)
    if own:
        own = asked.lighten(atlas, own, text, marked)
    view = view_of(atlas, options, own, scan=scan is not None)
    passages = {passage.id for passage in (text or atlas.account).passages}
    if view.passage and view.passage not in passages:
        raise AtlasError(f"--passage={view.passage}: the text has no such passage")
    if scan and scan.notices:
        click.echo(f"{scan.title}: {' '.join(scan.notices)}", err=True)
    tour = asked.read_tour(atlas, own)
    made = page.document(
        view,
        text,
        own,
        alone=asked.gazetteer_alone,
        curated=marked,
        scan=scan,
        tour=tour,
        languages=carried,
    )
    if weight := weigh(made, text, own, scan):
        advice = " --only map or text, and --simplify METRES, do that." if "places" in weight.causes else ""
        click.echo(say_weight(weight) + advice, err=True)
    return made, lost


def _marks(
    asked: _Asked, atlas: Atlas, text: Article | None, own: OwnGazetteer | None
) -> tuple[tuple[Mention, ...], int]:
    """Return what people marked in the article, and how many of their marks stand nowhere in it."""
    from geo.annotations import identities_of

    if asked.annotations is None or text is None:
        return (), 0
    return read_marks(asked.annotations, identities_of(atlas, own.ids if own else ()), text)
