"""The memories of the sites of a crawl: what their pages repeat is taken out of their articles.

A run uses what earlier runs learnt of a site. The first articles of a site that is hardly known are held back until
enough of its pages were read, and are cleaned with the memory of all of them. From then on the memory of the run stays
as it is: what the other pages tell is for the next run.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from cleaners.site.memory import SharedLines, SiteMemory
from cleaners.site.repeated import without_repeated
from cleaners.types import Article
from crawler.config.settings_values import SettingsValues
from crawler.ledger.types import Ledger
from crawler.scheduling.context import CrawlContext

MOST_HELD = 1_000
"""Articles that all sites together may hold back, of some 10 kB each."""


@dataclass(slots=True, kw_only=True)
class _Site:
    memory: SiteMemory
    shared: SharedLines | None = None
    """What the pages share; None while articles are held back."""
    held: list[CrawlContext] = field(default_factory=list)
    """The articles that wait."""


class SiteMemories:
    """Learns what the pages of each site repeat.

    Args:
        load: what earlier runs learnt of a site.
        held_pages: pages of a site that are known before its articles are written; 0 where none is held back.
        is_learning: False where no memory is used.
    """

    def __init__(
        self, load: Callable[[str], Awaitable[SiteMemory]], *, held_pages: int, is_learning: bool = True
    ) -> None:
        self._load = load
        self._held_pages = held_pages
        self._is_learning = is_learning
        self._sites: dict[str, _Site] = {}
        self._ready: list[CrawlContext] = []

    @classmethod
    def of(cls, values: SettingsValues, ledger: Ledger, *, may_hold: bool) -> Self:
        """The memories that the settings ask for.

        Args:
            values: the settings.
            ledger: what earlier runs learnt.
            may_hold: False where each article must be written at once.
        """
        held_pages = values.site_memory_pages if may_hold else 0
        return cls(ledger.site_memory, held_pages=held_pages, is_learning=values.site_memory)

    async def cleaned(self, context: CrawlContext) -> tuple[Article, ...] | None:
        """The pages of an article without what their sites repeat; None where the article is held back."""
        if not self._is_learning or not context.observed:
            return context.pages
        site = await self._site(context.observed[0].site)
        if site.shared is not None:
            return await self.without_repeated(context)
        site.memory = SiteMemory.of((*site.memory.pages, *(one.observation for one in context.observed)))
        site.held.append(context)
        if len(site.memory.pages) >= self._held_pages:
            self._settle(site)
        elif self.held > MOST_HELD:
            self._settle(next(one for one in self._sites.values() if one.held))
        return None

    async def without_repeated(self, context: CrawlContext) -> tuple[Article, ...]:
        """The pages of an article without what their sites repeat, as far as that is known."""
        found = []
        for page, seen in zip(context.pages, context.observed, strict=True):
            shared = (await self._site(seen.site)).shared
            found.append(without_repeated(page, seen, shared) if shared is not None else page)
        return tuple(found)

    @property
    def held(self) -> int:
        """Number of articles that are held back."""
        return sum(len(site.held) for site in self._sites.values())

    def release(self) -> list[CrawlContext]:
        """The articles whose sites are known now, each once."""
        ready, self._ready = self._ready, []
        return ready

    def settle_all(self) -> None:
        """End the learning of all sites: no further page is expected."""
        for site in self._sites.values():
            if site.held:
                self._settle(site)

    async def _site(self, name: str) -> _Site:
        if name not in self._sites:
            memory = await self._load(name)
            site = self._sites.setdefault(name, _Site(memory=memory))
            if len(memory.pages) >= self._held_pages and site.shared is None:
                self._settle(site)
        return self._sites[name]

    def _settle(self, site: _Site) -> None:
        site.shared = site.memory.shared_lines()
        site.memory = SiteMemory()  # its pages are in the ledger, or on their way there
        self._ready += site.held
        site.held = []
