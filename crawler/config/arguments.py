"""The arguments of ``scrapy crawl news -a NAME=VALUE``, understood before anything is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

from crawler.config import sources
from crawler.config.sources import Source, SourceError
from crawler.demo.site import SITE
from crawler.network.address_policy import Origin, origin

NAMES = ("site", "sites", "since", "sections", "max_articles", "max_pages", "refresh", "rejections")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a user asked of a crawl."""

    sources: tuple[Source, ...]
    is_demo: bool
    max_articles: int | None
    max_pages: int | None
    is_refresh: bool
    """True for ``refresh=all``: everything known is asked again and every article written again."""
    rejections: str | None
    logins: dict[Origin, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Names and passwords by the origin they were given for. No source has its own: sources travel with requests, to the disk too."""

    @classmethod
    def of(cls, given: dict[str, str | None]) -> Self:
        """Read the spider's arguments.

        Raises:
            SourceError: naming what cannot be understood, and what was expected.
        """
        # a name that begins with an underline is a job server's own: Scrapyd gives each spider its _job
        unknown = next((name for name in given if name not in NAMES and not name.startswith("_")), None)
        if unknown is not None:
            raise SourceError(f"unknown argument '{unknown}'; expected one of {', '.join(NAMES)}")
        found = sources.named(given.get("site"), given.get("sites"))
        refresh = given.get("refresh")
        if refresh not in (None, "all"):
            raise SourceError(f"refresh={refresh}: expected all")
        wanted = sources.bounded(found or sources.parse(SITE), given.get("since"), given.get("sections"))
        return cls(
            sources=tuple(replace(source, login=None) for source in wanted),
            logins={origin(source.url): source.login for source in wanted if source.login},
            is_demo=not found,
            max_articles=sources.positive("max_articles", given.get("max_articles")),
            max_pages=sources.positive("max_pages", given.get("max_pages")),
            is_refresh=refresh == "all",
            rejections=given.get("rejections"),
        )
