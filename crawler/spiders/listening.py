"""The base of the spiders that listen at a port and never end by themselves."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.utils.defer import maybe_deferred_to_future

from crawler.config.settings_values import add_contact
from crawler.spiders.source import CopydeskSpider


class ListeningSpider(CopydeskSpider):
    """Stays open while nothing is requested, and stops listening when it is closed."""

    _listening: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        """Stay open while nothing is requested."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        add_contact(crawler.settings)
        crawler.signals.connect(spider.stay, signals.spider_idle)
        crawler.signals.connect(spider.stop, signals.spider_closed)
        return spider

    def stay(self) -> None:
        """Wait for requests from outside.

        Raises:
            DontCloseSpider: always.
        """
        raise DontCloseSpider

    def listen(self, place: tuple[str, int], site: Any) -> int:
        """Answer at an address and a port; returns the port, which the system chooses where 0 is asked for."""
        reactor: Any = import_module("twisted.internet.reactor")
        host, port = place
        self._listening = reactor.listenTCP(port, site, interface=host)
        return int(self._listening.getHost().port)

    async def stop(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            await maybe_deferred_to_future(self._listening.stopListening())
