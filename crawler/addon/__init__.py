"""The add-on that gives Copydesk's features to the spiders of another project.

``ADDONS = {"copydesk.crawler.addon.Copydesk": 300}``; in the checkout ``crawler.addon.Copydesk``.
"""

from __future__ import annotations

import re
from typing import Self

from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FeedExporter
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from crawler import settings as shipped
from crawler.addon.articles import clean_response
from crawler.config.old_names import drop_constants
from crawler.config.project import add_missing, is_own_project
from crawler.config.replay import apply_replay_settings
from crawler.config.settings_values import Feature, SettingsValues
from crawler.output.feeds import storages
from crawler.spiders.news import NewsSpider
from crawler.spiders.source import SourceSpider

__all__ = ["Copydesk", "clean_response"]

NO_FILE_NAME = re.compile(r"[^\w.-]")

ARTICLES = "crawler.addon.articles.Articles"
NEAR_ENGINE = 10
"""Order of the spider middleware: the others see first what a spider yields."""

TRACKER = "crawler.items.ItemTracker"
FEED_EXPORTER = "crawler.output.feeds.feed_exporter.ReportingFeedExporter"
SCRAPYS_FEED_EXPORTER = "scrapy.extensions.feedexport.FeedExporter"

COMPONENTS: dict[Feature, dict[str, tuple[str, ...]]] = {
    Feature.FETCH: {
        "DOWNLOAD_HANDLERS": ("http", "https"),
        "DOWNLOADER_MIDDLEWARES": ("crawler.fetching.network.address_guard.AddressGuard",),
        "EXTENSIONS": ("crawler.archive.recorder.Archive", TRACKER),
    },
    Feature.CLEAN: {"EXTENSIONS": ("crawler.cleaning.CleaningWorkers",)},
    Feature.LEDGER: {
        "EXTENSIONS": ("crawler.run_report.status.RunStatus", "crawler.output.delivery.delivery.Delivery", TRACKER),
    },
    Feature.REPORT: {"EXTENSIONS": ("crawler.run_report.report.Report", TRACKER)},
    Feature.OUTPUT: {
        "FEED_STORAGES": tuple(shipped.FEED_STORAGES),
        "FEED_EXPORTERS": tuple(shipped.FEED_EXPORTERS),
    },
}
"""The components of each feature, with the values that they have in Copydesk's own project."""


class Copydesk:
    """Adds the features that ``COPYDESK_FEATURES`` names; what the project itself sets or switches off stays so.

    Spiders of Copydesk, and classes derived from them, bring their settings with them.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the crawl: the class of its spider decides."""
        return cls(crawler)

    @property
    def _spider_name(self) -> str:
        """The name of the spider, as part of a file's name."""
        spider = self.crawler.spider or self.crawler.spidercls  # a name may be given to the spider alone
        return NO_FILE_NAME.sub("_", str(getattr(spider, "name", None) or "spider"))

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the features to the settings of a crawl.

        Raises:
            UsageError: naming a setting that is not valid.
        """
        if is_own_project(settings) or issubclass(self.crawler.spidercls, (NewsSpider, SourceSpider)):
            return
        drop_constants(settings)
        features = SettingsValues.of(settings).features
        apply_replay_settings(settings)
        for feature in features:
            for name, keys in COMPONENTS[feature].items():
                add_missing(settings, name, {key: getattr(shipped, name)[key] for key in keys})
        if Feature.FETCH in features:
            _leave_to_project(settings)
        if Feature.CLEAN in features:
            add_missing(settings, "SPIDER_MIDDLEWARES", {ARTICLES: NEAR_ENGINE})
        if Feature.LEDGER in features:
            settings.set("COPYDESK_LEDGER", f"copydesk-{self._spider_name}.sqlite", priority="addon")
            _replace_feed_exporter(settings)
        settings.set("ITEM_PROCESSOR", shipped.ITEM_PROCESSOR, priority="addon")
        routed = storages.route_feeds(settings.getdict("FEEDS"), None, is_sparse=True)
        settings.set("FEEDS", routed, priority=settings.getpriority("FEEDS") or 0)


def _leave_to_project(settings: BaseSettings) -> None:
    """Let the project decide the timeout and size of responses, and the URLs at which its spiders start."""
    settings.set("COPYDESK_HEADERS_TIMEOUT", settings.getfloat("DOWNLOAD_TIMEOUT"), priority="addon")
    settings.set("COPYDESK_PAGE_MAXSIZE", 0, priority="addon")
    settings.set("COPYDESK_TRUST_START", True, priority="addon")


def _replace_feed_exporter(settings: BaseSettings) -> None:
    """Put the exporter that tells the ledger of errors in the place of Scrapy's, unless the project has its own."""
    extensions = settings.getdict("EXTENSIONS")
    exporters = [load_object(key) for key, order in extensions.items() if order is not None and "xport" in str(key)]
    if not any(isinstance(exporter, type) and issubclass(exporter, FeedExporter) for exporter in exporters):
        add_missing(settings, "EXTENSIONS", {SCRAPYS_FEED_EXPORTER: None, FEED_EXPORTER: 0})
