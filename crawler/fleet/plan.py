"""Planning, which the workers do in turn: queue the sites that are due, and requeue the jobs of lost workers.

While a fleet is drained nothing is queued: no further crawl begins, and those that run end.

Times are those of the database: the clocks of the workers do not matter.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from procrastinate import exceptions
from procrastinate.tasks import Task

from crawler.fleet.database import FleetError, fetch_value
from crawler.fleet.queue import PAST, QUEUE

logger = logging.getLogger("copydesk")

PLAN_LOCK = "copydesk:fleet:plan"

BEATS = 12
"""Heartbeats in the time after which a worker counts as lost."""

LEASE_SHARE = 0.75
"""Share of that time after which a worker that cannot write its heartbeat kills its crawls, so that they have ended
before another worker takes them over."""

MOST_QUEUED = 200
"""Sites that are queued at a time."""

MAX_WORKER_LOSSES = 3
"""Consecutive workers lost while they crawl a site, after which its job is kept as failed and the site waits a day."""

TURN = """
UPDATE fleet_control SET looked = now()
WHERE looked IS NULL OR looked < now() - %s * interval '1 s' OR looked > now() RETURNING 1
"""
"""Limits planning to about once per heartbeat, however many workers there are."""

DUE = """
SELECT key, host, cycle FROM (
    SELECT DISTINCT ON (site.host) site.key, site.host, site.cycle, site.due FROM fleet_sites site
    JOIN fleet_control ON NOT draining LEFT JOIN fleet_hosts host ON host.host = site.host
    WHERE site.due <= now() AND coalesce(host.free, now()) <= now() AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs job WHERE job.lock = 'host:' || site.host AND job.status IN ('todo', 'doing')
    )
    ORDER BY site.host, site.due
) found ORDER BY due LIMIT greatest(
    0, %s - (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'crawl')
)
"""
"""The sites that are due longest, one per host. Few are queued at a time, since the queue is read from its start."""

STALLED = """
SELECT job.id, job.args ->> 'site', job.args ->> 'host', extract(epoch FROM now() - worker.last_heartbeat)::float
FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND job.queue_name = %(queue)s
    AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(takeover)s * interval '1 s')
    AND pg_postmaster_start_time() < now() - %(takeover)s * interval '1 s'
ORDER BY job.args ->> 'site' FOR UPDATE OF job SKIP LOCKED
"""
"""Jobs of workers without a heartbeat. After a restart of the server all heartbeats look old for a while."""

LOSE = """
UPDATE fleet_sites SET error = %(error)s, alone = false,
    lost = CASE WHEN %(is_sure)s OR alone OR lost + 1 < %(most)s THEN lost + 1 ELSE lost END,
    due = CASE WHEN (%(is_sure)s OR alone) AND lost + 1 >= %(most)s THEN now() + interval '1 day' ELSE due END
WHERE key = %(key)s RETURNING lost
"""
"""A lost worker counts against all sites in its slots. The last loss counts only against a site that had the worker for
itself, because workers were lost with it before: see :data:`SUSPECT`."""

SUSPECT = MAX_WORKER_LOSSES - 1
"""Number of lost workers from which a site is crawled alone on its worker."""

REST = """
INSERT INTO fleet_hosts VALUES (%(host)s, now() + %(rest)s * interval '1 s')
ON CONFLICT (host) DO UPDATE SET free = excluded.free RETURNING 1
"""

LIMITS = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s'"
"""Planning that has to wait for a lock is aborted; it is tried again soon."""

FORGET = """
DELETE FROM procrastinate_workers worker WHERE last_heartbeat < now() - 10 * %s * interval '1 s'
    AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs job WHERE job.worker_id = worker.id AND job.status = 'doing')
"""

SET_DRAINING = "UPDATE fleet_control SET draining = %s"

UNQUEUE = "DELETE FROM procrastinate_jobs WHERE queue_name = 'crawl' AND status = 'todo'"

COUNT_RUNNING = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'crawl' AND status = 'doing'"

DRAIN_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of a fleet, which depend on each other, in seconds."""

    takeover: float
    """Time after the last heartbeat of a worker at which other workers get its jobs (``COPYDESK_FLEET_TAKEOVER``)."""
    rest: float
    """Time between two jobs of one host (``COPYDESK_FLEET_REST``)."""

    @property
    def beat(self) -> float:
        """Between two heartbeats."""
        return self.takeover / BEATS

    @property
    def lease(self) -> float:
        """Time without a written heartbeat after which a worker kills its crawls."""
        return LEASE_SHARE * self.takeover


async def look(connection: psycopg.AsyncConnection[Any], task: Task[Any, object, Any], timing: Timing) -> None:
    """Requeue the jobs of lost workers, then queue due sites, unless another worker is doing so."""
    async with connection.transaction():
        await connection.execute(LIMITS)
        is_mine = await fetch_value(connection, "SELECT pg_try_advisory_xact_lock(hashtext(%s))", (PLAN_LOCK,))
        if is_mine and await fetch_value(connection, TURN, (timing.beat / 2,)) is not None:
            await rescue(connection, timing)
            await plan(connection, task)


async def plan(connection: psycopg.AsyncConnection[Any], task: Task[Any, object, Any]) -> None:
    """Queue a job for each site that is due, one a host."""
    rows = await (await connection.execute(DUE, (MOST_QUEUED,))).fetchall()
    for key, host, cycle in rows:
        with suppress(exceptions.AlreadyEnqueued):
            async with connection.transaction():  # a savepoint: the other sites are queued in any case
                made = task.configure(lock=f"host:{host}", queueing_lock=f"site:{key}", connection=connection)
                await made.defer_async(site=key, host=host, cycle=cycle)


async def rescue(connection: psycopg.AsyncConnection[Any], timing: Timing) -> None:
    """Give back the jobs of workers that are lost."""
    values = {"queue": QUEUE, "takeover": timing.takeover}
    for job, site, host, age in await (await connection.execute(STALLED, values)).fetchall():
        logger.warning("%s: its worker gave no sign for %.0f s; another one crawls it", site, age or timing.takeover)
        loss = {"key": site, "most": MAX_WORKER_LOSSES, "error": "its worker was lost", "is_sure": False}
        try:
            async with connection.transaction():  # a savepoint: a row that cannot be written holds up no other
                lost = await fetch_value(connection, LOSE, loss)
        except psycopg.IntegrityError:
            logger.warning("%s: its row is not valid: remove the site and add it again", site)
            lost = MAX_WORKER_LOSSES
        await connection.execute(REST, {"host": host, "rest": timing.rest})
        is_over = lost is not None and lost >= MAX_WORKER_LOSSES
        query = "SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)"
        values_of_job: tuple[object, ...] = (job, PAST)
        if is_over:
            query, values_of_job = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)", (job,)
        async with connection.transaction():
            await connection.execute(query, values_of_job)
    await connection.execute(FORGET, (timing.takeover,))


async def resume(connection: psycopg.AsyncConnection[object]) -> None:
    """Let crawls begin again."""
    await connection.execute(SET_DRAINING, (False,))


async def drain(connection: psycopg.AsyncConnection[Any], timeout: float) -> None:  # noqa: ASYNC109  of the command
    """Wait until no crawl runs.

    Args:
        connection: to the database of the fleet.
        timeout: seconds.

    Raises:
        FleetError: when some still run then; none begins in any case.
    """
    await connection.execute(SET_DRAINING, (True,))
    until = time.monotonic() + timeout
    while True:
        await connection.execute(UNQUEUE)  # their sites stay due
        running = await fetch_value(connection, COUNT_RUNNING)
        if not running:
            return
        if time.monotonic() > until:
            raise FleetError(f"{running} crawls still run; none begins until scrapy fleet drain --resume")
        await asyncio.sleep(DRAIN_POLL_SECONDS)
