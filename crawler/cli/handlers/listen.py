"""Listens for what hubs push."""

from __future__ import annotations

from pathlib import Path

from crawler.cli.base import Project
from crawler.cli.commands.listen import ListenRequest
from crawler.cli.errors import InvalidUsage, usage_errors
from crawler.config.arguments import Arguments
from crawler.config.sources import SourceError
from crawler.files.paths import in_data_folder
from crawler.ledger.open import ledger_url
from crawler.spiders.listen.spider import ListenSpider


def run(request: ListenRequest, project: Project) -> None:
    """Listen until it is stopped."""
    with usage_errors(SourceError):
        arguments = Arguments.of(dict(request.arguments))
    if arguments.plan.is_demo:
        raise InvalidUsage("name the sources: -a site=URL or -a sites=FILE")
    ledger, spool = ledger_url(project.settings), Path(in_data_folder("pushed"))
    crawler = project.process.create_crawler(ListenSpider)
    crawler.settings.setdict(
        {"COPYDESK_LEDGER": "", "COPYDESK_ARCHIVE": "", "COPYDESK_REPORT_PATH": "", "FEEDS": {}}, priority="cmdline"
    )
    place, command = (request.bind, request.port), request.command
    project.process.crawl(crawler, arguments, request.callback, place, spool=spool, ledger=ledger, command=command)
    project.process.start()
