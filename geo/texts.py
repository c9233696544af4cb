"""Which English texts there are to translate, and what of their translations a page takes along."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from geo.atlas import Atlas
from geo.content import CERTAINTIES
from geo.dates import Span
from geo.errors import ExportError
from geo.language import TRANSLATED, interface, texts_of
from geo.language.formats import span_in_words
from geo.layers import compose_layers
from geo.packing import arranged, unlike
from geo.view import LANGS

Texts = dict[str, list[Any]]
"""By English text its translations, in the order of `geo.language.TRANSLATED`."""

_CALLED = {"held_by": "heldBy", "quoted_for": "for"}
"""What the page calls a field, where that differs."""

_LONG = 16
"""Characters from which a text is worth a number instead."""

MAP_WORDS = ("in common", "undelimited", "occupied", "enclave", "disputed")
"""What the map writes in the language of its names, which may be another than the page's."""


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


def divide_texts(
    content: Mapping[str, Any], texts: Texts, languages: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the page says in English, and apart from it what the other languages need.

    Parameters
    ----------
    content : mapping
        All that the page says of the records and of the text.
    texts : dict
        As `compose_texts` returns them.
    languages : sequence of str
        Those that the page is to have.

    Returns
    -------
    content : dict
        Without the account and the tour in other languages. Long English texts that are translated stand in
        a list, ``texts``, and elsewhere by their number; ``content.js`` undoes it. So what the records say
        stands in the page once, not in the records and again as a key; and prose among prose is compressed
        best, which holds in a page that has no other language too.
    blocks : dict
        By language what is said in it: ``said``, in the order of ``texts`` and after them of the block
        ``phrases``, which has the rest of the English; the account, ``telling``; and the ``tour``. With
        ``like``, another language, all that stands under ``said`` as `geo.packing.unlike` returns it.
    """
    others = [lang for lang in TRANSLATED if lang in languages]
    content, tellings = _without_tellings(content)
    content, tours = _without_tours(content)
    content |= {"carried": [lang for lang in LANGS if lang in languages], "spoken": _spoken()}
    content = arranged(content)
    numbers: dict[str, int] = {}
    numbered = {name: _numbered(part, texts, numbers) for name, part in content.items()}
    numbered["texts"] = list(numbers)
    if not others:
        return numbered, {}
    phrases = [english for english in texts if english not in numbers]
    blocks: dict[str, Any] = {"phrases": phrases}
    for lang in others:
        place = TRANSLATED.index(lang)
        said = [texts[english][place] for english in (*numbers, *phrases)]
        blocks[lang] = {"said": said, "telling": tellings.get(lang), "tour": tours.get(lang)}
    if {"zh-Hans", "zh-Hant"} <= set(others):  # most letters are the same in both
        blocks["zh-Hant"] = {"like": "zh-Hans"} | unlike(blocks["zh-Hant"], blocks["zh-Hans"])
    return numbered, blocks


def _numbered(value: Any, texts: Texts, numbers: dict[str, int]) -> Any:
    if isinstance(value, str):
        if len(value) < _LONG or value not in texts:
            return value
        return {"say": numbers.setdefault(value, len(numbers))}
    if isinstance(value, Mapping):
        return {name: _numbered(part, texts, numbers) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_numbered(part, texts, numbers) for part in value]
    return value


def _without_tellings(content: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """Take out the account in other languages."""
    article = dict(content["article"])
    return {**content, "article": article}, article.pop("texts", {})


def _without_tours(content: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Take the tour's texts in other languages out, each as a list: its title, then those of the steps."""
    tour = content.get("tour")
    if not tour:
        return dict(content), {}
    texts = [tour["title"], *(step[part] for step in tour["steps"] for part in ("title", "text"))]
    steps = [
        {**step, **{part: {"en": step[part]["en"]} for part in ("title", "text")}} for step in tour["steps"]
    ]
    english = {**tour, "title": {"en": tour["title"]["en"]}, "steps": steps}
    said = {lang: [text.get(lang, "") for text in texts] for lang in TRANSLATED}
    return {**content, "tour": english}, said


def _spoken() -> dict[str, dict[str, str]]:
    return {lang: {word: interface(lang).say(word) for word in MAP_WORDS} for lang in TRANSLATED}


def parse_languages(asked: str) -> tuple[str, ...]:
    """Return the languages that a list names, in the order of `geo.view.LANGS`.

    Parameters
    ----------
    asked : str
        BCP 47 tags, separated by commas.

    Raises
    ------
    ExportError
        If one is not known, or none is named.

    Examples
    --------
    >>> parse_languages("ru, en")
    ('en', 'ru')
    """
    found = [tag.strip() for tag in asked.split(",")]
    if unknown := [tag for tag in found if tag not in LANGS]:
        raise ExportError(f"there is no language {unknown[0][:40]!r}; the languages are {', '.join(LANGS)}")
    return tuple(lang for lang in LANGS if lang in found)
