"""The group of commands, and what they share: options of the view, tables, one sentence on an error."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from geo import __version__
from geo.errors import AtlasError, DataError, Problem

if TYPE_CHECKING:
    from geo.atlas import Atlas
    from geo.imports import OwnGazetteer
    from geo.view import View

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


def table_of(title: str, *columns: str) -> Table:
    """Return an empty table with these columns."""
    return Table(*columns, title=title, title_justify="left")


def console() -> Console:
    """Return a console that wraps for a person at a terminal, and hardly ever in a file."""
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(width=width, markup=False, emoji=False, highlight=False)


def print_problems(problems: tuple[Problem, ...]) -> None:
    """Print problems as a table."""
    title = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    table = table_of(title, "file", "record", "field", "problem")
    for problem in problems:
        table.add_row(*problem)
    console().print(table)


def view_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what is shown, named as in its address."""
    for name, text in reversed(_VIEW_OPTIONS):
        command = click.option(*name.split(), help=text)(command)
    return command


_VIEW_OPTIONS = (
    ("--date", "Who held what on this day, such as 1859-06-01; all acts where it is left out."),
    ("--compare", "A second day, on the other side of a divider."),
    ("--lang", "Language of the page: en, ru, zh-Hans or zh-Hant; the reader's own where it is left out."),
    ("--names", "Names on the map: a language, local, brackets or all."),
    ("--layers", "Layers shown, separated by commas; `none` for none."),
    ("--opacity", "Strength of the areas, 0 to 1."),
    ("--place", "Id of what is selected; several separated by commas."),
    ("--point", "A point asked about: latitude/longitude."),
    ("--readings", "Ids of rival readings to draw, separated by commas."),
    ("--map position", "Where the map stands: zoom/latitude/longitude."),
)


def view_of(
    atlas: Atlas, options: dict[str, str | None], gazetteer: OwnGazetteer | None = None, *, scan: bool = False
) -> View:
    """Return the view that options ask for; end with what is wrong with them."""
    from geo.content import rivals, selectable
    from geo.view import parse_view

    given = {name: value for name, value in options.items() if value is not None}
    asked = {"map" if name == "position" else name.replace("_", "-"): value for name, value in given.items()}
    ids = selectable(atlas) | (gazetteer.ids if gazetteer else frozenset())
    parsed = parse_view(asked, ids, rivals(atlas), own=gazetteer is not None, scan=scan)
    if parsed.notices:
        # What a page ignores and names, a command refuses: nobody watches it.
        faults = (notice.removeprefix("Ignored ") for notice in parsed.notices)
        click.echo("\n".join(f"--{fault}" if "=" in fault else fault for fault in faults), err=True)
        sys.exit(2)
    return parsed.view


@contextmanager
def progress(task: str) -> Iterator[Callable[[str], None]]:
    """Give a function that shows at what work is, to a person at a terminal alone."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description} {task.fields[at]}", markup=False),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as shown:
        number = shown.add_task(task, total=None, at="")
        yield lambda at: shown.update(number, at=at)


def say_written(out: Path) -> None:
    """Say which file there is now, and how large."""
    click.echo(f"{click.format_filename(out)}: {out.stat().st_size / 1000:.0f} kB")
