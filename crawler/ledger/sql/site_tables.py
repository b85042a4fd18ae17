"""The tables of the ledger about sites: memory, layouts of articles, URL patterns, renderings."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from cleaners.site.memory import SiteMemory, decode, encode
from cleaners.types import PageObservation
from cleaners.urls.pattern import url_pattern
from cleaners.urls.resolve import registrable_domain
from crawler.ledger.sql.database import Connection
from crawler.ledger.sql.rows import placeholders
from crawler.ledger.types import FetchRecord, Layout, PageLayout
from crawler.types import PatternYield, RenderingYield
from crawler.util import batches

LAYOUT_FIELDS = tuple(field.name for field in fields(Layout))

LAYOUT_COLUMNS = ", ".join(LAYOUT_FIELDS)

READ_OBSERVATIONS = "SELECT site, data FROM observations WHERE site IN ({sites})"

FORGET_OBSERVATION = "DELETE FROM observations WHERE site = ? AND page = ?"

WRITE_OBSERVATION = """
INSERT INTO observations (site, page, day, data) VALUES (?, ?, ?, ?)
ON CONFLICT (site, page) DO UPDATE SET day = excluded.day, data = excluded.data
"""

READ_LAYOUTS = f"SELECT {LAYOUT_COLUMNS} FROM layouts WHERE site IN ({{sites}})"

FORGET_LAYOUT = "DELETE FROM layouts WHERE site = ? AND section = ? AND layout = ?"

WRITE_LAYOUT = f"""
INSERT INTO layouts ({LAYOUT_COLUMNS}) VALUES ({placeholders(LAYOUT_FIELDS)})
ON CONFLICT (site, section, layout) DO UPDATE SET
    pages = excluded.pages, last = excluded.last, seen = excluded.seen, missing = excluded.missing,
    examples = excluded.examples
"""

RECENT_LAYOUTS = f"""
SELECT {LAYOUT_COLUMNS} FROM layouts
WHERE site IN (SELECT site FROM layouts WHERE seen >= ?) ORDER BY site, first
"""

WRITE_PATTERN = """
INSERT INTO url_patterns (site, pattern, pages, articles) VALUES (?, ?, ?, ?)
ON CONFLICT (site, pattern) DO UPDATE SET
    pages = url_patterns.pages + excluded.pages, articles = url_patterns.articles + excluded.articles
"""

COUNT_PATTERNS = "SELECT site, count(*) FROM url_patterns WHERE site IN ({sites}) GROUP BY site"

FORGET_PATTERNS = """
DELETE FROM url_patterns WHERE site = ? AND pattern NOT IN (
    SELECT pattern FROM url_patterns WHERE site = ? ORDER BY pages DESC, pattern LIMIT ?
)
"""

WRITE_RENDERING = """
INSERT INTO renderings (site, helped, useless) VALUES (?, ?, ?) ON CONFLICT (site) DO UPDATE SET
    helped = renderings.helped + excluded.helped, useless = renderings.useless + excluded.useless
"""

MIN_PATTERN_PAGES = 10
"""Fewest pages of a URL pattern that is used."""

MAX_PATTERNS = 500
"""URL patterns that are kept of a site, those with most pages."""

MAX_LAYOUTS = 100
"""Layouts kept per site, the latest: a site whose class names contain the article's id has a new one each time."""

EXAMPLES = 2
"""URLs that are kept of a layout, the last ones."""


class SiteTables:
    """What the ledger keeps of sites. It writes within the transaction of its caller."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def write(self, records: Sequence[FetchRecord], new_pages: Sequence[FetchRecord]) -> None:
        """Write the observations, layouts, URL patterns and renderings of the records, by site.

        Args:
            records: the records.
            new_pages: those of pages that were fetched for the first time, of which the URLs are counted by pattern.
        """
        observed = defaultdict(list)
        for record in records:
            for page in record.observed:
                observed[page.site].append(page.observation)
        layouts = [record for record in records if record.layout is not None]
        patterns = [(registrable_domain(record.url), record) for record in new_pages]
        rendered = [
            (registrable_domain(record.url), record.rendering_helped)
            for record in records
            if record.rendering_helped is not None and not record.is_partial
        ]
        sites = {*observed, *(record.layout.site for record in layouts if record.layout)}
        self._db.lock_sites(sites | {site for site, _ in patterns} | {site for site, _ in rendered})
        self._write_layouts(layouts)
        self._write_patterns(patterns)
        helped = Counter(rendered)
        domains = sorted({site for site, _ in rendered})
        self._db.executemany(WRITE_RENDERING, [(site, helped[site, True], helped[site, False]) for site in domains])
        self._write_observed(observed)

    def _write_observed(self, observed: dict[str, list[PageObservation]]) -> None:
        """Add pages to the memory of their sites; delete the pages that the memory drops."""
        forgotten, rows = [], []
        memories = self._memories(observed)
        for site, pages in sorted(observed.items()):
            previous = memories[site]
            memory = previous.merge(SiteMemory.of(pages))
            page_hashes = {page.page for page in memory.pages}
            forgotten += [(site, _signed(page.page)) for page in previous.pages if page.page not in page_hashes]
            new = set(memory.pages) - set(previous.pages)
            rows += [(site, _signed(page.page), page.day, encode(page)) for page in new]
        self._db.executemany(FORGET_OBSERVATION, forgotten)
        self._db.insert(WRITE_OBSERVATION, rows)

    def _memories(self, sites: Collection[str]) -> dict[str, SiteMemory]:
        pages = defaultdict(list)
        for batch in batches(sites):
            for site, data in self._db.execute(READ_OBSERVATIONS.format(sites=placeholders(batch)), batch):
                if (page := decode(data)) is not None:
                    pages[site].append(page)
        return {site: SiteMemory.of(pages[site]) for site in sites}

    def memory(self, site: str) -> SiteMemory:
        """What is remembered of a site."""
        return self._memories((site,))[site]

    def _write_layouts(self, records: Sequence[FetchRecord]) -> None:
        """Count one more article with a layout for each record; all but the latest layouts of a site are forgotten."""
        sites = sorted({record.layout.site for record in records if record.layout is not None})
        layouts_by_site: dict[str, dict[tuple[str, str, int], Layout]] = {site: {} for site in sites}
        for batch in batches(sites):
            for row in self._db.execute(READ_LAYOUTS.format(sites=placeholders(batch)), batch):
                layout = _read_layout(row)
                layouts_by_site[layout.site][layout.site, layout.section, layout.layout] = layout
        forgotten, written = [], []
        for site, layouts in layouts_by_site.items():
            stored = dict(layouts)
            for record in records:
                if record.layout is not None and record.layout.site == site:
                    _count_layout(layouts, record.layout, record)
            latest = sorted(layouts, key=lambda key: layouts[key].last)
            forgotten += [key for key in latest[:-MAX_LAYOUTS] if key in stored]
            written += [layouts[key] for key in latest[-MAX_LAYOUTS:] if layouts[key] != stored.get(key)]
        self._db.executemany(FORGET_LAYOUT, forgotten)
        self._db.insert(WRITE_LAYOUT, [_layout_row(layout) for layout in written])

    def _write_patterns(self, pages: Iterable[tuple[str, FetchRecord]]) -> None:
        """Count pages that were fetched for the first time, and those of them that are articles."""
        counts: Counter[tuple[str, str, bool]] = Counter(
            (site, url_pattern(record.url), record.article is not None) for site, record in pages
        )
        keys = sorted({key[:2] for key in counts})
        rows = [(*key, counts[*key, True] + counts[*key, False], counts[*key, True]) for key in keys]
        self._db.insert(WRITE_PATTERN, rows)
        for batch in batches(sorted({site for site, _ in keys})):
            for site, number in self._db.execute(COUNT_PATTERNS.format(sites=placeholders(batch)), batch).fetchall():
                if number > MAX_PATTERNS:
                    self._db.execute(FORGET_PATTERNS, (site, site, MAX_PATTERNS))

    def url_patterns(self, site: str) -> dict[str, PatternYield]:
        """How many of the pages with each URL pattern were articles."""
        query = "SELECT pattern, pages, articles FROM url_patterns WHERE site = ? AND pages >= ?"
        rows = self._db.execute(query, (site, MIN_PATTERN_PAGES))
        return {pattern: PatternYield(pages, articles) for pattern, pages, articles in rows}

    def rendering(self, site: str) -> RenderingYield:
        """How many pages of a site were rendered."""
        row = self._db.execute("SELECT helped, useless FROM renderings WHERE site = ?", (site,)).fetchone()
        return RenderingYield(*(row or (0, 0)))

    def layouts(self, since: int) -> dict[str, list[Layout]]:
        """The layouts of the sites with an article since a time."""
        layouts: dict[str, list[Layout]] = defaultdict(list)
        for layout in map(_read_layout, self._db.execute(RECENT_LAYOUTS, (since,))):
            layouts[layout.site].append(layout)
        return dict(layouts)


def _read_layout(row: Sequence[Any]) -> Layout:
    *columns, missing, examples = row
    values = dict(zip(LAYOUT_FIELDS, columns, strict=False))
    return Layout(**values, missing=json.loads(missing), examples=tuple(json.loads(examples)))


def _layout_row(layout: Layout) -> tuple[object, ...]:
    columns = (getattr(layout, name) for name in LAYOUT_FIELDS[:-2])
    return (*columns, json.dumps(layout.missing, sort_keys=True), json.dumps(layout.examples))


def _count_layout(layouts: dict[tuple[str, str, int], Layout], page: PageLayout, record: FetchRecord) -> None:
    """Count one more article with its page's layout, in the layouts of its site."""
    number = max((layout.last for layout in layouts.values()), default=0) + 1
    key = (page.site, page.section, page.layout)
    layout = layouts.get(key) or Layout(
        site=page.site,
        section=page.section,
        layout=page.layout,
        pages=0,
        first=number,
        last=number,
        began=record.at,
        seen=record.at,
        missing={},
        examples=(),
    )
    layouts[key] = replace(
        layout,
        pages=layout.pages + 1,
        last=number,
        seen=record.at,
        missing=dict(Counter(layout.missing) + Counter(page.missing)),
        examples=(*layout.examples, record.url)[-EXAMPLES:],
    )


def _signed(number: int) -> int:
    """A number of 64 bits as databases store it."""
    return number - (1 << 64) if number >> 63 else number
