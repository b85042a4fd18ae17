"""The memories of the sites of a crawl: what their pages repeat is taken out of their articles.

A run uses what earlier runs learnt of a site. The first articles of a site that no run has seen are held back until
enough of them were read, and are cleaned with the memory of all of them. From then on the memory of the run stays as it
is: what the other pages tell is for the next run.
"""

from __future__ import annotations

from collections import deque
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
    shared: SharedLines | None = None
    """What the pages share; None while articles are held back."""
    held: list[CrawlContext] = field(default_factory=list)
    """The articles that wait."""


class SiteMemories:
    """Learns what the pages of each site repeat.

    Args:
        load: what earlier runs learnt of a site.
        most_held: articles of a new site that are held back, until there are so many; 0 for none.
        is_learning: False where no memory is used.
    """

    def __init__(
        self, load: Callable[[str], Awaitable[SiteMemory]], *, most_held: int, is_learning: bool = True
    ) -> None:
        self._load = load
        self._most_held = most_held
        self._is_learning = is_learning
        self._sites: dict[str, _Site] = {}
        self._ready: deque[CrawlContext] = deque()

    @classmethod
    def of(cls, values: SettingsValues, ledger: Ledger, *, may_hold: bool) -> Self:
        """The memories that the settings ask for.

        Args:
            values: the settings.
            ledger: what earlier runs learnt.
            may_hold: False where each article must be written at once.
        """
        most_held = values.site_memory_held if may_hold else 0
        return cls(ledger.site_memory, most_held=most_held, is_learning=values.site_memory)

    async def cleaned(self, context: CrawlContext) -> tuple[Article, ...] | None:
        """The pages of an article without what their sites repeat; None where the article is held back."""
        if not self._is_learning or len(context.observed) != len(context.pages):
            return context.pages
        site = await self._site(context.observed[0].site)
        if site.shared is not None:
            return await self.without_repeated(context)
        site.held.append(context)
        if len(site.held) >= self._most_held:
            self._settle(context.observed[0].site)
        elif self.held > MOST_HELD:
            self._settle(next(name for name, one in self._sites.items() if one.held))
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

    @property
    def has_ready(self) -> bool:
        """True where an article need not wait any more and is not published yet."""
        return bool(self._ready)

    def next_ready(self) -> CrawlContext | None:
        """An article that need not wait any more, each once; None where there is none."""
        return self._ready.popleft() if self._ready else None

    def settle_all(self) -> None:
        """End the learning of all sites: no further page is expected."""
        for name, site in self._sites.items():
            if site.held:
                self._settle(name)

    async def _site(self, name: str) -> _Site:
        if name not in self._sites:
            memory = await self._load(name)
            is_new = not memory.pages and self._most_held > 0
            self._sites.setdefault(name, _Site(shared=None if is_new else memory.shared_lines()))
        return self._sites[name]

    def _settle(self, name: str) -> None:
        site = self._sites[name]
        observed = (seen for context in site.held for seen in context.observed if seen.site == name)
        site.shared = SiteMemory.of(seen.observation for seen in observed).shared_lines()
        self._ready += site.held
        site.held = []
