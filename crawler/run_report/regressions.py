"""Regressions: sites whose yield or metadata is far below that of their own earlier runs. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Self

from crawler.run_report.report_types import SiteAccount

MIN_PAGES = 10
"""Fewest pages of a site in one run for which shares are compared."""

FEW_PAGES = 3
"""Fewest pages of a site in one run for which a fall to zero counts: where half of a site's pages are articles, three
pages without an article occur by chance in one run of eight."""

MIN_RUNS = 3
"""Fewest earlier runs with at least ``MIN_PAGES`` pages that a site is compared with."""

MIN_CONFIDENCE_SHARE = 0.75
"""The same for the confidence in texts, which falls less: where all texts of a site lose their lead, or get a box, from
.75 to .5."""

MIN_SHARE_OF_MEDIAN = 0.5
"""A figure below this share of its own median is degraded: hours and days differ by less, a changed template by
more."""

TEXT_LENGTH = "text length"
"""Name of the only figure that is no share: the average number of characters of an article's text."""

FIELDS_OF_NOTE = ("title", "published", "authors")
"""Fields that are compared even in runs in which no article lacks them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteShares:
    """Shares of one site in one run, 0 to 1, and the length of its texts."""

    pages: int
    """Articles and rejections."""
    shares: dict[str, float]
    """``yield``: share of the pages that are articles; ``whole``: share of the written articles that are not behind a
    paywall; ``kept``: share of the characters in and near the articles that are text; by field: share of the articles
    that have it; ``different titles``: share that is left without those that repeat the commonest title, as a site's
    name in place of the headline does; ``confidence``: the mean confidence in the texts; and ``TEXT_LENGTH``."""

    @classmethod
    def of_sites(cls, sites: Mapping[str, SiteAccount]) -> dict[str, Self]:
        """The shares of each site of a run report."""
        return {name: cls.of_site(account) for name, account in sites.items()}

    @classmethod
    def of_site(cls, account: SiteAccount) -> Self:
        """The shares of one site of a run report."""
        written = account.written
        articles = written + account.unchanged
        pages = articles + sum(account.rejected.values())
        shares = {"yield": articles / pages} if pages else {}
        if written:
            shares["whole"] = 1 - account.paywalled / written
        if written >= MIN_PAGES:
            shares |= {field: 1 - missing / written for field, missing in account.missing.items()}
            shares |= {field: 1.0 for field in FIELDS_OF_NOTE if field not in account.missing}
            if account.same_title:  # reports of earlier versions have none
                shares["different titles"] = 1 - (account.same_title - 1) / written
            if account.confidence is not None:
                shares["confidence"] = account.confidence
            if chars := account.text.chars:
                shares["kept"] = chars / (chars + sum(account.removed.values()))
                shares[TEXT_LENGTH] = chars / written
        return cls(pages=pages, shares=shares)


def find_regressions(now: dict[str, SiteShares], history: list[dict[str, SiteShares]]) -> list[tuple[str, str]]:
    """Sites with a figure far below that of their earlier runs: pairs of site and description.

    For a site with fewer than ``MIN_PAGES`` pages only a fall to zero counts.
    """
    regressions = []
    for name, site in now.items():
        fewest = MIN_PAGES if site.pages >= MIN_PAGES else FEW_PAGES
        if site.pages < fewest:
            continue
        earlier = [run[name] for run in history if name in run and run[name].pages >= fewest]
        for figure, share in site.shares.items():
            usual = [past_site.shares[figure] for past_site in earlier if figure in past_site.shares]
            least = MIN_CONFIDENCE_SHARE if figure == "confidence" else MIN_SHARE_OF_MEDIAN
            bound = least * median(usual) if usual else 0.0
            is_far_below = share < bound if site.pages >= MIN_PAGES else share == 0 and bound >= MIN_SHARE_OF_MEDIAN**2
            if len(usual) >= MIN_RUNS and is_far_below:
                description = f"{figure} {_in_words(figure, share)}, usually {_in_words(figure, median(usual))}"
                regressions.append((name, description))
    return regressions


def _in_words(figure: str, value: float) -> str:
    return f"{value:.0f} characters" if figure == TEXT_LENGTH else f"{value:.0%}"
