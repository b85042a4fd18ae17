"""Crawl traps: calendars, faceted search, links that grow. They are recognised by the pattern of a URL and its yield.

Nothing is known of a site beforehand, so a URL pattern is judged by its yield: after many pages in a row without an
article, its other URLs are deferred to the next run, which tries them again. No I/O.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from cleaners.urls.resolve import registrable_domain
from crawler.reasons import PendingReason

MAX_SEGMENTS = 16
MAX_PARAMETERS = 12
"""Most segments of a path and most parameters of a query. Of 320,000 URLs on the development pages 123 have
more segments and 126 more parameters (archives of other sites, search forms, advertisements), and none of 3,237
articles."""

REPEATED = re.compile(r"(/[^/]{1,200}(?:/[^/]{1,200}){0,3}?)\1\1(?=/|$)")
"""Up to four segments three times in a row: a relative link that a page resolves against itself (Heritrix's
PathologicalPathDecideRule)."""

NUMBER = re.compile(r"[0-9]+")
WORD = re.compile(r"[^\W\d_]{1,20}")

MAX_PATTERNS = 10_000
"""Most URL patterns of a site that are counted separately; all others count as one. A newspaper has a few hundred."""


def is_trap_url(url: str) -> bool:
    """True for a URL that occurs only on pages that generate links without end."""
    parts = urlsplit(url)
    if parts.path.count("/") > MAX_SEGMENTS or parts.query.count("&") >= MAX_PARAMETERS:
        return True
    return REPEATED.search(parts.path) is not None


def url_pattern(url: str) -> str:
    """The pattern of a URL: host, first word of the path, which segments are numbers, names of the parameters.

    ``/calendar/2031/05/`` and ``/calendar/2031/06/`` have the same pattern, as have all ``/search?color=…&size=…``.
    """
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment][:MAX_SEGMENTS]
    kinds = ["0" if NUMBER.fullmatch(segment) else "*" for segment in segments]
    if len(segments) > 1 and WORD.fullmatch(segments[0]):
        kinds[0] = segments[0].lower()
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.hostname}/{'/'.join(kinds)}?{'&'.join(names)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The limits of one run for each site."""

    pages: int
    """Most pages of a site (a registrable domain)."""
    hosts: int
    """Most hosts of a site besides those of the sources: a name server can generate host names without end."""
    barren: int
    """Most pages of one URL pattern in a row without an article."""
    barren_site: int
    """Most pages of a site in a row without an article."""


class SiteYield:
    """The yield of each site so far in this run, which decides whether its URLs are deferred."""

    def __init__(self, budget: Budget, known_hosts: frozenset[str] = frozenset()) -> None:
        self.budget = budget
        self.pages: Counter[str] = Counter()
        """Pages requested, by site."""
        self._known_hosts = known_hosts
        self._hosts: dict[str, set[str]] = {}
        self._barren: dict[str, Counter[str]] = {}

    def refusal(self, url: str, *, is_list: bool = False) -> tuple[PendingReason, str] | None:
        """Why a page is not requested in this run.

        Args:
            url: the page's URL.
            is_list: True for a feed or sitemap. It is requested even when the site's pages have no article, since it
                may list pages that have one.

        Returns:
            The reason code and the detail; None where the page is requested.
        """
        site, host = registrable_domain(url), urlsplit(url).hostname or ""
        barren = self._barren.get(site, Counter[str]())
        if self.pages[site] >= self.budget.pages:
            return PendingReason.SITE_PAGES, f"{site}: {self.budget.pages} pages were requested"
        is_new_host = host not in self._known_hosts and host not in self._hosts.setdefault(site, set())
        if is_new_host and len(self._hosts[site]) >= self.budget.hosts:
            return PendingReason.SITE_HOSTS, f"{site}: {self.budget.hosts} hosts were requested"
        if not is_list and barren.get("", 0) >= self.budget.barren_site:
            return PendingReason.BARREN, f"{site}: {self.budget.barren_site} pages in a row gave no article"
        pattern = self._pattern(site, url)
        if barren.get(pattern, 0) >= self.budget.barren:
            return PendingReason.BARREN, f"{pattern}: {self.budget.barren} pages in a row gave no article"
        return None

    def count_request(self, url: str) -> None:
        """Count a page that is requested."""
        site, host = registrable_domain(url), urlsplit(url).hostname or ""
        self.pages[site] += 1
        if host not in self._known_hosts:
            self._hosts.setdefault(site, set()).add(host)

    def record(self, url: str, *, is_productive: bool, is_list: bool = False) -> None:
        """Record a page's outcome.

        Args:
            url: the page's URL.
            is_productive: True for a page with an article, new or known; for a feed or sitemap that lists one.
            is_list: True for a feed or sitemap.
        """
        site = registrable_domain(url)
        barren, pattern = self._barren.setdefault(site, Counter()), self._pattern(site, url)
        for key in (pattern,) if is_list else (pattern, ""):
            barren[key] = 0 if is_productive else barren[key] + 1

    def _pattern(self, site: str, url: str) -> str:
        """The pattern of a URL; a common one once the site has too many."""
        pattern = url_pattern(url)
        counts = self._barren.get(site, Counter[str]())
        return pattern if pattern in counts or len(counts) < MAX_PATTERNS else f"{site}/…"
