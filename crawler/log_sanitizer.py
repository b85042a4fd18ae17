"""Log injection: untrusted text in a message can neither begin a new log line nor control the terminal."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, line separators, bidirectional controls (CVE-2021-42574), and lone surrogates."""

FORMATTER = logging.Formatter()


def escape_controls(text: str) -> str:
    """A text with each control character replaced by its Python escape sequence."""
    return CONTROL_CHARACTERS.sub(lambda match: ascii(match[0])[1:-1], text)


class EscapingFilter(logging.Filter):
    """Escapes the control characters of a message.

    The lines of a traceback are indented, so that none looks like a log line of its own.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Accept every record, with control characters escaped."""
        message = record.getMessage()
        if CONTROL_CHARACTERS.search(message):
            # Scrapy's lists of settings, with -L INFO, have many lines
            is_listing = record.name.startswith("scrapy") and record.levelno <= logging.INFO
            lines = message.split("\n") if is_listing else [message]
            record.msg = "\n".join(map(escape_controls, lines))
            record.args = ()
        if record.exc_info or record.exc_text:
            text = record.exc_text or FORMATTER.formatException(record.exc_info or (None, None, None))
            record.exc_text = "\n".join(f"  {escape_controls(line)}" for line in text.split("\n"))
        return True


class LogSanitizer:
    """Adds the filter to every log handler during a crawl."""

    def __init__(self, handlers: Iterable[logging.Handler]) -> None:
        self._filter = EscapingFilter()
        self._handlers = tuple(handlers)
        for handler in self._handlers:
            handler.addFilter(self._filter)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Add the filter when the crawl is created; remove it when the engine stops."""
        plain = cls(logging.root.handlers)
        crawler.signals.connect(plain.engine_stopped, signals.engine_stopped)
        return plain

    def engine_stopped(self) -> None:
        """Remove the filter from the handlers."""
        for handler in self._handlers:
            handler.removeFilter(self._filter)
