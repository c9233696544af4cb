"""JSON as the standard has it: no NaN, no name twice in one object, not nested without end."""

from __future__ import annotations

import json
from collections import Counter
from reprlib import repr as shortened
from typing import Any

from geo.sentences import sentence


def parse_json(text: str) -> Any:
    """Return the value of a JSON text.

    A number too large for a float still becomes infinity, so that numbers are checked where they are used.

    Raises
    ------
    ValueError
        If it is no JSON, holds NaN or Infinity, a name twice in one object, or nests too deep.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_twins)
    except RecursionError as error:
        raise ValueError(sentence("it is nested too deep")) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(sentence("{name} is no number that JSON knows", name=name))


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twin = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(sentence("{name} stands twice in one object", name=shortened(twin)))
    return found
