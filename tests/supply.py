"""``python -m tests.supply``: every package the atlas is made of with its licence, as a table or an SBOM.

With ``--audit`` each locked version is asked about at OSV, the database that pip-audit and others read. Where
it cannot be reached, that is said, and nothing is held to be safe.

References
----------
CycloneDX 1.6, ECMA-424. Package URL, purl-spec 1.0. OSV API 1.0, ``querybatch``.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import sys
import tomllib
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from geo.output import write_whole

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
OSV = "https://api.osv.dev/v1/querybatch"
TIMEOUT = 20

_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(.*)", re.MULTILINE)
_LICENCES = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}
"""By what older metadata say, the expression of SPDX."""


class Locked(NamedTuple):
    """A package of the lock file: its name, its version, and the SHA-256 of each of its files."""

    name: str
    version: str
    hashes: tuple[str, ...]


def locked(lock: str) -> list[Locked]:
    """Return the packages of a lock file; one that differs by system or Python is there with each version."""
    return [
        Locked(name, version, tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)))
        for name, version, rest in _ENTRY.findall(lock.replace("\\\n", ""))
    ]


def licence_of(name: str) -> str:
    """Return the licence of an installed package as SPDX writes it, or nothing where it names none."""
    said = importlib.metadata.metadata(name)
    if expression := said.get("License-Expression"):
        return expression
    written = (said.get("License") or "").partition("\n")[0].strip()
    kinds = [kind.rpartition(" :: ")[2] for kind in said.get_all("Classifier", []) if "License ::" in kind]
    if not written or written.startswith(("Copyright", "MIT License")):
        written = kinds[0] if kinds else written
    return _LICENCES.get(written, written)


def bill_of_materials(packages: Sequence[Locked]) -> dict[str, Any]:
    """Return the packages as CycloneDX; the same lock file gives the same value."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{package.name}@{package.version}",
            "purl": f"pkg:pypi/{package.name}@{package.version}",
            "name": package.name,
            "version": package.version,
            "licenses": [{"expression": licence_of(package.name)}],
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": f"https://pypi.org/project/{package.name}/{package.version}/",
                    "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
                }
            ],
        }
        for package in packages
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": components,
    }


def advisories(packages: Sequence[Locked], service: str = OSV) -> dict[str, list[str]]:
    """Return, by package and version, the ids of the advisories that OSV knows for it.

    Raises
    ------
    OSError
        If the service cannot be reached or answers with something else.
    """
    asked = [{"package": {"name": one.name, "ecosystem": "PyPI"}, "version": one.version} for one in packages]
    request = urllib.request.Request(
        service, json.dumps({"queries": asked}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        try:
            results = json.load(answer)["results"]
            found = [[one["id"] for one in result.get("vulns", [])] for result in results]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise OSError("it answers with something else") from error
    if len(found) != len(packages):
        raise OSError(f"it answers for {len(found)} of {len(packages)} packages")
    return {f"{one.name} {one.version}": ids for one, ids in zip(packages, found, strict=True) if ids}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the licences or write the SBOM; 1 as exit status where an advisory is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.supply", description=__doc__)
    parser.add_argument("--sbom", type=Path, metavar="OUT.json", help="write CycloneDX instead of a table")
    parser.add_argument("--audit", action="store_true", help="ask OSV about each version")
    parser.add_argument("--service", default=OSV, help="where OSV answers")
    asked = parser.parse_args(arguments)
    packages = locked(LOCK.read_text("utf-8"))
    if asked.sbom:
        write_whole(asked.sbom, json.dumps(bill_of_materials(packages), indent=1).encode() + b"\n")
    else:
        rows = (f"{one.name:<28}{one.version:<14}{licence_of(one.name)}\n" for one in packages)
        sys.stdout.writelines(rows)
    if not asked.audit:
        return 0
    try:
        known = advisories(packages, asked.service)
    except OSError as error:
        sys.stdout.write(f"not checked for advisories: {asked.service} cannot be used ({error})\n")
        return 0
    for package, ids in known.items():
        sys.stdout.write(f"{package}: {', '.join(ids)}\n")
    sys.stdout.write(f"{len(packages)} packages checked, {len(known)} with advisories\n")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
