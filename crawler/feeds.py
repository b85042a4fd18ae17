"""Records to disk: which item goes to which file, and local files that only ever hold whole lines."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import IO, Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter
from w3lib.url import file_uri_to_path

from cleaners.record import to_json
from cleaners.types import Article, Rejection
from crawler.extensions.outcome import Outcome

ARTICLES = "cleaners.types.Article"
REJECTIONS = "cleaners.types.Rejection"


class OutputError(OSError):
    """An output that cannot be written; the message names it and the reason."""


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
        }
    return routed


def path_of(uri: str | Path) -> str | None:
    """The local path of a feed's address; None for standard output and remote storages."""
    uri = str(uri)
    if uri.startswith("file:"):
        return file_uri_to_path(uri)
    return None if "://" in uri or uri.startswith("stdout:") or uri == "-" else uri


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


def unwritable(path: str, error: OSError) -> OutputError:
    """The error that names an output and why it cannot be written."""
    return OutputError(f"cannot write {path}: {error.strerror}")


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


class LineFile:
    """A file that holds whole lines only: a write that fails half-way is taken back."""

    def __init__(self, path: str, *, overwrite: bool) -> None:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if overwrite else 0)
        self.path = path
        self._fd = os.open(path, flags, 0o644)
        self._end = os.lseek(self._fd, 0, os.SEEK_END)

    def write(self, data: bytes) -> int:
        """Append one line, whole or not at all.

        Raises:
            OutputError: when it cannot be written; the file ends after the line before.
        """
        done = 0
        try:
            while done < len(data):
                done += os.write(self._fd, data[done:])
        except OSError as error:
            self._take_back()
            raise unwritable(self.path, error) from error
        self._end += done
        return done

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._fd, self._end)
            os.lseek(self._fd, self._end, os.SEEK_SET)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ESPIPE):  # devices and pipes keep nothing to take back
                raise

    def tell(self) -> int:
        """Bytes of whole lines so far."""
        return self._end

    def flush(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


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


class Guarded:
    """An output whose first failure ends the crawl, once and with one clear line; later writes are counted as lost."""

    def __init__(self, file: LineFile | StandardOutput | None, outcome: Outcome | None) -> None:
        self._file = file
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
        """Close the file."""
        if self._file:
            self._file.close()


class LineFileStorage:
    """Scrapy feed storage for local files, made of :class:`LineFile`."""

    def __init__(self, uri: str, crawler: Crawler, *, feed_options: dict[str, Any] | None = None) -> None:
        self.path = path_of(uri) or uri
        self.overwrite = bool((feed_options or {}).get("overwrite", False))
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """Build the storage for one feed of a crawl."""
        return cls(uri, crawler, feed_options=feed_options)

    def open(self, spider: Spider) -> Any:
        """The file that the exporter writes to."""
        outcome = Outcome.of(self.crawler)
        try:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            return Guarded(LineFile(self.path, overwrite=self.overwrite), outcome)
        except OSError as error:
            if outcome is None:
                raise
            outcome.output_failed(str(unwritable(self.path, error)))
            return Guarded(None, outcome)

    def store(self, file: Any) -> None:
        """Close the file: its lines are already there."""
        file.close()


class StandardOutputStorage(LineFileStorage):
    """Scrapy feed storage for ``-O -:jsonl``."""

    def open(self, spider: Spider) -> Any:
        """The stream that the exporter writes to."""
        return Guarded(StandardOutput(), Outcome.of(self.crawler))
