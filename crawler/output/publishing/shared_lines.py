"""What the pages of a site share, as the ledger remembers it: read once a site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cleaners.site.memory import SharedLines, SiteMemory

MAX_SITES = 500
"""Sites whose shared lines are cached, about 20 kB each: an archive alternates between sites."""


class SharedLinesCache:
    """The lines that the pages of each site share.

    Args:
        load: what earlier runs learnt of a site.
        max_sites: number of sites that are cached; None where what was read, or learnt, must stay as it is.
    """

    def __init__(self, load: Callable[[str], Awaitable[SiteMemory]], max_sites: int | None = MAX_SITES) -> None:
        self._load = load
        self._max_sites = max_sites
        self._lines: dict[str, SharedLines | None] = {}

    async def of(self, site: str) -> SharedLines | None:
        """The lines of a site; None for a site without a page."""
        if site in self._lines:
            return self._lines[site]
        memory = await self._load(site)
        lines = self._lines.setdefault(site, memory.shared_lines() if memory.pages else None)
        if self._max_sites is not None and len(self._lines) > self._max_sites:
            del self._lines[next(iter(self._lines))]
        return lines

    def set(self, site: str, lines: SharedLines) -> None:
        """Replace the lines of a site by what this run learnt."""
        self._lines[site] = lines

    def cached(self, site: str) -> SharedLines | None:
        """The lines of a site if they were read or learnt before."""
        return self._lines.get(site)
