"""Shows the versions of an article, and its group."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from cleaners.urls.identity import article_id
from crawler.cli.base import Project
from crawler.cli.commands.history import HistoryRequest
from crawler.cli.errors import InvalidUsage, usage_errors
from crawler.ledger.read import read_outputs
from crawler.ledger.types import LedgerError
from crawler.output.export import ExportError, ExportResult, records
from crawler.output.records import RECORD_ID
from crawler.presentation.terminal.history import as_json, lines
from crawler.presentation.terminal.lines import write_lines, write_text
from crawler.quality.groups import Groups, root_of
from crawler.quality.versions import versions


def run(request: HistoryRequest, project: Project) -> None:
    """Find the records of the article and of its group, and print them."""
    with usage_errors(LedgerError, ExportError, ValueError):
        id_ = request.article if RECORD_ID.fullmatch(request.article) else article_id(request.article)
        paths = [*request.inputs] or _known_outputs(project.settings)
        mine = [record for record in _records(paths) if record["id"] == id_]
        if not mine:
            looked = ", ".join(paths) or "no output that is still there"
            raise InvalidUsage(f"{request.article}: no record of this article in {looked}")
        found = versions(mine)
        latest = found[-1].record
        root = root_of(latest)
        alike = (record for record in _records(paths) if root in (root_of(record), record["id"]))
        again = (record for record in _records(paths) if root in (root_of(record), record["id"]))
        groups = Groups(alike, again, has_texts=True)
    if request.is_json:
        write_text(as_json(found, groups))
    else:
        write_lines(lines(found, groups))


def _known_outputs(settings: BaseSettings) -> list[str]:
    """The outputs of all runs that are still there, oldest first."""
    return [output.path for output in read_outputs(settings) if Path(output.path).is_file()]


def _records(paths: list[str]) -> Iterator[dict[str, Any]]:
    """The records of files; other lines are passed over, and what is below a damaged one is named."""
    for path in paths:
        try:
            yield from records([path], ExportResult())
        except ExportError as error:  # a crawl that was killed leaves the last line incomplete
            sys.stderr.write(f"{error}\n")
