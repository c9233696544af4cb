"""The commands that write files for others: the data, pictures, the site."""

from __future__ import annotations

from pathlib import Path

import click

from geo import reading
from geo.cli.group import main, progress, say_written, view_of, view_options
from geo.errors import AtlasError


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
