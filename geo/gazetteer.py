"""The gazetteer: places, the names they have borne, and look-up by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from geo.citations import Certainty, Citations, Cited, Record, Slug, parse_citations
from geo.dates import Span, parse_span


def _span(text: object) -> object:
    if isinstance(text, str):
        return parse_span(text.strip()) if text.strip() else None
    return text


def _none_if_blank(text: object) -> object:
    return None if isinstance(text, str) and not text.strip() else text


def _words(text: object) -> object:
    return tuple(text.split()) if isinstance(text, str) else text


def _citations_if_any(text: object) -> object:
    return () if isinstance(text, str) and not text.strip() else parse_citations(text)


Dates = Annotated[Span | None, BeforeValidator(_span)]
"""An EDTF date or span; None where the data leaves it blank."""

Ids = Annotated[tuple[Slug, ...], BeforeValidator(_words)]
"""Ids separated by spaces."""

Forms = Annotated[tuple[str, ...], BeforeValidator(_words)]
"""Names without a space in them, separated by spaces."""

Blank = BeforeValidator(_none_if_blank)
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class Names(Record):
    """A name in the four languages of the labels."""

    en: str = Field(min_length=1)
    ru: str = Field(min_length=1)
    zh_hans: str = Field(alias="zh-Hans", min_length=1)
    zh_hant: str = Field(alias="zh-Hant", min_length=1)

    def by_lang(self) -> dict[str, str]:
        """Return the names keyed by their BCP 47 language."""
        return {"en": self.en, "ru": self.ru, "zh-Hans": self.zh_hans, "zh-Hant": self.zh_hant}


class Toponym(Cited):
    """One name of one place.

    Parameters
    ----------
    place : str
        The id of the place.
    form : str
        The name as written.
    lang : str
        BCP 47 language and script.
    kind : str
        ``official``, ``bracketed`` (by the 2023 rule), ``transliteration``, ``historical``, ...;
        ``pronunciation`` is no name, but how one is said.
    dates : Span or None
        When it was in use.
    reads : tuple of str
        The forms of the same place that this one says in Latin letters, as pinyin with tone marks does.
    origin : str or None
        How sure the origin of the name is that the note gives; None where it gives none.
    """

    place: Slug
    form: str = Field(min_length=1, max_length=120)
    lang: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    kind: Literal[
        "official", "bracketed", "transliteration", "historical", "indigenous", "variant", "pronunciation"
    ]
    dates: Dates
    reads: Forms = ()
    origin: Annotated[Certainty | None, Blank] = None
    note: str


class Place(Cited):
    """One of the eight places of the 2023 map rule.

    Parameters
    ----------
    number : int
        Its position in the rule, 1 to 8.
    kind : str
        ``town``, ``island`` or ``range``.
    lon, lat : float
        Degrees, OGC:CRS84: of the town, or of the spot where the number stands.
    features : tuple of str
        Ids of the areas or lines that are the place itself; empty for a town.
    within : str or None
        Id of the area in which a town lies.
    act : str
        Id of the act by which the land became Russian.
    """

    id: Slug
    number: int = Field(ge=1, le=8)
    kind: Literal["town", "island", "range"]
    lon: Longitude
    lat: Latitude
    features: Ids
    within: Annotated[Slug | None, Blank]
    founded: Dates
    founded_note: str
    population_2021: Annotated[Annotated[int, Field(ge=0)] | None, Blank]
    population_citations: Annotated[Citations, BeforeValidator(_citations_if_any)]
    geonames: Annotated[Annotated[str, Field(pattern=r"^\d+$")] | None, Blank]
    wikidata: Annotated[Annotated[str, Field(pattern=r"^Q\d+$")] | None, Blank]
    act: Slug
    act_note: str = Field(min_length=1)


class Site(Cited):
    """A point of history that is none of the eight places: a post, a fort, a boundary mark, an island.

    Parameters
    ----------
    lon, lat : float
        Degrees, OGC:CRS84.
    dates : Span or None
        When there was something to show; None for always.
    act : str or None
        Id of the act that it belongs to.
    """

    id: Slug
    kind: Literal["post", "mark", "island", "fort"]
    lon: Longitude
    lat: Latitude
    name_en: str = Field(min_length=1)
    name_ru: str = Field(min_length=1)
    name_zh_hans: str = Field(min_length=1)
    name_zh_hant: str = Field(min_length=1)
    dates: Dates
    act: Annotated[Slug | None, Blank]
    note: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The places in the order of the rule, their names, and the other points of history."""

    places: tuple[Place, ...]
    toponyms: tuple[Toponym, ...]
    sites: tuple[Site, ...] = ()

    @property
    def names(self) -> tuple[Toponym, ...]:
        """The names of all places, without what only says how one is pronounced."""
        return tuple(name for name in self.toponyms if name.kind != "pronunciation")

    def names_of(self, place: str) -> tuple[Toponym, ...]:
        """Return the names of a place, in the order of the data."""
        return tuple(name for name in self.names if name.place == place)

    def readings_of(self, name: Toponym) -> tuple[Toponym, ...]:
        """Return how a name is pronounced, in each way that is known."""
        return tuple(each for each in self.toponyms if each.place == name.place and name.form in each.reads)

    def name(self, place: str, lang: str) -> str:
        """Return the name to put on the map.

        In Chinese it is written as the 2023 rule writes it: the transliteration, then the older
        Chinese name in brackets. Where a language has no official name, the English one serves.

        Parameters
        ----------
        place : str
            The id of the place.
        lang : str
            BCP 47 language: ``en``, ``ru``, ``zh-Hans`` or ``zh-Hant``.
        """
        forms = {(n.lang, n.kind): n.form for n in reversed(self.names_of(place))}
        if main := forms.get((lang, "transliteration")):
            bracketed = forms.get((lang, "bracketed"))
            return f"{main}（{bracketed}）" if bracketed else main
        return forms.get((lang, "official")) or forms.get(("en", "official")) or place
