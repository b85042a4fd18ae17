"""Limits the pending URLs of each source: listings of a hostile site must not fill the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crawler.ledger.sql.rows import ROW_CHARS, to_json
from crawler.ledger.types import Ledger
from crawler.types import DiscoveredUrl


@dataclass(slots=True)
class PendingBounds:
    """Counts the URLs of each source that are found and not fetched yet.

    URLs of earlier runs count, too. A URL that was fetched in this run still counts until the run ends: a source with
    that many URLs continues in the next run.
    """

    most_urls: int
    most_bytes: int
    """Most characters that pending URLs take: see :func:`pending_chars`."""
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def divide(
        self, ledger: Ledger, source: str, discovered: Sequence[DiscoveredUrl], new: Collection[int], found_in: str
    ) -> tuple[list[DiscoveredUrl], list[DiscoveredUrl]]:
        """Return the URLs that may become pending, and those that are left out: a later run finds them again.

        Args:
            ledger: where the pending ones of earlier runs are counted.
            source: name of the source.
            discovered: the URLs.
            new: Python's ``id`` of those that the ledger does not have.
            found_in: URL of the page, feed or sitemap that names them.
        """
        accepted: list[DiscoveredUrl] = []
        deferred: list[DiscoveredUrl] = []
        if source not in self._counts:
            self._counts.setdefault(source, await ledger.count_pending(source))
        urls, size = self._counts[source]
        for url in discovered:
            if id(url) not in new:
                accepted.append(url)
            elif urls < self.most_urls and size + pending_chars(url, found_in) <= self.most_bytes:
                urls, size = urls + 1, size + pending_chars(url, found_in)
                accepted.append(url)
            else:
                deferred.append(url)
        self._counts[source] = urls, size
        return accepted, deferred


def pending_chars(target: DiscoveredUrl, found_in: str) -> int:
    """Characters that a pending URL takes in the ledger: with where it was found, and what was announced of it."""
    return ROW_CHARS + len(target.url) + len(found_in) + len(to_json(target.announced) or "")
