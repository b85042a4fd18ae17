"""Limits the pending URLs of each source: listings of a hostile site must not fill the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

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
    """Most characters of pending URLs, together with their metadata in feeds and sitemaps."""
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def divide(
        self, ledger: Ledger, source: str, discovered: Sequence[DiscoveredUrl], new: Collection[int]
    ) -> tuple[list[DiscoveredUrl], list[DiscoveredUrl]]:
        """Return the URLs that may become pending, and those that are left out: a later run finds them again.

        Args:
            ledger: where the pending ones of earlier runs are counted.
            source: name of the source.
            discovered: the URLs.
            new: Python's ``id`` of those that the ledger does not have.
        """
        accepted: list[DiscoveredUrl] = []
        deferred: list[DiscoveredUrl] = []
        if source not in self._counts:
            self._counts.setdefault(source, await ledger.count_pending(source))
        urls, size = self._counts[source]
        for url in discovered:
            if id(url) not in new:
                accepted.append(url)
            elif urls < self.most_urls and size + pending_chars(url) <= self.most_bytes:
                urls, size = urls + 1, size + pending_chars(url)
                accepted.append(url)
            else:
                deferred.append(url)
        self._counts[source] = urls, size
        return accepted, deferred


def pending_chars(target: DiscoveredUrl) -> int:
    """Number of characters of a URL and of its metadata in a feed or sitemap."""
    entry = target.announced
    return len(target.url) + (len(entry.title or "") + sum(map(len, (*entry.authors, *entry.tags))) if entry else 0)
