"""Whether an article is new, changed, unchanged, or a near-duplicate of another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from cleaners.metadata.dates import DAY, is_on_day
from cleaners.metadata.evidence import is_same
from cleaners.metadata.names import without_section
from cleaners.record.merge import merge_pages
from cleaners.text import gist
from cleaners.text.normalise import match_key
from cleaners.types import Article, Duplicate, Evidence
from cleaners.urls.day import day_in_url
from cleaners.urls.identity import article_id, page_identity
from cleaners.urls.resolve import registrable_domain
from crawler.frontier.listings.types import to_seconds
from crawler.ledger.fingerprints import text_fingerprint
from crawler.ledger.minhash import minhash, similarity
from crawler.ledger.types import ArticleState, RelatedArticles
from crawler.types import Announcement, Content
from crawler.util import DAY as DAY_SECONDS
from crawler.util import now

SAME_PAGE = 0.9
"""Similarity from which the texts at two URLs are one article, where the canonical link names one of the two: AMP and
print variants differ by a line or two. Below it, the canonical link names some other page and is ignored."""

MIN_TEXT_CHARS = 250
"""Characters from which two pages of a site do not have the same text by chance: a paragraph. A shorter text may be a
notice."""

MIN_DUPLICATE_SIMILARITY = 0.5
"""Similarity below which a former duplicate is an article of its own: half of its word sequences have changed."""


class Revision(StrEnum):
    """Result of the comparison of an article with the known articles."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An article, and the result of its comparison with the known articles."""

    article: Article
    """With its revision, and what it duplicates."""
    state: ArticleState
    """The state that the ledger is to store."""
    revision: Revision
    is_capped: bool = False
    """True for a change that is not written, since the article has reached its limit of revisions."""
    announced: Announcement | None = None
    """What a feed or sitemap announced of it, in this run or an earlier one."""
    original: ArticleState | None = None
    """The article of which a near-duplicate is a copy."""


class ArticleIndex(Protocol):
    """Looks up known articles."""

    threshold: float
    """Similarity from which two texts are near-duplicates."""
    revisions_per_day: int
    """Revisions that an article may have for each day since it was first written; 0 for any number."""

    async def repeated_lines(self, lines: Collection[bytes]) -> frozenset[bytes]:
        """Of the given lines (without their numbers), those that occur in several articles."""

    async def find_article(self, id_: str) -> ArticleState | None:
        """The article with an id."""

    async def related_articles(self, url: str, id_: str, fingerprint: str, signature: bytes) -> RelatedArticles:
        """All that is known of an article; its similar articles include some below the threshold."""


async def compare(article: Article, index: ArticleIndex, url: str, whole: Article | None = None) -> Comparison:
    """Compare a cleaned article with what is known.

    The page at a URL owns that URL. Another page that names it as its canonical URL is a further URL of that article
    if the article is known and has a similar text; it never replaces the article.

    Args:
        article: the article.
        index: the articles that are known.
        url: the URL at which it was found.
        whole: the article with the lines that its site repeats, where they were removed. This text is compared: the
            memory of a site changes, and that must not count as a change of the article.
    """
    text = article.text if whole is None else whole.text
    claimed = claimed_page(article)
    state = ArticleState(
        published=to_seconds(article.published) if article.published else None,
        id=article.id,
        url=article.url,
        revision=1,
        fingerprint=text_fingerprint(text),
        signature=minhash(text),
        claims=article_id(claimed) if claimed else None,
        about=gist.about(article.title, text),
        numbered=gist.number_digest(text, registrable_domain(article.url)),
        counters=gist.counters(text, registrable_domain(article.url)),
    )
    owner = await index.find_article(state.claims) if state.claims else None
    if owner is not None:
        if similarity(owner.signature or b"", state.signature or b"") >= SAME_PAGE:  # another URL of that article
            return Comparison(article=article, state=owner, revision=Revision.UNCHANGED)
        article = replace(article, canonical_url=None)  # its canonical URL is that of a different article
    lookup = await index.related_articles(url, state.id, state.fingerprint, state.signature or b"")
    if len(text) < MIN_TEXT_CHARS:
        lookup = replace(lookup, with_text=())
    return replace(await _compared(article, state, lookup, index), announced=lookup.announced)


async def _compared(article: Article, state: ArticleState, lookup: RelatedArticles, index: ArticleIndex) -> Comparison:
    before, signature = lookup.article, state.signature or b""
    if before is not None:
        original = await index.find_article(before.duplicate_of) if before.duplicate_of else None
        comparison = _compare_again(article, before, state, original)
        comparison = await _without_false_revision(comparison, before, state, index)
        return replace(comparison, original=original if comparison.state.duplicate_of else None)
    article = replace(article, revision=1)
    for other in lookup.with_text:
        if other.claims == article.id:
            continue
        if registrable_domain(other.url) == registrable_domain(article.url):  # another URL of the same page
            return Comparison(article=article, state=other, revision=Revision.UNCHANGED)
    others = [
        candidate for candidate in lookup.similar if candidate.claims != article.id and _may_be_copy(candidate, state)
    ]
    own = [other for other in others if _is_of_one_site(other, state)]
    twin = _most_similar(signature, own, index.threshold) or _most_similar(signature, others, index.threshold)
    if twin is None or twin[0].id == article.id:
        return Comparison(article=article, state=state, revision=Revision.NEW)
    id_ = twin[0].duplicate_of or twin[0].id
    article = replace(article, duplicate_of=Duplicate(id=id_, similarity=round(twin[1], 2)))
    is_first = _is_of_one_site(twin[0], state) and _is_earlier(state, twin[0])  # later copies are compared with it
    state = replace(state, duplicate_of=None if is_first else id_)
    return Comparison(article=article, state=state, revision=Revision.DUPLICATE, original=twin[0])


def _is_of_one_site(one: ArticleState, other: ArticleState) -> bool:
    return registrable_domain(one.url) == registrable_domain(other.url)


def _is_earlier(one: ArticleState, other: ArticleState) -> bool:
    """True for an article that was published before another one, as both of their pages say."""
    return one.published is not None and other.published is not None and one.published < other.published


def may_be_left_out(comparison: Comparison, original: str | None) -> bool:
    """True for a near-duplicate whose original stays: an article of the same site that was not published later.

    No site takes the place of another: a copy on another site is left out only if its own page names the original as
    its canonical page.

    Args:
        comparison: of the article.
        original: URL of the page of another site that the article's page names as its canonical one.
    """
    other, state = comparison.original, comparison.state
    if other is None:
        return False
    if not _is_of_one_site(other, state):
        return original is not None and article_id(original) == other.id
    return not _is_earlier(state, other)


def _may_be_copy(other: ArticleState, state: ArticleState) -> bool:
    """False for a different article of the same site, however much of its text is the same.

    A similar text at another site comes from an agency; within a site, it is a copy only if it is about the same event.
    """
    if not _is_of_one_site(other, state):
        return True
    return gist.is_one_event(other.about, state.about)


def _most_similar(
    signature: bytes, candidates: Iterable[ArticleState], threshold: float
) -> tuple[ArticleState, float] | None:
    """The candidate that is most similar to a text, and the similarity; None where all are below the threshold."""
    scored = ((candidate, similarity(signature, candidate.signature or b"")) for candidate in candidates)
    best = min(scored, key=lambda pair: (-pair[1], pair[0].id), default=None)
    return best if best is not None and best[1] >= threshold else None


def claimed_page(article: Article) -> str | None:
    """The other page that an article names as its canonical one; None where it names none, or itself."""
    url = article.canonical_url
    return url if url and page_identity(url) != page_identity(article.url) else None


def _compare_again(
    article: Article, before: ArticleState, state: ArticleState, original: ArticleState | None
) -> Comparison:
    share = similarity(original.signature or b"", state.signature or b"") if original else 0.0
    if original is not None and share >= MIN_DUPLICATE_SIMILARITY:
        article = replace(article, duplicate_of=Duplicate(id=original.id, similarity=round(share, 2)))
    else:
        before = replace(before, duplicate_of=None)
    if before.fingerprint in (state.fingerprint, text_fingerprint(article.text)):  # the latter in a rebuilt ledger
        article = replace(article, revision=before.revision)
        return Comparison(article=article, state=before, revision=Revision.UNCHANGED)
    number = before.revision + 1
    return Comparison(
        article=replace(article, revision=number, previous=before.fingerprint),
        state=replace(state, revision=number, duplicate_of=before.duplicate_of),
        revision=Revision.CHANGED,
    )


async def _without_false_revision(
    comparison: Comparison, before: ArticleState, state: ArticleState, index: ArticleIndex
) -> Comparison:
    """The comparison; unchanged where only counters in the text changed, or the article has too many revisions."""
    if comparison.revision is not Revision.CHANGED:
        return comparison
    lines = gist.changed_counters(before.numbered, state.numbered) or frozenset()
    only_counts = bool(lines) and lines <= await index.repeated_lines(lines)
    days = 1 + max(0, now() - (before.first_seen or 0)) // DAY_SECONDS
    is_capped = bool(index.revisions_per_day) and before.revision >= index.revisions_per_day * days
    if not (only_counts or is_capped):
        return comparison
    article = replace(comparison.article, revision=before.revision, previous=None)
    unchanged = replace(comparison, article=article, state=before, revision=Revision.UNCHANGED)
    return replace(unchanged, is_capped=is_capped and not only_counts)


def is_same_article(first: Article, other: Article) -> bool:
    """True when two pages belong to one article: their headlines are the same, or one contains the other."""
    first_key, two = match_key(first.title or ""), match_key(other.title or "")
    return first_key in two or two in first_key


def join_pages(
    pages: tuple[Article, ...], announced: Announcement | None = None, undeclared: Collection[str] = frozenset()
) -> Article:
    """The article of some pages, completed with what a feed or a Google News sitemap announced of it."""
    return with_announcement(merge_pages(list(pages)) if len(pages) > 1 else pages[0], announced, undeclared)


def with_announcement(article: Article, announced: Announcement | None, undeclared: Collection[str]) -> Article:
    """The article, completed; the announced values are added to its evidence.

    An announced date replaces a date from the visible text only (it may belong to another article) that is not in the
    URL (some feeds have the day of the last change), and a date without a time on the same day. Announced authors
    replace the site's own name. Other values fill fields that are empty; of the tags, which feeds do not tell from the
    section, without the section.
    """
    if announced is None:
        return article
    evidence = article.evidence
    if evidence is not None:
        evidence = (*evidence, *_evidence(article, announced))
    is_site = {match_key(name) for name in article.authors} <= {match_key(article.site_name or "")}
    day = day_in_url(article.url)
    is_shown = "published" in undeclared and not (day and is_on_day(article.published or "", day))
    section = article.section or (announced.tags[0] if len(announced.tags) == 1 else None)
    return replace(
        article,
        published=_published(article.published, announced.published, is_shown=is_shown),
        title=article.title or announced.title,
        authors=(announced.authors or article.authors) if is_site else article.authors,
        section=section,
        tags=article.tags or without_section(announced.tags, section),
        evidence=evidence,
    )


def _published(page_date: str | None, announced: str | None, *, is_shown: bool) -> str | None:
    """The better of two dates."""
    if page_date is None or announced is None:
        return page_date or announced
    days = abs(date.fromisoformat(page_date[:DAY]) - date.fromisoformat(announced[:DAY])).days
    is_finer = len(page_date) == DAY < len(announced) and days <= 1  # midnight differs between time zones
    return announced if is_finer or (is_shown and days > 1) else page_date


def _evidence(article: Article, announced: Announcement) -> Iterator[Evidence]:
    for name in ("published", "title", "authors"):
        page_values = _values(getattr(article, name))
        for value in _values(getattr(announced, name)):
            agrees = not page_values or any(is_same(name, value, other) for other in page_values)
            yield Evidence(field=name, origin=announced.origin, value=value, agrees=agrees)
    if announced.content is not None:
        ends = f"{announced.content.first} … {announced.content.last}"
        yield Evidence(
            field="text", origin=announced.origin, value=ends, agrees=has_content(article.text, announced.content)
        )


def has_content(text: str, content: Content) -> bool:
    """True for a text that begins and ends as the content of its entry in a feed does, or has more around it."""
    key = "".join(map(match_key, text.split("\n")))
    return content.first in key and content.last in key


def _values(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()
