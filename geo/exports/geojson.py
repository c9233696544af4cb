"""Layers as GeoJSON: one collection, a feature a line, each saying of which layer it is.

References
----------
RFC 7946, The GeoJSON Format, 2016: longitude before latitude, rings by the right-hand rule, ``bbox``;
what the collection says of itself is a foreign member, as section 6.1 allows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.citations import Source
from geo.exports.extract import Extract, Table
from geo.exports.rows import Row, Value

_GROUND = ("areas", "sites")
"""The layers whose records can be held."""


def write_geojson(extract: Extract, layers: Sequence[Table] | None = None) -> bytes:
    """Return layers as a FeatureCollection.

    An area, or an island, of an extract without a date also carries all its holdings, oldest first.

    Parameters
    ----------
    extract : Extract
        What to write.
    layers : sequence of Table, optional
        Some of its layers; all of them where left out.
    """
    chosen = extract.layers if layers is None else layers
    undated = extract.view is None or extract.view.date is None
    chains = _chains(extract) if undated else {}
    features = [
        _feature(layer.id, row, geometry, chains.get(row["id"]) if layer.id in _GROUND else None)
        for layer in chosen
        for row, geometry in zip(layer.rows, layer.geometries, strict=True)
    ]
    shapes = [geometry for layer in chosen for geometry in layer.geometries]
    head: dict[str, Any] = {
        "type": "FeatureCollection",
        "metadata": extract.metadata(_sources(extract, chosen)),
    }
    if shapes:
        head["bbox"] = _bbox(shapely.GeometryCollection(shapes))
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    lines = ",\n".join(features)
    return f'{opening}, "features": [\n{lines}\n]}}\n'.encode()


def _sources(extract: Extract, layers: Sequence[Table]) -> list[Source]:
    holdings = extract.find("holdings") if any(layer.id in _GROUND for layer in layers) else None
    tables = [*layers, holdings] if holdings else layers
    cited = {source.id for table in tables for source in extract.sources_of(table)}
    return [source for source in extract.sources if source.id in cited]


def _chains(extract: Extract) -> dict[Value, list[Row]]:
    chains: dict[Value, list[Row]] = {}
    for row in extract.rows("holdings"):
        said = {name: value for name, value in row.items() if name not in ("area", "tint", "licence")}
        chains.setdefault(row["area"], []).append(said)
    return chains


def _feature(layer: str, row: Row, geometry: BaseGeometry, chain: list[Row] | None) -> str:
    feature: dict[str, Any] = {"type": "Feature", "id": f"{layer}/{row['id']}"}
    if geometry.geom_type != "Point":
        feature["bbox"] = _bbox(geometry)
    feature["properties"] = {"layer": layer, **row} | ({"holdings": chain} if chain else {})
    feature["geometry"] = shapely.geometry.mapping(geometry)
    return json.dumps(feature, ensure_ascii=False, allow_nan=False)


def _bbox(geometry: BaseGeometry) -> list[float]:
    """Return west, south, east, north in degrees."""
    return [float(edge) for edge in geometry.bounds]
