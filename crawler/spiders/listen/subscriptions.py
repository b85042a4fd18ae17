"""The subscriptions to feeds at their hubs, and the checks of what hubs send (W3C WebSub, 5 to 8)."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

LEASE_SECONDS = 864_000
"""Seconds for which a subscription is asked: ten days, as most hubs give."""

LEAST_LEASE = 600.0
"""Least lease in seconds: a shorter one counts as this, so a hub is asked at most every eight minutes."""

RENEWAL_SHARE = 0.8
"""Share of a lease after which it is renewed."""

UNVERIFIED_SECONDS = 300.0
"""Seconds after which a subscription that no hub has verified is requested again."""

LEASE = re.compile("[1-9][0-9]{0,8}")
"""A number of seconds, up to thirty years."""

DIGESTS = ("sha1", "sha256", "sha384", "sha512")
"""Methods of signatures that the recommendation allows."""


@dataclass(slots=True, kw_only=True)
class Subscription:
    """A subscription to one feed."""

    topic: str
    """URL by which the hub knows the feed."""
    hub: str
    source: str
    """URL of the source whose feed it is."""
    path: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """Last part of the callback's URL: it is not to be guessed."""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """Key of the hub's signatures."""
    requested: float = 0.0
    """Time of the monotonic clock at which it was last requested."""
    verified: float | None = None
    """Time at which the hub verified it; None until then."""
    lease: float = float(LEASE_SECONDS)
    """Seconds for which the hub gave it."""

    def form(self, callback: str) -> bytes:
        """The body of the request to the hub (5.1).

        Args:
            callback: URL of the server, which the path is added to.
        """
        fields = {
            "hub.callback": f"{callback.rstrip('/')}/{self.path}",
            "hub.mode": "subscribe",
            "hub.topic": self.topic,
            "hub.lease_seconds": str(LEASE_SECONDS),
            "hub.secret": self.secret,
        }
        return urlencode(fields).encode()

    def is_due(self, now: float) -> bool:
        """True where it is to be requested, for the first time or again."""
        if not self.requested:
            return True
        if self.verified is None or self.verified < self.requested:
            return now - self.requested > UNVERIFIED_SECONDS
        return now - self.verified > RENEWAL_SHARE * self.lease

    def verify(self, query: dict[str, str], now: float) -> str | None:
        """The challenge to send back for a verification of intent (5.3); None for one that was not asked for."""
        challenge = query.get("hub.challenge")
        if query.get("hub.mode") != "subscribe" or query.get("hub.topic") != self.topic or not challenge:
            return None
        lease = query.get("hub.lease_seconds", "")
        self.lease = max(LEAST_LEASE, float(lease)) if LEASE.fullmatch(lease) else float(LEASE_SECONDS)
        self.verified = now
        return challenge

    def is_signed(self, signature: str, body: bytes) -> bool:
        """True for a body that the hub signed with the secret (8)."""
        method, _, digest = signature.partition("=")
        if method not in DIGESTS:
            return False
        expected = hmac.new(self.secret.encode(), body, method).hexdigest()
        return hmac.compare_digest(expected.encode(), digest.strip().lower().encode())


class Subscriptions:
    """All subscriptions, by the path of their callback."""

    def __init__(self) -> None:
        self._by_path: dict[str, Subscription] = {}

    def add(self, topic: str, hub: str, source: str) -> None:
        """Add a feed unless it is subscribed at this hub: a feed may claim the topic of another, with its own hub."""
        if (topic, hub) not in {(subscription.topic, subscription.hub) for subscription in self._by_path.values()}:
            subscription = Subscription(topic=topic, hub=hub, source=source)
            self._by_path[subscription.path] = subscription

    def of(self, path: str) -> Subscription | None:
        """The subscription with a path."""
        return self._by_path.get(path)

    def due(self, now: float) -> Iterator[Subscription]:
        """Those that are to be requested now."""
        yield from [subscription for subscription in self._by_path.values() if subscription.is_due(now)]

    def __len__(self) -> int:
        """Number of subscriptions."""
        return len(self._by_path)
