"""What the linker finds: mentions, and the names that a reader's gazetteer adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

MentionType = Literal["place", "area", "act", "group", "government", "part-of-name", "not-a-place"]

Outcome = Literal[MentionType, "none"]
"""What deciding may come to; ``none`` is not marked at all."""

NAME = "name"
"""The rule of a mention that is simply a name of the gazetteer."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a passage that speaks of something on the map, or only seems to.

    Parameters
    ----------
    passage : str
        The id of the passage.
    start, end : int
        Where it begins and ends, in code points of the passage's text.
    exact : str
        The stretch itself.
    type : str
        ``place``, ``area``, ``act``, ``group``, ``government`` (a city that stands for one),
        ``part-of-name`` (of a newspaper, a club, a gulf, ...) or ``not-a-place``.
    targets : tuple of str
        Ids of places, areas or acts; empty where there is nothing to point at.
    rule : str
        The id of the phrase or the cue that decided, ``name`` for a name, ``curated`` for a person's work.
    confidence : float
        0 to 1.
    note : str
        A sentence for the reader, or nothing.
    evidence : str
        The words of the text that decided, or nothing.
    """

    passage: str
    start: int
    end: int
    exact: str
    type: MentionType
    targets: tuple[str, ...]
    rule: str
    confidence: float
    note: str = ""
    evidence: str = ""


class LinkName(NamedTuple):
    """A name to be found beside those of the gazetteer.

    Parameters
    ----------
    form : str
        The name as written; in the nominative, for its case forms are made by rule.
    lang : str
        BCP 47 language, or ``und`` where it is not known.
    target : str
        The id that it points at.
    type : str
        Of its mentions.
    confidence : float
        0 to 1.
    """

    form: str
    lang: str
    target: str
    type: MentionType = "place"
    confidence: float = 0.95
