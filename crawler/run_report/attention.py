"""The sites of a run that the user should check, each with the reason. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crawler.reasons import NotFetched
from crawler.run_report.account import reasons_in_words
from crawler.run_report.report_types import RunReport, SiteAccount

MIN_FETCHED = 10
"""Fewest rejected pages of a site for which the share of rejected pages is reported."""

MAX_REJECTED_SHARE = 0.8
"""Share of the fetched pages that are rejected, above which a site is named. Feeds and front pages lead to articles:
where four of five pages are none, something is wrong with the links, the site or the cleaner."""


class Concern(NamedTuple):
    """A site that needs a look."""

    site: str
    why: str
    rank: int
    """0 for the most serious."""


def concerns(report: RunReport) -> list[Concern]:
    """The sites that the user should check, the most serious first; each reason once per site."""
    unique_concerns = dict.fromkeys(_concerns(report))
    return sorted(unique_concerns, key=lambda concern: (concern.rank, concern.site))


def _concerns(report: RunReport) -> Iterator[Concern]:
    for site, reason in report.failed_sources.items():
        yield Concern(site, f"failed: {reason}", 0)
    for site, account in report.sites.items():
        for problem in account.degraded:
            yield Concern(site, f"degraded: {problem}", 1)
        rejected, fetched_count = account.rejected, account.fetched_count
        count = sum(rejected.values())
        if count >= MIN_FETCHED and count > MAX_REJECTED_SHARE * fetched_count:
            reason = max(rejected, key=lambda name: rejected[name])
            yield Concern(site, f"{count} of {fetched_count} fetched pages were rejected, mostly as {reason}", 2)
        elif _is_empty(account):
            yield Concern(site, f"no article: {reasons_in_words(account)}", 2)
        if not account.is_balanced:
            yield Concern(site, "its sums do not add up; please report this", 3)


def _is_empty(account: SiteAccount) -> bool:
    """True for a site without articles and URLs that are not due, whose pages were rejected or are pending."""
    articles = account.written + account.unchanged + account.duplicate
    is_known = account.not_fetched.get(NotFetched.NOT_DUE, 0) > 0
    return not articles and not is_known and bool(sum(account.rejected.values()) + sum(account.pending.values()))
