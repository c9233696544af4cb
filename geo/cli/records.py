"""The commands that check the records and answer from them."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from geo import reading
from geo.cli.group import console, main, print_problems, table_of
from geo.dates import in_words
from geo.errors import AtlasError, DataError

_MAX_FAULTS = 20


@main.command(epilog="Example: python -m geo validate")
@click.argument("data_dir", type=click.Path(path_type=Path), default=reading.DATA_DIR, required=False)
@click.option("--tour", type=click.Path(path_type=Path), help="A reader's tour to check with them.")
def validate(data_dir: Path, tour: Path | None) -> None:
    """Check every record of DATA_DIR and list all problems; exit 1 if there is one."""
    from geo.content import known_to_tours
    from geo.tour import read_tour

    if not data_dir.is_dir():
        click.echo(f"{data_dir} is no folder; name the folder that holds the data", err=True)
        sys.exit(2)
    try:
        atlas = reading.load_atlas(data_dir)
        asked = read_tour(tour, known_to_tours(atlas)) if tour else None
    except DataError as error:
        print_problems(error.problems)
        sys.exit(1)
    click.echo(
        f"Data {atlas.version}: {len(atlas.gazetteer.places)} places, {len(atlas.gazetteer.toponyms)} names, "
        f"{len(atlas.acts)} acts, {len(atlas.areas)} areas, {len(atlas.holdings.records)} holdings, "
        f"{len(atlas.lines)} lines, {len(atlas.readings)} readings, {len(atlas.claims)} claims, "
        f"{len(atlas.sources)} sources, {len(atlas.annotations)} annotations; no problem found."
    )
    if asked:
        size = "1 step" if len(asked.steps) == 1 else f"{len(asked.steps)} steps"
        click.echo("\n".join((f"{tour}: a tour of {size}; no problem found.", *asked.notices)))


@main.command(epilog="Example: python -m geo areas --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def areas(*, as_json: bool) -> None:
    """Print the geodesic size of each area, and the figures quoted in the literature beside them."""
    from geo.comparison import compare_areas

    atlas = reading.load_atlas()
    measured, quoted = compare_areas(atlas)
    if as_json:
        click.echo(json.dumps({"measured": measured, "quoted": quoted}, ensure_ascii=False, indent=1))
        return
    own = table_of("Measured (WGS 84)", "area", "km2", "largest piece", "islands and pieces")
    for row in measured:
        own.add_row(row["id"], *(f"{row[key]:,.0f}" for key in ("km2", "mainland_km2", "rest_km2")))
    columns = ("quoted km2", "for", "by", "Sakhalin", "set beside", "measured", "difference")
    others = table_of("Quoted in the literature", *columns)
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
    console().print(own, others)


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
    from geo.degrees import parse_degrees
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
    atlas = reading.load_atlas()
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
            for chunk in answer_rows(reading.load_atlas(), source, name, day):
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
