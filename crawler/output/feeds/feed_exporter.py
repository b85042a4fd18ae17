"""Scrapy's feed exporter, whose errors end the crawl: an item that was not written is not delivered."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter, FeedSlot

from crawler.run_report.status import RunStatus


class CheckedFeedExporter(FeedExporter):
    """Reports an exporter's error as a failed output (exit status 4).

    Scrapy only logs such an error, and the item would count as written.
    """

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Give an item to the exporters."""
        try:
            super().item_scraped(item, spider)
        except Exception as error:  # noqa: BLE001  whatever an exporter of any package raises
            self._fail(", ".join(self.feeds), error)

    async def _close_slot(self, slot: FeedSlot, spider: Spider) -> None:
        """Let an exporter write its end, and store the file."""
        try:
            await super()._close_slot(slot, spider)
        except Exception as error:  # noqa: BLE001  see above
            self._fail(slot.uri, error)

    def _fail(self, outputs: str, error: Exception) -> None:
        """Report an error to the run's outcome; raise it when there is none."""
        outcome = RunStatus.of(self.crawler)
        if outcome is None:
            raise error
        outcome.output_failed(f"{outputs}: an exporter failed: {type(error).__name__}: {error}")
