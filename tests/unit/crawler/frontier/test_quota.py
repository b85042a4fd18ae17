"""No more is asked for than can be wanted."""

from __future__ import annotations

from scrapy import Request

from crawler.frontier.quota import Quota
from crawler.types import Source
from tests.unit.crawler.contexts import context

FREE = Source(url="http://a.example/")
TWO = Source(url="http://b.example/", max_articles=2)


def requests(source: Source, count: int, role: str = "article") -> list[Request]:
    return [Request(f"{source.url}{n}", cb_kwargs={"context": context(source, role)}) for n in range(count)]


def test_without_a_limit_all_pass() -> None:
    assert len(list(Quota(None).admit(requests(FREE, 50)))) == 50


def test_only_articles_are_held_back() -> None:
    quota = Quota(None)
    assert len(list(quota.admit(requests(TWO, 5, "section")))) == 5
    assert len(list(quota.admit(requests(TWO, 5)))) == 2


def test_a_page_that_was_no_article_lets_another_pass() -> None:
    quota = Quota(None)
    assert len(list(quota.admit(requests(TWO, 5)))) == 2
    assert len(list(quota.release(TWO))) == 1
    assert quota.take(TWO)
    assert list(quota.release(TWO)) == []
    assert quota.take(TWO)
    assert not quota.take(TWO)
    assert list(quota.release(TWO)) == []


def test_the_limit_of_the_crawl_is_shared_by_its_sources() -> None:
    quota = Quota(3)
    assert len(list(quota.admit(requests(TWO, 5)))) == 2
    assert len(list(quota.admit(requests(FREE, 5)))) == 1
    assert [request.url[:17] for request in quota.release(TWO)] == ["http://b.example/"]
