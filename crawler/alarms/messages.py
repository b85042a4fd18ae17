"""Alarms and digests as text for people, and as JSON for programs. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crawler.alarms.changes import Alarm, State
from crawler.run_report.attention import concerns
from crawler.run_report.report_types import ReportedRun
from crawler.util import count_noun

MAX_ALARMS = 50
"""Alarms that a message has in full: a machine without network breaks a thousand sites at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent."""

    kind: str
    """``alarm``, ``digest`` or ``test``."""
    subject: str
    text: str
    data: dict[str, Any]
    """The same as plain values."""


def alarm_message(alarms: Sequence[Alarm], run: ReportedRun) -> Message:
    """The message of a run's alarms; at least one."""
    broken = [alarm for alarm in alarms if alarm.state is State.BROKEN]
    names = ", ".join(alarm.site or "the run" for alarm in (broken or alarms)[:3])
    more = len(broken or alarms) - 3
    names += f" and {more} more" if more > 0 else ""
    subject = f"Copydesk: {names} {'broke' if broken else 'well again'}"
    lines = [line for alarm in alarms[:MAX_ALARMS] for line in _of_alarm(alarm)]
    if len(alarms) > MAX_ALARMS:
        lines.append(f"and {len(alarms) - MAX_ALARMS} more: scrapy report {run.run.id}")
    text = "\n".join((*lines, f"All of run {run.run.id}: scrapy report {run.run.id}", ""))
    data = {"run": run.run.id, "started": run.report.started, "alarms": [asdict(alarm) for alarm in alarms]}
    return Message(kind="alarm", subject=subject, text=text, data=data)


def _of_alarm(alarm: Alarm) -> Iterator[str]:
    name = alarm.site or "the run"
    if alarm.state is State.WELL:
        yield f"{name}: well again; since {alarm.since} it had been: {'; '.join(alarm.what)}"
        yield ""
        return
    yield f"{name}, since {alarm.since}:"
    yield from (f"  {what}" for what in alarm.what)
    yield from (f"  for example {url}" for url in alarm.examples)
    if alarm.command:
        yield f"  {alarm.command}"
    yield ""


def digest_message(day: str, runs: Sequence[ReportedRun]) -> Message:
    """What the runs of a day did, and what is wrong after the last of them.

    Args:
        day: ISO 8601.
        runs: those that started on the day, newest first; at least one.
    """
    counts: Counter[str] = Counter()
    for run in runs:
        for account in run.report.sites.values():
            counts.update(new=account.new, changed=account.changed, rejected=sum(account.rejected.values()))
    open_concerns = concerns(runs[0].report)
    sums = ", ".join(
        (
            count_noun(counts["new"], "new article"),
            f"{counts['changed']:,} changed",
            f"{count_noun(counts['rejected'], 'page')} rejected",
        )
    )
    lines = [
        f"{count_noun(len(runs), 'run')}: {sums}",
        "",
        "Needs a look:" if open_concerns else "No site needs a look.",
        *(f"  {concern.site}: {concern.why}" for concern in open_concerns[:MAX_ALARMS]),
        "",
    ]
    data = {
        "day": day,
        "runs": [run.run.id for run in runs],
        **counts,
        "concerns": [{"site": concern.site, "what": concern.why} for concern in open_concerns],
    }
    return Message(kind="digest", subject=f"Copydesk: {day}", text="\n".join(lines), data=data)


def unit_message(unit: str) -> Message:
    """The message of a systemd unit that failed: the crawl itself could not tell."""
    text = f"The unit {unit} failed.\n  journalctl -u {unit} -n 50\n  scrapy runs\n"
    return Message(kind="alarm", subject=f"Copydesk: {unit} failed", text=text, data={"unit": unit, "alarms": []})


def trial_message() -> Message:
    """A message that says that messages arrive."""
    text = "This is a test. Alarms of this project arrive here.\n"
    return Message(kind="test", subject="Copydesk: a test", text=text, data={"alarms": []})
