"""The command that keeps the translations whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from geo import reading
from geo.cli.group import main, print_problems
from geo.errors import Problem


@main.command(epilog="Example: python -m geo translations")
@click.option(
    "--update", is_flag=True, help="Write the files anew: add what is missing, take out what nobody says."
)
def translations(*, update: bool) -> None:
    """Compare the translations with what the interface and the records say; exit 1 if they differ."""
    from geo.language import LOCALE_DIR, TRANSLATED, parse_catalogue
    from geo.language.phrases import collect_phrases
    from geo.language.upkeep import Wanted, faults, updated
    from geo.texts import record_texts

    phrases: dict[str, Wanted] = {}
    for phrase in collect_phrases():
        known = phrases.get(phrase.english, Wanted())
        files = tuple(dict.fromkeys((*known.comments, phrase.file)))
        phrases[phrase.english] = Wanted(phrase.plural or known.plural, files)
    records = {
        english: Wanted(comments=tuple(where))
        for english, where in record_texts(reading.load_usable()).items()
    }
    problems: list[Problem] = []
    for folder, wanted, project in (
        (LOCALE_DIR, phrases, "Far East Atlas"),
        (reading.DATA_DIR / "translations", records, "Far East Atlas records"),
    ):
        for lang in TRANSLATED:
            path = folder / f"{lang}.po"
            content = path.read_bytes() if path.is_file() else b""
            if update:
                content = _written(path, updated(content, lang, wanted, project))
            parse_catalogue(content, lang, path.name)
            problems += faults(content, lang, f"{folder.name}/{path.name}", wanted)
    if problems:
        print_problems(tuple(problems))
        sys.exit(1)
    click.echo(f"{len(phrases)} phrases and {len(records)} texts of records, in {len(TRANSLATED)} languages.")


def _written(path: Path, content: bytes) -> bytes:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return content
