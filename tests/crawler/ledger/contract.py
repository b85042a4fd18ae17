"""What every ledger keeps to: one suite for all that keep one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from crawler.ledger.minhash import bands, signature
from crawler.ledger.types import ArticleState, DiscoveredUrl, FetchRecord, Ledger, Output

Value = TypeVar("Value")
SOURCE = "https://news.example/"
STORY = "https://news.example/2026/11/a-story"
TEXT = "The harbour board voted on Tuesday to close the northern lock for eleven weeks while its gates are replaced by others."
ARTICLE_COLUMNS = ArticleState(id="0" * 20, url=STORY, revision=1, fingerprint="f1", signature=signature(TEXT))
HOUR = 3_600


def run(value: Awaitable[Value]) -> Value:
    async def wait() -> Value:
        return await value

    return asyncio.run(wait())


def visit(url: str = STORY, role: str = "article", at: int = 1_000, **more: Any) -> FetchRecord:
    return FetchRecord(**{"url": url, "role": role, "source": SOURCE, "at": at, "status": 200, **more})


def depths(ledger: Ledger) -> dict[str, int]:
    async def read() -> dict[str, int]:
        return {known.url: known.depth async for known in ledger.due(SOURCE, 10**10, everything=False)}

    return run(read())


def due(ledger: Ledger, now: int, *, everything: bool = False) -> list[str]:
    async def read() -> list[str]:
        return [known.url async for known in ledger.due(SOURCE, now, everything=everything)]

    return run(read())


class Contract:
    """Subclasses give ``ledger``, a fixture that makes ledgers at one place: each call opens it again."""

    Opened = Callable[[], Ledger]

    def test_what_was_visited_is_known_under_any_of_its_addresses(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(etag='"a"', last_modified="Mon", fingerprint="x")]))
        for url in (STORY, STORY.replace("https", "http"), STORY + "/?utm_source=feed#top", STORY.replace("//", "//www.")):
            known = run(book.known([url]))[url]
            assert (known.url, known.role, known.etag, known.last_modified, known.fingerprint) == (STORY, "article", '"a"', "Mon", "x")
        assert run(book.known(["https://news.example/other"])) == {}

    def test_it_outlives_its_process(self, ledger: Opened) -> None:
        first = ledger()
        run(first.commit([visit(article=ARTICLE_COLUMNS, output="/a.jsonl")], [Output(path="/a.jsonl", offset=7, is_open=True)]))
        first.close()
        again = ledger()
        assert run(again.article(ARTICLE_COLUMNS.id)) == ARTICLE_COLUMNS
        assert run(again.outputs()) == [Output(path="/a.jsonl", offset=7, is_open=True)]
        assert run(again.articles_in("/a.jsonl")) == 1
        assert run(again.counts(SOURCE)) == (1, 1)

    def test_not_modified_keeps_what_was_said_before(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(etag='"a"', fingerprint="x", article=ARTICLE_COLUMNS)]))
        run(book.commit([visit(at=5_000, status=304)]))
        known = run(book.known([STORY]))[STORY]
        assert (known.etag, known.fingerprint, known.article) == ('"a"', "x", ARTICLE_COLUMNS.id)

    def test_what_a_listing_names_is_due_at_once_in_the_next_run(self, ledger: Opened) -> None:
        book = ledger()
        run(book.begin(1, 900))
        run(book.commit([visit(SOURCE, "start", found=(DiscoveredUrl(url=STORY, role="article"),))]))
        assert due(book, 2_000) == []  # this run's own finds are on their way
        run(book.begin(1, 2_000))
        assert due(book, 2_000) == [STORY, SOURCE]

    def test_what_a_listing_names_is_as_deep_in_the_next_run(self, ledger: Opened) -> None:
        book = ledger()
        run(book.begin(1, 900))
        found = (DiscoveredUrl(url="https://news.example/world/", role="section", depth=3), DiscoveredUrl(url="https://news.example/a-story", role="article"))
        run(book.commit([visit("https://news.example/news/", role="section", found=found)]))
        assert {known.url: known.depth for known in run(book.fresh([replace(one, depth=9) for one in found], 10**10))} == {"https://news.example/world/": 3, "https://news.example/a-story": 0}
        run(book.begin(2, 5_000))
        assert depths(book)["https://news.example/world/"] == 3

    def test_only_new_due_and_changed_addresses_are_fresh(self, ledger: Opened) -> None:
        book = ledger()
        run(book.begin(1, 900))
        listed = [DiscoveredUrl(url=STORY, role="article"), DiscoveredUrl(url=STORY + "-2", role="article")]
        assert [known.url for known in run(book.fresh(listed, 1_000))] == [STORY, STORY + "-2"]
        run(book.commit([visit(article=ARTICLE_COLUMNS)]))
        assert [known.url for known in run(book.fresh(listed, 1_001))] == [STORY + "-2"]
        assert run(book.fresh([replace(listed[0], lastmod=900)], 1_001)) == []
        assert [known.url for known in run(book.fresh([replace(listed[0], lastmod=1_500)], 1_600))] == [STORY]
        assert [known.url for known in run(book.fresh(listed[:1], 1_000 + HOUR))] == [STORY]

    def test_a_later_date_in_a_listing_makes_an_address_due(self, ledger: Opened) -> None:
        book = ledger()
        run(book.begin(1, 900))
        run(book.commit([visit(SOURCE, "start", found=(DiscoveredUrl(url=STORY, role="article", lastmod=100),)), visit(article=ARTICLE_COLUMNS)]))
        run(book.begin(1, 1_100))
        run(book.commit([visit(SOURCE, "start", at=1_200, found=(DiscoveredUrl(url=STORY, role="article", lastmod=200),))]))
        run(book.begin(1, 1_300))
        assert STORY in due(book, 1_300)

    def test_a_failure_is_tried_again_and_later_each_time(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(status=None, failed="timeout")]))
        run(book.begin(1, 1_001))
        assert due(book, 1_001) == [STORY]
        run(book.commit([visit(at=1_001, status=None, failed="timeout")]))
        run(book.begin(1, 1_002))
        assert due(book, 1_002) == []
        assert due(book, 1_002 + HOUR) == [STORY]

    def test_everything_is_due_where_everything_is_asked_for(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(f"{STORY}-{n}") for n in range(1_203)]))
        run(book.begin(1, 1_001))
        assert due(book, 1_001) == []
        assert len(set(due(book, 1_001, everything=True))) == 1_203

    def test_a_revision_replaces_the_text_before_it(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(article=ARTICLE_COLUMNS, output="/a.jsonl")]))
        revised = replace(ARTICLE_COLUMNS, revision=2, fingerprint="f2")
        run(book.commit([visit(at=2_000, article=revised, output="/b.jsonl")]))
        assert run(book.article(ARTICLE_COLUMNS.id)) == revised
        assert (run(book.articles_in("/a.jsonl")), run(book.articles_in("/b.jsonl"))) == (0, 1)
        assert run(book.counts(SOURCE)) == (1, 1)

    def test_articles_of_the_same_text_are_found(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(article=ARTICLE_COLUMNS), visit(STORY + "-2", article=replace(ARTICLE_COLUMNS, id="1" * 20, fingerprint="f2"))]))
        assert [one.id for one in run(book.same("f1"))] == [ARTICLE_COLUMNS.id]
        assert run(book.same("f3")) == []

    def test_articles_alike_are_found(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(article=ARTICLE_COLUMNS)]))
        assert [one.id for one in run(book.alike(bands(signature(TEXT + " Said Perrick."))))] == [ARTICLE_COLUMNS.id]
        assert run(book.alike(bands(signature("Another story of bakers, gardens and towers that shares no run of words with it.")))) == []

    def test_a_commit_that_fails_changes_nothing(self, ledger: Opened) -> None:
        book = ledger()
        with pytest.raises(Exception):  # noqa: B017, PT011  each ledger has its own
            run(book.commit([visit(), visit(STORY + "-2", at=None)]))
        assert run(book.known([STORY])) == {}

    def test_runs_are_told_newest_first(self, ledger: Opened) -> None:
        book = ledger()
        first = run(book.begin(11, 100))
        run(book.end(first, 160, 0, {"sites": {}}))
        run(book.begin(12, 200))
        found = run(book.runs(5))
        assert [(one.pid, one.started, one.ended, one.status) for one in found] == [(12, 200, None, None), (11, 100, 160, 0)]
        assert found[1].report == {"sites": {}}
        assert len(run(book.runs(1))) == 1
