"""Which addresses may be asked for, and which of those that a name resolves to may be connected to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scrapy.utils.test import get_crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IReactorPluggableNameResolver
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from zope.interface import implementer

from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.address_policy import AddressPolicy
from crawler.fetching.network.resolver import Place, Resolver, place_of, public_only

PORTS = (80, 443, 8080, 8443)
CLOSED = AddressPolicy.of([], PORTS)
OPENED = AddressPolicy.of(
    ["127.0.0.1:8000", "intranet.example", "office", "10.1.0.0/16:9000", "[::1]:9000", "fd00::/8", "Bücher.example:81"],
    PORTS,
)


def outcome(rule: AddressPolicy, url: str) -> str:
    try:
        rule.check(url)
    except RequestRefused as refused:
        return refused.reason if refused.detail else "without a word"
    return "asked"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://news.example/", "asked"),
        ("https://news.example:8443/x?y=http://127.0.0.1/", "asked"),
        ("http://8.8.8.8/", "asked"),
        ("http://[2001:4860:4860::8888]/", "asked"),
        ("http://bücher.example/", "asked"),
        ("http://a_b.example./", "asked"),
        ("http://user:word@news.example/", "asked"),
        ("http://127.0.0.1/", "forbidden_address"),
        ("http://127.0.0.1./", "forbidden_address"),
        ("http://127.8.9.1/", "forbidden_address"),
        ("http://2130706433/", "forbidden_address"),
        ("http://017700000001/", "forbidden_address"),
        ("http://0x7f000001/", "forbidden_address"),
        ("http://0x7f.1/", "forbidden_address"),
        ("http://0177.0.0.1/", "forbidden_address"),
        ("http://127.1/", "forbidden_address"),
        ("http://0/", "forbidden_address"),
        ("http://0.0.0.0/", "forbidden_address"),
        ("http://１２７.0.0.1/", "forbidden_address"),
        ("http://127。0。0。1/", "forbidden_address"),
        ("http://10.0.0.1/", "forbidden_address"),
        ("http://172.16.0.1/", "forbidden_address"),
        ("http://192.168.1.1/", "forbidden_address"),
        ("http://169.254.169.254/latest/meta-data/", "forbidden_address"),
        ("http://100.100.100.200/", "forbidden_address"),
        ("http://168.63.129.16/", "forbidden_address"),
        ("http://192.0.0.192/", "forbidden_address"),
        ("http://198.18.0.1/", "forbidden_address"),
        ("http://203.0.113.7/", "forbidden_address"),
        ("http://224.0.0.251/", "forbidden_address"),
        ("http://240.0.0.1/", "forbidden_address"),
        ("http://255.255.255.255/", "forbidden_address"),
        ("http://[::1]/", "forbidden_address"),
        ("http://[::]/", "forbidden_address"),
        ("http://[::ffff:127.0.0.1]/", "forbidden_address"),
        ("http://[::ffff:a9fe:a9fe]/", "forbidden_address"),
        ("http://[::127.0.0.1]/", "forbidden_address"),
        ("http://[64:ff9b::7f00:1]/", "forbidden_address"),
        ("http://[2002:7f00:1::]/", "forbidden_address"),
        ("http://[fe80::1]/", "forbidden_address"),
        ("http://[fe80::1%25eth0]/", "forbidden_address"),
        ("http://[fec0::1]/", "forbidden_address"),
        ("http://[fd00:ec2::254]/", "forbidden_address"),
        ("http://[ff02::1]/", "forbidden_address"),
        ("http://[2001:db8::1]/", "forbidden_address"),
        ("http://localhost/", "forbidden_address"),
        ("http://LOCALHOST./", "forbidden_address"),
        ("http://a.localhost/", "forbidden_address"),
        ("http://printer.local/", "forbidden_address"),
        ("http://metadata.google.internal/", "forbidden_address"),
        ("http://router/", "forbidden_address"),
        ("http://news.example:22/", "forbidden_port"),
        ("https://news.example:3306/", "forbidden_port"),
        ("http://8.8.8.8:53/", "forbidden_port"),
        ("ftp://news.example/", "forbidden_scheme"),
        ("file:///etc/passwd", "forbidden_scheme"),
        ("data:text/html,x", "forbidden_scheme"),
        ("javascript:alert(1)", "forbidden_scheme"),
        ("news.example", "forbidden_scheme"),
        ("http:///path", "bad_address"),
        ("http://%31%32%37.0.0.1/", "bad_address"),
        ("http://a b.example/", "bad_address"),
        ("http://1.2.3.4.5/", "bad_address"),
        ("http://999.1/", "bad_address"),
        ("http://news.example:99999/", "bad_address"),
        ("http://[::x]/", "bad_address"),
        (f"http://{'a' * 64}.example/", "bad_address"),
        ("http://-news.example/", "bad_address"),
    ],
)
def test_addresses(url: str, expected: str) -> None:
    assert outcome(CLOSED, url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000/", "asked"),
        ("http://0x7f.1:8000/", "asked"),
        ("http://127.0.0.1:8001/", "forbidden_address"),
        ("http://127.0.0.1/", "forbidden_address"),
        ("http://intranet.example/", "asked"),
        ("https://intranet.example:8443/", "asked"),
        ("http://intranet.example:22/", "forbidden_port"),
        ("http://office/", "asked"),
        ("http://10.1.200.3:9000/", "asked"),
        ("http://10.1.200.3/", "forbidden_address"),
        ("http://10.2.0.1:9000/", "forbidden_address"),
        ("http://[::1]:9000/", "asked"),
        ("http://[fd12::1]/", "asked"),
        ("http://xn--bcher-kva.example:81/", "asked"),
        ("http://localhost:8000/", "forbidden_address"),
    ],
)
def test_what_the_user_opens(url: str, expected: str) -> None:
    assert outcome(OPENED, url) == expected


def test_an_error_tells_what_would_open_it() -> None:
    for url in ("http://127.0.0.1:8123/", "http://[::1]:7000/", "http://news.example:22/", "http://router/"):
        with pytest.raises(RequestRefused) as refused:
            CLOSED.check(url)
        remedy = refused.value.detail.split("COPYDESK_ALLOW_HOSTS=")[1].removesuffix(" opens it")
        assert outcome(AddressPolicy.of([remedy], PORTS), url) == "asked"


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "a b",
        "127.0.0.1:banana",
        "127.0.0.1:0",
        "10.0.0.0/8:0",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "http://a.example/x/y",
        "a.example:70000",
        "[::1",
    ],
)
def test_an_entry_that_cannot_be_read_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="'"):
        AddressPolicy.of([entry], PORTS)


@pytest.mark.parametrize(
    ("host", "address", "port", "is_refused"),
    [
        ("news.example", "8.8.8.8", 80, False),
        ("news.example", "127.0.0.1", 80, True),
        ("news.example", "169.254.169.254", 80, True),
        ("news.example", "::ffff:10.0.0.1", 80, True),
        ("news.example", "fe80::1%eth0", 80, True),
        ("intranet.example", "192.168.3.4", 80, False),
        ("INTRANET.example.", "192.168.3.4", 443, False),
        ("news.example", "10.1.2.3", 9000, False),
        ("news.example", "10.1.2.3", 80, True),
    ],
)
def test_what_names_resolve_to(host: str, address: str, port: int, is_refused: bool) -> None:
    assert (OPENED.refusal_of_address(host, address, port) is not None) is is_refused


class Names:
    """A resolver that answers differently each time, as one that rebinds a name does."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *_: Any) -> None:
        receiver.resolutionBegan(None)
        for address in self.answers.pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()


@implementer(IReactorPluggableNameResolver)
class Reactor(MemoryReactorClock):
    """Notes what it is asked to connect to."""

    nameResolver: Any = None

    def installNameResolver(self, resolver: Any) -> Any:
        self.nameResolver = resolver


@pytest.fixture
def connected() -> Callable[..., list[str]]:
    def connect(
        *answers: list[str],
        host: str = "rebind.example",
        rule: AddressPolicy = CLOSED,
        proxies: frozenset[Place] = frozenset(),
    ) -> list[str]:
        reactor = Reactor()
        resolver = Resolver(reactor, Names(*answers), rule, proxies)
        reactor.installNameResolver(resolver)
        for _ in answers:
            HostnameEndpoint(reactor, host, 80).connect(Factory()).addErrback(lambda _: None)
            reactor.advance(5)
        assert (host in resolver.refused) == any(
            rule.refusal_of_address(host, address, 80)
            for answer in answers
            for address in answer or [host] * (":" in host)
            if (host, 80) not in proxies
        )
        return [client[0] for client in reactor.tcpClients]

    return connect


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([["93.184.215.14"]], ["93.184.215.14"]),
        ([["127.0.0.1"]], []),
        ([["93.184.215.14"], ["127.0.0.1"]], ["93.184.215.14"]),
        ([["127.0.0.1", "93.184.215.14"]], ["93.184.215.14"]),
        ([["::ffff:127.0.0.1"]], []),
        ([[]], []),
    ],
)
def test_connections_are_made_to_the_addresses_that_were_checked(
    connected: Callable[..., list[str]], answers: list[list[str]], expected: list[str]
) -> None:
    assert connected(*answers) == expected


def test_an_opened_host_and_a_proxy_may_be_anywhere(connected: Callable[..., list[str]]) -> None:
    assert connected(["192.168.3.4"], host="intranet.example", rule=OPENED) == ["192.168.3.4"]
    assert connected(["10.0.0.3"], host="proxy.example", proxies=frozenset([("proxy.example", 80)])) == ["10.0.0.3"]


def test_another_port_of_a_proxys_host_is_no_proxy(connected: Callable[..., list[str]]) -> None:
    assert connected(["10.0.0.3"], host="proxy.example", proxies=frozenset([("proxy.example", 3128)])) == []


@pytest.mark.parametrize(
    ("address", "rule", "expected"),
    [
        ("::1", CLOSED, []),
        ("::1", AddressPolicy.of(["[::1]"], [80]), ["::1"]),
        ("2606:2800:21f::1", CLOSED, ["2606:2800:21f::1"]),
    ],
)
def test_an_address_of_ipv6_needs_no_resolver(
    connected: Callable[..., list[str]], address: str, rule: AddressPolicy, expected: list[str]
) -> None:
    assert connected([], host=address, rule=rule) == expected


@pytest.mark.parametrize(
    ("proxy", "place"),
    [
        ("http://127.0.0.1:3128", ("127.0.0.1", 3128)),
        ("Proxy.example:3128", ("proxy.example", 3128)),
        ("http://u:p@proxy.example", ("proxy.example", 80)),
        ("https://proxy.example/", ("proxy.example", 443)),
        ("", None),
        ("a..é", None),
        ("http://[x", None),
    ],
)
def test_where_a_proxy_listens(proxy: str, place: tuple[str, int] | None) -> None:
    assert place_of(proxy) == place


def test_hosts_that_need_no_proxy_are_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(scheme, raising=False)
    monkeypatch.setenv("no_proxy", "intranet.corp.example")
    monkeypatch.setenv("http_proxy", "http://proxy.corp.example:3128")
    found = Resolver.from_crawler(get_crawler(settings_dict={"COPYDESK_ALLOW_PORTS": [80]}), Reactor())
    assert found.trusted == {("proxy.corp.example", 3128)}


@pytest.mark.parametrize(
    ("host", "rule"),
    [
        ("intranet.example", OPENED),
        ("by-network.example", AddressPolicy.of(["192.168.0.0/16"], PORTS)),
    ],
)
def test_what_a_public_page_asks_for_reaches_no_private_host_that_is_open(host: str, rule: AddressPolicy) -> None:
    reactor = Reactor()
    resolver = Resolver(reactor, Names(*[["192.168.3.4"]] * 3), rule, frozenset())
    reactor.installNameResolver(resolver)

    def connect() -> int:
        HostnameEndpoint(reactor, host, 80).connect(Factory()).addErrback(lambda _: None)
        reactor.advance(5)
        return len(reactor.tcpClients)

    token = public_only.set(True)
    assert connect() == 0
    public_only.reset(token)
    assert host not in resolver.opened
    assert connect() == 1
    assert host in resolver.opened, "and no page may use its connections"
