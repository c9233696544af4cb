"""``python -m tests.gold``: how well mentions are found; 1 as exit status where not well enough."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import get_args

from geo.linker import MentionType
from geo.reading import load_atlas
from tests.gold.marks import UNSEEN, folder_texts, gold_texts
from tests.gold.scoring import BARS, Count, Score, score_texts, total

_HEAD = f"{'':<16}{'marked':>8}{'found':>8}{'right':>8}{'precision':>11}{'recall':>9}{'F1':>8}"


def main() -> int:
    """Print the figures and the faults."""
    linker = load_atlas().linker
    scores = score_texts(linker, gold_texts())
    unseen = total(score_texts(linker, folder_texts(UNSEEN)).values())
    sys.stdout.writelines(f"{line}\n" for line in report(scores))
    sys.stdout.write(f"\nTexts that no rule was made with:\n{_HEAD}\n{_row('all', unseen.count())}\n")
    return 1 if total(scores.values()).shortfalls() else 0


def report(scores: Mapping[str, Score]) -> Iterator[str]:
    """Yield the lines of a report: by type, by text, each fault, and what is not good enough."""
    whole = total(scores.values())
    yield _HEAD
    for kind in get_args(MentionType):
        yield _row(kind, whole.count(kind)) + (f"  (at least {BARS[kind]})" if kind in BARS else "")
    yield _row("all", whole.count()) + f"  (at least {BARS['all']})"
    yield ""
    yield _HEAD
    for name, one in scores.items():
        yield _row(name, one.count())
    for name, one in scores.items():
        if one.faults:
            kinds = (kind for kind in get_args(MentionType) if one.count(kind) != (0, 0, 0))
            yield ""
            yield f"{name}: " + ", ".join(f"{kind} {one.count(kind).f1:.3f}" for kind in kinds)
            yield from (f"  {fault}" for fault in one.faults)
    yield ""
    yield from whole.shortfalls() or ["Good enough: every bar is met and nothing sure is wrong."]


def _row(name: str, count: Count) -> str:
    figures = f"{count.marked:>8}{count.found:>8}{count.right:>8}"
    return f"{name:<16}{figures}{count.precision:>11.3f}{count.recall:>9.3f}{count.f1:>8.3f}"


if __name__ == "__main__":
    sys.exit(main())
