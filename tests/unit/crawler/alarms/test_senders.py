"""Messages arrive, whole and signed; what cannot be sent is told; no secret is shown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.alarms.configure import senders_of
from crawler.alarms.messages import Message, unit_message
from crawler.alarms.senders import Mail, Sender, Webhook, send_all, signature
from crawler.config.settings_values import SettingsValues
from tests.support.smtp import MailServer, mail_server

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  that of the standard's example
PASSWORD, NAMED = "kestrel", "env:HOOK_SECRET"
MESSAGE = unit_message("copydesk.service")


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


class Received(HTTPServer):
    statuses: list[int]
    posts: list[tuple[dict[str, str], bytes]]


@pytest.fixture
def hook() -> Iterator[Received]:
    class Handler(BaseHTTPRequestHandler):
        server: Received

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.posts.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *values: object) -> None:
            pass

    server = Received(("127.0.0.1", 0), Handler)
    server.statuses, server.posts = [], []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def sent(sender: Sender, message: Message = MESSAGE) -> list[str]:
    return asyncio.run(send_all([sender], message, pauses=(0.0, 0.0)))


def mail(server: MailServer, **values: Any) -> Mail:
    address = values.pop("address", f"smtp://127.0.0.1:{server.port}")
    return Mail(
        server=address, password=PASSWORD, sender="copydesk@a.example", recipients=("desk@a.example", "b@a.example")
    )


def test_a_mail_arrives(smtp: MailServer) -> None:
    assert sent(mail(smtp, address=f"smtp://crawler@127.0.0.1:{smtp.port}")) == []
    (got,) = smtp.mails
    assert got["Subject"] == "Copydesk: copydesk.service failed"
    assert got["To"] == "desk@a.example, b@a.example"
    assert got["Auto-Submitted"] == "auto-generated"
    assert "journalctl -u copydesk.service" in got.get_content()
    assert smtp.recipients == ["<desk@a.example>", "<b@a.example>"]
    assert smtp.logins == ["\0crawler\0kestrel"]


def test_no_name_begins_another_header(smtp: MailServer) -> None:
    assert sent(mail(smtp), unit_message("x\r\nBcc: all@a.example")) == []
    assert smtp.mails[0]["Bcc"] is None
    assert smtp.mails[0]["Subject"] == "Copydesk: x Bcc: all@a.example failed"


def test_a_server_that_is_busy_is_asked_again(smtp: MailServer) -> None:
    smtp.refusals = 2
    assert sent(mail(smtp)) == []
    assert len(smtp.mails) == 1


def test_what_cannot_be_sent_is_told(smtp: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    smtp.refusals = 9
    (fault,) = sent(mail(smtp))
    assert fault.startswith("mail: SMTP")
    assert "alarm not sent by mail" in caplog.text
    assert "copydesk.service failed" in caplog.text
    assert "kestrel" not in caplog.text


def test_a_recipient_that_is_refused_is_a_fault(smtp: MailServer) -> None:
    smtp.unknown = "b@a.example"
    assert "b@a.example" in sent(mail(smtp))[0]


def test_a_webhook_gets_signed_json(hook: Received) -> None:
    url = f"http://127.0.0.1:{hook.server_port}/hook?team=desk"
    assert sent(Webhook(url=url, secret=SECRET, clock=lambda: 1_796_000_000.0)) == []
    headers, body = hook.posts[0]
    values = json.loads(body)
    assert (values["type"], values["timestamp"]) == ("copydesk.alarm", "2026-11-30T00:53:20Z")
    assert values["data"]["unit"] == "copydesk.service"
    id_, moment = headers["webhook-id"], int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(SECRET, id_, moment, body)


def test_the_signature_is_that_of_the_standard() -> None:
    body = b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body) == expected


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_does_not_accept_is_a_fault(hook: Received, status: int) -> None:
    hook.statuses = [status] * 3
    url = f"http://127.0.0.1:{hook.server_port}/secret-path"
    faults = sent(Webhook(url=url, secret=""))
    assert faults == [f"webhook: HTTPException: HTTP {status}"]
    assert len(hook.posts) == 3
    assert "webhook-signature" not in hook.posts[0][0]


def settings(**values: object) -> SettingsValues:
    return SettingsValues.of(Settings({f"COPYDESK_ALARM_{name.upper()}": value for name, value in values.items()}))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"mail": "desk"}, "COPYDESK_ALARM_MAIL: 'desk' is no address"),
        ({"mail": "a@b.example", "smtp": "mail.example"}, "COPYDESK_ALARM_SMTP: expected smtp://host"),
        ({"mail": "a@b.example", "smtp": "smtp://a:kestrel@b"}, "COPYDESK_ALARM_SMTP: expected smtp://host"),
        ({"mail": "a@b.example", "smtp_password": "kestrel"}, "COPYDESK_ALARM_SMTP_PASSWORD: expected env:NAME"),
        ({"mail": "a@b.example", "from": "me"}, "COPYDESK_ALARM_FROM: 'me' is no address"),
        ({"webhook": "ftp://kestrel"}, "COPYDESK_ALARM_WEBHOOK: expected a URL"),
        ({"webhook": "env:NO_SUCH_HOOK"}, "the environment variable NO_SUCH_HOOK is not set"),
        ({"webhook": "http://a.example/", "secret": "kestrel"}, "COPYDESK_ALARM_SECRET: expected env:NAME"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(values: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as error:
        senders_of(settings(**values))
    assert message in str(error.value)
    assert "kestrel" not in str(error.value)


def test_the_senders_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setenv("HOOK", "https://hooks.example/kestrel")
    assert senders_of(settings()) == ()
    mail_sender, webhook = senders_of(settings(mail="a@b.example,c@d.example", webhook="env:HOOK", secret=NAMED))
    assert isinstance(mail_sender, Mail)
    assert mail_sender.recipients == ("a@b.example", "c@d.example")
    assert mail_sender.sender == "copydesk@localhost"
    assert isinstance(webhook, Webhook)
    assert webhook.secret == SECRET
    assert "kestrel" not in repr(webhook)
    assert SECRET not in repr(webhook)
