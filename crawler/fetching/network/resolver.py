"""DNS within the address policy: the IP addresses of a host name are checked like an IP address in a URL.

A connection is made to exactly the addresses that are accepted here, so a name that resolves differently the second
time (DNS rebinding) has no effect.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from importlib import import_module
from ipaddress import IPv6Address, ip_address
from typing import Any, Self
from urllib.request import getproxies  # noqa: TID251  reads the environment, as Scrapy does

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.datatypes import LocalCache
from twisted.internet.address import IPv6Address as TwistedIPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from cleaners.urls.origin import DEFAULT_PORTS, normalise_host, origin
from crawler.fetching.network.address_policy import AddressPolicy, literal, special
from crawler.fetching.network.bounds import address_policy

logger = logging.getLogger(__name__)

MAX_REMEMBERED = 10_000
"""Most refused names that are cached, as many as Scrapy's DNS cache has."""

MAX_PINNED = 20
"""Addresses of one host that are remembered."""

Place = tuple[str, int]
"""A normalised host, and a port."""

public_only: ContextVar[bool] = ContextVar("public_only", default=False)
"""True during requests that must not reach the private hosts that the user allows: those of a page on a public host
while it is rendered. It applies to the names that are resolved during these requests."""


@implementer(IHostnameResolver)
class Resolver:
    """Scrapy's resolver, without the addresses that a crawl may not connect to."""

    def __init__(self, reactor: Any, inner: Any, policy: AddressPolicy, proxies: frozenset[Place]) -> None:
        self.reactor = reactor
        self.policy = policy
        self.refused: LocalCache[str, str] = LocalCache(MAX_REMEMBERED)
        """Reason why the address of a host was refused, by host."""
        self.opened: LocalCache[str, bool] = LocalCache(MAX_REMEMBERED)
        """Hosts that had a private address which the user allows."""
        self._inner = inner
        self._pinned: dict[Place, set[str]] = {}
        """The addresses of hosts at which spiders start."""
        self._resolved: set[Place] = set()
        """Those of them that were resolved."""
        self.trusted = set(proxies)
        """Hosts and ports of proxies: the user configured them, and they decide what is reached through them."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Take the policy from the settings, and the proxies from the environment as Scrapy does."""
        inner = CachingThreadedResolver.from_crawler(crawler, reactor)
        proxies = (place_of(address) for scheme, address in getproxies().items() if scheme in DEFAULT_PORTS)
        return cls(reactor, inner, address_policy(crawler.settings), frozenset(place for place in proxies if place))

    def install_on_reactor(self) -> None:
        """Install the resolver for every connection of this process."""
        self._inner.install_on_reactor()
        self._inner = self.reactor.nameResolver
        self.reactor.installNameResolver(self)

    def trust(self, proxy: str) -> None:
        """Allow connections to a proxy, given by its URL."""
        if place := place_of(proxy):
            self.trusted.add(place)

    def trust_start(self, url: str) -> None:
        """Allow connections to the addresses that the host of a URL has when it is first resolved.

        Addresses from later resolutions are checked: a host name may be changed to another one (DNS rebinding).
        """
        if (place := place_of(url)) is not None:
            self._pinned.setdefault(place, set())

    def is_pinned(self, host: str, port: int, address: str) -> bool:
        """True for an address that a trusted host had when it was first resolved."""
        pinned_addresses = self._pinned.get((normalise_host(host), port))
        if pinned_addresses is None:
            return False
        if len(pinned_addresses) < MAX_PINNED and (normalise_host(host), port) not in self._resolved:
            pinned_addresses.add(address)
        return address in pinned_addresses

    def resolved(self, host: str, port: int) -> None:
        """The first resolution of a trusted host has ended."""
        self._resolved.add((normalise_host(host), port))

    def resolveHostName(  # noqa: N802  Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[object] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> object:
        """Resolve a name; the receiver gets only the addresses that the policy accepts."""
        receiver = resolutionReceiver
        if (normalise_host(hostName), portNumber) not in self.trusted:
            receiver = AddressFilter(resolutionReceiver, self, hostName, portNumber)
        if isinstance(address := literal(hostName), IPv6Address):  # Scrapy's resolver knows IPv4 only
            return LiteralResolution(hostName).resolve(receiver, TwistedIPv6Address("TCP", str(address), portNumber))
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class AddressFilter:
    """Passes on the addresses of one name that the policy accepts."""

    def __init__(self, receiver: Any, resolver: Resolver, host: str, port: int) -> None:
        self.receiver = receiver
        self.resolver = resolver
        self.host = host
        self.port = port
        self.may_be_pinned = not public_only.get()
        self.policy = resolver.policy if self.may_be_pinned else replace(resolver.policy, openings=())

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802  Twisted's name
        """Pass it on."""
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        """Pass on an address that the policy accepts."""
        why = self.policy.refusal_of_address(self.host, address.host, self.port)
        if why is None or (self.may_be_pinned and self.resolver.is_pinned(self.host, self.port, address.host)):
            if special(ip_address(address.host.partition("%")[0])):
                self.resolver.opened[normalise_host(self.host)] = True
            self.receiver.addressResolved(address)
        else:
            self.resolver.refused[self.host] = why
            logger.debug("not connected: %s", why)

    def resolutionComplete(self) -> None:  # noqa: N802
        """Pass it on."""
        self.resolver.resolved(self.host, self.port)
        self.receiver.resolutionComplete()


@implementer(IHostResolution)
class LiteralResolution:
    """A host that is an IP address: there is nothing to resolve."""

    def __init__(self, name: str) -> None:
        self.name = name

    def resolve(self, receiver: Any, address: object) -> Self:
        """Pass the address to a receiver."""
        receiver.resolutionBegan(self)
        receiver.addressResolved(address)
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        """Do nothing: it is complete at once."""


def place_of(proxy: str) -> Place | None:
    """Host and port of a proxy, from its URL with or without a scheme; None where that is not valid."""
    try:
        _, host, port = origin(proxy if "://" in proxy else f"http://{proxy}")
    except ValueError:
        return None
    return (host, port) if host else None


def ensure_installed(crawler: Crawler) -> Resolver:
    """The resolver of this process; installed here if the program that runs the crawl did not (``CrawlerRunner``)."""
    reactor: Any = import_module("twisted.internet.reactor")  # importing it installs it
    if not isinstance(reactor.nameResolver, Resolver):
        Resolver.from_crawler(crawler, reactor).install_on_reactor()
    resolver: Resolver = reactor.nameResolver
    return resolver
