"""``scrapy listen``: subscribes to feeds at their hubs, and crawls what is pushed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse


class Command(CopydeskCommand, BaseRunSpiderCommand):
    """Subscribe to feeds at their hubs (WebSub), and crawl what is pushed within a minute."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return "-a sites=FILE --callback URL -o articles.jsonl [--port N]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of the server."""
        super().add_options(parser)
        parser.add_argument("--callback", metavar="URL", help="the URL at which hubs reach this server")
        parser.add_argument("--port", metavar="N", type=int, default=8080, help="port to listen at (8080)")
        parser.add_argument(
            "--bind", metavar="ADDRESS", default="127.0.0.1", help="address to listen at (127.0.0.1: behind a proxy)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Listen until it is stopped."""
        from pathlib import Path  # noqa: PLC0415  see CopydeskCommand
        from urllib.parse import urlsplit  # noqa: PLC0415

        from crawler.config.arguments import Arguments  # noqa: PLC0415
        from crawler.config.sources import SourceError  # noqa: PLC0415
        from crawler.files.paths import in_data_folder  # noqa: PLC0415
        from crawler.ledger.project_ledger import ledger_url  # noqa: PLC0415
        from crawler.spiders.listen.spider import ListenSpider  # noqa: PLC0415

        if args or opts.overwrite_output or not opts.output:
            raise UsageError(
                "expected -a sites=FILE (or -a site=URL) and -o FILE, which is appended to", print_help=False
            )
        if urlsplit(opts.callback or "").scheme not in ("http", "https"):
            raise UsageError("--callback: expected the URL at which hubs reach this server", print_help=False)
        try:
            arguments = Arguments.of(opts.spargs)
        except SourceError as error:
            raise UsageError(str(error), print_help=False) from error
        if arguments.is_demo:
            raise UsageError("name the sources: -a site=URL or -a sites=FILE", print_help=False)
        settings, process = self.project_settings, self.crawler_process
        if process is None:
            raise RuntimeError("no crawler process: run the command with scrapy")
        ledger, spool = ledger_url(settings), Path(in_data_folder("pushed"))
        crawler = process.create_crawler(ListenSpider)
        crawler.settings.setdict(
            {"COPYDESK_LEDGER": "", "COPYDESK_ARCHIVE": "", "COPYDESK_REPORT_PATH": "", "FEEDS": {}}, priority="cmdline"
        )
        place, command = (opts.bind, opts.port), _crawl_command(opts)
        process.crawl(crawler, arguments, opts.callback, place, spool=spool, ledger=ledger, command=command)
        process.start()


def _crawl_command(opts: argparse.Namespace) -> list[str]:
    """The command of a crawl with the same outputs, settings and arguments."""
    arguments = [f"{name}={value}" for name, value in opts.spargs.items()]
    options = (("-o", opts.output), ("-s", opts.set), ("-a", arguments))
    flat_options = [part for name, values in options for value in values for part in (name, value)]
    return ["-m", "scrapy", "crawl", "news", *flat_options]
