"""The views that the site shows as pictures."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from geo.view import View


class Scene(NamedTuple):
    """A view worth a picture.

    Parameters
    ----------
    name : str
        Of its files.
    title, caption : str
        What it shows, and what to look at.
    """

    name: str
    title: str
    caption: str
    view: View

    @property
    def says(self) -> str:
        """What it shows, for those who do not see it."""
        return f"Map: {self.title}. {self.caption}"


SCENES = (
    Scene(
        "acts",
        "All acts",
        "Each area in the colour of the act by which it became Russian; the eight places by their number.",
        View(),
    ),
    Scene(
        "1689-09-06",
        "6 September 1689, Treaty of Nerchinsk",
        "The Amur is the Qing Empire's; the land of the Uda is left for a later settlement.",
        View(date=date(1689, 9, 6)),
    ),
    Scene(
        "1859-06-01",
        "1 June 1859, between Aigun and Peking",
        "The left bank of the Amur is Russian; the coast beyond the Ussuri is held in common.",
        View(date=date(1859, 6, 1)),
    ),
    Scene(
        "1860-11-14",
        "14 November 1860, Treaty of Peking",
        "The coast beyond the Ussuri is Russian.",
        View(date=date(1860, 11, 14)),
    ),
    Scene(
        "1940-01-01",
        "1 January 1940",
        "Manchukuo stands on the other bank; Japan holds the south of Sakhalin and Korea.",
        View(date=date(1940, 1, 1)),
    ),
    Scene(
        "2008-10-14",
        "14 October 2008",
        "The western part of Bolshoy Ussuriysky is China's again: the border as it is today.",
        View(date=date(2008, 10, 14)),
    ),
)
"""In the order of their days."""
