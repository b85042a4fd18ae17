"""The crawler that everybody writes: follows every link, and with ``-a clean=1`` asks trafilatura in the callback.

scrapy runspider benchmarks/plain.py -a site=http://127.0.0.1:8000/ [-a clean=1 -o articles.jsonl]
"""

from __future__ import annotations

import scrapy
from scrapy.linkextractors import LinkExtractor
from trafilatura import bare_extraction


class EscapingFilter(scrapy.Spider):
    """Fetches all pages of a site."""

    name = "plain"
    custom_settings = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}  # noqa: RUF012
    extractor = LinkExtractor()

    def __init__(self, site: str, clean: str = "") -> None:
        super().__init__()
        self.start_urls = [site]
        self.allowed_domains = ["127.0.0.1"]
        self.is_cleaning = bool(clean)

    def parse(self, response):
        for link in self.extractor.extract_links(response):
            yield scrapy.Request(link.url)
        if self.is_cleaning:
            document = bare_extraction(response.body, url=response.url, with_metadata=True)
            if document is not None:
                found = document.as_dict()
                yield {
                    "url": response.url,
                    **{name: found[name] for name in ("title", "author", "date", "sitename", "text")},
                }
