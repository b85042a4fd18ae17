"""What a crawl has met, as 64-bit hashes on the disk: a million take 16 MB there and none in memory."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Self
from weakref import finalize

from scrapy import Request, Spider
from scrapy.dupefilters import BaseDupeFilter
from scrapy.utils.job import job_dir

from crawler.scheduling.request_store import TEMPORARY, opened

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Seen:
    """A set that only grows. Of a million things two share a hash with a chance of 3 in 100 million."""

    def __init__(self, path: str | PathLike[str] = TEMPORARY) -> None:
        self._known = opened(path)
        finalize(self, self._known.close)
        self._known.execute("CREATE TABLE IF NOT EXISTS seen (hash INTEGER PRIMARY KEY)")

    def add(self, fingerprint: bytes) -> bool:
        """Put in something by a fingerprint of 8 bytes or more; True when it is new."""
        number = int.from_bytes(fingerprint[:8], "big", signed=True)
        return self._known.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).rowcount == 1

    def close(self) -> None:
        """Let the file go."""
        self._known.close()


class DuplicateFilter(BaseDupeFilter):
    """Drops requests that were made before in this crawl, or in the one that ``JOBDIR`` goes on with."""

    def __init__(self, crawler: Crawler) -> None:
        folder = job_dir(crawler.settings)
        self.crawler = crawler
        self.seen = Seen(Path(folder, "seen.sqlite") if folder else TEMPORARY)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep what is seen in ``JOBDIR`` where there is one."""
        return cls(crawler)

    def request_seen(self, request: Request) -> bool:
        """True for a request that was made before."""
        fingerprinter = self.crawler.request_fingerprinter
        assert fingerprinter is not None  # noqa: S101  set before the engine is
        return not self.seen.add(fingerprinter.fingerprint(request))

    def close(self, reason: str) -> None:
        """Let the file go."""
        self.seen.close()

    def log(self, request: Request, spider: Spider) -> None:
        """Count what is dropped, as Scrapy does."""
        self.crawler.stats.inc_value("dupefilter/filtered")
