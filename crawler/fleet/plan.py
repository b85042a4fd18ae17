"""What every worker does in turn: it queues the sites that are due, and gives the jobs of lost workers to others.

Times are those of the database: the clocks of the workers do not matter.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate import exceptions
from procrastinate.tasks import Task

from crawler.fleet.queue import PAST, QUEUE
from crawler.fleet.timing import Timing

logger = logging.getLogger("copydesk")

PLAN_LOCK = "copydesk:fleet:plan"

MOST_QUEUED = 200
"""Sites that are queued at a time."""

MOST_LOST = 3
"""Workers that a site may cost, one after the other; then its job is kept as failed, and the site waits a day."""

DUE = """
SELECT DISTINCT ON (site.host) site.key, site.host, site.cycle FROM fleet_sites site
JOIN fleet_control ON NOT draining LEFT JOIN fleet_hosts host ON host.host = site.host
WHERE site.due <= now() AND coalesce(host.free, now()) <= now() AND NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs job WHERE job.lock = 'host:' || site.host AND job.status IN ('todo', 'doing')
)
ORDER BY site.host, site.due LIMIT %s
"""

STALLED = """
SELECT job.id, job.args ->> 'site', extract(epoch FROM now() - worker.last_heartbeat)::float FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND job.queue_name = %(queue)s
    AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(takeover)s * interval '1 s')
    AND pg_postmaster_start_time() < now() - %(takeover)s * interval '1 s'
FOR UPDATE OF job SKIP LOCKED
"""
"""Jobs of workers without a heartbeat. After a restart of the server all heartbeats look old for a while."""

LOSE = """
UPDATE fleet_sites SET lost = lost + 1, error = 'its worker was lost',
    due = CASE WHEN lost + 1 >= %s THEN now() + interval '1 day' ELSE due END
WHERE key = %s RETURNING lost
"""

FORGET = """
DELETE FROM procrastinate_workers worker WHERE last_heartbeat < now() - 10 * %s * interval '1 s'
    AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs job WHERE job.worker_id = worker.id AND job.status = 'doing')
"""


async def look(connection: psycopg.AsyncConnection[Any], task: Task[Any, Any, Any], timing: Timing) -> None:
    """Rescue, then plan, unless another worker does so now."""
    async with connection.transaction():
        found = await connection.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", (PLAN_LOCK,))
        row = await found.fetchone()
        if row and row[0]:
            await rescue(connection, timing)
            await plan(connection, task)


async def plan(connection: psycopg.AsyncConnection[Any], task: Task[Any, Any, Any]) -> None:
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
    for job, site, age in await (await connection.execute(STALLED, values)).fetchall():
        logger.warning("%s: its worker gave no sign for %.0f s; another one crawls it", site, age or timing.takeover)
        row = await (await connection.execute(LOSE, (MOST_LOST, site))).fetchone()
        is_over = row is not None and row[0] >= MOST_LOST
        query = "SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)"
        values_of_job: tuple[Any, ...] = (job, PAST)
        if is_over:
            query, values_of_job = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)", (job,)
        async with connection.transaction():
            await connection.execute(query, values_of_job)
    await connection.execute(FORGET, (timing.takeover,))
