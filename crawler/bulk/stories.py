"""The outcome of each response of an archive: a record, a further page of one, or the reason why there is no record.

An archive that a Copydesk crawl wrote also has the crawl's outcome of each page. Its pages wait for that outcome; pages
of other archives do not wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from cleaners.record.version import CLEANER
from cleaners.site.memory import SharedLines
from cleaners.types import Article, Page, PageResult, Reason, Rejection, Stage
from cleaners.urls.resolve import is_front_page
from crawler.archive.story import MEMORY, STORY, Story, read_memory, read_story
from crawler.bulk.twice import AGAIN
from crawler.crawl.reassemble import reassembled
from crawler.reporting.tally import FOLLOWED, WRITTEN, Result
from crawler.types import NotFetched
from crawler.warc.read import Began, Entry, Found, Note, Revisit, Skipped, Told, without_original

MOST_WAITING = 5_000
"""Maximum number of pages that wait for the crawl's outcome, about 20 kB each. A crawl holds back a thousand articles
for their sites and a thousand for other pages; some of them have several pages."""

REVISIT = "revisit"
"""Skip reason of a response with the same content as an earlier one."""

DECIDED = (Reason.RESERVED, Reason.SPIDER, NotFetched.OLD)
"""Rejection reasons that depend on the decisions of the crawl's user, not on the cleaner."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record to write."""

    source: str
    page: PageResult
    responses: int = 1
    """Number of the responses that it was made of."""


@dataclass(frozen=True, slots=True)
class Left:
    """A response without a record."""

    reason: str
    source: str


Outcome = Line | Left | Note

Waiting = tuple[Page, PageResult]


@dataclass(slots=True)
class Stories:
    """Finds the outcome of each response, in the order of the archive."""

    is_own: bool = False
    _waiting: dict[str, Waiting] = field(default_factory=dict)
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

    def feed(self, entry: Entry, page: PageResult | None) -> Iterator[Outcome]:
        """Process one entry, with its cleaning result when it is a page; yield the outcomes that are now certain."""
        match entry:
            case Began():
                self.is_own = entry.is_own
            case Note():
                yield entry
            case Skipped():
                yield Left(entry.reason, entry.source)
            case Revisit() if self.is_own:
                if (previous_source := self._revisits.pop(_id(entry.source), None)) is not None:
                    yield Left(REVISIT, previous_source)
                self._revisits[_id(entry.source)] = entry.source
            case Revisit() if entry.is_known:
                yield Left(REVISIT, entry.source)
            case Revisit():
                yield Line(entry.source, PageResult(result=without_original(entry)))
            case Rejection():
                yield Line(entry.url, PageResult(result=entry))
            case Found() if entry.role:
                self._roles.add(_id(entry.source))
            case Told():
                yield from self._take(entry)
            case Page() if page is not None and not self.is_own:
                yield Line(entry.source or entry.url, page)
            case Page() if page is not None:
                record = _id(entry.source or "")
                if record in self._waiting:  # the record id is not unique
                    yield from self._without_story(record)
                self._waiting[record] = replace(entry, body=b""), page
                while len(self._waiting) > MOST_WAITING:
                    yield from self._without_story(next(iter(self._waiting)))

    def rest(self) -> Iterator[Outcome]:
        """Outcomes of the pages without a crawl outcome: the crawl was killed, and fetched them again later."""
        for record in list(self._waiting):
            yield from self._without_story(record)
        for source in self._revisits.values():
            yield Left(REVISIT, source)

    def _without_story(self, record: str) -> Iterator[Outcome]:
        entry, page = self._waiting.pop(record)
        source = entry.source or entry.url
        if record not in self._roles:
            yield Left("resource", source)  # of a page that a browser rendered
        elif hash(entry.url) in self._settled_urls or (
            isinstance(page.result, Article) and hash(page.result.id) in self._ids
        ):
            yield Left(AGAIN, source)
        else:
            yield self._line(source, page)

    def _take(self, entry: Told) -> Iterator[Outcome]:
        try:
            if entry.kind == STORY:
                yield from self._tell(entry.url, read_story(entry.block))
            elif entry.kind == MEMORY:
                memory = read_memory(entry.block)
                self._shared[memory.site] = memory.shared
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            yield Note("unknown_knowledge", f"{entry.url}: {entry.kind}: {error}")

    def _tell(self, url: str, story: Story) -> Iterator[Outcome]:
        for record in story.pages:
            if (again := self._revisits.pop(record, None)) is not None:
                yield Left(REVISIT if story.result in WRITTEN else story.result, again)
        pages, split = self._pages(story)
        self._settled_urls |= {hash(page_url) for page_url in (url, *(page.url for page, _ in (*pages, *split)))}
        for page, _ in split:
            yield Left("split", page.source or page.url)
        if not pages:
            return
        source, results = pages[0][0].source or url, [page for _, page in pages]
        if story.result in WRITTEN and story.line is not None:
            line_hash = hash((story.line.id, story.line.revision))
            if line_hash in self._lines:  # a killed crawl wrote it before its line was synced; so did the next crawl
                for page, _ in pages:
                    yield Left(AGAIN, page.source or page.url)
                return
            self._lines.add(line_hash)
            article, count = reassembled(story, results, self._shared)
            yield self._line(source, PageResult(result=article), count)
            for page, _ in pages[count:]:
                yield Left("joined_no_more", page.source or page.url)
            return
        yield from self._no_line(story, pages)

    def _pages(self, story: Story) -> tuple[list[Waiting], list[Waiting]]:
        """Pages of an article before its first missing page, and those after it, which are no article without it."""
        pages: list[Waiting] = []
        split: list[Waiting] = []
        is_whole = True
        for record in story.pages:
            self._roles.discard(record)
            waiting_page = self._waiting.pop(record, None)
            is_whole = is_whole and waiting_page is not None
            if waiting_page is not None:
                (pages if is_whole else split).append(waiting_page)
        return pages, split

    def _no_line(self, story: Story, pages: list[Waiting]) -> Iterator[Outcome]:
        """The outcomes of pages of which the crawl wrote no article."""
        for entry, page in pages:
            source, result = entry.source or entry.url, page.result
            if story.result not in (Result.REJECTED, Result.FOLLOWED):
                yield Left(story.result, source)
            elif story.reason in DECIDED:
                detail = "as the crawl decided"
                rejected = Rejection(
                    url=entry.url, stage=Stage.PAGE_TYPE, reason=story.reason, detail=detail, fetched_at=entry.fetched
                )
                yield Line(source, PageResult(result=rejected))
            elif story.reason == FOLLOWED and isinstance(result, Rejection):
                yield Left(FOLLOWED, source)
            elif story.reason == FOLLOWED and is_front_page(entry.url):
                yield Left(NotFetched.FRONT_PAGE, source)
            else:
                yield self._line(source, page)

    def _line(self, source: str, page: PageResult, responses: int = 1) -> Line:
        if isinstance(page.result, Article):
            self._ids.add(hash(page.result.id))
        return Line(source, page, responses)


def is_current(story: Story, version: int, marks: Mapping[str, str]) -> bool:
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


CURRENT = version_of(CLEANER)
"""The number of today's rules."""


def _id(source: str) -> str:
    return source.rpartition("#")[2]
