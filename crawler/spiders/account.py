"""The end of a run: its account is closed, and sources without an article are reported."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from crawler.frontier.quota import Quota
from crawler.run_report.account import UrlOutcome, reasons_in_words
from crawler.types import Source

if TYPE_CHECKING:
    from crawler.spiders.components import CrawlComponents


def close_account(
    services: CrawlComponents, sources: Collection[Source], productive: set[str], quota: Quota, *, is_finished: bool
) -> None:
    """Close the account of the run; report each source as failed that was crawled and never had an article.

    Args:
        services: the components of the crawl.
        sources: all sources of the run.
        productive: names of those that had an article, in this run or an earlier one.
        quota: the quota of articles.
        is_finished: False for a run that was stopped.
    """
    outcome, tally = services.outcome, services.report.tally
    outcome.source_count = len(sources)
    outcome.duplicates = tally.total(UrlOutcome.DUPLICATE)
    services.report.close_account(quota.waiting, is_finished=is_finished)
    if not is_finished or quota.is_full:
        return
    for source in sources:
        is_productive = bool(productive & {source.name, *tally.shared[source.name]})
        if not is_productive and source.name not in outcome.failed_sources:
            reasons = reasons_in_words(tally.sums(source.name))
            outcome.source_failed(source.name, f"no article was found: {reasons}")
