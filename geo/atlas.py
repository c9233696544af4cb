"""The atlas: all records of ``data/`` as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from geo.article import Article, FurnitureRule
from geo.basemap import Basemap
from geo.citations import Source
from geo.claims import Claim
from geo.gazetteer import Gazetteer
from geo.holdings import Holdings
from geo.linker import Linker, Mention, Phrase
from geo.territory import Act, Area, Line, QuotedArea, RivalReading


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
    furniture: tuple[FurnitureRule, ...]
    phrases: tuple[Phrase, ...]

    @cached_property
    def linker(self) -> Linker:
        """The linker over this gazetteer and these phrases."""
        return Linker(self.gazetteer, self.phrases)

    @cached_property
    def place_ids(self) -> tuple[str, ...]:
        """The ids of the eight places, in the order of the rule."""
        return tuple(place.id for place in self.gazetteer.places)
