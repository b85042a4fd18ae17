"""Every URL of a record is what the URL standard makes of it, whatever the page has; what is none is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cleaners import Article, Page, Rejection, clean
from cleaners.context import CleanContext
from cleaners.options import Options
from cleaners.urls.resolve import legible_url, resolve_url, standard_url
from tests.unit.cleaners.pages import SENTENCES

HERE = "http://news.example/2026/lock"

MADE = {
    "http://news.example/a\x00b": "http://news.example/a%00b",
    "http://news.example/a\x1bb\x7f": "http://news.example/a%1Bb%7F",
    "http://news.example/a\u0085b": "http://news.example/a%C2%85b",
    "http://news.example/a b": "http://news.example/a%20b",
    "http://news.example/?q=a b&c='d'": "http://news.example/?q=a%20b&c=%27d%27",
    "http://news.example\\a\\b": "http://news.example/a/b",
    "\\a\\b": "http://news.example/a/b",
    "\\\\news.example\\a": "http://news.example/a",
    "http:/a": "http://news.example/a",
    "http://news.example/a\ud800b": "http://news.example/a%EF%BF%BDb",
    "http://news.example/a\u202eb": "http://news.example/a%E2%80%AEb",
    "http://NEWS.example:80/%7Ea/../b": "http://news.example/b",
    "http://reader:secret@news.example/a": "http://news.example/a",
    "http://news.example/über/日本": "http://news.example/%C3%BCber/%E6%97%A5%E6%9C%AC",
    "http://bücher.example/a": "http://xn--bcher-kva.example/a",
    "//news.example/a": "http://news.example/a",
    'http://news.example/a"b<c>d`': "http://news.example/a%22b%3Cc%3Ed%60",
    "http://news.example/a\nb\tc": "http://news.example/abc",
}
"""References of a page, and what the URL standard makes of them."""

NONE = (
    "http://news .example/a", "http://news.example\x00/a", "http://\ud800.example/a", "http://[::1/a", "http://a..b^c/",
    "http://news.example:99999/a", "http://news.example:port/a", "http://news.example:0/a", "http://%zz/a", "http://",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "mailto:a@b.example",
    "vbscript:x", "file:///etc/passwd", "ftp://news.example/a", "blob:http://news.example/a", "about:blank",
    "http://xn--a.example\u00ad:1x/",
)  # fmt: skip
"""References that are no URL of a page."""


@pytest.mark.parametrize("reference", MADE)
def test_a_reference_becomes_what_the_standard_makes_of_it(reference: str) -> None:
    assert resolve_url(HERE, reference) == MADE[reference]
    assert standard_url(MADE[reference]) == MADE[reference]


@pytest.mark.parametrize("reference", NONE)
def test_what_is_no_url_of_a_page_is_left_out(reference: str) -> None:
    assert resolve_url(HERE, reference) is None


def page(reference: str) -> bytes:
    """A page that names a URL wherever a record has one."""
    text = "".join(f"<p>{one}</p>" for one in SENTENCES)
    said = {"@type": "NewsArticle", "headline": "Lock to close", "image": reference, "url": reference}
    updates = [{"@type": "BlogPosting", "headline": "Gate shut", "articleBody": SENTENCES[0], "url": reference}]
    blog = {"@type": "LiveBlogPosting", "headline": "Lock to close", "liveBlogUpdate": updates}
    attr = reference.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    head = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in (said, blog))
    return (
        f'<html><head><link rel="canonical" href="{attr}"><meta property="og:image" content="{attr}">{head}</head>'
        f'<body><main><h1>Lock to close</h1><figure><img src="{attr}"><figcaption>The lock.</figcaption></figure>'
        f'{text}<ul class="related"><li><a href="{attr}">Another story of the harbour and its lock</a></li></ul>'
        f'<p>More <a href="{attr}">of the same lock and its gates</a> in the evening.</p></main></body></html>'
    ).encode("utf-8", "surrogatepass")


def urls(value: Any) -> Iterator[str]:
    """The URLs of a record, by the names of their keys."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ("url", "canonical_url") and part is not None:
                yield part
            yield from urls(part)
    elif isinstance(value, list):
        for part in value:
            yield from urls(part)


@pytest.mark.parametrize("reference", [*MADE, *NONE])
def test_a_record_holds_urls_of_the_standard_alone(reference: str) -> None:
    context = CleanContext(options=Options(with_evidence=True, with_markdown=True))
    article = clean(Page(url=HERE, body=page(reference)), context)
    assert isinstance(article, Article)
    record = article.to_dict()
    assert [url for url in urls(record) if standard_url(url) != url] == []
    said = [one["value"] for one in record["evidence"] if one["field"] == "canonical_url"]
    assert [url for url in said if standard_url(url) != url] == []


@pytest.mark.parametrize("url", [*MADE, *NONE])
def test_a_page_s_own_url_is_of_the_standard_or_its_rejection_can_be_read(url: str) -> None:
    result = clean(Page(url=url, body=page("/a")))
    if isinstance(result, Article):
        assert result.url == (standard_url(url) or url)
        assert standard_url(result.url) == result.url or not url.startswith("http")
    else:
        assert isinstance(result, Rejection)
        assert result.url == legible_url(url)
        assert result.url.isprintable()
        assert "secret" not in result.url
