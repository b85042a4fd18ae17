"""Site rules in TOML files."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaners.site.rules import SiteRuleError
from cleaners.site.rules.folder import read_folder

WHOLE = """\
[[site]]
hosts = ["harbour-post.example", "*.harbour-post.example"]
paths = ["/news/*"]
body = "div.story"
remove = [".promo", "//p[@class='odd']"]
keep = "p.kept"
title = "h1"
authors = ["a.writer", "a.reporter"]
published = "//time/@datetime"
next_page = "a.next"
single_page = "a.single"
article_urls = '/news/\\d+'
listing_urls = ['/news/$']
replace = [["<small>", "<em>"]]
prune = false
tests = ["https://harbour-post.example/news/1"]

[[site]]
hosts = "valley-courier.example"
body = "main"
"""


def write(folder: Path, text: str, name: str = "rules.toml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_whole_file(tmp_path: Path) -> None:
    book = read_folder(write(tmp_path, WHOLE)).book
    rules = book.find("https://www.harbour-post.example/news/12")
    assert rules is not None
    assert (rules.name, rules.origin) == ("harbour-post.example", "rules.toml")
    assert (len(rules.remove), len(rules.authors), rules.prune) == (2, 2, False)
    assert rules.is_article("https://harbour-post.example/news/12")
    assert rules.is_listing("https://harbour-post.example/news/")
    assert not rules.is_listing("https://harbour-post.example/news/12")
    assert book.find("https://m.harbour-post.example/news/1") is rules
    assert book.find("https://harbour-post.example/sport/1") is None
    assert book.find("https://other.example/news/1") is None
    assert book.find("https://valley-courier.example/") is not None
    assert book.find("http://[") is None


def test_a_longer_path_comes_first(tmp_path: Path) -> None:
    text = "\n".join(
        f"[[site]]\nhosts = 'a.example'\npaths = ['{path}']\nbody = '{body}'"
        for path, body in (("/*", "main"), ("/live/*", "section"), ("/live", "nav"))
    )
    book = read_folder(write(tmp_path, text)).book
    found = [book.find(f"http://a.example{path}") for path in ("/x", "/live/x")]
    assert [one.body[0].rpartition("::")[2] for one in found if one] == ["main", "section"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "rules.toml:1: site: expected one or more [[site]] tables"),
        ("[[site]]\nhosts = ", "rules.toml:2: not valid TOML: "),
        ("[site]\nhosts = 'a.example'", "rules.toml:1: site: expected one or more [[site]] tables"),
        ("other = 1\n[[site]]\nhosts='a.example'", "rules.toml:1: other: expected only [[site]] tables"),
        ("[[site]]\nbody = 'main'", "rules.toml:1: hosts: missing"),
        ("[[site]]\nhosts = 'a.example'\n\nbodi = 'main'", "rules.toml:4: bodi: unknown key; did you mean body?"),
        ("[[site]]\nhosts = 'https://a.example/'", "rules.toml:2: hosts: 'https://a.example/': expected a host"),
        ("site = [1]", "rules.toml:1: site: expected one or more [[site]] tables"),
        ("[[site]]\nhosts = 'a.example'\narticle_urls = 'a{99999999999}'", "rules.toml:3: article_urls: not a regular"),
        ("[[site]]\nhosts = 'a.example'\nbody = '//p[foo(.)]'", "rules.toml:3: body: not an XPath expression"),
        ("[[site]]\nhosts = 'a.example'\nbody = '//p[$x]'", "rules.toml:3: body: not an XPath expression"),
        (
            "[[site]]\nhosts = 'a.example'\nremove = [{ select = 'p' }]",
            'rules.toml:3: remove: expected a text or { select = "…", kind = "…" }',
        ),
        (
            "[[site]]\nhosts = 'a.example'\nremove = [{ select = 'p', kind = 'paragraph' }]",
            "rules.toml:3: remove: kind: expected one of title, standfirst,",
        ),
        (
            "[[site]]\nhosts = 'a.example'\nremove = [{ select = 7, kind = 'ad' }]",
            "rules.toml:3: remove: expected a text or a list of texts",
        ),
        ("[[site]]\nhosts = 'a.example'\nbody = 7", "rules.toml:3: body: expected a text or a list of texts"),
        ("[[site]]\nhosts = 'a.example'\nbody = 'div['", "rules.toml:3: body: not a CSS selector: div["),
        ("[[site]]\nhosts = 'a.example'\nbody = '//div['", "rules.toml:3: body: not an XPath expression: //div["),
        ("[[site]]\nhosts = 'a.example'\nremove = ['']", "rules.toml:3: remove: the selector is empty"),
        ("[[site]]\nhosts = 'a.example'\narticle_urls = '('", "rules.toml:3: article_urls: not a regular expression"),
        ("[[site]]\nhosts = 'a.example'\nprune = 'no'", "rules.toml:3: prune: expected true or false"),
        ("[[site]]\nhosts = 'a.example'\nreplace = ['a']", "rules.toml:3: replace: expected a list of pairs"),
        ("[[site]]\nhosts = 'a.example'\nreplace = [['', 'b']]", "rules.toml:3: replace: expected a list of pairs"),
        (
            "[[site]]\nhosts='a.example'\n[[site]]\nhosts='b.example'\nbody='['",
            "rules.toml:5: body: not a CSS selector",
        ),
    ],
)
def test_errors_name_file_line_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SiteRuleError) as error:
        read_folder(write(tmp_path, text))
    assert str(error.value).startswith(message)


def test_other_encodings_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff")
    with pytest.raises(SiteRuleError, match="a.toml: not UTF-8"):
        read_folder(tmp_path)
    with pytest.raises(SiteRuleError, match="No such file"):
        read_folder(tmp_path / "none")


@pytest.mark.parametrize("name", ["www.münchen.example", "xn--mnchen-3ya.example", "MÜNCHEN.example."])
def test_hosts_are_found_by_any_of_their_names(tmp_path: Path, name: str) -> None:
    book = read_folder(write(tmp_path, f"\ufeff[[site]]\nhosts = '{name}'\nbody = 'main'")).book
    for url in (
        "http://münchen.example/",
        "http://www.xn--mnchen-3ya.example:8080/",
        "http://xn--mnchen-3ya.example./",
    ):
        assert book.find(url) is not None, url


def test_folders_and_hidden_files_are_no_rules(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    (tmp_path / ".b.toml").write_text("no rules", "utf-8")
    (tmp_path / "README.txt").write_text("body: //p", "utf-8")
    assert read_folder(tmp_path).book.by_host == {}
