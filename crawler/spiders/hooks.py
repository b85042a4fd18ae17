"""Hooks that spiders of other projects override: which URLs are wanted, what is an article, which fields to add."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scrapy.http import Response
from scrapy.utils.serialize import ScrapyJSONEncoder

from cleaners.record.serialize import extra_value
from cleaners.types import Article, ExtraValue, PageRejected, Reason, Stage
from crawler.config.arguments import NAMES
from crawler.spiders.source import CopydeskSpider
from crawler.types import DiscoveredUrl

ENCODER = ScrapyJSONEncoder()


class SpiderHooks(CopydeskSpider):
    """The hooks of :class:`~crawler.spiders.news.NewsSpider`. By default all is wanted, and nothing is added.

    A subclass may name its sites, and any other argument of ``scrapy crawl -a``, as attributes: ``site =
    "news.example"``. What is given on the command line comes first.
    """

    @classmethod
    def with_defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The spider's arguments, with the attributes of its class for those that are not given.

        Sites on the command line are in place of those of the class.
        """
        attrs = {name: getattr(cls, name) for name in NAMES if hasattr(cls, name)}
        own = {name: _as_argument(value) for name, value in attrs.items() if isinstance(value, (str, int, list, tuple))}
        if {"site", "sites"} & set(values):
            own = {name: value for name, value in own.items() if name not in ("site", "sites")}
        return {**own, **values}

    def wants(self, candidate: DiscoveredUrl) -> bool:
        """False for a URL that is not to be fetched. It is counted as ``not_fetched``, ``spider``.

        Args:
            candidate: a page, feed or sitemap that was found: its URL, its role, and what a listing says of it.
        """
        return True

    def is_article(self, article: Article, response: Response) -> bool:
        """False for a page that is not to be written. It becomes a rejection with the reason ``spider``.

        Args:
            article: what cleaning made of the first page of the article.
            response: the response of that page.
        """
        return True

    def extra_fields(self, article: Article, response: Response) -> Mapping[str, ExtraValue]:
        """Fields to add to a record: they are written under ``extra``.

        Args:
            article: what cleaning made of the first page of the article.
            response: the response of that page.
        """
        return {}

    def apply_hooks(self, article: Article, response: Response) -> Article:
        """Apply the hooks: the article with the extra fields.

        Raises:
            PageRejected: when the spider rejects it.
        """
        if not self.is_article(article, response):
            detail = f"the spider {self.name} says that it is no article"
            raise PageRejected(Stage.PAGE_TYPE, Reason.SPIDER, detail)
        fields = dict(self.extra_fields(article, response))
        added = json.loads(ENCODER.encode(fields))  # dates and sets, as Scrapy has them
        return replace(article, extra={name: extra_value(value) for name, value in added.items()}) if added else article


def _as_argument(value: str | int | list[str] | tuple[str, ...]) -> str:
    """A value as it is given on the command line."""
    return ",".join(value) if isinstance(value, (list, tuple)) else str(value)
