"""One way of finding names, in a process of its own: ``python contenders.py NAME``.

The process reads jobs as lines of JSON and answers each with one. The peers are run by the Python of an
environment in which nothing of ours is installed, so this module imports only what one contender needs.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

Texts = Sequence[tuple[str, str]]
"""Paragraphs: language and text."""

Spans = list[tuple[int, int, str]]
"""Beginning, end and target, by paragraph."""

Finder = Callable[[Texts], list[Spans]]

_WORDED = re.compile(r"\w")
_HAN = re.compile("[\u2e80-\u9fff]")


def regular_expression(names: Sequence[Sequence[str]]) -> Finder:
    """One alternation of all names, the longest first, on folded text."""
    targets = {form.lower(): target for form, _, target in reversed(names)}
    parts = []
    for form in sorted(targets, key=len, reverse=True):
        edge = "" if _HAN.search(form) else r"\b"
        parts.append(f"{edge}{re.escape(form)}{edge}")
    pattern = re.compile("|".join(parts))

    def find(texts: Texts) -> list[Spans]:
        return [
            [(match.start(), match.end(), targets[match[0]]) for match in pattern.finditer(text.lower())]
            for _, text in texts
        ]

    return find


def flashtext(names: Sequence[Sequence[str]]) -> Finder:
    """FlashText with the letters of our three languages as parts of words, as its manual advises."""
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    letters = {chr(code) for code in range(0x250) if _WORDED.match(chr(code))}
    processor.set_non_word_boundaries(letters | {chr(code) for code in range(0x400, 0x530)})
    for form, _, target in reversed(names):
        processor.add_keyword(form, target)

    def find(texts: Texts) -> list[Spans]:
        answers = (processor.extract_keywords(text, span_info=True) for _, text in texts)
        return [[(start, end, target) for target, start, end in answer] for answer in answers]

    return find


def flashtext2(names: Sequence[Sequence[str]]) -> Finder:
    """FlashText 2, in Rust, whose words are those of Unicode."""
    from flashtext2 import KeywordProcessor

    processor = KeywordProcessor(case_sensitive=False)
    for form, _, target in reversed(names):
        processor.add_keyword(form, target)

    def find(texts: Texts) -> list[Spans]:
        answers = (processor.extract_keywords_with_span(text) for _, text in texts)
        return [[(start, end, target) for target, start, end in answer] for answer in answers]

    return find


def phrase_matcher(names: Sequence[Sequence[str]]) -> Finder:
    """PhraseMatcher of spaCy on lower case, with the tokenizer of each language."""
    import spacy
    from spacy.matcher import PhraseMatcher
    from spacy.util import filter_spans

    tools: dict[str, tuple[Any, Any]] = {}
    for lang in ("en", "ru", "zh"):
        nlp = spacy.blank(lang)
        matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        by_target: dict[str, list[str]] = {}
        for form, _, target in names:
            by_target.setdefault(target, []).append(form)
        for target, forms in by_target.items():
            matcher.add(target, list(nlp.tokenizer.pipe(forms)))
        tools[lang] = nlp, matcher

    def find(texts: Texts) -> list[Spans]:
        answers = []
        for lang, text in texts:
            nlp, matcher = tools[lang]
            spans = filter_spans(matcher(nlp.make_doc(text), as_spans=True))
            answers.append([(span.start_char, span.end_char, span.label_) for span in spans])
        return answers

    return find


def entity_ruler(names: Sequence[Sequence[str]]) -> Finder:
    """EntityRuler of spaCy on lower case, with the tokenizer of each language."""
    import spacy

    pipelines = {}
    for lang in ("en", "ru", "zh"):
        pipelines[lang] = nlp = spacy.blank(lang)
        ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns([{"label": target, "pattern": form} for form, _, target in names])

    def find(texts: Texts) -> list[Spans]:
        docs = (pipelines[lang](text) for lang, text in texts)
        return [[(one.start_char, one.end_char, one.label_) for one in doc.ents] for doc in docs]

    return find


def ours(names: Sequence[Sequence[str]]) -> Finder:
    """Our linker whole: forms found, then typed and resolved, or left without a target."""
    from geo.article import Article, Passage

    linker = _linker(names)

    def find(texts: Texts) -> list[Spans]:
        passages = tuple(Passage(f"p{number}", "text", text) for number, (_, text) in enumerate(texts, 1))
        answers: list[Spans] = [[] for _ in texts]
        for mention in linker.mentions(Article("", "en", passages)):
            if mention.type == "place":
                spans = answers[int(mention.passage[1:]) - 1]
                spans.append((mention.start, mention.end, " ".join(mention.targets)))
        return answers

    return find


def ours_finding(names: Sequence[Sequence[str]]) -> Finder:
    """What of our linker does the same as the peers: forms found, with their targets."""
    linker = _linker(names)

    def find(texts: Texts) -> list[Spans]:
        whole = "\n".join(text for _, text in texts)
        places = (one for one in linker.find(whole) if one.entry.type == "place")
        return [[(one.start, one.end, " ".join(one.entry.targets)) for one in places]]

    return find


def _linker(names: Sequence[Sequence[str]]) -> Any:
    from geo.linker import LinkName

    atlas = _atlas()
    known = {name.form for name in atlas.gazetteer.toponyms}
    return atlas.linker_with([LinkName(*name) for name in names if name[0] not in known])


@cache
def _atlas() -> Any:
    from geo.reading import load_atlas

    return load_atlas()


CONTENDERS: dict[str, Callable[[Sequence[Sequence[str]]], Finder]] = {
    "ours, typed and resolved": ours,
    "ours, finding alone": ours_finding,
    "spaCy PhraseMatcher": phrase_matcher,
    "spaCy EntityRuler": entity_ruler,
    "FlashText": flashtext,
    "FlashText 2": flashtext2,
    "regular expression": regular_expression,
}
OURS = ("ours, typed and resolved", "ours, finding alone")


def read_texts(file: str, size: int) -> list[tuple[str, str]]:
    """Return the paragraphs of a file, a line each with the language before a tab, up to a size in bytes."""
    texts: list[tuple[str, str]] = []
    with Path(file).open(encoding="utf-8") as lines:
        for line in lines:
            lang, _, text = line.rstrip("\n").partition("\t")
            texts.append((lang, text))
            size -= len(text.encode()) + 1
            if size <= 0:
                break
    return texts


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB.

    What the system counts for a process may begin with the memory of the one that started it; its
    status file, where there is one, does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Answer jobs until there are no more."""
    build = CONTENDERS[sys.argv[1]]
    find: Finder | None = None
    texts: list[tuple[str, str]] = []
    loaded = 0
    for line in sys.stdin:
        job = json.loads(line)
        answer: dict[str, Any] = {}
        if "names" in job:
            find = None
            if sys.argv[1] in OURS:
                _atlas()
            began = time.process_time()
            find = build(job["names"])
            answer = {"build_s": time.process_time() - began}
        elif "passages" in job and find:
            answer = {"spans": find(job["passages"])}
        elif find:
            if job["bytes"] != loaded:
                texts, loaded = read_texts(job["file"], job["bytes"]), job["bytes"]
            before = peak_mb()
            wall, cpu = time.perf_counter(), time.process_time()
            found = sum(map(len, find(texts)))
            answer = {
                "wall_s": time.perf_counter() - wall,
                "cpu_s": time.process_time() - cpu,
                "found": found,
            }
            answer |= {"peak_mb": peak_mb(), "before_mb": before}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
