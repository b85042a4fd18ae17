"""Crawls of a real server by the real command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cleaners.record.schema import schema
from tests.golden import cases

VALIDATOR = Draft202012Validator(schema())


def timeless(record: dict[str, Any]) -> dict[str, Any]:
    """A record as the cleaner alone gives it: without what only a crawl knows."""
    return {name: value for name, value in record.items() if name not in ("fetched_at", "revision", "duplicate_of")}


def expected_site(host: str) -> dict[str, dict[str, Any]]:
    records = [cases.expected(folder) for folder in cases.site_cases() if folder.is_relative_to(cases.SITES / host)]
    return {record["url"]: timeless(record) for record in records}


@pytest.mark.real_command("as a user types it")
def test_demo_needs_no_network_and_no_arguments(crawl: Callable[..., Any]) -> None:
    run = crawl(None, proxy=False)
    assert run.status == 0, run.stderr
    records = run.lines()
    for record in records:
        VALIDATOR.validate(record)
    assert {record["url"]: timeless(record) for record in records} == expected_site("harbour-post.example")
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("host", "start"),
    [
        ("harbour-post.example", "/"),
        ("harbour-post.example", "/sitemap.xml"),
        ("valley-courier.example", "/"),
        ("valley-courier.example", "/sitemap.xml"),
    ],
)
def test_site_gives_each_article_once(crawl: Callable[..., Any], host: str, start: str) -> None:
    run = crawl(f"http://{host}{start}")
    assert run.status == 0, run.stderr
    records = run.lines()
    assert len({record["id"] for record in records}) == len(records)
    assert {record["url"]: timeless(record) for record in records} == expected_site(host)
    assert [rejection for rejection in run.lines("rejections.jsonl") if rejection["stage"] != "fetch"] == []


@pytest.mark.parametrize(("host", "entries"), [("harbour-post.example", 8), ("valley-courier.example", 6)])
def test_feed_gives_its_entries(crawl: Callable[..., Any], host: str, entries: int) -> None:
    run = crawl(f"http://{host}/feed.xml")
    assert run.status == 0
    assert len(run.lines()) == entries
    assert {record["url"] for record in run.lines()} <= set(expected_site(host))


def test_gzipped_sitemap_is_read(crawl: Callable[..., Any]) -> None:
    run = crawl("http://indexed.example/sitemap.xml.gz")
    assert run.status == 0
    assert sorted(record["url"][-1] for record in run.lines()) == ["0", "1", "2"]


def test_page_fixtures_give_their_records_through_a_crawl(crawl: Callable[..., Any]) -> None:
    wanted, whole = {}, {}
    for folder in cases.page_cases():
        expected = cases.expected(folder)
        if "text" not in expected:
            continue
        merged = folder / "merged.json"
        if merged.exists():
            whole[expected["url"]] = timeless(json.loads(merged.read_text("utf-8")))
        if not folder.name.startswith("multipage"):
            wanted[expected["url"]] = timeless(expected)
    run = crawl(",".join([*wanted, *whole]))
    found = {record["url"]: timeless(record) for record in run.lines()}
    assert found == {**wanted, **whole}
    assert run.status == 0, run.stderr


def test_what_robots_txt_forbids_is_not_asked(crawl: Callable[..., Any], site: Any) -> None:
    crawl("http://harbour-post.example/")
    asked = site.asked("harbour-post.example")
    assert asked[0].endswith("/robots.txt")
    assert not [address for address in asked if "/private/" in address or "/search" in address]


def test_crawl_delay_is_kept(crawl: Callable[..., Any], site: Any) -> None:
    assert len(crawl("http://slow.example/").lines()) == 4
    moments = [
        float(line.split(" ")[0]) for line in site.log.read_text().splitlines() if "://slow.example/news" in line
    ][:4]
    assert len(moments) == 4
    assert moments[-1] - moments[0] > 1.0  # three times 0.5 s; the server may note the first late on a busy machine


def test_user_agent_is_honest_and_tells_the_contact(crawl: Callable[..., Any], site: Any) -> None:
    crawl("http://indexed.example/sitemap.xml.gz", "-s", "COPYDESK_CONTACT=desk@harbour-post.example")
    assert "copydesk/0.2.0 (news crawler; +desk@harbour-post.example)" in site.log.read_text()


def test_links_to_other_sites_are_not_followed(crawl: Callable[..., Any], site: Any) -> None:
    crawl("http://valley-courier.example/")
    assert site.asked("elsewhere.example") == []


def test_max_articles_stops_there(crawl: Callable[..., Any]) -> None:
    run = crawl("http://many.example/", "-a", "max_articles=5")
    assert len(run.lines()) == 5
    assert run.status == 0


def test_a_source_that_gave_enough_is_asked_no_more(crawl: Callable[..., Any], site: Any) -> None:
    before = len(site.asked("slow.example"))
    run = crawl("http://slow.example/", "-a", "max_articles=1")
    assert len(run.lines()) == 1
    stories = [url for url in site.asked("slow.example")[before:] if "/news/" in url]
    assert len(stories) < 4  # not all of them


def test_sources_file_with_limits(crawl: Callable[..., Any], tmp_path: Any) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text(
        '[defaults]\nmax_articles = 2\n[[site]]\nurl = "http://many.example/"\n[[site]]\nurl = '
        '"http://indexed.example/sitemap.xml.gz"\nmax_articles = 1\n'
    )
    run = crawl(None, "-a", f"sites={sources}")
    hosts = [record["url"].split("/")[2] for record in run.lines()]
    assert sorted(hosts) == ["indexed.example", "many.example", "many.example"]


@pytest.mark.parametrize(
    ("site_url", "reason"),
    [
        ("http://error404.example/", "HTTP 404"),
        ("http://error403.example/", "HTTP 403"),
        ("http://error500.example/", "HTTP 500"),
        ("http://forbidden.example/", "robots.txt forbids it"),
        ("http://robots500.example/", "the host gives no robots.txt: HTTP 500"),
        (
            "http://wayward.example/",
            "robots.txt: 169.254.169.254 is a link-local address; COPYDESK_ALLOW_HOSTS=169.254.169.254:80 opens it",
        ),
        ("http://follower.example/", "the host gives no robots.txt: HTTP 500"),
        ("http://pdf.example/", "not_html: the body starts like application/pdf"),
        ("http://empty.example/", "empty_body: the body has no bytes to read"),
        ("http://badgzip.example/sitemap.xml.gz", "damaged: damaged gzip: it ends too early"),
        ("http://badmap.example/sitemap.xml", "this sitemap lists no page of the site"),
        ("http://alone.example/", "no_text: 0 characters of article text; at least 200 are needed"),
    ],
)
def test_source_that_fails_is_named_with_the_reason(crawl: Callable[..., Any], site_url: str, reason: str) -> None:
    run = crawl(site_url)
    assert run.status == 3
    assert [line for line in run.stderr.splitlines() if "source failed" in line][0].endswith(
        f"source failed: {site_url}: {reason}"
    )
    assert "Traceback" not in run.stderr


def test_few_links_and_short_addresses_are_followed(crawl: Callable[..., Any]) -> None:
    run = crawl("http://few.example/world/")
    assert run.status == 0, run.stderr
    assert sorted(record["url"].rsplit("/", 1)[1] for record in run.lines()) == ["brexit", "gates", "lock"]


def test_source_that_redirects_is_the_site_it_leads_to(crawl: Callable[..., Any]) -> None:
    run = crawl("http://moved.example/")
    assert run.status == 0, run.stderr
    assert len(run.lines()) == 30


def test_feed_of_another_host_gives_the_site_it_names(crawl: Callable[..., Any]) -> None:
    run = crawl("http://feeds.example/few")
    assert [record["url"] for record in run.lines()] == ["http://few.example/brexit"]


def test_a_second_page_that_is_none_costs_no_article(crawl: Callable[..., Any]) -> None:
    run = crawl("http://torn.example/")
    assert run.status == 0, run.stderr
    assert sorted((record["url"].rsplit("-", 1)[1], record["page_count"]) for record in run.lines()) == [
        (name, 1) for name in ("empty", "feed", "gone", "map", "pdf")
    ]


@pytest.mark.parametrize(("most", "pages", "cut"), [(20, 5, 0), (5, 5, 0), (2, 2, 1)])
def test_an_article_is_read_to_its_last_page_or_its_limit(
    crawl: Callable[..., Any], most: int, pages: int, cut: int
) -> None:
    run = crawl("http://long.example/", "-s", f"COPYDESK_ARTICLE_MAX_PAGES={most}", "-s", "STATS_DUMP=1", "-L", "INFO")
    (record,) = run.lines()
    assert record["page_count"] == pages
    assert f"It was story number {pages} of the year" in record["text"]
    assert f"It was story number {pages + 1} of the year" not in record["text"]
    assert f"'limit/article_pages_count': {cut}," in run.stderr


def test_stories_that_are_only_numbered_are_not_joined(crawl: Callable[..., Any]) -> None:
    run = crawl("http://numbered.example/")
    assert sorted((record["url"][-2:], record["page_count"]) for record in run.lines()) == [
        ("12", 1),
        ("13", 1),
        ("14", 1),
    ]


def test_canonical_link_that_all_stories_share_loses_none(crawl: Callable[..., Any]) -> None:
    run = crawl("http://shared.example/")
    assert len(run.lines()) == 4
    assert len({record["id"] for record in run.lines()}) == 4


def test_what_is_no_article_is_a_rejection_through_a_crawl(crawl: Callable[..., Any]) -> None:
    folders = [
        folder
        for folder in cases.page_cases()
        if cases.expected(folder).get("reason") in ("error_page", "consent_wall")
    ]
    assert len(folders) == 2
    run = crawl(",".join(cases.load(folder).url for folder in folders))
    assert run.status == 3
    refused = run.lines("rejections.jsonl")
    assert {rejection.pop("page_class") for rejection in refused} == {"gone", "consent"}
    found = {rejection["url"]: timeless(rejection) for rejection in refused}
    assert found == {cases.load(folder).url: timeless(cases.expected(folder)) for folder in folders}


def test_rejections_that_cannot_be_written_are_told_at_once(scrapy: Callable[..., Any], tmp_path: Any) -> None:
    run = scrapy(
        "crawl",
        "news",
        "-a",
        "site=http://many.example/",
        "-O",
        str(tmp_path / "a.jsonl"),
        "-a",
        "rejections=/proc/none/r.jsonl",
    )
    assert run.status == 4
    assert "cannot write /proc/none/r.jsonl" in run.stderr


@pytest.mark.real_command("the standard streams of a new process")
def test_standard_output_holds_the_lines_and_nothing_else(scrapy: Callable[..., Any]) -> None:
    run = scrapy("crawl", "news", "-a", "site=http://indexed.example/sitemap.xml.gz", "-O", "-:jsonl")
    assert run.status == 0
    assert len([json.loads(line) for line in run.stdout.splitlines()]) == 3


def test_source_that_cannot_be_reached(crawl: Callable[..., Any]) -> None:
    refused = crawl("http://127.0.0.1:9/", "-s", "COPYDESK_ALLOW_HOSTS=127.0.0.1:9", proxy=False)
    assert refused.status == 3
    assert "source failed: http://127.0.0.1:9/: connection refused" in refused.stderr
    unknown = crawl("http://no-such-host.invalid/", proxy=False)
    assert unknown.status == 3
    assert "source failed: http://no-such-host.invalid/: unknown host" in unknown.stderr
    assert "Traceback" not in refused.stderr + unknown.stderr


def test_one_bad_source_costs_the_others_nothing(crawl: Callable[..., Any]) -> None:
    run = crawl("http://error404.example/,http://indexed.example/sitemap.xml.gz")
    assert run.status == 3
    assert len(run.lines()) == 3


def test_bad_pages_are_rejections_or_articles_never_tracebacks(crawl: Callable[..., Any]) -> None:
    run = crawl("http://mixed.example/")
    slug = {record["url"].rsplit("/", 1)[1] for record in run.lines()}
    assert slug == {
        "a-good-story-to-read",
        "a-story-cut-in-the-middle",
        "a-story-with-nul-bytes-in-it",
        "a-story-of-many-nested-divs",
    }
    reasons = {
        rejection["url"].rsplit("/", 1)[1]: (rejection["stage"], rejection["reason"])
        for rejection in run.lines("rejections.jsonl")
    }
    assert reasons == {
        "a-story-that-is-gone": ("fetch", "http_410"),
        "a-story-that-is-empty": ("decode", "empty_body"),
        "a-story-that-is-binary": ("decode", "not_html"),
        "a-story-that-is-huge-indeed": ("fetch", "too_large"),
    }
    assert run.status == 0
    assert "Traceback" not in run.stderr
    for record in run.lines():
        VALIDATOR.validate(record)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("site=ftp://a.example/", "only http and https can be crawled"),
        ("site=nonsense", "'nonsense' is neither a URL nor a domain"),
        ("site=", "site is empty"),
        ("sites=/no/such/file.toml", "/no/such/file.toml: cannot be read: No such file or directory"),
        ("max_articles=many", "max_articles=many: expected a whole number of 1 or more"),
        ("sight=a.example", "unknown argument 'sight'"),
    ],
)
def test_arguments_that_cannot_be_understood(scrapy: Callable[..., Any], argument: str, message: str) -> None:
    run = scrapy("crawl", "news", "-a", argument)
    assert run.status == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.real_command("a fault at the start, by exit status")
def test_output_that_cannot_be_opened_is_told_before_anything_is_fetched(scrapy: Callable[..., Any], site: Any) -> None:
    before = len(site.log.read_text())
    run = scrapy("crawl", "news", "-a", "site=http://many.example/", "-O", "/proc/none/articles.jsonl")
    assert run.status == 4
    assert "cannot write /proc/none/articles.jsonl" in run.stderr
    assert len(site.log.read_text()) == before


def test_full_disk_ends_the_crawl_with_one_clear_line(scrapy: Callable[..., Any], tmp_path: Any) -> None:
    rejections = tmp_path / "rejections.jsonl"
    run = scrapy(
        "crawl", "news", "-a", "site=http://many.example/", "-O", "/dev/full:jsonl", "-a", f"rejections={rejections}"
    )
    assert run.status == 4
    assert run.stderr.count("output failed") == 1
    assert "cannot write /dev/full: No space left on device" in run.stderr
    assert "Traceback" not in run.stderr


def test_append_keeps_what_is_there(scrapy: Callable[..., Any], tmp_path: Any) -> None:
    output = tmp_path / "articles.jsonl"
    output.write_text('{"kept": true}\n')
    run = scrapy("crawl", "news", "-a", "site=http://indexed.example/sitemap.xml.gz", "-o", str(output))
    assert run.status == 0
    assert run.lines()[0] == {"kept": True}
    assert len(run.lines()) == 4


def test_cleaning_in_the_crawling_process_gives_the_same(crawl: Callable[..., Any]) -> None:
    run = crawl("http://valley-courier.example/feed.xml", "-s", "COPYDESK_CLEAN_WORKERS=0")
    wanted = expected_site("valley-courier.example")
    assert {record["url"]: timeless(record) for record in run.lines()}.items() <= wanted.items()
    assert len(run.lines()) == 6


def test_a_limit_of_no_characters_is_no_limit(crawl: Callable[..., Any]) -> None:
    """Scrapy's setting: discovery, requests and redirects compare with the same limit."""
    run = crawl("http://harbour-post.example/", "-s", "URLLENGTH_LIMIT=0")
    assert run.status == 0, run.stderr
    assert {record["url"] for record in run.lines()} == set(expected_site("harbour-post.example"))
