"""Articles that were read to their last page: which of them are written, and what the ledger is told of the others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from cleaners.types import Article
from crawler.crawl.revisions import judge, whole
from crawler.crawl.services import Services
from crawler.discovery import select
from crawler.scheduling.context import CrawlContext
from crawler.scheduling.quota import Quota


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Gives what is new or changed, as long as articles are wanted."""

    components: Services
    quota: Quota
    is_refresh: bool
    """True where everything is written again."""
    with_duplicates: bool
    """False where texts that were found before are left out."""
    alive: set[str]
    """Sources at which an article was met."""
    count: Callable[..., None]

    async def given(self, parts: tuple[Article, ...], visit: CrawlContext) -> AsyncIterator[Article]:
        """The whole article where it is new or changed, unless enough were given."""
        delivery, name = self.components.delivery, visit.source.name
        self.alive.add(name)
        self.components.gave(visit, parts[0].url, article=True)
        found = await judge(whole(parts, visit.news), delivery)
        self.count("article/alias", found.kept.id != found.article.id)
        is_first = delivery.is_first(found.article.id) if self.is_refresh else False
        is_again = found.state == "unchanged" and not is_first
        is_dropped = found.kept.duplicate_of is not None and not self.with_duplicates
        is_old = select.is_old(found.article.published, visit.source.since)
        answer = visit.answer
        if is_again or is_dropped or is_old:
            self.components.report.count(name, "duplicates" if is_dropped else "unchanged")
            if answer and (is_old or delivery.is_on_its_way(found.kept.id)):  # no line of its own yet: read it again
                await delivery.note(replace(answer, etag=None, last_modified=None))
            elif answer:
                await delivery.note(replace(answer, article=found.kept))
        elif self.quota.take(visit.source):
            self.components.report.count(name, "changed" if found.state == "changed" else "new")
            if answer:
                delivery.expect(found.article, replace(answer, article=found.kept))
            yield found.article
