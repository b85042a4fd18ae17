"""Manages a fleet: its tables, its sites, and whether crawls begin."""

from __future__ import annotations

import asyncio
import sys

import psycopg

from crawler.cli.base import Project
from crawler.cli.commands.fleet import FleetRequest
from crawler.cli.errors import exit_on, usage_errors
from crawler.config.settings_values import SettingsValues
from crawler.config.sources import SourceError
from crawler.fleet import plan, sites
from crawler.fleet.database import FleetError, connect
from crawler.fleet.schema import check, migrate
from crawler.ledger.open import ledger_url
from crawler.ledger.postgresql.address import error_line
from crawler.ledger.types import LedgerError
from crawler.presentation.terminal import fleet as status
from crawler.presentation.terminal.lines import write_lines
from crawler.run_report.status import ExitStatus
from crawler.util import count_noun


def run(request: FleetRequest, project: Project) -> None:
    """Make the tables, add or remove sites, show the status, or drain."""
    SettingsValues.of(project.settings)  # checks them
    url = ledger_url(project.settings)
    with exit_on(ExitStatus.LEDGER, FleetError, LedgerError):
        asyncio.run(_act(url, request))


async def _act(url: str, request: FleetRequest) -> None:
    with usage_errors(SourceError):
        fleet_sites = sites.read_sites(request.names[0]) if request.action == "add" else []
    if request.action == "migrate":
        address = await migrate(url)
        sys.stderr.write(f"{address.name}: the tables are those of this version\n")
        return
    address = await check(url)
    try:
        async with await connect(address) as connection:
            await _act_on(connection, request, fleet_sites)
    except psycopg.Error as error:
        raise FleetError(f"{address.name}: {error_line(error)}") from error


async def _act_on(
    connection: psycopg.AsyncConnection[object], request: FleetRequest, fleet_sites: list[sites.FleetSite]
) -> None:
    if request.action == "add":
        new, changed = await sites.add(connection, fleet_sites, request.every)
        sys.stderr.write(f"{count_noun(new, 'site')} added, {changed} changed\n")
    elif request.action == "remove":
        unknown = await sites.remove(connection, request.names)
        for name in unknown:
            sys.stderr.write(f"{name}: no site of the fleet\n")
        sys.stderr.write(f"{count_noun(len(request.names) - len(unknown), 'site')} removed\n")
    elif request.action == "status":
        write_lines(await status.lines(connection))
    elif request.is_resumed:
        await plan.resume(connection)
    else:
        await plan.drain(connection, request.timeout)
