"""What the page says of an online basemap, and where it sends its requests."""

from __future__ import annotations

import xyzservices.providers


def describe_basemap(name: str) -> dict[str, str] | None:
    """Return what the page says of an online basemap, and where it sends its requests."""
    if not name:
        return None
    provider = xyzservices.providers.query_name(name)
    host = "/".join(tiles_of(name).replace("{s}", "*").split("/")[:3])
    return {"id": name, "name": provider.name, "host": host, "credit": provider.attribution}


def tiles_of(name: str) -> str:
    """Return the address of a tile of an online basemap, as Leaflet reads it."""
    return str(xyzservices.providers.query_name(name).build_url(scale_factor=""))
