"""The page that all readers share."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache

from geo.atlas import Atlas
from geo.dashboard.hastening import publish
from geo.page import Page


@cache
def open_page(load: Callable[[], Atlas]) -> Page:
    """Return the page, read and drawn once for the server and all readers.

    Parameters
    ----------
    load : callable
        It reads the records.

    Raises
    ------
    DataError
        If they cannot be used; the next call tries again.
    """
    page = Page(load())
    publish(page)
    # What is loaded by now stays; Streamlit collects garbage after every run, which need not see it.
    gc.collect()
    gc.freeze()
    return page
