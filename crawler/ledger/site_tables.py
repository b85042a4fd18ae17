"""The tables of the SQLite ledger about sites: memory, layouts of articles, URL patterns."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable

from cleaners.observation import ObservedPage
from cleaners.site.memory import SiteMemory, decode, encode
from cleaners.urls.pattern import url_pattern
from cleaners.urls.resolve import registrable_domain
from crawler.ledger.types import Layout, SeenLayout
from crawler.types import PatternYield, RenderingYield

WRITE_OBSERVATION = """
INSERT INTO observations VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET day = excluded.day, data = excluded.data
"""

READ_LAYOUT = "SELECT pages, first, began, missing, examples FROM layouts WHERE site = ? AND section = ? AND layout = ?"

WRITE_LAYOUT = "INSERT OR REPLACE INTO layouts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

FORGET_LAYOUTS = """
DELETE FROM layouts WHERE site = ? AND last <= (
    SELECT last FROM layouts WHERE site = ? ORDER BY last DESC LIMIT 1 OFFSET ?
)
"""

READ_LAYOUTS = """
SELECT site, section, layout, pages, first, last, began, missing, examples FROM layouts
WHERE site IN (SELECT site FROM layouts WHERE seen >= ?) ORDER BY site, first
"""

COUNT_PATTERN = "UPDATE url_patterns SET pages = pages + 1, articles = articles + ? WHERE site = ? AND pattern = ?"

COUNT_RENDERING = """
INSERT INTO renderings VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET helped = helped + excluded.helped, useless = useless + excluded.useless
"""

FORGET_PATTERNS = """
DELETE FROM url_patterns WHERE site = ? AND pattern IN (
    SELECT pattern FROM url_patterns WHERE site = ? ORDER BY pages DESC, pattern LIMIT -1 OFFSET ?
)
"""

FEWEST_PAGES = 10
"""Pages of a pattern from which it is read."""

MAX_PATTERNS = 500
"""URL patterns that are kept of a site, those with most pages."""

MAX_LAYOUTS = 100
"""Layouts that are kept of a site, the latest: one whose classes name the article has a new one with each."""

EXAMPLES = 2
"""URLs that are kept of a layout, the last ones."""


class SiteTables:
    """What the ledger keeps of sites. It writes within the transaction of its caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def write_observed(self, observed: Iterable[ObservedPage]) -> None:
        """Add pages to the memory of their sites; what it forgets is deleted."""
        by_site = defaultdict(list)
        for one in observed:
            by_site[one.site].append(one.observation)
        for site, pages in sorted(by_site.items()):
            known = self.memory(site)
            memory = known.merge(SiteMemory.of(pages))
            kept = [_signed(page.page) for page in memory.pages]
            marks = ", ".join("?" * len(kept))
            self._db.execute(f"DELETE FROM observations WHERE site = ? AND page NOT IN ({marks})", (site, *kept))
            new = set(memory.pages) - set(known.pages)
            rows = [(site, _signed(page.page), page.day, encode(page)) for page in new]
            self._db.executemany(WRITE_OBSERVATION, rows)

    def memory(self, site: str) -> SiteMemory:
        """What is remembered of a site."""
        rows = self._db.execute("SELECT data FROM observations WHERE site = ?", (site,))
        return SiteMemory.of(page for (data,) in rows if (page := decode(data)) is not None)

    def write_layout(self, seen: SeenLayout, url: str, at: int) -> None:
        """Count one more article with a layout."""
        key = (seen.site, seen.section, seen.layout)
        (number,) = self._db.execute(
            "SELECT coalesce(max(last), 0) + 1 FROM layouts WHERE site = ?", key[:1]
        ).fetchone()
        row = self._db.execute(READ_LAYOUT, key).fetchone()
        pages, first, began, missing, examples = row or (0, number, at, "{}", "[]")
        counts = Counter(json.loads(missing))
        counts.update(seen.missing)
        urls = [*json.loads(examples), url][-EXAMPLES:]
        values = (pages + 1, first, number, began, at, json.dumps(counts, sort_keys=True), json.dumps(urls))
        self._db.execute(WRITE_LAYOUT, (*key, *values))
        if row is None:
            self._db.execute(FORGET_LAYOUTS, (seen.site, seen.site, MAX_LAYOUTS))

    def write_url(self, url: str, *, is_article: bool) -> None:
        """Count one more page that was fetched."""
        key = (registrable_domain(url), url_pattern(url))
        if not self._db.execute(COUNT_PATTERN, (is_article, *key)).rowcount:
            self._db.execute("INSERT INTO url_patterns VALUES (?, ?, 1, ?)", (*key, is_article))
            self._db.execute(FORGET_PATTERNS, (key[0], key[0], MAX_PATTERNS))

    def url_patterns(self, site: str) -> dict[str, PatternYield]:
        """How many of the pages with each URL pattern were articles."""
        query = "SELECT pattern, pages, articles FROM url_patterns WHERE site = ? AND pages >= ?"
        rows = self._db.execute(query, (site, FEWEST_PAGES))
        return {pattern: PatternYield(pages, articles) for pattern, pages, articles in rows}

    def write_rendering(self, url: str, *, helped: bool) -> None:
        """Count one more page that was rendered, and whether that gave a better article."""
        self._db.execute(COUNT_RENDERING, (registrable_domain(url), helped, not helped))

    def rendering(self, site: str) -> RenderingYield:
        """How many pages of a site were rendered."""
        row = self._db.execute("SELECT helped, useless FROM renderings WHERE site = ?", (site,)).fetchone()
        return RenderingYield(*(row or (0, 0)))

    def layouts(self, since: int) -> dict[str, list[Layout]]:
        """The layouts of the sites with an article since a time."""
        found: dict[str, list[Layout]] = defaultdict(list)
        for site, *values, missing, examples in self._db.execute(READ_LAYOUTS, (since,)):
            numbers = dict(zip(("section", "layout", "pages", "first", "last", "began"), values, strict=True))
            layout = Layout(**numbers, missing=json.loads(missing), examples=tuple(json.loads(examples)))
            found[site].append(layout)
        return dict(found)


def _signed(number: int) -> int:
    """A number of 64 bits as SQLite stores it."""
    return number - (1 << 64) if number >> 63 else number
