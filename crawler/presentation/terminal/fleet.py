"""What a fleet does: its workers, jobs and sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from crawler.presentation.terminal.lines import StyledLine
from crawler.util import DAY, HOUR, count_noun

WORKERS = """
SELECT worker.id, extract(epoch FROM now() - worker.last_heartbeat)::float, count(job.id)
FROM procrastinate_workers worker
LEFT JOIN procrastinate_jobs job ON job.worker_id = worker.id AND job.status = 'doing'
GROUP BY worker.id ORDER BY worker.id
"""

JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs WHERE queue_name = 'crawl' GROUP BY status"

RUNNING = """
SELECT site.url, job.worker_id, extract(epoch FROM now() - event.at)::float FROM procrastinate_jobs job
JOIN fleet_sites site ON site.key = job.args ->> 'site'
LEFT JOIN LATERAL (
    SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type = 'started'
) event ON true
WHERE job.status = 'doing' ORDER BY event.at LIMIT 50
"""

SITES = """
SELECT count(*), count(*) FILTER (WHERE due <= now()), count(*) FILTER (WHERE failures > 0),
    coalesce(max(extract(epoch FROM now() - due)) FILTER (WHERE due <= now()), 0)::float FROM fleet_sites
"""

FAILING = """
SELECT url, failures, lost, error, extract(epoch FROM due - now())::float FROM fleet_sites
WHERE failures > 0 OR lost > 0 ORDER BY failures DESC, url LIMIT 50
"""

DRAINED = "the fleet is drained: no crawl begins until scrapy fleet drain --resume"

Rows = list[tuple[Any, ...]]


async def lines(connection: psycopg.AsyncConnection[Any]) -> list[StyledLine]:
    """The state of the fleet as lines of text."""

    async def rows(query: str) -> Rows:
        return await (await connection.execute(query)).fetchall()

    draining = (await rows("SELECT draining FROM fleet_control"))[0][0]
    styled_lines = [StyledLine(DRAINED, "bold red")] if draining else []
    styled_lines += _sites((await rows(SITES))[0], dict(await rows(JOBS)))
    for worker, age, jobs in await rows(WORKERS):
        styled_lines.append(StyledLine(f"worker {worker}: {jobs} crawls, heartbeat {age:.0f} s ago"))
    for url, worker, age in await rows(RUNNING):
        styled_lines.append(StyledLine(f"  {url}: worker {worker or 'lost'}, for {_span(age or 0)}", "dim"))
    styled_lines += _failing(await rows(FAILING))
    return styled_lines


def _sites(row: tuple[Any, ...], jobs: dict[str, int]) -> Iterator[StyledLine]:
    total, due, failing, late = row
    words = ", ".join(f"{jobs.get(name, 0)} {name}" for name in ("todo", "doing", "failed"))
    lag = f", the latest by {_span(late)}" if due else ""
    yield StyledLine(f"{count_noun(total, 'site')}: {due} due{lag}, {failing} failing; jobs: {words}", "bold")


def _failing(rows: Rows) -> Iterator[StyledLine]:
    for url, failures, lost, error, wait in rows:
        again = f"next try in {_span(wait)}" if wait > 0 else "retrying now"
        in_a_row = f"failed {count_noun(failures, 'time')} in a row: {error}"
        why = in_a_row if failures else f"{error} ({count_noun(lost, 'time')})"
        yield StyledLine(f"  {url}: {why}; {again}", "yellow")


def _span(seconds: float) -> str:
    for size, name in ((DAY, "d"), (HOUR, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.0f} s"
