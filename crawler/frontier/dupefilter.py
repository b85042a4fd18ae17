"""The duplicate filter: the requests of a crawl as 64-bit hashes on disk.

A million hashes take 16 MB on disk, and no RAM.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.dupefilters import BaseDupeFilter
from scrapy.signalmanager import SignalManager

from crawler.files.disk_table import DiskTable


class HashSet:
    """A set of hashes without removal. The probability that two of a million hashes are equal is 3 in 100 million."""

    def __init__(self, signals: SignalManager | None = None) -> None:
        table = "CREATE TABLE IF NOT EXISTS seen (hash INTEGER PRIMARY KEY)"
        self._db = DiskTable(tables=table, signals=signals)

    def add(self, fingerprint: bytes) -> bool:
        """Add a fingerprint of 8 bytes or more; True when it is new."""
        number = int.from_bytes(fingerprint[:8], "big", signed=True)
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).count == 1

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class DuplicateFilter(BaseDupeFilter):
    """Drops requests that were made before in this crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.fingerprints = HashSet(crawler.signals)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for a crawl."""
        return cls(crawler)

    def request_seen(self, request: Request) -> bool:
        """True for a request that was made before."""
        return not self.fingerprints.add(self.crawler.request_fingerprinter.fingerprint(request))

    def close(self, reason: str) -> None:
        """Close the file."""
        self.fingerprints.close()

    def log(self, request: Request, spider: Spider) -> None:
        """Count a dropped request, as Scrapy does."""
        self.crawler.stats.inc_value("dupefilter/filtered")
