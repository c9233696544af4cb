"""``python alternation.py NAMES.csv TEXT OUT.jsonl``: the names of a table sought by one regular expression.

What one would write instead of ``geo link``: the longest name first, whole words, case not minded. It finds
no case forms, and cannot tell a town from a river or a government of the same name.
"""

import csv
import json
import re
import sys
from pathlib import Path

names, text, out = map(Path, sys.argv[1:])
with names.open(encoding="utf-8", newline="") as table:
    targets = {row["name"].lower(): row["place"] for row in csv.DictReader(table)}
longest = sorted(targets, key=len, reverse=True)
pattern = re.compile(
    "|".join(re.escape(name) if name[0] >= "⺀" else rf"\b{re.escape(name)}\b" for name in longest)
)
with out.open("w", encoding="utf-8") as found:
    for number, line in enumerate(text.read_text("utf-8").lower().splitlines()):
        for match in pattern.finditer(line):
            mark = {"line": number, "start": match.start(), "end": match.end(), "place": targets[match[0]]}
            found.write(json.dumps(mark, ensure_ascii=False) + "\n")
