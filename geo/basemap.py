"""What lies under the history, for orientation: water, today's borders, labels, shaded relief."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from geo.citations import Citations, Cited, Record, Slug
from geo.gazetteer import Latitude, Longitude, Names
from geo.territory import Geometry

_MERCATOR_LIMIT = 85.0
"""Degrees of latitude; Web Mercator has no poles."""


class Lake(Cited):
    """A lake or reservoir.

    Parameters
    ----------
    names : Names or None
        None for a lake that the map leaves without a name.
    geometry : shapely Polygon or MultiPolygon
        Longitude, latitude in degrees, OGC:CRS84.
    """

    id: Slug
    names: Names | None
    note: str
    geometry: Geometry


class River(Cited):
    """A river, or a piece of one.

    Parameters
    ----------
    rank : int
        1 for the largest, to 3.
    geometry : shapely LineString or MultiLineString
        Longitude, latitude in degrees, OGC:CRS84.
    """

    id: Slug
    names: Names | None
    rank: Literal[1, 2, 3]
    note: str
    geometry: Geometry


class Border(Cited):
    """A boundary of today, as its states agree on it, or as they dispute it."""

    id: Slug
    names: Names
    status: Literal["agreed", "disputed"]
    note: str
    geometry: Geometry


class Label(Cited):
    """A name for orientation, at a point or along a smooth baseline.

    Parameters
    ----------
    layer : str
        The layer it is shown with; ``always`` for none in particular.
    rank : int
        1 is placed first, 5 last and only where there is room.
    minzoom, maxzoom : float
        The zoom levels between which it is shown, both included.
    geometry : shapely Point or LineString
        Longitude, latitude in degrees, OGC:CRS84.
    """

    id: Slug
    kind: Literal["sea", "river", "lake", "region", "country", "town", "range"]
    names: Names
    layer: Literal["rivers", "borders", "areas", "towns", "always"]
    rank: int = Field(ge=1, le=5)
    minzoom: Annotated[float, Field(ge=0, le=20)]
    maxzoom: Annotated[float, Field(ge=0, le=20)]
    note: str = ""
    geometry: Geometry

    @model_validator(mode="after")
    def _is_shown_somewhere(self) -> Label:
        if self.minzoom > self.maxzoom:
            raise ValueError(f"minzoom {self.minzoom:g} is above maxzoom {self.maxzoom:g}; swap them")
        return self


class ReliefFrame(Record):
    """Where the relief picture lies.

    Parameters
    ----------
    bounds : (west, south, east, north)
        Degrees; the picture's rows are spaced as in Web Mercator.
    width, height : int
        Pixels.
    """

    bounds: tuple[Longitude, Latitude, Longitude, Latitude]
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    citations: Citations

    @model_validator(mode="after")
    def _encloses_land(self) -> ReliefFrame:
        west, south, east, north = self.bounds
        if not (west < east and -_MERCATOR_LIMIT <= south < north <= _MERCATOR_LIMIT):
            raise ValueError("bounds are west, south, east, north, within 85 degrees of latitude")
        return self


@dataclass(frozen=True, slots=True)
class Relief:
    """Shaded relief in grey.

    Parameters
    ----------
    frame : ReliefFrame
        Where it lies.
    picture : bytes
        As AVIF.
    """

    frame: ReliefFrame
    picture: bytes


_BLANK = base64.b64decode(
    "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOltZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAAQ0AAAAWAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAA"
    "AQAAYXYwMUNvbG9yAAAAAGhpcHJwAAAASWlwY28AAAAUaXNwZQAAAAAAAAAIAAAACAAAAA5waXhpAAAAAAEIAAAADGF2MUOB"
    "ABwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAAHm1kYXQSAAoIGAi/5YCGg1AyCBAAABje"
    "opVQ"
)
"""An AVIF picture of 8 by 8 pixels, white."""

NO_RELIEF = Relief(ReliefFrame(bounds=(-180, -85, 180, 85), width=8, height=8, citations=()), _BLANK)
"""What stands for a relief that cannot be used: no shade anywhere."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """All that is drawn for orientation."""

    lakes: tuple[Lake, ...]
    rivers: tuple[River, ...]
    borders: tuple[Border, ...]
    labels: tuple[Label, ...]
    relief: Relief
