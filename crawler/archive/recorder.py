"""The Scrapy extension that archives each response of a crawl as WARC, with the outcome of its page."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, UsageError
from scrapy.http import Headers, Response
from scrapy.http.request import NO_CALLBACK

from cleaners.record.version import CLEANER
from cleaners.site.memory import SharedLines
from cleaners.site.rules import SiteRuleBook
from cleaners.types import Article, Rejection
from cleaners.urls.identity import page_identity
from crawler import __version__
from crawler.archive.page_outcome import MEMORY, STORY, AddedFields, PageOutcome, SharedBySite
from crawler.archive.store import Store
from crawler.config.plan import plan_of
from crawler.config.settings_values import SettingsValues
from crawler.context import CrawlContext
from crawler.fetching.network.to_page import fetched_of
from crawler.files.location import ShardError
from crawler.files.warc import records
from crawler.files.warc.last_captures import LastCaptures
from crawler.files.warc.records import Exchange, Member, Original
from crawler.files.warc.writer import WarcFiles, index_path, repair
from crawler.items import ItemKey, item_key
from crawler.signals import (
    disk_failed,
    exchange_failed,
    exchange_received,
    item_lost,
    item_written,
    lines_syncing,
    page_rendered,
)
from crawler.types import FETCHED, LIST_ROLES, Announcement, Fetched

logger = logging.getLogger("copydesk")

REPAIRED = "%s: an earlier run was killed while it wrote this file; %d bytes of a record were cut off"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """The outcome of some pages."""

    result: str
    reason: str = ""
    pages: tuple[str, ...]
    announced: Announcement | None = None
    line: Article | None = None


class Archive:
    """Writes the responses of a crawl, and the outcomes of its pages, to the archive.

    A response is written before it is processed, so that no line names a record that is not there.
    """

    def __init__(self, crawler: Crawler, store: Store, max_bytes: int) -> None:
        self.crawler = crawler
        self.store = store
        self._captures = LastCaptures(store.folder)
        self._files = WarcFiles(store.folder, max_bytes=max_bytes, info=self._info, closed=store.add_files)
        self._rules: SiteRuleBook = SettingsValues.of(crawler.settings).site_rule_book
        self._open: dict[str, str] = {}
        """Pages of the current file without an outcome yet: the page identity of the URL, by record."""
        self._expected: dict[ItemKey, tuple[CrawlContext, _Outcome]] = {}
        """Outcomes of articles that are still in the item pipelines."""
        self._originals: dict[str, Original] = {}
        """Captures of the records whose outcome is not known yet."""
        self._memories: set[str] = set()
        """Sites whose memory is in the current file."""
        self._is_refresh = plan_of(crawler).is_refresh
        """True where every article is written again: each line then has a whole response."""
        self._is_failed = self._is_closed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Repair files of a run that was killed, and connect the signals.

        Raises:
            NotConfigured: where no archive is wanted.
            UsageError: naming an archive that cannot be written.
        """
        values = SettingsValues.of(crawler.settings)
        if not values.archive or values.replay:
            raise NotConfigured
        store = open_store(values.archive)
        try:
            archive = cls(crawler, store, values.archive_maxsize)
            for path, torn in repair(store.folder):
                logger.warning(REPAIRED, path, torn)
            for path in store.uncopied_files():
                store.add_files(path, index_path(path))
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"setting COPYDESK_ARCHIVE={values.archive}: {error}", print_help=False) from error
        crawler.signals.connect(archive.received, exchange_received)
        crawler.signals.connect(archive.failed, exchange_failed)
        crawler.signals.connect(archive.rendered, page_rendered)
        crawler.signals.connect(archive.sync, lines_syncing)
        crawler.signals.connect(archive.item_arrived, item_written)
        crawler.signals.connect(archive.item_arrived, item_lost)
        crawler.signals.connect(archive.spider_closed, signals.spider_closed)
        return archive

    def received(self, request: Request, response: Response, at: datetime) -> None:
        """Write a response as it was received; the request's ``meta`` then names its record."""
        exchange = self._exchange(request, response, at)
        previous = self._find_capture(exchange.url)
        is_known = previous is not None and (response.status == records.UNCHANGED or previous.digest == exchange.digest)
        is_known = is_known and not self._is_refresh
        members = records.exchange(exchange, previous if is_known else None, _discovery_fields(request))
        self._write(request, at, members)
        if response.status == 200 and not is_known:
            made = members[0]
            original = Original(record=made.id, url=exchange.url, at=made.at, digest=made.digest)
            fetched = request.meta[FETCHED].record
            if fetched in self._open:  # saved with its outcome: else another run would take the page as unchanged
                self._originals[fetched] = original
            else:
                self._save_capture(original)

    def failed(self, request: Request, reason: str, detail: str, at: datetime) -> None:
        """Write that a request gave no response that could be used."""
        self._append(at, [records.failure(request.url, at, reason, detail, _discovery_fields(request))])

    def rendered(self, request: Request, html: bytes) -> None:
        """Write a page that a browser made; the request's ``meta`` then names its record."""
        fetched = request.meta.get(FETCHED)
        if isinstance(fetched, Fetched) and fetched.record:
            response = fetched.record.rpartition("#")[2]
            self._write(request, fetched.at, [records.rendered(request.url, fetched.at, html, response)])

    def _write(self, request: Request, at: datetime, members: Iterable[Member]) -> None:
        members, context = list(members), request.cb_kwargs.get("context")
        before = request.meta.get(FETCHED)
        name = self._append(at, members)
        if name:
            record = f"{self.store.file_location(name)}#{members[0].id}"
            if isinstance(before, Fetched) and before.record:  # of a redirect, or before it was rendered
                self._open.pop(before.record, None)
            request.meta[FETCHED] = Fetched(at, record)
            is_page = isinstance(context, CrawlContext) and context.role not in LIST_ROLES
            if is_page and members[0].status in (200, None):
                self._open[record] = page_identity(request.url)

    def write_page_outcome(self, response: Response, context: CrawlContext, result: str, reason: str) -> None:
        """Write the outcome of a page that is not an article.

        Args:
            response: the page.
            context: why it was fetched.
            result: the outcome, as in the account of the run.
            reason: of the outcome.
        """
        record = fetched_of(response).record
        if record is not None:
            self._write_outcome(context, _Outcome(result=result, reason=reason, pages=(record,)))

    def write_article_outcome(
        self,
        pages: Iterable[Article],
        context: CrawlContext,
        announced: Announcement | None,
        result: str,
        line: Article | None,
    ) -> None:
        """Write the outcome of the pages of an article, at once or when its line is written.

        Args:
            pages: as they were cleaned.
            context: why the first of them was fetched.
            announced: what a feed or sitemap announced of the article.
            result: the outcome, as in the account of the run.
            line: the article as it is written; None where it is not.
        """
        page_records = tuple(page.source for page in pages if page.source)
        outcome = _Outcome(result=result, pages=page_records, announced=announced, line=line)
        if line is None:
            self._write_outcome(context, outcome)
        else:  # written when its line is, so that outcomes and lines have the same order
            self._expected[item_key(line)] = context, outcome

    def item_arrived(self, item: Article | Rejection) -> None:
        """Write the outcome of an article that was written, dropped or failed."""
        if (entry := self._expected.pop(item_key(item), None)) is not None:
            self._write_outcome(*entry)

    def remember(self, site: str, shared: SharedLines) -> None:
        """Write the lines that the pages of a site share, before the site's next article; once per file."""
        if site in self._memories or not shared.lines:
            return
        value = SharedBySite(site=site, shared=shared)
        at = _now()
        if self._append(at, [records.knowledge(f"https://{site}/", at, value, MEMORY)]):
            self._memories.add(site)

    def _write_outcome(self, context: CrawlContext, outcome: _Outcome) -> None:
        story = PageOutcome(
            result=outcome.result,
            reason=outcome.reason,
            pages=tuple(page.rpartition("#")[2] for page in outcome.pages),
            role=context.role,
            cleaner=CLEANER,
            knowledge=self._rules.rules_hash(context.target.url),
            announced=outcome.announced.to_values() if outcome.announced is not None else None,
            line=crawl_fields(outcome.line) if outcome.line is not None else None,
        )
        at = _now()
        self._append(at, [records.knowledge(context.target.url, at, story, STORY)])
        identities = {page_identity(context.target.url), *(self._open.get(page, "") for page in outcome.pages)}
        for record in [record for record, identity in self._open.items() if identity in identities]:
            del self._open[record]
            if (original := self._originals.pop(record, None)) is not None:
                self._save_capture(original)

    def _find_capture(self, url: str) -> Original | None:
        try:
            return self._captures.find(url)
        except sqlite3.Error as error:
            self._fail(f"{self.store.folder}: the archive's captures.sqlite cannot be used: {error}")
            return None

    def _save_capture(self, original: Original) -> None:
        try:
            self._captures.keep(original)
        except sqlite3.Error as error:
            self._fail(f"{self.store.folder}: the archive's captures.sqlite cannot be written: {error}")

    def _append(self, at: datetime, members: list[Member]) -> str:
        """Write records; the crawl ends where they cannot be written.

        Returns:
            The name of their file; empty where they are lost.
        """
        if self._is_failed:
            return ""
        try:
            if self._files.rotate(is_complete=not self._open):
                self._open.clear()
                self._memories.clear()
            name = self._files.open(at)
            self._files.append(members)
        except OSError as error:
            self._fail(f"the archive cannot be written: {error}")
            return ""
        return name

    def sync(self) -> None:
        """Sync the records to disk before the lines that name them. Does nothing after the end of the crawl."""
        if self._is_closed:
            return
        try:
            self._files.sync()
            self._captures.commit()
        except (OSError, sqlite3.Error) as error:
            self._fail(f"the archive cannot be written: {error}")
        for reason in self.store.failures(at_end=False):
            logger.warning("the archive could not be copied: %s", reason)

    def _fail(self, reason: str) -> None:
        self._is_failed = True
        self.crawler.signals.send_catch_log(disk_failed, reason=reason)

    def spider_closed(self) -> None:
        """Complete the last file."""
        for entry in self._expected.values():  # dropped by a spider middleware
            self._write_outcome(*entry)
        self._is_closed = True
        try:
            self._files.close()
            self._captures.close()
        except (OSError, sqlite3.Error) as error:
            self._fail(f"the archive cannot be written: {error}")
        for reason in self.store.failures(at_end=True):
            self._fail(f"the archive could not be copied: {reason}")

    def _exchange(self, request: Request, response: Response, at: datetime) -> Exchange:
        got = [(name, value) for name, value in _header_lines(response.headers) if name.lower() != "set-cookie"]
        return Exchange(
            url=request.url,
            at=at,
            request=_header_lines(request.headers),
            method=request.method,
            status=response.status,
            headers=got,
            body=response.body,
            protocol=response.protocol or "HTTP/1.1",
            address=str(response.ip_address) if response.ip_address else None,
        )

    def _info(self, name: str) -> Member:
        settings = self.crawler.settings
        fields = {
            "software": f"copydesk/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "operator": settings.get("COPYDESK_CONTACT") or "",
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "http-header-user-agent": settings.get("USER_AGENT") or "",
        }
        return records.info(name, fields, _now())


def open_store(place: str) -> Store:
    """The store of ``COPYDESK_ARCHIVE``.

    Raises:
        UsageError: naming the setting and what is wrong.
    """
    try:
        store = Store.of(place)
        store.folder.mkdir(parents=True, exist_ok=True)
    except (ShardError, OSError) as error:
        raise UsageError(f"setting COPYDESK_ARCHIVE={place}: {error}", print_help=False) from error
    return store


def crawl_fields(article: Article) -> AddedFields:
    """The fields of an article that the crawl adds, not the cleaning of its pages."""
    return AddedFields(
        id=article.id,
        canonical_url=article.canonical_url,
        revision=article.revision,
        previous=article.previous,
        duplicate_of=article.duplicate_of,
        rights=article.rights,
        extra=article.extra,
    )


def _discovery_fields(request: Request) -> dict[str, str]:
    """WARC fields that state how a URL was found: referrer, seed, role and depth."""
    context = request.cb_kwargs.get("context")
    fields = {"via": (request.headers.get("Referer") or b"").decode("latin-1")}
    if isinstance(context, CrawlContext):
        return fields | {"seed": context.source.url, "role": str(context.role), "depth": str(context.target.depth)}
    is_page = request.callback is not None and request.callback is not NO_CALLBACK  # of another project's spider
    return fields | ({"role": "page"} if is_page else {})


def _header_lines(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
