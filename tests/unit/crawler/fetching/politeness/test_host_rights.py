"""What publishers reserve, as they say it."""

from __future__ import annotations

import pytest

from cleaners.metadata.rights import is_reserved, of_headers
from cleaners.types import Right
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
    ],
)
def test_is_reserved(origin: str, value: str, expected: bool) -> None:
    assert is_reserved(Right(origin=origin, value=value)) is expected


def test_headers_that_say_nothing_of_it_are_none() -> None:
    assert of_headers([("X-Robots-Tag", "noindex"), ("Server", "noai")]) == ()
    assert of_headers([("X-Robots-Tag", "googlebot: noai")]) == (Right(origin="header x-robots-tag", value="noai"),)
