"""Rebuilds an article from archived pages, with the fields that the crawl added when it published it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cleaners.site.memory import SharedLines
from cleaners.site.memory.repeated import without_repeated
from cleaners.types import Article, ObservedPage, PageResult, Rejection
from crawler.archive.page_outcome import AddedFields, PageOutcome
from crawler.output.publishing.revisions import join_pages


def reassemble_article(
    story: PageOutcome, pages: Sequence[PageResult], shared: Mapping[str, SharedLines]
) -> tuple[Article | Rejection, int]:
    """Join the pages of a story that were cleaned again.

    Args:
        story: the archived outcome of the pages.
        pages: their results, at least one, in order.
        shared: what the pages of each site share.

    Returns:
        The article, or the rejection of its first page; and the number of pages that it was joined from.
    """
    first = pages[0]
    if isinstance(first.result, Rejection):
        return first.result, 1
    articles: list[Article] = []
    for page in pages:
        if isinstance(page.result, Rejection):  # the rest of the article is what the pages before it say
            break
        articles.append(_without_shared_lines(page.result, _of_article(page.observed, first.observed), shared))
    article = join_pages(tuple(articles), story.announcement, first.undeclared)
    return (with_line(article, story.line) if story.line is not None else article), len(articles)


def with_line(article: Article, line: AddedFields) -> Article:
    """The article with what the crawl added."""
    return replace(
        article,
        id=line.id,
        canonical_url=article.canonical_url if line.canonical_url is not None else None,
        revision=line.revision,
        previous=line.previous,
        duplicate_of=line.duplicate_of,
        rights=line.rights,
        extra=line.extra,
    )


def _of_article(observed: ObservedPage | None, first: ObservedPage | None) -> ObservedPage | None:
    """The observation of a page under the key of its article: all pages of an article count as one in the memory."""
    if observed is None or first is None:
        return None
    return replace(observed, observation=replace(observed.observation, page=first.observation.page))


def _without_shared_lines(
    article: Article, observed: ObservedPage | None, shared: Mapping[str, SharedLines]
) -> Article:
    lines = shared.get(observed.site) if observed is not None else None
    return without_repeated(article, observed, lines) if observed is not None and lines is not None else article
