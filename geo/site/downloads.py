"""The data of the site: the archive with all formats, laid open, and the formats that are not in it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import NamedTuple

from geo.atlas import Atlas
from geo.exports import FORMATS, PACKED, Format, data_file, data_filename


class Download(NamedTuple):
    """A file of data to take away.

    Parameters
    ----------
    kind : str
        A key of `geo.exports.FORMATS`.
    path : str
        In the folder of the data.
    size : int
        Bytes.
    sha256 : str
        Hexadecimal.
    """

    kind: str
    path: str
    size: int
    sha256: str

    @property
    def format(self) -> Format:
        """What is known of its format."""
        return FORMATS[self.kind]


def compose_downloads(atlas: Atlas) -> tuple[dict[str, bytes], list[Download]]:
    """Return all files of data by path, manifest included, and the one to take for each format."""
    packed = data_file(atlas, "all")
    files = {data_filename(atlas, "all"): packed}
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            files[name.partition("/")[2]] = archive.read(name)
    downloads = []
    for kind in FORMATS:
        path = PACKED.get(kind) or data_filename(atlas, kind)
        content = files[path] = files.get(path) or data_file(atlas, kind)
        downloads.append(Download(kind, path, len(content), hashlib.sha256(content).hexdigest()))
    return files, downloads
