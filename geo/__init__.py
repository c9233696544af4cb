"""Far East Atlas: an interactive historical map of the Far East border, read together with an article.

Data flows one way: ``data/`` is loaded and validated into an atlas of frozen values, a view
chooses what of it is shown, and the page draws that, for the dashboard and the exported file alike.
Inside, coordinates are longitude, latitude in degrees (OGC:CRS84).
"""

__version__ = "0.7.0"

__date__ = "2026-11-26"
"""The day on which this version was released."""
