"""Articles as Markdown files, one for each, with their metadata in front."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from cleaners.markdown import text_lines
from cleaners.text.markdown_lines import join_lines
from crawler.files.atomic import replace_file
from crawler.output.formats.fields import Record

FRONT_MATTER = (
    "title",
    "description",
    "url",
    "authors",
    "published",
    "modified",
    "site_name",
    "section",
    "tags",
    "language",
    "id",
)
"""Fields of the record that stand in front of the text, as YAML; each value is JSON, which YAML 1.2 holds."""


def write_files(records: Iterable[Record], folder: str) -> int:
    """Write each record to ``ID.md`` in a folder, which is made; a later record of an article replaces an earlier one.

    Returns:
        The number of records.

    Raises:
        OSError: when one cannot be written.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    count = 0
    for record in records:
        replace_file(place / f"{record['id']}.md", to_document(record).encode("utf-8", "replace"))
        count += 1
    return count


def to_document(record: Record) -> str:
    """A record as a Markdown document; without ``markdown``, each line of its text is a paragraph."""
    values = ((name, record[name]) for name in FRONT_MATTER if record[name] not in (None, []))
    front = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values)
    head = f"# {' '.join(text_lines(record['title'].replace(chr(10), ' ')))}\n\n" if record["title"] else ""
    return f"---\n{front}---\n\n{head}{record.get('markdown') or join_lines(text_lines(record['text']))}\n"
