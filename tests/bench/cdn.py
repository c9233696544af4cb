"""Plays to a browser what peers ask of the network, from packages kept here, so that they show their best.

Scripts and styles come from the npm packages that the addresses name; a tile of a map is a white picture;
whatever else is asked for is answered at once with nothing.
"""

from __future__ import annotations

import re
import subprocess
import tarfile
from pathlib import Path

from playwright.sync_api import Route

KEPT = Path(__file__).parents[2] / ".venv-bench" / "npm"

_NPM = re.compile(r"https://(?:cdn\.jsdelivr\.net/npm|unpkg\.com)/((?:@[\w.-]+/)?[\w.-]+)@([\w.-]+)/([^?#]+)")
_JQUERY = re.compile(r"https://code\.jquery\.com/jquery-([\d.]+)\.min\.js")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".png": "image/png"}
_WHITE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100"
    "b138f6140000000049454e44ae426082"
)


def play(route: Route) -> None:
    """Answer a request that would leave the machine."""
    url = route.request.url
    suffix = Path(url.split("?", maxsplit=1)[0]).suffix
    body = _WHITE if suffix == ".png" else file_of(url)
    route.fulfill(body=body, content_type=_TYPES.get(suffix, "text/plain"))


def file_of(url: str) -> bytes:
    """Return the file of an npm package that an address of a CDN names; nothing where it names none."""
    if found := _NPM.match(url):
        package, version, path = found.groups()
    elif found := _JQUERY.match(url):
        package, version, path = "jquery", found[1], "dist/jquery.min.js"
    else:
        return b""
    kept = KEPT / f"{package.replace('/', '-').lstrip('@')}-{version}" / "package"
    if not kept.exists():
        _fetch(package, version)
    # What a CDN makes small by itself is in the package as it was written.
    for name in (path, path.replace(".min.", ".")):
        file = (kept / name).resolve()
        if file.is_relative_to(kept.resolve()) and file.is_file():
            return file.read_bytes()
    return b""


def _fetch(package: str, version: str) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}", "--pack-destination", str(KEPT)],
        check=True,
        capture_output=True,
        text=True,
    )
    name = packed.stdout.split()[-1]
    with tarfile.open(KEPT / name) as archive:
        archive.extractall(KEPT / name.removesuffix(".tgz"), filter="data")
