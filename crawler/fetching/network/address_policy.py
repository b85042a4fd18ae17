"""Which URLs and IP addresses a crawl may request. No I/O.

These are http and https URLs of public hosts at the usual ports, and the hosts that the user allows. A crawler
follows URLs that others write. Without this policy a link or redirect could make it request what only its own machine
can reach (server-side request forgery): a router, an intranet, the credentials that clouds serve at 169.254.169.254.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import urlsplit

from cleaners.urls.origin import DEFAULT_PORTS, normalise_host, origin
from crawler.fetching.exceptions import RequestRefused
from crawler.reasons import FetchReason

IPAddress = IPv4Address | IPv6Address

NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
"""A host name as in DNS; underscores occur in names of old intranets."""
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""Hosts that end in a number are IPv4 addresses, in any notation (WHATWG URL, 3.5)."""
LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "localdomain")
"""Names that are never on the public Internet, with all their subdomains (RFC 6761, 6762, 8375; ICANN's reserved
.internal)."""
CLOUD_SERVICE = IPv4Address("168.63.129.16")
"""A public address at which an Azure virtual machine reaches the services of its platform."""
RESERVED = tuple(
    map(
        ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100::/64", "2001::/23", "3fff::/20", "5f00::/16"),
    )
)
"""Special-purpose networks that ``ipaddress`` knows only in some releases of Python (IANA, 2025)."""
NAT64 = IPv6Network("64:ff9b::/96")
COMPATIBLE = IPv6Network("::/96")
"""IPv6 networks with an IPv4 address in the last 32 bits (RFC 6052; RFC 4291, 2.5.5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHost:
    """One entry of ``COPYDESK_ALLOW_HOSTS``: a host or network that the user allows."""

    host: str
    """A host as :func:`~cleaners.urls.origin.normalise_host` returns it; or a network, as ``10.1.0.0/16``."""
    port: int | None
    """The one port that is allowed; None for the usual ones."""

    def names(self, host: str, port: int) -> bool:
        """True for a host and port that the entry names."""
        return self.host == host and self.port in (None, port)

    def holds(self, address: IPAddress, port: int) -> bool:
        """True for an address in the network that the entry names."""
        return "/" in self.host and address in ip_network(self.host) and self.port in (None, port)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """The policy: what may be requested, by URL and by the IP address of its host."""

    openings: tuple[AllowedHost, ...] = ()
    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())

    @classmethod
    def of(cls, allowed: Iterable[str], ports: Iterable[str | int]) -> Self:
        """The policy of ``COPYDESK_ALLOW_HOSTS`` and ``COPYDESK_ALLOW_PORTS``.

        Raises:
            ValueError: naming the entry that is not valid.
        """
        return cls(
            openings=tuple(opening(entry) for entry in allowed), ports=frozenset(parse_port(port) for port in ports)
        )

    def check(self, url: str) -> None:
        """Accept a URL.

        Raises:
            RequestRefused: ``bad_address``, ``forbidden_scheme``, ``forbidden_port`` or ``forbidden_address``.
        """
        try:
            scheme, host, port = origin(url)
        except ValueError as error:
            raise RequestRefused(FetchReason.BAD_URL, f"the URL cannot be read: {error}") from error
        if scheme not in DEFAULT_PORTS:
            raise RequestRefused(
                FetchReason.FORBIDDEN_SCHEME, f"the scheme is {scheme or 'missing'}; only http and https are requested"
            )
        address = literal(host)
        if address is None and (is_numeric(host) or not NAME.fullmatch(host)):
            raise RequestRefused(FetchReason.BAD_URL, "the URL names no host")
        host = str(address or host)
        if self.is_open(host, address, port):
            return
        remedy = f"COPYDESK_ALLOW_HOSTS={bracketed(host)}:{port} opens it"
        local = "a name of a local network" if is_local(host) else None
        if kind := special(address) if address is not None else local:
            raise RequestRefused(FetchReason.FORBIDDEN_ADDRESS, f"{host} is {kind}; {remedy}")
        if port not in self.ports:
            usual = ", ".join(str(allowed_port) for allowed_port in sorted(self.ports))
            raise RequestRefused(FetchReason.FORBIDDEN_PORT, f"port {port} is none of {usual}; {remedy}")

    def is_open(self, host: str, address: IPAddress | None, port: int) -> bool:
        """True for a host that the user allows, by an entry with this port, or without a port for a usual port."""
        return any(
            (entry.names(host, port) or (address is not None and entry.holds(address, port)))
            and (entry.port is not None or port in self.ports)
            for entry in self.openings
        )

    def refusal_of_address(self, host: str, address: str, port: int) -> str | None:
        """Why an IP address that a host resolves to must not be connected to; None where it may."""
        ip = ip_address(address.partition("%")[0])
        kind = special(ip)
        if kind is None or self.is_open(normalise_host(host), ip, port):
            return None
        return f"{host} resolves to {address}, which is {kind}; COPYDESK_ALLOW_HOSTS={bracketed(host)}:{port} opens it"


def literal(host: str) -> IPAddress | None:
    """The IP address that a host is, also with decimal, octal or hexadecimal parts; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if not is_numeric(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_numeric(host: str) -> bool:
    """True for a host that ends in a number."""
    return NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def is_local(host: str) -> bool:
    """True for a name of a local network: one of ``LOCAL_NAMES``, or a single label."""
    return "." not in host or any(host == name or host.endswith(f".{name}") for name in LOCAL_NAMES)


def special(address: IPAddress) -> str | None:
    """The kind of a special-purpose address (IANA's registries), in words; None for a public address."""
    if isinstance(address, IPv6Address) and (inner := embedded(address)) is not None:
        return special(inner)
    kinds = {
        "the unspecified address": address.is_unspecified,
        "a loopback address": address.is_loopback,
        "a link-local address": address.is_link_local,
        "a multicast address": address.is_multicast,
        "a private address": address.is_private or (isinstance(address, IPv6Address) and address.is_site_local),
        "a reserved address": address.is_reserved or not address.is_global or any(address in net for net in RESERVED),
        "an address of a cloud's own services": address == CLOUD_SERVICE,
    }
    return next((kind for kind, is_so in kinds.items() if is_so), None)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address contains: mapped, 6to4, Teredo, NAT64, compatible."""
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def bracketed(host: str) -> str:
    """A host as it is written before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def opening(entry: str) -> AllowedHost:
    """An entry of ``COPYDESK_ALLOW_HOSTS``: a host name, an IP address or a network, with or without a port.

    Raises:
        ValueError: when it is none of them.
    """
    place, _, bits = entry.strip().partition("/")
    bits, _, after = bits.partition(":")
    try:
        parts = urlsplit(f"//{place}" if place.startswith("[") or place.count(":") < 2 else f"//[{place}]")
        host, port = normalise_host(parts.hostname or ""), after or parts.port
        if bits:
            host = str(ip_network(f"{host}/{bits}"))
    except ValueError as error:
        raise ValueError(f"'{entry}' cannot be read: {error}") from error
    if not bits and literal(host) is None and not NAME.fullmatch(host):
        raise ValueError(f"'{entry}' is no host; expected e.g. 127.0.0.1:8000, intranet.example or 10.1.0.0/16")
    return AllowedHost(
        host=host if bits else str(literal(host) or host), port=None if port is None else parse_port(port)
    )


def parse_port(port: str | int) -> int:
    """A port as a number.

    Raises:
        ValueError: when it is not a valid port.
    """
    if not str(port).isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(f"'{port}' is no port; expected a number from 1 to 65535")
    return int(port)
