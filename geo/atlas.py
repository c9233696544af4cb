"""The atlas: all records of ``data/`` as frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from geo.article import Article, FurnitureRule
from geo.basemap import Basemap
from geo.citations import Source
from geo.claims import Claim
from geo.gazetteer import Gazetteer
from geo.holdings import Holdings
from geo.language import Catalogue
from geo.linker import Cue, Ending, Linker, LinkName, Mention, Phrase
from geo.territory import Act, Area, Line, QuotedArea, RivalReading
from geo.tour import Tour

_ADDED = re.compile(r"[,(（，]")
"""What begins an explanation of ours within the name of an act."""


@dataclass(frozen=True)
class Telling:
    """Our account in another language, passage for passage.

    Parameters
    ----------
    article : Article
        The text; its passages have the ids and kinds of the English account.
    annotations : tuple of Mention
        Its curated mentions. Their notes are in English, as all that records say.
    words : mapping of str to str
        By the id of a claim, the words that carry it.
    """

    article: Article
    annotations: tuple[Mention, ...]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Atlas:
    """Everything the map knows.

    Parameters
    ----------
    version : str
        Of the data, from ``datapackage.json``.
    digest : str
        SHA-256 over the names and contents of all files of the data, hexadecimal.
    sources : mapping of str to Source
        The bibliography by key.
    account : Article
        Our own account of the article.
    annotations : tuple of Mention
        The curated mentions of the account.
    claims : tuple of Claim
        What the account repeats, weighed against the sources.
    tellings : mapping of str to Telling
        Our account in the other languages, by BCP 47 tag; one that is damaged is not there.
    tour : Tour or None
        The guided tour; None where its file is damaged.
    translations : mapping of str to Catalogue
        By language, what the records say in it.
    missing : tuple of str
        What was left out because its file is damaged, in words; nothing, as a rule.
    """

    version: str
    digest: str
    sources: Mapping[str, Source]
    gazetteer: Gazetteer
    acts: tuple[Act, ...]
    areas: tuple[Area, ...]
    lines: tuple[Line, ...]
    readings: tuple[RivalReading, ...]
    holdings: Holdings
    quoted_areas: tuple[QuotedArea, ...]
    basemap: Basemap
    account: Article
    annotations: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    tellings: Mapping[str, Telling]
    furniture: tuple[FurnitureRule, ...]
    phrases: tuple[Phrase, ...]
    cues: tuple[Cue, ...]
    endings: tuple[Ending, ...]
    tour: Tour | None
    translations: Mapping[str, Catalogue] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @cached_property
    def linker(self) -> Linker:
        """The linker over this gazetteer and what is known beyond its names."""
        return self.linker_with(())

    def linker_with(self, names: Sequence[LinkName]) -> Linker:
        """Return a linker that finds more names too; ours take precedence over one of the same form."""
        names = [*_act_names(self.acts), *names]
        return Linker(self.gazetteer, self.phrases, names, cues=self.cues, endings=self.endings)

    def say(self, english: str, lang: str) -> str:
        """Return a text of the records in a language, or as it is where there is no translation."""
        return self.translations[lang].say(english) if lang in self.translations else english

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all names of places, by which a word broken at the end of a line is known again."""
        return frozenset(word for name in self.gazetteer.names for word in name.form.split())

    @cached_property
    def place_ids(self) -> tuple[str, ...]:
        """The ids of the eight places, in the order of the rule."""
        return tuple(place.id for place in self.gazetteer.places)


def _act_names(acts: Iterable[Act]) -> Iterator[LinkName]:
    """Yield the names of acts that texts use: those of agreements and rules, not our words for a deed."""
    for act in acts:
        if act.kind not in ("occupation", "clash"):
            names = {
                "en": act.name_en,
                "ru": act.name_ru,
                "zh-Hans": act.name_zh_hans,
                "zh-Hant": act.name_zh_hant,
            }
            for lang, name in names.items():
                if not _ADDED.search(name):
                    yield LinkName(name, lang, act.id, "act", 0.9)
