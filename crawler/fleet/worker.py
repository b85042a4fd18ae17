"""A worker of a fleet: it takes jobs from the queue and crawls sites, until it is stopped or has lost the database."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions
from procrastinate.tasks import Task
from procrastinate.worker import Worker as QueueWorker

from crawler.fleet import plan
from crawler.fleet.crawls import CrawlOptions, Crawls
from crawler.fleet.database import FleetError, connect, words
from crawler.fleet.leash import KILLED
from crawler.fleet.queue import PAST, QUEUE, GiveBack, GivenBackError, open_app
from crawler.fleet.timing import Timing
from crawler.ledger.postgresql.address import Address
from crawler.reporting.outcome import ExitStatus

logger = logging.getLogger("copydesk")

POLL_SECONDS = 0.5
"""Between two looks at the queue: a job that is given back, or whose lock is free, is not announced."""

STRAY_SECONDS = 2.0
"""After which a job that is this worker's and that it does not run is given back: the answer to its query was lost."""

MOST_FAILURES = 5
"""Failed crawls of a site in a row after which its job is kept as failed, for a person to see. The site is tried again,
each time after twice its interval, at least once a day."""

NEVER = 1e8
"""Seconds: the heartbeat and what follows from it are this module's. Those of procrastinate stop before the jobs."""

BEGIN = """
SELECT site.source, site.every, site.url FROM fleet_sites site JOIN fleet_control ON NOT draining
WHERE site.key = %(key)s AND site.cycle = %(cycle)s
"""

DONE = """
UPDATE fleet_sites SET cycle = cycle + 1, failures = 0, lost = 0, error = NULL, done = now(),
    due = now() + every * interval '1 s' WHERE key = %(key)s AND cycle = %(cycle)s RETURNING 1
"""

FAILED = """
UPDATE fleet_sites SET cycle = cycle + 1, failures = failures + 1, error = %(error)s, done = now(),
    due = now() + least(every * power(2, failures + 1), greatest(every, 86400)) * interval '1 s'
WHERE key = %(key)s AND cycle = %(cycle)s RETURNING failures
"""

REST = """
INSERT INTO fleet_hosts VALUES (%(host)s, now() + %(rest)s * interval '1 s')
ON CONFLICT (host) DO UPDATE SET free = excluded.free RETURNING 1
"""

BEAT = "UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp() WHERE id = %s RETURNING id"

MINE = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s"

RETURN = """
SELECT procrastinate_retry_job_v2(id, %s, NULL, NULL, NULL) FROM procrastinate_jobs
WHERE id = %s AND status = 'doing' AND worker_id = %s
"""

WELL = (ExitStatus.OK, ExitStatus.DEGRADED)
"""Exit statuses of a crawl that did what it should."""

OURS = (ExitStatus.LEDGER, ExitStatus.OUTPUT, ExitStatus.LOCKED, ExitStatus.INTERRUPTED, KILLED)
"""Exit statuses that say nothing of the site: the machine, its settings or its database are at fault."""


@dataclass(slots=True)
class Worker:
    """A worker."""

    address: Address
    crawls: Crawls
    timing: Timing
    slots: int
    """Crawls that it runs at a time."""
    _queue: QueueWorker | None = None
    _app: procrastinate.App | None = None
    _jobs: set[int] = field(default_factory=set)
    """Jobs that it runs."""
    _strays: dict[int, float] = field(default_factory=dict)
    _beaten: float = 0.0
    """When the heartbeat was last written, by the monotonic clock."""
    _away: str = ""
    """Why the database cannot be used; empty while it can."""
    _failure: str = ""
    """Why the worker ends itself."""
    _is_stopping: bool = False

    async def run(self) -> None:
        """Work until a signal or a failure ends it.

        SIGINT lets the crawls end first; SIGTERM, and a second SIGINT, stops them and gives their jobs back.

        Raises:
            FleetError: when the worker cannot go on.
        """
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it has a line for each failed connection
        app = self._app = open_app(self.address, patience=self.timing.takeover)
        made = app.task(name="crawl", queue=QUEUE, pass_context=True, retry=GiveBack())
        task: Task[Any, Any, Any] = made(self._crawl)
        async with app.open_async():
            self._queue = QueueWorker(
                app,
                queues=[QUEUE],
                concurrency=self.slots,
                name=f"{socket.gethostname()}-{os.getpid()}",
                listen_notify=False,
                fetch_job_polling_interval=POLL_SECONDS,
                abort_job_polling_interval=POLL_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=NEVER,
                stalled_worker_timeout=NEVER,
            )
            await self._run(self._queue, task)

    async def _run(self, queue: QueueWorker, task: Task[Any, Any, Any]) -> None:
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, self._signalled, one)
        self._beaten = time.monotonic()
        working = asyncio.ensure_future(queue.run())  # type: ignore[no-untyped-call]
        while queue.worker_id is None and not working.done():  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.01)
        logger.info("worker %s: %d crawls at a time", queue.worker_id, self.slots)
        side = [asyncio.ensure_future(self._beat(task)), asyncio.ensure_future(self._watch())]
        try:
            await asyncio.wait([working, *side], return_when=asyncio.FIRST_COMPLETED)
            if not working.done():  # one of the others has failed
                self.crawls.kill()
                working.cancel()
            with suppress(asyncio.CancelledError):
                await working
            if not self._is_stopping and not self._failure:
                self._failure = "the queue ended by itself"
        except exceptions.ConnectorException as error:
            self._failure = self._failure or f"{self.address.name}: {words(error.__cause__ or error)}"
        finally:
            self.crawls.kill()
            for beside in side:
                beside.cancel()
        if self._failure:
            raise FleetError(f"{self._failure}; its jobs go to other workers")

    def _signalled(self, number: signal.Signals) -> None:
        is_first, self._is_stopping = not self._is_stopping, True
        logger.info("worker: %s", "the crawls end first" if number is signal.SIGINT and is_first else "stopping")
        self._stop(finish=number is signal.SIGINT and is_first)

    def _stop(self, *, finish: bool) -> None:
        if self._queue is not None:
            self._queue.shutdown_graceful_timeout = None if finish else 0
            self._queue.stop()  # type: ignore[no-untyped-call]

    # Jobs

    async def _crawl(self, context: procrastinate.JobContext, *, site: str, host: str, cycle: int) -> str:
        """Crawl a site once."""
        job = int(context.job.id or 0)
        self._jobs.add(job)
        try:
            found = await self._ask(BEGIN, key=site, cycle=cycle)
            if not found:
                return "nothing to do"  # it was done by a worker that could not say so, or the fleet is drained
            source, every, url = (found[0][name] for name in ("source", "every", "url"))
            logger.info("%s: begins", url)
            status = await self.crawls.run(json.loads(source), float(every))
            await self._ask(REST, host=host, rest=self.timing.rest)
            return await self._ended(url, site, cycle, status)
        finally:
            self._jobs.discard(job)

    async def _ended(self, url: str, site: str, cycle: int, status: int) -> str:
        """Plan the next crawl of a site.

        Raises:
            FleetError: for a site that failed too often in a row: the job is kept as failed.
        """
        if status in WELL:
            await self._ask(DONE, key=site, cycle=cycle)
            logger.info("%s: done", url)
            return "done"
        if status in OURS:
            self._failure = f"{url}: scrapy crawl ended with status {status}, no fault of the site; its log says why"
            self._stop(finish=False)
            raise GivenBackError
        error = f"scrapy crawl ended with status {status}"
        found = await self._ask(FAILED, key=site, cycle=cycle, error=error)
        logger.warning("%s: %s", url, error)
        failures = int(found[0]["failures"]) if found else 0
        if failures and failures % MOST_FAILURES == 0:
            raise FleetError(f"{url}: {error}, {failures} times in a row")
        return error

    async def _ask(self, query: str, **values: Any) -> list[dict[str, Any]]:
        if self._app is None:
            raise RuntimeError("the worker does not run")
        found: list[dict[str, Any]] = await self._app.connector.execute_query_all_async(query, **values)
        return found

    # Heartbeat

    async def _watch(self) -> None:
        """End the worker when it could not write its heartbeat for too long, before others take its jobs.

        Raises:
            FleetError: then.
        """
        while time.monotonic() - self._beaten < self.timing.lease:  # noqa: ASYNC110  a watch looks at the time
            await asyncio.sleep(self.timing.beat / 4)
        self._failure = f"{self.address.name}: no heartbeat could be written for {self.timing.lease:g} s: {self._away}"
        raise FleetError(self._failure)

    async def _beat(self, task: Task[Any, Any, Any]) -> None:
        """Write the heartbeat, plan, rescue and reconcile, again and again.

        Raises:
            FleetError: when another worker took this one for lost.
        """
        connection: psycopg.AsyncConnection[Any] | None = None
        while True:
            try:
                if connection is None or connection.closed:
                    connection = await connect(self.address)
                await self._beat_once(connection)
                await plan.look(connection, task, self.timing)
                await self.reconcile(connection)
            except (psycopg.Error, exceptions.ConnectorException, FleetError) as error:
                if self._failure:
                    raise
                if not self._away:
                    logger.warning("the database is away: %s", words(error))
                self._away = words(error)
                await _closed(connection)
                connection = None
            await asyncio.sleep(self.timing.beat)

    async def _beat_once(self, connection: psycopg.AsyncConnection[Any]) -> None:
        worker = self._queue.worker_id if self._queue is not None else None
        at = time.monotonic()
        if await (await connection.execute(BEAT, (worker,))).fetchone() is None:
            self._failure = f"worker {worker}: others took it for lost; is its machine overloaded, or was it suspended?"
            raise FleetError(self._failure)
        self._beaten, self._away = at, ""
        self.crawls.beat()

    async def reconcile(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Give back jobs that are this worker's and that it does not run."""
        worker = self._queue.worker_id if self._queue is not None else None
        rows = await (await connection.execute(MINE, (worker,))).fetchall()
        now = time.monotonic()
        self._strays = {job: self._strays.get(job, now) for (job,) in rows if job not in self._jobs}
        for job, since in self._strays.items():
            if now - since > STRAY_SECONDS:
                await connection.execute(RETURN, (PAST, job, worker))


async def _closed(connection: psycopg.AsyncConnection[Any] | None) -> None:
    if connection is not None:
        with suppress(psycopg.Error):
            await connection.close()


def run_worker(address: Address, options: CrawlOptions, timing: Timing, slots: int) -> None:
    """Work until a signal or a failure ends it.

    Raises:
        FleetError: when the worker cannot go on.
    """
    asyncio.run(Worker(address, Crawls(options, timing), timing, slots).run())
