"""Measured areas beside the figures quoted in the literature."""

from __future__ import annotations

from typing import Any

from geo.atlas import Atlas
from geo.citations import keys, short_reference
from geo.territory import measure


def compare_areas(atlas: Atlas) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the size of each area, and each quoted figure with the sum it can be set beside.

    Sizes are in square kilometres on the WGS 84 ellipsoid, of the unsimplified outlines.

    Parameters
    ----------
    atlas : Atlas
        The records.

    Returns
    -------
    measured : list of dict
        ``id``, ``km2``, ``mainland_km2`` (the largest piece), ``rest_km2``; the ceded areas only.
    quoted : list of dict
        The record of the figure, with ``quoted_by`` (its sources in a few words), ``measured_km2``
        and ``difference_percent`` (of the quoted figure against ours).
    """
    sizes = {area.id: measure(area.geometry) for area in atlas.areas if area.role == "subject"}
    measured = [
        {
            "id": name,
            "km2": round(size.km2),
            "mainland_km2": round(size.mainland_km2),
            "rest_km2": round(size.km2 - size.mainland_km2),
        }
        for name, size in sizes.items()
    ]
    quoted = []
    for figure in atlas.quoted_areas:
        ours = sum(sizes[name].km2 for name in figure.compare)
        row = figure.model_dump(mode="json", exclude={"citations"})
        row["citations"] = [list(citation) for citation in figure.citations]
        row["quoted_by"] = [short_reference(atlas.sources[key]) for key in keys(figure.citations)]
        row["measured_km2"] = round(ours)
        row["difference_percent"] = round(100 * (figure.km2 / ours - 1), 1)
        quoted.append(row)
    return measured, quoted
