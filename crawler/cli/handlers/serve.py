"""Serves until it is stopped."""

from __future__ import annotations

from pathlib import Path

from crawler.cli.base import Project
from crawler.cli.commands.serve import ServeRequest
from crawler.cli.errors import InvalidUsage, usage_errors
from crawler.config.arguments import Arguments
from crawler.config.plan import CrawlPlan
from crawler.config.secret import SecretError, read_secret
from crawler.config.sources import SourceError
from crawler.spiders.serve.api import LOOPBACK
from crawler.spiders.serve.spider import ServeSpider

MIN_TOKEN_CHARS = 16
"""Characters of the shortest token: it can be guessed at the speed of the network."""


def run(request: ServeRequest, project: Project) -> None:
    """Serve; beyond the machine itself only with a token."""
    with usage_errors(SourceError, SecretError):
        token = _token(request.token)
        plan = Arguments.of({"sites": request.sites}).plan if request.sites else CrawlPlan()
    if not token and request.bind not in LOOPBACK:
        raise InvalidUsage(f"--bind {request.bind}: other machines may ask only with a token: --token env:NAME")
    crawler = project.process.create_crawler(ServeSpider)
    quiet = {"COPYDESK_LEDGER": "", "COPYDESK_ARCHIVE": "", "COPYDESK_REPORT_PATH": "", "FEEDS": {}}
    crawler.settings.setdict(quiet, priority="cmdline")
    project.process.crawl(crawler, (request.bind, request.port), token, CrawlPlan(sessions=plan.sessions))
    project.process.start()


def _token(named: str | None) -> str:
    """The token that is named.

    Raises:
        SecretError: for one that is written on the command line, which all users of the machine see, or too short.
    """
    if not named:
        return ""
    if not named.startswith(("env:", "file:")):
        raise SecretError("--token: expected env:NAME or file:PATH; a command line is seen by all users of the machine")
    token = read_secret("--token", named, Path())
    if len(token) < MIN_TOKEN_CHARS:
        raise SecretError(f"--token: expected at least {MIN_TOKEN_CHARS} characters")
    return token
