"""What changed in the state of a site since the run before: what broke, since when, and what is well again. No I/O."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from crawler.run_report.attention import Concern, concerns
from crawler.run_report.report_types import ReportedRun, SiteAccount

MAX_EXAMPLES = 2
"""Pages that an alarm names: one to look at, and one to compare it with."""

RUN = ""
"""The name of what is of no site: the run itself."""

SERIOUS = {
    1: "a callback failed; the log has the traceback",
    4: "an output could not be written",
    6: "the ledger failed",
}
"""Exit statuses of a run that are of no single site."""


class State(StrEnum):
    """What an alarm says of a site."""

    BROKEN = "broken"
    WELL = "well"
    """What was told before is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A change of the state of a site, or of the run."""

    site: str
    """Name of the source; empty for the run itself."""
    state: State
    what: tuple[str, ...]
    """What is wrong, or was, in words."""
    since: str
    """Start of the first run in which it was so, ISO 8601."""
    examples: tuple[str, ...] = ()
    """URLs of pages that show it."""
    command: str = ""
    """What to run to find out, or to put it right."""


class _Problem(NamedTuple):
    kind: str
    """The same from run to run, whatever the figures are."""
    concern: Concern


class _Judged(NamedTuple):
    """A run, with the problems of its sites."""

    run: ReportedRun
    problems: dict[str, list[_Problem]]

    def has(self, site: str) -> bool:
        """True where the run has the site; each has itself."""
        return site == RUN or site in self.run.report.sites or site in self.run.report.failed_sources

    def of(self, site: str) -> list[_Problem]:
        """The problems of a site."""
        return self.problems.get(site, [])


def alarms(now: ReportedRun, history: Sequence[ReportedRun]) -> list[Alarm]:
    """The changes from the runs before to this one, the most serious first.

    A site is compared with the last run that had it. Nothing is told twice: only what is wrong now and was not then, or
    was then and is not now.

    Args:
        now: the run that has just ended.
        history: the runs before it, newest first.
    """
    present, judged = _problems(now), [_Judged(run, _problems(run)) for run in history]
    found = []
    for site in dict.fromkeys((*present, *now.report.sites, RUN)):
        earlier = [one for one in judged if one.has(site)]
        mine, before = present.get(site, []), earlier[0].of(site) if earlier else []
        kinds, kinds_before = {one.kind for one in mine}, {one.kind for one in before}
        if kinds - kinds_before:
            found.append(_broken(site, now, mine, earlier))
        elif kinds_before and not kinds:
            found.append(_well(site, earlier, before))
    return sorted(found, key=lambda alarm: (alarm.state is State.WELL, alarm.site))


def troubles(now: ReportedRun, history: Sequence[ReportedRun]) -> list[Alarm]:
    """All that is wrong in a run, whether it was told before or not, the most serious site first.

    The arguments are those of :func:`alarms`.
    """
    present, judged = _problems(now), [_Judged(run, _problems(run)) for run in history]
    ranked = sorted(present.items(), key=lambda pair: (min(one.concern.rank for one in pair[1]), pair[0]))
    return [_broken(site, now, mine, [one for one in judged if one.has(site)]) for site, mine in ranked]


def _problems(run: ReportedRun) -> dict[str, list[_Problem]]:
    problems: dict[str, list[_Problem]] = {}
    for concern in concerns(run.report):
        problems.setdefault(concern.site, []).append(_Problem(_kind(concern), concern))
    if (words := SERIOUS.get(run.report.exit_status)) is not None:
        problems[RUN] = [_Problem(f"status {run.report.exit_status}", Concern(RUN, words, 0))]
    return problems


def _kind(concern: Concern) -> str:
    """The kind of a concern: its words up to the first figure or colon, and for a degraded site the figure's name."""
    head, _, rest = concern.why.partition(": ")
    if head == "degraded":
        return f"degraded {rest.split(' ', 1)[0].rstrip(':,')}"
    return "rejected" if head[:1].isdigit() else head


def _broken(site: str, now: ReportedRun, mine: Sequence[_Problem], earlier: Sequence[_Judged]) -> Alarm:
    account = now.report.sites.get(site)
    examples = tuple(_examples(account, mine)) if account is not None else ()
    return Alarm(
        site=site,
        state=State.BROKEN,
        what=tuple(one.concern.why for one in mine),
        since=_since(site, now, {one.kind for one in mine}, earlier),
        examples=examples,
        command=_command(site, mine, examples, now.run.id),
    )


def _well(site: str, earlier: Sequence[_Judged], before: Sequence[_Problem]) -> Alarm:
    kinds = {one.kind for one in before}
    return Alarm(
        site=site,
        state=State.WELL,
        what=tuple(one.concern.why for one in before),
        since=_since(site, earlier[0].run, kinds, earlier[1:]),
    )


def _since(site: str, now: ReportedRun, kinds: set[str], earlier: Sequence[_Judged]) -> str:
    """The start of the first of the runs in a row in which the site had one of these problems."""
    first = now
    for judged in earlier:
        if kinds.isdisjoint(one.kind for one in judged.of(site)):
            break
        first = judged.run
    return first.report.started


def _examples(account: SiteAccount, mine: Sequence[_Problem]) -> Iterator[str]:
    """Pages of the most frequent reasons; of a site that has its pages, those that lack a field."""
    by_count = sorted(account.rejected, key=lambda reason: -account.rejected[reason])
    fallen = {one.kind.partition(" ")[2] for one in mine}
    lacking = sorted(account.missing, key=lambda field: (field not in fallen, -account.missing[field]))
    keys = [*(f"rejected {reason}" for reason in by_count), *(f"missing {field}" for field in lacking), "written"]
    urls = dict.fromkeys(url for key in keys for url in account.examples.get(key, ()))
    yield from list(urls)[:MAX_EXAMPLES]


def _command(site: str, mine: Sequence[_Problem], examples: Sequence[str], run: int) -> str:
    if site == RUN:
        return f"scrapy runs {run}"
    kinds = {one.kind for one in mine}
    if kinds & {"failed", "no article", "degraded walled"}:
        return f"scrapy sources {shlex.quote(site)} --why"
    return f"scrapy inspect {shlex.quote(examples[0])}" if examples else f"scrapy report {run}"
