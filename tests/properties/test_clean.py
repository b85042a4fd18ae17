"""Whatever a server sends: no exception, always valid, always the same."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cleaners import Article, Page, Rejection, clean
from cleaners.html.links import page_number
from cleaners.metadata.dates import parse_date
from cleaners.metadata.jsonld import boolean, names, text, url
from cleaners.record.schema import schema
from cleaners.record.serialize import to_json
from cleaners.text.normalise import match_key, normalise
from crawler.config.sources import SourceError, parse_source
from crawler.frontier.link_classifier import classify_link
from crawler.reasons import NotFetched
from crawler.types import Role
from tests.golden import cases
from tests.properties.limits import bounded
from tests.unit.cleaners.pages import story

VALIDATOR = Draft202012Validator(schema())
BODIES = [cases.load(folder).body for folder in cases.page_cases()]
TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<b>",
        "<a href=/x>",
        "<h1><a href='http://[x'>t</a></h1>",
        "<a href='http://a:b/'>t</a>",
        "<link rel=canonical href='http://['>",
        "<base href='//['>",
        "<img src='http://[::'><figcaption>c</figcaption>",
        "</a>",
        "<h1>",
        "<ul><li>",
        "<script>",
        "<!--",
        "<figure>",
        "<img src=x>",
        "<blockquote class=pullquote>",
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":',
        "</script>",
        "&#xD800;",
        "\u2028",
        "\u202e",
        "\x00",
        "&amp;",
    ]
)
MARKUP = st.lists(st.one_of(TAGS, st.text(max_size=80)), max_size=60).map("".join)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(page: Page) -> None:
    with bounded():
        result = clean(page)
        line = to_json(result)
    assert isinstance(result, Article | Rejection)
    record = json.loads(line.encode())
    assert len(line.splitlines()) == 1
    if isinstance(result, Article):
        VALIDATOR.validate(record)
    assert clean(page) == result


@QUICK
@given(MARKUP, st.sampled_from([None, "text/html", "text/html; charset=utf-16", "text/html; charset=gb2312"]))
def test_any_markup(markup: str, content_type: str | None) -> None:
    check(
        Page(
            url="http://a.example/x",
            body=f"{story()}{markup}".encode("utf-8", "surrogatepass"),
            content_type=content_type,
        )
    )


@QUICK
@given(st.sampled_from(BODIES), st.data())
def test_cut_and_damaged_pages(body: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    damage = data.draw(st.binary(max_size=40))
    check(Page(url="http://a.example/x", body=body[:start] + damage + body[start + data.draw(st.integers(0, 2000)) :]))


@QUICK
@given(st.binary(max_size=500))
def test_any_bytes(body: bytes) -> None:
    check(Page(url="http://a.example/x", body=body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda x: (
        st.lists(x, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "name", "headline", "author", "image", "url", "@graph"]), x, max_size=4
        )
    ),
)


@QUICK
@given(JSON)
def test_any_json_ld(value: object) -> None:
    assert text(value) is None or isinstance(text(value), str)
    assert all(isinstance(name, str) for name in names(value))
    assert url(value) is None or isinstance(url(value), str)
    assert boolean(value) in (True, False, None)
    node = json.dumps({"@type": "NewsArticle", "author": value, "headline": value})
    body = f'<script type="application/ld+json">{node}</script>{story()}'
    check(Page(url="http://a.example/x", body=body.encode()))


@QUICK
@given(st.text(max_size=80))
def test_small_parsers(value: str) -> None:
    assert parse_date(value, None) is None or isinstance(parse_date(value, None), str)
    assert normalise(normalise(value)) == normalise(value)
    assert match_key(match_key(value)) == match_key(value)
    page_number("http://a.example/" + value)
    page_number("http://a.example/x?page=" + value.replace("#", ""))
    found = classify_link("http://a.example/" + value, value, "http://a.example/")
    assert found is None or isinstance(found, (Role, NotFetched))
    try:
        parse_source(value)
    except SourceError as error:
        assert str(error)  # noqa: PT017  the one exception that is named
