"""Addresses without end: calendars, faceted searches, links that grow. Told by their shape, and by what pages of one kind give.

Nothing is known of a site beforehand, so a kind of address is judged by its yield: where so many in a row gave no article, the
others are left for the next run, in which they are tried again. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from cleaners.urls.resolve import registrable_domain

MAX_SEGMENTS = 16
MAX_PARAMETERS = 12
"""Segments of the longest path and parameters of the longest query: of 320,000 addresses on the development pages 123 have more
segments and 126 more parameters (archives of other sites, search forms, advertisements), and none of 3,237 articles."""
REPEATED = re.compile(r"(/[^/]{1,200}(?:/[^/]{1,200}){0,3}?)\1\1(?=/|$)")
"""Up to four segments that follow each other three times: a relative link that a page takes for its own (Heritrix's
PathologicalPathDecideRule)."""


def is_trap_url(url: str) -> bool:
    """True for an address that only a page which invents links would have."""
    parts = urlsplit(url)
    if parts.path.count("/") > MAX_SEGMENTS or parts.query.count("&") >= MAX_PARAMETERS:
        return True
    return REPEATED.search(parts.path) is not None


NUMBER = re.compile(r"[0-9]+")
WORD = re.compile(r"[^\W\d_]{1,20}")


def shape(url: str) -> str:
    """The kind of an address: host, first word of its path, which further segments are numbers, names of its parameters.

    ``/calendar/2031/05/`` and ``/calendar/2031/06/`` are of one kind, as are all ``/search?color=…&size=…``.
    """
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment][:MAX_SEGMENTS]
    kinds = ["0" if NUMBER.fullmatch(segment) else "*" for segment in segments]
    if len(segments) > 1 and WORD.fullmatch(segments[0]):
        kinds[0] = segments[0].lower()
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.hostname}/{'/'.join(kinds)}?{'&'.join(names)}"


MAX_PATTERNS = 10_000
"""Kinds of addresses that are told apart on a site; what comes beyond counts as one. A newspaper has a few hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one run may ask of a site."""

    pages: int
    """Pages of a site (a registrable domain)."""
    hosts: int
    """Hosts of a site, those that sources name apart: a name server can invent them."""
    barren: int
    """Pages of one kind in a row that gave no article."""
    barren_site: int
    """Pages of a site in a row that gave no article."""


class SiteYield:
    """What the pages of each site gave so far in this run, and which of them are not asked any more."""

    def __init__(self, budget: Budget, known_hosts: frozenset[str] = frozenset()) -> None:
        self.budget = budget
        self.pages: Counter[str] = Counter()
        """Pages asked, by site."""
        self._known = known_hosts
        self._hosts: dict[str, set[str]] = {}
        self._barren: dict[str, Counter[str]] = {}

    def refusal(self, url: str, *, is_list: bool = False) -> tuple[str, str] | None:
        """Why a page is not asked in this run, as a reason and what it is about; None where it is.

        Feeds and sitemaps (``is_list``) are asked though the site's pages gave nothing: they may list what does.
        """
        name, host = registrable_domain(url), urlsplit(url).hostname or ""
        barren = self._barren.get(name, Counter[str]())
        if self.pages[name] >= self.budget.pages:
            return "site_pages", f"{name}: {self.budget.pages} pages were asked"
        if host not in self._known and self._is_new_host(name, host) and len(self._hosts[name]) >= self.budget.hosts:
            return "site_hosts", f"{name}: {self.budget.hosts} hosts were asked"
        if not is_list and barren.get("", 0) >= self.budget.barren_site:
            return "barren", f"{name}: {self.budget.barren_site} pages in a row gave no article"
        if barren.get(self._kind(name, url), 0) >= self.budget.barren:
            return "barren", f"{self._kind(name, url)}: {self.budget.barren} pages in a row gave no article"
        return None

    def _is_new_host(self, name: str, host: str) -> bool:
        return host not in self._hosts.setdefault(name, set())

    def asked(self, url: str) -> None:
        """Count a page that is asked."""
        name, host = registrable_domain(url), urlsplit(url).hostname or ""
        self.pages[name] += 1
        if host not in self._known:
            self._hosts.setdefault(name, set()).add(host)

    def gave(self, url: str, *, article: bool, is_list: bool = False) -> None:
        """Hear what a page gave: an article, new or known, or nothing; and whether a feed or a sitemap listed any."""
        name = registrable_domain(url)
        barren, kind = self._barren.setdefault(name, Counter()), self._kind(name, url)
        for one in (kind,) if is_list else (kind, ""):
            barren[one] = 0 if article else barren[one] + 1

    def _kind(self, name: str, url: str) -> str:
        """The kind of an address, as long as there are not too many."""
        kind = shape(url)
        known = self._barren.get(name, Counter[str]())
        return kind if kind in known or len(known) < MAX_PATTERNS else f"{name}/…"
