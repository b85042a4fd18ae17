"""The ledger in SQL, on any database that has it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from cleaners.site.memory import SiteMemory
from cleaners.text.gist import REPEATED
from cleaners.urls.identity import plainness, without_trackers
from crawler.ledger.recrawl import LONGEST_WAIT, NEVER_FETCHED
from crawler.ledger.sql import variants
from crawler.ledger.sql import writes as sql_writes
from crawler.ledger.sql.database import Connection, Database, ValueRefusedError
from crawler.ledger.sql.rows import (
    ARTICLE_COLUMNS,
    READ_URLS,
    ROW_CHARS,
    URL_COLUMNS,
    UrlRow,
    article_state,
    placeholders,
    url_key,
)
from crawler.ledger.sql.site_tables import SiteTables
from crawler.ledger.types import (
    ArticleState,
    FetchRecord,
    Layout,
    LedgerError,
    Output,
    RefusedUrl,
    RelatedArticles,
    Run,
)
from crawler.types import Announcement, DiscoveredUrl, PatternYield, RenderingYield
from crawler.util import BATCH, batches

MAX_CANDIDATES = 100
"""Most candidates for a near-duplicate that are compared: thousands of pages of one template may share a band."""

MAX_INTEGER = 2**63 - 1
"""The largest number that databases store."""

SELECT_DUE = f"""
SELECT {URL_COLUMNS} FROM urls
WHERE source = ? AND run <> ? AND {{condition}} AND (coalesce(due, 0), key, variant) > (?, ?, ?)
ORDER BY coalesce(due, 0), key, variant LIMIT ?
"""

EVERYTHING = "(fetched IS NOT NULL OR due IS NOT NULL)"
"""SQL condition: all URLs but those whose page has its article at another URL."""

SELECT_KNOWN = f"""
SELECT 'announced' AS what, announced AS id, url, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0 AS first_seen
FROM urls
WHERE key = ? AND announced IS NOT NULL
UNION ALL
SELECT 'article', {ARTICLE_COLUMNS} FROM articles WHERE id = ?
UNION ALL
SELECT 'text', {ARTICLE_COLUMNS} FROM (
    SELECT {ARTICLE_COLUMNS} FROM articles WHERE fingerprint = ? ORDER BY first_seen, id LIMIT ?
) AS same
UNION ALL
SELECT 'similar', {ARTICLE_COLUMNS} FROM articles WHERE id IN (
    SELECT article FROM bands WHERE band IN ({{bands}}) LIMIT ?
)
ORDER BY first_seen, id
"""

SELECT_OUTPUTS = 'SELECT path, "offset", is_open FROM outputs WHERE substr(path, 1, ?) = ?'


class SqlLedger:
    """:class:`~crawler.ledger.types.Ledger` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._run = self._started = 0
        self._skew = 0
        """Seconds by which the clock of the database is ahead; added to every time that is written or queried."""

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    async def start_run(self, pid: int, at: int) -> int:
        """Record the start of a run; returns its number.

        Raises:
            LedgerError: where the clock of the database differs much from this machine's.
        """
        self._skew = await self._database.clock_skew()
        at += self._skew

        def insert(db: Connection) -> int:
            query = "INSERT INTO runs (pid, started, report) VALUES (?, ?, '{}') RETURNING id"
            return int(db.execute(query, (pid, at)).fetchall()[0][0])

        run = await self._database.write(insert)
        await self._database.begin(run)
        self._run, self._started = run, at
        return run

    async def finish_run(self, run: int, at: int, status: int, report: dict[str, object]) -> None:
        """Record the end of a run."""
        query = "UPDATE runs SET ended = ?, status = ?, report = ? WHERE id = ?"
        values = (at + self._skew, int(status))
        await self._database.write(lambda db: db.execute(query, (*values, json.dumps(report), run)))

    async def runs(self, limit: int, *, before: int | None = None) -> list[Run]:
        """The last runs, newest first; those before a run where its number is given."""
        query = "SELECT id, pid, started, ended, status, report FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?"
        values = (MAX_INTEGER if before is None else before, limit)
        rows = await self._database.read(lambda db: db.execute(query, values).fetchall())
        return [Run(id=i, pid=p, started=s, ended=e, status=c, report=json.loads(r)) for i, p, s, e, c, r in rows]

    async def lookup(self, urls: Iterable[str]) -> dict[str, DiscoveredUrl]:
        """What is known of some URLs, by URL as in the argument; unknown ones are left out."""
        entries: dict[str, DiscoveredUrl] = {}
        for batch in batches(urls):
            rows = await self._url_rows({url_key(url) for url in batch})
            by_url = {row.url: row.discovered() for row in rows}
            entries |= {url: row for url in batch if (row := by_url.get(url) or by_url.get(without_trackers(url)))}
        return entries

    async def _url_rows(self, keys: Collection[bytes]) -> list[UrlRow]:
        return [UrlRow(*row) for row in await self._all(READ_URLS.format(keys=placeholders(keys)), list(keys))]

    async def _all(self, query: str, values: Sequence[object]) -> Sequence[Any]:
        return await self._database.read(lambda db: db.execute(query, values).fetchall())

    async def _first(self, query: str, values: Sequence[object]) -> Any:
        return next(iter(await self._all(query, values)), None)

    async def due_urls(self, source: str, now: int, *, everything: bool = False) -> AsyncIterator[DiscoveredUrl]:
        """URLs of a source that earlier runs found and that are due, never fetched ones first; all with ``everything``.

        URLs that this run discovered are left out: they are in the scheduler's queue.
        """
        now += self._skew
        last: tuple[int, bytes, bytes] = (-1, b"", b"")
        condition = EVERYTHING if everything else "due IS NOT NULL AND NOT (? < due AND due <= ?)"
        parameters = (source, self._run) if everything else (source, self._run, now, now + LONGEST_WAIT)
        while True:
            found = await self._all(SELECT_DUE.format(condition=condition), (*parameters, *last, BATCH))
            rows = [UrlRow(*row) for row in found]
            for _, page_rows in groupby(rows, key=attrgetter("key")):
                for row in page_rows if everything else (min(page_rows, key=lambda variant: plainness(variant.url)),):
                    yield row.discovered()
            if len(rows) < BATCH:
                return
            last = (rows[-1].due or 0, rows[-1].key, rows[-1].variant)

    async def select_due(self, urls: Sequence[DiscoveredUrl], now: int) -> list[DiscoveredUrl]:
        """The discovered URLs that are to be fetched now: new, due, or changed since they were fetched."""
        now += self._skew
        wanted: list[DiscoveredUrl] = []
        for batch in batches(urls):
            pages: dict[bytes, dict[str, DiscoveredUrl]] = {}
            for entry in batch:
                pages.setdefault(url_key(entry.url), {})[entry.url] = entry
            rows_by_key: dict[bytes, list[UrlRow]] = {}
            for row in await self._url_rows(pages):
                rows_by_key.setdefault(row.key, []).append(row)
            for key, entries in pages.items():
                wanted += variants.select(entries.values(), rows_by_key.get(key, ()), self._started, now)
        return wanted

    async def next_url(self, url: str) -> DiscoveredUrl | None:
        """The plainest other URL of a page that is due and was never fetched; None where the page had an article."""
        rows = await self._url_rows([url_key(url)])
        others = [row for row in rows if row.fetched is None and row.due is not None and row.url != url]
        if not others or any(map(variants.is_done, rows)):
            return None
        return min(others, key=lambda row: plainness(row.url)).discovered()

    async def find_article(self, id_: str) -> ArticleState | None:
        """An article by its id."""
        row = await self._first(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (id_,))
        return article_state(row) if row else None

    async def related_articles(self, url: str, id_: str, fingerprint: str, bands: Collection[bytes]) -> RelatedArticles:
        """All that is known of an article that was read."""
        query = SELECT_KNOWN.format(bands=placeholders(bands) or "NULL")
        values = (url_key(url), id_, fingerprint, MAX_CANDIDATES, *bands, MAX_CANDIDATES)
        rows = await self._all(query, values)
        announcements = {row[2]: row[1] for row in rows if row[0] == "announced"}
        announced = announcements.get(url) or next(iter(announcements.values()), None)
        articles = [(row[0], article_state(row[1:])) for row in rows if row[0] != "announced"]
        return RelatedArticles(
            announced=Announcement.of_values(json.loads(announced)) if announced else None,
            article=next((article for relation, article in articles if relation == "article"), None),
            with_text=tuple(article for relation, article in articles if relation == "text"),
            similar=tuple(article for relation, article in articles if relation == "similar"),
        )

    async def repeated_lines(self, lines: Collection[bytes]) -> frozenset[bytes]:
        """Those of some lines, without their numbers, that several articles have."""
        query = "SELECT count(*) FROM (SELECT 1 FROM bands WHERE band = ? LIMIT ?) AS some"
        counts = {line: (await self._first(query, (line, REPEATED)))[0] for line in lines}
        return frozenset(line for line, count in counts.items() if count >= REPEATED)

    async def commit(self, records: Sequence[FetchRecord], outputs: Sequence[Output] = ()) -> Sequence[RefusedUrl]:
        """Write the outcome of some URLs and the offsets of the outputs in one transaction.

        Where the database does not take a value, the records are written one by one; still in one transaction.
        """
        run, started = self._run, self._started
        if self._skew:
            records = [replace(record, at=record.at + self._skew) for record in records]
        try:
            await self._database.write(lambda db: sql_writes.write(db, records, outputs, run=run, started=started))
        except ValueRefusedError:
            return await self._write_singly(records, outputs)
        return ()

    async def _write_singly(self, records: Sequence[FetchRecord], outputs: Sequence[Output]) -> Sequence[RefusedUrl]:
        run, started = self._run, self._started
        try:
            return await self._database.write(
                lambda db: sql_writes.write_singly(db, records, outputs, run=run, started=started)
            )
        except ValueRefusedError as error:
            raise LedgerError(f"the ledger cannot be written: {error}") from error

    async def site_memory(self, site: str) -> SiteMemory:
        """What is remembered of a site, by its host without ``www.``."""
        return await self._database.read(lambda db: SiteTables(db).memory(site))

    async def url_patterns(self, site: str) -> dict[str, PatternYield]:
        """How many of the pages with each URL pattern were articles, of a site."""
        return await self._database.read(lambda db: SiteTables(db).url_patterns(site))

    async def rendering(self, site: str) -> RenderingYield:
        """How many pages of a site were rendered."""
        return await self._database.read(lambda db: SiteTables(db).rendering(site))

    async def layouts(self, since: int) -> dict[str, list[Layout]]:
        """The layouts of the sites with an article since a time."""
        return await self._database.read(lambda db: SiteTables(db).layouts(since))

    async def outputs(self) -> list[Output]:
        """The outputs of earlier runs; those that another run is at work on are not open for this one."""
        others = await self._database.outputs_in_use()

        def read(db: Connection) -> list[Output]:
            start = len(db.path_prefix)
            rows = db.execute(SELECT_OUTPUTS, (start, db.path_prefix))
            return [
                Output(path=path[start:], offset=offset, is_open=bool(is_open) and path not in others)
                for path, offset, is_open in rows
            ]

        return await self._database.read(read)

    async def has_articles(self, source: str) -> bool:
        """True for a source that had an article in any run."""
        row = await self._first("SELECT articles FROM totals WHERE source = ?", (source,))
        return bool(row and row[0])

    async def count_pending(self, source: str) -> tuple[int, int]:
        """Number of URLs of a source that were never fetched and are due, and characters that they take."""
        query = f"""
        SELECT count(*), coalesce(sum({ROW_CHARS} + length(url) + length(found_in) + coalesce(length(announced), 0)), 0)
        FROM urls
        WHERE source = ? AND due = {NEVER_FETCHED} AND fetched IS NULL
        """
        urls, size = await self._first(query, (source,))
        return int(urls), int(size)

    async def count_articles(self, sources: Collection[str]) -> int:
        """Number of articles of some sources, in all runs."""
        count = 0
        for batch in batches(sources):
            query = f"SELECT coalesce(sum(articles), 0) FROM totals WHERE source IN ({placeholders(batch)})"
            count += int((await self._first(query, batch))[0])
        return count

    async def has_article_among(self, urls: Sequence[str]) -> bool:
        """True where one of some URLs had an article."""
        for batch in batches(urls):
            keys = [url_key(url) for url in batch]
            query = f"SELECT 1 FROM urls WHERE article IS NOT NULL AND key IN ({placeholders(keys)}) LIMIT 1"
            if await self._first(query, keys) is not None:
                return True
        return False

    async def count_articles_in(self, path: str) -> int:
        """Number of articles whose line is in a file."""
        query = "SELECT count(*) FROM articles WHERE output = ?"
        return await self._database.read(lambda db: int(db.execute(query, (db.path_prefix + path,)).fetchone()[0]))
