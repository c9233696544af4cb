"""Outlines and lines of a reader's gazetteer with less detail, neighbours still touching.

It is done on the plane of the map, where a pixel is as wide as it is high, and every corner that is kept
stays where the file has it.

References
----------
M. Visvalingam, J. D. Whyatt, Line generalisation by repeated elimination of points, 1993, for areas that
only touch one another: GEOS keeps their common edges common. D. H. Douglas, T. K. Peucker, Algorithms for
the reduction of the number of points required to represent a digitized line, 1973, for all others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from geo.imports.model import OwnGazetteer

FINE = 100.0
"""Metres: half a pixel of the map at its closest zoom, 9, in the middle of its frame."""

_RADIUS = 6_378_137.0
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

_Shapes = np.ndarray[Any, np.dtype[np.object_]]


def simplify(gazetteer: OwnGazetteer, metres: float = FINE) -> OwnGazetteer:
    """Return a gazetteer without the detail that a map cannot show; points stay as they are.

    Parameters
    ----------
    metres : float
        About the size of what is left out, at the equator; nearer the poles it is smaller.

    Returns
    -------
    OwnGazetteer
        It says in `moved` how far lines were moved at most. The same where nothing becomes simpler.

    Examples
    --------
    >>> from geo.imports.model import OwnPlace
    >>> road = shapely.LineString([(130, 43), (131, 43.0001), (132, 43)])
    >>> roads = OwnGazetteer("Roads", "", "", (OwnPlace("own-1", "", (("Road", "en"),), geometry=road),))
    >>> found = simplify(roads)
    >>> len(found.places[0].geometry.coords), round(found.moved)
    (2, 11)
    """
    places = [place for place in gazetteer.places if place.shape in ("line", "area")]
    if not places:
        return gazetteer
    whole: _Shapes = np.array([place.geometry for place in places], dtype=object)
    flat: _Shapes = shapely.transform(whole, _flattened)
    thin = _thinned(flat, metres)
    simpler = shapely.get_num_coordinates(thin) < shapely.get_num_coordinates(whole)
    if not simpler.any():
        return gazetteer
    shapes = np.where(simpler, shapely.transform(thin, _unfolded), whole)
    made = {place.id: replace(place, geometry=shape) for place, shape in zip(places, shapes, strict=True)}
    now = tuple(made.get(place.id, place) for place in gazetteer.places)
    return replace(gazetteer, places=now, moved=_moved(flat[simpler], thin[simpler]))


def _thinned(flat: _Shapes, tolerance: float) -> _Shapes:
    """Return shapes with fewer corners: areas that only touch one another together, all others each alone."""
    thin = np.array(shapely.simplify(flat, tolerance, preserve_topology=True), dtype=object)
    together = _is_area(flat)
    together[together] = shapely.is_empty(shapely.coverage_invalid_edges(flat[together]))
    if together.any():
        thin[together] = shapely.coverage_simplify(flat[together], tolerance)
    return thin


def _moved(before: _Shapes, after: _Shapes) -> float:
    """Return how many metres on the ground a corner that was taken away is from its line at most."""
    lines = np.where(_is_area(after), shapely.boundary(after), after)
    shapely.prepare(lines)
    corners, shape = shapely.get_coordinates(before, return_index=True)
    gone = ~np.isin(_whole(corners), _whole(shapely.get_coordinates(after)))
    corners, shape = corners[gone], shape[gone]
    # Mercator's map is larger than the ground, the more so the farther from the equator.
    scale = np.cosh(corners[:, 1] / _RADIUS)
    return float((shapely.distance(lines[shape], shapely.points(corners)) / scale).max(initial=0.0))


def _is_area(shapes: _Shapes) -> np.ndarray[Any, np.dtype[np.bool_]]:
    found: np.ndarray[Any, np.dtype[np.bool_]] = np.isin(shapely.get_type_id(shapes), _AREAS)
    return found


def _whole(corners: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return each corner as one number, to be compared."""
    number: np.ndarray[Any, Any] = corners[:, 0] + 1j * corners[:, 1]
    return number


def _flattened(degrees: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Longitude and latitude in degrees to metres of Mercator's map on a sphere."""
    lon, lat = np.radians(degrees).T
    return _RADIUS * np.column_stack((lon, np.arcsinh(np.tan(lat))))


def _unfolded(metres: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    x, y = metres.T / _RADIUS
    degrees: np.ndarray[Any, Any] = np.degrees(np.column_stack((x, np.arctan(np.sinh(y)))))
    return degrees
