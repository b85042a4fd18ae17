"""What a source may leave pending: listings of a hostile site must not fill the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crawler.ledger.types import Ledger
from crawler.types import DiscoveredUrl


@dataclass(slots=True)
class PendingBounds:
    """Counts the URLs of each source that are found and not fetched yet.

    Those of earlier runs count, too. What was fetched in this run still counts until its end: a source that lists so
    much goes on in the next run.
    """

    most_urls: int
    most_bytes: int
    """Of URLs, and of what feeds and sitemaps say of them."""
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def divide(
        self, ledger: Ledger, source: str, found: Sequence[DiscoveredUrl], new: Collection[int]
    ) -> tuple[list[DiscoveredUrl], list[DiscoveredUrl]]:
        """The discovered URLs that are kept, and those that a later run finds again.

        Args:
            ledger: where the pending ones of earlier runs are counted.
            source: name of the source.
            found: the URLs.
            new: Python's ``id`` of those that the ledger does not have.
        """
        kept: list[DiscoveredUrl] = []
        left: list[DiscoveredUrl] = []
        if source not in self._counts:
            self._counts.setdefault(source, await ledger.count_pending(source))
        urls, size = self._counts[source]
        for one in found:
            if id(one) not in new:
                kept.append(one)
            elif urls < self.most_urls and size + weight(one) <= self.most_bytes:
                urls, size = urls + 1, size + weight(one)
                kept.append(one)
            else:
                left.append(one)
        self._counts[source] = urls, size
        return kept, left


def weight(found: DiscoveredUrl) -> int:
    """Characters that a URL takes, with what is announced of it."""
    said = found.announced
    return len(found.url) + (len(said.title or "") + sum(map(len, (*said.authors, *said.tags))) if said else 0)
