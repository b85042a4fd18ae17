"""What to crawl, and what is said when it cannot be understood."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from cleaners.urls.origin import origin
from crawler.config.sources import SourceError, load_file, parse_since, parse_sites, with_limits
from crawler.types import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://news.example/world", [Source(url="https://news.example/world")]),
        ("https://news.example", [Source(url="https://news.example/")]),
        ("news.example", [Source(url="https://news.example/", is_bare=True)]),
        ("news.example/world", [Source(url="https://news.example/world", is_bare=True)]),
        ("www.bücher.example", [Source(url="https://www.bücher.example/", is_bare=True)]),
        ("127.0.0.1:8000", [Source(url="http://127.0.0.1:8000/", is_bare=True)]),
        ("localhost:8000/x", [Source(url="http://localhost:8000/x", is_bare=True)]),
        ("http://[::1]:8000/", [Source(url="http://[::1]:8000/")]),
        (
            " a.example , http://b.example/feed ",
            [Source(url="https://a.example/", is_bare=True), Source(url="http://b.example/feed")],
        ),
    ],
)
def test_parse(text: str, expected: list[Source]) -> None:
    assert list(parse_sites(text)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "site is empty"),
        (" , ", "site is empty"),
        ("ftp://a.example/", "only http and https can be crawled"),
        ("file:///etc/passwd", "only http and https can be crawled"),
        ("nonsense", "neither a URL nor a domain"),
        ("http://", "neither a URL nor a domain"),
        ("http://a b.example/", "neither a URL nor a domain"),
        ("http://a.example:port/", "is no URL"),
        (f"http://{'ä' * 63}.example/", "the host is no name that DNS could hold"),
        ("http://[::1/", "is no URL"),
        ("-a.example", "neither a URL nor a domain"),
    ],
)
def test_parse_names_the_culprit(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        parse_sites(text)


@pytest.mark.parametrize(
    "entry",
    [
        "https://ada:hunter2/x@a.example/",
        "https://ada:hunter2@a.example:port/",
        "https://ada:hunter2@[a.example/",
        "https://ada:hunter2@a.℀xample/",
        "https://ada:hunter2@a b.example/",
        "ftp://ada:hunter2@a.example/",
    ],
)
def test_no_error_tells_a_password(entry: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_sites(entry)
    assert "hunter2" not in str(caught.value)
    assert "ada" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://bücher.example/x", ("https", "xn--bcher-kva.example", 443)),
        ("https://xn--bcher-kva.example:443/", ("https", "xn--bcher-kva.example", 443)),
        ("http://A.example.", ("http", "a.example", 80)),
        ("http://a.example:8000/", ("http", "a.example", 8000)),
    ],
)
def test_an_origin_has_one_spelling(url: str, expected: tuple[str, str, int]) -> None:
    assert origin(url) == expected


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        '[defaults]\nmax_articles = 9\n\n[[site]]\nurl = "a.example"\n\n[[site]]\nurl = '
        '"http://b.example/feed"\nmax_articles = 3\n'
    )
    assert list(load_file(path)) == [
        Source(url="https://a.example/", is_bare=True, max_articles=9),
        Source(url="http://b.example/feed", max_articles=3),
    ]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("[[site]]\nurl = \n", None, "at line 2"),
        (
            "[[site]]\nurl = 'a.example'\nurll = 'b'\n",
            3,
            "unknown key 'urll'; expected one of url, max_articles, max_pages, since, sections",
        ),
        ("[[site]]\nurl = 7\n", 2, "'url' must be a string, not 7"),
        (
            "[[site]]\nurl = 'a.example'\nmax_articles = 'many'\n",
            3,
            "'max_articles' must be a whole number, not 'many'",
        ),
        ("[[site]]\nurl = 'a.example'\nmax_articles = true\n", 3, "'max_articles' must be a whole number, not True"),
        ("[[site]]\nurl = 'a.example'\nmax_articles = 0\n", 3, "'max_articles' must be 1 or more"),
        ("[[site]]\nurl = 'ftp://a.example'\n", 2, "only http and https"),
        ("[[site]]\nmax_articles = 3\n", 2, "this [[site]] has no url"),
        ("[[sites]]\nurl = 'a.example'\n", 1, "unknown table 'sites'"),
        ("[defaults]\nurl = 'a.example'\n[[site]]\nurl = 'b.example'\n", 2, "unknown key 'url'"),
        ("site = 3\n", 1, "'site' must be an array of tables"),
        ("", None, "lists no site"),
    ],
)
def test_file_errors_name_file_and_line(tmp_path: Path, content: str, line: int | None, message: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(content)
    with pytest.raises(SourceError) as error:
        load_file(path)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{path}:{line}:" if line else f"{path}:")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "sources.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match="cannot be read"):
        load_file(path)


def test_bounds_of_a_file_and_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        '[defaults]\nsince = "2026-11-01"\n[[site]]\nurl = "http://a.example/"\nsections = ["/world/", '
        '"politics"]\nmax_pages = 7\n'
    )
    (found,) = load_file(path)
    assert (found.since, found.sections, found.max_pages) == (1793491200, ("world", "politics"), 7)
    (found,) = with_limits((found,), "2026-11-02T00:00:00Z", "sport, ")
    assert (found.since, found.sections, found.max_pages) == (1793577600, ("sport",), 7)


@pytest.mark.parametrize(("text", "seconds"), [("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600)])
def test_since_may_be_a_time_before_now(text: str, seconds: int) -> None:
    assert abs(parse_since(text) - (time.time() - seconds)) < 5


@pytest.mark.parametrize("text", ["yesterday", "7", "7y", "2026-13-01", ""])
def test_since_that_is_none_is_named(text: str) -> None:
    with pytest.raises(SourceError, match=f"since={text}: expected a date"):
        parse_since(text)


def test_a_source_keeps_its_name() -> None:
    assert Source(url="http://a.example/").name == "http://a.example/"
    assert replace(Source(url="http://a.example/"), url="http://b.example/").name == "http://a.example/"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2026-11-01", 1793491200), ("2026-11-01T06:00:00Z", 1793512800), ('"2026-11-01"', 1793491200)],
)
def test_since_may_be_a_date_of_toml(tmp_path: Path, value: str, seconds: int) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f'[[site]]\nurl = "http://a.example/"\nsince = {value}\n')
    assert [source.since for source in load_file(path)] == [seconds]
