"""Whether a site gives what it gave before. Pure: this run's figures and those of earlier runs in, what is wrong out."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any, Self

MIN_PAGES = 10
"""Pages of a run from which its shares mean something."""

MIN_RUNS = 3
"""Earlier runs with as many pages from which a site has a history."""

FAR_BELOW = 0.5
"""Share of its own median below which a figure is degraded: hours and days differ by less, a changed template by more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Shares of one site in one run, 0 to 1."""

    pages: int
    """Pages that were cleaned: articles and rejections."""
    shares: dict[str, float]
    """``yield``: articles of the pages; by field: articles that have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Shares of all sites of a run."""

    sites: dict[str, Site]

    @classmethod
    def of(cls, report: dict[str, dict[str, Any]]) -> Self:
        """Read a run report's sites."""
        return cls(sites={name: _site(said) for name, said in report.items()})


def _site(said: dict[str, Any]) -> Site:
    articles = said["new"] + said["changed"] + said["unchanged"]
    written = said["new"] + said["changed"]
    pages = articles + sum(said["rejected"].values())
    shares = {"yield": articles / pages} if pages else {}
    if written >= MIN_PAGES:
        shares |= {field: 1 - missing / written for field, missing in said["missing"].items()}
        shares |= {field: 1.0 for field in FIELDS_OF_NOTE if field not in said["missing"]}
    return Site(pages=pages, shares=shares)


FIELDS_OF_NOTE = ("title", "published", "authors")
"""Fields that are compared also in runs in which none lacks them."""


def find_regressions(now: Health, history: list[Health]) -> list[str]:
    """What fell far below its own history: site and figure, a line each."""
    found = []
    for name, site in now.sites.items():
        if site.pages < MIN_PAGES:
            continue
        earlier = [run.sites[name] for run in history if name in run.sites and run.sites[name].pages >= MIN_PAGES]
        for figure, share in site.shares.items():
            usual = [one.shares[figure] for one in earlier if figure in one.shares]
            if len(usual) >= MIN_RUNS and share < FAR_BELOW * median(usual):
                found.append(f"{name}: {figure} {share:.0%}, usually {median(usual):.0%}")
    return found
