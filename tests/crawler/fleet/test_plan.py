"""Jobs belong to a worker; the planner queues what is due, one a host, and gives on what a lost worker had."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
import pytest

from crawler.fleet import plan
from crawler.fleet.database import address_of, connect, prepare
from crawler.fleet.queue import PAST, QUEUE, Connector
from crawler.fleet.sites import FleetSite, add, remove
from crawler.fleet.timing import Timing
from tests.postgresql import Server

TIMING = Timing(takeover=6, rest=60)


def site(url: str, host: str) -> FleetSite:
    return FleetSite(key=url, url=url, host=host, values={"url": url})


class Queue:
    """A database with a queue, and what a test needs of it."""

    def __init__(self, connector: Connector, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connector, self.connection = connector, connection
        self.app = procrastinate.App(connector=connector)

        @self.app.task(name="crawl", queue=QUEUE, pass_context=True)
        async def crawl(context: procrastinate.JobContext, *, site: str, host: str, cycle: int) -> None:
            """Never run here."""

        self.task = crawl

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        return await (await self.connection.execute(query)).fetchall()

    async def begin(self, worker: int) -> int:
        """A worker takes a job; returns the job's number."""
        job = await self.app.job_manager.fetch_job(queues=[QUEUE], worker_id=worker)
        assert job is not None
        assert job.id is not None
        return job.id


def with_queue(server: Server, test: Any) -> None:
    async def run() -> None:
        url = server.new()
        await prepare(url)
        await prepare(url)  # as a second worker does
        connector = Connector(address_of(url), patience=1)
        async with await connect(address_of(url)) as connection:
            queue = Queue(connector, connection)
            async with queue.app.open_async():
                await test(queue)

    asyncio.run(run())


def test_a_worker_ends_only_jobs_of_its_own(postgresql: Server, tmp_path: Path) -> None:
    async def check(queue: Queue) -> None:
        manager = queue.app.job_manager
        one, other = await manager.register_worker(), await manager.register_worker()
        await add(queue.connection, [site("http://a.example/", "a.example")], 60)
        await plan.plan(queue.connection, queue.task)
        number = await queue.begin(other)
        queue.connector.worker = one  # it comes back, and its job is another's now
        await manager.retry_job_by_id_async(number, PAST)
        await manager.finish_job_by_id_async(number, procrastinate.jobs.Status.SUCCEEDED, delete_job=True)
        assert await queue.rows("SELECT status::text, worker_id FROM procrastinate_jobs") == [("doing", other)]
        queue.connector.worker = other
        await manager.retry_job_by_id_async(number, PAST)
        assert await queue.rows("SELECT status::text FROM procrastinate_jobs") == [("todo",)]

    with_queue(postgresql, check)


def test_one_job_a_host_and_none_twice(postgresql: Server) -> None:
    async def check(queue: Queue) -> None:
        sites = [site("http://a.example/world", "a.example"), site("http://a.example/sport", "a.example"),
                 site("http://b.example/", "b.example")]  # fmt: skip
        assert await add(queue.connection, sites, 60) == (3, 0)
        assert await add(queue.connection, sites, 60) == (0, 3)
        for _ in range(3):
            await plan.plan(queue.connection, queue.task)
        assert await queue.rows("SELECT lock FROM procrastinate_jobs ORDER BY lock") == [
            ("host:a.example",), ("host:b.example",),
        ]  # fmt: skip
        assert await remove(queue.connection, ["http://none.example/"]) == ["http://none.example/"]

    with_queue(postgresql, check)


def test_a_host_rests_and_a_drained_fleet_does_not_plan(postgresql: Server) -> None:
    async def check(queue: Queue) -> None:
        await add(
            queue.connection, [site("http://a.example/", "a.example"), site("http://b.example/", "b.example")], 60
        )
        await queue.connection.execute(plan.REST, {"host": "a.example", "rest": 60})
        await queue.connection.execute("UPDATE fleet_control SET draining = true")
        await plan.plan(queue.connection, queue.task)
        assert await queue.rows("SELECT lock FROM procrastinate_jobs") == []
        await queue.connection.execute("UPDATE fleet_control SET draining = false")
        await plan.plan(queue.connection, queue.task)
        assert await queue.rows("SELECT lock FROM procrastinate_jobs") == [("host:b.example",)]

    with_queue(postgresql, check)


def test_the_sites_that_wait_longest_come_first(postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MOST_QUEUED", 2)

    async def check(queue: Queue) -> None:
        await add(queue.connection, [site(f"http://{name}.example/", f"{name}.example") for name in "abcz"], 60)
        await queue.connection.execute("UPDATE fleet_sites SET due = now() - interval '1 day' WHERE host = 'z.example'")
        for _ in range(2):
            await plan.plan(queue.connection, queue.task)
        locks = [lock for (lock,) in await queue.rows("SELECT lock FROM procrastinate_jobs")]
        assert len(locks) == 2
        assert "host:z.example" in locks

    with_queue(postgresql, check)


def test_the_job_of_a_lost_worker_is_given_on_until_it_costs_too_many(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "STALLED", plan.STALLED.replace("pg_postmaster_start_time()", "'-infinity'::timestamptz"))

    async def check(queue: Queue) -> None:
        await add(queue.connection, [site("http://a.example/", "a.example")], 60)
        await plan.plan(queue.connection, queue.task)
        for number in range(1, plan.MOST_LOST + 1):
            worker = await queue.app.job_manager.register_worker()
            await queue.begin(worker)
            await plan.rescue(queue.connection, TIMING)
            assert await queue.rows("SELECT status::text FROM procrastinate_jobs") == [("doing",)]
            await queue.connection.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '7 s' WHERE id = %s", (worker,)
            )
            await plan.rescue(queue.connection, TIMING)
            status = "todo" if number < plan.MOST_LOST else "failed"
            assert await queue.rows("SELECT status::text FROM procrastinate_jobs") == [(status,)]
        ((lost, error, waits),) = await queue.rows("SELECT lost, error, due > now() + interval '23 h' FROM fleet_sites")
        assert (lost, error, waits) == (plan.MOST_LOST, "its worker was lost", True)
        assert await queue.rows("SELECT free > now() + interval '50 s' FROM fleet_hosts") == [(True,)]

    with_queue(postgresql, check)
