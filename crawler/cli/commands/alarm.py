"""``scrapy alarm``: a test of the alarms, or the alarm of a systemd unit."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRequest:
    """A message to send."""

    unit: str | None = option("--unit", metavar="NAME", help="say that this systemd unit failed (OnFailure=)")


class Command(OfflineCommand):
    """Send a test message to where alarms go (COPYDESK_ALARM_MAIL, COPYDESK_ALARM_WEBHOOK)."""

    usage = "[--unit NAME]"
    requests = (AlarmRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept options alone."""
        if args:
            raise InvalidUsage("expected no argument")
        self.handle("crawler.cli.handlers.alarm", from_options(AlarmRequest, opts))
