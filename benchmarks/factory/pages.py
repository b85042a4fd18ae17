"""Made sites and their pages: what stands where, and what of it is the article."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from string import Formatter
from typing import Any

from benchmarks.corpora import INNER_FOLDS, domain_fold
from benchmarks.factory import catalogue, shapes
from benchmarks.factory.catalogue import Language, Part, Story, Wording
from benchmarks.factory.markup import SCHEMES, Naming, element, out, text, unmarked
from benchmarks.factory.skeletons import SKELETONS, Skeleton
from benchmarks.factory.story import Manner, pieces, whole

TOP = (
    "standfirst_like", "audio", "updated", "share", "contents", "caption", "language_note", "gift", "reading_tools",
    "ai_note", "live_pointer", "recipe_tools",
)  # fmt: skip
"""Kinds that stand at the top of a story more often than elsewhere."""
END = (
    "author_bio", "credits", "agency", "copyright", "republish", "corrections_call", "comments_call", "tag_row",
    "trust", "letters", "previous_next", "more_from_author", "paywall_prompt", "trial", "tips", "follow", "channel",
    "survey", "series_note", "feedback", "print_edition", "partner", "comment_rules", "classifieds", "puzzle",
    "region_pick", "account",
)  # fmt: skip
"""Kinds that stand at the end more often than elsewhere."""
OUTSIDE = ("widget", "jobs", "most_read", "consent")
"""Kinds that stand beside a story more often than in it."""
SIDE = (
    "most_read", "related_list", "teaser", "signup", "widget", "poll", "shop", "event", "podcast", "jobs", "app",
    "quiz", "weather_box", "market_box", "results_box", "puzzle", "classifieds", "push",
)  # fmt: skip
BELOW = (
    "related_list", "teaser", "more_from_author", "previous_next", "most_read", "signup", "follow", "comments_call",
    "sponsored", "feedback", "partner", "classifieds",
)  # fmt: skip

ELSEWHERE_SHARE = 0.25
"""Share of furniture that stands in another place than its kind usually does."""
SHOWN_SHARE = 0.6
"""Share of a site's pages that show one of its kinds."""


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page and its truth."""

    url: str
    html: str
    """With the marks of the truth (:data:`benchmarks.factory.markup.TRUTH`)."""
    language: str
    skeleton: str
    title: str
    body: tuple[str, ...]
    """The lines of the article."""
    without: tuple[tuple[str, str], ...]
    """The lines of the furniture in the story, each with its kind before it."""
    published: str
    author: str

    @property
    def domain(self) -> str:
        """The invented site."""
        return self.url.split("/")[2]

    @property
    def written(self) -> bytes:
        """The page as a server would send it."""
        return unmarked(self.html).encode()

    @property
    def row(self) -> dict[str, Any]:
        """The page as a row of an index that ``scrapy evaluate`` reads."""
        without = [(kind, line) for kind, line in self.without if line not in self.body]
        return {
            "id": self.url.rpartition("/")[2].removesuffix(".html") + "-" + self.domain,
            "source": "factory",
            "url": self.url,
            "domain": self.domain,
            "lang": self.language,
            "title": self.title,
            "published": self.published,
            "authors": [self.author],
            "body": "\n".join(self.body),
            "with": list(self.body),
            "without": [line for _, line in without],
            "kinds": [kind for kind, _ in without],
            "page_type": "article",
            "body_quality": "gold",
            "skeleton": self.skeleton,
        }


@dataclass(frozen=True, slots=True)
class Site:
    """An invented site: its pages share a language, a skeleton, class names, wordings and shapes."""

    seed: str
    domain: str
    language: Language
    """The share of the catalogue that this site uses."""
    skeleton: Skeleton
    naming: Naming
    manner: Manner
    kinds: tuple[str, ...]
    """Kinds of furniture in its stories."""

    @classmethod
    def of(
        cls, seed: int, number: int, codes: Sequence[str], skeletons: Sequence[Skeleton], kinds: Sequence[str]
    ) -> Site:
        """One of the sites of a seed."""
        random = Random(f"site {seed} {number}")
        code = codes[number % len(codes)]
        domain = f"{random.choice(NAMES)}-{number}-{seed}.{code}.example"
        language = catalogue.load(code).of_fold(domain_fold(domain, INNER_FOLDS, "inner"), INNER_FOLDS)
        skeleton = random.choice(skeletons)
        naming = Naming(domain, random.choice(SCHEMES))
        return cls(
            seed=f"{seed} {number}",
            domain=domain,
            language=language,
            skeleton=skeleton,
            naming=naming,
            manner=Manner.of(random.choice(skeleton.paragraphs), naming, random),
            kinds=tuple(sorted(random.sample(sorted(kinds), min(len(kinds), random.randint(3, 10))))),
        )

    @property
    def name(self) -> str:
        """What the site calls itself."""
        return Random(f"name {self.seed}").choice(self.language.slots["site"])

    def style(self, kind: str) -> shapes.Style:
        """How the site writes a kind."""
        random = Random(f"style {self.seed} {kind}")
        return shapes.style(kind, self.naming, self.manner.furniture_paragraph, random)

    def wording(self, kind: str) -> Wording:
        """The words that the site has for a kind."""
        return Random(f"wording {self.seed} {kind}").choice(self.language.furniture[kind])

    def page(self, number: int) -> MadePage:
        """One of the site's pages."""
        return _Composer(self, number).page()

    def furniture(self, kind: str) -> str:
        """One piece of furniture alone."""
        return _Composer(self, 0).furniture(kind)


NAMES = (
    "post", "kurier", "observer", "tribune", "echo", "dagblad", "voce", "monitor", "herald", "ledger", "citizen",
    "star",
)  # fmt: skip


class _Composer:
    """Puts one page together."""

    def __init__(self, site: Site, number: int) -> None:
        self.site = site
        self.random = Random(f"page {site.seed} {number}")
        stories = site.language.stories
        self.story = stories[number % len(stories)]
        self.others = [story for story in stories if story is not self.story] or [self.story]
        self.other = self.others[0]
        """The story that the furniture last named."""
        self.number = number
        self.date = dt.date(2000, 1, 1) + dt.timedelta(days=self.random.randrange(9800))
        self.author = self.random.choice(site.language.slots["name"])
        self.without: list[tuple[str, str]] = []
        kept = site.language.kept["lines"]
        self.lines = self.random.sample(kept, len(kept))
        """Lines that only look like furniture and are not in the story yet: none stands in it twice."""

    def page(self) -> MadePage:
        site, story = self.site, self.story
        blocks = self._blocks(story)
        parts = pieces(blocks, site.manner)
        drawn = self._with_furniture(parts)
        middle = max(1, len(drawn) // 2)
        manner = site.manner
        html = site.skeleton.page(
            self._pieces(story, is_live=any(block.role == "e" for block in blocks))
            | {
                "body": whole(drawn, manner),
                "body_first": whole(drawn[:middle], manner),
                "body_rest": whole(drawn[middle:], manner),
            },
            site.naming,
        )
        return MadePage(
            url=f"https://{site.domain}/{self.date:%Y/%m}/{story.kind}-{self.number}.html",
            html=html,
            language=site.language.code,
            skeleton=site.skeleton.name,
            title=story.title,
            body=tuple(_line(block) for block in blocks if block.role != "cap"),
            without=tuple(self.without),
            published=self.date.isoformat(),
            author=self.author,
        )

    def _blocks(self, story: Story) -> list[Part]:
        """The story, some of its blocks left out, with lines that look like furniture and are none."""
        random, kept = self.random, self.site.language.kept
        blocks = [b for b in story.blocks if random.random() > DROPPED_SHARE or b.role in ("tr", "q", "a", "h", "e")]
        blocks = blocks or list(story.blocks[:1])
        if random.random() < LIVE_SHARE:
            blocks = self._live(blocks) or blocks
        if random.random() < QUOTED_SHARE:
            self._quote(blocks)
        if random.random() < LISTED_SHARE:
            self._list(blocks)
        if random.random() < POSTED_SHARE:
            self._post(blocks)
        places = [i for i, block in enumerate(blocks) if block.role in ("p", "a")] or [len(blocks) - 1]
        if random.random() < SUBHEADED_SHARE:
            self._subheads(blocks)
        short = random.sample(kept["short"], min(len(kept["short"]), random.randint(0, 2)))
        for line in (*self._take(random.randint(0, 4)), *short):
            blocks.insert(random.choice(places) + 1, Part("p", line))
        if random.random() < ENDED_SHARE:
            blocks += [Part("p", line) for line in self._take(1)]
        if random.random() < NOTED_SHARE:
            blocks.append(Part("note", random.choice(kept["notes"])))
        while blocks and blocks[-1].role in ("h", "q", "e"):
            blocks.pop()
        if any(block.role == "e" for block in blocks) and random.random() < KEY_POINTS_SHARE:
            blocks[:0] = [Part("li", block.text.partition(" | ")[2]) for block in blocks if block.role == "e"][:4]
        return blocks

    def _take(self, count: int) -> list[str]:
        """Some of the lines that only look like furniture; fewer where no more are left."""
        taken, self.lines = self.lines[:count], self.lines[count:]
        return taken

    def _quote(self, blocks: list[Part]) -> None:
        """Set the shortest paragraph, or a line that is kept, off as a quotation."""
        paragraphs = [i for i, block in enumerate(blocks) if block.role == "p"]
        if not paragraphs:
            return
        if self.random.random() < 0.5:
            shortest = min(paragraphs, key=lambda i: len(blocks[i].text))
            blocks[shortest] = Part("bq", blocks[shortest].text)
        else:
            for line in self._take(1):
                blocks.insert(self.random.choice(paragraphs) + 1, Part("bq", line))

    def _post(self, blocks: list[Part]) -> None:
        """Somebody's post, embedded after a paragraph."""
        date = written_date(self.site.language, self.date, self.random)
        for line in self._take(1):
            blocks.insert(self.random.randint(1, len(blocks)), Part("post", f"{self.slot('nick')} | {line} | {date}"))

    def _subheads(self, blocks: list[Part]) -> None:
        """One to three subheads more."""
        known = [block.text for story in self.site.language.stories for block in story.blocks if block.role == "h"]
        for text_ in self.random.sample(known, min(len(known), self.random.randint(1, 3))):
            places = [i for i, block in enumerate(blocks) if block.role == "p" and i] or [len(blocks) - 1]
            blocks.insert(self.random.choice(places), Part("h", text_))

    def _list(self, blocks: list[Part]) -> None:
        """A list of one to four lines that are kept."""
        lines = self._take(self.random.randint(1, 4))
        place = self.random.randint(1, len(blocks))
        blocks[place:place] = [Part("li", line) for line in lines]

    def _live(self, blocks: list[Part]) -> list[Part]:
        """The paragraphs as entries of a live blog, under headlines and subheads of other stories."""
        random = self.random
        headlines = [other.title for other in self.others]
        headlines += [block.text for other in self.others for block in other.blocks if block.role == "h"]
        live: list[Part] = []
        for paragraph in (block for block in blocks if block.role in ("p", "bq")):
            if not live or random.random() < 0.7:
                live.append(Part("e", f"{self.slot('time')} | {random.choice(headlines)}"))
            live.append(paragraph)
        return live

    def _with_furniture(self, parts: list[str]) -> list[str]:
        """The story's pieces with the site's furniture between them."""
        random, drawn = self.random, list(parts)
        for kind in self.site.kinds:
            if random.random() < SHOWN_SHARE:
                drawn.insert(self._place(kind, len(drawn)), self.furniture(kind, is_inside=True))
        return drawn

    def _place(self, kind: str, count: int) -> int:
        random = self.random
        if random.random() < ELSEWHERE_SHARE:
            return random.randint(0, count)
        if kind in TOP:
            return random.randint(0, min(1, count))
        return count if kind in END else random.randint(min(1, count), count)

    def furniture(self, kind: str, *, is_inside: bool = False) -> str:
        """One piece of furniture, its slots filled."""
        parts = filled(self.site.wording(kind), self)
        if is_inside:
            self.without += [(kind, part.text.replace(" | ", " ")) for part in parts if part.role != "f"]
        return shapes.drawn(parts, self.site.style(kind))

    def slot(self, name: str) -> str:
        """A value for a slot of a wording."""
        random, language = self.random, self.site.language
        if name == "headline":
            self.other = random.choice(self.others)
            return self.other.title
        if name == "excerpt":
            return self.other.excerpt
        if name == "site":
            return self.site.name
        if name == "date":
            return written_date(language, self.date + dt.timedelta(days=random.randint(-40, 0)), random)
        if name == "time":
            return f"{random.randint(0, 23)}:{random.randint(0, 59):02}"
        if name == "n":
            return str(random.choice((2, 3, 5, 12, 24, 40, 87, 120, 365, 1200)))
        if name == "month":
            return random.choice(language.months)
        return self.author if name == "name" and random.random() < 0.7 else random.choice(language.slots[name])

    def _pieces(self, story: Story, *, is_live: bool) -> dict[str, str]:
        """What stands around the story."""
        random, language, slots = self.random, self.site.language, self.site.language.slots
        naming = self.site.naming
        byline = random.choice(language.bylines).replace("{name}", self.author)
        menu = "".join(element("li", element("a", text(m), f' href="/{i}/"')) for i, m in enumerate(slots["menu"]))
        comments = [self._comment() for _ in range(random.randint(2, 9))]
        second = random.choice(self.others)
        second_body = "".join(pieces(second.blocks[:8], self.site.manner, out("second story")))
        second_body = whole([second_body], self.site.manner, out("second story"))
        other_byline = random.choice(language.bylines).replace("{name}", random.choice(slots["name"]))
        other_byline = element("p", text(other_byline), out("byline"))
        second_head = element("h1", text(second.title)) + other_byline
        crumb = element("a", text(slots["menu"][0]), ' href="/"')
        section = element("a", text(story.section), ' href="/s/"')
        is_list = random.random() < 0.6
        nick = text(slots["nick"][0])
        return {
            "title": text(story.title),
            "standfirst": text(story.standfirst) if random.random() < 0.7 else "",
            "kicker": text(story.section),
            "byline": text(byline),
            "date": text(written_date(language, self.date, random)),
            "site": text(self.site.name),
            "lang": language.code,
            "meta": self._meta(story, is_live=is_live),
            "menu": element("nav", element("ul", menu)) if is_list else element("div", menu.replace("li>", "span>")),
            "side": self._some(SIDE),
            "below": self._some(BELOW),
            "foot": element("ul", menu) + self.furniture("copyright"),
            "share": self.furniture("share"),
            "tags": self.furniture("tag_row"),
            "crumbs": f"{crumb} &gt; {section}",
            "figure": self._figure() if random.random() < 0.6 else "",
            "gallery": "".join(self._figure() for _ in range(4)),
            "comments": element("div", "".join(comments), naming("comments")),
            "comments_more": "".join(self._comment() for _ in range(14)),
            "comments_flat": "".join(f"<p><b>{nick}</b></p><p>{text(c)}</p>" for c in slots["comment"]),
            "other": self._some(SIDE[:3]),
            "ad": self.furniture("ad_label"),
            "cards": "".join(self._card(other) for other in self.others * 2),
            "consent": self.furniture("consent") + self.furniture("consent"),
            "second_article": element(
                "article", second_head + element("div", second_body, naming.of_skeleton("content"))
            ),
            "second_entry": element(
                "div",
                second_head + element("div", second_body, naming.of_skeleton("txt")),
                naming.of_skeleton("entry"),
            ),
            "updated": self.furniture("updated"),
        }  # fmt: skip

    def _some(self, kinds: Sequence[str]) -> str:
        random = self.random
        return "".join(self.furniture(kind) for kind in random.sample(kinds, random.randint(0, 3)))

    def _comment(self) -> str:
        random, slots = self.random, self.site.language.slots
        control = "".join(element("button", text(c)) for c in slots["control"][:2])
        head = element("b", text(random.choice(slots["nick"]))) + element("span", text(self.slot("date")))
        remark = element("p", text(random.choice(slots["comment"])))
        return element("div", head + remark + control, self.site.naming("comment"))

    def _card(self, story: Story) -> str:
        link = element("a", text(story.title), f' href="/{shapes.hash_of(story.title)}.html"')
        return element("article", element("h3", link) + element("p", text(story.excerpt)), self.site.naming("card"))

    def _figure(self) -> str:
        caption = " ".join(part.text for part in filled(self.site.wording("caption"), self))
        return element("figure", '<img src="/lead.jpg" alt="">' + element("figcaption", text(caption)), out("caption"))

    def _meta(self, story: Story, *, is_live: bool) -> str:
        random = self.random
        description = text(story.standfirst).replace('"', "&quot;")
        tags = f'<meta name="description" content="{description}">' if random.random() < 0.8 else ""
        if random.random() < 0.6:
            title = text(story.title).replace('"', "&quot;")
            tags += f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        if random.random() < 0.5:
            kind = "LiveBlogPosting" if is_live and random.random() < 0.5 else "NewsArticle"
            data: Mapping[str, Any] = {
                "@context": "https://schema.org",
                "@type": kind,
                "headline": story.title,
                "datePublished": self.date.isoformat(),
                "author": {"@type": "Person", "name": self.author},
            }
            tags += f'<script type="application/ld+json">{json.dumps(data)}</script>'
        return tags


DROPPED_SHARE = 0.15
NOTED_SHARE = 0.2
QUOTED_SHARE = 0.4
"""Share of the stories with one quotation more, set off; with fewer, short quotations were taken for furniture."""
SUBHEADED_SHARE = 0.4
"""Share of the stories with subheads more: most lines in headings would be furniture's else."""
ENDED_SHARE = 0.25
"""Share of the stories that end with a short line."""
LISTED_SHARE = 0.25
"""Share of the stories with a list more."""
POSTED_SHARE = 0.15
"""Share of the stories with an embedded post: its text stays, as that of the platforms that we know by their names."""
LIVE_SHARE = 0.08
"""Share of the stories that are made into live blogs, beside those of the catalogue."""
KEY_POINTS_SHARE = 0.5
"""Share of the live blogs that begin with a list of key points."""


def filled(wording: Wording, composer: _Composer) -> list[Part]:
    """A wording with its slots filled."""
    found = []
    for role, line in wording:
        pieces_ = [(before, name) for before, name, _, _ in Formatter().parse(line)]
        found.append(Part(role, "".join(before + (composer.slot(name) if name else "") for before, name in pieces_)))
    return found


def written_date(language: Language, date: dt.date, random: Random) -> str:
    """A date as the language's outlets write it."""
    pattern = random.choice(language.dates)
    return pattern.format(day=date.day, mm=f"{date.month:02}", month=language.months[date.month - 1], year=date.year)


def _line(block: Part) -> str:
    rest = block.text.partition(" | ")[2]
    return rest if block.role == "e" else rest.rpartition(" | ")[0] if block.role == "post" else block.text


INSIDE_KINDS = tuple(kind for kind in sorted(catalogue.load(catalogue.languages()[0]).furniture) if kind not in OUTSIDE)


def make(
    seed: int,
    sites: int,
    pages: int,
    *,
    codes: Sequence[str] | None = None,
    skeletons: Sequence[Skeleton] = SKELETONS,
    kinds: Sequence[str] | None = None,
) -> Iterator[MadePage]:
    """The pages of a seed.

    Args:
        seed: any number; the same one gives the same pages.
        sites: number of sites; they take the languages in turn.
        pages: pages of each site.
        codes: languages; all where it is None.
        skeletons: those among which the sites choose.
        kinds: kinds of furniture that stand in stories; all where it is None.
    """
    for number in range(sites):
        site = Site.of(seed, number, codes or catalogue.languages(), skeletons, kinds or INSIDE_KINDS)
        for page in range(pages):
            yield site.page(page)
