"""The outcome of each response of an archive: a record, a further page of one, or the reason why there is no record.

An archive that a Copydesk crawl wrote also has the crawl's outcome of each page. Its pages wait for that outcome; pages
of other archives do not wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from cleaners.metadata.rights import reserving, with_rights
from cleaners.record.version import CLEANER
from cleaners.site.memory import SharedLines
from cleaners.site.memory.repeated import without_repeated
from cleaners.types import Article, ObservedPage, Page, PageResult, Reason, Rejection, Right, Stage, Use
from cleaners.urls.resolve import is_front_page
from crawler.archive.page_outcome import MEMORY, STORY, PageOutcome, SharedBySite
from crawler.files.warc.reader import (
    CrawlMetadata,
    DiscoveryInfo,
    Entry,
    FileStart,
    ReadWarning,
    Revisit,
    Skipped,
    without_original,
)
from crawler.output.publishing.revisions import join_pages
from crawler.reasons import ArchiveReason, NotFetched
from crawler.run_report.account import WRITTEN, UrlOutcome

MAX_WAITING_PAGES = 5_000
"""Maximum number of pages that wait for the crawl's outcome, about 20 kB each. A crawl holds back a thousand articles
for their sites and a thousand for other pages; some of them have several pages."""

USER_REASONS = (Reason.RESERVED, Reason.SPIDER, NotFetched.OLD)
"""Rejection reasons that depend on the decisions of the crawl's user, not on the cleaner."""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record to write."""

    source: str
    page: PageResult
    responses: int = 1
    """Number of the responses that it was made of."""


@dataclass(frozen=True, slots=True)
class Omitted:
    """A response without a record."""

    reason: str
    source: str


Outcome = RecordLine | Omitted | ReadWarning

WaitingPage = tuple[Page, PageResult]


@dataclass(slots=True)
class PageOutcomes:
    """Finds the outcome of each response, in the order of the archive."""

    is_own: bool = False
    obeyed_uses: frozenset[Use] = frozenset()
    """Uses for which an article is rejected whose publisher reserves one of them, by today's rules."""
    _waiting: dict[str, WaitingPage] = field(default_factory=dict)
    """Pages whose outcome was not read yet, without their bodies, by record id."""
    _revisits: dict[str, str] = field(default_factory=dict)
    """File and record of each revisit whose outcome was not read yet, by record id."""
    _roles: set[str] = field(default_factory=set)
    """Records that the crawl fetched as pages."""
    _shared: dict[str, SharedLines] = field(default_factory=dict)
    _settled_urls: set[int] = field(default_factory=set)
    """Hashes of the URLs whose outcome was read."""
    _lines: set[int] = field(default_factory=set)
    """Hashes of the ids and revisions of the articles in the outcomes so far."""
    _ids: set[int] = field(default_factory=set)
    """Hashes of the ids of the articles so far."""

    def add(self, entry: Entry, page: PageResult | None) -> Iterator[Outcome]:
        """Process one entry, with its cleaning result when it is a page; yield the outcomes that are now certain."""
        match entry:
            case FileStart():
                self.is_own = entry.is_own
            case ReadWarning():
                yield entry
            case Skipped():
                yield Omitted(entry.reason, entry.source)
            case Revisit() if self.is_own:
                if (previous_source := self._revisits.pop(_id(entry.source), None)) is not None:
                    yield Omitted(ArchiveReason.REVISIT, previous_source)
                self._revisits[_id(entry.source)] = entry.source
            case Revisit() if entry.is_known:
                yield Omitted(ArchiveReason.REVISIT, entry.source)
            case Revisit():
                yield RecordLine(entry.source, PageResult(result=without_original(entry)))
            case Rejection():
                yield RecordLine(entry.url, PageResult(result=entry))
            case DiscoveryInfo() if entry.role:
                self._roles.add(_id(entry.source))
            case CrawlMetadata():
                yield from self._read_knowledge(entry)
            case Page() if page is not None and not self.is_own:
                yield self._line(entry.source or entry.url, page)
            case Page() if page is not None:
                record = _id(entry.source or "")
                if record in self._waiting:  # the record id is not unique
                    yield from self._outcome_without_crawl_record(record)
                self._waiting[record] = replace(entry, body=b""), page
                while len(self._waiting) > MAX_WAITING_PAGES:
                    yield from self._outcome_without_crawl_record(next(iter(self._waiting)))

    def remaining(self) -> Iterator[Outcome]:
        """Outcomes of the pages without a crawl outcome: the crawl was killed, and fetched them again later."""
        for record in list(self._waiting):
            yield from self._outcome_without_crawl_record(record)
        for source in self._revisits.values():
            yield Omitted(ArchiveReason.REVISIT, source)

    def _outcome_without_crawl_record(self, record: str) -> Iterator[Outcome]:
        entry, page = self._waiting.pop(record)
        source = entry.source or entry.url
        if record not in self._roles:
            yield Omitted(ArchiveReason.RESOURCE, source)
        elif hash(entry.url) in self._settled_urls or (
            isinstance(page.result, Article) and hash(page.result.id) in self._ids
        ):
            yield Omitted(ArchiveReason.FETCHED_AGAIN, source)
        else:
            yield self._line(source, page)

    def _read_knowledge(self, entry: CrawlMetadata) -> Iterator[Outcome]:
        try:
            if entry.kind == STORY:
                yield from self._apply_outcome(entry.url, msgspec.json.decode(entry.block, type=PageOutcome))
            elif entry.kind == MEMORY:
                memory = msgspec.json.decode(entry.block, type=SharedBySite)
                self._shared[memory.site] = memory.shared
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            yield ReadWarning(ArchiveReason.UNKNOWN_KNOWLEDGE, f"{entry.url}: {entry.kind}: {error}")

    def _apply_outcome(self, url: str, story: PageOutcome) -> Iterator[Outcome]:
        for record in story.pages:
            if (again := self._revisits.pop(record, None)) is not None:
                yield Omitted(ArchiveReason.REVISIT if story.result in WRITTEN else story.result, again)
        pages, split = self._take_pages(story)
        self._settled_urls |= {hash(page_url) for page_url in (url, *(page.url for page, _ in (*pages, *split)))}
        for page, _ in split:
            yield Omitted(ArchiveReason.SPLIT, page.source or page.url)
        if not pages:
            return
        source, results = pages[0][0].source or url, [page for _, page in pages]
        if story.result in WRITTEN and story.line is not None:
            line_hash = hash((story.line.id, story.line.revision))
            if line_hash in self._lines:  # a killed crawl wrote it before its line was synced; so did the next crawl
                for page, _ in pages:
                    yield Omitted(ArchiveReason.FETCHED_AGAIN, page.source or page.url)
                return
            self._lines.add(line_hash)
            article, count = reassemble_article(story, results, self._shared)
            yield self._line(source, PageResult(result=article), count)
            for page, _ in pages[count:]:
                yield Omitted(ArchiveReason.JOINED_NO_MORE, page.source or page.url)
            return
        yield from self._outcomes_without_article(story, pages)

    def _take_pages(self, story: PageOutcome) -> tuple[list[WaitingPage], list[WaitingPage]]:
        """Pages of an article before its first missing page, and those after it, which are no article without it."""
        pages: list[WaitingPage] = []
        split: list[WaitingPage] = []
        is_whole = True
        for record in story.pages:
            self._roles.discard(record)
            waiting_page = self._waiting.pop(record, None)
            is_whole = is_whole and waiting_page is not None
            if waiting_page is not None:
                (pages if is_whole else split).append(waiting_page)
        return pages, split

    def _outcomes_without_article(self, story: PageOutcome, pages: list[WaitingPage]) -> Iterator[Outcome]:
        """The outcomes of pages of which the crawl wrote no article."""
        for entry, page in pages:
            source, result = entry.source or entry.url, page.result
            if story.result not in (UrlOutcome.REJECTED, UrlOutcome.FOLLOWED):
                yield Omitted(story.result, source)
            elif story.reason in USER_REASONS:
                detail = "as the crawl decided"
                rejected = Rejection(
                    url=entry.url, stage=Stage.PAGE_TYPE, reason=story.reason, detail=detail, fetched_at=entry.fetched
                )
                yield RecordLine(source, PageResult(result=rejected))
            elif story.reason == ArchiveReason.FOLLOWED and isinstance(result, Rejection):
                yield Omitted(ArchiveReason.FOLLOWED, source)
            elif story.reason == ArchiveReason.FOLLOWED and is_front_page(entry.url):
                yield Omitted(NotFetched.FRONT_PAGE, source)
            else:
                yield self._line(source, page)

    def _obedient(self, page: PageResult) -> PageResult:
        """The page, or its rejection where its publisher reserves a use that is obeyed."""
        article = page.result
        reserved = reserving(article.rights or (), self.obeyed_uses) if isinstance(article, Article) else None
        if reserved is None or not isinstance(article, Article):
            return page
        return replace(page, result=_refusal(article, reserved), observed=None)

    def _line(self, source: str, page: PageResult, responses: int = 1) -> RecordLine:
        if isinstance(page.result, Article):
            self._ids.add(hash(page.result.id))
            if page.result.rights is None and page.rights:  # of another crawler, or no article when it was crawled
                page = replace(page, result=with_rights(page.result, page.rights))
            page = self._obedient(page)
        return RecordLine(source, page, responses)


def _refusal(article: Article, reserved: Right) -> Rejection:
    detail = f"{reserved.origin}: {reserved.value}"
    return Rejection(
        url=article.url,
        stage=Stage.PAGE_TYPE,
        reason=Reason.RESERVED,
        detail=detail,
        fetched_at=article.fetched_at,
    )


def reassemble_article(
    story: PageOutcome, pages: Sequence[PageResult], shared: Mapping[str, SharedLines]
) -> tuple[Article | Rejection, int]:
    """Join the pages of a story that were cleaned again, with the fields that the crawl added when it published it.

    Args:
        story: the archived outcome of the pages.
        pages: their results, at least one, in order.
        shared: what the pages of each site share.

    Returns:
        The article, or the rejection of its first page; and the number of pages that it was joined from.
    """
    first = pages[0]
    if isinstance(first.result, Rejection):
        return first.result, 1
    articles: list[Article] = []
    for page in pages:
        if isinstance(page.result, Rejection) and page.result.reason == Reason.UNSURE:
            return replace(page.result, url=first.result.url), 1
        if isinstance(page.result, Rejection):  # the rest of the article is what the pages before it say
            break
        articles.append(_without_shared_lines(page.result, _of_article(page.observed, first.observed), shared))
    article = join_pages(tuple(articles), story.announcement, first.undeclared)
    if (line := story.line) is not None:
        article = replace(
            article,
            id=line.id,
            canonical_url=article.canonical_url if line.canonical_url is not None else None,
            revision=line.revision,
            previous=line.previous,
            duplicate_of=line.duplicate_of,
            extra=line.extra,
        )
        article = with_rights(article, line.rights or ())
    return article, len(articles)


def _of_article(observed: ObservedPage | None, first: ObservedPage | None) -> ObservedPage | None:
    """The observation of a page under the key of its article: all pages of an article count as one in the memory."""
    if observed is None or first is None:
        return None
    return replace(observed, observation=replace(observed.observation, page=first.observation.page))


def _without_shared_lines(
    article: Article, observed: ObservedPage | None, shared: Mapping[str, SharedLines]
) -> Article:
    lines = shared.get(observed.site) if observed is not None else None
    return without_repeated(article, observed, lines) if observed is not None and lines is not None else article


def is_current(story: PageOutcome, version: int, marks: Mapping[str, str]) -> bool:
    """True when this version of the rules or a later one cleaned the pages of a URL, with the same site rules.

    Args:
        story: of the archive.
        version: of the rules.
        marks: the mark of today's site rules, by record of a page.
    """
    same = all(marks.get(record, story.knowledge) == story.knowledge for record in story.pages)
    return same and version_of(story.cleaner) >= version


def version_of(cleaner: str) -> int:
    """The version number of the rules in a record's ``cleaner`` field; 0 when it has none."""
    number = cleaner.rpartition("/")[2]
    return int(number) if number.isdecimal() else 0


CURRENT_RULES_VERSION = version_of(CLEANER)
"""The number of today's rules."""


def _id(source: str) -> str:
    return source.rpartition("#")[2]
