"""Whether an article is new, changed, as before, or another's near-duplicate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from cleaners.record.serialize import merge_pages
from cleaners.text.normalise import match_key
from cleaners.types import Article, Duplicate, Evidence
from cleaners.urls.identity import article_id, page_identity
from cleaners.urls.resolve import registrable_domain
from crawler.ledger.fingerprints import fingerprint
from crawler.ledger.minhash import signature, similarity
from crawler.ledger.types import ArticleState
from crawler.listings.types import News

SAME_PAGE = 0.9
"""Similarity of texts at two addresses from which they are one article, where the canonical link of both names one of them: AMP
and print variants differ by a line or two. Below, the canonical link names some other page and is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An article with what is known of it."""

    article: Article
    kept: ArticleState
    """What the ledger is to keep of it."""
    state: str
    """``new``, ``changed``, ``unchanged`` or ``duplicate``."""


MIN_TEXT_CHARS = 250
"""Characters of a text that two pages of a site do not share by chance: a paragraph. Shorter ones may be a notice or a placeholder."""


class ArticleIndex(Protocol):
    """What is known of articles."""

    async def article(self, id_: str) -> ArticleState | None:
        """The article of an id."""

    async def same(self, fingerprint: str) -> list[ArticleState]:
        """Articles with exactly this text."""

    async def alike(self, signature: bytes) -> tuple[ArticleState, float] | None:
        """The article most like a text, and how alike; None when none is alike enough."""


async def judge(
    article: Article,
    book: ArticleIndex,
) -> Judgement:
    """Compare an article with what is known.

    Args:
        article: as cleaned.
        book: what is known.
    """
    text, marks = fingerprint(article.text), signature(article.text)
    before = await book.article(article.id)
    if before is not None and page_identity(before.url) != page_identity(article.url) and before.fingerprint != text:
        is_named = page_identity(article.canonical_url or "") in (page_identity(before.url), page_identity(article.url))
        if is_named and similarity(before.signature or b"", marks) >= SAME_PAGE:
            return Judgement(article=article, kept=before, state="unchanged")
        article = replace(article, id=article_id(article.url, None), canonical_url=None)
        before = await book.article(article.id)
    kept = ArticleState(id=article.id, url=article.url, revision=1, fingerprint=text, signature=marks)
    if before is not None:
        first = await book.article(before.duplicate_of) if before.duplicate_of else None
        return _again(article, before, kept, first)
    article = replace(article, revision=1)
    if len(article.text) >= MIN_TEXT_CHARS:
        for other in await book.same(text):
            if registrable_domain(other.url) == registrable_domain(article.url):  # one more address of the same page
                return Judgement(article=article, kept=other, state="unchanged")
    twin = await book.alike(marks)
    if twin is None or twin[0].id == article.id:
        return Judgement(article=article, kept=kept, state="new")
    original = twin[0].duplicate_of or twin[0].id
    article = replace(article, duplicate_of=Duplicate(id=original, similarity=round(twin[1], 2)))
    return Judgement(article=article, kept=replace(kept, duplicate_of=original), state="duplicate")


def _again(article: Article, before: ArticleState, kept: ArticleState, original: ArticleState | None) -> Judgement:
    share = similarity(original.signature or b"", kept.signature or b"") if original else 0.0
    if original is not None and share >= STILL_ALIKE:
        article = replace(article, duplicate_of=Duplicate(id=original.id, similarity=round(share, 2)))
    else:
        before = replace(before, duplicate_of=None)
    if before.fingerprint == kept.fingerprint:
        return Judgement(article=replace(article, revision=before.revision), kept=before, state="unchanged")
    revision = before.revision + 1
    return Judgement(
        article=replace(article, revision=revision, previous=before.fingerprint),
        kept=replace(kept, url=before.url, revision=revision, duplicate_of=before.duplicate_of),
        state="changed",
    )


STILL_ALIKE = 0.5
"""Similarity below which a text that was a duplicate is one of its own: half of its runs of words are now others."""


def is_same_story(first: Article, other: Article) -> bool:
    """True when two pages are of one article: their headlines are the same, or one continues the other."""
    one, two = match_key(first.title or ""), match_key(other.title or "")
    return one in two or two in one


def whole(parts: tuple[Article, ...], news: News | None) -> Article:
    """The article of its pages, with what a Google News sitemap says of it."""
    article = merge_pages(list(parts)) if len(parts) > 1 else parts[0]
    return announced(article, news) if news is not None else article


def announced(article: Article, news: News) -> Article:
    """The article with a sitemap's date and title: used where the page has none, told where evidence is asked for."""
    evidence = article.evidence
    if evidence is not None:
        evidence = (*evidence, *_evidence(article, news))
    return replace(
        article, published=article.published or news.published, title=article.title or news.title, evidence=evidence
    )


def _evidence(article: Article, news: News) -> Iterator[Evidence]:
    if news.published is not None:
        agrees = article.published is None or article.published[:10] == news.published[:10]
        yield Evidence(field="published", origin="news sitemap", value=news.published, agrees=agrees)
    if news.title is not None:
        agrees = article.title is None or match_key(news.title) == match_key(article.title)
        yield Evidence(field="title", origin="news sitemap", value=news.title, agrees=agrees)
