"""Scrapy's feed storages for articles and rejections: which item goes to which file, and whole lines only."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FileFeedStorage, ItemFilter, StdoutFeedStorage

from cleaners.types import Rejection
from crawler.files import paths
from crawler.files.atomic import open_part, put_in_place
from crawler.files.line_files import COMPRESSIONS, OTHER_NAMES, LineFile, OutputError, open_lines, unwritable
from crawler.files.paths import local_path
from crawler.items import ArticleItem
from crawler.output.databases.storage import check_options, is_database, target_of
from crawler.output.formats.feed_formats import CLOSED_FORMATS, REJECTIONS, WHOLE_FORMATS, writes_lines
from crawler.output.formats.parquet_exporter import check_pyarrow
from crawler.run_report.status import RunStatus

if TYPE_CHECKING:
    from crawler.output.delivery.delivery import Delivery

WITHOUT_REJECTIONS = "crawler.output.feeds.storages.WithoutRejections"


def route_feeds(
    feeds: dict[str, dict[str, object]], rejections: str | None, *, is_sparse: bool = False
) -> dict[str, dict[str, object]]:
    """Route items to the feeds of the user, and rejections to a file beside the first local one.

    Args:
        feeds: Scrapy's ``FEEDS``.
        rejections: another file for rejections, or None.
        is_sparse: True where a file without a rejection is not created.

    Raises:
        OutputError: when articles and rejections have the same file.
    """
    routed = {str(uri): {"item_filter": WITHOUT_REJECTIONS, **options} for uri, options in feeds.items()}
    local = next((uri for uri in routed if local_path(uri) is not None), None)
    target = rejections or (paths.companion(local_path(local) or "", paths.REJECTIONS) if local else None)
    if target and target in routed:
        raise OutputError(f"{target} is an output for articles; name another file for rejections")
    if target:
        overwrite = routed[local].get("overwrite", False) if local else False
        routed[target] = {
            "format": "jsonlines",
            "item_classes": [REJECTIONS],
            "overwrite": overwrite,
            "store_empty": not is_sparse,
            "batch_item_count": 0,  # a batch needs a number in the file name, which this file does not have
        }
    return routed


def delivery_of(crawler: Crawler) -> Delivery | None:
    """The delivery of a crawl; None where the extension is switched off."""
    from crawler.output.delivery.delivery import Delivery  # noqa: PLC0415  only a crawl that writes has one

    delivery: Delivery | None = crawler.get_extension(Delivery)
    return delivery


class WithoutRejections(ItemFilter):
    """Accepts the items of a feed's ``item_classes``, or all where there are none; never rejections."""

    def accepts(self, item: object) -> bool:
        """True for an item that the feed gets; an article has its own class, whatever the pipelines get."""
        if isinstance(item, Rejection):
            return False
        return super().accepts(item) or (isinstance(item, ArticleItem) and super().accepts(item.article))


def check_outputs(feeds: dict[str, dict[str, object]]) -> None:
    """Open every local output and every database once, so that a crawl does not fetch what it cannot write.

    Raises:
        OutputError: naming the file and the reason.
    """
    for uri, options in feeds.items():
        if options.get("format") == "parquet":
            check_pyarrow()
        if is_database(uri):
            check_options(target := target_of(uri), options)
            target.create()
        path = local_path(uri)
        if path is None or "%(" in path:
            continue
        check_name(path)
        is_appended = not options.get("overwrite", False) and Path(path).is_file() and Path(path).stat().st_size
        if is_appended and options.get("format") in WHOLE_FORMATS:
            raise OutputError(
                f"{path}: nothing can be appended to a {options['format']} document; write it anew with -O, "
                "or append to a file of JSON Lines (.jsonl)"
            )
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            is_new = not Path(path).exists()
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644))
            if is_new and options.get("format") in CLOSED_FORMATS:  # nothing that cannot be read is left
                Path(path).unlink()
        except OSError as error:
            raise unwritable(path, error) from error


def check_name(path: str, *, only_lines: bool = False) -> None:
    """Accept the name of an output that holds JSON Lines: any compressed one, and any with ``only_lines``.

    Raises:
        OutputError: for a name that promises another format, as ``articles.csv.gz``.
    """
    outer = Path(path)
    if only_lines and outer.suffix in OTHER_NAMES:
        raise OutputError(f"{path}: this command writes JSON Lines; name it {outer.stem}.jsonl")
    if outer.suffix in COMPRESSIONS and outer.with_suffix("").suffix in OTHER_NAMES:
        better = f"{outer.with_suffix('').stem}.jsonl{outer.suffix}"
        raise OutputError(f"{path}: compressed outputs hold JSON Lines; name it {better}")


class StandardOutput:
    """Lines to standard output; each is flushed at once."""

    def write(self, data: bytes) -> int:
        """Write one line.

        Raises:
            OutputError: when the pipe is closed or the device is full.
        """
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except OSError as error:
            # the rest of the buffer cannot be written: redirect it, so that Python's exit does not try again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise unwritable("standard output", error) from error
        return len(data)

    def tell(self) -> int:
        """Always 0: a stream has no position."""
        return 0

    def close(self) -> None:
        """Do nothing: standard output stays open."""


class GuardedOutput(io.RawIOBase):
    """An output whose first failure is logged in one line and ends the crawl; later writes are counted as lost."""

    def __init__(
        self, file: LineFile | StandardOutput | None, outcome: RunStatus | None, delivery: Delivery | None = None
    ) -> None:
        super().__init__()
        self._file = file
        self._delivery = delivery
        self._outcome = outcome
        self.dropped_writes = 0 if file else 1

    def writable(self) -> bool:
        """True: exporters of text ask."""
        return True

    def write(self, data: Any) -> int:
        """Append bytes, or report to the outcome that the output failed."""
        if self.dropped_writes or self._file is None:
            self.dropped_writes += 1
            return 0
        try:
            return self._file.write(bytes(data))
        except OutputError as error:
            if self._outcome is None:
                raise
            self.dropped_writes += 1
            self._outcome.output_failed(str(error))
            return 0

    def tell(self) -> int:
        """Bytes of whole lines so far."""
        return self._file.tell() if self._file else 0

    def flush(self) -> None:
        """Do nothing: nothing is buffered here."""

    def close(self) -> None:
        """Close the file, or let :class:`Delivery` close it with its next commit."""
        if self.closed:
            return
        super().close()
        if isinstance(self._file, LineFile) and self._delivery is not None:
            self._delivery.outputs.close_with_next_commit(self._file)
        elif self._file:
            self._file.close()


class LineFileStorage:
    """Scrapy feed storage for local files, as :class:`LineFile`."""

    def __init__(self, uri: str, crawler: Crawler, *, feed_options: dict[str, object] | None = None) -> None:
        self.path = local_path(uri) or uri
        self.overwrite = bool((feed_options or {}).get("overwrite", False))
        self.is_for_articles = (feed_options or {}).get("item_classes") != [REJECTIONS]
        self.format = str((feed_options or {}).get("format", "jsonlines"))
        self.crawler = crawler

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, uri: str, *, feed_options: dict[str, object] | None = None
    ) -> LineFileStorage | FileFeedStorage | StdoutFeedStorage:
        """Build the storage for one feed of a crawl; Scrapy's own for a feed whose exporter needs a file of its own."""
        if (feed_options or {}).get("format") in CLOSED_FORMATS:
            return WholeFileStorage(uri, crawler, feed_options=feed_options)
        if not writes_lines(feed_options or {}, crawler.settings):
            return FileFeedStorage(uri, feed_options=feed_options)
        return cls(uri, crawler, feed_options=feed_options)

    def open(self, spider: Spider) -> object:
        """The file that the exporter writes to."""
        outcome = RunStatus.of(self.crawler)
        try:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            delivery = delivery_of(self.crawler)
            is_alone = delivery is None
            is_grouped = delivery is not None and delivery.is_grouping
            file = open_lines(self.path, overwrite=self.overwrite and is_alone, is_grouped=is_grouped)
        except OSError as error:
            if outcome is None:
                raise
            outcome.output_failed(str(unwritable(self.path, error)))
            return GuardedOutput(None, outcome)
        if delivery is not None:
            is_for_articles = self.is_for_articles
            delivery.outputs.register(file, is_new=self.overwrite, is_for_articles=is_for_articles, form=self.format)
            delivery.group.start_timer()
        return GuardedOutput(file, outcome, delivery)

    def store(self, file: Any) -> None:
        """Close the file: its lines are already written."""
        file.close()


class WholeFileStorage(LineFileStorage):
    """Scrapy feed storage for a local file that appears whole at the end, or not at all."""

    def open(self, spider: Spider) -> object:
        """The temporary file, in the same folder, that the exporter writes to."""
        delivery = delivery_of(self.crawler)
        if delivery is not None:
            delivery.outputs.register_whole(self.path, self.format)
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        return open_part(self.path)

    def store(self, file: Any) -> None:
        """Put the file in its place."""
        with file:
            if (outcome := RunStatus.of(self.crawler)) is not None and outcome.failed_output:
                Path(file.name).unlink()
            else:
                put_in_place(file, self.path)


class StandardOutputStorage(LineFileStorage):
    """Scrapy feed storage for ``-O -:jsonl``."""

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, uri: str, *, feed_options: dict[str, object] | None = None
    ) -> LineFileStorage | StdoutFeedStorage:
        """Build the storage; Scrapy's own for a format that is not ours."""
        if not writes_lines(feed_options or {}, crawler.settings):
            return StdoutFeedStorage(uri, feed_options=feed_options)
        return cls(uri, crawler, feed_options=feed_options)

    def open(self, spider: Spider) -> object:
        """The stream that the exporter writes to."""
        return GuardedOutput(StandardOutput(), RunStatus.of(self.crawler))
