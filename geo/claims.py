"""The ledger of claims: what the account repeats, weighed against the sources."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from geo.citations import Cited, Record, Slug
from geo.gazetteer import Ids


class Claim(Cited):
    """One claim with a place or a date, and what the sources say of it.

    Parameters
    ----------
    passage : str
        The passage of the account that repeats it, such as ``p3``.
    exact : str
        The words that carry it, as they stand in the passage.
    verdict : str
        ``supported``, ``imprecise``, ``contradicted`` by the sources cited, or ``unverifiable`` from them.
    reason : str
        One sentence of ours: why.
    targets : tuple of str
        Ids of the places, areas and acts that it is about.
    """

    id: Slug
    passage: str = Field(pattern=r"^p[1-9]\d*$")
    exact: str = Field(min_length=1)
    verdict: Literal["supported", "imprecise", "contradicted", "unverifiable"]
    reason: str = Field(min_length=1)
    targets: Ids


class Wording(Record):
    """The words of one claim in our account in another language.

    Parameters
    ----------
    id : str
        Of the claim.
    exact : str
        The words that carry it, as they stand in that language in the claim's passage.
    """

    id: Slug
    exact: str = Field(min_length=1)
