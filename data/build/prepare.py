"""Write ``geo/prepared.zip``: simplified outlines, the map as folium draws it, small scripts and styles.

Run ``python data/build/prepare.py`` from the repository root, with the packages of the tests, after a change
of areas, lines, places, waters, borders, readings, of what draws them, or of a script or a style; with
``--check`` it writes nothing and exits with status 1 where the file is not of these data and this code. The
program works without it, takes longer to start, and writes larger files.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from geo import assets
from geo.layers import compose_layers
from geo.page.recalling import KINDS, draw, keep_drawings, key_of_drawings
from geo.prepared import FILE, pack, recall
from geo.reading import load_atlas
from geo.territory import keep_outlines, key_of_outlines, simplified


def is_current() -> bool:
    """Tell whether the file holds what is made of the data as they are."""
    atlas = load_atlas()
    keys = key_of_outlines(atlas.areas), key_of_drawings(atlas, compose_layers(atlas))
    return all(recall(key) is not None for key in keys) and recall(assets.KEY) == assets.keep_small()


def write() -> None:
    """Make everything anew, and write it."""
    atlas = load_atlas()
    outlines = simplified(atlas.areas).geometry
    made = {key_of_outlines(atlas.areas): keep_outlines(outlines), assets.KEY: assets.keep_small()}
    FILE.write_bytes(pack(made))  # the layers are drawn over just these outlines
    layers = compose_layers(atlas)
    made[key_of_drawings(atlas, layers)] = keep_drawings({kind: draw(atlas, layers, kind) for kind in KINDS})
    FILE.write_bytes(pack(made))


def main() -> int:
    """Write the file, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it is out of date")
    if not parser.parse_args().check:
        write()
        print(f"{FILE.name}: {FILE.stat().st_size / 1000:.0f} kB")
    elif not is_current():
        print("geo/prepared.zip is of other data or other code.\nRun python data/build/prepare.py.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
