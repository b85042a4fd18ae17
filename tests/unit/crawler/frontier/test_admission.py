"""Pages and articles are counted together: what is refused by one leaves its place in the other."""

from __future__ import annotations

from scrapy import Request

from crawler.frontier.admission import Admission
from crawler.types import Source
from tests.unit.crawler.contexts import context

A, B = Source(url="http://a.example/"), Source(url="http://b.example/")


def requests(source: Source, count: int, role: str = "article") -> list[Request]:
    return [Request(f"{source.url}{role}/{n}", cb_kwargs={"context": context(source, role)}) for n in range(count)]


def test_a_source_at_its_limit_of_pages_leaves_room_to_others() -> None:
    refused: list[Request] = []
    admission = Admission(100, 10, refused.append)
    assert len(list(admission.admit(requests(A, 300)))) == 10
    assert len(list(admission.admit(requests(B, 300)))) == 10
    assert len(refused) == 580


def test_further_pages_of_an_article_are_always_asked() -> None:
    admission = Admission(None, 1, lambda request: None)
    assert len(list(admission.admit(requests(A, 1)))) == 1
    assert len(list(admission.admit(requests(A, 3, "next")))) == 3


def test_thousands_of_duplicates_in_a_row_are_dropped_one_after_the_other() -> None:
    admission = Admission(1, None, lambda request: None)
    known: set[str] = set()
    sent = []

    def crawl(request: Request) -> None:
        if request.url in known:
            admission.on_duplicate(request, crawl)
        else:
            known.add(request.url)
            sent.append(request)

    for request in admission.admit([*requests(A, 1), *requests(A, 1) * 5_000, *requests(B, 1)]):
        crawl(request)
    assert [request.url for request in sent] == ["http://a.example/article/0"]
    for released in admission.release(A):
        crawl(released)
    assert [request.url for request in sent] == ["http://a.example/article/0", "http://b.example/article/0"]
