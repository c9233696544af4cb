"""The command that cites a view, the data and the sources of what is shown."""

from __future__ import annotations

import datetime

import click

from geo import reading
from geo.cli.group import main, view_of, view_options

_FORMATS = ("text", "bibtex", "ris", "csl-json")


@main.command(epilog="Example: python -m geo cite --date 1859-06-01 --style gost --what all")
@view_options
@click.option(
    "--what", type=click.Choice(["map", "dataset", "sources", "all"]), default="all", show_default=True
)
@click.option(
    "--style", type=click.Choice(["apa", "chicago", "gost", "gbt7714"]), default="apa", show_default=True
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option(
    "--address", default="", help="Where others find the map: an address that begins with https://."
)
def cite(what: str, style: str, form: str, address: str, **options: str | None) -> None:
    """Print references: to this view of the map, to the data, and to each source of what it shows.

    Where something is selected by --place, its sources alone are cited. The address of the map is named
    with the day of today.
    """
    from geo.bibliography import cite_as, sources_to_cite
    from geo.citations import check_address

    place = check_address(address)
    atlas = reading.load_atlas()
    found = sources_to_cite(atlas, view_of(atlas, options), what, place, datetime.date.today())
    click.echo(cite_as(found, style if form == "text" else form), nl=False)
