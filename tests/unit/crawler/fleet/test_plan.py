"""Jobs belong to a worker; the planner queues what is due, one a host, and gives on what a lost worker had."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
import pytest

from crawler.fleet import plan
from crawler.fleet.database import FleetError, address_of, connect
from crawler.fleet.plan import Timing
from crawler.fleet.queue import PAST, QUEUE, Connector
from crawler.fleet.schema import check as look_at
from crawler.fleet.schema import migrate
from crawler.fleet.sites import FleetSite, add, remove
from tests.support.postgresql import Server

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
        await migrate(url)
        await migrate(url)  # as a second worker does
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


@pytest.fixture
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "STALLED", plan.STALLED.replace("pg_postmaster_start_time()", "'-infinity'::timestamptz"))


async def lose(queue: Queue, hosts: list[str], alone: str = "") -> list[tuple[Any, ...]]:
    """A worker takes a job for each host and dies; the sites with what that costs them, and the jobs."""
    await plan.plan(queue.connection, queue.task)
    worker = await queue.app.job_manager.register_worker()
    for _ in hosts:
        await queue.begin(worker)
    await queue.connection.execute("UPDATE fleet_sites SET alone = host = %s", (alone,))
    await plan.rescue(queue.connection, TIMING)
    assert await queue.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == [(len(hosts),)]
    await queue.connection.execute(
        "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '7 s' WHERE id = %s", (worker,)
    )
    await plan.rescue(queue.connection, TIMING)
    return await queue.rows(
        "SELECT host, lost, status::text FROM fleet_sites JOIN procrastinate_jobs ON lock = 'host:' || host "
        "ORDER BY host"
    )


@pytest.mark.usefixtures("_no_grace")
def test_the_job_of_a_lost_worker_is_given_on_until_it_costs_too_many(postgresql: Server) -> None:
    async def check(queue: Queue) -> None:
        await add(queue.connection, [site("http://a.example/", "a.example")], 60)
        for lost in (1, 2):
            assert await lose(queue, ["a"], alone="a.example") == [("a.example", lost, "todo")]
        assert await lose(queue, ["a"], alone="a.example") == [("a.example", 3, "failed")]
        ((lost, error, waits),) = await queue.rows("SELECT lost, error, due > now() + interval '23 h' FROM fleet_sites")
        assert (lost, error, waits) == (plan.MAX_WORKER_LOSSES, "its worker was lost", True)
        assert await queue.rows("SELECT free > now() + interval '50 s' FROM fleet_hosts") == [(True,)]

    with_queue(postgresql, check)


@pytest.mark.usefixtures("_no_grace")
def test_a_worker_that_dies_again_and_again_blames_the_site_that_had_it_alone(postgresql: Server) -> None:
    async def check(queue: Queue) -> None:
        await add(queue.connection, [site(f"http://{name}.example/", f"{name}.example") for name in "abc"], 60)
        for lost in (1, 2, 2, 2):
            assert await lose(queue, ["a", "b", "c"]) == [(f"{name}.example", lost, "todo") for name in "abc"]
        assert await lose(queue, ["a", "b", "c"], alone="b.example") == [
            ("a.example", 2, "todo"), ("b.example", 3, "failed"), ("c.example", 2, "todo"),
        ]  # fmt: skip

    with_queue(postgresql, check)


GOOD = {"key": "http://a.example/", "url": "http://a.example/", "host": "a.example", "source": "{}", "every": 60}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", ""), ("key", "x" * 5_000), ("host", ""), ("host", "x" * 300), ("every", 0), ("every", "NaN"),
        ("every", "Infinity"), ("every", -5), ("url", "file:///etc/passwd"), ("url", "http://me:pw@a.example/"),
        ("url", "http://me@a.example"), ("url", "a.example"), ("url", "http://a.example/" + "x" * 5_000),
        ("source", "[]"), ("source", "7"), ("source", "{"), ("source", '{"a": "' + "x" * 100_001 + '"}'),
        ("source", ""), ("source", '{"a": "\\u0000"}'),
    ],
)  # fmt: skip
def test_a_row_that_is_no_site_is_not_taken(postgresql: Server, column: str, value: object) -> None:
    async def check(queue: Queue) -> None:
        query = "INSERT INTO fleet_sites (key, url, host, source, every) VALUES (%s, %s, %s, %s, %s)"
        with pytest.raises((psycopg.IntegrityError, psycopg.DataError)):
            await queue.connection.execute(query, tuple({**GOOD, column: value}.values()))
        await queue.connection.execute(query, tuple(GOOD.values()))

    with_queue(postgresql, check)


@pytest.mark.parametrize(
    "args", ["[]", "7", "{}", '{"site": 7, "host": "a", "cycle": 1}', '{"site": "a", "host": "b"}', '"site"']
)
def test_a_job_that_is_none_is_not_taken(postgresql: Server, args: str) -> None:
    async def check(queue: Queue) -> None:
        query = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('crawl', 'crawl', %s)"
        with pytest.raises(psycopg.IntegrityError):
            await queue.connection.execute(query, (args,))

    with_queue(postgresql, check)


def test_whoever_looks_needs_no_right_to_make_tables(postgresql: Server) -> None:
    url = postgresql.new()

    with pytest.raises(FleetError, match="there is no fleet in it; `scrapy fleet migrate`"):
        asyncio.run(look_at(url))
    asyncio.run(migrate(url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS looker")
        connection.execute("CREATE ROLE looker LOGIN PASSWORD 'x'")
        connection.execute("GRANT USAGE ON SCHEMA copydesk TO looker")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA copydesk TO looker")
    try:
        asyncio.run(look_at(_with_user(url)))
        with pytest.raises(FleetError, match="permission denied"):
            asyncio.run(migrate(_with_user(url)))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY looker")
            connection.execute("DROP ROLE looker")


def _with_user(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://looker:x@{rest.rpartition('@')[2]}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE fleet_meta SET value = '1' WHERE key = 'fleet'", "its fleet is of version 1, .* needs 2"),
        ("DELETE FROM fleet_meta WHERE key = 'fleet'", "its fleet is of version 1, .* needs 2"),
        ("UPDATE fleet_meta SET value = '9' WHERE key = 'fleet'", "version 9, .*Upgrade Copydesk"),
        ("UPDATE fleet_meta SET value = 'x' WHERE key = 'fleet'", "version x, .*Upgrade Copydesk"),
        ("UPDATE fleet_meta SET value = '00.01.00_01' WHERE key = 'procrastinate'", "needs .*fleet migrate"),
        ("DELETE FROM fleet_meta", "fleet migrate"),
        ("DELETE FROM ledger", "its ledger is of version , .*fleet migrate"),
        ("DROP TABLE fleet_meta", "there is no fleet in it"),
    ],
)
def test_tables_of_another_version_are_named_with_the_remedy(postgresql: Server, change: str, message: str) -> None:
    url = postgresql.new()
    asyncio.run(migrate(url))
    with psycopg.connect(url, options="-csearch_path=copydesk", autocommit=True) as connection:
        connection.execute(change)
    with pytest.raises(FleetError, match=message):
        asyncio.run(look_at(url))
