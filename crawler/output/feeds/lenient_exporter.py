"""Scrapy's feed exporter for other spiders: Scrapy logs its errors as before, and no error loses an article."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter, FeedSlot

from crawler.output.delivery.delivery import Delivery
from crawler.run_report.report import Report
from crawler.run_report.status import RunStatus


class ReportingFeedExporter(FeedExporter):
    """Reports articles that could not be written, so that a later run fetches them again."""

    async def _close_slot(self, slot: FeedSlot, spider: Spider) -> None:
        """Finish an exporter and store its file; where that fails, its articles count as not delivered."""
        try:
            await super()._close_slot(slot, spider)
        except Exception as error:  # see below
            if (outcome := RunStatus.of(self.crawler)) is not None:
                outcome.output_failed(f"{slot.uri}: an exporter failed: {type(error).__name__}: {error}")
            raise

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Give an item to the exporters."""
        try:
            super().item_scraped(item, spider)
        except Exception:  # whatever an exporter of any package raises; Scrapy logs it
            if (delivery := self.crawler.get_extension(Delivery)) is not None:
                delivery.item_lost(item)
            if (report := self.crawler.get_extension(Report)) is not None:
                report.item_lost(item)
            raise
