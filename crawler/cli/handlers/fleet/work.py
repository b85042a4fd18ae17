"""Runs a worker of a fleet."""

from __future__ import annotations

import asyncio
import re
import socket
import sys

from crawler.cli.base import Project
from crawler.cli.commands.fleet import WorkerRequest
from crawler.cli.errors import InvalidUsage, exit_on
from crawler.config.settings_values import SettingsValues
from crawler.fleet.crawls import CrawlOptions
from crawler.fleet.database import FleetError
from crawler.fleet.plan import Timing
from crawler.fleet.schema import check
from crawler.fleet.worker import run_worker
from crawler.ledger.open import ledger_url
from crawler.ledger.types import LedgerError
from crawler.run_report.status import ExitStatus

PASSWORD = re.compile("://[^/@:]{0,100}:[^/@]{1,100}@")
"""A password in a URL."""


def run(request: WorkerRequest, project: Project) -> None:
    """Run a worker until it is stopped."""
    values, url = SettingsValues.of(project.settings), ledger_url(project.settings)
    options = CrawlOptions(
        output=request.output, settings=request.settings, worker=request.name or socket.gethostname()
    )
    try:
        options.command(1, "site.toml", 1)
    except (KeyError, ValueError) as error:
        raise InvalidUsage(f"--output {request.output}: {error}: only %(worker)s, %(slot)s, %(time)s") from error
    if any(PASSWORD.search(setting) for setting in request.settings):
        sys.stderr.write("a password in a setting is seen by every user of this machine: use PGPASSWORD or ~/.pgpass\n")
    with exit_on(ExitStatus.LEDGER, FleetError, LedgerError):
        address = asyncio.run(check(url))
        timing = Timing(values.fleet_takeover, values.fleet_rest)
        run_worker(address, options, timing, request.slots, values.fleet_secrets)
