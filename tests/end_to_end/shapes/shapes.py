"""Invented news sites that differ in the shape of their URLs, for tests of a news crawler.

Site number ``i`` is ``http://shape{i}.example/``. It has twelve stories, two sections, a month, a page about the site
and one about privacy. Its URLs have the shape ``SHAPES[i % len(SHAPES)]``. Five plain templates and the ways to list
stories take turns, so that the sites of one shape differ in these. No page declares what it is. A number always gives
the same site. Words and templates are in ``shapes.toml``.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from hashlib import md5
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from uuid import UUID

STRIDE, STORIES = 16, 12
"""Story ``k`` (1 to 12, the newest is 12) of site ``i`` has the number ``i * STRIDE + k``."""
FRONT, LISTED, PER_PAGE = 6, 8, 5
"""Newest stories on the front page, newest stories in the month and the feed, stories on a page of a section."""
SECTIONS = ((0, 2, 4, 6, 8, 10, 11), (1, 3, 5, 7, 9))
"""Stories of each section, the newest story is 0. The second page of the first section has what is beyond five."""
MONTH = date(2026, 11, 1)
CATEGORIES = (("local", "sport"), ("politics", "business"), ("council", "culture"), ("town", "schools"))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _listed(words: str | list[str]) -> list[str]:
    """A list as it is, words between spaces, or between semicolons."""
    if isinstance(words, list):
        return words
    return words.replace("\n", " ").split("; ") if ";" in words else words.split()


EN, ZH, SLUGS, HTML = (
    {name: _listed(words) for name, words in table.items()}
    for table in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).values()
)
TABLE = """
# WordPress, "Customize permalinks": plain, then the structures it offers and those of its examples
WordPress plain ; /?p={id4} ; /?cat={c} ; +&paged={p} ; /?page_id={ai} ; /?m={y}{m}
defaults ; ; /category/{cat}/ ; +page/{p}/ ; /{a}/ ; /{y}/{m}/
WordPress day and name ; /{y}/{m}/{d}/{slug}/
WordPress month and name ; /{y}/{m}/{slug}/
WordPress post name ; /{slug}/
WordPress one-word post name ; /{word}/
WordPress category and name ; /{cat}/{slug}/
WordPress author and name ; /{author}/{slug}/
WordPress Chinese * ; /{y}/{m}/{zh}/ ; /category/{zcat}/
WordPress numeric ; /archives/{id3} ; /archives/category/{cat} ; +/page/{p} ; /{a} ; /archives/date/{y}/{m}
WordPress /blog/ ; /blog/{slug}/ ; /blog/category/{cat}/ ; ; ; /blog/{y}/{m}/
WordPress PATHINFO ; /index.php/{y}/{m}/{d}/{slug}/ ; /index.php/category/{cat}/ ; ; /index.php/{a}/ ; \
/index.php/{y}/{m}/
# Ghost; static site generators: Hugo, Jekyll (permalink: date), Pelican, Nikola, MkDocs, Hexo
Ghost ; /{slug}/ ; /tag/{cat}/ ; ; ; /archive/
Hugo ; /posts/{slug}/ ; /categories/{cat}/ ; ; ; /archives/
Hexo ; /{y}/{m}/{d}/{slug}/ ; /categories/{Cat}/ ; ; ; /archives/{y}/{m}/
Nikola ; /posts/{slug}/ ; /categories/{cat}/ ; +index-{p0}.html ; /pages/{a}/
Pelican ; /{slug}.html ; /category/{cat}.html ; /category/{cat}{p}.html ; /pages/{a}.html ; /archives.html
defaults ; ; /{cat}/ ; +page{p}/ ; /{a}/ ; /{y}/{m}/
Jekyll ; /{y}/{m}/{d}/{slug}.html
Jekyll with category ; /{cat}/{y}/{m}/{d}/{slug}.html ; ; ; /{a}.html
MkDocs ; /{slug}/ ; ; +{p}/ ; ; /months/{y}-{m}/
# Django's generic date views, Arc, 1C-Bitrix (Cyrillic symbol codes), Escenic, Textpattern, Newscoop
Django dates ; /{y}/{mon}/{d}/{slug}/ ; ; +?page={p} ; ; /{y}/{mon}/
Arc ; /{cat}/{y}/{m}/{d}/{slug}/ ; ; +{p}/ ; ; /archive/{y}/{m}/
Cyrillic ; /news/{cyr}/ ; /news/{cat}/ ; +?PAGEN_1={p} ; ; /news/{y}-{m}/
Escenic ; /{cat}/article{id7}.ece ; ; +?page={p} ; /service/article{ai}.ece ; /archive/{y}/{m}/
Textpattern ; /{cat}/{id3}/{slug} ; ; +?pg={p} ; ; /month/{y}-{m}
Newscoop ; /en/11/{cat}/{id3}/{slug}.htm ; /en/11/{cat}/ ; +?page={p} ; /en/static/{a}.htm ; /en/archive/{y}-{m}/
# Movable Type (by name, by number), Blosxom (CGI), Serendipity; Blogger
Movable Type ; /archives/{y}/{m}/{slug_}.html ; /archives/{cat}/ ; +index_{p}.html ; /{a}.html ; /archives/{y}/{m}/
Movable Type numbered ; /archives/{id0}.html ; /archives/cat_{cat}.html ; /archives/cat_{cat}_{p}.html ; /{a}.html ; \
/archives/{y}_{m}.html
Blosxom CGI ; /cgi-bin/blosxom.cgi/{cat}/{slug_}.html ; /cgi-bin/blosxom.cgi/{cat}/ ; +?page={p} ; /{a}.html ; \
/cgi-bin/blosxom.cgi/{y}/{m}/
Serendipity ; /archives/{id3}-{slug}.html ; /categories/{c}-{cat} ; +/P{p}.html ; /pages/{a}.html ; \
/archives/{y}/{m}.html
Blogger ; /{y}/{m}/{slug}.html ; /search/label/{Cat} ; +?max-results=5&start={start} ; /p/{a}.html ; /{y}/{m}/
# Drupal: system paths, clean URLs off, Pathauto's default pattern
defaults ; ; /{cat} ; +?page={p} ; /{a} ; /archive/{y}/{m}
Drupal node ; /node/{id3} ; /taxonomy/term/{c} ; +?page={p0} ; /node/{ai} ; /archive/{y}{m}
Drupal query ; /?q=node/{id3} ; /?q=taxonomy/term/{c} ; +&page={p0} ; /?q=node/{ai} ; /?q=archive/{y}{m}
Drupal Pathauto ; /content/{slug} ; ; +?page={p0} ; /content/{a} ; /archive/{y}{m}
# Joomla, "Search Engine Friendly URLs": off, on with a menu item, on without
Joomla plain ; /index.php?option=com_content&view=article&id={id2}:{slug}&catid={c}:{cat} ; \
/index.php?option=com_content&view=category&id={c}:{cat} ; +&start={start} ; \
/index.php?option=com_content&view=article&id={ai}:{a} ; /index.php?option=com_content&view=archive&year={y}&month={mi}
Joomla SEF ; /{cat}/{id2}-{slug} ; ; +?start={start} ; ; /archive/{y}/{mi}
Joomla component ; /component/content/article/{id2} ; /component/content/category/{c} ; +?start={start} ; \
/component/content/article/{ai} ; /component/content/archive/{y}/{mi}
# TYPO3: page ids, EXT:news with routing; eZ Publish's system URLs; SPIP (1.x and today's)
TYPO3 plain ; /index.php?id={id3} ; /index.php?id={c} ; +&page={p} ; /index.php?id={ai} ; /index.php?id=9&month={y}-{m}
TYPO3 news ; /news/detail/{slug} ; /news/{cat} ; +/page-{p} ; ; /news/archive/{y}/{m}
eZ Publish ; /content/view/full/{id3} ; /content/view/full/{c} ; +/(offset)/{start} ; /content/view/full/{ai} ; \
/archive/(year)/{y}/(month)/{mi}
SPIP php3 ; /article.php3?id_article={id3} ; /rubrique.php3?id_rubrique={c} ; +&debut_articles={start} ; \
/article.php3?id_article={ai} ; /mois.php3?mois={y}-{m}
SPIP ; /spip.php?article{id3} ; /spip.php?rubrique{c} ; +&debut_articles={start} ; /spip.php?article{ai} ; \
/spip.php?page=mois&mois={y}-{m}
# Medium, Substack; Rails resources
Medium ; /@{author}/{slug}-{hex12} ; /tagged/{cat}
Substack ; /p/{slug} ; /s/{cat} ; ; ; /archive
Rails ; /articles/{id3} ; /categories/{c} ; ; ; /articles?month={y}-{m}
Rails to_param ; /articles/{id3}-{slug} ; /sections/{c}-{cat} ; ; ; /articles?month={y}-{m}
# pages written in ASP.NET, ASP, PHP and ColdFusion; e107, PHP-Nuke
ASP.NET ; /article.aspx?id={id4} ; /section.aspx?id={c} ; +&page={p} ; /{a}.aspx ; /archive.aspx?month={y}-{m}
ASP ; /default.asp?ID={id4} ; /default.asp?CatID={c} ; +&Page={p} ; /default.asp?ID={ai} ; /default.asp?Month={y}-{m}
PHP story ; /story.php?id={id4} ; /section.php?id={c} ; +&page={p} ; /{a}.php ; /month.php?m={y}-{m}
e107 news ; /news.php?nid={id3} ; /news.php?cat={c} ; +&page={p} ; /page.php?{ai} ; /news.php?month={y}-{m}
PHP-Nuke ; /modules.php?name=News&file=article&sid={id3} ; /modules.php?name=News&new_topic={c} ; +&pagenum={p} ; \
/modules.php?name=Content&pa=showpage&pid={ai} ; /modules.php?name=Stories_Archive&sa=show_month&year={y}&month={m}
ColdFusion ; /story.cfm?storyID={id4} ; /index.cfm?section={cat} ; +&startrow={start} ; /page.cfm?pageID={ai} ; \
/archive.cfm?month={y}-{m}
# Lotus Domino's URL commands, Adobe Experience Manager, Polopoly, Brightspot
Lotus Domino ; /news.nsf/stories/{hex}?OpenDocument ; /news.nsf/{cat}?OpenView ; +&Start=6 ; \
/news.nsf/pages/{a}?OpenDocument ; /news.nsf/month{y}{m}?OpenView
AEM ; /content/daily/en/{cat}/{slug}.html ; /content/daily/en/{cat}.html ; ; /content/daily/en/{a}.html ; \
/content/daily/en/archive/{y}-{m}.html
Polopoly ; /{cat}/1.{id7} ; ; ; /service/1.{ai}
Brightspot ; /{cat}/{slug} ; ; +?p={p}
# names that usually mean lists, identifiers without words, titles in queries
/people/slug ; /{peo}/{slug} ; /{peo} ; ; ; /months/{y}-{m}
/topics/ ; /topics/{cat}/{slug} ; /topics/{cat} ; ; ; /months/{y}-{m}
/series/ ; /series/{slug} ; /series/?of={cat} ; +&page={p} ; ; /months/{y}-{m}
one word in a section ; /{cat}/{word}
UUID ; /{cat}/{uuid}
short id ; /{hex8}
article?id&title ; /article?id={id3}&title={slug} ; /section?id={c} ; +&page={p} ; /page?name={a} ; /month?of={y}-{m}
# written by hand: numbered files
story-2.html ; /story-{k}.html ; /{cat}.html ; /{cat}-{p}.html ; /{a}.html ; /{y}-{m}.html
6.html ; /{cat}/{k}.html ; /{cat}/index.html ; /{cat}/index{p}.html ; /{a}.html ; /old/{y}-{m}.html
# Chinese: Founder's newspapers, TRS, portals, DedeCMS's default rule, pinyin names, Discuz! portal
content_123.htm * ; /html/{y}-{m}/{d}/content_{id3}.htm ; /html/node_{c}.htm ; /html/node_{c}_{p}.htm ; \
/html/{a}.htm ; /html/{y}-{m}/
20261105/123.shtml * ; /{y}{m}{d}/{id3}.shtml ; /{zcat}/ ; +index_{p}.shtml ; /{a}.shtml ; /{y}{m}/index.shtml
/a/202611/05/12345.html * ; /a/{y}{m}/{d}/{id5}.html ; /{zcat}/index.html ; /{zcat}/index_{p}.html ; /{a}/ ; /a/{y}{m}/
DedeCMS * ; /a/{zcat}/{y}/{m}{d}/{id3}.html ; /a/{zcat}/ ; +list_{c}_{p}.html ; /a/{a}.html ; /a/{y}{m}/
pinyin * ; /{zcat}/{pinyin}.html ; /{zcat}/ ; +{p}.html ; /{a}.html ; /{y}-{m}.html
Discuz! portal * ; /portal.php?mod=view&aid={id3} ; /portal.php?mod=list&catid={c} ; +&page={p} ; /misc.php?mod={a} ; \
/portal.php?mod=month&month={y}{m}
"""
"""A shape a line: name (* for Chinese), story, section, its further pages (+ is the section's URL), about, month.

An empty or missing cell is that of the last line of defaults. The systems' documentation has the shape.
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one content system forms its URLs. Each function returns path and query."""

    name: str
    story: Callable[[int, date], str]
    """Of a story number and its day."""
    section: Callable[[int], str]
    """Of a section number, two for each site: ``2 * i`` and ``2 * i + 1``."""
    page_of_section: Callable[[int, int], str]
    """Of a section number and a page from 2."""
    about: Callable[[int], str]
    """Of 0 for the page about the site, and 1 for the one about privacy."""
    archive: Callable[[date], str]
    """Of a day in the month."""
    is_chinese: bool = False


def _shape(name: str, cells: list[str]) -> Shape:
    story, section, more, about, archive = cells
    more = section + more[1:] if more.startswith("+") else more
    return Shape(
        name.removesuffix(" *"),
        lambda n, day: story.format_map(_story_fields(n, day)),
        lambda s: section.format_map(_section_fields(s)),
        lambda s, p: more.format_map({**_section_fields(s), "p": p, "p0": p - 1, "start": (p - 1) * PER_PAGE}),
        lambda a: about.format(a=("about", "privacy")[a], ai=(2, 8)[a]),
        lambda day: archive.format(y=day.year, m=f"{day:%m}", mi=day.month, mon=MONTHS[day.month - 1]),
        name.endswith(" *"),
    )


def _table() -> Iterator[Shape]:
    defaults = [""] * 5
    for line in TABLE.strip().splitlines():
        if not line.startswith("#"):
            name, *cells = (cell.strip() for cell in line.split(" ;"))
            filled = [cell or usual for cell, usual in zip(cells + [""] * 5, defaults, strict=False)]
            if name == "defaults":
                defaults = filled
            else:
                yield _shape(name, filled)


SHAPES: tuple[Shape, ...] = tuple(_table())


def _section_fields(s: int) -> dict[str, object]:
    cat = CATEGORIES[s // 2 % len(CATEGORIES)][s % 2]
    peo, zcat = (("people", "difang"), ("places", "jingji"))[s % 2]
    return {"cat": cat, "Cat": cat.title(), "c": 3 + s % 2, "peo": peo, "zcat": zcat}


def _story_fields(n: int, day: date) -> dict[str, object]:
    i, k = divmod(n, STRIDE)
    digest = md5(f"story {n}".encode(), usedforsecurity=False).hexdigest()
    rng = random.Random(f"slug {i}")
    han, cyr, more = (rng.sample(words, STORIES) for words in (SLUGS["pinyin"], *[SLUGS["cyrillic"]] * 2))
    slug = "-".join(english_headline(n).lower().replace("-", " ").split())
    dated = {"y": day.year, "m": f"{day:%m}", "d": f"{day:%d}", "mon": MONTHS[day.month - 1]}
    numbers = {"k": k, "id2": 20 + k, "id3": 120 + 3 * k, "id4": 1234 + k, "id5": 12345 + n, "id7": 1234567 + n}
    digests = {"hex": digest, "hex12": digest[:12], "hex8": "abcdefghkmpq"[k - 1] + digest[:7], "uuid": UUID(digest)}
    names = {"slug": slug, "slug_": slug.replace("-", "_"), "word": nouns(n)[0], "pinyin": han[k - 1] + han[k - 2]}
    coded = {"zh": quote(zh_headline(n)), "cyr": quote(f"{cyr[k - 1]}-{more[k - 1]}-{cyr[k - 2]}")}
    others = {"id0": f"{120 + 3 * k:06}", "author": author(n).lower().replace(" ", "-")}
    return _section_fields(2 * i + section_of(n)) | dated | numbers | digests | names | coded | others


class _Pick(dict[str, str]):
    """Words for the slots of a sentence, chosen anew each time."""

    def __init__(self, seed: str, *, zh: bool, **given: str) -> None:
        super().__init__(given)
        self.rng, self.zh = random.Random(seed), zh

    def __missing__(self, slot: str) -> str:
        rng = self.rng
        if slot in ("num", "year"):
            return str(rng.randint(3, 97) if slot == "num" else rng.randint(1851, 1998))
        if self.zh:
            return rng.choice(ZH[slot])
        if slot == "person":
            return f"{rng.choice(EN['first'])} {rng.choice(EN['last'])}"
        return rng.choice(EN["start"]) + rng.choice(EN["place"]) if slot == "place" else rng.choice(EN[slot])

    def sentence(self, patterns: str) -> str:
        """One of the language's patterns of a kind, filled."""
        text = self.rng.choice((ZH if self.zh else EN)[patterns]).format_map(self)
        return text[0].upper() + text[1:]


@lru_cache(maxsize=4096)
def _nouns(i: int, *, zh: bool) -> list[str]:
    return random.Random(f"nouns {i}").sample((ZH if zh else EN)["noun"], 2 * STORIES)


def nouns(n: int, *, zh: bool = False) -> list[str]:
    """The two things that a story is about; no other story of the site is about them."""
    i, k = divmod(n, STRIDE)
    return _nouns(i, zh=zh)[2 * k - 2 : 2 * k]


def author(n: int) -> str:
    """Who wrote a story."""
    return _Pick(f"author {n}", zh=False)["person"]


def day_of(n: int) -> date:
    """The day of a story: later for a larger number."""
    return date(2026, 11, 1 + n % STRIDE + n // STRIDE % 9)


def section_of(n: int) -> int:
    """The section of a story in its site, 0 or 1."""
    return int(STORIES - n % STRIDE not in SECTIONS[0])


def english_headline(n: int) -> str:
    """The headline of a story: one word for the sixth, two for the eleventh, a sentence for the others."""
    one, two = nouns(n)
    if n % STRIDE in (6, 11):
        return one.capitalize() + (" returns" if n % STRIDE == 11 else "")
    return _Pick(f"headline {n}", zh=False, noun=one, noun2=two).sentence("headlines")


def zh_headline(n: int) -> str:
    """The headline of a story in Chinese."""
    one, two = nouns(n, zh=True)
    return one if n % STRIDE == 6 else _Pick(f"headline {n}", zh=True, noun=one, noun2=two).sentence("headlines")


def paragraphs(n: int, *, zh: bool) -> list[str]:
    """The text of a story: four to seven paragraphs of 120 to 350 characters."""
    pick, found = _Pick(f"text {n}", zh=zh), []
    for _ in range(pick.rng.randint(4, 7)):
        text, least = "", pick.rng.randint(120, 240)
        while len(text) < least:
            more = ("" if zh or not text else " ") + pick.sentence("sentences")
            if len(text) + len(more) > 350:
                break
            text += more
        found.append(text)
    return found


@dataclass(frozen=True, slots=True)
class Site:
    """One site; all that it has follows from its number."""

    i: int
    url: str
    shape: Shape
    name: str
    zh: bool
    """Its language is Chinese: the first two of six sites of a Chinese shape."""
    template: int
    listing: str
    """How it lists its stories besides its pages: ``sitemap``, ``feed``, or not at all."""
    feed: str

    @property
    def stories(self) -> list[int]:
        """Numbers of the stories, the newest first."""
        return [self.i * STRIDE + k for k in range(STORIES, 0, -1)]

    def path(self, n: int) -> str:
        """Path and query of a story."""
        return self.shape.story(n, day_of(n))

    def headline(self, n: int) -> str:
        """The headline of a story in the site's language."""
        return zh_headline(n) if self.zh else english_headline(n)

    def section_name(self, s: int) -> str:
        """The name of a section, 0 or 1."""
        return ("地方", "经济")[s] if self.zh else CATEGORIES[self.i % len(CATEGORIES)][s].title()

    def page(self, title: str, main: str) -> str:
        """A whole page. Half of the sites with a feed declare it."""
        shape = self.shape
        nav = _links((shape.section(2 * self.i + s), self.section_name(s)) for s in (0, 1))
        about, privacy, month = ("关于", "隐私", "2026年11月") if self.zh else ("About", "Privacy", "November 2026")
        foot = _links(((shape.about(0), about), (shape.about(1), privacy), (shape.archive(MONTH), month)))
        body = HTML["layouts"][self.template].format(name=self.name, nav=nav, main=main, foot=foot)
        head = f"<meta charset=utf-8><title>{escape(title)}</title>"
        if self.listing == "feed" and self.i % 2:
            head += f"<link rel=alternate type='application/rss+xml' href='{self.feed}'>"
        return f"<!DOCTYPE html><html lang={'zh' if self.zh else 'en'}><head>{head}</head><body>{body}</body></html>"

    def story_page(self, n: int) -> str:
        """A story, with links to three others."""
        day, title = day_of(n), self.headline(n)
        text = "".join(f"<p>{escape(one)}</p>" for one in paragraphs(n, zh=self.zh))
        others = [one for one in self.stories[:FRONT] if one != n][n % 3 :][:3]
        links = _links((self.path(one), self.headline(one)) for one in others)
        more = f"<h3>{'更多' if self.zh else 'More stories'}</h3><ul>{links}</ul>"
        by = f"记者 {_Pick(f'author {n}', zh=True)['person']}" if self.zh else f"By {author(n)}"
        shown = f"2026年{day.month}月{day.day}日" if self.zh else f"{day.day} November 2026"
        page = HTML["stories"][self.template]
        return self.page(
            f"{title} | {self.name}", page.format(title=escape(title), by=by, iso=day, day=shown, text=text, more=more)
        )

    def list_page(self, title: str, numbers: list[int], *, sentences: int = 1, more: str = "") -> str:
        """A page of headlines with blurbs of so many sentences; none on the front page, where one has a word."""
        rows = []
        for n in numbers:
            pick = _Pick(f"blurb {n}", zh=self.zh)
            blurb = " ".join(pick.sentence("blurbs") for _ in range(sentences))
            shown = self.headline(n) if sentences or n % STRIDE != 8 else nouns(n, zh=self.zh)[0].capitalize()
            below = f"<p>{escape(blurb)}</p>" if blurb else ""
            rows.append(HTML["items"][self.template].format(url=escape(self.path(n)), title=escape(shown), blurb=below))
        if more:
            rows.append(f"<p><a href='{escape(more)}'>{'下一页' if self.zh else 'Older stories'}</a></p>")
        if not sentences:
            return self.page(title, "".join(rows))
        return self.page(f"{title} | {self.name}", f"<h1>{escape(title)}</h1>{''.join(rows)}")

    def prose_page(self, which: int) -> str:
        """The page about the site (0), or the one about privacy (1)."""
        pick = _Pick(f"prose {self.i} {which}", zh=self.zh, name=self.name)
        words, kind = ZH if self.zh else EN, ("about", "privacy")[which]
        patterns, titles = words[kind] * (1 + which), words[f"{kind}_titles"]
        title = titles[self.i % len(titles)].format(name=self.name)
        text = "".join(f"<p>{escape(pattern.format_map(pick))}</p>" for pattern in patterns)
        return self.page(f"{title} | {self.name}", f"<h1>{escape(title)}</h1>{text}")

    def sitemap(self) -> str:
        """All pages but the second page of a section."""
        paths = ["/", *(path for path, _ in self.pages() if path != self.shape.page_of_section(2 * self.i, 2))]
        urls = "".join(f"<url><loc>{escape(self.url + path[1:])}</loc></url>" for path in dict.fromkeys(paths))
        return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"

    def rss(self) -> str:
        """The newest stories."""
        items = "".join(
            f"<item><title>{escape(self.headline(n))}</title><link>{escape(self.url + self.path(n)[1:])}</link>"
            f"<pubDate>{day_of(n).day:02} Nov 2026 08:00:00 GMT</pubDate></item>"
            for n in self.stories[:LISTED]
        )
        return f"<rss version='2.0'><channel><title>{self.name}</title><link>{self.url}</link>{items}</channel></rss>"

    def pages(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Path and content of each page."""
        yield "/", lambda: self.list_page(self.name, self.stories[:FRONT], sentences=0)
        for s, members in enumerate(SECTIONS):
            number, numbers, name = 2 * self.i + s, [self.stories[j] for j in members], self.section_name(s)
            more = self.shape.page_of_section(number, 2) if len(numbers) > PER_PAGE else ""
            first, rest = numbers[:PER_PAGE], numbers[PER_PAGE:]
            yield self.shape.section(number), partial(self.list_page, name, first, more=more)
            if rest:
                yield more, partial(self.list_page, name, rest)
        month = "2026年11月" if self.zh else "November 2026"
        yield self.shape.archive(MONTH), lambda: self.list_page(month, self.stories[:LISTED], sentences=2)
        yield self.shape.about(0), lambda: self.prose_page(0)
        yield self.shape.about(1), lambda: self.prose_page(1)
        for number in self.stories:
            yield self.path(number), partial(self.story_page, number)


def _links(links: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<li><a href='{escape(url)}'>{escape(text)}</a></li>" for url, text in links)


def site(i: int) -> Site:
    """The site of a number."""
    turn, j = divmod(i, len(SHAPES))
    zh = SHAPES[j].is_chinese and turn % 6 < 2
    name = _Pick(f"name {i}", zh=zh)["place"] + ("日报" if zh else f" {EN['title'][i % len(EN['title'])]}")
    template, listing = (j + 2 * turn) % len(HTML["layouts"]), ("sitemap", "feed", "")[(j + turn) % 3]
    feed = ("/feed/", "/rss.xml")[turn % 2]
    return Site(i, f"http://shape{i}.example/", SHAPES[j], name, zh, template, listing, feed)


def sites(count: int = 2000) -> list[Site]:
    """The first sites."""
    return [site(i) for i in range(count)]


def key(url: str) -> str:
    """The same for all spellings of a URL that servers take for one page: escapes, order of parameters."""
    parts = urlsplit(url)
    return f"{unquote(parts.path)}?{sorted(parse_qsl(parts.query, keep_blank_values=True))}"


@lru_cache(maxsize=1024)
def _index(i: int) -> dict[str, Callable[[], str]]:
    found: dict[str, Callable[[], str]] = {}
    for path, content in site(i).pages():
        if found.setdefault(key(path), content) is not content:
            raise ValueError(f"site {i}: two pages at {path}")
    return found


def render(host: str, path_with_query: str) -> tuple[int, str, str] | None:
    """Status, content type and body of a page; None for a host that is none of these sites."""
    number = host.removeprefix("shape").removesuffix(".example")
    if host != f"shape{number}.example" or not number.isdecimal():
        return None
    found = site(int(number))
    if (found.listing, path_with_query) == ("sitemap", "/sitemap.xml"):
        return 200, "application/xml", found.sitemap()
    if (found.listing, path_with_query) == ("feed", found.feed):
        return 200, "application/rss+xml", found.rss()
    content = _index(found.i).get(key(path_with_query))
    if content is None:
        return 404, "text/html; charset=utf-8", "<title>Not found</title><h1>Not found</h1>"
    return 200, "text/html; charset=utf-8", content()


def truth(i: int) -> set[str]:
    """URLs of the stories of a site."""
    found = site(i)
    return {found.url + found.path(n)[1:] for n in found.stories}
