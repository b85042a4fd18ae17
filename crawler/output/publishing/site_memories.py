"""The memories of the sites of a crawl: what their pages repeat is taken out of their articles.

A run uses the memory that earlier runs built of a site. The first articles of a new site wait until enough of them
were read, and are cleaned with the memory of all of them. After that, the memory does not change during the run: the
observations of later pages are for the next run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Self

from cleaners.site.memory import SharedLines, SiteMemory
from cleaners.site.memory.repeated import without_repeated
from cleaners.types import Article
from crawler.config.settings_values import SettingsValues
from crawler.context import ArticleInProgress
from crawler.ledger.types import Ledger
from crawler.output.publishing.shared_lines import SharedLinesCache

MAX_WAITING_ARTICLES = 1_000
"""Articles that all sites together may hold back, of some 10 kB each."""


class SiteMemories:
    """Learns what the pages of each site repeat.

    Args:
        load: what earlier runs learnt of a site.
        most_held: number of articles of a new site from which they are cleaned; until then they wait. 0: none waits.
        is_learning: False where no memory is used.
    """

    def __init__(
        self, load: Callable[[str], Awaitable[SiteMemory]], *, most_held: int, is_learning: bool = True
    ) -> None:
        self._shared = SharedLinesCache(load, max_sites=None)  # does not change during the run
        self._most_held = most_held
        self._is_learning = is_learning
        self._waiting_by_site: dict[str, list[ArticleInProgress]] = {}
        """The articles of each new site that wait."""
        self._ready: deque[ArticleInProgress] = deque()

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

    async def publish_or_wait(self, article: ArticleInProgress) -> tuple[Article, ...] | None:
        """The pages of an article without what their sites repeat; None where the article is held back."""
        if not self._is_learning or len(article.observed) != len(article.pages):
            return article.pages
        site = article.observed[0].site
        if await self._shared_lines(site) is not None or not self._most_held:
            return await self.without_repeated(article)
        self._waiting_by_site.setdefault(site, []).append(article)
        if len(self._waiting_by_site[site]) >= self._most_held:
            self._settle(site)
        elif self.waiting_count > MAX_WAITING_ARTICLES:
            self._settle(next(iter(self._waiting_by_site)))
        return None

    async def without_repeated(self, article: ArticleInProgress) -> tuple[Article, ...]:
        """The pages of an article without what their sites repeat, as far as that is known."""
        pages = []
        for page, observed_page in zip(article.pages, article.observed, strict=True):
            shared = await self._shared_lines(observed_page.site)
            pages.append(without_repeated(page, observed_page, shared) if shared is not None else page)
        return tuple(pages)

    def shared_by_site(self, article: ArticleInProgress) -> tuple[tuple[str, SharedLines], ...]:
        """What is known to be shared by the pages of the sites of an article."""
        sites = dict.fromkeys(observed_page.site for observed_page in article.observed)
        return tuple((site, lines) for site in sites if (lines := self._shared.cached(site)) is not None)

    @property
    def waiting_count(self) -> int:
        """Number of articles that are held back."""
        return sum(map(len, self._waiting_by_site.values()))

    @property
    def has_ready(self) -> bool:
        """True where an article need not wait any more and is not published yet."""
        return bool(self._ready)

    def next_ready(self) -> ArticleInProgress | None:
        """An article that need not wait any more, each once; None where there is none."""
        return self._ready.popleft() if self._ready else None

    def settle_all(self) -> None:
        """End the learning of all sites: no further page is expected."""
        for site in list(self._waiting_by_site):
            self._settle(site)

    async def _shared_lines(self, site: str) -> SharedLines | None:
        """What the pages of a site share; None for a new one whose articles wait."""
        return None if site in self._waiting_by_site else await self._shared.of(site)

    def _settle(self, site: str) -> None:
        articles = self._waiting_by_site.pop(site)
        observed = (page for article in articles for page in article.observed if page.site == site)
        self._shared.set(site, SiteMemory.of(page.observation for page in observed).shared_lines())
        self._ready += articles
