"""What the dashboard shows: where it comes from is decided by the command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaners.context import CleanContext
from cleaners.explain import Explanation
from cleaners.types import Page
from crawler.fetching.browser.picture import PagePicture
from crawler.ledger.types import Run
from crawler.output.search_index import FoundArticle, SearchIndex
from crawler.run_report.report_types import ReportedRun


class NotThereError(Exception):
    """A page, run or article that cannot be shown; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectData:
    """The data of a project. Each function may be called from any thread, one at a time.

    They raise :class:`NotThereError` where something cannot be had.
    """

    read_runs: Callable[[int], list[Run]]
    """The last runs, at most so many, newest first."""
    outputs: Callable[[], Sequence[str]]
    """Paths of the files of records."""
    index: SearchIndex
    find_page: Callable[[FoundArticle], Page]
    """The page of an article, from where it is kept, or fetched again."""
    kept_pages: Callable[[Sequence[FoundArticle]], list[Page]]
    """The pages of articles that are kept on disk."""
    context: Callable[[Page], CleanContext]
    """How a page is cleaned now."""
    draw: Callable[[Page, CleanContext, Explanation], PagePicture | None]
    """A picture of a page; None where there is no browser."""
    rules_folder: Path
    """The folder of the site rules."""

    def reports(self, limit: int) -> list[ReportedRun]:
        """The last runs that have ended, with their reports, newest first."""
        return [ReportedRun.of(run) for run in self.read_runs(limit) if run.ended is not None and run.report]
