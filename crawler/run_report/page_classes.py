"""What the pages of a site were, and what that says of the site. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crawler.reasons import PageClass, find_reason
from crawler.run_report.report_types import SiteAccount, UrlAccount
from crawler.util import count_noun

SPECIAL_ARTICLES = (PageClass.LIVE_BLOG, PageClass.VIDEO, PageClass.PAYWALLED)
"""Classes of articles that are counted apart."""


def page_classes(account: UrlAccount, special: Mapping[PageClass, int]) -> dict[str, int]:
    """The pages that were fetched, by class, the most frequent first. They add up to ``account.fetched_count``.

    Args:
        account: the outcomes of the URLs.
        special: number of written articles of each class of ``SPECIAL_ARTICLES``.
    """
    classes: Counter[str] = Counter()
    articles = account.written + account.unchanged + account.duplicate
    for kind, count in special.items():
        classes[kind.value] += min(count, articles)
        articles -= min(count, articles)
    classes[PageClass.ARTICLE.value] += articles
    classes[PageClass.LISTING.value] += account.followed
    for reason, count in account.rejected.items():
        classes[find_reason(reason).page_class.value] += count
    return dict((+classes).most_common())


def describe_walls(account: SiteAccount) -> str:
    """What bot challenges a site sent, in words; empty where it sent none."""
    pages, listings = account.rejected.get("walled", 0), account.listings.get("walled", 0)
    if not pages + listings:
        return ""
    asked = [count_noun(pages, "page")] if pages else []
    asked += [count_noun(listings, "feed or sitemap", "feeds and sitemaps")] if listings else []
    return f"walled: a bot challenge in place of {' and '.join(asked)}; they stay due"
