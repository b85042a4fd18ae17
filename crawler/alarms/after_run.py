"""What is sent when a run has ended: alarms of what changed, and the digest of the day before."""

from __future__ import annotations

import time
from collections.abc import Sequence

from crawler.alarms.changes import alarms
from crawler.alarms.configure import senders_of
from crawler.alarms.messages import Message, alarm_message, digest_message
from crawler.alarms.senders import send_all
from crawler.config.settings_values import SettingsValues
from crawler.ledger.types import Ledger, Run
from crawler.run_report.report_types import ReportedRun

MAX_HISTORY_RUNS = 50
"""Runs before the present one that are compared: of hourly runs, two days."""


async def send_alarms(values: SettingsValues, ledger: Ledger, run: Run) -> None:
    """Send what is to be told after a run that the ledger has as ended.

    Raises:
        LedgerError: where the earlier runs cannot be read.
        UsageError: for a setting that cannot be used.
    """
    senders = senders_of(values)
    history = [ReportedRun.of(earlier) for earlier in await ledger.runs(MAX_HISTORY_RUNS, before=run.id)]
    for message in messages(ReportedRun.of(run), history, has_digest=values.alarm_digest == "daily"):
        await send_all(senders, message)


def messages(now: ReportedRun, history: Sequence[ReportedRun], *, has_digest: bool) -> list[Message]:
    """The messages after a run.

    Args:
        now: the run.
        history: the runs before it, newest first.
        has_digest: True where the first run of a day (UTC) sends what the runs of the last day with runs did.
    """
    found = []
    if changed := alarms(now, history):
        found.append(alarm_message(changed, now))
    ended = [run for run in history if run.run.ended is not None]
    if has_digest and ended and (day := _day(ended[0])) != _day(now):
        found.append(digest_message(day, [run for run in ended if _day(run) == day]))
    return found


def _day(run: ReportedRun) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(run.run.started))
