"""The only state of other libraries that the cleaner changes: the levels of two loggers."""

from __future__ import annotations

import logging

LOGGERS = ("trafilatura", "htmldate")
"""They log properties of a page, such as a missing date, as errors. A rejection or an empty field says the same."""


def silence_libraries() -> None:
    """Let these loggers pass only critical messages."""
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
