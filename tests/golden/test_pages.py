"""Every fixture gives its exact record: through clean(), in any order, and again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cleaners import Article, Rejection, clean
from cleaners.record.merge import merge_pages
from cleaners.record.schema import schema
from cleaners.record.serialize import from_json, to_json
from tests.golden import cases
from tests.golden.save import parts, whole

PAGES = cases.page_cases()
SITE_PAGES = cases.site_cases()
VALIDATOR = Draft202012Validator(schema())


def name(folder: Path) -> str:
    return folder.relative_to(cases.ROOT / "fixtures").as_posix()


def assert_as_expected(record: object, folder: Path, file: str = "expected.json") -> None:
    place = folder.relative_to(cases.ROOT)
    assert record == cases.expected(folder, file), (
        f"{place}/{file} differs. Where that is meant: python -m tests.golden.save {place}, and read the difference"
    )


def test_there_are_enough_fixtures() -> None:
    assert len(PAGES) >= 20
    assert len({folder.relative_to(cases.SITES).parts[0] for folder in SITE_PAGES}) == 2


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_page_gives_its_record(folder: Path) -> None:
    assert_as_expected(cases.record(clean(cases.load(folder))), folder)


@pytest.mark.parametrize("folder", SITE_PAGES, ids=name)
def test_site_article_gives_its_record(folder: Path) -> None:
    assert_as_expected(cases.record(whole(folder)), folder)


@pytest.mark.parametrize("folder", [folder for folder in PAGES if (folder / "merged.json").exists()], ids=name)
def test_pages_of_one_article_merge(folder: Path) -> None:
    first = clean(cases.load(folder))
    assert isinstance(first, Article)
    assert_as_expected(cases.record(merge_pages(parts(folder, first))), folder, "merged.json")


def test_same_page_gives_same_record_in_any_order() -> None:
    forwards = {folder: clean(cases.load(folder)) for folder in PAGES}
    backwards = {folder: clean(cases.load(folder)) for folder in reversed(PAGES)}
    assert forwards == backwards


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_record_validates_and_round_trips(folder: Path) -> None:
    result = clean(cases.load(folder))
    if isinstance(result, Rejection):
        assert result.stage in {"page_type", "body", "decode", "parse"}
        return
    line = to_json(result)
    VALIDATOR.validate(json.loads(line))
    assert from_json(line) == result
    assert "\n" not in line


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_text_and_ledger_share_no_block(folder: Path) -> None:
    """What was removed is not in the text, unless the page says it twice (a pull quote, a repeated title)."""
    result = clean(cases.load(folder))
    if isinstance(result, Article):
        lines = result.text.split("\n")
        twice = ("pull_quote", "title", "other", "tags")
        assert [removal.text for removal in result.removed if removal.kind not in twice and removal.text in lines] == []
