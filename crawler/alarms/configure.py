"""The senders that the settings name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError

from crawler.config.secret import SecretError, read_secret
from crawler.config.settings_values import SettingsValues

if TYPE_CHECKING:
    from crawler.alarms.senders import Sender

ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")


def is_configured(values: SettingsValues) -> bool:
    """True where alarms are sent anywhere."""
    return bool(values.alarm_mail or values.alarm_webhook)


def senders_of(values: SettingsValues) -> tuple[Sender, ...]:
    """The senders; none where no alarm is sent.

    Raises:
        UsageError: for a setting that cannot be used, naming it and never the secret.
    """
    if not is_configured(values):
        return ()
    try:
        senders: list[Sender] = []
        if values.alarm_mail:
            senders.append(_mail(values))
        if values.alarm_webhook:
            senders.append(_webhook(values))
    except SecretError as error:
        raise UsageError(f"setting {error}", print_help=False) from error
    return tuple(senders)


def _mail(values: SettingsValues) -> Sender:
    from crawler.alarms.senders import DEFAULT_PORTS, Mail  # noqa: PLC0415  mail and TLS, which few crawls need

    parts = urlsplit(values.alarm_smtp)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.password:
        expected = "smtp://host, smtps://name@host or smtp+starttls://name@host; the password is in the next setting"
        raise SecretError(f"COPYDESK_ALARM_SMTP: expected {expected}")
    sender = values.alarm_from or f"copydesk@{parts.hostname}"
    for key, address in (("FROM", sender), *(("MAIL", one) for one in values.alarm_mail)):
        if not ADDRESS.fullmatch(address):
            raise SecretError(f"COPYDESK_ALARM_{key}: '{address}' is no address")
    password = _secret("COPYDESK_ALARM_SMTP_PASSWORD", values.alarm_smtp_password)
    return Mail(server=values.alarm_smtp, password=password, sender=sender, recipients=tuple(values.alarm_mail))


def _webhook(values: SettingsValues) -> Sender:
    from crawler.alarms.senders import Webhook  # noqa: PLC0415  as above

    url = read_secret("COPYDESK_ALARM_WEBHOOK", values.alarm_webhook, Path())
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SecretError("COPYDESK_ALARM_WEBHOOK: expected a URL, or env:NAME or file:PATH of one")
    return Webhook(url=url, secret=_secret("COPYDESK_ALARM_SECRET", values.alarm_secret))


def _secret(key: str, value: str) -> str:
    """A secret that is named, not written: settings are in files and on command lines."""
    if value and not value.startswith(("env:", "file:")):
        raise SecretError(f"{key}: expected env:NAME or file:PATH; a secret does not stand in a setting")
    return read_secret(key, value, Path())
