"""The record and its line."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from cleaners import Article, Rejection, clean
from cleaners.record import serialize
from cleaners.record.schema import KEYS, OPTIONAL, as_text, schema
from cleaners.record.serialize import from_json, to_json
from tests.unit.cleaners.pages import SENTENCES, page, story

ARTICLE = clean(page(story()))
assert isinstance(ARTICLE, Article)


def test_keys_stand_in_the_order_of_the_schema() -> None:
    record = json.loads(to_json(ARTICLE))
    assert list(record) == [*KEYS, "text_confidence"]
    assert list(KEYS) == schema()["required"]
    assert (Path(serialize.__file__).with_name("schema.json")).read_text("utf-8") == as_text()
    assert [*KEYS, *OPTIONAL] == list(schema()["properties"]) == [field.name for field in fields(Article)]


def test_absent_is_null_or_empty_and_never_missing() -> None:
    record = json.loads(to_json(ARTICLE))
    assert record["credit"] is None
    assert record["related"] == []
    assert record["fetched_at"] is None


def test_text_is_utf8_and_line_separators_are_escaped() -> None:
    result = clean(
        page(
            story(
                "<p>Sie sagte: „Schön, daß Ihr kommt“ – und dann 走了\u2028next\u2029para\u0085end, all in one breath "
                "as she would.</p>"
            )
        )
    )
    line = to_json(result)
    assert "„Schön, daß Ihr kommt“ – und dann 走了" in line
    assert len(line.splitlines()) == 1
    json.loads(line)


def test_rejection_has_its_five_keys() -> None:
    rejection = clean(page(b"%PDF-1.4"))
    assert isinstance(rejection, Rejection)
    assert list(json.loads(to_json(rejection))) == ["url", "stage", "reason", "detail", "fetched_at"]


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"id": 1}', "nonsense"])
def test_other_lines_are_no_records(line: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        from_json(line)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("page_count", "two", r"Expected `int`, got `str` - at `\$.page_count`"),
        ("page_type", "essay", r"Invalid enum value 'essay' - at `\$.page_type`"),
        ("images", [{"url": "ftp://a.example/x"}], r"at `\$.images\[0\].url`"),
        ("authors", "Mara Dell", r"at `\$.authors`"),
    ],
)
def test_a_value_of_another_type_is_named(key: str, value: object, said: str) -> None:
    record = json.loads(to_json(ARTICLE))
    with pytest.raises(ValueError, match=said):
        from_json(json.dumps({**record, key: value}))


def test_ledger_names_kind_path_rule_and_score() -> None:
    result = clean(page(story("<p>Advertisement</p>")))
    assert isinstance(result, Article)
    entry = next(removal for removal in result.removed if removal.text == "Advertisement")
    assert (entry.kind, entry.path, entry.rule, entry.score) == ("ad", "/html/body/main/div/p[4]", "text:ad", 0.9)
    assert result.text.split("\n") == list(SENTENCES)
