"""The duplicate filter: the requests of a crawl as 64-bit hashes on disk.

A million hashes take 16 MB there, and no memory.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider
from scrapy.dupefilters import BaseDupeFilter
from scrapy.utils.job import job_dir

from crawler.util.disk_table import TEMPORARY, DiskTable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.signalmanager import SignalManager


class HashSet:
    """A set of hashes without removal. The probability that two of a million hashes are equal is 3 in 100 million."""

    def __init__(self, path: str | PathLike[str] = TEMPORARY, signals: SignalManager | None = None) -> None:
        table = "CREATE TABLE IF NOT EXISTS seen (hash INTEGER PRIMARY KEY)"
        self._db = DiskTable(path, tables=table, signals=signals)

    def add(self, fingerprint: bytes) -> bool:
        """Add a fingerprint of 8 bytes or more; True when it is new."""
        number = int.from_bytes(fingerprint[:8], "big", signed=True)
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).count == 1

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class DuplicateFilter(BaseDupeFilter):
    """Drops requests that were made before in this crawl, or in the one that ``JOBDIR`` resumes."""

    def __init__(self, crawler: Crawler) -> None:
        folder = job_dir(crawler.settings)
        self.crawler = crawler
        self.known = HashSet(Path(folder, "seen.sqlite") if folder else TEMPORARY, crawler.signals)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the hashes in ``JOBDIR`` where there is one."""
        return cls(crawler)

    def request_seen(self, request: Request) -> bool:
        """True for a request that was made before."""
        return not self.known.add(self.crawler.request_fingerprinter.fingerprint(request))

    def close(self, reason: str) -> None:
        """Close the file."""
        self.known.close()

    def log(self, request: Request, spider: Spider) -> None:
        """Count a dropped request, as Scrapy does."""
        self.crawler.stats.inc_value("dupefilter/filtered")
