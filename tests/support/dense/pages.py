"""Pages that are dense in one thing: a short unit, numbered, repeated until the page has the size that is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.support.dense import Unit, units
from tests.unit.cleaners.pages import SENTENCES, html, story

TITLE = "Lock to close for eleven weeks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """A kind of page: what is repeated, between what, and where on the page."""

    unit: Unit
    opening: str = ""
    closing: str = ""
    place: str = "body"
    """``head``; ``body``, among the paragraphs; ``before`` or ``after`` them; ``alone``, on a page without a story."""

    def page(self, size: int) -> bytes:
        """A page of about ``size`` bytes."""
        markup = self.opening + "".join(units(self.unit, size)) + self.closing
        if self.place == "head":
            paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
            whole = html(f"<main><h1>{TITLE}</h1>{paragraphs}</main>", head=markup)
        elif self.place == "alone":
            whole = html(markup)
        elif self.place == "body":
            whole = story(markup)
        else:
            whole = story(**{self.place: markup})
        return whole.encode()


def ld(value: object) -> str:
    """A block of JSON-LD."""
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def listed(opening: dict[str, object], name: str, item: Unit) -> Dense:
    """JSON-LD of one article, of which one property is a list of many items."""
    head = json.dumps({"@type": "NewsArticle", "headline": TITLE, **opening})
    return Dense(
        unit=item,
        opening=f'<script type="application/ld+json">{head[:-1]}, "{name}": [',
        closing="0]}</script>",
        place="head",
    )


WORDS = [
    "harbour",
    "lock",
    "gates",
    "board",
    "skippers",
    "levy",
    "vessel",
    "meeting",
    "footbridge",
    "weekend",
    "hours",
    "promised",
    "public",
    "ninety",
]
MONTHS = [
    "January",
    "Februar",
    "mars",
    "abril",
    "maggio",
    "июня",
    "juillet",
    "agosto",
    "september",
    "октября",
    "november",
    "decembre",
]


def sentence(number: int) -> str:
    """A sentence that differs from its neighbours."""
    words = [WORDS[(number * step + step) % len(WORDS)] for step in range(1, 13)]
    return f"The {' '.join(words)} number {number}."


def name(number: int) -> str:
    """A name of two words, in letters only."""
    letters = "".join(chr(97 + int(digit)) for digit in str(number))
    return f"Jo{letters} Li{letters}"


PAGES: dict[str, Dense] = {
    # text
    "p": Dense(unit="<p>x"),
    "p, alone": Dense(unit="<p>x", place="alone"),
    "p with a word": Dense(unit="<p>word {n}</p>"),
    "p, sentences": Dense(unit=lambda n: f"<p>{sentence(n)}</p>"),
    "p, one sentence again and again": Dense(unit=f"<p>{SENTENCES[0]}</p>"),
    "p after the story": Dense(unit="<p>x", place="after"),
    "p before the story": Dense(unit="<p>x", place="before"),
    "p with classes": Dense(unit="<p class=c{n}>word"),
    "p, empty": Dense(unit="<p></p>"),
    "br": Dense(unit="x<br>", opening="<div>", closing="</div>"),
    "br br": Dense(unit="x<br><br>", opening="<div>", closing="</div>"),
    "br, nothing else": Dense(unit="<br>"),
    "hr": Dense(unit="x<hr>"),
    "div": Dense(unit="<div>x</div>"),
    "div, nested": Dense(unit="<div>x"),
    "div, nested to 60 levels": Dense(unit="<div>" * 40 + "x" + "</div>" * 40),
    "div, sentences": Dense(unit=lambda n: f"<div>{sentence(n)}</div>"),
    "div, its classes name much": Dense(unit="<div class='related promo author share'>x{n}</div>"),
    "section, sentences": Dense(unit=lambda n: f"<section><p>{sentence(n)}</p></section>"),
    "span": Dense(unit="<span>x</span>"),
    "span, nested": Dense(unit="<span>x"),
    "inline, nested": Dense(unit="<b><i>x"),
    "bold": Dense(unit="<b>x</b> "),
    "bold lines": Dense(unit="<p><b>Word {n}</b></p>"),
    "pre, lines": Dense(unit="line {n}\n", opening="<pre>", closing="</pre>"),
    "unknown elements": Dense(unit="<x{n}>x"),
    "custom elements": Dense(unit="<a-b>x</a-b>"),
    # lists
    "li": Dense(unit="<li>x", opening="<ul>", closing="</ul>"),
    "li with links": Dense(unit="<li><a href=/{n}>x{n}</a>", opening="<ul>", closing="</ul>"),
    "ul": Dense(unit="<ul><li>x</ul>"),
    "ul, nested": Dense(unit="<ul><li>x"),
    "dl": Dense(unit="<dt>x<dd>y", opening="<dl>", closing="</dl>"),
    # links
    "a": Dense(unit="<a href=/{n}>x</a> "),
    "a, one target": Dense(unit="<a href=/x>word</a> "),
    "a in p": Dense(unit="<p><a href=/{n}>Word {n}</a></p>"),
    "a, headlines of others": Dense(unit=lambda n: f"<p><a href=/story-{n}>{sentence(n)[:60]}</a></p>", place="after"),
    "a, next pages": Dense(unit="<a href=/lock-closes/{n}>{n}</a>"),
    "a, next page, none": Dense(unit="<a href='http://news.example/lock-closes/2?{n}'>2</a>"),
    "a, rel=author": Dense(unit=lambda n: f"<a rel=author href=/author/{n}>{name(n)}</a> ", place="before"),
    "a, rel=tag": Dense(unit="<a rel=tag href=/tag/{n}>tag {n}</a> ", place="after"),
    "a, categories": Dense(unit="<a href=/category/{n}>Tag {n}</a> ", place="before"),
    "a, nested": Dense(unit="<div><a href=/{n}>x"),
    "breadcrumbs": Dense(
        unit="<a href=/{n}>Part {n}</a> &gt; ", opening="<div class=breadcrumb>", closing="</div>", place="before"
    ),
    "breadcrumbs, many": Dense(unit="<div class=breadcrumb><a href=/a>Home</a> &gt; Part {n}</div>", place="before"),
    # tables
    "td": Dense(unit="<td>x", opening="<table><tr>", closing="</table>"),
    "tr": Dense(unit="<tr><td>x<td>y", opening="<table>", closing="</table>"),
    "tables": Dense(unit="<table><tr><td>x<td>y<tr><td>x<td>y</table>"),
    "tables, nested": Dense(unit="<table><tr><td>x<td>y<tr><td>"),
    "td with paragraphs": Dense(unit="<tr><td><p>x", opening="<table>", closing="</table>"),
    "td, one with many paragraphs": Dense(unit="<p>x", opening="<table><tr><td>", closing="</table>"),
    "td, layout": Dense(unit=lambda n: f"<tr><td>{sentence(n)}<td>x", opening="<table>", closing="</table>"),
    "caption": Dense(unit="<table><caption>x</caption><tr><td>x</table>"),
    # headings
    **{f"h{level}": Dense(unit=f"<h{level}>Word {{n}}</h{level}>") for level in (1, 2, 3, 6)},
    "h1 equal to the title": Dense(unit=f"<h1>{TITLE}</h1>"),
    "h2 equal to the title": Dense(unit=f"<h2>{TITLE}</h2>"),
    "h1 with a part of the title": Dense(unit="<h1>Lock to close</h1>"),
    "h2 like the title": Dense(unit=TITLE.join(("<h2>", " {n}</h2>"))),
    "h2 with links": Dense(unit="<h2><a href=/{n}>Story of the lock {n}</a></h2>"),
    "h2 with links, then blurbs": Dense(unit=lambda n: f"<h2><a href=/{n}>Lock {n}</a></h2><p>{sentence(n)}</p>"),
    "h2 and p": Dense(unit="<h2>x<p>y"),
    "titles equal to the headline": Dense(unit=f"<p>{TITLE}</p>"),
    "class=headline": Dense(unit="<div class=headline>Word {n} of the lock</div>"),
    # pictures and media
    "img": Dense(unit="<img src=/{n}.jpg>"),
    "img with alt": Dense(unit="<img src=/{n}.jpg alt='A picture of the lock {n}'>"),
    "img in one figure": Dense(unit="<img src=/{n}.jpg>", opening="<figure>", closing="<figcaption>x</figure>"),
    "picture": Dense(unit="<picture><source srcset=/{n}.webp><img src=/{n}.jpg></picture>"),
    "figure": Dense(unit="<figure><img src=/{n}.jpg><figcaption>Picture {n}</figcaption></figure>"),
    "figcaption": Dense(
        unit="<figcaption>Picture {n}</figcaption>", opening="<figure><img src=/1.jpg>", closing="</figure>"
    ),
    "class=credit": Dense(unit="<p class=credit>Photo: x{n}</p>"),
    "srcset, one of many": Dense(
        unit="/{n}.jpg {n}w, ", opening="<figure><img src=/a.jpg srcset='", closing="'></figure>"
    ),
    "src, a long one": Dense(unit="x", opening="<figure><img src='/", closing="'><figcaption>x</figcaption></figure>"),
    "iframe": Dense(unit="<iframe src=/{n}></iframe>"),
    "video": Dense(unit="<video src=/{n}></video>"),
    "svg": Dense(unit="<svg><path d='M0'/></svg>"),
    # head
    "meta": Dense(unit="<meta name=n{n} content=x>", place="head"),
    "meta, one name": Dense(unit="<meta name=author content='Jo Li'>", place="head"),
    "meta, authors": Dense(unit=lambda n: f"<meta name=author content='{name(n)}'>", place="head"),
    "meta, authors in one": Dense(
        unit=lambda n: f"{name(n)}, ", opening="<meta name=author content='", closing="'>", place="head"
    ),
    "meta, keywords in one": Dense(
        unit="word {n}, ", opening="<meta name=news_keywords content='", closing="'>", place="head"
    ),
    "meta, tags": Dense(unit="<meta property=article:tag content='Tag {n}'>", place="head"),
    "meta, titles": Dense(unit="<meta property=og:title content='Lock {n} | News'>", place="head"),
    "meta, titles like the headline": Dense(unit=f"<meta property=og:title content='{TITLE} {{n}}'>", place="head"),
    "meta, one long title": Dense(
        unit="part {n} | ", opening="<meta property=og:title content='", closing="'>", place="head"
    ),
    "meta, one title with colons": Dense(
        unit="Part: ", opening="<meta property=og:title content='", closing="'>", place="head"
    ),
    "meta, dates": Dense(unit="<meta property=article:published_time content=2026-01-02>", place="head"),
    "meta, dates for dateutil": Dense(unit="<meta name=date content='Jan 2 2026 {n}'>", place="head"),
    "meta, dates of dateutil": Dense(unit="<meta name=pubdate content='2 Jan 2026 10:00'>", place="head"),
    "meta, names that end like a date": Dense(unit="<meta name=a{n}pubdate content='2 Jan 2026'>", place="head"),
    "meta, itemprop dates": Dense(unit="<meta itemprop=datemodified content='Jan 2 2026'>", place="head"),
    "meta, images": Dense(unit="<meta property=og:image content=/{n}.jpg>", place="head"),
    "meta, og:type": Dense(unit="<meta property=og:type content=t{n}>", place="head"),
    "meta, robots": Dense(unit="<meta name=tdm-policy content={n}>", place="head"),
    "meta, one long description": Dense(
        unit="word {n} ", opening="<meta name=description content='", closing="'>", place="head"
    ),
    "link": Dense(unit="<link rel=x href=/{n}>", place="head"),
    "link, canonical": Dense(unit="<link rel=canonical href=http://x{n}.example/>", place="head"),
    "link, canonical, own": Dense(unit="<link rel=canonical href=/{n}>", place="head"),
    "link, hreflang": Dense(unit="<link rel=alternate hreflang=en href=/{n}>", place="head"),
    "link, feeds": Dense(unit="<link rel=alternate type=application/rss+xml href=/{n}>", place="head"),
    "link, next": Dense(unit="<link rel=next href=/lock-closes/2?{n}>", place="head"),
    "base": Dense(unit="<base href=/{n}>", place="head"),
    "title": Dense(unit="<title>Title {n}</title>", place="head"),
    "title, a long one": Dense(unit="word {n} | ", opening="<title>", closing="</title>", place="head"),
    "style": Dense(unit="<style>a{}</style>", place="head"),
    "script": Dense(unit="<script>a()</script>", place="head"),
    "script, a long one": Dense(unit="a={{n}};", opening="<script>", closing="</script>", place="head"),
    # JSON-LD
    "ld, blocks": Dense(unit=ld({"@type": "NewsArticle", "headline": "x"}), place="head"),
    "ld, tiny blocks": Dense(unit=ld({}), place="head"),
    "ld, broken blocks": Dense(unit="<script type=ld+json>{,</script>", place="head"),
    "ld, deep": Dense(unit="[", opening="<script type=ld+json>", closing="</script>", place="head"),
    "ld, deep objects": Dense(unit='{"@type":', opening="<script type=ld+json>", closing="</script>", place="head"),
    "ld, graph": Dense(
        unit='{"@type":"x"},', opening='<script type=ld+json>{"@graph":[', closing="0]}</script>", place="head"
    ),
    "ld, graph without types": Dense(
        unit="{},", opening='<script type=ld+json>{"@graph":[', closing="0]}</script>", place="head"
    ),
    "ld, articles": Dense(
        unit='{"@type":"Article","headline":"x{n}","articleBody":"y"},',
        opening="<script type=ld+json>[",
        closing="0]</script>",
        place="head",
    ),
    "ld, trailing commas": Dense(
        unit='{"a":1,},', opening="<script type=ld+json>[", closing="]</script>", place="head"
    ),
    "ld, commas and spaces": Dense(unit=", ", opening="<script type=ld+json>[", closing="</script>", place="head"),
    "ld, authors": listed({}, "author", lambda n: json.dumps(name(n)) + ", "),
    "ld, persons": listed({}, "author", lambda n: json.dumps({"@type": "Person", "name": name(n)}) + ", "),
    "ld, types": listed({}, "@type", '"Type{n}", '),
    "ld, keywords": listed({}, "keywords", '"word {n}", '),
    "ld, images": listed({}, "image", '"/{n}.jpg", '),
    "ld, dates": listed({}, "datePublished", '"Jan 2 2026", '),
    "ld, sections": listed({}, "articleSection", '"", '),
    "ld, live blog": listed(
        {"@type": "LiveBlogPosting"},
        "liveBlogUpdate",
        '{"headline":"Entry {n}","articleBody":"Text","datePublished":"Jan 2 2026"}, ',
    ),
    "ld, breadcrumbs": Dense(
        unit='{"name":"x{n}"},',
        opening='<script type=ld+json>{"@type":"BreadcrumbList","itemListElement":[',
        closing="0]}</script>",
        place="head",
    ),
    "ld, articleBody": Dense(
        unit=lambda n: f"{sentence(n)}\\n",
        opening='<script type=ld+json>{"@type":"NewsArticle","headline":"x","articleBody":"',
        closing='"}</script>',
        place="head",
    ),
    "ld, articleBody of tags": Dense(
        unit="<b>x",
        opening='<script type=ld+json>{"@type":"NewsArticle","headline":"x","articleBody":"',
        closing='"}</script>',
        place="head",
    ),
    "ld, articleBody of openings": Dense(
        unit="<",
        opening='<script type=ld+json>{"@type":"NewsArticle","headline":"x","articleBody":"',
        closing='"}</script>',
        place="head",
    ),
    "ld, headline of entities": Dense(
        unit="&amp;",
        opening='<script type=ld+json>{"@type":"NewsArticle","headline":"',
        closing='"}</script>',
        place="head",
    ),
    # dates and microdata
    "time": Dense(unit="<time>x</time>"),
    "time, datetime": Dense(unit="<time datetime=2026-01-02>2 January</time>"),
    "time, odd": Dense(unit="<time datetime='Jan 2 2026 {n}'>x</time>"),
    "time in entries": Dense(unit="<article id=e{n}><time datetime=2026-01-02>x</time><p>Text {n}</article>"),
    "time before the story": Dense(unit="<time>{n} May 2026</time>", place="before"),
    "date lines before the story": Dense(unit="<p class=date>2 May 2026 {n}</p>", place="before"),
    "date lines alone": Dense(unit="<p>2 May 2026 {n}</p>", place="alone"),
    "dates in words": Dense(unit=lambda n: f"<p>{n % 28 + 1} {MONTHS[n % 12]} {2000 + n % 26}</p>"),
    "dates in words, alone": Dense(
        unit=lambda n: f"<b>{n % 28 + 1}. {MONTHS[n % 12]} {2000 + n % 26}</b> ", place="alone"
    ),
    "dates in one text": Dense(
        unit=lambda n: f"{2000 + n % 26}-0{n % 9 + 1}-{n % 18 + 10} ", opening="<p>", closing="</p>"
    ),
    "dates in one text, alone": Dense(
        unit=lambda n: f"{n % 28 + 1}/{n % 12 + 1}/{2000 + n % 26} ", opening="<p>", closing="</p>", place="alone"
    ),
    "updated lines": Dense(unit="<p>Updated: Jan {n} 2026</p>", place="before"),
    "itemprop": Dense(unit="<b itemprop=a>x</b>"),
    "itemprop, nothing else": Dense(unit="<b itemprop>"),
    "itemprop, keywords": Dense(unit="<b itemprop=keywords>x{n}</b>"),
    "itemprop, headline": Dense(unit="<b itemprop=headline>x{n}</b>"),
    "itemprop, datePublished": Dense(unit="<b itemprop=datepublished>Jan 2 2026</b>"),
    "itemprop, empty": Dense(unit="<p itemprop=keywords>"),
    "itemscope": Dense(unit="<div itemscope><b itemprop=headline>x</b></div>"),
    "itemscope, nested": Dense(unit="<div itemscope itemprop=keywords>x"),
    "itemscope, headings": Dense(unit="<div itemscope><h1>x</h1></div>"),
    "itemscope, comments of readers": Dense(unit="<div itemscope itemtype=Comment><b itemprop=headline>x</b></div>"),
    # attributes
    "class, one of many": Dense(unit="c{n} ", opening="<p class='", closing="'>x</p>"),
    "class, many of one word": Dense(unit="related ", opening="<p class='", closing="'>x</p>"),
    "classes of the body element": Dense(unit="c{n} ", opening="</main><main class='", closing="'>x", place="after"),
    "classes, one each": Dense(unit="<i class=c{n}>x</i>"),
    "classes, different words": Dense(unit=lambda n: f"<p class='share-{n} author{n}'>x</p>"),
    "classes, long": Dense(unit=f"<p class='{'related-posts ' * 20}{{n}}'>x</p>"),
    "ids": Dense(unit="<i id=i{n}>x</i>"),
    "data attributes": Dense(unit="<i data-a={n} data-b=1 data-c=2>x</i>"),
    "attributes of one element": Dense(unit="a{n}=1 ", opening="<p ", closing=">x</p>"),
    "attributes of one element, used": Dense(
        unit="data-{n}=1 ", opening="<article class=body ", closing=">x</article>"
    ),
    "attributes of the html element": Dense(unit="a{n}=1 ", opening="<html ", closing=">", place="head"),
    "styles": Dense(unit="<i style='display : none'>x</i>"),
    "style of spaces": Dense(unit="display   ", opening="<p style='", closing="'>x</p>"),
    "one long attribute": Dense(unit="word ", opening="<p data-x='", closing="'>x</p>"),
    "one long href": Dense(unit="x/../", opening="<a href='/", closing="'>x</a>"),
    "hrefs of dots": Dense(unit=f"<a href='/{'x/../' * 40}{{n}}'>x</a>"),
    # text within
    "one giant word": Dense(unit="x", opening="<p>", closing="</p>"),
    "one giant text": Dense(unit=sentence, opening="<p>", closing="</p>"),
    "one giant text in CJK": Dense(unit="港口委员会周二投票决定关闭北闸。", opening="<p>", closing="</p>"),
    "texts in CJK": Dense(unit="<p>港口委员会周二投票决定关闭北闸{n}。</p>"),
    "texts in Arabic": Dense(unit="<p>صوت مجلس الميناء يوم الثلاثاء على إغلاق القفل الشمالي {n}.</p>"),
    "URLs": Dense(unit="http://a.example/{n} ", opening="<p>", closing="</p>"),
    "URLs with passwords": Dense(unit="http://a:b@a.example/{n} ", opening="<p>", closing="</p>"),
    "URLs, begun": Dense(unit="http://", opening="<p>", closing="</p>"),
    "addresses": Dense(unit="a{n}@b.example ", opening="<p>", closing="</p>"),
    "at signs": Dense(unit="a@", opening="<p>", closing="</p>"),
    "numbers": Dense(unit="{n} ", opening="<p>", closing="</p>"),
    "digits": Dense(unit="1", opening="<p>", closing="</p>"),
    "quotes": Dense(unit="“x” ", opening="<p>", closing="</p>"),
    "quotes in lines": Dense(unit="<p>“x{n}”</p>"),
    "white space": Dense(unit=" ", opening="<p>x", closing="y</p>"),
    "line ends": Dense(unit="\n", opening="<p>x", closing="y</p>"),
    "no-break spaces": Dense(unit="\u00a0", opening="<p>x", closing="y</p>"),
    "zero-width spaces": Dense(unit="\u200b", opening="<p>x", closing="y</p>"),
    "direction marks": Dense(unit="\u200f", opening="<p>x", closing="y</p>"),
    "combining marks": Dense(unit="\u0301", opening="<p>x", closing="y</p>"),
    "points": Dense(unit=".", opening="<p>x", closing="</p>"),
    "brackets": Dense(unit="(", opening="<p>x", closing="</p>"),
    "bars": Dense(unit=" | ", opening="<p>x", closing="y</p>"),
    "entities": Dense(unit="&eacute;", opening="<p>", closing="</p>"),
    "references": Dense(unit="&#233;", opening="<p>", closing="</p>"),
    "references to controls": Dense(unit="&#1;", opening="<p>", closing="</p>"),
    "ampersands": Dense(unit="&", opening="<p>", closing="</p>"),
    "openings": Dense(unit="<", opening="<p>", closing="</p>"),
    "comments": Dense(unit="<!---->"),
    "comments in paragraphs": Dense(unit="<p>x<!--x-->y</p>"),
    "instructions": Dense(unit="<?x>"),
    "closing tags": Dense(unit="</p>"),
    "closing tags of nothing": Dense(unit="</b>"),
    # the rest
    "noscript": Dense(unit="<noscript>x</noscript>"),
    "noscript, the article": Dense(unit=lambda n: f"<noscript><p>{sentence(n)}</p></noscript>"),
    "noscript, paragraphs": Dense(unit="<p>x", opening="<noscript>", closing="</noscript>"),
    "form": Dense(unit="<form><input name=a></form>"),
    "input": Dense(unit="<input name=n{n}>"),
    "option": Dense(unit="<option>x", opening="<select>", closing="</select>"),
    "button": Dense(unit="<button>x</button>"),
    "label": Dense(unit="<label>x</label>"),
    "blockquote": Dense(unit="<blockquote>x</blockquote>"),
    "blockquote, sentences": Dense(unit=lambda n: f"<blockquote>{sentence(n)}</blockquote>"),
    "quotes of the text": Dense(
        unit=lambda n: f"<p>{sentence(n)} {sentence(n + 1)}</p><blockquote>{sentence(n)}</blockquote>"
    ),
    "blockquote, embeds": Dense(unit="<blockquote class=twitter-tweet>x{n}</blockquote>"),
    "article": Dense(unit="<article>x</article>"),
    "article, sentences": Dense(unit=lambda n: f"<article><h2>Lock {n}</h2><p>{sentence(n)}</p></article>"),
    "main": Dense(unit="<main>x</main>"),
    "aside": Dense(unit="<aside>x</aside>"),
    "aside, sentences": Dense(unit=lambda n: f"<aside><p>{sentence(n)}</p></aside>"),
    "nav": Dense(unit="<nav><a href=/{n}>x</a></nav>"),
    "nav, one": Dense(unit="<a href=/{n}>x</a>", opening="<nav>", closing="</nav>"),
    "footer": Dense(unit="<footer>x</footer>"),
    "header": Dense(unit="<header>x</header>"),
    "address": Dense(unit="<address>By Jo Li</address>"),
    "bylines": Dense(unit=lambda n: f"<p class=byline>By {name(n)}</p>", place="before"),
    "bylines in one": Dense(
        unit=lambda n: f"{name(n)}, ", opening="<p class=byline>By ", closing="</p>", place="before"
    ),
    "by": Dense(unit="<p>By</p>", place="before"),
    "see also": Dense(unit="<p>Read also: <a href=/{n}>Story {n}</a></p>"),
    "class=related": Dense(unit="<div class=related><a href=/{n}>Story of the lock {n}</a></div>"),
    "class=related, one": Dense(
        unit="<a href=/{n}>Story of the lock {n}</a><br>", opening="<div class=related>", closing="</div>"
    ),
    "class=comment": Dense(unit=lambda n: f"<div class=comment><p>{sentence(n)}</p></div>", place="after"),
    "class=tags": Dense(unit="<div class=tags><a href=/tag/{n}>x{n}</a></div>", place="after"),
    "class=fact-box": Dense(unit="<div class=factbox>x{n}</div>"),
    "class=fact-box, one": Dense(unit="<p>x{n}</p>", opening="<div class=factbox>", closing="</div>"),
    "class=caption": Dense(unit="<p class=caption>Picture {n}</p>"),
    "class=newsletter": Dense(unit="<div class=newsletter>Sign up {n}</div>"),
    "class=share": Dense(unit="<div class=share>Share</div>"),
    "class=ad": Dense(unit="<div class=ad>Advertisement</div>"),
    "advertisement": Dense(unit="<p>Advertisement</p>"),
    "copyright": Dense(unit="<p>© 2026 Post</p>"),
    "details": Dense(unit="<details><summary>x</summary>y</details>"),
    "template": Dense(unit="<template>x</template>"),
    "object": Dense(unit="<object>x</object>"),
    "select": Dense(unit="<select><option>x</select>"),
    "font": Dense(unit="<font>x"),
    "hidden": Dense(unit="<p hidden>x"),
    "root": Dense(unit="<div id=root></div>", place="alone"),
    "html elements": Dense(unit="<html><body>x"),
}
"""Kinds of pages, by name."""
