"""Scrapy's feed exporter, whose errors lose no article: Scrapy only logs them, and the item would count as written."""

from __future__ import annotations

from scrapy import Spider
from scrapy.extensions.feedexport import FeedSlot

from crawler.items import ItemTracker
from crawler.run_report.status import RunStatus
from crawler.scrapy_internals import FeedExporterSteps


class CheckedFeedExporter(FeedExporterSteps):
    """Reports an exporter's error as a failed output (exit status 4), which ends the crawl."""

    def item_scraped(self, item: object, spider: Spider) -> None:
        """Give an item to the exporters."""
        try:
            super().item_scraped(item, spider)
        except Exception as error:  # noqa: BLE001  whatever an exporter of any package raises
            self.fail_item(item, error)

    async def close_slot(self, slot: FeedSlot, spider: Spider) -> None:
        """Let an exporter write its end, and store the file."""
        try:
            await super().close_slot(slot, spider)
        except Exception as error:  # noqa: BLE001  see above
            self.fail_output(slot.uri, error)

    def fail_item(self, item: object, error: Exception) -> None:
        """Report the error of an exporter on an item."""
        self.fail_output(", ".join(self.feeds), error)

    def fail_output(self, outputs: str, error: Exception) -> None:
        """Report an error to the run's status; raise it when there is none."""
        status = RunStatus.of(self.crawler)
        if status is None:
            raise error
        status.output_failed(f"{outputs}: an exporter failed: {type(error).__name__}: {error}")


class ReportingFeedExporter(CheckedFeedExporter):
    """The exporter for other projects' spiders: Scrapy logs its errors as before, and a later run fetches the articles.

    An item that could not be written does not end the crawl; an output that could not be finished does.
    """

    def fail_item(self, item: object, error: Exception) -> None:
        """Count the item as lost; raise the error for Scrapy to log."""
        if (tracker := self.crawler.get_extension(ItemTracker)) is not None:
            tracker.item_not_exported(item)
        raise error

    def fail_output(self, outputs: str, error: Exception) -> None:
        """Report the output; raise the error for Scrapy to log."""
        if RunStatus.of(self.crawler) is not None:
            super().fail_output(outputs, error)
        raise error
