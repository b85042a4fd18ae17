"""What publishers reserve, as they say it."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from cleaners.metadata.rights import of_headers, of_page, permissions, reserves, verdict
from cleaners.types import ANY_USE, Permission, Right, Use
from cleaners.urls.robots_path import matches_path
from crawler.fetching.politeness.host_rights import HostRights
from crawler.fetching.politeness.robotstxt import relevant_lines

ROBOTS = (
    "User-agent: *\nContent-Usage: train-ai=n\n\nUser-agent: copydesk\nUser-agent: "
    "other\nContent-Usage: /open/ train-ai=y # free\nDisallow: /x\n"
)


@pytest.mark.parametrize(
    ("robots", "url", "expected"),
    [
        (ROBOTS, "https://a.example/open/1", ["train-ai=y"]),
        (ROBOTS, "https://a.example/1", []),
        (ROBOTS.replace("copydesk", "somebody"), "https://a.example/open/1", ["train-ai=n"]),
        ("Content-Usage: search=y", "https://a.example/", ["search=y"]),
        ("nothing: here\n\x00", "https://a.example/", []),
    ],
)
def test_content_usage(robots: str, url: str, expected: list[str]) -> None:
    assert [
        right.value for right in HostRights.of(relevant_lines(robots.encode(), "copydesk"), b"").for_url(url)
    ] == expected


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"{}", b"[1, {}]", b'[{"location": 3, "tdm-reservation": 1}]', b"[" * 100_000]
)
def test_a_tdm_file_that_cannot_be_read_says_nothing(data: bytes) -> None:
    assert HostRights.of("", data).for_url("https://a.example/") == ()


def test_the_longest_place_decides() -> None:
    data = b'[{"location": "/", "tdm-reservation": 1}, {"location": "/open/*.html$", "tdm-reservation": 0}]'
    found = HostRights.of("", data)
    assert [right.value for right in found.for_url("https://a.example/open/x.html")] == ["0"]
    assert [right.value for right in found.for_url("https://a.example/open/x.php")] == ["1"]


@pytest.mark.parametrize(
    ("place", "path", "expected"),
    [
        ("/", "/a", True),
        ("/a", "/b", False),
        ("/*.pdf$", "/x/y.pdf", True),
        ("/*.pdf$", "/x/y.pdf?z", False),
        ("/a(", "/a(b", True),
    ],
)
def test_places(place: str, path: str, expected: bool) -> None:
    assert matches_path(place, path) is expected


@pytest.mark.parametrize(
    ("origin", "value", "expected"),
    [
        ("meta tdm-reservation", "1", True),
        ("meta tdm-reservation", "0", False),
        ("header tdm-policy", "https://a.example/policy", False),
        ("robots.txt content-usage", "train-ai=n", True),
        ("robots.txt content-usage", "search=y, train-ai=n", True),
        ("robots.txt content-usage", "train-ai=y, search=n", False),
        ("meta robots", "noai", True),
        ("robots.txt content-signal", "search=yes, ai-train=no", True),
        ("robots.txt content-signal", "search=no, ai-train=yes, ai-input=yes", False),
        ("robots.txt license", "https://a.example/noai.xml", False),
    ],
)
def test_is_reserved(origin: str, value: str, expected: bool) -> None:
    assert reserves(Right(origin=origin, value=value), ANY_USE) is expected


def test_headers_that_say_nothing_of_it_are_none() -> None:
    assert of_headers([("X-Robots-Tag", "noindex"), ("Server", "noai")]) == ()
    assert of_headers([("X-Robots-Tag", "googlebot: noai")]) == (Right(origin="header x-robots-tag", value="noai"),)


@pytest.mark.parametrize(
    ("origin", "value", "denied"),
    [
        ("header content-signal", "ai-input=no", "ai-input"),
        ("header content-signal", "AI-Train = No;search=yes", "ai-train"),
        ("header content-signal", "ai-train=nothing", ""),
        ("header content-usage", "genai=?0", "ai-train"),
        ("header content-usage", "ai=n", "ai-input ai-train"),
        ("header content-usage", "bots=n", "search ai-input ai-train tdm"),
        ("header content-usage", "cooking=n", ""),
        ("tdmrep.json tdm-reservation", "1", "ai-train tdm"),
        ("meta tdm-policy", "https://a.example/noai", ""),
        ("header x-robots-tag", "noml", "ai-input ai-train"),
    ],
)
def test_uses(origin: str, value: str, denied: str) -> None:
    right = Right(origin=origin, value=value)
    reserved = {use for use, permission in permissions(right).items() if permission is Permission.RESERVED}
    assert reserved == {Use(name) for name in denied.split()}
    assert [reserves(right, (use,)) for use in Use] == [use.value in denied.split() for use in Use]


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        pytest.param([], "unknown unknown unknown unknown", id="nothing said"),
        pytest.param(["search=yes, ai-train=no"], "allowed unknown reserved unknown", id="as most sites have it"),
        pytest.param(["bots=n, search=y"], "allowed reserved reserved reserved", id="the narrower category decides"),
        pytest.param(["tdm=y, train-ai=n"], "unknown unknown reserved allowed", id="training is a kind of mining"),
        pytest.param(["ai=y", "ai-train=no"], "unknown allowed reserved unknown", id="no permission lifts it"),
        pytest.param(["ai-train=no", "ai-train=yes"], "unknown unknown reserved unknown", id="in either order"),
        pytest.param(["ai-train=no-thanks, cooking=no"], "unknown unknown unknown unknown", id="not understood"),
    ],
)
def test_all_signals_together(signals: list[str], expected: str) -> None:
    rights = [Right(origin="header content-signal", value=value) for value in signals]
    assert list(verdict(rights)) == [Use.SEARCH, Use.AI_INPUT, Use.AI_TRAIN, Use.TDM]
    assert " ".join(verdict(rights).values()) == expected


def test_a_right_names_what_it_says_and_is_the_same_without_it() -> None:
    (right,) = of_headers([("Content-Signal", "search=yes, ai-train=no")])
    assert right.uses == {"search": "allowed", "ai-train": "reserved"}
    assert right == Right(origin="header content-signal", value="search=yes, ai-train=no")


FREE = "permits=search; payment=free"
LICENSE = b"""<rsl xmlns="https://rslstandard.org/rsl">
<content url="/open/*"><license><permits type="usage">all</permits><payment type="attribution"/></license></content>
<content url="https://a.example/paid/" server="https://licenses.example/"><license><permits>ai-train</permits></license></content>
<content url="/sold/"><license><permits>ai-train, search</permits><payment type="subscription"/></license></content>
<content url="/never/"><license><prohibits type="usage">ai-all</prohibits></license></content>
<content url="/schools/"><license><permits type="user">all</permits><permits>ai-train</permits></license></content>
<content url="/two/"><license><permits>search</permits><payment type="free"/></license>
<license><permits>ai-train</permits><payment type="purchase"/></license></content>
<content url="/crawl/"><license><payment type="crawl"/></license></content>
<content url="/index/"><license><permits>ai-index</permits></license></content>
<content url="/later/"><license><permits>ai-summarize</permits></license></content>
<content url="/caf\xc3\xa9/"><license><prohibits>ai-train</prohibits></license></content>
<content url="http://b.example/other/"><license><permits>all</permits></license></content>
<content url="http://a.example/"><license><permits>search ai-input</permits></license></content>
</rsl>"""


@pytest.mark.parametrize(
    ("path", "terms", "expected"),
    [
        ("news/1", "permits=search ai-input", "allowed allowed reserved reserved"),
        ("open/1", "permits=all; payment=attribution", "allowed allowed allowed allowed"),
        ("paid/1", "permits=ai-train; server=yes", "reserved reserved reserved reserved"),
        ("sold/1", "permits=ai-train search; payment=subscription", "reserved reserved reserved reserved"),
        ("never/1", "prohibits=ai-all", "unknown reserved reserved unknown"),
        ("schools/1", "permits=ai-train; conditions=user", "reserved reserved unknown reserved"),
        ("two/1", f"{FREE} | permits=ai-train; payment=purchase", "allowed reserved reserved reserved"),
        ("crawl/1", "payment=crawl", "reserved reserved reserved reserved"),
        ("index/1", "permits=ai-index", "reserved reserved reserved reserved"),
        ("later/1", "permits=ai-summarize", "reserved reserved reserved reserved"),
        ("caf%C3%A9/1", "prohibits=ai-train", "unknown unknown reserved unknown"),
        ("other/1", "permits=search ai-input", "allowed allowed reserved reserved"),
    ],
)
def test_terms_of_a_licence_by_page(path: str, terms: str, expected: str) -> None:
    lines = relevant_lines(b"License: https://a.example/license.xml\n", "copydesk")
    rights = HostRights.of(lines, b"", LICENSE).for_url(f"https://a.example/{path}")
    assert [(right.origin, right.value) for right in rights] == [
        ("robots.txt license", "https://a.example/license.xml"),
        ("robots.txt license terms", terms),
    ]
    assert " ".join(verdict(rights).values()) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><p>No such page</html>",
        b"<rsl xmlns='https://rslstandard.org/rsl'><content>",
        b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><rsl xmlns='https://rslstandard.org/rsl'>&b;</rsl>",
        b"<rsl xmlns='https://rslstandard.org/rsl'>" + b"<content>" * 5_000,
    ],
    ids=["none", "a page", "cut", "entities", "deep"],
)
def test_a_licence_that_cannot_be_read_has_no_terms(data: bytes) -> None:
    assert HostRights.of("", b"", data).for_url("https://a.example/1") == ()


SIGNALS = (
    "License: https://a.example/license.xml\nUser-agent: *\nContent-Signal: search=yes, ai-train=no\n"
    "Content-Signal: /open/ ai-train=yes\nContent-Usage: train-ai=n\nDisallow: /x\n"
    "LICENSE: https://a.example/license.xml\nLicensed to nobody\n"
)


@pytest.mark.parametrize(
    ("url", "signals"),
    [("https://a.example/1", "search=yes, ai-train=no"), ("https://a.example/open/1", "ai-train=yes")],
)
def test_signals_and_licence_of_robots_txt(url: str, signals: str) -> None:
    lines = relevant_lines(SIGNALS.encode(), "copydesk")
    assert [(right.origin, right.value) for right in HostRights.of(lines, b"").for_url(url)] == [
        ("robots.txt content-usage", "train-ai=n"),
        ("robots.txt content-signal", signals),
        ("robots.txt license", "https://a.example/license.xml"),
    ]


def test_two_lines_for_one_path_both_count() -> None:
    text = b"User-agent: *\nContent-Signal: search=yes\nContent-Signal: ai-train=no\n"
    rights = HostRights.of(relevant_lines(text, "copydesk"), b"").for_url("https://a.example/1")
    assert " ".join(verdict(rights).values()) == "allowed unknown reserved unknown"


def test_the_licence_of_headers_and_of_a_page() -> None:
    header = (
        '<https://a.example/>; rel="canonical", <https://a.example/l.xml>; rel="license"; type="application/rsl+xml"'
    )
    assert of_headers([("Link", header)]) == (Right(origin="header license", value="https://a.example/l.xml"),)
    page = document_fromstring(
        "<link rel=license href=/cc0><link rel='license nofollow' type=application/rsl+xml href=' /l.xml '>"
        "<link rel=license type=application/rsl+xml><meta name=robots content=noai>"
    )
    assert of_page(page) == (
        Right(origin="meta robots", value="noai"),
        Right(origin="link license", value="/l.xml"),
    )
