"""Nobody speaks for another's URL: dead variants, foreign feeds, canonical claims, further pages."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Run, check_account
from tests.support.commands import SCRAPY
from tests.support.commands import run as run_command
from tests.support.servers import ROOT
from tests.support.web import Web, feed, listing, paragraphs, story, web

NEWS = "http://news.example"
FORMS = {
    "amp path": "/amp",
    "amp path with a slash": "/amp/",
    "amp ending": ".amp",
    "amp file": "/amp.html",
    "slash": "/",
    "two slashes": "//",
    "mobile host": "m.",
    "amp host": "amp.",
    "telephone host": "mobile.",
    "www": "www.",
}
"""Variants of a URL: an ending of its path, or a beginning of its host."""

Crawl = Callable[..., Run]


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    def run(served: Web, site: str, *args: str, name: str = "articles.jsonl") -> Run:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": served.address}
        settings = [f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}", "DOWNLOAD_DELAY=0", "RETRY_TIMES=0"]
        options = [part for one in settings for part in ("-s", one)]
        crawl = [*SCRAPY, "crawl", "news", "-a", f"site={site}", "-o", str(tmp_path / name)]
        done = run_command([*crawl, *options, *args], cwd=ROOT, env=env)
        check_account(tmp_path, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return Run(done.returncode, done.stdout, done.stderr, tmp_path)

    return run


def variant(url: str, form: str) -> str:
    return f"{url}{form}" if form.startswith(("/", ".")) else url.replace("//", f"//{form}")


STORIES = {f"{NEWS}/2026/11/{name.replace(' ', '-')}-at-the-old-quay": name for name in FORMS}


@pytest.mark.parametrize("place", ["before", "after", "in a section", "in the next run"])
def test_a_dead_variant_hides_no_story(crawl: Crawl, place: str) -> None:
    pages = {url: story(f"{name.title()} at the old quay", paragraphs(name)) for url, name in STORIES.items()}
    dead = [variant(url, FORMS[name]) for url, name in STORIES.items()]
    real = list(STORIES)
    orders = {"before": [*dead, *real], "after": [*real, *dead], "in a section": [*dead, f"{NEWS}/town/"]}
    links = orders.get(place, dead)
    with web({**pages, f"{NEWS}/": listing(*links), f"{NEWS}/town/": listing(*real)}) as made:
        first = crawl(made, f"{NEWS}/")
        if place == "in the next run":
            assert first.lines() == []
            made.pages[f"{NEWS}/"] = listing(*dead, *real)
            first = crawl(made, f"{NEWS}/")
        assert sorted(one["url"] for one in first.lines()) == sorted(real), first.stderr
        count = len(made.asked)
        again = crawl(made, f"{NEWS}/")
        assert len(again.lines()) == len(real)
        assert not {*made.asked[count:]} & {*real}, "they are known"


FALSE = "<pubDate>Fri, 01 Jan 1999 00:00:00 GMT</pubDate><author>Nobody At All</author><category>Gossip</category>"


@pytest.mark.parametrize("order", ["before", "after", "in an earlier run"])
def test_what_a_foreign_feed_says_changes_no_record(crawl: Crawl, order: str) -> None:
    bare = {url: story(name.title(), paragraphs(name)).replace("time", "i") for url, name in STORIES.items()}
    pages = {**bare, f"{NEWS}/": listing(*bare, f"{NEWS}/town/"), f"{NEWS}/town/": listing(*bare)}
    said = [(url, FALSE) for url in bare] + [(variant(url, "/amp"), FALSE) for url in bare]
    evil = {"http://evil.example/feed": feed(f"{NEWS}/", *said, (f"{NEWS}/town/", FALSE), (f"{NEWS}/", FALSE))}
    with web({**pages, **evil}) as made:
        plain = crawl(made, f"{NEWS}/", "-s", "COPYDESK_LEDGER=:memory:", name="plain.jsonl").lines("plain.jsonl")
        sites = {"before": ["http://evil.example/feed", f"{NEWS}/"], "after": [f"{NEWS}/", "http://evil.example/feed"]}
        if order == "in an earlier run":
            crawl(made, "http://evil.example/feed")
        found = crawl(made, ",".join(sites.get(order, sites["after"]))).lines()
    assert len(plain) == len(bare)
    assert sorted(map(told, found), key=str) == sorted(map(told, plain), key=str)


def told(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "fetched_at"}


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def altered(text: list[str]) -> list[str]:
    """A near copy of a text."""
    return [text[0].replace(text[0].split()[4], "seventeen"), *text[1:]]


TEXT = paragraphs("the harbour board")
CLAIMS = {
    "a near copy on the host": "http://news.example/by/eve/copy-of-the-{}",
    "another text on the host": "http://news.example/by/eve/other-text-of-{}",
    "a near copy of another host of the site": "http://blogs.news.example/eve/copy-of-the-{}",
}
"""Pages that name another story's URL as their canonical one."""


@pytest.mark.parametrize("slow", ["owner", "claimant"])
def test_a_canonical_link_takes_nothing_from_its_owner(crawl: Crawl, slow: str) -> None:
    pages, waits, texts, copies = {}, {}, {}, set()
    for name, form in CLAIMS.items():
        word = name.replace(" ", "-")
        owner, claimant, text = f"{NEWS}/by/ada/the-{word}-voted", form.format(word), paragraphs(name)
        is_copy = "near copy" in name
        said = altered(text) if is_copy else paragraphs(f"something else than {name}")
        pages[owner] = story(f"Board votes on {name}", text, head=canonical(owner))
        pages[claimant] = story(f"Board votes on {name}", said, head=canonical(owner))
        waits[owner if slow == "owner" else claimant] = 0.7
        texts[owner] = "\n".join(text)
        copies |= {claimant} if is_copy else set()
    urls = set(pages)
    pages[f"{NEWS}/"] = listing(*sorted(urls, reverse=True))
    with web(pages, waits) as made:
        for _ in range(3):
            found = crawl(made, f"{NEWS}/", "-a", "refresh=all", name="each.jsonl")
    by_url = {one["url"]: one for one in found.lines("each.jsonl")}
    assert {url: by_url[url]["text"] for url in texts} == texts
    assert {one.get("revision", 1) for one in found.lines("each.jsonl")} == {1}, "to and fro"
    ids = {one["url"]: one["id"] for one in found.lines("each.jsonl")}
    assert len(set(ids.values())) == len(ids)
    assert set(by_url) == urls - copies, "what is alike is another URL of the article"


@pytest.mark.parametrize("setting", ["mark", "drop"])
def test_an_owner_that_is_found_later_is_no_copy_of_its_claimant(crawl: Crawl, setting: str) -> None:
    owner, claimant = f"{NEWS}/by/ada/the-harbour-board-voted", f"{NEWS}/by/eve/copy-of-the-board"
    copy = story("Harbour board votes", altered(TEXT), head=canonical(owner))
    pages = {claimant: copy, f"{NEWS}/": listing(claimant)}
    with web(pages) as made:
        assert [one["url"] for one in crawl(made, f"{NEWS}/").lines()] == [claimant]
        made.pages |= {owner: story("Harbour board votes", TEXT), f"{NEWS}/": listing(claimant, owner)}
        found = crawl(made, f"{NEWS}/", "-s", f"COPYDESK_DUPLICATES={setting}").lines()
    assert [(one["url"], one.get("revision", 1), one.get("duplicate_of")) for one in found[1:]] == [(owner, 1, None)]


OTHER = "http://other.example/wire/the-harbour-board-voted"


@pytest.mark.parametrize(
    ("head", "days", "written"),
    [
        ("", (1, 1), {"owner", "other"}),  # a copy of another site takes nobody's place
        (canonical(OTHER), (1, 1), {"other"}),  # both copies say themselves whose the story is
        ("", (1, 2), {"owner", "other"}),  # within a site the one that was published first is written
        ("", (2, 1), {"owner", "same", "other"}),  # also where it was read last
    ],
)
def test_a_copy_is_left_out_by_its_own_word_or_beside_an_earlier_one(
    crawl: Crawl, head: str, days: tuple[int, int], written: set[str]
) -> None:
    """Three near-copies, crawled in this order: one of another site, and two of this one, each with its own text."""
    urls = {"other": OTHER, "owner": f"{NEWS}/by/ada/the-harbour-board-voted", "same": f"{NEWS}/by/eve/the-board-voted"}

    def page(text: list[str], day: int, more: str = "") -> str:
        said = f'<meta property="article:published_time" content="2026-11-0{day}T10:00:00Z">'
        return story("Harbour board votes on the lock", text, head=f"{said}{more}")

    pages = {
        urls["other"]: page(TEXT, 1),
        urls["owner"]: page(altered(TEXT), days[0], head),
        urls["same"]: page([*TEXT[:-1], TEXT[-1].replace(TEXT[-1].split()[3], "eleven")], days[1], head),
        "http://other.example/": listing(OTHER),
        f"{NEWS}/": listing(urls["owner"]),
    }
    with web(pages) as made:
        for _ in range(2):
            for site in ("http://other.example/", f"{NEWS}/"):
                run = crawl(made, site, "-s", "COPYDESK_DUPLICATES=drop")
            made.pages[f"{NEWS}/"] = listing(urls["owner"], urls["same"])
    assert {one["url"] for one in run.lines()} == {urls[name] for name in written}, run.stderr


def test_tenants_of_a_private_suffix_are_sites_of_their_own(crawl: Crawl) -> None:
    victim, evil = "http://victim.github.io/the-harbour-board-voted", "http://evil.github.io/the-harbour-board-voted"
    pages = {
        victim: story("Harbour board votes", TEXT),
        evil: story("Harbour board votes", altered(TEXT), head=canonical(victim)),
        "http://victim.github.io/": listing(victim),
        "http://evil.github.io/": listing(evil, victim),
    }
    with web(pages) as made:
        crawl(made, "http://evil.github.io/")
        assert victim not in made.asked
        found = {one["url"]: one for one in crawl(made, "http://victim.github.io/").lines()}
    assert found[victim]["text"] == "\n".join(TEXT)
    assert found[evil]["canonical_url"] is None


PARTS = {
    "file": (f"{NEWS}/2026/the-old-lock-of-the-quay.html", f"{NEWS}/2026/the-old-lock-of-the-quay-{{}}.html"),
    "query": (f"{NEWS}/2026/the-new-lock-of-the-quay", f"{NEWS}/2026/the-new-lock-of-the-quay?page={{}}"),
    "folder": (f"{NEWS}/2026/the-last-lock-of-the-quay/", f"{NEWS}/2026/the-last-lock-of-the-quay/{{}}/"),
}
"""A story's first page and its further ones, by the form of their URLs."""


@pytest.mark.parametrize("slow", [0, 1, 2, None])
@pytest.mark.parametrize("at_once", [1, 16])
def test_a_part_is_no_article(crawl: Crawl, slow: int | None, at_once: int) -> None:
    pages, waits, links, whole = {}, {}, [], {}
    for form, (first, further) in PARTS.items():
        urls = [first, further.format(2), further.format(3)]
        texts = [paragraphs(f"part {number} of {form}") for number in range(3)]
        for number, url in enumerate(urls):
            others = "".join(f'<a href="{other}">{n + 1}</a> ' for n, other in enumerate(urls) if n != number)
            following = f'<link rel="next" href="{urls[number + 1]}">' if number < 2 else ""
            pages[url] = story(f"The {form} of the quay", texts[number], head=following, after=f"<nav>{others}</nav>")
        waits |= {} if slow is None else {urls[slow]: 0.4}
        links.append(urls)
        whole[first] = "\n".join(chain(*texts))
    order = [urls[number] for number in (1, 2) for urls in links]
    pages[f"{NEWS}/"] = listing(*order, f"{NEWS}/town/", *whole)
    pages[f"{NEWS}/town/"] = listing(*(urls[number] for number in (2, 1) for urls in links))
    with web(pages, waits) as made:
        for _ in range(2):
            found = crawl(made, f"{NEWS}/", "-s", f"CONCURRENT_REQUESTS={at_once}")
    assert sorted((one["url"], one["text"]) for one in found.lines()) == sorted(whole.items()), found.stderr


def test_a_section_that_stories_name_as_their_canonical_page_is_followed(crawl: Crawl) -> None:
    urls = list(STORIES)
    pages = {url: story(STORIES[url], paragraphs(url), head=canonical(f"{NEWS}/town/")) for url in urls}
    pages |= {f"{NEWS}/": listing(urls[0], f"{NEWS}/town/"), f"{NEWS}/town/": listing(*urls)}
    with web(pages, {f"{NEWS}/town/": 0.5}) as made:
        found = crawl(made, f"{NEWS}/")
    assert sorted(one["url"] for one in found.lines()) == sorted(urls)
    assert found.lines("rejections.jsonl") == []


@pytest.mark.parametrize("is_slow", [True, False])
def test_forms_that_redirect_to_one_another_have_one_outcome_each(crawl: Crawl, is_slow: bool) -> None:
    urls = list(STORIES)[:4]
    pages = {f"{url}/": story(STORIES[url], paragraphs(url)) for url in urls}
    moved = {url: f"{url}/" for url in urls} | {f"{NEWS}/town": f"{NEWS}/town/"}
    pages |= {f"{NEWS}/town/": listing(*urls, *pages), f"{NEWS}/": listing(f"{NEWS}/town", *urls, f"{NEWS}/town/")}
    with web(pages, {f"{NEWS}/town/": 0.4} if is_slow else {}) as made:
        made.moved |= moved
        found = crawl(made, f"{NEWS}/")
        again = crawl(made, f"{NEWS}/")
    assert sorted(one["url"] for one in found.lines()) == sorted(f"{url}/" for url in urls)
    assert len(again.lines()) == len(urls)
