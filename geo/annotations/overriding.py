"""What people marked, put before what was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from geo.linker import Mention


def apply_curated(found: Iterable[Mention], curated: Iterable[Mention]) -> tuple[Mention, ...]:
    """Put mentions that a person marked in the place of every found one that they overlap.

    A mark of the type ``not-a-place`` replaces likewise, so that it takes a wrong mention away.

    Parameters
    ----------
    found : iterable of Mention
        What a linker found; none overlapping.
    curated : iterable of Mention
        What people marked in the same article; none overlapping.

    Returns
    -------
    tuple of Mention
        In the order of the text, none overlapping.
    """
    marked = sorted(curated, key=_order)
    starts = [_order(mention) for mention in marked]
    ends = [(_order(mention)[0], mention.end) for mention in marked]

    def is_free(mention: Mention) -> bool:
        number, start = _order(mention)
        return bisect_right(ends, (number, start)) == bisect_left(starts, (number, mention.end))

    return tuple(sorted([*filter(is_free, found), *marked], key=_order))


def _order(mention: Mention) -> tuple[int, int]:
    return int(mention.passage[1:]), mention.start
