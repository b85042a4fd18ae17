"""robots.txt, reduced to what one crawler reads of it."""

from __future__ import annotations

import random
import time

import pytest
from protego import Protego

from crawler.fetching.politeness.robotstxt import MANY_RULES, LargeFile, relevant_lines

AGENT = "copydesk/1.0 (+https://news.example/bot)"
URL = "https://a.example/news/1"


def rules(robots: str | bytes) -> Protego:
    return Protego.parse(relevant_lines(robots if isinstance(robots, bytes) else robots.encode(), AGENT))


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: *\nDisallow: /news/", False),
        ("User-agent: *\nDisallow: /news/\n\nUser-agent: copydesk\nDisallow: /x", True),
        ("User-agent: COPYDESK\nDisallow: /news/\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: other\nUser-agent: copydesk\nDisallow: /news/", False),
        ("User-agent: other\nDisallow: /news/", True),
        ("User-agent: other\nDisallow: /x\nUser-agent: copydesk\nDisallow: /news/", False),
        ("User-agent: copy\nDisallow: /news/\n\nUser-agent: copydesk\nAllow: /", True),  # the longest name is ours
        ("User-agent: copy*\nDisallow: /news/", False),
        ("User-agent: desk\nDisallow: /news/\n\nUser-agent: *\nAllow: /", True),  # within a word, not at its beginning
        (
            "User-agent: copydesk\nDisallow: /x\n\nUser-agent: copydesk\nDisallow: /news/",
            False,
        ),  # groups of one name are one (RFC 9309, 2.2.1)
        ("user agent copydesk\ndissallow /news/", False),  # as generously as Protego
        ("  User-agent : *  # all\n\tDisallow:/news/ # not these", False),
        ("\ufeffUser-agent: *\nDisallow: /news/", False),
        ("User-agent: *\r\nDisallow: /news/\r\n", False),
        ("User-agent: *\x0bDisallow: /news/", False),
        ("User-agent: *\u2028Disallow: /news/", False),
        ("User-agent: *\nSitemap: https://a.example/map.xml\nDisallow: /news/", False),
        ("User-agent: copydesk\nUnheard-of: 1\nDisallow: /news/", False),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/1$", True),
        ("<html><body>User-agent: * Disallow: /</body></html>", True),
        (b"User-agent: *\nDisallow: /news/\xff\xfe\n\xffDisallow: /\nDisallow: /news/1", False),
        ("", True),
    ],
)
def test_what_is_left_says_what_the_file_says(robots: str | bytes, allowed: bool) -> None:
    assert rules(robots).can_fetch(URL, AGENT) is allowed
    whole = robots if isinstance(robots, str) else robots.decode("utf-8", "ignore")
    assert Protego.parse(whole.lstrip("\ufeff")).can_fetch(URL, AGENT) is allowed


def test_what_is_said_to_the_whole_site_stays() -> None:
    robots = (
        "Sitemap: https://a.example/1.xml\nUser-agent: other\nSitemap: "
        "https://a.example/2.xml\nDisallow: /\n\nUser-agent: copydesk\nCrawl-delay: 3\nContent-Usage: "
        "train-ai=n\n"
    )
    assert list(rules(robots).sitemaps) == ["https://a.example/1.xml", "https://a.example/2.xml"]
    assert rules(robots).crawl_delay(AGENT) == 3.0
    assert "Content-Usage: train-ai=n" in relevant_lines(robots.encode(), AGENT)
    assert "other" not in relevant_lines(robots.encode(), AGENT)


@pytest.mark.parametrize(
    "robots",
    [
        pytest.param(
            "".join(f"User-agent: a{n}\n" for n in range(11_000)) + "".join(f"Disallow: /{n}\n" for n in range(17_000)),
            id="names times rules",
        ),
        pytest.param("User-agent: copydesk\nDisallow: /x\n" * 14_000, id="our name again and again"),
        pytest.param(
            "".join(f"User-agent: {'copydesk'[: n % 8 + 1]}\nDisallow: /{n}\n" for n in range(14_000)),
            id="each beginning of our name",
        ),
        pytest.param("User-agent: " + "c" * 500_000, id="one name of half a megabyte"),
        pytest.param("user agent" * 50_000, id="words of names"),
        pytest.param("Disallow" + " " * 500_000 + "x", id="spaces"),
        pytest.param("sitemap:\n" * 55_000, id="sitemaps without an address"),
        pytest.param("#" * 500_000, id="comments"),
        pytest.param("\u2028" * 160_000, id="separators"),
    ],
)
def test_half_a_megabyte_costs_little(robots: str) -> None:
    begun = time.process_time()
    rules(robots).can_fetch(URL, AGENT)
    assert time.process_time() - begun < 3.0


@pytest.mark.slow
def test_a_large_file_says_the_same_rule_by_rule() -> None:
    dice = random.Random(3)

    def path() -> str:
        segments = (
            "".join(dice.choices("abc123-_%é*$?=", k=dice.randrange(1, 5))) for _ in range(dice.randrange(1, 4))
        )
        return "/" + "/".join(segments)

    lines = ["User-agent: *", *(f"{dice.choice(('Allow', 'Disallow'))}: {path()}" for _ in range(MANY_RULES + 500))]
    text = relevant_lines("\n".join([*lines, "Sitemap: https://a.example/1.xml"]).encode(), AGENT)
    whole, large = Protego.parse(text), LargeFile.of(text)
    assert large is not None
    assert list(Protego.parse(large.without_rules).sitemaps) == ["https://a.example/1.xml"]
    answers = set()
    for _ in range(200):
        end = dice.choice(("", "a", "/b1", "?c=1", "%61", "%C3%A9", "%2"))
        url = "http://a.example" + path().replace("*", "x").replace("$", "y") + end
        allowed = whole.can_fetch(url, AGENT)
        assert Protego.parse(large.for_url(url)).can_fetch(url, AGENT) is allowed, url
        answers.add(allowed)
    assert answers == {True, False}


MANY = "".join(f"Disallow: /private/{number}\n" for number in range(MANY_RULES + 1))


@pytest.mark.parametrize(
    ("robots", "url", "allowed", "delay"),
    [
        (f"User-agent: copydesk\n{MANY}\nUser-agent: *\nDisallow: /\nCrawl-delay: 30", URL, True, None),
        (f"User-agent: *\nDisallow: /\n\nUser-agent: copydesk\nCrawl-delay: 2\n{MANY}", URL, True, 2.0),
        (f"User-agent: copydesk\nUser-agent: *\n{MANY}", "https://a.example/private/77", False, None),
        (f"User-agent: *\nDisallow: /\nAllow: /news/index.html\n{MANY}", "https://a.example/news/", True, None),
        (f"User-agent: *\n{MANY}Disallow: /*.pdf$", "https://a.example/a.pdf", False, None),
    ],
)
def test_groups_of_a_large_file_stay_apart(robots: str, url: str, allowed: bool, delay: float | None) -> None:
    text = relevant_lines(robots.encode(), AGENT)
    large = LargeFile.of(text)
    assert large is not None
    assert Protego.parse(text).can_fetch(url, AGENT) is allowed
    assert Protego.parse(large.for_url(url)).can_fetch(url, AGENT) is allowed
    assert Protego.parse(large.without_rules).crawl_delay(AGENT) == delay


def test_a_small_file_is_parsed_as_a_whole() -> None:
    assert LargeFile.of("User-agent: *\n" + "Disallow: /x\n" * 5_000) is None
