"""The log is lines of text: what servers and pages put into a message cannot begin a new one or command a terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from scrapy import signals

from crawler.log_sanitizer.escape import CONTROL_CHARACTERS, escape_controls

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class EscapingFilter(logging.Filter):
    """Spells out what a message holds beside printable characters; the lines of a traceback are set in, so that none passes for another's."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass every record on, made plain."""
        message = record.getMessage()
        if CONTROL_CHARACTERS.search(message):
            is_listing = (
                record.name.startswith("scrapy") and record.levelno <= logging.INFO
            )  # of settings, with -L INFO
            record.msg = (
                "\n".join(map(escape_controls, message.split("\n"))) if is_listing else escape_controls(message)
            )
            record.args = ()
        if record.exc_info or record.exc_text:
            text = record.exc_text or FORMATTER.formatException(record.exc_info)  # type: ignore[arg-type]
            record.exc_text = "\n".join(f"  {escape_controls(line)}" for line in text.split("\n"))
        return True


FORMATTER = logging.Formatter()


class LogSanitizer:
    """Puts the filter before every handler of the log while a crawl lasts."""

    def __init__(self, handlers: Iterable[logging.Handler]) -> None:
        self._filter = EscapingFilter()
        self._handlers = tuple(handlers)
        for handler in self._handlers:
            handler.addFilter(self._filter)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """From the crawl's making to its end."""
        plain = cls(logging.root.handlers)
        crawler.signals.connect(plain.engine_stopped, signals.engine_stopped)
        return plain

    def engine_stopped(self) -> None:
        """Leave the handlers as they were."""
        for handler in self._handlers:
            handler.removeFilter(self._filter)
