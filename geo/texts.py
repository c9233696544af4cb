"""Which English texts there are to translate, and what of their translations a page takes along."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from geo.atlas import Atlas
from geo.content import CERTAINTIES
from geo.dates import Span
from geo.language import TRANSLATED, interface, texts_of
from geo.language.formats import span_in_words
from geo.layers import compose_layers

Texts = dict[str, list[Any]]
"""By English text its translations, in the order of `geo.language.TRANSLATED`."""

_CALLED = {"held_by": "heldBy", "quoted_for": "for"}
"""What the page calls a field, where that differs."""

_LONG = 16
"""Characters from which a text is worth a number instead."""


def record_texts(atlas: Atlas) -> dict[str, list[str]]:
    """Return what the records say in English, by text the records that say it, in words for a translator.

    Parameters
    ----------
    atlas : Atlas
        The records; their names are in all languages already and not among these.
    """
    found: dict[str, list[str]] = {}
    for text, where in _texts(atlas):
        for each in (text,) if isinstance(text, str) else text:
            if each.strip():
                found.setdefault(each, []).append(where)
    return found


def _texts(atlas: Atlas) -> Iterator[tuple[str | tuple[str, ...], str]]:
    for word, meaning in CERTAINTIES.items():
        yield (word, meaning), "how sure"
    for layer in compose_layers(atlas):
        yield layer.title, "layer"
        for entry in layer.legend:
            yield entry.text, f"legend of {layer.title}"
    for place in atlas.gazetteer.places:
        yield place.founded_note, f"place {place.id} foundedNote"
        yield place.act_note, f"place {place.id} actNote"
        for name in atlas.gazetteer.toponyms:
            if name.place == place.id and (name.kind != "variant" or name.reads):
                yield name.note, f"name {name.form} ({name.lang}, {name.kind}) of {place.id}"
    yield from _fields("act", atlas.acts, ("kind", "parties", "signatories", "summary", "differences"))
    yield from _fields("areas", atlas.areas, ("note",))
    yield from _fields("area", atlas.areas, ("basis",))
    yield from _fields("lines", atlas.lines, ("note",))
    yield from _fields("sites", atlas.gazetteer.sites, ("note",))
    yield from _fields("polity", atlas.holdings.polities.values(), ("note",))
    for holding in atlas.holdings.records:
        yield holding.note, f"holding {holding.area} from {holding.start}"
    readings = sorted(atlas.readings, key=lambda one: (one.question, not one.drawn, one.id))
    yield from _fields("reading", readings, ("says", "held_by", "note"))
    yield from _fields("figure", atlas.quoted_areas, ("quoted_for", "note"))
    yield from _fields("claim", atlas.claims, ("reason",))
    for number, mention in enumerate(atlas.annotations, 1):
        yield mention.note, f"annotation {number} note"
    yield from _fields("phrase", atlas.phrases, ("note",))
    yield from _fields("cue", atlas.cues, ("note",))


def _fields(kind: str, records: Iterable[Any], fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for record in records:
        for field in fields:
            yield getattr(record, field), f"{kind} {record.id} {_CALLED.get(field, field)}"


def date_texts(atlas: Atlas) -> Texts:
    """Return the dates of the records in words, by their English words."""
    spans: list[Span | None] = [act.date for act in atlas.acts]
    spans += [line.dates for line in atlas.lines]
    spans += [site.dates for site in atlas.gazetteer.sites]
    spans += [place.founded for place in atlas.gazetteer.places]
    spans += [name.dates for name in atlas.gazetteer.toponyms]
    return {span.label(): [span_in_words(span, lang) for lang in TRANSLATED] for span in spans if span}


def compose_texts(atlas: Atlas, dates: Texts, content: Mapping[str, Any], source: str) -> Texts:
    """Return the translations that a page needs.

    Parameters
    ----------
    atlas : Atlas
        It has the translations of the records.
    dates : Texts
        As `date_texts` returns them.
    content : mapping
        All that the page says of them.
    source : str
        The document and the scripts of the page, in which its phrases stand.
    """
    phrases = {lang: interface(lang).forms for lang in TRANSLATED}
    said = set(_strings(content))
    there = _phrases_in(source)
    used = [english for english in _phrases() if english in said or english in there]
    records = {lang: catalogue.forms for lang, catalogue in atlas.translations.items()}
    known = dict.fromkeys(key for forms in records.values() for key in forms if key in said)
    told = {english: words for english, words in dates.items() if english in said}
    return told | texts_of(known, records) | texts_of(used, phrases)


def _phrases() -> dict[str, None]:
    return dict.fromkeys(key for lang in TRANSLATED for key in interface(lang).forms)


@lru_cache(maxsize=8)  # the scripts of each kind of page are the same for every article
def _phrases_in(source: str) -> frozenset[str]:
    return frozenset(
        english
        for english in _phrases()
        if json.dumps(english, ensure_ascii=False) in source
        or f">{html.escape(english, quote=False)}<" in source
        or f'"{html.escape(english, quote=False)}"' in source
    )


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def number_texts(content: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    """Return content with numbers in the place of long texts that are translated; ``content.js`` undoes it.

    So the English of the records stands in the page once, not in the records and again as a key.
    """
    numbers = {english: n for n, english in enumerate(texts)}

    def numbered(value: Any) -> Any:
        if isinstance(value, str):
            return {"say": numbers[value]} if len(value) >= _LONG and value in numbers else value
        if isinstance(value, Mapping):
            return {name: numbered(part) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [numbered(part) for part in value]
        return value

    rows = [[english, *said] for english, said in texts.items()]
    return {name: numbered(part) for name, part in content.items()} | {"texts": rows}
