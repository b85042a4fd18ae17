"""The ledger in one SQLite file (write-ahead log, one transaction a commit)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cleaners.urls.identity import article_id
from crawler.ledger.minhash import bands
from crawler.ledger.recrawl import NOT_MODIFIED, Seen, due
from crawler.ledger.types import DiscoveredUrl, ArticleState, Known, LedgerError, Output, Run, FetchRecord
from crawler.util.batches import BATCH, batches

NEVER_ASKED = 0
"""Due time of addresses that were found and not asked yet: they come before all others."""

MAX_CANDIDATES = 100
"""Candidates for a near-duplicate that are compared: pages of one template share bands by the thousand."""

URL_COLUMNS = "url, role, etag, last_modified, fingerprint, article, depth"
ARTICLE_COLUMNS = "id, url, revision, fingerprint, signature, duplicate_of"


class SqliteLedger:
    """:class:`~crawler.ledger.types.Ledger` on one connection. Its calls take well under a millisecond and do not yield."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._run = self._started = 0

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    async def begin(self, pid: int, at: int) -> int:
        """Note that a run begins; its number."""
        cursor = self._db.execute("INSERT INTO runs (pid, started, report) VALUES (?, ?, '{}')", (pid, at))
        self._run, self._started = int(cursor.lastrowid or 0), at
        return self._run

    async def end(self, run: int, at: int, status: int, report: dict[str, Any]) -> None:
        """Note how a run ended."""
        with writing():
            self._db.execute(
                "UPDATE runs SET ended = ?, status = ?, report = ? WHERE id = ?", (at, status, json.dumps(report), run)
            )

    async def runs(self, limit: int) -> list[Run]:
        """The last runs, newest first."""
        rows = self._db.execute(
            "SELECT id, pid, started, ended, status, report FROM runs ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [Run(id=i, pid=p, started=s, ended=e, status=c, report=json.loads(r)) for i, p, s, e, c, r in rows]

    async def known(self, urls: Iterable[str]) -> dict[str, Known]:
        """What is known of some addresses, by address as asked."""
        found: dict[str, Known] = {}
        for some in batches(urls):
            keys = {key(url): url for url in some}
            rows = self._db.execute(f"SELECT key, {URL_COLUMNS} FROM urls WHERE key IN ({marks(keys)})", list(keys))  # noqa: S608
            found |= {keys[row[0]]: known(row[1:]) for row in rows}
        return found

    async def due(self, source: str, now: int, *, everything: bool = False) -> AsyncIterator[Known]:
        """Addresses of a source that are to be asked now, those that were never asked first; all with ``everything``.

        Only what earlier runs found: this run's own finds are on their way.
        """
        last: tuple[int, bytes] = (-1, b"")
        where = "source = ? AND run <> ?" + ("" if everything else " AND due IS NOT NULL AND due <= ?")
        given = (source, self._run) if everything else (source, self._run, now)
        while True:
            rows = self._db.execute(
                f"SELECT coalesce(due, 0), key, {URL_COLUMNS} FROM urls WHERE {where} AND (coalesce(due, 0), key) > (?, ?) "  # noqa: S608
                "ORDER BY coalesce(due, 0), key LIMIT ?",
                (*given, *last, BATCH),
            ).fetchall()
            for row in rows:
                yield known(row[2:])
            if len(rows) < BATCH:
                return
            last = rows[-1][:2]

    async def fresh(self, found: Sequence[DiscoveredUrl], now: int) -> list[Known]:
        """Those of the addresses found that are to be asked now: new, due, or changed since they were asked."""
        wanted = []
        for some in batches(found):
            keys = {key(entry.url): entry for entry in some}
            rows = self._db.execute(
                f"SELECT key, due, fetched, lastmod, {URL_COLUMNS} FROM urls WHERE key IN ({marks(keys)})",  # noqa: S608
                list(keys),
            )
            there = {row[0]: row[1:] for row in rows}
            for mine, entry in keys.items():
                if mine not in there:
                    wanted.append(Known(url=entry.url, role=entry.role, depth=entry.depth))
                    continue
                time, fetched, lastmod, *rest = there[mine]
                if (time is not None and time <= now) or self._is_newer(entry, fetched, lastmod):
                    wanted.append(known(rest))
        return wanted

    def _is_newer(self, entry: DiscoveredUrl, fetched: int | None, lastmod: int | None) -> bool:
        """True when a listing says that a page changed after it was asked, or later than any listing said in earlier runs."""
        if entry.lastmod is None or fetched is None:
            return False
        is_later = lastmod is not None and entry.lastmod > lastmod and fetched < self._started
        return entry.lastmod > fetched or is_later

    async def article(self, id_: str) -> ArticleState | None:
        """An article by its id."""
        row = self._db.execute(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (id_,)).fetchone()  # noqa: S608
        return kept(row) if row else None

    async def same(self, fingerprint: str) -> list[ArticleState]:
        """Articles with exactly this text."""
        rows = self._db.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE fingerprint = ? ORDER BY first_seen, id LIMIT ?",  # noqa: S608
            (fingerprint, MAX_CANDIDATES),
        )
        return [kept(row) for row in rows]

    async def alike(self, bands: Collection[bytes]) -> list[ArticleState]:
        """Articles that share a band of their MinHash: candidates for near-duplicates."""
        rows = self._db.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id IN (SELECT article FROM bands WHERE band IN ({marks(bands)}) LIMIT ?)",  # noqa: S608
            [*bands, MAX_CANDIDATES],
        )
        return [kept(row) for row in rows]

    async def commit(self, visited: Sequence[FetchRecord], outputs: Sequence[Output] = ()) -> None:
        """Write what came of some addresses, and how far the outputs reach, in one transaction."""
        with writing():
            try:
                self._db.execute("BEGIN IMMEDIATE")
                self._write(visited, outputs)
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def _write(self, visited: Sequence[FetchRecord], outputs: Sequence[Output]) -> None:
        for one in visited:
            if not one.is_part:
                self._visit(one)
            for entry in one.found:
                self._found(entry, one)
            if one.article is not None:
                self._keep(one.article, one)
        for output in outputs:
            self._db.execute(
                "INSERT INTO outputs VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset, is_open = excluded.is_open",
                (output.path, output.offset, output.is_open),
            )

    def _visit(self, one: FetchRecord) -> None:
        mine = key(one.url)
        row = self._db.execute(
            "SELECT first_seen, fingerprint, changed, failures, article FROM urls WHERE key = ?", (mine,)
        ).fetchone()
        first_seen, fingerprint, changed, failures, article = row or (one.at, None, None, 0, None)
        is_answer = one.failed is None and one.status != NOT_MODIFIED
        if is_answer and one.fingerprint != fingerprint:
            changed = one.at
        failures = failures + 1 if one.failed else 0
        seen = Seen(
            role=one.role,
            at=one.at,
            first_seen=first_seen,
            changed=changed or one.at,
            status=one.status,
            failures=failures,
        )
        stands = one.article.id if one.article else article
        self._db.execute(
            "INSERT INTO urls (key, url, source, role, first_seen, found_in, fetched, status, changed, "
            "due, failures, reason, article, run) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "role = excluded.role, fetched = excluded.fetched, status = excluded.status, changed = excluded.changed, due = excluded.due, "
            "failures = excluded.failures, reason = excluded.reason, article = excluded.article",
            (mine, one.url, one.source, one.role, first_seen, one.at, one.status, changed,
             due(seen), failures, one.failed, stands, self._run),
        )  # fmt: skip
        if is_answer:
            self._db.execute(
                "UPDATE urls SET etag = ?, last_modified = ?, fingerprint = ? WHERE key = ?",
                (one.etag, one.last_modified, one.fingerprint, mine),
            )
        self._total(one.source, urls=int(row is None), articles=int(bool(stands) and not article))

    def _found(self, entry: DiscoveredUrl, one: FetchRecord) -> None:
        mine = key(entry.url)
        done = self._db.execute(
            "INSERT INTO urls (key, url, source, role, first_seen, found_in, lastmod, due, run, depth) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (
                mine,
                entry.url,
                one.source,
                entry.role,
                one.at,
                one.url,
                entry.lastmod,
                NEVER_ASKED,
                self._run,
                entry.depth,
            ),
        )
        self._total(one.source, urls=done.rowcount, articles=0)
        if not done.rowcount and entry.lastmod is not None:
            self._db.execute(
                "UPDATE urls SET lastmod = :said, "
                "due = CASE WHEN :said > fetched OR (:said > lastmod AND fetched < :started) THEN 0 ELSE due END "
                "WHERE key = :key AND :said > coalesce(lastmod, 0)",
                {"said": entry.lastmod, "key": mine, "started": self._started},
            )

    def _keep(self, article: ArticleState, one: FetchRecord) -> None:
        self._db.execute(
            "INSERT INTO articles (id, url, revision, fingerprint, first_seen, changed, output, signature, duplicate_of) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET url = excluded.url, revision = excluded.revision, "
            "changed = CASE WHEN fingerprint = excluded.fingerprint THEN changed ELSE excluded.changed END, "
            "fingerprint = excluded.fingerprint, output = coalesce(excluded.output, output), "
            "signature = excluded.signature, duplicate_of = excluded.duplicate_of",
            (article.id, article.url, article.revision, article.fingerprint, one.at, one.at, one.output, article.signature, article.duplicate_of),
        )  # fmt: skip
        if article.signature is not None and article.duplicate_of is None:  # the first of many stands for them all
            rows = [(band, article.id) for band in bands(article.signature)]
            self._db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", rows)

    def _total(self, source: str, *, urls: int, articles: int) -> None:
        if urls or articles:
            self._db.execute(
                "INSERT INTO totals VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET urls = urls + excluded.urls, "
                "articles = articles + excluded.articles",
                (source, urls, articles),
            )

    async def outputs(self) -> list[Output]:
        """The outputs of earlier runs."""
        rows = self._db.execute("SELECT path, offset, is_open FROM outputs")
        return [Output(path=path, offset=offset, is_open=bool(is_open)) for path, offset, is_open in rows]

    async def counts(self, source: str) -> tuple[int, int]:
        """Addresses known of a source, and those at which an article stands."""
        row = self._db.execute("SELECT urls, articles FROM totals WHERE source = ?", (source,)).fetchone()
        return row or (0, 0)

    async def articles_in(self, path: str) -> int:
        """Articles whose line is in a file."""
        return int(self._db.execute("SELECT count(*) FROM articles WHERE output = ?", (path,)).fetchone()[0])


@contextmanager
def writing() -> Iterator[None]:
    """SQLite's failures as the ledger's own."""
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError(f"the ledger cannot be written: {error}") from error


def key(url: str) -> bytes:
    """What an address is filed under: the same with http and https, ``www.``, trackers, fragment or final slash."""
    return bytes.fromhex(article_id(url, None))


def marks(values: Iterable[Any]) -> str:
    """Place holders for some values."""
    return ", ".join("?" for _ in values)


def known(row: Sequence[Any]) -> Known:
    """A row of ``URL_COLUMNS``."""
    url, role, etag, last_modified, fingerprint, article, depth = row
    return Known(
        url=url,
        role=role,
        etag=etag,
        last_modified=last_modified,
        fingerprint=fingerprint,
        article=article,
        depth=depth,
    )


def kept(row: Sequence[Any]) -> ArticleState:
    """A row of ``ARTICLE_COLUMNS``."""
    id_, url, revision, fingerprint, signature, duplicate_of = row
    return ArticleState(
        id=id_, url=url, revision=revision, fingerprint=fingerprint, signature=signature, duplicate_of=duplicate_of
    )
