"""The ledger on PostgreSQL: the contract, several workers at once, and a database that goes away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from cleaners.site.memory import SiteMemory
from crawler.ledger.lock import lock
from crawler.ledger.open import open_ledger, redact_url
from crawler.ledger.postgresql import address, runs, session
from crawler.ledger.postgresql import connection as places
from crawler.ledger.postgresql.schema import VERSION
from crawler.ledger.sql.ledger import SqlLedger
from crawler.ledger.types import FetchRecord, Ledger, LedgerError, Output, PageLayout
from crawler.types import DiscoveredUrl, PatternYield, RenderingYield, Role
from tests.support.postgresql import PASSWORD, Server
from tests.unit.crawler.ledger.contract import ARTICLE, HOUR, SOURCE, STORY, Contract, due, observed, run, visit

OUTPUT = Output(path="/a.jsonl", offset=7, is_open=True)
Opened = Callable[[], SqlLedger]


@pytest.fixture
def url(postgresql: Server) -> str:
    return postgresql.new()


@pytest.fixture
def opened(url: str) -> Iterator[Opened]:
    """Opens the ledger of a test once more, as another worker does."""
    books: list[SqlLedger] = []

    def again() -> SqlLedger:
        book = open_ledger(url)
        assert isinstance(book, SqlLedger)
        books.append(book)
        return book

    yield again
    for one in books:
        one.close()


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "GRACE_SECONDS", 0)


class TestPostgresql(Contract):
    """The contract, kept in a database."""

    @pytest.fixture
    def ledger(self, opened: Opened) -> Callable[[], Ledger]:
        return opened


def ask(url: str, query: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def change(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def begun(opened: Opened) -> SqlLedger:
    book = opened()
    run(book.start_run(1, 900))
    return book


def open_outputs(book: SqlLedger) -> list[str]:
    return [one.path for one in run(book.outputs()) if one.is_open]


def group(first: int, last: int, at: int) -> list[FetchRecord]:
    """Pages that overlap with those of another worker, which has them in another order."""
    layout = PageLayout(site="news.example", section="", layout=7, missing=("title",))
    numbers = range(first, last) if at % 2 else range(last - 1, first - 1, -1)
    return [
        visit(
            f"https://news.example/2026/{number}/three-words-here",
            at=at,
            article=replace(ARTICLE, id=f"{number:020}"),
            layout=layout,
            rendering_helped=True,
            observed=(observed(number),),
            discovered=tuple(
                DiscoveredUrl(url=f"{STORY}-{one}", role=Role.ARTICLE) for one in sorted({number, first, last})
            ),
        )
        for number in numbers
    ]


def test_workers_that_start_at_once_make_the_tables_once(url: str) -> None:
    async def start() -> list[Ledger]:
        return await asyncio.gather(*(asyncio.to_thread(open_ledger, url) for _ in range(6)))

    books = run(start())
    for book in books:
        book.close()
    assert ask(url, "SELECT count(*) FROM copydesk.ledger") == 1


def test_workers_that_write_the_same_count_everything_once(opened: Opened, url: str) -> None:
    books = [begun(opened) for _ in range(4)]

    async def write() -> None:
        for round_ in range(5):
            await asyncio.gather(
                *(book.commit(group(20 * round_, 20 * round_ + 40, 1_000 + n)) for n, book in enumerate(books))
            )

    run(write())
    listed = {one for start in range(0, 100, 20) for one in (*range(start, start + 40), start + 40)}
    assert ask(url, "SELECT urls FROM copydesk.totals") == 120 + len(listed)
    assert ask(url, "SELECT count(*) FROM copydesk.urls") == 120 + len(listed)
    assert ask(url, "SELECT articles FROM copydesk.totals") == 120
    book = books[0]
    assert run(book.url_patterns("news.example")) == {"news.example/0/0/*": PatternYield(120, 120)}
    assert run(book.rendering("news.example")) == RenderingYield(helped=800, useless=0)
    (layout,) = run(book.layouts(0))["news.example"]
    assert (layout.pages, layout.last, layout.missing) == (800, 800, {"title": 800})
    assert run(book.site_memory("news.example")) == SiteMemory.of(observed(n).observation for n in range(120))


def test_an_output_of_a_run_that_died_is_given_as_open_to_one_that_starts(opened: Opened) -> None:
    killed, other = begun(opened), begun(opened)
    run(killed.commit([], [OUTPUT]))
    assert open_outputs(other) == []
    run(other.commit([], [Output(path="/b.jsonl", offset=1, is_open=True)]))
    killed.close()
    first, second = begun(opened), begun(opened)
    assert open_outputs(first) == ["/a.jsonl"]
    assert open_outputs(second) == []  # the first is recovering it
    run(first.commit([], [replace(OUTPUT, is_open=False)]))
    assert sorted(one.path for one in run(second.outputs())) == ["/a.jsonl", "/b.jsonl"]


def test_asking_for_outputs_without_a_run_takes_none_over(opened: Opened) -> None:
    killed = begun(opened)
    run(killed.commit([], [OUTPUT]))
    killed.close()
    assert open_outputs(opened()) == ["/a.jsonl"]
    assert open_outputs(begun(opened)) == ["/a.jsonl"]


def test_two_runs_do_not_write_one_output(opened: Opened) -> None:
    first, second = begun(opened), begun(opened)
    run(first.commit([], [OUTPUT]))
    with pytest.raises(LedgerError, match=r"/a.jsonl: run 1 has this output open; name another file"):
        run(second.commit([visit()], [replace(OUTPUT, offset=0)]))
    assert run(second.lookup([STORY])) == {}
    run(first.commit([], [replace(OUTPUT, is_open=False)]))
    run(second.commit([visit()], [OUTPUT]))


def test_machines_have_their_own_outputs(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    run(opened().commit([visit(article=ARTICLE, output="/a.jsonl")], [OUTPUT]))
    monkeypatch.setattr(places.PostgresConnection, "path_prefix", "other:")
    other = opened()
    assert run(other.outputs()) == []
    assert run(other.count_articles_in("/a.jsonl")) == 0
    assert run(other.find_article(ARTICLE.id)) == ARTICLE


def test_another_version_is_refused(opened: Opened, url: str) -> None:
    book = begun(opened)
    run(book.commit([visit()]))
    change(url, "UPDATE copydesk.ledger SET version = version + 1")
    refused = rf"a ledger of version {VERSION + 1}; this Copydesk knows {VERSION}. Name another database"
    with pytest.raises(LedgerError, match=refused):
        open_ledger(url)
    with pytest.raises(LedgerError, match=refused):
        run(book.commit([visit(STORY + "-2")]))
    assert ask(url, "SELECT count(*) FROM copydesk.urls") == 1


@pytest.mark.parametrize(
    "change_",
    [
        lambda url: url.replace(PASSWORD, PASSWORD[::-1]),
        lambda url: url.replace("@127.0.0.1:", "@127.0.0.1:1"),
        lambda url: url.replace("@127.0.0.1:", f"#{PASSWORD}@127.0.0.1:"),
        lambda url: url + "?sslmode=nonsense",
        lambda url: url.replace(f":{PASSWORD}@", "@") + f"?password={PASSWORD}@x&nonsense=1",
        lambda url: url.replace("postgresql:", "mysql:"),
        lambda url: url + "_none",
    ],
)
def test_no_error_has_the_password(url: str, change_: Callable[[str], str]) -> None:
    with pytest.raises(LedgerError) as caught:
        open_ledger(change_(url))
    assert "127.0.0.1" in str(caught.value)
    assert "COPYDESK_LEDGER" in str(caught.value) or "expected" in str(caught.value)
    error: BaseException | None = caught.value
    while error is not None:
        assert PASSWORD not in f"{error}{error!r}"
        assert PASSWORD[::-1] not in f"{error}{error!r}"
        error = error.__cause__


def test_what_is_shown_of_a_url() -> None:
    assert redact_url("postgresql://me:p@ss/w?d@host:5432/news?password=a@b") == "postgresql://host:5432/news"
    assert redact_url("/srv/ledger.sqlite") == "/srv/ledger.sqlite"


def test_without_its_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "crawler.ledger.postgresql.database", None)
    with pytest.raises(LedgerError, match=r"pip install 'copydesk\[fleet\]'"):
        open_ledger("postgresql://127.0.0.1/none")


def test_several_runs_at_once_need_no_lock(url: str) -> None:
    assert lock(url) is None


def test_text_with_nul_is_stored_without_it(opened: Opened) -> None:
    book = opened()
    run(book.commit([visit(etag='"a\x00b"')]))
    assert run(book.lookup([STORY]))[STORY].etag == '"ab"'


COUNTS = """
SELECT ARRAY[(SELECT sum(urls) FROM copydesk.totals), (SELECT sum(failures) FROM copydesk.urls),
    (SELECT sum(pages) FROM copydesk.layouts)]::int[]
"""
"""URLs, failures in a row, articles with a layout: but for the first, one more with each commit that is applied."""


def counts(url: str) -> list[int]:
    return list(ask(url, COUNTS))


FAILED = visit(status=None, retry_reason="timeout", layout=PageLayout(site="a", section="", layout=1, missing=()))


def test_a_restart_of_the_server_loses_and_repeats_nothing(postgresql: Server, opened: Opened, url: str) -> None:
    book = begun(opened)
    run(book.commit([FAILED], [OUTPUT]))
    postgresql.control("restart")
    run(book.commit([FAILED], [OUTPUT]))
    postgresql.control("restart")
    assert set(run(book.lookup([STORY]))) == {STORY}
    assert counts(url) == [1, 2, 2]
    assert open_outputs(begun(opened)) == []  # its run is still at work


@contextmanager
def lost_commit(connection: psycopg.Connection[Any], *, is_applied: bool) -> Iterator[None]:
    """A transaction whose outcome the client does not learn."""
    connection.execute("BEGIN")
    try:
        yield
    except psycopg.Error:
        connection.execute("ROLLBACK")
        raise
    if is_applied:
        connection.execute("COMMIT")
    connection.close()
    raise psycopg.OperationalError("the connection was lost")


@pytest.mark.parametrize("is_applied", [True, False])
def test_a_commit_whose_answer_is_lost_is_applied_once(
    opened: Opened, url: str, monkeypatch: pytest.MonkeyPatch, *, is_applied: bool
) -> None:
    book = begun(opened)
    run(book.commit([FAILED]))
    whole = psycopg.Connection.transaction
    lost = iter([True])

    def transaction(connection: psycopg.Connection[Any]) -> Any:
        return lost_commit(connection, is_applied=is_applied) if next(lost, False) else whole(connection)

    monkeypatch.setattr(psycopg.Connection, "transaction", transaction)
    run(book.commit([FAILED]))
    assert counts(url) == [1, 2, 2]


def test_a_connection_that_the_server_still_has_is_ended(opened: Opened, url: str) -> None:
    """The client has lost it, the server has not noticed: the lock of the run is still taken."""
    book = begun(opened)
    database: Any = book._database
    kept, closed = database._session._db, psycopg.connect(url)
    closed.close()
    database._session._db = closed
    run(book.commit([FAILED]))
    assert counts(url) == [1, 1, 1]
    with pytest.raises(psycopg.OperationalError):
        kept.execute("SELECT 1")
    kept.close()


def test_a_run_that_was_taken_for_dead_ends(opened: Opened, url: str) -> None:
    book = begun(opened)
    run(book.commit([FAILED], [OUTPUT]))
    database: Any = book._database
    database._session._db.close()
    other = begun(opened)
    assert open_outputs(other) == ["/a.jsonl"]
    with pytest.raises(LedgerError, match="run 1 lost its connection to the ledger, and another run has taken it"):
        run(book.commit([FAILED], [OUTPUT]))
    assert counts(url) == [1, 1, 1]


def test_a_ping_takes_the_lock_again(opened: Opened) -> None:
    book = begun(opened)
    run(book.commit([], [OUTPUT]))
    database: Any = book._database
    database._session._db.close()
    database._session.ping()
    assert open_outputs(begun(opened)) == []


def test_a_server_that_has_just_started_may_have_runs_at_work(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    book = begun(opened)
    run(book.commit([], [OUTPUT]))
    database: Any = book._database
    database._session._db.close()
    monkeypatch.setattr(runs, "GRACE_SECONDS", 10**9)
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        database._session.ping()
        return False

    other = begun(opened)
    monkeypatch.setattr(other._database._session._stop, "wait", wait)  # type: ignore[attr-defined]
    assert open_outputs(other) == []
    assert len(waits) == 1


def test_a_server_that_stays_away_ends_the_ledger(
    postgresql: Server, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "RECONNECT_SECONDS", 0.5)
    book = begun(opened)
    postgresql.control("stop")
    try:
        with pytest.raises(
            LedgerError, match=r"PostgreSQL at 127.0.0.1:\d+, database ledger_\d+: .*Check that it runs"
        ):
            run(book.commit([visit()]))
        with pytest.raises(LedgerError, match="Check that it runs"):
            run(book.has_articles(SOURCE))
    finally:
        postgresql.control("start")


def test_the_event_loop_goes_on_while_the_database_answers(opened: Opened, url: str) -> None:
    book = begun(opened)

    async def both() -> int:
        with psycopg.connect(url) as blocking:
            blocking.execute("LOCK TABLE copydesk.urls")
            commit = asyncio.ensure_future(book.commit([visit()]))
            turns = 0
            while turns < 20:
                await asyncio.sleep(0.005)
                turns += 1
            assert not commit.done()
            blocking.rollback()
        await commit
        return turns

    assert run(both()) == 20


@pytest.mark.parametrize("skew", [10 * 86_400, -3 * 86_400, 301, -301])
def test_a_machine_whose_clock_is_wrong_does_not_start(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, skew: int
) -> None:
    monkeypatch.setattr(address.time, "time", lambda: time.time_ns() / 1e9 + skew)
    with pytest.raises(LedgerError, match=f"{abs(skew):,} s {'ahead of' if skew > 0 else 'behind'} .*PostgreSQL at"):
        run(opened().start_run(1, 1))


@pytest.mark.parametrize("skew", [200, -200, 1, 0])
def test_a_small_difference_is_made_up_for(opened: Opened, monkeypatch: pytest.MonkeyPatch, skew: int) -> None:
    truth = int(time.time())
    monkeypatch.setattr(address.time, "time", lambda: time.time_ns() / 1e9 + skew)
    book = opened()
    run(book.start_run(1, truth + skew))
    run(book.commit([visit(at=truth + skew + 100, article=ARTICLE)]))
    ((begun,),) = ask_all(book, "SELECT started FROM runs")
    ((fetched,),) = ask_all(book, "SELECT fetched FROM urls")
    assert abs(begun - truth) <= 1
    assert abs(fetched - truth - 100) <= 1
    after = truth + skew + 100 + 2 * HOUR
    assert due(book, after) == due(book, after + 1)


def ask_all(book: SqlLedger, query: str) -> Any:
    return run(book._database.read(lambda db: db.execute(query).fetchall()))


UPDATE = "UPDATE copydesk.procrastinate_jobs SET "


@pytest.mark.parametrize("change_", ["worker_id = 8", "status = 'todo'", "id = 6"])
def test_a_crawl_whose_job_is_not_its_workers_any_more_commits_nothing(url: str, change_: str) -> None:
    open_ledger(url).close()
    change(url, "CREATE TABLE copydesk.procrastinate_jobs (id BIGINT, worker_id BIGINT, status TEXT)")
    change(url, "INSERT INTO copydesk.procrastinate_jobs VALUES (5, 7, 'doing')")
    book = open_ledger(url, "5:7")
    try:
        run(book.commit([visit()]))
        change(url, UPDATE + change_)
        with pytest.raises(LedgerError, match="another worker of the fleet has taken this crawl over"):
            run(book.commit([visit(STORY + "-2")]))
        assert set(run(book.lookup([STORY, STORY + "-2"]))) == {STORY}
    finally:
        book.close()


@pytest.mark.parametrize("job", ["5", "5:", ":7", "a:b", "5:7:9", "-1:2"])
def test_a_job_that_is_none_is_named(url: str, job: str) -> None:
    with pytest.raises(LedgerError, match="COPYDESK_FLEET_JOB"):
        open_ledger(url, job)
