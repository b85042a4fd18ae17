"""Declared rules of a site against all other rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaners import Article, CleanContext, Rejection, SiteKnowledge, clean
from cleaners.site.rules.folder import read_folder
from cleaners.types import BlockKind, Page
from tests.unit.cleaners.pages import SENTENCES, html

URL = "http://harbour-post.example/story/1"
PARTS = f"""<h1>Lock to close for eleven weeks</h1><p class=lead>{SENTENCES[0]}</p><div class=story>
<p>{SENTENCES[1]} <span class=tip>Tip of the day.</span> It was late.<i></i></p><p class=promo>{SENTENCES[2]}</p>
<aside><p class=odd>{SENTENCES[3]}</p></aside><p>{SENTENCES[4]}</p>
<div class=promo><p class=inner>{SENTENCES[5]}</p></div></div>"""
LEAD, FIRST, PROMO, ASIDE, LAST, INNER = SENTENCES


ALSO = "Two members of the board voted against it, and asked for a second opinion on the state of the gates."


def cleaned(folder: Path, rules: str, url: str = URL, parts: str = PARTS) -> Article | Rejection:
    (folder / "a.toml").write_text(f"[[site]]\nhosts = 'harbour-post.example'\n{rules}", "utf-8")
    context = CleanContext(site=SiteKnowledge(rules=read_folder(folder).book))
    return clean(Page(url=url, body=html(parts).encode()), context)


TIPPED = f"{FIRST} Tip of the day. It was late."


@pytest.mark.parametrize(
    ("rules", "lines"),
    [
        ("body = '.story'", [TIPPED, PROMO, LAST, INNER]),
        ("body = '.story'\nprune = false", [TIPPED, PROMO, ASIDE, LAST, INNER]),
        ("body = ['.none', '.story']\nprune = false", [TIPPED, PROMO, ASIDE, LAST, INNER]),
        ("body = '.story'\nremove = '.promo'", [TIPPED, LAST]),
        ("body = '.story'\nremove = '.promo'\nkeep = '.inner'", [TIPPED, LAST, INNER]),
        ("body = '.story'\nkeep = '.odd'", [TIPPED, PROMO, ASIDE, LAST, INNER]),
        ("body = '.story'\nkeep = 'aside'\nremove = '.odd'", [TIPPED, PROMO, LAST, INNER]),
        ("body = '.story'\nremove = 'span.tip'", [f"{FIRST} It was late.", PROMO, LAST, INNER]),
    ],
)
def test_text(tmp_path: Path, rules: str, lines: list[str]) -> None:
    article = cleaned(tmp_path, rules)
    assert isinstance(article, Article)
    assert article.text.split("\n") == lines
    assert article.site_rules == "harbour-post.example (a.toml)"


def test_the_ledger_names_the_rule(tmp_path: Path) -> None:
    two = PARTS.replace(f"<p class=lead>{LEAD}</p>", f"<p>{LEAD}</p><p>{ALSO}</p>")
    article = cleaned(tmp_path, "body = '.story'\nremove = ['.promo', 'span.tip']", parts=two)
    assert isinstance(article, Article)
    found = [(r.rule.removeprefix("site:harbour-post.example/"), r.text, r.kind) for r in article.removed]
    ours = (ALSO, "Tip of the day.", PROMO, INNER)  # the lead may be a standfirst in any case
    assert [one for one in found if one[1] in ours] == [
        ("body", ALSO, BlockKind.OTHER),
        ("remove[2]", "Tip of the day.", BlockKind.OTHER),
        ("remove[1]", PROMO, BlockKind.OTHER),
        ("remove[1]", INNER, BlockKind.OTHER),
    ]


def test_a_body_that_is_not_on_the_page_has_no_effect(tmp_path: Path) -> None:
    plain = clean(Page(url=URL, body=html(PARTS).encode()))
    article = cleaned(tmp_path, "body = '.gone'")
    assert isinstance(plain, Article)
    assert isinstance(article, Article)
    assert article.text == plain.text


@pytest.mark.parametrize(
    "rules",
    [
        "remove = ['.none', 'i']",
        "remove = ['//@class', '//p/text()']",
        "remove = '//script'",
        "body = ['html', '//title']",
    ],
    ids=["an empty element", "attributes and texts", "scripts", "the whole page"],
)
def test_odd_places_have_no_effect(tmp_path: Path, rules: str) -> None:
    plain = clean(Page(url=URL, body=html(PARTS).encode()))
    article = cleaned(tmp_path, rules)
    assert isinstance(plain, Article)
    assert isinstance(article, Article)
    assert (article.text, article.removed) == (plain.text, plain.removed)


def test_what_is_removed_does_not_come_back_from_json_ld(tmp_path: Path) -> None:
    said = json.dumps({"@type": "NewsArticle", "headline": "Lock", "articleBody": " ".join(SENTENCES * 3)})
    (tmp_path / "a.toml").write_text("[[site]]\nhosts = 'harbour-post.example'\nremove = '.promo, .odd'", "utf-8")
    context = CleanContext(site=SiteKnowledge(rules=read_folder(tmp_path).book))
    markup = html(PARTS, f"<script type='application/ld+json'>{said}</script>")
    article = clean(Page(url=URL, body=markup.encode()), context)
    assert isinstance(article, Article)
    assert PROMO not in article.text
    assert ASIDE not in article.text


def test_replace_works_on_pages_that_name_their_url(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        "[[site]]\nhosts = 'harbour-post.example'\nreplace = [['class=promo', 'class=told']]\nremove = '.told'", "utf-8"
    )
    context = CleanContext(site=SiteKnowledge(rules=read_folder(tmp_path).book))
    markup = html(PARTS, f"<link rel=canonical href='{URL}'>")
    article = clean(Page(url="file:///tmp/page.html", body=markup.encode()), context)
    assert isinstance(article, Article)
    assert PROMO not in article.text


def test_urls(tmp_path: Path) -> None:
    listing = cleaned(tmp_path, "listing_urls = '/story/'")
    assert isinstance(listing, Rejection)
    assert (listing.reason, listing.detail) == ("listing", "site:harbour-post.example/listing_urls matches its URL")
    both = cleaned(tmp_path, "listing_urls = '/story/'\narticle_urls = '/story/[0-9]'")
    assert isinstance(both, Article)


def test_other_hosts_are_cleaned_as_before(tmp_path: Path) -> None:
    article = cleaned(tmp_path, "remove = 'p'", url="http://valley-courier.example/story/1")
    assert isinstance(article, Article)
    assert article.site_rules is None
