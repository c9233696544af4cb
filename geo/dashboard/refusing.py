"""The log of what the dashboard refuses, and of crashes: a line each, a reason, and nothing of a reader's."""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import PurePath

import streamlit as st

from geo.errors import (
    ApartError,
    ArticleError,
    AtlasError,
    CitationError,
    DataError,
    ExportError,
    LanguageError,
)

_REASONS: dict[type[AtlasError], str] = {
    ApartError: "reader-broken",
    ArticleError: "text-unreadable",
    CitationError: "address-uncitable",
    DataError: "records-faulty",
    ExportError: "export-impossible",
    LanguageError: "translations-faulty",
}

_FRAMES = 4

_log = logging.getLogger(__name__)


def keep_log() -> None:
    """Write the lines to the error stream, each with its time in UTC; for the server, once."""
    form = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(form)
    _log.addHandler(handler)
    # Streamlit would write the whole exception, and that may quote what it stumbled over.
    logging.getLogger("streamlit.error_util").addFilter(note_crash)


def note_crash(record: logging.LogRecord) -> bool:
    """Write one line of a crash in place of its traceback: the kind of the exception, and where it is from.

    Returns
    -------
    bool
        Whether Streamlit may write the record itself: only where it is of no exception.
    """
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return True
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
    _log.error("failed script: script-crashed (%s at %s)", type(error).__name__, places)
    return False


def note_refusal(what: str, reason: str) -> None:
    """Write one line of something refused; neither part may hold what a reader sent.

    Parameters
    ----------
    what : str
        What was asked or brought: ``host``, ``endpoint``, ``upload``, ``article`` …
    reason : str
        A code of our own.
    """
    _log.warning("refused %s: %s", what, reason)


def note_error(what: str, error: AtlasError, given: object) -> None:
    """Write one line of something that cannot be used, once for as long as the same is given.

    Parameters
    ----------
    what : str
        What was brought.
    error : AtlasError
        Why it cannot be used; only its kind is written.
    given : object
        What was brought itself, to be compared.
    """
    noted = st.session_state.setdefault("refused", {})
    if what not in noted or noted[what] != given:
        noted[what] = given
        note_refusal(what, _REASONS[type(error)])
