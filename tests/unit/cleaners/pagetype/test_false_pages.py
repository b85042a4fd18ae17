"""Pages that are no articles, as publishing software makes them: each is refused, and an article like it is not."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
SITE = "<header><a href='/'>Harbour Post</a><nav><a href='/local/'>Local</a> <a href='/about/'>About</a></nav></header>"
FOOT = "<footer><p>© 2026 Harbour Post</p></footer>"
STORIES = (
    "Bakers open a shop in the lower town", "Ferry to run all winter for the first time",
    "School roof to be mended in May", "Choir sings for a new organ at the quay",
    "Mill turns again after forty years", "Otters return to the upper canal",
)  # fmt: skip


def reason(body: str, title: str, head: str = "", url: str = "http://news.example/x/") -> str | None:
    """Why a page is refused; None for an article."""
    found = clean(page(html(SITE + body + FOOT, head, title=f"{title} | Harbour Post"), url=url))
    return None if isinstance(found, Article) else str(found.reason)


def entry(number: int, *, more: bool = True, tag: str = "h2", linked: bool = True) -> str:
    """An entry of a list: headline, date, excerpt."""
    name, href = STORIES[number % len(STORIES)], f"/stories/{number}/"
    heading = f"<a href='{href}'>{name}</a>" if linked else name
    link = f"<a class=more href='{href}'>Continue reading</a>" if more else ""
    date = f"<time datetime='2026-11-0{number + 1}'>{number + 1} November 2026</time>"
    text = SENTENCES[number % len(SENTENCES)]
    return f"<article class=entry><{tag}>{heading}</{tag}>{date}<p>{text}</p>{link}</article>"


def entries(count: int, **kinds: object) -> str:
    """Some entries."""
    return "".join(entry(number, **kinds) for number in range(count))  # type: ignore[arg-type]


FORM = "<form method=post><label>{}: <input type=password name=p></label><button>Enter</button></form>"
GATE = "<p>This page is for our staff. To view it, enter the password that the editor of this site gave you.</p>"
CARD = "<a class=card href='/stories/{0}/'><img src='/{0}.jpg' alt=''><h3>{1}</h3><p>{2}</p></a>"
OG = "<meta property='og:type' content='article'>"


def cards(count: int) -> str:
    """Cards of other stories, each one link."""
    return "".join(CARD.format(n, STORIES[n % 6], SENTENCES[n % 6]) for n in range(count))


MEMBERS = "<div class=gate><h2>This story is for members</h2><p>Log in, or join today.</p></div>"


@pytest.mark.parametrize(
    ("body", "title", "head"),
    [
        (f"<main><article><h1>Protected: Rota</h1>{GATE}{FORM.format('Password')}</article></main>", "Rota", OG),
        (f"<main><article><h1>Rota</h1><p>Please sign in.</p>{FORM.format('Key')}</article></main>", "Rota", OG),
        (f"<main><h1>Local</h1>{entry(0)}</main>", "Local", ""),
        (f"<main><h1>Category: Local</h1>{entry(0)}</main>", "Local", ""),
        (f"<main><h1>November 2026</h1>{entry(0, more=False)}</main>", "November 2026", ""),
        (f"<main><h1>Articles by Mara Dell</h1>{entry(0, more=False)}</main>", "Mara Dell", ""),
        (f"<main>{entries(5)}</main>", "News from the harbour", ""),
        (f"<main>{entries(5, more=False)}</main>", "News from the harbour", ""),
        (f"<main>{entries(5, tag='h3')}</main>", "News from the harbour", ""),
        (f"<main><h1>All stories from the lower town</h1>{entries(4)}</main>", "All stories from the lower town", ""),
        (f"<main>{entries(5, linked=False)}</main>", "News from the harbour", ""),
        (f"<main><article><h1>Lock to close</h1>{MEMBERS}</article><section>{cards(4)}</section></main>",
         "Lock to close", OG),
        (f"<main><article><h1>Lock to close</h1>{MEMBERS}</article><section>{entries(4, tag='h3')}</section></main>",
         "Lock to close", OG),
        (f"<main><h1>About us</h1>{BODY}</main>", "About us", ""),
        (f"<main><h1>About the Harbour Post</h1>{BODY}</main>", "About the Harbour Post", ""),
        (f"<main><h1>Who writes the Post?</h1>{BODY}</main>", "About", ""),
    ],
    ids=[
        "password", "password by another name", "category of one", "named category of one", "month of one",
        "author of one", "articles with excerpts", "without links", "smaller headings", "headed list",
        "headings without links", "members only, cards", "members only, entries", "about us", "about the Post",
        "title in the head only",
    ],
)  # fmt: skip
def test_page_that_is_no_article(body: str, title: str, head: str) -> None:
    assert reason(body, title, head) is not None


TITLE = "Lock to close for eleven weeks"
H1 = f"<h1>{TITLE}</h1>"
LIVE = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Lock to close"}</script>'
POSTS = "".join(entry(number).replace("/stories/", "/x/posts/") for number in range(5))
LOGIN = f"<aside>{FORM.format('Password')}</aside>"


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (f"<main><article>{H1}{BODY}</article>{LOGIN}</main>", ""),
        (f"<main><article>{H1}{BODY}</article><section>{entries(4)}</section></main>", ""),
        (f"<main><article>{H1}{BODY}</article><section>{cards(6)}</section></main>", OG),
        (f"<main><article>{H1}<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>{entries(3)}</main>", OG),
        (f"<main>{H1}<p>{SENTENCES[0]} {SENTENCES[1]}</p>{entries(4)}</main>", OG),
        (f"<main>{H1}<p>{SENTENCES[0]}</p>{POSTS}</main>", LIVE),
    ],
    ids=["with a login", "with a list below", "with cards below", "a short one with a list below",
         "a list with an introduction", "live blog"],
)  # fmt: skip
def test_article_like_it(body: str, head: str) -> None:
    assert reason(body, TITLE, head) is None
