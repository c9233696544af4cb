"""The map as folium draws it: recalled where it was drawn beforehand, else drawn now."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import shapely

from geo.atlas import Atlas
from geo.embed import embed_relief
from geo.layers import Layer, compose_readings
from geo.prepared import key_of, recall
from geo.view import BASEMAPS

RELIEF = "data:relief"
"""Stands in a drawing for the shaded relief, which is a picture in the document; ``geometry.js`` takes it."""

KINDS = (*((basemap, False) for basemap in ("", *BASEMAPS)), ("", True))
"""Of drawings: the online basemap, and whether it is that of the light page."""

Drawing = tuple[str, str]
"""The id of the map's element, and the script by which folium draws into it."""

Drawings = dict[tuple[str, bool], Drawing]


def key_of_drawings(atlas: Atlas, layers: Sequence[Layer]) -> str:
    """Return under which key the drawings of an atlas are kept: all that they depend on."""
    return key_of(_parts(atlas, layers))


def _parts(atlas: Atlas, layers: Sequence[Layer]) -> Iterator[bytes]:
    yield Path(__file__).with_name("drawing.py").read_bytes()
    yield repr((KINDS, RELIEF, atlas.basemap.relief.frame.bounds)).encode()
    for name, features in (*((layer.id, layer.features) for layer in layers), ("", compose_readings(atlas))):
        yield name.encode()
        for feature in features:
            yield f"{feature.id} {feature.style}".encode()
            yield shapely.to_wkb(feature.geometry, byte_order=1)


def draw(atlas: Atlas, layers: Sequence[Layer], kind: tuple[str, bool]) -> Drawing:
    """Let folium draw the map."""
    from geo.page.drawing import draw_map

    basemap, embed = kind
    return draw_map(atlas, layers, basemap, embed=embed)


def recall_drawings(atlas: Atlas, layers: Sequence[Layer]) -> Drawings:
    """Return the drawings of all kinds that were made beforehand; none where the atlas was changed since."""
    kept = recall(key_of_drawings(atlas, layers))
    if kept is None:
        return {}
    return {(basemap, embed): (name, script) for basemap, embed, name, script in json.loads(kept)}


def keep_drawings(drawings: Drawings) -> bytes:
    """Return drawings as `recall_drawings` reads them."""
    listed = [(*kind, *drawing) for kind, drawing in drawings.items()]
    return json.dumps(listed, separators=(",", ":")).encode()


def relief_address(atlas: Atlas, *, embed: bool) -> str:
    """Return the address of the shaded relief, which holds the picture itself."""
    avif = atlas.basemap.relief.picture
    picture = embed_relief(avif) if embed else avif
    return "data:image/avif;base64," + base64.b64encode(picture).decode()
