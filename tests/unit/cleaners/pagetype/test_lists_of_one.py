"""Pages with one or a few stories of other pages, and pages about a site, are no articles."""

from __future__ import annotations

import pytest

from cleaners import Article, Rejection, clean
from tests.unit.cleaners.pages import SENTENCES, html, story

URL = "https://news.example/tags/lock/"
TARGET = "/2026/11/lock-closes/"
TEXT = " ".join(SENTENCES[:3])
DATE = '<meta property="article:published_time" content="2026-11-01T08:00:00Z">'


def card(title: str, target: str, text: str, *, label: str = "post link to {title}") -> str:
    """A box of a theme whose link lies over all of it."""
    link = f"<a class='entry-link' aria-label='{label.format(title=title)}' href='{target}'></a>"
    return f"<article><header><h2>{title}</h2></header><div><p>{text}</p></div>{link}</article>"


LISTS = {
    "one card": f"<header><h1>Lock</h1></header>{card('Lock to close', TARGET, TEXT)}",
    "two cards": f"<h1>Lock</h1>{card('Lock to close', TARGET, TEXT)}{card('Bridge to open', '/bridge/', TEXT[50:])}",
    "a card with a title": card("Lock to close", TARGET, TEXT).replace("aria-label", "title"),
    "an excerpt between two links": (
        f"<h1><a href='{TARGET}'>Lock to close for eleven weeks</a></h1><p>{TEXT}</p><p>{' '.join(SENTENCES[3:])}</p>"
        f"<a href='{TARGET}'>read more</a>"
    ),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("head", ["", DATE], ids=["undated", "dated"])
def test_stories_of_other_pages_are_a_listing(name: str, head: str) -> None:
    found = clean(html(f"<main>{LISTS[name]}</main>", head, title="Harbour Post"), url=URL)
    assert isinstance(found, Rejection)
    assert (found.stage, found.reason) in {("page_type", "listing"), ("body", "no_text")}


@pytest.mark.parametrize(
    "after",
    [
        card("Bridge to open", "/bridge/", TEXT),  # another story below
        f"<a aria-label='Lock to close for eleven weeks' href='{URL}'></a>",  # a link to the page itself
        f"<a aria-label='share' href='{TARGET}'></a>",
        f"<p><a href='{TARGET}'>read more</a></p>",
    ],
)
def test_a_story_with_such_a_link_is_one(after: str) -> None:
    assert isinstance(clean(story(after=after).replace("</head>", f"{DATE}</head>"), url=URL), Article)


ABOUT = {
    "About this site": "",
    "About": "",
    "About us": '<script type="application/ld+json">{"@type": "Article", "headline": "About us"}</script>',
    "About the Harbour": '<meta property="og:site_name" content="The Old Harbour">',
    "About The Harbour Post": '<meta property="og:site_name" content="The Harbour Post">',
    "Impressum": '<script type="application/ld+json">{"@type": "Article"}</script>',
}


@pytest.mark.parametrize("name", ABOUT)
@pytest.mark.parametrize("title", ["", "The Harbour Post"], ids=["its own title", "the title of the site"])
def test_a_page_about_the_site_is_none(name: str, title: str) -> None:
    page = html(f"<main><article><h1>{name}</h1><p>{TEXT}</p></article></main>", ABOUT[name], title=title or name)
    found = clean(page, url="https://news.example/about/")
    assert isinstance(found, Rejection)
    assert found.reason == "service_page"


@pytest.mark.parametrize("name", ["About the lock that closes", "About 90 people came to the sail loft", "About time"])
def test_a_story_about_something_is_one(name: str) -> None:
    page = html(f"<main><article><h1>{name}</h1><p>{TEXT}</p><p>{TEXT[::-1]}</p></article></main>", DATE, title=name)
    assert not (isinstance(found := clean(page, url=URL), Rejection) and found.reason == "service_page")
