"""The duplicate filter: the requests of a crawl as 64-bit hashes on disk.

A million hashes take 16 MB on disk, and no RAM.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.dupefilters import BaseDupeFilter
from scrapy.signalmanager import SignalManager
from scrapy.utils.job import job_dir

from crawler.files.disk_table import TEMPORARY, DiskTable
from crawler.frontier.request_store import FILE_NAME, pending
from crawler.ledger.open import MEMORY, crawl_ledger_url


class HashSet:
    """A set of hashes without removal. The probability that two of a million hashes are equal is 3 in 100 million."""

    def __init__(self, path: str | PathLike[str] = TEMPORARY, signals: SignalManager | None = None) -> None:
        table = "CREATE TABLE IF NOT EXISTS seen (hash INTEGER PRIMARY KEY)"
        self._db = DiskTable(path, tables=table, signals=signals)

    def add(self, fingerprint: bytes) -> bool:
        """Add a fingerprint of 8 bytes or more; True when it is new."""
        number = int.from_bytes(fingerprint[:8], "big", signed=True)
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).count == 1

    def clear(self) -> None:
        """Remove all hashes."""
        self._db.execute("DELETE FROM seen")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


IN_USE = "in-use"
"""A file in ``JOBDIR`` that exists while a crawl uses the folder, and after a crawl that was killed."""


class DuplicateFilter(BaseDupeFilter):
    """Drops requests that were made before in this crawl, or in the one that ``JOBDIR`` resumes.

    After a crawl that was killed, only its pending requests count as made: the pages of the others may be lost. The
    ledger has the pages that are still to be fetched.
    """

    def __init__(self, crawler: Crawler) -> None:
        folder = job_dir(crawler.settings)
        self.crawler = crawler
        self.fingerprints = HashSet(Path(folder, "seen.sqlite") if folder else TEMPORARY, crawler.signals)
        self._in_use = Path(folder, IN_USE) if folder else None
        if folder and self._in_use is not None:
            if self._in_use.exists() and crawl_ledger_url(crawler.settings) != MEMORY:
                self._forget(Path(folder))
            self._in_use.touch()

    def _forget(self, folder: Path) -> None:
        self.fingerprints.clear()
        for path in folder.glob(f"**/{FILE_NAME}"):
            for request in pending(path):
                self.fingerprints.add(self.crawler.request_fingerprinter.fingerprint(request))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the hashes in ``JOBDIR`` where there is one."""
        return cls(crawler)

    def request_seen(self, request: Request) -> bool:
        """True for a request that was made before."""
        return not self.fingerprints.add(self.crawler.request_fingerprinter.fingerprint(request))

    def close(self, reason: str) -> None:
        """Close the file."""
        self.fingerprints.close()
        if self._in_use is not None:
            self._in_use.unlink(missing_ok=True)

    def log(self, request: Request, spider: Spider) -> None:
        """Count a dropped request, as Scrapy does."""
        self.crawler.stats.inc_value("dupefilter/filtered")
