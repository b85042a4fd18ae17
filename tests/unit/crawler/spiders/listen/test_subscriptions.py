"""What hubs send is checked, and what they push is kept."""

from __future__ import annotations

import hmac
from pathlib import Path

import pytest

from crawler.spiders.listen.spool import Pushed, Spool
from crawler.spiders.listen.subscriptions import LEASE_SECONDS, Subscription, Subscriptions

TOPIC, HUB, SOURCE = "http://a.example/feed", "http://hub.example/", "http://a.example/"


def subscription() -> Subscription:
    return Subscription(topic=TOPIC, hub=HUB, source=SOURCE, secret="kestrel")  # noqa: S106  not one


@pytest.mark.parametrize(
    ("lease", "seconds"),
    [("3600", 3600), ("", LEASE_SECONDS), ("0", LEASE_SECONDS), ("-1", LEASE_SECONDS), ("9" * 5_000, LEASE_SECONDS)],
)
def test_the_lease_is_that_of_the_hub(lease: str, seconds: int) -> None:
    one = subscription()
    query = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c", "hub.lease_seconds": lease}
    assert one.verify(query, 5.0) == "c"
    assert one.lease == seconds


@pytest.mark.parametrize(
    "changes", [{"hub.mode": "unsubscribe"}, {"hub.topic": "http://b.example/"}, {"hub.challenge": ""}]
)
def test_what_was_not_asked_for_is_not_verified(changes: dict[str, str]) -> None:
    query = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c", **changes}
    assert subscription().verify(query, 5.0) is None


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_signatures(method: str) -> None:
    digest = hmac.new(b"kestrel", b"body", method).hexdigest()
    assert subscription().is_signed(f"{method}={digest.upper()}", b"body")
    assert not subscription().is_signed(f"{method}={digest}", b"other")


@pytest.mark.parametrize(
    "signature", ["", "sha256", "sha256=", "md5=d41d8cd98f00b204e9800998ecf8427e", "sha256=é", "=="]
)
def test_what_is_no_signature(signature: str) -> None:
    assert not subscription().is_signed(signature, b"body")


def test_a_subscription_is_renewed_before_it_ends() -> None:
    one = subscription()
    assert one.is_due(10.0)
    one.requested = 10.0
    assert (one.is_due(200.0), one.is_due(400.0)) == (False, True), "again, where no hub has verified it"
    one.verified, one.lease = 20.0, 1_000.0
    assert (one.is_due(800.0), one.is_due(900.0)) == (False, True)


def test_a_feed_that_names_another_as_itself_does_not_take_its_place() -> None:
    found = Subscriptions()
    found.add(TOPIC, "http://hub.evil.example/", "http://evil.example/")
    found.add(TOPIC, HUB, SOURCE)
    found.add(TOPIC, HUB, SOURCE)
    assert [one.hub for one in found.due(1.0)] == ["http://hub.evil.example/", HUB]


def test_what_was_pushed_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Spool(tmp_path)
    first.put(Pushed(topic=TOPIC, source=SOURCE, body=b"\xff1"))
    first.put(Pushed(topic=TOPIC, source=SOURCE, body=b"2"))
    (tmp_path / "0.json").write_text("")
    (tmp_path / "1.json").write_text("[]")
    again = Spool(tmp_path)
    waiting = [*again.waiting()]
    assert [one.read().body for one in waiting] == [b"\xff1", b"2"]
    assert {path.name for path in tmp_path.glob("*.damaged")} == {"0.damaged", "1.damaged"}
    again.done(waiting)
    assert [*again.waiting()] == []


@pytest.mark.parametrize(("lease", "counts"), [("1", 600.0), ("599", 600.0), ("86400", 86_400.0), ("x", 864_000.0)])
def test_a_short_lease_is_not_renewed_each_second(lease: str, counts: float) -> None:
    one = Subscription(topic="http://news.example/feed", hub="http://hub.example/", source="http://news.example/")
    query = {"hub.mode": "subscribe", "hub.topic": one.topic, "hub.challenge": "c", "hub.lease_seconds": lease}
    assert one.verify(query, 1_000.0) == "c"
    assert one.lease == counts
