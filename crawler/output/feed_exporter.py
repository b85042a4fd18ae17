"""Scrapy's feed exporter, whose errors end the crawl: an item that was not written is not delivered."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter

from crawler.reporting.outcome import RunOutcome


class CheckedFeedExporter(FeedExporter):
    """Reports an exporter's error as a failed output (exit status 4).

    Scrapy only logs such an error, and the item would count as written.
    """

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Give an item to the exporters."""
        outcome = RunOutcome.of(self.crawler)
        try:
            super().item_scraped(item, spider)
        except Exception as error:  # whatever an exporter of any package raises
            if outcome is None:
                raise
            outputs = ", ".join(self.feeds)
            outcome.output_failed(f"{outputs}: an exporter failed: {type(error).__name__}: {error}")
