"""Articles as Markdown files, with their metadata in front."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from scrapy.settings import Settings

from cleaners import Article, CleanContext, Options, clean
from cleaners.record.serialize import to_json, to_values
from crawler.output.export import ExportError, export
from crawler.output.formats.markdown_files import to_document
from tests.golden import cases

FOUND = clean(
    cases.load_site_page(cases.SITES / "harbour-post.example" / "news" / "quay-lights"),
    CleanContext(options=Options(with_markdown=True)),
)
assert isinstance(FOUND, Article)
ARTICLE = FOUND


def front(document: str) -> dict[str, object]:
    """The values in front of a document: each is a line of JSON after its name."""
    lines = document.partition("---\n")[2].partition("---\n")[0].splitlines()
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in lines)}


def test_a_record_is_a_document() -> None:
    document = to_document(to_values(ARTICLE))
    values = front(document)
    assert values["title"] == ARTICLE.title
    assert values["authors"] == list(ARTICLE.authors)
    assert "modified" in values
    assert "| Group | Keep the lights | Switch off |\n| --- | --- | --- |" in document
    assert "\n# Councillors vote" in document


def test_a_record_without_markdown_has_a_paragraph_for_each_line() -> None:
    made = replace(ARTICLE, markdown=None, text="# One\n1. Two", title="A *title*\nof two lines", authors=())
    document = to_document(to_values(made))
    assert document.endswith("\n# A \\*title\\* of two lines\n\n\\# One\n\n1\\. Two\n")
    assert "authors" not in front(document)
    assert front(document)["title"] == "A *title*\nof two lines"
    assert "<h1>" in MarkdownIt().render(document)


def test_a_folder_has_a_file_for_each_article(tmp_path: Path) -> None:
    lines = [to_json(ARTICLE), to_json(replace(ARTICLE, id="0" * 20)), to_json(replace(ARTICLE, title="Later"))]
    source = tmp_path / "articles.jsonl"
    source.write_text("\n".join([*lines, "no record"]) + "\n", "utf-8")
    made = export([str(source)], str(tmp_path / "notes"), Settings(), form="markdown")
    assert (made.count, made.skipped) == (3, 1)
    assert sorted(path.name for path in (tmp_path / "notes").iterdir()) == [f"{'0' * 20}.md", f"{ARTICLE.id}.md"]
    assert front((tmp_path / "notes" / f"{ARTICLE.id}.md").read_text("utf-8"))["title"] == "Later"
    for name in ("notes.md", "articles.jsonl"):
        with pytest.raises(ExportError, match="Markdown is a folder"):
            export([str(source)], str(tmp_path / name), Settings(), form="markdown")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("{}\n")
    with pytest.raises(ExportError, match="no record"):
        export([str(empty)], str(tmp_path / "other"), Settings(), form="markdown")
