"""The sites of a run that the user should check, each with the reason. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cleaners.urls.resolve import bare_host
from crawler.reasons import NotFetched
from crawler.run_report.account import accounts, is_balanced, reasons_in_words

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


def concerns(report: dict[str, Any]) -> list[Concern]:
    """The sites that the user should check, the most serious first; each reason once per site."""
    unique_concerns = dict.fromkeys(_concerns(report))
    return sorted(unique_concerns, key=lambda concern: (concern.rank, concern.site))


def _concerns(report: dict[str, Any]) -> Iterator[Concern]:
    for site, reason in report.get("failed_sources", {}).items():
        yield Concern(site, f"failed: {reason}", 0)
    for site, problem in degraded_sites(report):
        yield Concern(site, f"degraded: {problem}", 1)
    for site, account in accounts(report).items():
        rejected = account["rejected"]
        count = sum(rejected.values())
        if count >= MIN_FETCHED and count > MAX_REJECTED_SHARE * fetched_count(account):
            reason = max(rejected, key=lambda name: rejected[name])
            yield Concern(
                site, f"{count} of {fetched_count(account)} fetched pages were rejected, mostly as {reason}", 2
            )
        elif is_empty(account):
            yield Concern(site, f"no article: {reasons_in_words(account)}", 2)
        if not is_balanced(account):
            yield Concern(site, "its sums do not add up; please report this", 3)


def degraded_sites(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The sites whose yield fell or whose layout changed, each with its problem."""
    accounts_ = report.get("sites", {})
    if any("degraded" in account for account in accounts_.values()):
        for site, account in accounts_.items():
            yield from ((site, problem) for problem in account.get("degraded", ()))
        return
    sources = {_host(source): source for source in accounts_}
    for line in report.get("degraded", []):  # of an earlier version, which names the host of a redesign
        site, _, problem = line.partition(": ")
        yield sources.get(site, site), problem


def _host(source: str) -> str:
    """The host of a source; its name where that is no URL."""
    try:
        return bare_host(source)
    except ValueError:
        return source


def is_empty(account: dict[str, Any]) -> bool:
    """True for a site without articles and URLs that are not due, whose pages were rejected or are pending."""
    articles = account["written"] + account["unchanged"] + account["duplicate"]
    is_known = account["not_fetched"].get(NotFetched.NOT_DUE, 0) > 0
    return not articles and not is_known and bool(sum(account["rejected"].values()) + sum(account["pending"].values()))


def fetched_count(account: dict[str, Any]) -> int:
    """Number of a site's pages that were fetched in a run, without the further pages of articles."""
    unfetched: int = sum(account["not_fetched"].values()) + sum(account["pending"].values())
    return int(account["found"]) - unfetched
