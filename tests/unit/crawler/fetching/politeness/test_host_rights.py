"""What publishers reserve, as they say it."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from cleaners.metadata.rights import denied_uses, is_reserved, of_headers, of_page
from cleaners.types import Right, Use
from crawler.fetching.politeness.host_rights import HostRights, matches_path
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
    assert is_reserved(Right(origin=origin, value=value)) is expected


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
    assert denied_uses(right) == {Use(name) for name in denied.split()}
    assert [is_reserved(right, use) for use in Use] == [use.value in denied.split() for use in Use]


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
