"""The arguments of ``scrapy crawl news -a NAME=VALUE``, checked before anything is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

from cleaners.urls.origin import Origin, origin
from crawler.config import sources
from crawler.config.argument_help import HELP
from crawler.config.plan import CrawlPlan
from crawler.config.sources import SourceError
from crawler.types import Session, Source

NAMES = tuple(HELP)

DEMO_SITE = "http://harbour-post.example/"
"""Front page of the demo. No host on a network has a name in ``.example`` (RFC 2606); requests for it go to the local
server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The spider's arguments as checked values."""

    sources: tuple[Source, ...]
    is_demo: bool
    max_articles: int | None
    max_pages: int | None
    is_refresh: bool
    """True for ``refresh=all``: every known URL is fetched again, and every article is written again."""
    rejections: str | None
    credentials: dict[Origin, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Names and passwords, by the origin that they are for. They are removed from the sources, which are written to
    disk with requests."""

    sessions: dict[Origin, Session] = field(default_factory=dict, repr=False)
    """Cookies, headers and proxy, by origin; removed from the sources like the credentials."""

    @property
    def plan(self) -> CrawlPlan:
        """What the crawl is to do."""
        return CrawlPlan(
            sources=self.sources,
            sessions=self.sessions,
            credentials=self.credentials,
            is_demo=self.is_demo,
            is_refresh=self.is_refresh,
            writes_articles_only=True,
        )

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
        return cls(
            sources=tuple(replace(source, credentials=None, session=None) for source in wanted),
            sessions=dict(sessions),
            credentials={origin(source.url): source.credentials for source in wanted if source.credentials},
            is_demo=not named_sources,
            max_articles=sources.positive("max_articles", values.get("max_articles")),
            max_pages=sources.positive("max_pages", values.get("max_pages")),
            is_refresh=refresh == "all",
            rejections=values.get("rejections"),
        )
