"""The commands that write files: the page, the data, pictures."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo import reading
from geo.cli.group import main, progress, say_written, view_of, view_options
from geo.cli.linking import read_marks
from geo.errors import AtlasError

if TYPE_CHECKING:
    from geo.linker import Mention


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
@click.option("--embed", is_flag=True, help="The light map for a frame in another page, without the text.")
@click.option(
    "--no-controls", is_flag=True, help="With --embed: without timeline, language and zoom buttons."
)
@click.option("--link", help="With --embed: the web address of the full page, for its credit.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")
def export(
    out: Path,
    article: Path | None,
    encoding: str | None,
    article_url: str,
    annotations: Path | None,
    *,
    embed: bool,
    no_controls: bool,
    link: str | None,
    overwrite: bool,
    **options: str | None,
) -> None:
    """Write the map, the text and all they need as one file that works without a network.

    With --annotations, exit 1 if one that a person marked is lost.
    """
    from geo.annotations import identities_of
    from geo.article import read_article
    from geo.citations import check_address
    from geo.embed import Embed
    from geo.output import check_free, write_whole
    from geo.page import Page

    check_free(out, overwrite=overwrite)
    if annotations is not None and article is None:
        raise AtlasError("--annotations goes with --article: our own account has its annotations already")
    if embed and article:
        raise AtlasError("--embed: the embedded map shows no text; leave --article out")
    if (no_controls or link) and not embed:
        raise AtlasError("--no-controls and --link go with --embed; add it, or leave them out")
    frame = Embed(not no_controls, link or "")
    atlas = reading.load_atlas()
    view = view_of(atlas, options)
    text = read_article(article, atlas.furniture, encoding, words=atlas.words) if article else None
    if address := check_address(article_url):
        if text is None:
            raise AtlasError("--article-url goes with --article; our own account is published nowhere else")
        text = replace(text, source=address)
    passages = {passage.id for passage in (text or atlas.account).passages}
    if view.passage and view.passage not in passages:
        click.echo(f"--passage={view.passage}: the text has no such passage", err=True)
        sys.exit(2)
    marked: tuple[Mention, ...] = ()
    lost = 0
    if annotations is not None and text is not None:
        marked, lost = read_marks(annotations, identities_of(atlas), text)
    page = Page(atlas)
    document = page.embed_document(view, frame) if embed else page.document(view, text, marked)
    write_whole(out, document.encode())
    say_written(out)
    if lost:
        sys.exit(1)


@main.command(epilog="Example: python -m geo data 1859.gpkg --date 1859-06-01 --layers areas,lines")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    help="geojson, gpkg, kml, kmz, csv, lpf, lp-tsv, annotations or all; by the name of OUT if left out.",
)
@click.option("--date", help="Only what was in force on this day, with who held each area.")
@click.option("--layers", help="Only these layers, separated by commas.")
@click.option("--readings", help="With --date or --layers: ids of rival readings to add.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")
def data(out: Path, kind: str | None, *, overwrite: bool, **options: str | None) -> None:
    """Write the records, or what a view shows, as data for other programs; OUT is a file or a folder.

    The README.md in a zip says what each format loses.
    """
    from geo.exports import guess_format, write_data

    atlas = reading.load_atlas()
    view = view_of(atlas, options) if any(options.values()) else None
    say_written(write_data(atlas, out, kind or guess_format(out), view, overwrite=overwrite))


@main.command(epilog="Example: python -m geo picture 1859.pdf --date 1859-06-01 --lang ru --paper a4")
@click.argument("out", type=click.Path(path_type=Path))
@view_options
@click.option("--paper", type=click.Choice(["screen", "a4", "letter"]), help="a4 for a PDF, else screen.")
@click.option("--portrait", is_flag=True, help="Standing instead of lying.")
@click.option("--projection", type=click.Choice(["albers", "mercator"]), default="albers", show_default=True)
@click.option("--scale", type=click.IntRange(1, 4), default=1, show_default=True, help="Of a PNG's pixels.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
def picture(
    out: Path,
    *,
    paper: str | None,
    portrait: bool,
    projection: str,
    scale: int,
    overwrite: bool,
    **options: str | None,
) -> None:
    """Draw what a view shows, with legend, scale and sources, as OUT.svg, OUT.png or OUT.pdf."""
    from geo.picture import Sheet, check_target, compose_picture, write_picture

    kind = check_target(out, overwrite=overwrite)
    if scale > 1 and kind != ".png":
        raise AtlasError(f"--scale={scale}: only a PNG has pixels to multiply; leave it out for {kind}")
    atlas = reading.load_atlas()
    view = view_of(atlas, options)
    sheet = Sheet(paper or ("a4" if kind == ".pdf" else "screen"), portrait, projection)
    drawn = compose_picture(atlas, view, sheet)
    write_picture(drawn, out, scale=scale, overwrite=overwrite)
    for warning in drawn.warnings:
        click.echo(warning, err=True)
    say_written(out)


@main.command(epilog="Example: python -m geo site public --base-url https://example.org/atlas/")
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option(
    "--base-url", default="", help="Where it will stand; needed for sitemap.xml and full addresses."
)
@click.option("--overwrite", is_flag=True, help="Replace the site in OUT_DIR, if one of ours is there.")
def site(out_dir: Path, *, base_url: str, overwrite: bool) -> None:
    """Write the map, a page for each place, area and act, the data and pictures as a site of files.

    Any web server can serve it; its nginx.conf and _headers say how.
    """
    from geo.site import write_site

    with progress("Making the site") as tell:
        size = write_site(reading.load_atlas(), out_dir, base_url, overwrite=overwrite, tell=tell)
    click.echo(f"{click.format_filename(out_dir)}: {size / 1e6:.1f} MB")
