"""The base class of commands for one page: a URL, a file, a WARC record, or the id of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand
from crawler.log_sanitizer import escape_controls

if TYPE_CHECKING:
    import argparse

    from cleaners.types import Page


class PageCommand(CopydeskCommand):
    """A command for one page, which it fetches where it is not on disk."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--url``."""
        super().add_options(parser)
        parser.add_argument("--url", metavar="URL", help="URL of a page on disk that does not name its own")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Log only warnings and errors, unless a log level is set."""
        super().process_options(args, opts)
        self.project_settings.set("LOG_LEVEL", opts.loglevel or "WARNING", priority="cmdline")

    def find_page(self, name: str, url: str | None) -> Page | None:
        """The page that the user named; None when it could not be fetched, and the reason was printed.

        Raises:
            UsageError: where nothing has that name, or the ledger in which a record is looked for cannot be used.
        """
        from crawler.archive.inputs import ENDINGS, InputError  # noqa: PLC0415
        from crawler.cli.one_page import is_on_disk, read_single_page  # noqa: PLC0415
        from crawler.output.records import RECORD_ID, RecordError, find_record  # noqa: PLC0415
        from crawler.quality.labelled import LabelledPageError  # noqa: PLC0415

        try:
            if is_on_disk(name):
                return read_single_page(name, url)
            if RECORD_ID.fullmatch(name):
                record = find_record(self.project_settings, name)
                if record.source and is_on_disk(record.source):
                    return read_single_page(record.source, record.url)
                name = record.url
        except (InputError, LabelledPageError, RecordError) as error:
            raise UsageError(str(error), print_help=False) from error
        if "/" not in name and name.lower().endswith(ENDINGS):
            raise UsageError(f"{name}: no such file", print_help=False)
        return self._fetch(name)

    def _fetch(self, name: str) -> Page | None:
        from crawler.config.sources import SourceError, parse_source  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415
        from crawler.spiders.page import FetchedPage, PageSpider  # noqa: PLC0415

        try:
            source = parse_source(name)
        except SourceError as error:
            raise UsageError(f"{error}; no file has this name, either", print_help=False) from error
        process, fetched = self.crawler_process, FetchedPage()
        if process is None:
            raise RuntimeError("no crawler process: run the command with scrapy")
        crawler = process.create_crawler(PageSpider)
        crawler.settings.setdict({"COPYDESK_LEDGER": "", "COPYDESK_REPORT_PATH": ""}, priority="cmdline")
        process.crawl(crawler, source=source, fetched=fetched)
        process.start()
        if fetched.page is None:
            reason = escape_controls(fetched.failed or "not fetched")
            self.fail(ExitStatus.UNREACHABLE, f"{escape_controls(source.url)}: {reason}")
        return fetched.page
