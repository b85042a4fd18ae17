"""Outputs of every format: what is delivered is in the file, and what is not comes again."""

from __future__ import annotations

import csv
import json
import marshal
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from lxml import etree

SITE = "http://harbour-post.example/sitemap.xml"
ARTICLES = 14


def loaded(load: Callable[[Any], Any], path: Path) -> list[Any]:
    """The values of a file that has one after the other."""
    found = []
    with path.open("rb") as file:
        while True:
            try:
                found.append(load(file))
            except EOFError:
                return found


def rows(path: Path) -> list[Any]:
    """The items of an output."""
    csv.field_size_limit(10**9)
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".xml":
        return list(etree.parse(path).getroot())
    if path.suffix == ".json":
        return list(json.loads(path.read_bytes()))
    if path.suffix == ".parquet":
        return list(pyarrow.parquet.read_table(path).to_pylist())
    if path.suffix in (".marshal", ".pickle"):
        return loaded(marshal.load if path.suffix == ".marshal" else pickle.load, path)
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def again(scrapy: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Crawl the site into a file of the test's folder."""

    def run(name: str, *args: str, option: str = "-o") -> Any:
        return scrapy("crawl", "news", "-a", f"site={SITE}", option, str(tmp_path / name), *args)

    return run


@pytest.mark.parametrize("name", ["a.csv", "a.xml", "a.marshal", "a.pickle", "a.json", "a.jl", "a.parquet", "a.ninjs"])
def test_every_format_holds_every_article(again: Callable[..., Any], tmp_path: Path, name: str) -> None:
    run = again(name)
    assert (run.status, len(rows(tmp_path / name))) == (0, ARTICLES), run.stderr
    assert "Traceback" not in run.stderr


def test_a_second_run_appends_rows_without_a_second_header(again: Callable[..., Any], tmp_path: Path) -> None:
    again("a.csv", "-a", "max_articles=5")
    again("a.csv")
    assert len({row["id"] for row in rows(tmp_path / "a.csv")}) == len(rows(tmp_path / "a.csv")) == ARTICLES


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.csv.gz", "compressed outputs hold JSON Lines; name it a.jsonl.gz"),
        ("a.json.zst", "compressed outputs hold JSON Lines; name it a.jsonl.zst"),
    ],
)
def test_a_name_that_promises_another_format(again: Callable[..., Any], name: str, message: str) -> None:
    run = again(name)
    assert run.status == 4
    assert message in run.stderr


def test_clean_writes_lines_only(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    run = scrapy("clean", "fixtures/pages", "-o", str(tmp_path / "q.csv"))
    assert run.status == 4
    assert "writes JSON Lines; name it q.jsonl" in run.stderr


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_nothing_is_appended_to_a_document(again: Callable[..., Any], tmp_path: Path, form: str) -> None:
    name = f"a.{form}"
    assert again(name).status == 0
    before = (tmp_path / name).read_bytes()
    run = again(name)
    assert (run.status, (tmp_path / name).read_bytes()) == (4, before)
    assert f"nothing can be appended to a {form} document" in run.stderr
    run = again(name, option="-O")
    assert (run.status, (tmp_path / name).read_bytes()) == (4, before)
    assert "holds 14 articles that the ledger has as delivered" in run.stderr
    assert again(name, "-a", "refresh=all", option="-O").status == 0
    assert len(rows(tmp_path / name)) == ARTICLES
    assert not list(tmp_path.glob(".*.parquet.*"))


def test_fields_that_the_user_wants(again: Callable[..., Any], tmp_path: Path) -> None:
    assert again("a.jsonl", "-s", "FEED_EXPORT_FIELDS=title,id").status == 0
    assert [list(row) for row in rows(tmp_path / "a.jsonl")] == [["title", "id"]] * ARTICLES


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Adds", "a.csv"),
        ("Dictionaries", "a.jsonl"),
        ("Nameless", "a.csv"),
        ("Items", "a.jsonl"),
        ("Dataclasses", "a.jsonl"),
    ],
)
def test_a_pipeline_may_add_fields_or_return_any_item(
    again: Callable[..., Any], tmp_path: Path, name: str, file: str
) -> None:
    run = again(file, "-s", f'ITEM_PIPELINES={{"tests.support.site.pipelines.{name}": 1}}')
    assert (run.status, {str(row["mine"]).lower() for row in rows(tmp_path / file)}) == (0, {"true"}), run.stderr
    assert len(rows(tmp_path / file)) == ARTICLES
    assert again(file).status == 0
    assert len(rows(tmp_path / file)) == ARTICLES  # the ledger knows that they were written


def test_an_added_field_stands_after_those_of_the_record(again: Callable[..., Any], tmp_path: Path) -> None:
    again("plain.jsonl", "-a", "refresh=all")
    again("a.jsonl", "-a", "refresh=all", "-s", 'ITEM_PIPELINES={"tests.support.site.pipelines.Adds": 1}')
    plain = {row["id"]: row for row in rows(tmp_path / "plain.jsonl")}
    for row in rows(tmp_path / "a.jsonl"):
        before = plain[row["id"]]
        assert list(row) == [*before, "mine"]
        assert row["title"] == before["title"].upper()
        assert row["text"] == before["text"]


@pytest.mark.parametrize(
    ("name", "message"), [("BrokenExporter", "TypeError: no such column"), ("EndlessExporter", "ValueError: no end")]
)
def test_what_is_not_written_comes_again(again: Callable[..., Any], tmp_path: Path, name: str, message: str) -> None:
    run = again("a.odd", "-s", f'FEED_EXPORTERS={{"odd": "tests.support.site.pipelines.{name}"}}')
    assert run.status == 4
    assert message in run.stderr
    assert again("b.jsonl").status == 0
    assert len(rows(tmp_path / "b.jsonl")) == ARTICLES


def test_an_output_that_is_gone_is_missed(again: Callable[..., Any], tmp_path: Path) -> None:
    again("a.jsonl")
    (tmp_path / "a.jsonl").rename(tmp_path / "old.jsonl")
    run = again("a.jsonl")
    assert f"{tmp_path / 'a.jsonl'}: the 14 articles that were written to it are in the ledger" in run.stderr
    assert "-a refresh=all fetches them again" in run.stderr


def test_what_was_delivered_is_not_overwritten(again: Callable[..., Any], tmp_path: Path) -> None:
    again("a.jsonl.zst", "-a", "max_articles=5", option="-O")
    size = (tmp_path / "a.jsonl.zst").stat().st_size
    run = again("a.jsonl.zst", option="-O")
    assert "its 5 articles are in the ledger and do not come again: -O keeps them" in run.stderr
    assert (tmp_path / "a.jsonl.zst").stat().st_size > size
