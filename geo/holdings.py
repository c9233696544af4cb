"""Who held which area from when to when, by which act, and how surely.

A holding is a state of one area between two days, both included. The holdings of an area follow one
another without gap or overlap from the Treaty of Nerchinsk to today; `faults` finds where they do not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from geo.citations import Cited, Slug
from geo.dates import FIRST_DAY, Span, parse_iso_day
from geo.gazetteer import Blank, Dates, Ids

Status = Literal["held", "common", "undelimited", "occupied", "enclave", "disputed"]
"""``held``; ``common``: in common possession; ``undelimited``: no line drawn yet; ``occupied``: the
holder is there, the claimants had it by treaty; ``enclave``: the holder administers it inside the
claimants' territory; ``disputed``: the holder has it in fact, the claimants contest that."""

_OPEN = ".."


def _day(text: object) -> object:
    return parse_iso_day(text.strip()) if isinstance(text, str) else text


def _last_day(text: object) -> object:
    return None if isinstance(text, str) and text.strip() == _OPEN else _day(text)


class Polity(Cited):
    """A state in one of its forms, such as the Qing Empire or the Soviet Union.

    Parameters
    ----------
    family : str
        What it is drawn as: successive forms of a state share a tint.
    dates : Span
        When it existed, by the day where that is known.
    """

    id: Slug
    family: Literal["russia", "china", "manchukuo", "japan", "korea", "mongolia"]
    name_en: str = Field(min_length=1)
    name_ru: str = Field(min_length=1)
    name_zh_hans: str = Field(min_length=1)
    name_zh_hant: str = Field(min_length=1)
    dates: Dates
    note: str


class Holding(Cited):
    """The state of one area between two days.

    Parameters
    ----------
    area : str
        Id of the area, or of a site that is an island too small to draw.
    start, end : datetime.date, date or None
        The first and the last day; None for the end where it lasts to this day. Written ``from``
        and ``to`` in the data.
    holders, claimants : tuple of str
        Ids of polities; what each is depends on the status.
    act : str or None
        Id of the act that began this state.
    """

    area: Slug
    start: Annotated[date, BeforeValidator(_day), Field(alias="from")]
    end: Annotated[date | None, BeforeValidator(_last_day), Field(alias="to")]
    holders: Ids
    claimants: Ids
    status: Status
    act: Annotated[Slug | None, Blank]
    note: str

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of this state's."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Holdings:
    """All holdings, and the polities that they name.

    Parameters
    ----------
    polities : mapping of str to Polity
        By id.
    records : tuple of Holding
        In the order of the data.
    """

    polities: Mapping[str, Polity]
    records: tuple[Holding, ...]

    @cached_property
    def _chains(self) -> dict[str, list[Holding]]:
        chains: dict[str, list[Holding]] = {}
        for record in sorted(self.records, key=lambda record: record.start):
            chains.setdefault(record.area, []).append(record)
        return chains

    @property
    def areas(self) -> frozenset[str]:
        """The ids that have holdings."""
        return frozenset(self._chains)

    def chain(self, area: str) -> tuple[Holding, ...]:
        """Return the holdings of an area, oldest first."""
        return tuple(self._chains.get(area, ()))

    def on(self, area: str, day: date) -> Holding | None:
        """Return the holding of an area on a day; None before the first, or for an area without any."""
        chain = self._chains.get(area, [])
        at = bisect_right(chain, day, key=lambda holding: holding.start) - 1
        return chain[at] if at >= 0 and chain[at].covers(day) else None

    def describe(self, holding: Holding) -> str:
        """Return in words who held an area and how.

        Examples
        --------
        ``Russian Empire and Qing Empire, in common``; ``Empire of Japan, occupying land of Soviet Union``.
        """
        holders = " and ".join(self.polities[name].name_en for name in holding.holders)
        claimants = " and ".join(self.polities[name].name_en for name in holding.claimants)
        if holding.status == "common":
            return f"{holders}, in common"
        if holding.status == "undelimited":
            if len(holding.holders) > 1:
                return f"undelimited between {holders}"
            return f"{holders}, undelimited" if holders else "undelimited"
        if holding.status == "occupied":
            return f"{holders}, occupying" + (f" land of {claimants}" if claimants else "")
        if holding.status == "enclave":
            return f"{holders}, an enclave" + (f" inside the land of {claimants}" if claimants else "")
        if holding.status == "disputed":
            return f"{holders}, disputed" + (f" by {claimants}" if claimants else "")
        return holders


def faults(holdings: Holdings, wanted: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the record, the field and the fault of everything that does not fit.

    Parameters
    ----------
    holdings : Holdings
        All that could be read.
    wanted : iterable of str
        The ids that need a chain without gap or overlap from `geo.dates.FIRST_DAY` to today.
    """
    for area in wanted:
        yield from _broken(area, holdings.chain(area))
    for record in holdings.records:
        yield from _misfits(record, holdings.polities)


def _broken(area: str, chain: tuple[Holding, ...]) -> Iterator[tuple[str, str, str]]:
    if not chain:
        yield area, "", f"nobody holds it; add a row from {FIRST_DAY} to `..`"
        return
    if chain[0].start != FIRST_DAY:
        yield _name(chain[0]), "from", f"the first row of an area starts on {FIRST_DAY}"
    for before, after in pairwise(chain):
        if before.end is None or before.end >= after.start:
            until = before.end or _OPEN
            yield _name(after), "from", f"it overlaps the row before, which lasts to {until}"
        elif after.start - before.end > timedelta(days=1):
            yield _name(after), "from", f"there is a gap after {before.end}, where the row before ends"
    if chain[-1].end is not None:
        yield _name(chain[-1]), "to", "the last row of an area lasts to today; write `..`"


def _misfits(record: Holding, polities: Mapping[str, Polity]) -> Iterator[tuple[str, str, str]]:
    if record.end is not None and record.end < record.start:
        yield _name(record), "to", f"it ends on {record.end}, before it starts"
    if len(record.holders) < (least := {"undelimited": 0, "common": 2}.get(record.status, 1)):
        yield _name(record), "holders", f"{record.status!r} needs at least {least}"
    if record.status in ("held", "common") and record.claimants:
        yield _name(record), "claimants", f"{record.status!r} has none; is the status right?"
    if record.status in ("disputed", "enclave") and not record.claimants:
        yield _name(record), "claimants", f"{record.status!r} needs one; is the status right?"
    everyone = (*record.holders, *record.claimants)
    if twice := {name for name in everyone if everyone.count(name) > 1}:
        yield _name(record), "holders", f"{', '.join(sorted(twice))} stands twice in one row"
    for field in ("holders", "claimants"):
        for name in getattr(record, field):
            polity = polities.get(name)
            # An unknown one is reported with the other unknown ids.
            if polity is not None and polity.dates is not None and not _exists(polity.dates, record):
                fault = f"{name} existed {polity.dates.edtf} only, not on all days of this row"
                yield _name(record), field, fault


def _exists(dates: Span, record: Holding) -> bool:
    early = dates.start is None or dates.start <= record.start
    late = dates.end is None or (record.end is not None and record.end <= dates.end)
    return early and late


def _name(record: Holding) -> str:
    return f"{record.area} {record.start}"
