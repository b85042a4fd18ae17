"""What belongs to the article and what to others: dates, names, sections and tags of the templates of real software."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from cleaners.urls.day import day_in_url
from tests.unit.cleaners.pages import SENTENCES, html, page

BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
TITLE = "<h1>Lock to close for eleven weeks</h1>"
URL = "http://news.example/lock-closes"


def article(markup: str) -> Article:
    found = clean(page(html(markup), url=URL))
    assert isinstance(found, Article), found
    return found


MENU = "".join(f"<a href='/category/{name.lower()}/'>{name}</a> " for name in ("Local", "World", "Sport", "Opinion"))


WORDPRESS = (
    "Categorized as <a href='/category/local/' rel='category tag'>Local</a> "
    "Tagged <a href='/tag/lock/' rel=tag>lock</a>, <a href='/tag/canal/' rel=tag>canal</a>"
)
PLAIN = "In <a href='/?cat=3'>Local</a>, tagged <a href='/?tag=lock'>lock</a>"
HEXO = "<a href='/categories/Local/'>Local</a>"
HEXO_TAGS = "<ul><li><a href='/tags/lock/'>lock</a></li></ul>"


@pytest.mark.parametrize(
    ("markup", "section", "tags"),
    [
        (f"<nav>{MENU}</nav><main>{TITLE}{BODY}</main>", None, ()),
        (f"<div id=m>{MENU}</div><main>{TITLE}{BODY}</main>", None, ()),
        (f"<main><article>{TITLE}{BODY}<footer>{WORDPRESS}</footer></article></main>", "Local", ("lock", "canal")),
        (f"<main><article>{TITLE}{BODY}<footer>{PLAIN}</footer></article></main>", "Local", ("lock",)),
        (f"<article><header>{TITLE}<div>{HEXO}</div></header>{BODY}{HEXO_TAGS}</article>", "Local", ("lock",)),
    ],
    ids=["menu", "menu of divs", "WordPress", "WordPress, plain permalinks", "Hexo"],
)
def test_section_and_tags(markup: str, section: str | None, tags: tuple[str, ...]) -> None:
    found = article(markup)
    assert (found.section, found.tags) == (section, tags)


OWN = "<time datetime='2026-11-01T08:00:00Z'><a href='{}'>1 November 2026</a></time>"
PICTURE = "<figure><img src='/wp-content/uploads/2026/10/lock.jpg' alt=''></figure>"
COMMENT = (
    "<div id=comments class=comments><h2>One response</h2><div class=comment><div class=comment-author>Rosa Timm</div>"
    "<time datetime='2026-11-03T10:00:00Z'><a href='/lock-closes#comment-3'>3 November 2026</a></time>"
    "<p>I have lived beside the lock for thirty years and nobody has told me any of this before today.</p></div></div>"
)
FLOOD = "<p>The last flood here, on 4 March 2019, closed the lock for a week, and the mill for a year.</p>"
DATELINE = "<p>Corran, 4 March 2019 – The lock is closed for good, the harbour board said on Monday.</p>"
EXACT = "Published: <time datetime='2026-11-01T08:00:00+00:00'>1 November 2026</time>"
TEASER = "<h2>More posts</h2><ul><li><h3><a href='/bakers'>Bakers open a shop in the lower town</a></h3>{}</li></ul>"


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        (f"<main>{TITLE}<p class=meta>By Mara Dell</p>{BODY}</main>"
         + TEASER.format("<time datetime='2026-11-20T08:00:00Z'>20 November</time>"), None),
        (f"<main><article>{TITLE}{BODY}<footer>{EXACT}</footer></article></main>", "2026-11-01T08:00:00+00:00"),
        (f"<main>{TITLE}{BODY}</main><footer>© 2026 The Post</footer>", None),
        (f"<main>{TITLE}{BODY}</main>" + TEASER.format(OWN.format("/lock-closes")), "2026-11-01T08:00:00+00:00"),
        (f"<main>{TITLE}{BODY}</main>" + TEASER.format(OWN.format("/bakers")), None),
        (f"<main>{TITLE}{PICTURE}{BODY}</main>", None),
        (f"<main>{TITLE}{BODY}{COMMENT}</main>", None),
        (f"<main>{TITLE}{BODY}{FLOOD}{BODY}</main>", None),
        (f"<main>{TITLE}{DATELINE}{BODY}</main>", "2019-03-04"),
        (f"<main>{TITLE}<div>4 March 2019</div>{BODY}</main>", "2019-03-04"),
        (f"<main>{TITLE}{BODY}<p>Posted on 4 March 2019</p></main>", "2019-03-04"),
        (f"<main>{TITLE}{BODY}</main><p class=meta>Mara Dell, 4 March 2019 - 10:12</p>", "2019-03-04"),
        (f"<script>data = {{'created': '2019-03-04'}}</script><main>{TITLE}{BODY}</main>", None),
        (f"<main data-date='2019-03-04'>{TITLE}<time datetime='2019-03-04'></time>{BODY}</main>", None),
    ],
    ids=[
        "that of another story", "in the article's footer", "copyright", "its own entry in a list", "another entry",
        "the month of a picture", "that of a comment", "one in the prose", "dateline", "above the text", "below it",
        "in a line below it", "one in a script", "one that is not shown",
    ],
)  # fmt: skip
def test_date(markup: str, published: str | None) -> None:
    assert article(markup).published == published


BY = "<a rel=author href='/author/mara/'>{}</a>"
ALL = BY.format("View all")
SOFTWARE = "Proudly powered by <a href='https://pelican.example/'>Pelican</a>"


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        (f"<main>{TITLE}{BODY}</main><footer><address class=vcard>{SOFTWARE}</address></footer>", ()),
        (f"<article>{TITLE}{BODY}<div class=author-bio>{BY.format('View all posts by Mara Dell')}</div></article>",
         ("Mara Dell",)),
        (f"<article>{TITLE}<p class=byline>By {BY.format('Mara Dell')}</p>{BODY}<p>{ALL}</p></article>",
         ("Mara Dell",)),
        (f"<main>{TITLE}{BODY}{COMMENT}</main>", ()),
        (f"<article>{TITLE}<p class=byline>By Mara Dell</p>{BODY}<p class=byline>By Jo Brandt</p></article>",
         ("Mara Dell",)),
        (f"<article>{TITLE}{BODY}<p class=byline>By Jo Brandt</p></article>", ("Jo Brandt",)),
    ],
    ids=["software", "all posts", "view all", "a reader's comment", "above and below", "below"],
)  # fmt: skip
def test_authors(markup: str, authors: tuple[str, ...]) -> None:
    assert article(markup).authors == authors


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://news.example/2026/11/05/lock-closes/", "2026-11-05"),
        ("http://news.example/lock-closes-2026-11-05.html", "2026-11-05"),
        ("http://news.example/20261105/lock", "2026-11-05"),
        ("http://news.example/2026/11/lock-closes/", None),
        ("http://news.example/120261105", None),
        ("http://news.example/2026/13/05/", None),
    ],
)
def test_day_in_url(url: str, day: str | None) -> None:
    assert day_in_url(url) == day
