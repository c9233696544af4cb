"""``python -m tests.bench.linking [--quick]``: our linker beside others, on the same names and texts.

Each contender runs in a process of its own; the rounds go in turn, so that other load on the machine
meets all alike. Times are processor seconds. The peers live in an environment that this makes, apart
from the one that runs it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from geo.linker import Mention
from geo.reading import load_atlas
from tests.bench.contenders import CONTENDERS, OURS
from tests.bench.measuring import MB, PYTHON, ROOT, Part, Result, cell, peers_python, spread, table
from tests.bench.texts import Name, invented_names, write_texts
from tests.gold.marks import GoldText, gold_texts
from tests.gold.scoring import Count, score, total

PEERS = ("spacy==3.8.18", "flashtext==2.7", "flashtext2==1.1.0")
_SECONDS_A_ROUND = 8.0


class Contender:
    """A way of finding names, running in a process of its own.

    Parameters
    ----------
    name : str
        One of `CONTENDERS`.
    python : Path
        The Python that runs it.
    """

    def __init__(self, name: str, python: Path) -> None:
        self.name = name
        command = [str(python), str(Path(__file__).with_name("contenders.py")), name]
        environment = {**os.environ, "PYTHONPATH": str(ROOT) if name in OURS else ""}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment | {"PYTHONUTF8": "1"},
        )
        self.build_s = 0.0

    def ask(self, **job: object) -> dict[str, Any]:
        """Give the process a job and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with {self._process.wait()} before it answered")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def seek(self, names: Sequence[Name]) -> None:
        """Let it get ready to find these names."""
        self.build_s = self.ask(names=names)["build_s"]

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


def measure(*, quick: bool, rounds: int) -> Result:
    """Return how fast each contender is, and what it finds."""
    count, size = (200, MB // 50) if quick else (10_000, 10 * MB)
    pythons = dict.fromkeys(OURS, PYTHON)
    if not quick:
        pythons |= dict.fromkeys(CONTENDERS.keys() - pythons.keys(), peers_python(*PEERS))
    gold = gold_texts()
    own = own_names()
    invented = invented_names(count)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.tsv"
        write_texts(file, size, gold, invented)
        contenders = [Contender(name, pythons[name]) for name in CONTENDERS if name in pythons]
        found = {one.name: finds_on_gold(one, own, gold) for one in contenders}
        speed = race(contenders, [*own, *invented], file, size, rounds)
    return {
        "names": len(own) + count,
        "contenders": [{"name": name, **found[name], **speed[name]} for name in found],
    }


def own_names() -> list[Name]:
    """Return the names of our gazetteer."""
    return [Name(name.form, name.lang, name.place) for name in load_atlas().gazetteer.toponyms]


def finds_on_gold(contender: Contender, own: Sequence[Name], gold: Sequence[GoldText]) -> dict[str, Any]:
    """Return how well a contender finds the places of the marked texts, with our names alone."""
    contender.seek(own)
    scores = []
    for text in gold:
        passages = text.article.own
        # one language for all of a text, as a program would have to guess it
        spans = contender.ask(passages=[(text.lang, passage.text) for passage in passages])["spans"]
        if len(spans) != len(passages):  # the text in one piece
            spans = split(spans[0], [passage.text for passage in passages])
        found = [
            Mention(passage.id, start, end, passage.text[start:end], "place", tuple(target.split()), "", 1)
            for passage, places in zip(passages, spans, strict=True)
            for start, end, target in places
        ]
        scores.append(score(text.name, [mark for mark in text.mentions if mark.type == "place"], found))
    whole = total(scores)
    count: Count = whole.count("place")
    figures = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
    return {"places": figures, "false_pins": len(whole.pins)}


def split(spans: Sequence[tuple[int, int, str]], texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
    """Return the spans of a text by the passages that a line end apart make it up, counted in each."""
    parts: list[list[tuple[int, int, str]]] = []
    begin = 0
    for text in texts:
        end = begin + len(text)
        parts.append([(s - begin, e - begin, target) for s, e, target in spans if begin <= s < end])
        begin = end + 1
    return parts


def race(
    contenders: Sequence[Contender], names: Sequence[Name], file: Path, size: int, rounds: int
) -> dict[str, dict[str, Any]]:
    """Return the speed of each contender, measured in turn; the slow get a smaller piece of the text."""
    for one in contenders:
        one.seek(names)
    pieces = {one.name: piece(one, file, size) for one in contenders}
    answers: dict[str, list[dict[str, Any]]] = {one.name: [] for one in contenders}
    for number in range(1, rounds + 1):
        print(f"round {number} of {rounds}: {', '.join(pieces)}", file=sys.stderr)
        for one in contenders:
            answers[one.name].append(one.ask(file=str(file), bytes=pieces[one.name]))
    for one in contenders:
        one.close()
    figures = {}
    for one in contenders:
        pace = [pieces[one.name] / MB / answer["cpu_s"] for answer in answers[one.name]]
        figures[one.name] = {
            "bytes": pieces[one.name],
            "mb_per_s": spread(pace),
            "found": answers[one.name][-1]["found"],
            "peak_mb": max(answer["peak_mb"] for answer in answers[one.name]),
            "build_s": one.build_s,
        }
    best = figures[OURS[1]]["mb_per_s"]["median"]
    return {name: {**one, "ratio": one["mb_per_s"]["median"] / best} for name, one in figures.items()}


def piece(contender: Contender, file: Path, size: int) -> int:
    """Return how much of the text a contender can do in some eight seconds."""
    part = size
    for share in (100, 10):
        taken = contender.ask(file=str(file), bytes=size // share)["cpu_s"]
        part = size // share
        if taken * 10 > _SECONDS_A_ROUND:
            return part
    return size


def report(result: Result) -> Iterator[str]:
    """Yield the table of the figures, in Markdown."""
    yield f"{result['names']:,} names."
    yield ""
    heads = ("", "precision", "recall", "F1", "false pins", "MB/s", "ratio", "of MB", "peak MB", "ready in s")
    yield from table(heads, map(_row, result["contenders"]))


def _row(one: dict[str, Any]) -> list[str]:
    scores = (f"{one['places'][key]:.3f}" for key in ("precision", "recall", "f1"))
    pace = (cell(one["mb_per_s"], 2), f"{one['ratio']:.2f}", f"{one['bytes'] / MB:g}")
    needs = (f"{one['peak_mb']:.0f}", f"{one['build_s']:.2f}")
    return [one["name"], *scores, str(one["false_pins"]), *pace, *needs]


PART = Part("linking", __doc__, measure, report, packages=("ahocorasick_rs", *PEERS))

if __name__ == "__main__":
    sys.exit(PART.main())
