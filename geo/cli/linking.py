"""The command that finds the mentions of a text, and what brings people's own marks to it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from reprlib import repr as shortened
from typing import TYPE_CHECKING, get_args
from urllib.parse import quote

import click
from rich.console import Console
from rich.progress import Progress

from geo import __version__, reading
from geo.article import MAX_BYTES, Article, Lang, parse_article, read_article
from geo.cli.group import console, main, say_written, table_of
from geo.errors import ArticleError, AtlasError, DataError

if TYPE_CHECKING:
    from geo.annotations import Identities
    from geo.annotations.anchoring import Anchored
    from geo.atlas import Atlas
    from geo.imports import OwnGazetteer
    from geo.linker import Mention

_LONG = 1_000_000
"""Code points of a text that is not linked in the blink of an eye."""


def gazetteer_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which a reader brings a gazetteer."""
    command = click.option(
        "--gazetteer-alone", is_flag=True, help="Seek the names of that gazetteer alone in the text."
    )(command)
    return click.option(
        "--gazetteer",
        type=click.Path(path_type=Path),
        help="A reader's gazetteer: CSV, LP-TSV, GeoJSON or Linked Places; its names are sought beside ours.",
    )(command)


@main.command(
    epilog="Example: python -m geo link article.txt --lang en -o mentions.jsonld --text mentions.txt"
)
@click.argument("file")
@click.option("--lang", type=click.Choice(get_args(Lang)), help="Of the text; by its script if left out.")
@click.option("--encoding", help="Of the text, such as Windows-1251, where it is guessed wrong.")
@click.option(
    "--annotations",
    type=click.Path(path_type=Path),
    metavar="OLD.jsonld",
    help="What people marked in this text, or an earlier state of it; it overrides what is found.",
)
@gazetteer_options
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="OUT.jsonld", help="Write to a file.")
@click.option("--text", type=click.Path(path_type=Path), help="Also write the text that positions count in.")
@click.option("--table", is_flag=True, help="Print a table for people instead of JSON-LD.")
def link(
    file: str,
    lang: Lang | None,
    encoding: str | None,
    annotations: Path | None,
    gazetteer: Path | None,
    out: Path | None,
    text: Path | None,
    *,
    gazetteer_alone: bool,
    table: bool,
) -> None:
    """Find the places, areas and acts that FILE mentions, as a W3C AnnotationPage.

    FILE ends in .txt, .md, .html, .mhtml, .docx or .pdf, or is `-` for a plain text on standard input.
    With --annotations, standard error tells what became of each in the text as it is now: kept, moved,
    edited or lost; exit 1 if one that a person marked is lost.
    """
    from geo.annotations import apply_curated, identities_of
    from geo.merging import link_with

    if out is not None and out == text:
        raise AtlasError(f"{out}: -o and --text name the same file; give each its own")
    if gazetteer_alone and gazetteer is None:
        raise AtlasError("--gazetteer-alone: there is no gazetteer; name its file by --gazetteer")
    own = read_own(gazetteer) if gazetteer else None
    atlas = reading.load_atlas()
    known = identities_of(atlas, own.ids if own else ())
    article = _article(file, atlas, lang, encoding)
    lost = 0
    marked: tuple[Mention, ...] = ()
    with _bar(len(article.text), 3, shown=out is not None or not sys.stdout.isatty()) as step:
        if annotations is not None:
            marked, lost = read_marks(annotations, known, article)
        step()
        found = (
            link_with(atlas, article, own, alone=gazetteer_alone) if own else atlas.linker.mentions(article)
        )
        mentions = apply_curated(found, marked)
        step()
        source = quote(text.name) if text else f"urn:far-east-atlas:text:{article.digest}"
        page = _page(atlas, known, article, mentions, source)
        step()
    _deliver(page, article, out, text, quiet=table)
    if table:
        _print_table(mentions)
    if lost:
        sys.exit(1)


def read_own(path: Path) -> OwnGazetteer:
    """Read a reader's gazetteer; all its problems are told, for no other command lists them."""
    from geo.imports import read_gazetteer

    try:
        return read_gazetteer(path)
    except DataError as error:
        raise AtlasError(str(error)) from error


def read_marks(file: Path, known: Identities, article: Article) -> tuple[tuple[Mention, ...], int]:
    """Read annotations, say on standard error what became of them, and return what people marked.

    Returns
    -------
    mentions : tuple of Mention
        The marks of people, where they stand in the article now.
    lost : int
        How many of their marks stand nowhere.
    """
    from geo.annotations.anchoring import anchor_again
    from geo.annotations.incoming import read_page

    try:
        page = read_page(file, known)
    except DataError as error:
        raise AtlasError(str(error)) from None  # it is the reader's file: every problem is listed
    anchored = anchor_again(page, article)
    for notice in page.notices:
        click.echo(notice, err=True)
    counts = Counter(each.outcome for each in anchored)
    by_people = [each for each in anchored if each.annotation.curated]
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("kept", "moved", "edited", "lost"))
    size = f"{len(anchored)} annotations, {len(by_people)} marked by people"
    click.echo(f"{click.format_filename(file)}: {size}: {told}", err=True)
    for each in anchored:
        if each.outcome != "kept":
            click.echo(_fate(each), err=True)
    mentions = tuple(each.mention for each in by_people if each.mention is not None)
    return mentions, len(by_people) - len(mentions)


def _fate(anchored: Anchored) -> str:
    """Return what became of an annotation, in a line."""
    annotation, mention = anchored.annotation, anchored.mention
    became = f"{annotation.name} {shortened(annotation.exact)} {anchored.outcome}"
    if mention is None:
        return f"{became}: {anchored.reason}"
    if anchored.outcome == "edited":
        return f"{became}: now {shortened(mention.exact)} at {anchored.start} in {mention.passage}"
    return f"{became}: from {annotation.start} to {anchored.start} in {mention.passage}"


def _article(file: str, atlas: Atlas, lang: Lang | None, encoding: str | None) -> Article:
    if file == "-":
        try:
            with click.open_file(file, "rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ArticleError(f"standard input cannot be read ({reason}); name a file") from None
        article = parse_article(content, "stdin.txt", atlas.furniture, encoding, words=atlas.words)
    else:
        article = read_article(Path(file), atlas.furniture, encoding, words=atlas.words)
    return article if lang is None else replace(article, lang=lang)


def _page(
    atlas: Atlas, known: Identities, article: Article, mentions: tuple[Mention, ...], source: str
) -> bytes:
    from geo.annotations import AnnotatedText
    from geo.annotations.writing import as_bytes

    digest = article.digest
    spoken_of = AnnotatedText(article, known, source, prefix=f"{digest[:12]}-")
    software = f"Far East Atlas {__version__}, data {atlas.version}"
    page = spoken_of.page(
        digest,
        map(spoken_of.mention, mentions),
        label=article.title,
        generator={"type": "Software", "name": software, "sha256": atlas.digest},
    )
    return as_bytes(page)


def _deliver(page: bytes, article: Article, out: Path | None, text: Path | None, *, quiet: bool) -> None:
    """Write the page and the text where they were asked for."""
    from geo.output import write_whole

    if text is not None:
        write_whole(text, article.text.encode())
    if out is not None:
        write_whole(out, page)
    elif not quiet:
        click.echo(page, nl=False)
    if not quiet:
        for written in (out, text if out is not None else None):
            if written is not None:
                say_written(written)


def _print_table(mentions: tuple[Mention, ...]) -> None:
    title = "1 mention" if len(mentions) == 1 else f"{len(mentions)} mentions"
    table = table_of(title, "mention", "type", "place", "confidence", "rule", "evidence")
    for mention in mentions:
        table.add_row(
            mention.exact,
            mention.type,
            ", ".join(mention.targets),
            f"{mention.confidence:.2f}",
            mention.rule,
            mention.evidence,
        )
    console().print(table)


@contextmanager
def _bar(length: int, steps: int, *, shown: bool) -> Iterator[Callable[[], None]]:
    """Show a bar to a person who waits for a long text; yield what moves it on by a step."""
    watched = shown and length > _LONG and sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=not watched) as progress:
        task = progress.add_task("Linking", total=steps)
        yield lambda: progress.advance(task)
