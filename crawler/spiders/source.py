"""The bases of Copydesk's spiders: of all, and of those that read one source and write nothing."""

from __future__ import annotations

from dataclasses import replace

from scrapy import Spider
from scrapy.settings import BaseSettings

from cleaners.urls.origin import origin
from crawler.config.old_names import adopt_old_names
from crawler.config.plan import CrawlPlan
from crawler.config.project import add_defaults, refuse_job_dir
from crawler.types import Source


class CopydeskSpider(Spider):
    """Brings its settings into any project."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Add the defaults that another project's settings lack, and also accept settings by their old names.

        Raises:
            UsageError: where ``JOBDIR`` is set.
        """
        super().update_settings(settings)
        add_defaults(settings)
        adopt_old_names(settings)
        refuse_job_dir(settings)


class SourceSpider(CopydeskSpider):
    """Reads one source; its credentials go to its origin alone."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = replace(source, credentials=None)
        credentials = {origin(source.url): source.credentials} if source.credentials else {}
        self.plan = CrawlPlan(credentials=credentials)
