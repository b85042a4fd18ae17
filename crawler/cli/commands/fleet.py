"""``scrapy fleet``: crawls on many machines, with one database."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import CopydeskCommand, from_options, option
from crawler.cli.errors import check_options

ACTIONS = ("migrate", "worker", "add", "remove", "status", "drain")

MISSING = "scrapy fleet needs the extra 'fleet': pip install 'copydesk[fleet]'"

MAX_INTERVAL_SECONDS = 366 * 86_400
"""Seconds between two crawls of a site, at most."""

OUTPUT = "%(worker)s-%(slot)s.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRequest:
    """An action on the fleet's database."""

    action: str
    """One of ``ACTIONS``, but ``worker``."""
    names: tuple[str, ...]
    """The sources file of ``add``, the URLs of ``remove``."""
    every: float = option(
        "--every", metavar="SECONDS", type=float, default=3_600.0, help="add: between two crawls (default: 3600)"
    )
    is_resumed: bool = option("--resume", action="store_true", help="drain: let crawls begin again")
    timeout: float = option(
        "--timeout", metavar="SECONDS", type=float, default=600.0, help="drain: to wait for crawls (default: 600)"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRequest:
    """A worker to run."""

    slots: int = option("--slots", metavar="N", type=int, default=2, help="worker: crawls at a time (default: 2)")
    name: str | None = option("--name", metavar="NAME", help="worker: its name in outputs (default: the host's name)")
    output: str = option(
        "-o",
        "--output",
        metavar="FILE",
        default=OUTPUT,
        help="worker: output of each slot, with %%(worker)s and %%(slot)s (default: "
        f"{OUTPUT.replace('%', '%%')}); a URL such as s3://… needs %%(time)s, too",
    )
    settings: tuple[str, ...]
    """Settings of its crawls, each ``NAME=VALUE``."""


class Command(CopydeskCommand):
    """Crawl on many machines: make the tables, add sites, run workers, show the status, drain."""

    requires_crawler_process = False
    usage = "migrate | worker | add SITES.toml | remove URL [URL …] | status | drain"
    requests = (WorkerRequest, FleetRequest)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one of the actions."""
        _check(args, opts)
        if args[0] == "worker":
            worker = from_options(WorkerRequest, opts, settings=opts.set)
            self.handle("crawler.cli.handlers.fleet.work", worker, missing=MISSING)
            return
        request = from_options(FleetRequest, opts, action=args[0], names=args[1:])
        self.handle("crawler.cli.handlers.fleet.manage", request, missing=MISSING)


def _check(args: list[str], opts: argparse.Namespace) -> None:
    """Accept the arguments.

    Raises:
        InvalidUsage: naming what does not fit.
    """
    action = args[0] if args else ""
    check_options(
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
