"""The dashboard's own pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from cleaners.urls.identity import article_id
from cleaners.urls.resolve import bare_host
from crawler.alarms.changes import troubles
from crawler.ledger.types import Run
from crawler.output.search_index import PAGE_SIZE, FoundArticle
from crawler.presentation.dashboard.project_data import NotThereError
from crawler.presentation.html.page import Link, render
from crawler.presentation.html.report_page import report_page, split_quiet
from crawler.presentation.html.site_parts import (
    Example,
    SiteLine,
    SitePart,
    Trouble,
    site_line,
    site_part,
    site_runs,
    site_words,
    to_trouble,
)
from crawler.run_report.attention import concerns
from crawler.run_report.report_types import ReportedRun
from crawler.run_report.status import ExitStatus

ENDED_WELL = ExitStatus.OK

MAX_LAST_ARTICLES = 5
"""Articles on the first page."""


class RunLine(NamedTuple):
    """A run's line."""

    id: int
    began: str
    took: str
    status: str
    is_well: bool
    sites: int
    new: int
    changed: int
    rejected: int
    concerns: int
    has_report: bool


def links_of(base: str) -> list[Link]:
    """The links at the top of each page."""
    return [Link("Dashboard", f"{base}/"), Link("Search", f"{base}/search")]


def site_href(base: str, name: str) -> str:
    """The address of a site's page."""
    return f"{base}/site?name={quote(name, safe='')}"


class Linker(NamedTuple):
    """Leads from examples to their articles in the dashboard."""

    base: str
    """The path that all addresses begin with."""
    known: Callable[[str], bool]
    """Says whether there is an article with an id."""

    def examples(self, examples: Sequence[Example]) -> list[Example]:
        """The examples, with links where there is an article."""
        return [self.example(example) for example in examples]

    def example(self, example: Example) -> Example:
        """An example, with links where there is an article."""
        id_ = article_id(example.url) if example.is_link else ""
        if not id_ or not self.known(id_):
            return example
        return example._replace(article=f"{self.base}/article/{id_}", teach=f"{self.base}/teach/{id_}/")

    def trouble(self, trouble: Trouble) -> Trouble:
        """What is wrong with a site, with links."""
        return trouble._replace(examples=self.examples(trouble.examples))

    def part(self, part: SitePart) -> SitePart:
        """The part of a site, with links."""
        return part._replace(
            reasons=[reason._replace(examples=self.examples(reason.examples)) for reason in part.reasons],
            coverage=[field._replace(examples=self.examples(field.examples)) for field in part.coverage],
            written=self.examples(part.written),
            slowest=[(seconds, self.example(example)) for seconds, example in part.slowest],
        )


def overview_page(linker: Linker, runs: Sequence[Run], found: Sequence[FoundArticle], articles: int) -> str:
    """The first page: what needs a look, the sites, the last runs.

    Args:
        linker: leads to articles.
        runs: the last runs, newest first.
        found: the last articles, newest first.
        articles: number of articles that can be searched.
    """
    base = linker.base
    reports = [ReportedRun.of(run) for run in runs if run.ended is not None and run.report]
    wrong = troubles(reports[0], reports[1:]) if reports else []
    troubled = {trouble.site for trouble in wrong}
    lines = sorted(_site_lines(base, reports), key=lambda line: line.name not in troubled)
    loud, quiet = split_quiet(lines, troubled)
    sites = reports[0].report.sites if reports else {}
    return render(
        "dashboard.html",
        "tables.js",
        "dashboard.js",
        connect="'self'",
        forms="'self'",
        links=links_of(base),
        base=base,
        runs=[_run_line(run) for run in runs],
        running=[_began(run) for run in runs[:1] if run.ended is None],
        newest=reports[0].run if reports else None,
        began=_began(reports[0].run) if reports else "",
        troubles=[linker.trouble(to_trouble(one, sites)) for one in wrong],
        hrefs={line.name: line.href for line in lines},
        lines=loud,
        quiet=quiet,
        found=found[:MAX_LAST_ARTICLES],
        articles=articles,
        state=state_of(runs),
    )


def state_of(runs: Sequence[Run]) -> str:
    """What changes when a run begins or ends."""
    return f"{runs[0].id} {runs[0].ended}" if runs else ""


def _site_lines(base: str, reports: Sequence[ReportedRun]) -> list[SiteLine]:
    """A line for each site that any of the runs has, with its figures in its last run; newest sites first."""
    ascending = [*reversed(reports)]
    names = dict.fromkeys(name for reported in reports for name in reported.report.sites)
    return [site_line(name, site_href(base, name), site_runs(name, ascending)) for name in names]


def _run_line(run: Run) -> RunLine:
    report = ReportedRun.of(run).report
    accounts = report.sites.values()
    is_well = run.ended is not None and run.status == ENDED_WELL
    return RunLine(
        id=run.id,
        began=_began(run),
        took="" if run.ended is None else f"{run.ended - run.started} s",
        status="not ended" if run.ended is None else str(run.status),
        is_well=is_well,
        sites=len(accounts),
        new=sum(account.new for account in accounts),
        changed=sum(account.changed for account in accounts),
        rejected=sum(account.by_outcome["rejected"] for account in accounts),
        concerns=len({concern.site for concern in concerns(report)}),
        has_report=run.ended is not None and bool(run.report),
    )


def _began(run: Run) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(run.started))


def run_page(base: str, number: int, reports: Sequence[ReportedRun]) -> str:
    """The report of a run, of the last runs, newest first.

    Raises:
        NotThereError: where the run is not among them.
    """
    for place, reported in enumerate(reports):
        if reported.run.id == number:
            return report_page(reported, reports[place + 1 :], links_of(base))
    raise NotThereError(f"run {number} is not among the last runs that have ended")


def site_page(linker: Linker, name: str, reports: Sequence[ReportedRun], articles: Sequence[FoundArticle]) -> str:
    """The page of a site: its figures, its runs, its last articles.

    Args:
        linker: leads to articles.
        name: of the source.
        reports: the last runs, newest first.
        articles: its last articles.

    Raises:
        NotThereError: where none of the runs knows it.
    """
    mine = [reported for reported in reports if name in reported.report.sites]
    if not mine:
        raise NotThereError(f"{name}: none of the last runs has this site")
    runs, base = site_runs(name, [*reversed(mine)]), linker.base
    return render(
        "site.html",
        "tables.js",
        links=links_of(base),
        base=base,
        name=name,
        words=site_words(name),
        account=runs[-1][1],
        part=linker.part(site_part(name, "site", runs, troubles(mine[0], mine[1:]))),
        runs=[(reported.run, _began(reported.run), reported.report.sites[name]) for reported in mine],
        articles=articles,
        more=f"{base}/search?{urlencode({'host': host_of(name)})}",
    )


def host_of(name: str) -> str:
    """The host of a source, without ``www.``; empty where it has none."""
    try:
        return bare_host(name if "://" in name else f"https://{name}")
    except ValueError:
        return ""


class Search(NamedTuple):
    """What is searched for."""

    query: str
    host: str
    page: int


def search_page(
    base: str, search: Search, found: Sequence[FoundArticle], total: int, hosts: Sequence[tuple[str, int]]
) -> str:
    """The page of a search.

    Args:
        base: the path that all addresses begin with.
        search: what is searched for.
        found: the articles of this page of results.
        total: number of articles that were found.
        hosts: the hosts that can be chosen, with their numbers of articles.
    """

    def address(page: int) -> str:
        return f"{base}/search?{urlencode({'q': search.query, 'host': search.host, 'page': page})}"

    return render(
        "search.html",
        forms="'self'",
        links=links_of(base),
        base=base,
        search=search,
        found=found,
        total=total,
        hosts=hosts,
        first=PAGE_SIZE * (search.page - 1) + 1,
        before=address(search.page - 1) if search.page > 1 else "",
        after=address(search.page + 1) if PAGE_SIZE * search.page < total else "",
    )


def message_page(base: str, message: str) -> str:
    """A page that says why something cannot be shown."""
    return render("message.html", links=links_of(base), message=message)
