"""What is published of articles whose last page was read."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from cleaners import Article, clean
from cleaners.site.memory import SiteMemory
from crawler.context import ArticleInProgress
from crawler.frontier.quota import Quota
from crawler.ledger.types import ArticleState, FetchRecord, RelatedArticles
from crawler.output.publishing.registrar import ArticleRegistrar, Publisher
from crawler.output.publishing.site_memories import SiteMemories
from crawler.output.publishing.waiting_urls import WaitingUrls
from crawler.run_report.account import Tally
from crawler.types import DiscoveredUrl, Role, Source
from tests.unit.cleaners.pages import page, story

FIRST, SECOND = "http://news.example/lock-closes", "http://news.example/lock-closes/2/"
SOURCE = Source(url="http://news.example/")
OTHER = " ".join(f"Baker number {n} opened another shop in the lower town on Friday." for n in range(12))


class Articles:
    """The part of the delivery that publishing uses; it knows what is expected, as the real one does."""

    def __init__(self) -> None:
        self.book: dict[str, ArticleState] = {}
        self.comparing = asyncio.Lock()
        self.threshold = 0.8

    async def find_article(self, id_: str) -> ArticleState | None:
        return self.book.get(id_)

    async def related_articles(self, url: str, id_: str, fingerprint: str, signature: bytes) -> RelatedArticles:
        """No text is alike, and nothing was announced."""
        with_text = tuple(one for one in self.book.values() if one.fingerprint == fingerprint)
        return RelatedArticles(article=self.book.get(id_), with_text=with_text)

    def expect(self, article: ArticleState) -> None:
        self.book[article.id] = article


async def nothing_known(site: str) -> SiteMemory:
    return SiteMemory()


def article(url: str, body: str, canonical: str) -> Article:
    found = clean(page(body.replace("</head>", f"<link rel=canonical href='{canonical}'></head>"), url=url))
    assert isinstance(found, Article), found
    return found


def test_two_stories_of_one_chain_are_two_articles_though_one_names_the_other() -> None:
    """The second page of an article turns out to be another story, whose canonical link names the first."""
    articles = Articles()
    registrar = ArticleRegistrar(
        articles=articles, quota=Quota(None), is_refresh=False, with_duplicates=True, count=lambda *args: None
    )
    publisher = Publisher(
        registrar=registrar,
        tally=Tally(),
        memories=SiteMemories(nothing_known, most_held=0),
        waiting=WaitingUrls(may_hold=False),
        productive=set(),
    )
    record = FetchRecord(url=FIRST, role=Role.ARTICLE, source=SOURCE.name, at=1, status=200)
    target = DiscoveredUrl(url=FIRST, role=Role.ARTICLE)
    pending = ArticleInProgress(source=SOURCE, target=target, first_fetch=record)
    another = (
        f"<html><head><title>Bakers open shops</title></head><body><h1>Bakers open shops</h1><p>{OTHER}</p></body>"
    )
    ids = []
    for found in (article(FIRST, story(), FIRST), article(SECOND, another, FIRST)):
        outcome = asyncio.run(publisher.publish(replace(pending, pages=(found,))))
        ids += [item.id for item, _ in outcome.items if isinstance(item, Article)]
    assert len(set(ids)) == 2
