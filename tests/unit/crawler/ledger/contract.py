"""What every ledger keeps to: one suite for all that keep one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from cleaners.site.memory import SiteMemory
from cleaners.types import ObservedPage, PageObservation
from crawler.ledger.minhash import bands, minhash
from crawler.ledger.sql.rows import ROW_CHARS
from crawler.ledger.types import (
    ArticleState,
    FetchRecord,
    Layout,
    Ledger,
    LedgerError,
    Output,
    PageLayout,
    RelatedArticles,
)
from crawler.types import Announcement, DiscoveredUrl, PatternYield, RenderingYield, Role

Value = TypeVar("Value")
SOURCE = "https://news.example/"
STORY = "https://news.example/2026/11/a-story"
VARIANTS = (
    "http://news.example/2026/11/a-story",
    "https://www.news.example/2026/11/a-story",
    "https://news.example/2026/11/a-story/",
    "https://news.example/2026/11/a-story//",
    "https://m.news.example/2026/11/a-story",
    "https://mobile.news.example/2026/11/a-story",
    "https://amp.news.example/2026/11/a-story/",
    "https://news.example/2026/11/a-story/amp",
    "https://news.example/2026/11/a-story/amp/",
    "https://news.example/2026/11/a-story.amp",
    "https://news.example/2026/11/a-story.amp.html",
    "https://news.example:80/2026/11/a-story",
)
"""Other URLs of the story."""
SAME_RANK = VARIANTS[1:3]
"""Those that are as plain as the story's own: the first of the two is fetched."""
FAILED: dict[str, dict[str, Any]] = {
    "gone": {"status": 404},
    "gone for good": {"status": 410},
    "no article": {"status": 200},
    "moved": {"status": 301},
    "for now": {"status": None, "retry_reason": "timeout"},
    "refused": {"status": None},
}
"""Outcomes of a fetch that gives no article."""
TEXT = (
    "The harbour board voted on Tuesday to close the northern lock for eleven weeks while its "
    "gates are replaced by others."
)
ARTICLE = ArticleState(id="0" * 20, url=STORY, revision=1, fingerprint="f1", signature=minhash(TEXT))
HOUR = 3_600
DAY = 24 * HOUR


def run(value: Awaitable[Value]) -> Value:
    async def wait() -> Value:
        return await value

    return asyncio.run(wait())


def visit(url: str = STORY, role: Role = Role.ARTICLE, at: int = 1_000, **more: Any) -> FetchRecord:
    return FetchRecord(**{"url": url, "role": role, "source": SOURCE, "at": at, "status": 200, **more})


def observed(number: int, *, day: int = 740_000, site: str = "news.example") -> ObservedPage:
    page = PageObservation(page=2**64 - 1 - number, day=day, author=0, lines=(number, 2**64 - 1))
    return ObservedPage(site=site, observation=page, layout=0, text=())


def listed(url: str) -> DiscoveredUrl:
    return DiscoveredUrl(url=url, role=Role.ARTICLE)


def depths(ledger: Ledger) -> dict[str, int]:
    async def read() -> dict[str, int]:
        return {known.url: known.depth async for known in ledger.due_urls(SOURCE, 10**10, everything=False)}

    return run(read())


def known(ledger: Ledger, url: str = STORY, id_: str = "", fingerprint: str = "", text: str = "") -> RelatedArticles:
    return run(ledger.related_articles(url, id_, fingerprint, bands(minhash(text))))


def due(ledger: Ledger, now: int, *, everything: bool = False) -> list[str]:
    async def read() -> list[str]:
        return [known.url async for known in ledger.due_urls(SOURCE, now, everything=everything)]

    return run(read())


async def announcements(ledger: Ledger) -> dict[str, Announcement | None]:
    return {known.url: known.announced async for known in ledger.due_urls(SOURCE, 10**10) if known.role is Role.ARTICLE}


POISON = [
    (name, value)
    for name, values in {
        "status": (99_999_999_999, -(2**31) - 1, 2**63, 2**80),
        "etag": ("\ud800", "a\x00b", "x" * 5_000_000),
        "last_modified": ("\udfff",),
        "fingerprint": ("\ud800",),
        "at": (2**63, -(2**70)),
        "url": (STORY + "\ud800", STORY + "\x00"),
        "retry_reason": ("\ud800",),
        "article": (
            replace(ARTICLE, revision=2**70),
            replace(ARTICLE, fingerprint="\ud800"),
            replace(ARTICLE, id="\ud800"),
            replace(ARTICLE, claims="\ud800"),
        ),
        "layout": (
            PageLayout(site="news.example", section="x" * 9_000, layout=2**70, missing=()),
            PageLayout(site="\ud800", section="a", layout=1, missing=()),
        ),
    }.items()
    for value in values
]
"""What a server, or an extension of somebody's, may put into a record."""
OF_SERVERS = ("status", "etag", "last_modified", "layout")

POISON_LISTED = [
    ("lastmod", 2**63),
    ("lastmod", -(2**80)),
    ("depth", 2**40),
    ("url", STORY + "\ud800"),
    ("announced", Announcement(title="\ud800")),
    ("announced", Announcement(title="a\x00b")),
]


class Contract:
    """Subclasses give ``ledger``, a fixture that makes ledgers at one place: each call opens it again."""

    Opened = Callable[[], Ledger]

    def test_what_was_fetched_is_known_without_what_tracks(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(etag='"a"', last_modified="Mon", fingerprint="x")]))
        for url in (STORY, STORY + "?utm_source=feed#top"):
            known = run(book.lookup([url]))[url]
            assert (known.url, known.role, known.etag, known.last_modified) == (STORY, Role.ARTICLE, '"a"', "Mon")
        assert run(book.lookup(["https://news.example/other", *VARIANTS])) == {}

    @pytest.mark.parametrize("variant", VARIANTS)
    @pytest.mark.parametrize("outcome", FAILED)
    def test_a_url_without_an_article_says_nothing_of_the_page_s_others(
        self, ledger: Opened, variant: str, outcome: str
    ) -> None:
        book = ledger()
        run(book.start_run(1, 900))
        both = (listed(STORY), listed(variant))
        run(book.commit([visit(SOURCE, Role.START, discovered=both[1:])]))
        run(book.commit([visit(variant, **FAILED[outcome])]))
        assert STORY in [one.url for one in run(book.select_due(both, 1_001))], "in this run"
        run(book.commit([visit(SOURCE, Role.START, discovered=both)]))
        run(book.start_run(2, 2_000))
        assert STORY in due(book, 2_000), "and in the next"

    @pytest.mark.parametrize("variant", VARIANTS)
    @pytest.mark.parametrize("is_first", [True, False], ids=["listed first", "listed last"])
    def test_of_a_page_s_urls_the_plainest_is_fetched(self, ledger: Opened, variant: str, is_first: bool) -> None:
        book = ledger()
        run(book.start_run(1, 900))
        both = [listed(variant), listed(STORY)] if is_first else [listed(STORY), listed(variant)]
        chosen = run(book.select_due(both, 1_000))
        assert [one.url for one in chosen] == ([STORY] if variant not in SAME_RANK else [both[0].url])
        run(book.commit([visit(SOURCE, Role.START, discovered=tuple(both))]))
        run(book.commit([visit(chosen[0].url, article=ARTICLE)]))
        assert run(book.select_due(both, 1_001)) == [], "its article is there"
        run(book.start_run(2, 2_000))
        assert set(due(book, 2_000)) == {SOURCE}
        assert [one.url for one in run(book.select_due([replace(listed(variant), lastmod=3_000)], 3_001))] == [variant]

    def test_a_page_has_room_for_few_odd_urls_and_for_every_plain_one(self, ledger: Opened) -> None:
        book = ledger()
        odd = [listed(f"{STORY}{'/' * number}") for number in range(2, 60)]
        run(book.commit([visit(SOURCE, Role.START, discovered=tuple(odd))]))
        run(book.commit([visit(SOURCE, Role.START, discovered=(listed(STORY),))]))
        run(book.start_run(2, 2_000))
        assert len(run(book.lookup([one.url for one in odd]))) == 8
        assert STORY in due(book, 2_000)

    @pytest.mark.parametrize("outcome", FAILED)
    def test_what_another_site_lists_blocks_and_fills_nothing(self, ledger: Opened, outcome: str) -> None:
        book, other = ledger(), "https://other.example/feed"
        said = Announcement(title="False", published="1999-01-01", authors=("Nobody",))
        foreign = replace(listed(STORY), is_foreign=True, announced=said, lastmod=9_999_999, role=Role.SECTION)
        run(book.start_run(1, 900))
        run(book.commit([visit(other, Role.START, source=other, discovered=(foreign,))]))
        run(book.commit([visit(STORY, source=other, etag='"x"', is_foreign=True, **FAILED[outcome])]))
        run(book.start_run(2, 2_000))
        own = replace(listed(STORY), announced=Announcement(title="True"), lastmod=1_500)
        assert run(book.select_due([own], 2_000)) == [own]
        run(book.commit([visit(SOURCE, Role.START, at=2_000, discovered=(own,))]))
        run(book.commit([visit(other, Role.START, at=2_001, source=other, discovered=(foreign,))]))
        assert run(book.select_due([foreign], 2_001)) == [], "it is its own site's"
        run(book.start_run(3, 3_000))
        assert run(announcements(book)) == {STORY: own.announced}
        assert due(book, 3_000) == [STORY, SOURCE]

    def test_an_article_that_another_site_listed_first_stays_known(self, ledger: Opened) -> None:
        book, other = ledger(), "https://other.example/feed"
        run(book.start_run(1, 900))
        foreign = replace(listed(STORY), is_foreign=True)
        run(book.commit([visit(other, Role.START, source=other, discovered=(foreign,))]))
        run(book.commit([visit(STORY, source=other, etag='"x"', is_foreign=True, article=ARTICLE)]))
        assert run(book.select_due([listed(STORY)], 1_001)) == []
        run(book.commit([visit(SOURCE, Role.START, discovered=(listed(STORY),))]))
        assert run(book.lookup([STORY]))[STORY].etag == '"x"'
        assert run(book.has_articles(SOURCE))

    def test_it_is_kept_after_it_was_closed(self, ledger: Opened) -> None:
        first = ledger()
        run(
            first.commit([visit(article=ARTICLE, output="/a.jsonl")], [Output(path="/a.jsonl", offset=7, is_open=True)])
        )
        first.close()
        again = ledger()
        assert run(again.find_article(ARTICLE.id)) == ARTICLE
        assert run(again.outputs()) == [Output(path="/a.jsonl", offset=7, is_open=True)]
        assert run(again.count_articles_in("/a.jsonl")) == 1
        assert run(again.has_articles(SOURCE))
        assert run(again.has_article_among([STORY + "-none", STORY]))
        assert not run(again.has_article_among([STORY + "-none"]))

    def test_pages_are_remembered_in_any_order_and_grouping(self, ledger: Opened) -> None:
        pages = [observed(number, day=740_000 + number % 3) for number in range(80)]
        book = ledger()
        run(book.commit([visit(observed=tuple(pages[:30])), visit(STORY + "-2", observed=(observed(3, site="b"),))]))
        for page in reversed(pages[20:]):
            run(book.commit([visit(observed=(page,))]))
        assert run(book.site_memory("news.example")) == SiteMemory.of(page.observation for page in pages)
        assert run(book.site_memory("b")).pages == (observed(3, site="b").observation,)
        assert run(book.site_memory("c")) == SiteMemory()

    def test_layouts_are_counted_by_site_and_section(self, ledger: Opened) -> None:
        book = ledger()
        seen = PageLayout(site="news.example", section="world", layout=2**63 - 1, missing=("authors",))
        for number in range(3):
            run(book.commit([visit(f"{STORY}-{number}", at=1_000 + number, layout=seen)]))
        run(book.commit([visit(at=5_000, layout=replace(seen, layout=7, missing=()))]))
        first, second = run(book.layouts(4_000))["news.example"]
        assert first == Layout(
            site="news.example", section="world", layout=2**63 - 1, pages=3, first=1, last=3, began=1_000, seen=1_002,
            missing={"authors": 3}, examples=(f"{STORY}-1", f"{STORY}-2"),
        )  # fmt: skip
        assert (second.pages, second.first, second.last, second.missing) == (1, 4, 4, {})
        assert run(book.layouts(6_000)) == {}

    def test_url_patterns_count_each_page_once(self, ledger: Opened) -> None:
        book = ledger()
        for number in range(12):
            url = f"https://www.news.example/2026/{number}/three-words-here"
            one = replace(ARTICLE, id=f"{number:020}", url=url) if number % 3 else None
            for at in (1_000, 2_000):
                run(book.commit([visit(url, at=at, article=one)]))
        run(book.commit([visit("https://news.example/about", role=Role.PAGE), visit(SOURCE, role=Role.START)]))
        run(book.commit([visit("https://news.example/2026/1/is-not-here", status=404)]))
        assert run(book.url_patterns("news.example")) == {"news.example/0/0/*": PatternYield(12, 8)}
        assert run(book.url_patterns("other.example")) == {}

    def test_renderings_are_counted_by_site(self, ledger: Opened) -> None:
        book = ledger()
        for helped in (True, False, None, True):
            run(book.commit([visit(STORY, rendering_helped=helped)]))
        assert run(book.rendering("news.example")) == RenderingYield(helped=2, useless=1)
        assert run(book.rendering("other.example")) == RenderingYield(helped=0, useless=0)

    def test_a_site_with_a_layout_for_each_page_does_not_grow(self, ledger: Opened) -> None:
        book = ledger()
        layouts = (PageLayout(site="news.example", section="", layout=number, missing=()) for number in range(150))
        run(book.commit([visit(f"{STORY}-{one.layout}", layout=one) for one in layouts]))
        kept = run(book.layouts(0))["news.example"]
        assert (len(kept), kept[-1].last) == (100, 150)

    def test_not_modified_keeps_the_validators(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(etag='"a"', fingerprint="x", article=ARTICLE)]))
        run(book.commit([visit(at=5_000, status=304)]))
        known = run(book.lookup([STORY]))[STORY]
        assert known.etag == '"a"'

    def test_what_a_listing_names_is_due_at_once_in_the_next_run(self, ledger: Opened) -> None:
        book = ledger()
        run(book.start_run(1, 900))
        run(book.commit([visit(SOURCE, Role.START, discovered=(DiscoveredUrl(url=STORY, role=Role.ARTICLE),))]))
        assert due(book, 2_000) == []  # this run's own finds are on their way
        run(book.start_run(1, 2_000))
        assert due(book, 2_000) == [STORY, SOURCE]

    def test_what_a_listing_names_is_as_deep_in_the_next_run(self, ledger: Opened) -> None:
        book = ledger()
        run(book.start_run(1, 900))
        found = (
            DiscoveredUrl(url="https://news.example/world/", role=Role.SECTION, depth=3),
            DiscoveredUrl(url="https://news.example/a-story", role=Role.ARTICLE),
        )
        run(book.commit([visit("https://news.example/news/", role=Role.SECTION, discovered=found)]))
        assert {
            known.url: known.depth for known in run(book.select_due([replace(one, depth=9) for one in found], 10**10))
        } == {"https://news.example/world/": 3, "https://news.example/a-story": 0}
        run(book.start_run(2, 5_000))
        assert depths(book)["https://news.example/world/"] == 3

    def test_what_a_sitemap_announces_is_known_in_the_next_run(self, ledger: Opened) -> None:
        book = ledger()
        run(book.start_run(1, 900))
        first = DiscoveredUrl(
            url=STORY, role=Role.ARTICLE, announced=Announcement(title="Lock to close", published="2026-11-01")
        )
        run(book.commit([visit(SOURCE, Role.START, discovered=(first,))]))
        run(book.start_run(2, 2_000))
        assert run(announcements(book)) == {STORY: first.announced}
        later = replace(first, announced=Announcement(title="Lock to close for good"))
        assert [one.announced for one in run(book.select_due([later], 2_000))] == [later.announced]
        run(book.commit([visit(SOURCE, Role.START, at=2_000, discovered=(later,))]))
        run(book.start_run(3, 3_000))
        assert run(announcements(book)) == {STORY: Announcement(title="Lock to close for good", published="2026-11-01")}

    def test_a_clock_that_was_ahead_leaves_nothing_waiting(self, ledger: Opened) -> None:
        book, ahead = ledger(), 400 * DAY
        run(book.start_run(1, ahead))
        run(book.commit([visit(at=ahead, article=ARTICLE)]))
        run(book.start_run(2, 10_000))
        listed = DiscoveredUrl(url=STORY, role=Role.ARTICLE)
        assert [one.url for one in run(book.select_due([listed], 10_000))] == [STORY]
        run(book.commit([visit(at=10_000, article=ARTICLE)]))
        run(book.start_run(3, 10_000 + HOUR))
        assert run(book.select_due([listed], 10_000 + HOUR - 1)) == []
        assert [one.url for one in run(book.select_due([listed], 10_000 + HOUR))] == [STORY]

    def test_a_clock_that_was_behind_does_not_age_an_article(self, ledger: Opened) -> None:
        book, now = ledger(), 1_800_000_000
        run(book.start_run(1, 60))
        run(book.commit([visit(at=60, article=ARTICLE)]))
        run(book.start_run(2, now))
        run(book.commit([visit(at=now, article=ARTICLE)]))
        run(book.start_run(3, now + HOUR))
        listed = DiscoveredUrl(url=STORY, role=Role.ARTICLE)
        assert run(book.select_due([listed], now + HOUR - 1)) == []
        assert [one.url for one in run(book.select_due([listed], now + HOUR))] == [STORY]

    def test_only_new_due_and_changed_urls_are_selected(self, ledger: Opened) -> None:
        book = ledger()
        run(book.start_run(1, 900))
        listed = [DiscoveredUrl(url=STORY, role=Role.ARTICLE), DiscoveredUrl(url=STORY + "-2", role=Role.ARTICLE)]
        assert [known.url for known in run(book.select_due(listed, 1_000))] == [STORY, STORY + "-2"]
        run(book.commit([visit(article=ARTICLE)]))
        assert [known.url for known in run(book.select_due(listed, 1_001))] == [STORY + "-2"]
        assert run(book.select_due([replace(listed[0], lastmod=900)], 1_001)) == []
        assert [known.url for known in run(book.select_due([replace(listed[0], lastmod=1_500)], 1_600))] == [STORY]
        assert [known.url for known in run(book.select_due(listed[:1], 1_000 + HOUR))] == [STORY]

    def test_a_later_date_in_a_listing_makes_a_url_due(self, ledger: Opened) -> None:
        book = ledger()
        run(book.start_run(1, 900))
        run(
            book.commit(
                [
                    visit(SOURCE, Role.START, discovered=(DiscoveredUrl(url=STORY, role=Role.ARTICLE, lastmod=100),)),
                    visit(article=ARTICLE),
                ]
            )
        )
        run(book.start_run(1, 1_100))
        run(
            book.commit(
                [
                    visit(
                        SOURCE,
                        Role.START,
                        at=1_200,
                        discovered=(DiscoveredUrl(url=STORY, role=Role.ARTICLE, lastmod=200),),
                    )
                ]
            )
        )
        run(book.start_run(1, 1_300))
        assert STORY in due(book, 1_300)

    def test_a_failure_is_tried_again_and_later_each_time(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(status=None, retry_reason="timeout")]))
        run(book.start_run(1, 1_001))
        assert due(book, 1_001) == [STORY]
        run(book.commit([visit(at=1_001, status=None, retry_reason="timeout")]))
        run(book.start_run(1, 1_002))
        assert due(book, 1_002) == []
        assert due(book, 1_002 + HOUR) == [STORY]

    def test_everything_is_due_on_request(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(f"{STORY}-{n}") for n in range(1_203)]))
        run(book.start_run(1, 1_001))
        assert due(book, 1_001) == []
        assert len(set(due(book, 1_001, everything=True))) == 1_203

    def test_a_revision_replaces_the_text_before_it(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(article=ARTICLE, output="/a.jsonl")]))
        revised = replace(ARTICLE, revision=2, fingerprint="f2")
        run(book.commit([visit(at=2_000, article=revised, output="/b.jsonl")]))
        assert run(book.find_article(ARTICLE.id)) == revised
        assert (run(book.count_articles_in("/a.jsonl")), run(book.count_articles_in("/b.jsonl"))) == (0, 1)
        assert run(book.has_articles(SOURCE))

    def test_articles_of_the_same_text_are_found(self, ledger: Opened) -> None:
        book = ledger()
        run(
            book.commit(
                [visit(article=ARTICLE), visit(STORY + "-2", article=replace(ARTICLE, id="1" * 20, fingerprint="f2"))]
            )
        )
        assert [one.id for one in known(book, fingerprint="f1").with_text] == [ARTICLE.id]
        assert known(book, fingerprint="f3").with_text == ()

    def test_articles_alike_are_found(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(article=ARTICLE)]))
        assert [one.id for one in known(book, text=TEXT + " Said Perrick.").similar] == [ARTICLE.id]
        other = "Another story of bakers, gardens and towers that shares no run of words with it."
        assert known(book, text=other).similar == ()

    def test_one_question_tells_all_that_is_known_of_an_article(self, ledger: Opened) -> None:
        book, news = ledger(), Announcement(title="Lock shut", origin="feed")
        twin = replace(ARTICLE, id="1" * 20, url=STORY + "-2")
        found = DiscoveredUrl(url=STORY, role=Role.ARTICLE, announced=news)
        run(book.commit([visit(SOURCE, Role.START, discovered=(found,))]))
        assert known(book) == RelatedArticles(announced=news)
        run(book.commit([visit(at=1_000, article=ARTICLE), visit(STORY + "-2", at=2_000, article=twin)]))
        everything = known(book, id_=ARTICLE.id, fingerprint=ARTICLE.fingerprint, text=TEXT)
        assert (everything.announced, everything.article) == (news, ARTICLE)
        assert everything.with_text == (ARTICLE, twin)  # the oldest first
        assert set(everything.similar) == {ARTICLE, twin}

    def test_two_urls_of_a_page_are_both_known(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit()]))
        assert set(run(book.lookup([STORY, STORY + "#top"]))) == {STORY, STORY + "#top"}

    def test_the_mark_of_another_site_s_url_stays_until_its_own_site_lists_it(self, ledger: Opened) -> None:
        book, other = ledger(), "https://other.example/feed"
        run(book.start_run(1, 900))
        foreign = replace(listed(STORY), is_foreign=True)
        run(book.commit([visit(other, Role.START, source=other, discovered=(foreign,))]))
        assert run(book.lookup([STORY]))[STORY].is_foreign
        run(book.start_run(2, 2_000))
        own = listed(STORY + "/")
        assert run(book.select_due([own], 2_000)) == [own], "what another site left pending delays nothing"
        spelt = tuple(replace(listed(f"{STORY}{'/' * n}"), is_foreign=True) for n in range(2, 30))
        run(book.commit([visit(other, Role.START, source=other, discovered=spelt)]))
        run(book.commit([visit(SOURCE, Role.START, discovered=(listed(f"{STORY}//?b=1&a=2"), listed(f"{STORY}.amp")))]))
        assert run(book.lookup([f"{STORY}.amp"])), "and takes no room"

    def test_what_moves_to_another_source_is_counted_once(self, ledger: Opened) -> None:
        book, other = ledger(), "https://other.example/feed"
        foreign = replace(listed(STORY), is_foreign=True)
        run(book.commit([visit(other, Role.START, source=other, discovered=(foreign,))]))
        run(book.commit([visit(STORY, source=other, is_foreign=True, article=ARTICLE)]))
        run(book.commit([visit(SOURCE, Role.START, discovered=(listed(STORY),))]))
        assert run(book.count_articles([SOURCE, other])) == run(book.count_articles([SOURCE])) == 1

    def test_a_listing_is_read_at_one_of_its_urls(self, ledger: Opened) -> None:
        book, section = ledger(), "https://news.example/town"
        run(book.start_run(1, 900))
        run(book.commit([visit(section, Role.SECTION)]))
        other = DiscoveredUrl(url=f"{section}/", role=Role.SECTION)
        assert run(book.select_due([other], 1_001)) == []

    def test_a_source_is_known_as_it_was_named(self, ledger: Opened) -> None:
        book, url = ledger(), "https://news.example/?ref=1#top"
        run(book.commit([visit(url, Role.START, etag='"a"')]))
        assert run(book.lookup([url]))[url].etag == '"a"'

    def test_what_is_pending_is_counted(self, ledger: Opened) -> None:
        book = ledger()
        found = tuple(listed(f"{STORY}-{number}") for number in range(5))
        run(book.commit([visit(SOURCE, Role.START, discovered=found), visit(f"{STORY}-0", article=ARTICLE)]))
        run(book.commit([visit(f"{STORY}-1", status=None, retry_reason="timeout")]))
        assert run(book.count_pending(SOURCE)) == (3, 3 * (ROW_CHARS + len(f"{STORY}-2") + len(SOURCE)))
        assert run(book.count_pending("http://other.example/")) == (0, 0)
        assert run(book.count_articles([SOURCE, "http://other.example/"])) == 1

    def test_sources_are_kept_apart(self, ledger: Opened) -> None:
        book, other = ledger(), "https://other.example/"
        run(book.commit([visit(other + "a-story", source=other, article=ARTICLE), visit()]))
        run(book.start_run(1, 2_000))
        assert due(book, 10**10, everything=True) == [STORY]
        assert (run(book.has_articles(other)), run(book.has_articles(SOURCE))) == (True, False)

    def test_a_partial_record_writes_only_what_it_lists(self, ledger: Opened) -> None:
        book = ledger()
        listed = (DiscoveredUrl(url=STORY, role=Role.ARTICLE),)
        run(book.commit([visit(SOURCE, Role.START, etag='"a"', discovered=listed, is_partial=True)]))
        assert run(book.lookup([SOURCE])) == {}
        assert set(run(book.lookup([STORY]))) == {STORY}

    def test_a_failure_keeps_the_validators_and_the_article(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(etag='"a"', article=ARTICLE, output="/a.jsonl")]))
        run(book.commit([visit(at=2_000, status=None, retry_reason="timeout")]))
        assert run(book.lookup([STORY]))[STORY].etag == '"a"'
        assert run(book.has_articles(SOURCE))

    def test_failures_are_counted_in_a_row(self, ledger: Opened) -> None:
        book = ledger()
        for at in (1_000, 1_001):
            run(book.commit([visit(at=at, status=None, retry_reason="timeout")]))
        run(book.commit([visit(at=1_002)]))
        run(book.commit([visit(at=1_003, status=None, retry_reason="timeout")]))
        run(book.start_run(1, 1_004))
        assert due(book, 1_004) == [STORY]  # as after a first failure

    def test_an_article_without_a_new_line_stays_in_its_file(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([visit(article=ARTICLE, output="/a.jsonl")]))
        run(book.commit([visit(at=2_000, article=ARTICLE)]))
        assert run(book.count_articles_in("/a.jsonl")) == 1

    def test_near_duplicates_are_no_candidates(self, ledger: Opened) -> None:
        book = ledger()
        copy = replace(ARTICLE, id="1" * 20, fingerprint="f2", duplicate_of=ARTICLE.id)
        run(book.commit([visit(article=ARTICLE), visit(STORY + "-2", article=copy)]))
        assert [one.id for one in known(book, text=TEXT).similar] == [ARTICLE.id]

    def test_a_later_commit_closes_an_output(self, ledger: Opened) -> None:
        book = ledger()
        run(book.commit([], [Output(path="/a.jsonl", offset=7, is_open=True)]))
        run(book.commit([], [Output(path="/a.jsonl", offset=9, is_open=False)]))
        assert run(book.outputs()) == [Output(path="/a.jsonl", offset=9, is_open=False)]

    def test_a_commit_that_fails_changes_nothing(self, ledger: Opened) -> None:
        book = ledger()
        output = Output(path="/a.jsonl", offset=7, is_open=True)
        with pytest.raises(LedgerError):
            run(book.commit([visit()], [output, Output(path="/b.jsonl", offset=2**70, is_open=True)]))
        assert run(book.lookup([STORY])) == {}
        assert run(book.outputs()) == []

    @pytest.mark.parametrize(("name", "value"), POISON)
    def test_a_value_that_no_database_takes_costs_its_record_alone(
        self, ledger: Opened, name: str, value: object
    ) -> None:
        book = ledger()
        output = Output(path="/a.jsonl", offset=7, is_open=True)
        other = replace(ARTICLE, id="1" * 20, url=STORY + "-2")
        bad = replace(visit(article=ARTICLE), **{name: value})
        refused = run(book.commit([visit(STORY + "-2", article=other), bad], [output]))
        assert run(book.find_article(other.id)) == other
        assert run(book.outputs()) == [output]
        assert len(refused) <= 1
        if name in OF_SERVERS:  # without what the server sent the article is known, and not written again
            assert run(book.find_article(ARTICLE.id)) == ARTICLE

    @pytest.mark.parametrize(("name", "value"), POISON_LISTED)
    def test_a_listing_with_one_url_that_no_database_takes_loses_no_other(
        self, ledger: Opened, name: str, value: object
    ) -> None:
        book = ledger()
        bad = replace(listed(STORY + "-bad"), **{name: value})
        listing = visit(SOURCE, Role.FEED, discovered=(listed(STORY), bad, listed(STORY + "-2")))
        for number, records in enumerate(([listing], [visit("https://other.example/", source="other"), listing])):
            refused = run(book.commit(records))
            assert {one.url for one in refused} <= {bad.url}, number
            assert set(run(book.lookup([STORY, STORY + "-2", SOURCE]))) == {STORY, STORY + "-2", SOURCE}

    def test_runs_are_listed_newest_first(self, ledger: Opened) -> None:
        book = ledger()
        first = run(book.start_run(11, 100))
        run(book.finish_run(first, 160, 0, {"sites": {}}))
        run(book.start_run(12, 200))
        found = run(book.runs(5))
        assert [(one.pid, one.started, one.ended, one.status) for one in found] == [
            (12, 200, None, None),
            (11, 100, 160, 0),
        ]
        assert found[1].report == {"sites": {}}
        assert len(run(book.runs(1))) == 1
        assert [one.id for one in run(book.runs(9, before=found[0].id))] == [one.id for one in found[1:]]
