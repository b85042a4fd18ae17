"""Workers: what one page does harms no other."""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.forkserver
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import pytest
from pebble import ProcessPool

from cleaners import Article, Page, Rejection
from cleaners.context import CleanContext
from cleaners.labels.passes.page import remove_trailing
from cleaners.labels.rule_set import RuleSet
from cleaners.pipeline import process_page
from cleaners.site import SiteKnowledge
from cleaners.types import PageRejected, PageResult
from cleaners.workers.forkserver import METHOD
from cleaners.workers.pool import WORKER_NAME, Pool
from cleaners.workers.worker import OUT_OF_MEMORY, clean_in_worker
from tests.unit.cleaners.pages import page, story

MEMORY = 300_000_000


def test_order_is_kept_and_rejections_pass_through() -> None:
    gone = Rejection(url="file:///gone", stage="read", reason="unreadable", detail="x", fetched_at=None)
    entries = [page(story(), f"http://news.example/{n}") for n in range(20)]
    entries.insert(3, gone)
    with Pool(2) as pool:
        found = list(pool.map(entries))
    assert [entry for entry, _ in found] == entries
    assert found[3][1].result == gone
    assert all(isinstance(reading.result, Article) for entry, reading in found if isinstance(entry, Page))


def hostile(page: Page, with_links: bool) -> PageResult:
    """Do what the page's address says, then read it as a worker does."""
    action = page.url.rsplit("/", 1)[-1]
    if action == "hang":
        while True:
            pass
    elif action == "wait":
        time.sleep(600)
    elif action == "exit":
        os._exit(7)
    elif action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "segfault":
        ctypes.string_at(0)
    elif action == "memory":
        return filled(page, with_links)
    elif action.startswith("once-"):
        marker = Path(tempfile.gettempdir(), action)
        if not marker.exists():
            marker.touch()
            os._exit(OUT_OF_MEMORY)
        marker.unlink()
    elif action == "raise":
        raise RuntimeError("boom")
    return clean_in_worker(page, with_links)


def filled(page: Page, with_links: bool) -> PageResult:
    """Take memory until there is none, inside of the worker's own frame."""
    hoard = []

    class Endless(bytes):
        def __contains__(self, found: object) -> bool:
            while True:
                hoard.append(bytearray(10_000_000))

    return clean_in_worker(Page(url=page.url, body=Endless(b"<p>x")), with_links)


ENDS = (
    ("hang", "deadline", "it took more than 0.5 s of CPU"),
    ("wait", "deadline", "it took longer than 3 s"),
    ("exit", "crashed", "the worker ended with status 7"),
    ("kill", "killed", "the worker was killed (SIGKILL), as the system does when its memory runs out"),
    ("segfault", "crashed", "the worker ended with status -11"),
    ("memory", "memory", "it took more than 300 MB"),
    ("raise", "error", "RuntimeError: boom"),
)


def test_a_page_that_ends_its_worker_costs_itself_only() -> None:
    pages = [page(story(), f"http://news.example/{n}") for n in range(30)]
    for place, (action, _, _) in enumerate(ENDS):
        pages.insert(3 + 4 * place, page(story(), f"http://news.example/{action}"))
    with Pool(2, deadline=0.5, memory=MEMORY, task=hostile) as pool:
        results = [reading.result for _, reading in pool.map(pages)]
        again = [reading.result for _, reading in pool.map(pages[:3])]
    refused = [(one.url.rsplit("/", 1)[-1], one.reason, one.detail) for one in results if isinstance(one, Rejection)]
    assert refused == list(ENDS)
    assert {one.stage for one in results if isinstance(one, Rejection)} == {"worker"}
    assert sum(isinstance(one, Article) for one in results) == 30
    assert all(isinstance(one, Article) for one in again)


def test_a_page_that_met_a_worker_others_had_filled_is_read_by_another() -> None:
    with Pool(1, task=hostile) as pool:
        found = pool.submit(page(story(), f"http://news.example/once-{uuid.uuid4()}")).result(60)
    assert isinstance(found.result, Article)


def boundless(kind: str) -> str:
    """A task that is no page's."""
    if kind == "hang":
        time.sleep(60)
    elif kind == "exit":
        os._exit(7)
    return kind


@pytest.mark.parametrize(("kind", "reason"), [("hang", "deadline"), ("exit", "crashed")])
def test_another_task_raises_what_it_did(kind: str, reason: str) -> None:
    with Pool(1, deadline=0.5) as pool:
        with pytest.raises(PageRejected) as refused:
            pool.run(boundless, kind).result(60)
        assert (refused.value.stage, refused.value.reason) == ("worker", reason)
        assert pool.run(boundless, "answer").result(60) == "answer"


def test_what_workers_share_is_loaded_by_an_article() -> None:
    code = "import cleaners.workers.preload as warm; print(type(warm.LOADED.result).__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Article\n"


def workers() -> list[multiprocessing.process.BaseProcess]:
    return [one for one in multiprocessing.active_children() if one.name == WORKER_NAME]


def test_workers_that_are_killed_between_pages_are_replaced() -> None:
    with Pool(2, task=hostile) as pool:
        assert isinstance(pool.submit(page(story())).result(60).result, Article)
        for worker in workers():
            worker.kill()
        waiting = [pool.submit(page(story(), f"http://news.example/{n}")) for n in range(6)]
        assert all(isinstance(one.result(60).result, Article) for one in waiting)


@pytest.mark.skipif(METHOD != "forkserver", reason="workers are forked from no server here")
def test_workers_are_replaced_when_the_server_that_forks_them_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that ends refuses for a moment, and still counts as running."""
    connect = multiprocessing.forkserver.connect_to_new_process
    with Pool(2) as pool:
        assert isinstance(pool.submit(page(story())).result(60).result, Article)
        until = time.monotonic() + 1.5

        def refused(fds: list[int]) -> tuple[int, int]:
            if time.monotonic() < until:
                raise ConnectionRefusedError
            return connect(fds)

        monkeypatch.setattr(multiprocessing.forkserver, "connect_to_new_process", refused)
        for worker in workers():
            worker.kill()
        waiting = [pool.submit(page(story(), f"http://news.example/{n}")) for n in range(6)]
        assert all(isinstance(one.result(60).result, Article) for one in waiting)


def test_workers_that_wait_for_a_lock_of_the_dead_are_replaced() -> None:
    with Pool(2, deadline=0.5, stall=0.5) as pool:
        assert isinstance(pool.submit(page(story())).result(60).result, Article)
        channel = pool._pool._pool_manager.worker_manager.workers_channel
        assert channel.mutex.acquire(timeout=10)  # as a worker that is killed while it reads a page leaves it
        waiting = [pool.submit(page(story(), f"http://news.example/{n}")) for n in range(6)]
        assert all(isinstance(one.result(60).result, Article) for one in waiting)


def test_pages_that_lose_their_workers_again_and_again_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Pool._make_pool

    def stuck(pool: Pool) -> ProcessPool:
        found = made(pool)
        found._start_pool()
        assert found._pool_manager.worker_manager.workers_channel.mutex.acquire(timeout=10)
        return found

    monkeypatch.setattr(Pool, "_make_pool", stuck)
    monkeypatch.setattr("cleaners.workers.pool.CLOSE_SECONDS", 0.5)
    with Pool(1, deadline=0.1, stall=0.5) as pool:
        refused = pool.submit(page(story())).result(60).result
    assert isinstance(refused, Rejection)
    assert (refused.stage, refused.reason) == ("worker", "lost")


@pytest.mark.parametrize("with_links", [False, True])
def test_reading_is_what_the_pool_runs(with_links: bool) -> None:
    with Pool(1) as pool:
        read_there = pool.submit(page(story()), with_links=with_links).result(timeout=60)
    assert read_there == process_page(page(story()), with_links=with_links)


def test_the_context_goes_to_each_worker_once() -> None:
    context = CleanContext(rules=RuleSet(passes=(remove_trailing,)), site=SiteKnowledge(name="Harbour Post"))
    with Pool(2, context=context) as pool:
        results = [pool.submit(page(story())).result(30).result for _ in range(4)]
    assert {result.site_name for result in results} == {"Harbour Post"}
    assert all(result == process_page(page(story()), context).result for result in results)


class Broken:
    """Workers that are lost before they have taken a task."""

    def schedule(self, *_: object, **__: object) -> None:
        raise RuntimeError

    def stop(self) -> None: ...

    def join(self) -> None: ...


def test_where_new_workers_are_lost_at_once_each_page_is_cleaned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with Pool(1) as pool:
        made, scheduled = pool._make_pool, []

        def counted() -> ProcessPool:
            found = made()
            schedule = found.schedule

            def noted(*args: object, **more: object) -> object:
                scheduled.append(args)
                return schedule(*args, **more)

            monkeypatch.setattr(found, "schedule", noted)
            return found

        with pool._lock:
            futures = [pool.submit(page(story(), f"http://news.example/{n}")) for n in range(3)]
            others = [Broken()]
            monkeypatch.setattr(pool, "_make_pool", lambda: others.pop() if others else counted())
            pool._renew(pool._pool, "test")
        assert [type(one.result(60).result) for one in futures] == [Article] * 3
    assert len(scheduled) == 3
