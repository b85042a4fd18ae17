"""One commit of the ledger: reads the rows that it changes at once, changes them, and writes each once.

Where several writers work on one database, each takes the same locks in the same order: URLs by key, then sources,
articles, sites. So they cannot deadlock. After the database rejected a value the records are written one by one, so
that one bad record loses no other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crawler.ledger.fingerprints import url_hash
from crawler.ledger.minhash import bands
from crawler.ledger.recrawl import NEVER_FETCHED, NOT_MODIFIED, OK, FetchHistory, is_changed, next_due, plausible_time
from crawler.ledger.sql.database import ConflictError, Connection, ValueRefusedError
from crawler.ledger.sql.rows import FIXED, READ_URLS, UrlRow, later_announcement, placeholders, to_json, url_key
from crawler.ledger.sql.site_tables import SiteTables
from crawler.ledger.sql.variants import has_room, is_done, is_superseded
from crawler.ledger.types import ArticleState, FetchRecord, Output, RefusedUrl
from crawler.reasons import PageClass
from crawler.types import MAYBE_ARTICLES, DiscoveredUrl, Role
from crawler.util import batches

PATTERN_ROLES = (Role.ARTICLE, Role.SECTION, Role.PAGE)
"""Roles of pages whose URLs are counted by pattern."""

LISTING_COLUMNS = ("source", "found_in", "run", "depth", "role", "first_seen", "lastmod", "announced", "is_foreign")
"""Columns whose values come from the listing of a URL."""

MAYBE_LISTS = (Role.SECTION, Role.PAGE)
"""Roles that change to ``article`` when a listing names the URL as an article."""

INSERT_URL = f"""
INSERT INTO urls ({", ".join(UrlRow._fields)}) VALUES ({placeholders(UrlRow._fields)})
ON CONFLICT (key, variant) DO NOTHING
"""

UPDATE_URL = f"""
UPDATE urls SET {", ".join(f"{name} = ?" for name in UrlRow._fields[FIXED:])} WHERE key = ? AND variant = ?
"""

WRITE_TOTAL = """
INSERT INTO totals (source, urls, articles) VALUES (?, ?, ?) ON CONFLICT (source) DO UPDATE SET
    urls = totals.urls + excluded.urls, articles = totals.articles + excluded.articles
"""

WRITE_ARTICLE = """
INSERT INTO articles (
    id, url, revision, fingerprint, first_seen, changed, output, signature, duplicate_of, claims, about, numbered,
    published
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    url = excluded.url, revision = excluded.revision,
    changed = CASE WHEN articles.fingerprint = excluded.fingerprint THEN articles.changed ELSE excluded.changed END,
    fingerprint = excluded.fingerprint, output = coalesce(excluded.output, articles.output),
    signature = excluded.signature, duplicate_of = excluded.duplicate_of, claims = excluded.claims,
    about = excluded.about, numbered = excluded.numbered, published = excluded.published
"""

WRITE_BAND = "INSERT INTO bands (band, article) VALUES (?, ?) ON CONFLICT (band, article) DO NOTHING"

WRITE_OUTPUT = """
INSERT INTO outputs (path, "offset", is_open) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET
    "offset" = excluded."offset", is_open = excluded.is_open
"""


def write(db: Connection, records: Sequence[FetchRecord], outputs: Sequence[Output], *, run: int, started: int) -> None:
    """Write the outcome of some URLs and the offsets of the outputs, within a transaction.

    Args:
        db: the database.
        records: the outcomes, in order.
        outputs: the outputs.
        run: number of the run; 0 for none.
        started: when it started.

    Raises:
        ConflictError: when another writer inserted one of the URLs at the same time.
        LedgerError: when another run that is at work has one of the outputs open.
    """
    urls, sites = UrlChanges(db, run=run, started=started), SiteTables(db)
    urls.read(records)
    new_pages = []
    for record in records:
        if not record.is_partial and urls.fetched(record):
            new_pages.append(record)
        for entry in record.discovered:
            urls.discovered(entry, record)
    urls.write()
    articles = [(record.article, record) for record in records if record.article is not None]
    _write_articles(db, sorted(articles, key=lambda pair: pair[0].id))
    sites.write(records, new_pages)
    located = [(db.path_prefix + output.path, output.offset, int(output.is_open)) for output in outputs]
    db.executemany(WRITE_OUTPUT, sorted(located))
    db.claim_outputs(run, outputs)


class UrlChanges:
    """The URL rows of a commit, as stored and as changed."""

    def __init__(self, db: Connection, *, run: int, started: int) -> None:
        self._db = db
        self._run, self._started = run, started
        self._keys: dict[str, bytes] = {}
        self._stored_rows: dict[str, UrlRow] = {}
        """The rows as they are stored, by URL."""
        self._rows: dict[str, UrlRow] = {}
        """The rows as they are to be stored, by URL."""
        self._pages: defaultdict[bytes, list[str]] = defaultdict(list)
        """The URLs of each page."""
        self._counts: dict[str, Counter[str]] = {}
        """New URLs and articles, by source."""

    def read(self, records: Iterable[FetchRecord]) -> None:
        """Read the stored rows of the records' URLs, and lock them against other writers."""
        for record in records:
            for url in (record.url, *(entry.url for entry in record.discovered)):
                if url not in self._keys:
                    self._keys[url] = url_key(url)
        for batch in batches(sorted(set(self._keys.values()))):
            rows = self._db.execute(READ_URLS.format(keys=placeholders(batch)) + self._db.for_update, batch)
            self._stored_rows.update((row.url, row) for row in (UrlRow(*values) for values in rows))
        self._rows.update(self._stored_rows)
        for row in self._stored_rows.values():
            self._pages[row.key].append(row.url)

    def fetched(self, record: FetchRecord) -> bool:
        """A URL was fetched; True for the first fetch of a page, which is counted by its URL pattern."""
        row = self._rows.get(record.url)
        is_new, is_first = row is None, row is None or row.fetched is None
        if row is None:
            row = self._added(record.url, record)
            row = row._replace(is_foreign=int(record.is_foreign))
        if row.is_foreign and not record.is_foreign:  # its own site has it now
            self._move(row, record.source)
            row = row._replace(source=record.source, is_foreign=0)
        first_seen, changed = plausible_time(row.first_seen, record.at), row.changed
        is_response = record.retry_reason is None and record.status != NOT_MODIFIED
        if is_response and record.fingerprint != row.fingerprint:
            changed = record.at
        is_same = record.status == NOT_MODIFIED
        failures = row.failures + 1 if record.retry_reason else 0
        history = FetchHistory(
            role=record.role,
            at=record.at,
            first_seen=first_seen,
            changed=plausible_time(changed or record.at, record.at),
            status=record.status,
            failures=failures,
            is_walled=record.page_class is PageClass.WALLED,
        )
        article = record.article.id if record.article else row.article
        self._count(record.source, urls=int(is_new), articles=int(bool(article) and not row.article))
        row = row._replace(
            role=record.role.value,
            first_seen=first_seen,
            fetched=record.at,
            status=record.status,
            changed=changed,
            due=next_due(history),
            failures=failures,
            reason=record.retry_reason,
            article=article,
            page_class=record.page_class or (PageClass.ARTICLE.value if article and is_same else row.page_class),
        )
        if is_response:
            row = row._replace(etag=record.etag, last_modified=record.last_modified, fingerprint=record.fingerprint)
        self._rows[record.url] = row
        self._supersede(row)
        return is_first and is_response and record.status == OK and record.role in PATTERN_ROLES

    def _added(self, url: str, record: FetchRecord, found_in: str = "") -> UrlRow:
        """A new row for a URL of a record, that is counted as one of its page."""
        key = self._keys[url]
        if url not in self._pages[key]:
            self._pages[key].append(url)
        row = (key, url_hash(url), url, record.source, found_in, self._run, 1, record.role.value, record.at)
        return UrlRow(*row)

    def _others(self, row: UrlRow) -> list[UrlRow]:
        """The other URLs of a page."""
        return [self._rows[url] for url in self._pages[row.key] if url != row.url]

    def _supersede(self, row: UrlRow) -> None:
        """Where a page has an article, keep one of its URLs due and make the others not due."""
        if row.article is None:
            if Role(row.role) in MAYBE_ARTICLES and any(map(is_done, self._others(row))):
                self._rows[row.url] = row._replace(due=None)
            return
        if is_superseded(row, self._others(row)):
            self._rows[row.url] = row._replace(due=None)
        for other in self._others(row):
            if other.article is None and other.due is not None and Role(other.role) in MAYBE_ARTICLES:
                self._rows[other.url] = other._replace(due=None)

    def discovered(self, entry: DiscoveredUrl, record: FetchRecord) -> None:
        """A listing named a URL."""
        row = self._rows.get(entry.url)
        if row is not None and entry.is_foreign and not row.is_foreign:
            return  # claims of another site about the URL are ignored
        if row is None or row.is_foreign > entry.is_foreign:
            self._add_listed(entry, record, row)
            return
        if entry.role is Role.ARTICLE and row.article is None and row.role in MAYBE_LISTS:
            row = row._replace(role=entry.role.value)
        if entry.announced is not None:
            row = row._replace(announced=later_announcement(row.announced, entry.announced))
        if entry.lastmod is not None and entry.lastmod > (row.lastmod or 0):
            is_due = is_changed(entry.lastmod, row.fetched, row.lastmod, self._started)
            row = row._replace(lastmod=entry.lastmod, due=NEVER_FETCHED if is_due else row.due)
        self._rows[entry.url] = row

    def _add_listed(self, entry: DiscoveredUrl, record: FetchRecord, foreign: UrlRow | None) -> None:
        """A URL that is listed for the first time, or for the first time by its own site."""
        urls = self._pages[self._keys[entry.url]]
        page_urls = [url for url in urls if entry.is_foreign or not self._rows[url].is_foreign]
        if foreign is None and not has_room(entry.url, page_urls):
            return
        row = self._added(entry.url, record, record.url)._replace(
            depth=entry.depth,
            role=entry.role.value,
            lastmod=entry.lastmod,
            due=NEVER_FETCHED,
            announced=to_json(entry.announced),
            is_foreign=int(entry.is_foreign),
        )
        if foreign is not None and foreign.article is not None:  # what was fetched stays
            row = foreign._replace(**{name: getattr(row, name) for name in LISTING_COLUMNS})
        whole = next(filter(is_done, self._others(row)), None)
        if whole is not None and not is_changed(entry.lastmod, whole.fetched, whole.lastmod, self._started):
            row = row._replace(due=None)
        self._rows[entry.url] = row
        if foreign is None:
            self._count(record.source, urls=1, articles=0)
        else:
            self._move(foreign, record.source)

    def _move(self, row: UrlRow, source: str) -> None:
        """A URL belongs to another source now."""
        if row.source != source:
            articles = int(row.article is not None)
            self._count(row.source, urls=-1, articles=-articles)
            self._count(source, urls=1, articles=articles)

    def _count(self, source: str, *, urls: int, articles: int) -> None:
        if urls or articles:
            self._counts.setdefault(source, Counter()).update(urls=urls, articles=articles)

    def write(self) -> None:
        """Write what has changed.

        Raises:
            ConflictError: when another writer inserted one of the URLs at the same time.
        """
        rows = sorted(self._rows.values(), key=lambda row: row[:2])
        new = [row for row in rows if row.url not in self._stored_rows]
        if new and self._db.insert(INSERT_URL, new) < len(new):
            raise ConflictError
        changed = [(*row[FIXED:], *row[:2]) for row in rows if row != self._stored_rows.get(row.url, row)]
        self._db.executemany(UPDATE_URL, changed)
        totals = [(source, counts["urls"], counts["articles"]) for source, counts in sorted(self._counts.items())]
        self._db.executemany(WRITE_TOTAL, totals)


def _write_articles(db: Connection, articles: Sequence[tuple[ArticleState, FetchRecord]]) -> None:
    rows = [
        (
            *(article.id, article.url, article.revision, article.fingerprint, record.at, record.at),
            db.path_prefix + record.output if record.output is not None else None,
            *(
                article.signature,
                article.duplicate_of,
                article.claims,
                article.about,
                article.numbered,
                article.published,
            ),
        )
        for article, record in articles
    ]
    db.executemany(WRITE_ARTICLE, rows)
    originals = [article for article, _ in articles if article.signature is not None and article.duplicate_of is None]
    shared = {(band, article.id) for article in originals for band in bands(article.signature or b"")}
    shared |= {(line, article.id) for article, _ in articles for line in article.counters}
    db.insert(WRITE_BAND, sorted(shared))  # near-duplicates are no candidates


def write_singly(
    db: Connection, records: Sequence[FetchRecord], outputs: Sequence[Output], *, run: int, started: int
) -> list[RefusedUrl]:
    """Write records one by one within a transaction, each as far as the database takes it.

    Returns:
        What it did not take.

    Raises:
        ValueRefusedError: when it does not take the outputs.
    """
    refused: list[RefusedUrl] = []
    for record in records:
        for url, forms in _parts(record):
            if error := _write_first_accepted(db, forms, run, started):
                refused.append(RefusedUrl(url=url, source=record.source, error=error))
    write(db, (), outputs, run=run, started=started)
    return refused


def _parts(record: FetchRecord) -> Iterator[tuple[str, Sequence[FetchRecord]]]:
    """The URLs of a record, each with the versions of its record to try, in order."""
    for entry in record.discovered:
        yield entry.url, (replace(record, discovered=(entry,), is_partial=True),)
    if not record.is_partial:
        own = replace(record, discovered=())
        yield record.url, (own, _without_response_data(own), replace(_without_response_data(own), article=None))


def _without_response_data(record: FetchRecord) -> FetchRecord:
    """A copy without response data and observations: it says only that the URL was fetched, with this article."""
    return replace(
        record,
        status=None,
        etag=None,
        last_modified=None,
        fingerprint=None,
        observed=(),
        layout=None,
        rendering_helped=None,
    )


def _write_first_accepted(db: Connection, forms: Sequence[FetchRecord], run: int, started: int) -> str:
    """Write the first form that the database accepts; returns the first form's error, empty if it was accepted."""
    first = ""
    for form in forms:
        try:
            with db.savepoint():
                write(db, [form], (), run=run, started=started)
        except ValueRefusedError as error:
            first = first or str(error)
        else:
            break
    return first
