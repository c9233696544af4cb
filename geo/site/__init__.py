"""The atlas as a static site: the map, a page for each place, area and act, the data, pictures.

Any web server can serve it. Its pages need no script, its links are relative, the same records give the
same bytes, and the folder is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from geo import __version__
from geo.atlas import Atlas
from geo.content import TITLE
from geo.errors import ExportError
from geo.output import write_folder
from geo.page import Page
from geo.picture import Sheet, compose_picture
from geo.site.downloads import compose_downloads
from geo.site.pages import Pages
from geo.site.scenes import SCENES
from geo.view import LANGS, View

MARKER = "site.json"
"""The file by which a site of ours is known; it lists all others."""

_MAKER = f"{TITLE}: geo site"
_BASE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~-]+)*/?", re.ASCII)


def write_site(
    atlas: Atlas,
    out: Path,
    base_url: str = "",
    *,
    overwrite: bool = False,
    tell: Callable[[str], None] = lambda _path: None,
) -> int:
    """Write the site into a folder, whole or not at all.

    Parameters
    ----------
    atlas : Atlas
        The records.
    out : Path
        The folder.
    base_url : str
        Where the site will stand, for the sitemap and for addresses to cite; empty if not known.
    overwrite : bool
        Whether a site that is there may be replaced.
    tell : callable
        Is told the path of each file when it is made.

    Returns
    -------
    int
        The size of all files, in bytes.

    Raises
    ------
    ExportError
        If the address is none, the folder is there and may not be replaced, or cannot be written.
    """
    _check_target(out, overwrite=overwrite)
    files = {}
    for path, content in compose_site(atlas, base_url):
        tell(path)
        files[path] = content
    write_folder(out, files)
    return sum(map(len, files.values()))


def compose_site(atlas: Atlas, base_url: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of every file of the site; the last one lists all others.

    Parameters
    ----------
    atlas : Atlas
        The records.
    base_url : str
        Where the site will stand; empty if not known.

    Raises
    ------
    ExportError
        If the address is none.
    """
    if base_url and not _BASE_URL.fullmatch(base_url):
        raise ExportError(
            f"--base-url={base_url!r}: the address of a folder would do, as in https://example.org/atlas/"
        )
    base_url = f"{base_url.rstrip('/')}/" if base_url else ""
    sums = {}
    for path, content in _files(atlas, base_url):
        sums[path] = hashlib.sha256(content).hexdigest()
        yield path, content
    said = {"made_by": _MAKER, "version": __version__, "data_version": atlas.version, "sha256": atlas.digest}
    yield MARKER, (json.dumps(said | {"files": sums}, indent=1, sort_keys=True) + "\n").encode()


def _files(atlas: Atlas, base_url: str) -> Iterator[tuple[str, bytes]]:
    page = Page(atlas)
    for lang in LANGS:
        yield f"map/{lang}.html", page.document(View(lang=lang)).encode()
    for scene in SCENES:
        drawn = compose_picture(atlas, scene.view, Sheet(), page.layers)
        yield f"pictures/{scene.name}.svg", drawn.content(".svg")
        yield f"pictures/{scene.name}.png", drawn.content(".png")
    data, downloads = compose_downloads(atlas)
    for path, content in data.items():
        yield f"data/{path}", content
    manifest = json.loads(data["datapackage.json"])
    yield from Pages(atlas, base_url, page.policy()).files(downloads, manifest)


def _check_target(out: Path, *, overwrite: bool) -> None:
    """Refuse a folder that may not be replaced, before anything is made for it."""
    if not out.exists():
        return
    if not out.is_dir():
        raise ExportError(f"{out} is a file; name a folder")
    if not overwrite:
        raise ExportError(f"{out} is there already; name another folder, or add --overwrite to replace it")
    listed = _listed(out)
    if listed is None:
        raise ExportError(f"{out} is no site of ours: it has no {MARKER}; name another folder")
    there = (path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir())
    if others := sorted(set(there) - listed):
        raise ExportError(f"{out}: {others[0]} is not of the site and would be lost; move it away first")


def _listed(out: Path) -> set[str] | None:
    """Return the files that a site says it has; None for a folder that is none of ours."""
    try:
        said = json.loads((out / MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        # An empty folder has nothing to lose.
        return None if any(out.iterdir()) else set()
    if not isinstance(said, dict) or said.get("made_by") != _MAKER:
        return None
    return {*said.get("files", ()), MARKER}
