"""``scrapy fleet``: crawls on many machines, with one database."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse

    import psycopg

    from crawler.config.settings_values import SettingsValues
    from crawler.fleet.sites import FleetSite

PASSWORD = re.compile("://[^/@:]{0,100}:[^/@]{1,100}@")
"""A password in a URL."""

ACTIONS = ("migrate", "worker", "add", "remove", "status", "drain")

MISSING = "scrapy fleet needs the extra 'fleet': pip install 'copydesk[fleet]'"

MAX_INTERVAL_SECONDS = 366 * 86_400
"""Seconds between two crawls of a site, at most."""

OUTPUT = "%(worker)s-%(slot)s.jsonl"


class Command(CopydeskCommand):
    """Crawl on many machines: make the tables, add sites, run workers, show the status, drain."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """What follows the command's name."""
        return "migrate | worker | add SITES.toml | remove URL [URL …] | status | drain"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of the actions."""
        super().add_options(parser)
        parser.add_argument("--slots", metavar="N", type=int, default=2, help="worker: crawls at a time (default: 2)")
        parser.add_argument("--name", metavar="NAME", help="worker: its name in outputs (default: the host's name)")
        parser.add_argument(
            "-o",
            "--output",
            metavar="FILE",
            default=OUTPUT,
            help="worker: output of each slot, with %%(worker)s and %%(slot)s (default: "
            f"{OUTPUT.replace('%', '%%')}); a URL such as s3://… needs %%(time)s, too",
        )
        parser.add_argument(
            "--every", metavar="SECONDS", type=float, default=3_600.0, help="add: between two crawls (default: 3600)"
        )
        parser.add_argument("--resume", action="store_true", help="drain: let crawls begin again")
        parser.add_argument(
            "--timeout", metavar="SECONDS", type=float, default=600.0, help="drain: to wait for crawls (default: 600)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do one of the actions."""
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415  see CopydeskCommand
        from crawler.ledger.project_ledger import ledger_url  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        _check(args, opts)
        try:
            from crawler.fleet.database import FleetError  # noqa: PLC0415
        except ImportError as error:
            raise UsageError(MISSING, print_help=False) from error
        values, url = SettingsValues.of(self.project_settings), ledger_url(self.project_settings)
        try:
            if args[0] == "worker":
                _work(url, values, opts)
            else:
                asyncio.run(_act(url, args, opts))
        except (FleetError, LedgerError) as error:
            self.fail(ExitStatus.LEDGER, error)


def _check(args: list[str], opts: argparse.Namespace) -> None:
    """Accept the arguments.

    Raises:
        UsageError: naming what does not fit.
    """
    action = args[0] if args else ""
    problems = (
        (action not in ACTIONS, f"expected one of {', '.join(ACTIONS)}"),
        (action == "add" and len(args) != 2, "add: expected one sources file (TOML)"),
        (action == "remove" and len(args) < 2, "remove: expected URLs of sites"),
        (action not in ("add", "remove") and len(args) > 1, f"{action}: takes no arguments"),
        (opts.slots < 1, f"--slots {opts.slots}: expected 1 or more"),
        (not 1 <= opts.every <= MAX_INTERVAL_SECONDS, f"--every {opts.every:g}: expected 1 to {MAX_INTERVAL_SECONDS}"),
        (action == "worker" and "%(slot)s" not in opts.output, "--output: needs %(slot)s: each slot has its own file"),
        (
            action == "worker" and "://" in opts.output and "%(time)s" not in opts.output,
            "--output: a URL needs %(time)s: what is stored there cannot be appended to",
        ),
    )
    for is_wrong, words in problems:
        if is_wrong:
            raise UsageError(words, print_help=False)


def _work(url: str, values: SettingsValues, opts: argparse.Namespace) -> None:
    """Run a worker until it is stopped."""
    from crawler.fleet.crawls import CrawlOptions  # noqa: PLC0415
    from crawler.fleet.schema import check  # noqa: PLC0415
    from crawler.fleet.timing import Timing  # noqa: PLC0415
    from crawler.fleet.worker import run_worker  # noqa: PLC0415

    options = CrawlOptions(output=opts.output, settings=opts.set, worker=opts.name or socket.gethostname())
    try:
        options.command(1, "site.toml", 1)
    except (KeyError, ValueError) as error:
        raise UsageError(
            f"--output {opts.output}: {error}: only %(worker)s, %(slot)s, %(time)s", print_help=False
        ) from error
    if any(PASSWORD.search(setting) for setting in opts.set):
        sys.stderr.write("a password in a setting is seen by every user of this machine: use PGPASSWORD or ~/.pgpass\n")
    address = asyncio.run(check(url))
    timing = Timing(values.fleet_takeover, values.fleet_rest)
    run_worker(address, options, timing, opts.slots, values.fleet_secrets)


async def _act(url: str, args: list[str], opts: argparse.Namespace) -> None:
    """Make the tables, add sites, show the status, or drain."""
    import psycopg  # noqa: PLC0415  an extra

    from crawler.config.sources import SourceError  # noqa: PLC0415
    from crawler.fleet import sites  # noqa: PLC0415
    from crawler.fleet.database import FleetError, connect, error_line  # noqa: PLC0415
    from crawler.fleet.schema import check, migrate  # noqa: PLC0415

    try:
        fleet_sites = sites.read_sites(args[1]) if args[0] == "add" else []
    except SourceError as error:
        raise UsageError(str(error), print_help=False) from error
    if args[0] == "migrate":
        address = await migrate(url)
        sys.stderr.write(f"{address.name}: the tables are those of this version\n")
        return
    address = await check(url)
    try:
        async with await connect(address) as connection:
            await _do(connection, args, opts, fleet_sites)
    except psycopg.Error as error:
        raise FleetError(f"{address.name}: {error_line(error)}") from error


async def _do(
    connection: psycopg.AsyncConnection[Any], args: list[str], opts: argparse.Namespace, fleet_sites: list[FleetSite]
) -> None:
    from crawler.fleet import drain, sites  # noqa: PLC0415
    from crawler.presentation.terminal import fleet as status  # noqa: PLC0415
    from crawler.presentation.terminal.lines import write_lines  # noqa: PLC0415
    from crawler.util import count_noun  # noqa: PLC0415

    if args[0] == "add":
        new, changed = await sites.add(connection, fleet_sites, opts.every)
        sys.stderr.write(f"{count_noun(new, 'site')} added, {changed} changed\n")
    elif args[0] == "remove":
        unknown = await sites.remove(connection, args[1:])
        for name in unknown:
            sys.stderr.write(f"{name}: no site of the fleet\n")
        sys.stderr.write(f"{count_noun(len(args) - 1 - len(unknown), 'site')} removed\n")
    elif args[0] == "status":
        write_lines(await status.lines(connection))
    elif opts.resume:
        await drain.resume(connection)
    else:
        await drain.drain(connection, opts.timeout)
