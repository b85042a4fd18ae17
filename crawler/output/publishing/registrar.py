"""Publishes new and changed articles; only records the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from cleaners.types import Article, Rejection
from cleaners.urls.identity import page_identity, without_trackers
from cleaners.urls.resolve import registrable_domain
from crawler.context import ArticleInProgress
from crawler.frontier import select
from crawler.frontier.quota import Quota
from crawler.ledger.types import FetchRecord, PageLayout
from crawler.output.publishing.handler_outcome import HandlerOutcome, JoinedPages, page_settlements
from crawler.output.publishing.known_articles import KnownArticles
from crawler.output.publishing.revisions import (
    Comparison,
    Revision,
    claimed_page,
    compare,
    has_content,
    join_pages,
    may_be_left_out,
    with_announcement,
)
from crawler.output.publishing.site_memories import SiteMemories
from crawler.output.publishing.waiting_urls import Waiter, WaitingUrls
from crawler.reasons import NotFetched, PendingReason, class_of, find_reason
from crawler.run_report.account import SettledUrl, Tally, UrlOutcome
from crawler.run_report.report_types import COUNTED_FIELDS
from crawler.types import DiscoveredUrl, Role

MIN_ARCHIVE_AGE = timedelta(days=30)
"""Age from which an article counts as archive material, which may have an older layout."""

LAYOUT_FIELDS = tuple(field for field in COUNTED_FIELDS if field != "language")
"""Fields that a redesign is likely to move or to drop; the language is read from the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRegistrar:
    """Compares articles with the known ones, and decides what is written of them."""

    articles: KnownArticles
    quota: Quota
    is_refresh: bool
    """True where every article is written again."""
    with_duplicates: bool
    """False where near-duplicates are left out."""
    with_aliases: bool = False
    """True where another URL of a known article may stand for it when it is written again."""
    count: Callable[..., None]
    """Counts something in the statistics."""

    async def register(self, pages: tuple[Article, ...], pending: ArticleInProgress) -> HandlerOutcome:
        """The outcome of an article, with an item where it is new or changed and wanted.

        Args:
            pages: its pages without what their sites repeat.
            pending: the article, with its pages as they were cleaned.
        """
        async with self.articles.comparing:  # two URLs may have the same article
            comparison = await self._compared(pages, pending)
            outcome = self._outcome(comparison, pages, pending)
        return replace(outcome, joined=JoinedPages(pages=pending.pages, announced=comparison.announced))

    async def _compared(self, pages: tuple[Article, ...], pending: ArticleInProgress) -> Comparison:
        """Join pages to an article, add its metadata from a feed or sitemap, and compare it with the known articles."""
        whole = join_pages(pending.pages) if pages != pending.pages else None
        comparison = await compare(join_pages(pages), self.articles, pending.target.url, whole)
        announced = pending.target.announced or comparison.announced
        article = with_announcement(comparison.article, announced, pending.undeclared)
        return replace(comparison, article=article, announced=announced)

    def _outcome(
        self, comparison: Comparison, pages: tuple[Article, ...], pending: ArticleInProgress
    ) -> HandlerOutcome:
        """The outcome of an article."""
        articles, source, announced = self.articles, pending.source, comparison.announced
        article, state, record = comparison.article, comparison.state, pending.first_fetch
        self.count("article/alias", state.id != article.id)
        self.count("article/revision_capped", comparison.is_capped)
        content = announced.content if announced is not None else None
        self.count("article/unlike_feed", content is not None and not has_content(article.text, content))
        is_requested = state.id == article.id or self.with_aliases
        is_first = self.is_refresh and is_requested and articles.is_first(state.id)
        is_again = comparison.revision is Revision.UNCHANGED and not is_first
        is_dropped = not self.with_duplicates and may_be_left_out(comparison, pending.original)
        if not self.with_duplicates and not is_dropped:  # it is the first of its site: later ones are copies of it
            state = replace(state, duplicate_of=None)
        is_old = select.is_old(article.published, source.since)
        record = replace(record, page_class=find_reason(NotFetched.OLD).page_class if is_old else class_of(article))
        if is_again or is_dropped or is_old:
            if is_old:
                result = page_settlements(pending.target, UrlOutcome.REJECTED, NotFetched.OLD)
            else:
                is_alias = is_dropped or state.id != article.id
                result = page_settlements(pending.target, UrlOutcome.DUPLICATE if is_alias else UrlOutcome.UNCHANGED)
            outcome = HandlerOutcome(is_productive=True, settled=result)
            if is_old or articles.is_pending(state.id):  # it has no line yet: the next request is unconditional
                return replace(outcome, records=(replace(record, etag=None, last_modified=None),))
            return replace(outcome, records=(replace(record, article=state, observed=pending.observed),))
        if not self.quota.take(source):
            return HandlerOutcome(
                is_productive=True,
                settled=page_settlements(pending.target, UrlOutcome.PENDING, PendingReason.MAX_ARTICLES),
            )
        result = page_settlements(
            pending.target, UrlOutcome.CHANGED if comparison.revision is Revision.CHANGED else UrlOutcome.NEW
        )
        layout = seen_layout(article, pending) if comparison.revision is Revision.NEW else None
        record = replace(record, article=state, observed=pending.observed, layout=layout)
        articles.expect(state)  # later articles are compared with it, before its line is written
        further = _further_pages(pages, pending)
        return HandlerOutcome(
            is_productive=True,
            items=((article, record),),
            settled=(*result, *(_continuation(page.url) for page in further)),
            records=tuple(_further_page_record(page.url, record) for page in further),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Publishes articles whose last page was read, as long as the quota allows."""

    registrar: ArticleRegistrar
    tally: Tally
    memories: SiteMemories
    waiting: WaitingUrls
    """The articles that wait for another page."""
    productive: set[str]
    """Names of the sources that had an article."""

    async def publish(self, pending: ArticleInProgress) -> HandlerOutcome:
        """The outcome of an article, with an item where it is new or changed and wanted.

        While it waits for the memory of its site, only its further pages have an outcome. The observations of its pages
        are committed: if the crawl is stopped, the next crawl knows the site and does not wait.
        """
        pages = await self.memories.publish_or_wait(pending)
        if pages is None:
            further = tuple(_continuation(page.url) for page in _further_pages(pending.pages, pending))
            record = replace(pending.first_fetch, observed=pending.observed, is_partial=True)
            return HandlerOutcome(is_productive=True, is_held=True, settled=further, records=(record,))
        return await self._publish(pages, pending)

    def reject(self, pending: ArticleInProgress, rejection: Rejection) -> HandlerOutcome:
        """The outcome of an article of which a further page is too unsure: its least sure page decides."""
        settled = page_settlements(pending.target, UrlOutcome.REJECTED, rejection.reason)
        item = replace(rejection, url=pending.pages[0].url)
        return HandlerOutcome(items=((item, pending.first_fetch),), settled=settled, is_productive=False)

    def wait_for_page(self, pending: ArticleInProgress, first: str | None) -> DiscoveredUrl | None:
        """Have an article wait for its first page, or for the one that it names as its canonical one.

        Args:
            pending: the article.
            first: the URL of its first page, where it is a further one.

        Returns:
            The page to fetch; None where it has an outcome already, is not expected, or where no article may wait.
        """
        article, tally = pending.pages[0], self.tally
        url = first or claimed_page(article)
        if url is None or not self.waiting.may_hold or tally.is_settled(url):
            return None
        is_coming = first is not None or tally.is_found(url)  # a page that is only named as canonical is not fetched
        if not is_coming or registrable_domain(url) != registrable_domain(article.url):
            return None
        self.waiting.hold(url, Waiter(pending, is_part=first is not None))
        # role PAGE: if it is a section, its links are followed
        return DiscoveredUrl(url=without_trackers(url), role=Role.PAGE, depth=1, is_foreign=True)

    async def publish_waiting(self, waiter: Waiter) -> HandlerOutcome:
        """The outcome of an article that waited for another page."""
        pending = waiter.article
        if self.tally.is_settled(pending.target.url):  # as a part of that page's article
            return HandlerOutcome()
        if waiter.is_part and waiter.is_open:
            return HandlerOutcome(
                settled=page_settlements(pending.target, UrlOutcome.PENDING, PendingReason.FIRST_PAGE)
            )
        return await self.publish(pending)

    async def publish_held(self, pending: ArticleInProgress) -> HandlerOutcome:
        """The outcome of an article that was held back."""
        outcome = await self._publish(await self.memories.without_repeated(pending), pending)
        return replace(outcome, is_productive=None)  # that was counted when it was read

    async def _publish(self, pages: tuple[Article, ...], pending: ArticleInProgress) -> HandlerOutcome:
        outcome = await self.registrar.register(pages, pending)
        self.productive.add(pending.source.name)
        shared = self.memories.shared_by_site(pending)
        return outcome if outcome.joined is None else replace(outcome, joined=replace(outcome.joined, shared=shared))


def seen_layout(article: Article, pending: ArticleInProgress) -> PageLayout | None:
    """The layout of a new article's first page; None for one from the archive, which may have an older layout."""
    day = article.published[:10] if article.published else None
    fetched = datetime.fromtimestamp(pending.first_fetch.at, UTC).date()
    if not pending.observed or (day is not None and date.fromisoformat(day) < fetched - MIN_ARCHIVE_AGE):
        return None
    path = urlsplit(article.url).path.strip("/")
    return PageLayout(
        site=pending.observed[0].site,
        section=path.partition("/")[0] if "/" in path else "",
        layout=pending.observed[0].layout,
        missing=tuple(field for field in LAYOUT_FIELDS if not getattr(article, field)),
    )


def _further_pages(pages: tuple[Article, ...], pending: ArticleInProgress) -> list[Article]:
    """The pages after the first; one that redirected to the first is none."""
    own = (page_identity(pending.target.url), page_identity(pages[0].url))
    return [page for page in pages[1:] if page_identity(page.url) not in own]


def _continuation(url: str) -> SettledUrl:
    return SettledUrl(url=url, result=UrlOutcome.NOT_FETCHED, reason=NotFetched.CONTINUATION)


def _further_page_record(url: str, first: FetchRecord) -> FetchRecord:
    """The record of a further page of an article, which is never fetched on its own."""
    return FetchRecord(url=url, role=Role.NEXT, source=first.source, at=first.at, status=first.status)
