"""The plan of a crawl is that of its spider; another project's spider has an empty one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cleaners.urls.origin import origin
from crawler.config.arguments import Arguments
from crawler.config.plan import CrawlPlan, plan_of

PLAN = CrawlPlan(is_demo=True)


@pytest.mark.parametrize(
    ("spider", "plan"),
    [
        (None, CrawlPlan()),
        (SimpleNamespace(), CrawlPlan()),
        (SimpleNamespace(plan="five-year"), CrawlPlan()),  # an attribute of another project's spider
        (SimpleNamespace(plan=None, is_demo=True), CrawlPlan()),
        (SimpleNamespace(plan=PLAN), PLAN),
    ],
)
def test_the_plan_is_that_of_the_spider(spider: Any, plan: CrawlPlan) -> None:
    assert plan_of(SimpleNamespace(spider=spider)) == plan  # type: ignore[arg-type]


def test_arguments_make_a_plan_whose_text_has_no_password() -> None:
    plan = Arguments.of({"site": "https://reader:secret@news.example/", "refresh": "all"}).plan
    assert plan.credentials == {origin("https://news.example/"): ("reader", "secret")}
    assert (plan.is_refresh, plan.is_demo, plan.writes_articles_only) == (True, False, True)
    assert [source.url for source in plan.sources] == ["https://news.example/"]
    assert "secret" not in repr(plan)
