"""Linking text to places: names and phrases found in an article, typed, or left without a target.

All forms are sought in one pass; where several fit, the one that starts first and is longest wins, so
that a treaty's name hides the city in it. What the words around a mention say of it decides next. All
rules are tables of the data, and each mention names the rule and the words that decided.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby

from geo.article import Article
from geo.gazetteer import Gazetteer
from geo.linker.deciding import Decider
from geo.linker.finding import Finder, Found
from geo.linker.inflection import Ending, Inflector
from geo.linker.lexicon import Lexicon
from geo.linker.mention import NAME, LinkName, Mention, MentionType
from geo.linker.phrases import Cue, Phrase

__all__ = ["NAME", "Cue", "Ending", "Found", "LinkName", "Linker", "Mention", "MentionType", "Phrase"]


class Linker:
    """Finds the mentions of an article.

    Parameters
    ----------
    gazetteer : Gazetteer
        The places and their names.
    phrases : sequence of Phrase
        What is known beyond the names; a phrase takes precedence over a name of the same form.
    names : sequence of LinkName
        Names that others add, as a reader's gazetteer; one of ours takes precedence.
    cues : sequence of Cue
        The words near a mention that change it.
    endings : sequence of Ending
        By which the case forms of names and phrases are made.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        phrases: Sequence[Phrase],
        names: Sequence[LinkName] = (),
        *,
        cues: Sequence[Cue] = (),
        endings: Sequence[Ending] = (),
    ) -> None:
        self._finder = Finder(Lexicon(gazetteer, phrases, names, Inflector(endings)))
        self._decider = Decider([place.id for place in gazetteer.places], cues)

    def find(self, text: str) -> Iterator[Found]:
        """Yield the forms that stand in a text, in order, none overlapping, with what each means by itself.

        Parameters
        ----------
        text : str
            NFC.
        """
        return self._finder.find(text)

    def mentions(self, article: Article) -> tuple[Mention, ...]:
        """Return the mentions in the headings and the text of an article, in order, none overlapping."""
        passages = article.own
        whole = "\n".join(passage.text for passage in passages)
        starts = list(accumulate((len(passage.text) + 1 for passage in passages), initial=0))
        mentions: list[Mention] = []
        for number, group in groupby(self.find(whole), lambda one: bisect_right(starts, one.start) - 1):
            shift = starts[number]
            found = [one._replace(start=one.start - shift, end=one.end - shift) for one in group]
            mentions += self._decider.mentions(passages[number].id, passages[number].text, found)
        return tuple(mentions)
