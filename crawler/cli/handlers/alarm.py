"""Sends a test message, or that a systemd unit failed."""

from __future__ import annotations

import asyncio
import sys

from crawler.alarms.configure import senders_of
from crawler.alarms.messages import trial_message, unit_message
from crawler.alarms.senders import send_all
from crawler.cli.base import Project
from crawler.cli.commands.alarm import AlarmRequest
from crawler.cli.errors import CommandError, InvalidUsage
from crawler.config.settings_values import SettingsValues
from crawler.run_report.status import ExitStatus


def run(request: AlarmRequest, project: Project) -> None:
    """Send the message by each sender; exit with 3 where one of them fails."""
    senders = senders_of(SettingsValues.of(project.settings))
    if not senders:
        raise InvalidUsage("alarms go nowhere: set COPYDESK_ALARM_MAIL or COPYDESK_ALARM_WEBHOOK")
    message = unit_message(request.unit) if request.unit else trial_message()
    faults = asyncio.run(send_all(senders, message))
    if faults:
        raise CommandError(ExitStatus.UNREACHABLE, "; ".join(faults))
    sys.stderr.write(f"sent by {' and '.join(sender.name for sender in senders)}: {message.subject}\n")
