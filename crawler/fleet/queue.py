"""The queue of a fleet, on procrastinate: a job a crawl of a site, with a lock for its host."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions, jobs, retry, sql

from crawler.fleet.database import parameters
from crawler.ledger.postgresql.address import Address

QUEUE = "crawl"

PAST = datetime(2000, 1, 1, tzinfo=UTC)
"""Due time of a job that is given back: at once, whatever the time on this machine."""

RETRY_SECONDS = 0.2

CONNECTIONS = 6
"""Most connections of a worker to the database, besides those of its crawls."""

OWNED_JOB_QUERIES = {
    sql.queries["retry_job"]: """
        SELECT procrastinate_retry_job_v2(
            id, %(retry_at)s, %(new_priority)s, %(new_queue_name)s, %(new_lock)s
        ) FROM procrastinate_jobs WHERE id = %(job_id)s AND status = 'doing' AND worker_id = %(worker)s FOR UPDATE
    """,
    sql.queries["finish_job"]: """
        SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s) FROM procrastinate_jobs
        WHERE id = %(job_id)s AND status = 'doing' AND worker_id = %(worker)s FOR UPDATE
    """,
}
"""Queries that end a job, in place of procrastinate's own, which do not check the owner of the job: a worker that
resumes must not end a job that another worker has taken over. With the check, the queries can also be repeated."""

Query = Callable[..., Awaitable[Any]]


class Connector(procrastinate.PsycopgConnector):
    """A connector that repeats a query whose connection was lost.

    Args:
        address: of the database.
        patience: seconds for which it does so.
    """

    def __init__(self, address: Address, patience: float) -> None:
        super().__init__(kwargs=parameters(address), min_size=1, max_size=CONNECTIONS, timeout=1, reconnect_timeout=1)
        self._patience = patience
        self.worker: int | None = None
        """Number of the worker, once it has one."""

    async def execute_query_async(self, query: object, **arguments: object) -> None:
        """Run a query."""
        if query in OWNED_JOB_QUERIES:
            query, arguments = OWNED_JOB_QUERIES[query], {**arguments, "worker": self.worker}
        await self._again(super().execute_query_async, query, arguments)

    async def execute_query_one_async(self, query: object, **arguments: object) -> dict[str, object]:
        """The one row of a query."""
        row: dict[str, object] = await self._again(super().execute_query_one_async, query, arguments)
        return row

    async def execute_query_all_async(self, query: object, **arguments: object) -> list[dict[str, object]]:
        """The rows of a query."""
        rows: list[dict[str, object]] = await self._again(super().execute_query_all_async, query, arguments)
        return rows

    async def _again(self, run: Query, query: object, arguments: dict[str, object]) -> Any:
        until = time.monotonic() + self._patience
        while True:
            try:
                return await run(query, **arguments)
            except exceptions.ConnectorException as error:
                if not isinstance(error.__cause__, psycopg.OperationalError) or time.monotonic() > until:
                    raise
                await asyncio.sleep(RETRY_SECONDS)


class JobReturnedError(Exception):
    """A job that its worker cannot do, and that another one may."""


GIVEN_BACK = (asyncio.CancelledError, JobReturnedError)


class GiveBack(retry.BaseRetryStrategy):
    """Gives back jobs that a worker did not finish because it stops; failed crawls are planned again from their site.

    A delay here would block all jobs of the same host: a locked job that is due later still precedes the others.
    """

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> retry.RetryDecision | None:
        """At once, or not at all."""
        return retry.RetryDecision(retry_at=PAST) if isinstance(exception, GIVEN_BACK) else None
