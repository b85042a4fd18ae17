"""The article of archived pages, with what the crawl added to it when it published it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cleaners.observation import ObservedPage
from cleaners.site.memory import SharedLines
from cleaners.site.repeated import without_repeated
from cleaners.types import Article, PageResult, Rejection
from crawler.archive.story import Added, Story
from crawler.crawl.revisions import join_pages


def reassembled(
    story: Story, pages: Sequence[PageResult], shared: Mapping[str, SharedLines]
) -> tuple[Article | Rejection, int]:
    """Join the pages of a story that were cleaned again.

    Args:
        story: what the crawl made of them.
        pages: their results, at least one, in order.
        shared: what the pages of each site share.

    Returns:
        The article, or the rejection of its first page; and the number of pages that it was joined from.
    """
    first = pages[0]
    if isinstance(first.result, Rejection):
        return first.result, 1
    found: list[Article] = []
    for page in pages:
        if isinstance(page.result, Rejection):  # the rest of the article is what the pages before it say
            break
        found.append(_bare(page.result, _of_article(page.observed, first.observed), shared))
    article = join_pages(tuple(found), story.announcement, first.undeclared)
    return (with_line(article, story.line) if story.line is not None else article), len(found)


def with_line(article: Article, line: Added) -> Article:
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


def _of_article(seen: ObservedPage | None, first: ObservedPage | None) -> ObservedPage | None:
    """A page's observation as that of its article, whose pages are one page of the memory."""
    if seen is None or first is None:
        return None
    return replace(seen, observation=replace(seen.observation, page=first.observation.page))


def _bare(article: Article, seen: ObservedPage | None, shared: Mapping[str, SharedLines]) -> Article:
    known = shared.get(seen.site) if seen is not None else None
    return without_repeated(article, seen, known) if seen is not None and known is not None else article
