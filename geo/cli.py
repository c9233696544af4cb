"""The commands of ``python -m geo``. Each prints one sentence on standard error when it cannot go on."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from geo import __version__
from geo.dates import in_words
from geo.errors import AtlasError, DataError, Problem
from geo.reading import DATA_DIR, load_atlas

if TYPE_CHECKING:
    from geo.atlas import Atlas
    from geo.view import View

_MAX_SHOWN = 5
_MAX_FAULTS = 20
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
        f"{len(atlas.acts)} acts, {len(atlas.areas)} areas, {len(atlas.holdings.records)} holdings, "
        f"{len(atlas.lines)} lines, {len(atlas.readings)} readings, {len(atlas.claims)} claims, "
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


def _view_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what is shown, named as in its address."""
    for name, text in reversed(_VIEW_OPTIONS):
        command = click.option(*name.split(), help=text)(command)
    return command


_VIEW_OPTIONS = (
    ("--date", "Who held what on this day, such as 1859-06-01; all acts where it is left out."),
    ("--compare", "A second day, on the other side of a divider."),
    ("--lang", "Language of the names: en, ru, zh-Hans or zh-Hant."),
    ("--layers", "Layers shown, separated by commas; `none` for none."),
    ("--opacity", "Strength of the areas, 0 to 1."),
    ("--place", "Id of what is selected; several separated by commas."),
    ("--point", "A point asked about: latitude/longitude."),
    ("--readings", "Ids of rival readings to draw, separated by commas."),
    ("--map position", "Where the map stands: zoom/latitude/longitude."),
)


def _view_of(atlas: Atlas, options: dict[str, str | None]) -> View:
    """Return the view that options ask for; end with what is wrong with them."""
    from geo.content import rivals, selectable
    from geo.view import parse_view

    named = {"map" if name == "position" else name: value for name, value in options.items()}
    asked = {name: value for name, value in named.items() if value is not None}
    parsed = parse_view(asked, selectable(atlas), rivals(atlas))
    if parsed.notices:
        # What a page ignores and names, a command refuses: nobody watches it.
        faults = (notice.removeprefix("Ignored ") for notice in parsed.notices)
        click.echo("\n".join(f"--{fault}" if "=" in fault else fault for fault in faults), err=True)
        sys.exit(2)
    return parsed.view


@main.command(epilog="Example: python -m geo export map.html --date 1859-06-01 --lang ru --place khabarovsk")
@click.argument("out", type=click.Path(path_type=Path))
@_view_options
@click.option("--passage", help="The passage at hand, such as p3.")
@click.option("--basemap", help="An online basemap; the file then asks its provider for pictures.")
@click.option("--article", type=click.Path(path_type=Path), help="A reader's article: .txt, .md or .html.")
def export(out: Path, article: Path | None, **options: str | None) -> None:
    """Write the map, the text and all they need as one file that works without a network."""
    from geo.article import read_article
    from geo.output import write_whole
    from geo.page import Page

    atlas = load_atlas()
    view = _view_of(atlas, options)
    text = read_article(article, atlas.furniture) if article else None
    passages = {passage.id for passage in (text or atlas.account).passages}
    if view.passage and view.passage not in passages:
        click.echo(f"--passage={view.passage}: the text has no such passage", err=True)
        sys.exit(2)
    write_whole(out, Page(atlas).document(view, text).encode())
    _say_written(out)


def _say_written(out: Path) -> None:
    click.echo(f"{click.format_filename(out)}: {out.stat().st_size / 1000:.0f} kB")


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

    atlas = load_atlas()
    view = _view_of(atlas, options) if any(options.values()) else None
    _say_written(write_data(atlas, out, kind or guess_format(out), view, overwrite=overwrite))


@main.command(epilog="Example: python -m geo picture 1859.pdf --date 1859-06-01 --lang ru --paper a4")
@click.argument("out", type=click.Path(path_type=Path))
@_view_options
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
    atlas = load_atlas()
    view = _view_of(atlas, options)
    sheet = Sheet(paper or ("a4" if kind == ".pdf" else "screen"), portrait, projection)
    drawn = compose_picture(atlas, view, sheet)
    write_picture(drawn, out, scale=scale, overwrite=overwrite)
    for warning in drawn.warnings:
        click.echo(warning, err=True)
    _say_written(out)


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


@main.command(
    epilog="Example: python -m geo where 43.1155 131.8855 --date 1859-06-01",
    # So that -43.1 is a number and no option.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("lat", required=False)
@click.argument("lon", required=False)
@click.option("--date", "day", help="The day asked about, as in 1859-06-01; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
@click.option("--csv", "table", metavar="IN.csv", help="Answer each row of a file; `-` for standard input.")
def where(lat: str | None, lon: str | None, day: str | None, *, as_json: bool, table: str | None) -> None:
    """Tell who held a point, given as LAT LON in degrees, by which act, and how surely.

    With --csv, the rows of a file with the columns lat and lon are printed with area, holder, act and
    certainty added; exit 1 if a row holds no point. Row 1 is the header, as in a spreadsheet.
    """
    from geo.dates import parse_known_day
    from geo.points import parse_degrees
    from geo.where import fault_of, record_of, where_is

    try:
        asked = None if day is None else parse_known_day(day)
    except ValueError as error:
        raise AtlasError(f"--date: {error}") from error
    if table is not None:
        if lat is not None or as_json:
            raise AtlasError("--csv goes without LAT LON and without --json; give either a point or a file")
        _answer_table(table, asked)
        return
    if lat is None or lon is None:
        raise AtlasError("give a point as LAT LON or a file by --csv, as `python -m geo where --help` tells")
    try:
        north, east = parse_degrees("lat", lat), parse_degrees("lon", lon)
    except ValueError as error:
        raise AtlasError(f"{error}; write degrees, as in 43.1155 131.8855") from error
    if fault := fault_of(east, north):
        raise AtlasError(fault)
    atlas = load_atlas()
    answer = record_of(atlas, where_is(atlas, east, north, asked))
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1) if as_json else _in_sentences(answer))


def _in_sentences(answer: dict[str, Any]) -> str:
    """Return an answer of `where` for a person: a line for each thing known."""
    if answer["area"] is None:
        return str(answer["why"])
    held, act, line = answer["holding"], answer["act"], answer["boundary"]
    known = [
        ("Area", f"{answer['area']['name']} [{answer['area']['id']}]"),
        (f"On {_day(answer['day'])}", _state(held) if held else "nobody that the atlas knows of"),
    ]
    if held and held["note"]:
        known.append(("", held["note"]))
    known.append(("Made Russian by", f"{act['name']}, {act['date']} [{act['id']}]" if act else "no act"))
    if line:
        course = f"{line['name']} [{line['id']}, {line['certainty']}]"
        known.append(("Nearest boundary", f"{answer['distance_km']:,.1f} km to {course}"))
    known.append(("How sure", f"{answer['certainty']}: {answer['why']}"))
    known += [(f"{_day(each['from'])} – {_day(each['to'])}", _state(each)) for each in answer["chain"]]
    known.append(("Sources", "; ".join(answer["sources"])))
    width = max(len(label) for label, _ in known)
    return "\n".join(f"{label:{width}}  {text}" for label, text in known)


def _day(written: str) -> str:
    return "today" if written == ".." else in_words(date.fromisoformat(written))


def _state(holding: dict[str, Any]) -> str:
    act = holding["act"]
    return f"{holding['holder']}, by {act['name']}" if act else str(holding["holder"])


def _answer_table(table: str, day: date | None) -> None:
    """Print the rows of a file with their answers; report those that hold no point, and exit 1."""
    from geo.points import answer_rows

    name = {"-": "standard input", "": "--csv"}.get(table, table)
    out = getattr(sys.stdout, "buffer", None)
    if out is None:
        raise AtlasError("standard output is closed; there is nowhere to print the rows")
    shown: list[str] = []
    count = 0
    try:
        size = Path(table).stat().st_size if table != "-" else 0
        source = click.open_file(table, "rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise AtlasError(f"{name}: the file cannot be read ({reason})") from error
    began = monotonic()
    watched = sys.stderr.isatty() and not sys.stdout.isatty()
    progress = Progress(console=Console(stderr=True), transient=True, disable=not watched)
    task = progress.add_task("Rows", total=size or None)
    try:
        with source:
            for chunk in answer_rows(load_atlas(), source, name, day):
                out.write(chunk.text.encode())
                out.flush()
                count += len(chunk.faults)
                shown += chunk.faults[: _MAX_FAULTS - len(shown)]
                if monotonic() - began > 1:
                    progress.start()
                    progress.update(task, completed=source.tell() if size else None)
    except BrokenPipeError:
        # The reader, such as `head`, has had enough. Python would flush once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        progress.stop()
        for fault in shown:
            click.echo(fault, err=True)
        if count > len(shown):
            click.echo(f"... and {count - len(shown)} more", err=True)
    if count:
        sys.exit(1)
