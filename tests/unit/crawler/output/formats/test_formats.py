"""Each format is read back by a reader that is not ours, and equals the JSON Lines."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from itemadapter import ItemAdapter
from scrapy.settings import Settings
from zyte_common_items import Article, ZyteItemAdapter

from cleaners.record.serialize import with_extra
from cleaners.types import Use
from crawler import settings as shipped
from crawler.addon.poet.zyte import to_zyte
from crawler.cli.commands.export import USES
from crawler.output.export import ExportError, ExportResult, export
from crawler.output.formats.cells import NOT_XML
from crawler.output.formats.ninjs import to_ninjs
from crawler.output.formats.table import NotARecordError, record_values
from tests.support.servers import ROOT
from tests.unit.crawler.output.formats.ninjs_schema import SCHEMA
from tests.unit.crawler.output.formats.readers import READERS
from tests.unit.crawler.output.formats.records import GOLDEN, LINES, RECORDS, line


@pytest.fixture
def settings() -> Settings:
    found = Settings()
    found.setmodule(shipped)
    return found


@pytest.fixture
def articles(tmp_path: Path) -> str:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(f"{one}\n" for one in LINES), "utf-8")
    return str(path)


@pytest.mark.parametrize("form", READERS)
def test_what_is_read_back_equals_the_lines(articles: str, settings: Settings, tmp_path: Path, form: str) -> None:
    output = tmp_path / f"out.{form}"
    assert export([articles], str(output), settings) == ExportResult(count=len(LINES))
    found = [line(one) for one in READERS[form](output)]
    wanted = LINES if form != "xml" else [line(one) for one in xml_cannot_hold(RECORDS)]
    assert found == wanted
    assert {path.name for path in tmp_path.iterdir()} == {"articles.jsonl", output.name}


def xml_cannot_hold(value: Any) -> Any:
    """Values without the characters that no XML document can hold, which become U+FFFD."""
    if isinstance(value, dict):
        return {name: xml_cannot_hold(part) for name, part in value.items()}
    if isinstance(value, list):
        return [xml_cannot_hold(part) for part in value]
    return NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value


def test_ninjs_is_valid() -> None:
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    for record in RECORDS:
        made = to_ninjs(record)
        assert list(checker.iter_errors(made)) == []
        assert made["bodies"][0]["value"] == record["text"]
        assert [one["value"] for one in made.get("headlines", [])] == [record["title"]] * bool(record["title"])
    spoiled = to_ninjs(GOLDEN[0])
    for change in ({"uri": None}, {"version": 1}, {"body": "x"}, {"contentCreated": "yesterday"}, {"by": ["x"]}):
        assert list(checker.iter_errors({**spoiled, **change})), change


def test_formats_are_asserted() -> None:
    """``date-time`` and ``uri`` are checked only where the packages that know them are installed."""
    assert {"date-time", "uri"} <= set(jsonschema.FormatChecker.checkers)


def unknown_fields(item: Any) -> list[str]:
    """Keys that the classes of zyte-common-items do not know: they keep them silently."""
    if isinstance(item, (list, tuple)):
        return [name for one in item for name in unknown_fields(one)]
    if not attrs.has(type(item)):
        return []
    own = list(getattr(item, "_unknown_fields_dict", {}))
    return [*own, *(name for field in attrs.fields(type(item)) for name in unknown_fields(getattr(item, field.name)))]


class Adapter(ItemAdapter):
    ADAPTER_CLASSES = [ZyteItemAdapter]  # noqa: RUF012  itemadapter's own way


def test_zyte_common_items_reads_every_key() -> None:
    for record in RECORDS:
        made = to_zyte(record)
        item = Article.from_dict(made)
        assert Adapter(item).asdict() == made
        assert unknown_fields(item) == []
        assert (item.articleBody, item.headline) == (record["text"], record["title"])


def test_what_a_pipeline_added_is_in_extra() -> None:
    record = record_values({**GOLDEN[0], "mine": {"a": [1]}, "n": 2}, "x")
    assert record["extra"] == {"mine": '{"a": [1]}', "n": 2}
    assert with_extra(record) == record


@pytest.mark.parametrize(
    ("text", "output", "message"),
    [
        ("{}\n", "a.csv", "a.jsonl:1: no record of an article: the format"),
        ("x\n", "a.csv", "a.jsonl:1: no record of an article: Expecting value"),
        (LINES[0] + "\n", "a.xls", "there is no format 'xls'; expected one of csv, documents"),
        (LINES[0] + "\n", "a.csv.gz", "this command compresses nothing; name it"),
    ],
)
def test_what_cannot_be_converted_is_named(
    tmp_path: Path, settings: Settings, text: str, output: str, message: str
) -> None:
    (tmp_path / "a.jsonl").write_text(text, "utf-8")
    (tmp_path / output).write_text("before")
    with pytest.raises(ExportError, match=message.replace("'", ".")):
        export([str(tmp_path / "a.jsonl")], str(tmp_path / output), settings)
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", output}
    assert (tmp_path / output).read_text() == "before"


BAD_LINES = {
    "an odd offset": json.dumps({**RECORDS[0], "published": "2026-10-01T10:00:00+01:00:00.000001"}),
    "cut": LINES[1][:50],
    "empty": "",
    "a list": "[]",
    "nested too deep": "[" * 100_000,
    "another type": json.dumps({**RECORDS[0], "tags": "x"}),
}


@pytest.mark.parametrize("name", BAD_LINES)
@pytest.mark.parametrize("form", ["csv", "jsonld", "ninjs", "parquet", "documents", "jsonl"])
def test_a_line_that_is_no_record_is_left_out(tmp_path: Path, settings: Settings, name: str, form: str) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join([LINES[0], BAD_LINES[name], LINES[1]]) + "\n", "utf-8")
    made = export([str(tmp_path / "a.jsonl")], str(tmp_path / f"out.{form}"), settings)
    assert (made.count, made.skipped) == (2, 1)
    assert made.first[0].startswith(f"{tmp_path / 'a.jsonl'}:2: no record of an article: ")
    assert (tmp_path / f"out.{form}").stat().st_size


def test_the_command_names_each_use() -> None:
    assert tuple(Use) == USES


def test_records_whose_use_is_reserved_are_left_out_and_counted(tmp_path: Path, settings: Settings) -> None:
    signals = (None, "train-ai=n", "train-ai=y", "train-ai=n", "search=n")
    rights = ([{"origin": "header content-usage", "value": value}] if value else None for value in signals)
    made = [line({**RECORDS[0], "rights": right}) for right in rights]
    (tmp_path / "a.jsonl").write_text("".join(f"{one}\n" for one in made), "utf-8")
    counts = {}
    for use in (None, *Use):
        result = export([str(tmp_path / "a.jsonl")], str(tmp_path / "out.jsonl"), settings, use=use)
        assert result.count + result.reserved.total() == len(signals)
        counts[use] = dict(result.reserved)
    assert counts == {
        None: {},
        Use.SEARCH: {"header content-usage: search=n": 1},
        Use.AI_INPUT: {},
        Use.AI_TRAIN: {"header content-usage: train-ai=n": 2},
        Use.TDM: {},
    }


@pytest.mark.parametrize("start", ["=1+1", "+49 30", "-5 degrees", "@mayor", '=HYPERLINK("x")', "−5 is no hyphen"])
def test_no_cell_is_a_formula(tmp_path: Path, settings: Settings, start: str) -> None:
    record = {**RECORDS[0], "title": start, "description": start}
    (tmp_path / "a.jsonl").write_text(f"{line(record)}\n", "utf-8")
    export([str(tmp_path / "a.jsonl")], str(tmp_path / "out.csv"), settings, has_formulas=False)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert [line(one) for one in READERS["csv"](tmp_path / "out.csv")] == [line(record)], "and it is read as it was"


def test_a_project_of_one_s_own_knows_every_format(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{LINES[0]}\n", "utf-8")
    for form in ("parquet", "csv", "jsonld", "documents"):
        assert export([str(tmp_path / "a.jsonl")], str(tmp_path / f"out.{form}"), Settings()).count == 1


def test_a_file_that_is_damaged_replaces_nothing(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(LINES).encode())[:-30])
    with pytest.raises(ExportError, match=r"a.jsonl.gz:\d+: cannot be read any further"):
        export([str(tmp_path / "a.jsonl.gz")], str(tmp_path / "out.csv"), settings)
    assert not (tmp_path / "out.csv").exists()


def test_other_items_are_no_records() -> None:
    with pytest.raises(NotARecordError, match="the format ninjs holds articles only, and this item is dict"):
        record_values({"name": "rope"}, "ninjs")


def test_a_value_of_another_type_is_named() -> None:
    with pytest.raises(NotARecordError, match="the format parquet cannot hold .*tags"):
        record_values({**GOLDEN[0], "tags": "x"}, "parquet")


@pytest.mark.slow
def test_the_command(articles: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "export", articles, articles, str(tmp_path / "out.parquet")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, f"{2 * len(LINES)} records in {tmp_path / 'out.parquet'}\n")
    assert len(READERS["parquet"](tmp_path / "out.parquet")) == 2 * len(LINES)


def test_records_that_are_too_unsure_are_left_out_and_counted(tmp_path: Path, settings: Settings) -> None:
    sure = (0.9, 0.5, 0.49, None)
    made = [line({**RECORDS[0], "text_confidence": value} if value else without_confidence()) for value in sure]
    (tmp_path / "a.jsonl").write_text("".join(f"{one}\n" for one in made), "utf-8")
    result = export([str(tmp_path / "a.jsonl")], str(tmp_path / "out.jsonl"), settings, min_confidence=0.5)
    assert (result.count, result.unsure) == (2, 2)


def without_confidence() -> dict[str, Any]:
    return {name: value for name, value in RECORDS[0].items() if name != "text_confidence"}


@pytest.mark.parametrize("form", ["jsonl", "csv", "documents"])
def test_the_place_of_a_copy_in_its_group_is_exported(tmp_path: Path, settings: Settings, form: str) -> None:
    copy = {**RECORDS[0], "id": "0" * 20, "url": "http://other.example/1", "credit": "Reuters"}
    copy["duplicate_of"] = {"id": RECORDS[0]["id"], "similarity": 0.9}
    (tmp_path / "a.jsonl").write_text(f"{line(RECORDS[0])}\n{line(copy)}\n", "utf-8")
    out = tmp_path / f"out.{'csv' if form == 'csv' else 'jsonl'}"
    export([str(tmp_path / "a.jsonl")], str(out), settings, form=form, has_groups=True)
    text = out.read_text("utf-8")
    assert "group_first_outlet" in text
    assert "group_agency" in text
    assert text.count("Reuters") >= 3
