"""What the head says, most trusted source first."""

from __future__ import annotations

import codecs
import json
from datetime import UTC, datetime

import pytest

from cleaners import Article, Image, Page, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

BODY = (
    "<h1>Lock to close for eleven weeks</h1><div>" + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES) + "</div>"
)


def article(head: str = "", body: str = BODY, title: str = "Lock to close for eleven weeks") -> Article:
    result = clean(page(html(body, head, title)))
    assert isinstance(result, Article), result
    return result


def ld(**fields: object) -> str:
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Lock to close for eleven weeks",
        **fields,
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("head", "field", "expected"),
    [
        (ld(datePublished="2026-10-31T08:15:00+01:00"), "published", "2026-10-31T08:15:00+01:00"),
        (ld(datePublished="20 Nov 2019 08:02 GMT"), "published", "2019-11-20T08:02:00+00:00"),
        (
            '<meta property="article:published_time" content="2026-10-31T08:15:00Z">',
            "published",
            "2026-10-31T08:15:00+00:00",
        ),
        *(
            (f'<meta name="{name}" content="2026-10-31">', "published", "2026-10-31")
            for name in ("vendor:article_published_time", "published-date", "w-Published-Date", "prism.publicationDate")
        ),
        ('<meta name="lastPublishedDate" content="2026-10-31">', "published", None),
        ('<meta name="vendor:last_published" content="2026-10-31">', "published", None),
        ('<meta property="article:modified_time" content="2026-10-31">', "published", None),
        (
            ld(datePublished="2026-10-31T01:15:20Z")
            + '<meta property="article:published_time" content="2026-10-30T19:15:00-06:00">',
            "published",
            "2026-10-30T19:15:00-06:00",
        ),
        (
            ld(datePublished="2026-10-31T01:15:20Z")
            + '<meta property="article:published_time" content="2026-10-30T18:15:20-06:00">',
            "published",
            "2026-10-31T01:15:20+00:00",
        ),
        (ld(**{"@type": "WebPage", "datePublished": "2026-10-31"}), "published", "2026-10-31"),
        (
            '<meta name="date" content="2026-10-30">' + ld(**{"@type": "WebPage", "datePublished": "2026-10-31"}),
            "published",
            "2026-10-30",
        ),
        (ld(dateModified="2026-10-31"), "modified", "2026-10-31"),
        (ld(author={"@type": "Person", "name": "Mara Dell"}), "authors", ("Mara Dell",)),
        (ld(author=[{"name": "Mara Dell"}, {"name": "Tobin Ashe"}]), "authors", ("Mara Dell", "Tobin Ashe")),
        (ld(author="By Mara Dell"), "authors", ("Mara Dell",)),
        ('<meta name="author" content="Mara Dell">', "authors", ("Mara Dell",)),
        ('<meta property="article:author" content="https://facebook.example/mara">', "authors", ()),
        ('<meta property="og:site_name" content="Harbour Post">', "site_name", "Harbour Post"),
        (ld(publisher={"name": "Harbour Post"}), "site_name", "Harbour Post"),
        (ld(articleSection="News"), "section", "News"),
        ('<meta property="article:section" content="News">', "section", "News"),
        (ld(keywords="locks, boats"), "tags", ("locks", "boats")),
        (ld(keywords=["locks", "boats", "locks"]), "tags", ("locks", "boats")),
        (
            '<meta property="article:tag" content="locks"><meta property="article:tag" content="boats">',
            "tags",
            ("locks", "boats"),
        ),
        ('<meta name="keywords" content="news, site, words">', "tags", ()),
        ('<meta name="description" content="Skippers must move.">', "description", "Skippers must move."),
        (ld(description="A &amp; B <b>bold</b>"), "description", "A & B bold"),
        ('<meta property="og:image" content="/pic.jpg">', "images", (Image(url="http://news.example/pic.jpg"),)),
        (ld(image={"url": "http://news.example/p.jpg"}), "images", (Image(url="http://news.example/p.jpg"),)),
        (ld(isAccessibleForFree=False), "free_access", False),
        (ld(isAccessibleForFree="True"), "free_access", True),
        (ld(hasPart={"@type": "WebPageElement", "isAccessibleForFree": "false"}), "free_access", False),
        ('<meta property="article:content_tier" content="metered">', "free_access", False),
        ("", "free_access", None),
        ('<link rel="canonical" href="/lock-closes">', "canonical_url", "http://news.example/lock-closes"),
        ('<link rel="canonical" href="http://www.news.example/lock">', "canonical_url", "http://www.news.example/lock"),
        ('<link rel="canonical" href="http://other.example.org/lock">', "canonical_url", None),
        ('<link rel="canonical" href="/">', "canonical_url", None),
        ('<link rel="canonical" href="javascript:x">', "canonical_url", None),
        ("", "language", "en"),
    ],
)
def test_field(head: str, field: str, expected: object) -> None:
    assert getattr(article(head), field) == expected


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[1, 2",
        '"text"',
        "null",
        '{"@type": 5}',
        (
            '{"@type": "NewsArticle", "author": {"name": {"name": {}}}, "image": [[]], "keywords": 7, '
            '"datePublished": [1]}'
        ),
        '[{"@graph": [' * 50,
    ],
)
def test_json_ld_that_lies_does_no_harm(script: str) -> None:
    assert article(f'<script type="application/ld+json">{script}</script>').text.startswith("The harbour board")


def test_json_ld_with_trailing_comma_and_cdata_is_read() -> None:
    script = (
        '<script type="application/ld+json">/*<![CDATA[*/ {"@type": "NewsArticle", "headline": "Lock '
        'to close for eleven weeks", "articleSection": "News",} /*]]>*/</script>'
    )
    assert article(script).section == "News"


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        (
            "Lock to close for eleven weeks | Harbour Post",
            "Lock to close for eleven weeks",
            "Lock to close for eleven weeks",
        ),
        (
            "Lock closes | Harbour Post",
            "Lock closes for eleven weeks from Monday",
            "Lock closes for eleven weeks from Monday",
        ),
        ("Lock to close for eleven weeks", "Harbour Post", "Lock to close for eleven weeks"),
    ],
)
def test_title_is_the_one_readers_see(title: str, heading: str, expected: str) -> None:
    body = BODY.replace("<h1>Lock to close for eleven weeks</h1>", f"<h1>{heading}</h1>")
    assert article('<meta property="og:site_name" content="Harbour Post">', body, title).title == expected


def test_language_is_what_the_text_is() -> None:
    german = (
        (
            "Die Schleuse bleibt elf Wochen lang geschlossen, weil ihre Tore ersetzt werden müssen, teilte die "
            "Verwaltung mit."
        ),
        "Wer ein Boot oberhalb der Schleuse liegen hat, muss es bis zum Monatsersten verlegen oder dort liegen lassen.",
        "Die Arbeiten kosten rund zwei Millionen und werden aus einer Abgabe auf jedes durchfahrende Schiff bezahlt.",
    )
    body = "<h1>Schleuse</h1><div>" + "".join(f"<p>{sentence}</p>" for sentence in german) + "</div>"
    assert article(body=body, title="Schleuse").language == "de"


def test_dates_are_never_after_the_fetching() -> None:
    markup = html(BODY, ld(datePublished="2031-01-01T00:00:00Z"))
    result = clean(
        Page(url="http://news.example/x", body=markup.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))
    )
    assert isinstance(result, Article)
    assert result.published is None or result.published < "2026-11-03"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["itemprop", "itemProp", "ITEMPROP"])
def test_microdata_is_found_in_any_case_and_encoding(name: str, encoding: str) -> None:
    body = html(f"<p><time {name}='datePublished' datetime='2026-10-31T08:15:00Z'></time></p>{BODY}").encode(encoding)
    bom = {"utf-8": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    result = clean(page(bom + body))
    assert isinstance(result, Article)
    assert result.published == "2026-10-31T08:15:00+00:00"


ITEM = "<div itemscope itemtype='https://schema.org/{}'>{}<time itemprop=datePublished datetime='{}'></time></div>"


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (BODY + ITEM.format("Comment", "<p>A reader.</p>", "2026-11-05"), None),
        (BODY + ITEM.format("Comment", "<p><meta itemprop=datePublished content=2026-11-04></p>", "2026-11-05"), None),
        (ITEM.format("Article", "<h2>Bakers open a shop</h2>", "2026-11-05")
         + ITEM.format("Article", BODY, "2026-10-31"), "2026-10-31"),
        (ITEM.format("Article", BODY, "2026-10-31"), "2026-10-31"),
    ],
    ids=["a comment's", "a comment's, in a meta element", "a teaser's before the article's", "the article's"],
)  # fmt: skip
def test_microdata_of_other_items_is_not_the_articles(body: str, published: str | None) -> None:
    assert article(body=body).published == published
