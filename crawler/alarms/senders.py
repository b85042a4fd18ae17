"""Sends messages: by SMTP, and as JSON to a webhook, signed as Standard Webhooks 1.0 has it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import uuid4

from crawler.alarms.messages import Message

logger = logging.getLogger("copydesk")

TIMEOUT = 20
"""Seconds that a server may take to answer."""

PAUSES = (1.0, 5.0)
"""Seconds before each further try: a mail server that is busy says so, and takes the mail a moment later."""

DEFAULT_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

MAX_SUBJECT = 200

OK, REDIRECT = 200, 300


class Sender(Protocol):
    """Sends a message; raises ``OSError``, ``SMTPException`` or ``HTTPException`` where it is not accepted."""

    @property
    def name(self) -> str:
        """What it is, without secrets."""

    def send(self, message: Message) -> None:
        """Send it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Sends mail by a server: ``smtp://host``, ``smtps://name@host``, ``smtp+starttls://name@host:587``."""

    server: str
    password: str = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    name: str = "mail"

    def send(self, message: Message) -> None:
        """Send a mail as plain text."""
        parts = urlsplit(self.server)
        host, port = parts.hostname or "localhost", parts.port or DEFAULT_PORTS[parts.scheme]
        context = ssl.create_default_context()
        connection = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
            if parts.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT)
        )
        with connection as smtp:
            if parts.scheme == "smtp+starttls":
                smtp.starttls(context=context)
            if parts.username:
                smtp.login(unquote(parts.username), self.password)
            refused = smtp.send_message(self._mail(message))
        if refused:  # by some of several
            raise smtplib.SMTPRecipientsRefused(refused)

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = " ".join(message.subject.split())[:MAX_SUBJECT]  # no line break begins another field
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.recipients)
        mail["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no reply of an absent person
        mail.set_content(message.text)
        return mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Posts JSON to a URL."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    """Empty where messages are not signed."""
    clock: Callable[[], float] = time.time
    name: str = "webhook"

    def send(self, message: Message) -> None:
        """Post ``{"type": "copydesk.alarm", "timestamp": …, "data": {…}}``; a redirect is not followed."""
        id_, moment = f"msg_{uuid4().hex}", int(self.clock())
        body = json.dumps(
            {
                "type": f"copydesk.{message.kind}",
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
                "data": {"subject": message.subject, "text": message.text, **message.data},
            },
            ensure_ascii=False,
        ).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json", "webhook-id": id_, "webhook-timestamp": str(moment)}
        if self.secret:
            headers["webhook-signature"] = signature(self.secret, id_, moment, body)
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            connection.request("POST", urlunsplit(("", "", parts.path or "/", parts.query, "")), body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if not OK <= status < REDIRECT:
            raise HTTPException(f"HTTP {status}")


def signature(secret: str, id_: str, moment: int, body: bytes) -> str:
    """The signature of a message (Standard Webhooks 1.0): HMAC-SHA256 of its id, its time and its body.

    A secret that begins with ``whsec_`` is Base64, as that standard has it; any other is taken as it is.
    """
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = b".".join((id_.encode(), str(moment).encode(), body))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


async def send_all(senders: Sequence[Sender], message: Message, pauses: Sequence[float] = PAUSES) -> list[str]:
    """Send a message by each sender, with further tries; the faults of those that failed, which are also logged."""
    faults = []
    for sender in senders:
        fault = await _try(sender, message, pauses)
        if fault:
            faults.append(f"{sender.name}: {fault}")
            logger.error("alarm not sent by %s: %s; it says: %s", sender.name, fault, message.subject)
    return faults


async def _try(sender: Sender, message: Message, pauses: Sequence[float]) -> str:
    """Why a message could not be sent; empty where it was."""
    fault = ""
    for seconds in (0.0, *pauses):
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(sender.send, message)
        except (OSError, smtplib.SMTPException, HTTPException) as error:
            fault = f"{type(error).__name__}: {error}"
        else:
            return ""
    return fault
