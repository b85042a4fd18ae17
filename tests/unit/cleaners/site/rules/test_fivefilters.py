"""Site configurations in the format of FiveFilters' Full-Text RSS."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaners import Article, CleanContext, SiteKnowledge
from cleaners.pipeline import process_page
from cleaners.site.rules.fivefilters import read_fivefilters
from cleaners.site.rules.folder import read_folder
from tests.golden.cases import ROOT, expected, load, page_cases

CONFIGS = read_folder(ROOT / "fixtures" / "site_configs")
CASES = [case for case in page_cases() if "text" in expected(case) and CONFIGS.book.find(load(case).url)]


def test_ten_configurations_have_a_page() -> None:
    names = {rules.name for case in CASES if (rules := CONFIGS.book.find(load(case).url))}
    assert len(names) == len(list((ROOT / "fixtures" / "site_configs").glob("*.txt"))) == 10
    assert CONFIGS.notes == ("fenmarketpost.example.txt: without effect: http_header",)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_configuration_gives_the_article(case: Path) -> None:
    wanted = expected(case)
    page = load(case)
    found = process_page(page, CleanContext(site=SiteKnowledge(rules=CONFIGS.book)))
    assert isinstance(found.result, Article)
    assert found.result.text == wanted["text"]
    assert found.result.title == wanted["title"]
    assert (found.result.published or "")[:10] == (wanted["published"] or "")[:10]
    rules = CONFIGS.book.find(page.url)
    assert rules is not None
    assert found.result.site_rules == f"{rules.name} ({rules.name}.txt)"
    ours = {removal.rule for removal in found.result.removed if removal.rule.startswith("site:")}
    assert all(rule.startswith(f"site:{rules.name}/") for rule in ours)


@pytest.mark.parametrize(
    ("lines", "key", "value"),
    [
        ("body: //div[@id='a']", "body", ("//div[@id='a']",)),
        ("title: substring-before(//title, ' |')", "title", ("substring-before(//title, ' |')",)),
        ("author: //a\nauthor: //b", "authors", ("//a", "//b")),
        ("strip_id_or_class: 'ad'", "remove", ("//*[contains(@class, 'ad') or contains(@id, 'ad')]",)),
        ("strip_image_src: /ads/", "remove", ("//img[contains(@src, '/ads/')]",)),
        ("next_page_link: //a[@rel='next']", "next_page", ("//a[@rel='next']",)),
        ("single_page_link: //a[@id='print']/@href", "single_page", ("//a[@id='print']/@href",)),
        ("find_string: <b>\nreplace_string: <i>", "replace", (("<b>", "<i>"),)),
        ('replace_string(<noscript>): <div class="a: b">', "replace", (("<noscript>", '<div class="a: b">'),)),
        ("replace_string(</noscript>):", "replace", (("</noscript>", ""),)),
        ("prune: no", "prune", False),
        ("prune: yes", "prune", True),
        ("# body: //p\n\n", "body", ()),
    ],
)
def test_keys(tmp_path: Path, lines: str, key: str, value: object) -> None:
    path = tmp_path / "a.example.txt"
    path.write_text(lines, "utf-8")
    config = read_fivefilters(path, path.name)
    assert getattr(config.rules, key) == value
    assert config.unsupported == ()


@pytest.mark.parametrize(
    ("lines", "unsupported"),
    [
        ("wrap_in(blockquote): //p\nwrap_in(p): //b", ("wrap_in",)),
        ("http_header(user-agent): x\nrequires_login: yes", ("http_header", "requires_login")),
        ("body: //div[", ("line 1 (not an XPath expression: //div[: Invalid expression)",)),
        ("body: //p\nno colon here", ("line 2 (not key: value)",)),
        ("test_url: http://a.example/\ntidy: no", ()),
    ],
)
def test_what_has_no_effect_is_named_once(tmp_path: Path, lines: str, unsupported: tuple[str, ...]) -> None:
    path = tmp_path / "a.example.txt"
    path.write_text(lines, "utf-8")
    assert read_fivefilters(path, path.name).unsupported == unsupported


def test_a_name_with_a_dot_is_for_all_hosts_below(tmp_path: Path) -> None:
    (tmp_path / ".a.example.txt").write_text("body: //main", "utf-8")
    (tmp_path / "b.a.example.txt").write_text("body: //article", "utf-8")
    book = read_folder(tmp_path).book
    hosts = ("a.example", "www.a.example", "c.a.example", "b.a.example", "d.b.a.example")
    found = [book.find(f"http://{host}/") for host in hosts]
    assert [rules.body[0] for rules in found if rules] == ["//main", "//main", "//main", "//article", "//main"]
