"""Drains a fleet: no further crawl begins, and those that run end."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psycopg

from crawler.fleet.database import FleetError

LOOK_SECONDS = 0.5

SET = "UPDATE fleet_control SET draining = %s"
FORGET = "DELETE FROM procrastinate_jobs WHERE queue_name = 'crawl' AND status = 'todo'"
RUNNING = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'crawl' AND status = 'doing'"


async def resume(connection: psycopg.AsyncConnection[object]) -> None:
    """Let crawls begin again."""
    await connection.execute(SET, (False,))


async def drain(connection: psycopg.AsyncConnection[Any], timeout: float) -> None:  # noqa: ASYNC109  of the command
    """Wait until no crawl runs.

    Args:
        connection: to the database of the fleet.
        timeout: seconds.

    Raises:
        FleetError: when some still run then; none begins in any case.
    """
    await connection.execute(SET, (True,))
    until = time.monotonic() + timeout
    while True:
        await connection.execute(FORGET)  # their sites stay due
        row = await (await connection.execute(RUNNING)).fetchone()
        if row is None or not row[0]:
            return
        if time.monotonic() > until:
            raise FleetError(f"{row[0]} crawls still run; none begins until scrapy fleet drain --resume")
        await asyncio.sleep(LOOK_SECONDS)
