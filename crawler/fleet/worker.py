"""A worker of a fleet: it takes jobs from the queue and crawls sites, until it is stopped or has lost the database."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions
from procrastinate.tasks import Task
from procrastinate.worker import Worker as QueueWorker

from crawler.fleet import plan
from crawler.fleet.blame import AlikeEndings, Room
from crawler.fleet.crawls import HUNG_STATUS, CrawlOptions, Crawls
from crawler.fleet.database import FleetError, connect, fetch_value
from crawler.fleet.leash import KILLED, clock
from crawler.fleet.plan import LOSE, MAX_WORKER_LOSSES, REST, SUSPECT, Timing
from crawler.fleet.queue import PAST, QUEUE, Connector, GiveBack, JobReturnedError
from crawler.fleet.rows import Job, RowError, read_source
from crawler.ledger.postgresql.address import Address, error_line
from crawler.run_report.status import ExitStatus

logger = logging.getLogger("copydesk")

TALKATIVE = ("psycopg.pool", "procrastinate")
"""Loggers with a line for each failed connection, and a traceback for each failed job: the worker says both itself."""

POLL_SECONDS = 0.5
"""Seconds between two polls of the queue: it does not notify of jobs that are given back or unlocked."""

STRAY_SECONDS = 2.0
"""Seconds after which a job that is assigned to this worker and not running is given back: its response was lost."""

MOST_FAILURES = 5
"""Failed crawls of a site in a row after which its job is kept as failed, for a person to see. The site is tried again,
each time after twice its interval, at least once a day."""

NEVER = 1e8
"""Seconds; switches off procrastinate's heartbeat, which stops before the jobs do: this module writes its own."""

BEGIN = """
SELECT site.source, site.every, site.url, site.lost,
    coalesce(greatest(0, extract(epoch FROM host.free - now())), 0)::float AS wait
FROM fleet_sites site JOIN fleet_control ON NOT draining LEFT JOIN fleet_hosts host ON host.host = site.host
WHERE site.key = %(key)s AND site.cycle = %(cycle)s AND EXISTS (
    SELECT 1 FROM procrastinate_jobs WHERE id = %(job)s AND status = 'doing' AND worker_id = %(worker)s
)
"""

ALONE = "UPDATE fleet_sites SET alone = %(alone)s WHERE key = %(key)s RETURNING 1"

DISCHARGE = """
UPDATE fleet_sites SET failures = greatest(0, failures - 1), error = NULL, due = now(), discharged = true
WHERE key = %(key)s AND cycle = %(cycle)s AND NOT discharged RETURNING 1
"""
"""Withdraws one failure until the site is crawled successfully: a site that is also at fault then waits longer."""

DONE = """
UPDATE fleet_sites SET cycle = cycle + 1, failures = 0, lost = 0, alone = false, discharged = false,
    error = NULL, done = now(), due = now() + every * interval '1 s'
WHERE key = %(key)s AND cycle = %(cycle)s RETURNING 1
"""

FAILED = """
UPDATE fleet_sites SET
    cycle = cycle + 1, failures = failures + 1, lost = 0, alone = false, error = %(error)s, done = now(),
    due = now() + least(every * power(2, least(failures, 20) + 1), greatest(every, 86400)) * interval '1 s'
WHERE key = %(key)s AND cycle = %(cycle)s RETURNING failures
"""

FORGET_FAILED = """
DELETE FROM procrastinate_jobs WHERE queueing_lock = 'site:' || %(key)s AND status = 'failed' RETURNING 1
"""
"""Failed jobs are kept for a person to see, until their site is crawled well again."""

BEAT = """
UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp()
WHERE id = %s AND last_heartbeat > clock_timestamp() - %s * interval '1 s' RETURNING id
"""
"""Writes no heartbeat if the last one is so old that other workers may have taken over the jobs."""

MINE = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s"

RETURN = """
SELECT procrastinate_retry_job_v2(id, %s, NULL, NULL, NULL) FROM procrastinate_jobs
WHERE id = %s AND status = 'doing' AND worker_id = %s
"""

HUNG_WORDS = "scrapy crawl did not end, and was killed"

SUCCESS_STATUSES = (ExitStatus.OK, ExitStatus.DEGRADED)
"""Exit statuses of a successful crawl."""

WORKER_FAULT_STATUSES = (ExitStatus.LEDGER, ExitStatus.OUTPUT, ExitStatus.LOCKED, ExitStatus.INTERRUPTED, KILLED)
"""Exit statuses for which the machine, its settings or its database is at fault, not the site."""


CERTAIN_FAULT_STATUSES = (*SUCCESS_STATUSES, *WORKER_FAULT_STATUSES, ExitStatus.UNREACHABLE, HUNG_STATUS)
"""Exit statuses from which it is certain who is at fault; for any other status it may be the worker."""


@dataclass(slots=True)
class Worker:
    """A worker."""

    address: Address
    crawls: Crawls
    timing: Timing
    slots: int
    """Crawls that it runs at a time."""
    secrets: Sequence[str] = ()
    """Patterns of the environment variables and files that rows may name."""
    _room: Room = field(default_factory=Room)
    _alike: AlikeEndings = field(default_factory=AlikeEndings)
    _queue: QueueWorker | None = None
    _connector: Connector | None = None
    _jobs: dict[int, asyncio.Task[Any]] = field(default_factory=dict)
    """Jobs that it runs."""
    _taken: set[int] = field(default_factory=set)
    """Running jobs that, at the last check, were no longer assigned to this worker."""
    _strays: dict[int, float] = field(default_factory=dict)
    _beaten: float = 0.0
    """When the heartbeat was last written, by :func:`crawler.fleet.leash.clock`."""
    _database_error: str = ""
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
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._connector = Connector(self.address, patience=self.timing.takeover)
        app = procrastinate.App(connector=self._connector)
        made = app.task(name="crawl", queue=QUEUE, pass_context=True, retry=GiveBack())
        task: Task[Any, object, Any] = made(self._crawl)
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

    async def _run(self, queue: QueueWorker, task: Task[Any, object, Any]) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._unhandled)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(signal_number, self._handle_signal, signal_number)
        self._beaten = clock()
        working = asyncio.ensure_future(queue.run())
        while queue.worker_id is None and not working.done():  # noqa: ASYNC110  there is no event to wait for
            await asyncio.sleep(0.01)
        if self._connector is not None:
            self._connector.worker = queue.worker_id
        logger.info("worker %s: %d crawls at a time", queue.worker_id, self.slots)
        beside = [asyncio.ensure_future(coroutine) for coroutine in (self._beat(), self._look(task), self._watch())]
        try:
            await asyncio.wait([working, *beside], return_when=asyncio.FIRST_COMPLETED)
            if not working.done():  # one of the others has failed
                self.crawls.kill()
                working.cancel()
            with suppress(asyncio.CancelledError):
                await working
        except exceptions.ConnectorException as error:
            self._fail(f"{self.address.name}: {error_line(error.__cause__ or error)}")
        finally:
            self.crawls.kill()
            for task_beside in beside:
                if task_beside.done() and (failure := task_beside.exception()) is not None:
                    self._fail(error_line(failure))
                task_beside.cancel()
        if not self._is_stopping and not self._failure:
            self._fail("the queue ended by itself")
        if self._failure:
            raise FleetError(f"{self._failure}; its jobs go to other workers")

    def _fail(self, why: str) -> None:
        """Keep the first reason for which the worker ends."""
        self._failure = self._failure or why

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Ignore exceptions in abandoned tasks once the worker is ending: the reason is known."""
        if not self._failure:
            loop.default_exception_handler(context)

    def _handle_signal(self, number: signal.Signals) -> None:
        is_first, self._is_stopping = not self._is_stopping, True
        logger.info("worker: %s", "the crawls end first" if number is signal.SIGINT and is_first else "stopping")
        self._stop(finish=number is signal.SIGINT and is_first)

    def _stop(self, *, finish: bool) -> None:
        """Take no more jobs; without ``finish`` stop the crawls, whose jobs are given back."""
        if self._queue is not None:
            self._queue.shutdown_graceful_timeout = None
            self._queue.stop()
        if not finish:
            for task in self._jobs.values():
                task.cancel()

    # Jobs

    async def _crawl(self, context: procrastinate.JobContext, /, **arguments: object) -> str:
        """Crawl a site once.

        Raises:
            FleetError: for a job, or a site, that is kept as failed.
            GivenBackError: where another worker is to have the job.
        """
        number, task = int(context.job.id or 0), asyncio.current_task()
        if task is not None:
            self._jobs[number] = task
        try:
            job = Job.of(arguments)
            worker = self._queue.worker_id if self._queue is not None else None
            begin = {"key": job.site, "cycle": job.cycle, "job": number, "worker": worker}
            rows = await self._ask(BEGIN, **begin)
            if not rows:
                return "nothing to do"  # a worker did it and could not report it, or the fleet is drained
            await asyncio.sleep(rows[0]["wait"])  # the host rests: a job that is due later would block others
            return await self._crawl_now(job, rows[0], begin)
        except RowError as error:
            raise FleetError(error_line(error)) from error
        except (OSError, KeyError, ValueError) as error:  # no process, no disk: nothing that the site has done
            self._fail(f"{arguments.get('site')}: no crawl can be started: {error_line(error)}")
            self._stop(finish=False)
            raise JobReturnedError from error
        finally:
            self._jobs.pop(number, None)

    async def _crawl_now(self, job: Job, row: dict[str, Any], begin: dict[str, object]) -> str:
        url, is_suspect = row["url"], row["lost"] >= SUSPECT
        try:
            source = read_source(row["source"], self.secrets)
        except RowError as error:
            await self._lose(url, job.site, error_line(error), is_sure=True)
            return error_line(error)  # it is due: whichever worker looks next queues it again
        async with self._room.alone() if is_suspect else self._room.shared():
            if not await self._ask(BEGIN, **begin):
                return "nothing to do"  # the site was removed, or the fleet drained, while the room was not free
            await self._ask(ALONE, key=job.site, alone=is_suspect or self.slots == 1)
            logger.info("%s: begins%s", url, ", alone" if is_suspect else "")
            try:
                status = await self.crawls.run(source, float(row["every"]), f"{begin['job']}:{begin['worker']}")
            finally:
                if not self._failure:
                    await self._ask(REST, host=job.host, rest=self.timing.rest)
        return await self._ended(url, job.site, job.cycle, status)

    async def _lose(self, url: str, site: str, error: str, *, is_sure: bool) -> None:
        """Charge a site with a loss.

        Args:
            url: of the site.
            site: its key.
            error: what happened.
            is_sure: True for an error that only the site can have caused; otherwise the last loss counts only where the
                site had the worker for itself.

        Raises:
            FleetError: for the last one: the job is kept as failed.
        """
        logger.warning("%s: %s", url, error)
        rows = await self._ask(LOSE, key=site, most=MAX_WORKER_LOSSES, error=error, is_sure=is_sure)
        if rows and rows[0]["lost"] >= MAX_WORKER_LOSSES:
            raise FleetError(f"{url}: {error}, {MAX_WORKER_LOSSES} times")

    async def _ended(self, url: str, site: str, cycle: int, status: int) -> str:
        """Plan the next crawl of a site.

        Raises:
            FleetError: for a site that failed too often in a row: the job is kept as failed.
            GivenBackError: where the crawl failed for another reason than its site; the worker ends.
        """
        charged = self._alike.record_end(site, cycle, status, is_unclear=status not in CERTAIN_FAULT_STATUSES)
        if status in SUCCESS_STATUSES:
            await self._ask(DONE, key=site, cycle=cycle)
            await self._ask(FORGET_FAILED, key=site)
            logger.info("%s: done", url)
            return "done"
        error = HUNG_WORDS if status == HUNG_STATUS else f"scrapy crawl ended with status {status}"
        if status in WORKER_FAULT_STATUSES:
            await self._lose(url, site, error, is_sure=False)
            self._fail(f"{url}: {error}, no fault of the site; its log says why")
            self._stop(finish=False)
            raise JobReturnedError
        rows = await self._ask(FAILED, key=site, cycle=cycle, error=error)
        logger.warning("%s: %s", url, error)
        if charged:
            await self._discharge(charged, error)
            return error
        failures = int(rows[0]["failures"]) if rows else 0
        if failures and failures % MOST_FAILURES == 0:
            raise FleetError(f"{url}: {error}, {failures} times in a row")
        return error

    async def _discharge(self, charged: dict[str, int], error: str) -> None:
        """End the worker, which is at fault for the failures of its last sites; these become due at once."""
        for site, cycle in charged.items():
            await self._ask(DISCHARGE, key=site, cycle=cycle)
        self._fail(f"{error}, for {len(charged)} sites in a row: this worker is at fault; its log says why")
        self._stop(finish=False)

    async def _ask(self, query: str, **values: object) -> list[dict[str, Any]]:
        if self._connector is None:
            raise RuntimeError("the worker does not run")
        return await self._connector.execute_query_all_async(query, **values)

    # Heartbeat

    async def _watch(self) -> None:
        """End the worker when it could not write its heartbeat for too long, before others take its jobs.

        Raises:
            FleetError: then.
        """
        while clock() - self._beaten < self.timing.lease:  # noqa: ASYNC110  a watch looks at the time
            await asyncio.sleep(self.timing.beat / 4)
        self._fail(
            f"{self.address.name}: no heartbeat could be written for {self.timing.lease:g} s: {self._database_error}"
        )
        raise FleetError(self._failure)

    async def _beat(self) -> None:
        """Write the heartbeat and reconcile, again and again.

        Raises:
            FleetError: when another worker took this one for lost.
        """
        await self._persist(self._beat_once)

    async def _look(self, task: Task[Any, object, Any]) -> None:
        """Plan and rescue, again and again: with a connection of its own, so that no lock holds the heartbeat up."""
        await self._persist(lambda connection: plan.look(connection, task, self.timing))

    async def _persist(self, work: Callable[[psycopg.AsyncConnection[object]], Awaitable[None]]) -> None:
        """Do something again and again, with a new connection where one is lost."""
        connection: psycopg.AsyncConnection[object] | None = None
        while True:
            try:
                if connection is None or connection.closed:
                    connection = await connect(self.address)
                await work(connection)
            except (psycopg.Error, exceptions.ConnectorException, FleetError) as error:
                if self._failure:
                    raise
                if not self._database_error:
                    logger.warning("the database is away: %s", error_line(error))
                self._database_error = error_line(error)
                await _closed(connection)
                connection = None
            await asyncio.sleep(self.timing.beat)

    async def _beat_once(self, connection: psycopg.AsyncConnection[object]) -> None:
        worker, at = self._queue.worker_id if self._queue is not None else None, clock()
        if worker is None:  # it has ended well
            return
        if await fetch_value(connection, BEAT, (worker, self.timing.takeover)) is None:
            if self._is_stopping and not self._jobs:
                return
            self._fail(f"worker {worker}: others took it for lost; is its machine overloaded, or was it suspended?")
            raise FleetError(self._failure)
        self._beaten, self._database_error = at, ""
        self.crawls.beat()
        await self.reconcile(connection, worker)

    async def reconcile(self, connection: psycopg.AsyncConnection[Any], worker: int) -> None:
        """Give back jobs that are this worker's and that it does not run: the answer to its query was lost.

        Raises:
            FleetError: when a running job was assigned to another worker in two consecutive checks.
        """
        mine = {job for (job,) in await (await connection.execute(MINE, (worker,))).fetchall()}
        taken = set(self._jobs) - mine
        if taken & self._taken:
            self._fail(f"worker {worker}: another one has taken its job over")
            raise FleetError(self._failure)
        self._taken = taken
        now = clock()
        self._strays = {job: self._strays.get(job, now) for job in mine if job not in self._jobs}
        for job, since in self._strays.items():
            if now - since > STRAY_SECONDS:
                await connection.execute(RETURN, (PAST, job, worker))


async def _closed(connection: psycopg.AsyncConnection[object] | None) -> None:
    if connection is not None:
        with suppress(psycopg.Error):
            await connection.close()


def run_worker(
    address: Address, options: CrawlOptions, timing: Timing, slots: int, secrets: Sequence[str] = ()
) -> None:
    """Work until a signal or a failure ends it.

    Raises:
        FleetError: when the worker cannot go on.
    """
    asyncio.run(Worker(address, Crawls(options, timing.lease), timing, slots, secrets).run())
