"""Names to addresses: what a name resolves to passes the same rule as an address that is spelled out.

A connection is made to the very addresses that are let through here, so a name that answers differently the second time
(DNS rebinding) gains nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Any, Self
from urllib.request import getproxies  # noqa: TID251  reads the environment, as Scrapy does

from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.datatypes import LocalCache
from twisted.internet.address import IPv6Address as TwistedIPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.config.settings_values import reach
from crawler.network.address_policy import DEFAULT_PORTS, AddressPolicy, literal, origin, spelled

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

MAX_REMEMBERED = 10_000
"""Refused names that are remembered, as many as Scrapy's cache of names holds."""


@implementer(IHostnameResolver)
class Resolver:
    """Scrapy's resolver, with the addresses left out that a crawl may not reach."""

    def __init__(self, reactor: Any, inner: Any, rule: AddressPolicy, proxies: frozenset[Place]) -> None:
        self.reactor = reactor
        self.rule = rule
        self.refused: LocalCache[str, str] = LocalCache(MAX_REMEMBERED)
        """Host to why its address was refused."""
        self._inner = inner
        self.trusted = set(proxies)
        """Hosts and ports of proxies: the user named them, and what lies behind them is theirs to guard."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Take the rule from ``ALLOW_HOSTS``, and the proxies from the environment as Scrapy does."""
        inner = CachingThreadedResolver.from_crawler(crawler, reactor)
        proxies = (place_of(address) for scheme, address in getproxies().items() if scheme in DEFAULT_PORTS)
        return cls(reactor, inner, reach(crawler.settings), frozenset(place for place in proxies if place))

    def install_on_reactor(self) -> None:
        """Answer for every connection of this process."""
        self._inner.install_on_reactor()
        self._inner = self.reactor.nameResolver
        self.reactor.installNameResolver(self)

    def trust(self, proxy: str) -> None:
        """Let connections to a proxy pass, given by its address."""
        if place := place_of(proxy):
            self.trusted.add(place)

    def resolveHostName(  # noqa: N802  Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[Any] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a name; the receiver hears only of addresses that may be reached."""
        receiver = resolutionReceiver
        if (spelled(hostName), portNumber) not in self.trusted:
            receiver = AddressFilter(resolutionReceiver, self, hostName, portNumber)
        if isinstance(address := literal(hostName), IPv6Address):  # Scrapy's resolver knows IPv4 only
            return Literal(hostName).told(receiver, TwistedIPv6Address("TCP", str(address), portNumber))
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class AddressFilter:
    """Passes on the addresses of one name that may be reached."""

    def __init__(self, receiver: Any, resolver: Resolver, host: str, port: int) -> None:
        self.receiver = receiver
        self.resolver = resolver
        self.host = host
        self.port = port

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802  Twisted's name
        """Passed on."""
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        """Passed on where it may be reached."""
        why = self.resolver.rule.refused(self.host, address.host, self.port)
        if why is None:
            self.receiver.addressResolved(address)
        else:
            self.resolver.refused[self.host] = why
            logger.debug("not connected: %s", why)

    def resolutionComplete(self) -> None:  # noqa: N802
        """Passed on."""
        self.receiver.resolutionComplete()


@implementer(IHostResolution)
class Literal:
    """A host that is an address: there is nothing to resolve."""

    def __init__(self, name: str) -> None:
        self.name = name

    def told(self, receiver: Any, address: Any) -> Self:
        """Tell a receiver of the address."""
        receiver.resolutionBegan(self)
        receiver.addressResolved(address)
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        """It is over once it began."""


Place = tuple[str, int]
"""A host as it is spelled for comparing, and a port."""


def place_of(proxy: str) -> Place | None:
    """Where a proxy listens, of its address with a scheme or without; None for what is no address."""
    try:
        _, host, port = origin(proxy if "://" in proxy else f"http://{proxy}")
    except ValueError:
        return None
    return (host, port) if host else None


def installed(crawler: Crawler) -> Resolver:
    """The resolver of this process; installed here where whoever runs the crawl did not (``CrawlerRunner``)."""
    reactor: Any = import_module("twisted.internet.reactor")  # importing it installs it
    if not isinstance(reactor.nameResolver, Resolver):
        Resolver.from_crawler(crawler, reactor).install_on_reactor()
    found: Resolver = reactor.nameResolver
    return found
