"""What the pages of a site were, and what that says of the site. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crawler.reasons import PageClass, find_reason
from crawler.run_report.report_types import SiteAccount, UrlAccount
from crawler.util import count_noun

SPECIAL_ARTICLES = (PageClass.LIVE_BLOG, PageClass.VIDEO, PageClass.PAYWALLED)
"""Classes of articles that are counted apart."""


def page_classes(
    account: UrlAccount, *, special: Mapping[PageClass, int], followed: Mapping[PageClass, int]
) -> dict[str, int]:
    """The pages that were fetched, by class, the most frequent first. They add up to ``account.fetched_count``.

    Args:
        account: the outcomes of the URLs.
        special: number of written articles of each class of ``SPECIAL_ARTICLES``.
        followed: number of followed pages of each class; the rest of those that the account has are listings.
    """
    classes: Counter[str] = Counter()
    articles = account.written + account.unchanged + account.duplicate
    plain = _spread(classes, special, articles)
    listings = _spread(classes, followed, account.followed)
    classes.update({PageClass.ARTICLE.value: plain, PageClass.LISTING.value: listings})
    for reason, count in account.rejected.items():
        classes[find_reason(reason).page_class.value] += count
    return dict((+classes).most_common())


def _spread(classes: Counter[str], counts: Mapping[PageClass, int], total: int) -> int:
    """Add counts by class, of no more than a total; what is left of it. Of two outcomes of a page one counts."""
    for kind, count in counts.items():
        classes[kind.value] += min(count, total)
        total -= min(count, total)
    return total


def describe_walls(account: SiteAccount) -> str:
    """What bot challenges a site sent, in words; empty where it sent none."""
    if not account.walled:
        return ""
    return f"walled: {count_noun(account.walled, 'bot challenge')}; what was asked for stays due"
