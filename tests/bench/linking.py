"""``python -m tests.bench.linking [--quick]``: our linker beside others, on the same names and texts.

Each contender runs in a process of its own; the rounds go in turn, so that other load on the machine
meets all alike. Times are processor seconds. The peers live in an environment that this makes, apart
from the one that runs it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from geo.linker import Mention
from geo.reading import load_atlas
from tests.bench.contenders import CONTENDERS, OURS
from tests.bench.texts import Name, invented_names, paragraphs
from tests.gold.marks import GoldText, gold_texts
from tests.gold.scoring import Count, score, total

ROOT = Path(__file__).parents[2]
PEERS = ("spacy==3.8.18", "flashtext==2.7", "flashtext2==1.1.0")
MB = 1_000_000
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.linking", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small, without peers: shows that it runs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("linking.json"))
    options = parser.parse_args(arguments)
    result = measure(quick=options.quick, rounds=options.rounds)
    print("\n".join(report(result)))
    options.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


def measure(*, quick: bool, rounds: int) -> dict[str, Any]:
    """Return all figures."""
    count = 200 if quick else 10_000
    size, sizes = (MB // 50, (MB // 50, MB // 10)) if quick else (10 * MB, (MB, 10 * MB, 100 * MB))
    pythons = dict.fromkeys(OURS, Path(sys.executable))
    if not quick:
        pythons |= dict.fromkeys(CONTENDERS.keys() - pythons.keys(), peers_python())
    started, load = datetime.now(UTC).isoformat(timespec="seconds"), os.getloadavg()
    gold = gold_texts()
    own = [Name(name.form, name.lang, name.place) for name in load_atlas().gazetteer.toponyms]
    invented = invented_names(count)
    names = [*own, *invented]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.tsv"
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(
                f"{lang}\t{text}\n" for lang, text in paragraphs(max(size, *sizes), gold, invented)
            )
        contenders = [Contender(name, pythons[name]) for name in CONTENDERS if name in pythons]
        found = {one.name: finds_on_gold(one, own, gold) for one in contenders}
        speed = race(contenders, names, file, size, rounds)
        grower = Contender(OURS[1], pythons[OURS[1]])
        grower.seek(names)
        growth = [grown(grower, file, step, rounds) for step in sorted(sizes)]
        grower.close()
    return {
        "machine": machine(),
        "versions": versions(),
        "started": started,
        "load": {"before": load, "after": os.getloadavg()},
        "names": len(names),
        "rounds": rounds,
        "contenders": [{"name": name, **found[name], **speed[name]} for name in found],
        "growth": growth,
        "slope": slope([(one["bytes"], one["cpu_s"]["median"]) for one in growth]),
    }


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


def grown(contender: Contender, file: Path, size: int, rounds: int) -> dict[str, Any]:
    """Return time and memory of a contender on so much text; its peak is right if less text went before."""
    answers = [contender.ask(file=str(file), bytes=size) for _ in range(rounds)]
    return {
        "bytes": size,
        "found": answers[-1]["found"],
        "cpu_s": spread([answer["cpu_s"] for answer in answers]),
        "peak_mb": answers[-1]["peak_mb"],
        "with_text_mb": answers[0]["before_mb"],
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the median of some figures, the least and the most."""
    return {"median": median(values), "least": min(values), "most": max(values)}


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent of growth from the first point to the last: 1 where time grows as size does.

    Examples
    --------
    >>> slope([(1, 2), (10, 20), (100, 200)])
    1.0
    """
    (first, start), (last, end) = points[0], points[-1]
    return round(math.log(end / start) / math.log(last / first), 3)


def peers_python() -> Path:
    """Return the Python of the environment of the peers, which is made where it is missing."""
    folder = ROOT / ".venv-bench"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True, stderr=subprocess.DEVNULL)
    return python


def machine() -> dict[str, Any]:
    """Return what the machine is."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {"processor": models[0] if models else platform.processor(), "cores": os.cpu_count()}


def versions() -> dict[str, str]:
    """Return the versions of what was measured."""
    own = {name: metadata.version(name) for name in ("ahocorasick_rs",)}
    peers = dict(peer.split("==") for peer in PEERS)
    return {"Python": platform.python_version(), "system": platform.platform(), **own, **peers}


def report(result: dict[str, Any]) -> Iterator[str]:
    """Yield the tables of the figures, in Markdown."""
    machine, load = result["machine"], result["load"]
    yield f"{result['started']}, {machine['processor']}, {machine['cores']} cores."
    yield f"Load before {load['before'][0]:.1f}, after {load['after'][0]:.1f}. {result['names']:,} names."
    yield f"{result['rounds']} rounds; the median, in brackets the least and the most."
    yield ""
    yield "| | precision | recall | F1 | false pins | MB/s | ratio | of MB | peak MB | ready in s |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for one in result["contenders"]:
        places, pace = one["places"], one["mb_per_s"]
        cells = [one["name"], *(f"{places[key]:.3f}" for key in ("precision", "recall", "f1"))]
        cells += [str(one["false_pins"]), f"{pace['median']:.2f} ({pace['least']:.2f}–{pace['most']:.2f})"]
        cells += [
            f"{one['ratio']:.2f}",
            f"{one['bytes'] / MB:g}",
            f"{one['peak_mb']:.0f}",
            f"{one['build_s']:.2f}",
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield f"| {OURS[1]}: MB | s | MB/s | found | peak MB | of it before, with the text |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in result["growth"]:
        seconds = one["cpu_s"]
        cells = [
            f"{one['bytes'] / MB:g}",
            f"{seconds['median']:.3f} ({seconds['least']:.3f}–{seconds['most']:.3f})",
        ]
        cells += [f"{one['bytes'] / MB / seconds['median']:.1f}", f"{one['found']:,}"]
        cells += [f"{one['peak_mb']:.0f}", f"{one['with_text_mb']:.0f}"]
        yield f"| {' | '.join(cells)} |"
    yield ""
    steps = [
        slope(list(pair)) for pair in pairwise((g["bytes"], g["cpu_s"]["median"]) for g in result["growth"])
    ]
    yield f"Time grows as size to the power of {result['slope']} (step by step {', '.join(map(str, steps))})."


if __name__ == "__main__":
    main()
