"""Why a page is fetched: articles of several pages, and pages that are rendered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scrapy.http import HtmlResponse

from cleaners.context import CleanContext
from cleaners.pipeline import examine, finish
from cleaners.types import Article, ObservedPage, PageResult
from crawler.context import ArticleInProgress, CrawlContext, RenderAttempt
from crawler.ledger.types import FetchRecord
from crawler.types import DiscoveredUrl, Role, Source
from tests.unit.cleaners.pages import page, story

FIRST = "http://news.example/1"
TARGET = DiscoveredUrl(url=FIRST, role=Role.ARTICLE, depth=1)
RECORD = FetchRecord(
    url=FIRST, role=Role.ARTICLE, source="news.example", at=1, status=200, etag='"a"', last_modified="x"
)
BEGUN = ArticleInProgress(source=Source(url="http://news.example/"), target=TARGET, first_fetch=RECORD)


def read(number: int) -> tuple[Article, ObservedPage]:
    """A page of an article, and what was observed of it."""
    sent = page(story(), f"http://news.example/{number}")
    article, _, observed = finish(examine(sent), CleanContext(with_observation=True))
    assert isinstance(article, Article)
    assert observed is not None
    return article, observed


@pytest.mark.parametrize(("is_single", "urls"), [(False, ["1", "2"]), (True, ["2"])])
def test_pages_are_joined_or_replaced_by_the_one_with_the_whole_article(is_single: bool, urls: list[str]) -> None:
    article = replace(BEGUN.joined(*read(1)), is_single=is_single).joined(*read(2))
    assert [one.url[-1] for one in article.pages] == urls
    assert len(article.observed) == len(urls)
    assert len({one.observation.page for one in article.observed}) == 1


def test_the_next_page_has_the_url_of_the_first_and_its_own_role() -> None:
    context = CrawlContext.of_next_page(BEGUN.joined(*read(1)))
    assert (context.target.url, context.role) == (FIRST, Role.NEXT)
    assert context.article is not None
    assert CrawlContext.of_article(context.article).target == context.target


def test_an_article_without_its_next_page_is_fetched_again_unconditionally() -> None:
    record = BEGUN.without_next_page("http_503").first_fetch
    assert (record.etag, record.last_modified, record.retry_reason) == (None, None, "http_503")


@pytest.mark.parametrize("helped", [True, False])
def test_a_page_is_rendered_once(helped: bool) -> None:
    plain = PageResult(result=read(1)[0])
    context = CrawlContext(source=BEGUN.source, target=TARGET)
    assert context.plain is None
    rendering = RenderAttempt.of(plain, HtmlResponse(FIRST, headers={"X-Robots-Tag": "noai"}))
    context = replace(context, rendering=rendering)
    assert context.plain == plain
    assert context.plain_response.headers["X-Robots-Tag"] == b"noai"
    context = context.rendered(helped=helped)
    assert context.plain is None
    assert context.rendering == RenderAttempt(helped=helped)
