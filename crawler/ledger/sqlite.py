"""The ledger in one SQLite file (write-ahead log, one transaction per commit)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cleaners.site.memory import SiteMemory
from cleaners.urls.identity import article_id
from crawler.ledger.minhash import bands
from crawler.ledger.recrawl import (
    LONGEST_WAIT,
    NEVER_FETCHED,
    NOT_MODIFIED,
    FetchHistory,
    first_time,
    is_changed,
    is_due,
    next_due,
)
from crawler.ledger.site_tables import SiteTables
from crawler.ledger.types import ArticleState, FetchRecord, Layout, LedgerError, Output, Run
from crawler.types import Announcement, DiscoveredUrl, PatternYield, RenderingYield, Role
from crawler.util.batches import BATCH, batches

MAX_CANDIDATES = 100
"""Most candidates for a near-duplicate that are compared: thousands of pages of one template may share a band."""

OK = 200

OF_PATTERNS = (Role.ARTICLE, Role.SECTION, Role.PAGE)
"""Roles of pages whose URLs are counted by pattern."""

URL_COLUMNS = "url, role, lastmod, depth, announced, etag, last_modified"
ARTICLE_COLUMNS = "id, url, revision, fingerprint, signature, duplicate_of"

SELECT_DUE = f"""
SELECT coalesce(due, 0), key, {URL_COLUMNS} FROM urls
WHERE source = ? AND run <> ? AND {{condition}} AND (coalesce(due, 0), key) > (?, ?)
ORDER BY coalesce(due, 0), key LIMIT ?
"""

WRITE_FETCH = """
INSERT INTO urls (
    key, url, source, role, first_seen, found_in, fetched, status, changed, due, failures, reason, article, run
) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    first_seen = excluded.first_seen, role = excluded.role, fetched = excluded.fetched, status = excluded.status,
    changed = excluded.changed,
    due = excluded.due, failures = excluded.failures, reason = excluded.reason, article = excluded.article
"""

WRITE_DISCOVERED = """
INSERT INTO urls (
    key, url, source, role, first_seen, found_in, lastmod, due, run, depth, announced
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""

WRITE_ROLE = """
UPDATE urls SET role = ? WHERE key = ? AND article IS NULL AND role IN ('section', 'page')
"""

WRITE_ARTICLE = """
INSERT INTO articles (id, url, revision, fingerprint, first_seen, changed, output, signature, duplicate_of)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    url = excluded.url, revision = excluded.revision,
    changed = CASE WHEN fingerprint = excluded.fingerprint THEN changed ELSE excluded.changed END,
    fingerprint = excluded.fingerprint, output = coalesce(excluded.output, output),
    signature = excluded.signature, duplicate_of = excluded.duplicate_of
"""

WRITE_OUTPUT = """
INSERT INTO outputs VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset, is_open = excluded.is_open
"""

WRITE_TOTAL = """
INSERT INTO totals VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
    urls = urls + excluded.urls, articles = articles + excluded.articles
"""


MAX_INTEGER = 2**63 - 1
"""The largest number that SQLite stores."""


class SqliteLedger:
    """:class:`~crawler.ledger.types.Ledger` on one connection.

    A call takes well under a millisecond and does not yield to the event loop.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._sites = SiteTables(connection)
        self._run = self._started = 0

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    async def start_run(self, pid: int, at: int) -> int:
        """Record the start of a run; returns its number."""
        cursor = self._db.execute("INSERT INTO runs (pid, started, report) VALUES (?, ?, '{}')", (pid, at))
        self._run, self._started = int(cursor.lastrowid or 0), at
        return self._run

    async def finish_run(self, run: int, at: int, status: int, report: dict[str, Any]) -> None:
        """Record the end of a run."""
        with writing():
            self._db.execute(
                "UPDATE runs SET ended = ?, status = ?, report = ? WHERE id = ?", (at, status, json.dumps(report), run)
            )

    async def runs(self, limit: int, *, before: int | None = None) -> list[Run]:
        """The last runs, newest first; those before a run where its number is given."""
        rows = self._db.execute(
            "SELECT id, pid, started, ended, status, report FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?",
            (MAX_INTEGER if before is None else before, limit),
        )
        return [Run(id=i, pid=p, started=s, ended=e, status=c, report=json.loads(r)) for i, p, s, e, c, r in rows]

    async def lookup(self, urls: Iterable[str]) -> dict[str, DiscoveredUrl]:
        """What is known of some URLs, by URL as in the argument; unknown ones are left out."""
        found: dict[str, DiscoveredUrl] = {}
        for some in batches(urls):
            keys = {url: url_key(url) for url in some}
            rows = self._db.execute(
                f"SELECT key, {URL_COLUMNS} FROM urls WHERE key IN ({placeholders(keys)})",
                list(keys.values()),
            )
            known = {row[0]: discovered_url(row[1:]) for row in rows}
            found |= {url: known[key] for url, key in keys.items() if key in known}
        return found

    async def announcement(self, url: str) -> Announcement | None:
        """What feeds and sitemaps announced of the article at a URL."""
        row = self._db.execute("SELECT announced FROM urls WHERE key = ?", (url_key(url),)).fetchone()
        return Announcement.of_values(json.loads(row[0])) if row and row[0] else None

    async def due_urls(self, source: str, now: int, *, everything: bool = False) -> AsyncIterator[DiscoveredUrl]:
        """URLs of a source that earlier runs found and that are due, never fetched ones first; all with ``everything``.

        URLs that this run discovered are left out: they are in the scheduler's queue.
        """
        last: tuple[int, bytes] = (-1, b"")
        condition = "true" if everything else "due IS NOT NULL AND NOT (? < due AND due <= ?)"
        parameters = (source, self._run) if everything else (source, self._run, now, now + LONGEST_WAIT)
        while True:
            rows = self._db.execute(SELECT_DUE.format(condition=condition), (*parameters, *last, BATCH)).fetchall()
            for row in rows:
                yield discovered_url(row[2:])
            if len(rows) < BATCH:
                return
            last = rows[-1][:2]

    async def select_due(self, found: Sequence[DiscoveredUrl], now: int) -> list[DiscoveredUrl]:
        """The discovered URLs that are to be fetched now: new, due, or changed since they were fetched."""
        wanted = []
        for some in batches(found):
            entries = {url_key(entry.url): entry for entry in some}
            rows = self._db.execute(
                f"SELECT key, due, fetched, {URL_COLUMNS} FROM urls WHERE key IN ({placeholders(entries)})",
                list(entries),
            )
            known = {row[0]: row[1:] for row in rows}
            for key, entry in entries.items():
                if key not in known:
                    wanted.append(entry)
                    continue
                due, fetched, *row = known[key]
                state = discovered_url(row, entry.announced)
                if is_due(due, now) or is_changed(entry.lastmod, fetched, state.lastmod, self._started, now):
                    wanted.append(state)
        return wanted

    async def find_article(self, id_: str) -> ArticleState | None:
        """An article by its id."""
        row = self._db.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?",
            (id_,),
        ).fetchone()
        return article_state(row) if row else None

    async def articles_with_text(self, fingerprint: str) -> list[ArticleState]:
        """Articles with exactly this text."""
        rows = self._db.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE fingerprint = ? ORDER BY first_seen, id LIMIT ?",
            (fingerprint, MAX_CANDIDATES),
        )
        return [article_state(row) for row in rows]

    async def similar_articles(self, bands: Collection[bytes]) -> list[ArticleState]:
        """Articles with one of these bands of a MinHash: candidates for near-duplicates."""
        rows = self._db.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id IN "
            f"(SELECT article FROM bands WHERE band IN ({placeholders(bands)}) LIMIT ?)",
            [*bands, MAX_CANDIDATES],
        )
        return [article_state(row) for row in rows]

    async def commit(self, records: Sequence[FetchRecord], outputs: Sequence[Output] = ()) -> None:
        """Write the outcome of some URLs and the offsets of the outputs in one transaction."""
        with writing():
            try:
                self._db.execute("BEGIN IMMEDIATE")
                self._write(records, outputs)
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def _write(self, records: Sequence[FetchRecord], outputs: Sequence[Output]) -> None:
        for record in records:
            if not record.is_partial:
                self._write_fetch(record)
            for entry in record.discovered:
                self._write_discovered(entry, record)
            if record.article is not None:
                self._write_article(record.article, record)
            if record.layout is not None:
                self._sites.write_layout(record.layout, record.url, record.at)
            if record.rendering_helped is not None and not record.is_partial:
                self._sites.write_rendering(record.url, helped=record.rendering_helped)
        self._sites.write_observed(one for record in records for one in record.observed)
        for output in outputs:
            self._db.execute(WRITE_OUTPUT, (output.path, output.offset, output.is_open))

    def _write_fetch(self, record: FetchRecord) -> None:
        key = url_key(record.url)
        row = self._db.execute(
            "SELECT first_seen, fingerprint, changed, failures, article, fetched FROM urls WHERE key = ?", (key,)
        ).fetchone()
        first_seen, fingerprint, changed, failures, article, fetched = row or (record.at, None, None, 0, None, None)
        first_seen = first_time(first_seen, record.at)
        is_response = record.retry_reason is None and record.status != NOT_MODIFIED
        if is_response and record.fingerprint != fingerprint:
            changed = record.at
        failures = failures + 1 if record.retry_reason else 0
        due = next_due(
            FetchHistory(
                role=record.role,
                at=record.at,
                first_seen=first_seen,
                changed=first_time(changed or record.at, record.at),
                status=record.status,
                failures=failures,
            )
        )
        current = record.article.id if record.article else article
        self._db.execute(
            WRITE_FETCH,
            (
                *(key, record.url, record.source, record.role, first_seen, record.at, record.status),
                *(changed, due, failures, record.retry_reason, current, self._run),
            ),
        )
        if is_response:
            self._db.execute(
                "UPDATE urls SET etag = ?, last_modified = ?, fingerprint = ? WHERE key = ?",
                (record.etag, record.last_modified, record.fingerprint, key),
            )
        if is_response and fetched is None and record.status == OK and record.role in OF_PATTERNS:
            self._sites.write_url(record.url, is_article=record.article is not None)
        self._add_total(record.source, urls=int(row is None), articles=int(bool(current) and not article))

    def _write_discovered(self, entry: DiscoveredUrl, record: FetchRecord) -> None:
        key = url_key(entry.url)
        announced = _to_json(entry.announced)
        done = self._db.execute(
            WRITE_DISCOVERED,
            (
                *(key, entry.url, record.source, entry.role, record.at, record.url, entry.lastmod),
                *(NEVER_FETCHED, self._run, entry.depth, announced),
            ),
        )
        self._add_total(record.source, urls=done.rowcount, articles=0)
        if done.rowcount:
            return
        if entry.role is Role.ARTICLE:
            self._db.execute(WRITE_ROLE, (entry.role, key))
        if entry.announced is not None:
            self._write_announcement(key, entry.announced)
        if entry.lastmod is not None:
            self._write_lastmod(key, entry.lastmod)

    def _write_announcement(self, key: bytes, announced: Announcement) -> None:
        """Store a later announcement; what it lacks stays."""
        (stored,) = self._db.execute("SELECT announced FROM urls WHERE key = ?", (key,)).fetchone()
        found = Announcement.of_values(json.loads(stored)).updated(announced) if stored else announced
        if (value := _to_json(found)) != stored:
            self._db.execute("UPDATE urls SET announced = ? WHERE key = ?", (value, key))

    def _write_lastmod(self, key: bytes, lastmod: int) -> None:
        """Store a later date of a listing; the URL is due where the date means that the page changed."""
        known, fetched, due = self._db.execute(
            "SELECT lastmod, fetched, due FROM urls WHERE key = ?", (key,)
        ).fetchone()
        if lastmod > (known or 0):
            if is_changed(lastmod, fetched, known, self._started):
                due = NEVER_FETCHED
            self._db.execute("UPDATE urls SET lastmod = ?, due = ? WHERE key = ?", (lastmod, due, key))

    def _write_article(self, article: ArticleState, record: FetchRecord) -> None:
        self._db.execute(
            WRITE_ARTICLE,
            (
                *(article.id, article.url, article.revision, article.fingerprint, record.at, record.at),
                *(record.output, article.signature, article.duplicate_of),
            ),
        )
        if article.signature is not None and article.duplicate_of is None:  # duplicates are no candidates
            rows = [(band, article.id) for band in bands(article.signature)]
            self._db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", rows)

    async def site_memory(self, site: str) -> SiteMemory:
        """What is remembered of a site, by its host without ``www.``."""
        return self._sites.memory(site)

    async def url_patterns(self, site: str) -> dict[str, PatternYield]:
        """How many of the pages with each URL pattern were articles, of a site."""
        return self._sites.url_patterns(site)

    async def rendering(self, site: str) -> RenderingYield:
        """How many pages of a site were rendered."""
        return self._sites.rendering(site)

    async def layouts(self, since: int) -> dict[str, list[Layout]]:
        """The layouts of the sites with an article since a time."""
        return self._sites.layouts(since)

    def _add_total(self, source: str, *, urls: int, articles: int) -> None:
        if urls or articles:
            self._db.execute(WRITE_TOTAL, (source, urls, articles))

    async def outputs(self) -> list[Output]:
        """The outputs of earlier runs."""
        rows = self._db.execute("SELECT path, offset, is_open FROM outputs")
        return [Output(path=path, offset=offset, is_open=bool(is_open)) for path, offset, is_open in rows]

    async def has_articles(self, source: str) -> bool:
        """True for a source that had an article in any run."""
        row = self._db.execute("SELECT articles FROM totals WHERE source = ?", (source,)).fetchone()
        return bool(row and row[0])

    async def has_article_among(self, urls: Sequence[str]) -> bool:
        """True where one of some URLs had an article."""
        for some in batches(urls):
            keys = [url_key(url) for url in some]
            query = f"SELECT 1 FROM urls WHERE article IS NOT NULL AND key IN ({placeholders(keys)}) LIMIT 1"
            if self._db.execute(query, keys).fetchone() is not None:
                return True
        return False

    async def count_articles_in(self, path: str) -> int:
        """Number of articles whose line is in a file."""
        return int(self._db.execute("SELECT count(*) FROM articles WHERE output = ?", (path,)).fetchone()[0])


@contextmanager
def writing() -> Iterator[None]:
    """Convert SQLite's errors to :class:`LedgerError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError(f"the ledger cannot be written: {error}") from error


def _to_json(announced: Announcement | None) -> str | None:
    return json.dumps(announced.to_values(), ensure_ascii=False) if announced is not None else None


def url_key(url: str) -> bytes:
    """Primary key of a URL: the same for http and https, ``www.``, tracking parameters, fragment or final slash."""
    return bytes.fromhex(article_id(url, None))


def placeholders(values: Iterable[Any]) -> str:
    """SQL placeholders for some values."""
    return ", ".join("?" for _ in values)


def discovered_url(row: Sequence[Any], announced: Announcement | None = None) -> DiscoveredUrl:
    """A row of ``URL_COLUMNS`` as a URL; a current announcement takes precedence over the stored one."""
    url, role, lastmod, depth, stored, etag, last_modified = row
    if announced is None and stored:
        announced = Announcement.of_values(json.loads(stored))
    return DiscoveredUrl(
        url=url,
        role=Role(role),
        lastmod=lastmod,
        depth=depth,
        announced=announced,
        etag=etag,
        last_modified=last_modified,
    )


def article_state(row: Sequence[Any]) -> ArticleState:
    """A row of ``ARTICLE_COLUMNS`` as an article."""
    id_, url, revision, fingerprint, signature, duplicate_of = row
    return ArticleState(
        id=id_, url=url, revision=revision, fingerprint=fingerprint, signature=signature, duplicate_of=duplicate_of
    )
