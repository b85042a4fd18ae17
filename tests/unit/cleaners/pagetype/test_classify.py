"""What is no article is refused, with the reason."""

from __future__ import annotations

import pytest

from cleaners import Article, Rejection, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

CARDS = "".join(
    f"<article><h3><a href='/s{n}'>{sentence[:60]}</a></h3><p>Teaser {n}: {sentence}</p></article>"
    for n, sentence in enumerate(SENTENCES * 3)
)
BRIEF_CARDS = "".join(
    f"<article><h3><a href='/s{n}'>{sentence[:60]}</a></h3><p>{sentence[60:]}</p></article>"
    for n, sentence in enumerate(SENTENCES * 2)
)
PROSE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
STORIES = "".join(
    f"<h3><a href='/s{n}'>{s[:60]}</a></h3><p>{s}</p><p>{SENTENCES[n]}</p>" for n, s in enumerate(SENTENCES[:2])
)
EXCERPT = f"<h3><a href='/s0'>{SENTENCES[0][:60]}</a></h3><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>"
DATED = '<meta property="article:published_time" content="2026-11-03">'


@pytest.mark.parametrize(
    ("markup", "url", "stage", "reason"),
    [
        (html(f"<h1>World</h1>{CARDS}", title="World"), "http://news.example/world/", "page_type", "listing"),
        (html(CARDS, title="News"), "http://news.example/", "page_type", "listing"),
        (
            html(
                (
                    "<h1>Page not found</h1><p>The page that you asked for may have been moved or taken down. Please "
                    "try a search.</p>"
                ),
                title="404",
            ),
            "http://news.example/x",
            "page_type",
            "error_page",
        ),
        (
            html(
                "<h1>We value your privacy</h1><p>We and our partners use cookies and process personal data. You can "
                "withdraw your consent at any time.</p>" * 3 + "<button>Accept all</button>",
                title="Before you continue",
            ),
            "http://news.example/x",
            "page_type",
            "consent_wall",
        ),
        (html("<p>Too little.</p>", title="x"), "http://news.example/x", "body", "no_text"),
        (html("<p></p>", title=""), "http://news.example/x", "body", "no_text"),
    ],
)
def test_refused(markup: str, url: str, stage: str, reason: str) -> None:
    result = clean(page(markup, url))
    assert isinstance(result, Rejection)
    assert (result.stage, result.reason) == (stage, reason)
    assert result.detail


@pytest.mark.parametrize(
    "markup",
    [
        html(f"<h1>Lock to close</h1>{PROSE}"),
        html(f"<h1>Lock to close</h1>{PROSE}<div class='related'>{BRIEF_CARDS}</div>"),
        html(
            f"<ul>{''.join(f'<li><a href=/s{n}>{s[:60]}</a></li>' for n, s in enumerate(SENTENCES * 5))}</ul><h1>Lock "
            f"to close</h1>{PROSE}"
        ),
        html(f"<h1>Why error 404 became a joke</h1>{PROSE}", title="Why error 404 became a joke"),
        html(f"<h1>Cookies: what the ruling means</h1>{PROSE}", title="Cookies: what the ruling means"),
        html(
            "<h1>Court rules on data</h1>"
            + "".join(f"<p>{s} Consent and personal data were at issue.</p>" for s in SENTENCES),
            title="Court rules on data",
        ),
        html(f"<h1>500 turn out to save the lock</h1>{PROSE}", title="500 turn out to save the lock"),
        html(f"<h1>Boats not found after the storm</h1>{PROSE}", title="Boats not found after the storm"),
        html(f"<h1>Access denied to the northern lock</h1>{PROSE}", title="Access denied to the northern lock"),
    ],
)
def test_accepted(markup: str) -> None:
    assert isinstance(clean(page(markup)), Article)


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "Error 404",
        "404 - Page not found",
        "404 Not Found",
        "Page not found | Harbour Post",
        "Not found",
        "500 Internal Server Error",
        "Seite nicht gefunden",
    ],
)
def test_error_titles(title: str) -> None:
    result = clean(page(html(f"<h1>{title}</h1><p>{SENTENCES[0]} {SENTENCES[1]}</p>", title=title)))
    assert isinstance(result, Rejection)
    assert result.reason == "error_page"


def test_brief_that_says_it_is_an_article_is_one() -> None:
    head = '<meta property="og:type" content="article">'
    assert isinstance(clean(page(html(f"<h1>Lock to close</h1><p>{SENTENCES[0]}</p>", head))), Article)


HEADLINE = "Lock to close for eleven weeks"


@pytest.mark.parametrize("title", [f"{HEADLINE} | Newsletter", f"{HEADLINE} - Archive", f"{HEADLINE} – Kontakt"])
def test_a_section_named_after_the_headline_is_no_service_page(title: str) -> None:
    assert isinstance(clean(page(html(f"<main><h1>{HEADLINE}</h1>{PROSE}</main>", title=title))), Article)


@pytest.mark.parametrize(
    ("title", "reason"),
    [("About us | The Harbour Post", "service_page"), ("Privacy policy", "service_page"), ("Archives", "listing")],
)
def test_a_page_about_the_site(title: str, reason: str) -> None:
    result = clean(page(html(f"<main><h1>{title.partition(' |')[0]}</h1>{PROSE}</main>", title=title)))
    assert isinstance(result, Rejection)
    assert result.reason == reason


def test_a_page_about_the_site_whose_title_begins_with_the_site() -> None:
    masthead = "<header><a href='/'>The Harbour Post <strong>News from the quay</strong></a></header>"
    result = clean(page(html(f"{masthead}<main>{PROSE}</main>", title="The Harbour Post - About")))
    assert isinstance(result, Rejection)
    assert (result.reason, result.detail) == ("service_page", "the page calls itself 'About'")


ARCHIVE = "".join(f"<li><a href='/2026/10/story-{n}'>{s[:50]}</a></li>" for n, s in enumerate(SENTENCES * 5))
NOTE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:2])


@pytest.mark.parametrize(
    ("before", "text", "head", "is_article"),
    [
        pytest.param("<h2>Tuesday, 3 November 2026</h2>", NOTE, "", True, id="a short post with a shown date"),
        pytest.param("", NOTE, DATED, True, id="a short post with a declared date"),
        pytest.param("", NOTE, "", True, id="a short text without a date"),
        pytest.param("", STORIES, DATED, False, id="two whole stories below headlines that lead to them"),
        pytest.param("", EXCERPT, DATED, False, id="an excerpt below a headline that leads to the story"),
        pytest.param("<h2>Tuesday, 3 November 2026</h2>", BRIEF_CARDS, "", False, id="a dated page of excerpts"),
    ],
)
def test_a_likely_or_dated_text_that_other_extractors_read_too_is_an_article(
    before: str, text: str, head: str, *, is_article: bool
) -> None:
    body = (
        f"<div><div>{before}<h3>Lock to close</h3><div>{text}</div><p>posted by Wanda</p></div>"
        f"<div><h4>Previous posts</h4><ul>{ARCHIVE}</ul></div></div>"
    )
    result = clean(page(html(body, head, title="Notes from the quay")))
    assert isinstance(result, Article) is is_article, result


TEASERS = "".join(
    f"<div class='story'><a href='/x{n}'>Council of harbour town number {n} agrees plan for the old market hall</a>"
    f"<p>{SENTENCES[n % 6]}</p></div>"
    for n in range(12)
)


@pytest.mark.parametrize(
    ("text", "head", "is_article"),
    [
        pytest.param(NOTE, DATED, True, id="a short dated text above teasers"),
        pytest.param(NOTE, "", False, id="without a date"),
        pytest.param("", DATED, False, id="nothing but teasers, dated"),
    ],
)
def test_a_date_is_the_second_sign_of_a_short_text_beside_many_headlines(
    text: str, head: str, *, is_article: bool
) -> None:
    body = f"<div class='main'>{text}</div><div class='more'>{TEASERS}</div>"
    result = clean(page(html(body, head, title="Lock to close for a while")))
    assert isinstance(result, Article) is is_article, result
