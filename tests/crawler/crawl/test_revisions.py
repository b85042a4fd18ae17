"""New, changed, as before, or another's."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cleaners import Article, clean
from crawler.crawl.revisions import Judgement, judge, whole
from crawler.ledger.minhash import similarity
from crawler.ledger.types import ArticleState
from crawler.listings.types import News
from tests.cleaners.pages import SENTENCES, page, story

URL = "http://news.example/lock-closes"


def article(text: str = "", url: str = URL) -> Article:
    found = clean(page(story(f"<p>{text}</p>" if text else ""), url=url))
    assert isinstance(found, Article)
    return found


def judge(found: Article, book: dict[str, ArticleState]) -> Judgement:
    class RequestStore:
        async def article(self, id_: str) -> ArticleState | None:
            return book.get(id_)

        async def same(self, fingerprint: str) -> list[ArticleState]:
            return [one for one in book.values() if one.fingerprint == fingerprint]

        async def alike(self, signature: bytes) -> tuple[ArticleState, float] | None:
            scored = [(one, similarity(one.signature or b"", signature)) for one in book.values()]
            return next(((one, share) for one, share in scored if share >= 0.8), None)

    judgement = asyncio.run(judge(found, RequestStore()))
    book[judgement.kept.id] = judgement.kept
    return judgement


MORE = "The board also said that nobody would be charged for a mooring below the lock until the gates are back."


def test_states_of_one_article() -> None:
    book: dict[str, ArticleState] = {}
    first = judge(article(), book)
    again = judge(article(), book)
    changed = judge(article(MORE), book)
    assert [one.state for one in (first, again, changed)] == ["new", "unchanged", "changed"]
    assert [one.article.revision for one in (first, again, changed)] == [1, 1, 2]
    assert changed.article.previous == first.kept.fingerprint
    assert changed.article.id == first.article.id


def test_the_same_text_elsewhere_is_a_duplicate_of_the_first() -> None:
    book: dict[str, ArticleState] = {}
    first = judge(article(), book)
    second = judge(article(url="http://other.example/lock"), book)
    third = judge(article(url="http://third.example/lock"), book)
    for one in (second, third):
        assert one.state == "duplicate"
        assert one.article.duplicate_of is not None
        assert one.article.duplicate_of.id == first.article.id
    again = judge(article(url="http://other.example/lock"), book)
    assert (again.state, again.article.duplicate_of) == ("unchanged", second.article.duplicate_of)


def test_the_same_text_at_another_address_of_the_site_is_the_same_article() -> None:
    book: dict[str, ArticleState] = {}
    first = judge(article(), book)
    second = judge(article(url="http://www.news.example/lock-closes?sid=7"), book)
    assert (second.state, second.kept) == ("unchanged", first.kept)


def test_a_duplicate_that_becomes_a_story_of_its_own_is_none_any_more() -> None:
    book: dict[str, ArticleState] = {}
    judge(article(), book)
    judge(article(url="http://other.example/lock"), book)
    own = replace(article(url="http://other.example/lock"), text=" ".join(f"word{n} of another story" for n in range(90)))
    changed = judge(own, book)
    assert (changed.state, changed.article.duplicate_of, changed.kept.duplicate_of) == ("changed", None, None)


def test_two_pages_of_one_canonical_address_are_one_article() -> None:
    book: dict[str, ArticleState] = {}
    one = replace(article(), canonical_url=URL)
    two = replace(article(url="http://news.example/print/lock-closes"), id=one.id, canonical_url=URL, text=one.text + " Printed.")
    assert [judge(found, book).state for found in (one, two)] == ["new", "unchanged"]


def test_a_news_sitemap_fills_what_the_page_leaves_out_and_is_told_as_evidence() -> None:
    news = News(published="2026-11-02T10:00:00+00:00", title="Lock shut")
    found = whole((replace(article(), published=None, evidence=()),), news)
    assert (found.published, found.title) == (news.published, "Lock to close for eleven weeks")
    assert [(one.field, one.agrees) for one in found.evidence or ()] == [("published", True), ("title", False)]
    assert whole((article(),), None) == article()


@pytest.mark.parametrize("text", [SENTENCES[0] * 3, "A story of something else altogether, told in words that stand nowhere else."])
def test_a_canonical_link_that_names_another_page_is_not_believed(text: str) -> None:
    book: dict[str, ArticleState] = {}
    one = replace(article(), canonical_url=URL)
    two = replace(article(url="http://news.example/other"), id=one.id, canonical_url=URL, text=text)
    states = [judge(found, book) for found in (one, two)]
    assert [found.state for found in states] == ["new", "new"]
    assert states[0].article.id != states[1].article.id
    assert states[1].article.canonical_url is None
