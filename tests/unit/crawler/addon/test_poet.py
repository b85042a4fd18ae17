"""Page objects: their fields are those of the format zyte, with what the page has besides its record."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from itemadapter import ItemAdapter
from web_poet import HttpResponse
from zyte_common_items import ZyteItemAdapter

from crawler.addon.poet import CleanedPage, CopydeskArticlePage
from crawler.addon.poet.zyte import to_zyte

URL = "https://news.example/harbour/quay-lights"

CRUMBS = '<p class="breadcrumb"><a href="/">Home</a> › <a href="/harbour|1">Harbour</a></p>'

PAGE = """<html lang="en"><head><meta property="og:type" content="article">
<meta property="article:section" content="Harbour"><meta name="author" content="Mara Dell">
<meta property="article:published_time" content="2026-10-27T21:05:00+01:00">
<title>Quay lights stay on all night</title></head><body><nav>%s</nav><article><h1>Quay lights stay on all night</h1>
<p class="byline">By Mara Dell</p><p class="date">%s</p>%s</article></body></html>"""

TEXT = "<p>The lamps along the quays stay lit until dawn, councillors decided on Tuesday after three hours.</p>"


class Adapter(ItemAdapter):
    ADAPTER_CLASSES = [ZyteItemAdapter]  # noqa: RUF012  itemadapter's own way


def page_object(body: str, status: int = 200) -> CopydeskArticlePage:
    response = HttpResponse(URL, body.encode(), status=status, headers={"Content-Type": "text/html; charset=utf-8"})
    return CopydeskArticlePage(response=response, cleaned=CleanedPage(response))


def item_values(page: CopydeskArticlePage) -> dict[str, Any]:
    return dict(Adapter(asyncio.run(page.to_item())).asdict())


@pytest.mark.parametrize(
    ("crumbs", "date", "values"),
    [
        (
            CRUMBS,
            "Published on October 27, 2026",
            {
                "datePublishedRaw": "Published on October 27, 2026",
                "breadcrumbs": [
                    {"name": "Home", "url": "https://news.example/"},
                    {"name": "Harbour", "url": "https://news.example/harbour%7C1"},
                ],
            },
        ),
        ("", "", {"datePublishedRaw": "2026-10-27T21:05:00+01:00", "breadcrumbs": [{"name": "Harbour"}]}),
    ],
)
def test_fields_are_of_the_page_or_else_of_its_record(crumbs: str, date: str, values: dict[str, Any]) -> None:
    page = page_object(PAGE % (crumbs, date, TEXT * 5))
    item = item_values(page)
    record = to_zyte(page.cleaned.article.to_dict())
    assert {name for name in item if item[name] != record.get(name)} <= {*values, "articleBodyHtml"}
    assert {name: item[name] for name in values} == values
    assert item["articleBodyHtml"].startswith("<article>")
    assert (item["authors"], item["datePublished"]) == ([{"name": "Mara Dell"}], "2026-10-27T21:05:00+01:00")


@pytest.mark.parametrize(("body", "status", "reason"), [("<p>x</p>", 200, "no_text"), (PAGE, 404, "http_404")])
def test_a_page_that_is_no_article_says_why(body: str, status: int, reason: str) -> None:
    item = item_values(page_object(body, status))
    assert set(item) == {"url", "metadata"}
    assert (item["url"], item["metadata"]["probability"]) == (URL, 0.0)
    assert item["metadata"]["dateDownloaded"].endswith("Z")
    assert item["metadata"]["validationMessages"]["articleBody"][0].startswith(f"{reason}: ")
