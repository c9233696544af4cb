"""The commands of ``python -m geo``. Each prints one sentence on standard error when it cannot go on."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from geo import __version__
from geo.errors import AtlasError, DataError, Problem
from geo.reading import DATA_DIR, load_atlas

_MAX_SHOWN = 5
_FILE_WIDTH = 180


class _Commands(click.Group):
    """A group whose commands end with exit status 2 and one sentence on an error of ours."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DataError as error:
            shown = [str(problem) for problem in error.problems[:_MAX_SHOWN]]
            more = len(error.problems) - len(shown)
            tail = [f"... and {more} more; `python -m geo validate` lists them all"] if more > 0 else []
            click.echo("\n".join(shown + tail), err=True)
        except AtlasError as error:
            click.echo(str(error), err=True)
        except OSError as error:
            click.echo(f"the output cannot be written ({error.strerror})", err=True)
            # Python would try once more at its exit, and print a traceback.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Far East Atlas")
def main() -> None:
    """Far East Atlas: a historical map of the Far East border, read with an article."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show Han letters still shows where the fault is.
            stream.reconfigure(errors="backslashreplace")


@main.command(epilog="Example: python -m geo validate")
@click.argument("data_dir", type=click.Path(path_type=Path), default=DATA_DIR, required=False)
def validate(data_dir: Path) -> None:
    """Check every record of DATA_DIR and list all problems; exit 1 if there is one."""
    if not data_dir.is_dir():
        click.echo(f"{data_dir} is no folder; name the folder that holds the data", err=True)
        sys.exit(2)
    try:
        atlas = load_atlas(data_dir)
    except DataError as error:
        _print_problems(error.problems)
        sys.exit(1)
    click.echo(
        f"Data {atlas.version}: {len(atlas.gazetteer.places)} places, {len(atlas.gazetteer.toponyms)} names, "
        f"{len(atlas.acts)} acts, {len(atlas.areas)} areas, {len(atlas.lines)} lines, "
        f"{len(atlas.sources)} sources, {len(atlas.annotations)} annotations; no problem found."
    )


def _print_problems(problems: tuple[Problem, ...]) -> None:
    title = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    table = _table(title, "file", "record", "field", "problem")
    for problem in problems:
        table.add_row(*problem)
    _console().print(table)


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left")


def _console() -> Console:
    """Return a console that wraps for a person at a terminal, and hardly ever in a file."""
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(width=width, markup=False, emoji=False, highlight=False)


@main.command(epilog="Example: python -m geo export map.html --lang ru --place khabarovsk")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--lang", help="Language of the names: en, ru, zh-Hans or zh-Hant.")
@click.option("--layers", help="Layers shown, separated by commas; `none` for none.")
@click.option("--opacity", help="Strength of the areas, 0 to 1.")
@click.option("--place", help="Id of what is selected; several separated by commas.")
@click.option("--passage", help="The passage at hand, such as p3.")
@click.option("--map", "position", help="Where the map stands: zoom/latitude/longitude.")
@click.option("--basemap", help="An online basemap; the file then asks its provider for pictures.")
@click.option("--article", type=click.Path(path_type=Path), help="A reader's article: .txt, .md or .html.")
def export(out: Path, article: Path | None, **options: str | None) -> None:
    """Write the map, the text and all they need as one file that works without a network."""
    from geo.article import read_article
    from geo.content import selectable
    from geo.output import write_whole
    from geo.page import Page
    from geo.view import parse_view

    atlas = load_atlas()
    options["map"] = options.pop("position")
    asked = {name: value for name, value in options.items() if value is not None}
    parsed = parse_view(asked, selectable(atlas))
    if parsed.notices:
        # What a page ignores and names, a command refuses: nobody watches it.
        faults = (notice.removeprefix("Ignored ") for notice in parsed.notices)
        click.echo("\n".join(f"--{fault}" if "=" in fault else fault for fault in faults), err=True)
        sys.exit(2)
    text = read_article(article, atlas.furniture) if article else None
    passages = {passage.id for passage in (text or atlas.account).passages}
    if parsed.view.passage and parsed.view.passage not in passages:
        click.echo(f"--passage={parsed.view.passage}: the text has no such passage", err=True)
        sys.exit(2)
    write_whole(out, Page(atlas).document(parsed.view, text).encode())
    click.echo(f"{click.format_filename(out)}: {out.stat().st_size / 1000:.0f} kB")


@main.command(epilog="Example: python -m geo areas --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def areas(*, as_json: bool) -> None:
    """Print the geodesic size of each area, and the figures quoted in the literature beside them."""
    from geo.comparison import compare_areas

    atlas = load_atlas()
    measured, quoted = compare_areas(atlas)
    if as_json:
        click.echo(json.dumps({"measured": measured, "quoted": quoted}, ensure_ascii=False, indent=1))
        return
    own = _table("Measured (WGS 84)", "area", "km2", "largest piece", "islands and pieces")
    for row in measured:
        own.add_row(row["id"], *(f"{row[key]:,.0f}" for key in ("km2", "mainland_km2", "rest_km2")))
    columns = ("quoted km2", "for", "by", "Sakhalin", "set beside", "measured", "difference")
    others = _table("Quoted in the literature", *columns)
    for row in quoted:
        bound = "" if row["bound"] == "exact" else f"{row['bound']} "
        others.add_row(
            f"{bound}{row['km2']:,}",
            row["quoted_for"],
            "; ".join(row["quoted_by"]),
            row["sakhalin"],
            " + ".join(row["compare"]),
            f"{row['measured_km2']:,.0f}",
            f"{row['difference_percent']:+.0f}%",
        )
    _console().print(own, others)
