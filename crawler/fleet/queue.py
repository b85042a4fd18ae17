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
"""When a job is due that is given back: at once, whatever the clock of this machine says."""

RETRY_SECONDS = 0.2

CONNECTIONS = 6
"""Most connections of a worker to the database, besides those of its crawls."""

ONCE = frozenset(("finish_job", "retry_job"))
"""Queries that are not repeated where the connection is lost: they do not check whose job it is. What they leave is
mended by :meth:`crawler.fleet.worker.Worker.reconcile`."""

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

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Run a query."""
        await self._again(super().execute_query_async, query, arguments)

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        """The one row of a query."""
        found: dict[str, Any] = await self._again(super().execute_query_one_async, query, arguments)
        return found

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        found: list[dict[str, Any]] = await self._again(super().execute_query_all_async, query, arguments)
        return found

    async def _again(self, run: Query, query: Any, arguments: dict[str, Any]) -> Any:
        until = time.monotonic() + self._patience
        is_once = query in {sql.queries[name] for name in ONCE}
        while True:
            try:
                return await run(query, **arguments)
            except exceptions.ConnectorException as error:
                is_lost = isinstance(error.__cause__, psycopg.OperationalError)
                if is_once or not is_lost or time.monotonic() > until:
                    raise
                await asyncio.sleep(RETRY_SECONDS)


class GivenBackError(Exception):
    """A job that its worker cannot do, and that another one may."""


GIVEN_BACK = (asyncio.CancelledError, GivenBackError)


class GiveBack(retry.BaseRetryStrategy):
    """Gives back a job that a worker did not end since it ends itself; what failed is planned again by its site.

    A wait here would block all jobs of the same host: a job with a lock that is due later is before the others.
    """

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> retry.RetryDecision | None:
        """At once, or not at all."""
        return retry.RetryDecision(retry_at=PAST) if isinstance(exception, GIVEN_BACK) else None


def open_app(address: Address, patience: float) -> procrastinate.App:
    """The queue, which is to be opened by ``async with app.open_async()``.

    Args:
        address: of the database.
        patience: seconds for which a query is repeated whose connection is lost.
    """
    return procrastinate.App(connector=Connector(address, patience))
