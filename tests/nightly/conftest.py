"""What the tests of crawls have."""

from __future__ import annotations

from tests.end_to_end.rendered.test_rendered import browser
from tests.integration.conftest import crawl, scrapy, server, site

__all__ = ["browser", "crawl", "scrapy", "server", "site"]
