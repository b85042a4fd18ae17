"""Records to disk: which item goes to which file, and local files that only ever hold whole lines."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter

from cleaners.record.serialize import to_json
from cleaners.types import Article, Rejection
from crawler.output.delivery import Delivery
from crawler.output.line_files import LineFile, OutputError, open_lines, path_of, unwritable
from crawler.reporting.outcome import RunOutcome

ARTICLES = "cleaners.types.Article"
REJECTIONS = "cleaners.types.Rejection"


def route(feeds: dict[str, dict[str, Any]], rejections: str | None) -> dict[str, dict[str, Any]]:
    """Send articles to the user's feeds, and rejections to a file beside the first local one.

    Args:
        feeds: Scrapy's ``FEEDS``.
        rejections: where rejections go instead, or None.

    Raises:
        OutputError: when articles and rejections are to go to one file.
    """
    routed = {uri: {"item_classes": [ARTICLES], **options} for uri, options in feeds.items()}
    local = next((uri for uri in feeds if path_of(uri) is not None), None)
    target = rejections or (str(Path(path_of(local) or "").with_name("rejections.jsonl")) if local else None)
    if target and target in routed:
        raise OutputError(f"{target} is an output for articles; name another file for rejections")
    if target:
        overwrite = feeds[local].get("overwrite", False) if local else False
        routed[target] = {
            "format": "jsonlines",
            "item_classes": [REJECTIONS],
            "overwrite": overwrite,
            "store_empty": True,
            "batch_item_count": 0,  # batches need a number in the name, which the articles' outputs have
        }
    return routed


def check(feeds: dict[str, dict[str, Any]]) -> None:
    """Open every local output once, so that a crawl does not fetch what it cannot keep.

    Raises:
        OutputError: naming the file and the reason.
    """
    for uri in feeds:
        path = path_of(uri)
        if path is None or "%(" in path:
            continue
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644))
        except OSError as error:
            raise unwritable(path, error) from error


def line(record: Article | Rejection) -> bytes:
    """A record as its output holds it: one line of UTF-8 with its newline."""
    return to_json(record).encode("utf-8", "replace") + b"\n"


class RecordExporter(BaseItemExporter):
    """JSON Lines of articles and rejections, one ``write`` a line."""

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self.file = file

    def export_item(self, item: Article | Rejection) -> None:
        """Write one line."""
        self.file.write(line(item))


class StandardOutput:
    """Lines to standard output, each at once."""

    def write(self, data: bytes) -> int:
        """Write one line.

        Raises:
            OutputError: when the reader is gone or the device is full.
        """
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except OSError as error:
            # what the buffer still holds cannot be written: let nothing try again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise unwritable("standard output", error) from error
        return len(data)

    def tell(self) -> int:
        """A stream has no position."""
        return 0

    def close(self) -> None:
        """Standard output stays open."""


class GuardedOutput:
    """An output whose first failure ends the crawl, once and with one clear line; later writes are counted as lost."""

    def __init__(
        self, file: LineFile | StandardOutput | None, outcome: RunOutcome | None, delivery: Delivery | None = None
    ) -> None:
        self._file = file
        self._delivery = delivery
        self._outcome = outcome
        self.lost = 0 if file else 1

    def write(self, data: bytes) -> int:
        """Append one line, or tell the outcome that the output failed."""
        if self.lost or self._file is None:
            self.lost += 1
            return 0
        try:
            return self._file.write(data)
        except OutputError as error:
            if self._outcome is None:
                raise
            self.lost += 1
            self._outcome.output_failed(str(error))
            return 0

    def tell(self) -> int:
        """Bytes of whole lines so far."""
        return self._file.tell() if self._file else 0

    def flush(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        """Close the file, or let what delivers its lines close it."""
        if isinstance(self._file, LineFile) and self._delivery is not None:
            self._delivery.closing(self._file)
        elif self._file:
            self._file.close()


class LineFileStorage:
    """Scrapy feed storage for local files, made of :class:`LineFile`."""

    def __init__(self, uri: str, crawler: Crawler, *, feed_options: dict[str, Any] | None = None) -> None:
        self.path = path_of(uri) or uri
        self.overwrite = bool((feed_options or {}).get("overwrite", False))
        self.is_for_articles = ARTICLES in (feed_options or {}).get("item_classes", (ARTICLES,))
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """Build the storage for one feed of a crawl."""
        return cls(uri, crawler, feed_options=feed_options)

    def open(self, spider: Spider) -> Any:
        """The file that the exporter writes to."""
        outcome = RunOutcome.of(self.crawler)
        try:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            delivery = self.crawler.get_extension(Delivery)
            is_alone = delivery is None
            file = open_lines(self.path, overwrite=self.overwrite and is_alone, is_grouped=not is_alone)
        except OSError as error:
            if outcome is None:
                raise
            outcome.output_failed(str(unwritable(self.path, error)))
            return GuardedOutput(None, outcome)
        if delivery is not None:
            delivery.opened(file, is_new=self.overwrite, is_for_articles=self.is_for_articles)
        return GuardedOutput(file, outcome, delivery)

    def store(self, file: Any) -> None:
        """Close the file: its lines are already there."""
        file.close()


class StandardOutputStorage(LineFileStorage):
    """Scrapy feed storage for ``-O -:jsonl``."""

    def open(self, spider: Spider) -> Any:
        """The stream that the exporter writes to."""
        return GuardedOutput(StandardOutput(), RunOutcome.of(self.crawler))
