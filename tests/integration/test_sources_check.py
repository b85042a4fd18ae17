"""A sources file is checked: what each source announces and allows, whether it needs a browser, what a crawl costs."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.config.sources import load_file
from tests.support.servers import ROOT

FILE = """# our sites
[defaults]
since = "400d"

[[site]]
url = "http://sized-50.example/"
headers = { X-Reader = "me" }

  [[ site ]] # with a delay
url = "http://slow.example/"
[[site]]
url = "http://walled.example/"
[[site]]
url = "http://rights.example/"
[[site]]
url = "http://built.example/"
[[site]]
url = "http://sized-8.example/map.xml"
[[site]]
url = "http://error500.example/"
"""

ONE = '[[site]]\nurl = "http://a.example/"\n'

EXPECTED: dict[str, tuple[str, ...]] = {
    "http://sized-50.example/": ("1 sitemap, ", "50 articles listed, newest 2026-11-01 08:00", "3 of 3 listed"),
    "http://slow.example/": ("robots.txt asks for 0.5 s between requests", "at most 5 requests"),
    "http://walled.example/": ("1 of 3 listed articles came whole", "2 of class “walled”: http://walled.example/news/"),
    "http://rights.example/": ("rights are reserved: ai-input, ai-train, tdm",),
    "http://built.example/": ("0 of 3 listed articles", "scripts build its pages: it needs a browser"),
    "http://sized-8.example/map.xml": ("1 sitemap, 0 sections; 8 articles listed", "3 of 3 listed articles"),
    "http://error500.example/": ("could not be read: HTTP 500",),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("check") / "sources.toml"
    path.write_text(FILE)
    return path


def test_a_check_tells_of_each_source_and_keeps_the_file(
    scrapy: Callable[..., Any], site: Any, path: Path, tmp_path: Path
) -> None:
    run = scrapy("sources", "check", str(path), "--toml", str(tmp_path / "checked.toml"))
    assert run.status == 3
    assert "1 of 7 sources: http://error500.example/" in run.stderr
    told = {part.splitlines()[0]: part for part in run.stdout.replace("\nhttp", "\n\nhttp").split("\n\n")}
    assert list(told) == list(EXPECTED)
    for url, sentences in EXPECTED.items():
        assert [each for each in sentences if each not in told[url]] == [], told[url]
    asked = {host: len(site.asked(host)) for host in (url.split("/")[2] for url in EXPECTED)}
    assert {host: number for host, number in asked.items() if not 0 < number <= 16} == {}  # a few, not a crawl
    written = (tmp_path / "checked.toml").read_text()
    assert tomllib.loads(written) == tomllib.loads(FILE)
    assert [line for line in written.splitlines() if not line.startswith("# check: ")] == FILE.splitlines()
    assert '# check: set render = "auto" here to render such pages\n[[site]]\nurl = "http://built' in written


def test_a_check_is_replaced_by_the_next_and_is_data_for_programs(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('# check: of last year\n[[site]]\nurl = "http://rights.example/"\n')
    run = scrapy("sources", "check", str(path), "--json", "--toml", str(path))
    assert run.status == 0, run.stderr
    told = json.loads(run.stdout)
    assert (told["articles"], told["failed"], told["needs_browser"]) == (2, None, False)
    assert told["uses"]["ai-train"] == "reserved"
    assert {story["page_class"] for story in told["stories"]} == {"article"}
    assert path.read_text().count("# check: ") == len(told["findings"])
    assert "last year" not in path.read_text()


@pytest.mark.parametrize(
    ("args", "text", "expected"),
    [
        (("sources", "check", "{path}", "--json", "--toml", "-"), ONE, "both write to standard output"),
        (("sources", "check", "{path}", "--toml", "-"), f'{ONE}[site.headers]\nA = """\n# check: b"""\n', "told apart"),
        (("sources", "check"), "", "check FILE"),
        (("sources", "check", "{path}"), "", "lists no site"),
        (("sources", "check", "{path}", "--why"), "", "--toml and --json only"),
        (("sources", "check", "{path}", "--toml", "-"), 'site = [{url = "http://a.example/"}]\n', "a line [[site]]"),
    ],
)
def test_a_check_says_what_it_expects(
    scrapy: Callable[..., Any], tmp_path: Path, args: tuple[str, ...], text: str, expected: str
) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    run = scrapy(*(arg.replace("{path}", str(path)) for arg in args))
    assert run.status == 2
    assert expected in run.stderr


def test_nothing_else_in_the_file_changes(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "lines.toml"
    text = '# note\u2028of old\r\n[[site]]\r\nurl = "http://built.example/"\r\n[[site]]\r\nurl = "http://built.example/"'
    path.write_bytes(text.encode())
    run = scrapy("sources", "check", str(path), "--toml", "-")
    assert run.status == 0, run.stderr
    assert "\n".join(part for part in run.stdout.split("\n") if "# check: " not in part) == text
    assert run.stdout.count("# check: 0 of 3 listed articles came whole\r\n") == 2  # a host's second source, too


def test_a_target_that_cannot_be_written_is_named_before_anything_is_fetched(
    scrapy: Callable[..., Any], site: Any, tmp_path: Path
) -> None:
    (tmp_path / "one.toml").write_text('[[site]]\nurl = "http://rights.example/"\n')
    run = scrapy("sources", "check", str(tmp_path / "one.toml"), "--toml", str(tmp_path / "no" / "o.toml"))
    assert (run.status, site.asked("rights.example"), "Traceback" in run.stderr) == (4, [], False)


@pytest.mark.parametrize("path", sorted((ROOT / "sources").glob("*.toml")), ids=lambda path: path.name)
def test_the_source_packs_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EBBWICK_READER_KEY", "a-key")
    assert all(source.url.split("/")[2].endswith(".example") for source in load_file(path))
