"""The sites of a fleet: one row a site, one lock a host, whatever the spelling."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from crawler.config.sources import SourceError
from crawler.fleet.crawls import CrawlOptions
from crawler.fleet.plan import Timing
from crawler.fleet.sites import host_of, read_sites, to_toml

SAME = (
    ("news.example", "https://NEWS.example/"),
    ("https://news.example", "https://www.news.example/"),
    ("http://news.example/", "https://news.example/"),
    ("https://news.example/world", "https://news.example/world/"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
)


def file_of(folder: Path, *urls: str, more: str = "") -> str:
    path = folder / "sites.toml"
    path.write_text("".join(f'[[site]]\nurl = "{url}"\n{more}' for url in urls), "utf-8")
    return str(path)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_site_that_is_listed_twice_is_named(tmp_path: Path, one: str, other: str) -> None:
    with pytest.raises(SourceError) as error:
        read_sites(file_of(tmp_path, one, other))
    assert f"{one} and {other} are one site" in str(error.value)


HOSTS = (
    ("https://www.news.example/", "news.example"),
    ("https://world.News.example/feed", "news.example"),
    ("https://news.co.uk/", "news.co.uk"),
    ("http://127.0.0.1:8000/", "127.0.0.1"),
    ("http://127.0.0.1:9000/", "127.0.0.1"),
    ("http://localhost:8000/", "localhost"),
    ("http://[::1]:8000/", "::1"),
)


@pytest.mark.parametrize(("url", "host"), HOSTS)
def test_what_a_job_locks(url: str, host: str) -> None:
    assert host_of(url) == host


def test_two_sections_of_a_host_are_two_sites_with_one_lock(tmp_path: Path) -> None:
    one, two = read_sites(file_of(tmp_path, "https://news.example/world", "https://www.news.example/sport"))
    assert one.key != two.key
    assert one.host == two.host


def test_a_site_is_written_as_it_was_read(tmp_path: Path) -> None:
    more = 'max_articles = 5\nsections = ["a", "b\\"c"]\nsince = 2026-11-01\nverify_tls = false\n'
    more += 'headers = {"X-Ü" = "\\u007f\\\\", B = "file:secret"}\n'
    path = tmp_path / "sites.toml"
    (tmp_path / "secret").write_text("x")
    path.write_text(f'[defaults]\nmax_pages = 9\n\n[[site]]\nurl = "http://news.example/"\n{more}'.replace("X-Ü", "X-U")
                    .replace("\\u007f", "a"), "utf-8")  # fmt: skip
    (site,) = read_sites(str(path))
    found = tomllib.loads(to_toml({**site.values, "since": "2026-11-01"}))["site"][0]
    assert found == {
        "max_pages": 9, "url": "http://news.example/", "max_articles": 5, "sections": ["a", 'b"c'],
        "since": "2026-11-01", "verify_tls": False, "headers": {"X-U": "a\\", "B": f"file:{tmp_path / 'secret'}"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        'url = "http://me:pw@news.example/"',
        'url = "http://me@news.example/"',
        'url = "me:pw@news.example"',
        'url = "http://news.example/"\nproxy = "http://me:pw@127.0.0.1:3128"',
    ],
)
def test_a_password_is_not_kept_in_the_database(tmp_path: Path, lines: str) -> None:
    (tmp_path / "sites.toml").write_text(f"[[site]]\n{lines}\n", "utf-8")
    with pytest.raises(SourceError, match="would be kept in the database") as caught:
        read_sites(str(tmp_path / "sites.toml"))
    assert "pw" not in str(caught.value)


def test_a_crawl_has_an_output_of_its_slot() -> None:
    options = CrawlOptions(output="out/%(worker)s-%(slot)s.jsonl", settings=["A=1"], worker="w")
    command = options.command(2, "site.toml", 600, "7:3")
    assert command[3:] == [
        "crawl", "news", "-a", "sites=site.toml", "-o", "out/w-2.jsonl", "-a", "rejections=out/w-2.rejections.jsonl",
        "-s", "COPYDESK_REPORT_PATH=out/w-2.run.json", "-s", "CLOSESPIDER_TIMEOUT=600", "-s", "COPYDESK_FLEET_JOB=7:3",
        "-s", "A=1",
    ]  # fmt: skip
    remote = CrawlOptions(output="s3://b/%(worker)s-%(slot)s-%(time)s.jsonl", settings=[], worker="w")
    assert "s3://b/w-1-%(time)s.jsonl" in remote.command(1, "site.toml", 600)


def test_a_worker_that_lost_the_database_ends_its_crawls_before_others_take_them() -> None:
    timing = Timing(takeover=60, rest=60)
    assert 3 * timing.beat <= timing.lease < timing.takeover - timing.beat
