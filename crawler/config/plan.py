"""What a crawl is to do, as its spider has it: the one place where components ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleaners.urls.origin import Origin
from crawler.types import Session, Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPlan:
    """The plan of a crawl; an empty one is that of another project's spider."""

    sources: tuple[Source, ...] = ()
    sessions: Mapping[Origin, Session] = field(default_factory=dict, repr=False)
    """Cookies, headers and proxy, by the origin that they are for."""
    credentials: Mapping[Origin, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Names and passwords, by the origin that they are for."""
    is_demo: bool = False
    """True where the demo site is crawled."""
    is_refresh: bool = False
    """True where every known URL is fetched again, and every article is written again."""
    writes_articles_only: bool = False
    """True where the outputs have no items but articles: all lines that a killed run left there are articles."""


def plan_of(crawler: Crawler) -> CrawlPlan:
    """The plan of a crawl: the attribute ``plan`` of its spider; empty for a spider without one."""
    plan = getattr(crawler.spider, "plan", None)
    return plan if isinstance(plan, CrawlPlan) else CrawlPlan()
