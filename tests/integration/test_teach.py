"""``scrapy teach``: labelled pages become site rules."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaners.site.rules.taught_file import TaughtSelector, from_toml, to_toml
from tests.golden.cases import PAGES

RIVER = PAGES / "multipage-river-1"


def labelled(folder: Path, *without: str) -> Path:
    """A copy of a fixture whose text a person corrected."""
    shutil.copytree(RIVER, folder)
    record = json.loads((RIVER / "expected.json").read_text("utf-8"))
    record["text"] = "\n".join(line for line in record["text"].split("\n") if line not in without)
    (folder / "expected.json").write_text(json.dumps(record), "utf-8")
    return folder


def test_teaching_checking_and_showing(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    sites, others = tmp_path / "sites", [str(PAGES / f"multipage-river-{number}") for number in (2, 3)]
    setting = ("-s", f"COPYDESK_SITE_RULES={sites}")
    page = str(labelled(tmp_path / "river", "Above the line"))
    checked = scrapy("teach", page, "--check", *others, *setting)
    assert checked.status == 0, checked.stderr
    assert "2 of 2 pages change" in checked.stdout
    assert "  - Salt\n" in checked.stdout
    assert not sites.exists()
    taught = scrapy("teach", page, *setting)
    assert taught.status == 0, taught.stderr
    assert "  remove h3.crosshead  # The long river" in taught.stdout
    assert list((sites / "taught" / "uplandreview.example").glob("river-*/input.html"))
    shown = scrapy("teach", *setting)
    assert "  remove h3.crosshead  # The long river" in shown.stdout
    cleaned = scrapy(
        "clean",
        others[1] + "/input.html",
        "--url",
        "http://www.uplandreview.example/features/long-river?page=3",
        *setting,
    )
    (line,) = [json.loads(line) for line in cleaned.stdout.splitlines()]
    assert "Salt" not in line["text"].split("\n")
    ours = [removal["rule"] for removal in line["removed"] if removal["text"] == "Salt"]
    assert len(ours) == 1
    assert ours[0].startswith("site:uplandreview.example/remove[")
    files = {path: path.read_bytes() for path in sites.rglob("*") if path.is_file()}
    asked = scrapy("teach", others[1], *setting)
    assert asked.status == 2
    assert "takes back what other pages taught" in asked.stderr
    assert "remove: Above the line  # The long river" in asked.stderr
    assert {path: path.read_bytes() for path in sites.rglob("*") if path.is_file()} == files
    again = scrapy("teach", others[1], "--take-back", *setting)
    assert "  no more: remove h3.crosshead  # The long river" in again.stdout
    assert "no rule can tell it apart: remove: Above the line  # The long river" in again.stdout
    undone = scrapy("teach", "--undo", *setting)
    assert "undone: uplandreview.example/multipage-river-3-" in undone.stdout
    assert "  remove h3.crosshead  # The long river" in undone.stdout
    scrapy("teach", "--undo", *setting)
    nothing = scrapy("teach", "--undo", *setting)
    assert (nothing.status, "nothing to undo" in nothing.stderr) == (2, True)
    assert scrapy("teach", page, "--undo", *setting).status == 2


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no labelled page: expected a folder with input.html, page.json and expected.json"),
        ({"input.html": "", "expected.json": "[]"}, "expected.json: expected a JSON object"),
        ({"input.html": "", "expected.json": '{"text": "a"}'}, "page.json: "),
        ({"input.html": "", "expected.json": '{"text": "a"}', "page.json": "{}"}, "expected url, content_type"),
        ({"input.html": "", "expected.json": '{"text": "a"}', "page.json": '{"url": "file:///a"}'}, "expected a host"),
        ({"input.html": "", "expected.json": '{"text": "a"}', "page.json": '{"url": "http://[x/"}'}, "page.json: "),
    ],
)
def test_errors_name_the_file(scrapy: Callable[..., Any], tmp_path: Path, files: dict[str, str], message: str) -> None:
    (tmp_path / "page").mkdir()
    for name, text in files.items():
        (tmp_path / "page" / name).write_text(text, "utf-8")
    run = scrapy("teach", str(tmp_path / "page"), "-s", f"COPYDESK_SITE_RULES={tmp_path / 'sites'}")
    assert run.status == 2
    assert message in run.stderr


def test_the_file_is_read_as_it_was_written() -> None:
    places = [
        TaughtSelector("remove", 'p[title="a"]', "one"),
        TaughtSelector("remove", "p.note", "two"),
        TaughtSelector("keep", "aside > p", "one"),
    ]
    assert from_toml(to_toml("a.example", places)) == places
