"""Pages made to cost: each is cleaned in bounded time, and nothing escapes."""

from __future__ import annotations

import json
import time

import pytest

from cleaners import Article, Rejection, clean
from tests.unit.cleaners.pages import SENTENCES, page, story

SECONDS = 8.0
"""CPU time that is bounded here; the pool's deadline is 10 s, and each took 18 to 43 s before it was mended."""


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def nested(depth: int) -> object:
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


QUOTES = "".join(
    f"<p>{SENTENCES[n % 6]} Number {n} of the tales of the lock.</p><blockquote>{SENTENCES[n % 6]} Tale "
    f"{n * 7}.</blockquote>"
    for n in range(300)
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            story(
                ld(
                    {
                        "@type": "NewsArticle",
                        "headline": nested(900),
                        "author": nested(900),
                        "image": nested(900),
                        "keywords": nested(900),
                    }
                )
            ),
            id="nested JSON-LD",
        ),
        pytest.param(story("<div itemprop=keywords>" * 250 + "word " * 400_000), id="nested microdata"),
        pytest.param(story(QUOTES), id="many quotes"),
        pytest.param(story("<div>" + "word word <br>" * 30_000 + "</div>"), id="many line breaks"),
        pytest.param(
            story(
                "".join(
                    f"<figure><img src=/{n}.jpg><figcaption>Picture {n}</figcaption></figure>" for n in range(6_000)
                )
            ),
            id="many pictures",
        ),
        pytest.param(story(f"<script type='application/ld+json'>-->{' ' * 30_000}x</script>"), id="spaces in a script"),
        pytest.param(story(f"<p>{' ' * 200_000}</p><p>{'(' * 20_000}</p><p>{'a.' * 20_000}</p>"), id="long runs"),
        pytest.param(story(f"<p class='{'related ' * 100_000}'>x</p>"), id="a long class"),
        pytest.param(story("<a href='/x'>word</a> " * 30_000), id="many links"),
        pytest.param(story("<p>x</p>" * 30_000), id="many siblings"),
    ],
)
def test_cost_is_bounded(markup: str) -> None:
    begun = time.process_time()
    result = clean(page(markup))
    assert isinstance(result, Article | Rejection)
    assert time.process_time() - begun < SECONDS


def test_article_inside_twenty_thousand_divs_is_found() -> None:
    result = clean(page(story().replace("<main>", "<main>" + "<div>" * 20_000)))
    assert isinstance(result, Article)
    assert result.text.split("\n") == list(SENTENCES)
