"""The commands that write files: the page, the data, pictures."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo import reading
from geo.cli.group import main, say_written, view_of, view_options
from geo.errors import AtlasError, DataError

if TYPE_CHECKING:
    from geo.imports import OwnGazetteer


@main.command(epilog="Example: python -m geo export map.html --date 1859-06-01 --lang ru --place khabarovsk")
@click.argument("out", type=click.Path(path_type=Path))
@view_options
@click.option("--passage", help="The passage at hand, such as p3.")
@click.option("--basemap", help="An online basemap; the file then asks its provider for pictures.")
@click.option("--article", type=click.Path(path_type=Path), help="A reader's article: .txt, .md or .html.")
@click.option(
    "--article-url", default="", help="Where that article is published; its passages then link there."
)
@click.option(
    "--gazetteer",
    type=click.Path(path_type=Path),
    help="A reader's gazetteer: CSV, LP-TSV, GeoJSON or Linked Places; a layer of its own.",
)
@click.option("--gazetteer-alone", is_flag=True, help="Link the text with the reader's names alone.")
def export(
    out: Path,
    article: Path | None,
    article_url: str,
    gazetteer: Path | None,
    *,
    gazetteer_alone: bool,
    **options: str | None,
) -> None:
    """Write the map, the text and all they need as one file that works without a network."""
    from geo.article import read_article
    from geo.citations import check_address
    from geo.imports import describe
    from geo.output import write_whole
    from geo.page import Page

    if gazetteer_alone and gazetteer is None:
        raise AtlasError("--gazetteer-alone: there is no gazetteer; name its file by --gazetteer")
    own = _read_gazetteer(gazetteer) if gazetteer else None
    atlas = reading.load_atlas()
    view = view_of(atlas, options, own)
    text = read_article(article, atlas.furniture) if article else None
    if address := check_address(article_url):
        if text is None:
            raise AtlasError("--article-url goes with --article; our own account is published nowhere else")
        text = replace(text, source=address)
    passages = {passage.id for passage in (text or atlas.account).passages}
    if view.passage and view.passage not in passages:
        click.echo(f"--passage={view.passage}: the text has no such passage", err=True)
        sys.exit(2)
    write_whole(out, Page(atlas).document(view, text, own, alone=gazetteer_alone).encode())
    if own:
        click.echo(f"{own.title}: {describe(own)}", err=True)
    say_written(out)


def _read_gazetteer(path: Path) -> OwnGazetteer:
    """Read a reader's gazetteer; all its problems are told, for no other command lists them."""
    from geo.imports import read_gazetteer

    try:
        return read_gazetteer(path)
    except DataError as error:
        raise AtlasError(str(error)) from error


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
