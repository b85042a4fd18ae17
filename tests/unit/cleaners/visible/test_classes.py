"""Classes of templates whose fields were lost or wrong, each on an invented page."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

TITLE = "Lock to close: eleven weeks without boats"
H1 = f"<h1>{TITLE}</h1>"
PARAGRAPHS = [f"<p>{sentence}</p>" for sentence in SENTENCES]
BODY = "".join(PARAGRAPHS)
SITE = "<header><a href='/'>Harbour Post</a></header>"
NAMED = "<meta property='og:site_name' content='Harbour Post'>"
URL = "http://news.example/lock-closes"


def article(body: str, head: str = "", url: str = URL, title: str = TITLE) -> Article:
    """The article of a page."""
    found = clean(page(html(body, head, title=f"{title} | Harbour Post"), url=url))
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize("anchor", ["<a>{}</a>", "<a href=''>{}</a>", "<a name=top>{}</a>", "<a href='#'>{}</a>"])
def test_headline_in_a_link_to_nowhere(anchor: str) -> None:
    linked = anchor.format(TITLE)
    found = article(f"{SITE}<main><article><p><a href='/local/'>Local</a></p><h1>{linked}</h1>{BODY}</article></main>")
    assert (found.title, found.section) == (TITLE, "Local")


@pytest.mark.parametrize("name", ["<a href='/'>{}</a>", "<a href='http://news.example'>{}</a>"])
def test_masthead_is_no_headline(name: str) -> None:
    head = f"<h1>{name.format('Lock to close')}</h1>"
    assert article(f"{head}<main><h2>{TITLE}</h2>{BODY}</main>").title == TITLE


TRAIL = "<div class=breadcrumb>{}</div>"


def links(*names: str, sep: str = " › ") -> str:
    """The entries of a trail, linked."""
    return sep.join(f"<a href='/x/{number}'>{name}</a>" for number, name in enumerate(names))


@pytest.mark.parametrize(
    ("trail", "section"),
    [
        (links("Home", "2026", "11", "13"), None),
        (links("Home", "2026", "November", "13"), None),
        (links("Home", "Local", "2026", "November"), "Local"),
        (links("2026", "11", "Local"), "Local"),
        (links("Home", "November 2026"), None),
        (links("首页", "2026年", "11月"), None),
        (f"{links('Home', 'Local')} › {TITLE}", "Local"),
        (f"{links('Home')} › {TITLE}", None),
        (f"{links('Home')} › Lock to close: eleven…", None),
        (TITLE, None),
        (f"You are here: {links('Home', 'Local')}", "Local"),
        (f"您的位置：{links('首页', '城事', sep=' > ')}", "城事"),
        ("Home: Local", "Local"),
        (links("Home", "Local", sep="<svg></svg>"), "Local"),
        (links("Home", "Posts", sep="<svg></svg>"), None),
        (links("Home", "Arts: stage"), "Arts: stage"),
    ],
)
def test_trail(trail: str, section: str | None) -> None:
    assert article(f"{SITE}<main>{TRAIL.format(trail)}{H1}{BODY}</main>").section == section


BY = "<a href='/author/mara/'>Mara Dell</a>"


@pytest.mark.parametrize(
    ("kicker", "section"),
    [
        ("<a class=tag href='/t/7/'>Local</a>", "Local"),
        ("<p><a href='/t/7/'>Local</a></p>", "Local"),
        ("<p>Health, Science</p>", "Health, Science"),
        ("<p>Home/Local</p>", "Local"),
        ("<p>Arts &amp; Life</p>", "Arts & Life"),
        ("<span>Crime/Courts</span>", "Crime/Courts"),
        ("<p><a href='/t/7/'>Local</a>, <a href='/t/8/'>Boats</a></p>", "Local"),
        ("<p>Tuesday, November 3</p>", None),
        ("<p>Tuesday, November</p>", None),
        ("<p>Wait, what?</p>", None),
        (f"<ul>{''.join(f'<li><a href=/{n}/>{n}</a></li>' for n in ('News', 'Sport', 'Local'))}</ul>", None),
    ],
)
def test_kicker_in_the_header_of_the_article(kicker: str, section: str | None) -> None:
    meta = f"<div><h4>{BY}</h4><time datetime=2026-11-03>3 November 2026</time></div>"
    found = article(f"{SITE}<main><article><header>{kicker}{H1}{meta}</header>{BODY}</article></main>")
    assert found.section == section


FOLDER = "<meta property='article:section' content='{}'>"


@pytest.mark.parametrize(
    ("declared", "shown", "section"),
    [
        ("post", "<a href='/category/local/'>Local</a>", "Local"),
        ("posts", "<a href='/category/local/'>Local</a>", "Local"),
        ("Uncategorized", "<a href='/category/local/'>Local</a>", "Local"),
        ("posts", "", None),
        ("Sport", "<a href='/category/local/'>Local</a>", "Sport"),
    ],
)
def test_name_of_a_folder_is_no_section(declared: str, shown: str, section: str | None) -> None:
    found = article(f"<main><article>{H1}{BODY}<footer>In {shown}</footer></article></main>", FOLDER.format(declared))
    assert found.section == section


@pytest.mark.parametrize(
    ("url", "section"),
    [
        ("http://news.example/local/2026/11/03/lock.html", "Local"),
        ("http://news.example/crime-and-courts/2026/11/lock/", "Crime and courts"),
        ("http://news.example/%E5%9F%8E%E4%BA%8B/2026/11/03/lock.html", "城事"),
        ("http://news.example/blog/2026/11/03/lock.html", None),
        ("http://news.example/en/2026/11/03/lock.html", None),
        ("http://news.example/a/local/2026/11/03/lock.html", "Local"),
        ("http://news.example/2026/11/03/lock.html", None),
        ("http://news.example/story-7/2026/11/03/lock.html", None),
        ("http://news.example/local/lock.html", None),
    ],
)
def test_folder_before_the_date_of_the_url(url: str, section: str | None) -> None:
    assert article(f"<main>{H1}{BODY}</main>", url=url).section == section


LINES = "<div class=entry-meta><div>By: Mara Dell</div><div>On: 3 November 2026</div><div>In: {}</div></div>"


@pytest.mark.parametrize(
    ("meta", "authors", "section"),
    [
        (LINES.format("Town"), ("Mara Dell",), "Town"),
        (LINES.format("<a href='/t/town/'>Town</a>"), ("Mara Dell",), "Town"),
        ("<div class=byline>By: Mara Dell<br>On: 3 November 2026<br>In: Town</div>", ("Mara Dell",), "Town"),
        ("<div class=byline><p>By Mara Dell</p><p>Posted in Town</p></div>", ("Mara Dell",), "Town"),
        ("<div class=byline><p>By Mara Dell</p><p>Filed under: Town Hall</p></div>", ("Mara Dell",), "Town Hall"),
        ("<div class=byline>By Mara Dell in Town</div>", ("Mara Dell",), None),
        ("<div class=byline><p>Von Mara Dell</p><p>Kategorie: Stadt</p></div>", ("Mara Dell",), "Stadt"),
    ],
)
def test_labelled_lines_of_one_box(meta: str, authors: tuple[str, ...], section: str | None) -> None:
    found = article(f"<main><article>{H1}{meta}{BODY}</article></main>")
    assert (found.authors, found.section) == (authors, section)


PERSON = '{{"@type": "Person", "name": "{}"}}'
MARA, JO = PERSON.format("Mara Dell"), PERSON.format("Jo Brandt")
LD = '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "x", {}}}</script>'


@pytest.mark.parametrize(
    ("declared", "shown", "authors"),
    [
        (f'"author": {MARA}, "contributor": [{JO}]', "", ("Mara Dell", "Jo Brandt")),
        (f'"author": {MARA}, "contributor": {JO}', "", ("Mara Dell", "Jo Brandt")),
        (f'"author": {MARA}, "contributor": {{"@type": "Organization", "name": "Lockside Agency"}}', "",
         ("Mara Dell",)),
        (f'"author": {MARA}', "By Mara Dell and Jo Brandt", ("Mara Dell", "Jo Brandt")),
        (f'"author": {MARA}', "By Jo Brandt and Mara Dell", ("Jo Brandt", "Mara Dell")),
        (f'"author": {MARA}', "By Jo Brandt", ("Mara Dell",)),
        (f'"author": {MARA}', "By Mara Dell, Executive Editor, Harbour Health Watch", ("Mara Dell",)),
        (f'"author": [{MARA}, {JO}]', "By Mara Dell", ("Mara Dell", "Jo Brandt")),
        (f'"author": {MARA}', "Mara Dell | Follow us | Share", ("Mara Dell",)),
    ],
)  # fmt: skip
def test_second_author(declared: str, shown: str, authors: tuple[str, ...]) -> None:
    found = article(f"<main><article>{H1}<p class=byline>{shown}</p>{BODY}</article></main>", LD.format(declared))
    assert found.authors == authors


@pytest.mark.parametrize(
    "byline",
    [
        "By <a rel=author href='/author/mara/'>Mara Dell</a> <button>Follow</button>",
        "By <a rel=author href='/author/mara/'>Mara Dell<span>Follow</span></a>",
        "By Mara Dell Follow",
        "By Mara DellFollow",
        "By Mara Dell Following",
        "Von Mara DellFolgen",
        "By <a rel=author href='/author/mara/'>Mara Dell</a> <a rel=author href='/follow/author/'>Follow</a>",
    ],
)
def test_follow_button_is_no_part_of_a_name(byline: str) -> None:
    assert article(f"<main><article>{H1}<p class=byline>{byline}</p>{BODY}</article></main>").authors == ("Mara Dell",)


BIO = (
    "<div class=author-bio><h2>By Mara Dell</h2><p>Mara Dell has covered the canal for ten years and has no boat.</p>"
    "<a rel=author href='/author/mara/'>View all of Mara Dell's posts.</a></div>"
)
PICTURED = f"<div><img src='/lock.jpg' alt=''><span>by {BY}</span> <span>3 November 2026</span></div>"


@pytest.mark.parametrize(
    "markup", [f"{H1}{BODY}{BIO}", f"{H1}{PICTURED}{BODY}"], ids=["heading of a biography", "below a picture"]
)
def test_byline_in_an_odd_place(markup: str) -> None:
    assert article(f"{SITE}<main><article>{markup}</article></main>").authors == ("Mara Dell",)


def test_follow_button_in_a_script_without_spaces() -> None:
    markup = f"<main><article>{H1}<p class=byline>作者：陈玉琳关注</p>{BODY}</article></main>"
    assert article(markup).authors == ("陈玉琳",)


TAGGED = "<p class=tags>Tags: <a rel=tag href='/tag/town/'>Town</a> <a rel=tag href='/tag/lock/'>lock</a></p>"
CLASSES = "post-7 post type-post category-town tag-lock tag-narrow-boats tag-25 tag-hash-x"
CLASSED = f"<article class='{CLASSES}'>{{}}</article>"
SPANS = "<nav class=md-tags><span class=md-tag>Locks</span> <span class=md-tag>Narrow boats</span></nav>"
LOCKS = "<a href='/category/locks/'>Locks</a>"
ROW = "<p class=tags>Filed under: <a href='/x/1'>Weather</a>, <a href='/x/2'>Storms</a></p>"


@pytest.mark.parametrize(
    ("markup", "section", "tags"),
    [
        (f"<article><p>Town</p>{H1}{BODY}{TAGGED}</article>", "Town", ("lock",)),
        (CLASSED.format(H1 + BODY), "Town", ("lock", "narrow boats")),
        (CLASSED.format(H1 + BODY + TAGGED), "Town", ("lock",)),
        (f"<article>{SPANS}{H1}{BODY}</article>", None, ("Locks", "Narrow boats")),
        (f"<article>{H1}{BODY}{SPANS}</article>", None, ("Locks", "Narrow boats")),
        (f"<article>{H1}{''.join(PARAGRAPHS[:3])}{ROW}{''.join(PARAGRAPHS[3:])}</article>", None, ()),
        (f"<article>{H1}{''.join(PARAGRAPHS[:3])}{ROW}{''.join(PARAGRAPHS[3:])}{TAGGED}</article>", None,
         ("Town", "lock")),
        (f"<article>{H1}{BODY}{ROW}</article>", None, ("Weather", "Storms")),
        (f"<article><p>{LOCKS}</p>{H1}{BODY}<nav class=tags><span class=tag>Locks</span></nav></article>", "Locks",
         ("Locks",)),
        (f"<article>{H1}{BODY}<p class=tags>Tags: Weather, Storms</p></article>", None, ("Weather", "Storms")),
    ],
)  # fmt: skip
def test_tags(markup: str, section: str | None, tags: tuple[str, ...]) -> None:
    found = article(f"{SITE}<main>{markup}</main>")
    assert (found.section, found.tags) == (section, tags)


def test_declared_tag_is_no_section() -> None:
    row = "<ul class=tags><li><a rel=tag href='/categories/storms/'>Storms</a></li></ul>"
    found = article(f"<article>{H1}{BODY}{row}</article>", "<meta property='article:tag' content='Storms'>")
    assert (found.section, found.tags) == (None, ("Storms",))


TODAY = "<div class=top-bar><span class=date>Friday, 20 November 2026</span></div>"
STAMP = "<p class=meta>3 November 2026</p>"
COMMENT = (
    "<div id=comments class=comments><h2>One response</h2><div class=comment><div class=comment-author>Rosa Timm</div>"
    "<time datetime='2026-11-03T10:00:00Z'>3 November 2026</time>"
    "<p>I have lived beside the lock for thirty years and nobody has told me any of this before today.</p></div></div>"
)
ENTRY = (
    "<li><a href='/bakers'>Bakers open a shop in the lower town</a> "
    "<time datetime='2026-10-{0}'>{0} October 2026</time></li>"
)
LIST = f"<div><h3>In case you missed it</h3><ul>{''.join(ENTRY.format(day) for day in (12, 14, 16))}</ul></div>"
SPLIT = "".join(PARAGRAPHS[:3]) + LIST + "".join(PARAGRAPHS[3:])
DATED = "http://news.example/2026/11/03/lock-closes"
MOMENT = "<footer>Posted <time datetime='2026-11-03T23:30:00-05:00'>{}</time></footer>"


@pytest.mark.parametrize(
    ("markup", "url", "published"),
    [
        (f"{TODAY}<main><article>{H1}{STAMP}{BODY}</article>{COMMENT}</main>", URL, "2026-11-03"),
        (f"{TODAY}<main><article>{H1}{STAMP}{BODY}{COMMENT}</article></main>", URL, "2026-11-03"),
        (f"{TODAY}<main><article>{H1}{BODY}</article>{COMMENT}</main>", URL, None),
        (f"<main><article>{H1}{STAMP}{SPLIT}</article></main>", URL, "2026-11-03"),
        (f"<main><article>{H1}{SPLIT}</article></main>", DATED, "2026-11-03"),
        (f"<main><article>{H1}{SPLIT}</article></main>", URL, None),
        (f"<main><article>{H1}{STAMP}{BODY}{MOMENT.format('3 November 2026')}</article></main>", URL,
         "2026-11-03T23:30:00-05:00"),
        (f"<main><article>{H1}<p class=meta>4 November 2026</p>{BODY}{MOMENT.format('11pm')}</article></main>", URL,
         "2026-11-03T23:30:00-05:00"),
        (f"<main><article>{H1}{BODY}{MOMENT.format('3 November')}</article></main>", DATED,
         "2026-11-03T23:30:00-05:00"),
    ],
    ids=[
        "comments of the same day", "comments in the article", "only today's", "list in the text",
        "list in the text, day in the URL", "only a list in the text", "line and moment",
        "line of another time zone", "day in the URL and moment",
    ],
)  # fmt: skip
def test_date(markup: str, url: str, published: str | None) -> None:
    assert article(markup, url=url).published == published
