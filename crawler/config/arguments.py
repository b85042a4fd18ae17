"""The arguments of ``scrapy crawl news -a NAME=VALUE``, checked before anything is fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from cleaners.urls.origin import origin
from crawler.config import sources
from crawler.config.argument_help import HELP
from crawler.config.plan import CrawlPlan
from crawler.config.sources import SourceError

NAMES = tuple(HELP)

DEMO_SITE = "http://harbour-post.example/"
"""Front page of the demo. No host on a network has a name in ``.example`` (RFC 2606); requests for it go to the local
server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The spider's arguments as checked values."""

    plan: CrawlPlan
    """What the crawl is to do. Its sources are written to disk with requests: they have no credentials or sessions."""
    max_articles: int | None
    max_pages: int | None
    rejections: str | None

    @classmethod
    def of(cls, values: dict[str, str | None]) -> Self:
        """Read the spider's arguments.

        Raises:
            SourceError: naming the argument, its value and what was expected.
        """
        # a name with a leading underscore is that of a job server: Scrapyd passes _job to each spider
        unknown = next((name for name in values if name not in NAMES and not name.startswith("_")), None)
        if unknown is not None:
            raise SourceError(f"unknown argument '{unknown}'; expected one of {', '.join(NAMES)}")
        named_sources = sources.read_sources(values.get("site"), values.get("sites"))
        named_sources = sources.select_sources(named_sources, values.get("only"))
        refresh = values.get("refresh")
        if refresh not in (None, "all"):
            raise SourceError(f"refresh={refresh}: expected all")
        wanted = sources.with_limits(
            named_sources or sources.parse_sites(DEMO_SITE), values.get("since"), values.get("sections")
        )
        sessions = [(origin(source.url), source.session) for source in wanted if source.session]
        if any(session != dict(sessions)[place] for place, session in sessions):
            raise SourceError("two sites of one origin have different cookies, headers or proxies")
        plan = CrawlPlan(
            sources=tuple(replace(source, credentials=None, session=None) for source in wanted),
            sessions=dict(sessions),
            credentials={origin(source.url): source.credentials for source in wanted if source.credentials},
            is_demo=not named_sources,
            is_refresh=refresh == "all",
            writes_articles_only=True,
        )
        return cls(
            plan=plan,
            max_articles=sources.positive("max_articles", values.get("max_articles")),
            max_pages=sources.positive("max_pages", values.get("max_pages")),
            rejections=values.get("rejections"),
        )
