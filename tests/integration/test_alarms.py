"""A crawl tells once what broke, to a mail server and a webhook on loopback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.smtp import mail_server


def test_what_broke_is_told_once(crawl: Callable[..., Any], scrapy: Callable[..., Any]) -> None:
    with mail_server() as smtp:
        mail = ("-s", "COPYDESK_ALARM_MAIL=desk@a.example", "-s", f"COPYDESK_ALARM_SMTP=smtp://127.0.0.1:{smtp.port}")
        first = crawl("http://gate.example/,http://few.example/world/", *mail)
        assert first.status in {3, 5}
        (told,) = smtp.mails
        assert told["Subject"] == "Copydesk: http://gate.example/ broke"
        text = told.get_content()
        assert "failed: HUMAN asks whether a person reads, in place of the page" in text
        assert "scrapy sources http://gate.example/ --why" in text
        crawl("http://gate.example/,http://few.example/world/", *mail)
        assert len(smtp.mails) == 1
        assert scrapy("alarm", *mail).status == 0
        assert smtp.mails[1]["Subject"] == "Copydesk: a test"
        assert scrapy("alarm", "--unit", "copydesk.service", *mail).status == 0
        assert "journalctl -u copydesk.service" in smtp.mails[2].get_content()
    gone = scrapy("alarm", *mail)
    assert gone.status == 3
    assert "mail: ConnectionRefusedError" in gone.stderr
    assert scrapy("alarm").status == 2


def test_a_server_that_is_down_delays_no_article_and_is_named(crawl: Callable[..., Any]) -> None:
    run = crawl("http://gate.example/,http://few.example/world/", "-s", "COPYDESK_ALARM_WEBHOOK=http://127.0.0.1:1/")
    assert len(run.lines()) == 3
    assert "alarm not sent by webhook: ConnectionRefusedError" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_setting_that_is_wrong_is_told_before_the_crawl(crawl: Callable[..., Any]) -> None:
    run = crawl("http://few.example/world/", "-s", "COPYDESK_ALARM_MAIL=nobody")
    assert run.status == 2
    assert "COPYDESK_ALARM_MAIL: 'nobody' is no address" in run.stderr
