"""Keeping catalogues whole: what they lack, what nobody says any more, and where the braces differ."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from geo import __version__
from geo.errors import Problem
from geo.language import CLDR, plural_forms
from geo.sentences import BRACES


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that a catalogue should have.

    Parameters
    ----------
    plural : str
        Its plural in English; empty for none.
    comments : tuple of str
        Where it is said, for who translates it.
    """

    plural: str = ""
    comments: tuple[str, ...] = ()


def faults(content: bytes, lang: str, file: str, wanted: Mapping[str, Wanted]) -> Iterator[Problem]:
    """Yield everything that is wrong with a catalogue.

    Parameters
    ----------
    content : bytes
        A PO file that `geo.language.parse_catalogue` has accepted.
    lang : str
        Its language.
    file : str
        What it is called.
    wanted : mapping of str to Wanted
        By English text, or singular, what it should have.
    """
    found = {_key(message): message for message in read_po(io.BytesIO(content)) if message.id}
    for english in wanted.keys() - found.keys():
        yield Problem(file, english, "", "it is not there; `python -m geo translations --update` adds it")
    for english, message in found.items():
        if english not in wanted:
            yield Problem(
                file, english, "", "nothing says it; `python -m geo translations --update` removes it"
            )
        elif message.fuzzy or not all(_forms(message)):
            yield Problem(file, english, "", "it is not translated")
        else:
            yield from _misfits(message, lang, file, wanted[english])


def _misfits(message: Message, lang: str, file: str, wanted: Wanted) -> Iterator[Problem]:
    english, forms = _key(message), _forms(message)
    if bool(wanted.plural) != message.pluralizable:
        yield Problem(file, english, "", "it has a plural in one place only")
    elif wanted.plural and len(forms) != plural_forms(lang):
        yield Problem(file, english, "", f"found {len(forms)} plural forms, {plural_forms(lang)} would do")
    braces = set(BRACES.findall(wanted.plural or english))
    for form in forms:
        if (there := set(BRACES.findall(form))) != braces:
            said = ", ".join(sorted(there)) or "none"
            needed = ", ".join(sorted(braces)) or "none"
            yield Problem(file, english, "", f"found the braces {said}; {needed} would do")


def updated(content: bytes, lang: str, wanted: Mapping[str, Wanted], project: str) -> bytes:
    """Return a catalogue with just what is wanted, in that order; what it has translated stays.

    Parameters
    ----------
    content : bytes
        The PO file as it is; empty for none.
    lang : str
        Its language.
    wanted : mapping of str to Wanted
        By English text, or singular, what it should have.
    project : str
        Whose texts these are.
    """
    before = read_po(io.BytesIO(content)) if content else Catalog()
    kept = {_key(message): message for message in before if message.id}
    made = Catalog(
        locale=CLDR[lang].rpartition("_")[0],
        project=project,
        version=before.version or __version__,
        charset="utf-8",
        header_comment=f"# {project} in {lang}." if not content else before.header_comment,
        creation_date=before.creation_date,
        revision_date=before.revision_date if content else before.creation_date,
        last_translator="Far East Atlas maintainers",
        language_team=lang,
        msgid_bugs_address="maintainers@example.org",
        fuzzy=False,
    )
    for english, text in wanted.items():
        old = kept.get(english)
        string: str | list[str] = list(_forms(old)) if old else ""
        if isinstance(string, list) and not text.plural:
            string = string[0]
        elif text.plural and len(string) != plural_forms(lang):
            string = [""] * plural_forms(lang)
        made.add((english, text.plural) if text.plural else english, string, auto_comments=text.comments[:3])
    out = io.BytesIO()
    write_po(out, made, width=0)
    return out.getvalue()


def _key(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (str(message.string),)
